package ledger

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/reader"
)

// workbook lets fill write a workbook and reads it as an upload is read.
func workbook(t testing.TB, fill func(f *excelize.File)) *document.Document {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := reader.Read(context.Background(), "台账.xlsx", out.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// write puts rows into a sheet from a row on; nil cells stay empty.
func write(t testing.TB, f *excelize.File, sheet string, from int, rows ...[]any) {
	t.Helper()
	for i, row := range rows {
		for c, v := range row {
			if v == nil {
				continue
			}
			name, err := excelize.CoordinatesToCellName(c+1, from+i)
			if err == nil {
				err = f.SetCellValue(sheet, name, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func merge(t testing.TB, f *excelize.File, sheet string, ranges ...string) {
	t.Helper()
	for i := 0; i < len(ranges); i += 2 {
		if err := f.MergeCell(sheet, ranges[i], ranges[i+1]); err != nil {
			t.Fatal(err)
		}
	}
}

func sheetDay(y int, m time.Month, d int) time.Time {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func mustRead(t testing.TB, doc *document.Document, opts Options) *Ledger {
	t.Helper()
	if opts.Year == 0 {
		opts.Year = 2025
	}
	l, err := Read(doc, opts)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return l
}

// gridOf makes a document of plain rows, as a CSV reader does.
func gridOf(rows ...[]string) *document.Document {
	g := &document.Grid{Rows: len(rows)}
	for r, row := range rows {
		g.Cols = max(g.Cols, len(row))
		for c, text := range row {
			if text != "" {
				g.Cells = append(g.Cells, document.Cell{Row: r, Col: c, RowSpan: 1, ColSpan: 1, Text: text, Address: fmt.Sprintf("%c%d", 'A'+c, r+1)})
			}
		}
	}
	return &document.Document{Format: "csv", Blocks: []document.Block{{Grid: g}}}
}

// cells compares the cells that are not 0.
func cells(t *testing.T, what string, c *Count, want map[string]int64) {
	t.Helper()
	for code, cell := range c.Cells {
		if !cell.IsNumber() || cell.Value.IntPart() != want[string(code)] {
			t.Errorf("%s: %s = %s, want %d", what, code, cell.Value, want[string(code)])
		}
	}
	for code := range want {
		if _, ok := c.Cells[disclosure.Code(code)]; !ok {
			t.Errorf("%s: %s is no cell", what, code)
		}
	}
}

// table spells out the cells of rows given as "ROW_COLUMN".
func table(rows ...string) map[string]int64 {
	out := map[string]int64{}
	for _, r := range rows {
		out["T3_"+r]++
		cut := len(r) - 1
		for r[cut] != '_' {
			cut--
		}
		out["T3_"+r[:cut]+"_TOT"]++
		switch r[:cut] {
		case rowNew, rowCarriedIn, rowCarriedOut:
		default:
			out["T3_RESULT_TOTAL"+r[cut:]]++
			out["T3_RESULT_TOTAL_TOT"]++
		}
	}
	return out
}

func on(y int, m time.Month, d int) calendar.Date { return calendar.Day(y, m, d) }
