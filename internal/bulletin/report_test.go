package bulletin

import (
	"bytes"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// Every form's report, whatever it holds, is read back from both documents as
// it was printed.
func TestReportReadsBack(t *testing.T) {
	for _, form := range disclosure.Forms() {
		for name, make := range map[string]func(*disclosure.Form, string) *disclosure.Report{"full": full, "mixed": mixed, "merged": merged} {
			for _, unit := range []string{shortName, longName} {
				r := make(form, unit)
				t.Run(form.ID+"/"+name+"/"+unit, func(t *testing.T) {
					data, err := ReportDocx(r, Edition{Signed: unit, Date: "2026年1月20日"})
					if err != nil {
						t.Fatal(err)
					}
					for file, data := range map[string][]byte{"report.docx": data, "report.html": []byte(ReportHTML(r, Edition{}))} {
						got := readBack(t, file, data, form)
						same(t, file, got, r)
						if file == "report.html" {
							sameProse(t, file, got, r)
						}
					}
				})
			}
		}
	}
}

func TestReportIsDeterministic(t *testing.T) {
	r := full(disclosure.NationalForm("2021"), shortName)
	a, _ := ReportDocx(r, Edition{})
	b, _ := ReportDocx(r, Edition{})
	if !bytes.Equal(a, b) {
		t.Error("the same report gives other bytes")
	}
}

// Text that looks like markup stays text.
func TestHTMLEscapes(t *testing.T) {
	r := full(disclosure.NationalForm("2021"), `<script>alert(1)</script>局`)
	r.Cells["T2_REG_ISSUED"] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: `"><img src=x>`}
	if page := ReportHTML(r, Edition{Signed: "<b>"}); strings.Contains(page, "<script>") || strings.Contains(page, "<img") || strings.Contains(page, "<b>") {
		t.Error("text stands as markup in the page")
	}
}

// The code changes with what it stands for, and with nothing else.
func TestCheckCode(t *testing.T) {
	base := func() *disclosure.Report { return full(disclosure.NationalForm("2021"), shortName) }
	code := CheckCode(base(), 1)
	if len(code) != 8 || strings.Trim(code, codeLetters) != "" {
		t.Fatalf("code is %q", code)
	}
	same := base()
	same.Unit = "清源区 财政局"
	c := same.Cells["T3_GRANTED_NP"]
	c.Raw, c.Source = " 1 ", "第3页"
	same.Cells["T3_GRANTED_NP"] = c
	if CheckCode(same, 1) != code {
		t.Error("spaces, raw text or places change the code")
	}
	if CheckCode(base(), 2) == code {
		t.Error("the revision does not change the code")
	}
	for name, change := range map[string]func(*disclosure.Report){
		"unit":   func(r *disclosure.Report) { r.Unit = "清源区民政局" },
		"year":   func(r *disclosure.Report) { r.Period.Year = 2024 },
		"figure": func(r *disclosure.Report) { r.Cells["T3_GRANTED_NP"] = disclosure.Number(5) },
		"slash":  func(r *disclosure.Report) { r.Cells["T3_GRANTED_NP"] = disclosure.Cell{Kind: disclosure.CellSlash} },
		"prose":  func(r *disclosure.Report) { r.Prose[0].Text += "。" },
	} {
		r := base()
		change(r)
		if CheckCode(r, 1) == code {
			t.Errorf("a change of %s does not change the code", name)
		}
	}
}
