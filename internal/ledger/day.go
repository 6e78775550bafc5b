package ledger

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
)

// Why a text is no day. The words are part of sentences for people.
const (
	noYear     = "只有月日没有年份"
	noDay      = "没有写到日"
	twoDays    = "有不止一个日期"
	noSuchDay  = "这一天不存在或年份不对"
	notRead    = "不是日期"
	dayMissing = "没有填写"
)

var (
	clockText = regexp.MustCompile(`\d{1,2}:\d{2}(:\d{2})?(\.\d+)?`)
	longDay   = regexp.MustCompile(`(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})日?`)
	runDay    = regexp.MustCompile(`(?:^|\D)((?:19|20)\d{2})(\d{2})(\d{2})(?:\D|$)`)
	monthDay  = regexp.MustCompile(`^(\d{1,2})(?:月|[-/.])(\d{1,2})日?$`)
	yearMonth = regexp.MustCompile(`^(\d{4}(?:年|[-/.])\d{1,2}月?|[a-z]{3}-\d{2})$`)
	englishly = regexp.MustCompile(`^(\d{1,2})-([a-z]{3})-(\d{2}|\d{4})$`)
	serial    = regexp.MustCompile(`^[345]\d{4}(\.\d+)?$`)
)

// serialBase is the day that Excel counts from, its false 29 February 1900
// taken into account.
var serialBase = calendar.Day(1899, time.December, 30)

// Excel's numbers for the days that can stand in a ledger.
const firstSerial, lastSerial = 39083, 73415 // 2007-01-01, 2100-12-31

// dayOf reads a day as offices write it. problem is "" when it was read; a text
// that is blank or says that nothing happened yet gives no day and dayMissing.
// assume is the year that a person confirmed for days without one, 0 for none.
func dayOf(text string, assume disclosure.Year) (d calendar.Date, problem string) {
	plain := fold(text)
	if isBlank(text) || slices.Contains(words().Pending, bare(text)) {
		return 0, dayMissing
	}
	if serial.MatchString(plain) {
		n, _ := strconv.ParseFloat(plain, 64)
		if n >= firstSerial && n < lastSerial+1 {
			return serialBase + calendar.Date(n), ""
		}
		return 0, notRead
	}
	rest := clockText.ReplaceAllString(width1(text), " ")
	rest = strings.ToLower(strings.Join(strings.Fields(rest), ""))
	var found []calendar.Date
	take := func(year, month, day string) bool {
		y, _ := strconv.Atoi(year)
		m, _ := strconv.Atoi(month)
		dd, _ := strconv.Atoi(day)
		got, ok := calendar.Valid(y, m, dd)
		if ok && !slices.Contains(found, got) {
			found = append(found, got)
		}
		return ok
	}
	for _, m := range longDay.FindAllStringSubmatch(rest, -1) {
		if !take(m[1], m[2], m[3]) {
			return 0, noSuchDay
		}
	}
	rest = longDay.ReplaceAllString(rest, " ")
	for _, m := range runDay.FindAllStringSubmatch(rest, -1) {
		if !take(m[1], m[2], m[3]) {
			return 0, noSuchDay
		}
	}
	rest = strings.TrimSpace(runDay.ReplaceAllString(rest, " "))
	switch {
	case len(found) > 1 || len(found) == 1 && strings.ContainsAny(rest, "0123456789"):
		return 0, twoDays
	case len(found) == 1:
		return found[0], ""
	}
	if m := englishly.FindStringSubmatch(rest); m != nil {
		if at, err := time.Parse("2-Jan-06", m[1]+"-"+strings.ToUpper(m[2][:1])+m[2][1:]+"-"+m[3][len(m[3])-2:]); err == nil {
			return calendar.Day(at.Year(), at.Month(), at.Day()), ""
		}
	}
	if m := monthDay.FindStringSubmatch(rest); m != nil {
		if assume == 0 {
			return 0, noYear
		}
		if take(assume.String(), m[1], m[2]) {
			return found[0], ""
		}
		return 0, noSuchDay
	}
	if yearMonth.MatchString(rest) {
		return 0, noDay
	}
	return 0, notRead
}
