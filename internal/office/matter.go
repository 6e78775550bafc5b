package office

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"mingjing/internal/anomaly"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// Matter is something to be cleared up (待核实事项): what a rule found in a
// report, or an anomaly in its figures, with what people said of it.
type Matter struct {
	// ID is the fingerprint: it stays while the matter is about the same thing.
	ID     string
	Unit   *disclosure.Unit
	Report store.ReportKey
	// Rule is the rule's number, or AnomalyPrefix and the kind of anomaly; Name
	// is what people read: T3-R1 收办平衡, 与历年相比; see ReadsRuleNumbers.
	Rule, Name string
	Severity   check.Severity
	Codes      []disclosure.Code
	Message    string
	// One of the two is set, or none of a matter that is gone.
	Finding *check.Finding
	Anomaly *anomaly.Anomaly
	// Own names the unit's own figures in Codes as they stand.
	Own   string
	State MatterState
	Mark  Mark
	// Seen is what a mark gives, so that two people do not undo each other.
	Seen uint64
	// Explanation is what the unit wrote when it filed; nil for nothing.
	Explanation *store.Explanation
	// Issue leads to the issue that it became, "" for none.
	Issue string
}

// AnomalyPrefix begins the Rule of an anomaly.
const AnomalyPrefix = "anomaly-"

// MatterState says how far a matter is cleared up.
type MatterState string

// The states, those that wait for somebody first.
const (
	MatterOpen      MatterState = "open"      // 未处理
	MatterAnswered  MatterState = "answered"  // 单位已答复: a supervisor is to look
	MatterLapsed    MatterState = "lapsed"    // 失效(数字已变): was marked, and the unit's own figures changed
	MatterFiled     MatterState = "filed"     // 已说明(单位): explained with the report
	MatterConfirmed MatterState = "confirmed" // 属实: the unit is to answer
	MatterExplained MatterState = "explained" // 已说明
	MatterDismissed MatterState = "dismissed" // 误报
	// MatterGone: it was marked, and is no longer found.
	MatterGone MatterState = "gone"
	// MatterAway: it was marked, and its report is back with the unit (returned,
	// recalled, revoked). The mark stands for the figures that it was put on.
	MatterAway MatterState = "away"
)

// MatterStates are the states in the order in which people are shown them.
var MatterStates = []MatterState{MatterOpen, MatterAnswered, MatterLapsed, MatterFiled, MatterConfirmed, MatterExplained, MatterDismissed, MatterAway, MatterGone}

// Settled says that nobody has to do anything more.
func (s MatterState) Settled() bool {
	return s == MatterExplained || s == MatterDismissed || !s.Found()
}

// Found says that the matter is found in a report as it stands.
func (s MatterState) Found() bool { return s != MatterGone && s != MatterAway }

// Disposition is what a supervisor makes of a matter.
type Disposition string

// The dispositions. Confirmed asks the unit for an answer; Reopened takes a
// mark away.
const (
	Confirmed Disposition = "confirmed" // 属实
	Explained Disposition = "explained" // 已说明
	Dismissed Disposition = "dismissed" // 误报
	Reopened  Disposition = "reopened"  // 恢复未处理
)

// Dispositions are all that a supervisor can choose.
var Dispositions = []Disposition{Confirmed, Explained, Dismissed, Reopened}

// Mark is what people said of a matter, as the log keeps it under the matter's
// ID: a supervisor's disposition, and the unit's answer.
type Mark struct {
	About       MarkAbout   `json:"about"`
	Disposition Disposition `json:"disposition,omitempty"`
	Reason      string      `json:"reason,omitempty"`
	// Own names the unit's own figures when it was marked: the mark lapses when
	// they are others.
	Own      string    `json:"own,omitempty"`
	By       string    `json:"by,omitempty"` // account
	ByName   string    `json:"by_name,omitempty"`
	At       time.Time `json:"at,omitzero"`
	Answer   string    `json:"answer,omitempty"`
	Answered struct {
		Own    string    `json:"own,omitempty"`
		By     string    `json:"by,omitempty"`
		ByName string    `json:"by_name,omitempty"`
		At     time.Time `json:"at,omitzero"`
		// Waits: no supervisor has looked at the answer yet.
		Waits bool `json:"waits,omitempty"`
	} `json:"answered,omitzero"`
}

// MarkAbout tells what a mark is about when the matter is no longer found. Its
// message is what the unit itself may read.
type MarkAbout struct {
	Report   store.ReportKey   `json:"report"`
	Rule     string            `json:"rule"`
	Name     string            `json:"name"`
	Severity check.Severity    `json:"severity"`
	Codes    []disclosure.Code `json:"codes,omitempty"`
	Message  string            `json:"message"`
}

func decodeMark(e store.LogEntry) (m Mark, err error) {
	if err := json.Unmarshal(e.State, &m); err != nil {
		return m, disclosure.Errorf(disclosure.ErrInternal, "核实标记已损坏,请联系维护人员。").Because(err)
	}
	return m, nil
}

// settle finds the state of a matter out of its marks and explanation.
func (m *Matter) settle() {
	switch {
	case m.Mark.Answered.Waits && m.Mark.Answered.Own == m.Own:
		m.State = MatterAnswered
	case m.Mark.marked() && m.Mark.Own != m.Own, m.Mark.Answered.Waits:
		m.State = MatterLapsed
	case m.Mark.marked():
		m.State = MatterState(m.Mark.Disposition)
	case m.Explanation != nil:
		m.State = MatterFiled
	default:
		m.State = MatterOpen
	}
}

func (m Mark) marked() bool { return m.Disposition != "" && m.Disposition != Reopened }

// Charted says whether the matter is shown on charts: it waits for somebody,
// and is more than a hint.
func (m *Matter) Charted() bool {
	return !m.State.Settled() && (m.Anomaly != nil || m.Severity == check.Error || m.Severity == check.Explain)
}

// ofFinding is a finding as a matter, without what people said.
func ofFinding(f check.Finding, key store.ReportKey, u *disclosure.Unit) Matter {
	name := f.Rule
	if r, ok := check.RuleByID(f.Rule); ok {
		name += " " + orElse(f.Title, r.Title)
	} else if f.Title != "" {
		name += " " + f.Title
	}
	return Matter{ID: check.Fingerprint(f, check.Subject(key)), Unit: u, Report: key, Rule: f.Rule, Name: name, Severity: f.Severity,
		Codes: f.Codes, Message: f.Message, Finding: &f}
}

// ofAnomaly is an anomaly as a matter, without what people said.
func ofAnomaly(a anomaly.Anomaly, u *disclosure.Unit) Matter {
	key := store.ReportKey{Unit: a.Unit, Period: disclosure.Period{Year: a.Year}, Family: disclosure.FamilyNational, Scope: a.Scope}
	return Matter{ID: a.Fingerprint(), Unit: u, Report: key, Rule: AnomalyPrefix + string(a.Kind), Name: anomaly.Names[a.Kind],
		Severity: check.Severity(a.Severity), Codes: a.Codes, Message: a.Message, Anomaly: &a}
}

// ofMark is what is left of a matter that is no longer found.
func ofMark(id string, m Mark, u *disclosure.Unit) Matter {
	return Matter{ID: id, Unit: u, Report: m.About.Report, Rule: m.About.Rule, Name: m.About.Name, Severity: m.About.Severity,
		Codes: m.About.Codes, Message: m.About.Message, State: MatterGone, Mark: m}
}

// titled is the name without the rule's number.
func (m *Matter) titled() string { return strings.TrimPrefix(m.Name, m.Rule+" ") }

// numbered is the name with the rule's number, whoever it was made for.
func (m *Matter) numbered() string {
	if name := m.titled(); name != m.Rule && !strings.HasPrefix(m.Rule, AnomalyPrefix) {
		return m.Rule + " " + name
	}
	return m.Name
}

// about is what a mark keeps of a matter.
func (m *Matter) about() MarkAbout {
	return MarkAbout{Report: m.Report, Rule: m.Rule, Name: m.numbered(), Severity: m.Severity, Codes: m.Codes, Message: m.Message}
}

// compare puts the gravest first, then what waits for somebody, then by rule
// and in the district's order.
func (m *Matter) compare(other *Matter) int {
	settled := func(s MatterState) int {
		if s.Settled() {
			return 1
		}
		return 0
	}
	for _, d := range []int{gravity(m.Severity) - gravity(other.Severity), settled(m.State) - settled(other.State),
		strings.Compare(m.Rule, other.Rule), byOrder(m.Unit, other.Unit), strings.Compare(string(m.Report.Scope), string(other.Report.Scope))} {
		if d != 0 {
			return d
		}
	}
	return slices.Compare(m.Codes, other.Codes)
}
