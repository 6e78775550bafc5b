// Package expression reads and tries what a district writes as a rule of its
// own: 新收 + 结转 == 办结 + 结转下年.
//
// The grammar and the places of errors are those of expr-lang/expr. Its machine
// is not used: figures are decimals that must stay exact, and a blank is neither
// 0 nor an error, so the tree is walked here. Only sums, products, comparisons
// and the functions below are taken; there is nothing that could loop, and an
// expression has at most maxNodes parts.
package expression

import (
	"slices"
	"unicode/utf8"

	"mingjing/internal/disclosure"

	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/parser"
	"github.com/shopspring/decimal"
)

// Bounds of an expression.
const (
	maxRunes = 1000
	maxNodes = 200
)

// Expression is a condition on a report and, where it asks for it, on the
// report of the year before.
type Expression struct {
	holds claim
	// left and right are the sides of an expression that is one comparison.
	left, right *amount
	operator    string
	leaves      []*leaf
	prose       bool
}

// Parse reads an expression on the reports of one family; forms are its
// versions, the newest first. A name must have a meaning in one of them. The
// error is a *Problem.
func Parse(forms []*disclosure.Form, source string) (*Expression, error) {
	t := readTyped(source)
	if n := utf8.RuneCountInString(source); n > maxRunes {
		return nil, &Problem{Position: maxRunes, Says: "表达式太长,请分成几条规则"}
	}
	tree, err := parser.ParseWithConfig(t.text, &conf.Config{MaxNodes: maxNodes, DisableIfOperator: true, Disabled: map[string]bool{}})
	if err != nil {
		return nil, t.grammarProblem(err)
	}
	c := &compiler{typed: t, forms: forms, expression: &Expression{}}
	holds, err := c.claim(tree.Node)
	if err != nil {
		return nil, err
	}
	c.expression.holds = holds
	if len(c.expression.leaves) == 0 && !c.expression.prose {
		return nil, t.problem(0, "没有用到任何数据,请写明指标的名称或代码")
	}
	return c.expression, nil
}

// Result is how an expression came out.
type Result string

// The results. Silent: the expression asks for what this report cannot have: a
// year before that is not on file, cells of another version of the form, prose
// of a source of figures only. Untried: a figure that it needs is blank.
const (
	Holds   Result = "holds"
	Fails   Result = "fails"
	Untried Result = "untried"
	Silent  Result = "silent"
)

// Outcome is what became of an expression on one report.
type Outcome struct {
	Result Result
	// Codes are the report's cells that it looked at, in the form's order.
	Codes []disclosure.Code
	// Left and Right are the sides of a comparison with their figures
	// (新收27+结转0), LeftValue and RightValue what they come to. Compared is
	// false when the expression is no single comparison.
	Compared              bool
	Operator              string // as the grammar writes it: ==, <=
	Left, Right           string
	LeftValue, RightValue decimal.Decimal
	// Open says, when it is Untried, what is missing.
	Open []string
}

// Try tries the expression on a report. last is the report of the year before,
// nil when there is none that may be compared.
func (e *Expression) Try(now, last *disclosure.Report) Outcome {
	t := &trial{now: now, last: last}
	out := Outcome{Result: Silent, Codes: []disclosure.Code{}}
	if e.prose && !now.HasProse {
		return out
	}
	for _, l := range e.leaves {
		if !t.has(l) {
			return out
		}
		if !l.before {
			out.Codes = append(out.Codes, l.meaning(now.Form).Codes...)
		}
	}
	slices.SortFunc(out.Codes, func(a, b disclosure.Code) int { return now.Form.Order(a) - now.Form.Order(b) })
	out.Codes = slices.Compact(out.Codes)
	switch e.holds(t) {
	case yes:
		out.Result = Holds
	case no:
		out.Result = Fails
	default:
		out.Result = Untried
		slices.Sort(t.open)
		out.Open = slices.Compact(t.open)
	}
	if e.left != nil && out.Result != Untried {
		l, lok := e.left.value(t)
		r, rok := e.right.value(t)
		if lok && rok {
			out.Compared, out.Operator, out.LeftValue, out.RightValue = true, e.operator, l, r
			out.Left, out.Right = e.left.say(t), e.right.say(t)
		}
	}
	return out
}

// UsesLast says whether the expression asks for the year before.
func (e *Expression) UsesLast() bool {
	return slices.ContainsFunc(e.leaves, func(l *leaf) bool { return l.before })
}

// trial is an expression on its way through one report.
type trial struct {
	now, last *disclosure.Report
	open      []string
}

func (t *trial) report(before bool) *disclosure.Report {
	if before {
		return t.last
	}
	return t.now
}

// has says whether the report that a leaf looks at can have its cells. A source
// of figures only that mentions none of them says nothing.
func (t *trial) has(l *leaf) bool {
	r := t.report(l.before)
	if r == nil || r.Form == nil {
		return false
	}
	m := l.meaning(r.Form)
	if m == nil {
		return false
	}
	if r.HasProse {
		return true
	}
	for _, c := range append([]disclosure.Code{m.Instead}, m.Codes...) {
		if _, mentioned := r.Cells[c]; mentioned {
			return true
		}
	}
	return false
}

// leaf is a name in an expression, by its meaning in each version of the form.
type leaf struct {
	name     string
	before   bool // the year before's
	meanings map[*disclosure.Form]*Name
}

func (l *leaf) meaning(f *disclosure.Form) *Name { return l.meanings[f] }

func (l *leaf) called() string {
	if l.before {
		return "上年" + l.name
	}
	return l.name
}

// value adds up a leaf's cells: blanks count as 0 beside a number; without any
// number, or with text in one of them, there is no value.
func (l *leaf) value(t *trial) (decimal.Decimal, bool) {
	r := t.report(l.before)
	m := l.meaning(r.Form)
	sum, numbers := decimal.Zero, 0
	for _, c := range m.Codes {
		switch cell := r.Cells[c]; cell.Kind {
		case disclosure.CellNumber:
			sum, numbers = sum.Add(cell.Value), numbers+1
		case disclosure.CellUnread:
			return decimal.Zero, false
		}
	}
	if v, ok := r.Value(m.Instead); numbers == 0 && m.Instead != "" && ok {
		return v, true
	}
	return sum, numbers > 0
}
