package office

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"

	"github.com/shopspring/decimal"
)

// SourceEntry is what a ledger says of one figure of one unit, its rows added up.
type SourceEntry struct {
	Unit  string          `json:"unit"` // as printed
	Code  disclosure.Code `json:"code"`
	Value decimal.Decimal `json:"value"`
	Where string          `json:"where"` // the rows: 第5行、第9行等7处
}

// sourceReading is a ledger on its way in.
type sourceReading struct {
	columns SourceColumns
	year    disclosure.Year
	entries []SourceEntry
	at      map[string]int // entry by unit and code
	places  [][]string
	units   []string
	// problems are sentences on rows that were not read.
	problems []string
	unsaid   []string // outcomes that count nowhere yet
	skipped  int      // rows of other years
}

// readSource reads the rows under the heads.
func readSource(rows [][]*document.Cell, headRow int, columns SourceColumns, year disclosure.Year) *sourceReading {
	s := &sourceReading{columns: columns, year: year, at: map[string]int{}}
	for r := headRow + 1; r < len(rows); r++ {
		s.row(rows[r], fmt.Sprintf("第%d行", r+1))
	}
	s.zeros()
	for i := range s.entries {
		s.entries[i].Where = someRows(s.places[i])
	}
	return s
}

func someRows(places []string) string {
	if len(places) == 0 {
		return "没有该结果的记录"
	}
	if len(places) > 3 {
		return fmt.Sprintf("%s等%d行", strings.Join(places[:3], "、"), len(places))
	}
	return strings.Join(places, "、")
}

func (s *sourceReading) text(row []*document.Cell, role SourceRole) string {
	for i, c := range s.columns.Columns {
		if c.Role == role && i < len(row) && row[i] != nil {
			return strings.TrimSpace(row[i].Text)
		}
	}
	return ""
}

// sums are what rows that add others up are called.
var sums = []string{"合计", "总计", "小计", "总数", "全区合计", "全县合计", "全市合计"}

func (s *sourceReading) row(row []*document.Cell, place string) {
	unit := s.text(row, SourceUnit)
	if unit == "" || slices.Contains(sums, disclosure.NormalName(unit)) {
		return
	}
	if y := s.text(row, SourceYear); y != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(y, "年"))
		if err != nil {
			s.problems = append(s.problems, fmt.Sprintf("%s“%s”的年度“%s”不能识别,该行未读取。", place, unit, y))
			return
		}
		if disclosure.Year(n) != s.year {
			s.skipped++
			return
		}
	}
	if !slices.Contains(s.units, unit) {
		s.units = append(s.units, unit)
	}
	for i, c := range s.columns.Columns {
		if c.Role == SourceFigure && i < len(row) && row[i] != nil {
			s.figure(unit, c, row[i].Text, place)
		}
	}
	if len(s.columns.Outcomes) > 0 {
		s.outcome(unit, row, place)
	}
}

// figure takes a number out of a column. 元 in the head of money is converted
// exactly.
func (s *sourceReading) figure(unit string, c SourceColumn, text, place string) {
	def, _, _ := disclosure.LookupCode(c.Code)
	scale := int32(0)
	if def.Value == disclosure.ValueMoney && def.Unit == "万元" && strings.Contains(c.Head, "元") && !strings.Contains(c.Head, "万元") {
		scale = -4
	}
	text = strings.ReplaceAll(disclosure.NormalName(text), ",", "")
	v, err := decimal.NewFromString(text)
	switch {
	case text == "" || text == "/" || text == "-" || text == "—" || text == "无":
		return
	case err != nil && scale == 0:
		cell := disclosure.ParseCell(text, def.Value, def.Unit)
		if v = cell.Value; cell.IsNumber() {
			break
		}
		fallthrough
	case err != nil:
		s.problems = append(s.problems, fmt.Sprintf("%s“%s”的“%s”写的是“%s”,不是数字,该格未读取。", place, unit, c.Head, text))
		return
	}
	s.add(unit, c.Code, v.Shift(scale), place)
}

func (s *sourceReading) outcome(unit string, row []*document.Cell, place string) {
	n := decimal.NewFromInt(1)
	if text := s.text(row, SourceCount); text != "" {
		v, err := decimal.NewFromString(strings.TrimSuffix(text, "件"))
		if err != nil {
			s.problems = append(s.problems, fmt.Sprintf("%s“%s”的件数“%s”不是数字,该行未读取。", place, unit, text))
			return
		}
		n = v
	}
	if s.columns.Total != "" {
		s.add(unit, s.columns.Total, n, place)
	}
	text := disclosure.NormalName(s.text(row, SourceOutcome))
	best, known := "", false
	for word := range s.columns.Outcomes {
		if strings.Contains(text, disclosure.NormalName(word)) && len(word) > len(best) {
			best, known = word, true
		}
	}
	switch code := s.columns.Outcomes[best]; {
	case !known:
		s.problems = append(s.problems, fmt.Sprintf("%s“%s”的结果“%s”不知对应哪一项,没有计入任何结果。", place, unit, text))
		if !slices.Contains(s.unsaid, text) {
			s.unsaid = append(s.unsaid, text)
		}
	case code != "":
		s.add(unit, code, n, place)
	}
}

func (s *sourceReading) add(unit string, code disclosure.Code, v decimal.Decimal, place string) {
	key := unit + "\n" + string(code)
	i, ok := s.at[key]
	if !ok {
		i = len(s.entries)
		s.at[key] = i
		s.entries, s.places = append(s.entries, SourceEntry{Unit: unit, Code: code}), append(s.places, nil)
	}
	s.entries[i].Value = s.entries[i].Value.Add(v)
	if place != "" {
		s.places[i] = append(s.places[i], place)
	}
}

// zeros: a list of cases that names a unit says of every outcome how many there
// were, none included.
func (s *sourceReading) zeros() {
	codes := map[disclosure.Code]bool{}
	for _, c := range s.columns.Outcomes {
		codes[c] = c != ""
	}
	for _, u := range s.units {
		for c, wanted := range codes {
			if wanted {
				s.add(u, c, decimal.Zero, "")
			}
		}
	}
	// The order of a map is nobody's business.
	order := make([]int, len(s.entries))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if d := slices.Index(s.units, s.entries[a].Unit) - slices.Index(s.units, s.entries[b].Unit); d != 0 {
			return d
		}
		return strings.Compare(string(s.entries[a].Code), string(s.entries[b].Code))
	})
	entries, places := make([]SourceEntry, len(order)), make([][]string, len(order))
	for i, k := range order {
		entries[i], places[i] = s.entries[k], s.places[k]
	}
	s.entries, s.places = entries, places
}
