package web

import (
	"fmt"
	"slices"

	"mingjing/dashboards"
	"mingjing/internal/issue"

	"github.com/shopspring/decimal"
)

// categoriesShown is how many categories a chart holds, the most frequent ones;
// the tables hold all.
const categoriesShown = 12

// countPoint is a point of a chart that leads where its cell leads.
func countPoint(cell dashboards.Cell) dashboards.Point {
	return dashboards.Point{Value: cell.Number, Href: cell.Href}
}

// funnelChart is how many issues came how far.
func (s *Server) funnelChart(v *quarterView) (dashboards.Chart, error) {
	table := dashboards.Table{Name: "funnel", Caption: s.text.say("funnel.title"), Notes: []string{s.text.say("funnel.note")},
		Columns: dashboards.Columns([]string{s.text.say("funnel.step")}, s.text.say("funnel.count"), s.text.say("funnel.share"))}
	cats, series := []string{}, dashboards.Series{Name: s.text.say("funnel.count"), Color: dashboards.ColorIn}
	for _, step := range v.Funnel {
		cell := linked(step.Count, v.issuesAt(step.Code))
		share := s.rateCell(issue.Rate{Part: step.Count, Whole: v.All.Issues}, "")
		table.Rows = append(table.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Text(step.Name), cell, share}})
		cats, series.Points = append(cats, step.Name), append(series.Points, countPoint(cell))
	}
	chart, err := dashboards.Ranking(cats, series)
	return named(chart, table, s.text.say("funnel.summary", v.All.Issues, v.All.Settled)), err
}

// burnDownChart is what was open day by day, and what came and went.
func (s *Server) burnDownChart(v *quarterView) (dashboards.Chart, error) {
	table := dashboards.Table{Name: "burndown", Caption: s.text.say("burndown.title"), Notes: []string{s.text.say("burndown.note")},
		Columns: dashboards.Columns([]string{s.text.say("burndown.day")}, s.text.say("burndown.open"), s.text.say("burndown.handed"), s.text.say("burndown.settled"))}
	series := []dashboards.Series{{Name: s.text.say("burndown.handed"), Color: dashboards.ColorIn}, {Name: s.text.say("burndown.settled"), Color: dashboards.ColorDone},
		{Name: s.text.say("burndown.open"), Color: dashboards.ColorWaiting, Line: true, Symbol: "none"}}
	cats := dashboards.Categories{}
	for _, d := range v.BurnDown {
		cats.Labels = append(cats.Labels, fmt.Sprintf("%d-%02d", d.Day.Month(), d.Day.Day()))
		open, handed, settled := whole(int64(d.Open)), whole(int64(d.Handed)), whole(int64(d.Settled))
		if d == v.BurnDown[len(v.BurnDown)-1] {
			open = linked(d.Open, v.issuesAt(issue.StepHanded, "stand", "open"))
		}
		table.Rows = append(table.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Text(d.Day.String()), open, handed, settled}})
		for k, cell := range []dashboards.Cell{handed, settled, open} {
			p := countPoint(cell)
			if k < 2 && d.Handed+d.Settled == 0 {
				p = dashboards.Point{} // days without anything need no bars
			}
			series[k].Points = append(series[k].Points, p)
		}
	}
	slices.Reverse(table.Rows) // the last day is what people look for
	chart, err := dashboards.OverYears(cats, s.text.say("quarter.unit"), series)
	return named(chart, table, s.text.say("burndown.summary", len(v.BurnDown))), err
}

// changesChart holds the categories against the quarter before.
func (s *Server) changesChart(v *quarterView) (dashboards.Chart, error) {
	before := issue.Before(v.Quarter)
	now, last := v.Quarter.String(), before.String()
	table := dashboards.Table{Name: "changes", Caption: s.text.say("changes.title"), Notes: []string{s.text.say("changes.note")},
		Columns: dashboards.Columns([]string{s.text.say("column.category")}, now, last, s.text.say("changes.more"), s.text.say("changes.percent"))}
	cats := []string{}
	series := []dashboards.Series{{Name: now, Color: dashboards.ColorIn}, {Name: last, Color: dashboards.ColorCompared}}
	var counts []int
	for _, c := range v.Changes[1:] { // the first is the sum
		counts = append(counts, c.Now+c.Before)
	}
	drawn := greatest(counts, categoriesShown)
	for k, change := range v.Changes {
		name, filter := s.text.say("changes.all"), []string{}
		if change.Category != "" {
			name, filter = string(change.Category), []string{"category", string(change.Category)}
		}
		cells := []dashboards.Cell{linked(change.Now, v.issuesAt(issue.StepFound, filter...)),
			linked(change.Before, v.issuesAt(issue.StepFound, append(filter, "quarter", last)...))}
		table.Rows = append(table.Rows, dashboards.Row{Strong: change.Category == "", Cells: append([]dashboards.Cell{dashboards.Text(name)}, append(cells, s.changeCells(change)...)...)})
		if !slices.Contains(drawn, k-1) { // the sum would dwarf the others
			continue
		}
		cats = append(cats, name)
		for i := range series {
			series[i].Points = append(series[i].Points, countPoint(cells[i]))
		}
	}
	table.Notes = append(table.Notes, s.leftOut(len(counts))...)
	chart, err := dashboards.Stacked(cats, series)
	return named(chart, table, s.text.say("changes.summary", len(cats))), err
}

// changeCells are the difference, and in percent where the count before is
// large enough for one.
func (s *Server) changeCells(c issue.Change) []dashboards.Cell {
	more := decimal.NewFromInt(int64(c.Now - c.Before))
	out := []dashboards.Cell{{Text: signed(more, 0), Number: decimal.NewNullDecimal(more)}, {Text: "–", Mark: "none"}}
	if p, ok := c.Percent(); ok && (issue.Rate{Whole: c.Before}).Telling() {
		out[1] = dashboards.Cell{Text: signed(p, 1) + "%", Number: decimal.NewNullDecimal(p)}
	}
	return out
}

// signed writes a difference with its sign.
func signed(d decimal.Decimal, places int32) string {
	if d.IsPositive() {
		return "+" + thousands(d, places)
	}
	return thousands(d, places)
}

// categoriesChart is how each category's issues stand.
func (s *Server) categoriesChart(v *quarterView) (dashboards.Chart, error) {
	table := dashboards.Table{Name: "categories", Caption: s.text.say("categories.title"), Notes: []string{s.text.say("quarter.rates_note")},
		Columns: append(dashboards.Columns([]string{s.text.say("column.category")}), s.tallyColumns()...)}
	cats, series := []string{}, s.standSeries()
	var counts []int
	for _, c := range v.Categories {
		counts = append(counts, c.Issues)
	}
	drawn := greatest(counts, categoriesShown)
	table.Notes = append(table.Notes, s.leftOut(len(counts))...)
	for k, c := range v.Categories {
		at := []string{"category", string(c.Category)}
		table.Rows = append(table.Rows, dashboards.Row{Cells: append([]dashboards.Cell{dashboards.Text(string(c.Category))}, s.tallyCells(v, &c.Tally, at)...)})
		if slices.Contains(drawn, k) {
			cats = append(cats, string(c.Category))
			stands(v, series, &c.Tally, at)
		}
	}
	chart, err := dashboards.Stacked(cats, series)
	return named(chart, table, s.text.say("categories.summary", len(v.Categories))), err
}

// leftOut says that a chart shows some of the categories only.
func (s *Server) leftOut(categories int) []string {
	if categories <= categoriesShown {
		return nil
	}
	return []string{s.text.say("quarter.left_out", categoriesShown, categories-categoriesShown)}
}

// standSeries are where issues stand, in three parts that make up all of them.
func (s *Server) standSeries() []dashboards.Series {
	out := []dashboards.Series{{Color: dashboards.ColorDone}, {Color: dashboards.ColorWaiting}, {Color: dashboards.ColorError}}
	for k, name := range []string{"stand.settled", "stand.open", "stand.overdue"} {
		out[k].Name, out[k].Stack = s.text.say(name), "stand"
	}
	return out
}

// stands adds a bar; at is what its lists are narrowed to.
func stands(v *quarterView, series []dashboards.Series, t *issue.Tally, at []string) {
	hrefs := []string{v.issuesAt(issue.StepSettled, at...), v.issuesAt(issue.StepFound, append([]string{"stand", "going"}, at...)...),
		v.issuesAt("", append([]string{"overdue", "1"}, at...)...)}
	for k, n := range []int{t.Settled, t.Open() - t.Overdue, t.Overdue} {
		p := dashboards.Point{}
		if n > 0 {
			p = countPoint(linked(n, hrefs[k]))
		}
		series[k].Points = append(series[k].Points, p)
	}
}

// tallyColumns and tallyCells are a unit's or a category's line: counts first,
// then the rates with what they rest on in columns of their own, so that a
// spreadsheet has them too.
func (s *Server) tallyColumns() []dashboards.Column {
	var out []dashboards.Column
	for _, key := range []string{"issues", "deduction", "settled", "open", "overdue", "kept", "kept_of", "on_time", "rectified_of", "rectified", "median", "worst", "returned", "again", "reopened"} {
		out = append(out, dashboards.Column{Label: s.text.say("tally." + key), Numeric: true})
	}
	return out
}

func (s *Server) tallyCells(v *quarterView, t *issue.Tally, at []string) []dashboards.Cell {
	with := func(pairs ...string) []string { return append(pairs, at...) }
	handed := v.issuesAt(issue.StepHanded, at...)
	on, rectified := s.rateCell(t.OnTime, v.issuesAt(issue.StepHanded, with("late", "1")...)), s.rateCell(t.Rectified, v.issuesAt(issue.StepSettled, at...))
	median, worst := s.daysCell(t.Days.Median, t.Days.N, ""), s.daysCell(float64(t.Days.Worst), t.Days.N, "")
	overdue := linked(t.Overdue, v.issuesAt("", with("overdue", "1")...))
	if t.Overdue > 0 {
		overdue.Mark = "error"
	}
	return []dashboards.Cell{linked(t.Issues, v.issuesAt(issue.StepFound, at...)), {Text: thousands(t.Deduction, -1), Number: decimal.NewNullDecimal(t.Deduction)},
		linked(t.Settled, v.issuesAt(issue.StepSettled, at...)), linked(t.Open(), v.issuesAt(issue.StepFound, with("stand", "open")...)), overdue,
		whole(int64(t.OnTime.Part)), whole(int64(t.OnTime.Whole)), on, linked(t.Rectified.Whole, handed), rectified, median, worst,
		linked(t.Returned, v.issuesAt(issue.StepFound, with("returned", "1")...)), linked(t.Recurring, v.issuesAt(issue.StepFound, with("recurring", "1")...)),
		linked(t.Reopened, v.issuesAt(issue.StepFound, with("reopened", "1")...))}
}

// offPage are the columns of a tally that the page itself leaves out: the rates
// say their counts beside them.
var offPage = []string{"kept", "kept_of", "rectified_of", "reopened"}
