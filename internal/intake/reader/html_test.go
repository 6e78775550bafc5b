package reader

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

func TestReadHTML(t *testing.T) {
	article := strings.Repeat("<p>"+strings.Repeat("本年度主动公开政府信息,", 12)+"</p>", 4)
	articleText := strings.TrimSpace(strings.Repeat(strings.Repeat("本年度主动公开政府信息,", 12)+"\n", 4))
	for _, c := range []struct{ name, page, want string }{
		{"text into paragraphs", `<h1>年度报告</h1>一、总体情况<p>第一段。<br>第二段。</p><div>第三<span>段</span><b>。</b></div><ul><li>甲<li>乙</ul>`,
			"年度报告\n一、总体情况\n第一段。\n第二段。\n第三段。\n甲\n乙"},
		{"lines wrapped inside a sentence", "<p>政府信\n   息公开\nsee page\n5</p>", "政府信息公开 see page 5"},
		{"spans", `<table><tr><td rowspan=2 colspan=2>项目<td colspan=2>数量<tr><td>新收<td>结转<tr><td>甲<td>乙<td>1<td>2</table>`,
			"[3x4]\n项目<2x2>|^|数量<1x2>|^\n^|^|新收|结转\n甲|乙|1|2"},
		{"absurd spans", `<table><tr><td rowspan=65534>三<td colspan=1000>合并<tr><td>(一)<td>6<tr><td>(二)<td>0</table>`,
			"[3x3]\n三<3x1>|合并<1x2>|^\n^|(一)|6\n^|(二)|0"},
		{"row span 0 is the rest", `<table><tbody><tr><td rowspan=0>三<td>1<tr><td>2<tbody><tr><td>四<td>3</table>`,
			"[3x2]\n三<2x1>|1\n^|2\n四|3"},
		{"spans that are no numbers", `<table><tr><td rowspan="x" colspan="-3">甲<td colspan="2.5">1<tr><td>乙<td>2</table>`,
			"[2x2]\n甲|1\n乙|2"},
		{"spans that collide", `<table><tr><td>a<td rowspan=2>b<td>c<tr><td colspan=3>d<td>e<tr><td>f<td>g<td>h</table>`,
			"[3x3]\na|b<2x1>|c\nd|^|e\nf|g|h"},
		{"missing end tags", `<table><tr><td>规章<td>0<td>1<tr><td>规范性文件<td>2<td>3</table>尾`,
			"[2x3]\n规章|0|1\n规范性文件|2|3\n尾"},
		{"paragraphs inside cells", `<table><tr><td><p>三、本年度</p><p>办理<br>结果</p></td><td><p>&nbsp;</p></td><td>&nbsp; 6&nbsp;</td></tr><tr><td>总 计</td><td></td><td>28</td></tr></table>`,
			"[2x3]\n三、本年度⏎办理⏎结果||6\n总 计||28"},
		{"hidden parts", `<style>p{}</style><noscript>开启脚本</noscript><template><p>x</p></template><p style="DISPLAY : none">藏</p><p hidden>藏</p><table><tr style="display:none"><td>x<td>y</tr><tr><td>甲<td style='display:none'>9<td>1</tr><tr><td>乙<td>2</tr></table>`,
			"[2x2]\n甲|1\n乙|2"},
		{"form controls", `<table><tr><td>规章<td><input value="3"><td><input type=hidden value=x><select><option>1<option selected>2</select><tr><td>a<td>b<td>c</table>`,
			"[2x3]\n规章|3|2\na|b|c"},
		{"page in a table of one cell", `<table><tr><td><p>一、总体情况</p><p>正文。</p></td></tr></table>`, "一、总体情况\n正文。"},
		{"page in nested layout tables", `<table><tr><td><table><tr><td>导航</td><td><p>一、总体情况</p><table><tr><td>规章</td><td>0</td></tr><tr><td>文件</td><td>1</td></tr></table><p>五、问题</p></td></tr></table></td></tr></table>`,
			"导航\n一、总体情况\n[2x2]\n规章|0\n文件|1\n五、问题"},
		{"article between rows of a page", `<table><tr><td>索引号</td><td>A-1</td></tr><tr><td colspan=2>` + article + `</td></tr><tr><td>规章</td><td>0</td></tr><tr><td>文件</td><td>1</td></tr></table>`,
			"[1x2]\n索引号|A-1\n" + articleText + "\n[2x2]\n规章|0\n文件|1"},
		{"table inside a cell of data", `<table><tr><td>甲<td>1<td>2<tr><td>乙<td>3<td>外<table><tr><td>里<td>8<tr><td>层<td>9</table><tr><td>丙<td>4<td>5</table>`,
			"[3x3]\n甲|1|2\n乙|3|外\n丙|4|5\n[2x2]\n里|8\n层|9"},
		{"a value in a table of its own", `<table><tr><td>甲<td><table><tr><td>1</table><tr><td>乙<td>2</table>`, "[2x2]\n甲|1\n乙|2"},
		{"several tables and a caption", `<table><caption>表一</caption><tr><td>甲<td>1<tr><td>乙<td>2</table><p>间</p><table><tr><td>丙<td>3</table>`,
			"表一\n[2x2]\n甲|1\n乙|2\n间\n[1x2]\n丙|3"},
		{"long title row stays with its table", `<table><tr><td colspan=4>第二十条第(一)项<tr><td>信息内容<td>制发<td>废止<td>有效<tr><td>规章<td>0<td>0<td>0</table>`,
			"[3x4]\n第二十条第(一)项<1x4>|^|^|^\n信息内容|制发|废止|有效\n规章|0|0|0"},
		{"pre with pipes", "<pre>说明\n| 甲 | 1 |\n| 乙 | 2 |\n</pre>", "说明\n[2x2]\n甲|1\n乙|2"},
		{"deleted text", `<p>收到<del>22</del><ins>23</ins>件</p>`, "收到23件"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := readString(t, "x.html", "<html><body>"+c.page)
			wantOutline(t, doc, c.want)
		})
	}
}

func TestHTMLAddressTitleAndName(t *testing.T) {
	doc := readString(t, "x.html", `<html><head><title> 某局
 年报 </title></head><table><tr><td>a<td>b</table><table><caption>表二</caption><tr><td rowspan=2>c<td>d<tr><td>e</table>`)
	if doc.Title != "某局 年报" || doc.Charset != "utf-8" {
		t.Errorf("title %q, charset %q", doc.Title, doc.Charset)
	}
	last := doc.Blocks[len(doc.Blocks)-1].Grid
	if cell := last.Cells[2]; last.Name != "表二" || cell.Text != "e" || cell.Address != "表2 第2行第2列" {
		t.Errorf("grid %q, cell %+v", last.Name, cell)
	}
}

func TestTablesShownByScript(t *testing.T) {
	doc := readString(t, "x.html", `<html><p>正文</p><div style="display:none"><table><tr><td>甲<td>1</table></div>`)
	wantOutline(t, doc, "正文\n[1x2]\n甲|1")
	if len(doc.Warnings) != 1 || !strings.Contains(doc.Warnings[0], "隐藏") {
		t.Errorf("warnings %q", doc.Warnings)
	}
}

func TestSheetsOfSavedWorkbook(t *testing.T) {
	part := func(body string) string {
		return "--b\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted(gb(body)) + "\r\n"
	}
	doc := readString(t, "x.mht", "MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n"+
		part("<html><frameset><frame src=1></frameset></html>")+part("<table><tr><td>规章<td>0</table>")+part("<table><tr><td>罚款<td>1</table>")+"--b--")
	wantOutline(t, doc, "[1x2]\n规章|0\n[1x2]\n罚款|1")
	if doc.Charset != "utf-8" && doc.Charset != "gb18030" {
		t.Errorf("charset %s", doc.Charset)
	}
}

// Depth and spans are the two ways in which a small page asks for much work.
func TestHostileHTMLEndsSoon(t *testing.T) {
	deep := func(open string, n int) string { return strings.Repeat(open, n) }
	for name, page := range map[string]string{
		"divs":              deep("<div>", 100_000) + "x",
		"tables":            deep("<table><tr><td>", 100_000) + "x",
		"tables in bounds":  deep("<table><tr><td>a<td>", 100) + "x",
		"bold in paragraph": deep("<p><b>", 20_000) + "x",
		"spans":             "<table>" + strings.Repeat("<tr><td rowspan=65534 colspan=1000>x", 20_000),
		"rows":              "<table>" + strings.Repeat("<tr><td>a<td>b", document.MaxGridRows+1),
		"columns":           "<table><tr>" + strings.Repeat("<td>a", 20_000),
		"cells":             strings.Repeat("<table>"+strings.Repeat("<tr>"+strings.Repeat("<td>", 900), 1500)+"</table>", 2),
		"cell of text":      "<table><tr><td>a<td>" + strings.Repeat("字", document.MaxCellText) + "<tr><td>b<td>c<tr><td>d<td>e<tr><td>f<td>g",
		"paragraphs":        strings.Repeat("<p>a", document.MaxBlocks+1),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			doc, err := Read(t.Context(), "坏.html", []byte("<html>"+page))
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

// annualPage is a page like those that are read in thousands: navigation, six
// parts of prose, and three tables, of the size that offices publish (40 KB).
func annualPage() string {
	var b strings.Builder
	b.WriteString("<html><head><title>年报</title><style>p{margin:0}</style></head><body>")
	for i := range 120 {
		fmt.Fprintf(&b, `<li class="nav"><a href="/col/col%d/index.html" target="_blank">栏目%d</a></li>`, i, i)
	}
	for range 30 {
		b.WriteString(`<p style="text-indent:2em;line-height:1.75"><span style="font-family:宋体">` + strings.Repeat("全面推进政务公开工作,", 12) + "</span></p>")
	}
	b.WriteString("<table border=1>")
	for range 25 {
		b.WriteString(`<tr><td colspan="3"><p style="text-align:left">一、本年新收政府信息公开申请数量</p></td>`)
		for range 7 {
			b.WriteString(`<td width="60"><p align="center"><span>0</span></p></td>`)
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</table></body></html>")
	return b.String()
}

func BenchmarkReadHTML(b *testing.B) {
	page := []byte(annualPage())
	b.SetBytes(int64(len(page)))
	for b.Loop() {
		if _, err := Read(b.Context(), "x.html", page); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
}
