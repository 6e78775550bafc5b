// Package calendar reckons days: the State Council's working days, the time
// limits of the Regulations (国令第711号), and a district's filing calendar with
// its extensions and its escalation ladder. Days are China's (Asia/Shanghai);
// the clock is always given by the caller.
package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"mingjing/internal/disclosure"
)

// China is the zone that days and deadlines are reckoned in. It has had no
// summer time since 1991, before anything that is reckoned here.
var China = time.FixedZone("Asia/Shanghai", 8*60*60)

// Date is a day: the number of days since 1 January 1970. 0 is no date.
type Date int32

const dayLength = 24 * 60 * 60 // seconds

// Day makes a Date; days and months beyond their range roll over as in time.Date.
func Day(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / dayLength)
}

// DayOf is the day on which a moment falls in China; 0 for the zero time.
func DayOf(t time.Time) Date {
	if t.IsZero() {
		return 0
	}
	y, m, d := t.In(China).Date()
	return Day(y, m, d)
}

// Start is 0:00 of the day in China.
func (d Date) Start() time.Time {
	y, m, day := d.utc().Date()
	return time.Date(y, m, day, 0, 0, 0, 0, China)
}

// End is 24:00 of the day in China: the first moment that is too late for what
// is due on the day.
func (d Date) End() time.Time { return (d + 1).Start() }

func (d Date) utc() time.Time { return time.Unix(int64(d)*dayLength, 0).UTC() }

// Year of the date.
func (d Date) Year() disclosure.Year { return disclosure.Year(d.utc().Year()) }

// Month of the date.
func (d Date) Month() time.Month { return d.utc().Month() }

// Day of the month.
func (d Date) Day() int { return d.utc().Day() }

// Weekday of the date.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

func (d Date) weekend() bool { return d.Weekday() == time.Saturday || d.Weekday() == time.Sunday }

// String is 2025-01-31, "" for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format(time.DateOnly)
}

// Chinese is 2025年1月31日.
func (d Date) Chinese() string {
	if d == 0 {
		return ""
	}
	return d.utc().Format("2006年1月2日")
}

// MarshalText writes 2025-01-31.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate does; an empty text is no date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	got, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = got
	return nil
}

var fullDate = regexp.MustCompile(`^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日?)$`)

// ParseDate reads 2025-01-31, 2025/1/31, 2025.1.31 and 2025年1月31日 of the years
// that a report can be about, and the years beside them. ErrInvalid otherwise.
func ParseDate(text string) (Date, error) {
	plain := strings.Join(strings.Fields(width.Fold.String(text)), "")
	m := fullDate.FindStringSubmatch(plain)
	if m == nil {
		return 0, disclosure.Errorf(disclosure.ErrInvalid, "“%s”不是日期,请写成2025-01-31的样子。", clip(text))
	}
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2] + m[4])
	day, _ := strconv.Atoi(m[3] + m[5])
	d, ok := Valid(year, month, day)
	if !ok {
		return 0, disclosure.Errorf(disclosure.ErrInvalid, "“%s”这一天不存在或年份不对,请核对。", clip(text))
	}
	return d, nil
}

// Valid makes a Date of a day that exists; ok is false for 30 February and for
// years that nothing here can be about.
func Valid(year, month, day int) (d Date, ok bool) {
	if year < int(disclosure.MinYear)-1 || year > int(disclosure.MaxYear)+1 {
		return 0, false
	}
	d = Day(year, time.Month(month), day)
	y, m, dd := d.utc().Date()
	return d, y == year && int(m) == month && dd == day
}

// Moment is a due time: a day and the hour by which something is due on it.
// Hour and minute 0 stand for 24:00, the end of the day.
type Moment struct {
	Date
	Hour, Minute int
}

// At makes the Moment at the end of a day.
func At(d Date) Moment { return Moment{Date: d} }

// End is the first moment that is too late.
func (m Moment) End() time.Time {
	if m.Hour == 0 && m.Minute == 0 {
		return m.Date.End()
	}
	return m.Date.Start().Add(time.Duration(m.Hour)*time.Hour + time.Duration(m.Minute)*time.Minute)
}

// Before orders moments.
func (m Moment) Before(o Moment) bool { return m.End().Before(o.End()) }

// IsZero says that there is no due time.
func (m Moment) IsZero() bool { return m.Date == 0 }

// String is "2026-01-20 17:00", or the day alone for 24:00.
func (m Moment) String() string {
	if m.IsZero() || m.Hour == 0 && m.Minute == 0 {
		return m.Date.String()
	}
	return fmt.Sprintf("%s %02d:%02d", m.Date, m.Hour, m.Minute)
}

// Chinese is 2026年1月20日17:00, 24:00 included.
func (m Moment) Chinese() string {
	if m.IsZero() {
		return ""
	}
	hour := m.Hour
	if m.Hour == 0 && m.Minute == 0 {
		hour = 24
	}
	return fmt.Sprintf("%s%d:%02d", m.Date.Chinese(), hour, m.Minute)
}

// MarshalText writes what String gives.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads what ParseMoment does; an empty text is no due time.
func (m *Moment) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = Moment{}
		return nil
	}
	got, err := ParseMoment(string(text))
	if err != nil {
		return err
	}
	*m = got
	return nil
}

var clock = regexp.MustCompile(`^(.*\D)(\d{1,2}):(\d{2})$`)

// ParseMoment reads a date, alone or with an hour: "2026-01-20 17:00". 24:00 is
// the day's end, and so is a date without an hour; 0:00 is refused, because it
// would be read as either end of the day.
func ParseMoment(text string) (Moment, error) {
	plain := strings.TrimSpace(width.Fold.String(text))
	m := clock.FindStringSubmatch(plain)
	if m == nil {
		d, err := ParseDate(plain)
		return Moment{Date: d}, err
	}
	d, err := ParseDate(m[1])
	if err != nil {
		return Moment{}, err
	}
	hour, _ := strconv.Atoi(m[2])
	minute, _ := strconv.Atoi(m[3])
	switch {
	case hour == 24 && minute == 0:
		return Moment{Date: d}, nil
	case hour == 0 && minute == 0:
		return Moment{}, disclosure.Errorf(disclosure.ErrInvalid, "“%s”的0:00会有两种理解,请写前一天的24:00。", clip(text))
	case hour > 23 || minute > 59:
		return Moment{}, disclosure.Errorf(disclosure.ErrInvalid, "“%s”的时间不存在,请写成17:00的样子。", clip(text))
	}
	return Moment{Date: d, Hour: hour, Minute: minute}, nil
}

// DaysLate counts the days begun after the due day, at least 1 when the hour was
// missed on the day itself; 0 when the due time was kept.
func (m Moment) DaysLate(at time.Time) int {
	if m.IsZero() || at.Before(m.End()) {
		return 0
	}
	return max(1, int(DayOf(at)-m.Date))
}

// clip keeps what a sentence quotes of a foreign text short.
func clip(s string) string { return disclosure.Clip(strings.TrimSpace(s), 30) }
