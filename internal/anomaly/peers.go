package anomaly

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"mingjing/internal/disclosure"
)

// PeersNeeded is how many other units' approved reports a statistic over them
// needs before it may be shown or judged by.
const PeersNeeded = 5

// Sizes of comparisons with like units.
const (
	peersNearest  = 24   // of all like units, the nearest in load
	peersLoad     = 3.0  // at most so many times more, or fewer, cases
	peerCases     = 5    // cases of a peer, under which its shares say nothing
	sharedCases   = 15   // cases of the tested unit
	shareDistance = 0.60 // between its share and theirs
	peersAlike    = 5    // at most one in so many of the others may be as far off
	peersNoticed  = 4.0
	disputeRatio  = 4.0
	disputeSize   = 10.0
	loadRatio     = 4.0 // times what nine in ten of the others stay under
	loadSize      = 50.0
)

// kindred units are compared: one kind, one 考核分组, one scope.
type kindred struct {
	kind  disclosure.UnitKind
	group string
	scope disclosure.Scope
}

// peerFacts is what a tested report takes into the comparison with others: it
// is kept for every unit, so it is small.
type peerFacts struct {
	unit     disclosure.UnitNumber
	approved bool
	mixed    bool // its own history already questions its outcomes
	alone    bool // no other year on file
	closed   float64
	groups   [len(outcomeGroups)]float64
	leading  [len(outcomeGroups)]int // place of the group's largest row
	disputes float64
	received float64
}

// outcomeGroups are the six outcomes of table 三 by their rows.
var outcomeGroups = [...]struct {
	name    string
	derived disclosure.Code
	code    disclosure.Code
}{
	{"予以公开", "", "T3_GRANTED_TOT"}, {"部分公开", "", "T3_PARTIAL_TOT"}, {"不予公开", "D_DENY", ""},
	{"无法提供", "D_UNAVAIL", ""}, {"不予处理", "D_REJECT", ""}, {"其他处理", "D_OTHER", "T3_OTHER_MERGED_TOT"},
}

var groupPlaces = func() (out [len(outcomeGroups)][]int) {
	for i, g := range outcomeGroups {
		if g.code != "" {
			out[i] = append(out[i], place(g.code))
		}
		for _, d := range disclosure.NationalForm("2021").Derived {
			if d.Code == g.derived {
				for _, row := range d.Rows {
					out[i] = append(out[i], place(disclosure.Code("T3_"+row+"_TOT")))
				}
			}
		}
	}
	return out
}()

var (
	disputePlaces = []int{place("T4_REV_TOTAL"), place("T4_LITD_TOTAL"), place("T4_LITR_TOTAL")}
	receivedPlace = place("T3_NEW_RECEIVED_TOT")
)

func factsOf(r *Report) *peerFacts {
	f := &peerFacts{unit: r.Unit, approved: r.Approved, received: orZero(r.Figures[receivedPlace])}
	for g, at := range groupPlaces {
		f.leading[g] = at[0]
		for _, p := range at {
			v := orZero(r.Figures[p])
			f.groups[g] += v
			if v > orZero(r.Figures[f.leading[g]]) {
				f.leading[g] = p
			}
		}
		f.closed += f.groups[g]
	}
	f.disputes, _ = r.sum(disputePlaces)
	return f
}

// peers compares the reports of one year and one kindred. The facts are put in
// order of load.
func peers(y disclosure.Year, k kindred, facts []*peerFacts) []Anomaly {
	slices.SortFunc(facts, func(a, b *peerFacts) int {
		return cmp.Or(cmp.Compare(a.closed, b.closed), cmp.Compare(a.unit, b.unit))
	})
	var out []Anomaly
	var received loads
	if k.kind == disclosure.UnitLocality {
		received = loadsOf(facts) // departments' loads differ by their business
	}
	for i, f := range facts {
		if f.closed >= sharedCases {
			if like := nearest(facts, i); len(like) >= PeersNeeded {
				if a, ok := shares(f, like); ok && !f.mixed {
					out = append(out, a)
				}
				if a, ok := disputes(f, like); ok {
					out = append(out, a)
				}
			}
		}
		if a, ok := received.test(f); ok {
			out = append(out, a)
		}
	}
	for i := range out {
		out[i].Year, out[i].Scope, out[i].Kind = y, k.scope, Peers
		out[i].Message = fmt.Sprintf("%s年%s", y, out[i].Message)
		out[i].Method = fmt.Sprintf("与%s同口径的%d个同类单位已通过的报告相比:%s", k, out[i].N, out[i].Method)
	}
	return out
}

// String is what the comparison calls the units.
func (k kindred) String() string {
	if k.group != "" {
		return "“" + k.group + "”组"
	}
	return "“" + string(k.kind) + "”类"
}

// nearest are the approved others with a similar load, the nearest on either
// side of a place in the order of load.
func nearest(facts []*peerFacts, i int) []*peerFacts {
	var out []*peerFacts
	load := facts[i].closed
	near := func(j int) bool {
		return j >= 0 && j < len(facts) && facts[j].closed*peersLoad >= load && facts[j].closed <= load*peersLoad
	}
	for lo, hi := i-1, i+1; len(out) < peersNearest && (near(lo) || near(hi)); {
		j := hi
		if !near(hi) || near(lo) && load/facts[lo].closed <= facts[hi].closed/load {
			j = lo
			lo--
		} else {
			hi++
		}
		if facts[j].approved && facts[j].closed >= peerCases {
			out = append(out, facts[j])
		}
	}
	return out
}

// shares tests the outcome whose share is furthest from that of like units.
// Center and spread between units rest on medians: some of them may have the
// same fault.
func shares(f *peerFacts, like []*peerFacts) (Anomaly, bool) {
	best, bestScore, bestShare := -1, 0.0, 0.0
	n := float64(len(like))
	theirs, deviations := make([]float64, len(like)), make([]float64, len(like))
	for g := range outcomeGroups {
		for i, p := range like {
			theirs[i] = p.groups[g] / p.closed
		}
		center := median(theirs)
		own := f.groups[g] / f.closed
		asFar := 0
		for i, s := range theirs {
			deviations[i] = math.Abs(s - center)
			if (s-center)*(own-center) > 0 && deviations[i] >= shareDistance {
				asFar++
			}
		}
		if math.Abs(own-center) < shareDistance || asFar > len(like)/peersAlike {
			continue
		}
		smooth := (center*n + 1.0/float64(len(outcomeGroups))) / (n + 1)
		spread := 1.4826 * median(deviations)
		between := max(spread*spread, smooth*(1-smooth)*mixCorrelation)
		score := (own - center) / math.Sqrt(between*(1+math.Pi/2/n)+smooth*(1-smooth)/f.closed)
		if math.Abs(score) > math.Abs(bestScore) {
			best, bestScore, bestShare = g, score, center
		}
	}
	if math.Abs(bestScore) < peersNoticed {
		return Anomaly{}, false
	}
	name, own := outcomeGroups[best].name, f.groups[best]
	return Anomaly{Unit: f.unit, Codes: []disclosure.Code{Codes()[f.leading[best]], "T3_RESULT_TOTAL_TOT"}, Severity: Notice, Score: tenth(bestScore), N: len(like),
		Method: fmt.Sprintf("取办结量相近(相差不超过%.0f倍)者的份额中位数,离差按各单位之间的差异计", peersLoad),
		Message: fmt.Sprintf("办结申请%s件中%s%s件(占%s),而%d个办结量相近的同类单位中位数为%s,请核实是否填错栏目;属实的请说明原因。",
			plain(f.closed), name, plain(own), percent(own/f.closed), len(like), percent(bestShare)),
		Numbers: []Number{{"本单位" + name, own}, {"本单位办结", f.closed}, {"同类单位份额中位数", math.Round(bestShare*1e4) / 1e4}, {"同类单位数", float64(len(like))}}}, true
}

// disputes tests the number of reviews and suits against what like units have
// for as many closed applications.
func disputes(f *peerFacts, like []*peerFacts) (Anomaly, bool) {
	var cases, closed float64
	rates := make([]float64, len(like))
	for i, p := range like {
		cases, closed = cases+p.disputes, closed+p.closed
		rates[i] = p.disputes / p.closed * f.closed
	}
	expected := cases / closed * f.closed
	score := surprise(f.disputes, expected, max(usualSpread, spreadOf(rates, median(rates))), len(like))
	if f.disputes-expected < disputeSize || times(f.disputes, expected) < disputeRatio || score < peersNoticed {
		return Anomaly{}, false
	}
	return Anomaly{Unit: f.unit, Codes: []disclosure.Code{"T4_REV_TOTAL", "T4_LITD_TOTAL", "T4_LITR_TOTAL"}, Severity: severityOf(score), Score: tenth(score), N: len(like),
		Method: "以办结量相近者每件办结的复议诉讼数折算应有件数,按计数的负二项分布计离差",
		Message: fmt.Sprintf("办结申请%s件,复议和诉讼共%s件,而按%d个办结量相近的同类单位折算应为%s件左右,请核实表四是否填错;属实的请说明原因。",
			plain(f.closed), plain(f.disputes), len(like), plain(math.Round(expected*10)/10)),
		Numbers: []Number{{"本单位复议诉讼", f.disputes}, {"本单位办结", f.closed}, {"折算应有", math.Round(expected*10) / 10}, {"同类单位数", float64(len(like))}}}, true
}

// loads is how many applications a kindred's units received: a statistic over
// those whose reports are approved.
type loads struct {
	n                    int
	median, high, spread float64
}

func loadsOf(facts []*peerFacts) loads {
	var values []float64
	for _, f := range facts {
		if f.approved {
			values = append(values, f.received)
		}
	}
	if len(values) == 0 {
		return loads{}
	}
	slices.Sort(values)
	m := median(values)
	return loads{n: len(values), median: m, high: values[(len(values)-1)*9/10], spread: spreadOf(values, m)}
}

// test asks about a load far above like units', of a unit that has no other
// year to be compared with.
func (l loads) test(f *peerFacts) (Anomaly, bool) {
	others := l.n
	if f.approved {
		others--
	}
	if !f.alone || others < PeersNeeded || f.received-l.high < loadSize || times(f.received, l.high) < loadRatio {
		return Anomaly{}, false
	}
	score := surprise(f.received, l.median, l.spread, others)
	return Anomaly{Unit: f.unit, Codes: []disclosure.Code{"T3_NEW_RECEIVED_TOT"}, Severity: severityOf(score), Score: tenth(score), N: others,
		Method: fmt.Sprintf("本单位没有其他年度可比,须超过九成同类单位的%.0f倍和%.0f件", loadRatio, loadSize),
		Message: fmt.Sprintf("新收政府信息公开申请%s件,而%d个同类单位的中位数为%s件,九成不超过%s件,请核实是否填错;属实的请说明原因。",
			plain(f.received), others, plain(l.median), plain(l.high)),
		Numbers: []Number{{"本单位新收", f.received}, {"同类单位中位数", l.median}, {"同类单位第九十百分位", l.high}, {"同类单位数", float64(others)}}}, true
}
