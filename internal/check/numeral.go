package check

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mention is a number in a sentence together with its unit of counting.
type mention struct {
	from, to  int // bytes of the sentence's text: the number with 约, 余 and unit
	value     float64
	low, high float64 // what a figure may be without contradicting it
	places    int     // decimals printed
	exact     bool
	percent   bool
	points    bool // 百分点
	times     bool // 增长1倍
}

// agrees says whether a figure can be what the text tells.
func (m mention) agrees(v float64) bool { return v >= m.low && v <= m.high }

var chineseDigit = map[rune]int64{'〇': 0, '○': 0, '零': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5,
	'六': 6, '七': 7, '八': 8, '九': 9}

var chineseScale = map[rune]int64{'十': 10, '百': 100, '千': 1000, '万': 10000}

// numberPattern: a word before it, digits or a range of them, 万, a word behind
// it, a unit. Units of what is not counted here (条 of a web site's news is) are
// settled by the words around.
var numberPattern = regexp.MustCompile(`(约|大约|近|将近|超过|超|逾|突破|至少|不少于|不足|不到|接近)?` +
	`(?:(\d+(?:\.\d+)?)(?:(?:至|到|-)(\d+(?:\.\d+)?))?|([〇○零一二两三四五六七八九十百千万]+))(万)?(余|多|来)?(件次|件|宗|份|起|例|条|个百分点|个|次|项|%|倍)(左右|以上|以下|以内)?`)

// mentions finds the numbers of a sentence in order.
func mentions(text string) []mention {
	var out []mention
	for _, at := range numberPattern.FindAllStringSubmatchIndex(text, -1) {
		group := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return text[at[2*i]:at[2*i+1]]
		}
		m := mention{from: at[0], to: at[1], exact: true}
		var upper float64
		switch {
		case group(2) != "":
			if partOfAnother(text, at[4]) {
				continue
			}
			m.value, _ = strconv.ParseFloat(group(2), 64)
			_, decimals, _ := strings.Cut(group(2), ".")
			m.places = len(decimals)
			upper = m.value
			if group(3) != "" {
				upper, _ = strconv.ParseFloat(group(3), 64)
				m.exact = false
			}
		default:
			n, ok := chineseNumber(group(4))
			if !ok || !countsSomething(text, at[8], at[9], group(4)) {
				continue
			}
			m.value, upper = float64(n), float64(n)
		}
		if group(5) != "" {
			m.value, upper = m.value*1e4, upper*1e4
			m.exact = m.exact && m.places == 0 && group(2) == ""
		}
		m.percent, m.points, m.times = group(7) == "%", group(7) == "个百分点", group(7) == "倍"
		m.bounds(upper, group(1), group(6), group(8))
		out = append(out, m)
	}
	return out
}

// bounds widens an inexact number: only what is far off contradicts it.
func (m *mention) bounds(upper float64, before, behind, after string) {
	m.low, m.high = m.value, upper
	switch {
	case behind != "" || before == "超过" || before == "超" || before == "逾" || before == "突破" || before == "至少" || before == "不少于" || after == "以上":
		m.exact, m.low, m.high = false, m.value*0.9-1, upper*2
	case before == "不足" || before == "不到" || after == "以下" || after == "以内":
		m.exact, m.low, m.high = false, m.value*0.5, upper*1.1
	case before != "" || after == "左右" || !m.exact:
		m.exact, m.low, m.high = false, min(m.value*0.75, m.value-2), max(upper*1.34, upper+2)
	}
}

// partOfAnother says that the digits go on to the left: 3.12件, 第3件, A3件.
func partOfAnother(text string, from int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:from])
	return strings.ContainsRune("第.+/", r) || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// countsSomething leaves out 一件 that counts nothing: 每一件, 第三件, 一件一档,
// 逐一件.
func countsSomething(text string, from, to int, number string) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	if strings.ContainsRune("每第同任某逐这那哪唯星期之", before) {
		return false
	}
	if number != "一" {
		return true
	}
	behind := text[to:]
	if _, n := utf8.DecodeRuneInString(behind); n > 0 {
		behind = behind[n:]
	}
	return !strings.HasPrefix(behind, "一")
}

// chineseNumber reads 一百三十四, 十二, 两千零五, 二〇. A range such as 三四 is no
// number.
func chineseNumber(s string) (int64, bool) {
	var total, section, digit int64
	digits, scales := 0, 0
	for _, r := range s {
		if d, ok := chineseDigit[r]; ok {
			if digits++; digits > 1 && r != '零' && r != '〇' && digit != 0 {
				return 0, false
			}
			digit = d
			continue
		}
		scale := chineseScale[r]
		scales++
		digits = 0
		if scale == 10000 {
			total, section, digit = (total+section+digit)*scale, 0, 0
			continue
		}
		if digit == 0 {
			digit = 1
		}
		section, digit = section+digit*scale, 0
	}
	if scales == 0 && utf8.RuneCountInString(s) > 1 {
		return 0, false
	}
	return total + section + digit, true
}
