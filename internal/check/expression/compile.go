package expression

import (
	"fmt"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/expr-lang/expr/ast"
	"github.com/shopspring/decimal"
)

// truth of a condition on figures that may be blank (Kleene's three values).
type truth int

const (
	no truth = iota - 1
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// claim is a condition, ready to be tried.
type claim func(*trial) truth

// amount is a number, ready to be reckoned. ok is false when a figure that it
// needs is blank.
type amount struct {
	value func(*trial) (v decimal.Decimal, ok bool)
	say   func(*trial) string
	// loose operands are put in brackets when they stand in a product.
	loose bool
}

// compiler walks the grammar's tree. before and nullable say what it is inside
// of: 上年(), 空为零().
type compiler struct {
	typed
	forms            []*disclosure.Form
	expression       *Expression
	before, nullable bool
	depth            int
}

const (
	wantsCondition = "这里要写条件(如 新收 >= 办结),不是一个数"
	wantsNumber    = "这里要写数或指标,不是条件"
	// largest literal: far above any figure, far below what makes numbers long.
	largest = 1e12
)

func (c *compiler) claim(n ast.Node) (claim, error) {
	at := n.Location().From
	switch n := n.(type) {
	case *ast.BoolNode:
		v := truthOf(n.Value)
		return func(*trial) truth { return v }, nil
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			inner, err := c.inner(n.Node)
			if err != nil {
				return nil, err
			}
			return func(t *trial) truth { return -inner(t) }, nil
		}
	case *ast.ConditionalNode:
		return c.choice(n)
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&", "or", "||":
			return c.connected(n)
		case "==", "!=", "<", "<=", ">", ">=":
			return c.comparison(n)
		}
	case *ast.IdentifierNode, *ast.IntegerNode, *ast.FloatNode:
		return nil, c.problem(at, wantsCondition)
	case *ast.CallNode:
		if _, err := c.amount(n); err != nil {
			return nil, err
		}
		return nil, c.problem(at, wantsCondition)
	default:
		return nil, c.unsupported(n)
	}
	if _, err := c.amount(n); err != nil {
		return nil, err
	}
	return nil, c.problem(at, wantsCondition)
}

// inner is a condition inside another: its sides are not the expression's.
func (c *compiler) inner(n ast.Node) (claim, error) {
	c.depth++
	defer func() { c.depth-- }()
	return c.claim(n)
}

func (c *compiler) connected(n *ast.BinaryNode) (claim, error) {
	left, err := c.inner(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := c.inner(n.Right)
	if err != nil {
		return nil, err
	}
	if n.Operator == "and" || n.Operator == "&&" {
		return func(t *trial) truth { return min(left(t), right(t)) }, nil
	}
	return func(t *trial) truth { return max(left(t), right(t)) }, nil
}

// choice is 条件 ? 甲 : 乙, both conditions.
func (c *compiler) choice(n *ast.ConditionalNode) (claim, error) {
	var parts [3]claim
	for i, node := range []ast.Node{n.Cond, n.Exp1, n.Exp2} {
		var err error
		if parts[i], err = c.inner(node); err != nil {
			return nil, err
		}
	}
	return func(t *trial) truth {
		switch parts[0](t) {
		case yes:
			return parts[1](t)
		case no:
			return parts[2](t)
		}
		return unknown
	}, nil
}

func (c *compiler) comparison(n *ast.BinaryNode) (claim, error) {
	left, err := c.amount(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := c.amount(n.Right)
	if err != nil {
		return nil, err
	}
	if c.depth == 0 {
		c.expression.left, c.expression.right, c.expression.operator = left, right, n.Operator
	}
	holds := map[string]func(int) bool{
		"==": func(d int) bool { return d == 0 }, "!=": func(d int) bool { return d != 0 },
		"<": func(d int) bool { return d < 0 }, "<=": func(d int) bool { return d <= 0 },
		">": func(d int) bool { return d > 0 }, ">=": func(d int) bool { return d >= 0 },
	}[n.Operator]
	return func(t *trial) truth {
		l, lok := left.value(t)
		r, rok := right.value(t)
		if !lok || !rok {
			return unknown
		}
		return truthOf(holds(l.Cmp(r)))
	}, nil
}

func (c *compiler) amount(n ast.Node) (*amount, error) {
	at := n.Location().From
	switch n := n.(type) {
	case *ast.IntegerNode:
		return c.literal(at, decimal.NewFromInt(int64(n.Value)))
	case *ast.FloatNode:
		return c.literal(at, decimal.NewFromFloat(n.Value))
	case *ast.IdentifierNode:
		return c.figure(at, n.Value)
	case *ast.UnaryNode:
		if n.Operator == "-" || n.Operator == "+" {
			return c.signed(n)
		}
		return nil, c.problem(at, wantsNumber)
	case *ast.BinaryNode:
		switch n.Operator {
		case "+", "-", "*", "/":
			return c.reckoned(n)
		case "and", "&&", "or", "||", "==", "!=", "<", "<=", ">", ">=":
			return nil, c.problem(at, wantsNumber)
		}
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return c.call(at, callee.Value, n.Arguments)
		}
	case *ast.BoolNode, *ast.ConditionalNode:
		return nil, c.problem(at, wantsNumber)
	}
	return nil, c.unsupported(n)
}

func (c *compiler) unsupported(n ast.Node) error {
	return c.problem(n.Location().From, "不支持这种写法;可用 + - * / == != < <= > >= 且 或 非、括号和函数%s", functionNames)
}

func (c *compiler) literal(at int, v decimal.Decimal) (*amount, error) {
	if v.Abs().GreaterThan(decimal.NewFromFloat(largest)) || v.Exponent() < -12 {
		return nil, c.problem(at, "数太大或小数位太多")
	}
	return &amount{value: func(*trial) (decimal.Decimal, bool) { return v, true }, say: func(*trial) string { return v.String() }}, nil
}

// figure is a name or a code.
func (c *compiler) figure(at int, name string) (*amount, error) {
	l := &leaf{name: name, before: c.before, meanings: map[*disclosure.Form]*Name{}}
	for _, f := range c.forms {
		meanings := vocabularyOf(f).meanings[name]
		if len(meanings) > 1 {
			labels := make([]string, 0, 3)
			for _, m := range meanings[:min(3, len(meanings))] {
				labels = append(labels, fmt.Sprintf("%s(%s)", m.Codes[0], m.Label))
			}
			return nil, c.problem(at, "“%s”可以指%s等%d项,请改用代码", name, strings.Join(labels, "、"), len(meanings))
		}
		if len(meanings) == 1 {
			l.meanings[f] = meanings[0]
		}
	}
	if len(l.meanings) == 0 {
		if _, ok := functions[name]; ok {
			return nil, c.problem(at, "“%s”是函数,请在后面加括号", name)
		}
		return nil, c.problem(at, "没有叫“%s”的指标,请用指标名称表中的名称或代码%s", name, c.suggestion(name))
	}
	c.expression.leaves = append(c.expression.leaves, l)
	nullable := c.nullable
	return &amount{
		value: func(t *trial) (decimal.Decimal, bool) {
			v, ok := l.value(t)
			if !ok && nullable {
				return decimal.Zero, true
			}
			if !ok {
				t.open = append(t.open, l.called())
			}
			return v, ok
		},
		say: func(t *trial) string {
			v, ok := l.value(t)
			if !ok {
				return l.called() + "(空白)"
			}
			return l.called() + v.String()
		}}, nil
}

// suggestion names what was perhaps meant.
func (c *compiler) suggestion(name string) string {
	var near []string
	for _, f := range c.forms {
		for _, known := range vocabularyOf(f).order {
			if len(near) < 3 && len(vocabularyOf(f).meanings[known]) == 1 && strings.Contains(known, name) {
				near = append(near, known)
			}
		}
		if len(near) > 0 {
			return ",如“" + strings.Join(near, "”“") + "”"
		}
	}
	return ""
}

func (c *compiler) signed(n *ast.UnaryNode) (*amount, error) {
	inner, err := c.amount(n.Node)
	if err != nil || n.Operator == "+" {
		return inner, err
	}
	return &amount{loose: true, say: func(t *trial) string { return "-" + bracketed(inner, t) },
		value: func(t *trial) (decimal.Decimal, bool) { v, ok := inner.value(t); return v.Neg(), ok }}, nil
}

func (c *compiler) reckoned(n *ast.BinaryNode) (*amount, error) {
	left, err := c.amount(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := c.amount(n.Right)
	if err != nil {
		return nil, err
	}
	out := &amount{loose: n.Operator == "+" || n.Operator == "-"}
	out.value = func(t *trial) (decimal.Decimal, bool) {
		l, lok := left.value(t)
		r, rok := right.value(t)
		if !lok || !rok {
			return decimal.Zero, false
		}
		switch n.Operator {
		case "+":
			return l.Add(r), true
		case "-":
			return l.Sub(r), true
		case "*":
			return l.Mul(r), true
		}
		if r.IsZero() {
			t.open = append(t.open, "除数为0")
			return decimal.Zero, false
		}
		return l.Div(r), true
	}
	out.say = func(t *trial) string {
		l, r := left.say(t), right.say(t)
		if !out.loose {
			l = bracketed(left, t)
		}
		if n.Operator != "+" {
			r = bracketed(right, t)
		}
		return l + map[string]string{"+": "+", "-": "-", "*": "×", "/": "÷"}[n.Operator] + r
	}
	return out, nil
}

func bracketed(a *amount, t *trial) string {
	if a.loose {
		return "(" + a.say(t) + ")"
	}
	return a.say(t)
}

// partNumbers are what 字数() takes: a part of the report, or all of it.
var partNumbers = map[string]int{"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "全文": 0}

func (c *compiler) length(at int, args []ast.Node) (*amount, error) {
	part, known := 0, false
	if len(args) == 1 {
		switch a := args[0].(type) {
		case *ast.IdentifierNode:
			part, known = partNumbers[a.Value]
		case *ast.IntegerNode:
			part, known = a.Value, a.Value >= 1 && a.Value <= 6
		}
	}
	if !known {
		return nil, c.problem(at, "“字数”要写明部分,如 字数(一)、字数(五)、字数(全文)")
	}
	c.expression.prose = true
	name := "全文字数"
	if part > 0 {
		name = "第" + string([]rune("一二三四五六")[part-1]) + "部分字数"
	}
	count := func(t *trial) int { return proseLength(t.now, part) }
	return &amount{say: func(t *trial) string { return name + strconv.Itoa(count(t)) },
		value: func(t *trial) (decimal.Decimal, bool) { return decimal.NewFromInt(int64(count(t))), true }}, nil
}
