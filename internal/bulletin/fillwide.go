package bulletin

import (
	"fmt"
	"strings"

	"mingjing/internal/disclosure"
)

// wide matches a sheet with a row a unit: the column of units is the one in
// which most of the units' names stand, the heads are above its first.
func (f *filler) wide(g *sheetGrid) matching {
	column, hits := -1, 0
	first := map[int]int{} // by column: the first row with a unit
	counts := map[int]int{}
	for _, p := range g.order {
		if f.unitAt(g.texts[p], true) < 0 {
			continue
		}
		if _, ok := first[p.col]; !ok {
			first[p.col] = p.row
		}
		if counts[p.col]++; counts[p.col] > hits {
			column, hits = p.col, counts[p.col]
		}
	}
	if column < 0 || first[column] == 0 {
		return matching{}
	}
	heads := g.heads(first[column], column)
	names := f.headNames()
	var out matching
	codes := map[int]disclosure.Code{}
	taken := map[disclosure.Code]bool{}
	year := -1
	for c, head := range heads {
		if c == column || len(head.parts) == 0 {
			continue
		}
		if isYearHead(head.parts) {
			year = c
			continue
		}
		code, why := f.headCode(head.parts, names)
		switch {
		case code == "" && !isOtherHead(head.parts[len(head.parts)-1]):
			out.unmatched = append(out.unmatched, UnmatchedLabel{g.name, head.at.name(), strings.Join(head.parts, " "), why})
		case code != "" && taken[code]:
			out.unmatched = append(out.unmatched, UnmatchedLabel{g.name, head.at.name(), strings.Join(head.parts, " "), "另一栏已对应同一指标"})
		case code != "":
			codes[c], taken[code] = code, true
		}
	}
	if len(codes) == 0 {
		return matching{}
	}
	for r := first[column]; r < g.rows; r++ {
		text := g.at(place{r, column})
		unit := f.unitAt(text, true)
		if unit < 0 || g.anchor(place{r, column}) != (place{r, column}) {
			continue
		}
		report := f.fills[unit].Report
		if year >= 0 {
			if y := strings.TrimSpace(g.at(place{r, year})); y != "" && !strings.HasPrefix(y, report.Year().String()) {
				continue // another year's row
			}
		}
		for c := range g.cols {
			if code, ok := codes[c]; ok {
				if _, has := report.Form.Cell(code); has {
					out.cells = append(out.cells, matchedCell{place{r, c}, unit, code})
				}
			}
		}
	}
	return out
}

// wideHead is a column's head: the texts over it, outermost first.
type wideHead struct {
	parts []string
	at    place // of the innermost
}

// heads are the texts over each column above a row. A text that spans the
// column of units as well is the sheet's title.
func (g *sheetGrid) heads(above, units int) []wideHead {
	out := make([]wideHead, g.cols)
	for r := range above {
		for c := range g.cols {
			p := place{r, c}
			text := strings.TrimSpace(g.at(p))
			if text == "" || c != units && g.anchor(p) == g.anchor(place{r, units}) || isFigure(text) {
				continue
			}
			h := &out[c]
			if n := len(h.parts); n > 0 && g.anchor(h.at) == g.anchor(p) {
				continue // the same merged cell
			}
			h.parts, h.at = append(h.parts, text), g.anchor(p)
		}
	}
	return out
}

func (f *filler) headNames() map[string][]disclosure.Code {
	out := map[string][]disclosure.Code{}
	seen := map[*disclosure.Form]bool{}
	for _, fill := range f.fills {
		form := fill.Report.Form
		if seen[form] {
			continue
		}
		seen[form] = true
		for _, def := range form.AllCells() {
			for _, name := range def.HeadNames() {
				if !containsCode(out[name], def.Code) {
					out[name] = append(out[name], def.Code)
				}
			}
		}
	}
	return out
}

func containsCode(codes []disclosure.Code, code disclosure.Code) bool {
	for _, c := range codes {
		if c == code {
			return true
		}
	}
	return false
}

// headCode is the cell that a head names, from all its parts to the innermost
// alone.
func (f *filler) headCode(parts []string, names map[string][]disclosure.Code) (code disclosure.Code, why string) {
	why = "名称对应不上任何指标"
	for from := range parts {
		whole := ""
		for _, p := range parts[from:] {
			whole += disclosure.FoldLabel(p)
		}
		if confirmed, ok := f.opts.Heads[whole]; ok {
			return confirmed, ""
		}
		switch found := names[whole]; len(found) {
		case 1:
			return found[0], ""
		case 0:
		default:
			var labels []string
			for _, c := range found[:min(3, len(found))] {
				labels = append(labels, disclosure.LabelOf(c))
			}
			why = fmt.Sprintf("名称可以对应几个指标:%s", strings.Join(labels, "、"))
		}
	}
	return "", why
}

func isYearHead(parts []string) bool {
	switch disclosure.FoldLabel(parts[len(parts)-1]) {
	case "年度", "年份", "报告年度", "统计年度", "年":
		return true
	}
	return false
}

// isOtherHead says that a column is about the row, no figure.
func isOtherHead(text string) bool {
	switch disclosure.FoldLabel(text) {
	case "序号", "编号", "备注", "说明", "联系人", "联系电话", "电话", "填表人", "审核人", "单位", "单位名称", "网址", "链接":
		return true
	}
	return false
}
