package disclosure

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Label is what a person calls the cell: "表三 (三)不予公开 1.属于国家秘密 · 自然人".
func (d CellDef) Label() string {
	var b strings.Builder
	b.WriteString(d.Table.Name)
	b.WriteByte(' ')
	b.WriteString(d.Row.FullLabel())
	if col := d.Column.FullLabel(); col != "" {
		if d.Row.Label != "" {
			b.WriteString(" · ")
		}
		b.WriteString(col)
	}
	return b.String()
}

// FullLabel is the axis' label behind its innermost group, so that "3.其他" and
// "其他" say of what: "(六)其他处理 3.其他".
func (a Axis) FullLabel() string {
	switch n := len(a.Groups); {
	case n == 0:
		return a.Label
	case n >= 2 && strings.HasPrefix(a.Groups[0], "三、"):
		return a.Groups[n-1] + " " + a.Label
	case strings.HasPrefix(a.Groups[0], "三、"):
		return a.Label
	default:
		return strings.Join(a.Groups, "·") + "·" + a.Label
	}
}

// LabelOf is the label of a code in any shipped form or measure, the code
// itself when nobody knows it.
func LabelOf(code Code) string {
	if def, _, ok := LookupCode(code); ok {
		return def.Label()
	}
	if m, ok := MeasureByCode(code); ok {
		return m.Name
	}
	return string(code)
}

// leadingNumber is a label's number: 一、 (一) 1. 1、 (七).
var leadingNumber = regexp.MustCompile(`^(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十0-9]{1,3}\)[、.]?|[0-9]{1,2}[、.])+`)

var (
	bracketed    = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]|〔[^〔〕]*〕|【[^【】]*】`)
	yearInLabel  = regexp.MustCompile(`(?:19|20)[0-9]{2}年度?`)
	openBracket  = regexp.MustCompile(`[(\[〔【].*$`)
	onlyBrackets = regexp.MustCompile(`^[(\[〔【]`)
)

// FoldLabel is a label as labels are compared: full-width forms folded, without
// spaces, number, year, bracketed remarks and punctuation. "三、本年度 办理结果"
// and "本年度办理结果" are one, as are "现行有效件数（历史累计）" and "现行有效件数".
func FoldLabel(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, norm.NFKC.String(s))
	s = yearInLabel.ReplaceAllString(leadingNumber.ReplaceAllString(s, ""), "")
	if bare := openBracket.ReplaceAllString(bracketed.ReplaceAllString(s, ""), ""); bare != "" && !onlyBrackets.MatchString(s) {
		s = bare
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// Names are the ways in which an axis is printed, folded: its label first.
func (a *Axis) Names() []string {
	var out []string
	for _, s := range append([]string{a.Label}, a.Aliases...) {
		if f := FoldLabel(s); f != "" {
			out = append(out, f)
		}
	}
	return out
}

// HeadNames are the ways in which a column of a wide sheet, one row a unit, may
// name the cell, folded: its code, its labels from the outermost to the
// innermost, the row alone where the block has one column, or for the total.
func (d CellDef) HeadNames() []string {
	out := []string{FoldLabel(string(d.Code)), FoldLabel(d.Label())}
	add := func(parts ...string) {
		whole := strings.Join(parts, "")
		if whole != "" {
			out = append(out, whole)
		}
	}
	fold := func(groups []string) (folded []string) {
		for _, g := range groups {
			folded = append(folded, FoldLabel(g))
		}
		return folded
	}
	rowGroups, columnGroups := fold(d.Row.Groups), fold(d.Column.Groups)
	rows, columns := d.Row.Names(), d.Column.Names()
	if len(rows) == 0 {
		rows = []string{""}
	}
	for _, row := range rows {
		for from := range len(rowGroups) + 1 {
			prefix := strings.Join(rowGroups[from:], "")
			if prefix == "" && len([]rune(row)) < 3 && len(rowGroups) > 0 {
				continue // 其他, 总计: says too little without its group
			}
			for _, column := range columns {
				for at := range len(columnGroups) + 1 {
					group := strings.Join(columnGroups[at:], "")
					if row == "" && group == "" {
						continue
					}
					add(prefix, row, group, column)
					if row != "" {
						add(group, column, prefix, row)
					}
				}
			}
			if len(d.Block.Columns) == 1 || d.Column.Key == "TOT" {
				add(prefix, row)
			}
		}
	}
	return out
}

// Clip keeps the first letters of a text, with an ellipsis when it had more.
func Clip(text string, most int) string {
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}
