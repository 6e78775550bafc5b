package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Reading is one way to understand a number in the prose, and what the tables
// hold for it.
type Reading struct {
	Name  string `json:"name"`  // 本年新收+上年结转
	Value string `json:"value"` // decimal string
}

// reading is a Reading in the making. A table that contradicts itself (a total
// that is not its columns' sum) gives more than one value; each may be meant.
type reading struct {
	name   string
	values []float64
	codes  []disclosure.Code
	// most: the text speaks of a part, so any number up to the value will do.
	most bool
}

func (r reading) fits(m mention) bool {
	for _, v := range r.values {
		if m.agrees(v) || r.most && m.value <= v {
			return true
		}
	}
	return false
}

func (r reading) shown() Reading {
	return Reading{r.name, strconv.FormatFloat(r.values[0], 'f', -1, 64)}
}

// ledger reads tables 三 and 四 of a report for comparing with its prose.
type ledger struct{ report *disclosure.Report }

func (l ledger) cell(code string) (float64, bool) {
	v, ok := l.report.Value(disclosure.Code(code))
	return v.InexactFloat64(), ok
}

// rows is the sum of rows of table 三: by the total column, and by the six
// applicants' columns. Blanks are 0 beside a number.
func (l ledger) rows(name string, keys ...string) reading {
	out := reading{name: name}
	var total, columns decimal.Decimal
	hasTotal, hasColumns := false, false
	for _, key := range keys {
		out.codes = append(out.codes, disclosure.Code("T3_"+key+"_TOT"))
		if v, ok := l.report.Value(disclosure.Code("T3_" + key + "_TOT")); ok {
			total, hasTotal = total.Add(v), true
		}
		for _, col := range applicantColumns {
			if v, ok := l.report.Value(disclosure.Code("T3_" + key + "_" + col)); ok {
				columns, hasColumns = columns.Add(v), true
			}
		}
	}
	if hasTotal {
		out.add(total.InexactFloat64())
	}
	if hasColumns {
		out.add(columns.InexactFloat64())
	}
	return out
}

var applicantColumns = []string{"NP", "BIZ", "RES", "NPO", "LAW", "OTH"}

func (r *reading) add(v float64) {
	if !slices.Contains(r.values, v) {
		r.values = append(r.values, v)
	}
}

// plus combines two readings, value by value; sign is 1 or -1.
func (r reading) plus(name string, sign float64, o reading) reading {
	out := reading{name: name, codes: append(slices.Clone(r.codes), o.codes...)}
	for _, a := range r.values {
		for _, b := range o.values {
			out.add(a + sign*b)
		}
	}
	return out
}

func (l ledger) fresh() reading     { return l.rows("本年新收", "NEW_RECEIVED") }
func (l ledger) carriedIn() reading { return l.rows("上年结转", "CARRIED_IN") }
func (l ledger) carriedOut() reading {
	return l.rows("结转下年度继续办理", "CARRIED_OUT")
}
func (l ledger) closed() reading { return l.rows("办理结果总计", "RESULT_TOTAL") }

// outcomes of table 三 and the rows they consist of.
var outcomeRows = map[topic][]string{
	granted: {"GRANTED"},
	partial: {"PARTIAL"},
	denied: {"DENY_STATE_SECRET", "DENY_LAW_PROHIBIT", "DENY_SECURITY_STABILITY", "DENY_THIRD_PARTY", "DENY_INTERNAL_AFFAIRS",
		"DENY_PROCESS_INFO", "DENY_ENFORCE_FILE", "DENY_ADMIN_QUERY"},
	unavailable: {"UNAVAIL_NOT_HELD", "UNAVAIL_NEED_CREATE", "UNAVAIL_UNCLEAR"},
	rejected:    {"REJECT_PETITION", "REJECT_DUPLICATE", "REJECT_PUBLICATION", "REJECT_EXCESSIVE", "REJECT_RECONFIRM"},
}

func (l ledger) outcome(t topic) reading {
	if t != otherwise {
		return l.rows(string(t), outcomeRows[t]...)
	}
	details := l.rows(string(t), "OTHER_NO_CORRECTION", "OTHER_NO_FEE", "OTHER_MISC")
	merged := l.rows(string(t), "OTHER_MERGED")
	for _, v := range merged.values {
		details.add(v)
	}
	if len(merged.values) > 0 {
		details.codes = append(details.codes, merged.codes...)
	}
	return details
}

// disputes is the total of groups of table 四, as printed and as the sum of
// the outcomes.
func (l ledger) disputes(name string, groups ...string) reading {
	out := reading{name: name}
	printed, summed := 0.0, 0.0
	hasPrinted, hasSummed := false, false
	for _, g := range groups {
		out.codes = append(out.codes, disclosure.Code("T4_"+g+"_TOTAL"))
		if v, ok := l.cell("T4_" + g + "_TOTAL"); ok {
			printed, hasPrinted = printed+v, true
		}
		for _, o := range []string{"UPHELD", "CORRECTED", "OTHER", "PENDING"} {
			if v, ok := l.cell("T4_" + g + "_" + o); ok {
				summed, hasSummed = summed+v, true
			}
		}
	}
	if hasPrinted {
		out.add(printed)
	}
	if hasSummed {
		out.add(summed)
	}
	return out
}

func (l ledger) pending(name string, groups ...string) reading {
	return l.disputed(name, "PENDING", groups...)
}

// disputed is one outcome over groups of table 四.
func (l ledger) disputed(name, outcome string, groups ...string) reading {
	out := reading{name: name}
	sum, has := 0.0, false
	for _, g := range groups {
		code := "T4_" + g + "_" + outcome
		out.codes = append(out.codes, disclosure.Code(code))
		if v, ok := l.cell(code); ok {
			sum, has = sum+v, true
		}
	}
	if has {
		out.add(sum)
	}
	return out
}

// told says the readings that were tried: 本年新收170、本年新收+上年结转177.
// Readings that come to the same number are told once.
func told(readings []reading) string {
	var names, values []string
	for _, r := range readings {
		v := r.shown().Value
		if !slices.Contains(values, v) {
			names, values = append(names, r.name+v), append(values, v)
		}
	}
	if len(names) > 4 {
		return fmt.Sprintf("%s等%d种读法", strings.Join(names[:4], "、"), len(names))
	}
	return strings.Join(names, "、")
}
