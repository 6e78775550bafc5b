package web

import (
	"errors"
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

func (s *Server) filesView(c echo.Context, title string, data any) *view {
	v := s.view(c, "work", title, data)
	v.Styles, v.Scripts = []string{"files.css"}, []string{"files.js"}
	return v
}

type uploadView struct {
	Sitting  *office.Sitting
	At       string // the filing's address
	Waiting  []*office.Upload
	Sentence string
	IsLedger bool // what was chosen belongs on the ledger's page
	Largest  int64
}

func (s *Server) uploadPage(c echo.Context) error { return s.showUpload(c, http.StatusOK, nil) }

func (s *Server) showUpload(c echo.Context, status int, wrong error) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	sitting, err := s.office.OpenSitting(ctx, visitor(c), unit, period)
	if err != nil {
		return err
	}
	v := uploadView{Sitting: sitting, At: filingHref(unit, period), Sentence: whatWentWrong(wrong), IsLedger: errors.Is(wrong, office.ErrIsLedger), Largest: mostFile - 1<<20}
	if v.Waiting, err = s.office.Uploads(ctx, visitor(c), unit, period); err != nil {
		return err
	}
	title := s.text.say("upload.title", sitting.Unit.Display(), period)
	return s.send(c, status, "upload", s.filesView(c, title, v))
}

func (s *Server) upload(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	form, err := receive(c)
	if err != nil && !tooLarge(err) && personsFault(err) {
		return s.showUpload(c, statusOf(err), err)
	}
	if err != nil {
		return err
	}
	file, err := form.file()
	ctx, stop := afresh(c)
	defer stop()
	var id string
	if err == nil {
		id, err = s.office.BringFile(ctx, visitor(c), unit, period, file.name, file.data)
	}
	switch {
	case mendable(err):
		return s.showUpload(c, statusOf(err), err)
	case err != nil:
		return err
	}
	return c.Redirect(http.StatusSeeOther, filingHref(unit, period)+"/upload/"+id)
}

type previewView struct {
	*office.Preview
	At, Here string
	Sentence string
	Kept     bool
	Act      string
	Tables   []previewTable
	Cells    map[disclosure.Code]bool // to settle
	Mine     map[disclosure.Code]bool
	MineText map[int]bool
	Read     bool
	Blank    map[disclosure.Code]bool
	Fact     previewFacts
}

// previewFacts is what the page says first.
type previewFacts struct {
	Unit, Year, Form, Scope string
	Cells                   int
}

type previewTable struct {
	Title string
	Rows  []figureRow
}

// previewPage shows what was understood of a file, or how far its reading is.
func (s *Server) previewPage(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	up, err := s.office.OpenUpload(ctx, visitor(c), c.Param("id"))
	if err != nil {
		return err
	}
	at := filingHref(unit, period)
	if up.Stage != office.UploadRead {
		title := s.text.say("upload.reading_title", up.File.Name)
		return s.ok(c, "upload-preview", s.filesView(c, title, previewView{Preview: &office.Preview{Upload: up}, At: at, Here: at + "/upload/" + up.ID, Act: uuid.NewString()}))
	}
	pv, err := s.office.PreviewUpload(ctx, visitor(c), up.ID, partOf(c.QueryParam("part"), up, unit))
	if err != nil {
		return err
	}
	return s.showPreview(c, http.StatusOK, pv, previewView{Kept: c.QueryParam("kept") != ""})
}

// partOf is the part of a file that an address names, else the first that
// waits for the unit.
func partOf(text string, up *office.Upload, unit disclosure.UnitNumber) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	named := slices.IndexFunc(up.Parts, func(p office.UploadPart) bool { return p.Fate == "" && p.Unit == unit && p.Year == p.Period.Year })
	if named >= 0 {
		return named
	}
	return max(0, slices.IndexFunc(up.Parts, func(p office.UploadPart) bool { return p.Fate == "" }))
}

func (s *Server) showPreview(c echo.Context, status int, pv *office.Preview, v previewView) error {
	v.Preview, v.Act = pv, uuid.NewString()
	v.At = filingHref(pv.Part.Unit, pv.Part.Period)
	v.Here = v.At + "/upload/" + pv.Upload.ID
	v.Cells = map[disclosure.Code]bool{}
	for _, cell := range pv.Settle {
		v.Cells[cell.Code] = true
	}
	differs := map[disclosure.Code]bool{}
	for _, d := range pv.Differences {
		differs[d.Code] = true
		if v.Mine == nil {
			v.Mine = map[disclosure.Code]bool{}
		}
		if d.KeepMine && c.Request().Method == GET {
			v.Mine[d.Code] = true
		}
	}
	v.Fact = previewFacts{Unit: pv.Part.Name, Scope: s.text.scope(pv.Part.Scope)}
	if pv.Part.Year != 0 {
		v.Fact.Year = pv.Part.Year.String()
	}
	for _, r := range pv.Forms {
		for _, cell := range r.Cells {
			if cell.Kind != disclosure.CellBlank {
				v.Fact.Cells++
			}
		}
		if v.Fact.Form == "" {
			v.Fact.Form = r.Form.Title + "(" + r.Form.Version + ")"
		}
		for t := range r.Form.Tables {
			table := &r.Form.Tables[t]
			v.Tables = append(v.Tables, previewTable{Title: table.Name + " " + table.Title, Rows: s.previewRows(r, table, v.Cells, differs)})
		}
	}
	title := s.text.say("upload.preview_title", pv.Sitting.Unit.Display(), pv.Part.Period)
	return s.send(c, status, "upload-preview", s.filesView(c, title, v))
}

// previewRows lay a table out as printed, cells to settle and cells that differ
// marked.
func (s *Server) previewRows(r *disclosure.Report, table *disclosure.Table, settle, differs map[disclosure.Code]bool) []figureRow {
	var out []figureRow
	for _, row := range table.Printed(r.Prints) {
		line := figureRow{}
		for _, g := range row {
			fc := figureCell{PrintedCell: g}
			if !g.Head {
				cell, ok := r.Cells[g.Code]
				fc.Shown, fc.State = s.shown(cell, ok)
				if cell.Remark != "" {
					fc.Remark = true
				}
				fc.Title = codeLabel(g.Code)
				if cell.Source != "" {
					fc.Title += s.text.say("upload.cell_place", cell.Source)
				}
				switch {
				case settle[g.Code]:
					fc.Worst = "error"
				case differs[g.Code]:
					fc.Worst = "explain"
				}
			}
			line = append(line, fc)
		}
		out = append(out, line)
	}
	return out
}

// previewAct settles, takes or drops what a preview shows.
func (s *Server) previewAct(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return received(err)
	}
	ctx, v, id := c.Request().Context(), visitor(c), c.Param("id")
	choice := choiceOf(form)
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	switch form.Get("do") {
	case "drop":
		if err := s.office.DropUpload(ctx, v, id, choice.Part); err != nil {
			return err
		}
		return c.Redirect(http.StatusSeeOther, filingHref(unit, period)+"/upload")
	case "settle":
		if _, err := s.office.SettleUpload(ctx, v, id, choice); err != nil {
			return s.previewAgain(c, id, choice, err)
		}
		return c.Redirect(http.StatusSeeOther, filingHref(unit, period)+"/upload/"+url.PathEscape(id)+"?kept=1&part="+strconv.Itoa(choice.Part))
	case "take":
		sitting, err := s.office.TakeUpload(ctx, v, id, choice)
		if err != nil {
			return s.previewAgain(c, id, choice, err)
		}
		return c.Redirect(http.StatusSeeOther, filingHref(sitting.Unit.Number, sitting.Period)+"?taken=1")
	}
	return disclosure.Errorf(disclosure.ErrInvalid, "没有选择要做什么,请返回预览页重试。")
}

// previewAgain shows the preview anew with the sentence on top; what the person
// chose stays.
func (s *Server) previewAgain(c echo.Context, id string, choice office.Choice, failed error) error {
	if !personsFault(failed) {
		return failed
	}
	pv, err := s.office.PreviewUpload(c.Request().Context(), visitor(c), id, choice.Part)
	if err != nil {
		return failed
	}
	return s.showPreview(c, statusOf(failed), pv, previewView{Sentence: disclosure.Sentence(failed), Mine: choice.Mine, MineText: choice.MineParts, Read: choice.Read})
}

func choiceOf(form url.Values) office.Choice {
	c := office.Choice{Read: form.Get("read") != "", Settled: map[disclosure.Code]string{}, Mine: map[disclosure.Code]bool{}, MineParts: map[int]bool{}}
	c.Part, _ = strconv.Atoi(form.Get("part")) // absent: the first
	c.Version, _ = strconv.ParseUint(form.Get("version"), 10, 64)
	for _, k := range form["agree"] {
		c.Agreed = append(c.Agreed, office.ObjectionKind(k))
	}
	for key, vals := range form {
		code, isCell := strings.CutPrefix(key, "cell-")
		switch {
		case isCell && form.Get("blank-"+code) != "":
			c.Settled[disclosure.Code(code)] = ""
		case isCell && strings.TrimSpace(vals[0]) != "":
			c.Settled[disclosure.Code(code)] = vals[0]
		}
		if code, ok := strings.CutPrefix(key, "keep-"); ok && vals[0] == "mine" {
			c.Mine[disclosure.Code(code)] = true
		}
		if n, ok := strings.CutPrefix(key, "part-"); ok && vals[0] == "mine" {
			if number, err := strconv.Atoi(n); err == nil {
				c.MineParts[number] = true
			}
		}
	}
	return c
}

// uploadFile hands out a waiting file to look at beside the preview.
func (s *Server) uploadFile(c echo.Context) error {
	data, file, err := s.office.UploadFile(c.Request().Context(), visitor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return handOut(c, file.Name, data)
}
