package office

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// SourceColumns says what the columns of somebody else's ledger mean. It is
// proposed, confirmed by a person once, and remembered by the heads.
type SourceColumns struct {
	Fingerprint string         `json:"fingerprint"` // of the heads, in order
	Kind        string         `json:"kind"`
	Columns     []SourceColumn `json:"columns"`
	// Outcomes gives the figure that a row with such a text in its outcome's
	// column counts into; Total is the figure that every row counts into.
	Outcomes map[string]disclosure.Code `json:"outcomes,omitempty"`
	Total    disclosure.Code            `json:"total,omitempty"`
}

// SourceRole says what a column of a ledger holds.
type SourceRole string

// The roles. A ledger has either columns of figures, one row a unit, or an
// outcome, one row a case or a number of them.
const (
	SourceUnit    SourceRole = "unit"
	SourceYear    SourceRole = "year"
	SourceFigure  SourceRole = "figure"
	SourceOutcome SourceRole = "outcome"
	SourceCount   SourceRole = "count"
	SourceIgnore  SourceRole = "ignore"
)

// SourceColumn is one column of a ledger.
type SourceColumn struct {
	Head string          `json:"head"`
	Role SourceRole      `json:"role"`
	Code disclosure.Code `json:"code,omitempty"`
	// Certain: the head is a code or a full label, nobody has to confirm it.
	Certain bool `json:"certain,omitempty"`
}

// String is what the column means, for people.
func (c SourceColumn) String() string {
	words := map[SourceRole]string{SourceUnit: "单位", SourceYear: "年度", SourceOutcome: "办理结果", SourceCount: "件数", SourceIgnore: "不读取"}
	if c.Role == SourceFigure {
		return disclosure.LabelOf(c.Code)
	}
	return words[c.Role]
}

// sourceKind is what is known of the heads and outcomes of one sort of ledger.
type sourceKind struct {
	Columns  map[string]disclosure.Code `json:"columns"`
	Outcomes map[string]disclosure.Code `json:"outcomes"`
	Total    disclosure.Code            `json:"total"`
}

//go:embed source_names.json
var sourceNamesFile []byte

var sourceKinds = func() map[string]sourceKind {
	out := map[string]sourceKind{}
	if err := json.Unmarshal(sourceNamesFile, &out); err != nil {
		panic(err)
	}
	return out
}()

// SourceKinds lists the sorts of ledger that heads are known of.
func SourceKinds() []string { return slices.Sorted(maps.Keys(sourceKinds)) }

var sourceHeads = map[string]SourceRole{"单位": SourceUnit, "单位名称": SourceUnit, "责任单位": SourceUnit, "被申请人": SourceUnit, "被告": SourceUnit, "制定机关": SourceUnit, "制发单位": SourceUnit,
	"受理单位": SourceUnit, "承办单位": SourceUnit, "执收单位": SourceUnit, "办理单位": SourceUnit, "部门": SourceUnit, "机构代码": SourceUnit,
	"年度": SourceYear, "年份": SourceYear, "件数": SourceCount, "数量": SourceCount, "案件数": SourceCount,
	"结果": SourceOutcome, "办理结果": SourceOutcome, "处理结果": SourceOutcome, "复议结果": SourceOutcome, "诉讼结果": SourceOutcome, "裁判结果": SourceOutcome, "审理结果": SourceOutcome, "答复类型": SourceOutcome, "案件状态": SourceOutcome}

// propose finds the row of heads in a grid and says what its columns seem to
// mean. ok is false when no row names a unit and something beside it.
func propose(rows [][]*document.Cell, kind string) (columns SourceColumns, headRow int, ok bool) {
	for r := 0; r < min(len(rows), 20); r++ {
		columns = SourceColumns{Kind: kind, Fingerprint: sourceFingerprint(kind, rows[r])}
		k := sourceKinds[kind]
		units, useful, outcome := 0, 0, false
		for _, cell := range rows[r] {
			c := proposeColumn(cell, k)
			if c.Role == SourceUnit {
				if units++; units > 1 {
					c.Role = SourceIgnore // the first names it
				}
			}
			if c.Role == SourceOutcome && (outcome || len(k.Outcomes) == 0) {
				c.Role = SourceIgnore
			}
			outcome = outcome || c.Role == SourceOutcome
			if c.Role == SourceFigure || c.Role == SourceOutcome {
				useful++
			}
			columns.Columns = append(columns.Columns, c)
		}
		if units > 0 && useful > 0 {
			if outcome {
				columns.Outcomes, columns.Total = maps.Clone(k.Outcomes), k.Total
			}
			return columns, r, true
		}
	}
	return SourceColumns{}, 0, false
}

func proposeColumn(cell *document.Cell, k sourceKind) SourceColumn {
	c := SourceColumn{Role: SourceIgnore}
	if cell == nil {
		return c
	}
	c.Head = strings.TrimSpace(cell.Text)
	name := disclosure.NormalName(c.Head)
	if role, ok := sourceHeads[name]; ok {
		c.Role, c.Certain = role, true
		return c
	}
	if _, _, ok := disclosure.LookupCode(disclosure.Code(name)); ok {
		c.Role, c.Code, c.Certain = SourceFigure, disclosure.Code(name), true
		return c
	}
	// The longest word that the head contains says most.
	best := ""
	for word := range k.Columns {
		if strings.Contains(name, word) && len(word) > len(best) {
			best = word
		}
	}
	if best != "" {
		c.Role, c.Code = SourceFigure, k.Columns[best]
	}
	return c
}

func sourceFingerprint(kind string, row []*document.Cell) string {
	h := sha256.New()
	fmt.Fprintln(h, "source", kind)
	for _, c := range row {
		if c != nil {
			fmt.Fprintln(h, disclosure.NormalName(c.Text))
		} else {
			fmt.Fprintln(h)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// certain says whether nothing of the proposal needs a person's word.
func (s SourceColumns) certain() bool {
	return !slices.ContainsFunc(s.Columns, func(c SourceColumn) bool { return c.Role == SourceFigure && !c.Certain }) && len(s.Outcomes) == 0
}

// correct puts a person's word over the proposal: heads, or outcomes as
// 结果=文字, by codes; 不读取 leaves a column out. Error: ErrInvalid.
func (s *SourceColumns) correct(words map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(words)) {
		code := disclosure.Code(words[name])
		_, _, known := disclosure.LookupCode(code)
		ignore := words[name] == "不读取"
		if !known && !ignore {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有代码“%s”,请核对指标代码,如 T2_NORM_ISSUED;不读的写“不读取”。", words[name])
		}
		if text, outcome := strings.CutPrefix(name, "结果="); outcome {
			if s.Outcomes == nil {
				s.Outcomes = map[string]disclosure.Code{}
			}
			if s.Outcomes[text] = code; ignore {
				s.Outcomes[text] = ""
			}
			continue
		}
		i := slices.IndexFunc(s.Columns, func(c SourceColumn) bool {
			return disclosure.NormalName(c.Head) == disclosure.NormalName(name)
		})
		if i < 0 {
			return disclosure.Errorf(disclosure.ErrInvalid, "台账中没有“%s”这一列,请核对表头。", name)
		}
		s.Columns[i].Role, s.Columns[i].Code, s.Columns[i].Certain = SourceFigure, code, true
		if ignore {
			s.Columns[i].Role, s.Columns[i].Code = SourceIgnore, ""
		}
	}
	return nil
}
