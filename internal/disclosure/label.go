package disclosure

import "strings"

// Label is what a person calls the cell: "表三 (三)不予公开 1.属于国家秘密 · 自然人".
func (d CellDef) Label() string {
	var b strings.Builder
	b.WriteString(d.Table.Name)
	b.WriteByte(' ')
	b.WriteString(d.Row.FullLabel())
	if col := d.Column.FullLabel(); col != "" {
		if d.Row.Label != "" {
			b.WriteString(" · ")
		}
		b.WriteString(col)
	}
	return b.String()
}

// FullLabel is the axis' label behind its innermost group, so that "3.其他" and
// "其他" say of what: "(六)其他处理 3.其他".
func (a Axis) FullLabel() string {
	switch n := len(a.Groups); {
	case n == 0:
		return a.Label
	case n >= 2 && strings.HasPrefix(a.Groups[0], "三、"):
		return a.Groups[n-1] + " " + a.Label
	case strings.HasPrefix(a.Groups[0], "三、"):
		return a.Label
	default:
		return strings.Join(a.Groups, "·") + "·" + a.Label
	}
}

// LabelOf is the label of a code in any shipped form or measure, the code
// itself when nobody knows it.
func LabelOf(code Code) string {
	if def, _, ok := LookupCode(code); ok {
		return def.Label()
	}
	if m, ok := MeasureByCode(code); ok {
		return m.Name
	}
	return string(code)
}
