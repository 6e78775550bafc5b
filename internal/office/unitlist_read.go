package office

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// countedIn reads 计入区汇总.
func countedIn(s string) (counted, ok bool) {
	switch s {
	case "", "是", "计入", "1", "√", "true":
		return true, true
	case "否", "不计入", "0", "×", "false":
		return false, true
	}
	return false, false
}

// unitColumn names the columns that a unit list may have, by their heads.
type unitColumn int

const (
	columnCode unitColumn = iota
	columnName
	columnShort
	columnAliases
	columnKind
	columnGroup
	columnSort
	columnParent
	columnScope
	columnCounted
	columnFirst
	columnLast
	columnSuccessors
	columnReview
)

var laterHead = regexp.MustCompile(`^(考核分组|口径|计入区汇总)\((\d{4})年起\)$`)

// unitHeads are the accepted heads, folded by disclosure.NormalName.
var unitHeads = map[string]unitColumn{
	"代码": columnCode, "机构代码": columnCode, "单位代码": columnCode, "统一社会信用代码": columnCode, "区划代码": columnCode, "code": columnCode,
	"名称": columnName, "单位": columnName, "单位名称": columnName, "全称": columnName, "name": columnName, "unit": columnName,
	"简称": columnShort, "short": columnShort,
	"别名": columnAliases, "曾用名": columnAliases, "aliases": columnAliases,
	"类型": columnKind, "类别": columnKind, "单位类型": columnKind, "kind": columnKind,
	"考核分组": columnGroup, "分组": columnGroup, "group": columnGroup,
	"排序": columnSort, "排序码": columnSort, "序号": columnSort, "sort": columnSort,
	"上级": columnParent, "上级单位": columnParent, "parent": columnParent,
	"口径": columnScope, "scope": columnScope,
	"计入区汇总": columnCounted, "是否计入区汇总": columnCounted, "counted": columnCounted,
	"起始年": columnFirst, "起始年度": columnFirst, "first": columnFirst,
	"终止年": columnLast, "终止年度": columnLast, "last": columnLast,
	"单位内审核": columnReview, "review": columnReview,
	"继任单位": columnSuccessors, "承接单位": columnSuccessors, "successors": columnSuccessors,
}

// ReadUnitList finds the unit list in a document: the first grid with a row of
// heads that names at least 单位名称. Rows that cannot be read are returned as
// sentences; the others stand.
func ReadUnitList(doc *document.Document) (units []ListedUnit, problems []string, err error) {
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		rows := b.Grid.Layout()
		for r := 0; r < min(len(rows), 20); r++ {
			heads := unitColumns(rows[r])
			if _, ok := heads[columnName]; ok {
				units, problems = readUnitRows(rows[r], rows[r+1:], heads)
				if len(units) == 0 && len(problems) == 0 {
					continue
				}
				return units, problems, nil
			}
		}
	}
	return nil, nil, disclosure.Errorf(disclosure.ErrInvalid, "没有找到单位名单:需要一行表头,至少有“单位名称”一列;可选代码、简称、别名、类型、考核分组、排序、上级、口径、计入区汇总、起始年、终止年、继任单位。")
}

func unitColumns(row []*document.Cell) map[unitColumn]int {
	heads := map[unitColumn]int{}
	for c, cell := range row {
		if cell == nil {
			continue
		}
		if col, ok := unitHeads[strings.ToLower(disclosure.NormalName(cell.Text))]; ok {
			if _, twice := heads[col]; !twice {
				heads[col] = c
			}
		}
	}
	return heads
}

func readUnitRows(headRow []*document.Cell, rows [][]*document.Cell, heads map[unitColumn]int) (units []ListedUnit, problems []string) {
	for i, row := range rows {
		text := func(col unitColumn) string {
			c, ok := heads[col]
			if !ok || c >= len(row) || row[c] == nil {
				return ""
			}
			return strings.TrimSpace(row[c].Text)
		}
		name := text(columnName)
		if name == "" {
			continue
		}
		place := fmt.Sprintf("第%d行", i+2)
		if c := row[heads[columnName]]; c.Address != "" {
			place = c.Address
		}
		u, err := readUnitRow(name, place, i+1, text)
		u.columns = heads
		if err == nil {
			u.later, err = readLater(name, place, row, laterColumns(headRow))
			if len(u.later) > 0 {
				u.Unit.Years = withLater(u.Unit, u.later)
			}
		}
		if err != nil {
			problems = append(problems, disclosure.Sentence(err))
			continue
		}
		units = append(units, u)
	}
	return units, problems
}

func readUnitRow(name, place string, order int, text func(unitColumn) string) (ListedUnit, error) {
	fail := func(what, got, want string) error {
		return disclosure.Errorf(disclosure.ErrInvalid, "%s“%s”的%s“%s”无法识别,应为%s;该行未导入。", place, name, what, got, want)
	}
	l := ListedUnit{Place: place, Parent: text(columnParent), Successors: splitNames(text(columnSuccessors)),
		Unit: disclosure.Unit{Code: text(columnCode), Name: name, Short: text(columnShort), Aliases: splitNames(text(columnAliases)), Sort: order}}
	switch kind := disclosure.UnitKind(text(columnKind)); kind {
	case disclosure.UnitGovernment, disclosure.UnitDepartment, disclosure.UnitLocality, disclosure.UnitOther:
		l.Unit.Kind = kind
	case "":
		l.Unit.Kind = disclosure.UnitDepartment
	case "乡镇", "街道", "镇", "乡", "管理处", "镇街":
		l.Unit.Kind = disclosure.UnitLocality
	default:
		return l, fail("类型", string(kind), "政府、部门、属地或其他")
	}
	var err error
	if s := text(columnSort); s != "" {
		if l.Unit.Sort, err = strconv.Atoi(s); err != nil {
			return l, fail("排序", s, "整数")
		}
	}
	for _, y := range []struct {
		col  unitColumn
		what string
		into *disclosure.Year
	}{{columnFirst, "起始年", &l.Unit.First}, {columnLast, "终止年", &l.Unit.Last}} {
		s := strings.TrimSuffix(text(y.col), "年")
		if s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || !disclosure.Year(n).Valid() {
			return l, fail(y.what, s, "四位年份")
		}
		*y.into = disclosure.Year(n)
	}
	agreed := disclosure.UnitYear{Group: text(columnGroup), Counted: true, Scope: disclosure.ScopeAgency}
	if s := text(columnScope); s != "" {
		if agreed.Scope, err = disclosure.ParseScope(s); err != nil {
			return l, err
		}
	}
	ok := false
	if agreed.Counted, ok = countedIn(text(columnCounted)); !ok {
		return l, fail("计入区汇总", text(columnCounted), "是或否")
	}
	reviews, ok := countedIn(text(columnReview))
	if !ok {
		return l, fail("单位内审核", text(columnReview), "是或否")
	}
	l.Unit.ReviewOff = !reviews
	l.Unit.Years = []disclosure.UnitYear{agreed}
	return l, nil
}

// laterColumn is a column of an agreement from a year on.
type laterColumn struct {
	index  int
	column unitColumn
	from   disclosure.Year
}

func laterColumns(heads []*document.Cell) []laterColumn {
	var out []laterColumn
	for i, cell := range heads {
		if cell == nil {
			continue
		}
		if m := laterHead.FindStringSubmatch(disclosure.NormalName(cell.Text)); m != nil {
			n, _ := strconv.Atoi(m[2]) // four digits
			out = append(out, laterColumn{i, unitHeads[m[1]], disclosure.Year(n)})
		}
	}
	slices.SortStableFunc(out, func(a, b laterColumn) int { return int(a.from) - int(b.from) })
	return out
}

func readLater(name, place string, row []*document.Cell, columns []laterColumn) ([]laterAgreement, error) {
	var out []laterAgreement
	for _, c := range columns {
		if c.index >= len(row) || row[c.index] == nil || strings.TrimSpace(row[c.index].Text) == "" {
			continue
		}
		text := strings.TrimSpace(row[c.index].Text)
		wrong := false
		switch c.column {
		case columnScope:
			_, err := disclosure.ParseScope(text)
			wrong = err != nil
		case columnCounted:
			_, ok := countedIn(text)
			wrong = !ok
		}
		if wrong || !c.from.Valid() {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "%s“%s”从%s年起的“%s”无法识别;该行未导入。", place, name, c.from, text)
		}
		if len(out) == 0 || out[len(out)-1].from != c.from {
			out = append(out, laterAgreement{from: c.from, texts: map[unitColumn]string{}})
		}
		out[len(out)-1].texts[c.column] = text
	}
	return out, nil
}

// splitNames takes apart "甲、乙;丙".
func splitNames(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("、;;,,|\n", r) })
}
