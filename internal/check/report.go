package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// Report tries every rule on cur and returns what they found, gravest first,
// then in the order of Rules and of the form's cells; nil when there is
// nothing to say. The same reports always give the same findings.
//
// last is the same unit's report for the period before, nil when there is none;
// one of another family, or known not to be of the period before, is set aside.
// Without it T2-R1, T3-R4, T4-R2, TXT-R4 and CPY-R1 are silent. When both
// reports name their scope and it differs, the first three are not assessable:
// figures of different scope are not compared.
//
// Rules that look at the reports of several units stand in Among.
//
// Codes in findings are cells of cur, never of last.
func Report(cur, last *disclosure.Report) []Finding { return ReportOf(nil, cur, last) }

// ReportOf is Report with the unit that files it, whose other names the prose
// may use; nil when nobody knows more than the report says.
func ReportOf(unit *disclosure.Unit, cur, last *disclosure.Report) []Finding {
	return ReportAfter(unit, cur, Before{Last: last})
}

// ReportAfter is ReportOf for a unit that others were merged into: T2-R1, T3-R4
// and T4-R2 compare with the sum of what they all filed; after a split they are
// not assessable, and say why.
func ReportAfter(unit *disclosure.Unit, cur *disclosure.Report, before Before) []Finding {
	if cur.Form == nil {
		return []Finding{{Rule: "FMT-R1", Severity: NotAssessable, Codes: []disclosure.Code{},
			Message: "未能识别报告所用的表单,请先指定表单版本再核验。"}}
	}
	plan := planOf(cur.Form)
	e := &examination{plan: plan, sheet: readSheet(plan, cur)}
	e.values()
	e.sums()
	came := chainOf(cur, before)
	if came.last != nil {
		e.previous(came)
	}
	e.version()
	e.parts()
	e.blanks()
	e.prose(unit, came)
	e.sort()
	return e.findings
}

// examination is one report under the rules.
type examination struct {
	*plan
	*sheet
	findings []Finding
}

// find adds a finding on cells, given by their place in the form.
func (e *examination) find(f Finding, cells []int) {
	cells = slices.Clone(cells)
	slices.Sort(cells)
	cells = slices.Compact(cells)
	f.Codes = make([]disclosure.Code, 0, len(cells))
	for _, i := range cells {
		def := &e.defs[i]
		f.Codes = append(f.Codes, def.Code)
		f.Labels = append(f.Labels, def.Label())
		if f.Table == "" {
			f.Table = def.Table.Name
		}
	}
	e.findings = append(e.findings, f)
}

var gravity = map[Severity]int{Error: 0, Explain: 1, Notice: 2, NotAssessable: 3}

func (e *examination) sort() {
	place := func(rule string) int {
		if i, ok := shipped().place[rule]; ok {
			return i
		}
		return len(shipped().rules)
	}
	first := func(f Finding) int {
		if len(f.Codes) == 0 {
			return -1
		}
		return e.form.Order(f.Codes[0])
	}
	slices.SortStableFunc(e.findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(gravity[a.Severity], gravity[b.Severity]),
			cmp.Compare(place(a.Rule), place(b.Rule)),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(first(a), first(b)))
	})
	e.tellApart()
}

// tellApart numbers findings that are about the same thing, so that a mark on
// one is no mark on another: two wrong numbers about one topic in the prose.
func (e *examination) tellApart() {
	seen := map[string]bool{}
	for i := range e.findings {
		f := &e.findings[i]
		key := func() string { return f.Rule + "\n" + f.Aspect + "\n" + strings.Join(sortedCodes(f.Codes), " ") }
		aspect := f.Aspect
		for n := 2; seen[key()]; n++ {
			f.Aspect = strings.TrimSpace(fmt.Sprintf("%s #%d", aspect, n))
		}
		seen[key()] = true
	}
}

// follows says whether last can be what came before cur. An unknown year is
// taken on the caller's word.
func follows(cur, last *disclosure.Report) bool {
	if last.Form == nil || last.Form.Family != cur.Form.Family {
		return false
	}
	if cur.Period.Year == 0 || last.Period.Year == 0 {
		return true
	}
	before := disclosure.Period{Year: cur.Period.Year - 1}
	switch q := cur.Period.Quarter; {
	case q == 1:
		before.Quarter = 4
	case q > 1:
		before = disclosure.Period{Year: cur.Period.Year, Quarter: q - 1}
	}
	return last.Period == before
}
