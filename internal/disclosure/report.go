package disclosure

import (
	"slices"

	"github.com/shopspring/decimal"
)

// CellKind keeps apart what a printed cell can hold. Blank is not zero.
type CellKind string

// The kinds of cell.
const (
	CellNumber CellKind = "number"
	CellBlank  CellKind = "blank"
	CellSlash  CellKind = "slash"  // "/", "—", "无": printed as not applicable
	CellUnread CellKind = "unread" // holds text that is no number; never guessed
)

// Cell is one figure as filed: its value, and the text it was read from.
type Cell struct {
	Kind  CellKind        `json:"kind"`
	Value decimal.Decimal `json:"value"` // meaningful for CellNumber only
	// Raw is the text as printed, Remark what stood beside the number in it:
	// "22(其中修订16件)" is 22 with the remark "其中修订16件".
	Raw    string `json:"raw,omitempty"`
	Remark string `json:"remark,omitempty"`
	// Source is where the cell stood in its file, for people: "第3页 第7行".
	Source string `json:"source,omitempty"`
	// File is the sha256 of the file that Source is a place in; "" when the
	// figure did not come from a file that is kept.
	File string `json:"file,omitempty"`
	// Problem says, for CellUnread, why the text was not taken for a number.
	Problem string `json:"problem,omitempty"`
}

// Number makes a cell that holds n.
func Number(n int64) Cell { return Cell{Kind: CellNumber, Value: decimal.NewFromInt(n)} }

// IsNumber says whether the cell has a value.
func (c Cell) IsNumber() bool { return c.Kind == CellNumber }

// ProsePart is the text of one of the report's parts as filed.
type ProsePart struct {
	Number int    `json:"number"` // 1 to 6; 0 for text before the first part
	Title  string `json:"title"`  // as printed
	Text   string `json:"text"`   // paragraphs separated by "\n"
}

// Report is one unit's filed form for one period: figures by code, and prose.
// A code that the source does not mention has no entry in Cells.
type Report struct {
	Unit   string        `json:"unit"` // as printed or as resolved
	Period Period        `json:"period"`
	Scope  Scope         `json:"scope"`
	Form   *Form         `json:"-"`
	Title  string        `json:"title,omitempty"`
	Cells  map[Code]Cell `json:"cells"`
	Prose  []ProsePart   `json:"prose,omitempty"` // in printed order
	// HasProse is false for sources that hold figures only (CSV, wide sheets):
	// FMT-R2 asks nothing of them.
	HasProse bool `json:"has_prose"`
}

// Year is the period's year.
func (r *Report) Year() Year { return r.Period.Year }

// Value returns the number in a cell; ok is false when there is none.
func (r *Report) Value(code Code) (v decimal.Decimal, ok bool) {
	c, found := r.Cells[code]
	if !found || c.Kind != CellNumber {
		return decimal.Decimal{}, false
	}
	return c.Value, true
}

// Codes returns the codes present, in the form's reading order.
func (r *Report) Codes() []Code {
	out := make([]Code, 0, len(r.Cells))
	for c := range r.Cells {
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Code) int { return r.Form.Order(a) - r.Form.Order(b) })
	return out
}

// SameFigures says whether two reports of one form family hold the same
// values: kinds and numbers, not raw text, remarks or sources. A code that one
// of them lacks counts as blank.
func SameFigures(a, b *Report) bool {
	return len(DifferingCodes(a, b)) == 0
}

// DifferingCodes lists the codes in which two reports differ, see SameFigures.
func DifferingCodes(a, b *Report) []Code {
	seen := map[Code]bool{}
	var out []Code
	for _, cells := range []map[Code]Cell{a.Cells, b.Cells} {
		for code := range cells {
			if seen[code] {
				continue
			}
			seen[code] = true
			x, y := orBlank(a.Cells, code), orBlank(b.Cells, code)
			if x.Kind != y.Kind || x.Kind == CellNumber && !x.Value.Equal(y.Value) ||
				x.Kind == CellUnread && x.Raw != y.Raw {
				out = append(out, code)
			}
		}
	}
	slices.SortFunc(out, func(x, y Code) int { return a.Form.Order(x) - a.Form.Order(y) })
	return out
}

func orBlank(cells map[Code]Cell, code Code) Cell {
	if c, ok := cells[code]; ok {
		return c
	}
	return Cell{Kind: CellBlank}
}
