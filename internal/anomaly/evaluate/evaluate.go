package evaluate

import (
	"slices"

	"mingjing/internal/anomaly"
	"mingjing/internal/disclosure"
)

// CalibrationSeeds are the districts on which the thresholds of package anomaly
// were set. EvaluationSeeds are others: no threshold was set after looking at
// them. (101 to 110 and 201 to 210 were looked at once between two settings, and are
// used up.)
var (
	CalibrationSeeds = seedsFrom(1, 40)
	EvaluationSeeds  = seedsFrom(501, 20)
)

func seedsFrom(first uint64, n int) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		out[i] = first + uint64(i)
	}
	return out
}

// The aims: of planted faults of a size that a person would call a fault.
const (
	AimRecall    = 0.9
	AimPrecision = 0.8
)

// Result is what three ways of looking found in the districts of some seeds.
type Result struct {
	Name    string   `json:"name"`   // of the generator
	Looked  []uint64 `json:"looked"` // seeds on which thresholds were set
	Seeds   []uint64 `json:"seeds"`
	Reports int      `json:"reports"` // that were looked at
	Methods []Method `json:"methods"` // Mingjing first
	// Missed and False list what the product did not find, and what it found
	// where nothing was planted.
	Missed []string `json:"missed"`
	False  []string `json:"false"`
}

// Method is one way of looking.
type Method struct {
	Name  string         `json:"name"`
	Total Score          `json:"total"`
	Kinds []Score        `json:"kinds"` // by kind of fault, in the order of anomaly.Kinds
	Names map[string]Hit `json:"faults"`
	// Slight are planted faults that a person might pass over.
	Slight Hit `json:"slight"`
}

// Score counts one kind. Alarms of DHIS2's methods have no kind and are counted
// in the total only.
type Score struct {
	Kind   anomaly.Kind `json:"kind,omitempty"`
	Faults Hit          `json:"faults"`
	// Alarms that meet a planted fault, of all alarms.
	Alarms Hit `json:"alarms"`
}

// Hit is some of many.
type Hit struct {
	Hit int `json:"hit"`
	Of  int `json:"of"`
}

// Share is Hit as a part of Of; ok is false when there were none.
func (h Hit) Share() (share float64, ok bool) {
	if h.Of == 0 {
		return 0, false
	}
	return float64(h.Hit) / float64(h.Of), true
}

func (h *Hit) count(hit bool) {
	h.Of++
	if hit {
		h.Hit++
	}
}

// Recall is the part of the planted faults that was found, Precision the part
// of the alarms that are about a planted fault.
func (s Score) Recall() (float64, bool)    { return s.Faults.Share() }
func (s Score) Precision() (float64, bool) { return s.Alarms.Share() }

// alarm is what a method says of a report.
type alarm struct {
	unit  disclosure.UnitNumber
	year  disclosure.Year
	kind  anomaly.Kind
	codes []disclosure.Code
}

// meets says whether an alarm is about a fault: the same report, and at least
// one figure in common.
func (a alarm) meets(f fault) bool {
	return a.unit == f.unit && a.year <= f.until && a.year >= f.since &&
		slices.ContainsFunc(a.codes, func(c disclosure.Code) bool { return slices.Contains(f.codes, c) })
}

// Run evaluates the districts of some seeds.
func Run(seeds []uint64) Result {
	return run(seeds, generate, "按演示区生成、年度间起伏更大的区", CalibrationSeeds)
}

// RunStrangers is Run on districts that were made by another hand.
func RunStrangers(seeds []uint64) Result {
	return run(seeds, strangers, "用另一种办法生成的区和差错", StrangersCalibration)
}

func run(seeds []uint64, generate func(uint64) *district, name string, looked []uint64) Result {
	result := Result{Name: name, Looked: looked, Seeds: seeds, Methods: []Method{newMethod("明镜"), newMethod("DHIS2 z分数"), newMethod("DHIS2 修正z分数")}, Missed: []string{}, False: []string{}}
	for _, seed := range seeds {
		d := generate(seed)
		found := d.scan(&result)
		for i, alarms := range [][]alarm{found, d.dhis(zScores), d.dhis(modifiedZScores)} {
			result.Methods[i].add(d.planted, alarms)
		}
	}
	return result
}

func newMethod(name string) Method {
	m := Method{Name: name, Names: map[string]Hit{}}
	for _, k := range anomaly.Kinds {
		m.Kinds = append(m.Kinds, Score{Kind: k})
	}
	return m
}

// scan runs the product over every tested year.
func (d *district) scan(into *Result) []alarm {
	var out []alarm
	for _, y := range d.years {
		if y < firstTested {
			continue
		}
		scan := anomaly.NewScan(y, d.units)
		for _, u := range d.units {
			for _, r := range d.reports[u.Number] {
				scan.Add(r)
				if r.Year == y {
					into.Reports++
				}
			}
		}
		for _, a := range scan.Finish() {
			alarm := alarm{a.Unit, a.Year, a.Kind, a.Codes}
			out = append(out, alarm)
			if !slices.ContainsFunc(d.planted, alarm.meets) {
				into.False = append(into.False, d.units[a.Unit-1].Name+" "+a.Message)
			}
		}
	}
	for _, f := range d.planted {
		if f.kind != "" && !f.slight && !slices.ContainsFunc(out, func(a alarm) bool { return a.year == f.year && a.meets(f) }) {
			into.Missed = append(into.Missed, d.units[f.unit-1].Name+" "+f.year.String()+" "+f.name)
		}
	}
	return out
}

func (m *Method) add(planted []fault, alarms []alarm) {
	for _, f := range planted {
		if f.kind == "" {
			continue
		}
		found := slices.ContainsFunc(alarms, func(a alarm) bool { return a.year == f.year && a.meets(f) })
		if f.slight {
			m.Slight.count(found)
			continue
		}
		m.Total.Faults.count(found)
		m.Kinds[slices.Index(anomaly.Kinds, f.kind)].Faults.count(found)
		named := m.Names[f.name]
		named.count(found)
		m.Names[f.name] = named
	}
	for _, a := range alarms {
		met := false
		again := false
		for _, f := range planted {
			met = met || a.meets(f) && a.year == f.year
			again = again || a.meets(f)
		}
		if again && !met {
			continue // right, but a fault of many years must not count many times
		}
		m.Total.Alarms.count(met)
		if a.kind != "" {
			m.Kinds[slices.Index(anomaly.Kinds, a.kind)].Alarms.count(met)
		}
	}
}
