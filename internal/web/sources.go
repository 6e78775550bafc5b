package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// notRead is the word on a column or an outcome that is left out, outcomeWord
// what a word on an outcome begins with; see office.SourceOptions.
const (
	notRead     = "不读取"
	outcomeWord = "结果="
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
	Waiting  string // the number it waits under
	FileName string
	Columns  []sourceChoice
	Outcomes []sourceChoice
	Labels   []option // every figure: code and label
	typed    map[string]string
}

// sourceChoice is a column, or an outcome, and what it is proposed to mean.
type sourceChoice struct {
	Head, Means string
	Code        disclosure.Code
	Fixed       bool // not a figure: a unit, a year, a count
	Outcome     bool
	New         bool // an outcome that nobody has said anything of
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
			v.Outcomes = append(v.Outcomes, sourceChoice{Head: text, Code: code, Outcome: true})
		}
		for _, text := range v.Asked.Unsaid {
			v.Outcomes = append(v.Outcomes, sourceChoice{Head: text, New: true, Outcome: true})
		}
		slices.SortFunc(v.Outcomes, func(a, b sourceChoice) int {
			if a.New != b.New {
				return map[bool]int{true: -1, false: 1}[a.New]
			}
			return strings.Compare(a.Head, b.Head)
		})
		v.keepTyped()
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
	ctx, stop := afresh(c)
	defer stop()
	if v.Waiting = form.fields.Get("waiting"); v.Waiting != "" {
		return s.confirmSource(ctx, visitor(c), form.fields, v)
	}
	opts := office.SourceOptions{Name: v.Name, Kind: v.Kind}
	var err error
	if opts.Year, err = parseYear(v.Year); err != nil {
		return err
	}
	file, err := form.file()
	if err != nil {
		return err
	}
	v.FileName = file.name
	out, waiting, err := s.office.BringSource(ctx, visitor(c), office.BroughtFile{Name: file.name, Data: file.data}, opts)
	v.Waiting = waiting
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

// confirmSource hands a person's word on. Where it cannot be taken the table is
// shown again as it was typed.
func (s *Server) confirmSource(ctx context.Context, by people.Visitor, form url.Values, v *sourcesView) error {
	words := wordsOf(form)
	brought, err := s.office.ConfirmSource(ctx, by, v.Waiting, words)
	if brought != nil {
		v.Name, v.Year, v.Kind, v.FileName = brought.Name, brought.Year.String(), brought.Kind, brought.File
		if err == nil {
			v.Done = brought.Import
		} else {
			v.Asked, v.typed = brought.Import, words
		}
	}
	return err
}

// keepTyped puts what the person typed over what is proposed.
func (v *sourcesView) keepTyped() {
	for _, list := range [][]sourceChoice{v.Columns, v.Outcomes} {
		for i := range list {
			if word, ok := v.typed[list[i].Key()]; ok {
				list[i].Code = disclosure.Code(word)
				if word == notRead {
					list[i].Code = ""
				}
			}
		}
	}
}

// Key is what a word on the choice goes by.
func (c sourceChoice) Key() string {
	if c.Outcome {
		return outcomeWord + c.Head
	}
	return c.Head
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
			code = notRead
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
