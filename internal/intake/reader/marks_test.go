package reader

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"testing"

	"mingjing/internal/intake/document"
)

func firstGridTexts(t *testing.T, doc *document.Document) []string {
	t.Helper()
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			var out []string
			for _, c := range b.Grid.Cells {
				out = append(out, c.Text)
			}
			return out
		}
	}
	t.Fatal("want a grid")
	return nil
}

func TestMarksBesideFiguresAreLeftOut(t *testing.T) {
	for _, c := range []struct{ name, html, word, want, warn string }{
		{"note behind", `5<sup>1</sup>`, `<w:r><w:t>5</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r>`, "5", "注码"},
		{"note in brackets", `5<sup>[12]</sup>`, `<w:r><w:t>5</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>[12]</w:t></w:r>`, "5", "注码"},
		{"note before", `<span style="vertical-align: SUPER">①</span>7`, `<w:r><w:rPr><w:rStyle w:val="Note"/></w:rPr><w:t>①</w:t></w:r><w:r><w:t>7</w:t></w:r>`, "7", "注码"},
		{"lowered", `5<sub>2</sub>`, `<w:r><w:t>5</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t>2</w:t></w:r>`, "5", "注码"},
		{"all of it raised", `<sup>12</sup>`, `<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>12</w:t></w:r>`, "12", ""},
		{"raised back to the line", `<span style="vertical-align:baseline">12</span>3`, `<w:r><w:rPr><w:vertAlign w:val="baseline"/></w:rPr><w:t>123</w:t></w:r>`, "123", ""},
		{"raised words", `本年<sup>新增</sup>`, `<w:r><w:t>本年</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>新增</w:t></w:r>`, "本年新增", ""},
		{"crossed out", `<s>77</s>8`, `<w:r><w:rPr><w:strike/></w:rPr><w:t>77</w:t></w:r><w:r><w:t>8</w:t></w:r>`, "8", "删除线"},
		{"crossed out by style", `<font style="color:red;text-decoration:underline line-through">77</font>8`, `<w:r><w:rPr><w:dstrike w:val="true"/></w:rPr><w:t>77</w:t></w:r><w:r><w:t>8</w:t></w:r>`, "8", "删除线"},
		{"not crossed out", `<font style="text-decoration:underline">77</font>8`, `<w:r><w:rPr><w:strike w:val="0"/></w:rPr><w:t>778</w:t></w:r>`, "778", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := `<html><body><table><tr><td>规章<td>本年<tr><td>甲<td>` + c.html + `</table></body></html>`
			word := `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>规章</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>本年</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p>` + c.word + `</w:p></w:tc></w:tr></w:tbl>`
			for name, data := range map[string][]byte{"r.html": []byte(page), "r.docx": wordWithNoteStyle(t, word)} {
				doc, err := Read(context.Background(), name, data)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				cells := firstGridTexts(t, doc)
				if got := cells[len(cells)-1]; got != c.want {
					t.Errorf("%s: want %q, got %q", name, c.want, got)
				}
				if said := strings.Join(doc.Warnings, ""); (c.warn == "") != (said == "") || !strings.Contains(said, c.warn) {
					t.Errorf("%s: want a warning with %q, got %q", name, c.warn, said)
				}
			}
		})
	}
}

func wordWithNoteStyle(t *testing.T, body string) []byte {
	t.Helper()
	const ns = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml":          `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
		"_rels/.rels":                  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/_rels/document.xml.rels": `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>`,
		"word/styles.xml":              `<w:styles ` + ns + `><w:style w:type="character" w:styleId="Note"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style></w:styles>`,
		"word/document.xml":            `<w:document ` + ns + `><w:body>` + body + `</w:body></w:document>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
