// Package anomaly looks at a unit's figures beside those of its other years and
// of like units, and says which of them no person would expect. A unit has 3-8
// yearly values and most are zero, so nothing here rests on a standard
// deviation of the values, or on a rate of a few cases.
//
// What the rules of internal/check find is not repeated. It knows nothing of
// storage or pages: a Scan takes reports in as they stream and gives Anomalies.
package anomaly

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
)

// Kind says what a figure was held against.
type Kind string

// The kinds of anomaly.
const (
	// History: a count of cases beside the unit's other years.
	History Kind = "history"
	// Jump: a stock (documents in force) or a volume (licences, fees) that
	// leaps against the unit's other years.
	Jump Kind = "jump"
	// Mix: the shares of outcomes, or of applicants, beside other years.
	Mix Kind = "mix"
	// Peers: loads, shares and disputes beside like units of the same year.
	Peers Kind = "peers"
	// Persistence: identical figures several years running.
	Persistence Kind = "persistence"
)

// Kinds lists the kinds in the order in which they are shown.
var Kinds = []Kind{History, Jump, Mix, Peers, Persistence}

// Names are the kinds as people read them.
var Names = map[Kind]string{History: "与历年相比", Jump: "存量或数量突变", Mix: "构成变化", Peers: "与同类单位相比", Persistence: "数据雷同"}

// Severity is that of the rules; an anomaly is a question to the unit and never
// an error.
type Severity string

// The severities of an anomaly.
const (
	Explain Severity = "explain" // wants a written explanation
	Notice  Severity = "notice"
)

// Anomaly is one thing that a supervisor should ask about.
type Anomaly struct {
	Unit  disclosure.UnitNumber
	Year  disclosure.Year
	Scope disclosure.Scope // of the report
	// Codes are the figures in question, the leading one first.
	Codes    []disclosure.Code
	Kind     Kind
	Severity Severity
	// Score is how far off the figures are, in standard deviations of what was
	// to be expected (persistence: in the same measure, from the chance that
	// the figures repeat by themselves), to one decimal place.
	Score float64
	// Message is one sentence; Method says in one line how it was reckoned.
	Message, Method string
	// N is how many other years, or like units, the score rests on.
	N int
	// Numbers are what was compared. Other units' figures stand here only as a
	// statistic over at least PeersNeeded of them.
	Numbers []Number
}

// Number is one of the numbers that an anomaly rests on.
type Number struct {
	Label string  `json:"label"`
	Value float64 `json:"value"`
}

// Fingerprint names the anomaly for as long as it is about the same figures of
// the same report: kind, unit, scope, year and codes. Wording, score and other
// units' values are no part of it.
func (a *Anomaly) Fingerprint() string {
	codes := slices.Clone(a.Codes)
	slices.Sort(codes)
	scope := a.Scope
	if scope == disclosure.ScopeUnknown {
		scope = disclosure.ScopeAgency // saying so later changes no mark
	}
	h := sha256.New()
	h.Write([]byte(strings.Join([]string{"anomaly", string(a.Kind), strconv.Itoa(int(a.Unit)), string(scope), a.Year.String()}, "\n")))
	for _, c := range codes {
		h.Write([]byte("\n" + string(c)))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}
