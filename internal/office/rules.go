package office

import (
	"context"
	"encoding/json"
	"fmt"

	"slices"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// rulesID is the setting that holds what the district decided on rules.
const rulesID = "rules"

// ruleState is its state in the log.
type ruleState struct {
	Settings check.RuleSettings   `json:"settings,omitempty"`
	Local    []check.LocalRuleDef `json:"local,omitempty"`
}

// RuleBook is the district's rules, for the page on which they are edited.
type RuleBook struct {
	Version string
	Rules   []check.RuleState
	// Problems are decisions that are kept but no longer apply.
	Problems []string
	// Seen is what a change gives, so that two people do not undo each other.
	Seen    uint64
	History []RuleChange // newest first
}

// RuleChange is one entry of the rules' history.
type RuleChange struct {
	Seq   uint64
	Time  time.Time
	Actor store.Actor
	Says  []string // what was changed, a clause a rule
}

// mostRuleChanges is how much of the history a page shows.
const mostRuleChanges = 200

// Rules returns the rules as they stand, for everybody who is shown what they
// find; the history is for who may change them. Error: ErrForbidden.
func (o *Office) Rules(ctx context.Context, v people.Visitor) (*RuleBook, error) {
	if !v.Anywhere(people.SeeFindings) {
		return nil, v.Demand(people.SeeFindings, 0)
	}
	state, seen, err := o.ruleState(ctx)
	if err != nil {
		return nil, err
	}
	set, problems := check.LoadRuleSet(state.Settings, state.Local)
	effective, err := o.ruleSet(ctx)
	if err != nil {
		return nil, err
	}
	book := &RuleBook{Version: effective.Version(), Rules: set.Rules(), Problems: problems, Seen: seen}
	if !v.May(people.Configure, 0) {
		return book, nil
	}
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindSetting, ID: rulesID, Newest: true, Limit: mostRuleChanges + 1, States: true})
	if err != nil {
		return nil, err
	}
	for i, e := range entries[:min(len(entries), mostRuleChanges)] {
		now, err := decodeRules(e)
		if err != nil {
			return nil, err
		}
		var before ruleState
		if i+1 < len(entries) {
			if before, err = decodeRules(entries[i+1]); err != nil {
				return nil, err
			}
		}
		book.History = append(book.History, RuleChange{Seq: e.Seq, Time: e.Time, Actor: e.Actor, Says: ruleChanges(before, now)})
	}
	return book, nil
}

// ruleSet is the rules that findings are made under.
func (o *Office) ruleSet(ctx context.Context) (*check.RuleSet, error) {
	return cachedOf(ctx, o, "rule set", ofSettings, nil, func() (*check.RuleSet, error) { return o.readRuleSet(ctx) })
}

func (o *Office) readRuleSet(ctx context.Context) (*check.RuleSet, error) {
	state, _, err := o.ruleState(ctx)
	if err != nil {
		return nil, err
	}
	lines, err := o.sources(ctx)
	if err != nil {
		return nil, err
	}
	var basis []string
	for _, l := range lines {
		basis = append(basis, fmt.Sprintf("%s %d", sourceID(l.Year, l.Name), l.Seq))
	}
	set, _ := check.LoadRuleSet(state.Settings, state.Local, basis...)
	return set, nil
}

// ruleState reads the setting; seen is 0 when nothing was decided yet.
func (o *Office) ruleState(ctx context.Context) (state ruleState, seen uint64, err error) {
	seen, err = o.setting(ctx, rulesID, &state)
	return state, seen, err
}

func decodeRules(e store.LogEntry) (state ruleState, err error) {
	if err := json.Unmarshal(e.State, &state); err != nil {
		return state, disclosure.Errorf(disclosure.ErrInternal, "规则设置已损坏,请联系维护人员。").Because(err)
	}
	return state, nil
}

// SetRuleSettings changes what the district decided on the rules named; an
// empty RuleSetting gives a rule back as it ships. seen is RuleBook.Seen.
// Findings on file are old from then on, and a check of them is asked for.
// Errors: ErrForbidden, ErrInvalid (beyond a rule's limits), ErrConflict
// (changed since seen).
func (o *Office) SetRuleSettings(ctx context.Context, v people.Visitor, changes check.RuleSettings, seen uint64, act string) error {
	return o.changeRules(ctx, v, seen, act, func(state *ruleState) error {
		if state.Settings == nil {
			state.Settings = check.RuleSettings{}
		}
		for id, set := range changes {
			if state.Settings[id] = set; set == (check.RuleSetting{}) {
				delete(state.Settings, id)
			}
		}
		return changes.Validate()
	})
}

// SetLocalRule adds a rule of the district's own, or puts it in the place of
// the one of that ID. Errors: ErrInvalid (with an *expression.Problem as cause
// when the expression is wrong), ErrForbidden, ErrConflict.
func (o *Office) SetLocalRule(ctx context.Context, v people.Visitor, def check.LocalRuleDef, seen uint64, act string) error {
	return o.changeRules(ctx, v, seen, act, func(state *ruleState) error {
		if _, err := check.ParseLocalRule(def); err != nil {
			return err
		}
		if i := localRule(state, def.ID); i >= 0 {
			state.Local[i] = def
			return nil
		}
		if len(state.Local) >= mostLocalRules {
			return disclosure.Errorf(disclosure.ErrInvalid, "本区规则最多%d条,请先删去不用的。", mostLocalRules)
		}
		state.Local = append(state.Local, def)
		return nil
	})
}

// mostLocalRules keeps checking in time: each is tried on every report.
const mostLocalRules = 100

// DropLocalRule takes a rule of the district's own away; its history stays.
// Errors: ErrForbidden, ErrNotFound, ErrConflict.
func (o *Office) DropLocalRule(ctx context.Context, v people.Visitor, id string, seen uint64, act string) error {
	return o.changeRules(ctx, v, seen, act, func(state *ruleState) error {
		i := localRule(state, id)
		if i < 0 {
			return disclosure.Errorf(disclosure.ErrNotFound, "没有本区规则“%s”,请核对编号。", id)
		}
		state.Local = slices.Delete(state.Local, i, i+1)
		return nil
	})
}

func localRule(state *ruleState, id string) int {
	return slices.IndexFunc(state.Local, func(d check.LocalRuleDef) bool { return d.ID == id })
}

func (o *Office) changeRules(ctx context.Context, v people.Visitor, seen uint64, act string, change func(*ruleState) error) error {
	if err := v.Demand(people.Configure, 0); err != nil {
		return err
	}
	state, standing, err := o.ruleState(ctx)
	if err != nil {
		return err
	}
	if standing != seen {
		return disclosure.Errorf(disclosure.ErrConflict, "规则设置刚刚被别人改过,请刷新后再改。")
	}
	before, err := json.Marshal(state)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInternal, "规则设置无法保存,请联系维护人员。").Because(err)
	}
	if err := change(&state); err != nil {
		return err
	}
	if len(state.Settings) == 0 {
		state.Settings = nil
	}
	if after, err := json.Marshal(state); err == nil && string(after) == string(before) {
		return nil
	}
	if err := o.putSetting(ctx, v, rulesID, state, standing, act); err != nil {
		return err
	}
	o.recheckSoon()
	return nil
}

// severityWord is a severity as a sentence says it.
var severityWord = map[check.Severity]string{check.Error: "错误", check.Explain: "需说明", check.Notice: "提示", check.NotAssessable: "未能核验"}

// ruleChanges says in clauses what differs between two states.
func ruleChanges(before, now ruleState) []string {
	var out []string
	for _, r := range check.Rules() {
		was, is := before.Settings[r.ID], now.Settings[r.ID]
		if was.Off != is.Off {
			out = append(out, r.ID+map[bool]string{true: "停用", false: "启用"}[is.Off])
		}
		if was.Severity != is.Severity {
			severity := is.Severity
			if severity == "" {
				severity = r.Severity
			}
			out = append(out, r.ID+"程度改为“"+severityWord[severity]+"”")
		}
		if was.Title != is.Title {
			out = append(out, r.ID+"名称改为“"+orElse(is.Title, r.Title)+"”")
		}
		if was.Advice != is.Advice {
			out = append(out, r.ID+"提醒改为“"+orElse(is.Advice, "无")+"”")
		}
	}
	for _, def := range now.Local {
		i := localRule(&before, def.ID)
		switch {
		case i < 0:
			out = append(out, def.ID+"新增:"+def.Expression)
		case before.Local[i] != def:
			old := before.Local[i]
			if old.On != def.On {
				out = append(out, def.ID+map[bool]string{true: "启用", false: "停用"}[def.On])
			}
			if old.Expression != def.Expression {
				out = append(out, def.ID+"表达式改为:"+def.Expression)
			}
			if old.On, old.Expression = def.On, def.Expression; old != def {
				out = append(out, def.ID+"的名称、程度、说明或年度有改动")
			}
		}
	}
	for _, def := range before.Local {
		if localRule(&now, def.ID) < 0 {
			out = append(out, def.ID+"删除")
		}
	}
	return out
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
