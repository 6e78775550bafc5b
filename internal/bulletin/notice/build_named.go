package notice

import "fmt"

// named names units for praise and criticism, with the rules that do so.
func (w *writer) named() {
	all := Naming(w.facts, w.layout.Rules)
	var rules []string
	for _, kind := range []RuleKind{Praise, Criticise} {
		first := true
		for _, by := range all {
			if by.Rule.Kind != kind {
				continue
			}
			if first {
				w.heading(2, w.say("named."+string(kind)))
				first = false
			}
			rules = append(rules, fmt.Sprintf("%s:%s", by.Rule.Says, by.Rule.Words()))
			if len(by.Units) == 0 {
				w.text(w.say("named.rule", text("rule", by.Rule.Says), text("names", "无")))
				continue
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
	}
	if len(rules) == 0 {
		w.text(w.say("named.nobody"))
		return
	}
	list := ""
	for k, r := range rules {
		if k > 0 {
			list += ";"
		}
		list += r
	}
	w.text(w.say("named.shown", text("rules", list)))
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
