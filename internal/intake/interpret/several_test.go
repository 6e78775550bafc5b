package interpret_test

import (
	"slices"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
)

func TestSeveralReportsInOneFile(t *testing.T) {
	a, b, c := national("青山区司法局", 2023), national("青山区民政局", 2023), national("青山区司法局", 2022)
	got, err := interpret.Read(join(a, b, c), "汇编.docx", interpret.Options{})
	if err != nil || len(got) != 3 {
		t.Fatal(err, describe(got))
	}
	for i, want := range []string{"青山区司法局", "青山区民政局", "青山区司法局"} {
		if got[i].Report.Unit != want || len(got[i].Report.Cells) != 200 {
			t.Errorf("report %d is %q with %d cells, want %q", i, got[i].Report.Unit, len(got[i].Report.Cells), want)
		}
	}
	if got[2].Report.Year() != 2022 {
		t.Errorf("third report is for %v", got[2].Report.Year())
	}
}

func TestWorkbookWithASheetAUnit(t *testing.T) {
	f := disclosure.NationalForm("2021")
	d := &document.Document{Format: "xlsx"}
	for _, unit := range []string{"青山区司法局", "青山区民政局", "洪山路街道"} {
		b := grids(slices.Concat(plainRows(tableTwo(f)), plainRows(tableThree(f, false)), plainRows(tableFour(f))))
		b[0].Grid.Name, b[0].Place = unit, "工作表“"+unit+"”"
		d.Blocks = append(d.Blocks, b...)
	}
	setCell(&document.Document{Blocks: d.Blocks[1:2]}, printed(f, "T3_GRANTED_NP"), "7")
	setCell(&document.Document{Blocks: d.Blocks[2:3]}, printed(f, "T3_GRANTED_NP"), "8")
	got, err := interpret.Read(d, "2023年汇总.xlsx", interpret.Options{})
	if err != nil || len(got) != 3 {
		t.Fatal(err, describe(got))
	}
	for i, want := range []string{"青山区司法局", "青山区民政局", "洪山路街道"} {
		if r := got[i].Report; r.Unit != want || r.Year() != 2023 || r.HasProse {
			t.Errorf("sheet %d: unit %q year %v prose %v", i, r.Unit, r.Year(), r.HasProse)
		}
	}
}

func TestCopiesInOneFile(t *testing.T) {
	f := disclosure.NationalForm("2021")
	t.Run("equal", func(t *testing.T) {
		wantAll(t, f, readOne(t, join(national("青山区司法局", 2023), national("青山区司法局", 2023)), interpret.Options{}), false)
	})
	t.Run("equal tables without headings", func(t *testing.T) {
		three := tableThree(f, false)
		d := report("青山区司法局", 2023, grids(tableTwo(f)), grids(three, three), grids(tableFour(f)))
		wantAll(t, f, readOne(t, d, interpret.Options{}), false)
	})
	for name, restart := range map[string]bool{"contradicting reports": true, "contradicting tables": false} {
		t.Run(name, func(t *testing.T) {
			d := national("青山区司法局", 2023)
			again := national("青山区司法局", 2023)
			if !restart {
				again.Blocks = grids(tableThree(f, false))
			}
			setCell(again, printed(f, "T3_GRANTED_NP"), "9")
			r := readOne(t, join(d, again), interpret.Options{})
			if c := r.Report.Cells["T3_GRANTED_NP"]; c.Kind != disclosure.CellUnread || !hasDoubt(r, interpret.DoubtDuplicate, "T3_GRANTED_NP") {
				t.Errorf("contradiction passed: %v", c)
			}
			if c := r.Report.Cells["T3_GRANTED_BIZ"]; !c.IsNumber() {
				t.Errorf("its neighbour: %v", c)
			}
		})
	}
}

func TestTableOfTheTextIsNoTable(t *testing.T) {
	d := national("青山区司法局", 2023)
	extra := grids([][]tcell{texts("事项", "件数"), texts("行政许可", "12"), texts("行政处罚", "34"), texts("行政强制", "5")})
	d.Blocks = slices.Insert(d.Blocks, 3, extra...)
	wantAll(t, disclosure.NationalForm("2021"), readOne(t, d, interpret.Options{}), false)
}

func TestFragmentOfATableUnderItsHeading(t *testing.T) {
	f := disclosure.NationalForm("2021")
	two := tableTwo(f)[:4]
	r := readOne(t, report("青山区司法局", 2023, grids(two), grids(tableThree(f, false)), grids(tableFour(f))), interpret.Options{})
	if got := r.Report.Cells["T2_NORM_IN_FORCE"].Value.String(); got != printed(f, "T2_NORM_IN_FORCE") {
		t.Errorf("got %s", got)
	}
	if !hasDoubt(r, interpret.DoubtMissing, "T2_LICENSE_DECISIONS") {
		t.Error("no doubt on what is missing")
	}
}

func TestNothingOfAReport(t *testing.T) {
	d := &document.Document{Format: "docx", Blocks: append([]document.Block{{Text: "关于召开会议的通知"}}, grids([][]tcell{texts("时间", "地点"), texts("9点", "301室")})...)}
	if _, err := interpret.Read(d, "通知.docx", interpret.Options{}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("error %v", err)
	}
}
