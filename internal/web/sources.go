package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

type sourcesView struct {
	Lines    []office.SourceLine
	Kinds    []option
	Name     string
	Year     string
	Kind     string
	Sentence string
	Done     *office.SourceImport
	Dropped  bool
	// Asked is the ledger whose columns wait for a person's word.
	Asked    *office.SourceImport
	Sum      string
	FileName string
	Columns  []sourceChoice
	Outcomes []sourceChoice
	Labels   []option // every figure: code and label
}

// sourceChoice is a column, or an outcome, and what it is proposed to mean.
type sourceChoice struct {
	Head, Means string
	Code        disclosure.Code
	Fixed       bool // not a figure: a unit, a year, a count
}

// sourcesPage lists others' ledgers and takes one in.
func (s *Server) sourcesPage(c echo.Context) error {
	return s.showSources(c, http.StatusOK, &sourcesView{Dropped: c.QueryParam("dropped") != ""})
}

func (s *Server) showSources(c echo.Context, status int, v *sourcesView) error {
	ctx, stop := afresh(c)
	defer stop()
	var err error
	if v.Lines, err = s.office.Sources(ctx, visitor(c)); err != nil {
		return err
	}
	for _, k := range office.SourceKinds() {
		v.Kinds = append(v.Kinds, option{Value: k, Label: k, Selected: k == v.Kind})
	}
	if v.Asked != nil {
		for _, def := range disclosure.NationalForm("2021").AllCells() {
			v.Labels = append(v.Labels, option{Value: string(def.Code), Label: codeLabel(def.Code)})
		}
		for _, col := range v.Asked.Columns.Columns {
			if col.Head != "" {
				v.Columns = append(v.Columns, sourceChoice{Head: col.Head, Means: col.String(), Code: col.Code, Fixed: col.Role != office.SourceFigure && col.Role != office.SourceIgnore})
			}
		}
		for text, code := range v.Asked.Columns.Outcomes {
			v.Outcomes = append(v.Outcomes, sourceChoice{Head: text, Code: code})
		}
		slices.SortFunc(v.Outcomes, func(a, b sourceChoice) int { return strings.Compare(a.Head, b.Head) })
	}
	page := s.view(c, "matters", s.text.say("sources.title"), v)
	page.Styles = []string{"matters.css"}
	return s.send(c, status, "sources", page)
}

// bringSource takes a ledger in: the file, or the word on one that was brought.
func (s *Server) bringSource(c echo.Context) error {
	form, err := receive(c)
	v := &sourcesView{}
	if err == nil {
		err = s.takeSource(c, form, v)
	}
	switch {
	case err == nil:
		return s.showSources(c, http.StatusOK, v)
	case personsFault(err) || disclosure.CodeOf(err) == disclosure.ErrNotFound || tooLarge(err):
		v.Sentence = disclosure.Sentence(err)
		if tooLarge(err) {
			v.Sentence = s.text.say("error.too_large")
		}
		return s.showSources(c, statusOf(err), v)
	}
	return err
}

func (s *Server) takeSource(c echo.Context, form sent, v *sourcesView) error {
	v.Name, v.Year, v.Kind = strings.TrimSpace(form.fields.Get("name")), form.fields.Get("year"), form.fields.Get("kind")
	opts := office.SourceOptions{Name: v.Name, Kind: v.Kind}
	var err error
	if opts.Year, err = parseYear(v.Year); err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	var out *office.SourceImport
	if v.Sum = form.fields.Get("sum"); v.Sum != "" {
		v.FileName = form.fields.Get("file_name")
		opts.Accept, opts.Words = true, wordsOf(form.fields)
		out, err = s.office.ConfirmSource(ctx, visitor(c), v.Sum, v.FileName, opts)
	} else {
		var file sentFile
		if file, err = form.file(); err != nil {
			return err
		}
		v.FileName = file.name
		out, v.Sum, err = s.office.BringSource(ctx, visitor(c), office.BroughtFile{Name: file.name, Data: file.data}, opts)
	}
	switch {
	case err != nil:
		return err
	case out.Asked:
		v.Asked = out
	default:
		v.Done = out
	}
	return nil
}

// wordsOf are a person's corrections: by head, and by outcome.
func wordsOf(form url.Values) map[string]string {
	out := map[string]string{}
	for i, head := range form["head"] {
		code := ""
		if i < len(form["code"]) {
			code = strings.TrimSpace(form["code"][i])
		}
		if code == "" {
			code = "不读取"
		}
		out[head] = code
	}
	return out
}

func (s *Server) dropSource(c echo.Context) error {
	year, err := parseYear(c.FormValue("year"))
	if err == nil {
		err = s.office.DropSource(c.Request().Context(), visitor(c), year, c.FormValue("name"))
	}
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/rules/sources?dropped=1")
	}
	if personsFault(err) || disclosure.CodeOf(err) == disclosure.ErrNotFound {
		return s.showSources(c, statusOf(err), &sourcesView{Sentence: disclosure.Sentence(err)})
	}
	return err
}
