package check

import (
	"fmt"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// shortLabel is a printed label without its number, its bracketed notes and
// the words that every such row repeats: "本年新收".
func shortLabel(label string) string {
	s := strings.TrimLeft(label, "一二三四五六七八九十0123456789()、.")
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	if i := strings.Index(s, "、行政机关不再处理"); i > 0 {
		s = s[:i]
	}
	return strings.TrimSuffix(s, "政府信息公开申请数量")
}

// lineLabel names a cell inside a line that runs along columns or rows: by its
// row in a column, by its column in a row.
func lineLabel(def disclosure.CellDef, along string) string {
	if along == "column" {
		return shortLabel(def.Row.Label)
	}
	return shortLabel(def.Column.Label)
}

// place names the line of an equation: 表三“自然人”列, 表三“予以公开”行, and
// for a table of one row the group of its columns: 表四“行政复议”.
func (e *examination) place(eq *equation) string {
	first := e.defs[eq.left[0]]
	switch {
	case eq.along == "column":
		return fmt.Sprintf("%s“%s”列", eq.table.Name, shortLabel(eq.line.Label))
	case eq.line.Label == "":
		return fmt.Sprintf("%s“%s”", eq.table.Name, strings.Join(first.Column.Groups, "·"))
	}
	return fmt.Sprintf("%s“%s”行", eq.table.Name, rowName(*eq.line))
}

// rowName tells the 其他 of one group from that of another.
func rowName(row disclosure.Axis) string {
	name := shortLabel(row.Label)
	if n := len(row.Groups); n >= 2 {
		return shortLabel(row.Groups[n-1]) + "·" + name
	}
	return name
}

// cellName names one cell: 表三“予以公开”行“自然人”列.
func cellName(def disclosure.CellDef) string {
	column := strings.Join(append(append([]string{}, def.Column.Groups...), shortLabel(def.Column.Label)), "·")
	if def.Row.Label == "" {
		return fmt.Sprintf("%s“%s”", def.Table.Name, column)
	}
	if def.Column.Label == "" {
		return fmt.Sprintf("%s“%s”", def.Table.Name, rowName(*def.Row))
	}
	return fmt.Sprintf("%s“%s”行“%s”列", def.Table.Name, rowName(*def.Row), column)
}

// maxTerms is how many addends a sentence spells out.
const maxTerms = 6

// side spells out one side of an equation: 本年新收27+上年结转0=27. Zeros are
// left out of long sides.
func (e *examination) side(cells []int, along string) string {
	sum := number(e.total(cells))
	var terms []string
	for _, c := range cells {
		if e.isNumber(c) && (len(cells) <= 2 || !e.nums[c].IsZero()) {
			terms = append(terms, lineLabel(e.defs[c], along)+number(e.nums[c]))
		}
	}
	switch {
	case len(cells) == 1:
		return terms[0]
	case len(terms) == 0:
		return "各项均为0"
	case len(terms) > maxTerms:
		return fmt.Sprintf("%d项之和%s", len(terms), sum)
	case len(terms) == 1 && len(cells) > 2:
		return terms[0]
	}
	return strings.Join(terms, "+") + "=" + sum
}

// number is a decimal without exponent or trailing zeros.
func number(d decimal.Decimal) string {
	s := d.String()
	if strings.ContainsRune(s, '.') {
		s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// some joins up to five names and counts the rest.
func some(names []string) string {
	if len(names) <= 5 {
		return strings.Join(names, "、")
	}
	return fmt.Sprintf("%s等%d处", strings.Join(names[:5], "、"), len(names))
}

// excerpt is text that others wrote, fit to stand inside a sentence: in one
// line, without a full stop, and at most 30 characters long.
func excerpt(text string) string { return excerptOf(text, 30) }

// excerptOf is excerpt for another length in characters.
func excerptOf(text string, most int) string {
	r := []rune(strings.ReplaceAll(strings.TrimRight(strings.Join(strings.Fields(text), " "), "。"), "。", ";"))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}
