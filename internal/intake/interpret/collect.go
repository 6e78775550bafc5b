package interpret

import (
	"fmt"
	"slices"
	"sync"

	"mingjing/internal/disclosure"
)

// codeBook knows the codes of all forms, by family.
type codeBook struct {
	forms    []*disclosure.Form
	families []string
	info     map[string]codeInfo
	// names and labels are how wide and long sheets call the cells.
	names  func() []wideName
	labels func() map[string]codeInfo
}

// shippedBook is the book of the shipped forms; it is the same for every file.
var shippedBook = sync.OnceValue(func() *codeBook { return newCodeBook(disclosure.Forms()) })

// book is the codes of the forms that are to be tried. It is shared.
func (o Options) book() *codeBook {
	if o.Forms == nil {
		return shippedBook()
	}
	return newCodeBook(o.Forms)
}

type codeInfo struct {
	code   disclosure.Code
	family int
	value  disclosure.ValueKind
	unit   string
}

func newCodeBook(forms []*disclosure.Form) *codeBook {
	b := &codeBook{forms: forms, info: map[string]codeInfo{}}
	for _, f := range forms {
		at := slices.Index(b.families, f.Family)
		if at < 0 {
			at = len(b.families)
			b.families = append(b.families, f.Family)
		}
		for _, c := range f.AllCells() {
			if _, known := b.info[string(c.Code)]; !known {
				b.info[string(c.Code)] = codeInfo{code: c.Code, family: at, value: c.Value, unit: c.Unit}
			}
		}
	}
	b.names = sync.OnceValue(func() []wideName { return wideNames(b) })
	b.labels = sync.OnceValue(func() map[string]codeInfo { return labelIndex(b) })
	return b
}

// subject is what figures are collected by.
type subject struct {
	unit   string
	year   disclosure.Year
	scope  disclosure.Scope
	family int
}

// collector gathers figures into readings, in order of their first figure.
type collector struct {
	book    *codeBook
	at      map[subject]*Reading
	order   []subject
	last    subject
	reading *Reading
	size    int // codes in the last reading, to size the next one
	loose   []Doubt
	early   []string // cells left out: older than the forms
}

// tooEarly says that a figure of the national form is from before it, and
// notes what is left out for that.
func (c *collector) tooEarly(info codeInfo, year disclosure.Year, raw, source string) bool {
	if year == 0 || year >= firstFormYear || c.book.families[info.family] != disclosure.FamilyNational {
		return false
	}
	if raw != "" {
		c.early = append(c.early, source)
	}
	return true
}

func newCollector(book *codeBook) *collector {
	return &collector{book: book, at: map[subject]*Reading{}, size: 32}
}

// of returns the reading of a subject.
func (c *collector) of(s subject) *Reading {
	if c.reading != nil && s == c.last {
		return c.reading
	}
	r := c.at[s]
	if r == nil {
		if c.reading != nil {
			c.size = len(c.reading.Report.Cells)
		}
		r = &Reading{Report: &disclosure.Report{
			Unit: s.unit, Period: disclosure.Period{Year: s.year}, Scope: s.scope,
			Cells: make(map[disclosure.Code]disclosure.Cell, max(c.size, 8)),
		}}
		c.at[s] = r
		c.order = append(c.order, s)
	}
	c.last, c.reading = s, r
	return r
}

// put adds a figure; a second, different one for the same code makes it unread.
func (c *collector) put(s subject, info codeInfo, cell disclosure.Cell) {
	r := c.of(s)
	had, twice := r.Report.Cells[info.code]
	switch {
	case !twice || had.Kind == disclosure.CellBlank:
		r.Report.Cells[info.code] = cell
		if cell.Kind == disclosure.CellUnread {
			r.Doubts = append(r.Doubts, Doubt{Kind: DoubtCell, Code: info.code, Place: cell.Source, Text: cell.Raw,
				Message: fmt.Sprintf("%s(%s)读不出数字:“%s”%s,请手工填写。", disclosure.LabelOf(info.code), info.code, clip(cell.Raw), cell.Problem)})
		}
	case cell.Kind == disclosure.CellBlank, had.Kind == cell.Kind && (!had.IsNumber() || had.Value.Equal(cell.Value)):
	default:
		r.Report.Cells[info.code] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: had.Raw + " / " + cell.Raw, Source: had.Source, Problem: "文件里两处数字不同"}
		r.Doubts = append(r.Doubts, Doubt{Kind: DoubtDuplicate, Code: info.code, Place: cell.Source, Text: had.Raw + " / " + cell.Raw,
			Message: fmt.Sprintf("%s(%s)在文件里出现两次,一处是“%s”(%s),一处是“%s”(%s),请核对后填写。",
				disclosure.LabelOf(info.code), info.code, clip(had.Raw), had.Source, clip(cell.Raw), cell.Source)})
	}
}

// readings finishes: each gets the version of its form that its codes belong
// to. One without any cell is no report; left are the doubts that belong to
// none because there is none.
func (c *collector) readings() (out []*Reading, left []Doubt) {
	if len(c.early) > 0 {
		c.loose = append(c.loose, Doubt{Kind: DoubtLeftOut, Place: c.early[0],
			Message: fmt.Sprintf("%s,有%d格(%s)没有读入。", notBefore2019, len(c.early), someOf(c.early))})
	}
	for _, s := range c.order {
		r := c.at[s]
		c.settleForm(r, s)
		if len(r.Report.Cells) == 0 {
			c.loose = append(c.loose, r.Doubts...)
			continue
		}
		if s.unit == "" {
			r.Doubts = append(r.Doubts, Doubt{Kind: DoubtIdentity, Message: "没有读到单位名称,请指定这份报告属于哪个单位。"})
		}
		if s.year == 0 {
			r.Doubts = append(r.Doubts, Doubt{Kind: DoubtIdentity, Message: fmt.Sprintf("没有读到“%s”的报告年度,请指定年度。", clip(s.unit))})
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, c.loose
	}
	out[0].Doubts = append(out[0].Doubts, c.loose...)
	return out, nil
}

// settleForm chooses the version that knows most of the codes; of equals the
// one for the year, then the first. Codes of other versions are left out.
func (c *collector) settleForm(r *Reading, s subject) {
	cells := r.Report.Cells
	dropEmptyAlternates(cells, c.book.forms)
	best, known := (*disclosure.Form)(nil), -1
	for _, f := range c.book.forms {
		if f.Family != c.book.families[s.family] {
			continue
		}
		n := 0
		for code, cell := range cells {
			if _, ok := f.Cell(code); !ok {
				continue
			}
			if n += 2; cell.Kind != disclosure.CellBlank {
				n++ // an export of all versions leaves the other version's cells blank
			}
		}
		if n > known || n == known && !best.FitsYear(s.year) && f.FitsYear(s.year) {
			best, known = f, n
		}
	}
	r.Report.Form = best
	for code, cell := range cells {
		if _, ok := best.Cell(code); ok {
			continue
		}
		delete(cells, code)
		if cell.Kind != disclosure.CellBlank {
			r.Doubts = append(r.Doubts, Doubt{Kind: DoubtLeftOut, Code: code, Place: cell.Source, Text: cell.Raw,
				Message: fmt.Sprintf("代码%s不属于%s版表单,这一格没有读入,请核对。", code, best.Version)})
		}
	}
	blankReplaced(cells, best)
}

// dropEmptyAlternates takes out alternates that hold nothing, as an export of
// every code of the family has them.
func dropEmptyAlternates(cells map[disclosure.Code]disclosure.Cell, forms []*disclosure.Form) {
	for _, f := range forms {
		for t := range f.Tables {
			for _, b := range f.Tables[t].Blocks {
				for _, alt := range b.Alternates {
					any := false
					for _, col := range b.Columns {
						cell, ok := cells[f.Tables[t].Code(alt.Row.Key, col.Key)]
						any = any || ok && cell.Kind != disclosure.CellBlank
					}
					for _, col := range b.Columns {
						if !any {
							delete(cells, f.Tables[t].Code(alt.Row.Key, col.Key))
						}
					}
				}
			}
		}
	}
}

// blankReplaced gives the rows that a printed alternate stands for their blank
// entries.
func blankReplaced(cells map[disclosure.Code]disclosure.Cell, f *disclosure.Form) {
	for t := range f.Tables {
		table := &f.Tables[t]
		for _, b := range table.Blocks {
			for _, alt := range b.Alternates {
				for _, col := range b.Columns {
					if _, ok := cells[table.Code(alt.Row.Key, col.Key)]; !ok {
						continue
					}
					for _, key := range alt.Replaces {
						code := table.Code(key, col.Key)
						if _, ok := cells[code]; !ok {
							cells[code] = disclosure.Cell{Kind: disclosure.CellBlank}
						}
					}
				}
			}
		}
	}
}
