package notice

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"

	"github.com/shopspring/decimal"
)

// RuleKind says what comes of a rule.
type RuleKind string

// The kinds of rule.
const (
	Praise    RuleKind = "praise"
	Criticise RuleKind = "criticise"
)

// RuleKindNames are the kinds as people read them.
var RuleKindNames = map[RuleKind]string{Praise: "表扬", Criticise: "批评"}

// Rule names units: those for which every condition holds.
type Rule struct {
	ID         string      `json:"id"`
	Kind       RuleKind    `json:"kind"`
	On         bool        `json:"on"`
	Says       string      `json:"says"` // what it names units for
	Conditions []Condition `json:"conditions"`
}

// Condition holds a unit's measure against a number. Op is >=, <= or =.
type Condition struct {
	Metric string          `json:"metric"`
	Op     string          `json:"op"`
	Than   decimal.Decimal `json:"than"`
}

// Metric is a measure of a unit that rules can ask for.
type Metric struct {
	Name, Label, Unit string
	of                func(s *standing) (decimal.Decimal, bool)
}

// standing is what is known of one unit.
type standing struct {
	unit          disclosure.UnitNumber
	now, before   issue.Tally
	ranked        *issue.Ranked
	group         string
	escalated     escalation
	silent, quiet bool // no answer at all: this quarter, the one before
	lateReport    int  // days
}

func whole(n int) (decimal.Decimal, bool) { return decimal.NewFromInt(int64(n)), true }

// Metrics are what rules can ask for; one that cannot be told of a unit (no
// issue handed over, not ranked) makes its condition fail.
var Metrics = []Metric{
	{"issues", "本季度问题数", "件", func(s *standing) (decimal.Decimal, bool) { return whole(s.now.Issues) }},
	{"handed", "本季度交办数", "件", func(s *standing) (decimal.Decimal, bool) { return whole(s.now.Handed) }},
	{"rectified", "整改完成率", "%", func(s *standing) (decimal.Decimal, bool) { return s.now.Rectified.Percent() }},
	{"on_time", "按期反馈率", "%", func(s *standing) (decimal.Decimal, bool) { return s.now.OnTime.Percent() }},
	{"overdue", "逾期未反馈数", "件", func(s *standing) (decimal.Decimal, bool) { return whole(s.now.Overdue) }},
	{"returned", "退回重改数", "件", func(s *standing) (decimal.Decimal, bool) { return whole(s.now.Returned) }},
	{"reopened", "办结后重开数", "件", func(s *standing) (decimal.Decimal, bool) { return whole(s.now.Reopened) }},
	{"recurring", "同类问题反复数", "件", func(s *standing) (decimal.Decimal, bool) { return whole(s.now.Recurring) }},
	{"deduction", "扣分", "分", func(s *standing) (decimal.Decimal, bool) { return s.now.Deduction, true }},
	{"escalated", "按督办期限已到“通报点名”的问题数", "件", func(s *standing) (decimal.Decimal, bool) { return whole(s.escalated.issues()) }},
	{"silent", "本季度交办后全无反馈(1为是)", "", func(s *standing) (decimal.Decimal, bool) { return yes(s.silent) }},
	{"silent_before", "上季度交办后全无反馈(1为是)", "", func(s *standing) (decimal.Decimal, bool) { return yes(s.quiet) }},
	{"overdue_before", "上季度问题逾期未反馈数", "件", func(s *standing) (decimal.Decimal, bool) { return whole(s.before.Overdue) }},
	{"open_before", "上季度未办结数", "件", func(s *standing) (decimal.Decimal, bool) { return whole(s.before.Handed - s.before.Settled) }},
	{"score", "测评得分", "分", func(s *standing) (decimal.Decimal, bool) {
		if s.ranked == nil {
			return decimal.Zero, false
		}
		return s.ranked.Score, true
	}},
	{"rank", "组内名次", "名", func(s *standing) (decimal.Decimal, bool) {
		if s.ranked == nil {
			return decimal.Zero, false
		}
		return whole(s.ranked.Rank)
	}},
	{"late_report", "年报晚于法定日期", "天", func(s *standing) (decimal.Decimal, bool) { return whole(s.lateReport) }},
}

func yes(b bool) (decimal.Decimal, bool) {
	if b {
		return decimal.NewFromInt(1), true
	}
	return decimal.Zero, true
}

func metric(name string) *Metric {
	for i := range Metrics {
		if Metrics[i].Name == name {
			return &Metrics[i]
		}
	}
	return nil
}

// Ops are the comparisons in their order.
var Ops = []string{">=", "<=", "="}

func (r *Rule) check() error {
	r.ID, r.Says = strings.TrimSpace(r.ID), strings.TrimSpace(r.Says)
	switch {
	case r.ID == "" || len(r.ID) > 20 || strings.ContainsAny(r.ID, " \t\n\"'<>"):
		return disclosure.Errorf(disclosure.ErrInvalid, "点名规则要有编号,最多20个字母或数字,如P1。")
	case RuleKindNames[r.Kind] == "":
		return disclosure.Errorf(disclosure.ErrInvalid, "规则%s请选“表扬”或“批评”。", r.ID)
	case r.Says == "" || utf8.RuneCountInString(r.Says) > 60:
		return disclosure.Errorf(disclosure.ErrInvalid, "规则%s请写明点名的理由,最多60字。", r.ID)
	case len(r.Conditions) == 0 || len(r.Conditions) > 8:
		return disclosure.Errorf(disclosure.ErrInvalid, "规则%s要有1到8个条件。", r.ID)
	}
	for _, c := range r.Conditions {
		if metric(c.Metric) == nil || !slices.Contains(Ops, c.Op) {
			return disclosure.Errorf(disclosure.ErrInvalid, "规则%s的条件看不懂,请从列表中选择指标和比较方式。", r.ID)
		}
		if c.Than.Abs().GreaterThan(decimal.NewFromInt(100000)) || c.Than.Exponent() < -4 {
			return disclosure.Errorf(disclosure.ErrInvalid, "规则%s的数值过大或小数位过多。", r.ID)
		}
	}
	return nil
}

// holds says whether every condition holds for a unit.
func (r Rule) holds(s *standing) bool {
	for _, c := range r.Conditions {
		m := metric(c.Metric)
		if m == nil {
			return false
		}
		v, ok := m.of(s)
		if !ok {
			return false
		}
		d := v.Cmp(c.Than)
		if c.Op == ">=" && d < 0 || c.Op == "<=" && d > 0 || c.Op == "=" && d != 0 {
			return false
		}
	}
	return true
}

// shownMetric is the measure that is printed beside a unit's name: the rule's
// first, unless that one merely says yes or bounds it to nothing.
func (r Rule) shownMetric() *Metric {
	for _, c := range r.Conditions {
		if m := metric(c.Metric); m.Unit != "" && (c.Op == ">=" || c.Metric == "rank") && c.Metric != "handed" && c.Metric != "issues" {
			return m
		}
	}
	return nil
}

func (m *Metric) printed(v decimal.Decimal) string {
	if m.Name == "rank" {
		return fmt.Sprintf("第%s名", v)
	}
	return v.String() + m.Unit
}

// NamedBy are the units that a rule names.
type NamedBy struct {
	Rule  Rule
	Units []NamedUnit
}

// NamedUnit is a unit with the measure that is shown of it, "" for none.
type NamedUnit struct {
	Unit   disclosure.UnitNumber
	Name   string
	Key    string // of the measure
	Detail string
}

// Naming applies a layout's rules. A unit that a rule of criticism names is
// praised by none.
func Naming(f *Facts, rules []Rule) []NamedBy {
	all := f.standings()
	criticised := map[disclosure.UnitNumber]bool{}
	for _, r := range rules {
		for _, s := range all {
			if r.On && r.Kind == Criticise && r.holds(s) {
				criticised[s.unit] = true
			}
		}
	}
	var out []NamedBy
	for _, kind := range []RuleKind{Praise, Criticise} {
		for _, r := range rules {
			if !r.On || r.Kind != kind {
				continue
			}
			by, shown := NamedBy{Rule: r}, r.shownMetric()
			for _, s := range all {
				if !r.holds(s) || kind == Praise && criticised[s.unit] {
					continue
				}
				u := NamedUnit{Unit: s.unit, Name: f.name(s.unit)}
				if shown != nil {
					if v, ok := shown.of(s); ok {
						u.Key, u.Detail = fmt.Sprintf("unit/%d.%s", s.unit, shown.Name), shown.printed(v)
						switch {
						case shown.Name == "rank" && s.group != "":
							u.Detail = s.group + u.Detail
						case shown.Name == "escalated" && s.escalated.issues() > 0:
							u.Detail = s.escalated.words()
						}
					}
				}
				by.Units = append(by.Units, u)
			}
			out = append(out, by)
		}
	}
	return out
}

// standings are what is known of each unit, in the order of the quarter's
// statistics, then of the ranking, then of the quarter before.
func (f *Facts) standings() []*standing {
	met := map[disclosure.UnitNumber]*standing{}
	var out []*standing
	of := func(u disclosure.UnitNumber) *standing {
		if met[u] == nil {
			met[u] = &standing{unit: u}
			if u != 0 {
				out = append(out, met[u])
			}
		}
		return met[u]
	}
	for _, t := range f.Now.Units {
		of(t.Unit).now = t.Tally
	}
	for _, r := range f.Rankings {
		for _, g := range r.Groups {
			for k := range g.Units {
				// Of several lists the first ranks a unit.
				if s := of(g.Units[k].Unit); s.ranked == nil && g.Units[k].Unit != 0 {
					s.ranked, s.group = &g.Units[k], g.Group
				}
			}
		}
	}
	for _, t := range f.Before.Units {
		of(t.Unit).before = t.Tally
	}
	for _, u := range f.Now.Silent {
		of(u).silent = true
	}
	for _, u := range f.Before.Silent {
		of(u).quiet = true
	}
	for k, lines := range [][]Line{f.Lines, f.Earlier} {
		for i := range lines {
			if lines[i].Escalated {
				of(lines[i].Unit).escalated.add(&lines[i], k == 1, f.At)
			}
		}
	}
	if f.Reports != nil {
		for _, l := range f.Reports.Late {
			of(l.Number).lateReport = l.Days
		}
	}
	return out
}
