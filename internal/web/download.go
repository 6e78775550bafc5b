package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"

	"github.com/labstack/echo/v4"
	"github.com/xuri/excelize/v2"
)

// download answers ?download=NAME.csv or NAME.xlsx on any page with tables: the
// same address and filters give the same rows. done is false when the address
// asks for the page itself.
func (s *Server) download(c echo.Context, title string, tables ...dashboards.Table) (done bool, err error) {
	asked := c.QueryParam("download")
	if asked == "" {
		return false, nil
	}
	name, format, _ := strings.Cut(asked, ".")
	for _, t := range tables {
		if t.Name != name {
			continue
		}
		var body []byte
		kind := "text/csv; charset=utf-8"
		switch format {
		case "csv":
			body, err = asCSV(t)
		case "xlsx":
			kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
			body, err = s.asXLSX(t, title)
		default:
			return true, disclosure.Errorf(disclosure.ErrInvalid, "只能下载 xlsx 或 csv 格式。")
		}
		if err != nil {
			return true, err
		}
		file := fileName(title + "-" + t.Caption + "." + format)
		c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": file}))
		return true, c.Blob(http.StatusOK, kind, body)
	}
	return true, disclosure.Errorf(disclosure.ErrNotFound, "这个页面没有名为“%s”的表格。", name)
}

var unfitForNames = strings.NewReplacer("/", "-", "\\", "-", ":", "-", "*", "-", "?", "-", "\"", "-", "<", "-", ">", "-", "|", "-", "\n", " ")

func fileName(s string) string { return unfitForNames.Replace(s) }

// asCSV writes UTF-8 with a byte order mark, which Excel and WPS need to show
// Chinese.
func asCSV(t dashboards.Table) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	line := []string{}
	for _, col := range t.Columns {
		line = append(line, harmless(col.Label))
	}
	if err := w.Write(line); err != nil {
		return nil, fmt.Errorf("csv: %w", err)
	}
	for _, row := range t.Rows {
		line = line[:0]
		for _, cell := range row.Cells {
			line = append(line, plainText(cell))
		}
		if err := w.Write(line); err != nil {
			return nil, fmt.Errorf("csv: %w", err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func plainText(cell dashboards.Cell) string {
	if cell.Number.Valid {
		return cell.Number.Decimal.String()
	}
	return harmless(cell.Text)
}

// harmless keeps a spreadsheet from taking text for a formula (CWE-1236): a
// leading apostrophe makes it text.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}

// asXLSX writes the rows on one sheet, and what a reader must know on another.
func (s *Server) asXLSX(t dashboards.Table, title string) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // nothing is written to disk
	sheet, about := s.text.say("download.sheet"), s.text.say("download.about")
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "center"}})
	if err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	header := []any{}
	for _, col := range t.Columns {
		header = append(header, excelize.Cell{StyleID: bold, Value: harmless(col.Label)})
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	_ = w.SetColWidth(1, 1, 28)
	if len(t.Columns) > 1 {
		_ = w.SetColWidth(2, len(t.Columns), 14)
	}
	_ = w.SetPanes(&excelize.Panes{Freeze: true, XSplit: 1, YSplit: 1, TopLeftCell: "B2", ActivePane: "bottomRight"})
	if err := w.SetRow("A1", header); err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	for i, row := range t.Rows {
		line := []any{}
		for _, cell := range row.Cells {
			if cell.Number.Valid {
				n, _ := cell.Number.Decimal.Float64()
				line = append(line, n)
				continue
			}
			line = append(line, harmless(cell.Text))
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+2), line); err != nil {
			return nil, fmt.Errorf("xlsx: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	if _, err := f.NewSheet(about); err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	for i, line := range append([]string{title, t.Caption, s.text.say("download.made", beijingTime(s.clock()))}, t.Notes...) {
		if err := f.SetCellStr(about, fmt.Sprintf("A%d", i+1), harmless(line)); err != nil {
			return nil, fmt.Errorf("xlsx: %w", err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	return b.Bytes(), nil
}
