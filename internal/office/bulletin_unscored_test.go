package office

import (
	"context"
	"strings"
	"testing"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/issue"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// A list whose score table was only prepared is neither ranked nor held against
// its deductions: on its own page, on the dashboard and in the bulletin.
func TestPreparedScoreTableIsNotScored(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	lists, err := o.IssueLists(ctx, o.supervisor, thirdQuarter)
	if err != nil {
		t.Fatal(err)
	}
	var prepared []string
	for _, l := range lists {
		if l.Scores == nil {
			continue
		}
		next := l.List
		scores := *l.Scores
		scores.Units = nil
		for _, u := range l.Scores.Units {
			scores.Units = append(scores.Units, issue.UnitScore{Unit: u.Unit, UnitText: u.UnitText, Marks: make([]issue.Mark, len(scores.Items))})
		}
		next.Scores = &scores
		if err := o.append(ctx, o.supervisor, uuid.NewString(), store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbChange, Seen: l.Seq, State: next, Year: next.Quarter.Year}); err != nil {
			t.Fatal(err)
		}
		prepared = append(prepared, l.ID)
	}
	if len(prepared) == 0 {
		t.Fatal("no list has a score table")
	}
	for _, id := range prepared {
		view, err := o.IssueList(ctx, o.supervisor, id)
		if err != nil {
			t.Fatal(err)
		}
		if view.Scored != 0 || view.Differences != 0 || len(view.Findings) != 0 || !view.Book {
			t.Errorf("the list shows %d scored units, %d differences, %d findings", view.Scored, view.Differences, len(view.Findings))
		}
	}
	figures, err := o.IssueFigures(ctx, o.supervisor, IssueFilter{Quarter: thirdQuarter})
	if err != nil || len(figures.Rankings) != 0 {
		t.Errorf("%d rankings (%v)", len(figures.Rankings), err)
	}
	_, n, err := o.MakeBulletin(ctx, o.supervisor, thirdQuarter, notice.Internal, true, "docx")
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for _, b := range n.Blocks {
		said += b.Text + "\n"
	}
	for _, wrong := range []string{"不一致", "没有适用指标", "家单位参评"} {
		if strings.Contains(said, wrong) {
			t.Errorf("the bulletin says %q", wrong)
		}
	}
}
