package bulletin

import (
	"bytes"
	"fmt"

	"mingjing/internal/bulletin/word"
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// Compiled is a district's report summed out of its units' (区政府年报), with
// the units that it rests on.
type Compiled struct {
	Report  *disclosure.Report
	Annexes []*disclosure.Report
	Units   []CompiledUnit
	Notes   []string // what a reader must know; lines
	Draft   string   // marks a provisional one at the head of each page
}

// CompiledUnit is a unit in the sum with its own figures.
type CompiledUnit struct {
	Name        string
	Cells       map[disclosure.Code]disclosure.Cell
	Provisional bool
}

// chief are the figures that the Word attachment shows a unit by; the workbook
// holds all of them.
var chief = []struct {
	code  disclosure.Code
	label string
}{{"T3_NEW_RECEIVED_TOT", "本年新收"}, {"T3_CARRIED_IN_TOT", "上年结转"}, {"T3_RESULT_TOTAL_TOT", "办理结果总计"}, {"T3_CARRIED_OUT_TOT", "结转下年"},
	{"T4_REV_TOTAL", "行政复议"}, {"T4_LITD_TOTAL", "直接起诉"}, {"T4_LITR_TOTAL", "复议后起诉"}}

// CompiledDocx is the report in the national layout, with what was summed as an
// attachment.
func CompiledDocx(c Compiled) ([]byte, error) {
	page := word.Official()
	if c.Draft != "" {
		page.Header = []word.Paragraph{{Style: word.StyleFooter, Align: word.Right, Runs: []word.Run{{Text: c.Draft, Size: word.SizeSmall4, Font: word.FontHei}}}}
	}
	d := word.New(page)
	d.Subject = title(c.Report)
	d.Title(titleLines(c.Report))
	writeReport(d, c.Report)
	for _, annex := range c.Annexes {
		d.PageBreak()
		d.Title(titleLines(annex))
		writeReport(d, annex)
	}
	d.PageBreak()
	d.Title("汇总说明和单位数据")
	for _, line := range c.Notes {
		d.Body(Official(line))
	}
	d.Table(c.units(d.Page().Width()))
	return d.Bytes()
}

func (c Compiled) units(width float64) word.Table {
	t := word.Table{Size: word.Size5, Header: 1, Font: word.FontBody, Widths: []float64{width * .07, width * .3}}
	head := word.Row{Cells: []word.Cell{{Text: "序号", Font: word.FontHei}, {Text: "单位", Font: word.FontHei}}}
	for _, col := range chief {
		t.Widths = append(t.Widths, width*.63/float64(len(chief)))
		head.Cells = append(head.Cells, word.Cell{Text: col.label, Font: word.FontHei})
	}
	t.Rows = append(t.Rows, head)
	for i, u := range append(append([]CompiledUnit{}, c.Units...), CompiledUnit{Name: "合计", Cells: c.Report.Cells}) {
		number, name := fmt.Sprint(i+1), u.Name
		if i == len(c.Units) {
			number = ""
		}
		if u.Provisional {
			name += "（暂定）"
		}
		row := word.Row{Cells: []word.Cell{{Text: number}, {Text: name, Align: word.Left}}}
		for _, col := range chief {
			cell := u.Cells[col.code]
			row.Cells = append(row.Cells, word.Cell{Text: cell.Shown()})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// CompiledXlsx is the report in the national layout, a sheet a table, and a sheet
// with every figure of every unit: the totals are the sums of its columns.
func CompiledXlsx(c Compiled) ([]byte, error) {
	t := Template{Unit: c.Report.Unit, Period: c.Report.Period, Forms: []TemplateForm{{Form: c.Report.Form, Known: c.Report.Cells}}}
	for _, a := range c.Annexes {
		t.Forms = append(t.Forms, TemplateForm{Form: a.Form, Known: a.Cells})
	}
	data, err := TemplateXlsx(t)
	if err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("compiled: %w", err)
	}
	defer f.Close() //nolint:errcheck // nothing is written to disk
	if err := c.unitSheet(f); err != nil {
		return nil, fmt.Errorf("compiled: %w", err)
	}
	var out bytes.Buffer
	err = f.Write(&out)
	return out.Bytes(), err
}

// The sheets beside the tables.
const (
	compiledUnits = "汇总单位"
	compiledNotes = "汇总说明"
)

func (c Compiled) unitSheet(f *excelize.File) error {
	for _, sheet := range []string{compiledUnits, compiledNotes} {
		if _, err := f.NewSheet(sheet); err != nil {
			return err
		}
	}
	for i, line := range append([]string{title(c.Report), c.Draft}, c.Notes...) {
		if err := f.SetCellStr(compiledNotes, place{i, 0}.name(), legalText(Harmless(line))); err != nil {
			return err
		}
	}
	if err := f.SetColWidth(compiledNotes, "A", "A", 100); err != nil {
		return err
	}
	w, err := f.NewStreamWriter(compiledUnits)
	if err != nil {
		return err
	}
	if err := w.SetColWidth(1, 1, 32); err != nil {
		return err
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"}); err != nil {
		return err
	}
	var codes []disclosure.Code
	head := []any{"单位"}
	for _, def := range c.Report.Form.AllCells() {
		if def.Alternate && c.Report.Cells[def.Code].Kind == "" {
			continue
		}
		codes = append(codes, def.Code)
		head = append(head, def.Label())
	}
	if err := w.SetRow("A1", head); err != nil {
		return err
	}
	for i, u := range append(append([]CompiledUnit{}, c.Units...), CompiledUnit{Name: "合计", Cells: c.Report.Cells}) {
		name := u.Name
		if u.Provisional {
			name += "(暂定)"
		}
		row := []any{legalText(Harmless(name))}
		for _, code := range codes {
			row = append(row, shownInSheet(u.Cells[code]))
		}
		if err := w.SetRow(place{i + 1, 0}.name(), row); err != nil {
			return err
		}
	}
	return w.Flush()
}

// shownInSheet is a figure as a number, else as its text.
func shownInSheet(c disclosure.Cell) any {
	if c.Kind == disclosure.CellNumber {
		n, _ := decimal.Decimal(c.Value).Float64()
		return n
	}
	return legalText(Harmless(c.Shown()))
}
