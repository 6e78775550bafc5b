package disclosure

import (
	"regexp"
	"strings"

	"github.com/shopspring/decimal"
	"golang.org/x/text/width"
)

// MaxPlaces is how many decimal places a value may have (Decimal(18,4), the
// fee's places in the national form). More are reported, never rounded.
const MaxPlaces = 4

// maxValue is the first value that Decimal(18,4) cannot hold.
var maxValue = decimal.New(1, 14)

// ParseCell reads the text of one cell of the given kind; unit is the one that
// the form prescribes for money (万元, 元). It never guesses: a text that is not
// plainly a number, a blank or a slash becomes CellUnread with a Problem.
//
// Understood are full-width digits, thousands separators, a sign or 增加/减少
// before a change, 零, a unit of counting behind the number, money in 元 or 万元
// (converted exactly), and a remark in brackets: "22(其中修订16件)".
func ParseCell(raw string, kind ValueKind, unit string) Cell {
	c := Cell{Raw: strings.TrimFunc(raw, isSpace)}
	text := strings.Map(dropInvisible, width.Fold.String(c.Raw))
	text, c.Remark = splitRemark(strings.TrimFunc(text, isSpace))
	switch {
	case text == "" && c.Remark == "":
		c.Kind, c.Raw = CellBlank, ""
		return c
	case text == "":
		return unread(c, "只有括注而没有数字")
	case slashes[text]:
		c.Kind = CellSlash
		return c
	}
	m := numberText.FindStringSubmatch(text)
	if m == nil {
		return unread(c, "不是数字")
	}
	sign, digits, scale, suffix := m[1], m[2], m[3], m[4]
	if (sign == "增加" || sign == "增" || sign == "减少" || sign == "减") && kind != ValueDelta {
		return unread(c, "不是数字")
	}
	digits, ok := joinDigits(digits)
	if !ok {
		return unread(c, "数字之间的分隔看不清,不能确定是一个数还是几个数")
	}
	v, err := decimal.NewFromString(digits)
	if err != nil {
		return unread(c, "不是数字")
	}
	if sign == "-" || strings.HasPrefix(sign, "减") {
		v = v.Neg()
	}
	if v, ok = inUnit(v, scale, suffix, kind, unit); !ok {
		return unread(c, "单位“"+scale+suffix+"”与本栏不符")
	}
	switch {
	case !v.Equal(v.Truncate(MaxPlaces)):
		return unread(c, "小数超过4位,系统不作四舍五入")
	case v.Abs().GreaterThanOrEqual(maxValue):
		return unread(c, "数字过大")
	}
	c.Kind, c.Value = CellNumber, v
	return c
}

func unread(c Cell, problem string) Cell {
	c.Kind, c.Problem = CellUnread, problem
	return c
}

// numberText: sign, digits with separators, 万 or 亿, unit.
var numberText = regexp.MustCompile(`^(-|\+|增加|减少|增|减)?\s*([0-9][0-9,.\s']*|零)\s*(万|亿)?(元|人民币|件|条|个|宗|项|次|起|份|人次|人|场次|场|篇|家|部)?$`)

var slashes = map[string]bool{"/": true, "\\": true, "-": true, "--": true, "---": true, "—": true, "——": true, "―": true, "–": true, "──": true, "─": true,
	"无": true, "*": true, "不涉及": true, "不适用": true, "N/A": true}

// isSpace covers what files use for space; &nbsp; and the ideographic space
// are not in ASCII.
func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\f', '\v', '\u00a0', '\u3000', '\u2002', '\u2003', '\u2009', '\u202f', '\ufeff', '\u200b', '\u00ad':
		return true
	}
	return false
}

func dropInvisible(r rune) rune {
	switch r {
	case '\ufeff', '\u200b', '\u200c', '\u200d', '\u00ad', '\u2060':
		return -1
	case '\u2212', '\uff0d', '\ufe63', '\u2010', '\u2011': // minus signs and hyphens
		return '-'
	}
	if isSpace(r) && r != '\n' {
		return ' '
	}
	return r
}

// splitRemark takes a bracketed remark from the end: "22(其中修订16件)".
func splitRemark(s string) (text, remark string) {
	if !strings.HasSuffix(s, ")") {
		return s, ""
	}
	open := strings.IndexByte(s, '(')
	if open < 0 {
		return s, ""
	}
	return strings.TrimFunc(s[:open], isSpace), strings.TrimFunc(s[open+1:len(s)-1], isSpace)
}

var (
	thousands  = regexp.MustCompile(`^[0-9]{1,3}([, '][0-9]{3})+(\.[0-9]+)?$`)
	spacedOut  = regexp.MustCompile(`^[0-9]( ?[0-9])*( ?\. ?[0-9]( ?[0-9])*)?$`)
	plain      = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	separators = strings.NewReplacer(",", "", " ", "", "'", "")
)

// joinDigits takes out thousands separators, and the spaces of digits that
// were set wide ("1 2 3"). "10 1" could be two numbers and is not joined.
func joinDigits(s string) (string, bool) {
	s = strings.TrimSpace(s)
	switch {
	case s == "零":
		return "0", true
	case plain.MatchString(s):
		return s, true
	case thousands.MatchString(s):
		return separators.Replace(s), true
	case spacedOut.MatchString(s) && !strings.Contains(onlyWide(s), "w"):
		return separators.Replace(s), true
	}
	return "", false
}

// onlyWide marks with "w" a run of two digits without space in a text that has
// spaces: then the spaces are no letter-spacing.
func onlyWide(s string) string {
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			if digits++; digits > 1 {
				return "w"
			}
			continue
		}
		digits = 0
	}
	return ""
}

// inUnit brings a value into the cell's unit, exactly. Counts may carry any
// unit of counting and 万; money is converted between 元 and 万元.
func inUnit(v decimal.Decimal, scale, suffix string, kind ValueKind, unit string) (decimal.Decimal, bool) {
	switch scale {
	case "万":
		v = v.Shift(4)
	case "亿":
		v = v.Shift(8)
	}
	isMoney := suffix == "元" || suffix == "人民币"
	if kind != ValueMoney {
		return v, !isMoney
	}
	switch {
	case suffix == "" && scale == "":
		return v, true // as the form prescribes
	case suffix != "" && !isMoney:
		return v, false
	case unit == "万元":
		return v.Shift(-4), true
	}
	return v, true
}
