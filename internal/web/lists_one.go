package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

// issuesShown is how many of a list's issues its page shows at once.
const issuesShown = 50

type listView struct {
	*office.IssueListView
	At       string
	Counts   []option // states with how many stand in them: Value is the address
	Ranked   []rankedTable
	Scores   dashboards.Table // as it is downloaded
	Findings []findingLine
	Issues   dashboards.Table
	Pager    pager
	AllHref  string
	Waiting  []waitingLine
	Done     string // what was just done
	DueText  string
}

type rankedTable struct {
	Group    string
	Table    dashboards.Table
	Unscored []string
}

// findingLine is a difference with where it is looked at and mended.
type findingLine struct {
	office.ScoreFinding
	Href   string // the issues that it is about
	Change string // the marks' form, "" for who may not
}

type waitingLine struct {
	Name, Href string
	Kind       office.IncomingKind
	Size       int64
	Since      string
}

// listPage shows one list: its scores, what is wrong with them, its issues.
func (s *Server) listPage(c echo.Context) error {
	ctx, v := c.Request().Context(), visitor(c)
	l, err := s.office.IssueList(ctx, v, c.Param("id"))
	if err != nil {
		return err
	}
	d := &listView{IssueListView: l, At: listHref(l.ID), AllHref: issuesHref("list", l.ID), Done: s.listDone(c)}
	if !l.Due.IsZero() {
		d.DueText = l.Due.String()
	}
	for _, state := range issue.States {
		if n := l.States[state]; n > 0 {
			d.Counts = append(d.Counts, option{Label: fmt.Sprintf("%s %d", issue.StateNames[state], n), Value: issuesHref("list", l.ID, "state", string(state))})
		}
	}
	s.scoresOf(d)
	rows, err := s.office.Issues(ctx, v, office.IssueFilter{List: l.ID, Limit: 1 << 20})
	if err != nil {
		return err
	}
	from, to := 0, 0
	d.Pager, from, to = pagerOf(c, len(rows.Rows), issuesShown)
	d.Issues = s.listIssues(rows.Rows)
	if done, err := s.download(c, l.Title, d.Issues, d.Scores); done || err != nil {
		return err
	}
	d.Issues.Rows = d.Issues.Rows[from:to]
	if l.May {
		waiting, err := s.office.Incomings(ctx, v, l.ID)
		if err != nil {
			return err
		}
		for _, f := range waiting {
			part := "/import/"
			if f.Kind == office.IncomingBook {
				part = "/book/"
			}
			d.Waiting = append(d.Waiting, waitingLine{Name: f.Name, Href: d.At + part + f.ID, Kind: f.Kind, Size: f.Size, Since: beijingTime(f.Time)})
		}
	}
	return s.ok(c, "list", s.listsPart(c, l.Title, d))
}

// listDone says what an act did that led here.
func (s *Server) listDone(c echo.Context) string {
	n := func(key string) int {
		out, _ := strconv.Atoi(c.QueryParam(key)) // absent: 0
		return max(out, 0)
	}
	switch {
	case c.QueryParam("kept") != "":
		return s.text.say("lists.kept")
	case c.QueryParam("imported") != "":
		return s.text.say("lists.imported", n("imported"), n("skipped"))
	case c.QueryParam("merged") != "":
		return s.text.say("lists.merged", n("merged"))
	case c.QueryParam("marked") != "":
		return s.text.say("lists.marked")
	}
	return ""
}

func (s *Server) listIssues(rows []office.IssueLine) dashboards.Table {
	say := s.text.say
	t := dashboards.Table{Name: "issues", Caption: say("lists.issues_on"), Columns: []dashboards.Column{{Label: say("lists.number")}, {Label: say("column.unit")}, {Label: say("lists.indicator")},
		{Label: say("lists.facts")}, {Label: say("lists.deduction"), Numeric: true}, {Label: say("lists.due_column")}, {Label: say("lists.state")}}}
	for _, i := range rows {
		unit := dashboards.Text(i.UnitName)
		if i.Unit == 0 {
			unit = dashboards.Cell{Text: say("lists.unassigned"), Below: i.UnitText, Mark: "missing"}
		}
		indicator := dashboards.Text(i.Indicator2)
		indicator.Below = i.Indicator1
		facts := dashboards.Text(i.Facts)
		facts.Below = string(i.Category)
		deduction := dashboards.Cell{Text: "–", Mark: "none"}
		if i.Deduction.Valid {
			deduction = dashboards.Cell{Text: i.Deduction.Decimal.String(), Number: i.Deduction}
		}
		state := dashboards.Text(issue.StateNames[i.State])
		if i.Overdue {
			state.Below, state.Mark = say("lists.is_overdue"), "error"
		}
		t.Rows = append(t.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Link(i.Number, "/issues/one/"+i.ID), unit, indicator, facts, deduction, dashboards.Text(i.Due.String()), state}})
	}
	return t
}

// scoresOf fills in the score table: by 考核分组 for the page, in one piece to be
// downloaded, and its findings.
func (s *Server) scoresOf(d *listView) {
	say, t := s.text.say, d.IssueListView.Scores
	if t == nil {
		return
	}
	heads := []dashboards.Column{{Label: say("column.unit")}, {Label: say("column.rank"), Numeric: true}, {Label: say("lists.score"), Numeric: true}, {Label: say("lists.earned"), Numeric: true}}
	for _, item := range t.Items {
		heads = append(heads, dashboards.Column{Label: say("lists.item", item.Indicator2, item.Full), Numeric: true})
	}
	d.Scores = dashboards.Table{Name: "scores", Caption: say("lists.score_table"), Columns: append([]dashboards.Column{{Label: say("column.group")}}, heads...), Notes: []string{say("lists.score_note")}}
	places, of := issue.Places(d.Groups)
	places = max(places, of) // they share a column
	for _, g := range d.Groups {
		name := g.Group
		if name == "" {
			name = say("lists.no_group")
		}
		one := rankedTable{Group: name, Unscored: g.Unscored, Table: dashboards.Table{Name: "scores", Caption: say("lists.ranked", name), Columns: heads}}
		for _, r := range g.Units {
			cells := s.rankedCells(d, r, places)
			one.Table.Rows = append(one.Table.Rows, dashboards.Row{Cells: cells})
			d.Scores.Rows = append(d.Scores.Rows, dashboards.Row{Cells: append([]dashboards.Cell{dashboards.Text(name)}, cells...)})
		}
		for _, unit := range g.Unscored {
			cells := s.unscoredCells(d, unit, len(heads))
			d.Scores.Rows = append(d.Scores.Rows, dashboards.Row{Cells: append([]dashboards.Cell{dashboards.Text(name)}, cells...)})
			one.Table.Rows = append(one.Table.Rows, dashboards.Row{Cells: cells})
		}
		d.Ranked = append(d.Ranked, one)
	}
	for _, f := range d.IssueListView.Findings {
		line := findingLine{ScoreFinding: f, Href: issuesHref("list", d.ID)}
		if f.Unit != 0 {
			line.Href = issuesHref("list", d.ID, "unit", unitText(f.Unit))
		}
		if k := scoreRow(t, f.Unit, f.UnitText); k >= 0 && d.May {
			line.Change = fmt.Sprintf("%s/scores/%d", d.At, k)
		}
		d.Findings = append(d.Findings, line)
	}
}

// scoreRow is where a unit stands in a score table, below 0 for nowhere.
func scoreRow(t *issue.ScoreTable, unit disclosure.UnitNumber, text string) int {
	return slices.IndexFunc(t.Units, func(u issue.UnitScore) bool { return u.Unit == unit && (unit != 0 || u.UnitText == text) })
}

func (s *Server) rankedCells(d *listView, r issue.Ranked, places int32) []dashboards.Cell {
	rank := dashboards.Cell{Text: strconv.Itoa(r.Rank), Number: decimal.NewNullDecimal(decimal.NewFromInt(int64(r.Rank)))}
	if r.Tied {
		rank.Note = s.text.say("lists.tied")
	}
	score := dashboards.Cell{Text: r.Score.StringFixed(issue.ScorePlaces), Number: decimal.NewNullDecimal(r.Score)}
	earned := dashboards.Text(r.Earned.StringFixed(places) + "/" + r.Of.StringFixed(places))
	return append([]dashboards.Cell{s.unitCell(d, r.Unit, r.UnitText), rank, score, earned}, s.markCells(d, r.Unit, r.UnitText)...)
}

func (s *Server) unscoredCells(d *listView, text string, width int) []dashboards.Cell {
	t := d.IssueListView.Scores
	k := slices.IndexFunc(t.Units, func(u issue.UnitScore) bool { return u.UnitText == text })
	none := dashboards.Cell{Text: "–", Mark: "none"}
	if k < 0 {
		return slices.Repeat([]dashboards.Cell{none}, width)
	}
	u := t.Units[k]
	return append([]dashboards.Cell{s.unitCell(d, u.Unit, u.UnitText), none, {Text: s.text.say("lists.unscored"), Mark: "none"}, none}, s.markCells(d, u.Unit, u.UnitText)...)
}

// unitCell names a unit and leads to the form of its marks, where the visitor
// may change them.
func (s *Server) unitCell(d *listView, unit disclosure.UnitNumber, text string) dashboards.Cell {
	out := dashboards.Text(text)
	if name := d.UnitNames[unit]; unit != 0 && name != "" {
		out.Text = name
	} else {
		out.Mark, out.Below = "missing", s.text.say("lists.unknown_unit")
	}
	if k := scoreRow(d.IssueListView.Scores, unit, text); k >= 0 && d.May {
		out.Href = fmt.Sprintf("%s/scores/%d", d.At, k)
	}
	return out
}

func (s *Server) markCells(d *listView, unit disclosure.UnitNumber, text string) []dashboards.Cell {
	t := d.IssueListView.Scores
	var out []dashboards.Cell
	k := scoreRow(t, unit, text)
	for m, item := range t.Items {
		cell := dashboards.Cell{Text: s.text.say("lists.blank_mark"), Mark: "none"}
		if k >= 0 && m < len(t.Units[k].Marks) {
			switch mark := t.Units[k].Marks[m]; {
			case mark.NotInvolved:
				cell = dashboards.Cell{Text: "不涉及", Mark: "none"}
			case mark.Value.Valid:
				cell = dashboards.Cell{Text: mark.Value.Decimal.String(), Number: mark.Value}
				if mark.Value.Decimal.LessThan(item.Full) && unit != 0 {
					cell.Href = issuesHref("list", d.ID, "unit", unitText(unit), "indicator", item.Indicator2)
				}
			}
		}
		out = append(out, cell)
	}
	return out
}

// listFile hands out one of the files that a list was read from.
func (s *Server) listFile(c echo.Context) error {
	f, data, err := s.office.IssueListFile(c.Request().Context(), visitor(c), c.Param("id"), c.Param("sha"))
	if err != nil {
		return err
	}
	return handOut(c, f.Name, data)
}

type marksView struct {
	List     *office.IssueListView
	At       string
	Row      int
	UnitText string
	Unit     disclosure.UnitNumber
	Units    []option
	Marks    []markField
	Total    string // as printed
	Findings []office.ScoreFinding
	Sentence string
	Act      string
	Seq      uint64
}

type markField struct {
	Indicator1, Indicator2, Full, Value string
	Deducted                            string // by the list's issues
	Href                                string
}

// marksPage is the form of one unit's marks.
func (s *Server) marksPage(c echo.Context) error {
	d, err := s.unitMarksOf(c)
	if err != nil {
		return err
	}
	return s.showMarks(c, http.StatusOK, d)
}

func (s *Server) unitMarksOf(c echo.Context) (*marksView, error) {
	l, err := s.keptList(c)
	if err != nil {
		return nil, err
	}
	row, err := strconv.Atoi(c.Param("row"))
	if err != nil || l.Scores == nil || row < 0 || row >= len(l.Scores.Units) {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "得分表没有这一行,请从清单页面进入。")
	}
	u := l.Scores.Units[row]
	d := &marksView{List: l, At: listHref(l.ID), Row: row, UnitText: u.UnitText, Unit: u.Unit, Seq: l.Seq}
	if u.Total.Valid {
		d.Total = u.Total.Decimal.String()
	}
	rows, err := s.office.Issues(c.Request().Context(), visitor(c), office.IssueFilter{List: l.ID, Limit: 1 << 20})
	if err != nil {
		return nil, err
	}
	for k, item := range l.Scores.Items {
		f := markField{Indicator1: item.Indicator1, Indicator2: item.Indicator2, Full: item.Full.String()}
		if k < len(u.Marks) {
			f.Value = issue.MarkText(u.Marks[k])
		}
		sum := decimal.Zero
		for _, i := range rows.Rows {
			if i.Unit == u.Unit && u.Unit != 0 && i.State != issue.Withdrawn && disclosure.NormalName(i.Indicator2) == disclosure.NormalName(item.Indicator2) {
				sum = sum.Add(i.Deduction.Decimal)
			}
		}
		f.Deducted = sum.String()
		if sum.IsPositive() {
			f.Href = issuesHref("list", l.ID, "unit", unitText(u.Unit), "indicator", item.Indicator2)
		}
		d.Marks = append(d.Marks, f)
	}
	for _, f := range l.Findings {
		if f.Unit == u.Unit && (u.Unit != 0 || f.UnitText == u.UnitText) {
			d.Findings = append(d.Findings, f)
		}
	}
	return d, nil
}

func (s *Server) showMarks(c echo.Context, status int, d *marksView) error {
	d.Act = uuid.NewString()
	units, err := s.testedUnits(c)
	if err != nil {
		return err
	}
	for _, u := range units {
		d.Units = append(d.Units, option{Value: unitText(u.Number), Label: u.Indented(), Selected: u.Number == d.Unit})
	}
	return s.send(c, status, "list-marks", s.listsPart(c, s.text.say("lists.marks_title", d.UnitText), d))
}

// putMarks corrects one unit's marks.
func (s *Server) putMarks(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return received(err)
	}
	d, err := s.unitMarksOf(c)
	if err != nil {
		return err
	}
	m := office.UnitMarks{List: d.List.ID, Row: d.Row}
	m.Seq, _ = strconv.ParseUint(form.Get("seq"), 10, 64) // none is a conflict
	if text := form.Get("unit"); text != "" {
		if m.Unit, err = parseUnit(text); err != nil {
			return err
		}
	}
	for k := range d.Marks {
		value := strings.TrimSpace(form.Get("mark-" + strconv.Itoa(k)))
		d.Marks[k].Value = value
		m.Marks = append(m.Marks, value)
	}
	d.Unit = m.Unit
	if err := s.office.PutUnitMarks(c.Request().Context(), visitor(c), form.Get("act"), m); err != nil {
		if !personsFault(err) {
			return err
		}
		d.Sentence = disclosure.Sentence(err)
		return s.showMarks(c, statusOf(err), d)
	}
	return c.Redirect(http.StatusSeeOther, d.At+"?marked=1#scores")
}
