package office

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/calendar"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/reader"
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

// dashboardFigures says every figure of the dashboard by the key that the bulletin
// gives it.
func dashboardFigures(f *IssueFigures) map[string]string {
	out := map[string]string{}
	tally := func(scope string, t issue.Tally) {
		for name, n := range map[string]int{"issues": t.Issues, "handed": t.Handed, "signed": t.Signed, "answered": t.Answered, "rechecked": t.Rechecked, "settled": t.Settled,
			"not_applicable": t.NotApplicable, "returned": t.Returned, "reopened": t.Reopened, "overdue": t.Overdue, "recurring": t.Recurring, "appealed": t.Appealed, "extended": t.Extended,
			"worst_days": t.Days.Worst, "rectified.part": t.Rectified.Part, "rectified.whole": t.Rectified.Whole, "on_time.part": t.OnTime.Part, "on_time.whole": t.OnTime.Whole} {
			out[scope+"."+name] = fmt.Sprint(n)
		}
		out[scope+".deduction"], out[scope+".median_days"] = t.Deduction.String(), strings.TrimSuffix(fmt.Sprintf("%.1f", t.Days.Median), ".0")
		for name, r := range map[string]issue.Rate{"rectified": t.Rectified, "on_time": t.OnTime} {
			p, ok := r.Percent()
			out[scope+"."+name+".percent"] = p.String() + "%"
			switch {
			case !ok:
				out[scope+"."+name+"_rate"] = "—"
			case r.Whole < 5:
				out[scope+"."+name+"_rate"] = fmt.Sprintf("%d/%d", r.Part, r.Whole)
			default:
				out[scope+"."+name+"_rate"] = p.String() + "%"
			}
		}
	}
	tally("now", f.All)
	tally("before", f.Before.All)
	units := map[issue.Category]int{}
	for k, u := range f.Units {
		tally(fmt.Sprintf("unit/%d", u.Unit), u.Tally)
		for c, cell := range f.Matrix[k] {
			if cell.Issues > 0 && u.Unit != 0 {
				units[f.Categories[c].Category]++
			}
		}
	}
	all := 0
	for _, u := range f.Units {
		if u.Unit != 0 {
			all++
		}
	}
	out["now.units"] = fmt.Sprint(all)
	for _, c := range f.Categories {
		tally("now/"+string(c.Category), c.Tally)
		out["now/"+string(c.Category)+".units"] = fmt.Sprint(units[c.Category])
	}
	for _, c := range f.Before.Categories {
		tally("before/"+string(c.Category), c.Tally)
	}
	for _, c := range f.Changes {
		key := "change"
		if c.Category != "" {
			key += "/" + string(c.Category)
		}
		by := c.Now - c.Before
		p, _ := c.Percent()
		out[key+".by"], out[key+".before"], out[key+".percent"] = fmt.Sprint(max(by, -by)), fmt.Sprint(c.Before), p.Abs().String()+"%"
	}
	out["before.open"] = fmt.Sprint(f.Before.All.Issues - f.Before.All.Settled)
	out["before.silent"] = fmt.Sprint(len(f.Before.Silent))
	recurring := map[disclosure.UnitNumber]bool{}
	for _, o := range f.Repeat {
		if o.Now > 0 {
			recurring[o.Unit] = true
		}
	}
	out["now.recurring_units"] = fmt.Sprint(len(recurring))
	for n, r := range f.Rankings {
		scored := 0
		for _, g := range r.Groups {
			for _, u := range g.Units {
				scored++
				at, rank := fmt.Sprintf("ranking/%d/unit/%d", n, u.Unit), fmt.Sprint(u.Rank)
				if u.Tied {
					rank += "（并列）"
				}
				out[at+".rank"], out[at+".score"], out[at+".earned"], out[at+".of"] = rank, u.Score.String(), u.Earned.String(), u.Of.String()
				out[fmt.Sprintf("unit/%d.rank", u.Unit)] = fmt.Sprintf("%s第%d名", g.Group, u.Rank)
			}
		}
		out[fmt.Sprintf("ranking/%d.units", n)], out[fmt.Sprintf("ranking/%d.differences", n)] = fmt.Sprint(scored), fmt.Sprint(len(r.Differences))
	}
	return out
}

// Each number in the Word document is the number on the dashboard: the document
// is read back by the intake, its sentences and tables are those of the model,
// and every figure of the model is the dashboard's. No number stands in a
// sentence that is not such a figure.
func TestBulletinSaysTheDashboardsNumbers(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	data, n, err := o.MakeBulletin(ctx, o.supervisor, thirdQuarter, notice.Internal, true, "docx")
	if err != nil {
		t.Fatal(err)
	}
	figures, err := o.IssueFigures(ctx, o.supervisor, IssueFilter{Quarter: thirdQuarter})
	if err != nil {
		t.Fatal(err)
	}
	want, got := dashboardFigures(figures), n.Figures()
	escalated := 0
	for key, said := range got {
		if strings.HasSuffix(key, ".escalated") {
			escalated++
			continue // counted below, against the planted ones
		}
		expected := want[key]
		if strings.HasPrefix(key, "unit/") && strings.HasSuffix(said, "件") {
			expected += "件"
		}
		if said != expected {
			t.Errorf("%s: the bulletin says %q, the dashboard %q", key, said, expected)
		}
	}
	if len(got) < 150 || escalated == 0 {
		t.Errorf("only %d figures, %d units named by the ladder", len(got), escalated)
	}
	digits := regexp.MustCompile(`\d[\d.]*%?`)
	dated := strings.NewReplacer("2026年8月20日", "", "2026年", "", "×100", "", "第1名", "")
	for _, b := range n.Blocks {
		if b.Kind != notice.Text || b.Own || b.Section == "attached" || strings.HasPrefix(b.Text, "点名规则") {
			continue
		}
		known := map[string]bool{"2": strings.Contains(b.Text, "附件2")}
		for _, f := range b.Numbers {
			for _, d := range digits.FindAllString(f.Text, -1) {
				known[d] = true
			}
		}
		ours, _, _ := strings.Cut(b.Text, "主要有") // what follows quotes the lists
		for _, d := range digits.FindAllString(dated.Replace(ours), -1) {
			if !known[strings.TrimSuffix(d, ".")] {
				t.Errorf("%q says %s, which is no figure", b.Text, d)
			}
		}
	}
	readBack(t, data, n)
}

// readBack reads the Word document as any other and compares it with the model.
func readBack(t *testing.T, data []byte, n *notice.Notice) {
	t.Helper()
	doc, err := reader.Read(context.Background(), "n.docx", data)
	if err != nil {
		t.Fatal(err)
	}
	var paragraphs []string
	var grids []*document.Grid
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			grids = append(grids, b.Grid)
		} else if b.Text != "" {
			paragraphs = append(paragraphs, b.Text)
		}
	}
	at, tables := 0, 0
	compare := func(table *notice.Table) {
		if tables >= len(grids) {
			t.Fatalf("%s is not in the document", table.Caption)
		}
		grid := grids[tables]
		layout := grid.Layout()
		tables++
		if grid.Rows != len(table.Rows)+1 {
			t.Fatalf("%s has %d rows, want %d", table.Caption, grid.Rows, len(table.Rows)+1)
		}
		for r, row := range table.Rows {
			for c, cell := range row {
				if got := strings.TrimSpace(layout[r+1][c].Text); got != strings.TrimSpace(cell.Text) {
					t.Errorf("%s, row %d, column %d: %q, want %q", table.Caption, r+1, c+1, got, cell.Text)
				}
			}
		}
	}
	for _, b := range n.Blocks {
		if b.Table != nil {
			compare(b.Table)
		}
		if b.Kind == notice.Heading || b.Kind == notice.Text {
			k := slices.IndexFunc(paragraphs[at:], func(p string) bool { return strings.TrimSpace(p) == strings.TrimSpace(b.Text) })
			if k < 0 {
				t.Errorf("the document does not say %q there", b.Text)
				continue
			}
			at += k + 1
		}
	}
	for i := range n.Attached {
		compare(&n.Attached[i])
	}
}

// Units are named that ought to be: those at which the ladder has come to it.
func TestBulletinNamesEscalatedUnits(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	facts, err := o.bulletinFacts(ctx, o.supervisor, thirdQuarter)
	if err != nil {
		t.Fatal(err)
	}
	want := map[disclosure.UnitNumber]bool{}
	for _, l := range append(slices.Clone(facts.Lines), facts.Earlier...) {
		late := calendar.Shipped().WorkdaysBetween(l.Due.Date, calendar.Day(2026, 8, 20))
		if l.Overdue && late >= 5 {
			want[l.Unit] = true
		}
	}
	layout := notice.Shipped()
	for _, by := range notice.Naming(facts, layout.Rules) {
		if by.Rule.ID != "C1" {
			continue
		}
		for _, u := range by.Units {
			if !want[u.Unit] {
				t.Errorf("%s is named", u.Name)
			}
			delete(want, u.Unit)
		}
	}
	if len(want) > 0 {
		t.Errorf("not named: %v", want)
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
	// The same page is named by an issue of another category.
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
			if strings.Contains(said, a+"<") || strings.Contains(said, a+"无") || strings.Contains(said, a+" ") {
				t.Errorf("the public %s holds %s", format, a)
			}
		}
		for _, hidden := range []string{"已整改,请复核", "身份证号未脱敏", "申诉"} {
			if strings.Contains(said, hidden) {
				t.Errorf("the public %s says %q", format, hidden)
			}
		}
		if !strings.Contains(all, leak.Evidence[0].Address) || !strings.Contains(said, "https://www.example.gov.cn/home") {
			t.Errorf("%s: the internal edition lacks the address, or the public one an open one", format)
		}
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

// The brief is one page however long names are: LibreOffice counts.
func TestBriefIsOnePage(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	n, err := o.Brief(ctx, o.supervisor, thirdQuarter)
	if err != nil {
		t.Fatal(err)
	}
	got := n.Figures()
	figures, err := o.IssueFigures(ctx, o.supervisor, IssueFilter{Quarter: thirdQuarter})
	if err != nil {
		t.Fatal(err)
	}
	want := dashboardFigures(figures)
	for key, said := range got {
		if w, ok := want[key]; ok && w != said {
			t.Errorf("%s: the brief says %q, the dashboard %q", key, said, w)
		}
	}
	if !HasPDF() {
		t.Skip("no LibreOffice here to count pages; the page itself is counted in a browser")
	}
	facts, err := o.bulletinFacts(ctx, o.supervisor, thirdQuarter)
	if err != nil {
		t.Fatal(err)
	}
	for name, long := range map[string]bool{"usual": false, "long": true} {
		if long {
			for u := range facts.Names {
				facts.Names[u] += "综合行政执法大队派驻机构办公室"
			}
			facts.District += "经济技术开发区高新技术产业园区"
			facts.Unapproved = append(facts.Unapproved, strings.Repeat("还有一件事没有办理。", 20))
		}
		n, err := notice.Brief(facts, notice.Options{Layout: notice.Shipped(), Draft: true})
		if err != nil {
			t.Fatal(err)
		}
		data, err := o.printed(ctx, n, "pdf", n.BriefDocx)
		if err != nil {
			t.Fatal(err)
		}
		if pages := len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(data, -1)); pages != 1 {
			t.Errorf("%s: the brief has %d pages", name, pages)
		}
	}
}
