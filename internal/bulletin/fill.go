package bulletin

import (
	"archive/zip"
	"bytes"
	"fmt"
	"sort"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Fill is a unit's figures that go into somebody else's workbook: one report a
// unit. A workbook with the cells of an annex too is filled once more with its
// reports.
type Fill struct {
	Report  *disclosure.Report
	Aliases []string // other names of Report.Unit
}

// FillOptions say what people have settled.
type FillOptions struct {
	// Heads are the meanings of heads of wide sheets that the labels do not
	// tell: by FoldLabel of the head as FillResult.Unmatched gives it.
	Heads map[string]disclosure.Code
}

// FilledCell is a cell that was matched.
type FilledCell struct {
	Sheet, Cell string
	Unit        string
	Code        disclosure.Code
	Value       string
}

// UnmatchedLabel is a place in the workbook that nothing was found for.
type UnmatchedLabel struct {
	Sheet, Cell string
	Label       string
	Why         string
}

// Unplaced is a figure that the workbook has no place for.
type Unplaced struct {
	Unit  string
	Code  disclosure.Code
	Label string
}

// FillResult says what was filled in, and what people must look at.
type FillResult struct {
	Filled []FilledCell
	// Formulas are cells that hold a formula: they keep it, whatever the figure.
	Formulas  []FilledCell
	Unmatched []UnmatchedLabel
	Unplaced  []Unplaced // figures that are numbers or "/", in reading order
}

// FillByLabels fills a workbook that the city sends: one with a row a unit and
// heads that name figures, or one with the forms' tables, a sheet a unit. Cells
// are found by their labels; styles, formulas and all else stay as they are, and
// the results of formulas are computed anew. Nothing is guessed: what the labels
// do not tell is listed.
//
// It opens an untrusted file: call it where such are read. Errors: ErrInvalid
// for a file that is no workbook.
func FillByLabels(data []byte, fills []Fill, opts FillOptions) ([]byte, FillResult, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, FillResult{}, notAWorkbook(err)
	}
	book, err := openGrids(archive)
	if err != nil {
		return nil, FillResult{}, notAWorkbook(err)
	}
	f := &filler{fills: fills, opts: opts, placed: map[placedCode]bool{}}
	for _, g := range book.grids {
		f.sheet(g)
	}
	f.listUnplaced()
	sort.SliceStable(f.result.Unmatched, func(i, j int) bool { return f.result.Unmatched[i].Sheet < f.result.Unmatched[j].Sheet })
	if len(f.result.Filled) == 0 {
		return data, f.result, nil
	}
	out, err := book.written(archive)
	if err != nil {
		return nil, f.result, fmt.Errorf("fill: %w", err)
	}
	return out, f.result, nil
}

func notAWorkbook(err error) error {
	return disclosure.Errorf(disclosure.ErrInvalid, "这个文件不是有效的xlsx工作簿,请用WPS或Excel打开后另存为xlsx再交。").Because(err)
}

type placedCode struct {
	fill int
	code disclosure.Code
}

// filler fills the sheets of one workbook.
type filler struct {
	fills  []Fill
	opts   FillOptions
	placed map[placedCode]bool
	result FillResult
}

// sheet tries both layouts and takes the one in which more is found.
func (f *filler) sheet(g *sheetGrid) {
	wide := f.wide(g)
	printed := f.printed(g)
	if len(wide.cells) > 0 && len(wide.cells) >= len(printed.cells) {
		f.take(g, wide)
		return
	}
	f.take(g, printed)
}

// matching is what was found on a sheet in one layout.
type matching struct {
	cells     []matchedCell
	unmatched []UnmatchedLabel
}

type matchedCell struct {
	at   place
	fill int
	code disclosure.Code
}

func (f *filler) take(g *sheetGrid, m matching) {
	for _, c := range m.cells {
		r := f.fills[c.fill].Report
		cell := f.figure(r, c.code)
		value, _ := valueOf(cell)
		done := FilledCell{Sheet: g.name, Cell: c.at.name(), Unit: r.Unit, Code: c.code, Value: cell.Shown()}
		f.placed[placedCode{c.fill, c.code}] = true
		if old := g.parts.cell(c.at); old != nil && old.formula != nil {
			f.result.Formulas = append(f.result.Formulas, done)
			continue
		}
		g.values[c.at] = value
		f.result.Filled = append(f.result.Filled, done)
	}
	f.result.Unmatched = append(f.result.Unmatched, m.unmatched...)
}

// figure is a report's cell; a row that stands for several which the report
// fills one by one is their sum.
func (f *filler) figure(r *disclosure.Report, code disclosure.Code) disclosure.Cell {
	c, ok := r.Cells[code]
	def, _ := r.Form.Cell(code)
	if ok && c.Kind != disclosure.CellBlank || !def.Alternate {
		return c
	}
	sum, any := decimal.Zero, false
	for _, d := range replacedBy(def) {
		switch v := r.Cells[d]; v.Kind {
		case disclosure.CellNumber:
			sum, any = sum.Add(v.Value), true
		case disclosure.CellUnread:
			return c
		}
	}
	if !any {
		return c
	}
	return disclosure.Cell{Kind: disclosure.CellNumber, Value: sum}
}

// replacedBy are the cells that an alternate cell stands for.
func replacedBy(def disclosure.CellDef) []disclosure.Code {
	var out []disclosure.Code
	for _, alt := range def.Block.Alternates {
		if alt.Row.Key == def.Row.Key {
			for _, key := range alt.Replaces {
				out = append(out, def.Table.Code(key, def.Column.Key))
			}
		}
	}
	return out
}

func (f *filler) listUnplaced() {
	for i, fill := range f.fills {
		r := fill.Report
		covered := map[disclosure.Code]bool{}
		for _, def := range r.Form.AllCells() {
			if !f.placed[placedCode{i, def.Code}] {
				continue
			}
			covered[def.Code] = true
			if def.Alternate {
				for _, d := range replacedBy(def) {
					covered[d] = true
				}
			}
		}
		for _, code := range r.Codes() {
			if r.Prints(code) && !covered[code] {
				f.result.Unplaced = append(f.result.Unplaced, Unplaced{r.Unit, code, disclosure.LabelOf(code)})
			}
		}
	}
}

// unitAt is the fill of the longest name in a text; -1 without one. whole asks
// that the text be nothing but a name.
func (f *filler) unitAt(text string, whole bool) int {
	best, longest := -1, 0
	text = disclosure.NormalName(text)
	if text == "" {
		return -1
	}
	for i, fill := range f.fills {
		for _, name := range append([]string{fill.Report.Unit}, fill.Aliases...) {
			name = disclosure.NormalName(name)
			if name != "" && len(name) > longest && (text == name || !whole && strings.Contains(text, name)) {
				best, longest = i, len(name)
			}
		}
	}
	return best
}
