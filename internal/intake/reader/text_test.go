package reader

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// copied writes rows in the pipe layout of a copied page: a cell a line, rows
// padded to width, the last row of a table not.
func copied(width int, rows ...[]string) string {
	var b strings.Builder
	for i, row := range rows {
		for _, cell := range row {
			b.WriteString(cell + " |\n")
		}
		if pad := width - len(row); pad > 0 && i < len(rows)-1 {
			b.WriteString(strings.Repeat("|", pad) + "\n")
		}
	}
	return b.String()
}

func row(cells ...string) []string { return cells }

func TestReadText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"prose", "年度报告\n\n  一、总体情况\n本年,收到28件。\n", "年度报告\n一、总体情况\n本年,收到28件。"},
		{"copied page", "二、主动公开政府信息情况\n" +
			copied(4, row("第二十条第(一)项"), row("信息内容", "制发", "废止", "有效"), row("规章", "0", "0", "2"), row("文件", "1", "0", "5"), row("第(五)项"), row("许可", "7")) +
			"三、收到和处理政府信息公开申请情况\n" +
			copied(5, row("(本列数据)", "申请人情况"), row("自然人", "企业", "总计"), row("一、新收", "1", "0", "1"), row("三、本年度\n办理结果", "(一)予以公开", "1", "0", "1"), row("(二)部分公开", "0", "0", "0"), row("四、结转", "0", "0", "0")) +
			"五、存在的主要问题\n正文。",
			`二、主动公开政府信息情况
[6x4]
第二十条第(一)项|||
信息内容|制发|废止|有效
规章|0|0|2
文件|1|0|5
第(五)项|||
许可|7|·|·
三、收到和处理政府信息公开申请情况
[6x5]
(本列数据)|申请人情况|||
自然人|企业|总计||
一、新收|1|0|1|
三、本年度⏎办理结果|(一)予以公开|1|0|1
(二)部分公开|0|0|0|
四、结转|0|0|0|·
五、存在的主要问题
正文。`},
		{"copied page, pipe on the next line", copied(3, row("行政复议", "行政诉讼"), row("维持", "纠正", "总计")) + "0\n|\n0\n|\n1\n|\n五、问题",
			"[3x3]\n行政复议|行政诉讼|\n维持|纠正|总计\n0|0|1\n五、问题"},
		{"copied page without padding", "规章 |\n0 |\n1 |\n文件 |\n2 |\n3 |\n行政许可 |\n4 |\n罚款 |\n5 |\n",
			"[4x3]\n规章|0|1\n文件|2|3\n行政许可|4|·\n罚款|5|·"},
		{"tabs from Excel", "说明\n\t\t申请人\n项目\t细项\t自然人\t总计\n新收\t\t27\t28\n\"本年度\n办理\"\t公开\t6\t6\n尾",
			"说明\n申请人\n[3x4]\n项目|细项|自然人|总计\n新收||27|28\n本年度⏎办理|公开|6|6\n尾"},
		{"tabs from a browser", "第二十条\n信息内容\t制发\t废止\n规章\t0\t1\n第(五)项\n许可\t7\n三、收到和处理政府信息公开申请情况\n新收\t1\t2\n结转\t0\t0",
			"第二十条\n[4x3]\n信息内容|制发|废止\n规章|0|1\n第(五)项|·|·\n许可|7|·\n三、收到和处理政府信息公开申请情况\n[2x3]\n新收|1|2\n结转|0|0"},
		{"tab on a line of its own", "规章\n\t\n0\n\t\n1\n文件\n\t\n2\n\t\n3\n", "[2x3]\n规章|0|1\n文件|2|3"},
		{"indent is no table", "\t一、总体情况\n\t本年收到28件。", "一、总体情况\n本年收到28件。"},
		{"aligned columns", "表二\n信息内容      制发件数  废止件数  有效件数\n规章                 0         0         2\n规范性文件           1                   5\n完。",
			"表二\n[3x4]\n信息内容|制发件数|废止件数|有效件数\n规章|0|0|2\n规范性文件|1|·|5\n完。"},
		{"figures at single spaces", "一、本年新收政府信息公开申请数量 27 1 0 0 0 0 28\n二、上年结转政府信息公开申请数量 0 0 0 0 0 0 0",
			"[2x8]\n一、本年新收政府信息公开申请数量|27|1|0|0|0|0|28\n二、上年结转政府信息公开申请数量|0|0|0|0|0|0|0"},
		{"line of links", "首页 | 新闻 | 登录\n正文", "首页 | 新闻 | 登录\n正文"},
	} {
		t.Run(c.name, func(t *testing.T) { wantOutline(t, readString(t, "x.txt", c.text), c.want) })
	}
}

func TestReadMarkdown(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"with separator", "# 年报\n\n**一、总体情况**\n\n| 项目 | 数 |\n|:---|---:|\n| 规章 | 0 |\n\n结束", "年报\n一、总体情况\n[2x2]\n项目|数\n规章|0\n结束"},
		{"without separator", "| 规章 | 0 | 1 |\n| 文件 | 2 | 3 |", "[2x3]\n规章|0|1\n文件|2|3"},
		{"without outer pipes", "规章 | 0 | 1\n--- | --- | ---\n文件 | 2 | 3", "[2x3]\n规章|0|1\n文件|2|3"},
		{"without label columns", "| 27 | 1 | 28 |\n| --- | --- | --- |\n| 0 | 0 | 0 |\n| 6 | - | 6 |", "[3x3]\n27|1|28\n0|0|0\n6|-|6"},
		{"row of dashes is a row of blanks", "| 维持 | 纠正 |\n|---|---|\n| - | - |", "[2x2]\n维持|纠正\n-|-"},
		{"three small tables", "### 行政复议\n| 维持 | 总计 |\n|---|---|\n| 0 | 0 |\n\n### 未经复议直接起诉\n| 维持 | 总计 |\n|---|---|\n| 1 | 1 |\n\n| 维持 | 总计 |\n|---|---|\n| 2 | 2 |",
			"行政复议\n[2x2]\n维持|总计\n0|0\n未经复议直接起诉\n[2x2]\n维持|总计\n1|1\n[2x2]\n维持|总计\n2|2"},
		{"header that is empty", "|  |  |\n|---|---|\n| 规章 | 0 |", "[1x2]\n规章|0"},
		{"blank line between rows", "| a | 1 |\n\n| b | 2 |\n\n| c | 3 |", "[3x2]\na|1\nb|2\nc|3"},
		{"inline marks", `| **规章** | <br>三、本年度<br/>办理 | a\|b | &nbsp; | $ 27 $ | 1\.属于 |` + "\n| x | y | z | w | v | u |",
			"[2x6]\n规章|三、本年度⏎办理|a|b||27|1.属于\nx|y|z|w|v|u"},
		{"row folded over two lines", "| 一、本年 | 1 |\n| 三、本年度\n办理结果 | 2 |\n| 四 | 3 |", "[3x2]\n一、本年|1\n三、本年度⏎办理结果|2\n四|3"},
		{"HTML table inside", "## 二、主动公开\n\n<table><tr><td rowspan=\"2\">规章</td><td>0</td></tr>\n<tr><td>1</td></tr></table>\n\n## 三、收到",
			"二、主动公开\n[2x2]\n规章<2x1>|0\n^|1\n三、收到"},
		{"HTML tables between bare lines", "<table><tr><td>规章</td><td>0</td></tr></table>\n\n五、问题\n\n<table><tr><td>a</td><td>1</td></tr></table>", "[1x2]\n规章|0\n五、问题\n[1x2]\na|1"},
		{"rules and fences", "---\n```text\n正文\n```\n> 引文\n[链接](http://x) ![图](y.png)", "正文\n引文\n链接"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := readString(t, "x.md", c.text)
			wantOutline(t, doc, c.want)
			if strings.Contains(c.want, "[") && doc.Format != "markdown" {
				t.Errorf("format %s", doc.Format)
			}
		})
	}
}

func TestReadCSV(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"long", "x.csv", "单位,年度,代码,数值\n甲局,2023,T3_NEW_RECEIVED_NP,27\n甲局,2023,T3_NEW_RECEIVED_BIZ,\n", "[3x4]\n单位|年度|代码|数值\n甲局|2023|T3_NEW_RECEIVED_NP|27\n甲局|2023|T3_NEW_RECEIVED_BIZ|"},
		{"quotes and line ends", "x.csv", "\uFEFF单位,数\r\n\"甲,局\",\"1,027\"\r\n\"乙\"\"局\n分局\",2\r\n", "[3x2]\n单位|数\n甲,局|1,027\n乙\"局⏎分局|2"},
		{"semicolons", "无名", "单位;年度;新收\n甲;2022;1\n乙;2023;2\n", "[3x3]\n单位|年度|新收\n甲|2022|1\n乙|2023|2"},
		{"tabs", "x.tsv", "单位\t新收\n甲\t1\n乙\t2\n", "[3x2]\n单位|新收\n甲|1\n乙|2"},
		{"codes kept from Excel", "x.csv", "代码,数\n=\"00123\",1\n", "[2x2]\n代码|数\n00123|1"},
		{"declared by Excel", "x.csv", "sep=;\n甲;1,5\n乙;2,5\n", "[2x2]\n甲|1,5\n乙|2,5"},
		{"uneven but named", "x.csv", "统计表\n单位,新收,结转\n甲,1,0\n乙,2,0\n合计,3\n", "[5x3]\n统计表|·|·\n单位|新收|结转\n甲|1|0\n乙|2|0\n合计|3|·"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for charset, data := range map[string]string{"utf-8": c.text, "gb18030": gb(c.text)} {
				doc := readString(t, c.file, data)
				wantOutline(t, doc, c.want)
				if doc.Format != "csv" || doc.Charset != charset && !strings.HasPrefix(c.text, "\uFEFF") {
					t.Errorf("format %s, charset %s", doc.Format, doc.Charset)
				}
			}
		})
	}
	prose := readString(t, "x.txt", "各单位,请按时报送。\n区政府办,负责汇总。\n各街道,负责核对。\n")
	if prose.Format != "text" || len(prose.Blocks) != 3 {
		t.Errorf("prose with commas became %s:\n%s", prose.Format, layoutText(prose))
	}
}

func TestCSVAddressesAreExcels(t *testing.T) {
	doc := readString(t, "x.csv", "a,b\n\n1,\"2\n3\"\n4,5\n"+strings.Repeat(",", 27)+"6\n")
	cells := doc.Blocks[0].Grid.Cells
	for i, want := range map[int]string{0: "A1", 3: "B3", 4: "A5", len(cells) - 1: "AB6"} {
		if cells[i].Address != want {
			t.Errorf("cell %d (%q) at %s, want %s", i, cells[i].Text, cells[i].Address, want)
		}
	}
}

func TestLargeTables(t *testing.T) {
	var b strings.Builder
	b.WriteString("单位,年度,代码,数值\n")
	for i := range 120_000 {
		fmt.Fprintf(&b, "甲局,2023,C%d,%d\n", i, i)
	}
	if g := readString(t, "x.csv", b.String()).Blocks[0].Grid; g.Rows != 120_001 || g.Cells[len(g.Cells)-1].Text != "119999" {
		t.Errorf("%d rows, last cell %+v", g.Rows, g.Cells[len(g.Cells)-1])
	}
	for name, text := range map[string]string{
		"行过多.csv": strings.Repeat("a,1\n", document.MaxGridRows+1),
		"列过多.csv": strings.Repeat(strings.Repeat("1,", document.MaxGridCols)+"1\n", 3),
		"格过多.csv": strings.Repeat(strings.Repeat("1,", 499)+"1\n", 4_001),
		"字过多.csv": "a,1\n" + strings.Repeat("字", document.MaxCellText) + ",2\nb,3\n",
		"线过多.txt": strings.Repeat("\n", maxTextLines) + "一\n",
		"段过多.txt": strings.Repeat("段。\n", document.MaxBlocks+1),
		"竖线.txt":  strings.Repeat("a | 1 |\n", document.MaxGridRows+1),
		"制表.txt":  strings.Repeat("甲\t乙。\n丙\n", document.MaxGridRows),
	} {
		_, err := Read(t.Context(), name, []byte(text))
		if disclosure.CodeOf(err) != disclosure.ErrInvalid || !strings.HasPrefix(disclosure.Sentence(err), "文件“"+name+"”里") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The published sample: every row of table three is one row of the grid, its
// seven figures in order behind its labels. Only figures stand here.
func TestCopiedSample(t *testing.T) {
	data, err := os.ReadFile("../../../../shared/reports/honggutan-office-2023.txt")
	if err != nil {
		t.Skip("the sample is not on this machine: ", err)
	}
	doc := readString(t, "x.txt", string(data))
	var grids []*document.Grid
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			grids = append(grids, b.Grid)
		}
	}
	if len(grids) != 3 || grids[0].Rows != 14 || grids[1].Rows != 28 || grids[2].Rows != 4 {
		t.Fatalf("grids:\n%s", layoutText(doc))
	}
	var figures []string
	for _, r := range grids[1].Layout()[3:] {
		var inRow []string
		for _, c := range r {
			if c != nil && isNumeric(c.Text) {
				inRow = append(inRow, c.Text)
			}
		}
		if len(inRow) != 7 {
			t.Errorf("row of %q has the figures %v", r[0].Text, inRow)
		}
		figures = append(figures, inRow[0])
	}
	if got, want := strings.Join(figures, " "), "27 0 6 11 0 0 0 0 0 0 0 0 9 0 0 0 0 0 0 0 0 0 1 27 0"; got != want {
		t.Errorf("first figures %s, want %s", got, want)
	}
}

// Each of these makes a line-by-line reader look ahead, or join, without end.
func TestHostileTextEndsSoon(t *testing.T) {
	const n = 60_000
	for name, text := range map[string]string{
		"blank lines":      "a" + strings.Repeat("\n", 20*n) + "b |",
		"tabs alone":       strings.Repeat("a\n\t\n", n),
		"open quotes":      strings.Repeat("\"a\tb\t\"c\n", n),
		"folded rows":      "| a\n" + strings.Repeat("b|c\n", n),
		"open rows":        strings.Repeat("| a\nb|c\n\n", n),
		"pipes":            strings.Repeat("|", 5*n),
		"cells of pipes":   strings.Repeat("a |\n\n\n\n\n\n\n\n", n),
		"open HTML tables": strings.Repeat("x<table>\n", 1000),
		"one line":         "# " + strings.Repeat("<b>*_a [x](", 2*n),
		"stars":            strings.Repeat("*", 5*n),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			doc, err := Read(t.Context(), "坏.txt", []byte(text))
			if err == nil {
				checkBounds(t, doc)
			} else if disclosure.CodeOf(err) != disclosure.ErrInvalid {
				t.Errorf("got %v", err)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("took %v", took)
			}
		})
	}
}
