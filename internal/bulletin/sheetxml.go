package bulletin

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// place is a cell of a sheet, both counted from 0.
type place struct{ row, col int }

func (p place) name() string {
	name, _ := excelize.CoordinatesToCellName(p.col+1, p.row+1) // fails below 1 only
	return name
}

// cellValue is what a cell is to hold; Formula cells keep their formula and get
// it as the stored result.
type cellValue struct {
	number string // "" for none
	text   string // when there is no number
	// unknown drops a formula's stored result: it is no longer true.
	unknown bool
}

// sheetCell is a cell as it stands in a sheet's XML: bytes from and to.
type sheetCell struct {
	place
	from, to int64
	attrs    []xml.Attr
	formula  []byte // the f element as it stands; nil without one
	source   string // the formula's text
	value    []byte // the v or is element
}

type sheetRow struct {
	number     int // from 0
	from, to   int64
	open       int64 // behind the start tag
	end        int64 // before the end tag
	selfClosed bool
	attrs      []xml.Attr
	cells      []sheetCell
}

// sheetMap is where rows and cells stand in a sheet's XML, so that a few can be
// changed and every other byte kept.
type sheetMap struct {
	data       []byte
	prefix     string // of the elements: "", or "x:"
	rows       []sheetRow
	open, end  int64 // of sheetData's content
	selfClosed bool
	from       int64
}

var errNoSheetData = errors.New("no sheetData")

// mapSheet finds the rows and cells of a worksheet part.
func mapSheet(data []byte) (*sheetMap, error) {
	m := &sheetMap{data: data, from: -1}
	dec := xml.NewDecoder(bytes.NewReader(data))
	var row *sheetRow
	var cell *sheetCell
	inside, done := false, false
	lastRow, depth := -1, 0 // depth below a cell
	var child int64         // where the cell's child began
	for {
		at := dec.InputOffset()
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		after := dec.InputOffset()
		switch e := tok.(type) {
		case xml.StartElement:
			switch {
			case cell != nil:
				if depth++; depth == 1 {
					child = at
				}
			case e.Name.Local == "sheetData" && !done:
				inside, m.from, m.open = true, at, after
				if e.Name.Space != "" {
					m.prefix = e.Name.Space + ":"
				}
				m.selfClosed = bytes.HasSuffix(data[at:after], []byte("/>"))
			case inside && e.Name.Local == "row":
				n := numberAttr(e.Attr, "r", lastRow+2) - 1
				lastRow = n
				m.rows = append(m.rows, sheetRow{number: n, from: at, open: after, attrs: copyAttrs(e.Attr), selfClosed: bytes.HasSuffix(data[at:after], []byte("/>"))})
				row = &m.rows[len(m.rows)-1]
			case row != nil && e.Name.Local == "c":
				p := place{row.number, 0}
				if n := len(row.cells); n > 0 {
					p.col = row.cells[n-1].col + 1
				}
				if ref := attrOf(e.Attr, "r"); ref != "" {
					c, _, err := excelize.CellNameToCoordinates(ref)
					if err != nil {
						return nil, err
					}
					p.col = c - 1
				}
				row.cells = append(row.cells, sheetCell{place: p, from: at, attrs: copyAttrs(e.Attr)})
				cell, depth = &row.cells[len(row.cells)-1], 0
			}
		case xml.CharData:
			if cell != nil && depth == 1 && bytes.HasPrefix(data[child:], []byte("<"+m.prefix+"f")) {
				cell.source += string(e)
			}
		case xml.EndElement:
			switch {
			case cell != nil && depth > 0:
				if depth--; depth == 0 {
					part := data[child:after]
					if e.Name.Local == "f" {
						cell.formula = part
					} else {
						cell.value = append(cell.value, part...)
					}
				}
			case cell != nil:
				cell.to, cell = after, nil
			case row != nil && e.Name.Local == "row":
				row.end, row.to, row = at, after, nil
			case inside && e.Name.Local == "sheetData":
				m.end, inside, done = at, false, true
			}
		}
	}
	if !done {
		return nil, errNoSheetData
	}
	return m, m.inOrder()
}

// inOrder says that rows and cells stand in ascending order, as the format wants
// and as finding and inserting them here relies on.
func (m *sheetMap) inOrder() error {
	last := -1
	for i := range m.rows {
		row := &m.rows[i]
		if row.number <= last || row.to == 0 {
			return errors.New("rows are not in order")
		}
		last = row.number
		col := -1
		for k := range row.cells {
			if row.cells[k].col <= col || row.cells[k].to == 0 {
				return errors.New("cells are not in order")
			}
			col = row.cells[k].col
		}
	}
	return nil
}

func copyAttrs(in []xml.Attr) []xml.Attr { return append([]xml.Attr(nil), in...) }

func attrOf(attrs []xml.Attr, name string) string {
	for _, a := range attrs {
		if a.Name.Space == "" && a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func numberAttr(attrs []xml.Attr, name string, missing int) int {
	if n, err := strconv.Atoi(attrOf(attrs, name)); err == nil {
		return n
	}
	return missing
}

// cell is the cell at a place, nil when the sheet has none there.
func (m *sheetMap) cell(p place) *sheetCell {
	i := sort.Search(len(m.rows), func(i int) bool { return m.rows[i].number >= p.row })
	if i == len(m.rows) || m.rows[i].number != p.row {
		return nil
	}
	for k := range m.rows[i].cells {
		if m.rows[i].cells[k].col == p.col {
			return &m.rows[i].cells[k]
		}
	}
	return nil
}

// formulas are the places with formulas.
func (m *sheetMap) formulas() []place {
	var out []place
	for _, row := range m.rows {
		for _, c := range row.cells {
			if c.formula != nil {
				out = append(out, c.place)
			}
		}
	}
	return out
}

// with is the sheet with some cells changed; everything else is the same bytes.
func (m *sheetMap) with(values map[place]cellValue) []byte {
	byRow := map[int][]place{}
	for p := range values {
		byRow[p.row] = append(byRow[p.row], p)
	}
	var rows []int
	for r, places := range byRow {
		rows = append(rows, r)
		sort.Slice(places, func(i, j int) bool { return places[i].col < places[j].col })
	}
	sort.Ints(rows)
	var out bytes.Buffer
	if m.selfClosed {
		out.Write(m.data[:m.from])
		out.WriteString("<" + m.prefix + "sheetData>")
	} else {
		out.Write(m.data[:m.open])
	}
	done := m.open
	next := 0
	newRows := func(before int) {
		for ; next < len(rows) && rows[next] < before; next++ {
			fmt.Fprintf(&out, `<%srow r="%d">`, m.prefix, rows[next]+1)
			for _, p := range byRow[rows[next]] {
				m.write(&out, sheetCell{place: p}, values[p])
			}
			out.WriteString("</" + m.prefix + "row>")
		}
	}
	for i := range m.rows {
		row := &m.rows[i]
		out.Write(m.data[done:row.from])
		done = row.to
		newRows(row.number)
		if next < len(rows) && rows[next] == row.number {
			m.changedRow(&out, row, byRow[row.number], values)
			next++
			continue
		}
		out.Write(m.data[row.from:row.to])
	}
	newRows(1 << 30)
	if m.selfClosed {
		out.WriteString("</" + m.prefix + "sheetData>")
		out.Write(m.data[m.open:])
		return out.Bytes()
	}
	out.Write(m.data[done:])
	return out.Bytes()
}

func (m *sheetMap) changedRow(out *bytes.Buffer, row *sheetRow, places []place, values map[place]cellValue) {
	out.WriteString("<" + m.prefix + "row")
	for _, a := range row.attrs {
		if a.Name.Local != "spans" || a.Name.Space != "" { // a hint that new cells would belie
			writeAttr(out, a)
		}
	}
	out.WriteByte('>')
	i := 0
	insert := func(before int) {
		for ; i < len(places) && places[i].col < before; i++ {
			m.write(out, sheetCell{place: places[i]}, values[places[i]])
		}
	}
	for _, c := range row.cells {
		insert(c.col)
		if i < len(places) && places[i].col == c.col {
			m.write(out, c, values[places[i]])
			i++
			continue
		}
		out.Write(m.data[c.from:c.to])
	}
	insert(1 << 30)
	out.WriteString("</" + m.prefix + "row>")
}

// write writes a cell with its new value; style and formula stay.
func (m *sheetMap) write(out *bytes.Buffer, c sheetCell, v cellValue) {
	p := m.prefix
	fmt.Fprintf(out, `<%sc r="%s"`, p, c.name())
	for _, a := range c.attrs {
		if a.Name.Space != "" || a.Name.Local != "r" && a.Name.Local != "t" {
			writeAttr(out, a)
		}
	}
	switch {
	case v.unknown && c.formula != nil:
		out.WriteByte('>')
		out.Write(c.formula)
		out.WriteString("</" + p + "c>")
	case v.number != "":
		out.WriteByte('>')
		out.Write(c.formula)
		fmt.Fprintf(out, "<%[1]sv>%[2]s</%[1]sv></%[1]sc>", p, v.number)
	case c.formula != nil:
		out.WriteString(` t="str">`)
		out.Write(c.formula)
		fmt.Fprintf(out, "<%[1]sv>%[2]s</%[1]sv></%[1]sc>", p, escapeXML(v.text))
	case v.text != "":
		fmt.Fprintf(out, ` t="inlineStr"><%[1]sis><%[1]st xml:space="preserve">%[2]s</%[1]st></%[1]sis></%[1]sc>`, p, escapeXML(v.text))
	default:
		out.WriteString("/>")
	}
}

func writeAttr(out *bytes.Buffer, a xml.Attr) {
	name := a.Name.Local
	if a.Name.Space != "" {
		name = a.Name.Space + ":" + name
	}
	fmt.Fprintf(out, ` %s="%s"`, name, escapeXML(a.Value))
}

func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(legalText(s))) // a Builder does not fail
	return b.String()
}

// sheetParts maps the sheets' names to their parts, in the workbook's order.
func sheetParts(archive *zip.Reader) (names []string, parts map[string]string, err error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			ID2  string `xml:"http://purl.oclc.org/ooxml/officeDocument/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		Relationship []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if err := readPart(archive, "xl/workbook.xml", &book); err != nil {
		return nil, nil, err
	}
	if err := readPart(archive, "xl/_rels/workbook.xml.rels", &relations); err != nil {
		return nil, nil, err
	}
	targets := map[string]string{}
	for _, r := range relations.Relationship {
		target := strings.TrimPrefix(r.Target, "/")
		if !strings.HasPrefix(r.Target, "/") {
			target = "xl/" + target
		}
		targets[r.ID] = target
	}
	parts = map[string]string{}
	for _, s := range book.Sheets {
		names = append(names, s.Name)
		parts[s.Name] = targets[s.ID+s.ID2]
	}
	return names, parts, nil
}

// maxPart bounds an unpacked part of a workbook, in bytes.
const maxPart = 64 << 20

func partBytes(archive *zip.Reader, name string) ([]byte, error) {
	f, err := archive.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only
	data, err := io.ReadAll(io.LimitReader(f, maxPart+1))
	if err == nil && len(data) > maxPart {
		err = fmt.Errorf("%s has more than %d bytes", name, maxPart)
	}
	return data, err
}

func readPart(archive *zip.Reader, name string, into any) error {
	data, err := partBytes(archive, name)
	if err != nil {
		return err
	}
	return xml.Unmarshal(data, into)
}

// repack is the archive with some parts' contents replaced; the others are
// copied as they are packed.
func repack(archive *zip.Reader, changed map[string][]byte) ([]byte, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range archive.File {
		data, ok := changed[f.Name]
		if !ok {
			if err := w.Copy(f); err != nil {
				return nil, err
			}
			continue
		}
		part, err := w.CreateHeader(&zip.FileHeader{Name: f.Name, Method: zip.Deflate, Modified: f.Modified})
		if err != nil {
			return nil, err
		}
		if _, err := part.Write(data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return out.Bytes(), err
}
