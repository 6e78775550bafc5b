package interpret

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"mingjing/internal/disclosure"
)

// ColumnRole says what a column of a wide sheet holds.
type ColumnRole string

// The roles.
const (
	RoleUnit    ColumnRole = "unit"
	RoleYear    ColumnRole = "year"
	RoleScope   ColumnRole = "scope"
	RoleFigure  ColumnRole = "figure"  // a figure of a form, Code says which
	RoleHistory ColumnRole = "history" // a local series from before the forms, Code begins with H_
	RoleIgnore  ColumnRole = "ignore"
)

// MappedColumn says what one column of a wide sheet means.
type MappedColumn struct {
	Column int             `json:"column"` // from 0
	Header string          `json:"header"` // as printed, levels joined with " "
	Role   ColumnRole      `json:"role"`
	Code   disclosure.Code `json:"code,omitempty"`
	// Year is the year of a column that names one (2022年新收); 0: the row's.
	Year disclosure.Year `json:"year,omitempty"`
	// Confidence is 1 for a code or full label, less for a guess; Why says in
	// Chinese what the guess rests on.
	Confidence float64 `json:"confidence"`
	Why        string  `json:"why,omitempty"`
}

// Mapping says what the columns of a wide sheet mean. It is proposed, confirmed
// by a person once, and remembered under its fingerprint.
type Mapping struct {
	Fingerprint string         `json:"fingerprint"` // of the headers, in order
	HeaderRows  int            `json:"header_rows"` // rows before the first row of data
	Columns     []MappedColumn `json:"columns"`
	// Year holds for the whole sheet when no column has it: from its name or
	// the lines above its header. 0: unknown.
	Year disclosure.Year `json:"year,omitempty"`
}

// Validate says whether the mapping can be applied: ErrInvalid when a figure's
// code is unknown, two columns claim one figure, or nothing tells the unit.
func (m Mapping) Validate(opts Options) error { return m.validate(opts.book()) }

func (m Mapping) validate(book *codeBook) error {
	seen := map[string]string{}
	units := 0
	for _, c := range m.Columns {
		switch c.Role {
		case RoleUnit:
			units++
		case RoleFigure:
			if _, ok := book.info[string(c.Code)]; !ok {
				return disclosure.Errorf(disclosure.ErrInvalid, "“%s”一栏对应的代码“%s”不在任何表单里,请重新选择。", c.Header, c.Code)
			}
		case RoleHistory:
			if !strings.HasPrefix(string(c.Code), "H_") || len(c.Code) < 3 {
				return disclosure.Errorf(disclosure.ErrInvalid, "“%s”一栏是历史口径,代码须以H_开头,请修改。", c.Header)
			}
		case RoleYear, RoleScope, RoleIgnore:
			continue
		default:
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”一栏的用途“%s”不认识,请重新选择。", c.Header, c.Role)
		}
		if c.Code == "" {
			continue
		}
		key := string(c.Code) + "/" + c.Year.String()
		if other, twice := seen[key]; twice {
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”和“%s”两栏都对应%s,请只保留一栏。", other, c.Header, c.Code)
		}
		seen[key] = c.Header
	}
	if units > 1 {
		return disclosure.Errorf(disclosure.ErrInvalid, "有%d栏都标为单位名称,请只保留一栏。", units)
	}
	return nil
}

// Certain says that every column that is read was told by its code, its full
// label or its plain name, so that nothing is left for a person to judge.
func (m Mapping) Certain() bool {
	figures, unit := false, false
	for _, c := range m.Columns {
		if c.Role == RoleIgnore {
			continue
		}
		if c.Confidence < 1 {
			return false
		}
		figures, unit = figures || c.Role == RoleFigure, unit || c.Role == RoleUnit
	}
	return figures && unit
}

// NeedsMapping is the error for a wide sheet whose mapping nobody has confirmed
// yet. It unwraps to a *disclosure.Error with ErrInvalid.
type NeedsMapping struct {
	File    string  `json:"file"`
	Place   string  `json:"place"`
	Mapping Mapping `json:"mapping"` // the proposal
	// Rows are up to five rows of data, for the person who confirms.
	Rows [][]string `json:"rows"`
}

// Error is the sentence for people.
func (n *NeedsMapping) Error() string {
	return fmt.Sprintf("文件“%s”是按单位逐行排列的数据表,请先确认各栏对应的指标再导入。", n.File)
}

// unread lists the columns with a header that the mapping leaves out.
func (m Mapping) unread() []string {
	var out []string
	for _, c := range m.Columns {
		if c.Role == RoleIgnore && c.Header != "" && c.Confidence < 1 {
			out = append(out, c.Header)
		}
	}
	return out
}

// Unwrap gives the error's code to disclosure.CodeOf.
func (n *NeedsMapping) Unwrap() error {
	return disclosure.Errorf(disclosure.ErrInvalid, "%s", n.Error())
}

// fingerprint identifies a sheet's headers: same headers in the same order,
// whatever the spaces and full-width letters.
func fingerprint(headers []string) string {
	h := sha256.New()
	for _, s := range headers {
		h.Write([]byte(plainText(s)))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Meaning says for people what the column was taken for.
func (c MappedColumn) Meaning() string {
	switch c.Role {
	case RoleUnit:
		return "单位"
	case RoleYear:
		return "年度"
	case RoleScope:
		return "口径"
	case RoleFigure, RoleHistory:
		meaning := disclosure.LabelOf(c.Code)
		if c.Year != 0 {
			meaning = c.Year.String() + "年 " + meaning
		}
		return meaning
	}
	return "不读入"
}
