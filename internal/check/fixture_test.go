package check

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

var form2021, form2019 = disclosure.NationalForm("2021"), disclosure.NationalForm("2019")

// zeros is a report whose every printed cell is 0: nothing is wrong with it.
func zeros(form *disclosure.Form, year disclosure.Year) *disclosure.Report {
	r := &disclosure.Report{Unit: "澜汀区水务局", Period: disclosure.Period{Year: year}, Form: form, Cells: map[disclosure.Code]disclosure.Cell{}}
	for _, c := range form.Cells() {
		r.Cells[c.Code] = disclosure.Number(0)
	}
	return r
}

// set writes "CODE=VALUE ..." into the report: a number, "" for blank, "/", "?text"
// for an unread cell, "x" to take the cell out.
func set(r *disclosure.Report, assignments string) *disclosure.Report {
	for _, a := range strings.Fields(assignments) {
		code, value, _ := strings.Cut(a, "=")
		c := disclosure.Code(code)
		switch {
		case value == "":
			r.Cells[c] = disclosure.Cell{Kind: disclosure.CellBlank}
		case value == "/":
			r.Cells[c] = disclosure.Cell{Kind: disclosure.CellSlash, Raw: "/"}
		case value == "x":
			delete(r.Cells, c)
		case strings.HasPrefix(value, "?"):
			r.Cells[c] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: value[1:]}
		default:
			r.Cells[c] = disclosure.Cell{Kind: disclosure.CellNumber, Value: decimal.RequireFromString(value)}
		}
	}
	return r
}

var columns = []string{"NP", "BIZ", "RES", "NPO", "LAW", "OTH", "TOT"}

// row sets a row of table 三 from seven values; "" is blank.
func row(r *disclosure.Report, key string, values ...string) *disclosure.Report {
	for i, v := range values {
		set(r, fmt.Sprintf("T3_%s_%s=%s", key, columns[i], v))
	}
	return r
}

// column blanks, or otherwise sets, a whole column of table 三.
func column(r *disclosure.Report, col, value string) *disclosure.Report {
	for _, c := range r.Form.Cells() {
		if c.Table.Key == "T3" && c.Column.Key == col {
			set(r, string(c.Code)+"="+value)
		}
	}
	return r
}

func with(r *disclosure.Report, prose ...disclosure.ProsePart) *disclosure.Report {
	r.HasProse, r.Prose = true, prose
	return r
}

// sixParts is prose as it should be.
func sixParts() []disclosure.ProsePart {
	return []disclosure.ProsePart{
		{Number: 0, Text: "现公布本局年度报告。"},
		{Number: 1, Title: "一、总体情况", Text: "全年公开信息若干条。"},
		{Number: 5, Title: "五、存在的主要问题及改进情况", Text: "解读形式还不够多。"},
		{Number: 6, Title: "六、其他需要报告的事项", Text: "无。"},
	}
}

// balanced fills tables 三 and 四 with random figures that obey every sum.
func balanced(form *disclosure.Form, rng *rand.Rand) *disclosure.Report {
	r := zeros(form, form.FirstYear)
	put := func(code disclosure.Code, n int64) { r.Cells[code] = disclosure.Number(n) }
	tab := form.Table("T3")
	totals := map[string]int64{}
	for _, col := range columns[:6] {
		var closed int64
		for _, def := range tab.Blocks[0].Rows {
			switch def.Key {
			case "NEW_RECEIVED", "CARRIED_IN", "RESULT_TOTAL", "CARRIED_OUT":
				continue
			}
			n := max(0, rng.Int64N(12)-6)
			closed += n
			totals[def.Key] += n
			put(tab.Code(def.Key, col), n)
		}
		carriedOut := rng.Int64N(4)
		carriedIn := rng.Int64N(closed + carriedOut + 1)
		for key, n := range map[string]int64{"RESULT_TOTAL": closed, "CARRIED_OUT": carriedOut, "CARRIED_IN": carriedIn,
			"NEW_RECEIVED": closed + carriedOut - carriedIn} {
			totals[key] += n
			put(tab.Code(key, col), n)
		}
	}
	for key, n := range totals {
		put(tab.Code(key, "TOT"), n)
	}
	for _, group := range []string{"REV", "LITD", "LITR"} {
		var total int64
		for _, outcome := range []string{"UPHELD", "CORRECTED", "OTHER", "PENDING"} {
			n := rng.Int64N(5)
			total += n
			put(disclosure.Code("T4_"+group+"_"+outcome), n)
		}
		put(disclosure.Code("T4_"+group+"_TOTAL"), total)
	}
	return r
}

func clone(r *disclosure.Report) *disclosure.Report {
	c := *r
	c.Cells = maps.Clone(r.Cells)
	c.Prose = slices.Clone(r.Prose)
	return &c
}

// brief writes a finding as "RULE severity FIRST_CODE.. expected>actual".
func brief(f Finding) string {
	where := "-"
	if len(f.Codes) > 0 {
		where = string(f.Codes[0])
	}
	if len(f.Codes) > 1 {
		where += fmt.Sprintf("+%d", len(f.Codes)-1)
	}
	out := fmt.Sprintf("%s %s %s", f.Rule, f.Severity, where)
	if f.Difference != "" {
		out += fmt.Sprintf(" %s>%s", f.Expected, f.Actual)
	}
	return out
}

func briefs(findings []Finding) []string {
	out := []string{}
	for _, f := range findings {
		out = append(out, brief(f))
	}
	return out
}

// wants fails unless the findings are exactly these, in this order.
func wants(t *testing.T, got []Finding, want ...string) {
	t.Helper()
	if !slices.Equal(briefs(got), want) {
		t.Errorf("findings:\n got  %s\n want %s", strings.Join(briefs(got), "\n      "), strings.Join(want, "\n      "))
		for _, f := range got {
			t.Log(f.Message)
		}
	}
	for _, f := range got {
		sound(t, f)
	}
}

// sound holds what every finding promises.
func sound(t *testing.T, f Finding) {
	t.Helper()
	if f.Codes == nil || len(f.Codes) != len(f.Labels) {
		t.Errorf("%s: %d codes, %d labels", f.Rule, len(f.Codes), len(f.Labels))
	}
	if !strings.HasSuffix(f.Message, "。") || strings.Count(f.Message, "。") != 1 {
		t.Errorf("%s: not one sentence: %s", f.Rule, f.Message)
	}
	if _, ok := gravity[f.Severity]; !ok {
		t.Errorf("%s: severity %q", f.Rule, f.Severity)
	}
}
