package web

import (
	"cmp"
	"slices"

	"mingjing/internal/issue"
	"mingjing/internal/office"
)

// actForm is the form of one act that the visitor may do now, with the fields
// that the table of an issue's life asks for.
type actForm struct {
	Act    issue.Act
	Name   string
	Note   string // what the act does, "" where the name says it
	ID     string // of the act, see office.IssueMove
	Main   bool   // the next step: shown first and open
	Danger bool
	Open   bool
	Quiet  bool // a button without fields
	Proxy  bool // the unit's act, which a supervisor enters for it
	First  bool // the first of the Proxy ones
	// Fields.
	Reason, ReasonMust bool
	Text               bool
	Answer             bool // kind, link and text
	Evidence, Address  bool
	Due, DueMust       bool
	Deduction, Units   bool
	Typed              typedAct
	UnitList           []option
	HelperList         []option
}

// typedAct is what a person wrote into the form of an act.
type typedAct struct {
	Act                          issue.Act
	Seq                          uint64 // of the issue when it was shown
	Reason, Text, Link, Kind     string
	Day, Hour                    string
	Deduction                    string
	Unit                         string
	Helpers                      []string
	Address                      string
	Kept                         []keptFile
	Facts, Indicator1            string // of 修改
	Indicator2, Points, Category string
}

// Words are what was written, for a page on which its form is not offered any more.
func (t typedAct) Words() []string {
	var out []string
	for _, s := range []string{t.Reason, t.Text, t.Link, t.Address, t.Facts} {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// actOrder is how the forms follow each other: what moves the issue on first.
var actOrder = []issue.Act{issue.Extend, issue.RefuseExtension, issue.Uphold, issue.Reject, issue.HandOver, issue.Assign, issue.Sign, issue.GiveAnswer,
	issue.Recheck, issue.Close, issue.Return, issue.Progress, issue.AskExtension, issue.Object, issue.Recall, issue.Attach, issue.EndInapplicable,
	issue.Reopen, issue.Withdraw}

// unitActs are the unit's own; a supervisor does them for a unit that answers by
// other ways (代录).
var unitActs = []issue.Act{issue.Sign, issue.GiveAnswer, issue.Progress, issue.Recall}

// elsewhere are acts with a page of their own.
var elsewhere = []issue.Act{issue.Correct, issue.Remind}

// actForms are the forms of what the visitor may do now, by the table: nothing
// is offered that would be refused for who asks or where the issue stands.
func (s *Server) actForms(v *office.IssueView, supervises bool, id string, typed *typedAct) []actForm {
	var out []actForm
	request := map[issue.Act]bool{issue.Extend: v.OpenExtension() != nil, issue.RefuseExtension: true, issue.Uphold: true, issue.Reject: true}
	for _, act := range v.Acts {
		t, err := issue.Next(v.State, act)
		if err != nil || slices.Contains(elsewhere, act) {
			continue
		}
		if act == issue.HandOver && v.Unit == 0 {
			continue // 分办 comes first
		}
		f := actForm{Act: act, Name: issue.ActNames[act], ID: id + "-" + string(act)}
		if note, ok := s.text.find("issueact." + string(act)); ok {
			f.Note = note
		}
		f.ReasonMust = t.Asks(issue.WithReason)
		f.Reason = f.ReasonMust || act == issue.Recheck || act == issue.Close
		f.Text = t.Asks(issue.WithText)
		f.Answer = t.Asks(issue.WithAnswer)
		f.Address = t.Asks(issue.WithFile) || act == issue.Object
		f.Evidence = f.Address || f.Answer || f.Text
		f.DueMust = t.Asks(issue.WithDue) || t.Asks(issue.LongerDue)
		f.Due = f.DueMust || t.Asks(issue.LaterDue) || act == issue.Assign && v.State != issue.Found
		f.Deduction = t.Asks(issue.WithDeduction)
		f.Units = act == issue.Assign
		f.Danger, f.Proxy, f.Open = act == issue.Withdraw, supervises && slices.Contains(unitActs, act), request[act]
		f.Quiet = !(f.Reason || f.Text || f.Answer || f.Evidence || f.Due || f.Deduction || f.Units)
		f.Typed.Kind = string(issue.AnswerDone)
		if typed != nil && typed.Act == act {
			f.Typed, f.Open = *typed, true
		}
		out = append(out, f)
	}
	main := mainAct(v)
	for k := range out {
		out[k].Main = out[k].Act == main
		out[k].Open = out[k].Open || out[k].Main
	}
	slices.SortStableFunc(out, func(a, b actForm) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(slices.Index(actOrder, a.Act), slices.Index(actOrder, b.Act)))
	})
	for k := range out {
		out[k].First = out[k].Proxy && (k == 0 || !out[k-1].Proxy)
	}
	return out
}

// rank puts the next step first and what is done for somebody else last.
func (f *actForm) rank() int {
	switch {
	case f.Main:
		return 0
	case f.Proxy:
		return 2
	}
	return 1
}

// mainAct is the next step of the one who looks, "" when it is somebody else's.
func mainAct(v *office.IssueView) issue.Act {
	for _, act := range []issue.Act{issue.HandOver, issue.GiveAnswer, issue.Close, issue.Recheck, issue.Assign} {
		if !v.May(act) {
			continue
		}
		switch {
		case act == issue.HandOver && v.Unit == 0,
			act == issue.Assign && (v.Unit != 0 || v.State != issue.Found),
			act == issue.GiveAnswer && v.May(issue.EndInapplicable): // a supervisor waits for the unit
			continue
		}
		return act
	}
	return ""
}
