package interpret_test

import (
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
)

const rowGranted, rowPartial, rowIn = "(一)予以公开", "(二)部分公开", "一、本年新收政府信息公开申请数量"

// readThree reads one grid of table 三 under the heading of its part.
func readThree(t *testing.T, format string, rows [][]tcell) *interpret.Reading {
	t.Helper()
	g := place(rows)
	doc := &document.Document{Format: format, Blocks: []document.Block{
		{Text: "青石县水务局2023年政府信息公开工作年度报告"}, {Text: "三、收到和处理政府信息公开申请情况"}, {Grid: g}}}
	got, err := interpret.Read(doc, "报告.html", interpret.Options{})
	if err != nil || len(got) != 1 {
		t.Fatalf("want one reading, got %d, %v", len(got), err)
	}
	return got[0]
}

func TestRowsThatCannotBePlacedAreUnread(t *testing.T) {
	flat := texts("项目", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
	in := texts(rowIn, "50", "51", "52", "53", "54", "55", "315")
	partial := texts(rowPartial, "20", "21", "22", "23", "24", "25", "135")
	out := texts("四、结转下年度继续办理", "1", "2", "3", "4", "5", "6", "21")
	split := func(row []tcell) []tcell {
		cells := []tcell{row[0]}
		for _, c := range row[1:] {
			cells = append(cells, tcell{text: "700"}, c)
		}
		return cells
	}
	halves, names := []tcell{{}}, []tcell{flat[0]}
	for _, c := range flat[1:] {
		names = append(names, c, tcell{})
		halves = append(halves, tcell{text: "上年"}, tcell{text: "本年"})
	}
	for _, c := range []struct {
		name, format string
		rows         [][]tcell
		want         map[disclosure.Code]string // "" is no number
		doubt        bool
	}{
		{"a value was dropped from a row of text", "markdown", [][]tcell{flat, in, texts(rowGranted, "1", "2", "3", "4", "5", "20"), partial, out},
			map[disclosure.Code]string{"T3_GRANTED_NP": "", "T3_GRANTED_LAW": "", "T3_GRANTED_TOT": "", "T3_PARTIAL_TOT": "135"}, true},
		{"行次 between label and values", "html", [][]tcell{append(texts("项目", "行次"), flat[1:]...),
			append(texts(rowIn, "1"), in[1:]...), texts(rowGranted, "2", "1", "2", "3", "4", "5", "6", ""), append(texts(rowPartial, "3"), partial[1:]...)},
			map[disclosure.Code]string{"T3_GRANTED_NP": "1", "T3_GRANTED_OTH": "6", "T3_GRANTED_TOT": "", "T3_PARTIAL_NP": "20"}, true},
		{"总计 first", "html", [][]tcell{texts("项目", "总计", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"),
			texts(rowIn, "315", "50", "51", "52", "53", "54", "55"), texts(rowGranted, "21", "1", "2", "3", "4", "5", "6"), texts(rowPartial, "135", "20", "21", "22", "23", "24", "25")},
			map[disclosure.Code]string{"T3_GRANTED_NP": "1", "T3_GRANTED_OTH": "6", "T3_GRANTED_TOT": "21", "T3_PARTIAL_TOT": "135"}, false},
		{"a header merged over too few columns", "html", [][]tcell{{{text: "项目", rows: 2}, {text: "自然人", rows: 2}, {text: "法人或其他组织", cols: 4}, {text: "总计", rows: 2}},
			texts("商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"), in, texts(rowGranted, "1", "2", "3", "4", "5", "6", "21"), partial, out},
			map[disclosure.Code]string{"T3_GRANTED_OTH": "", "T3_GRANTED_TOT": ""}, true},
		{"上年 and 本年 under each column", "markdown", [][]tcell{names, halves, split(in), split(texts(rowGranted, "1", "2", "3", "4", "5", "6", "21")), split(partial), split(out)},
			map[disclosure.Code]string{"T3_GRANTED_NP": "1", "T3_GRANTED_TOT": "21", "T3_PARTIAL_BIZ": "21"}, false},
		{"a row twice with another number", "html", [][]tcell{flat, in, texts(rowGranted, "1", "2", "3", "4", "5", "6", "21"), texts(rowGranted, "9", "2", "3", "4", "5", "6", "21"), partial, out},
			map[disclosure.Code]string{"T3_GRANTED_NP": "", "T3_GRANTED_BIZ": "2", "T3_PARTIAL_NP": "20"}, true},
		{"(六)其他 as one row", "html", [][]tcell{flat, in, texts(rowGranted, "1", "2", "3", "4", "5", "6", "21"), partial, texts("(六)其他", "7", "0", "0", "0", "0", "0", "7"), texts("(七)总计", "28", "23", "25", "27", "29", "31", "163"), out},
			map[disclosure.Code]string{"T3_OTHER_MERGED_NP": "7", "T3_OTHER_MISC_NP": "", "T3_RESULT_TOTAL_NP": "28"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := readThree(t, c.format, c.rows)
			doubted := map[string]bool{}
			for _, d := range r.Doubts {
				doubted[string(d.Kind)] = true
			}
			for code, want := range c.want {
				got := ""
				if cell := r.Report.Cells[code]; cell.IsNumber() {
					got = cell.Value.String()
				}
				if got != want {
					t.Errorf("%s: want %q, got %q", code, want, got)
				}
			}
			if c.doubt && len(doubted) == 0 {
				t.Error("want a doubt")
			}
		})
	}
}
