package web

import (
	"fmt"
	"html/template"
	"math"
	"strings"
	"time"

	"mingjing/dashboards"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/shopspring/decimal"
)

// functions are what templates can call.
func functions(text catalogue, files *assets, erased func(sum string) bool) template.FuncMap {
	return template.FuncMap{
		"t":             text.say,
		"asset":         files.href,
		"count":         func(n int) string { return thousands(decimal.NewFromInt(int64(n)), 0) },
		"dict":          dict,
		"agent":         agentName,
		"actor":         people.ActorName,
		"audited":       people.AuditedActor,
		"word":          func(family string, word any) string { return text.word(family, fmt.Sprint(word)) },
		"verb":          func(kind, verb any) string { return text.verb(fmt.Sprint(kind), fmt.Sprint(verb)) },
		"stands":        func(s any) string { return filing.Names[filing.State(fmt.Sprint(s))] },
		"accountstates": func() []string { return accountStates },
		"beijing":       beijingTime,
		"severity":      func(s any) string { return text.say("severity." + fmt.Sprint(s)) },
		"rule":          text.rule,
		"rulename":      text.ruleName,
		"rulefor":       text.ruleFor,
		// 相差 has no sign anywhere: which side is more stands beside it.
		"apart":       func(difference string) string { return strings.TrimLeft(difference, "-−") },
		"scope":       text.scope,
		"status":      func(s any) string { return text.say("status." + fmt.Sprint(s)) },
		"statename":   func(state filing.State) string { return filing.Names[state] },
		"lines":       func(s string) []string { return strings.Split(s, "\n") },
		"add":         func(a, b int) int { return a + b },
		"sub":         func(a, b int) int { return a - b },
		"short":       func(s string) string { return s[:min(len(s), 12)] },
		"label":       codeLabel,
		"percent":     func(share float64) string { return fmt.Sprintf("%.0f%%", share*100) },
		"urlunit":     unitHref,
		"erased":      erased,
		"sourcehref":  sourceHref,
		"reporthref":  reportHref,
		"plainnumber": func(v float64) string { return thousands(decimal.NewFromFloat(v).Round(2), -1) },
		"matterhref":  func(m office.Matter, basis string) string { return matterHref(m.Report.Period.Year, basis, m.ID) },
		"reportname":  text.reportName,
		"issuestate":  func(s any) string { return issue.StateNames[issue.State(fmt.Sprint(s))] },
		"clip":        disclosure.Clip,
		"firsts":      firstIndicators,
		"picture":     isPicture,
		"size":        sizeText,
		"basisparam":  func(b string) string { return strings.TrimPrefix(b, string(office.Approved)) },
		"mul":         func(a, b int) int { return a * b },
		"quarter":     issue.QuarterName,
		"liststate":   func(state issue.ListState) string { return issue.ListStateNames[state] },
	}
}

func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict wants pairs")
	}
	out := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		key, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("dict wants texts as keys, not %v", pairs[i])
		}
		out[key] = pairs[i+1]
	}
	return out, nil
}

var beijing = time.FixedZone("UTC+8", 8*3600)

// beijingTime shows a moment as the clock on the wall shows it.
func beijingTime(t time.Time) string { return t.In(beijing).Format("2006-01-02 15:04") }

// rule is a rule's number and short name: T3-R1 收办平衡. A finding knows what
// its district calls the rule.
func (c catalogue) rule(rule any) string {
	if f, ok := rule.(check.Finding); ok {
		if f.Title != "" {
			return f.Rule + " " + f.Title
		}
		rule = f.Rule
	}
	id := fmt.Sprint(rule)
	if r, ok := check.RuleByID(id); ok {
		return id + " " + r.Title
	}
	return id
}

// ruleName is its short name alone, for those who file: the number means
// something to supervisors only. A rule without a name keeps its number.
func (c catalogue) ruleName(rule any) string {
	full := c.rule(rule)
	if _, name, ok := strings.Cut(full, " "); ok && name != "" {
		return name
	}
	return full
}

// ruleFor is a rule as the visitor reads it: see office.ReadsRuleNumbers.
func (c catalogue) ruleFor(v *people.Visitor, rule any) string {
	if v != nil && office.ReadsRuleNumbers(*v) {
		return c.rule(rule)
	}
	return c.ruleName(rule)
}

// reportName tells a unit's reports of one year apart: the national one, and
// those of other form families by their form's title.
func (c catalogue) reportName(h office.ReportHead) string {
	if form := disclosure.FormByID(h.FormID); form != nil && h.Key.Family != disclosure.FamilyNational {
		return c.say("report.name_annex", h.Key.Period, form.Title)
	}
	return c.say("report.name", h.Key.Period)
}

func (c catalogue) scope(s disclosure.Scope) string {
	if s == disclosure.ScopeUnknown {
		return c.say("scope.unknown")
	}
	return string(s)
}

// indicator is an indicator's name on a page that is about one unit.
func (c catalogue) indicator(i office.Indicator) string {
	if s, ok := c.find("figure." + string(i.Code)); ok {
		return s
	}
	return i.Short
}

// thousands writes a number with separators: 1,234.5. places < 0 keeps the
// number's own places.
func thousands(d decimal.Decimal, places int32) string {
	s := d.String()
	if places >= 0 {
		s = d.StringFixed(places)
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, has := strings.Cut(s, ".")
	var b strings.Builder
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	if has {
		b.WriteString("." + fraction)
	}
	return sign + b.String()
}

// valueText is a value as people read it.
func (c catalogue) valueText(v office.Value) string {
	switch v.State {
	case office.StateNumber:
		switch {
		case v.Percent:
			return thousands(v.Number, 1) + "%"
		case v.Ratio:
			return thousands(v.Number, 2)
		}
		return thousands(v.Number, -1)
	case office.StateNoDenominator, "": // "": the year has no value at all
		return "–"
	}
	return c.say("state." + string(v.State))
}

// cell makes a table's cell of a value: the text, the number for spreadsheets,
// the denominator beside it, and the link to the report's cell.
func (c catalogue) cell(v office.Value, basis string) dashboards.Cell {
	out := dashboards.Cell{Text: c.valueText(v), Href: valueHref(v, basis)}
	if len(v.Carried) > 0 {
		out.Below = c.say("carried.added", strings.Join(v.Carried, "、"))
	}
	if len(v.LeftOut) > 0 {
		out.Below = joinNotes(out.Below, c.say("carried.left_out", strings.Join(v.LeftOut, "、")))
	}
	if v.OK() {
		out.Number = decimal.NewNullDecimal(v.Number)
		if v.Ratio {
			out.Number.Decimal = v.Number.Round(2)
			out.Note = thousands(v.Numerator, -1) + "/" + thousands(v.Denominator, -1)
			if v.Reports > 0 {
				out.Note += c.say("number.reports", v.Reports)
			}
		}
		if v.Few {
			out.Mark = "few"
		}
	} else {
		out.Mark = "none"
	}
	return out
}

func point(v office.Value, basis string) dashboards.Point {
	if !v.OK() {
		return dashboards.Point{}
	}
	n := v.Number
	if v.Ratio {
		n = n.Round(2)
	}
	return dashboards.Point{Value: decimal.NewNullDecimal(n), Href: valueHref(v, basis)}
}

func valueHref(v office.Value, basis string) string {
	if v.Report == nil || v.State == office.StateAbsent {
		return ""
	}
	return reportHref(*v.Report, basis) + "#" + string(v.Code)
}

// medianText shows a median: whole, or with one place.
func medianText(m float64, percent bool) string {
	s := thousands(decimal.NewFromFloat(m), 1)
	if !percent && m == math.Trunc(m) {
		s = thousands(decimal.NewFromFloat(m), 0)
	}
	if percent {
		return s + "%"
	}
	return s
}

// codeLabel is a cell's label without its table's name.
func codeLabel(code disclosure.Code) string { return disclosure.LabelOf(code) }

// sizeText is a file's size as people read it.
func sizeText(bytes int64) string {
	switch {
	case bytes < 1<<10:
		return fmt.Sprintf("%d B", bytes)
	case bytes < 1<<20:
		return fmt.Sprintf("%d KB", bytes>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
}
