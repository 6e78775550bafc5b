package web

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"text/template/parse"

	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

//go:embed templates/*.html
var templateFiles embed.FS

// pages are the templates by page, parsed and proved at boot.
type pages struct {
	byName map[string]*template.Template
}

// pageNames is every page; "ie" stands alone, the others in the layout.
var pageNames = []string{
	"overview",
	"compare",
	"matters",
	"matter",
	"runs",
	"rules",
	"rule-local",
	"sources",
	"issues",
	"issue",
	"issue-form",
	"issue-assign",
	"issue-remind",
	"units",
	"unit",
	"report",
	"work",
	"filing",
	"filing-next",
	"filing-versions",
	"guidance",
	"queue",
	"review",
	"revisions",
	"preview",
	"reasons",
	"upload",
	"upload-preview",
	"proxy", "proxy-columns",
	"sheets",
	"sheet-print",
	"publication",
	"publish-print",
	"ledger",
	"progress",
	"remind",
	"reminder",
	"reminders",
	"plan",
	"holidays",
	"quarter",
	"compile",
	"city-fill",
	"lists",
	"list-form",
	"list",
	"list-marks",
	"list-items",
	"list-import",
	"list-preview",
	"list-book",
	"list-book-preview",
	"lists-year",
	"notices",
	"notice",
	"notice-print",
	"notice-layout",
	"brief",
	"help",
	"sign-in",
	"me",
	"accounts",
	"account",
	"account-list",
	"slips",
	"kept-units",
	"kept-unit",
	"unit-import",
	"audit",
	"audit-entry",
	"settings",
	"erase",
	"error",
	"ie",
}

func loadPages(text catalogue, files *assets, erased func(sum string) bool) (*pages, error) {
	p := &pages{byName: map[string]*template.Template{}}
	shared, err := fs.Glob(templateFiles, "templates/_*.html")
	if err != nil {
		return nil, err
	}
	for _, name := range pageNames {
		sources := append(slices.Clone(shared), "templates/"+name+".html")
		t, err := template.New(name).Funcs(functions(text, files, erased)).ParseFS(templateFiles, sources...)
		if err != nil {
			return nil, fmt.Errorf("网页模板 %s 有误: %w", name, err)
		}
		for _, part := range t.Templates() {
			if err := proveTexts(part, text, files); err != nil {
				return nil, fmt.Errorf("网页模板 %s 有误: %w", name, err)
			}
		}
		// A first execution proves that the parts fit together and that every
		// value stands where it can be escaped; without data it ends early.
		var unfit *template.Error
		if err := t.ExecuteTemplate(io.Discard, entryOf(name), &view{}); errors.As(err, &unfit) || t.Lookup(entryOf(name)) == nil {
			return nil, fmt.Errorf("网页模板 %s 有误: %w", name, err)
		}
		p.byName[name] = t
	}
	return p, nil
}

// entryOf is the template that a page begins with.
func entryOf(page string) string {
	if page == "ie" {
		return "ie"
	}
	return "layout"
}

// proveTexts looks for texts and files that a template names and nobody has.
func proveTexts(t *template.Template, text catalogue, files *assets) error {
	if t.Tree == nil {
		return nil
	}
	var failed error
	inspect(t.Tree.Root, func(n *parse.CommandNode) {
		if len(n.Args) < 2 {
			return
		}
		fn, isFn := n.Args[0].(*parse.IdentifierNode)
		arg, isText := n.Args[1].(*parse.StringNode)
		switch {
		case !isFn || !isText || failed != nil:
		case fn.Ident == "t":
			if _, ok := text.find(arg.Text); !ok {
				failed = fmt.Errorf("文字目录中没有 %q", arg.Text)
			}
		case fn.Ident == "asset":
			_, failed = files.href(arg.Text)
		}
	})
	return failed
}

func inspect(n parse.Node, see func(*parse.CommandNode)) {
	pipe := func(p *parse.PipeNode) {
		if p == nil {
			return
		}
		for _, c := range p.Cmds {
			see(c)
			for _, a := range c.Args {
				inspect(a, see)
			}
		}
	}
	list := func(l *parse.ListNode) {
		if l == nil {
			return
		}
		for _, m := range l.Nodes {
			inspect(m, see)
		}
	}
	switch n := n.(type) {
	case *parse.ListNode:
		list(n)
	case *parse.ActionNode:
		pipe(n.Pipe)
	case *parse.PipeNode:
		pipe(n)
	case *parse.IfNode:
		pipe(n.Pipe)
		list(n.List)
		list(n.ElseList)
	case *parse.RangeNode:
		pipe(n.Pipe)
		list(n.List)
		list(n.ElseList)
	case *parse.WithNode:
		pipe(n.Pipe)
		list(n.List)
		list(n.ElseList)
	case *parse.TemplateNode:
		pipe(n.Pipe)
	}
}

// view is what every template gets.
type view struct {
	Title     string
	Nav       string // the entry of the main menu that is lit
	Path      string
	Query     url.Values
	RequestID string
	Version   string
	Visitor   *people.Visitor // nil for strangers
	Notice    string          // stands on every page
	Menu      []menuEntry
	// Styles and Scripts are served files that this page needs beside the usual ones.
	// Styles and Scripts are files under static that only this page needs.
	Styles, Scripts []string
	Data            any
}

func (s *Server) view(c echo.Context, nav, title string, data any) *view {
	v := &view{Title: title, Nav: nav, Path: c.Request().URL.Path, Query: c.QueryParams(), RequestID: idOf(c), Version: s.version,
		Visitor: visitorOf(c), Notice: s.notice(c), Data: data}
	v.Menu = menuOf(v.Visitor)
	s.countWaiting(c, v.Menu)
	return v
}

// With is this page's address with parameters set (in pairs); an empty value
// takes its parameter out.
func (v *view) With(pairs ...string) string {
	q := url.Values{}
	for k, vals := range v.Query {
		q[k] = slices.Clone(vals)
	}
	q.Del("download")
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return address(v.Path, q)
}

// Keep is another page's address that keeps this one's filters, with
// parameters set as in With.
func (v *view) Keep(path string, pairs ...string) string {
	q := url.Values{}
	for _, k := range filterParams {
		if val := v.Query.Get(k); val != "" {
			q.Set(k, val)
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Del(pairs[i])
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return address(path, q)
}

func address(path string, q url.Values) string {
	for k, vals := range q {
		if strings.Join(vals, "") == "" {
			q.Del(k)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// send renders a page whole before the first byte goes out, so that a failing
// template gives an error page and never half a page.
func (s *Server) send(c echo.Context, status int, page string, v *view) error {
	var b bytes.Buffer
	if err := s.pages.byName[page].ExecuteTemplate(&b, entryOf(page), v); err != nil {
		return fmt.Errorf("page %s: %w", page, err)
	}
	return c.HTMLBlob(status, b.Bytes())
}

// part answers with one named part of a page, for a page that asks again while
// something goes on.
func (s *Server) part(c echo.Context, page, name string, data any) error {
	var b bytes.Buffer
	if err := s.pages.byName[page].ExecuteTemplate(&b, name, data); err != nil {
		return fmt.Errorf("part %s of page %s: %w", name, page, err)
	}
	return c.HTMLBlob(http.StatusOK, b.Bytes())
}

func (s *Server) ok(c echo.Context, page string, v *view) error {
	return s.send(c, http.StatusOK, page, v)
}
