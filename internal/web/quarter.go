package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
	"github.com/shopspring/decimal"
)

// quarterParams are the filters of the board that its links to lists keep.
var quarterParams = []string{"quarter", "round", "list"}

// quarterView is the board of a quarter's issues: of all that the visitor sees,
// or of one unit.
type quarterView struct {
	*office.IssueFigures
	Name             string       // 2026年第三季度
	Unit             *quarterUnit // nil for all that the visitor sees
	Across           bool
	Own              []disclosure.Unit // to choose among, for a person of several units
	Quarters, Rounds []option
	List             string
	Cards            []quarterCard
	Numbers          []keyFigure
	States           []progressTile
	Charts           []dashboards.Chart
	Heat             *dashboards.Chart
	HeatLeft         []quarterRest
	Whole            bool // the heat map leaves nothing out
	Groups           []quarterGroup
	Overdue, Repeat  dashboards.Table
	OverdueShown     dashboards.Table // with long facts cut
	Scores           []quarterScores
	Silent           []quarterName
	SilentMore       int
	Waiting          []quarterName // a unit's open issues by state
	Empty            bool

	page   *view
	filter office.IssueFilter
	all    bool // show every line of the heat map
}

// quarterCard answers one of the questions that a supervisor comes with.
type quarterCard struct {
	Label, Big, Href, Small string
	Tone                    string // is-bad, is-good, is-calm
	Names                   []quarterName
	Note                    string
}

// quarterUnit is whose own board it is.
type quarterUnit struct {
	Number disclosure.UnitNumber
	Name   string
}

// quarterName is a name with a number, which lead somewhere.
type quarterName struct {
	Group, Name, Pill, Href string
}

// quarterRest is what a chart leaves out of a group.
type quarterRest struct {
	Group, Href   string
	Units, Issues int
}

// quarterPage shows a quarter's issues: how many, how many came to an end, how
// many are overdue and who has to be urged; then the details.
func (s *Server) quarterPage(c echo.Context) error {
	f, err := quarterFilter(c)
	if err != nil {
		return err
	}
	own, across, err := s.office.FigureUnits(c.Request().Context(), visitor(c))
	if err != nil {
		return err
	}
	if !across && f.Lead == 0 {
		if len(own) == 0 {
			return disclosure.Errorf(disclosure.ErrForbidden, "您的账号没有可看的单位,请联系区级审核员。")
		}
		f.Lead = own[0].Number
	}
	v := &quarterView{Across: across, List: f.List, filter: f, all: c.QueryParam("all") == "1"}
	if !across && len(own) > 1 {
		v.Own = own
	}
	if v.IssueFigures, err = s.office.IssueFigures(c.Request().Context(), visitor(c), f); err != nil {
		return err
	}
	if f.Lead != 0 {
		name, ok := v.UnitNames[f.Lead]
		if !ok {
			return disclosure.Errorf(disclosure.ErrNotFound, "没有这个单位,请从单位列表中选择。")
		}
		v.Unit = &quarterUnit{Number: f.Lead, Name: name}
	}
	v.Name, v.Empty = issue.QuarterName(v.Quarter), v.All.Issues == 0
	title := s.text.say("quarter.title", v.Name)
	if v.Unit != nil {
		title = s.text.say("quarter.unit_title", v.Unit.Name, v.Name)
	}
	v.page = s.view(c, "quarter", title, v)
	v.page.Styles = []string{"quarter.css"}
	s.quarterChoices(v)
	if !v.Empty {
		if err := s.quarterDetails(v); err != nil {
			return err
		}
	}
	if done, err := s.download(c, title, v.tables()...); done {
		return err
	}
	s.quarterShorten(v)
	return s.ok(c, "quarter", v.page)
}

// quarterFilter reads the board's filters out of the address.
func quarterFilter(c echo.Context) (f office.IssueFilter, err error) {
	if text := c.QueryParam("quarter"); text != "" {
		if f.Quarter, err = issue.ParseQuarter(text); err != nil {
			return f, err
		}
	}
	if f.Round = issue.Round(c.QueryParam("round")); f.Round != "" && !slices.Contains(issue.Rounds, f.Round) {
		return f, disclosure.Errorf(disclosure.ErrInvalid, "轮次没有“%s”这一项,请从列表中选择。", disclosure.Clip(string(f.Round), 20))
	}
	if text := c.QueryParam("unit"); text != "" {
		if f.Lead, err = parseUnit(text); err == nil && f.Lead == 0 {
			err = disclosure.Errorf(disclosure.ErrNotFound, "没有这个单位,请从单位列表中选择。")
		}
	}
	f.List = c.QueryParam("list")
	return f, err
}

func (s *Server) quarterChoices(v *quarterView) {
	met := slices.Clone(v.IssueFigures.Quarters)
	if !slices.Contains(met, v.Quarter) {
		met = append(met, v.Quarter)
		slices.SortFunc(met, func(a, b disclosure.Period) int { return strings.Compare(b.String(), a.String()) })
	}
	for _, q := range met {
		v.Quarters = append(v.Quarters, option{Value: q.String(), Label: issue.QuarterName(q), Selected: q == v.Quarter})
	}
	for _, r := range issue.Rounds {
		v.Rounds = append(v.Rounds, option{Value: string(r), Label: string(r), Selected: r == v.filter.Round})
	}
}

func (s *Server) quarterDetails(v *quarterView) error {
	s.quarterCards(v)
	s.quarterNumbers(v)
	s.quarterStates(v)
	for _, build := range []func(*quarterView) (dashboards.Chart, error){s.funnelChart, s.burnDownChart, s.changesChart, s.categoriesChart} {
		chart, err := build(v)
		if err != nil {
			return err
		}
		if len(chart.Table.Rows) > 0 {
			v.Charts = append(v.Charts, chart)
		}
	}
	if v.Unit == nil {
		if err := s.heatChart(v); err != nil {
			return err
		}
		if err := s.quarterGroups(v); err != nil {
			return err
		}
		s.quarterScores(v)
		s.quarterSilent(v)
	}
	v.Overdue, v.Repeat = s.overdueTable(v), s.repeatTable(v)
	return nil
}

// tables are all that can be downloaded from the board.
func (v *quarterView) tables() []dashboards.Table {
	if v.Empty {
		return nil
	}
	var out []dashboards.Table
	for _, c := range v.Charts {
		out = append(out, c.Table)
	}
	if v.Heat != nil {
		out = append(out, v.Heat.Table)
	}
	for _, g := range v.Groups {
		out = append(out, g.Table)
	}
	for _, g := range v.Scores {
		out = append(out, g.Table)
	}
	return append(out, v.Overdue, v.Repeat)
}

// issuesAt is the list of the issues that a number of the board counts, with
// the parameters set in pairs; came says how far they came at least.
func (v *quarterView) issuesAt(came issue.StepCode, pairs ...string) string {
	q := url.Values{"quarter": {v.Quarter.String()}, "round": {string(v.filter.Round)}, "list": {v.filter.List}, "came": {string(came)}}
	if v.filter.Lead != 0 {
		q.Set("lead", unitText(v.filter.Lead))
	}
	for k := 0; k+1 < len(pairs); k += 2 {
		q.Set(pairs[k], pairs[k+1])
	}
	return address("/issues", q)
}

// boardAt is the board with the filters that stand, and parameters set in pairs.
func (v *quarterView) boardAt(pairs ...string) string {
	q := url.Values{}
	for _, k := range quarterParams {
		q.Set(k, v.page.Query.Get(k))
	}
	for k := 0; k+1 < len(pairs); k += 2 {
		q.Set(pairs[k], pairs[k+1])
	}
	return address("/quarter", q)
}

// UnitAt is a unit's own board.
func (v *quarterView) UnitAt(unit disclosure.UnitNumber) string {
	return v.boardAt("quarter", v.Quarter.String(), "unit", unitText(unit))
}

// WholeAt is the board of all units.
func (v *quarterView) WholeAt() string { return v.boardAt("quarter", v.Quarter.String()) }

// IssuesAt is the list of the board's issues.
func (v *quarterView) IssuesAt() string { return v.issuesAt(issue.StepFound) }

// OverdueAt is the list of those that are overdue.
func (v *quarterView) OverdueAt() string { return v.issuesAt("", "overdue", "1") }

// HelpedAt is the list of a unit's issues, those that it helps with included.
func (v *quarterView) HelpedAt() string {
	return address("/issues", url.Values{"quarter": {v.Quarter.String()}, "unit": {unitText(v.filter.Lead)}})
}

// linked is a count that leads to what it counts; nothing leads nowhere.
func linked(n int, href string) dashboards.Cell {
	cell := whole(int64(n))
	if n > 0 {
		cell.Href = href
	}
	return cell
}

// rateCell is a rate with the counts that it rests on; on few it is the counts
// alone.
func (s *Server) rateCell(r issue.Rate, href string) dashboards.Cell {
	counts := fmt.Sprintf("%d/%d", r.Part, r.Whole)
	p, ok := r.Percent()
	switch {
	case !ok:
		return dashboards.Cell{Text: "–", Mark: "none"}
	case !r.Telling():
		return dashboards.Cell{Text: s.text.say("quarter.part_of", r.Whole, r.Part), Href: href} // "3/4" would be a date to a spreadsheet
	}
	return dashboards.Cell{Text: thousands(p, 1) + "%", Number: decimal.NewNullDecimal(p), Note: counts, Href: href}
}

// daysCell is a number of days, with how many issues it rests on.
func (s *Server) daysCell(days float64, n int, href string) dashboards.Cell {
	if n == 0 {
		return dashboards.Cell{Text: "–", Mark: "none"}
	}
	d := decimal.NewFromFloat(days)
	return dashboards.Cell{Text: s.text.say("quarter.days", thousands(d, -1)), Number: decimal.NewNullDecimal(d), Note: s.text.say("quarter.n", n), Href: href}
}

// factsColumn is where an overdue issue's facts stand, factsShown how many
// letters of them the page shows.
const (
	factsColumn = 3
	factsShown  = 60
)

// quarterRowsShown bounds the tables on the page; downloads hold all.
const quarterRowsShown = 20

// quarterShorten leaves on the page what a person reads.
func (s *Server) quarterShorten(v *quarterView) {
	if v.Empty {
		return
	}
	for k := range v.Charts {
		v.Charts[k].Table = s.without(v.Charts[k].Table.First(rowsShown), 1, offPage)
	}
	if v.Heat != nil {
		v.Heat.Table = v.Heat.Table.First(rowsShown)
	}
	for k := range v.Groups {
		v.Groups[k].Shown = s.without(v.Groups[k].Table.First(rowsShown), 1, offPage)
	}
	for k := range v.Scores {
		v.Scores[k].Table = v.Scores[k].Table.First(rowsShown)
	}
	for _, t := range []*dashboards.Table{&v.Overdue, &v.Repeat} {
		*t = t.First(quarterRowsShown)
	}
	v.OverdueShown = v.Overdue
	v.OverdueShown.Rows, v.OverdueShown.More = slices.Clone(v.Overdue.Rows), 0
	for k, row := range v.OverdueShown.Rows {
		cells := slices.Clone(row.Cells)
		cells[factsColumn].Text = disclosure.Clip(cells[factsColumn].Text, factsShown)
		v.OverdueShown.Rows[k].Cells = cells
	}
}
