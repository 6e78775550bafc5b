package bulletin

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
)

// textOf is a Word document's text, and that of its footers, paragraphs apart.
func textOf(t *testing.T, data []byte) (body, footers string) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.File {
		if !strings.HasPrefix(f.Name, "word/document") && !strings.HasPrefix(f.Name, "word/footer") {
			continue
		}
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		dec := xml.NewDecoder(r)
		inText := false
		for {
			tok, err := dec.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			switch e := tok.(type) {
			case xml.StartElement:
				inText = e.Name.Local == "t"
			case xml.EndElement:
				inText = false
				if e.Name.Local == "p" {
					b.WriteByte('\n')
				}
			case xml.CharData:
				if inText {
					b.Write(e)
				}
			}
		}
		if strings.HasPrefix(f.Name, "word/footer") {
			footers += b.String()
		} else {
			body += b.String()
		}
	}
	return body, footers
}

func contains(t *testing.T, where, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("%s lacks %q", where, w)
		}
	}
}

func TestFilingSheet(t *testing.T) {
	r := mixed(disclosure.NationalForm("2021"), shortName)
	f := Filing{Report: r, Revision: 3, Filed: "2026年1月15日", By: "张三",
		Explanations: []Explanation{{check.Finding{Rule: "T3-R4", Codes: []disclosure.Code{"T3_CARRIED_IN_TOT"}, Message: "与上年不一致。"}, "重复登记。", "张三"}},
		OpenFaults:   []string{"第一列不平。"}}
	code := CheckCode(r, 3)
	printed := code[:4] + "-" + code[4:]
	for name, make := range map[string]func(Filing) ([]byte, error){"sheet": FilingSheet, "review": ReviewSheet} {
		data, err := make(f)
		if err != nil {
			t.Fatal(err)
		}
		body, footers := textOf(t, data)
		contains(t, name, body, shortName, "张三", "与上年不一致。", "重复登记。", "第一列不平。", printed)
		if strings.Contains(body, "T3-R4") {
			t.Errorf("%s prints a rule's number, which says nothing to those who sign", name)
		}
		contains(t, name+" footer", footers, printed, "第3版", shortName)
		same(t, name+".docx", readBack(t, name+".docx", data, r.Form), r)
	}
}

// A slip keeps to a page for as long as type that can be read fits.
func TestReturnSlip(t *testing.T) {
	for n, size := range map[int]float64{0: 12, 3: 12, 18: 9, 60: 9} {
		s := Slip{Unit: longName, Report: "2025年政府信息公开工作年度报告", Deadline: "2026年1月20日18时", Returned: "2026年1月16日", Office: "清源区政府办公室", Contact: "王五"}
		for i := range n {
			s.Items = append(s.Items, SlipItem{Cell: fmt.Sprintf("表三 第%d格 · 自然人", i), Problem: "各类申请人之和为12,总计为10,相差2。", Remedy: "核对台账后改正总计或分项。"})
		}
		if got := slipSize(s, 170, 187); got < size {
			t.Errorf("%d items are set in %v points, want at least %v", n, got, size)
		}
		data, err := ReturnSlip(s)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := textOf(t, data)
		contains(t, "slip", body, longName, "2026年1月20日18时", "2026年1月16日", "王五")
		if n > 0 {
			contains(t, "slip", body, fmt.Sprintf("第%d格", n-1))
		}
	}
}

func TestReminderNotice(t *testing.T) {
	r := Reminder{Report: "2025年政府信息公开工作年度报告", Deadline: "2026年1月31日", Statutory: true, Left: 5, Office: "清源区政府办公室", Date: "2026年1月26日",
		Units: []ReminderUnit{{Name: shortName, State: "未报送"}}}
	for left, want := range map[int]string{5: "还有5天", 0: "今天是截止日期", -3: "超过截止日期3天"} {
		r.Left = left
		data, err := ReminderNotice(r)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := textOf(t, data)
		contains(t, "notice", body, shortName+"：", want, "第四十九条")
	}
	r.Units = append(r.Units, ReminderUnit{Name: longName, State: "退回修改"})
	data, err := ReminderNotice(r)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := textOf(t, data)
	contains(t, "notice", body, "各有关单位：", longName, "退回修改", "2家单位")
}

func TestAccountSlips(t *testing.T) {
	data, err := AccountSlips(Accounts{System: "管理系统", Address: "https://mj.example/", Slips: []AccountSlip{{shortName, "张三", "填报员", "zhang", "a<b&c"}, {longName, "李四", "", "li", "x"}, {shortName, "王五", "审核员", "wang", "y"}}})
	if err != nil {
		t.Fatal(err)
	}
	body, _ := textOf(t, data)
	contains(t, "slips", body, "a<b&c", "李四", "王五（审核员）", "https://mj.example/")
	if _, err := AccountSlips(Accounts{}); err != nil {
		t.Error(err)
	}
}

func TestOfficialMarks(t *testing.T) {
	for in, want := range map[string]string{
		"请于10:20前报送,谢谢:": "请于10:20前报送，谢谢：",
		"共1,234件(含2件)":   "共1,234件（含2件）",
	} {
		if got := Official(in); got != want {
			t.Errorf("Official(%q) = %q, want %q", in, got, want)
		}
	}
}
