// Package dashboards turns plain rows into ECharts options (built with
// go-echarts, never rendered by it) and into the table that says the same.
// It knows nothing of storage, pages or requests.
package dashboards

import "github.com/shopspring/decimal"

// Table is rows for people: shown on the page, downloaded as xlsx or csv, and
// the twin of a chart. Every row has as many cells as there are columns.
type Table struct {
	Name    string // short ASCII name, for the download's address
	Caption string
	Columns []Column
	Rows    []Row
	Notes   []string // what a reader must know to read the numbers right
	More    int      // rows that a shortened table leaves out
}

// First is the table as a page shows it: at most n rows. A download holds all.
func (t Table) First(n int) Table {
	if len(t.Rows) > n {
		t.More += len(t.Rows) - n
		t.Rows = t.Rows[:n:n]
	}
	return t
}

// Total is how many rows the table has, with those it leaves out.
func (t Table) Total() int { return len(t.Rows) + t.More }

// Column is a table's column. Numeric columns are set right-aligned.
type Column struct {
	Label   string
	Numeric bool
}

// Row is a table's row; Strong sets it off as a total.
type Row struct {
	Cells  []Cell
	Strong bool
}

// Cell is one entry: the text that people see, and the number under it.
type Cell struct {
	Text string
	// Number is what a spreadsheet gets in place of Text; a percentage holds
	// 45.2 for "45.2%".
	Number decimal.NullDecimal
	// Href leads to where the number comes from; "" when there is no such place.
	Href string
	// Note stands small beside the text: a denominator, "并列", a scope.
	Note string
	// Below stands on a line of its own under the text: the median of others.
	Below string
	// Mark sets the cell off in words and shape: "few", "scope", "error", ...
	Mark string
	Flag Flag
}

// Text makes a cell without a number.
func Text(s string) Cell { return Cell{Text: s} }

// Link makes a text cell that leads somewhere.
func Link(s, href string) Cell { return Cell{Text: s, Href: href} }

// Columns makes text columns first, then numeric ones.
func Columns(text []string, numeric ...string) []Column {
	out := make([]Column, 0, len(text)+len(numeric))
	for _, l := range text {
		out = append(out, Column{Label: l})
	}
	for _, l := range numeric {
		out = append(out, Column{Label: l, Numeric: true})
	}
	return out
}
