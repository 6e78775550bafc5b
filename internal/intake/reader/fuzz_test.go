package reader

import (
	"context"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// fuzzText runs one reader of decoded text: it must keep document's promises,
// or refuse with a sentence.
func fuzzText(f *testing.F, read func(context.Context, string) (*document.Document, error), seeds ...string) {
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, _, _, err := decode(data)
		if err != nil {
			return
		}
		doc, err := read(t.Context(), text)
		if err != nil {
			if disclosure.CodeOf(err) != disclosure.ErrInvalid {
				t.Fatal(err)
			}
			return
		}
		checkBounds(t, doc)
	})
}

func FuzzReadHTML(f *testing.F) {
	fuzzText(f, readHTML,
		`<table><caption>a</caption><tr><td rowspan=0 colspan=9>a<td>b<tr><th>c<td><table><tr><td>1<td>2</table></table>`,
		`<p>a<br>b<pre>| a | b |`+"\n"+`| c | d |</pre><select><option selected>x`, annualPage()[:3000], "<svg><title>x</title><p>y")
}

func FuzzReadText(f *testing.F) {
	fuzzText(f, readText, copied(3, row("a"), row("b", "1", "2"), row("c", "3", "4")), "甲\t1\n\"乙\n丙\"\t2\n丁\n\t\n3",
		"规章   0   1\n文件   2   3\n", "一、新收 1 2 3\n二、结转 0 0 0\n", "x\n|\ny\n|\n||\n")
}

func FuzzReadMarkdown(f *testing.F) {
	fuzzText(f, readText, "# a\n| a | b |\n|---|:-:|\n| **c** | d\\|e<br>f |\n", "a | b\n--- | ---\n1 | 2\n", "<table><tr><td>1<table></table>\n</table>\n> q", "|  |\n|--|\n| a\nb |\n")
}

func FuzzReadCSV(f *testing.F) {
	fuzzText(f, readCSV, "a,b\n1,2\n", "\"a\n\"\"b\",c\r\n1;2", "sep=;\na;b\n", "=\"1\"\t2\n")
}

func FuzzSniff(f *testing.F) {
	for _, seed := range []string{"", "%PDF-1.7 endobj", "PK\x03\x04", string(oleMagic), oleOf("Workbook"), "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n<p>x", "\xFF\xFEa\x00", `{\rtf1}`, "<?xml?><html>", "BM\x00\x01"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		found := sniff(data)
		switch found.kind {
		case kindRefused:
			if found.sentence == "" {
				t.Fatal("refused without a sentence")
			}
		case kindLegacy:
			if _, known := officeTarget[found.extension]; !known {
				t.Fatalf("no conversion of %q", found.extension)
			}
		case kindMHTML, kindText:
			doc, err := Read(t.Context(), "x", data)
			if err != nil {
				if disclosure.CodeOf(err) != disclosure.ErrInvalid {
					t.Fatal(err)
				}
				return
			}
			checkBounds(t, doc)
		}
	})
}
