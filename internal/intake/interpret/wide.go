package interpret

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// firstFormYear is the first year of the national form of 2019; figures of
// earlier years were counted in other terms and are never taken for its.
const firstFormYear disclosure.Year = 2019

const notBefore2019 = "2019年以前的历史口径暂不导入"

var (
	unitHeader   = regexp.MustCompile(`^(?:unit|unitname|name|(?:填报|报送|报告|责任|公开|行政)?(?:单位|机关|机构|部门)(?:名称|全称)?|单位\(部门\)|部门\(单位\)|名称|镇街|乡镇街道)$`)
	yearHeader   = regexp.MustCompile(`^(?:year|年份|年度|年|报告年度|统计年度|填报年度)$`)
	scopeHeader  = regexp.MustCompile(`^(?:scope|口径|数据口径|统计口径)$`)
	ignoreHeader = regexp.MustCompile(`^(?:序号|编号|no|备注|说明|联系人|联系电话|电话|填表人|审核人|网址|链接|排名|名次)$`)
	totalRow     = regexp.MustCompile(`^(?:总?合计|总计|小计|总数|累计|平均(?:值|数)?|全(?:区|市|县|省|州|旗)(?:合计|总计|汇总)?|.*(?:合计|小计|总计))$`)
	noteRow      = regexp.MustCompile(`^(?:注|备注|说明|填表|填报|审核|制表|单位负责人)`)
)

// wideSheet is a grid with one row a unit or a unit and year.
type wideSheet struct {
	grid    *document.Grid
	layout  [][]*document.Cell
	first   int      // first row of data
	headers []string // by column, levels joined
	above   string   // text above the header
	// year holds for rows and columns that name none: from above the header,
	// the sheet's name or the file's. 0: unknown.
	year   disclosure.Year
	doubts []Doubt // contradicting years
}

// findWide finds header and data of a wide sheet: above the first row with
// figures stands a row of several texts.
func findWide(g *document.Grid) *wideSheet {
	const within = 12
	if g.Cols < 2 || g.Rows < 2 || g.Rows*g.Cols > document.MaxCells {
		return nil
	}
	w := &wideSheet{grid: g, layout: g.Layout(), first: -1}
	for r := 1; r < min(g.Rows, within); r++ {
		values, texts := 0, 0
		for k, c := range w.layout[r] {
			if c == nil || k > 0 && w.layout[r][k-1] == c || strings.TrimSpace(c.Text) == "" || c.Row != r {
				continue
			}
			if looksValue(c.Text) {
				values++
			} else {
				texts++
			}
		}
		if values >= 2 || values >= 1 && texts == 1 {
			w.first = r
			break
		}
	}
	if w.first < 1 {
		return nil
	}
	from := w.first
	for from > 0 && distinctTexts(w.layout[from-1]) >= 2 {
		from--
	}
	if from == w.first {
		return nil
	}
	w.headers = make([]string, g.Cols)
	for k := range w.headers {
		var stack []string
		for r := from; r < w.first; r++ {
			if c := w.layout[r][k]; c != nil {
				text := strings.Join(strings.Fields(c.Text), "")
				if text != "" && !slices.Contains(stack, text) {
					stack = append(stack, text)
				}
			}
		}
		w.headers[k] = strings.Join(stack, " ")
	}
	for r := range from {
		for k, c := range w.layout[r] {
			if c != nil && (k == 0 || w.layout[r][k-1] != c) {
				w.above += c.Text + " "
			}
		}
	}
	return w
}

func distinctTexts(row []*document.Cell) int {
	n := 0
	for k, c := range row {
		if c != nil && (k == 0 || row[k-1] != c) && strings.TrimSpace(c.Text) != "" {
			n++
		}
	}
	return n
}

// readYear looks for the sheet's year outside of its rows.
func (w *wideSheet) readYear(fileName string) {
	base := path.Base(strings.ReplaceAll(fileName, "\\", "/"))
	var first said
	for _, s := range []said{{w.above, "表头上方"}, {w.grid.Name, "工作表名"}, {base, "文件名"}} {
		y := yearIn(plainText(s.what))
		switch {
		case y == 0:
		case w.year == 0:
			w.year, first = y, s
		case y != w.year && len(w.doubts) == 0:
			w.doubts = append(w.doubts, Doubt{Kind: DoubtIdentity, Place: s.place, Text: y.String(),
				Message: fmt.Sprintf("%s的年度是%s年,%s里却是%s年,请核对。", first.place, w.year, s.place, y)})
		}
	}
}

// propose guesses what the columns mean; ok is false when the sheet is no wide
// one: no column of units or years, or no column that could hold a figure.
func (w *wideSheet) propose(book *codeBook) (Mapping, bool) {
	m := Mapping{Fingerprint: fingerprint(w.headers), HeaderRows: w.first}
	unit, year, figures := false, false, 0
	taken := map[string]int{}
	for k, header := range w.headers {
		col := MappedColumn{Column: k, Header: header, Role: RoleIgnore, Confidence: 1}
		plain := strings.ToLower(plainText(header))
		switch {
		case plain == "":
		case !unit && unitHeader.MatchString(plain) && !w.numeric(k):
			col.Role, unit = RoleUnit, true
		case !year && yearHeader.MatchString(plain):
			col.Role, year = RoleYear, true
		case scopeHeader.MatchString(plain):
			col.Role = RoleScope
		case ignoreHeader.MatchString(plain):
		default:
			nameFigure(&col, book)
		}
		if col.Role == RoleFigure {
			key := string(col.Code) + "/" + col.Year.String()
			if other, twice := taken[key]; twice {
				if o := &m.Columns[other]; o.Confidence < col.Confidence {
					o.Role, o.Code, o.Confidence, o.Why = RoleIgnore, "", 0, fmt.Sprintf("与“%s”对应同一指标", header)
					taken[key] = k
				} else {
					col.Role, col.Code, col.Confidence, col.Why = RoleIgnore, "", 0, fmt.Sprintf("与“%s”对应同一指标", o.Header)
				}
			} else {
				taken[key] = k
				figures++
			}
		}
		m.Columns = append(m.Columns, col)
	}
	if !unit {
		unit = w.guessUnit(&m)
	}
	return m, (unit || year) && figures > 0 || unit && w.numericColumns() >= 2
}

// nameFigure recognises a figure's header.
func nameFigure(col *MappedColumn, book *codeBook) {
	plain := plainText(col.Header)
	text := plain
	if y := yearIn(plain); y != 0 {
		if loc := yearPattern.FindStringIndex(plain); loc != nil {
			col.Year = y
			text = plain[:loc[0]] + plain[loc[1]:]
		}
	}
	if info, ok := book.info[strings.ToUpper(text)]; ok {
		col.Role, col.Code = RoleFigure, info.code
		return
	}
	if info, ok := book.labels()[keepLetters(text)]; ok {
		col.Role, col.Code = RoleFigure, info.code
		return
	}
	code, confidence, why := recognise(text, book.names())
	col.Confidence, col.Why = confidence, why
	if code != "" {
		col.Role, col.Code = RoleFigure, code
	}
	if col.early() {
		col.Role, col.Code, col.Confidence, col.Why = RoleIgnore, "", 0, notBefore2019
	}
}

// numeric says that a column holds figures.
func (w *wideSheet) numeric(k int) bool {
	values, texts := 0, 0
	for r := w.first; r < min(w.grid.Rows, w.first+50); r++ {
		c := w.layout[r][k]
		switch {
		case c == nil || strings.TrimSpace(c.Text) == "":
		case looksValue(c.Text):
			values++
		default:
			texts++
		}
	}
	return values > texts
}

func (w *wideSheet) numericColumns() int {
	n := 0
	for k := range w.headers {
		if w.numeric(k) {
			n++
		}
	}
	return n
}

// guessUnit takes the first column of texts for the unit's name when most of
// its cells look like names of units.
func (w *wideSheet) guessUnit(m *Mapping) bool {
	for k := range w.headers {
		if w.numeric(k) || m.Columns[k].Role != RoleIgnore {
			continue
		}
		named, all := 0, 0
		for r := w.first; r < min(w.grid.Rows, w.first+50); r++ {
			if c := w.layout[r][k]; c != nil && strings.TrimSpace(c.Text) != "" {
				all++
				if unitEnding.MatchString(plainText(c.Text)) {
					named++
				}
			}
		}
		if all > 0 && 2*named > all {
			m.Columns[k].Role, m.Columns[k].Confidence, m.Columns[k].Why = RoleUnit, 0.8, "栏内多为单位名称"
			return true
		}
	}
	return false
}
