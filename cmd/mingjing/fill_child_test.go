package main

import (
	"bytes"
	"testing"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"

	"github.com/xuri/excelize/v2"
)

// The city's workbook is filled by a child process of this very binary: the
// question and the answer survive the way, and a workbook that is none comes
// back as a sentence.
func TestTheCitysWorkbookIsFilledByAChild(t *testing.T) {
	form := disclosure.FormFor(disclosure.FamilyNational, 2025)
	r := &disclosure.Report{Unit: "清源区财政局", Period: disclosure.Period{Year: 2025}, Scope: disclosure.ScopeAgency, Form: form, Cells: map[disclosure.Code]disclosure.Cell{}}
	for _, def := range form.Cells() {
		r.Cells[def.Code] = disclosure.Number(0)
	}
	r.Cells["T3_NEW_RECEIVED_NP"], r.Cells["T3_NEW_RECEIVED_TOT"] = disclosure.Number(7), disclosure.Number(7)
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"序号", "单位名称", "一、本年新收政府信息公开申请数量", nil, "行政许可"}, {nil, nil, "自然人", "总计", nil}, {1, "区财政局", nil, nil, nil}} {
		if err := f.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range [][2]string{{"A1", "A2"}, {"B1", "B2"}, {"C1", "D1"}, {"E1", "E2"}} {
		if err := f.MergeCell("Sheet1", m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	book, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	question, err := bulletin.FillQuestion([]bulletin.Fill{{Report: r, Aliases: []string{"区财政局"}}}, bulletin.FillOptions{})
	if err != nil {
		t.Fatal(err)
	}
	client, err := intake.NewClient()
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	answer, err := client.Ask(t.Context(), bulletin.FillKind, "市汇总表.xlsx", book.Bytes(), question)
	if err != nil {
		t.Fatal(err)
	}
	data, _, err := bulletin.FilledWorkbook(answer)
	if err != nil {
		t.Fatal(err)
	}
	filled, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer filled.Close()
	for at, want := range map[string]string{"C3": "7", "D3": "7", "E3": "0", "B3": "区财政局"} {
		if got, err := filled.GetCellValue("Sheet1", at); err != nil || got != want {
			t.Errorf("%s holds %q, want %q, %v", at, got, want, err)
		}
	}
	if _, err := client.Ask(t.Context(), bulletin.FillKind, "市汇总表.xlsx", []byte("no workbook"), question); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("no workbook: %v", err)
	}
}
