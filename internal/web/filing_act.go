package web

import (
	"net/http"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// What a button of the form can ask for beside the acts of filing.Life.
const (
	askSave    = "save"
	askZeros   = "zeros"
	askCorrect = "correct" // begin the correction of what is approved
	askKeep    = "keep"    // a draft out of step: go on with it
	askDrop    = "drop"    // or with the report as it stands
)

// filingAct does what a button of the form asks for. All that was typed comes
// along and is kept first, so that it works without a script too; a refusal
// shows the form again with a sentence.
func (s *Server) filingAct(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	ctx, v, ask := c.Request().Context(), visitor(c), c.FormValue("do")
	seen, _ := strconv.ParseUint(c.FormValue("version"), 10, 64)
	seq, _ := strconv.ParseUint(c.FormValue("seq"), 10, 64)
	sitting, err := s.office.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return err
	}
	if typed := c.FormValue("typed") != ""; typed && !settled[ask] {
		before := sitting.Draft.Version
		saved, clashes, err := s.office.SaveTyped(ctx, v, unit, period, seen, typingOf(c, sitting))
		if err != nil {
			return s.refuseFiling(c, sitting, err)
		}
		if len(clashes) > 0 {
			return s.showFiling(c, http.StatusConflict, saved, s.text.say("filing.clashed"), clashes)
		}
		if sitting = saved; seen == before && saved.Draft.Version <= before+1 {
			seen = saved.Draft.Version
		}
	}
	here := filingHref(unit, period)
	switch ask {
	case askSave:
	case askZeros:
		_, err = s.office.FillZeros(ctx, v, unit, period)
	case askCorrect:
		_, _, err = s.office.SaveDraft(ctx, v, unit, period, office.Patch{})
	case askKeep, askDrop:
		err = s.office.Decide(ctx, v, unit, period, ask == askKeep)
	default:
		act, known := acts[ask]
		if !known {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有这项操作,请从页面上的按钮中选择。")
		}
		if uuid.Validate(c.FormValue("act")) != nil {
			return s.refuseFiling(c, sitting, disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请刷新页面后重试。"))
		}
		if forgotten := sitting.ReturnedUnchanged(); len(forgotten) > 0 && (act == filing.Submit || act == filing.HandOn) && c.FormValue("unchanged_ok") == "" {
			labels := make([]string, len(forgotten))
			for i, code := range forgotten {
				labels[i] = disclosure.LabelOf(code)
			}
			return s.refuseFiling(c, sitting, disclosure.Errorf(disclosure.ErrInvalid, "退回的%d个单元格还没有改动:%s;请改正或在说明中写明,确认无误请勾选“退回的单元格已核对,不需改动”后再提交。", len(labels), strings.Join(labels, "、")))
		}
		here += "/next"
		err = s.office.Do(ctx, v, office.Move{Act: act, Unit: unit, Period: period, ID: c.FormValue("act"), Version: seen, Seq: seq, Reason: c.FormValue("reason")})
	}
	if err != nil {
		return s.refuseFiling(c, sitting, err)
	}
	return c.Redirect(http.StatusSeeOther, here)
}

// settled are the buttons that leave what was typed aside.
var settled = map[string]bool{askCorrect: true, askKeep: true, askDrop: true, string(filing.Recall): true}

// acts are those of the form; the others have pages of their own.
var acts = map[string]filing.Act{string(filing.HandOn): filing.HandOn, string(filing.Submit): filing.Submit, string(filing.Recall): filing.Recall,
	string(filing.Proxy): filing.Proxy, string(filing.TakeIn): filing.TakeIn}

// refuseFiling shows the form again with what was wrong; what nobody can do
// anything about goes to the error page.
func (s *Server) refuseFiling(c echo.Context, sitting *office.Sitting, err error) error {
	switch code := disclosure.CodeOf(err); code {
	case disclosure.ErrInvalid, disclosure.ErrConflict, disclosure.ErrForbidden:
		now, openErr := s.office.OpenSitting(c.Request().Context(), visitor(c), sitting.Unit.Number, sitting.Period)
		if openErr != nil {
			return err
		}
		return s.showFiling(c, statuses[code], now, disclosure.Sentence(err), nil)
	}
	return err
}

// typingOf reads the form's fields: cells by code, prose by part, explanations
// by the finding that they answer.
func typingOf(c echo.Context, sitting *office.Sitting) office.Typing {
	t := office.Typing{Cells: map[disclosure.Code]string{}, Prose: map[int]string{}}
	form, err := c.FormParams()
	if err != nil {
		return t
	}
	explanations := map[string]string{}
	for name, values := range form {
		kind, key, _ := strings.Cut(name, ".")
		text := strings.ReplaceAll(values[0], "\r\n", "\n")
		switch kind {
		case "c":
			t.Cells[disclosure.Code(key)] = strings.TrimSpace(text)
		case "p":
			if part, err := strconv.Atoi(key); err == nil {
				t.Prose[part] = text
			}
		case "e":
			explanations[key] = text
		}
	}
	if len(explanations) > 0 {
		for _, f := range sitting.Judge().Findings {
			if text, ok := explanations[findingKey(f)]; ok {
				t.Explanations = append(t.Explanations, office.ExplanationPatch{Rule: f.Rule, Codes: f.Codes, Aspect: f.Aspect, Now: text})
			}
		}
	}
	return t
}

type versionsView struct {
	*office.Sitting
	Heading  string
	Versions []office.DraftVersion
	May      bool
	Back     string
}

// versionsPage lists the kept versions of a draft.
func (s *Server) versionsPage(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	sitting, versions, err := s.office.DraftHistory(c.Request().Context(), visitor(c), unit, period)
	if err != nil {
		return err
	}
	v := versionsView{Sitting: sitting, Versions: versions, May: hasAct(sitting, filing.Save), Back: filingHref(unit, period),
		Heading: s.text.say("versions.heading", sitting.Unit.Name, period)}
	page := s.view(c, "work", v.Heading, v)
	page.Styles = []string{"filing.css"}
	return s.ok(c, "filing-versions", page)
}

// restoreVersion brings an earlier version back into the draft.
func (s *Server) restoreVersion(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	version, err := strconv.ParseUint(c.FormValue("version"), 10, 64)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "请从列表中选择要恢复的版本。")
	}
	if _, err := s.office.RestoreDraft(c.Request().Context(), visitor(c), unit, period, version); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, filingHref(unit, period))
}
