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
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// written is a workbook with texts put into cells.
func written(t *testing.T, book []byte, cells map[string]string) []byte {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at, text := range cells {
		if err := f.SetCellStr("测评", at, text); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWorkbooksGoOutAndComeBack(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = direct{}
	lists, err := o.IssueLists(ctx, o.evaluator, q3)
	if err != nil || len(lists) != 1 {
		t.Fatalf("%v: %+v", err, lists)
	}
	if _, _, err := o.EvaluationBook(ctx, o.evaluator, o.list.ID); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("a workbook without indicators: %v", err)
	}
	items := []issue.ScoreItem{{Indicator1: "主动公开", Indicator2: "会议公开", Full: decimal.NewFromInt(3)}, {Indicator1: "平台", Indicator2: "栏目更新", Full: decimal.NewFromInt(5)}}
	if err := o.SetIssueItems(ctx, o.evaluator, uuid.NewString(), o.list.ID, lists[0].Seq, items, []disclosure.UnitNumber{2, 3}); err != nil {
		t.Fatal(err)
	}
	book, name, err := o.EvaluationBook(ctx, o.evaluator, o.list.ID)
	if err != nil {
		t.Fatal(err)
	}
	again, _, _ := o.EvaluationBook(ctx, o.evaluator, o.list.ID)
	if !bytes.Equal(book, again) {
		t.Error("the same workbook is not the same bytes")
	}
	if _, _, err := o.EvaluationBook(ctx, o.rival, o.list.ID); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("another evaluator's workbook: %v", err)
	}
	merge := func(cells map[string]string) *BookMerge {
		t.Helper()
		out, err := o.MergeBook(ctx, o.evaluator, uuid.NewString(), o.list.ID, IssueSource{Name: name, Data: written(t, book, cells)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	// One evaluator's copy: rows 2 to 5 are unit 2 and 3 by indicator.
	first := merge(map[string]string{"E2": "2.5", "F2": "未公开会议解读", "G2": "https://a.example/1", "E3": "5", "E4": "不涉及", "E5": "9"})
	if len(first.IDs) != 1 || len(first.Problems) != 1 || len(first.Changes) != 5 {
		t.Errorf("first: %+v", first)
	}
	// Another copy of the same book, written in meanwhile: E2 contradicts, F5 does not.
	second := written(t, book, map[string]string{"E2": "2", "E5": "4", "F5": "通知公告未更新"})
	p, err := o.PreviewBook(ctx, o.evaluator, o.list.ID, IssueSource{Name: name, Data: second})
	if err != nil {
		t.Fatal(err)
	}
	var conflicts []string
	for _, c := range p.Changes {
		if c.Conflict {
			conflicts = append(conflicts, c.Key())
			if c.Out != "" || c.Back != "2" || c.Now != "2.5" {
				t.Errorf("conflict %+v", c)
			}
		}
	}
	if len(conflicts) != 1 {
		t.Fatalf("conflicts %v", conflicts)
	}
	if _, err := o.MergeBook(ctx, o.evaluator, uuid.NewString(), o.list.ID, IssueSource{Name: name, Data: second}, nil); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("a conflict without a choice: %v", err)
	}
	act := uuid.NewString()
	for range 2 { // the button pressed twice
		if _, err := o.MergeBook(ctx, o.evaluator, act, o.list.ID, IssueSource{Name: name, Data: second}, map[string]bool{conflicts[0]: true}); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := o.Issues(ctx, o.evaluator, IssueFilter{})
	if err != nil || rows.Total != 2 || rows.Rows[0].Deduction.Decimal.String() != "1" || rows.Rows[0].Facts != "未公开会议解读" || rows.Rows[1].Unit != 3 {
		t.Errorf("%v: %+v", err, rows.Rows)
	}
	figures, err := o.IssueFigures(ctx, o.supervisor, IssueFilter{Quarter: q3})
	if err != nil || len(figures.Rankings) != 1 || len(figures.Rankings[0].Differences) != 0 {
		t.Fatalf("%v: %+v", err, figures.Rankings)
	}
	if got := fmt.Sprint(figures.Rankings[0].Groups[0].Units[0].Score); got != "87.5" {
		t.Errorf("unit 2 scores %s, want (2+5)/8", got)
	}
	if own, err := o.IssueFigures(ctx, o.filer, IssueFilter{Quarter: q3}); err != nil || len(own.Rankings) != 0 {
		t.Errorf("a unit sees others' marks: %v", err)
	}
}

func TestManyIssuesAreFilteredQuickly(t *testing.T) {
	if testing.Short() {
		t.Skip("20,000 issues")
	}
	o, ctx := newIssueOffice(t), context.Background()
	categories := issue.Categories()
	const many, each = 20_000, 2000
	for from := 0; from < many; from += each {
		var entries []store.Entry
		for n := from; n < from+each; n++ {
			q := disclosure.Period{Year: disclosure.Year(2020 + n/80%5), Quarter: n/400%4 + 1} // units have some in each
			i := issue.Issue{ID: fmt.Sprint("many-", n), List: o.list.ID, Quarter: q, Number: fmt.Sprintf("%s-%05d", q, n), State: issue.States[1+n%9],
				Content: issue.Content{Unit: disclosure.UnitNumber(2 + n%80), Category: categories[n%len(categories)].Name, Indicator2: "栏目更新",
					Facts: fmt.Sprintf("第%d个栏目超过%d个月没有更新,页面上的联系电话无法接通,请尽快核实并更新有关内容。", n, n%12)}}
			if n%7 == 0 {
				i.Due = calendar.At(calendar.Day(2025, 3, 20)) // past
			}
			entries = append(entries, store.Entry{Kind: store.KindIssue, ID: i.ID, Verb: store.VerbCreate, State: i, Unit: i.Unit, Year: q.Year})
		}
		if _, err := o.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries}); err != nil {
			t.Fatal(err)
		}
	}
	count := func(fits func(n int) bool) int {
		fit := 0
		for n := range many {
			if fits(n) {
				fit++
			}
		}
		return fit
	}
	state := func(n int) issue.State { return issue.States[1+n%9] }
	for _, tc := range []struct {
		f    IssueFilter
		fits func(n int) bool
	}{
		{IssueFilter{}, func(int) bool { return true }},
		{IssueFilter{Text: "第1999"}, func(n int) bool { return strings.HasPrefix(fmt.Sprint(n), "1999") }},
		{IssueFilter{Unit: 3, States: []issue.State{issue.Handed}}, func(n int) bool { return n%80 == 1 && state(n) == issue.Handed }},
		{IssueFilter{Overdue: true, Sort: SortUnit}, func(n int) bool { return n%7 == 0 && state(n).Owed() }},
		{IssueFilter{Quarter: disclosure.Period{Year: 2021, Quarter: 2}}, func(n int) bool { return n/80%5 == 1 && n/400%4 == 1 }},
		{IssueFilter{Categories: []issue.Category{categories[0].Name}, Stand: StandOpen}, func(n int) bool { return n%len(categories) == 0 && !state(n).Settled() }},
		// All facts are alike and of one indicator: what is not of the first quarter
		// was there before.
		{IssueFilter{Recurring: true}, func(n int) bool { return n/80%5 != 0 || n/400%4 != 0 }},
	} {
		if _, err := o.Issues(ctx, o.supervisor, tc.f); err != nil { // the first one reads the log
			t.Fatal(err)
		}
		began := time.Now()
		rows, err := o.Issues(ctx, o.supervisor, tc.f)
		if want := count(tc.fits); err != nil || rows.Total != want || want == 0 {
			t.Errorf("%+v: %d issues (%v), want %d", tc.f, rows.Total, err, want)
		}
		t.Logf("%+v: %d of %d issues in %s", tc.f, rows.Total, many, time.Since(began))
	}
}

// Text that a spreadsheet could take for a formula goes out with an apostrophe
// and comes back without it.
func TestWorkbooksHoldNoFormulas(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = direct{}
	withItems(t, o, o.list.ID)
	merge := func(cells map[string]string) *BookMerge {
		t.Helper()
		book, name, err := o.EvaluationBook(ctx, o.evaluator, o.list.ID)
		if err != nil {
			t.Fatal(err)
		}
		out, err := o.MergeBook(ctx, o.evaluator, uuid.NewString(), o.list.ID, IssueSource{Name: name, Data: written(t, book, cells)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	made := merge(map[string]string{"E2": "2", "F2": "=HYPERLINK(1)"})
	book, _, _ := o.EvaluationBook(ctx, o.evaluator, o.list.ID)
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if got, _ := f.GetCellValue("测评", "F2"); got != "'=HYPERLINK(1)" {
		t.Errorf("out goes %q", got)
	}
	if m := merge(map[string]string{"E2": "1"}); len(m.Changes) != 1 {
		t.Errorf("changes %+v", m.Changes)
	}
	if i, err := o.Issue(ctx, o.evaluator, made.IDs[0]); err != nil || i.Facts != "=HYPERLINK(1)" || i.Deduction.Decimal.String() != "2" {
		t.Errorf("%v: %+v", err, i)
	}
}

// Merging changes what the evaluator changed: two pictures of one name, who gave
// an address and why, and a category set by hand all stay.
func TestMergingAWorkbookKeepsWhatItDoesNotChange(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = direct{}
	withItems(t, o, o.list.ID)
	merge := func(cells map[string]string, files map[string][]byte) *BookMerge {
		t.Helper()
		book, _, err := o.EvaluationBook(ctx, o.evaluator, o.list.ID)
		if err != nil {
			t.Fatal(err)
		}
		all := map[string][]byte{"工作簿.xlsx": written(t, book, cells)}
		for name, data := range files {
			all[name] = data
		}
		out, err := o.MergeBook(ctx, o.evaluator, uuid.NewString(), o.list.ID, IssueSource{Name: "测评.zip", Data: zipOf(t, all)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	made := merge(map[string]string{"E2": "2", "F2": "未公开会议解读", "G2": "首页/截图.png\n内页/截图.png\nhttps://a.example/1"},
		map[string][]byte{"证据/首页/截图.png": pixels, "证据/内页/截图.png": append(pixels, 1)})
	held := func() *IssueView {
		t.Helper()
		i, err := o.Issue(ctx, o.supervisor, made.IDs[0])
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	if i := held(); len(i.Evidence) != 3 {
		t.Fatalf("of two pictures of one name: %+v", i.Evidence)
	}
	i := held()
	c := i.Content
	c.Category = "不规范"
	c.Evidence = nil
	do := func(m issue.Move) {
		t.Helper()
		if _, err := o.DoIssue(ctx, o.supervisor, IssueMove{ID: uuid.NewString(), Issue: i.ID, Seq: held().Seq, Move: m}); err != nil {
			t.Fatal(err)
		}
	}
	do(issue.Move{Act: issue.Correct, Content: &c})
	do(issue.Move{Act: issue.Attach, Evidence: []issue.Evidence{{Address: "https://a.example/2", Note: "整改前"}}})
	merge(map[string]string{"E2": "1.5", "F2": "会议解读两次没有公开"}, nil)
	if i = held(); len(i.Evidence) != 4 || i.Evidence[3].Note != "整改前" || i.Evidence[3].By == "" || i.Category != "不规范" || i.Deduction.Decimal.String() != "1.5" || i.Facts != "会议解读两次没有公开" {
		t.Errorf("after marks and facts: %+v", i.Content)
	}
	merge(map[string]string{"G2": "截图.png\nhttps://a.example/2\nhttps://a.example/3"}, nil)
	if i = held(); len(i.Evidence) != 4 || i.Evidence[2].Note != "整改前" || i.Evidence[2].By == "" || i.Evidence[3].Address != "https://a.example/3" || i.Evidence[3].By == "" {
		t.Errorf("one address for another: %+v", i.Evidence)
	}
	merge(map[string]string{"G2": "https://a.example/2"}, nil)
	if i = held(); len(i.Evidence) != 1 || i.Evidence[0].Note != "整改前" {
		t.Errorf("taken away: %+v", i.Evidence)
	}
}

// A choice is of the value that was seen: one that came later asks anew.
func TestAChoiceOverwritesNoValueThatWasNotSeen(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = direct{}
	withItems(t, o, o.list.ID)
	book, name, err := o.EvaluationBook(ctx, o.evaluator, o.list.ID)
	if err != nil {
		t.Fatal(err)
	}
	put := func(mark string) {
		t.Helper()
		_, seq, err := o.heldList(ctx, o.list.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.PutUnitMarks(ctx, o.evaluator, uuid.NewString(), UnitMarks{List: o.list.ID, Seq: seq, Row: 0, Unit: 2, Marks: []string{mark, ""}}); err != nil {
			t.Fatal(err)
		}
	}
	put("3")
	src := IssueSource{Name: name, Data: written(t, book, map[string]string{"E2": "2"})}
	p, err := o.PreviewBook(ctx, o.evaluator, o.list.ID, src)
	if err != nil || len(p.Conflicts()) != 1 {
		t.Fatalf("%v: %+v", err, p)
	}
	choice := map[string]bool{p.Conflicts()[0].Key(): true}
	put("2.5")
	_, err = o.MergeBook(ctx, o.evaluator, uuid.NewString(), o.list.ID, src, choice)
	wantRefusal(t, "over a value that nobody saw", err, disclosure.ErrInvalid, "没有选择")
	put("3")
	if _, err = o.MergeBook(ctx, o.evaluator, uuid.NewString(), o.list.ID, src, choice); err != nil {
		t.Error(err)
	}
}
