package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type proxyView struct {
	*office.ProxyDesk
	From, On, Way string
	Sentence      string
	Refused       []string
	Done          int
	Moved         bool
	Act           string
	Due           string
	Years         []disclosure.Year
	Reading       int
	Clean, Wrong  int
	Largest       int64
}

// reportingPeriod is the year that is filed now: the one before.
func (s *Server) reportingPeriod() disclosure.Period {
	return disclosure.Period{Year: disclosure.Year(s.clock().In(beijing).Year() - 1)}
}

// askedPeriod is the year that a page is asked for.
func (s *Server) askedPeriod(text string) (disclosure.Period, error) {
	if text == "" {
		return s.reportingPeriod(), nil
	}
	return parsePeriod(text)
}

func (s *Server) proxyPage(c echo.Context) error {
	v := proxyView{Moved: c.QueryParam("done") != ""}
	v.Done, _ = strconv.Atoi(c.QueryParam("done"))
	return s.showProxy(c, http.StatusOK, c.QueryParam("period"), v)
}

func (s *Server) showProxy(c echo.Context, status int, period string, v proxyView) error {
	p, err := s.askedPeriod(period)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	if v.ProxyDesk, err = s.office.ProxyDesk(ctx, visitor(c), p); err != nil {
		return err
	}
	if v.Due, err = s.office.ReturnDue(ctx); err != nil {
		return err
	}
	v.Act, v.Largest = uuid.NewString(), mostUpload-1<<20
	if v.On == "" {
		v.On = s.clock().In(beijing).Format("2006-01-02")
	}
	for y := s.reportingPeriod().Year; y >= 2019 && len(v.Years) < 3; y-- {
		v.Years = append(v.Years, y)
	}
	if !slices.Contains(v.Years, p.Year) {
		v.Years = append(v.Years, p.Year)
	}
	for _, l := range v.Lines {
		if l.Status == office.ProxyReading {
			v.Reading++
		}
	}
	for _, d := range v.Drafts {
		if d.Clean() {
			v.Clean++
		} else {
			v.Wrong++
		}
	}
	page := s.filesView(c, s.text.say("proxy.title"), v)
	page.Nav = "proxy"
	return s.send(c, status, "proxy", page)
}

// bringBatch takes the files that came by other ways.
func (s *Server) bringBatch(c echo.Context) error {
	form, err := receive(c)
	if err != nil {
		return err
	}
	how := office.Received{From: form.fields.Get("from"), On: form.fields.Get("on"), Way: form.fields.Get("way")}
	again := proxyView{From: how.From, On: how.On, Way: how.Way}
	period, err := s.askedPeriod(form.fields.Get("period"))
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	again.Refused, err = s.office.BringBatch(ctx, visitor(c), period, how, form.brought())
	if err != nil && personsFault(err) {
		again.Sentence = disclosure.Sentence(err)
		return s.showProxy(c, statusOf(err), period.String(), again)
	}
	if err != nil {
		return err
	}
	if len(again.Refused) > 0 {
		return s.showProxy(c, http.StatusOK, period.String(), again)
	}
	return c.Redirect(http.StatusSeeOther, "/proxy?period="+period.String())
}

// proxyPart settles what a person must say of a file's part: whose it is, which
// year, or that it is put aside.
func (s *Server) proxyPart(c echo.Context) error {
	id, ctx := c.FormValue("id"), c.Request().Context()
	part, err := strconv.Atoi(c.FormValue("part"))
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "页面已过时,请刷新列表后重试。")
	}
	switch c.FormValue("do") {
	case "drop":
		err = s.office.DropUpload(ctx, visitor(c), id, part)
	case "unit":
		var unit disclosure.UnitNumber
		if unit, err = parseUnit(c.FormValue("unit")); err == nil {
			err = s.office.AssignPart(ctx, visitor(c), id, part, unit, disclosure.Period{})
		}
	case "year":
		err = s.office.AssignPart(ctx, visitor(c), id, part, 0, disclosure.Period{}, office.ObjectYear)
	case "file-year":
		var period disclosure.Period
		if period, err = parsePeriod(c.FormValue("year")); err == nil {
			err = s.office.AssignPart(ctx, visitor(c), id, part, 0, period)
		}
	default:
		err = disclosure.Errorf(disclosure.ErrInvalid, "没有选择要做什么,请刷新列表后重试。")
	}
	if err != nil && personsFault(err) {
		return s.showProxy(c, statusOf(err), c.FormValue("period"), proxyView{Sentence: disclosure.Sentence(err)})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/proxy?"+url.Values{"period": {c.FormValue("period")}}.Encode())
}

// proxyHandOn hands on one draft, takes it in with problems, or hands on all
// clean ones in one go.
func (s *Server) proxyHandOn(c echo.Context) error {
	period, err := s.askedPeriod(c.FormValue("period"))
	if err != nil {
		return err
	}
	ctx, v := c.Request().Context(), proxyView{}
	if c.FormValue("unit") == "" {
		v.Done, v.Refused, err = s.office.HandOnClean(ctx, visitor(c), period, c.FormValue("act"))
	} else {
		var unit disclosure.UnitNumber
		if unit, err = parseUnit(c.FormValue("unit")); err == nil {
			m := office.Move{Act: filing.Proxy, Unit: unit, Period: period, ID: c.FormValue("act"), Reason: c.FormValue("reason")}
			if c.FormValue("do") == "take" {
				m.Act = filing.TakeIn
			}
			m.Version, _ = strconv.ParseUint(c.FormValue("version"), 10, 64) // 0 is refused as stale
			err = s.office.Do(ctx, visitor(c), m)
			v.Done = 1
		}
	}
	if err != nil && personsFault(err) {
		v.Sentence = disclosure.Sentence(err)
		return s.showProxy(c, statusOf(err), period.String(), v)
	}
	if err != nil {
		return err
	}
	if len(v.Refused) > 0 {
		v.Moved = true
		return s.showProxy(c, http.StatusOK, period.String(), v)
	}
	return c.Redirect(http.StatusSeeOther, "/proxy?period="+period.String()+"&done="+strconv.Itoa(v.Done))
}

func (s *Server) slipsZip(c echo.Context) error {
	period, err := s.askedPeriod(c.QueryParam("period"))
	if err != nil {
		return err
	}
	file, err := s.office.SlipsZip(c.Request().Context(), visitor(c), period, c.QueryParam("due"))
	if err != nil {
		return err
	}
	return handOut(c, s.text.say("proxy.slips_name", period), file)
}
