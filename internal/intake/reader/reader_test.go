package reader

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// layoutText prints a document for comparison: a paragraph a line, a grid as its
// rows, cells parted by "|", spans as text<rows x cols>, holes as "·".
func layoutText(doc *document.Document) string {
	var b strings.Builder
	for _, block := range doc.Blocks {
		if block.Grid == nil {
			fmt.Fprintln(&b, block.Text)
			continue
		}
		fmt.Fprintf(&b, "[%dx%d]\n", block.Grid.Rows, block.Grid.Cols)
		for r, row := range block.Grid.Layout() {
			var cells []string
			for c, cell := range row {
				switch {
				case cell == nil:
					cells = append(cells, "·")
				case cell.Row != r || cell.Col != c:
					cells = append(cells, "^")
				case max(1, cell.RowSpan) > 1 || max(1, cell.ColSpan) > 1:
					cells = append(cells, fmt.Sprintf("%s<%dx%d>", cell.Text, max(1, cell.RowSpan), max(1, cell.ColSpan)))
				default:
					cells = append(cells, cell.Text)
				}
			}
			fmt.Fprintln(&b, strings.ReplaceAll(strings.Join(cells, "|"), "\n", "⏎"))
		}
	}
	return b.String()
}

func readString(t *testing.T, name, content string) *document.Document {
	t.Helper()
	doc, err := Read(t.Context(), name, []byte(content))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	checkBounds(t, doc)
	return doc
}

// checkBounds holds what document promises of every reader.
func checkBounds(t testing.TB, doc *document.Document) {
	t.Helper()
	for _, b := range doc.Blocks {
		if (b.Text == "") == (b.Grid == nil) {
			t.Fatalf("a block must be a paragraph or a grid: %+v", b)
		}
		if b.Text != strings.Trim(b.Text, "\n") {
			t.Fatalf("line ends around a paragraph: %q", b.Text)
		}
		if b.Grid == nil {
			continue
		}
		for _, c := range b.Grid.Cells {
			if c.Row < 0 || c.Col < 0 || c.RowSpan < 1 || c.ColSpan < 1 || c.Row+c.RowSpan > b.Grid.Rows || c.Col+c.ColSpan > b.Grid.Cols {
				t.Fatalf("cell outside of its %dx%d grid: %+v", b.Grid.Rows, b.Grid.Cols, c)
			}
			if c.Address == "" {
				t.Fatalf("cell without address: %+v", c)
			}
		}
	}
}

func wantOutline(t *testing.T, doc *document.Document, want string) {
	t.Helper()
	if got := strings.TrimSpace(layoutText(doc)); got != strings.TrimSpace(want) {
		t.Errorf("got\n%s\n\nwant\n%s", got, strings.TrimSpace(want))
	}
}

func packageOf(t testing.TB, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		name, content, _ := strings.Cut(name, "=")
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(content))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// oleOf is a compound file ([MS-CFB], version 3) whose root has one stream of
// 4,096 bytes that begin with content: header, FAT, directory, stream.
func oleOf(stream string, content ...byte) string {
	var b bytes.Buffer
	word := func(v ...any) {
		for _, x := range v {
			binary.Write(&b, binary.LittleEndian, x)
		}
	}
	word(oleMagic, [16]byte{}, uint16(0x3E), uint16(3), uint16(0xFFFE), uint16(9), uint16(6), [6]byte{})
	word(uint32(0), uint32(1), uint32(1), uint32(0), uint32(4096), uint32(0xFFFFFFFE), uint32(0), uint32(0xFFFFFFFE), uint32(0), uint32(0))
	for range 108 {
		word(uint32(0xFFFFFFFF))
	}
	fat := make([]uint32, 128)
	for i := range fat {
		fat[i] = 0xFFFFFFFF
	}
	fat[0], fat[1] = 0xFFFFFFFD, 0xFFFFFFFE
	for i := range 8 {
		fat[2+i] = uint32(3 + i)
	}
	fat[9] = 0xFFFFFFFE
	word(fat)
	entry := func(name string, kind byte, child, start uint32, size uint64) {
		var text [32]uint16
		n := copy(text[:], utf16.Encode([]rune(name)))
		word(text, uint16(2*(n+1)), kind, byte(1), uint32(0xFFFFFFFF), uint32(0xFFFFFFFF), child, [16]byte{}, uint32(0), [16]byte{}, start, size)
	}
	entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
	entry(stream, 2, 0xFFFFFFFF, 2, 4096)
	b.Write(make([]byte, 256))
	b.Write(content)
	b.Write(make([]byte, 4096-len(content)))
	return b.String()
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct{ name, content, want string }{
		{"空.docx", "", "文件“空.docx”是空文件"},
		{"空白.txt", " \r\n\t\n", "文件“空白.txt”是空文件"},
		{"扫描.jpg", "\xFF\xD8\xFF\xE0\x00\x10JFIF", "文件“扫描.jpg”是图片或扫描件"},
		{"扫描.pdf", "\x89PNG\r\n\x1A\n", "文件“扫描.pdf”是图片或扫描件"},
		{"扫描.tif", "II*\x00\x08\x00", "文件“扫描.tif”是图片或扫描件"},
		{"报告.exe", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xFF\xFF", "文件“报告.exe”是程序文件"},
		{"报告", "\x7FELF\x02\x01\x01\x00", "文件“报告”是程序文件"},
		{"报告.ofd", packageOf(t, "OFD.xml", "Doc_0/Document.xml"), "文件“报告.ofd”是OFD版式文件,暂不能读取,请另存为PDF或docx"},
		{"全部.zip", packageOf(t, "a.docx", "b.docx"), "文件“全部.zip”是压缩包"},
		{"全部.rar", "Rar!\x1A\x07\x01\x00", "文件“全部.rar”是压缩包"},
		{"断.docx", packageOf(t, "[Content_Types].xml", "word/document.xml")[:60], "文件“断.docx”已损坏或没有传完整"},
		{"讲稿.pptx", packageOf(t, "[Content_Types].xml", "ppt/presentation.xml"), "文件“讲稿.pptx”是演示文稿"},
		{"加密.docx", oleOf("EncryptedPackage"), "文件“加密.docx”加了打开密码"},
		{"加密.doc", oleOf("WordDocument", 0xEC, 0xA5, 0xC1, 0, 0, 0, 0, 0, 0, 0, 0, 1), "文件“加密.doc”加了打开密码"},
		{"旧.wps", oleOf("WordDocument", 0xEC, 0xA5), "文件“旧.wps”是旧版Word(doc/wps)格式,请用WPS或Word另存为docx"},
		{"旧.et", oleOf("Workbook"), "文件“旧.et”是旧版Excel(xls/et)格式,请用WPS或Word另存为xlsx"},
		{"旧.ppt", oleOf("PowerPoint Document"), "文件“旧.ppt”是演示文稿"},
		{"坏.doc", string(oleMagic) + "garbage", "文件“坏.doc”已损坏"},
		{"旧.rtf", `{\rtf1\ansi 27}`, "文件“旧.rtf”是rtf文档格式"},
		{"表.ods", packageOf(t, "mimetype=application/vnd.oasis.opendocument.spreadsheet", "content.xml"), "文件“表.ods”是ods表格格式"},
		{"表.xls", `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>`, "文件“表.xls”是旧版Excel"},
		{"数据.xml", `<?xml version="1.0"?><rows><row a="1"/></rows>`, "文件“数据.xml”是XML数据"},
		{"未知.dat", strings.Repeat("\x01\x02\x03\x04报", 50), "文件“未知.dat”不是能识别的文件类型"},
		{"空页.html", "<html><head><title>x</title></head><body><script>1</script></body></html>", "文件“空页.html”里没有可读的文字或表格"},
		{"大.txt", strings.Repeat("a", MaxFileBytes+1), "文件“大.txt”超过100MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(t.Context(), c.name, []byte(c.content))
			if disclosure.CodeOf(err) != disclosure.ErrInvalid || !strings.HasPrefix(disclosure.Sentence(err), c.want) || !strings.HasSuffix(disclosure.Sentence(err), "。") {
				t.Errorf("got %v, want %s…。", err, c.want)
			}
		})
	}
}

func TestKindIsToldByContent(t *testing.T) {
	word := packageOf(t, "[Content_Types].xml", "_rels/.rels", "word/document.xml")
	for _, c := range []struct {
		name, content string
		want          fileKind
	}{
		{"docx", word, kindDOCX},
		{"docx with backslashes", packageOf(t, "[Content_Types].xml", `word\document.xml`), kindDOCX},
		{"xlsx", packageOf(t, "[Content_Types].xml", "xl/workbook.xml"), kindXLSX},
		{"pdf", "%PDF-1.7\n1 0 obj endobj", kindPDF},
		{"pdf behind junk", "\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n1 0 obj\nendobj", kindPDF},
		{"text about pdf", "文件头是 %PDF-1.7 的就是PDF。", kindText},
		{"mhtml", "From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>1", kindMHTML},
		{"utf-16", "\xFF\xFE1\x00\n\x00", kindText},
		{"text that begins like a program", "MZ是一个缩写。", kindText},
	} {
		if got := sniff([]byte(c.content)); got.kind != c.want {
			t.Errorf("%s: kind %d (%s), want %d", c.name, got.kind, got.sentence, c.want)
		}
	}
}

func TestHTMLUnderOtherNames(t *testing.T) {
	const page = `<table><tr><td>规章</td><td>0</td></tr><tr><td>行政规范性文件</td><td>27</td></tr></table>`
	const want = "[2x2]\n规章|0\n行政规范性文件|27"
	for name, content := range map[string]string{
		"报告.doc":  "\uFEFF \r\n<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><!--[if gte mso 9]><xml><o:x/></xml><![endif]--><body>" + page,
		"报告.xls":  "junk before\n<!DOCTYPE html>" + page,
		"片段.txt":  "\n\n" + page,
		"报告.xml":  `<?xml version="1.0" encoding="gb2312"?><html xmlns="http://www.w3.org/1999/xhtml"><body>` + page + "</body></html>",
		"报告.mht":  "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=\"b\"\n\n--b\nContent-Type: text/html; charset=\"utf-8\"\nContent-Transfer-Encoding: quoted-printable\n\n" + quoted(page) + "\n--b\nContent-Type: image/png\n\nxx\n--b--\n",
		"无名":      page,
		"存.mhtml": "From: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + gb(page),
	} {
		t.Run(name, func(t *testing.T) {
			doc := readString(t, name, content)
			got := layoutText(doc)
			if doc.Format != "html" || !strings.Contains(got, want) {
				t.Errorf("format %s:\n%s", doc.Format, got)
			}
		})
	}
}

func quoted(text string) string {
	var b strings.Builder
	for i, c := range []byte(text) {
		if i%20 == 19 {
			b.WriteString("=\n")
		}
		fmt.Fprintf(&b, "=%02X", c)
	}
	return b.String()
}

func TestCancelledContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Read(ctx, "a.txt", []byte("一")); disclosure.CodeOf(err) != disclosure.ErrUnavailable {
		t.Errorf("got %v", err)
	}
}
