package interpret

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"mingjing/internal/disclosure"
)

// ColumnRole says what a column of a wide sheet holds.
type ColumnRole string

// The roles.
const (
	RoleUnit   ColumnRole = "unit"
	RoleYear   ColumnRole = "year"
	RoleScope  ColumnRole = "scope"
	RoleFigure ColumnRole = "figure" // a figure of a form, Code says which
	RoleIgnore ColumnRole = "ignore"
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
// by a person once, and remembered under its fingerprint. It says nothing of
// the year of a sheet that has no column for it: next year's file has the same
// headers.
type Mapping struct {
	Fingerprint string         `json:"fingerprint"` // of the headers, in order
	HeaderRows  int            `json:"header_rows"` // rows before the first row of data
	Columns     []MappedColumn `json:"columns"`
}

// ParseMappings reads mappings that a person has edited: a JSON array of
// Mapping objects. Nil forms: disclosure.Forms(). ErrInvalid, with a sentence
// that says which mapping and what to change, when one cannot be applied.
func ParseMappings(data []byte, forms []*disclosure.Form) ([]Mapping, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var out []Mapping
	if err := dec.Decode(&out); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "列对应关系不是规定格式的JSON数组,请在 import --json 输出的mapping上修改。").Because(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "列对应关系的JSON数组后面还有多余内容,请删除。")
	}
	book := Options{Forms: forms}.book()
	seen := map[string]bool{}
	for i, m := range out {
		if err := m.validate(book); err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "第%d个列对应关系不能用:%s", i+1, disclosure.Sentence(err))
		}
		if seen[m.Fingerprint] {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "第%d个列对应关系与前面的是同一张表(fingerprint为%s),请只保留一个。", i+1, m.Fingerprint)
		}
		seen[m.Fingerprint] = true
	}
	return out, nil
}

// validate says whether the mapping can be applied: ErrInvalid when a figure's
// code is unknown, two columns claim one figure, or none holds any.
func (m Mapping) validate(book *codeBook) error {
	seen := map[string]string{}
	columns := map[int]string{}
	units, figures := 0, 0
	if m.Fingerprint == "" {
		return disclosure.Errorf(disclosure.ErrInvalid, "缺少fingerprint,请保留系统给出的值。")
	}
	for _, c := range m.Columns {
		if other, twice := columns[c.Column]; twice || c.Column < 0 {
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”的列号%d不对或与“%s”重复,请保留系统给出的列号。", c.Header, c.Column, other)
		}
		columns[c.Column] = c.Header
		switch c.Role {
		case RoleUnit:
			units++
		case RoleFigure:
			if _, ok := book.info[string(c.Code)]; !ok {
				return disclosure.Errorf(disclosure.ErrInvalid, "“%s”一栏对应的代码“%s”不在任何表单里,请重新选择。", c.Header, c.Code)
			}
			figures++
		case RoleYear, RoleScope, RoleIgnore:
			continue
		default:
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”一栏的用途“%s”不认识,请重新选择。", c.Header, c.Role)
		}
		key := string(c.Code) + "/" + c.Year.String()
		if other, twice := seen[key]; twice {
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”和“%s”两栏都对应%s,请只保留一栏。", other, c.Header, c.Code)
		}
		seen[key] = c.Header
	}
	switch {
	case units > 1:
		return disclosure.Errorf(disclosure.ErrInvalid, "有%d栏都标为单位名称,请只保留一栏。", units)
	case figures == 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "没有一栏对应到指标,请至少为一栏填写role为figure和指标代码。")
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

// early says that the column's year is older than the forms.
func (c MappedColumn) early() bool { return c.Year != 0 && c.Year < firstFormYear }

// unread lists the columns with a header that the mapping leaves out.
func (m Mapping) unread() []string {
	var out []string
	for _, c := range m.Columns {
		if c.Role == RoleIgnore && c.Header != "" && c.Confidence < 1 && !c.early() {
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
	case RoleFigure:
		meaning := disclosure.LabelOf(c.Code)
		if c.Year != 0 {
			meaning = c.Year.String() + "年 " + meaning
		}
		return meaning
	}
	return "不读入"
}
