package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type importView struct {
	List     *office.IssueListView
	At       string
	Waiting  []*office.IncomingFile
	Sentence string
}

// importPage takes a file for a list: issues, monitoring results, scores.
func (s *Server) importPage(c echo.Context) error { return s.showImport(c, http.StatusOK, "") }

func (s *Server) showImport(c echo.Context, status int, sentence string) error {
	l, err := s.keptList(c)
	if err != nil {
		return err
	}
	d := importView{List: l, At: listHref(l.ID), Sentence: sentence}
	waiting, err := s.office.Incomings(c.Request().Context(), visitor(c), l.ID)
	if err != nil {
		return err
	}
	for _, f := range waiting {
		if f.Kind == office.IncomingList {
			d.Waiting = append(d.Waiting, f)
		}
	}
	return s.send(c, status, "list-import", s.listsPart(c, s.text.say("import.title", l.Title), d))
}

// bringList keeps a file until its preview is confirmed. One that cannot be read
// is forgotten at once, with the reason.
func (s *Server) bringList(c echo.Context) error {
	return s.bringIncoming(c, office.IncomingList, s.showImport, func(c echo.Context, id string) error {
		ctx, stop := afresh(c)
		defer stop()
		_, err := s.office.PreviewIssues(ctx, visitor(c), office.IssueSource{Waiting: id}, office.IssueImportOptions{List: c.Param("id")})
		return err
	})
}

// bringIncoming receives a file for a list; look reads it once, so that what
// cannot be read is refused where it was chosen.
func (s *Server) bringIncoming(c echo.Context, kind office.IncomingKind, again func(echo.Context, int, string) error, look func(echo.Context, string) error) error {
	l, err := s.keptList(c)
	if err != nil {
		return err
	}
	form, err := receive(c)
	if err != nil && !tooLarge(err) && personsFault(err) {
		return again(c, statusOf(err), disclosure.Sentence(err))
	}
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	file, err := form.file()
	id := ""
	if err == nil {
		id, err = s.office.BringIncoming(ctx, visitor(c), l.ID, kind, file.name, file.data)
	}
	if err == nil {
		if err = look(c, id); err != nil {
			if dropped := s.office.DropIncoming(ctx, visitor(c), l.ID, kind, id); dropped != nil {
				s.log.Error("a refused file stays for a day", "error", dropped.Error(), "request_id", idOf(c))
			}
		}
	}
	switch {
	case err != nil && personsFault(err):
		return again(c, statusOf(err), disclosure.Sentence(err))
	case err != nil:
		return err
	}
	part := "/import/"
	if kind == office.IncomingBook {
		part = "/book/"
	}
	return c.Redirect(http.StatusSeeOther, listHref(l.ID)+part+id)
}

// previewRowsShown is how many rows a preview shows; those that want a look stand
// there in any case.
const previewRowsShown = 1000

type listPreviewView struct {
	*office.IssuePreview
	List     *office.IssueListView
	File     *office.IncomingFile
	At, Here string
	Sentence string
	Read     bool // the mapping was just confirmed
	Changed  bool
	Act      string
	Heads    []headChoice
	Lines    []rowLine
	Hidden   int // rows that are not shown
	Doubted  int
	Unknown  int // rows without a unit
	Table    dashboards.Table
	Ready    bool
	Print    string // of the changed marks, see issue.RemarksPrint
	Agreed   bool   // the person has confirmed them
}

// headChoice is one head with what each of its columns may mean.
type headChoice struct {
	Places  string
	Columns []columnChoice
}

type columnChoice struct {
	issue.Column
	Field   string
	Roles   []option
	Doubted bool
}

// rowLine is a row of the preview.
type rowLine struct {
	issue.Row
	UnitName string
	Helping  string
	Kinds    string // what the row's filter goes by
	Twinned  string
	Skipped  bool // the person leaves it out
	Taken    bool // the person takes it although it is a duplicate
}

// listPreviewPage shows what was understood of a file, row by row.
func (s *Server) listPreviewPage(c echo.Context) error {
	l, f, err := s.incomingOf(c, office.IncomingList)
	if err != nil {
		return s.importGone(c, err)
	}
	ctx, stop := afresh(c)
	defer stop()
	p, err := s.office.PreviewIssues(ctx, visitor(c), office.IssueSource{Waiting: f.ID}, f.Options(l.ID))
	if err != nil {
		if personsFault(err) {
			return s.showImport(c, statusOf(err), disclosure.Sentence(err))
		}
		return err
	}
	return s.showListPreview(c, http.StatusOK, &listPreviewView{IssuePreview: p, List: l, File: f, Read: c.QueryParam("read") != "", Changed: c.QueryParam("changed") != ""})
}

func (s *Server) incomingOf(c echo.Context, kind office.IncomingKind) (*office.IssueListView, *office.IncomingFile, error) {
	l, err := s.keptList(c)
	if err != nil {
		return nil, nil, err
	}
	f, err := s.office.Incoming(c.Request().Context(), visitor(c), l.ID, kind, c.Param("file"))
	return l, f, err
}

// importGone shows the page on which files are brought when one is not there
// any more; the list itself that is not there has an error page.
func (s *Server) importGone(c echo.Context, err error) error {
	if disclosure.CodeOf(err) != disclosure.ErrNotFound {
		return err
	}
	if _, listErr := s.keptList(c); listErr != nil {
		return listErr
	}
	return s.showImport(c, http.StatusNotFound, disclosure.Sentence(err))
}

func (s *Server) showListPreview(c echo.Context, status int, d *listPreviewView) error {
	d.Act, d.At = uuid.NewString(), listHref(d.List.ID)
	d.Here = d.At + "/import/" + url.PathEscape(d.File.ID)
	d.Ready = !d.Asked
	for h, head := range d.Mapping.Heads {
		hc := headChoice{Places: strings.Join(head.Places, "、")}
		for _, col := range head.Columns {
			if col.Header == "" && len(col.Samples) == 0 {
				continue
			}
			cc := columnChoice{Column: col, Field: roleField(h, col.Column), Doubted: col.Confidence < 0.9}
			for _, r := range issue.RoleOrder {
				cc.Roles = append(cc.Roles, option{Value: string(r), Label: issue.RoleNames[r], Selected: r == col.Role})
			}
			hc.Columns = append(hc.Columns, cc)
		}
		d.Heads = append(d.Heads, hc)
	}
	for _, row := range d.Rows {
		line := s.rowLine(d, row)
		if strings.Contains(line.Kinds, "doubt") {
			d.Doubted++
		}
		if row.Unit == 0 {
			d.Unknown++
		}
		if len(d.Lines) >= previewRowsShown && line.Kinds == "" {
			d.Hidden++
			continue
		}
		d.Lines = append(d.Lines, line)
	}
	d.Print = issue.RemarksPrint(d.Remarks)
	d.Agreed = d.Print != "" && d.Print == d.File.Remarks
	if d.Scores != nil {
		d.Table = s.scoreSheet(d.Scores, d.List)
	}
	return s.send(c, status, "list-preview", s.listsPart(c, s.text.say("import.preview_title", d.File.Name), d))
}

func roleField(head, column int) string { return fmt.Sprintf("role-%d-%d", head, column) }

func (s *Server) rowLine(d *listPreviewView, row issue.Row) rowLine {
	line := rowLine{Row: row, UnitName: d.UnitNames[row.Unit], Skipped: slices.Contains(d.File.Skip, row.ID), Taken: slices.Contains(d.File.Take, row.ID)}
	var helping, kinds []string
	for _, n := range row.Helpers {
		helping = append(helping, d.UnitNames[n])
	}
	line.Helping = strings.Join(helping, "、")
	if row.Guessed {
		line.Problems = append(slices.Clone(line.Problems), s.text.say("import.guessed", row.Category))
	}
	if len(row.Problems) > 0 {
		kinds = append(kinds, "doubt")
	}
	if row.Unit == 0 {
		kinds = append(kinds, "unit")
	}
	if t := row.Twin; t != nil {
		kinds = append(kinds, "twin")
		line.Twinned = s.text.say("import.twin_row", t.Place)
		if t.Number != "" {
			line.Twinned = s.text.say("import.twin_issue", t.Number)
		}
	}
	line.Kinds = strings.Join(kinds, " ")
	return line
}

// scoreSheet is a score table as the file has it.
func (s *Server) scoreSheet(t *issue.ScoreTable, l *office.IssueListView) dashboards.Table {
	out := dashboards.Table{Name: "sheet", Caption: s.text.say("import.scores"), Columns: []dashboards.Column{{Label: s.text.say("column.unit")}}}
	for _, item := range t.Items {
		out.Columns = append(out.Columns, dashboards.Column{Label: s.text.say("lists.item", item.Indicator2, item.Full), Numeric: true})
	}
	out.Columns = append(out.Columns, dashboards.Column{Label: s.text.say("import.total"), Numeric: true})
	for _, u := range t.Units {
		name := dashboards.Text(u.UnitText)
		if u.Unit == 0 {
			name.Mark, name.Below = "missing", s.text.say("lists.unknown_unit")
		}
		cells := []dashboards.Cell{name}
		for k := range t.Items {
			cell := dashboards.Cell{Text: s.text.say("lists.blank_mark"), Mark: "none"}
			if k < len(u.Marks) {
				if text := issue.MarkText(u.Marks[k]); text != "" {
					cell = dashboards.Text(text)
				}
			}
			cells = append(cells, cell)
		}
		total := dashboards.Cell{Text: "–", Mark: "none"}
		if u.Total.Valid {
			total = dashboards.Text(u.Total.Decimal.String())
		}
		out.Rows = append(out.Rows, dashboards.Row{Cells: append(cells, total)})
	}
	return out.First(200)
}

// listPreviewAct reads anew, takes in or drops what a preview shows.
func (s *Server) listPreviewAct(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return received(err)
	}
	ctx, stop := afresh(c)
	defer stop()
	v, do := visitor(c), form.Get("do")
	l, f, err := s.incomingOf(c, office.IncomingList)
	if err != nil {
		if do == "take" && l != nil {
			// The button was pressed twice: the first press took it in.
			if done, err := s.office.ImportIssues(ctx, v, form.Get("act"), office.IssueSource{Waiting: c.Param("file")}, office.IssueImportOptions{List: l.ID}); err == nil {
				return s.imported(c, done)
			}
		}
		return s.importGone(c, err)
	}
	if do == "drop" {
		if err := s.office.DropIncoming(ctx, v, l.ID, f.Kind, f.ID); err != nil {
			return s.importGone(c, err)
		}
		return c.Redirect(http.StatusSeeOther, listHref(l.ID)+"/import")
	}
	here := listHref(l.ID) + "/import/" + url.PathEscape(f.ID)
	before, err := s.office.PreviewIssues(ctx, v, office.IssueSource{Waiting: f.ID}, f.Options(l.ID))
	if err != nil {
		return s.importGone(c, err)
	}
	choices := office.IncomingChoices{Mapping: f.Mapping, Skip: form["skip"], Take: form["take"], Historic: form.Get("historic") != "", OtherQuarter: form.Get("other_quarter") != "",
		NoScores: form.Get("no_scores") != "", Remarks: form.Get("remarks")}
	mapping, changed := mappingOf(form, before.Mapping)
	again := func(failed error) error {
		if !personsFault(failed) {
			return failed
		}
		f.IncomingChoices = choices
		before.Mapping = mapping
		return s.showListPreview(c, statusOf(failed), &listPreviewView{IssuePreview: before, List: l, File: f, Sentence: disclosure.Sentence(failed)})
	}
	switch {
	case do != "read" && do != "take":
		return again(disclosure.Errorf(disclosure.ErrInvalid, "没有选择要做什么,请重新选择。"))
	case do == "read" || changed || before.Asked:
		// Columns that mean something else make other rows: they are seen before
		// they are taken.
		if len(mapping.Heads) > 0 {
			choices.Mapping = &mapping
		}
		if _, err := s.office.PreviewIssues(ctx, v, office.IssueSource{Waiting: f.ID}, choices.Options(l.ID)); err != nil {
			choices.Mapping = f.Mapping
			return again(err)
		}
		if err := s.office.KeepChoices(ctx, v, f, choices); err != nil {
			return s.importGone(c, err)
		}
		if do == "read" {
			return c.Redirect(http.StatusSeeOther, here+"?read=1#rows")
		}
		return c.Redirect(http.StatusSeeOther, here+"?changed=1#columns")
	}
	done, err := s.office.ImportIssues(ctx, v, form.Get("act"), office.IssueSource{Waiting: f.ID}, choices.Options(l.ID))
	if err != nil {
		if disclosure.CodeOf(err) == disclosure.ErrNotFound {
			return s.importGone(c, err)
		}
		return again(err)
	}
	return s.imported(c, done)
}

func (s *Server) imported(c echo.Context, done *office.IssueImport) error {
	return c.Redirect(http.StatusSeeOther, fmt.Sprintf("%s?imported=%d&skipped=%d", listHref(done.List.ID), len(done.IDs), len(done.Skipped)))
}

// mappingOf is a mapping with what a form says of its columns; changed says that
// it says something else.
func mappingOf(form url.Values, m issue.Mapping) (out issue.Mapping, changed bool) {
	for h, head := range m.Heads {
		head.Columns = slices.Clone(head.Columns)
		for k := range head.Columns {
			col := &head.Columns[k]
			if role := form.Get(roleField(h, col.Column)); role != "" && issue.Role(role) != col.Role {
				col.Role, changed = issue.Role(role), true
			}
			col.Confidence, col.Why = 1, ""
		}
		out.Heads = append(out.Heads, head)
	}
	return out, changed
}
