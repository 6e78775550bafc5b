package check

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/check/expression"
	"mingjing/internal/disclosure"
)

// LocalRuleDef is a rule that a district made: a condition that its reports
// have to meet, see package expression.
type LocalRuleDef struct {
	ID         string   `json:"id"` // LOC-R1
	Title      string   `json:"title"`
	Family     string   `json:"family,omitempty"` // of the reports; national when empty
	Expression string   `json:"expression"`
	Severity   Severity `json:"severity"`
	// Message is the sentence shown, with {左边}, {右边}, {相差}, {单位}, {年度} and
	// names of figures in braces; empty for a sentence made from the expression.
	Message string `json:"message,omitempty"`
	// First and Last are the years whose reports are held to it; 0 is open.
	First disclosure.Year `json:"first,omitempty"`
	Last  disclosure.Year `json:"last,omitempty"`
	// On: a rule begins switched off, to be tried on what is on file.
	On bool `json:"on"`
}

// LocalRule is a LocalRuleDef that was understood.
type LocalRule struct {
	LocalRuleDef
	condition *expression.Expression
	message   []messagePiece // nil for the sentence made from the expression
}

// messagePiece is text, one of the fixed placeholders, or a figure.
type messagePiece struct {
	text, placeholder string
	figure            *expression.Expression
}

var (
	localID     = regexp.MustCompile(`^LOC-R[1-9][0-9]{0,2}$`)
	placeholder = regexp.MustCompile(`\{([^{}]*)\}`)
)

const maxMessage = 200

// ParseLocalRule understands a district's rule. The error is ErrInvalid and
// says in its sentence where the expression goes wrong; the cause then is an
// *expression.Problem.
func ParseLocalRule(def LocalRuleDef) (*LocalRule, error) {
	r := &LocalRule{LocalRuleDef: def}
	if r.Family == "" {
		r.Family = disclosure.FamilyNational
	}
	forms := formsOf(r.Family)
	_, known := gravity[def.Severity]
	switch {
	case !localID.MatchString(def.ID):
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "规则编号“%s”不对,请写成LOC-R1至LOC-R999。", def.ID)
	case strings.TrimSpace(def.Title) == "" || utf8.RuneCountInString(def.Title) > maxTitle || strings.ContainsAny(def.Title, "\n\r\t"):
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请给规则%s写一个不超过%d个字的名称。", def.ID, maxTitle)
	case len(forms) == 0:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有表单“%s”,请核对。", def.Family)
	case !known || def.Severity == NotAssessable:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "程度“%s”不对,请写error(错误)、explain(需说明)或notice(提示)。", def.Severity)
	case def.First != 0 && !def.First.Valid() || def.Last != 0 && !def.Last.Valid() || def.Last != 0 && def.Last < def.First:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "规则%s的起止年度不对,请核对。", def.ID)
	case utf8.RuneCountInString(def.Message) > maxMessage:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "规则%s的说明最多%d个字。", def.ID, maxMessage)
	}
	var err error
	if r.condition, err = expression.Parse(forms, def.Expression); err != nil {
		return nil, misread(err)
	}
	r.message, err = parseMessage(forms, def.Message)
	return r, err
}

func misread(err error) error {
	return disclosure.Errorf(disclosure.ErrInvalid, "%s", err.Error()).Because(err)
}

// formsOf are a family's versions, the newest first.
func formsOf(family string) (out []*disclosure.Form) {
	for _, f := range disclosure.Forms() {
		if f.Family == family {
			out = append(out, f)
		}
	}
	return out
}

// fixedPlaceholders stand for what every rule has.
var fixedPlaceholders = []string{"左边", "右边", "相差", "单位", "年度"}

func parseMessage(forms []*disclosure.Form, message string) ([]messagePiece, error) {
	if strings.TrimSpace(message) == "" {
		return nil, nil
	}
	// One sentence: a stop inside it would make several.
	message = strings.ReplaceAll(strings.TrimSuffix(strings.Join(strings.Fields(message), " "), "。"), "。", ";")
	var out []messagePiece
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(message, -1) {
		out = append(out, messagePiece{text: message[from:at[0]]})
		name := message[at[2]:at[3]]
		piece := messagePiece{placeholder: name}
		if !slices.Contains(fixedPlaceholders, name) {
			figure, err := expression.Parse(forms, name+" == 0")
			var p *expression.Problem
			if errors.As(err, &p) {
				return nil, disclosure.Errorf(disclosure.ErrInvalid, "说明第%d个字处的“{%s}”不认识,可写{%s},或指标的名称。",
					utf8.RuneCountInString(message[:at[0]])+1, excerpt(name), strings.Join(fixedPlaceholders, "}、{")).Because(err)
			}
			piece.figure = figure
		}
		out = append(out, piece)
		from = at[1]
	}
	return append(out, messagePiece{text: message[from:]}), nil
}

// Rule is what people may read about it.
func (r *LocalRule) Rule() Rule {
	return Rule{ID: r.ID, Title: r.Title, Says: r.Expression, Severity: r.Severity, Source: "本区自定"}
}

// Concerns says whether the rule is about reports such as this.
func (r *LocalRule) Concerns(cur *disclosure.Report) bool {
	return cur.Form != nil && cur.Form.Family == r.Family && (r.First == 0 || cur.Year() >= r.First) && (r.Last == 0 || cur.Year() <= r.Last)
}

// Check tries the rule on a report, switched on or not. last is the report of
// the period before, nil for none. found is false when the rule holds or has
// nothing to say.
func (r *LocalRule) Check(cur, last *disclosure.Report) (f Finding, found bool) {
	f, result := r.try(cur, last)
	return f, result == expression.Fails || result == expression.Untried
}

// try is Check with how the expression came out.
func (r *LocalRule) try(cur, last *disclosure.Report) (f Finding, result expression.Result) {
	if !r.Concerns(cur) {
		return f, expression.Silent
	}
	e := &examination{plan: planOf(cur.Form)}
	if last != nil && !follows(cur, last) {
		last = nil
	}
	if last != nil && r.condition.UsesLast() && last.Scope != "" && cur.Scope != "" && last.Scope != cur.Scope {
		e.find(Finding{Rule: r.ID, Title: r.Title, Severity: NotAssessable,
			Message: fmt.Sprintf("“%s”:本年口径为“%s”,上年为“%s”,口径不同不作比较,请改用同口径的上年报告核验。", r.Title, cur.Scope, last.Scope)}, nil)
		return e.findings[0], expression.Untried
	}
	o := r.condition.Try(cur, last)
	f = Finding{Rule: r.ID, Title: r.Title, Severity: r.Severity}
	switch o.Result {
	case expression.Untried:
		f.Severity = NotAssessable
		f.Message = fmt.Sprintf("“%s”需要的%s空白、未能识别或为0,未能核验,请补填后重新核验。", r.Title, some(o.Open))
	case expression.Fails:
		f.Message = r.sentence(cur, last, o)
		switch {
		case !o.Compared:
		case o.Operator == "==":
			f.Expected, f.Actual, f.Difference = compare(o.LeftValue, o.RightValue)
		default:
			f.Expected, f.Actual, f.Difference = compare(o.RightValue, o.LeftValue)
		}
	default:
		return f, o.Result
	}
	cells := make([]int, len(o.Codes))
	for i, c := range o.Codes {
		cells[i] = cur.Form.Order(c)
	}
	e.find(f, cells)
	return e.findings[0], o.Result
}

// sentence is the district's message, or one made from the expression.
func (r *LocalRule) sentence(cur, last *disclosure.Report, o expression.Outcome) string {
	side := func(said, value string) string {
		if strings.ContainsAny(said, "+-×÷") && said != value {
			return said + "=" + value
		}
		return said
	}
	left, right, apart := "", "", ""
	if o.Compared {
		left, right = side(o.Left, number(o.LeftValue)), side(o.Right, number(o.RightValue))
		apart = number(o.RightValue.Sub(o.LeftValue).Abs())
	}
	if r.message == nil {
		ask := "请核对,无误的请书面说明"
		if r.Severity == Error {
			ask = "请核对并改正"
		}
		if !o.Compared {
			return fmt.Sprintf("不符合“%s”(%s),%s。", r.Title, excerptOf(r.Expression, 80), ask)
		}
		return fmt.Sprintf("不符合“%s”:%s,%s,%s。", r.Title, left, right, ask)
	}
	values := map[string]string{"左边": left, "右边": right, "相差": apart, "单位": cur.Unit, "年度": cur.Year().String()}
	var b strings.Builder
	for _, piece := range r.message {
		switch {
		case piece.figure != nil:
			if v := piece.figure.Try(cur, last); v.Compared {
				b.WriteString(number(v.LeftValue))
			} else {
				b.WriteString("空白")
			}
		case piece.placeholder != "":
			b.WriteString(values[piece.placeholder])
		default:
			b.WriteString(piece.text)
		}
	}
	return strings.ReplaceAll(b.String(), "。", ";") + "。"
}
