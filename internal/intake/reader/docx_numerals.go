package reader

import (
	"strconv"
	"strings"
)

// printNumber prints n the way the w:numFmt says (ECMA-376 17.18.59), for the
// formats that Word and WPS offer in Chinese; any other prints as decimal.
func printNumber(format string, n int) string {
	switch format {
	case "none":
		return ""
	case "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
		"japaneseCounting", "ideographDigital", "taiwaneseDigital", "koreanCounting":
		return chineseNumeral(n, "〇一二三四五六七八九", "十百千")
	case "chineseLegalSimplified":
		return legalNumeral(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟")
	case "ideographLegalTraditional", "japaneseLegal":
		return legalNumeral(n, "零壹貳參肆伍陸柒捌玖", "拾佰仟")
	case "ideographTraditional":
		return pick("甲乙丙丁戊己庚辛壬癸", n)
	case "ideographZodiac":
		return pick("子丑寅卯辰巳午未申酉戌亥", n)
	case "decimalEnclosedCircle", "decimalEnclosedCircleChinese", "ideographEnclosedCircle":
		return pick("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", n)
	case "decimalEnclosedParen":
		return pick("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇", n)
	case "decimalEnclosedFullstop":
		return pick("⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛", n)
	case "upperLetter", "lowerLetter":
		return letters(format, n)
	case "upperRoman", "lowerRoman":
		return roman(format, n)
	case "decimalZero":
		if n >= 0 && n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "decimalFullWidth", "decimalFullWidth2":
		return strings.Map(func(r rune) rune { return r - '0' + '０' }, strconv.Itoa(n))
	}
	return strconv.Itoa(n)
}

// pick is the n-th character counted from 1; a list that is too short goes on
// in decimal, as Word does.
func pick(from string, n int) string {
	if runes := []rune(from); n >= 1 && n <= len(runes) {
		return string(runes[n-1])
	}
	return strconv.Itoa(n)
}

// chineseNumeral writes 1 to 9999 as 一, 十, 十二, 一百〇五: a leading 一 before
// 十 is left out, as in headings.
func chineseNumeral(n int, digits, units string) string {
	s := legalNumeral(n, digits, units)
	runes, one, ten := []rune(s), []rune(digits)[1], []rune(units)[0]
	if len(runes) > 1 && runes[0] == one && runes[1] == ten {
		return string(runes[1:])
	}
	return s
}

func legalNumeral(n int, digits, units string) string {
	if n < 1 || n > 9999 {
		return strconv.Itoa(n)
	}
	digit, unit := []rune(digits), []rune(units)
	var out []rune
	gap := false
	for power, at := 1000, 2; power >= 1; power, at = power/10, at-1 {
		d := n / power % 10
		if d == 0 {
			gap = len(out) > 0
			continue
		}
		if gap {
			out, gap = append(out, digit[0]), false
		}
		out = append(out, digit[d])
		if at >= 0 {
			out = append(out, unit[at])
		}
	}
	return string(out)
}

// letters is A to Z, then AA, BB: Word repeats the letter.
func letters(format string, n int) string {
	if n < 1 || n > 26*8 {
		return strconv.Itoa(n)
	}
	first := 'a'
	if format == "upperLetter" {
		first = 'A'
	}
	return strings.Repeat(string(first+rune((n-1)%26)), (n-1)/26+1)
}

func roman(format string, n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	values := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	signs := []string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
	var b strings.Builder
	for i, v := range values {
		for ; n >= v; n -= v {
			b.WriteString(signs[i])
		}
	}
	if format == "lowerRoman" {
		return strings.ToLower(b.String())
	}
	return b.String()
}
