package web

import (
	"net/http"
	"strconv"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

type eraseView struct {
	adminView
	Units []office.UnitChoice
	Unit  disclosure.UnitNumber
	// District: the visitor may also erase what belongs to no unit, as unit 0.
	District bool
	Year     string
	There    *office.Erasable // what the unit's year holds, nil before one is chosen
	Parts    []office.ErasedPart
	Reason   string
	Cases    []office.ErasureCase
	Account  string
}

var erasedParts = []office.ErasedPart{office.EraseProse, office.EraseRemarks, office.EraseValues, office.EraseSources}

func (s *Server) erasePage(c echo.Context) error { return s.showErase(c, nil) }

func (s *Server) showErase(c echo.Context, wrong error) (err error) {
	ctx, who := c.Request().Context(), visitor(c)
	v := &eraseView{adminView: s.adminView(c, "erase"), Parts: erasedParts, Account: who.Account, Year: c.FormValue("year"), Reason: c.FormValue("reason")}
	v.Sentence, v.District = whatWentWrong(wrong), who.Everywhere(people.EraseContent)
	if v.Units, err = s.office.UnitChoices(ctx, who, people.EraseContent); err != nil {
		return err
	}
	if v.Cases, err = s.office.Erasures(ctx, who); err != nil {
		return err
	}
	if n, err := parseUnit(c.FormValue("unit")); err == nil && v.Year != "" {
		y, err := parseYear(v.Year)
		if err != nil && wrong == nil {
			wrong, v.Sentence = err, disclosure.Sentence(err)
		}
		if v.Unit = n; err == nil {
			if v.There, err = s.office.ErasableOf(ctx, who, n, y); err != nil {
				return err
			}
		}
	}
	return s.showAdmin(c, "erase", s.text.say("erase.title"), wrong, v)
}

// askErasure files what one administrator wants erased.
func (s *Server) askErasure(c echo.Context) error {
	ask, err := formErasure(c)
	if err == nil {
		err = s.office.AskErasure(c.Request().Context(), visitor(c), ask, c.FormValue("act"))
	}
	if mended(err) {
		return s.showErase(c, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/admin/erase?done=asked")
}

func formErasure(c echo.Context) (office.ErasureAsk, error) {
	ask := office.ErasureAsk{Reason: c.FormValue("reason"), Draft: c.FormValue("draft") == "yes"}
	n, err := parseUnit(c.FormValue("unit"))
	if err != nil {
		return ask, disclosure.Errorf(disclosure.ErrInvalid, "请先选择单位和年度。")
	}
	ask.Unit = n
	if ask.Year, err = parseYear(c.FormValue("year")); err != nil {
		return ask, err
	}
	form, err := c.FormParams()
	if err != nil {
		return ask, disclosure.Errorf(disclosure.ErrInvalid, "表单没有传送完整,请重试。").Because(err)
	}
	for _, text := range form["report"] {
		seq, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return ask, disclosure.Errorf(disclosure.ErrInvalid, "选定的报告版本无法识别,请刷新后重新选择。")
		}
		ask.Seqs = append(ask.Seqs, seq)
	}
	for _, p := range form["part"] {
		for _, known := range erasedParts {
			if string(known) == p {
				ask.Parts = append(ask.Parts, known)
			}
		}
	}
	if len(ask.Parts) == len(erasedParts) {
		ask.Parts = nil // all of it
	}
	ask.Files, ask.RecordNames = form["file"], form["record"]
	return ask, nil
}

// decideErasure confirms what another administrator asked for, or takes a
// request back.
func (s *Server) decideErasure(c echo.Context) error {
	ctx, who, id, do := c.Request().Context(), visitor(c), c.Param("id"), c.FormValue("do")
	var err error
	switch do {
	case "confirm":
		if c.FormValue("sure") != "yes" {
			err = disclosure.Errorf(disclosure.ErrInvalid, "清除后不能恢复,请先勾选确认。")
			break
		}
		err = s.office.ConfirmErasure(ctx, who, id)
	case "withdraw":
		err = s.office.WithdrawErasure(ctx, who, id)
	default:
		err = disclosure.Errorf(disclosure.ErrInvalid, "请从清除页面操作。")
	}
	if mended(err) {
		return s.showErase(c, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/admin/erase?done=erase_"+do)
}
