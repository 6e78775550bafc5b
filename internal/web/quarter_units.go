package web

import (
	"cmp"
	"fmt"
	"slices"

	"mingjing/dashboards"
	"mingjing/internal/issue"

	"github.com/shopspring/decimal"
)

// heatShown is how many units of a group the heat map shows, groupShown how many
// the bars of a group; the rest stand together in a last line.
const (
	heatShown  = 8
	groupShown = 15
)

// quarterGroup is a 考核分组 with its units, who has to be urged most first.
type quarterGroup struct {
	Name  string
	Chart dashboards.Chart
	Table dashboards.Table // every column, for the download
	Shown dashboards.Table // the columns that fit a page
	More  int
}

// groupLine is a unit of the statistics with its place in the matrix.
type groupLine struct {
	issue.UnitTally
	row  []issue.Cell
	name string
}

// groupName is a 考核分组 as people read it.
func (s *Server) groupName(group string) string {
	if group == "" {
		return s.text.say("group.none")
	}
	return group
}

// grouped are the units by 考核分组; those of no group come after the others,
// what nobody answers for last.
func (s *Server) grouped(v *quarterView) (names []string, units map[string][]groupLine) {
	units = map[string][]groupLine{}
	rank := map[string]int{}
	for k, u := range v.Units {
		group, name := v.IssueFigures.Groups[u.Unit], v.UnitNames[u.Unit]
		place := 0
		switch {
		case u.Unit == 0:
			group, name, place = s.text.say("quarter.unassigned_group"), s.text.say("quarter.unassigned"), 2
		case group == "":
			group, place = s.text.say("group.none"), 1
		}
		if units[group] == nil {
			names = append(names, group)
			rank[group] = place
		}
		units[group] = append(units[group], groupLine{u, v.Matrix[k], name})
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(a, b)) })
	return names, units
}

// at narrows a list to the unit.
func (l groupLine) at(pairs ...string) []string {
	if l.Unit == 0 {
		return append([]string{"unassigned", "1"}, pairs...)
	}
	return append([]string{"lead", unitText(l.Unit)}, pairs...)
}

func (v *quarterView) unitLink(l groupLine) dashboards.Cell {
	if l.Unit == 0 {
		return dashboards.Link(l.name, "/issues/assign?quarter="+v.Quarter.String())
	}
	return dashboards.Link(l.name, v.UnitAt(l.Unit))
}

// heatColumns are the categories of the heat map, and how many of the rarest
// are put together in a last one.
func (v *quarterView) heatColumns() (shown []int, rest []int) {
	var counts []int
	for _, c := range v.Categories {
		counts = append(counts, c.Issues)
	}
	if len(counts) <= categoriesShown {
		return greatest(counts, len(counts)), nil
	}
	shown = greatest(counts, categoriesShown-1)
	for k := range counts {
		if !slices.Contains(shown, k) {
			rest = append(rest, k)
		}
	}
	return shown, rest
}

// greatest are the places of the n greatest counts, in the order of the places.
func greatest(counts []int, n int) []int {
	places := make([]int, len(counts))
	for k := range places {
		places[k] = k
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	places = places[:min(n, len(places))]
	slices.Sort(places)
	return places
}

// heatChart is units x categories, group by group, the most issues first.
func (s *Server) heatChart(v *quarterView) error {
	table := dashboards.Table{Name: "heat", Caption: s.text.say("heat.title"), Notes: []string{s.text.say("heat.note")},
		Columns: dashboards.Columns([]string{s.text.say("column.unit"), s.text.say("column.group")})}
	for _, c := range v.Categories {
		table.Columns = append(table.Columns, dashboards.Column{Label: string(c.Category), Numeric: true})
	}
	table.Columns = append(table.Columns, dashboards.Column{Label: s.text.say("column.total"), Numeric: true})
	shown, rest := v.heatColumns()
	columns := []string{}
	for _, k := range shown {
		columns = append(columns, string(v.Categories[k].Category))
	}
	if len(rest) > 0 {
		columns = append(columns, s.text.say("quarter.rest_categories", len(rest)))
	}
	v.Whole = true
	rows := []dashboards.HeatRow{}
	groups, units := s.grouped(v)
	for _, group := range groups {
		lines := slices.Clone(units[group])
		slices.SortStableFunc(lines, func(a, b groupLine) int { return cmp.Compare(b.Issues, a.Issues) })
		if len(groups) > 1 {
			rows = append(rows, dashboards.HeatRow{Label: s.text.say("heat.group", group, len(lines))})
		}
		left := quarterRest{Group: group, Href: v.page.With("all", "1") + "#title-heat"}
		sums := make([]issue.Cell, len(v.Categories))
		for k, l := range lines {
			table.Rows = append(table.Rows, s.heatRow(v, l, group))
			if k >= heatShown && len(lines) > heatShown+1 && !v.all {
				left.Units++
				left.Issues += l.Issues
				for c := range sums {
					sums[c].Issues, sums[c].Overdue = sums[c].Issues+l.row[c].Issues, sums[c].Overdue+l.row[c].Overdue
				}
				continue
			}
			rows = append(rows, dashboards.HeatRow{Label: l.name, Cells: heatCells(v, l.row, shown, rest, false, func(category string) string {
				if category == "" {
					return v.issuesAt(issue.StepFound, l.at()...)
				}
				return v.issuesAt(issue.StepFound, l.at("category", category)...)
			})})
		}
		if left.Units > 0 {
			v.Whole, v.HeatLeft = false, append(v.HeatLeft, left)
			rows = append(rows, dashboards.HeatRow{Label: s.text.say("heat.rest", left.Units), Cells: heatCells(v, sums, shown, rest, true, func(string) string { return left.Href })})
		}
	}
	chart, err := dashboards.Heat(columns, rows)
	chart = named(chart, table, s.text.say("heat.summary", len(v.Units), len(v.Categories)))
	v.Heat = &chart
	return err
}

// heatCells are a line of the map, or the sum of several; href leads a category to its list, "" the
// rarest together to the unit's.
func heatCells(v *quarterView, row []issue.Cell, shown, rest []int, sum bool, href func(category string) string) []dashboards.HeatCell {
	out := []dashboards.HeatCell{}
	cell := func(issues, overdue int, href string, plain bool) {
		c := dashboards.HeatCell{}
		if issues > 0 {
			c = dashboards.HeatCell{Value: whole(int64(issues)).Number, Text: fmt.Sprint(issues), Href: href, Plain: plain}
			if overdue > 0 {
				c.Text += dashboards.FlagSign
			}
		}
		out = append(out, c)
	}
	for _, k := range shown {
		cell(row[k].Issues, row[k].Overdue, href(string(v.Categories[k].Category)), sum)
	}
	if len(rest) > 0 {
		issues, overdue := 0, 0
		for _, k := range rest {
			issues, overdue = issues+row[k].Issues, overdue+row[k].Overdue
		}
		cell(issues, overdue, href(""), true)
	}
	return out
}

// heatRow is a unit's line of the table under the map: all categories, and how
// many of each are overdue.
func (s *Server) heatRow(v *quarterView, l groupLine, group string) dashboards.Row {
	row := dashboards.Row{Cells: []dashboards.Cell{v.unitLink(l), dashboards.Text(group)}}
	for k, c := range l.row {
		category := string(v.Categories[k].Category)
		cell := linked(c.Issues, v.issuesAt(issue.StepFound, l.at("category", category)...))
		if c.Overdue > 0 {
			cell.Flag = dashboards.Flag{Text: s.text.say("quarter.flag", c.Overdue), Href: v.issuesAt("", l.at("category", category, "overdue", "1")...)}
		}
		row.Cells = append(row.Cells, cell)
	}
	row.Cells = append(row.Cells, linked(l.Issues, v.issuesAt(issue.StepFound, l.at()...)))
	return row
}

// quarterGroups are the units of each group by how their issues stand.
func (s *Server) quarterGroups(v *quarterView) error {
	order := map[int]int{} // by unit
	for k, u := range issue.ByNeed(v.Units) {
		order[int(u.Unit)] = k + 1
	}
	place := func(l groupLine) int {
		if k := order[int(l.Unit)]; k > 0 {
			return k
		}
		return len(v.Units) + 1
	}
	groups, units := s.grouped(v)
	for n, group := range groups {
		lines := units[group]
		if lines[0].Unit == 0 {
			continue // nobody answers for them; the heat map and the list have them
		}
		slices.SortStableFunc(lines, func(a, b groupLine) int { return cmp.Compare(place(a), place(b)) })
		g := quarterGroup{Name: group, Table: dashboards.Table{Name: fmt.Sprintf("group%d", n+1), Caption: s.text.say("units.stand_title", group),
			Notes: []string{s.text.say("units.stand_note"), s.text.say("quarter.rates_note")}, Columns: append(dashboards.Columns([]string{s.text.say("column.unit")}), s.tallyColumns()...)}}
		cats, series := []string{}, s.standSeries()
		for k, l := range lines {
			g.Table.Rows = append(g.Table.Rows, dashboards.Row{Cells: append([]dashboards.Cell{v.unitLink(l)}, s.tallyCells(v, &l.Tally, l.at())...)})
			if k >= groupShown {
				g.More++
				continue
			}
			cats = append(cats, l.name)
			stands(v, series, &l.Tally, l.at())
		}
		chart, err := dashboards.Stacked(cats, series)
		if err != nil {
			return err
		}
		g.Chart = named(chart, g.Table, s.text.say("units.stand_summary", group, len(lines)))
		v.Groups = append(v.Groups, g)
	}
	return nil
}

// without is a table without some of the tally's columns; lead is how many
// columns stand before them.
func (s *Server) without(t dashboards.Table, lead int, keys []string) dashboards.Table {
	drop := map[string]bool{}
	for _, k := range keys {
		drop[s.text.say("tally."+k)] = true
	}
	out := t
	out.Columns, out.Rows = nil, make([]dashboards.Row, len(t.Rows))
	for k := range t.Rows {
		out.Rows[k].Strong = t.Rows[k].Strong
	}
	for i, col := range t.Columns {
		if i >= lead && drop[col.Label] {
			continue
		}
		out.Columns = append(out.Columns, col)
		for k := range t.Rows {
			out.Rows[k].Cells = append(out.Rows[k].Cells, t.Rows[k].Cells[i])
		}
	}
	return out
}

// quarterScores is a list's score table, ranked within the groups.
type quarterScores struct {
	Table       dashboards.Table
	Href        string
	Differences int
}

func (s *Server) quarterScores(v *quarterView) {
	for n, r := range v.Rankings {
		g := quarterScores{Href: "/lists/" + r.List.ID, Differences: len(r.Differences), Table: dashboards.Table{Name: fmt.Sprintf("scores%d", n+1),
			Caption: s.text.say("scores.title", r.List.Title), Notes: []string{s.text.say("scores.note")},
			Columns: dashboards.Columns([]string{s.text.say("column.unit"), s.text.say("column.group")}, s.text.say("column.rank"), s.text.say("scores.score"), s.text.say("scores.earned"), s.text.say("scores.of"))}}
		earned, of := issue.Places(r.Groups)
		for _, group := range r.Groups {
			for _, u := range group.Units {
				unit := dashboards.Text(u.UnitText)
				if u.Unit != 0 {
					unit = dashboards.Link(u.UnitText, v.UnitAt(u.Unit))
				}
				g.Table.Rows = append(g.Table.Rows, dashboards.Row{Cells: []dashboards.Cell{unit, dashboards.Text(s.groupName(group.Group)), s.rankCell(u.Rank, u.Tied),
					pointsCell(u.Score, issue.ScorePlaces), pointsCell(u.Earned, earned), pointsCell(u.Of, of)}})
			}
			for _, name := range group.Unscored {
				none := dashboards.Cell{Text: "–", Mark: "none"}
				g.Table.Rows = append(g.Table.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Text(name), dashboards.Text(s.groupName(group.Group)), none,
					{Text: s.text.say("scores.not_involved"), Mark: "none"}, none, none}})
			}
		}
		v.Scores = append(v.Scores, g)
	}
}

// pointsCell prints marks with as many decimals as all of their column.
func pointsCell(d decimal.Decimal, places int32) dashboards.Cell {
	return dashboards.Cell{Text: thousands(d, places), Number: decimal.NewNullDecimal(d)}
}

// overdueTable names each issue that is overdue, the longest first.
func (s *Server) overdueTable(v *quarterView) dashboards.Table {
	t := dashboards.Table{Name: "overdue", Caption: s.text.say("overdue.title"), Notes: []string{s.text.say("overdue.note")},
		Columns: dashboards.Columns([]string{s.text.say("overdue.number"), s.text.say("column.unit"), s.text.say("column.category"), s.text.say("overdue.facts"), s.text.say("overdue.state"), s.text.say("overdue.due")},
			s.text.say("overdue.days"), s.text.say("overdue.reminders"))}
	for _, l := range v.IssueFigures.Overdue {
		unit := dashboards.Link(v.UnitNames[l.Unit], v.UnitAt(l.Unit))
		t.Rows = append(t.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Link(l.Number, "/issues/one/"+l.ID), unit, dashboards.Text(string(l.Category)),
			dashboards.Text(l.Facts), dashboards.Text(issue.StateNames[l.State]), dashboards.Text(l.Due.Chinese()), whole(int64(l.Due.DaysLate(v.At))), whole(int64(len(l.Reminders)))}})
	}
	return t
}

// repeatTable names who has a kind of issue again.
func (s *Server) repeatTable(v *quarterView) dashboards.Table {
	t := dashboards.Table{Name: "repeat", Caption: s.text.say("repeat.title"), Notes: []string{s.text.say("repeat.note")},
		Columns: dashboards.Columns([]string{s.text.say("column.unit"), s.text.say("column.category")}, s.text.say("repeat.now"), s.text.say("repeat.earlier"), s.text.say("tally.reopened"))}
	for _, o := range v.IssueFigures.Repeat {
		at := []string{"lead", unitText(o.Unit), "category", string(o.Category)}
		t.Rows = append(t.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Link(v.UnitNames[o.Unit], v.UnitAt(o.Unit)), dashboards.Text(string(o.Category)),
			linked(o.Now, v.issuesAt(issue.StepFound, append(at, "recurring", "1")...)), whole(int64(o.Earlier)), linked(o.Reopened, v.issuesAt(issue.StepFound, append(at, "reopened", "1")...))}})
	}
	return t
}
