package intake_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/intake/worker"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == worker.Command {
		worker.ChildMain(intake.Handlers())
	}
	os.Exit(m.Run())
}

// page is a report as a web page: merged cells, folded labels, 2021 form.
func page() []byte {
	f := disclosure.NationalForm("2021")
	var b strings.Builder
	b.WriteString("<html><head><meta charset='utf-8'><title>青山区司法局</title></head><body><h1>青山区司法局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>本年按期公开。</p><p>二、主动公开政府信息情况</p><table>")
	for _, block := range f.Table("T2").Blocks {
		fmt.Fprintf(&b, "<tr><td colspan=4>%s</td></tr><tr><td>%s</td>", block.Heading, block.Corner)
		span := 4 - len(block.Columns)
		for _, c := range block.Columns {
			fmt.Fprintf(&b, "<td colspan=%d>%s</td>", span, c.Label)
		}
		for _, r := range block.Rows {
			fmt.Fprintf(&b, "</tr><tr><td><p>%s</p></td>", r.Label)
			for _, c := range block.Columns {
				fmt.Fprintf(&b, "<td colspan=%d>&nbsp;%d</td>", span, f.Order(f.Table("T2").Code(r.Key, c.Key)))
			}
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table><p>三、收到和处理政府信息公开申请情况</p><table><tr><td rowspan=3 colspan=3>(本列数据的勾稽关系)</td><td colspan=7>申请人情况</td></tr><tr><td rowspan=2>自然人</td><td colspan=5>法人或其他组织</td><td rowspan=2>总计</td></tr><tr><td>商业<br>企业</td><td>科研<br>机构</td><td>社会公益组织</td><td>法律服务机构</td><td>其他</td></tr>")
	t3 := f.Table("T3").Blocks[0]
	for i, r := range t3.Rows {
		b.WriteString("<tr>")
		for level, g := range r.Groups {
			if i == 0 || len(t3.Rows[i-1].Groups) <= level || t3.Rows[i-1].Groups[level] != g {
				n := 1
				for i+n < len(t3.Rows) && len(t3.Rows[i+n].Groups) > level && t3.Rows[i+n].Groups[level] == g {
					n++
				}
				fmt.Fprintf(&b, "<td rowspan=%d>%s</td>", n, g)
			}
		}
		fmt.Fprintf(&b, "<td colspan=%d>%s</td>", 3-len(r.Groups), r.Label)
		for _, c := range t3.Columns {
			fmt.Fprintf(&b, "<td>%d</td>", f.Order(f.Table("T3").Code(r.Key, c.Key)))
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table><p>四、政府信息公开行政复议、行政诉讼情况</p><table><tr><td colspan=5>行政复议</td><td colspan=10>行政诉讼</td></tr><tr>")
	outcomes := []string{"结果<br>维持", "结果<br>纠正", "其他<br>结果", "尚未<br>审结", "总计"}
	for _, o := range outcomes {
		fmt.Fprintf(&b, "<td rowspan=2>%s</td>", o)
	}
	b.WriteString("<td colspan=5>未经复议直接起诉</td><td colspan=5>复议后起诉</td></tr><tr>")
	for i := range 10 {
		fmt.Fprintf(&b, "<td>%s</td>", outcomes[i%5])
	}
	b.WriteString("</tr><tr>")
	for _, c := range f.Table("T4").Blocks[0].Columns {
		fmt.Fprintf(&b, "<td>%d</td>", f.Order(f.Table("T4").Code("", c.Key)))
	}
	b.WriteString("</tr></table><p>五、存在的主要问题及改进情况</p><p>有不足。</p><p>六、其他需要报告的事项</p><p>无。</p></body></html>")
	return []byte(b.String())
}

func newClient(t *testing.T) *intake.Client {
	t.Helper()
	c, err := intake.NewClient()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestChildReadsWhatThisProcessReads(t *testing.T) {
	ctx := t.Context()
	here, err := intake.Read(ctx, "a.html", page(), intake.Options{})
	if err != nil || len(here.Readings) != 1 {
		t.Fatal(err, len(here.Readings))
	}
	f := disclosure.NationalForm("2021")
	for _, def := range f.Cells() {
		c := here.Readings[0].Report.Cells[def.Code]
		if got, ok := c.Value.String(), c.IsNumber(); !ok || got != fmt.Sprint(f.Order(def.Code)) || c.Source == "" {
			t.Errorf("%s = %v", def.Code, c)
		}
	}
	there, err := newClient(t).Read(ctx, "a.html", page(), intake.Options{})
	if err != nil || len(there.Readings) != 1 {
		t.Fatal(err, len(there.Readings))
	}
	a, b := here.Readings[0], there.Readings[0]
	if b.Report.Form != f || there.Format != here.Format {
		t.Errorf("form %v, format %s", b.Report.Form, there.Format)
	}
	if !disclosure.SameFigures(a.Report, b.Report) || len(a.Report.Cells) != len(b.Report.Cells) {
		t.Error("the figures differ", disclosure.DifferingCodes(a.Report, b.Report))
	}
	if !reflect.DeepEqual(a.Report.Prose, b.Report.Prose) || a.Report.Unit != b.Report.Unit || a.Report.Period != b.Report.Period ||
		a.Report.Title != b.Report.Title || a.Report.HasProse != b.Report.HasProse || !reflect.DeepEqual(a.Doubts, b.Doubts) {
		t.Errorf("here  %+v %+v\nthere %+v %+v", a.Report.Prose, a.Doubts, b.Report.Prose, b.Doubts)
	}
}

const wide = "单位名称,新收,备用数\n区财政局,5,1\n区民政局,6,2\n合计,11,3\n"

func TestWideSheetOverThePipe(t *testing.T) {
	client := newClient(t)
	_, err := client.Read(t.Context(), "2022年.csv", []byte(wide), intake.Options{})
	var wants *interpret.NeedsMapping
	if !errors.As(err, &wants) || len(wants.Rows) == 0 {
		t.Fatalf("%v %+v", err, wants)
	}
	for name, opts := range map[string]intake.Options{
		"confirmed": {Mappings: map[string]interpret.Mapping{wants.Mapping.Fingerprint: wants.Mapping}},
		"accepted":  {AcceptMappings: true},
	} {
		got, err := client.Read(t.Context(), "2022年.csv", []byte(wide), opts)
		if err != nil || len(got.Readings) != 2 || got.Readings[0].Report.Year() != 2022 || (len(got.Accepted) == 1) != opts.AcceptMappings {
			t.Errorf("%s: %v, %d readings, %d accepted", name, err, len(got.Readings), len(got.Accepted))
		}
	}
	if _, err := client.Read(t.Context(), "2022年.csv", []byte(wide), intake.Options{TrustCertain: true}); !errors.As(err, &wants) {
		t.Errorf("a guess was trusted: %v", err)
	}
	coded := []byte("unit,year,T3_NEW_RECEIVED_TOT,T3_GRANTED_TOT\n甲局,2023,5,3\n乙局,2023,6,1\n")
	if got, err := client.Read(t.Context(), "a.csv", coded, intake.Options{TrustCertain: true}); err != nil || len(got.Readings) != 2 || len(got.Accepted) != 0 {
		t.Errorf("codes: %v, %d readings", err, len(got.Readings))
	}
}

func TestErrorsOverThePipe(t *testing.T) {
	client := newClient(t)
	for name, data := range map[string]string{"空.txt": "", "通知.txt": "关于召开会议的通知\n请准时参加。", "图.png": "\x89PNG\r\n\x1a\n"} {
		_, err := client.Read(t.Context(), name, []byte(data), intake.Options{})
		if disclosure.CodeOf(err) != disclosure.ErrInvalid || !strings.Contains(disclosure.Sentence(err), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPublishedReports reads real reports where they lie beside the repository.
func TestPublishedReports(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "reports")
	for _, c := range []struct {
		file, unit, printed string
		numbers, entries    int
		// blanks are cells that the file prints empty though the list has 0.
		blanks []disclosure.Code
	}{
		{"honggutan-office-2023.txt", "南昌市红谷滩区政府办", "红谷滩区政府办", 199, 200, []disclosure.Code{"T4_LITR_TOTAL"}},
		{"hongze-2023.pdf", "淮安市洪泽区人民政府", "洪泽区人民政府", 186, 207, nil},
		{"national-template-2021.docx", "", "", 0, 200, nil},
	} {
		t.Run(c.file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(folder, c.file))
			if err != nil {
				t.Skip("the published report is not here: ", err)
			}
			got, err := intake.Read(context.Background(), c.file, data, intake.Options{})
			if err != nil || len(got.Readings) != 1 {
				t.Fatal(err, len(got.Readings))
			}
			r := got.Readings[0].Report
			numbers := 0
			for _, cell := range r.Cells {
				if cell.IsNumber() {
					numbers++
				}
			}
			if numbers != c.numbers || len(r.Cells) != c.entries || r.Unit != c.printed || r.Form.ID != "national-2021" {
				t.Errorf("%d numbers in %d cells of “%s”, want %d in %d of “%s”", numbers, len(r.Cells), r.Unit, c.numbers, c.entries, c.printed)
			}
			for code, want := range listed(t, filepath.Join(folder, "figures.csv"), c.unit, "2023") {
				cell := r.Cells[code]
				blank := false
				for _, b := range c.blanks {
					blank = blank || b == code && cell.Kind == disclosure.CellBlank
				}
				if got := cell.Value.String(); !blank && (!cell.IsNumber() || got != want) {
					t.Errorf("%s = %s %q, want %s", code, cell.Kind, cell.Raw, want)
				}
			}
		})
	}
}

// listed are a unit's figures in a list of unit, year, code, value.
func listed(t *testing.T, file, unit, year string) map[disclosure.Code]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := map[disclosure.Code]string{}
	for _, row := range rows {
		if row[0] == unit && row[1] == year {
			out[disclosure.Code(row[2])] = row[3]
		}
	}
	return out
}
