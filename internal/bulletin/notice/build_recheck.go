package notice

import (
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
)

// recheck goes over the list of the quarter before.
func (w *writer) recheck() {
	f, all := w.facts, w.facts.Before.All
	quarter := issue.QuarterName(issue.Before(f.Quarter))
	if all.Issues == 0 {
		w.text(w.say("recheck.none", text("before", quarter)))
		return
	}
	parts := []string{w.say("recheck.all", text("before", quarter), count("issues", "before.issues", all.Issues), count("handed", "before.handed", all.Handed),
		text("rectified", w.share("rectified", "before.rectified", all.Rectified)))}
	if all.NotApplicable > 0 {
		parts = append(parts, w.say("recheck.applicable", count("n", "before.not_applicable", all.NotApplicable)))
	}
	if all.Returned+all.Reopened > 0 {
		parts = append(parts, w.say("recheck.returned", count("n", "before.returned", all.Returned), count("reopened", "before.reopened", all.Reopened)))
	}
	w.text(parts...)
	var open []Line
	for _, l := range f.Earlier {
		if !l.State.Settled() && l.State != issue.Withdrawn {
			open = append(open, l)
		}
	}
	annex := text("annex", "2") // behind this quarter's list
	if len(f.Lines) == 0 {
		annex = text("annex", "")
	}
	if len(open) == 0 {
		w.text(w.say("recheck.done", annex))
	} else {
		w.text(w.say("recheck.open", text("date", w.date()), count("n", "before.open", len(open)), annex))
		w.table(w.issueTable("recheck", "上季度未办结问题", open))
	}
	w.silent("before", f.Before.Silent)
}

// silent names the units that never answered.
func (w *writer) silent(scope string, units []disclosure.UnitNumber) {
	if len(units) == 0 {
		w.text(w.say("recheck.silent.none"))
		return
	}
	w.text(w.say("recheck.silent", count("n", key(scope, "silent"), len(units)), text("names", listed(w.names(units)))))
}

// findings are this quarter's issues, category by category.
func (w *writer) findings() {
	f, all := w.facts, w.facts.Now.All
	if all.Issues == 0 {
		w.text(w.say("findings.none"))
		return
	}
	w.text(w.say("findings.all", count("issues", "now.issues", all.Issues), text("change", w.compared("change", f.change(""))),
		count("units", "now.units", f.unitsOf("")), figure("deduction", "now.deduction", all.Deduction), count("handed", "now.handed", all.Handed),
		text("rectified", w.share("rectified", "now.rectified", all.Rectified)), text("on_time", w.share("on_time", "now.on_time", all.OnTime))))
	for _, c := range f.Now.Categories {
		scope := "now/" + string(c.Category)
		w.heading(2, string(c.Category))
		w.text(w.say("findings.category", text("category", string(c.Category)), count("issues", key(scope, "issues"), c.Issues),
			text("change", w.compared("change/"+string(c.Category), f.change(c.Category))), count("units", key(scope, "units"), f.unitsOf(c.Category)),
			text("examples", w.examples(c.Category))))
	}
	if all.Recurring > 0 {
		var names []string
		met := map[disclosure.UnitNumber]bool{}
		for _, o := range f.Now.Repeat {
			if o.Now > 0 && !met[o.Unit] {
				met[o.Unit] = true
				names = append(names, f.name(o.Unit))
			}
		}
		w.text(w.say("findings.recurring", count("n", "now.recurring", all.Recurring), count("units", "now.recurring_units", len(names)), text("names", listed(names))))
	}
	w.table(w.categoryTable())
}

// mostExamples and longestExample bound what is quoted of a category.
const (
	mostExamples   = 3
	longestExample = 60
)

// examples quotes what stands most often in a category; of leaks nothing is
// told in the public edition.
func (w *writer) examples(c issue.Category) string {
	if w.out.Edition == Public && c.Leak() {
		return w.say("findings.leak")
	}
	var met []string
	for _, l := range w.facts.Lines {
		if l.Category != c || l.State == issue.Withdrawn {
			continue
		}
		said := bulletin.Fit(strings.TrimRight(w.told(&l), "。；;."), longestExample)
		if said == "" || len(met) == mostExamples {
			continue
		}
		again := false
		for _, m := range met {
			again = again || m == said
		}
		if !again {
			met = append(met, said)
		}
	}
	if len(met) == 0 {
		return ""
	}
	list := ""
	for k, m := range met {
		if k > 0 {
			list += ";"
		}
		list += m
	}
	return w.say("findings.examples", text("list", list))
}

func (f *Facts) change(c issue.Category) issue.Change {
	for _, x := range f.Changes {
		if x.Category == c {
			return x
		}
	}
	return issue.Change{Category: c}
}

// unitsOf counts the units that have issues of a category, "" being any.
func (f *Facts) unitsOf(c issue.Category) int {
	met := map[disclosure.UnitNumber]bool{}
	for _, l := range f.Lines {
		if l.State != issue.Withdrawn && l.Unit != 0 && (c == "" || l.Category == c) {
			met[l.Unit] = true
		}
	}
	return len(met)
}
