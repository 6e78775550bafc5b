package word

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/png"
	"io"
	"strings"
	"testing"
)

func sample(t *testing.T) *Document {
	t.Helper()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 20))); err != nil {
		t.Fatal(err)
	}
	d := New(Official())
	d.Subject = `标题<&>"`
	d.Title("关于某事的通报")
	d.Heading(1, "总体情况")
	d.Heading(2, "发布")
	d.Heading(3, "网站")
	d.Heading(4, "栏目")
	d.Heading(2, "申请")
	d.Body("第一段\n第二段\x00\x1b\uffff<b>&")
	d.Table(Table{Widths: []float64{50, 50, 56}, Header: 1, Rows: []Row{
		{Cells: []Cell{{Text: "单位", Down: 2}, {Text: "情况", Across: 2}}},
		{Cells: []Cell{{Text: "新收"}, {Text: "结转"}}},
		{Cells: []Cell{{Text: "甲局", Shade: "EEEEEE"}, {Text: "12", Align: Right}}},
	}})
	d.Table(Table{Widths: []float64{100}, Frame: FrameCut, Rows: []Row{{Cells: []Cell{{Text: "剪"}}}}})
	d.Picture(Picture{PNG: picture.Bytes(), Width: 80, Alt: "一张\"灰\"图"})
	d.Section(Official().Sideways())
	d.Add(Text(StyleSign, "某某办公室"))
	return d
}

func bytesOf(t *testing.T, d *Document) []byte {
	t.Helper()
	data, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func partsOf(t *testing.T, data []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Name] = string(content)
	}
	return out
}

func TestSameDocumentSameBytes(t *testing.T) {
	d := sample(t)
	first := bytesOf(t, d)
	if !bytes.Equal(first, bytesOf(t, d)) {
		t.Error("the second call gives other bytes")
	}
	if !bytes.Equal(first, bytesOf(t, sample(t))) {
		t.Error("the same calls give other bytes")
	}
}

// Every part is XML that a parser takes, whatever the text held.
func TestEveryPartIsXML(t *testing.T) {
	for name, content := range partsOf(t, bytesOf(t, sample(t))) {
		if strings.HasSuffix(name, ".png") {
			continue
		}
		dec := xml.NewDecoder(strings.NewReader(content))
		for {
			_, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
		}
	}
}

// What a relationship or the list of types names is there, and every part is
// named by the list.
func TestPackageIsWhole(t *testing.T) {
	parts := partsOf(t, bytesOf(t, sample(t)))
	var relations struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if err := xml.Unmarshal([]byte(parts["word/_rels/document.xml.rels"]), &relations); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, r := range relations.Relationship {
		if _, ok := parts["word/"+r.Target]; !ok {
			t.Errorf("%s names %s, which is not there", r.ID, r.Target)
		}
		ids[r.ID] = true
	}
	for _, used := range strings.Split(parts["word/document.xml"], `r:id="`)[1:] {
		if id, _, _ := strings.Cut(used, `"`); !ids[id] {
			t.Errorf("the document uses %s, which no relationship names", id)
		}
	}
	for name := range parts {
		if strings.HasPrefix(name, "word/") && strings.HasSuffix(name, ".xml") && !strings.Contains(parts["[Content_Types].xml"], `"/`+name+`"`) {
			t.Errorf("%s has no type", name)
		}
	}
}

func TestHeadingsAreNumbered(t *testing.T) {
	body := partsOf(t, bytesOf(t, sample(t)))["word/document.xml"]
	at := 0
	for _, want := range []string{"一、总体情况", "（一）发布", "1.网站", "（1）栏目", "（二）申请"} {
		i := strings.Index(body[at:], ">"+want+"<")
		if i < 0 {
			t.Fatalf("%q does not follow", want)
		}
		at += i
	}
	for n, want := range map[int]string{1: "一", 10: "十", 11: "十一", 20: "二十", 35: "三十五", 100: "100"} {
		if got := Numeral(n); got != want {
			t.Errorf("Numeral(%d) = %s, want %s", n, got, want)
		}
	}
}

// Every row covers every grid column, merged cells included.
func TestTableRowsAreFull(t *testing.T) {
	body := partsOf(t, bytesOf(t, sample(t)))["word/document.xml"]
	var doc struct {
		Body struct {
			Tables []struct {
				Rows []struct {
					Cells []struct {
						Span struct {
							Val int `xml:"val,attr"`
						} `xml:"tcPr>gridSpan"`
						Merge *struct {
							Val string `xml:"val,attr"`
						} `xml:"tcPr>vMerge"`
					} `xml:"tc"`
				} `xml:"tr"`
			} `xml:"tbl"`
		} `xml:"body"`
	}
	if err := xml.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	for r, row := range doc.Body.Tables[0].Rows {
		n := 0
		for _, c := range row.Cells {
			n += max(1, c.Span.Val)
		}
		if n != 3 {
			t.Errorf("row %d covers %d columns of 3", r, n)
		}
	}
	if m := doc.Body.Tables[0].Rows[1].Cells[0].Merge; m == nil || m.Val != "" {
		t.Error("the cell under the merged one does not go on")
	}
}

func TestPictureMustBePNG(t *testing.T) {
	d := New(Official())
	d.Picture(Picture{PNG: []byte("GIF89a"), Width: 10})
	if _, err := d.Bytes(); err == nil {
		t.Error("a picture that is no PNG is taken")
	}
}
