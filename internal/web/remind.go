package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type remindView struct {
	*office.RemindPlan
	Act      string
	Rows     []progressRow
	Ways     []wayView
	Sentence string
	Words    string
	Back     string
}

type wayView struct {
	Value, Label, Note string
	On, Off            bool // Off: cannot be chosen here
}

// remindPage is where a supervisor reads over what units will be told.
func (s *Server) remindPage(c echo.Context) error {
	f, err := s.progressFilter(c)
	if err != nil {
		return err
	}
	units, err := parseUnits(c.QueryParams()["unit"])
	if err != nil {
		return err
	}
	if units == nil && c.QueryParam("all") == "" {
		return c.Redirect(http.StatusSeeOther, address("/progress", url.Values{"year": {c.QueryParam("year")}, "none": {"1"}}))
	}
	plan, err := s.office.PlanReminder(c.Request().Context(), visitor(c), f, units)
	if err != nil {
		return err
	}
	return s.showRemind(c, http.StatusOK, &remindView{RemindPlan: plan, Act: uuid.NewString()}, nil)
}

// parseUnits reads units' numbers; nil for none.
func parseUnits(texts []string) ([]disclosure.UnitNumber, error) {
	var out []disclosure.UnitNumber
	for _, text := range texts {
		n, err := parseUnit(text)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func (s *Server) showRemind(c echo.Context, status int, v *remindView, chosen []office.RemindWay) error {
	v.Ways = s.remindWays(v.CanMail, chosen)
	for _, l := range v.Lines {
		v.Rows = append(v.Rows, s.progressRow(l, visitor(c)))
	}
	v.Words = "{" + strings.Join(office.ReminderWords, "}、{") + "}"
	v.Back = address("/progress", url.Values{"year": {v.Year.String()}})
	page := s.view(c, "progress", s.text.say("remind.title", v.Year), v)
	page.Styles, page.Scripts = []string{"wall.css"}, []string{"wall.js"}
	return s.send(c, status, "remind", page)
}

// remind reminds, and leads to what was sent.
func (s *Server) remind(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return badForm(err)
	}
	units, err := parseUnits(form["unit"])
	if err != nil {
		return err
	}
	year, err := parseYear(form.Get("year"))
	if err != nil {
		return err
	}
	r := office.Reminding{Year: year, Units: units, Text: form.Get("text"), Each: form.Get("each"), ID: form.Get("act")}
	for _, w := range form["way"] {
		r.Ways = append(r.Ways, office.RemindWay(w))
	}
	if _, err := uuid.Parse(r.ID); err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请从进度表重新选择单位再提醒。")
	}
	ctx := c.Request().Context()
	sent, err := s.office.Remind(ctx, visitor(c), r)
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/progress/reminders/"+url.PathEscape(sent.ID))
	}
	if disclosure.CodeOf(err) != disclosure.ErrInvalid || len(units) == 0 {
		return err
	}
	plan, planErr := s.office.PlanReminder(ctx, visitor(c), office.ProgressFilter{Year: year}, units)
	if planErr != nil {
		return err
	}
	plan.Text, plan.Each = r.Text, r.Each
	return s.showRemind(c, http.StatusBadRequest, &remindView{RemindPlan: plan, Act: r.ID, Sentence: disclosure.Sentence(err)}, append([]office.RemindWay{}, r.Ways...))
}

func badForm(err error) error {
	if tooLarge(err) {
		return err
	}
	return disclosure.Errorf(disclosure.ErrInvalid, "请求无法读取,请刷新页面后重试。").Because(err)
}

type reminderView struct {
	*office.Reminder
	Ways   []string
	Word   string
	Paste  bool
	Names  string // the name-and-phone list, a line a unit
	Read   map[disclosure.UnitNumber][]office.NoticeRead
	Shown  bool // in-app
	Unsent bool // letters whose outcome is not known
	Act    string
	Waits  bool // letters are still to be sent
	// Sentence is what was wrong with sending them again.
	Sentence string
}

// reminderPage is one reminder: the text to paste, whom to call, what became of
// letters, who has read it here.
func (s *Server) reminderPage(c echo.Context) error { return s.showReminder(c, http.StatusOK, "") }

func (s *Server) showReminder(c echo.Context, status int, sentence string) error {
	ctx, id := c.Request().Context(), c.Param("id")
	r, err := s.office.Reminder(ctx, visitor(c), id)
	if err != nil {
		return err
	}
	v := &reminderView{Reminder: r, Paste: r.Has(office.WayText), Shown: r.Has(office.WayNotice), Unsent: r.Has(office.WayMail) && r.Mailed == nil, Act: uuid.NewString(), Sentence: sentence,
		Waits: slices.ContainsFunc(r.Mailed, func(m office.MailOutcome) bool { return m.Waiting })}
	for _, w := range r.Ways {
		v.Ways = append(v.Ways, office.RemindWayNames[w])
	}
	if r.Has(office.WayWord) {
		v.Word = "/progress/reminders/" + url.PathEscape(id) + "/notice.docx"
	}
	if v.Read, err = s.office.ReadersOf(ctx, visitor(c), id); err != nil {
		return err
	}
	var lines []string
	for _, u := range r.Units {
		lines = append(lines, strings.TrimSpace(u.Name+"\t"+contactText(u.Contacts)))
	}
	v.Names = strings.Join(lines, "\n")
	page := s.view(c, "progress", s.text.say("reminder.title", len(r.Units)), v)
	page.Styles, page.Scripts = []string{"wall.css"}, []string{"wall.js"}
	return s.send(c, status, "reminder", page)
}

// mailAgain has letters that were given up sent once more.
func (s *Server) mailAgain(c echo.Context) error {
	err := s.office.MailAgain(c.Request().Context(), visitor(c), c.Param("id"), c.FormValue("act"))
	if err != nil && mended(err) && disclosure.CodeOf(err) != disclosure.ErrForbidden {
		return s.showReminder(c, statusOf(err), disclosure.Sentence(err))
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/progress/reminders/"+url.PathEscape(c.Param("id"))+"#mails")
}

func (s *Server) reminderDocument(c echo.Context) error {
	data, name, err := s.office.ReminderNotice(c.Request().Context(), visitor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return handOut(c, name, data)
}

type remindersView struct {
	Year      string
	Years     []option
	Reminders []*office.Reminder
	Texts     office.ReminderTexts
	Seen      uint64
	Act       string
	MayChange bool
	Words     string
	Sentence  string
	Done      bool
}

// remindersPage lists a year's reminders, and holds the texts that they begin with.
func (s *Server) remindersPage(c echo.Context) error {
	return s.showReminders(c, http.StatusOK, &remindersView{Done: c.QueryParam("done") != ""}, nil)
}

func (s *Server) showReminders(c echo.Context, status int, v *remindersView, typed *office.ReminderTexts) error {
	ctx, f := c.Request().Context(), office.ProgressFilter{}
	if text := c.QueryParam("year"); text != "" {
		y, err := parseYear(text)
		if err != nil {
			return err
		}
		f.Year = y
	}
	wall, err := s.office.Progress(ctx, visitor(c), f)
	if err != nil {
		return err
	}
	v.Year, v.Years = wall.Filter.Year.String(), options(wall.Choices.Years, wall.Filter.Year.String())
	if v.Reminders, err = s.office.Reminders(ctx, visitor(c), wall.Filter.Year); err != nil {
		return err
	}
	if v.Texts, v.Seen, err = s.office.ReminderTexts(ctx); err != nil {
		return err
	}
	if typed != nil {
		v.Texts = *typed
	}
	v.MayChange, v.Act = mayConfigure(c), uuid.NewString()
	v.Words = "{" + strings.Join(office.ReminderWords, "}、{") + "}"
	page := s.view(c, "progress", s.text.say("reminders.title", v.Year), v)
	page.Styles, page.Scripts = []string{"wall.css"}, []string{"wall.js"}
	return s.send(c, status, "reminders", page)
}

// putReminderTexts changes what reminders begin with.
func (s *Server) putReminderTexts(c echo.Context) error {
	texts := office.ReminderTexts{Many: c.FormValue("many"), One: c.FormValue("one"), Subject: c.FormValue("subject")}
	err := s.office.PutReminderTexts(c.Request().Context(), visitor(c), texts, seenOf(c), c.FormValue("act"))
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/progress/reminders?done=1#texts")
	}
	if code := disclosure.CodeOf(err); code != disclosure.ErrInvalid && code != disclosure.ErrConflict {
		return err
	}
	return s.showReminders(c, statusOf(err), &remindersView{Sentence: disclosure.Sentence(err)}, &texts)
}

// seenOf is the version of a setting on which a form rests.
func seenOf(c echo.Context) uint64 {
	n, err := strconv.ParseUint(c.FormValue("seen"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// readNotice takes a notice off the reader's first page.
func (s *Server) readNotice(c echo.Context) error {
	if err := s.office.ReadNotice(c.Request().Context(), visitor(c), c.Param("id")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, localPath(c.FormValue("next")))
}
