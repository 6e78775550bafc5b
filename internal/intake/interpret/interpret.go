// Package interpret reads reports out of a document.Document. It finds the
// tables of every form by their labels, never by their position; what it is
// not certain of it reports as a Doubt, and what it cannot read it leaves
// unread.
package interpret

import (
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// DoubtKind says what a Doubt is about.
type DoubtKind string

// The kinds of doubt.
const (
	DoubtCell      DoubtKind = "cell"      // a cell could not be read
	DoubtMissing   DoubtKind = "missing"   // a table or a row was not found
	DoubtLabel     DoubtKind = "label"     // a label was taken by similarity or by its place
	DoubtDuplicate DoubtKind = "duplicate" // the file says two things of one cell
	DoubtIdentity  DoubtKind = "identity"  // unit, year or scope is missing or contradicts itself
	DoubtLeftOut   DoubtKind = "left_out"  // something was not taken in: total rows, unknown codes
)

// Doubt is something a person should look at after reading.
type Doubt struct {
	Kind DoubtKind       `json:"kind"`
	Code disclosure.Code `json:"code,omitempty"`
	// Place is where in the file, for people; Text what is printed there.
	Place   string `json:"place,omitempty"`
	Text    string `json:"text,omitempty"`
	Message string `json:"message"` // one Chinese sentence
}

// Reading is one report as read, with what is doubtful in it.
type Reading struct {
	Report *disclosure.Report
	Doubts []Doubt
}

// Options of Read. The zero value reads the shipped forms and knows no mapping.
type Options struct {
	// Forms are tried in order; of two versions that fit equally, the one for
	// the report's year is taken, then the first. Nil: disclosure.Forms().
	Forms []*disclosure.Form
	// Mappings returns the mapping that a person has confirmed for a wide sheet
	// with these headers, see Mapping.Fingerprint. Nil: none is known.
	Mappings func(fingerprint string) (Mapping, bool)
	// Accept is asked about a proposal that nobody has confirmed; true applies
	// it. Nil: none is accepted.
	Accept func(Mapping) bool
}

func (o Options) forms() []*disclosure.Form {
	if o.Forms == nil {
		return disclosure.Forms()
	}
	return o.Forms
}

// Read returns the reports in a document, in its order. fileName serves as the
// last source of unit and year.
//
// Errors: *NeedsMapping when the document is a wide sheet whose columns nobody
// has confirmed yet; a *disclosure.Error with ErrInvalid when there is nothing
// of a report in it.
func Read(doc *document.Document, fileName string, opts Options) ([]*Reading, error) {
	var out []*Reading
	var waiting *NeedsMapping
	var left []Doubt // of sheets that gave no report
	skip := map[int]bool{}
	for i, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		if cols, ok := longColumns(b.Grid); ok {
			readings, doubts := readLong(b.Grid, cols, b.Place, opts)
			out, left = append(out, readings...), append(left, doubts...)
			skip[i] = true
			continue
		}
		readings, doubts, proposal, wide := readWide(b.Grid, b.Place, doc.Format, fileName, opts)
		if wide {
			skip[i] = true
			out, left = append(out, readings...), append(left, doubts...)
			if proposal != nil && waiting == nil {
				waiting = proposal
			}
		}
	}
	reports := readReports(doc, fileName, opts, skip)
	if len(reports) == 0 && len(out) == 0 && waiting != nil {
		return nil, waiting
	}
	out = append(out, reports...)
	if len(out) == 0 && len(left) > 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”里没有可以导入的数字:%s", fileName, left[0].Message)
	}
	if len(out) == 0 {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”里没有找到年度报告的任何表格,请确认是否选错文件。", fileName)
	}
	out[0].Doubts = append(out[0].Doubts, left...)
	if waiting != nil {
		out[0].Doubts = append(out[0].Doubts, Doubt{Kind: DoubtLeftOut, Place: waiting.Place,
			Message: "文件里还有一张按单位逐行排列的数据表没有读入,请单独导入并确认各栏含义。"})
	}
	return out, nil
}

// clip shortens a text for a sentence.
func clip(s string) string { return disclosure.Clip(s, 40) }

// parse reads a cell, plain digits without the detour over a pattern.
func parse(raw string, kind disclosure.ValueKind, unit string) disclosure.Cell {
	if n := len(raw); n > 0 && n <= 9 {
		v := int64(0)
		for i := range n {
			d := raw[i]
			if d < '0' || d > '9' {
				return disclosure.ParseCell(raw, kind, unit)
			}
			v = v*10 + int64(d-'0')
		}
		c := disclosure.Number(v)
		c.Raw = raw
		return c
	}
	if raw == "" {
		return disclosure.Cell{Kind: disclosure.CellBlank}
	}
	return disclosure.ParseCell(raw, kind, unit)
}
