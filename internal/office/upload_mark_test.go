package office

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
)

// retyped is an Office file with other text in its visible parts, as when
// somebody types over what a template had printed.
func retyped(t *testing.T, file []byte, from, to string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(f.Name, "docProps/") && !bytes.Contains(data, []byte("mingjing|")) {
			data = bytes.ReplaceAll(data, []byte(from), []byte(to))
		} else if f.Name == "xl/sharedStrings.xml" {
			data = bytes.ReplaceAll(data, []byte(from), []byte(to))
			data = bytes.ReplaceAll(data, []byte("|"+to+"<"), []byte("|"+from+"<")) // the hidden sheet keeps its mark
		}
		part, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A template knows for whom it was made, whatever is typed over it.
func TestATemplateOfAnotherUnitIsCaught(t *testing.T) {
	x, ctx := openFiles(t), t.Context()
	for _, c := range []struct {
		name     string
		by       people.Visitor
		unit     disclosure.UnitNumber
		year     disclosure.Year
		from, to string
		want     []ObjectionKind
	}{
		{"the unit's own", x.filer, 2, 2025, "", "", nil},
		{"another unit's, name typed over", x.supervisor, 3, 2025, "清源区教育局", "清源区财政局", []ObjectionKind{ObjectUnit}},
		{"last year's, year typed over", x.filer, 2, 2024, "2024", "2025", []ObjectionKind{ObjectYear}},
	} {
		for _, format := range []string{"xlsx", "docx"} {
			file, _, err := x.FormTemplate(ctx, c.by, c.unit, disclosure.Period{Year: c.year}, format)
			if err != nil {
				t.Fatal(err)
			}
			if c.from != "" {
				file = retyped(t, file, c.from, c.to)
			}
			id, err := x.BringFile(ctx, x.filer, 2, y2025, "填报表."+format, file)
			if err != nil {
				t.Fatal(err)
			}
			pv, err := x.PreviewUpload(ctx, x.filer, id, 0)
			if err != nil {
				t.Fatal(err)
			}
			var got []ObjectionKind
			for _, b := range pv.Objections {
				if b.Refused || !strings.Contains(b.Sentence, "从系统") {
					t.Errorf("%s, %s: %+v", c.name, format, b)
				}
				got = append(got, b.Kind)
			}
			if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
				t.Errorf("%s, %s: objections %v, want %v", c.name, format, got, c.want)
			}
			if err := x.DropUpload(ctx, x.filer, id, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
}
