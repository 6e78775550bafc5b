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
	DoneName string
	DoneYear disclosure.Year
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

// sourcesPage lists others' ledgers and takes one in. ?waiting asks about the
// columns of one that was brought, ?taken and ?year tell what became of one.
func (s *Server) sourcesPage(c echo.Context) error {
	v := &sourcesView{Dropped: c.QueryParam("dropped") != ""}
	ctx, stop := afresh(c)
	defer stop()
	var err error
	if waiting, name := c.QueryParam("waiting"), c.QueryParam("taken"); waiting != "" {
		var brought *office.BroughtSource
		if brought, err = s.office.AskedSource(ctx, visitor(c), waiting); err == nil {
			v.Waiting = waiting
			v.asks(brought)
		}
	} else if name != "" {
		var year disclosure.Year
		if year, err = parseYear(c.QueryParam("year")); err == nil {
			v.Done, err = s.office.SourceOutcome(ctx, visitor(c), year, name)
			v.DoneName, v.DoneYear = name, year
		}
	}
	if err == nil {
		return s.showSources(c, http.StatusOK, v)
	}
	if personsFault(err) || disclosure.CodeOf(err) == disclosure.ErrNotFound {
		v.Sentence = disclosure.Sentence(err)
		return s.showSources(c, statusOf(err), v)
	}
	return err
}

// asks shows a ledger that waits for a word on its columns.
func (v *sourcesView) asks(b *office.BroughtSource) {
	v.Name, v.Year, v.Kind, v.FileName, v.Asked = b.Name, b.Year.String(), b.Kind, b.File, b.Import
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
// What comes of it has an address of its own, so that a reload sends nothing
// again.
func (s *Server) bringSource(c echo.Context) error {
	form, err := receive(c)
	v := &sourcesView{}
	var next url.Values
	if err == nil {
		next, err = s.takeSource(c, form, v)
	}
	switch {
	case err == nil:
		return c.Redirect(http.StatusSeeOther, address("/rules/sources", next))
	case personsFault(err) || disclosure.CodeOf(err) == disclosure.ErrNotFound || tooLarge(err):
		v.Sentence = disclosure.Sentence(err)
		if tooLarge(err) {
			v.Sentence = s.text.say("error.too_large")
		}
		return s.showSources(c, statusOf(err), v)
	}
	return err
}

// takeSource returns what the address of the outcome says.
func (s *Server) takeSource(c echo.Context, form sent, v *sourcesView) (url.Values, error) {
	v.Name, v.Year, v.Kind = strings.TrimSpace(form.fields.Get("name")), form.fields.Get("year"), form.fields.Get("kind")
	ctx, stop := afresh(c)
	defer stop()
	if v.Waiting = form.fields.Get("waiting"); v.Waiting != "" {
		return s.confirmSource(ctx, visitor(c), form.fields, v)
	}
	opts := office.SourceOptions{Name: v.Name, Kind: v.Kind}
	var err error
	if opts.Year, err = parseYear(v.Year); err != nil {
		return nil, err
	}
	file, err := form.file()
	if err != nil {
		return nil, err
	}
	v.FileName = file.name
	out, waiting, err := s.office.BringSource(ctx, visitor(c), office.BroughtFile{Name: file.name, Data: file.data}, opts)
	if err != nil {
		return nil, err
	}
	if out.Asked {
		return url.Values{"waiting": {waiting}}, nil
	}
	return taken(opts.Year, opts.Name), nil
}

// taken is the address of what became of a ledger.
func taken(year disclosure.Year, name string) url.Values {
	return url.Values{"taken": {name}, "year": {year.String()}}
}

// confirmSource hands a person's word on. Where it cannot be taken the table is
// shown again as it was typed.
func (s *Server) confirmSource(ctx context.Context, by people.Visitor, form url.Values, v *sourcesView) (url.Values, error) {
	words := wordsOf(form)
	brought, err := s.office.ConfirmSource(ctx, by, v.Waiting, words)
	if err == nil {
		return taken(brought.Year, brought.Name), nil
	}
	if brought != nil {
		v.asks(brought)
		v.typed = words
	}
	return nil, err
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
