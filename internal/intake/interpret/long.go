package interpret

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// longCols are the columns of a long table (one figure a row); -1: none.
type longCols struct {
	header                         int // row
	unit, year, code, value, scope int
}

var longNames = map[string][]string{
	"unit":  {"unit", "单位", "单位名称", "填报单位", "报送单位", "机构", "机构名称", "部门", "部门名称", "name", "unitname"},
	"year":  {"year", "年份", "年度", "年", "报告年度", "统计年度"},
	"code":  {"code", "代码", "指标代码", "指标编码", "指标", "指标名称", "项目代码", "数据项", "编码"},
	"value": {"value", "数值", "值", "数据", "指标值", "数量", "数字"},
	"scope": {"scope", "口径", "数据口径", "统计口径"},
}

func longName(text string) string {
	l := foldLabel(text)
	for what, names := range longNames {
		if slices.Contains(names, l.full) {
			return what
		}
	}
	return ""
}

// longColumns finds the header of a long table in a grid's first rows: a code
// and a value, and a unit or a year.
func longColumns(g *document.Grid) (longCols, bool) {
	const within = 5
	if g.Rows < 2 || g.Cols < 3 {
		return longCols{}, false
	}
	cols := longCols{header: -1}
	for i := range g.Cells {
		c := &g.Cells[i]
		if c.Row >= within {
			break
		}
		if c.Row != cols.header {
			if cols.complete() {
				break
			}
			cols = longCols{header: c.Row, unit: -1, year: -1, code: -1, value: -1, scope: -1}
		}
		if len(c.Text) > 60 {
			continue
		}
		at := map[string]*int{"unit": &cols.unit, "year": &cols.year, "code": &cols.code, "value": &cols.value, "scope": &cols.scope}[longName(c.Text)]
		if at != nil && *at < 0 {
			*at = c.Col
		}
	}
	return cols, cols.complete()
}

func (c longCols) complete() bool {
	return c.header >= 0 && c.code >= 0 && c.value >= 0 && (c.unit >= 0 || c.year >= 0)
}

// longRow is one row of a long table while it is read.
type longRow struct {
	unit, year, code, scope string
	value, any              *document.Cell
}

// readLong reads a long table: one reading a unit, year and form family, with
// the codes that stand in it and no others.
func readLong(g *document.Grid, cols longCols, place string, opts Options) ([]*Reading, []Doubt) {
	l := &longReader{c: newCollector(opts.book()), place: place, years: map[string]disclosure.Year{}, scopes: map[string]disclosure.Scope{}, known: map[string]codeInfo{}, unknown: map[string]*unknownCode{}}
	row, at := longRow{}, -1
	for i := range g.Cells {
		c := &g.Cells[i]
		if c.Row <= cols.header {
			continue
		}
		if c.Row != at {
			l.add(row)
			row, at = longRow{any: c}, c.Row
		}
		switch c.Col {
		case cols.unit:
			row.unit = c.Text
		case cols.year:
			row.year = c.Text
		case cols.code:
			row.code = c.Text
		case cols.scope:
			row.scope = c.Text
		case cols.value:
			row.value = c
		}
	}
	l.add(row)
	l.doubtUnknown()
	return l.c.readings()
}

type unknownCode struct {
	count int
}

type longReader struct {
	c       *collector
	place   string
	years   map[string]disclosure.Year
	scopes  map[string]disclosure.Scope
	known   map[string]codeInfo // texts that name a code in another way
	unknown map[string]*unknownCode
	order   []string
}

func (l *longReader) add(row longRow) {
	code := strings.TrimSpace(row.code)
	if row.any == nil || code == "" {
		return
	}
	info, ok := l.c.book.info[code]
	if !ok {
		if info, ok = l.lookup(code); !ok {
			return
		}
	}
	year, known := l.years[row.year]
	if !known {
		if year = yearIn(plainText(row.year)); year == 0 && strings.TrimSpace(row.year) != "" {
			l.c.loose = append(l.c.loose, Doubt{Kind: DoubtIdentity, Place: row.any.Address, Text: row.year,
				Message: fmt.Sprintf("“%s”不是年份,请改正后重新导入。", clip(row.year))})
		}
		l.years[row.year] = year
	}
	scope, known := l.scopes[row.scope]
	if !known {
		parsed, err := disclosure.ParseScope(strings.TrimSpace(row.scope))
		if err != nil {
			l.c.loose = append(l.c.loose, Doubt{Kind: DoubtIdentity, Place: row.any.Address, Text: row.scope, Message: disclosure.Sentence(err)})
		}
		scope = parsed
		l.scopes[row.scope] = scope
	}
	raw := ""
	if row.value != nil {
		raw = row.value.Text
	}
	if l.c.tooEarly(info, year, raw, row.any.Address) {
		return
	}
	cell := disclosure.Cell{Kind: disclosure.CellBlank}
	if row.value != nil {
		cell = parse(row.value.Text, info.value, info.unit)
		cell.Source = row.value.Address
	} else {
		cell.Source = row.any.Address
	}
	l.c.put(subject{unit: strings.TrimSpace(row.unit), year: year, scope: scope, family: info.family}, info, cell)
}

// lookup knows a code in other letters, and the full label of a cell; a text
// that is neither is counted. Derived figures are computed, never read.
func (l *longReader) lookup(text string) (codeInfo, bool) {
	if u := l.unknown[text]; u != nil {
		u.count++
		return codeInfo{}, false
	}
	if info, ok := l.known[text]; ok {
		return info, true
	}
	info, ok := l.c.book.info[strings.ToUpper(plainText(text))]
	if !ok {
		info, ok = l.c.book.labels()[keepLetters(plainText(text))]
	}
	if ok {
		l.known[text] = info
		return info, true
	}
	u := &unknownCode{count: 1}
	l.unknown[text] = u
	l.order = append(l.order, text)
	return codeInfo{}, false
}

// labelIndex maps the full labels of cells to their codes; labels that two
// cells share are left out.
func labelIndex(b *codeBook) map[string]codeInfo {
	out := map[string]codeInfo{}
	for _, f := range b.forms {
		for _, def := range f.AllCells() {
			for _, text := range []string{def.Label(), strings.TrimPrefix(def.Label(), def.Table.Name)} {
				key := keepLetters(plainText(text))
				if had, taken := out[key]; taken && had.code != def.Code {
					out[key] = codeInfo{} // ambiguous
					continue
				}
				out[key] = b.info[string(def.Code)]
			}
		}
	}
	for key, info := range out {
		if info.code == "" {
			delete(out, key)
		}
	}
	return out
}

func (l *longReader) doubtUnknown() {
	for _, text := range l.order {
		if strings.HasPrefix(text, "D_") || strings.HasPrefix(text, "M_") {
			continue
		}
		l.c.loose = append(l.c.loose, Doubt{Kind: DoubtLeftOut, Place: l.place, Text: text,
			Message: fmt.Sprintf("代码“%s”不在任何表单里,%d行没有读入,请核对代码。", clip(text), l.unknown[text].count)})
	}
}
