package office

import (
	"slices"
	"strings"
	"sync"

	"mingjing/internal/disclosure"
	"mingjing/internal/store"

	"github.com/shopspring/decimal"
)

// State says why there is a number to show, or why there is none.
type State string

// The states of a value. Blank is not zero, and neither is a report that is not
// there.
const (
	StateNumber        State = "number"
	StateBlank         State = "blank"
	StateSlash         State = "slash"
	StateUnread        State = "unread"
	StateMissing       State = "missing"        // no report
	StateWaiting       State = "waiting"        // a report is handed in, and not approved yet
	StateAbsent        State = "absent"         // the report's version of the form has no such cell
	StateNoDenominator State = "no_denominator" // the denominator is 0, or a figure under it is blank
)

// Value is one number to show, with where it comes from.
type Value struct {
	State  State
	Number decimal.Decimal // of a ratio: times 100
	// Ratio is set for derived measures; Few marks a denominator under the floor.
	Ratio                  bool
	Percent                bool
	Numerator, Denominator decimal.Decimal
	Few                    bool
	// Reports counts the reports that a sum rests on, 0 for one report's value.
	Reports uint64
	// Carried are predecessors of the unit whose figures the value holds too;
	// LeftOut those whose report of the year is of another scope.
	Carried, LeftOut []string
	// Report and Code name the cell; Report is nil for sums over units.
	Report *store.ReportKey
	Code   disclosure.Code
}

// OK says whether there is a number.
func (v Value) OK() bool { return v.State == StateNumber }

// Indicator is anything that can be compared: a figure of the form, a subtotal
// that the form does not print (D_DENY), or a derived measure (M_CARRY).
type Indicator struct {
	Code    disclosure.Code
	Name    string
	Short   string // the name where table and column are clear: (一)予以公开
	Unit    string // 万元, 元, "%", "件/百件", "" for counts
	Percent bool
	Note    string // stands beside it wherever it is shown
	// Ranked is false for what must not be ranked by (公开率).
	Ranked bool
	// Broken: the series breaks between 2023 and 2024 (复议前置).
	Broken bool

	measure *disclosure.Measure
	sum     []disclosure.Code // of a subtotal
	instead []disclosure.Code // alternates that stand for the subtotal's rows
}

// BreakYear is the first year under 行政复议法 as revised in 2023: most refusals
// go to review before court, so table 四 does not continue across it.
const BreakYear disclosure.Year = 2024

// IndicatorByCode finds what a code stands for; ErrNotFound for none.
func IndicatorByCode(code disclosure.Code) (Indicator, error) {
	if m, ok := disclosure.MeasureByCode(code); ok {
		ind := Indicator{Code: code, Name: m.Name, Short: m.Name, Percent: m.Percent, Note: m.Note, Broken: m.Broken,
			Ranked: m.Note != disclosure.NoteMix, measure: &m, Unit: "件/百件"}
		if m.Percent {
			ind.Unit = "%"
		}
		return ind, nil
	}
	for _, s := range Subtotals() {
		if s.Code == code {
			return s, nil
		}
	}
	def, _, ok := disclosure.LookupCode(code)
	if !ok {
		return Indicator{}, disclosure.Errorf(disclosure.ErrNotFound, "没有代码为“%s”的指标,请从列表中选择。", code)
	}
	return Indicator{Code: code, Name: def.Label(), Short: shortLabel(def), Unit: def.Unit, Ranked: true, Broken: def.Table.Key == "T4"}, nil
}

// shortLabel leaves out the table, the column 总计, and remarks on how to fill
// the row in.
func shortLabel(def disclosure.CellDef) string {
	label := strings.TrimPrefix(def.Label(), def.Table.Name+" ")
	label = strings.TrimSuffix(label, " · 总计")
	if i := strings.LastIndex(label, "(区分处理"); i > 0 {
		label = label[:i]
	}
	return label
}

// Subtotals are the sums that the national form does not print, over the column
// 总计: D_DENY, D_UNAVAIL, D_REJECT, D_OTHER. The newest version of the form
// says what they add; a report's merged row stands for the rows it replaces.
var Subtotals = sync.OnceValue(func() []Indicator {
	var out []Indicator
	for _, form := range disclosure.Forms() {
		for _, d := range form.Derived {
			if slices.ContainsFunc(out, func(i Indicator) bool { return i.Code == d.Code }) {
				continue
			}
			table := form.Table(d.Table)
			ind := Indicator{Code: d.Code, Name: table.Name + " " + d.Label + "小计", Short: d.Label + "小计", Ranked: true}
			for b := range table.Blocks {
				block := &table.Blocks[b]
				total, ok := totalColumn(block)
				if !ok {
					continue
				}
				for _, row := range d.Rows {
					ind.sum = append(ind.sum, table.Code(row, total))
				}
				for _, alt := range block.Alternates {
					if slices.ContainsFunc(alt.Replaces, func(key string) bool { return slices.Contains(d.Rows, key) }) {
						ind.instead = append(ind.instead, table.Code(alt.Row.Key, total))
					}
				}
			}
			out = append(out, ind)
		}
	}
	return out
})

// totalColumn is the key of the column 总计 of a block whose columns add up to
// it, as in table 三.
func totalColumn(b *disclosure.Block) (key string, ok bool) {
	for _, c := range b.Columns {
		if c.Label == "总计" && len(c.Groups) == 0 {
			return c.Key, true
		}
	}
	return "", false
}

// Codes lists the figures that the indicator reads.
func (i Indicator) Codes() []disclosure.Code {
	switch {
	case i.measure != nil:
		return i.measure.Codes()
	case i.sum != nil:
		return append(append([]disclosure.Code{}, i.sum...), i.instead...)
	}
	return []disclosure.Code{i.Code}
}

// figureOf reports one figure of one report.
type figureOf func(disclosure.Code) (store.Figure, bool)

// value computes the indicator from the figures of one report.
func (i Indicator) value(figure figureOf) Value {
	v := Value{Code: i.Code, Percent: i.Percent}
	number := func(c disclosure.Code) (decimal.Decimal, bool) {
		f, ok := figure(c)
		return f.Value, ok && f.Kind == disclosure.CellNumber
	}
	switch {
	case i.measure != nil:
		v.Ratio, v.Code = true, i.measure.Numerator[0]
		r := i.measure.Of(number, disclosure.FloorUnit)
		v.Numerator, v.Denominator, v.Few, v.Number = r.Numerator, r.Denominator, r.Few, r.Value
		v.State = StateNoDenominator
		if r.OK {
			v.State = StateNumber
		}
	case i.sum != nil:
		v.Code, v.State = i.sum[0], StateBlank
		for _, codes := range [][]disclosure.Code{i.sum, i.instead} {
			for _, c := range codes {
				if n, ok := number(c); ok {
					v.Number, v.State = v.Number.Add(n), StateNumber
				}
			}
			if v.OK() {
				break // one report prints either the rows or the merged row
			}
		}
	default:
		f, _ := figure(i.Code)
		v.State, v.Number = StateAbsent, f.Value
		switch f.Kind {
		case disclosure.CellNumber, disclosure.CellBlank, disclosure.CellSlash, disclosure.CellUnread:
			v.State = State(f.Kind)
		}
	}
	return v
}

// adds says whether sums of the single figures give the indicator over many
// reports; a ratio, or a subtotal with a merged row, is reckoned by report.
func (i Indicator) adds() bool { return i.measure == nil && i.instead == nil }

// parts is what the store adds up for the indicator.
func (i Indicator) parts() store.MeasureParts {
	switch {
	case i.measure != nil:
		return store.MeasureParts{Code: i.Code, Numerator: i.measure.Numerator, Plus: i.measure.Plus, Minus: i.measure.Minus}
	case i.sum != nil:
		return store.MeasureParts{Code: i.Code, Rows: i.sum, Instead: i.instead}
	}
	return store.MeasureParts{Code: i.Code, Rows: []disclosure.Code{i.Code}}
}

// summed is the indicator over many reports.
func (i Indicator) summed(s store.MeasureSum) Value {
	v := Value{Code: i.Code, Percent: i.Percent, Reports: s.Reports, State: StateBlank}
	if i.measure == nil {
		if s.Reports > 0 {
			v.State, v.Number = StateNumber, s.Numerator
		}
		return v
	}
	v.Ratio, v.State, v.Numerator, v.Denominator = true, StateNoDenominator, s.Numerator, s.Denominator
	if s.Denominator.IsPositive() {
		v.State, v.Few = StateNumber, s.Denominator.LessThan(decimal.NewFromInt(disclosure.FloorCity))
		v.Number = s.Numerator.Mul(decimal.NewFromInt(100)).DivRound(s.Denominator, 6)
	}
	return v
}

// What the store knows of a report, for callers that do not know the store.
type (
	ReportKey  = store.ReportKey
	ReportHead = store.ReportHead
	SourceFile = store.SourceFile
	EntityKind = store.EntityKind
	Verb       = store.Verb
	ErasedPart = store.ErasedPart
)
