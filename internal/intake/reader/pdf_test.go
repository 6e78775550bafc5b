package reader

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestRuledTables(t *testing.T) {
	// A table whose label column is set letter by letter, whose second label is
	// folded over three lines beside figures on the middle one, and which is cut
	// off by the foot of the page without a closing line.
	table := pdfBar(50, 699.75, 400, 0.5) + pdfBar(100, 659.75, 350, 0.5) + pdfLine(100, 560, 450, 560) + pdfLine(100, 540, 450, 540) +
		pdfLine(50, 500, 50, 700) + pdfLine(100, 500, 100, 700) + pdfLine(300, 500, 300, 700) + pdfBar(374.75, 500, 0.5, 200) + pdfLine(450, 500, 450, 700)
	for i, r := range []rune("三、办理结果") {
		table += pdfText(70, 680-20*float64(i), 10, string(r))
	}
	table += pdfText(110, 675, 10, "(一)予以公开") + pdfText(330, 675, 10, "1 2") + pdfText(400, 675, 10, "1,024") +
		pdfText(110, 625, 10, "(二)部分公开(区分处理的,只计") + pdfText(110, 610, 10, "这一情形,不计其") + pdfText(110, 595, 10, "他情形)") +
		pdfText(330, 610, 10, "5") + pdfText(400, 610, 10, "6") +
		pdfText(110, 546, 10, "总  计") + pdfText(330, 546, 10, "17") + pdfText(400, 546, 10, "/") +
		pdfText(110, 515, 10, "四、结转") + pdfText(330, 525, 10, "3") + pdfText(330, 505, 10, "4")
	doc, err := readPDF(context.Background(), pdfOf(t, pdfText(200, 760, 16, "标题")+table+pdfText(290, 40, 10, "— 1 —")))
	if err != nil {
		t.Fatal(err)
	}
	mustShow(t, doc, "标题",
		"|三、办理结果|(一)予以公开|1 2|1,024|",
		"|三、办理结果|(二)部分公开(区分处理的,只计这一情形,不计其他情形)|5|6|",
		"|三、办理结果|总计|17|/|",
		"|三、办理结果|四、结转|3⏎4||")
	if got := doc.Blocks[1].Grid.Cells[2].Address; got != "第1页 表1 第1行第3列" {
		t.Errorf("got address %q", got)
	}
	if doc.Title != "Fixture" || doc.Blocks[1].Place != "第1页" {
		t.Errorf("got title %q, place %q", doc.Title, doc.Blocks[1].Place)
	}
}

// ruledBox draws a grid of equal cells and sets a text in each.
func ruledBox(left, top, cellWidth, cellHeight float64, rows [][]string) string {
	width, height := cellWidth*float64(len(rows[0])), cellHeight*float64(len(rows))
	var out strings.Builder
	for i := range len(rows) + 1 {
		y := top - cellHeight*float64(i)
		out.WriteString(pdfLine(left, y, left+width, y))
	}
	for i := range len(rows[0]) + 1 {
		x := left + cellWidth*float64(i)
		out.WriteString(pdfLine(x, top, x, top-height))
	}
	for r, row := range rows {
		for c, text := range row {
			out.WriteString(pdfText(left+cellWidth*float64(c)+5, top-cellHeight*float64(r)-cellHeight/2-4, 10, text))
		}
	}
	return out.String()
}

func TestPagesTurnedOrShifted(t *testing.T) {
	rows := [][]string{{"规章", "0"}, {"规范性文件", "12"}}
	want := []string{"|规章|0|", "|规范性文件|12|"}
	upright := ruledBox(60, 500, 100, 30, rows)
	cases := []struct {
		name, entries, content string
	}{
		{"landscape by a turned page", "/Rotate 90", "q 0 1 -1 0 595 0 cm\n" + upright + "Q\n"},
		{"landscape by turned text", "", "q 0 -1 1 0 0 842 cm\n" + upright + "Q\n"},
		{"upside down", "/Rotate 180", "q -1 0 0 -1 595 842 cm\n" + upright + "Q\n"},
		{"page box away from the origin", "/CropBox [20 100 595 842]", upright},
		{"watermark across the table", "", upright + "q 0.7 0.7 -0.7 0.7 100 400 cm\n" + pdfText(0, 0, 40, "样张样张样张") + "Q\n"},
		{"a frame with a head around the page", "", upright + pdfLine(20, 20, 20, 820) + pdfLine(575, 20, 575, 820) + pdfLine(20, 820, 575, 820) + pdfLine(20, 20, 575, 20) + pdfLine(20, 780, 575, 780)},
		{"a small box inside a cell", "", upright + "130 481 8 8 re S\n130 485 m 138 485 l S\n"},
		{"underlined title and shaded cells", "", "0.8 g 60 470 200 30 re f 0 g\n" + upright + pdfLine(100, 800, 400, 800)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			doc, err := readPDF(context.Background(), pdfPages(t, c.entries, "", c.content))
			if err != nil {
				t.Fatal(err)
			}
			mustShow(t, doc, want...)
		})
	}
}

func TestProseIsJoinedOverLinesAndPages(t *testing.T) {
	first := "本年度我单位认真落实公开要求,主动公开各类信息128条,收到申请3件,均已按期答复,没有发生复议和诉讼案件,各项工作平稳有序地推进,"
	second := "全年没有收取信息处理费。"
	head := func(n int) string {
		return pdfText(72, 800, 9, "某区水利局年度报告") + pdfText(300, 40, 9, fmt.Sprintf("第 %d 页 共 3 页", n))
	}
	// The first page ends with a full line, so its paragraph goes on overleaf.
	perLine := 30
	runes := []rune(first)
	if fill := (len(runes) + 2) % perLine; fill != 0 {
		runes = runes[:len(runes)-fill]
	}
	pageOne := head(1) + pdfText(102, 740, 15, "一、总体情况") + pdfParagraph(72, 700, 15, perLine, string(runes))
	pageTwo := head(2) + pdfText(72, 740, 15, second) + pdfText(102, 716, 15, "六、其他需要报告的事项") + pdfText(102, 692, 15, "无。")
	pageThree := head(3) + pdfText(102, 600, 15, "2023")
	doc, err := readPDF(context.Background(), pdfOf(t, pageOne, pageTwo, pageThree))
	if err != nil {
		t.Fatal(err)
	}
	mustShow(t, doc, "一、总体情况", string(runes)+second, "六、其他需要报告的事项", "无。", "2023")
}

func TestTablesWithoutLines(t *testing.T) {
	page := pdfText(90, 780, 14, "三、收到和处理政府信息公开申请情况")
	page += pdfText(300, 740, 10, "自然人") + pdfText(350, 740, 10, "企业") + pdfText(400, 740, 10, "其他") + pdfText(450, 740, 10, "总计")
	row := func(y float64, label string, values ...string) {
		page += pdfText(90, y, 10, label)
		for i, v := range values {
			page += pdfText(305+50*float64(i), y, 10, v)
		}
	}
	row(715, "一、本年新收申请数量", "12", "0", "0", "12")
	row(695, "二、上年结转申请数量", "0", "", "0", "0")
	page += pdfText(90, 676, 10, "(二)部分公开(区分处理的")
	row(664, "只计这一情形", "4", "0", "1", "5")
	page += pdfText(90, 652, 10, "不计其他情形)")
	row(632, "(七)总计", "12", "0", "1", "13")
	page += pdfParagraph(72, 560, 12, 36, "以上表格没有边框,数字按照上下对齐的位置归入各栏,这一段是表格之后的正文,读取时应当另成一段。")
	doc, err := readPDF(context.Background(), pdfOf(t, page))
	if err != nil {
		t.Fatal(err)
	}
	mustShow(t, doc, "三、收到和处理政府信息公开申请情况",
		"|~|自然人|企业|其他|总计|",
		"|一、本年新收申请数量|12|0|0|12|",
		"|二、上年结转申请数量|0|~|0|0|",
		"|(二)部分公开(区分处理的只计这一情形不计其他情形)|4|0|1|5|",
		"|(七)总计|12|0|1|13|",
		"以上表格没有边框,数字按照上下对齐的位置归入各栏,这一段是表格之后的正文,读取时应当另成一段。")
}

func TestPagesWithoutText(t *testing.T) {
	drawing := "0.5 g 100 100 300 300 re f\n"
	_, err := readPDF(context.Background(), pdfOf(t, drawing, drawing))
	mustRefuse(t, err, "扫描件")
	_, err = readPDF(context.Background(), pdfOf(t, "", ""))
	mustRefuse(t, err, "没有任何内容")
	doc, err := readPDF(context.Background(), pdfOf(t, pdfText(72, 700, 12, "正文在此"), drawing, drawing, ""))
	if err != nil {
		t.Fatal(err)
	}
	mustShow(t, doc, "正文在此")
	if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0], "第2、3页") {
		t.Errorf("got warnings %q, want one that names pages 2 and 3", doc.Warnings)
	}
}

func TestPDFsThatCannotBeRead(t *testing.T) {
	whole := pdfOf(t, pdfText(72, 700, 12, "字"))
	locked := pdfPages(t, "", "/ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <"+
		strings.Repeat("A7", 32)+"> /U <"+strings.Repeat("5C", 32)+"> >>", pdfText(72, 700, 12, "字"))
	cases := []struct {
		name string
		data []byte
		word string
	}{
		{"empty", nil, "损坏"},
		{"no PDF", []byte(strings.Repeat("hello ", 100)), "损坏"},
		{"only a header", []byte("%PDF-1.7\n%%EOF"), "损坏"},
		{"cut in the middle", whole[:len(whole)/3], "损坏"},
		{"password", locked, "密码"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := readPDF(context.Background(), c.data)
			mustRefuse(t, err, c.word)
		})
	}
}

func TestPDFDeadlineStopsTheEngine(t *testing.T) {
	// Warm up, so that the deadline meets the work and not the start.
	if _, err := readPDF(context.Background(), pdfOf(t, pdfText(72, 700, 12, "字"))); err != nil {
		t.Fatal(err)
	}
	page := strings.Repeat(pdfText(72, 700, 12, strings.Repeat("字", 100)), 500)
	slow := pdfOf(t, page, page, page, page)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := readPDF(ctx, slow); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want context.DeadlineExceeded", err)
	}
	if _, err := readPDF(context.Background(), pdfOf(t, pdfText(72, 700, 12, "字"))); err != nil {
		t.Fatalf("the engine did not come back after a deadline: %v", err)
	}
}

// TestPublishedReport reads a real report where one is at hand: each figure
// must stand in the row and column where a person sees it.
func TestPublishedReport(t *testing.T) {
	data, err := os.ReadFile("../../../../shared/reports/hongze-2023.pdf")
	if err != nil {
		t.Skip("no published report here:", err)
	}
	doc, err := readPDF(context.Background(), data)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Join(shownAs(doc), "\n")
	for _, want := range []string{
		"|行政规范性文件|0|5|5|", "|行政许可|550|550|550|", "|行政处罚|4119|", "|行政事业性收费|7730.28|",
		"|三、本年度办理结果|(四)无法提供|1.本机关不掌握相关政府信息|10|0|0|0|0|0|10|",
		"|10|1|0|0|0|0|0|0|0|0|5|0|0|0|0|",
	} {
		if !strings.Contains(strings.NewReplacer("（", "(", "）", ")").Replace(lines), want) {
			t.Errorf("missing %s", want)
		}
	}
}

func FuzzReadPDF(f *testing.F) {
	f.Add(ruledBox(60, 500, 100, 30, [][]string{{"规章", "0"}, {"规范性文件", "12"}}), "/Rotate 90")
	f.Add(pdfParagraph(72, 700, 15, 30, strings.Repeat("正文", 40)), "/CropBox [0 0 1 1]")
	f.Add("q 1e38 0 0 1e38 0 0 cm 0 0 m 1 1 l S Q BT /F 1e9 Tf <4E00> Tj ET", "/UserUnit 99999")
	f.Fuzz(func(t *testing.T, content, entries string) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		doc, err := readPDF(ctx, pdfPages(t, entries, "", content))
		mustBeWhole(t, doc, err)
	})
}
