package expression

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/file"
)

// Problem says what is wrong with an expression, and where.
type Problem struct {
	// Position counts characters from 1, as typed; one more than there are for
	// the end.
	Position int
	// Near is the text there; "" at the end.
	Near string
	Says string // a clause in Chinese, without a stop
}

func (p *Problem) Error() string {
	if p.Near == "" {
		return fmt.Sprintf("表达式第%d个字处:%s。", p.Position, p.Says)
	}
	return fmt.Sprintf("表达式第%d个字“%s”处:%s。", p.Position, p.Near, p.Says)
}

func (t *typed) problem(at int, format string, args ...any) *Problem {
	p := &Problem{Position: t.place(at), Says: fmt.Sprintf(format, args...)}
	if rest := t.source[min(p.Position-1, len(t.source)):]; len(rest) > 0 {
		end := 1
		for end < len(rest) && end < 12 && letter(rest[0]) && letter(rest[end]) {
			end++
		}
		p.Near = string(rest[:end])
	}
	return p
}

var (
	unexpected = regexp.MustCompile(`^unexpected token (\w+)`)
	// grammarSays turns what the grammar says in English into what to do.
	grammarSays = []struct{ begins, says string }{
		{"unexpected token EOF", "没有写完,请补全"},
		{"unexpected end of expression", "没有写完,请补全"},
		{"unexpected token", "不应出现在这里,请检查运算符和括号是否成对"},
		{"unrecognized character", "不能使用这个字符"},
		{"bad number syntax", "数的写法不对"},
		{"integer literal is too large", "数太大"},
		{"compilation failed", "太长,请分成几条规则"},
		{"literal not terminated", "引号没有成对;表达式中不用引号"},
		{"unclosed comment", "不能写注释"},
	}
)

// grammarProblem words an error of the grammar.
func (t *typed) grammarProblem(err error) *Problem {
	var e *file.Error
	if !errors.As(err, &e) {
		return t.problem(0, "看不懂,请核对写法")
	}
	says := "看不懂,请核对写法"
	for _, g := range grammarSays {
		if strings.HasPrefix(e.Message, g.begins) {
			says = g.says
			break
		}
	}
	at := e.From
	if m := unexpected.FindStringSubmatch(e.Message); m != nil && m[1] == "EOF" {
		at = len(t.places) - 1
	}
	return t.problem(at, "%s", says)
}
