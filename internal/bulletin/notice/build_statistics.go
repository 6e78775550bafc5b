package notice

import (
	"fmt"
	"slices"
	"strconv"

	"mingjing/internal/issue"
)

// statistics are the figures of the quarter, and the charts of the layout.
func (w *writer) statistics() {
	all := w.facts.Now.All
	parts := []string{w.say("statistics.states", count("signed", "now.signed", all.Signed), count("answered", "now.answered", all.Answered),
		count("rechecked", "now.rechecked", all.Rechecked), count("settled", "now.settled", all.Settled), count("not_applicable", "now.not_applicable", all.NotApplicable),
		count("returned", "now.returned", all.Returned), count("overdue", "now.overdue", all.Overdue))}
	if all.Days.N > 0 {
		median, worst := days(all.Days)
		parts = append(parts, w.say("statistics.days", value{"median", "now.median_days", median}, value{"worst", "now.worst_days", worst}))
	}
	if all.Extended > 0 && w.out.Edition == Internal {
		parts = append(parts, w.say("statistics.extended", count("n", "now.extended", all.Extended)))
	}
	if all.Appealed > 0 && w.out.Edition == Internal {
		parts = append(parts, w.say("statistics.appealed", count("n", "now.appealed", all.Appealed)))
	}
	w.text(parts...)
	w.charts()
	if len(w.facts.Now.Units) > 0 {
		w.table(w.unitTable())
		notes := w.say("statistics.note", text("base", strconv.Itoa(w.layout.RateBase)))
		if slices.ContainsFunc(w.facts.Now.Units, func(u issue.UnitTally) bool { return u.Unit == 0 }) {
			notes += w.say("statistics.note.nobody")
		}
		w.text(notes)
	}
}

// rateText is a rate as tables have it, of one form all the way down: none where
// the base is too small for one. Part and whole stand in columns of their own.
func (w *writer) rateText(r issue.Rate) string {
	p, ok := r.Percent()
	if !ok || r.Whole < w.layout.RateBase {
		return "—"
	}
	return p.String() + "%"
}

func (w *writer) categoryTable() Table {
	t := Table{Name: "categories", Caption: "问题分类统计", Columns: []Column{{Label: "问题类别", Width: .22, Left: true}, {Label: "本季度", Width: .12}, {Label: "上季度", Width: .12},
		{Label: "扣分", Width: .1}, {Label: "交办", Width: .1}, {Label: "办结", Width: .1}, {Label: "逾期", Width: .1}, {Label: "整改完成率", Width: .16}}}
	row := func(name, scope string, c issue.Change, tally issue.Tally) {
		before := Cell{strconv.Itoa(c.Before), "before" + scope[len("now"):] + ".issues"}
		if !w.facts.compares() {
			before = Cell{Text: "—"}
		}
		t.Rows = append(t.Rows, []Cell{{Text: name}, {strconv.Itoa(c.Now), key(scope, "issues")}, before,
			{tally.Deduction.String(), key(scope, "deduction")}, {strconv.Itoa(tally.Handed), key(scope, "handed")}, {strconv.Itoa(tally.Settled), key(scope, "settled")}, {strconv.Itoa(tally.Overdue), key(scope, "overdue")},
			{w.rateText(tally.Rectified), key(scope, "rectified_rate")}})
	}
	for _, c := range w.facts.Now.Categories {
		row(string(c.Category), "now/"+string(c.Category), w.facts.change(c.Category), c.Tally)
	}
	row("合计", "now", w.facts.change(""), w.facts.Now.All)
	return t
}

func (w *writer) unitTable() Table {
	t := Table{Name: "units", Caption: "各单位问题办理情况", Columns: []Column{{Label: "单位", Width: .3, Left: true}, {Label: "问题", Width: .1}, {Label: "扣分", Width: .1}, {Label: "交办", Width: .1},
		{Label: "办结", Width: .1}, {Label: "逾期", Width: .1}, {Label: "反复", Width: .08}, {Label: "整改完成率", Width: .12}}}
	units := slices.Clone(w.facts.Now.Units) // those that nobody answers for yet are no unit: last
	slices.SortStableFunc(units, func(a, b issue.UnitTally) int {
		return map[bool]int{true: 1}[a.Unit == 0] - map[bool]int{true: 1}[b.Unit == 0]
	})
	for _, u := range units {
		at := fmt.Sprintf("unit/%d", u.Unit)
		t.Rows = append(t.Rows, []Cell{{Text: w.facts.name(u.Unit)}, {strconv.Itoa(u.Issues), key(at, "issues")}, {u.Deduction.String(), key(at, "deduction")}, {strconv.Itoa(u.Handed), key(at, "handed")},
			{strconv.Itoa(u.Settled), key(at, "settled")}, {strconv.Itoa(u.Overdue), key(at, "overdue")}, {strconv.Itoa(u.Recurring), key(at, "recurring")}, {w.rateText(u.Rectified), key(at, "rectified_rate")}})
	}
	return t
}
