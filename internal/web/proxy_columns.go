package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type columnsView struct {
	Upload   *office.Upload
	Columns  []wideChoice
	Labels   []option // words and figures to choose from
	Act      string
	Sentence string
	typed    map[int]string
}

// wideChoice is a column with what it is taken for.
type wideChoice struct {
	office.WideColumn
	Letter string          // as the spreadsheet names it
	Code   disclosure.Code // of a figure
}

// columnsPage shows how the columns of a table with a row for each unit were
// understood; a supervisor corrects and confirms them.
func (s *Server) columnsPage(c echo.Context) error {
	return s.showColumns(c, http.StatusOK, &columnsView{})
}

func (s *Server) showColumns(c echo.Context, status int, v *columnsView) error {
	ctx, stop := afresh(c)
	defer stop()
	var err error
	if v.Upload, err = s.office.WideUpload(ctx, visitor(c), c.Param("id")); err != nil {
		return err
	}
	for _, col := range v.Upload.Wide.Columns() {
		if word, typed := v.typed[col.Number]; typed {
			col.Word = word
		}
		choice := wideChoice{WideColumn: col, Letter: columnLetter(col.Number)}
		if !slices.Contains(plainColumns, col.Word) {
			choice.Code = disclosure.Code(col.Word)
		}
		v.Columns = append(v.Columns, choice)
	}
	for _, word := range plainColumns {
		v.Labels = append(v.Labels, option{Value: word, Label: s.text.say("columns.is")})
	}
	for _, form := range disclosure.Forms() {
		if form.Subject != disclosure.SubjectUnit || form.Period != disclosure.PeriodYear {
			continue
		}
		for _, def := range form.AllCells() {
			if o := (option{Value: string(def.Code), Label: codeLabel(def.Code)}); !slices.Contains(v.Labels, o) {
				v.Labels = append(v.Labels, o)
			}
		}
	}
	v.Act = uuid.NewString()
	page := s.filesView(c, s.text.say("columns.title"), v)
	page.Nav = "proxy"
	return s.send(c, status, "proxy-columns", page)
}

// plainColumns are the words for columns that hold no figure.
var plainColumns = []string{office.WordUnit, office.WordYear, office.WordScope, office.WordIgnored}

// columnLetter is A for 0, AA for 26.
func columnLetter(n int) string {
	out := ""
	for n++; n > 0; n = (n - 1) / 26 {
		out = string(rune('A'+(n-1)%26)) + out
	}
	return out
}

// confirmColumns takes the word on the columns; the file is then read by it.
func (s *Server) confirmColumns(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "请求无法读取,请刷新页面后重试。").Because(err)
	}
	words := map[int]string{}
	for i, number := range form["column"] {
		if at, err := strconv.Atoi(number); err == nil && i < len(form["means"]) {
			words[at] = strings.TrimSpace(form["means"][i])
		}
	}
	ctx, stop := afresh(c)
	defer stop()
	up, err := s.office.WideUpload(ctx, visitor(c), c.Param("id"))
	if err == nil {
		err = s.office.ConfirmColumns(ctx, visitor(c), c.Param("id"), words, form.Get("act"))
	}
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/proxy?period="+up.Period.String()+"#outcomes")
	}
	if up != nil && personsFault(err) {
		return s.showColumns(c, statusOf(err), &columnsView{Sentence: disclosure.Sentence(err), typed: words})
	}
	return err
}
