package reader

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// pdfOf writes a PDF of A4 pages with those content streams. /F is a Chinese
// font that is named and not embedded, with half-width figures and letters.
func pdfOf(t testing.TB, contents ...string) []byte {
	t.Helper()
	return pdfPages(t, "", "", contents...)
}

// pdfPages is pdfOf with more entries for every page and for the trailer.
func pdfPages(t testing.TB, pageEntries, trailer string, contents ...string) []byte {
	t.Helper()
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"", // the pages
		"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>",
		"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /W [1 95 500] /FontDescriptor 5 0 R >>",
		"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >>",
		"<< /Title (Fixture) >>",
	}
	var kids []string
	for _, content := range contents {
		page := len(objects) + 1
		kids = append(kids, fmt.Sprintf("%d 0 R", page))
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s /Resources << /Font << /F 3 0 R >> >> /Contents %d 0 R >>", pageEntries, page+1),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(kids))
	var out bytes.Buffer
	out.WriteString("%PDF-1.7\n")
	offsets := make([]int, len(objects))
	for i, object := range objects {
		offsets[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&out, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R /Info 6 0 R %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, xref)
	return out.Bytes()
}

// pdfText shows text with its baseline at x, y, counted upwards from the foot.
func pdfText(x, y, size float64, text string) string {
	var hex strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		fmt.Fprintf(&hex, "%04X", unit)
	}
	return fmt.Sprintf("BT /F %g Tf %g %g Td <%s> Tj ET\n", size, x, y, hex.String())
}

func pdfLine(x1, y1, x2, y2 float64) string {
	return fmt.Sprintf("0.5 w %g %g m %g %g l S\n", x1, y1, x2, y2)
}

// pdfBar is a line drawn as Word draws it: a filled rectangle.
func pdfBar(x, y, w, h float64) string { return fmt.Sprintf("%g %g %g %g re f\n", x, y, w, h) }

// pdfParagraph sets the text in lines of perLine characters from the left
// margin, the first line indented by two.
func pdfParagraph(left, top, size float64, perLine int, text string) string {
	var out strings.Builder
	runes := []rune(text)
	take, x := perLine-2, left+2*size
	for len(runes) > 0 {
		n := min(take, len(runes))
		out.WriteString(pdfText(x, top, size, string(runes[:n])))
		runes, take, x, top = runes[n:], perLine, left, top-1.6*size
	}
	return out.String()
}
