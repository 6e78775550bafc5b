package disclosure

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"
)

// Code names a figure: T3_GRANTED_NP. Codes are unique across form families.
type Code string

// SubjectKind says what a form is filed for: most are filed by a unit, the
// 政府网站工作年度报表 once a website.
type SubjectKind string

// The kinds of subject.
const (
	SubjectUnit    SubjectKind = "unit"
	SubjectWebsite SubjectKind = "website"
)

// ValueKind says which values a cell can take.
type ValueKind string

// The kinds of value. The empty kind is a count.
const (
	ValueCount ValueKind = "count" // a flow in the period: whole, >= 0
	ValueStock ValueKind = "stock" // what stands at the period's end: whole, >= 0
	ValueDelta ValueKind = "delta" // a change: whole, may be negative (增加3, -2)
	ValueMoney ValueKind = "money" // >= 0, up to 4 decimal places, in Axis.Unit
)

// Form describes one version of one form: its parts, its tables with every
// label and code, and the parameters of the rules that hold between its cells.
// Forms are shared and must not be changed after ParseForm.
type Form struct {
	ID        string      `json:"id"`
	Family    string      `json:"family"`  // versions of one form share it
	Version   string      `json:"version"` // "2019", "2021"
	Title     string      `json:"title"`
	Authority string      `json:"authority"` // the document that prescribes it
	Subject   SubjectKind `json:"subject"`
	Period    PeriodKind  `json:"period"`
	FirstYear Year        `json:"first_year"`
	LastYear  Year        `json:"last_year"` // 0: still in use
	Parts     []Part      `json:"parts"`
	Tables    []Table     `json:"tables"`

	Sums     []Sum     `json:"sums"`
	Carries  []Carry   `json:"carries"`
	Stocks   []Stock   `json:"stocks"`
	Pendings []Pending `json:"pendings"`
	Derived  []Derived `json:"derived"`

	cells  []CellDef
	byCode map[Code]int
}

// Part is one of a report's fixed parts: prose, or a table.
type Part struct {
	Number   int      `json:"number"` // from 1
	Title    string   `json:"title"`
	Prose    bool     `json:"prose"`
	Table    string   `json:"table"`    // key of the part's table, when it is one
	Sections []string `json:"sections"` // headings expected in the prose, in order
}

// Table is one printed table. Its codes are Prefix + row key + "_" + column
// key, empty keys left out; Prefix is Key + "_" unless given.
type Table struct {
	Key    string  `json:"key"`
	Name   string  `json:"name"`  // what people call it: 表三
	Title  string  `json:"title"` // its part's title without the number
	Prefix string  `json:"prefix"`
	Blocks []Block `json:"blocks"`
}

// Block is a rectangle of cells under one set of column heads. Table 二 is
// four blocks one under the other, tables 三 and 四 are one each.
type Block struct {
	Heading       string      `json:"heading"`        // a line over the block: 第二十条第(一)项
	Corner        string      `json:"corner"`         // the label over the row labels
	ColumnHeading string      `json:"column_heading"` // a label over all columns: 申请人情况
	Columns       []Axis      `json:"columns"`
	Rows          []Axis      `json:"rows"`
	Alternates    []Alternate `json:"alternates"`
}

// Axis is a row or a column: its key in codes, its printed label, and the
// labels of the merged cells before (rows) or over (columns) it, outermost
// first. Aliases are other ways in which it is printed.
type Axis struct {
	Key     string    `json:"key"`
	Label   string    `json:"label"`
	Groups  []string  `json:"groups,omitempty"`
	Aliases []string  `json:"aliases,omitempty"`
	Value   ValueKind `json:"value,omitempty"`
	Unit    string    `json:"unit,omitempty"` // of money: 万元, 元
}

// Alternate is a row that some reports print in place of several: (六)其他处理
// as one row. Its cells belong to the form but not to its printed layout.
type Alternate struct {
	Row      Axis     `json:"row"`
	Replaces []string `json:"replaces"` // keys of the rows it stands for
}

// Sum says that addends = totals. Along "column" it holds in each column, and
// the keys are rows; along "row" it holds in each row, and the keys are columns.
type Sum struct {
	Rule    string   `json:"rule"`
	Table   string   `json:"table"`
	Along   string   `json:"along"`
	Addends []string `json:"addends"`
	Totals  []string `json:"totals"`
}

// Carry says that last period's row From = this period's row To, by column.
type Carry struct {
	Rule  string `json:"rule"`
	Table string `json:"table"`
	From  string `json:"from"`
	To    string `json:"to"`
}

// Stock says that last period's Stock column + Added - Removed = Stock, by row.
type Stock struct {
	Rule    string `json:"rule"`
	Table   string `json:"table"`
	Stock   string `json:"stock"`
	Added   string `json:"added"`
	Removed string `json:"removed"`
}

// Pending says that what was pending last period should be among this
// period's cases.
type Pending struct {
	Rule    string `json:"rule"`
	Label   string `json:"label"`
	Pending Code   `json:"pending"`
	Cases   []Code `json:"cases"`
}

// Derived is a subtotal that the form does not print, by column of its table.
type Derived struct {
	Code  Code     `json:"code"` // D_DENY
	Label string   `json:"label"`
	Table string   `json:"table"`
	Rows  []string `json:"rows"`
}

// CellDef is one cell of a form.
type CellDef struct {
	Code      Code
	Table     *Table
	Block     *Block
	Row       *Axis
	Column    *Axis
	Value     ValueKind
	Unit      string
	Alternate bool // belongs to an Alternate row
}

// ParseForm reads and checks one form description.
func ParseForm(data []byte) (*Form, error) {
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	f := &Form{}
	if err := dec.Decode(f); err != nil {
		return nil, Errorf(ErrInvalid, "表单描述不是有效的JSON,请检查格式。").Because(err)
	}
	if err := f.index(); err != nil {
		return nil, Errorf(ErrInvalid, "表单描述“%s”有误,请按 docs 中的说明修改。", f.ID).Because(err)
	}
	return f, nil
}

// index builds the cells in reading order and proves that every key that the
// rules name exists.
func (f *Form) index() error {
	if f.ID == "" || f.Family == "" || f.Version == "" || len(f.Tables) == 0 {
		return fmt.Errorf("id, family, version and tables are required")
	}
	if f.Subject != SubjectUnit && f.Subject != SubjectWebsite {
		return fmt.Errorf("subject %q is neither unit nor website", f.Subject)
	}
	if f.Period != PeriodYear && f.Period != PeriodQuarter {
		return fmt.Errorf("period %q is neither year nor quarter", f.Period)
	}
	f.byCode = map[Code]int{}
	for t := range f.Tables {
		tab := &f.Tables[t]
		if tab.Prefix == "" {
			tab.Prefix = tab.Key + "_"
		}
		for b := range tab.Blocks {
			blk := &tab.Blocks[b]
			for r := range blk.Rows {
				if err := f.addRow(tab, blk, &blk.Rows[r], false); err != nil {
					return err
				}
			}
			for a := range blk.Alternates {
				if err := f.addRow(tab, blk, &blk.Alternates[a].Row, true); err != nil {
					return err
				}
			}
		}
	}
	return f.checkRules()
}

func (f *Form) addRow(t *Table, b *Block, row *Axis, alternate bool) error {
	for c := range b.Columns {
		col := &b.Columns[c]
		def := CellDef{Code: t.Code(row.Key, col.Key), Table: t, Block: b, Row: row, Column: col,
			Value: ValueCount, Unit: col.Unit, Alternate: alternate}
		for _, v := range []ValueKind{row.Value, col.Value} {
			if v != "" {
				def.Value = v
			}
		}
		if _, twice := f.byCode[def.Code]; twice {
			return fmt.Errorf("code %s stands twice", def.Code)
		}
		f.byCode[def.Code] = len(f.cells)
		f.cells = append(f.cells, def)
	}
	return nil
}

func (f *Form) checkRules() error {
	known := func(rule string, codes ...Code) error {
		for _, c := range codes {
			if _, ok := f.byCode[c]; !ok {
				return fmt.Errorf("rule %s names the unknown cell %s", rule, c)
			}
		}
		return nil
	}
	for _, s := range f.Sums {
		if s.Along != "row" && s.Along != "column" {
			return fmt.Errorf("rule %s: along %q is neither row nor column", s.Rule, s.Along)
		}
		lines := f.SumLines(s)
		if len(lines) == 0 {
			return fmt.Errorf("rule %s holds nowhere", s.Rule)
		}
		for _, l := range lines {
			if err := known(s.Rule, append(slices.Clone(l.Addends), l.Totals...)...); err != nil {
				return err
			}
		}
	}
	for _, p := range f.Pendings {
		if err := known(p.Rule, append(slices.Clone(p.Cases), p.Pending)...); err != nil {
			return err
		}
	}
	for _, c := range f.Carries {
		if f.table(c.Table) == nil {
			return fmt.Errorf("rule %s names the unknown table %s", c.Rule, c.Table)
		}
	}
	for _, s := range f.Stocks {
		if f.table(s.Table) == nil {
			return fmt.Errorf("rule %s names the unknown table %s", s.Rule, s.Table)
		}
	}
	return nil
}

// Code builds a code from a row's and a column's key; empty keys are left out.
func (t *Table) Code(row, col string) Code {
	switch {
	case row == "":
		return Code(t.Prefix + col)
	case col == "":
		return Code(t.Prefix + row)
	}
	return Code(t.Prefix + row + "_" + col)
}

func (f *Form) table(key string) *Table {
	for i := range f.Tables {
		if f.Tables[i].Key == key {
			return &f.Tables[i]
		}
	}
	return nil
}

// Table returns the table with that key, nil when the form has none.
func (f *Form) Table(key string) *Table { return f.table(key) }

// Cells returns the form's printed cells in reading order, without alternates.
func (f *Form) Cells() []CellDef {
	out := make([]CellDef, 0, len(f.cells))
	for _, c := range f.cells {
		if !c.Alternate {
			out = append(out, c)
		}
	}
	return out
}

// AllCells returns printed cells and alternates. The slice is shared.
func (f *Form) AllCells() []CellDef { return f.cells }

// Cell returns the definition of a code; ok is false when the form has none.
func (f *Form) Cell(code Code) (def CellDef, ok bool) {
	i, ok := f.byCode[code]
	if !ok {
		return CellDef{}, false
	}
	return f.cells[i], true
}

// Order returns the place of a code in reading order, for sorting; unknown
// codes come last.
func (f *Form) Order(code Code) int {
	if i, ok := f.byCode[code]; ok {
		return i
	}
	return len(f.cells)
}

// FitsYear says whether the form is the prescribed version for y (FMT-R1).
func (f *Form) FitsYear(y Year) bool {
	return y >= f.FirstYear && (f.LastYear == 0 || y <= f.LastYear)
}

// SumLine is one equation of a Sum: Addends = Totals, in one row or column.
type SumLine struct {
	Addends, Totals []Code
	// Line is the row (along "row") or column (along "column") it holds in.
	Line *Axis
	// Replaced maps an addend to the alternate cell that stands for it when a
	// report prints that instead.
	Replaced map[Code]Code
}

// SumLines writes a Sum out over its table.
func (f *Form) SumLines(s Sum) []SumLine {
	t := f.table(s.Table)
	if t == nil {
		return nil
	}
	var out []SumLine
	for b := range t.Blocks {
		blk := &t.Blocks[b]
		if s.Along == "column" {
			if !hasKeys(blk.Rows, s.Addends) {
				continue
			}
			for c := range blk.Columns {
				out = append(out, columnLine(t, blk, &blk.Columns[c], s))
			}
			continue
		}
		if !hasKeys(blk.Columns, s.Addends) {
			continue
		}
		rows := make([]*Axis, 0, len(blk.Rows)+len(blk.Alternates))
		for r := range blk.Rows {
			rows = append(rows, &blk.Rows[r])
		}
		for a := range blk.Alternates {
			rows = append(rows, &blk.Alternates[a].Row)
		}
		for _, r := range rows {
			l := SumLine{Line: r}
			for _, k := range s.Addends {
				l.Addends = append(l.Addends, t.Code(r.Key, k))
			}
			for _, k := range s.Totals {
				l.Totals = append(l.Totals, t.Code(r.Key, k))
			}
			out = append(out, l)
		}
	}
	return out
}

func columnLine(t *Table, blk *Block, col *Axis, s Sum) SumLine {
	l := SumLine{Line: col, Replaced: map[Code]Code{}}
	for _, k := range s.Addends {
		l.Addends = append(l.Addends, t.Code(k, col.Key))
		for _, alt := range blk.Alternates {
			if slices.Contains(alt.Replaces, k) {
				l.Replaced[t.Code(k, col.Key)] = t.Code(alt.Row.Key, col.Key)
			}
		}
	}
	for _, k := range s.Totals {
		l.Totals = append(l.Totals, t.Code(k, col.Key))
	}
	return l
}

func hasKeys(axes []Axis, keys []string) bool {
	for _, k := range keys {
		if !slices.ContainsFunc(axes, func(a Axis) bool { return a.Key == k }) {
			return false
		}
	}
	return true
}

// Total adds up the line's addends as far as they hold numbers. A report prints
// either the rows or the merged one that stands for them: the merged cell counts
// where none of its rows holds a number. ok is false when nothing holds one.
func (l SumLine) Total(cells map[Code]Cell) (sum decimal.Decimal, ok bool) {
	printed := map[Code]bool{} // alternates whose rows hold numbers
	for c, alternate := range l.Replaced {
		printed[alternate] = printed[alternate] || cells[c].IsNumber()
	}
	codes := slices.Clone(l.Addends)
	for _, c := range l.Addends {
		if alternate, has := l.Replaced[c]; has && !printed[alternate] && !slices.Contains(codes, alternate) {
			codes = append(codes, alternate)
		}
	}
	for _, c := range codes {
		if cell := cells[c]; cell.IsNumber() {
			sum, ok = sum.Add(cell.Value), true
		}
	}
	return sum, ok
}
