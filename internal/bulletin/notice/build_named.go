package notice

import (
	"fmt"
	"strings"
)

// named names units for praise and criticism, and says by what standards. What
// names nobody has no heading.
func (w *writer) named() {
	all := Naming(w.facts, w.layout.Rules)
	var rules []string
	named := map[RuleKind]bool{}
	for _, by := range all {
		rules = append(rules, w.say("named.shown."+string(by.Rule.Kind), text("conditions", by.Rule.Words())))
		if len(by.Units) == 0 {
			continue
		}
		if !named[by.Rule.Kind] {
			named[by.Rule.Kind] = true
			w.heading(2, w.say("named."+string(by.Rule.Kind)))
		}
		var names []string
		for _, u := range by.Units {
			if u.Detail == "" {
				names = append(names, u.Name)
				continue
			}
			names = append(names, w.say("named.unit", text("name", u.Name), value{"detail", u.Key, u.Detail}))
		}
		w.text(w.say("named.rule", text("rule", by.Rule.Says), text("names", listed(names))))
	}
	switch {
	case !named[Praise] && !named[Criticise]:
		w.text(w.say("named.nobody"))
	case !named[Criticise]:
		w.text(w.say("named.clean"))
	}
	if len(rules) > 0 {
		w.text(w.say("named.shown", text("rules", strings.Join(rules, ";"))))
	}
}

// mostRuleNames is how many rules of the checks are told of.
const mostRuleNames = 5

// reports is on the annual reports: filing, and the quality of their data.
func (w *writer) reports() {
	r := w.facts.Reports
	w.text(w.say("reports.all", text("year", r.Year.String()), count("due", "reports.due", r.Due), count("approved", "reports.approved", r.Approved),
		count("submitted", "reports.submitted", r.Submitted), count("returned", "reports.returned", r.Returned), count("open", "reports.open", r.Open), count("published", "reports.published", r.Published)))
	if len(r.Missing) > 0 {
		w.text(w.say("reports.missing", text("names", listed(r.Missing))))
	}
	if len(r.Late) > 0 {
		var names []string
		for _, l := range r.Late {
			names = append(names, w.say("reports.late.unit", text("name", l.Unit), count("days", fmt.Sprintf("unit/%d.late_report", l.Number), l.Days)))
		}
		w.text(w.say("reports.late", text("names", listed(names))))
	} else {
		w.text(w.say("reports.late.none"))
	}
	if r.Checked == 0 {
		w.text(w.say("reports.quality.none"))
		return
	}
	parts := []string{w.say("reports.quality", count("checked", "reports.checked", r.Checked), count("errors", "reports.errors", r.Errors),
		count("units", "reports.in_error", r.InError), count("explains", "reports.explains", r.Explains))}
	var rules []string
	for k, c := range r.Rules {
		if k < mostRuleNames {
			rules = append(rules, w.say("reports.rule", text("rule", c.Rule), count("n", "reports/"+c.Rule+".n", c.N)))
		}
	}
	if len(rules) > 0 {
		parts = append(parts, w.say("reports.rules", text("rules", listed(rules))))
	}
	w.text(parts...)
}
