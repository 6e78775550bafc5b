package office

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/shopspring/decimal"
)

// CourseStep is one act in the life of an issue, as the log has it, with what
// it brought.
type CourseStep struct {
	Seq   uint64
	Time  time.Time
	By    string // the person's name
	Act   issue.Act
	State issue.State // afterwards

	Kind       issue.AnswerKind // of an answer
	Text, Link string
	Evidence   []issue.Evidence
	// Due is the new due time, From the one before, both zero when it stayed.
	From, Due calendar.Moment
	// Unit and Helpers are who answers, when that changed.
	Unit    string
	Helpers []string
	// Before and After are the deduction, when it changed.
	Before, After         decimal.NullDecimal
	Late, Proxy, Recalled bool
}

// mostSteps bounds the course that a page shows; the audit holds all.
const mostSteps = 500

// IssueCourse is what became of an issue, the oldest first. Who sees an issue
// from 交办 on is not shown how it was prepared, nor what became of it while
// another unit led it. Error: as Issue.
func (o *Office) IssueCourse(ctx context.Context, v people.Visitor, id string) ([]CourseStep, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	accounts, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	var stands issue.Issue
	var viewer issue.Viewer
	err = o.issuesNow(ctx, func(b *issueBook) error {
		h, on, err := b.see(v, id)
		if err == nil {
			stands, viewer = h.Issue, on
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	whole := viewer.May(people.SeeIssues, stands.Unit) || viewer.OwnList
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindIssue, ID: id, States: true, Limit: mostSteps})
	if err != nil {
		return nil, err
	}
	var out []CourseStep
	var before issue.Issue
	for _, e := range entries {
		var now issue.Issue
		if len(e.State) == 0 || json.Unmarshal(e.State, &now) != nil {
			continue // erased
		}
		step := CourseStep{Seq: e.Seq, Time: e.Time, By: accounts.nameOf(e.Actor.Name), Act: actOfVerb(e.Verb), State: now.State}
		step.brought(&before, &now, units)
		switch seen := viewer.Sees(&now) && viewer.Knows(&stands, now.Unit, e.Actor.Name); {
		case seen || whole && now.State == issue.Found:
			out = append(out, step)
		case step.Act == issue.Enter:
			if now.Unit != stands.Unit {
				step.Unit, step.Helpers = "", nil // who was to answer then
			}
			out = append(out, step)
		}
		before = now
	}
	if len(out) > 0 {
		out[0].Act = issue.Enter // an issue of the past came in as it stood then
	}
	return out, nil
}

// brought says what a step changed.
func (s *CourseStep) brought(before, now *issue.Issue, units *unitIndex) {
	if s.Act != issue.Enter && before.Due != now.Due {
		s.From, s.Due = before.Due, now.Due
	}
	if before.Unit != now.Unit || !slices.Equal(before.Helpers, now.Helpers) {
		s.Unit = units.name(now.Unit)
		for _, h := range now.Helpers {
			s.Helpers = append(s.Helpers, units.name(h))
		}
	}
	if s.Act != issue.Enter && !before.Deduction.Decimal.Equal(now.Deduction.Decimal) {
		s.Before, s.After = before.Deduction, now.Deduction
	}
	if n := len(now.Evidence); n > len(before.Evidence) && s.Act != issue.Enter {
		s.Evidence = now.Evidence[len(before.Evidence):]
	}
	switch {
	case s.Act == issue.Enter:
		return
	case len(now.Answers) > len(before.Answers):
		a := now.Answers[len(now.Answers)-1]
		s.Kind, s.Text, s.Link, s.Evidence, s.Late, s.Proxy = a.Kind, a.Text, a.Link, a.Evidence, a.Late, a.Proxy
	case len(now.Appeals) > len(before.Appeals):
		a := now.Appeals[len(now.Appeals)-1]
		s.Text, s.Evidence = a.Reason, a.Evidence
	case len(now.Reviews) > len(before.Reviews):
		s.Text = now.Reviews[len(now.Reviews)-1].Reason
	}
	if n := len(now.Extensions); n > 0 {
		switch e := now.Extensions[n-1]; s.Act {
		case issue.AskExtension:
			s.Text, s.From, s.Due = e.Reason, e.From, e.Due
		case issue.Extend, issue.RefuseExtension:
			s.Text = e.Answer
		}
	}
	if n := len(now.Appeals); n > 0 && (s.Act == issue.Uphold || s.Act == issue.Reject) {
		s.Text = now.Appeals[n-1].Answer
	}
}

// IssueAt is an issue as it stood at a place of the log, for who saw it then
// and sees it now. Errors: ErrNotFound.
func (o *Office) IssueAt(ctx context.Context, v people.Visitor, id string, seq uint64) (*issue.Issue, error) {
	var viewer issue.Viewer
	var stands issue.Issue
	err := o.issuesNow(ctx, func(b *issueBook) error {
		h, on, err := b.see(v, id)
		if err == nil {
			viewer, stands = on, h.Issue
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindIssue, ID: id, From: seq, To: seq, States: true, Limit: 2})
	if err != nil {
		return nil, err
	}
	var out issue.Issue
	if len(entries) == 0 || len(entries[0].State) == 0 || json.Unmarshal(entries[0].State, &out) != nil ||
		!viewer.Sees(&out) || !viewer.Knows(&stands, out.Unit, "") {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "问题那时的样子已经查不到,请以现在的为准。")
	}
	return viewer.Shown(&out), nil
}
