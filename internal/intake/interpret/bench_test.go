package interpret_test

import (
	"fmt"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
)

func BenchmarkRead(b *testing.B) {
	f := disclosure.NationalForm("2021")
	d := report("青山区司法局", 2023, grids(tableTwo(f)), grids(tableThree(f, false)), grids(tableFour(f)))
	for b.Loop() {
		if _, err := interpret.Read(d, "报告.docx", interpret.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLong reads a long table of 500 reports; reports/s is what the import
// of national data rests on.
func BenchmarkLong(b *testing.B) {
	d := longTable(500)
	for b.Loop() {
		if _, err := interpret.Read(d, "全国.csv", interpret.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(500*float64(b.N)/b.Elapsed().Seconds(), "reports/s")
}

// longTable is a table of unit, year, code and value with every figure of n
// reports.
func longTable(n int) *document.Document {
	f := disclosure.NationalForm("2021")
	g := &document.Grid{Cols: 4}
	row := func(cells ...string) {
		for c, s := range cells {
			g.Cells = append(g.Cells, document.Cell{Row: g.Rows, Col: c, RowSpan: 1, ColSpan: 1, Text: s, Address: fmt.Sprintf("%c%d", 'A'+c, g.Rows+1)})
		}
		g.Rows++
	}
	row("unit", "year", "code", "value")
	for u := range n {
		for _, c := range f.Cells() {
			row(fmt.Sprintf("第%d局", u), "2023", string(c.Code), printed(f, c.Code))
		}
	}
	return &document.Document{Format: "csv", Blocks: []document.Block{{Grid: g}}}
}
