package web

import (
	"io"
	"net/http"
	"net/url"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type holidaysView struct {
	*office.HolidayPage
	Years    []option
	Months   []monthView
	Act      string
	Typed    string
	Sentence string
	Done     bool
}

type monthView struct {
	Name  string
	Weeks [][7]dayView
}

// dayView is a day of the small calendar; Day 0 is no day. Kind says what it is
// in a word: 休 or 班, "" for what the weekday says.
type dayView struct {
	Day       int
	Off, Sign bool
	Kind, Why string
}

// holidaysPage shows a year as it is reckoned with.
func (s *Server) holidaysPage(c echo.Context) error {
	year, err := optionalYear(c.QueryParam("year"))
	if err != nil {
		return err
	}
	return s.showHolidays(c, http.StatusOK, year, &holidaysView{Done: c.QueryParam("done") != ""})
}

func (s *Server) showHolidays(c echo.Context, status int, year disclosure.Year, v *holidaysView) error {
	var err error
	if v.HolidayPage, err = s.office.HolidayPage(c.Request().Context(), visitor(c), year); err != nil {
		return err
	}
	offered := append([]disclosure.Year{}, v.HolidayPage.Years...)
	if n := len(offered); n > 0 {
		offered = append(offered, offered[n-1]+1)
	}
	v.Years, v.Act = options(offered, v.Year.String()), uuid.NewString()
	for m := time.January; m <= time.December; m++ {
		v.Months = append(v.Months, s.month(v.Calendar, v.Year, m))
	}
	page := s.view(c, "progress", s.text.say("holidays.title", v.Year), v)
	page.Styles = []string{"wall.css"}
	return s.send(c, status, "holidays", page)
}

func (s *Server) month(cal *calendar.Calendar, year disclosure.Year, m time.Month) monthView {
	out := monthView{Name: s.text.say("holidays.month", int(m))}
	var week [7]dayView
	first := calendar.Day(int(year), m, 1)
	for d := first; d.Month() == m; d++ {
		column := (int(d.Weekday()) + 6) % 7 // Monday first
		works, weekend := cal.IsWorkday(d), column > 4
		day := dayView{Day: d.Day(), Off: !works, Why: cal.Holiday(d)}
		switch {
		case works && weekend:
			day.Kind, day.Sign = s.text.say("holidays.works"), true
		case !works && day.Why != "":
			day.Kind, day.Sign = s.text.say("holidays.off"), true
		}
		week[column] = day
		if column == 6 {
			out.Weeks = append(out.Weeks, week)
			week = [7]dayView{}
		}
	}
	if week != [7]dayView{} {
		out.Weeks = append(out.Weeks, week)
	}
	return out
}

// loadHolidays takes a year's notice in, pasted or as a file.
func (s *Server) loadHolidays(c echo.Context) error {
	shown, err := parseYear(c.FormValue("year"))
	if err != nil {
		return err
	}
	data := []byte(c.FormValue("text"))
	if file, fileErr := c.FormFile("file"); fileErr == nil && file.Size > 0 {
		opened, err := file.Open()
		if err != nil {
			return badForm(err)
		}
		defer opened.Close()
		if data, err = io.ReadAll(io.LimitReader(opened, calendar.MaxNoticeBytes+1)); err != nil {
			return badForm(err)
		}
	} else if tooLarge(fileErr) {
		return fileErr
	}
	year, err := s.office.LoadHolidays(c.Request().Context(), visitor(c), data, shown, seenOf(c), c.FormValue("act"))
	if err == nil {
		return c.Redirect(http.StatusSeeOther, address("/plan/holidays", url.Values{"year": {year.String()}, "done": {"1"}}))
	}
	if code := disclosure.CodeOf(err); code != disclosure.ErrInvalid && code != disclosure.ErrConflict {
		return err
	}
	return s.showHolidays(c, statusOf(err), shown, &holidaysView{Sentence: disclosure.Sentence(err), Typed: c.FormValue("text")})
}
