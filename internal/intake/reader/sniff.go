package reader

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"strings"

	"github.com/richardlehane/mscfb"
)

// fileKind is what a file's bytes say it is.
type fileKind int

const (
	kindText    fileKind = iota // HTML, Markdown, CSV, plain: told apart after decoding
	kindMHTML                   // a page saved with its parts
	kindDOCX                    // Office Open XML text
	kindXLSX                    // Office Open XML workbook
	kindPDF                     // from offset on
	kindLegacy                  // what LibreOffice must convert
	kindRefused                 // nothing that Mingjing reads: sentence says why
)

// sniffed is the outcome of looking at a file's bytes.
type sniffed struct {
	kind      fileKind
	offset    int    // of %PDF-
	extension string // the format LibreOffice is to read: doc, xls, rtf, odt, ods, xlsb
	sentence  string // goes on from the file's name
}

func refused(sentence string) sniffed { return sniffed{kind: kindRefused, sentence: sentence} }

const (
	sayImage      = "是图片或扫描件,没有可读取的文字,请交Word、Excel或网页原件。"
	sayArchive    = "是压缩包,请解压后把里面的报告逐个交来。"
	sayEncrypted  = "加了打开密码,请去掉密码后再交。"
	sayProgram    = "是程序文件,不是报告,请检查来源后删除,改交Word、Excel或网页原件。"
	sayOFD        = "是OFD版式文件,暂不能读取,请另存为PDF或docx后再交。"
	saySlides     = "是演示文稿,不是报告,请交Word、Excel或网页原件。"
	sayUnknown    = "不是能识别的文件类型,请用WPS或Word另存为docx或xlsx后再交。"
	sayEmpty      = "是空文件,请重新导出后再交。"
	sayDamagedZip = "已损坏或没有传完整,请在原软件中重新保存后再交。"
)

// signatures of kinds that end the matter, by the file's first bytes.
var signatures = []struct{ magic, sentence string }{
	{"\xFF\xD8\xFF", sayImage}, {"\x89PNG\r\n", sayImage}, {"GIF8", sayImage}, {"BM", ""},
	{"II*\x00", sayImage}, {"MM\x00*", sayImage}, {"\x00\x00\x00\x0CjP  ", sayImage},
	{"MZ", ""}, {"\x7FELF", sayProgram}, {"\xCF\xFA\xED\xFE", sayProgram}, {"\xCE\xFA\xED\xFE", sayProgram},
	{"\xCA\xFE\xBA\xBE", sayProgram}, {"Rar!\x1A\x07", sayArchive}, {"7z\xBC\xAF\x27\x1C", sayArchive},
	{"\x1F\x8B\x08", sayArchive}, {"BZh", ""}, {"\xFD7zXZ\x00", sayArchive},
	{"%!PS", "是PostScript打印文件,请另存为PDF后再交。"},
	{"SQLite format 3\x00", sayUnknown}, {"\x28\xB5\x2F\xFD", sayArchive},
}

// shortSignatures also begin honest text ("BMW…"); they count only in a file
// that is binary.
var shortSignatures = map[string]string{"BM": sayImage, "MZ": sayProgram, "BZh": sayArchive}

var oleMagic = []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")

// sniff looks at the content only. It never fails: what it does not know as
// binary is text.
func sniff(data []byte) sniffed {
	if len(bytes.TrimSpace(data)) == 0 || len(bytes.Trim(data, "\x00")) == 0 {
		return refused(sayEmpty)
	}
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s.magic)) && s.sentence != "" {
			return refused(s.sentence)
		}
	}
	head := data[:min(len(data), 4096)]
	switch {
	case bytes.HasPrefix(data, oleMagic):
		return sniffOLE(data)
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")), bytes.HasPrefix(data, []byte("PK\x07\x08")):
		return sniffZip(data)
	case bytes.HasPrefix(data, []byte("RIFF")) && len(data) > 12 && string(data[8:12]) == "WEBP", len(data) > 12 && string(data[4:8]) == "ftyp":
		return refused(sayImage)
	case bytes.HasPrefix(bytes.TrimLeft(head, "\xEF\xBB\xBF \t\r\n"), []byte(`{\rtf`)):
		return sniffed{kind: kindLegacy, extension: "rtf"}
	}
	if at := bytes.Index(head, []byte("%PDF-")); at >= 0 && pdfStart(data, at) {
		return sniffed{kind: kindPDF, offset: at}
	}
	if isMHTML(head) {
		return sniffed{kind: kindMHTML}
	}
	if isBinary(head) {
		for magic, sentence := range shortSignatures {
			if bytes.HasPrefix(data, []byte(magic)) {
				return refused(sentence)
			}
		}
		return refused(sayUnknown)
	}
	return sniffed{}
}

// pdfStart tells a PDF with junk before it (mail headers, proxies' notes; ISO
// 32000 lets readers look through the first 1,024 bytes) from text about PDFs.
func pdfStart(data []byte, at int) bool {
	return at == 0 || bytes.Contains(data[at:], []byte("endobj")) || bytes.Contains(data[at:], []byte("startxref"))
}

// isBinary says that the bytes are no text in any encoding read here.
func isBinary(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xFF\xFE")) || bytes.HasPrefix(head, []byte("\xFE\xFF")) || utf16Order(head) != "" {
		return false
	}
	control := 0
	for _, b := range head {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1B || b == 0x7F {
			control++
		}
	}
	return control*50 > len(head)
}

// sniffZip tells what a zip package holds by the names of its parts.
func sniffZip(data []byte) sniffed {
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return refused(sayDamagedZip)
	}
	has := map[string]bool{}
	for _, f := range zr.File {
		name := partName(f.Name)
		folder, _, nested := strings.Cut(name, "/")
		has[name] = true
		if nested {
			has[folder+"/"] = true
		}
	}
	packaged := has["[content_types].xml"]
	switch {
	case has["ofd.xml"]:
		return refused(sayOFD)
	case has["xl/workbook.bin"]:
		return sniffed{kind: kindLegacy, extension: "xlsb"}
	case packaged && has["word/"]:
		return sniffed{kind: kindDOCX}
	case packaged && has["xl/"]:
		return sniffed{kind: kindXLSX}
	case packaged && has["ppt/"]:
		return refused(saySlides)
	case has["mimetype"] && has["content.xml"]:
		return sniffODF(zr)
	case has["word/document.xml"]:
		return sniffed{kind: kindDOCX}
	case has["xl/workbook.xml"]:
		return sniffed{kind: kindXLSX}
	}
	return refused(sayArchive)
}

func sniffODF(zr *zip.Reader) sniffed {
	f, err := zr.Open("mimetype")
	if err != nil {
		return refused(sayDamagedZip)
	}
	defer f.Close()
	kind, _ := io.ReadAll(io.LimitReader(f, 200))
	switch {
	case bytes.Contains(kind, []byte("opendocument.text")):
		return sniffed{kind: kindLegacy, extension: "odt"}
	case bytes.Contains(kind, []byte("opendocument.spreadsheet")):
		return sniffed{kind: kindLegacy, extension: "ods"}
	}
	return refused(sayUnknown)
}

// sniffOLE tells an OLE2 compound file ([MS-CFB]) by the streams at its root:
// .doc and .wps have WordDocument, .xls and .et have Workbook or Book. An
// embedded sheet's stream of the same name lies deeper and does not count.
func sniffOLE(data []byte) (found sniffed) {
	defer func() {
		// mscfb is fed hostile bytes; a panic of it is a damaged file.
		if recover() != nil {
			found = refused(sayDamagedZip)
		}
	}()
	r, err := mscfb.New(bytes.NewReader(data))
	if err != nil {
		return refused(sayDamagedZip)
	}
	found = refused(sayUnknown)
	for range 10_000 {
		f, err := r.Next()
		if err != nil {
			return found
		}
		if len(f.Path) > 0 {
			continue
		}
		switch f.Name {
		case "EncryptedPackage":
			return refused(sayEncrypted)
		case "WordDocument":
			if wordEncrypted(f) {
				return refused(sayEncrypted)
			}
			return sniffed{kind: kindLegacy, extension: "doc"}
		case "Workbook", "Book":
			return sniffed{kind: kindLegacy, extension: "xls"}
		case "PowerPoint Document":
			return refused(saySlides)
		}
	}
	return found
}

// wordEncrypted reads fEncrypted of the FIB ([MS-DOC] 2.5.2, bit 8 at 0x0A).
func wordEncrypted(stream io.Reader) bool {
	var fib [12]byte
	_, err := io.ReadFull(stream, fib[:])
	return err == nil && fib[0x0B]&0x01 != 0
}

var (
	mimeHeader  = regexp.MustCompile(`(?mi)^mime-version:`)
	headerField = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*:[ \t]`)
)

// isMHTML recognises a message (RFC 2557): header fields from the first line
// on, with MIME-Version among them.
func isMHTML(head []byte) bool {
	head = bytes.TrimLeft(head, "\xEF\xBB\xBF \t\r\n")
	return mimeHeader.Match(head) && headerField.Match(head)
}
