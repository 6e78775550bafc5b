package notice

import (
	"fmt"
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
	}
}

// rateText is a rate as tables have it: none without a denominator, and part of
// whole where the base is too small for one.
func (w *writer) rateText(r issue.Rate) string {
	p, ok := r.Percent()
	switch {
	case !ok:
		return "—"
	case r.Whole < w.layout.RateBase:
		return fmt.Sprintf("%d/%d", r.Part, r.Whole)
	}
	return p.String() + "%"
}

func (w *writer) categoryTable() Table {
	t := Table{Name: "categories", Caption: "问题分类统计", Columns: []Column{{Label: "问题类别", Width: .24, Left: true}, {Label: "本季度", Width: .12}, {Label: "上季度", Width: .12},
		{Label: "扣分", Width: .12}, {Label: "办结", Width: .12}, {Label: "逾期", Width: .12}, {Label: "整改完成率", Width: .16}}}
	row := func(name, scope string, c issue.Change, tally issue.Tally) {
		t.Rows = append(t.Rows, []Cell{{Text: name}, {strconv.Itoa(c.Now), key(scope, "issues")}, {strconv.Itoa(c.Before), "before" + scope[len("now"):] + ".issues"},
			{tally.Deduction.String(), key(scope, "deduction")}, {strconv.Itoa(tally.Settled), key(scope, "settled")}, {strconv.Itoa(tally.Overdue), key(scope, "overdue")},
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
	for _, u := range w.facts.Now.Units {
		at := fmt.Sprintf("unit/%d", u.Unit)
		t.Rows = append(t.Rows, []Cell{{Text: w.facts.name(u.Unit)}, {strconv.Itoa(u.Issues), key(at, "issues")}, {u.Deduction.String(), key(at, "deduction")}, {strconv.Itoa(u.Handed), key(at, "handed")},
			{strconv.Itoa(u.Settled), key(at, "settled")}, {strconv.Itoa(u.Overdue), key(at, "overdue")}, {strconv.Itoa(u.Recurring), key(at, "recurring")}, {w.rateText(u.Rectified), key(at, "rectified_rate")}})
	}
	return t
}
