package bulletin

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Bounds on a workbook that is filled in: a city's has some hundred rows.
const (
	maxFillRows     = 20_000
	maxFillCols     = 1_000
	maxFillMerged   = 1_000_000 // positions under merged cells
	maxFillFormulas = 5_000
	maxFillGrid     = 2_000_000 // rows times columns, for computing formulas
	fillCompute     = 10 * time.Second
)

// sheetGrid is a sheet as labels are looked up in it.
type sheetGrid struct {
	name, part string
	parts      *sheetMap
	texts      map[place]string // of cells with something in them
	order      []place          // of texts, in reading order
	covered    map[place]place  // position under a merged cell -> its first
	ends       map[place]place  // first of a merged cell -> its last
	rows, cols int
	values     map[place]cellValue // to be written
}

type gridBook struct{ grids []*sheetGrid }

func openGrids(archive *zip.Reader) (*gridBook, error) {
	names, parts, err := sheetParts(archive)
	if err != nil {
		return nil, err
	}
	shared, err := sharedStrings(archive)
	if err != nil {
		return nil, err
	}
	book := &gridBook{}
	for _, name := range names {
		data, err := partBytes(archive, parts[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		m, err := mapSheet(data)
		if err == errNoSheetData {
			continue // a chart sheet
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		g := &sheetGrid{name: name, part: parts[name], parts: m, texts: map[place]string{}, covered: map[place]place{}, ends: map[place]place{}, values: map[place]cellValue{}}
		if err := g.read(shared); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		book.grids = append(book.grids, g)
	}
	return book, nil
}

func sharedStrings(archive *zip.Reader) ([]string, error) {
	var table struct {
		Items []struct {
			T string `xml:"t"`
			R []struct {
				T string `xml:"t"`
			} `xml:"r"`
		} `xml:"si"`
	}
	if _, err := archive.Open("xl/sharedStrings.xml"); err != nil {
		return nil, nil // a workbook without texts, or with texts in its cells
	}
	if err := readPart(archive, "xl/sharedStrings.xml", &table); err != nil {
		return nil, err
	}
	out := make([]string, len(table.Items))
	for i, item := range table.Items {
		out[i] = item.T
		for _, r := range item.R {
			out[i] += r.T
		}
	}
	return out, nil
}

func (g *sheetGrid) read(shared []string) error {
	var merges struct {
		Cells []struct {
			Ref string `xml:"ref,attr"`
		} `xml:"mergeCells>mergeCell"`
	}
	if err := xml.Unmarshal(g.parts.data, &merges); err != nil {
		return err
	}
	for _, row := range g.parts.rows {
		for _, c := range row.cells {
			if c.row >= maxFillRows || c.col >= maxFillCols {
				continue
			}
			text := strings.TrimSpace(c.text(shared))
			if text == "" {
				continue
			}
			g.texts[c.place] = text
			g.order = append(g.order, c.place)
			g.rows, g.cols = max(g.rows, c.row+1), max(g.cols, c.col+1)
		}
	}
	area := 0
	for _, m := range merges.Cells {
		from, to, err := rangeOf(m.Ref)
		if err != nil {
			return err
		}
		if to.row >= maxFillRows || to.col >= maxFillCols {
			continue
		}
		if area += (to.row - from.row + 1) * (to.col - from.col + 1); area > maxFillMerged {
			return fmt.Errorf("merged cells cover more than %d positions", maxFillMerged)
		}
		g.ends[from] = to
		g.rows, g.cols = max(g.rows, to.row+1), max(g.cols, to.col+1)
		for r := from.row; r <= to.row; r++ {
			for c := from.col; c <= to.col; c++ {
				if p := (place{r, c}); p != from {
					g.covered[p] = from
				}
			}
		}
	}
	return nil
}

func rangeOf(ref string) (from, to place, err error) {
	a, b, _ := strings.Cut(ref, ":")
	if b == "" {
		b = a
	}
	c1, r1, err := excelize.CellNameToCoordinates(a)
	if err != nil {
		return from, to, err
	}
	c2, r2, err := excelize.CellNameToCoordinates(b)
	if err != nil {
		return from, to, err
	}
	return place{min(r1, r2) - 1, min(c1, c2) - 1}, place{max(r1, r2) - 1, max(c1, c2) - 1}, nil
}

// text is what a cell shows.
func (c *sheetCell) text(shared []string) string {
	var value struct {
		V string `xml:"v"`
		T string `xml:"is>t"`
		R []struct {
			T string `xml:"t"`
		} `xml:"is>r"`
	}
	if len(c.value) == 0 || xml.Unmarshal([]byte("<c>"+string(c.value)+"</c>"), &value) != nil {
		return ""
	}
	if attrOf(c.attrs, "t") == "s" {
		if n, err := strconv.Atoi(strings.TrimSpace(value.V)); err == nil && n >= 0 && n < len(shared) {
			return shared[n]
		}
		return ""
	}
	text := value.V + value.T
	for _, r := range value.R {
		text += r.T
	}
	return text
}

// anchor is the first cell of the merged one that a position belongs to.
func (g *sheetGrid) anchor(p place) place {
	if a, ok := g.covered[p]; ok {
		return a
	}
	return p
}

// at is the text at a position, that of the merged cell over it.
func (g *sheetGrid) at(p place) string { return g.texts[g.anchor(p)] }

// right and bottom are the last column and row of the cell at a place.
func (g *sheetGrid) right(p place) int {
	if end, ok := g.ends[p]; ok {
		return end.col
	}
	return p.col
}

func (g *sheetGrid) bottom(p place) int {
	if end, ok := g.ends[p]; ok {
		return end.row
	}
	return p.row
}

// written is the workbook with the values in, and the results of formulas made
// anew.
func (b *gridBook) written(archive *zip.Reader) ([]byte, error) {
	changed := map[string][]byte{}
	for _, g := range b.grids {
		if len(g.values) > 0 {
			changed[g.part] = g.parts.with(g.values)
		}
	}
	if main, err := partBytes(archive, "xl/workbook.xml"); err == nil {
		changed["xl/workbook.xml"] = computeOnLoad(main)
	}
	filled, err := repack(archive, changed)
	if err != nil {
		return nil, err
	}
	results := b.compute(filled)
	for _, g := range b.grids {
		values := map[place]cellValue{}
		for _, p := range g.parts.formulas() {
			v, ok := results[g.name][p]
			if !ok {
				v = cellValue{unknown: true}
			}
			values[p] = v
		}
		for p, v := range g.values {
			values[p] = v
		}
		if len(values) > 0 {
			changed[g.part] = g.parts.with(values)
		}
	}
	return repack(archive, changed)
}

// compute evaluates the workbook's formulas; those that fail, or are too many,
// are left out, and Excel computes them when it opens the file.
func (b *gridBook) compute(data []byte) map[string]map[place]cellValue {
	out := map[string]map[place]cellValue{}
	n, area := 0, 0
	for _, g := range b.grids {
		n += len(g.parts.formulas())
		last := 0
		for _, row := range g.parts.rows {
			last = max(last, row.number+1)
			if k := len(row.cells); k > 0 {
				area += row.cells[k-1].col + 1
			}
		}
		area += last
	}
	if n == 0 || n > maxFillFormulas || area > maxFillGrid {
		return out
	}
	done := make(chan map[string]map[place]cellValue, 1)
	stop := make(chan struct{})
	go func() { done <- evaluate(data, b.grids, stop) }()
	select {
	case out = <-done:
	case <-time.After(fillCompute):
	}
	close(stop)
	return out
}

func evaluate(data []byte, grids []*sheetGrid, stop <-chan struct{}) (out map[string]map[place]cellValue) {
	out = map[string]map[place]cellValue{}
	// The engine panics on some malformed formulas; what was computed stands.
	defer func() { _ = recover() }()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: 4 * maxPart, UnzipXMLSizeLimit: maxPart})
	if err != nil {
		return out
	}
	defer f.Close() //nolint:errcheck // nothing is written to disk
	for _, g := range grids {
		out[g.name] = map[place]cellValue{}
		for _, p := range g.parts.formulas() {
			select {
			case <-stop:
				return out
			default:
			}
			text, err := f.CalcCellValue(g.name, p.name(), excelize.Options{RawCellValue: true, MaxCalcIterations: 10})
			if err != nil {
				continue
			}
			if _, err := strconv.ParseFloat(text, 64); err == nil {
				out[g.name][p] = cellValue{number: text}
			} else {
				out[g.name][p] = cellValue{text: text}
			}
		}
	}
	return out
}

// computeOnLoad asks Excel to compute all formulas when it opens the workbook.
func computeOnLoad(data []byte) []byte {
	const ask = ` fullCalcOnLoad="1"`
	text := string(data)
	if strings.Contains(text, "fullCalcOnLoad") {
		return data
	}
	if at := strings.Index(text, "<calcPr"); at >= 0 {
		at += len("<calcPr")
		return []byte(text[:at] + ask + text[at:])
	}
	for _, before := range []string{"</definedNames>", "</externalReferences>", "</functionGroups>", "</sheets>"} {
		if at := strings.Index(text, before); at >= 0 {
			at += len(before)
			return []byte(text[:at] + "<calcPr" + ask + "/>" + text[at:])
		}
	}
	return data
}
