package issue

import (
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// State is where an issue stands.
type State string

// The states.
const (
	Missing       State = ""               // not entered yet
	Found         State = "found"          // 发现
	Handed        State = "handed"         // 已交办
	Signed        State = "signed"         // 已签收
	Rectifying    State = "rectifying"     // 整改中
	Answered      State = "answered"       // 已反馈
	Rechecked     State = "rechecked"      // 复核通过, waits for 销号
	Returned      State = "returned"       // 退回重改
	Closed        State = "closed"         // 已销号
	NotApplicable State = "not_applicable" // 不适用
	Withdrawn     State = "withdrawn"      // 已撤销: entered in error
)

// StateNames are the states as people read them.
var StateNames = map[State]string{Missing: "未录入", Found: "发现", Handed: "已交办", Signed: "已签收", Rectifying: "整改中", Answered: "已反馈",
	Rechecked: "复核通过", Returned: "退回重改", Closed: "已销号", NotApplicable: "不适用", Withdrawn: "已撤销"}

// States lists them in the order of an issue's life.
var States = []State{Missing, Found, Handed, Signed, Rectifying, Answered, Rechecked, Returned, Closed, NotApplicable, Withdrawn}

// Owed says whether the unit owes an answer.
func (s State) Owed() bool {
	return s == Handed || s == Signed || s == Rectifying || s == Returned
}

// Settled says whether nothing is left to do.
func (s State) Settled() bool { return s == Closed || s == NotApplicable }

// Over says whether the issue has come to an end: settled, or withdrawn.
func (s State) Over() bool { return s.Settled() || s == Withdrawn }

// Act is what somebody does to an issue.
type Act string

// The acts.
const (
	Enter           Act = "enter"            // 录入
	Correct         Act = "correct"          // 修改
	Assign          Act = "assign"           // 分办
	HandOver        Act = "hand_over"        // 交办
	Sign            Act = "sign"             // 签收
	Progress        Act = "progress"         // 登记整改进展
	GiveAnswer      Act = "answer"           // 反馈
	Recall          Act = "recall"           // 撤回反馈
	Attach          Act = "attach"           // 补充材料
	Recheck         Act = "recheck"          // 复核通过
	Return          Act = "return"           // 退回重改
	Close           Act = "close"            // 销号
	EndInapplicable Act = "not_applicable"   // 按不适用办结
	Reopen          Act = "reopen"           // 重新打开
	Withdraw        Act = "withdraw"         // 撤销
	AskExtension    Act = "ask_extension"    // 申请延期
	Extend          Act = "extend"           // 准予延期
	RefuseExtension Act = "refuse_extension" // 不予延期
	Object          Act = "appeal"           // 申诉
	Uphold          Act = "uphold_appeal"    // 申诉成立
	Reject          Act = "reject_appeal"    // 申诉不成立
	Remind          Act = "remind"           // 催办
)

// ActNames are the acts as people read them.
var ActNames = map[Act]string{Enter: "录入", Correct: "修改", Assign: "分办", HandOver: "交办", Sign: "签收", Progress: "登记整改进展", GiveAnswer: "反馈",
	Recall: "撤回反馈", Attach: "补充材料", Recheck: "复核通过", Return: "退回重改", Close: "销号", EndInapplicable: "按不适用办结", Reopen: "重新打开", Withdraw: "撤销",
	AskExtension: "申请延期", Extend: "准予延期", RefuseExtension: "不予延期", Object: "申诉", Uphold: "认定申诉成立", Reject: "认定申诉不成立", Remind: "催办"}

// Acts lists them in the order of an issue's life.
var Acts = []Act{Enter, Correct, Assign, HandOver, Sign, Progress, GiveAnswer, Recall, Attach, Recheck, Return, Close, EndInapplicable, Reopen, Withdraw,
	AskExtension, Extend, RefuseExtension, Object, Uphold, Reject, Remind}

// Condition must hold before an act is done.
type Condition string

// The conditions.
const (
	WithFacts     Condition = "写明问题明细"
	WithUnit      Condition = "已确定牵头单位"
	WithDue       Condition = "写明期限,且尚未过去"
	LaterDue      Condition = "原期限已过的,写明新的期限"
	LongerDue     Condition = "写明延长后的期限,晚于原期限(可以已经过去)"
	WithReason    Condition = "写明理由"
	WithText      Condition = "写一句话"
	WithAnswer    Condition = "整改后的链接或一句话说明,有其一即可(图片从不强制)"
	WithFile      Condition = "有链接或文件"
	OpenRequest   Condition = "有待处理的延期申请"
	NoOpenRequest Condition = "没有待处理的延期申请"
	OpenAppeal    Condition = "有待处理的申诉"
	NoOpenAppeal  Condition = "没有待处理的申诉"
	WithDeduction Condition = "写明改定的扣分,不多于原扣分"
)

// TakesEvidence says whether an act brings evidence onto the issue.
func (a Act) TakesEvidence() bool {
	return a == Correct || a == Progress || a == GiveAnswer || a == Attach || a == Object
}

// Transition is a line of the table: an act that is possible in a state.
type Transition struct {
	From       State
	Act        Act
	Rights     []people.Right // one of them is enough
	To         State
	Conditions []Condition
}

var (
	enterers    = []people.Right{people.Evaluate, people.Supervise}
	supervisors = []people.Right{people.Supervise}
	// A supervisor signs and answers for units that never sign in and send
	// files by other ways.
	answerers = []people.Right{people.AnswerIssue, people.Supervise}
	unitOnly  = []people.Right{people.AnswerIssue}
	everyone  = []people.Right{people.AnswerIssue, people.Evaluate, people.Supervise}
)

// Life is the table.
var Life = slices.Concat(
	[]Transition{
		{Missing, Enter, enterers, Found, []Condition{WithFacts}},
		{Found, Correct, enterers, Found, []Condition{WithFacts}},
		{Found, Assign, supervisors, Found, []Condition{WithUnit}},
		{Found, Attach, enterers, Found, []Condition{WithFile}},
		{Found, HandOver, supervisors, Handed, []Condition{WithUnit, WithDue}},
		{Found, EndInapplicable, supervisors, NotApplicable, []Condition{WithReason}},
		{Found, Withdraw, enterers, Withdrawn, []Condition{WithReason}},
	},
	// The unit's work. Answering signs for the issue too.
	[]Transition{{Handed, Sign, answerers, Signed, nil}},
	from([]State{Handed, Signed, Rectifying, Returned}, Progress, answerers, Rectifying, WithText),
	from([]State{Handed, Signed, Rectifying, Returned}, GiveAnswer, answerers, Answered, WithAnswer),
	[]Transition{{Answered, Recall, answerers, Rectifying, nil}},
	stays([]State{Handed, Signed, Rectifying, Returned, Answered, Rechecked}, Attach, everyone, WithFile),
	// A unit that the issue does not concern: it is handed to another one anew.
	from([]State{Handed, Signed, Rectifying, Returned}, Assign, supervisors, Handed, WithUnit, WithReason),
	// The look at the answer, and the end.
	[]Transition{
		{Answered, Recheck, enterers, Rechecked, nil},
		{Answered, Return, enterers, Returned, []Condition{WithReason, LaterDue}},
		{Rechecked, Return, enterers, Returned, []Condition{WithReason, LaterDue}},
		{Answered, Close, supervisors, Closed, nil},
		{Rechecked, Close, supervisors, Closed, nil},
	},
	from([]State{Handed, Signed, Rectifying, Returned, Answered, Rechecked}, EndInapplicable, supervisors, NotApplicable, WithReason),
	from([]State{Closed, NotApplicable}, Reopen, supervisors, Returned, WithReason, WithDue),
	from([]State{Handed, Signed, Rectifying, Returned, Answered, Rechecked}, Withdraw, supervisors, Withdrawn, WithReason),
	// What leaves the state as it is.
	stays([]State{Handed, Signed, Rectifying, Returned}, AskExtension, unitOnly, WithReason, WithDue, NoOpenRequest),
	stays([]State{Handed, Signed, Rectifying, Returned}, Extend, supervisors, WithReason, WithDue),
	// A request from before the answer is decided after it too: a slow district
	// does not make a unit late. What is still open at the end of the issue ends
	// with it (随办结终止); an appeal is decided afterwards, since a deduction
	// counts in the scores, and falls away only with a withdrawn issue.
	stays([]State{Answered, Rechecked}, Extend, supervisors, WithReason, LongerDue, OpenRequest),
	stays([]State{Handed, Signed, Rectifying, Returned, Answered, Rechecked}, RefuseExtension, supervisors, WithReason, OpenRequest),
	stays([]State{Handed, Signed, Rectifying, Returned, Answered, Rechecked, Closed, NotApplicable}, Object, unitOnly, WithReason, NoOpenAppeal),
	stays([]State{Handed, Signed, Rectifying, Returned, Answered, Rechecked, Closed, NotApplicable}, Uphold, supervisors, WithReason, OpenAppeal, WithDeduction),
	stays([]State{Handed, Signed, Rectifying, Returned, Answered, Rechecked, Closed, NotApplicable}, Reject, supervisors, WithReason, OpenAppeal),
	stays([]State{Handed, Signed, Rectifying, Returned}, Remind, supervisors),
)

// from is one act that leads from several states to one.
func from(states []State, act Act, rights []people.Right, to State, conditions ...Condition) []Transition {
	var out []Transition
	for _, s := range states {
		out = append(out, Transition{s, act, rights, to, conditions})
	}
	return out
}

// stays is one act that leaves each state as it is.
func stays(states []State, act Act, rights []people.Right, conditions ...Condition) []Transition {
	var out []Transition
	for _, s := range states {
		out = append(out, Transition{s, act, rights, s, conditions})
	}
	return out
}

// Next is what an act does in a state; ErrConflict with a sentence when the
// state does not allow it.
func Next(state State, act Act) (Transition, error) {
	for _, t := range Life {
		if t.From == state && t.Act == act {
			return t, nil
		}
	}
	return Transition{}, disclosure.Errorf(disclosure.ErrConflict, "问题现在是“%s”,不能%s;页面可能已过时,请刷新后再看。", StateNames[state], ActNames[act])
}

// Asks says whether a transition has a condition.
func (t Transition) Asks(c Condition) bool { return slices.Contains(t.Conditions, c) }

// Viewer is a visitor before an issue: what he may do depends on whether it
// stands on a list that he keeps as an evaluator.
type Viewer struct {
	people.Visitor
	OwnList bool
}

// On is a visitor before the issues of a list.
func On(v people.Visitor, l *List) Viewer {
	return Viewer{Visitor: v, OwnList: l != nil && (v.IsMachine() || slices.Contains(l.Evaluators, v.Account))}
}

// shared are the acts that helping units (配合) may do as well as the lead.
var shared = []Act{Progress, Attach}

// Allows says whether the viewer may do the transition's act on an issue.
func (t Transition) Allows(v Viewer, i *Issue) bool {
	for _, r := range t.Rights {
		switch {
		case r == people.Evaluate:
			if v.OwnList && v.Anywhere(r) {
				return true
			}
		case r == people.AnswerIssue:
			if i.Unit != 0 && v.May(r, i.Unit) || slices.Contains(shared, t.Act) && v.helps(i) {
				return true
			}
		case v.May(r, i.Unit):
			return true
		}
	}
	return false
}

func (v Viewer) helps(i *Issue) bool {
	return slices.ContainsFunc(i.Helpers, func(u disclosure.UnitNumber) bool { return v.May(people.AnswerIssue, u) })
}

// Possible lists the acts that a viewer may do to an issue, in the order of
// Acts; of the conditions only those on open requests and appeals are looked at.
func Possible(i *Issue, v Viewer) []Act {
	var out []Act
	for _, t := range Life {
		if t.From == i.State && t.Allows(v, i) && t.open(i) == "" {
			out = append(out, t.Act)
		}
	}
	slices.SortFunc(out, func(a, b Act) int { return slices.Index(Acts, a) - slices.Index(Acts, b) })
	return out
}

// open says in a sentence which condition on requests fails, "" for none.
func (t Transition) open(i *Issue) string {
	switch request, appeal := i.OpenExtension() != nil, i.OpenAppeal() != nil; {
	case t.Asks(OpenRequest) && !request:
		return "没有待处理的延期申请。"
	case t.Asks(NoOpenRequest) && request:
		return "已有一份延期申请在等待处理,请等处理后再提。"
	case t.Asks(OpenAppeal) && !appeal:
		return "没有待处理的申诉。"
	case t.Asks(NoOpenAppeal) && appeal:
		return "已有一份申诉在等待处理,请等处理后再提。"
	}
	return ""
}

// Sees says whether the viewer sees an issue at all: a unit its own once they
// are handed over, an evaluator those of his lists, a supervisor and a leader
// those of their subtree.
func (v Viewer) Sees(i *Issue) bool {
	if v.May(people.SeeIssues, i.Unit) || v.OwnList && v.Anywhere(people.Evaluate) {
		return true
	}
	if i.State == Found || i.State == Withdrawn && i.Handed.IsZero() {
		return false
	}
	return i.Unit != 0 && v.May(people.AnswerIssue, i.Unit) || v.helps(i)
}
