package notice

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// escalation is what the ladder has come to naming for one unit. The ladder
// goes by the calendar alone: that somebody reminded the unit is told only where
// it is on record.
type escalation struct {
	now, before int // issues of this quarter, of the one before
	days        int // the longest overdue
	reminded    int // issues with a reminder on record
	reminders   []time.Time
}

func (e *escalation) issues() int { return e.now + e.before }

func (e *escalation) add(l *Line, before bool, at time.Time) {
	if before {
		e.before++
	} else {
		e.now++
	}
	e.days = max(e.days, l.Due.DaysLate(at))
	if len(l.Reminders) > 0 {
		e.reminded++
	}
	for _, r := range l.Reminders { // one reminder is about several issues
		if !slices.ContainsFunc(e.reminders, r.Equal) {
			e.reminders = append(e.reminders, r)
		}
	}
}

// quarters says which quarter's issues they are.
func (e *escalation) quarters() string {
	var parts []string
	if e.now > 0 {
		parts = append(parts, filled("escalated.now", "n", strconv.Itoa(e.now)))
	}
	if e.before > 0 {
		parts = append(parts, filled("escalated.before", "n", strconv.Itoa(e.before)))
	}
	return listed(parts)
}

func (e *escalation) words() string {
	name := "named.escalated"
	if len(e.reminders) > 0 {
		name += ".reminded"
	}
	return filled(name, "issues", e.quarters(), "days", strconv.Itoa(e.days), "times", strconv.Itoa(len(e.reminders)))
}

// filled is a sentence with its places filled: place, words, place, words.
func filled(name string, pairs ...string) string {
	for k := 0; k < len(pairs); k += 2 {
		pairs[k] = "{" + pairs[k] + "}"
	}
	return strings.NewReplacer(pairs...).Replace(sentences[name])
}

// Words are a rule's conditions as an official puts them: 得分居本组第一,且没有逾期未反馈问题.
func (r Rule) Words() string {
	var parts []string
	for _, c := range r.Conditions {
		if m := metric(c.Metric); m != nil {
			parts = append(parts, c.words(m))
		}
	}
	if len(parts) < 2 {
		return listed(parts)
	}
	return parts[0] + ",且" + listed(parts[1:])
}

// words puts one condition; the bounds that mean all, none, some or the first
// have words of their own.
func (c Condition) words(m *Metric) string {
	if m.Unit == "" { // yes or no
		if c.Than.IsPositive() == (c.Op != "<=") {
			return m.Short()
		}
		return "没有" + m.Short()
	}
	one, hundred := decimal.NewFromInt(1), decimal.NewFromInt(100)
	form := map[string]string{">=": "least", "<=": "most", "=": "equal"}[c.Op]
	special := ""
	switch {
	case m.Unit == "%" && c.Op != "<=" && c.Than.Equal(hundred):
		special = "all"
	case m.Name == "rank" && c.Op != ">=" && c.Than.Equal(one):
		special = "first"
	case c.Op != ">=" && c.Than.IsZero():
		special = "none"
	case c.Op == ">=" && c.Than.Equal(one):
		special = "some"
	}
	for _, name := range []string{"rule." + m.Name + "." + special, "rule." + m.Name + "." + form, "rule." + form} {
		if sentences[name] != "" {
			return filled(name, "label", m.Short(), "n", c.Than.String(), "unit", m.Unit)
		}
	}
	return ""
}
