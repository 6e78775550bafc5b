package issue

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
	"golang.org/x/text/width"
)

var (
	number    = regexp.MustCompile(`\d+(?:\.\d+)?`)
	product   = regexp.MustCompile(`^(\d+(?:\.\d+)?)[*×xX](\d+(?:\.\d+)?)$`)
	nothing   = regexp.MustCompile(`^[/—–\-_无]*$`)
	oneHour   = regexp.MustCompile(`(\d{1,2})(?::(\d{2})(?::\d{2})?|时(?:(\d{1,2})分)?|点(?:(\d{1,2})分)?)(?:前|之前|以前)?$`)
	monthDay  = regexp.MustCompile(`^(\d{1,2})(?:月|[-/.])(\d{1,2})[日号]?$`)
	runDay    = regexp.MustCompile(`^((?:19|20)\d{2})(\d{2})(\d{2})$`)
	serialDay = regexp.MustCompile(`^[345]\d{4}(?:\.\d+)?$`)
	weekday   = regexp.MustCompile(`\((?:星期|周)[一二三四五六日天]\)|\((?:mon|tue|wed|thu|fri|sat|sun)\)`)
)

// mostValue is the most bytes of a cell that can be a mark or a day; longer
// ones are prose, and are not searched for numbers.
const mostValue = 200

// serialBase is the day that Excel counts from.
var serialBase = calendar.Day(1899, time.December, 30)

// ParseMark reads points and deductions as lists have them: 0.5, -0.5, 扣0.5分,
// 0.2×3, 0.2*3=0.6. The sign is dropped: a deduction is positive. What is blank
// or a dash is none. problem is a part of a sentence, "" when it was read.
func ParseMark(text string) (v decimal.NullDecimal, problem string) {
	if len(text) > mostValue {
		return v, "不是一个数"
	}
	plain := strings.ReplaceAll(disclosure.NormalName(width.Fold.String(text)), ",", "")
	if nothing.MatchString(plain) {
		return v, ""
	}
	if _, result, ok := strings.Cut(plain, "="); ok {
		plain = result
	}
	plain = strings.TrimSuffix(strings.TrimLeft(strings.TrimPrefix(plain, "扣分"), "扣减-−:+"), "分")
	if m := product.FindStringSubmatch(plain); m != nil {
		a, errA := decimal.NewFromString(m[1])
		b, errB := decimal.NewFromString(m[2])
		if errA == nil && errB == nil {
			return storableMark(a.Mul(b))
		}
	}
	if number.FindString(plain) != plain || plain == "" || len(plain) > 20 {
		return v, "不是一个数"
	}
	d, err := decimal.NewFromString(plain)
	if err != nil {
		return v, "不是一个数"
	}
	return storableMark(d)
}

func storableMark(d decimal.Decimal) (decimal.NullDecimal, string) {
	if d.GreaterThan(decimal.NewFromInt(1000)) {
		return decimal.NullDecimal{}, "超过1000"
	}
	if !d.Equal(d.Truncate(4)) {
		return decimal.NullDecimal{}, "小数多于4位"
	}
	return decimal.NewNullDecimal(d), ""
}

// ParseDue reads a due time as lists have it: 2026-10-15, 2026年10月15日17:00前,
// 10月15日前, 20261015, Excel's number of a day. A day without a year is the
// first such day that is not before the quarter begins.
func ParseDue(text string, quarter disclosure.Period) (m calendar.Moment, problem string) {
	if len(text) > mostValue {
		return m, "不是日期"
	}
	plain := strings.ToLower(strings.Join(strings.Fields(width.Fold.String(text)), " "))
	plain = weekday.ReplaceAllString(plain, "")
	if nothing.MatchString(disclosure.NormalName(plain)) {
		return m, ""
	}
	for _, tail := range []string{"完成", "整改到位", "整改", "前", "以", "之", "底前"} {
		plain = strings.TrimSpace(strings.TrimSuffix(plain, tail))
	}
	if serialDay.MatchString(plain) {
		n, _ := strconv.ParseFloat(plain, 64)
		return calendar.At(serialBase + calendar.Date(n)), ""
	}
	if h := oneHour.FindStringSubmatchIndex(plain); h != nil && h[0] > 0 {
		hour, _ := strconv.Atoi(plain[h[2]:h[3]])
		for _, g := range []int{4, 6, 8} {
			if h[g] >= 0 {
				m.Minute, _ = strconv.Atoi(plain[h[g]:h[g+1]])
			}
		}
		if hour > 24 || m.Minute > 59 || hour == 24 && m.Minute > 0 {
			return calendar.Moment{}, "的时间不存在"
		}
		m.Hour = hour % 24 // 24:00, and a sheet's midnight, are the end of the day
		plain = strings.TrimRight(strings.TrimSpace(plain[:h[0]]), "t")
	}
	day, problem := dueDay(plain, quarter)
	if problem != "" {
		return calendar.Moment{}, problem
	}
	m.Date = day
	return m, ""
}

func dueDay(plain string, quarter disclosure.Period) (calendar.Date, string) {
	if d, err := calendar.ParseDate(plain); err == nil {
		return d, ""
	}
	if m := runDay.FindStringSubmatch(plain); m != nil {
		plain = m[1] + "-" + m[2] + "-" + m[3]
		if d, err := calendar.ParseDate(plain); err == nil {
			return d, ""
		}
		return 0, "这一天不存在"
	}
	m := monthDay.FindStringSubmatch(plain)
	if m == nil {
		return 0, "不是日期"
	}
	if quarter.Year == 0 {
		return 0, "没有写年份"
	}
	month, _ := strconv.Atoi(m[1])
	day, _ := strconv.Atoi(m[2])
	year := int(quarter.Year)
	if month < quarter.Quarter*3-2 {
		year++
	}
	if d, ok := calendar.Valid(year, month, day); ok {
		return d, ""
	}
	return 0, "这一天不存在"
}
