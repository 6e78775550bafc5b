package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
)

// Member is a report among those of its district, for the rules that look at
// several units' reports at once.
type Member struct {
	Report *disclosure.Report
	// Unit is who files it. nil: nobody knows more than the report says.
	Unit *disclosure.Unit
	// Filed is when it was handed in; zero when that is not known for certain.
	Filed time.Time
	// Superseded: a later revision of the same report is a member too, and
	// stands for the unit in sums.
	Superseded bool
}

// Among tries the rules that need the reports of several units (CPY-R1 against
// others, CPY-R2 by their names, AGG-R1, DUE-R1) and returns the findings of
// each member, in its place; nil where there are none. The members are a
// district's national reports of one year. units are the district's units,
// those without a report included; nil when no list is known.
//
// What Report finds is not repeated. Use Merge to put both together.
func Among(members []Member, units []disclosure.Unit) [][]Finding {
	a := &assembly{members: members, units: units, exams: make([]*examination, len(members)), listed: listNames(units)}
	for i, m := range members {
		if m.Report.Form == nil || m.Report.Form.Family != disclosure.FamilyNational {
			continue
		}
		plan := planOf(m.Report.Form)
		a.exams[i] = &examination{plan: plan, sheet: readSheet(plan, m.Report)}
	}
	a.twins()
	a.aggregates()
	out := make([][]Finding, len(members))
	for i, e := range a.exams {
		if e == nil {
			continue
		}
		if f, late := Due(members[i].Report, members[i].Unit, members[i].Filed); late {
			e.findings = append(e.findings, f)
		}
		e.sort()
		out[i] = e.findings
	}
	return out
}

// assembly is the members under the rules.
type assembly struct {
	members []Member
	units   []disclosure.Unit
	listed  map[string]listing
	exams   []*examination // nil for members that the rules do not take
}

// Merge puts the findings of Report and Among on one report together, in the
// order that Report gives.
func Merge(form *disclosure.Form, a, b []Finding) []Finding {
	if len(b) == 0 {
		return a
	}
	e := &examination{plan: planOf(form), findings: append(slices.Clone(a), b...)}
	e.sort()
	return e.findings
}

// Due tries DUE-R1: the report was handed in by the day that the Regulations
// set (Art. 49), in China's time. late is false when filed is zero.
func Due(r *disclosure.Report, unit *disclosure.Unit, filed time.Time) (f Finding, late bool) {
	if filed.IsZero() || r.Year() == 0 {
		return f, false
	}
	deadline := Deadline(r.Year(), unit)
	filed = filed.In(deadline.Location())
	if filed.Before(deadline) {
		return f, false
	}
	last := deadline.AddDate(0, 0, -1)
	days := calendar.At(calendar.Statutory(r.Year(), unit)).DaysLate(filed)
	return Finding{Rule: "DUE-R1", Severity: Notice, Codes: []disclosure.Code{},
		Expected: last.Format(time.DateOnly), Actual: filed.Format(time.DateOnly), Difference: fmt.Sprintf("%d天", days),
		Message: fmt.Sprintf("报告于%s报送,晚于%s的期限%d天,请核对报送和公布日期,今后按期报送。", filed.Format("2006年1月2日"), last.Format("2006年1月2日"), days)}, true
}

// Silent is DUE-R1 on a unit that filed no report for a year that is over due.
func Silent(year disclosure.Year, unit *disclosure.Unit) Finding {
	last := Deadline(year, unit).AddDate(0, 0, -1)
	return Finding{Rule: "DUE-R1", Severity: Notice, Codes: []disclosure.Code{}, Expected: last.Format(time.DateOnly), Actual: "未报送",
		Message: fmt.Sprintf("没有收到%s年度报告,期限为%s,请核实并督促报送。", year, last.Format("2006年1月2日"))}
}

// Deadline is the first moment after the last day for a year's report. The day
// itself is the law's, and stands in calendar.Statutory.
func Deadline(year disclosure.Year, unit *disclosure.Unit) time.Time {
	return calendar.Statutory(year, unit).End()
}

// twins tries CPY-R1 between units, and CPY-R2 by the names of others.
func (a *assembly) twins() {
	bodies := make([]*body, len(a.members))
	var postings []posting
	for i, m := range a.members {
		if a.exams[i] == nil || !m.Report.HasProse || m.Superseded {
			continue
		}
		texts := sentences(m.Report)
		bodies[i] = bodyOf(m.Report, texts)
		a.namesOfOthers(i, texts)
		for _, h := range sketch(bodies[i].hashes) {
			postings = append(postings, posting{h, int32(i)})
		}
	}
	common := commonShingles(bodies)
	for _, pair := range candidates(postings, len(bodies), common) {
		a.twin(pair, bodies, common)
	}
}

type posting struct {
	hash   uint64
	member int32
}

// sketchOf is the share of shingles that find candidates: one in so many.
const sketchOf = 8

// sketch keeps the shingles whose hash is 0 modulo sketchOf: two texts that
// share a part of their shingles share that part of their sketches.
func sketch(hashes []uint64) []uint64 {
	var out []uint64
	for _, h := range hashes {
		if h%sketchOf == 0 {
			out = append(out, h)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// commonShingles tells what so many reports hold that it is nobody's own: the
// form, the law, and a district's model text.
func commonShingles(bodies []*body) func(uint64) bool {
	reports := 0
	times := map[uint64]int32{}
	for _, b := range bodies {
		if b == nil {
			continue
		}
		reports++
		for h := range b.index() {
			times[h]++
		}
	}
	limit := int32(max(leastCommon, reports/12))
	for h, n := range times {
		if n <= limit {
			delete(times, h)
		}
	}
	return func(h uint64) bool { return times[h] > 0 || formWords(h) }
}

// leastCommon is in how many reports of a few a text stands at least to be
// everybody's.
const leastCommon = 5

// pair are two members whose sketches overlap.
type pair struct{ a, b int32 }

// candidates are the pairs that share enough of their sketches to be looked at.
func candidates(postings []posting, n int, common func(uint64) bool) []pair {
	slices.SortFunc(postings, func(x, y posting) int {
		return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.member, y.member))
	})
	size := make([]int, n)
	shared := map[pair]int{}
	for i := 0; i < len(postings); {
		k := i
		for k < len(postings) && postings[k].hash == postings[i].hash {
			k++
		}
		if !common(postings[i].hash) {
			for x := i; x < k; x++ {
				size[postings[x].member]++
				for y := x + 1; y < k; y++ {
					shared[pair{postings[x].member, postings[y].member}]++
				}
			}
		}
		i = k
	}
	var out []pair
	for p, common := range shared {
		if float64(common) >= 0.3*float64(min(size[p.a], size[p.b])) && common >= 2 {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(x, y pair) int { return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b)) })
	return out
}

// twin compares two members. The one that bears the other's name, or else was
// certainly filed later, is told; else both.
func (a *assembly) twin(p pair, bodies []*body, common func(uint64) bool) {
	if a.sameUnit(p) {
		return
	}
	one, other := a.members[p.a], a.members[p.b]
	copyOf := func(from, of int32) {
		share, measured, runs := overlap(bodies[from], bodies[of], common)
		if !tooMuchAlike(share, measured, twinShare) {
			return
		}
		r := a.members[of].Report
		a.exams[from].find(Finding{Rule: "CPY-R1", Severity: Explain, Aspect: copiedFromAnother, Expected: "本单位自己的内容", Actual: percent(share),
			Copied:  &Copied{Unit: r.Unit, Year: r.Year(), Share: share, Passages: passages(bodies[from], bodies[of], runs)},
			Message: fmt.Sprintf("正文与另一单位报告雷同约%s(数字、表式用语和多数单位共有的文字不计),请按本单位实际改写,确属相同的请书面说明。", percent(share))}, nil)
	}
	aNames, bNames := a.bears(p.a, p.b), a.bears(p.b, p.a)
	later := func(x, y Member) bool { return !x.Filed.IsZero() && !y.Filed.IsZero() && x.Filed.After(y.Filed) }
	if bNames == aNames || aNames {
		if aNames || !later(other, one) {
			copyOf(p.a, p.b)
		}
	}
	if bNames == aNames || bNames {
		if bNames || !later(one, other) {
			copyOf(p.b, p.a)
		}
	}
}

func (a *assembly) sameUnit(p pair) bool {
	x, y := a.members[p.a], a.members[p.b]
	if x.Unit != nil && y.Unit != nil {
		return x.Unit.Number == y.Unit.Number
	}
	return disclosure.NormalName(x.Report.Unit) == disclosure.NormalName(y.Report.Unit)
}
