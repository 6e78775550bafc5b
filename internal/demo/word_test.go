package demo

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"reflect"
	"testing"
)

// wordXML is as much of a Word document as holds its tables.
type wordXML struct {
	Body struct {
		Tables []struct {
			Rows []struct {
				Cells []struct {
					Span struct {
						N int `xml:"val,attr"`
					} `xml:"tcPr>gridSpan"`
					Merge *struct {
						Val string `xml:"val,attr"`
					} `xml:"tcPr>vMerge"`
					Text string `xml:"p>r>t"`
				} `xml:"tc"`
			} `xml:"tr"`
		} `xml:"tbl"`
	} `xml:"body"`
}

// The Word file and the page hold the same tables, position by position.
func TestWordHasTheSameTables(t *testing.T) {
	t.Parallel()
	for _, r := range collect(Generate(Spec{}))[19] { // prints (六) as one row, then as both
		var file bytes.Buffer
		if err := WriteWord(&file, r); err != nil {
			t.Fatal(err)
		}
		archive, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
		if err != nil {
			t.Fatal(err)
		}
		part, err := archive.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		var doc wordXML
		if err := xml.NewDecoder(part).Decode(&doc); err != nil {
			t.Fatal(err)
		}
		var got [][][]string
		for _, table := range doc.Body.Tables {
			var grid [][]string
			for i, row := range table.Rows {
				var line []string
				for _, c := range row.Cells {
					text := c.Text
					if c.Merge != nil && c.Merge.Val == "" {
						text = grid[i-1][len(line)]
					}
					for range max(1, c.Span.N) {
						line = append(line, text)
					}
				}
				grid = append(grid, line)
			}
			got = append(got, grid)
		}
		if want := tables(t, r); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: Word has %q, the page %q", r.Year(), got, want)
		}
	}
}
