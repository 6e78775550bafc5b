package reader

import (
	"context"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/intake/document"
)

const wordNamespaces = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:v="urn:schemas-microsoft-com:vml"`

func docxBody(body string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordNamespaces + `><w:body>` + body + `<w:sectPr/></w:body></w:document>`
}

const officeRel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

// docxRels name the main part, the numbering and the styles.
var docxRels = []string{
	"_rels/.rels", `<Relationships><Relationship Id="r1" Type="` + officeRel + `officeDocument" Target="word/document.xml"/></Relationships>`,
	"word/_rels/document.xml.rels", `<Relationships><Relationship Id="r1" Type="` + officeRel + `numbering" Target="numbering.xml"/><Relationship Id="r2" Type="` + officeRel + `styles" Target="/word/styles.xml"/></Relationships>`,
}

// docxOf packs a document of that body; parts adds further name, content pairs.
func docxOf(t testing.TB, body string, parts ...string) []byte {
	t.Helper()
	return zipParts(t, slices.Concat(docxRels, []string{"word/document.xml", docxBody(body)}, parts)...)
}

func par(text string) string { return "<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>" }

// tc is a cell: properties, then its content (text becomes a paragraph).
func tc(properties, content string) string {
	if !strings.HasPrefix(content, "<") {
		content = par(content)
	}
	return "<w:tc><w:tcPr>" + properties + "</w:tcPr>" + content + "</w:tc>"
}

func tr(cells ...string) string { return "<w:tr>" + strings.Join(cells, "") + "</w:tr>" }
func tbl(rows ...string) string { return "<w:tbl><w:tblPr/>" + strings.Join(rows, "") + "</w:tbl>" }
func gridSpan(n string) string  { return `<w:gridSpan w:val="` + n + `"/>` }
func sdt(content string) string {
	return "<w:sdt><w:sdtPr/><w:sdtContent>" + content + "</w:sdtContent></w:sdt>"
}
func vMerge(begin bool) string {
	if begin {
		return `<w:vMerge w:val="restart"/>`
	}
	return "<w:vMerge/>"
}

// shownAs prints a document one block a line: paragraphs as they are, tables
// as rows of cells, with every position that a merged cell covers.
func shownAs(doc *document.Document) []string {
	var out []string
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			out = append(out, b.Text)
			continue
		}
		for _, row := range b.Grid.Layout() {
			var line strings.Builder
			for _, c := range row {
				text := "~" // a hole
				if c != nil {
					text = strings.ReplaceAll(c.Text, "\n", "⏎")
				}
				line.WriteString("|" + text)
			}
			out = append(out, line.String()+"|")
		}
	}
	return out
}

func mustShow(t *testing.T, doc *document.Document, want ...string) {
	t.Helper()
	if got := shownAs(doc); !slices.Equal(got, want) {
		t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestWordIsReadAsAPersonSeesIt(t *testing.T) {
	cases := []struct {
		name string
		body string
		want []string
		warn string // a word of the only warning; "" for none
	}{
		{name: "merged cells", body: tbl(
			tr(tc(gridSpan("2")+vMerge(true), "类别"), tc("", "总计")),
			tr(tc(gridSpan("2")+vMerge(false), ""), tc("", "7")),
			tr(tc(vMerge(true), "结果"), tc("", "公开"), tc("", "5")),
			tr(tc(vMerge(false), ""), tc("", "其他"), tc("", "2")),
		), want: []string{"|类别|类别|总计|", "|类别|类别|7|", "|结果|公开|5|", "|结果|其他|2|"}},
		{name: "a merge ends where a row does not continue it", body: tbl(
			tr(tc(vMerge(true), "甲"), tc("", "1")), tr(tc("", "乙"), tc("", "2")), tr(tc(vMerge(false), "丙"), tc("", "3")),
		), want: []string{"|甲|1|", "|乙|2|", "|丙|3|"}},
		{name: "rows that begin later", body: tbl(
			tr(tc("", "甲"), tc("", "乙"), tc("", "丙")),
			`<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>`+tc("", "9")+`</w:tr>`,
		), want: []string{"|甲|乙|丙|", "|~|~|9|"}},
		{name: "legacy horizontal merge", body: tbl(
			tr(tc(`<w:hMerge w:val="restart"/>`, "合"), tc(`<w:hMerge/>`, ""), tc("", "3")),
		), want: []string{"|合|合|3|"}},
		{name: "content controls around table, row, cell, paragraph and run", body: sdt(tbl(
			sdt(tr(sdt(tc("", sdt("<w:p>"+sdt("<w:r><w:t>规章</w:t></w:r>")+"</w:p>"))), tc("", "4"))),
		)), want: []string{"|规章|4|"}},
		{name: "a placeholder that nobody filled is blank", body: tbl(
			tr(tc("", "费用"), tc("", `<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>`+par("单击此处输入数字")+`</w:sdtContent></w:sdt>`)),
		), want: []string{"|费用||"}},
		{name: "tracked changes", body: `<w:p><w:r><w:t>收到</w:t></w:r><w:del><w:r><w:delText>12</w:delText></w:r></w:del><w:ins><w:r><w:t>13</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>件</w:t></w:r></w:moveTo></w:p>`,
			want: []string{"收到13件"}, warn: "2处修订"},
		{name: "a deleted paragraph mark joins paragraphs", body: `<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>一、总体</w:t></w:r></w:p>` + par("情况"),
			want: []string{"一、总体情况"}},
		{name: "a deleted row", body: tbl(tr(tc("", "留"), tc("", "1")), `<w:tr><w:trPr><w:del/></w:trPr>`+tc("", "删")+tc("", "2")+`</w:tr>`),
			want: []string{"|留|1|"}, warn: "1个表格行"},
		{name: "nested table follows its outer table", body: tbl(
			tr(tc("", "外"), tc("", par("前")+tbl(tr(tc("", "内"), tc("", "1")))+par("后"))),
		), want: []string{"|外|前⏎后|", "|内|1|"}},
		{name: "a frame of one cell is layout", body: tbl(tr(tc("", par("二、主动公开")+tbl(tr(tc("", "规章"), tc("", "0")))+par("完")))),
			want: []string{"二、主动公开", "|规章|0|", "完"}},
		{name: "text box once, from either branch", body: `<w:p><w:r><w:t>题</w:t><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx><w:txbxContent>` + par("框内") + `</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>` + par("框内") + `</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p><w:p><w:r><w:pict><v:shape><v:textbox><w:txbxContent>` + par("旧框") + `</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>`,
			want: []string{"题", "框内", "旧框"}},
		{name: "breaks, tabs, soft hyphens and symbols", body: tbl(tr(
			tc("", "<w:p><w:r><w:t>结果</w:t><w:br/><w:t>维持</w:t></w:r></w:p>"),
			tc("", "<w:p><w:r><w:t>12</w:t><w:softHyphen/><w:t>\u00ad3</w:t><w:noBreakHyphen/><w:t>4</w:t><w:tab/><w:sym w:font=\"Wingdings\" w:char=\"F0FE\"/><w:sym w:font=\"Foo\" w:char=\"F0FE\"/></w:r></w:p>"),
			tc("", par("社会")+par("公益")),
		)), want: []string{"|结果⏎维持|123-4\t☑\uFFFD|社会⏎公益|"}},
		{name: "a manual break in prose begins a paragraph", body: "<w:p><w:r><w:t>一、总体情况</w:t><w:br/><w:t>本年度</w:t><w:br w:type=\"page\"/><w:t>平稳</w:t></w:r></w:p>",
			want: []string{"一、总体情况", "本年度平稳"}},
		{name: "field codes, hidden text and pinyin are not printed", body: `<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "x"</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>网站</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>明</w:t></w:r><w:r><w:rPr><w:rStyle w:val="Hide"/></w:rPr><w:t>藏</w:t></w:r><w:r><w:ruby><w:rt><w:r><w:t>gui</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>规</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>`,
			want: []string{"网站明规"}},
		{name: "an embedded other document", body: `<w:altChunk/>` + par("文"), want: []string{"文"}, warn: "嵌入"},
	}
	styles := `<w:styles ` + wordNamespaces + `><w:style w:type="character" w:styleId="Hide"><w:rPr><w:vanish/></w:rPr></w:style></w:styles>`
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			doc, err := readDOCX(context.Background(), docxOf(t, c.body, "word/styles.xml", styles))
			if err != nil {
				t.Fatal(err)
			}
			mustShow(t, doc, c.want...)
			if (c.warn == "") != (len(doc.Warnings) == 0) || !strings.Contains(strings.Join(doc.Warnings, ""), c.warn) {
				t.Errorf("got warnings %q, want %q", doc.Warnings, c.warn)
			}
		})
	}
}

func TestWordNumbersAreWrittenOut(t *testing.T) {
	numbering := `<w:numbering ` + wordNamespaces + `>
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="H1"/><w:lvlText w:val="%1、"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="(%2)"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val=""/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>
</w:numbering>`
	styles := `<w:styles ` + wordNamespaces + `>
<w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Sub"><w:basedOn w:val="H1"/></w:style></w:styles>`
	numbered := func(id, level, text string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + id + `"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	styled := func(style, rest, text string) string {
		return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/>` + rest + `</w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	body := styled("H1", "", "总体情况") + numbered("1", "1", "主动公开") + numbered("1", "1", "依申请公开") +
		par("正文") + numbered("2", "0", "圆点") + styled("Sub", "", "主动公开政府信息情况") + numbered("1", "1", "重新起算") +
		numbered("1", "2", "细目") + styled("H1", `<w:numPr><w:numId w:val="0"/></w:numPr>`, "不编号") + numbered("3", "0", "问题") + numbered("3", "0", "其他") +
		tbl(tr(tc("", numbered("1", "0", "在表内")), tc("", "1")))
	doc, err := readDOCX(context.Background(), docxOf(t, body, "word/numbering.xml", numbering, "word/styles.xml", styles))
	if err != nil {
		t.Fatal(err)
	}
	mustShow(t, doc, "一、总体情况", "(一)主动公开", "(二)依申请公开", "正文", "圆点", "二、主动公开政府信息情况", "(一)重新起算",
		"2.1细目", "不编号", "五、问题", "六、其他", "|七、在表内|1|")
}

func TestNumerals(t *testing.T) {
	cases := []struct {
		format string
		n      int
		want   string
	}{
		{"chineseCounting", 10, "十"}, {"chineseCounting", 12, "十二"}, {"chineseCounting", 20, "二十"}, {"chineseCountingThousand", 105, "一百〇五"},
		{"chineseCountingThousand", 1010, "一千〇一十"}, {"chineseLegalSimplified", 11, "壹拾壹"}, {"ideographTraditional", 3, "丙"}, {"ideographTraditional", 11, "11"},
		{"decimalEnclosedCircleChinese", 20, "⑳"}, {"decimalEnclosedCircle", 21, "21"}, {"upperLetter", 28, "BB"}, {"lowerRoman", 14, "xiv"},
		{"decimalZero", 7, "07"}, {"decimalFullWidth", 12, "１２"}, {"decimal", 0, "0"}, {"somethingNew", 3, "3"}, {"chineseCounting", -1, "-1"},
	}
	for _, c := range cases {
		if got := printNumber(c.format, c.n); got != c.want {
			t.Errorf("printNumber(%s, %d) = %q, want %q", c.format, c.n, got, c.want)
		}
	}
}

func TestWordVariants(t *testing.T) {
	strict := strings.ReplaceAll(docxBody(par("严格")+tbl(tr(tc(gridSpan("2"), "宽"), tc("", "1")))),
		"http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
	utf16 := "\xff\xfe"
	for _, r := range strings.Replace(docxBody(par("双字节")), "UTF-8", "UTF-16", 1) {
		utf16 += string([]byte{byte(r), byte(r >> 8)})
	}
	cases := []struct {
		name  string
		parts []string
		want  []string
	}{
		{"strict namespace", []string{"word/document.xml", strict}, []string{"严格", "|宽|宽|1|"}},
		{"UTF-16", []string{"word/document.xml", utf16}, []string{"双字节"}},
		{"byte order mark", []string{"word/document.xml", "\xef\xbb\xbf" + docxBody(par("标"))}, []string{"标"}},
		{"main part named otherwise, with backslashes and capitals", []string{
			"_rels/.rels", `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/word/document2.xml"/></Relationships>`,
			`Word\Document2.xml`, docxBody(par("另名"))}, []string{"另名"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			doc, err := readDOCX(context.Background(), zipParts(t, c.parts...))
			if err != nil {
				t.Fatal(err)
			}
			mustShow(t, doc, c.want...)
		})
	}
}

func TestWordTitleAndAddresses(t *testing.T) {
	doc, err := readDOCX(context.Background(), docxOf(t, tbl(tr(tc("", "甲"), tc("", "1")))+tbl(tr(tc("", "乙"), tc("", "2"))),
		"docProps/core.xml", `<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:title> 年度报告 </dc:title></cp:coreProperties>`))
	if err != nil {
		t.Fatal(err)
	}
	if doc.Title != "年度报告" || doc.Format != "docx" {
		t.Errorf("got title %q, format %q", doc.Title, doc.Format)
	}
	if got := doc.Blocks[1].Grid.Cells[1].Address; got != "表2 第1行第2列" {
		t.Errorf("got address %q", got)
	}
}

func TestWordBounds(t *testing.T) {
	deep := par("底")
	for range document.MaxNesting + 1 {
		deep = tbl(tr(tc("", deep), tc("", "x")))
	}
	cases := []struct {
		name, body, word string
	}{
		{"tables in tables", deep, "层"},
		{"a column span of a million", tbl(tr(tc(gridSpan("1000000"), "x"))), "列"},
		{"a wide row over many rows", tbl(tr(tc(gridSpan("1000"), "x")), strings.Repeat("<w:tr><w:tc/></w:tr>", maxGridPositions/1000)), "列"},
		{"one huge cell", tbl(tr(tc("", strings.Repeat("字", document.MaxCellText)), tc("", "1"))), "单元格"},
		{"paragraphs", strings.Repeat(par("段"), document.MaxBlocks+1), "段"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := readDOCX(context.Background(), docxOf(t, c.body))
			mustRefuse(t, err, c.word)
		})
	}
}

func FuzzReadDOCX(f *testing.F) {
	f.Add(docxBody(tbl(tr(tc(gridSpan("2")+vMerge(true), "甲"), tc("", "1")), tr(tc(gridSpan("2")+vMerge(false), ""), sdt(tc("", "2"))))))
	f.Add(docxBody(`<w:p><w:pPr><w:numPr><w:ilvl w:val="9"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr><w:del/><w:ins/></w:p>` + par("x")))
	f.Add(docxBody(tbl(tr(tc(`<w:vMerge/><w:hMerge/><w:gridSpan w:val="-3"/>`, tbl())))))
	f.Fuzz(func(t *testing.T, body string) {
		parts := []string{"word/document.xml", body, "word/numbering.xml", body, "word/styles.xml", body}
		doc, err := readDOCX(context.Background(), zipParts(t, slices.Concat(docxRels, parts)...))
		mustBeWhole(t, doc, err)
		doc, err = readDOCX(context.Background(), []byte(body))
		mustBeWhole(t, doc, err)
	})
}

// mustBeWhole checks what holds for any input: an error with a sentence, or a
// document whose cells lie in their grids.
func mustBeWhole(t *testing.T, doc *document.Document, err error) {
	t.Helper()
	if err != nil {
		mustRefuse(t, err, "")
		return
	}
	for _, b := range doc.Blocks {
		if (b.Text == "") == (b.Grid == nil) {
			t.Fatalf("a block has text %q and grid %v", b.Text, b.Grid)
		}
		if b.Grid == nil {
			continue
		}
		for _, c := range b.Grid.Cells {
			if c.Row < 0 || c.Col < 0 || c.RowSpan < 1 || c.ColSpan < 1 || c.Row+c.RowSpan > b.Grid.Rows || c.Col+c.ColSpan > b.Grid.Cols || c.Address == "" {
				t.Fatalf("cell %+v leaves its grid of %d by %d", c, b.Grid.Rows, b.Grid.Cols)
			}
		}
	}
}
