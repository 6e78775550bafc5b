package bulletin

import (
	"bytes"
	"fmt"

	"mingjing/internal/bulletin/word"

	"github.com/xuri/excelize/v2"
)

// Book is a workbook that goes out to be written in and comes back: texts under
// heads, the columns from Editable to Hidden to be filled in, those from Hidden
// on out of sight.
type Book struct {
	Title            string
	Notes            []string
	Columns          []string
	Widths           []float64 // of the columns in sight, in half-width characters
	Rows             [][]string
	Editable, Hidden int
}

// BookXlsx writes the workbook: head frozen, what is to be filled in shaded.
// The same book is the same bytes.
func BookXlsx(b Book) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // nothing is written to disk
	data, err := b.write(f)
	if err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	return data, nil
}

func (b Book) write(f *excelize.File) ([]byte, error) {
	const sheet = "测评"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	styles := map[string]int{}
	for _, look := range [][2]string{{"head", labelShade}, {"plain", ""}, {"open", "FFF8DC"}} { // in one order: the same bytes
		name, fill := look[0], look[1]
		s := excelize.Style{Font: &excelize.Font{Family: word.FontSong, Size: 10, Bold: name == "head"}, Alignment: &excelize.Alignment{Vertical: "center", WrapText: true},
			Border: []excelize.Border{{Type: "left", Color: "808080", Style: 1}, {Type: "right", Color: "808080", Style: 1}, {Type: "top", Color: "808080", Style: 1}, {Type: "bottom", Color: "808080", Style: 1}}}
		if fill != "" {
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{fill}}
		}
		id, err := f.NewStyle(&s)
		if err != nil {
			return nil, err
		}
		styles[name] = id
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	for k, width := range b.Widths {
		if err := w.SetColWidth(k+1, k+1, width); err != nil {
			return nil, err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	for r, row := range append([][]string{b.Columns}, b.Rows...) {
		cells := make([]any, len(row))
		for k, text := range row {
			style := styles["plain"]
			switch {
			case r == 0:
				style = styles["head"]
			case k >= b.Editable && k < b.Hidden:
				style = styles["open"]
			}
			cells[k] = excelize.Cell{StyleID: style, Value: legalText(Harmless(text))}
		}
		if err := w.SetRow(place{r, 0}.name(), cells); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return b.finish(f, sheet)
}

// finish hides what is not to be seen and writes the notes on a sheet of their own.
func (b Book) finish(f *excelize.File, sheet string) ([]byte, error) {
	for k := b.Hidden; k < len(b.Columns); k++ {
		name, err := excelize.ColumnNumberToName(k + 1)
		if err != nil {
			return nil, err
		}
		if err := f.SetColVisible(sheet, name, false); err != nil {
			return nil, err
		}
	}
	const about = "填写说明"
	if _, err := f.NewSheet(about); err != nil {
		return nil, err
	}
	for i, line := range append([]string{b.Title}, b.Notes...) {
		if err := f.SetCellStr(about, place{i, 0}.name(), legalText(Harmless(line))); err != nil {
			return nil, err
		}
	}
	if err := f.SetColWidth(about, "A", "A", 90); err != nil {
		return nil, err
	}
	const never = "2000-01-01T00:00:00Z" // the same book is the same bytes
	if err := f.SetDocProps(&excelize.DocProperties{Title: b.Title, Created: never, Modified: never}); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err := f.Write(&out)
	return out.Bytes(), err
}
