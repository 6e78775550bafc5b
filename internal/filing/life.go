// Package filing is the life of a yearly report: its states, who may move it
// from one to the next and under which conditions. One table says it all; the
// code follows the table, and so does docs/填报流程.md.
package filing

import (
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// State is where a unit's report of a year stands.
type State string

// The states. 已公开 is no state: it is a separate fact that can be recorded in
// any of them, since the law binds the unit to publish by 31 January whether or
// not the district has looked (《条例》第四十九条).
const (
	Missing   State = ""          // nothing was begun
	Draft     State = "draft"     // 草稿
	Review    State = "review"    // 待单位审核
	Submitted State = "submitted" // 已提交
	Returned  State = "returned"  // 退回修改
	Approved  State = "approved"  // 已通过
	Revoked   State = "revoked"   // 已撤销
	Withdrawn State = "withdrawn" // 已撤出, by a command on the machine
)

// Names are the states as people read them.
var Names = map[State]string{Missing: "未开始", Draft: "草稿", Review: "待单位审核", Submitted: "已提交", Returned: "退回修改",
	Approved: "已通过", Revoked: "已撤销", Withdrawn: "已撤出"}

// States lists them in the order of a report's life.
var States = []State{Missing, Draft, Review, Submitted, Returned, Approved, Revoked, Withdrawn}

// Act is what somebody does to a report.
type Act string

// The acts.
const (
	Save     Act = "save"      // 保存草稿
	HandOn   Act = "review"    // 送单位审核
	Submit   Act = "submit"    // 提交
	Pass     Act = "pass"      // 单位审核通过并提交
	SendBack Act = "send_back" // 单位审核退回
	Recall   Act = "recall"    // 撤回
	TakeIn   Act = "take"      // 带问题收件
	Proxy    Act = "proxy"     // 代报提交
	Return   Act = "return"    // 退回修改
	Approve  Act = "approve"   // 通过
	Reopen   Act = "reopen"    // 退回重开
	Revoke   Act = "revoke"    // 撤销通过
)

// ActNames are the acts as people read them.
var ActNames = map[Act]string{Save: "保存草稿", HandOn: "送单位审核", Submit: "提交", Pass: "审核通过并提交", SendBack: "退回填报员", Recall: "撤回",
	TakeIn: "带问题收件", Proxy: "代报提交", Return: "退回修改", Approve: "通过", Reopen: "退回重开", Revoke: "撤销通过"}

// Condition must hold before an act is done.
type Condition string

// The conditions.
const (
	NoErrors       Condition = "没有必须改正的问题"
	Explained      Condition = "需要说明的问题都已说明"
	NotOwnFiling   Condition = "不是本人填报(可由设置放开,放开本身记入日志)"
	UnitReviews    Condition = "单位设有内部审核"
	UnitReviewsNot Condition = "单位未设内部审核"
	WithReason     Condition = "写明理由"
	WithCells      Condition = "写明单元格或理由,以及期限"
)

// Transition is a line of the table: an act that is possible in a state.
type Transition struct {
	From       State
	Act        Act
	Rights     []people.Right // one of them is enough
	To         State
	Conditions []Condition
}

var (
	handedOn   = []Condition{NoErrors, Explained}
	filer      = []people.Right{people.FileReport}
	reviewer   = []people.Right{people.ReviewReport}
	supervisor = []people.Right{people.Supervise}
	// A supervisor keeps drafts too: 代报 for units that sent a file.
	filers = []people.Right{people.FileReport, people.Supervise}
)

// Life is the table. Save in 已通过 begins a correction: a new revision that goes
// through the same doors while the approved one stays in force.
var Life = []Transition{
	{Missing, Save, filers, Draft, nil},
	{Draft, Save, filers, Draft, nil},
	{Returned, Save, filers, Returned, nil},
	{Approved, Save, filers, Approved, nil},
	{Revoked, Save, filers, Revoked, nil},
	{Withdrawn, Save, filers, Withdrawn, nil},

	{Draft, HandOn, filer, Review, append([]Condition{UnitReviews}, handedOn...)},
	{Returned, HandOn, filer, Review, append([]Condition{UnitReviews}, handedOn...)},
	{Approved, HandOn, filer, Review, append([]Condition{UnitReviews}, handedOn...)},
	{Revoked, HandOn, filer, Review, append([]Condition{UnitReviews}, handedOn...)},
	{Withdrawn, HandOn, filer, Review, append([]Condition{UnitReviews}, handedOn...)},

	{Draft, Submit, filer, Submitted, append([]Condition{UnitReviewsNot}, handedOn...)},
	{Returned, Submit, filer, Submitted, append([]Condition{UnitReviewsNot}, handedOn...)},
	{Approved, Submit, filer, Submitted, append([]Condition{UnitReviewsNot}, handedOn...)},
	{Revoked, Submit, filer, Submitted, append([]Condition{UnitReviewsNot}, handedOn...)},
	{Withdrawn, Submit, filer, Submitted, append([]Condition{UnitReviewsNot}, handedOn...)},

	{Review, Pass, reviewer, Submitted, append([]Condition{NotOwnFiling}, handedOn...)},
	{Review, SendBack, reviewer, Draft, []Condition{WithReason}},
	{Review, Recall, filer, Draft, nil},
	{Submitted, Recall, filer, Draft, nil},

	{Draft, Proxy, supervisor, Submitted, handedOn},
	{Returned, Proxy, supervisor, Submitted, handedOn},
	{Approved, Proxy, supervisor, Submitted, handedOn},
	{Revoked, Proxy, supervisor, Submitted, handedOn},
	{Withdrawn, Proxy, supervisor, Submitted, handedOn},

	{Draft, TakeIn, supervisor, Submitted, []Condition{WithReason}},
	{Review, TakeIn, supervisor, Submitted, []Condition{WithReason}},
	{Returned, TakeIn, supervisor, Submitted, []Condition{WithReason}},

	{Submitted, Return, supervisor, Returned, []Condition{WithCells}},
	{Submitted, Approve, supervisor, Approved, []Condition{NotOwnFiling}},
	{Approved, Reopen, supervisor, Returned, []Condition{WithReason}},
	{Approved, Revoke, supervisor, Revoked, []Condition{WithReason}},
}

// MayEver says whether a person may do an act in any state of a unit's report;
// if not, right is what the act asks for.
func MayEver(v people.Visitor, unit disclosure.UnitNumber, act Act) (right people.Right, may bool) {
	for _, t := range Life {
		if t.Act != act {
			continue
		}
		if t.Allows(v, unit) {
			return "", true
		}
		right = t.Rights[0]
	}
	return right, right == "" // no such act: the states will say so
}

// Next is what an act does in a state; ErrConflict with a sentence when the
// state does not allow it.
func Next(from State, act Act) (Transition, error) {
	for _, t := range Life {
		if t.From == from && t.Act == act {
			return t, nil
		}
	}
	return Transition{}, disclosure.Errorf(disclosure.ErrConflict, "报告现在是“%s”,不能%s;页面可能已过时,请刷新后再看。", Names[from], ActNames[act])
}

// Asks says whether a transition has a condition.
func (t Transition) Asks(c Condition) bool {
	for _, has := range t.Conditions {
		if has == c {
			return true
		}
	}
	return false
}

// Possible lists the acts that a visitor may do to a unit's report in a state,
// conditions aside, in the order of the table.
func Possible(state State, v people.Visitor, unit disclosure.UnitNumber, unitReviews bool) []Act {
	var out []Act
	for _, t := range Life {
		if t.From != state || !t.Allows(v, unit) {
			continue
		}
		if t.Asks(UnitReviews) && !unitReviews || t.Asks(UnitReviewsNot) && unitReviews {
			continue
		}
		out = append(out, t.Act)
	}
	return out
}

// Allows says whether a visitor may do the transition's act for a unit.
func (t Transition) Allows(v people.Visitor, unit disclosure.UnitNumber) bool {
	for _, r := range t.Rights {
		if v.May(r, unit) {
			return true
		}
	}
	return false
}
