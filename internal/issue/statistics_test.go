package issue

import (
	"fmt"
	"testing"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"

	"github.com/shopspring/decimal"
)

func day(d int) time.Time { return time.Date(2026, 8, d, 10, 0, 0, 0, calendar.China) }

// line is an issue of a unit and category: handed over and ended on days of
// August, 0 for never; due on the 10th.
func line(n int, unit disclosure.UnitNumber, c Category, s State, handed, answered, ended, earlier int) Line {
	i := Issue{ID: fmt.Sprint(n), Number: fmt.Sprintf("2026Q3-%03d", n), State: s, Quarter: q3,
		Content: Content{Unit: unit, Category: c, Due: calendar.At(calendar.Day(2026, 8, 10)), Deduction: decimal.NewNullDecimal(decimal.New(5, -1))}}
	if handed > 0 {
		i.Handed = day(handed)
	}
	if answered > 0 {
		i.Answers = []Answer{{Kind: AnswerDone, Time: day(answered), Late: answered > 10}}
	}
	if ended > 0 {
		i.Settled = day(ended)
		i.Reviews = []Review{{Act: map[State]Act{Closed: Close, NotApplicable: EndInapplicable}[s], Time: day(ended)}}
	}
	return Line{Issue: &i, Earlier: earlier}
}

func quarterOfIssues() []Line {
	return []Line{
		line(1, 2, "更新不及时", Closed, 1, 5, 8, 2),
		line(2, 2, "更新不及时", Answered, 1, 12, 0, 0),
		line(3, 2, "主动公开", Handed, 1, 0, 0, 0),
		line(4, 3, "错敏字", NotApplicable, 1, 2, 4, 0),
		line(5, 4, "错敏字", Returned, 2, 4, 0, 1),
		line(6, 5, "本区自定", Signed, 3, 0, 0, 0),
		line(7, 0, "其他", Found, 0, 0, 0, 0),
		line(8, 3, "错敏字", Withdrawn, 1, 0, 0, 0),
		line(9, 9, "错敏字", Closed, 0, 0, 1, 0), // of the past: nobody knows when it was handed over
	}
}

func TestStatistics(t *testing.T) {
	s := Summarise(quarterOfIssues(), []disclosure.UnitNumber{3, 2, 4, 5}, day(15))
	all := s.All
	if all.Issues != 8 || all.Handed != 7 || all.Settled != 3 || all.NotApplicable != 1 || all.Overdue != 3 || all.Recurring != 2 || all.Deduction.String() != "4" {
		t.Errorf("%+v", all)
	}
	if all.OnTime != (Rate{3, 6}) || all.Rectified != (Rate{3, 7}) || all.Days != (Days{N: 2, Median: 6, Worst: 8}) {
		t.Errorf("on time %v, rectified %v, days %v", all.OnTime, all.Rectified, all.Days)
	}
	if got := fmt.Sprint(units(s)); got != "[3 2 4 5 9 0]" {
		t.Errorf("units in the order %s", got)
	}
	if got := fmt.Sprint(s.Silent); got != "[5]" {
		t.Errorf("silent units %s, want 5: it signed and never answered", got)
	}
	if got := fmt.Sprint(s.Funnel); got != "[{found 发现 8} {handed 交办 7} {signed 签收 6} {answered 反馈 5} {rechecked 复核通过 3} {settled 办结 3}]" {
		t.Errorf("funnel %s", got)
	}
	for k := 1; k < len(s.Funnel); k++ {
		if s.Funnel[k].Count > s.Funnel[k-1].Count {
			t.Errorf("the funnel widens at %s", s.Funnel[k].Name)
		}
	}
	sum := 0
	for u := range s.Matrix {
		row := 0
		for _, c := range s.Matrix[u] {
			row += c.Issues
		}
		sum += row
		if row != s.Units[u].Issues {
			t.Errorf("unit %d has %d in the matrix, %d in its line", s.Units[u].Unit, row, s.Units[u].Issues)
		}
	}
	if sum != all.Issues {
		t.Errorf("the matrix holds %d issues, want %d", sum, all.Issues)
	}
	if len(s.Repeat) != 2 || s.Repeat[0].Unit != 2 || s.Repeat[0].Earlier != 2 || s.Repeat[1].Unit != 4 {
		t.Errorf("repeat offenders %+v", s.Repeat)
	}
	if len(s.Overdue) != 3 || s.Overdue[0].Number != "2026Q3-003" {
		t.Errorf("overdue %v", s.Overdue)
	}
	if last := s.Categories[len(s.Categories)-1].Category; last != "本区自定" {
		t.Errorf("a district's own category stands before %s", last)
	}
}

func units(s *Statistics) (out []disclosure.UnitNumber) {
	for _, u := range s.Units {
		out = append(out, u.Unit)
	}
	return out
}

func TestNoRateWithoutADenominator(t *testing.T) {
	s := Summarise(nil, nil, day(1))
	if _, ok := s.All.OnTime.Percent(); ok {
		t.Error("a rate of nothing")
	}
	if _, ok := (Change{Now: 3}).Percent(); ok {
		t.Error("a growth from nothing")
	}
	if p, ok := (Rate{1, 3}).Percent(); !ok || p.String() != "33.3" {
		t.Errorf("a third is %s", p)
	}
	if p, ok := (Change{Now: 2, Before: 4}).Percent(); !ok || p.String() != "-50" {
		t.Errorf("half is %s", p)
	}
	if BurnDown(nil, day(1)) != nil || s.All.Days.N != 0 {
		t.Error("something burns down from nothing")
	}
}

func TestQuarterOnQuarter(t *testing.T) {
	now := Summarise(quarterOfIssues(), nil, day(15))
	before := Summarise([]Line{line(1, 2, "更新不及时", Closed, 1, 2, 3, 0), line(2, 2, "依申请公开", Closed, 1, 2, 3, 0)}, nil, day(15))
	got := fmt.Sprint(Changes(now, before))
	if want := "[{ 8 2} {错敏字 3 0} {更新不及时 2 1} {依申请公开 0 1} {主动公开 1 0} {其他 1 0} {本区自定 1 0}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestBurnDown(t *testing.T) {
	days := BurnDown(quarterOfIssues(), day(15))
	if len(days) != 15 || days[0].Open != 4 || days[0].Handed != 4 {
		t.Fatalf("%d days, first %+v", len(days), days[0])
	}
	for k, want := range map[int]int{1: 5, 2: 6, 3: 5, 6: 5, 7: 4, 14: 4} { // by index: day 4 ends 不适用, day 8 销号
		if days[k].Open != want {
			t.Errorf("on day %d %d are open, want %d", k+1, days[k].Open, want)
		}
	}
	open := 0
	for _, d := range days {
		if open += d.Handed - d.Settled; open != d.Open {
			t.Errorf("%s: %d open, want %d by what came and went", d.Day, d.Open, open)
		}
	}
}

func scores(marks ...[]string) *ScoreTable {
	rows := []string{"单位|会议公开(3分)|栏目更新(5分)|依申请(2分)|总分"}
	for _, m := range marks {
		rows = append(rows, fmt.Sprintf("%s|%s|%s|%s|%s", m[0], m[1], m[2], m[3], m[4]))
	}
	t := FindScores(&document.Document{Blocks: []document.Block{{Grid: grid("", rows...)}}})
	t.Resolve(func(name string) (disclosure.UnitNumber, string) {
		return map[string]disclosure.UnitNumber{"甲局": 2, "乙局": 3, "丙街道": 4, "丁局": 5}[name], ""
	})
	return t
}

func TestScoresAreRebased(t *testing.T) {
	for _, tc := range []struct {
		marks []string
		want  string
		ok    bool
	}{
		{[]string{"甲局", "3", "5", "2", ""}, "100", true},
		{[]string{"甲局", "2.5", "4", "不涉及", ""}, "81.25", true},
		{[]string{"甲局", "1", "不涉及", "不涉及", ""}, "33.33", true},
		{[]string{"甲局", "0", "0", "0", ""}, "0", true},
		{[]string{"甲局", "不涉及", "不涉及", "不涉及", ""}, "0", false},
	} {
		table := scores(tc.marks)
		_, _, score, ok := table.Rebased(&table.Units[0])
		if ok != tc.ok || score.String() != tc.want {
			t.Errorf("%v: %s, %t", tc.marks, score, ok)
		}
	}
}

func TestRanksWithinGroupsWithTies(t *testing.T) {
	table := scores([]string{"甲局", "3", "4", "2", ""}, []string{"乙局", "3", "4", "2", ""}, []string{"丁局", "1", "4", "2", ""}, []string{"丙街道", "0", "5", "不涉及", ""}, []string{"不知名", "不涉及", "不涉及", "不涉及", ""})
	got := ""
	for _, g := range table.Rank(func(u disclosure.UnitNumber) string { return map[bool]string{true: "镇街", false: "部门"}[u == 4] }) {
		for _, u := range g.Units {
			got += fmt.Sprintf("%s:%s %d %t; ", g.Group, u.UnitText, u.Rank, u.Tied)
		}
		got += fmt.Sprint(g.Unscored)
	}
	if want := "部门:甲局 1 true; 部门:乙局 1 true; 部门:丁局 3 false; []镇街:丙街道 1 false; [][不知名]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestDeductionsMeetTheScores(t *testing.T) {
	row := func(unit disclosure.UnitNumber, indicator string, tenths int64) *Content {
		return &Content{Unit: unit, Indicator2: indicator, Deduction: decimal.NewNullDecimal(decimal.New(tenths, -1))}
	}
	table := scores([]string{"甲局", "2.5", "4", "2", "8.5"}, []string{"乙局", "不涉及", "5", "", "100"}, []string{"丙街道", "3", "5", "1", "10"})
	got := table.Reconcile([]*Content{row(2, "会议公开", 2), row(2, "会议公开", 3), row(2, "栏目更新", 5), row(3, "会议公开", 1), row(4, "没有的指标", 1), row(4, "依申请", 10)})
	want := []struct {
		unit      disclosure.UnitNumber
		indicator string
	}{{2, "栏目更新"}, {3, "会议公开"}, {3, "依申请"}, {4, ""}, {4, "没有的指标"}}
	if len(got) != len(want) {
		t.Fatalf("%d differences: %+v", len(got), got)
	}
	for k, w := range want {
		if got[k].Unit != w.unit || got[k].Indicator != w.indicator || got[k].Message == "" {
			t.Errorf("%d: %+v, want %+v", k, got[k], w)
		}
	}
}

// A unit of which nothing was entered is 未评分: it is not ranked, does not pass
// for one to which nothing applies, and differs in nothing.
func TestUnitsWithoutMarksAreNotScored(t *testing.T) {
	table := scores([]string{"甲局", "2.5", "5", "2", ""}, []string{"乙局", "", "", "", ""}, []string{"丙街道", "不涉及", "不涉及", "不涉及", ""})
	if n := table.Entered(); n != 2 {
		t.Errorf("%d units have marks, want 2", n)
	}
	lost := &Content{Unit: 3, Indicator2: "会议公开", Deduction: decimal.NewNullDecimal(decimal.New(1, 0))}
	other := &Content{Unit: 3, Indicator2: "没有的指标", Deduction: decimal.NewNullDecimal(decimal.New(1, 0))}
	for _, d := range table.Reconcile([]*Content{lost, other}) {
		if d.UnitText == "乙局" {
			t.Errorf("a unit without marks differs: %s", d.Message)
		}
	}
	got := ""
	for _, g := range table.Rank(func(disclosure.UnitNumber) string { return "" }) {
		got += fmt.Sprint(len(g.Units), g.Unscored, g.Waiting)
	}
	if got != "1 [丙街道] [乙局]" {
		t.Errorf("ranked as %s", got)
	}
}

func TestScoreSheetsWithFullMarksInARow(t *testing.T) {
	d := doc(grid("", "序号|被测评单位|主动公开|<|平台|合计", "^|^|会议公开|预算公开|栏目更新|^", "|满分|3|2|5|10", "1|甲局|3|1.5|不涉及|4.5", "|平均分|1|1|1|3"))
	s := FindScores(d)
	if s == nil || len(s.Items) != 3 || len(s.Units) != 1 || s.Items[1].Indicator2 != "预算公开" || s.Items[1].Indicator1 != "主动公开" || !s.Units[0].Marks[2].NotInvolved || s.Units[0].Total.Decimal.String() != "4.5" {
		t.Errorf("%+v", s)
	}
	if FindScores(doc(grid("", "责任单位|问题明细|扣分", "甲局|空白|1"))) != nil {
		t.Error("a list is taken for a score sheet")
	}
}

func TestKindsOfIssues(t *testing.T) {
	for _, tc := range []struct {
		a, b Content
		same bool
	}{
		{Content{Unit: 2, Category: "错敏字", Facts: "一处错别字"}, Content{Unit: 2, Category: "错敏字", Facts: "敏感词未处理"}, true},
		{Content{Unit: 2, Category: "错敏字", Facts: "一处"}, Content{Unit: 3, Category: "错敏字", Facts: "一处"}, false},
		{Content{Unit: 2, Category: "主动公开", Facts: "未公开2026年预算"}, Content{Unit: 2, Category: "主动公开", Facts: "会议公开无解读材料"}, false},
		{Content{Unit: 2, Category: "主动公开", Facts: "未公开2026年部门预算说明"}, Content{Unit: 2, Category: "主动公开", Facts: "未公开2025年部门预算的说明"}, true},
		{Content{Category: "错敏字", Facts: "一处"}, Content{Category: "错敏字", Facts: "一处"}, false},
	} {
		if got := SameKind(&tc.a, &tc.b, PrintOf(tc.a.Facts), PrintOf(tc.b.Facts)); got != tc.same {
			t.Errorf("%q and %q: %t", tc.a.Facts, tc.b.Facts, got)
		}
	}
}

func TestQuarters(t *testing.T) {
	for text, want := range map[string]string{"2026Q3": "2026Q3", "2026q3": "2026Q3", "2026年第三季度": "2026Q3", "2026年3季度": "2026Q3", "2026": "", "2026Q5": "", "1999Q1": ""} {
		p, err := ParseQuarter(text)
		if got := p.String(); got != want || (err != nil) != (want == "") {
			t.Errorf("%q is %s (%v)", text, got, err)
		}
	}
	if Before(disclosure.Period{Year: 2026, Quarter: 1}).String() != "2025Q4" || QuarterName(q3) != "2026年第三季度" || QuarterOf(day(1)) != q3 {
		t.Error("quarters are reckoned wrongly")
	}
}
