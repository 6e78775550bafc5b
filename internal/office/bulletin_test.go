package office

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/calendar"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

var thirdQuarter = disclosure.Period{Year: 2026, Quarter: 3}

// bulletinOffice is a district with the demonstration's two quarters of issues,
// on a day of the third.
type bulletinOffice struct {
	*Office
	supervisor, leader, evaluator, filer people.Visitor
}

func newBulletinOffice(t *testing.T) *bulletinOffice {
	t.Helper()
	t.Parallel()
	ctx := context.Background()
	now := time.Date(2026, 8, 20, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	s, err := store.Open(ctx, store.Options{Temporary: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	district := demo.Generate(demo.Spec{})
	units := slices.Collect(district.Units())
	var entries []store.Entry
	for _, u := range units {
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	planted, err := district.Issues(units, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range planted.Lists {
		entries = append(entries, store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbCreate, State: l, Year: l.Quarter.Year})
	}
	for _, i := range planted.Issues {
		entries = append(entries, store.Entry{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i.Issue, Unit: i.Unit, Year: i.Quarter.Year})
	}
	if _, err := s.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries}); err != nil {
		t.Fatal(err)
	}
	o := &bulletinOffice{Office: New(s, nil, clock)}
	o.supervisor = person(t, o.Office, "qushen", people.Supervisor, 0)
	o.leader = person(t, o.Office, "lingdao", people.Leader, 0)
	o.evaluator = person(t, o.Office, "pinggu", people.Evaluator, 0)
	o.filer = person(t, o.Office, "tianbao", people.Filer, 2)
	return o
}

// settle decides what stands against a final bulletin.
func (o *bulletinOffice) settle(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	rows, err := o.Issues(ctx, o.supervisor, IssueFilter{Quarter: thirdQuarter, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range rows.Rows {
		m := issue.Move{Act: issue.HandOver, Due: calendar.At(calendar.Day(2026, 9, 30))}
		if l.OpenAppeal() != nil {
			m = issue.Move{Act: issue.Reject, Reason: "扣分有据"}
		} else if l.State != issue.Found {
			continue
		}
		if _, err := o.DoIssue(ctx, o.supervisor, IssueMove{Move: m, ID: uuid.NewString(), Issue: l.ID, Seq: l.Seq}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestBulletinFromDraftToIssue(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	refused := func(what string, code disclosure.ErrorCode, err error) {
		t.Helper()
		if disclosure.CodeOf(err) != code {
			t.Errorf("%s: %v, want %v", what, err, code)
		}
	}
	build := func(v people.Visitor, act string, w BulletinBuild) (*BulletinLine, error) {
		return o.BuildBulletin(ctx, v, act, w)
	}
	for _, v := range []people.Visitor{o.leader, o.evaluator, o.filer} {
		_, err := build(v, uuid.NewString(), BulletinBuild{Quarter: thirdQuarter, Draft: true})
		refused("building as "+v.Account, disclosure.ErrForbidden, err)
	}
	_, err := build(o.supervisor, uuid.NewString(), BulletinBuild{Quarter: thirdQuarter})
	refused("a final one on figures that are not approved", disclosure.ErrConflict, err)
	if said := disclosure.Sentence(err); !strings.Contains(said, "10件问题没有交办") || !strings.Contains(said, "申诉") || !strings.Contains(said, "征求意见稿") {
		t.Errorf("the refusal says %q", said)
	}
	act := uuid.NewString()
	b, err := build(o.supervisor, act, BulletinBuild{Quarter: thirdQuarter, Draft: true})
	if err != nil {
		t.Fatal(err)
	}
	again, err := build(o.supervisor, act, BulletinBuild{Quarter: thirdQuarter, Draft: true})
	if err != nil || again.ID != b.ID || len(again.Versions) != 1 {
		t.Errorf("the same act again: %v, %d versions", err, len(again.Versions))
	}
	_, err = build(o.supervisor, uuid.NewString(), BulletinBuild{Quarter: thirdQuarter, Draft: true})
	refused("a second one of the quarter", disclosure.ErrConflict, err)
	if list, err := o.Bulletins(ctx, o.leader); err != nil || len(list) != 0 {
		t.Errorf("a leader sees %d before it is issued (%v)", len(list), err)
	}
	_, _, err = o.BulletinFile(ctx, o.leader, b.ID, 0, notice.Public, "docx")
	refused("a leader's download", disclosure.ErrNotFound, err)
	_, err = o.IssueBulletin(ctx, o.supervisor, uuid.NewString(), b.ID, b.Seq)
	refused("issuing a 征求意见稿", disclosure.ErrConflict, err)
	first, _, err := o.BulletinFile(ctx, o.supervisor, b.ID, 1, notice.Internal, "docx")
	if err != nil {
		t.Fatal(err)
	}

	o.settle(t)
	if b, err = o.PutBulletinTexts(ctx, o.supervisor, uuid.NewString(), b.ID, b.Seq, map[notice.Kind]string{notice.Requirements: "请各单位认真整改。"}); err != nil {
		t.Fatal(err)
	}
	view, err := o.BulletinVersion(ctx, o.supervisor, b.ID, 0, notice.Internal)
	if err != nil || len(view.Since) == 0 || len(view.Unapproved) != 0 {
		t.Fatalf("before it is built anew: %d changes, %v (%v)", len(view.Since), view.Unapproved, err)
	}
	stale := b.Seq - 1
	_, err = build(o.supervisor, uuid.NewString(), BulletinBuild{ID: b.ID, Seq: stale})
	refused("building on what was not seen", disclosure.ErrConflict, err)
	if b, err = build(o.supervisor, uuid.NewString(), BulletinBuild{ID: b.ID, Seq: b.Seq}); err != nil {
		t.Fatal(err)
	}
	changes := strings.Join(b.Latest().Changes, "\n")
	for _, want := range []string{"不再是征求意见稿", "本季度·交办数由90变为100", "由“发现”变为“已交办”", "新增文字:请各单位认真整改"} {
		if !strings.Contains(changes, want) {
			t.Errorf("the changes lack %q:\n%.600s", want, changes)
		}
	}
	kept, _, err := o.BulletinFile(ctx, o.supervisor, b.ID, 1, notice.Internal, "docx")
	if err != nil || !bytes.Equal(kept, first) {
		t.Errorf("the first version is another one now (%v)", err)
	}
	act = uuid.NewString()
	for range 2 {
		if _, err = o.IssueBulletin(ctx, o.supervisor, act, b.ID, b.Seq); err != nil {
			t.Fatal(err)
		}
	}
	if b, err = o.Bulletin(ctx, o.leader, b.ID); err != nil || b.State != BulletinIssued {
		t.Fatalf("a leader reads the issued one: %v", err)
	}
	_, err = o.BulletinVersion(ctx, o.leader, b.ID, 1, notice.Internal)
	refused("a leader's look at an old version", disclosure.ErrNotFound, err)
	for what, err := range map[string]error{
		"building": second(build(o.supervisor, uuid.NewString(), BulletinBuild{ID: b.ID, Seq: b.Seq})),
		"texts":    second(o.PutBulletinTexts(ctx, o.supervisor, uuid.NewString(), b.ID, b.Seq, nil)),
		"issuing":  second(o.IssueBulletin(ctx, o.supervisor, uuid.NewString(), b.ID, b.Seq)),
		"dropping": second(o.DropBulletin(ctx, o.supervisor, uuid.NewString(), b.ID, b.Seq, "误发")),
	} {
		refused(what+" after it was issued", disclosure.ErrConflict, err)
	}
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindBulletin})
	if err != nil {
		t.Fatal(err)
	}
	var verbs []store.Verb
	for _, e := range entries {
		verbs = append(verbs, e.Verb)
	}
	if !slices.Equal(verbs, []store.Verb{store.VerbCreate, store.VerbChange, store.VerbBuild, store.VerbIssue}) {
		t.Errorf("the log tells %v", verbs)
	}
}

func second[T any](_ T, err error) error { return err }

// unpackedText is all text of a package's parts, and of the packages in it.
func unpackedText(t *testing.T, data []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out.Write(content)
	}
	return out.String()
}

// Neither document of the public edition holds an address of a leak, nor what
// units wrote to the office.
func TestPublicBulletinLeavesLeaksOut(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	rows, err := o.Issues(ctx, o.supervisor, IssueFilter{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	var leak IssueLine
	var addresses []string
	for _, l := range rows.Rows {
		if l.Category.Leak() {
			if leak.Issue == nil {
				leak = l
			}
			for _, e := range l.Evidence {
				addresses = append(addresses, e.Address)
			}
		}
	}
	// A leak of a year ago, and one whose path is in Chinese; issues of another
	// category name the same pages.
	for k, q := range []disclosure.Period{{Year: 2025, Quarter: 2}, thirdQuarter} {
		list := issue.List{ID: uuid.NewString(), Title: "测评", Quarter: q}
		leaked := issue.Issue{ID: uuid.NewString(), List: list.ID, Quarter: q, Number: q.String() + "-900", State: issue.Handed, Content: issue.Content{Unit: leak.Unit, Category: leak.Category,
			Facts: "公示附件泄露身份证号", Evidence: []issue.Evidence{{Address: fmt.Sprintf("https://unique%d.gov.cn/公示/名单.pdf", k)}}}}
		if _, err := o.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: []store.Entry{
			{Kind: store.KindIssueList, ID: list.ID, Verb: store.VerbCreate, State: list, Year: q.Year},
			{Kind: store.KindIssue, ID: leaked.ID, Verb: store.VerbCreate, State: leaked, Unit: leaked.Unit, Year: q.Year}}}); err != nil {
			t.Fatal(err)
		}
		addresses = append(addresses, leaked.Evidence[0].Address)
		if _, err := o.EnterIssue(ctx, o.supervisor, IssueEntryForm{ID: uuid.NewString(), List: leak.List, Content: issue.Content{Unit: leak.Unit, Category: "链接失效",
			Facts: fmt.Sprintf("unique%d.gov.cn/%%E5%%85%%AC%%E7%%A4%%BA/%%E5%%90%%8D%%E5%%8D%%95.pdf无法打开,%s也是", k, leaked.Evidence[0].Address)}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := o.EnterIssue(ctx, o.supervisor, IssueEntryForm{ID: uuid.NewString(), List: leak.List, Content: issue.Content{Unit: leak.Unit, Category: "链接失效",
		Facts: "附件" + leak.Evidence[0].Address + "无法打开,首页https://www.example.gov.cn/home也打不开"}}); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"docx", "xlsx"} {
		public, _, err := o.MakeBulletin(ctx, o.supervisor, thirdQuarter, notice.Public, true, format)
		if err != nil {
			t.Fatal(err)
		}
		internal, _, err := o.MakeBulletin(ctx, o.supervisor, thirdQuarter, notice.Internal, true, format)
		if err != nil {
			t.Fatal(err)
		}
		said, all := unpackedText(t, public), unpackedText(t, internal)
		for _, a := range addresses {
			if _, bare, _ := strings.Cut(a, "://"); strings.Contains(said, bare) {
				t.Errorf("the public %s holds %s", format, a)
			}
		}
		for _, hidden := range []string{"已整改,请复核", "身份证号未脱敏", "申诉", "名单.pdf", "%E5%90%8D", "unique"} {
			if strings.Contains(said, hidden) {
				t.Errorf("the public %s says %q", format, hidden)
			}
		}
		if !strings.Contains(all, leak.Evidence[0].Address) || !strings.Contains(said, "https://www.example.gov.cn/home") {
			t.Errorf("%s: the internal edition lacks the address, or the public one an open one", format)
		}
	}
}

// What was written, arranged or entered after the last version is in none of
// its documents: it is not issued.
func TestIssuingWhatIsNotCurrent(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	o.settle(t)
	b, err := o.BuildBulletin(ctx, o.supervisor, uuid.NewString(), BulletinBuild{Quarter: thirdQuarter})
	if err != nil {
		t.Fatal(err)
	}
	refused := func(what, says string) {
		t.Helper()
		_, err := o.IssueBulletin(ctx, o.supervisor, uuid.NewString(), b.ID, b.Seq)
		if disclosure.CodeOf(err) != disclosure.ErrConflict || !strings.Contains(disclosure.Sentence(err), says) || !strings.Contains(disclosure.Sentence(err), "重新生成") {
			t.Errorf("%s: %v", what, err)
		}
	}
	rebuild := func() {
		t.Helper()
		if b, err = o.BuildBulletin(ctx, o.supervisor, uuid.NewString(), BulletinBuild{ID: b.ID, Seq: b.Seq}); err != nil {
			t.Fatal(err)
		}
	}
	if b, err = o.PutBulletinTexts(ctx, o.supervisor, uuid.NewString(), b.ID, b.Seq, map[notice.Kind]string{notice.Requirements: "请认真整改。"}); err != nil {
		t.Fatal(err)
	}
	refused("texts that were changed", "文字")
	rebuild()
	layout, _, err := o.BulletinLayout(ctx)
	if err != nil {
		t.Fatal(err)
	}
	layout.Charts = layout.Charts[:1]
	if err := o.PutBulletinLayout(ctx, o.supervisor, layout, 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	refused("another arrangement", "版式")
	rebuild()
	rows, err := o.Issues(ctx, o.supervisor, IssueFilter{Quarter: thirdQuarter, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.EnterIssue(ctx, o.supervisor, IssueEntryForm{ID: uuid.NewString(), List: rows.Rows[0].List, Content: issue.Content{Unit: 2, Category: "链接失效", Facts: "首页打不开"}}); err != nil {
		t.Fatal(err)
	}
	refused("an issue that nobody handed over", "没有交办")
	o.settle(t)
	refused("an issue that the version lacks", "问题清单")
	rebuild()
	if b, err = o.IssueBulletin(ctx, o.supervisor, uuid.NewString(), b.ID, b.Seq); err != nil || b.State != BulletinIssued {
		t.Errorf("the current one: %v", err)
	}
}

// Of two who begin a quarter's bulletin at once, one does.
func TestOneDraftAQuarter(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	errs := make(chan error)
	for range 2 {
		go func() {
			_, err := o.BuildBulletin(ctx, o.supervisor, uuid.NewString(), BulletinBuild{Quarter: thirdQuarter, Draft: true})
			errs <- err
		}()
	}
	failed := 0
	for range 2 {
		if err := <-errs; disclosure.CodeOf(err) == disclosure.ErrConflict {
			failed++
		} else if err != nil {
			t.Error(err)
		}
	}
	if all, err := o.Bulletins(ctx, o.supervisor); err != nil || len(all) != 1 || failed != 1 {
		t.Errorf("%d bulletins, %d refused (%v)", len(all), failed, err)
	}
}

func TestBulletinLayout(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	layout, seq, err := o.BulletinLayout(ctx)
	if err != nil || seq != 0 {
		t.Fatal(seq, err)
	}
	if err := o.PutBulletinLayout(ctx, o.leader, layout, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a leader arranges: %v", err)
	}
	slices.Reverse(layout.Sections)
	layout.Charts = nil
	layout.Sections = append(layout.Sections, notice.Section{Kind: notice.Own, On: true, Heading: "联系方式", Text: "联系人:张三"})
	act := uuid.NewString()
	for range 2 {
		if err := o.PutBulletinLayout(ctx, o.supervisor, layout, 0, act); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.PutBulletinLayout(ctx, o.supervisor, layout, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("a stale change: %v", err)
	}
	_, n, err := o.MakeBulletin(ctx, o.supervisor, thirdQuarter, notice.Internal, true, "docx")
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Charts()) != 0 || n.Blocks[0].Text != "一、下一步工作要求" {
		t.Errorf("%d charts, begins %q", len(n.Charts()), n.Blocks[0].Text)
	}
	if past, err := o.BulletinLayoutPast(ctx, o.supervisor, 5); err != nil || len(past) != 1 {
		t.Errorf("%d changes on record (%v)", len(past), err)
	}
}
