// Package issue is the quarterly list of issues (政务公开问题清单): what an issue
// holds, its life as one table, how foreign lists, score sheets and evaluation
// workbooks are read, and what a quarter's figures are. It knows nothing of
// storage or pages; the caller gives it the time.
package issue

import (
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Round is which look at the units a list belongs to.
type Round string

// The rounds.
const (
	RoundDistrict  Round = "区测"
	RoundRectify   Round = "整改"
	RoundDistrict2 Round = "区复测"
	RoundCity      Round = "市测"
	RoundReview    Round = "复核"
	RoundMonitor   Round = "日常监测"
)

// Rounds lists them in the order of a quarter.
var Rounds = []Round{RoundDistrict, RoundRectify, RoundDistrict2, RoundCity, RoundReview, RoundMonitor}

// ListState says whether a list still takes issues in.
type ListState string

// The states of a list.
const (
	ListOpen   ListState = "open"   // 进行中
	ListClosed ListState = "closed" // 已结束: no further issues; those on it go on
)

// ListStateNames are the states as people read them.
var ListStateNames = map[ListState]string{ListOpen: "进行中", ListClosed: "已结束"}

// List is one source's issues of one round of one quarter.
type List struct {
	ID      string            `json:"id"`
	Quarter disclosure.Period `json:"quarter"`
	Round   Round             `json:"round"`
	Title   string            `json:"title"`
	Source  string            `json:"source,omitempty"` // who found them: 第三方评估机构, 市级测评
	State   ListState         `json:"state"`
	// Evaluators are the accounts that enter and re-check on this list; no
	// other evaluator sees it.
	Evaluators []string `json:"evaluators,omitempty"`
	// Due is what its issues are due by unless they say otherwise.
	Due    calendar.Moment `json:"due,omitzero"`
	Files  []File          `json:"files,omitempty"` // that it was read from
	Scores *ScoreTable     `json:"scores,omitempty"`
	// Counted (计入年度成绩): the scores stand for the quarter at the year's end,
	// see YearScores.
	Counted bool      `json:"counted,omitempty"`
	Created time.Time `json:"created"`
	By      string    `json:"by"`
}

// File is a kept file: an original, or evidence.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`  // bytes
	Media  string `json:"media"` // told by content: image/png, application/pdf ...
}

// Evidence is what shows a fault or its mending: an address, a file, or both.
type Evidence struct {
	Address string    `json:"address,omitempty"` // http(s) address
	Note    string    `json:"note,omitempty"`
	File    *File     `json:"file,omitempty"`
	By      string    `json:"by,omitempty"`
	Time    time.Time `json:"time,omitzero"`
	// Unit led the issue when one of its people handed it in, or the office did
	// for it; 0 for what shows the fault, which every unit sees.
	Unit disclosure.UnitNumber `json:"unit,omitempty"`
}

// OriginKind says where an issue came from.
type OriginKind string

// The origins.
const (
	OriginList    OriginKind = "list"    // a row of an evaluator's list
	OriginHand    OriginKind = "hand"    // entered by hand
	OriginFinding OriginKind = "finding" // a finding of the checks; Ref is its fingerprint
	OriginAnomaly OriginKind = "anomaly" // likewise
	OriginMonitor OriginKind = "monitor" // a row of monitoring results
	OriginBook    OriginKind = "book"    // an offline evaluation workbook; Ref is its cell
)

// OriginNames are the origins as people read them.
var OriginNames = map[OriginKind]string{OriginList: "测评清单", OriginHand: "手工录入", OriginFinding: "校验发现", OriginAnomaly: "异常提示", OriginMonitor: "日常监测", OriginBook: "测评工作簿"}

// Origin is where an issue came from.
type Origin struct {
	Kind  OriginKind `json:"kind"`
	Ref   string     `json:"ref,omitempty"`
	File  string     `json:"file,omitempty"`  // name of the file
	Place string     `json:"place,omitempty"` // row or cell in it
	By    string     `json:"by"`              // account
}

// Content is what an issue says; it can be corrected until it is handed over.
type Content struct {
	Indicator1 string              `json:"indicator1,omitempty"` // 一级指标
	Indicator2 string              `json:"indicator2,omitempty"` // 二级指标
	Points     decimal.NullDecimal `json:"points,omitzero"`      // 指标分值
	Deduction  decimal.NullDecimal `json:"deduction,omitzero"`   // 扣分, positive
	Facts      string              `json:"facts"`                // 失分原因、问题明细
	Category   Category            `json:"category"`
	Evidence   []Evidence          `json:"evidence,omitempty"`
	// Unit is who answers (牵头), 0 until somebody assigns it; UnitText is the
	// unit as the list has it.
	Unit     disclosure.UnitNumber   `json:"unit,omitempty"`
	Helpers  []disclosure.UnitNumber `json:"helpers,omitempty"` // 配合
	UnitText string                  `json:"unit_text,omitempty"`
	Due      calendar.Moment         `json:"due,omitzero"`
}

// Issue is one row of a list with all that became of it.
type Issue struct {
	ID      string            `json:"id"`
	List    string            `json:"list"`
	Quarter disclosure.Period `json:"quarter"`
	Number  string            `json:"number"` // 2026Q3-017
	Content
	Origin Origin `json:"origin"`
	State  State  `json:"state"`

	Found    time.Time `json:"found"`
	Handed   time.Time `json:"handed,omitzero"`   // the last 交办
	Signed   time.Time `json:"signed,omitzero"`   // 签收
	Answered time.Time `json:"answered,omitzero"` // the first answer after the last 交办
	Settled  time.Time `json:"settled,omitzero"`  // 销号 or 不适用; zero again when it is opened anew
	// FirstDue is what was given at 交办, before any extension.
	FirstDue calendar.Moment `json:"first_due,omitzero"`

	Answers    []Answer    `json:"answers,omitempty"`
	Reviews    []Review    `json:"reviews,omitempty"`
	Extensions []Extension `json:"extensions,omitempty"`
	Appeals    []Appeal    `json:"appeals,omitempty"`
	Reminders  []time.Time `json:"reminders,omitempty"`
	// Returns and Reopens count 退回重改 and openings after it was settled.
	Returns int `json:"returns,omitempty"`
	Reopens int `json:"reopens,omitempty"`
	// Ended is why it was closed as not applicable or withdrawn.
	Ended string `json:"ended,omitempty"`
}

// AnswerKind says what a unit answers.
type AnswerKind string

// The kinds of answer.
const (
	AnswerProgress      AnswerKind = "progress"       // 整改措施、进展
	AnswerDone          AnswerKind = "done"           // 已整改
	AnswerNotApplicable AnswerKind = "not_applicable" // 不适用: no such business, with a statement
)

// AnswerNames are the kinds as people read them.
var AnswerNames = map[AnswerKind]string{AnswerProgress: "整改进展", AnswerDone: "整改完成", AnswerNotApplicable: "申请按不适用处理"}

// Answer is what a unit says on an issue.
type Answer struct {
	Kind     AnswerKind `json:"kind"`
	Text     string     `json:"text,omitempty"`
	Link     string     `json:"link,omitempty"` // where it can be seen to be mended
	Evidence []Evidence `json:"evidence,omitempty"`
	By       string     `json:"by"`
	Time     time.Time  `json:"time"`
	// Proxy: a supervisor entered what the unit sent by other ways.
	Proxy bool `json:"proxy,omitempty"`
	// Late: it came after the due time in force.
	Late bool `json:"late,omitempty"`
	// Recalled: the unit took it back before anybody looked.
	Recalled bool `json:"recalled,omitempty"`
	// Unit led the issue then; see Viewer.Shown. 0 in records from before it was
	// noted.
	Unit disclosure.UnitNumber `json:"unit,omitempty"`
}

// Review is a look at an answer, or the end of an issue.
type Review struct {
	Act    Act       `json:"act"`
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by"`
	Time   time.Time `json:"time"`
}

// Decision is what was decided on a request.
type Decision string

// The decisions.
const (
	Pending Decision = "" // 待处理
	Granted Decision = "granted"
	Refused Decision = "refused"
	Lapsed  Decision = "lapsed" // the issue was handed to another unit meanwhile
)

// Extension is a request for, or a grant of, more time.
type Extension struct {
	From    calendar.Moment `json:"from"`
	Due     calendar.Moment `json:"due"` // asked for, then granted
	Reason  string          `json:"reason"`
	By      string          `json:"by"`
	Time    time.Time       `json:"time"`
	Outcome Decision        `json:"outcome,omitempty"`
	Answer  string          `json:"answer,omitempty"`
	Decider string          `json:"decider,omitempty"`
	Decided time.Time       `json:"decided,omitzero"`
	// Unit led the issue then; see Answer.Unit.
	Unit disclosure.UnitNumber `json:"unit,omitempty"`
}

// Appeal is an objection to a deduction.
type Appeal struct {
	Reason   string              `json:"reason"`
	Evidence []Evidence          `json:"evidence,omitempty"`
	By       string              `json:"by"`
	Time     time.Time           `json:"time"`
	Outcome  Decision            `json:"outcome,omitempty"`
	Answer   string              `json:"answer,omitempty"`
	Before   decimal.NullDecimal `json:"before,omitzero"` // deduction appealed against
	After    decimal.NullDecimal `json:"after,omitzero"`  // as decided
	Decider  string              `json:"decider,omitempty"`
	Decided  time.Time           `json:"decided,omitzero"`
	// Unit led the issue then; see Answer.Unit.
	Unit disclosure.UnitNumber `json:"unit,omitempty"`
}

// OpenExtension is the request that waits for a decision, nil when none does.
func (i *Issue) OpenExtension() *Extension {
	if n := len(i.Extensions); n > 0 {
		if e := &i.Extensions[n-1]; e.Outcome == Pending && i.leading(e.Unit, e.Time) == i.Unit {
			return e
		}
	}
	return nil
}

// OpenAppeal likewise.
func (i *Issue) OpenAppeal() *Appeal {
	if n := len(i.Appeals); n > 0 {
		if a := &i.Appeals[n-1]; a.Outcome == Pending && i.leading(a.Unit, a.Time) == i.Unit {
			return a
		}
	}
	return nil
}

// LastAnswer is the latest answer that was not taken back, progress aside, of
// the unit that leads now; nil when there is none. What another unit said before
// the issue was reassigned is no answer to it.
func (i *Issue) LastAnswer() *Answer {
	for k := len(i.Answers) - 1; k >= 0; k-- {
		if a := &i.Answers[k]; a.Kind != AnswerProgress && !a.Recalled && i.stands(a) {
			return a
		}
	}
	return nil
}

// Concerns says whether a unit answers for the issue or helps.
func (i *Issue) Concerns(unit disclosure.UnitNumber) bool {
	if unit == 0 {
		return false
	}
	if i.Unit == unit {
		return true
	}
	for _, h := range i.Helpers {
		if h == unit {
			return true
		}
	}
	return false
}

// Overdue says whether the unit owes an answer that was due. A due time does
// not wait for 签收.
func (i *Issue) Overdue(now time.Time) bool {
	return i.State.Owed() && !i.Due.IsZero() && !now.Before(i.Due.End())
}

// OnTime says whether the first answer kept the due time in force when it came.
// known is false while nothing can be said: not handed over, without due time,
// withdrawn, or not answered and not yet due.
func (i *Issue) OnTime(now time.Time) (kept, known bool) {
	if i.Handed.IsZero() || i.Due.IsZero() || i.State == Withdrawn {
		return false, false
	}
	for k := range i.Answers {
		if a := &i.Answers[k]; a.Kind != AnswerProgress && !a.Recalled && i.stands(a) {
			return !a.Late, true
		}
	}
	if i.State.Settled() {
		return true, true // ended by the office before an answer was due
	}
	return false, i.Overdue(now)
}

// AllEvidence is the issue's own evidence, that of its answers and of its
// appeals.
func (i *Issue) AllEvidence() []Evidence {
	out := append([]Evidence(nil), i.Evidence...)
	for _, a := range i.Answers {
		out = append(out, a.Evidence...)
	}
	for _, a := range i.Appeals {
		out = append(out, a.Evidence...)
	}
	return out
}
