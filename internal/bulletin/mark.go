package bulletin

import (
	"strconv"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/xuri/excelize/v2"
)

// markSheet is the hidden sheet by which a template is known again; the readers
// know it as document.MarkSheet.
const markSheet = "mingjing"

// Mark says for whom and for what a template was made.
type Mark struct {
	Unit   string
	Period disclosure.Period
	Forms  []string // ids
}

func markOf(t Template) string {
	fields := []string{markSheet, t.Period.String()}
	for _, f := range t.Forms {
		fields = append(fields, f.Form.ID)
	}
	return strings.Join(append(fields, t.Unit), "|")
}

// ParseMark reads a mark that a reader found in a file; ok is false when it is
// none.
func ParseMark(s string) (Mark, bool) {
	fields := strings.Split(s, "|")
	if len(fields) < 4 || fields[0] != markSheet {
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

// writeMark adds the hidden sheet, and the same mark as the workbook's
// identifier.
func writeMark(f *excelize.File, t Template) error {
	if _, err := f.NewSheet(markSheet); err != nil {
		return err
	}
	rows := [][2]string{{"mark", markOf(t)}, {"unit", t.Unit}, {"period", t.Period.String()}}
	for _, form := range t.Forms {
		rows = append(rows, [2]string{"form", form.Form.ID})
	}
	for i, row := range rows {
		for c, text := range row {
			if err := f.SetCellStr(markSheet, place{i, c}.name(), text); err != nil {
				return err
			}
		}
	}
	return f.SetSheetVisible(markSheet, false, true)
}
