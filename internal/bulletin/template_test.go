package bulletin

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/reader"

	"github.com/xuri/excelize/v2"
)

func templateOf(r *disclosure.Report) Template {
	return Template{Unit: r.Unit, Period: r.Period, Forms: []TemplateForm{{Form: r.Form, Known: r.Cells, Prose: r.Prose,
		Last: map[disclosure.Code]disclosure.Cell{"T3_CARRIED_IN_NP": disclosure.Number(7)}, Guide: map[disclosure.Code]string{"T2_LICENSE_DECISIONS": "统计全部决定。"}}}}
}

// summed is full with totals that are sums.
func summed(form *disclosure.Form, unit string) *disclosure.Report {
	r := full(form, unit)
	for range 3 { // totals of totals settle
		for _, rule := range form.Sums {
			for _, line := range form.SumLines(rule) {
				if len(line.Totals) != 1 {
					continue
				}
				if _, printed := r.Cells[line.Totals[0]]; !printed {
					continue
				}
				n := int64(0)
				for _, a := range line.Addends {
					n += r.Cells[a].Value.IntPart()
				}
				r.Cells[line.Totals[0]] = disclosure.Number(n)
			}
		}
	}
	return r
}

// prefilled has last year's carried figures only, their total left to the form.
func prefilled(form *disclosure.Form, unit string) *disclosure.Report {
	r := &disclosure.Report{Unit: unit, Form: form, Period: disclosure.Period{Year: yearOf(form)}, Cells: map[disclosure.Code]disclosure.Cell{}}
	for i, def := range form.Cells() {
		if i < 3 {
			r.Cells[def.Code] = disclosure.Number(int64(i))
		}
	}
	return r
}

// What is filled in is read back, from both files; totals that are left to the
// workbook come as their sums.
func TestTemplatesReadBack(t *testing.T) {
	for _, form := range disclosure.Forms() {
		for name, make := range map[string]func(*disclosure.Form, string) *disclosure.Report{
			"full": full, "mixed": mixed, "merged": merged, "summed": summed, "prefilled": prefilled} {
			for _, unit := range []string{shortName, longName} {
				r := make(form, unit)
				t.Run(form.ID+"/"+name+"/"+unit, func(t *testing.T) {
					book, err := TemplateXlsx(templateOf(r))
					if err != nil {
						t.Fatal(err)
					}
					paper, err := TemplateDocx(templateOf(r))
					if err != nil {
						t.Fatal(err)
					}
					same(t, "template.docx", readBack(t, "template.docx", paper, form), r)
					want := *r
					want.Cells = withSums(r)
					same(t, "template.xlsx", readBack(t, "template.xlsx", book, form), &want)
				})
			}
		}
	}
}

// withSums adds what the workbook's formulas compute.
func withSums(r *disclosure.Report) map[disclosure.Code]disclosure.Cell {
	out := map[disclosure.Code]disclosure.Cell{}
	for code, c := range r.Cells {
		out[code] = c
	}
	for code, t := range totals(r) {
		if t.valid {
			out[code] = disclosure.Cell{Kind: disclosure.CellNumber, Value: t.sum}
		}
	}
	return out
}

// Totals are formulas, and their stored results are what Excel computes.
func TestTemplateTotals(t *testing.T) {
	r := summed(disclosure.NationalForm("2021"), shortName)
	data, err := TemplateXlsx(templateOf(r))
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for y, row := range rows {
			for x := range row {
				at := place{y, x}.name()
				formula, err := f.GetCellFormula(sheet, at)
				if err != nil {
					t.Fatal(err)
				}
				if formula == "" {
					continue
				}
				n++
				stored, _ := f.GetCellValue(sheet, at)
				if computed, err := f.CalcCellValue(sheet, at); err != nil || computed != stored {
					t.Errorf("%s %s: stored is %q, computed %q (%v)", sheet, at, stored, computed, err)
				}
			}
		}
	}
	if want := 25 + 6 + 3; n != want {
		t.Errorf("%d totals are formulas, want %d", n, want)
	}
}

// markIn is the mark as the readers find it.
func markIn(t *testing.T, data []byte) (Mark, bool) {
	t.Helper()
	doc, err := reader.Read(t.Context(), "填报表", data)
	if err != nil {
		t.Fatal(err)
	}
	return ParseMark(doc.Mark)
}

func TestTemplateIsKnownAgain(t *testing.T) {
	form := disclosure.NationalForm("2021")
	tpl := Template{Unit: shortName, Period: disclosure.Period{Year: 2025}, Forms: []TemplateForm{{Form: form}, {Form: disclosure.FormByID("annex-example-2025")}}}
	book, err := TemplateXlsx(tpl)
	if err != nil {
		t.Fatal(err)
	}
	paper, err := TemplateDocx(tpl)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"xlsx": book, "docx": paper} {
		m, ok := markIn(t, data)
		if !ok || fmt.Sprint(m) != fmt.Sprint(Mark{shortName, disclosure.Period{Year: 2025}, []string{"national-2021", "annex-example-2025"}}) {
			t.Errorf("%s: mark is %v, %t", name, m, ok)
		}
	}
	// Saved anew by a program that keeps no identifier, the sheet tells.
	resaved, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	if err := resaved.SetDocProps(&excelize.DocProperties{Identifier: "xlsx"}); err != nil {
		t.Fatal(err)
	}
	var saved bytes.Buffer
	if err := resaved.Write(&saved); err != nil {
		t.Fatal(err)
	}
	if m, ok := markIn(t, saved.Bytes()); !ok || m.Unit != shortName {
		t.Errorf("saved anew, the mark is %v, %t", m, ok)
	}
	for _, text := range []string{"", "mingjing", "mingjing|2025|national-2021", "mingjing|soon|national-2021|甲局", "other|2025|national-2021|甲局"} {
		if m, ok := ParseMark(text); ok {
			t.Errorf("%q is the mark %v", text, m)
		}
	}
	again, err := TemplateXlsx(tpl)
	if err != nil || !bytes.Equal(book, again) {
		t.Errorf("the same template gives other bytes (%v)", err)
	}
	// The cells of figures are open, those of labels are not.
	f, err := excelize.OpenReader(bytes.NewReader(book))
	if err != nil {
		t.Fatal(err)
	}
	sheet := f.GetSheetList()[1]
	for at, locked := range map[string]bool{"A3": true, "D6": false} {
		id, err := f.GetCellStyle(sheet, at)
		if err != nil {
			t.Fatal(err)
		}
		style, err := f.GetStyle(id)
		if err != nil {
			t.Fatal(err)
		}
		if open := style.Protection != nil && !style.Protection.Locked; open == locked {
			t.Errorf("%s locked is %t", at, !open)
		}
	}
}

// A blank Word template with an annex behind it reads back without any text:
// the annex's title belongs to no part of the report.
func TestBlankTemplateHasNoText(t *testing.T) {
	form := disclosure.NationalForm("2021")
	for _, unit := range []string{shortName, longName} {
		paper, err := TemplateDocx(Template{Unit: unit, Period: disclosure.Period{Year: 2025}, Forms: []TemplateForm{{Form: form}, {Form: disclosure.FormByID("annex-example-2025")}}})
		if err != nil {
			t.Fatal(err)
		}
		got := readBack(t, "template.docx", paper, form)
		for _, p := range form.Parts {
			if text := strings.TrimSpace(partText(got.Report, p.Number)); text != "" {
				t.Errorf("%s: part %d reads %q", unit, p.Number, text)
			}
		}
	}
}
