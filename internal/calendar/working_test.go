package calendar

import (
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

func day(t *testing.T, text string) Date {
	t.Helper()
	if text == "" {
		return 0
	}
	d, err := ParseDate(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return d
}

func TestWorkingDays(t *testing.T) {
	c := Shipped()
	for _, test := range []struct {
		day   string
		works bool
		name  string
	}{
		{"2025-01-26", true, ""}, // 调休: a Sunday
		{"2025-01-27", true, ""}, // Monday before the eve
		{"2025-01-28", false, "春节"},
		{"2025-02-04", false, "春节"},
		{"2025-02-05", true, ""},
		{"2025-02-08", true, ""},  // 调休: a Saturday
		{"2025-02-09", false, ""}, // plain Sunday
		{"2026-02-14", true, ""},  // 调休: a Saturday
		{"2026-02-23", false, "春节"},
		{"2026-02-28", true, ""},
		{"2024-02-09", true, ""}, // the eve was advice, not a holiday
		{"2022-12-31", false, "元旦"},
		{"2023-01-02", false, "元旦"},
		{"2026-01-04", true, ""},
		{"2031-10-01", true, ""}, // a Wednesday of a year that is not loaded
		{"2031-10-04", false, ""},
	} {
		d := day(t, test.day)
		if got := c.IsWorkday(d); got != test.works {
			t.Errorf("IsWorkday(%s) = %v, want %v", test.day, got, test.works)
		}
		if got := c.Holiday(d); got != test.name {
			t.Errorf("Holiday(%s) = %q, want %q", test.day, got, test.name)
		}
	}
}

// The working days of a year as offices print them.
func TestWorkingDaysOfYears(t *testing.T) {
	for year, want := range map[int]int{2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248} {
		if got := Shipped().WorkdaysBetween(Day(year-1, 12, 31), Day(year, 12, 31)); got != want {
			t.Errorf("%d has %d working days, want %d", year, got, want)
		}
	}
}

func TestAddWorkdays(t *testing.T) {
	c := Shipped()
	for _, test := range []struct {
		what, from string
		n          int
		want       string
	}{
		{"across the Spring Festival of 2025, its two 调休 days counted", "2025-01-20", 10, "2025-02-08"},
		{"across the Spring Festival of 2026", "2026-02-09", 10, "2026-02-28"},
		{"a Saturday that works is a day", "2026-02-27", 1, "2026-02-28"},
		{"from a holiday", "2025-01-30", 1, "2025-02-05"},
		{"over a year's end", "2025-12-29", 5, "2026-01-06"},
		{"into a year that is not loaded", "2026-12-31", 1, "2027-01-01"},
		{"back over the festival", "2025-02-05", -2, "2025-01-26"},
		{"nothing to add", "2025-02-01", 0, "2025-02-01"},
	} {
		from := day(t, test.from)
		got := c.AddWorkdays(from, test.n)
		if got != day(t, test.want) {
			t.Errorf("%s: %s + %d = %s, want %s", test.what, test.from, test.n, got, test.want)
		}
	}
	for n := -40; n <= 40; n++ {
		from := day(t, "2025-01-27")
		if got := c.WorkdaysBetween(from, c.AddWorkdays(from, n)); got != n {
			t.Errorf("WorkdaysBetween after adding %d = %d", n, got)
		}
	}
}

func TestUnloadedYearsAreTold(t *testing.T) {
	c := Shipped()
	if got := c.Note(day(t, "2025-12-01"), day(t, "2026-01-20")); got != "" {
		t.Errorf("loaded years: note %q", got)
	}
	if got := c.Note(day(t, "2031-01-20"), day(t, "2026-12-01")); got == "" {
		t.Error("an unloaded year is passed over")
	}
	n := Notice{Year: 2031, Source: "试", Holidays: []Holiday{{"长假", Day(2031, 10, 1), Day(2031, 10, 11)}}}
	more, err := c.With(n)
	if err != nil {
		t.Fatal(err)
	}
	if more.Note(Day(2031, 1, 1), Day(2031, 12, 31)) != "" || c.Note(Day(2031, 1, 1), Day(2031, 12, 31)) == "" {
		t.Error("With must load the year in the new calendar only")
	}
	if more.IsWorkday(Day(2031, 10, 1)) {
		t.Error("the loaded holiday counts as a working day")
	}
}

func TestTimeLimitsOfTheRegulations(t *testing.T) {
	c := Shipped()
	for _, test := range []struct {
		what string
		a    Application
		want string
	}{
		{"20 working days over the Spring Festival", Application{Received: day(t, "2025-01-15")}, "2025-02-18"},
		{"extended by 20", Application{Received: day(t, "2025-01-15"), ExtendedBy: 20}, "2025-03-18"},
		{"extended by more than the law allows", Application{Received: day(t, "2025-01-15"), ExtendedBy: 60}, "2025-03-18"},
		{"restarted by the completed application", Application{Received: day(t, "2025-01-15"), Corrected: day(t, "2025-02-10")}, "2025-03-10"},
		{"a week of consulting a third party", Application{Received: day(t, "2025-03-03"), Consultations: []Span{{day(t, "2025-03-10"), day(t, "2025-03-14")}}}, "2025-04-08"},
		{"no day of receipt", Application{}, ""},
	} {
		if got := c.AnswerDue(test.a); got != day(t, test.want) {
			t.Errorf("%s: due %s, want %s", test.what, got, test.want)
		}
	}
	if got := c.CorrectionNoticeDue(day(t, "2026-02-12")); got != day(t, "2026-02-28") {
		t.Errorf("correction notice due %s", got)
	}
	if got := c.PublishDue(day(t, "2024-09-10")); got != day(t, "2024-10-14") {
		t.Errorf("publication due %s", got)
	}
}

func TestStatutoryDays(t *testing.T) {
	for _, test := range []struct {
		unit *disclosure.Unit
		want string
	}{
		{nil, "2026-01-31"}, // a Saturday: it does not move
		{&disclosure.Unit{Kind: disclosure.UnitDepartment}, "2026-01-31"},
		{&disclosure.Unit{Kind: disclosure.UnitLocality}, "2026-01-31"},
		{&disclosure.Unit{Kind: disclosure.UnitGovernment}, "2026-03-31"},
	} {
		if got := Statutory(2025, test.unit); got != day(t, test.want) {
			t.Errorf("%+v: %s", test.unit, got)
		}
	}
}

// A day ends at 24:00 in China, wherever the clock stands.
func TestDaysEndInChina(t *testing.T) {
	lastSecond := time.Date(2026, 1, 31, 15, 59, 59, 0, time.UTC)
	if got := DayOf(lastSecond); got != Day(2026, 1, 31) {
		t.Errorf("a second before midnight is %s", got)
	}
	if got := DayOf(lastSecond.Add(time.Second)); got != Day(2026, 2, 1) {
		t.Errorf("midnight is %s", got)
	}
	if !Day(2026, 1, 31).End().Equal(lastSecond.Add(time.Second)) {
		t.Error("the day's end is not midnight")
	}
	if DayOf(time.Time{}) != 0 {
		t.Error("no time is a day")
	}
}

func TestDaysLate(t *testing.T) {
	atHour := func(text, clock string) time.Time {
		at, err := time.ParseInLocation("2006-01-02 15:04:05", text+" "+clock, China)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	endOfDay, fivePM := At(Day(2026, 1, 31)), Moment{Date: Day(2026, 1, 20), Hour: 17}
	for _, test := range []struct {
		due  Moment
		at   time.Time
		want int
	}{
		{endOfDay, atHour("2026-01-31", "23:59:59"), 0},
		{endOfDay, atHour("2026-02-01", "00:00:00"), 1},
		{endOfDay, atHour("2026-02-02", "09:00:00"), 2},
		{fivePM, atHour("2026-01-20", "16:59:59"), 0},
		{fivePM, atHour("2026-01-20", "17:00:00"), 1},
		{fivePM, atHour("2026-01-21", "09:00:00"), 1},
		{fivePM, atHour("2026-01-22", "09:00:00"), 2},
		{Moment{}, atHour("2026-01-22", "09:00:00"), 0},
	} {
		if got := test.due.DaysLate(test.at); got != test.want {
			t.Errorf("due %s, done %s: %d days late, want %d", test.due, test.at, got, test.want)
		}
	}
}

func TestMomentsAsText(t *testing.T) {
	for text, want := range map[string]string{
		"2026-01-20 17:00":   "2026-01-20 17:00",
		"2026年1月20日 9:30":    "2026-01-20 09:30",
		"2026/1/20 24:00":    "2026-01-20",
		"2026.1.20":          "2026-01-20",
		"2026-01-20 0:00":    "",
		"2026-01-20 25:00":   "",
		"2026-02-30":         "",
		"1月20日":              "",
		"2026-01-20 17:00 ":  "2026-01-20 17:00",
		"2026-01-2017:00":    "",
		"20260-01-20":        "",
		"1026-01-20":         "",
		"2026-01-20 17:00pm": "",
	} {
		got, err := ParseMoment(text)
		if (err == nil) != (want != "") || got.String() != want {
			t.Errorf("ParseMoment(%q) = %s, %v; want %q", text, got, err, want)
		}
		if err != nil && disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("ParseMoment(%q): code %s", text, disclosure.CodeOf(err))
		}
	}
}
