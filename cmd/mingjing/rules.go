package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/check/expression"
	"mingjing/internal/control"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
)

// rulesCmd is the district's hand on the rules: its decisions on those that
// ship, and rules of its own.
type rulesCmd struct {
	List  rulesListCmd  `cmd:"" help:"列出全部规则、本区的设置和修改历史。"`
	Set   rulesSetCmd   `cmd:"" help:"修改一条规则的程度、名称、提醒或开关;编号为LOC-R1等的,新增或修改本区自定规则。"`
	Try   rulesTryCmd   `cmd:"" help:"在已入库的报告上试一条本区自定规则,不保存。"`
	Drop  rulesDropCmd  `cmd:"" help:"删除一条本区自定规则。"`
	Names rulesNamesCmd `cmd:"" help:"列出表达式中可用的指标名称和函数。"`
}

type rulesListCmd = onData[rulesListWork, *rulesListWork]

type rulesListWork struct {
	JSON bool `name:"json" help:"输出JSON。"`
}

func (w *rulesListWork) run(ctx context.Context, d *desk) (int, error) {
	book, err := d.office.Rules(ctx, d.visitor())
	if err != nil {
		return 0, err
	}
	if w.JSON {
		return 0, indented(d.out).Encode(book)
	}
	t := newTableWriter(d.out, "table", []string{"规则", "名称", "程度", "开关", "内容", "本区设置"})
	for _, r := range book.Rules {
		on := "启用"
		if !r.On {
			on = "停用"
		}
		if err := t.row([]any{r.ID, r.Title, wordOf(r.Severity), on, r.Says, settingWords(r)}); err != nil {
			return 0, err
		}
	}
	if err := t.end(); err != nil {
		return 0, err
	}
	for _, p := range book.Problems {
		fmt.Fprintln(d.out, p)
	}
	for _, h := range book.History {
		fmt.Fprintf(d.out, "%s %s:%s\n", h.Time.In(china).Format("2006-01-02 15:04"), h.Actor.Name, strings.Join(h.Says, ";"))
	}
	_, err = fmt.Fprintf(d.out, "规则版本%s。\n", book.Version)
	return 0, err
}

// china is the zone in which people read times.
var china = time.FixedZone("Asia/Shanghai", 8*60*60)

func wordOf(s check.Severity) string {
	for _, w := range severityWords {
		if w.severity == s {
			return w.word
		}
	}
	return string(s)
}

func settingWords(r check.RuleState) string {
	var out []string
	if r.Local != nil {
		return "本区自定"
	}
	if r.Severity != r.Shipped.Severity {
		out = append(out, "原为"+wordOf(r.Shipped.Severity))
	}
	if r.Title != r.Shipped.Title {
		out = append(out, "原名“"+r.Shipped.Title+"”")
	}
	if r.Setting.Advice != "" {
		out = append(out, "提醒“"+r.Setting.Advice+"”")
	}
	return strings.Join(out, ";")
}

type rulesSetCmd = onData[rulesSetWork, *rulesSetWork]

type rulesSetWork struct {
	Rule     string         `arg:"" help:"规则编号,如T3-R4;本区自定规则写LOC-R1至LOC-R999。"`
	Severity check.Severity `help:"程度:error(错误)、explain(需说明)、notice(提示)。" placeholder:"SEVERITY"`
	On       bool           `help:"启用。" xor:"switch"`
	Off      bool           `help:"停用。" xor:"switch"`
	Title    *string        `help:"名称;写空的恢复原名。" placeholder:"TEXT"`
	Advice   *string        `help:"附在每条问题后面的提醒。" placeholder:"TEXT"`
	Reset    bool           `help:"先恢复为出厂设置。"`
	localRuleFlags
}

// localRuleFlags are the fields of a rule of the district's own.
type localRuleFlags struct {
	Expression string          `help:"本区自定规则的条件,如:新收 + 结转 == 办结 + 结转下年。" placeholder:"EXPR"`
	Message    *string         `help:"不符合时的说明,可写{左边}、{右边}、{相差}、{单位}、{年度}和{指标名称}。" placeholder:"TEXT"`
	First      disclosure.Year `help:"从哪个年度的报告起适用。" placeholder:"YEAR"`
	Last       disclosure.Year `help:"到哪个年度的报告为止。" placeholder:"YEAR"`
	Family     string          `help:"适用的表单,缺省为国家年度报告。" placeholder:"FAMILY"`
}

func (f localRuleFlags) given() bool {
	return f.Expression != "" || f.Message != nil || f.First != 0 || f.Last != 0 || f.Family != ""
}

func (f localRuleFlags) over(def check.LocalRuleDef) check.LocalRuleDef {
	if f.Expression != "" {
		def.Expression = f.Expression
	}
	if f.Message != nil {
		def.Message = *f.Message
	}
	if f.First != 0 {
		def.First = f.First
	}
	if f.Last != 0 {
		def.Last = f.Last
	}
	if f.Family != "" {
		def.Family = f.Family
	}
	return def
}

func (w *rulesSetWork) run(ctx context.Context, d *desk) (int, error) {
	book, err := d.office.Rules(ctx, d.visitor())
	if err != nil {
		return 0, err
	}
	if strings.HasPrefix(w.Rule, "LOC-") {
		err = d.office.SetLocalRule(ctx, d.visitor(), w.local(book), book.Seen, uuid.NewString())
	} else {
		err = w.decide(ctx, d, book)
	}
	if err != nil {
		return 0, err
	}
	return 0, recheckAfterRules(ctx, d)
}

// local is the rule as it stands with what was given over it.
func (w *rulesSetWork) local(book *office.RuleBook) check.LocalRuleDef {
	def := check.LocalRuleDef{ID: w.Rule, Title: w.Rule, Severity: check.Explain}
	if old := localOf(book, w.Rule); old != nil {
		def = *old
	}
	def = w.over(def)
	if w.Severity != "" {
		def.Severity = w.Severity
	}
	if w.Title != nil {
		def.Title = *w.Title
	}
	if w.On || w.Off {
		def.On = w.On
	}
	return def
}

func localOf(book *office.RuleBook, id string) *check.LocalRuleDef {
	i := slices.IndexFunc(book.Rules, func(r check.RuleState) bool { return r.ID == id && r.Local != nil })
	if i < 0 {
		return nil
	}
	return book.Rules[i].Local
}

func (w *rulesSetWork) decide(ctx context.Context, d *desk, book *office.RuleBook) error {
	if w.given() {
		return disclosure.Errorf(disclosure.ErrInvalid, "%s是出厂规则,只能改程度、名称、提醒和开关;要写条件,请用LOC-R1等编号。", w.Rule)
	}
	var set check.RuleSetting
	for _, r := range book.Rules {
		if r.ID == w.Rule && !w.Reset {
			set = r.Setting
		}
	}
	if w.Severity != "" {
		set.Severity = w.Severity
	}
	if w.On || w.Off {
		set.Off = w.Off
	}
	if w.Title != nil {
		set.Title = *w.Title
	}
	if w.Advice != nil {
		set.Advice = *w.Advice
	}
	return d.office.SetRuleSettings(ctx, d.visitor(), check.RuleSettings{w.Rule: set}, book.Seen, uuid.NewString())
}

// recheckAfterRules makes the findings on file anew and says how many reports
// that were.
func recheckAfterRules(ctx context.Context, d *desk) error {
	n, err := d.office.Recheck(ctx, func(done, total int) { d.progress(control.Progress{Done: done, Total: total, Label: "核对"}) })
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.out, "已保存,重新核对了%d份报告。\n", n)
	return err
}

type rulesTryCmd = onData[rulesTryWork, *rulesTryWork]

type rulesTryWork struct {
	Rule  string            `arg:"" optional:"" help:"已保存的本区自定规则的编号;不写的,用--expression。"`
	Years []disclosure.Year `name:"year" help:"只试这些年度的报告,可写多个。" placeholder:"YEAR"`
	JSON  bool              `name:"json" help:"输出JSON数组。"`
	localRuleFlags
}

func (w *rulesTryWork) run(ctx context.Context, d *desk) (int, error) {
	def := check.LocalRuleDef{ID: "LOC-R999", Title: "试用", Severity: check.Explain}
	if w.Rule != "" {
		book, err := d.office.Rules(ctx, d.visitor())
		if err != nil {
			return 0, err
		}
		old := localOf(book, w.Rule)
		if old == nil {
			return 0, disclosure.Errorf(disclosure.ErrNotFound, "没有本区规则“%s”,请用“mingjing rules list”查看编号。", w.Rule)
		}
		def = *old
	}
	trial, err := d.office.TryLocalRule(ctx, d.visitor(), w.over(def), w.Years, func(done, total int) {
		d.progress(control.Progress{Done: done, Total: total, Label: "试用"})
	})
	if err != nil {
		return 0, err
	}
	if w.JSON {
		return 0, writeTrial(d, trial)
	}
	for _, l := range trial.Lines {
		fmt.Fprintf(d.out, "%s %s:%s\n", l.Unit.Display(), l.Report.Period, l.Finding.Message)
	}
	_, err = fmt.Fprintf(d.out, "共试%d份报告:符合%d份,不符合%d份,未能核验%d份。没有保存任何内容。\n", trial.Tried, trial.Passed, len(trial.Lines), trial.Untried)
	return 0, err
}

func writeTrial(d *desk, trial *office.RuleTrial) error {
	type hit struct {
		Unit    string          `json:"unit"`
		Year    disclosure.Year `json:"year"`
		Finding check.Finding   `json:"finding"`
	}
	hits := []hit{}
	for _, l := range trial.Lines {
		hits = append(hits, hit{l.Unit.Name, l.Report.Period.Year, l.Finding})
	}
	return indented(d.out).Encode(hits)
}

type rulesDropCmd = onData[rulesDropWork, *rulesDropWork]

type rulesDropWork struct {
	Rule string `arg:"" help:"本区自定规则的编号。"`
}

func (w *rulesDropWork) run(ctx context.Context, d *desk) (int, error) {
	book, err := d.office.Rules(ctx, d.visitor())
	if err != nil {
		return 0, err
	}
	if err := d.office.DropLocalRule(ctx, d.visitor(), w.Rule, book.Seen, uuid.NewString()); err != nil {
		return 0, err
	}
	return 0, recheckAfterRules(ctx, d)
}

type rulesNamesCmd struct {
	Form string `help:"表单,缺省为现行国家年度报告。" default:"national-2021" placeholder:"FORM"`
	JSON bool   `name:"json" help:"输出JSON数组。"`
}

// Run lists what an expression may name; it needs no data.
func (c *rulesNamesCmd) Run(s *streams) error {
	form := disclosure.FormByID(c.Form)
	if form == nil {
		var ids []string
		for _, f := range disclosure.Forms() {
			ids = append(ids, f.ID)
		}
		return disclosure.Errorf(disclosure.ErrNotFound, "没有表单“%s”,可写%s。", c.Form, strings.Join(ids, "、"))
	}
	names := expression.Names(form)
	if c.JSON {
		return json.NewEncoder(s.out).Encode(names)
	}
	t := newTableWriter(s.out, "table", []string{"名称", "代码", "表格中的位置"})
	for _, n := range names {
		codes := make([]string, len(n.Codes))
		for i, c := range n.Codes {
			codes[i] = string(c)
		}
		if err := t.row([]any{n.Name, strings.Join(codes, " + "), n.Label}); err != nil {
			return err
		}
	}
	if err := t.end(); err != nil {
		return err
	}
	for _, f := range expression.Functions {
		fmt.Fprintln(s.out, f.Says)
	}
	return nil
}
