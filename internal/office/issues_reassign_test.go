package office

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// What a unit said and handed in is not shown to the one that the issue is
// reassigned to, and does not stand in its way.
func TestAReassignedIssueBeginsAnewForTheNextUnit(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	now := o.clock()
	o.clock = func() time.Time { now = now.Add(time.Second); return now }
	keep := func(v people.Visitor, mark byte) *issue.File {
		t.Helper()
		f, err := o.KeepEvidence(ctx, v, "截图.png", bytes.NewReader(append([]byte("\x89PNG\r\n\x1a\n"), mark)))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	fault, own, answered, objected := keep(o.evaluator, 1), keep(o.filer, 2), keep(o.filer, 3), keep(o.filer, 4)
	of := func(f *issue.File) []issue.Evidence { return []issue.Evidence{{File: f}} }
	i := o.enter(o.evaluator, "栏目长期空白", 2)
	i = o.must(o.evaluator, i, issue.Move{Act: issue.Attach, Evidence: of(fault)})
	i = o.must(o.supervisor, i, issue.Move{Act: issue.HandOver})
	i = o.must(o.filer, i, issue.Move{Act: issue.Attach, Evidence: of(own)})
	i = o.must(o.filer, i, issue.Move{Act: issue.GiveAnswer, Text: "甲单位的说明", Link: "https://a.example/1", Evidence: of(answered)})
	i = o.must(o.evaluator, i, issue.Move{Act: issue.Return, Reason: "甲单位的链接打不开"})
	later := calendar.At(calendar.Day(2026, 6, 20))
	i = o.must(o.filer, i, issue.Move{Act: issue.AskExtension, Reason: "甲单位要时间", Due: later})
	seen := o.must(o.filer, i, issue.Move{Act: issue.Object, Reason: "甲单位不服", Evidence: of(objected)})
	i = o.must(o.supervisor, seen, issue.Move{Act: issue.Assign, Unit: 3, Reason: "职责已划转"})
	if i.OpenAppeal() != nil || i.OpenExtension() != nil || i.LastAnswer() != nil || i.Appeals[0].Outcome != issue.Lapsed || len(i.Answers) != 1 {
		t.Errorf("to the supervisor: %+v", i.Issue)
	}
	b, err := o.Issue(ctx, o.other, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	course, err := o.IssueCourse(ctx, o.other, i.ID)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := o.Issues(ctx, o.other, IssueFilter{})
	if err != nil || rows.Total != 1 {
		t.Fatal(err, rows)
	}
	for what, said := range map[string]string{"issue": fmt.Sprintf("%+v %+v", *b.Issue, b.Persons), "course": fmt.Sprintf("%+v", course), "list": fmt.Sprintf("%+v", *rows.Rows[0].Issue)} {
		for _, foreign := range []string{"甲单位", "filer", own.SHA256, answered.SHA256, objected.SHA256} {
			if strings.Contains(said, foreign) {
				t.Errorf("the next unit reads %q in the %s: %s", foreign, what, said)
			}
		}
	}
	if len(course) != 2 || course[1].Act != issue.Assign || course[1].Text != "职责已划转" {
		t.Errorf("course %+v", course)
	}
	if _, err := o.IssueAt(ctx, o.other, i.ID, seen.Seq); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("the issue as it stood with the unit before: %v", err)
	}
	opens := func(v people.Visitor, f *issue.File, want bool) {
		t.Helper()
		_, file, err := o.OpenEvidence(ctx, v, i.ID, f.SHA256)
		if err == nil {
			file.Close()
		}
		if (err == nil) != want {
			t.Errorf("%s opens %s: %v, want %v", v.Account, f.SHA256[:8], err, want)
		}
	}
	for f, want := range map[*issue.File]bool{fault: true, own: false, answered: false, objected: false} {
		opens(o.other, f, want)
		opens(o.evaluator, f, true)
		opens(o.supervisor, f, true)
	}
	i = o.must(o.other, b, issue.Move{Act: issue.AskExtension, Reason: "乙单位要时间", Due: later})
	i = o.must(o.other, i, issue.Move{Act: issue.Object, Reason: "乙单位不服"})
	// Back to the first unit: it finds its own again, nothing of the other's, and
	// has not answered.
	o.must(o.supervisor, o.sees(o.supervisor, i.ID), issue.Move{Act: issue.Assign, Unit: 2, Reason: "仍由原单位办"})
	a := o.sees(o.filer, i.ID)
	if said := fmt.Sprintf("%+v", *a.Issue); strings.Contains(said, "乙单位") || !strings.Contains(said, "甲单位的说明") || a.LastAnswer() != nil || a.OpenAppeal() != nil {
		t.Errorf("back with the first unit: %s", said)
	}
	opens(o.filer, answered, true)
}

func (o *issueOffice) sees(v people.Visitor, id string) *IssueView {
	o.t.Helper()
	i, err := o.Issue(context.Background(), v, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return i
}

// Records from before the unit was noted: what is older than the last 改派 is the
// earlier unit's.
func TestAReassignedIssueWithoutNotedUnits(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	day := func(n int) time.Time { return o.clock().AddDate(0, 0, n-30) }
	i := issue.Issue{ID: uuid.NewString(), List: o.list.ID, Quarter: q3, Number: "2026Q1-077", State: issue.Handed, Handed: day(5), Content: issue.Content{Facts: "栏目空白", Unit: 3,
		Evidence: []issue.Evidence{{Address: "https://fault.example/"}, {Address: "https://first.example/", By: "filer", Time: day(2)}}},
		Answers:    []issue.Answer{{Kind: issue.AnswerDone, Text: "甲单位的说明", By: "filer", Time: day(2)}},
		Extensions: []issue.Extension{{Reason: "甲单位要时间", By: "filer", Time: day(3)}},
		Reviews:    []issue.Review{{Act: issue.Assign, Reason: "职责已划转", Time: day(5)}}}
	act := store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"},
		Entries: []store.Entry{{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i, Unit: 3, Year: 2026}}}
	if _, err := o.store.Append(ctx, act); err != nil {
		t.Fatal(err)
	}
	b := o.sees(o.other, i.ID)
	if said := fmt.Sprintf("%+v", *b.Issue); strings.Contains(said, "甲单位") || strings.Contains(said, "first.example") || !strings.Contains(said, "fault.example") {
		t.Errorf("the next unit reads %s", said)
	}
	if b.LastAnswer() != nil || !b.May(issue.AskExtension) {
		t.Errorf("the unit before stands in the way: %v", b.Acts)
	}
	if all := o.sees(o.supervisor, i.ID); len(all.Answers) != 1 || all.LastAnswer() != nil {
		t.Errorf("the supervisor: %+v", all.Issue)
	}
}
