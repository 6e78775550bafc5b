package web

import (
	"net/http"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type guidanceView struct {
	Forms    []guidanceForm
	Seen     uint64
	ActID    string
	Sentence string
	Done     bool
}

type guidanceForm struct {
	ID, Title string
	Open      bool
	Rows      []guidanceRow
}

type guidanceRow struct {
	disclosure.GuidancePlace
	Name    string // of its field
	Text    string
	Shipped string
	Own     bool
	Part    int // of prose: its number
	Limit   int
}

// guidancePage lets supervisors word what to count beside each row.
func (s *Server) guidancePage(c echo.Context) error {
	g, seen, err := s.office.Guidance(c.Request().Context())
	if err != nil {
		return err
	}
	return s.showGuidance(c, http.StatusOK, g, guidanceView{Seen: seen, Done: c.QueryParam("done") != ""})
}

func (s *Server) showGuidance(c echo.Context, status int, g office.LocalGuidance, v guidanceView) error {
	v.ActID = uuid.NewString()
	for i, form := range disclosure.Forms() {
		f := guidanceForm{ID: form.ID, Title: s.text.say("guidance.form", form.Title, form.Version), Open: i == 0}
		now, shipped := g.For(form.ID), disclosure.ShippedGuidance(form.ID)
		for _, p := range form.GuidancePlaces() {
			row := guidanceRow{GuidancePlace: p, Name: "g." + form.ID + "." + string(p.Place), Text: now[p.Place], Shipped: shipped[p.Place], Own: g.Texts[form.ID][p.Place] != ""}
			if p.Table == "" && form.Family == disclosure.FamilyNational && i == 0 {
				row.Part, _ = strconv.Atoi(strings.TrimPrefix(string(p.Place), "part"))
				row.Limit = g.Limits[row.Part]
			}
			f.Rows = append(f.Rows, row)
		}
		v.Forms = append(v.Forms, f)
	}
	page := s.view(c, "", s.text.say("guidance.title"), v)
	page.Styles = []string{"filing.css"}
	return s.send(c, status, "guidance", page)
}

func (s *Server) putGuidance(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "表单读不懂,没有保存;请刷新页面后重试。").Because(err)
	}
	g := office.LocalGuidance{Texts: map[string]disclosure.Guidance{}, Limits: map[int]int{}}
	v := guidanceView{}
	v.Seen, _ = strconv.ParseUint(c.FormValue("seen"), 10, 64)
	for name, values := range form {
		parts := strings.SplitN(name, ".", 3)
		switch text := strings.TrimSpace(strings.ReplaceAll(values[0], "\r\n", "\n")); {
		case len(parts) == 3 && parts[0] == "g":
			if g.Texts[parts[1]] == nil {
				g.Texts[parts[1]] = disclosure.Guidance{}
			}
			g.Texts[parts[1]][disclosure.Code(parts[2])] = text
		case len(parts) == 2 && parts[0] == "limit" && text != "":
			part, partErr := strconv.Atoi(parts[1])
			limit, limitErr := strconv.Atoi(text)
			if partErr != nil || limitErr != nil {
				v.Sentence = s.text.say("guidance.bad_limit")
				continue
			}
			g.Limits[part] = limit
		}
	}
	if v.Sentence != "" {
		return s.showGuidance(c, http.StatusBadRequest, g, v)
	}
	if len(form) == 0 || uuid.Validate(c.FormValue("act")) != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "页面缺少操作编号,请刷新页面后重试。")
	}
	err = s.office.PutGuidance(c.Request().Context(), visitor(c), g, v.Seen, c.FormValue("act"))
	if code := disclosure.CodeOf(err); err != nil && (code == disclosure.ErrInvalid || code == disclosure.ErrConflict) {
		v.Sentence = disclosure.Sentence(err)
		return s.showGuidance(c, statuses[code], g, v)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/guidance?done=1")
}
