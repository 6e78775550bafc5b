package expression

import (
	"strings"
	"unicode"

	"mingjing/internal/disclosure"

	"github.com/expr-lang/expr/ast"
	"github.com/shopspring/decimal"
)

// Function is what an expression may call.
type Function struct {
	Name, Says string
}

// Functions lists them for people.
var Functions = []Function{
	{"上年", "上年(新收):上年报告中的数;没有上年报告的,规则不核"},
	{"空为零", "空为零(结转):空白、“/”按0计;不写的,空白使规则不能核验"},
	{"绝对值", "绝对值(新收 - 上年(新收)):不计正负"},
	{"字数", "字数(一)、字数(全文):正文某一部分或全文的字数,不计空格;表格不计"},
}

var functions = func() map[string]bool {
	out := map[string]bool{}
	for _, f := range Functions {
		out[f.Name] = true
	}
	return out
}()

var functionNames = func() string {
	names := make([]string, len(Functions))
	for i, f := range Functions {
		names[i] = f.Name
	}
	return strings.Join(names, "、")
}()

func (c *compiler) call(at int, name string, args []ast.Node) (*amount, error) {
	if name == "字数" {
		return c.length(at, args)
	}
	if !functions[name] {
		return nil, c.problem(at, "没有函数“%s”,可用的函数有%s", name, functionNames)
	}
	if len(args) != 1 {
		return nil, c.problem(at, "函数“%s”的括号里要写一个数或指标", name)
	}
	switch name {
	case "上年":
		if c.before {
			return nil, c.problem(at, "“上年”不能套用")
		}
		c.before = true
		defer func() { c.before = false }()
		return c.amount(args[0])
	case "空为零":
		outer := c.nullable
		c.nullable = true
		defer func() { c.nullable = outer }()
		return c.amount(args[0])
	}
	inner, err := c.amount(args[0])
	if err != nil {
		return nil, err
	}
	return &amount{say: func(t *trial) string { return "|" + inner.say(t) + "|" },
		value: func(t *trial) (decimal.Decimal, bool) { v, ok := inner.value(t); return v.Abs(), ok }}, nil
}

// proseLength counts the characters of a part, 0 for all parts; white space is
// left out, as an editor's count does.
func proseLength(r *disclosure.Report, part int) int {
	n := 0
	for _, p := range r.Prose {
		if part != 0 && p.Number != part {
			continue
		}
		for _, c := range p.Text {
			if !unicode.IsSpace(c) {
				n++
			}
		}
	}
	return n
}
