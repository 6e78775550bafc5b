package bulletin

import (
	"archive/zip"
	"bytes"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/xuri/excelize/v2"
)

// MarkSheet is the hidden sheet by which a template is known again.
const MarkSheet = "mingjing"

// Mark says for whom and for what a template was made.
type Mark struct {
	Unit   string
	Period disclosure.Period
	Forms  []string // ids
}

func markOf(t Template) string {
	fields := []string{MarkSheet, t.Period.String()}
	for _, f := range t.Forms {
		fields = append(fields, f.Form.ID)
	}
	return strings.Join(append(fields, t.Unit), "|")
}

func parseMark(s string) (Mark, bool) {
	fields := strings.Split(s, "|")
	if len(fields) < 4 || fields[0] != MarkSheet {
		return Mark{}, false
	}
	n := len(fields)
	period, ok := parsePeriod(fields[1])
	return Mark{Unit: fields[n-1], Period: period, Forms: fields[2 : n-1]}, ok
}

func parsePeriod(s string) (disclosure.Period, bool) {
	year, quarter, quarterly := strings.Cut(s, "Q")
	y, err := strconv.Atoi(year)
	p := disclosure.Period{Year: disclosure.Year(y)}
	if quarterly && err == nil {
		p.Quarter, err = strconv.Atoi(quarter)
	}
	return p, err == nil && p.Year.Valid()
}

// ReadMark finds a template's mark in a Word or Excel file; ok is false when it
// has none. It opens an untrusted file: call it where such are read.
func ReadMark(data []byte) (m Mark, ok bool) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Mark{}, false
	}
	var core struct {
		Identifier string `xml:"identifier"`
	}
	if readPart(archive, "docProps/core.xml", &core) == nil {
		if m, ok = parseMark(core.Identifier); ok {
			return m, true
		}
	}
	return markOnSheet(archive)
}

// markOnSheet finds the mark on the hidden sheet: programs that save a workbook
// anew drop its identifier.
func markOnSheet(archive *zip.Reader) (m Mark, ok bool) {
	_, parts, err := sheetParts(archive)
	if err != nil || parts[MarkSheet] == "" {
		return Mark{}, false
	}
	data, err := partBytes(archive, parts[MarkSheet])
	if err != nil {
		return Mark{}, false
	}
	sheet, err := mapSheet(data)
	if err != nil {
		return Mark{}, false
	}
	shared, err := sharedStrings(archive)
	if err != nil {
		return Mark{}, false
	}
	for i := range sheet.rows {
		for k := range sheet.rows[i].cells {
			if m, ok = parseMark(sheet.rows[i].cells[k].text(shared)); ok {
				return m, true
			}
		}
	}
	return Mark{}, false
}

// writeMark adds the hidden sheet, and the same mark as the workbook's
// identifier.
func writeMark(f *excelize.File, t Template) error {
	if _, err := f.NewSheet(MarkSheet); err != nil {
		return err
	}
	rows := [][2]string{{"mark", markOf(t)}, {"unit", t.Unit}, {"period", t.Period.String()}}
	for _, form := range t.Forms {
		rows = append(rows, [2]string{"form", form.Form.ID})
	}
	for i, row := range rows {
		for c, text := range row {
			if err := f.SetCellStr(MarkSheet, place{i, c}.name(), text); err != nil {
				return err
			}
		}
	}
	return f.SetSheetVisible(MarkSheet, false, true)
}
