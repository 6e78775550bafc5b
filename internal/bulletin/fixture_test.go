package bulletin

import (
	"context"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/interpret"
)

const (
	shortName = "清源区财政局"
	longName  = "清源区南部新城高新技术产业开发及现代服务业综合配套改革试验示范区管理委员会办公室" // 40 characters
)

// full is a report with another number in every printed cell: those of sums are
// no sums, which is nothing to a document.
func full(form *disclosure.Form, unit string) *disclosure.Report {
	r := &disclosure.Report{Unit: unit, Form: form, Period: disclosure.Period{Year: yearOf(form)}, Cells: map[disclosure.Code]disclosure.Cell{}}
	for i, def := range form.Cells() {
		r.Cells[def.Code] = disclosure.Number(int64(101 + i))
	}
	for _, p := range form.Parts {
		if p.Prose {
			r.Prose = append(r.Prose, disclosure.ProsePart{Number: p.Number, Title: p.Title, Text: "第" + p.Title + "的第一段文字,说明全年工作情况。\n(一)小标题\n第二段文字里有<尖括号>与&符号。"})
			r.HasProse = true
		}
	}
	return r
}

func yearOf(form *disclosure.Form) disclosure.Year {
	if form.LastYear != 0 {
		return form.LastYear
	}
	return 2025
}

// mixed has numbers, blanks and "/" in turn.
func mixed(form *disclosure.Form, unit string) *disclosure.Report {
	r := full(form, unit)
	for i, def := range form.Cells() {
		switch i % 4 {
		case 1:
			r.Cells[def.Code] = disclosure.Cell{Kind: disclosure.CellBlank}
		case 2:
			r.Cells[def.Code] = disclosure.Cell{Kind: disclosure.CellSlash, Raw: "/"}
		case 3:
			r.Cells[def.Code] = disclosure.Number(0)
		}
	}
	return r
}

// merged prints (六)其他处理 as one row.
func merged(form *disclosure.Form, unit string) *disclosure.Report {
	r := full(form, unit)
	for _, t := range form.Tables {
		for _, b := range t.Blocks {
			for _, alt := range b.Alternates {
				for i, col := range b.Columns {
					for _, key := range alt.Replaces {
						r.Cells[t.Code(key, col.Key)] = disclosure.Cell{Kind: disclosure.CellBlank}
					}
					r.Cells[t.Code(alt.Row.Key, col.Key)] = disclosure.Number(int64(900 + i))
				}
			}
		}
	}
	return r
}

// readBack is what the intake makes of a document: the report on the form.
func readBack(t *testing.T, name string, data []byte, form *disclosure.Form) *intake.Reading {
	t.Helper()
	result, err := intake.Read(context.Background(), name, data, intake.Options{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(result.Warnings) > 0 {
		t.Errorf("%s: warnings %q", name, result.Warnings)
	}
	for _, r := range result.Readings {
		if r.Report.Form.ID == form.ID {
			return r
		}
	}
	t.Fatalf("%s: no report on %s in it", name, form.ID)
	return nil
}

// same compares a report that was read back with the one printed.
func same(t *testing.T, name string, got *intake.Reading, want *disclosure.Report) {
	t.Helper()
	for _, code := range disclosure.DifferingCodes(want, got.Report) {
		t.Errorf("%s: %s is %q, printed was %q", name, code, got.Report.Cells[code].Shown(), want.Cells[code].Shown())
	}
	if disclosure.NormalName(got.Report.Unit) != disclosure.NormalName(want.Unit) || got.Report.Period != want.Period {
		t.Errorf("%s: read %s %s, printed was %s %s", name, got.Report.Unit, got.Report.Period, want.Unit, want.Period)
	}
	for _, d := range got.Doubts {
		if d.Kind != interpret.DoubtMissing {
			t.Errorf("%s: doubt %s %s", name, d.Kind, d.Message)
		}
	}
}

func sameProse(t *testing.T, name string, got *intake.Reading, want *disclosure.Report) {
	t.Helper()
	for _, p := range want.Form.Parts {
		if a, b := strings.TrimSpace(partText(got.Report, p.Number)), partText(want, p.Number); a != b {
			t.Errorf("%s: part %d reads\n%s\nprinted was\n%s", name, p.Number, a, b)
		}
	}
}
