package office

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// eraseAll has two administrators erase the records of a unit's year that fit.
func eraseAll(t *testing.T, o *Office, unit disclosure.UnitNumber, year disclosure.Year, fits func(ErasableRecord) bool) {
	t.Helper()
	ctx := context.Background()
	admins := make([]people.Visitor, 2)
	for i, account := range []string{"admin1", "admin2"} {
		v, err := o.Visitor(ctx, account, "")
		if err != nil {
			v = person(t, o, account, people.Admin, 0)
		}
		admins[i] = v
	}
	there, err := o.ErasableOf(ctx, admins[0], unit, year)
	if err != nil {
		t.Fatal(err)
	}
	ask := ErasureAsk{Unit: unit, Year: year, Reason: "误录他人信息"}
	for _, r := range there.Records {
		if fits(r) {
			ask.RecordNames = append(ask.RecordNames, r.Name())
		}
	}
	if err := o.AskErasure(ctx, admins[0], ask, uuid.NewString()); err != nil {
		t.Fatalf("%v of %+v", err, there.Records)
	}
	cases, err := o.Erasures(ctx, admins[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if c.Done == nil {
			if err := o.ConfirmErasure(ctx, admins[1], c.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	if there, err = o.ErasableOf(ctx, admins[0], unit, year); err != nil {
		t.Fatal(err)
	}
	for _, r := range there.Records {
		if fits(r) {
			t.Errorf("%s can still be erased", r.Name())
		}
	}
}

// noTrace fails when a text stands in a row of the log or of what is made of it.
func noTrace(t *testing.T, o *Office, text string) {
	t.Helper()
	ctx := context.Background()
	entries, err := o.store.Entries(ctx, store.EntryFilter{Limit: 1 << 20, States: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []store.EntityKind{store.KindIssue, store.KindIssueList, store.KindBulletin, store.KindNotice} {
		states, err := o.store.States(ctx, kind)
		if err != nil {
			t.Fatal(err)
		}
		entries = append(entries, states...)
	}
	for _, e := range entries {
		if s := string(e.State); strings.Contains(s, text) {
			t.Errorf("%s %s #%d still says %.300s", e.Kind, e.ID, e.Seq, s)
		}
	}
}

// What an issue quotes of a citizen is gone from every state that it ever had,
// from the reminders and from the files; its number, its state and the reason
// stay, and no other issue is given the number.
func TestErasingAnIssue(t *testing.T) {
	const secret = "王绝密的身份证号"
	o, ctx := newIssueOffice(t), context.Background()
	png := append([]byte("\x89PNG\r\n\x1a\n"), []byte(secret)...)
	proof, err := o.KeepEvidence(ctx, o.filer, secret+".png", bytes.NewReader(png))
	if err != nil {
		t.Fatal(err)
	}
	other := o.enter(o.evaluator, "栏目没有更新", 2)
	i := o.enter(o.evaluator, "公开了"+secret+"等信息", 2)
	i = o.must(o.supervisor, i, issue.Move{Act: issue.HandOver, Due: calendar.At(calendar.Day(2026, 3, 20))})
	if _, err := o.RemindIssues(ctx, o.supervisor, IssueReminding{Issues: []string{i.ID}, Ways: []RemindWay{WayNotice, WayText}, Text: "请改:" + secret, Each: "{单位}:{名单}", ID: uuid.NewString()}); err != nil {
		t.Fatal(err)
	}
	if i, err = o.Issue(ctx, o.supervisor, i.ID); err != nil {
		t.Fatal(err)
	}
	i = o.must(o.filer, i, issue.Move{Act: issue.Sign})
	i = o.must(o.filer, i, issue.Move{Act: issue.GiveAnswer, Text: "已删去" + secret, Evidence: []issue.Evidence{{Note: secret, File: proof}}})
	i = o.must(o.supervisor, i, issue.Move{Act: issue.Return, Reason: secret + "仍可查到"})

	eraseAll(t, o.Office, 2, q3.Year, func(r ErasableRecord) bool { return r.ID == i.ID && r.Label == i.Number })
	noTrace(t, o.Office, secret)
	if !o.FileErased(proof.SHA256) {
		t.Error("the evidence is still there")
	}
	after, err := o.Issue(ctx, o.supervisor, i.ID)
	if err != nil || after.Number != i.Number || after.State != i.State || !strings.Contains(after.Facts, "误录他人信息") || len(after.Answers) != 1 || len(after.Reviews) != len(i.Reviews) {
		t.Fatalf("%+v, %v", after, err)
	}
	if rows, err := o.Issues(ctx, o.supervisor, IssueFilter{Text: secret}); err != nil || rows.Total != 0 {
		t.Errorf("the text is still found: %v", err)
	}
	if kept, err := o.Issue(ctx, o.supervisor, other.ID); err != nil || kept.Facts != "栏目没有更新" {
		t.Errorf("another issue: %v", err)
	}
	if next := o.enter(o.evaluator, "链接打不开", 2); next.Number <= i.Number {
		t.Errorf("number %s is given after %s", next.Number, i.Number)
	}
	// The unit goes on with it, and what it says then can be erased in its turn.
	o.must(o.filer, after, issue.Move{Act: issue.GiveAnswer, Text: "改好了," + secret})
	eraseAll(t, o.Office, 2, q3.Year, func(r ErasableRecord) bool { return r.ID == i.ID })
	noTrace(t, o.Office, secret)
}

// A bulletin's documents and words go with all its versions; a further version
// can be built, even of the same figures.
func TestErasingABulletin(t *testing.T) {
	const secret = "绝密的领导寄语"
	o, ctx := newBulletinOffice(t), context.Background()
	b, err := o.BuildBulletin(ctx, o.supervisor, uuid.NewString(), BulletinBuild{Quarter: thirdQuarter, Draft: true})
	if err != nil {
		t.Fatal(err)
	}
	layout, _, err := o.BulletinLayout(ctx)
	if err != nil {
		t.Fatal(err)
	}
	texts := b.Texts
	if texts == nil {
		texts = map[notice.Kind]string{}
	}
	texts[layout.Sections[0].Kind] = secret
	if b, err = o.PutBulletinTexts(ctx, o.supervisor, uuid.NewString(), b.ID, b.Seq, texts); err != nil {
		t.Fatal(err)
	}
	eraseAll(t, o.Office, 0, thirdQuarter.Year, func(r ErasableRecord) bool { return r.Kind == store.KindBulletin })
	noTrace(t, o.Office, secret)
	for _, f := range b.Latest().Files {
		if !o.FileErased(f.SHA256) {
			t.Errorf("%s %s is still there", f.Edition, f.Format)
		}
	}
	view, err := o.BulletinVersion(ctx, o.supervisor, b.ID, 0, "internal")
	if err != nil || !view.Erased || view.Title != b.Title {
		t.Fatalf("%+v, %v", view, err)
	}
	_, _, err = o.BulletinFile(ctx, o.supervisor, b.ID, 1, "internal", "docx")
	wantCode(t, "its document", err, disclosure.ErrNotFound)
	later := o.clock().Add(time.Minute)
	o.clock = func() time.Time { return later }
	again, err := o.BuildBulletin(ctx, o.supervisor, uuid.NewString(), BulletinBuild{ID: b.ID, Seq: view.Seq, Draft: true})
	if err != nil || len(again.Versions) != 2 {
		t.Fatalf("%+v, %v", again, err)
	}
	if view, err := o.BulletinVersion(ctx, o.supervisor, b.ID, 0, "public"); err != nil || view.Erased || len(view.Notice.Blocks) == 0 {
		t.Errorf("the further version: %v", err)
	}
}

// A list's originals go; the list, its marks and its issues stay.
func TestErasingAListsOriginals(t *testing.T) {
	const secret = "绝密的清单.csv"
	o, ctx := newIssueOffice(t), context.Background()
	i := o.enter(o.evaluator, "栏目没有更新", 2)
	sum, size, err := o.store.PutFile(strings.NewReader(secret))
	if err != nil {
		t.Fatal(err)
	}
	l := *o.list
	l.Files = []issue.File{{Name: secret, SHA256: sum, Size: size}}
	seq, err := o.lastSeqOf(ctx, store.KindIssueList, l.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := o.append(ctx, o.supervisor, uuid.NewString(), store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbChange, Seen: seq, State: l, Year: l.Quarter.Year}); err != nil {
		t.Fatal(err)
	}
	eraseAll(t, o.Office, 0, q3.Year, func(r ErasableRecord) bool { return r.Kind == store.KindIssueList })
	noTrace(t, o.Office, secret)
	if !o.FileErased(sum) {
		t.Error("the original is still there")
	}
	if kept, err := o.Issue(ctx, o.supervisor, i.ID); err != nil || kept.List.Title != l.Title || len(kept.List.Files) != 0 || kept.Facts != "栏目没有更新" {
		t.Errorf("%+v, %v", kept, err)
	}
}
