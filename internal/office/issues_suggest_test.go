package office

import (
	"slices"
	"testing"

	"mingjing/internal/disclosure"
)

// A name that stands within a longer one is no other unit's, the list's own word
// goes before the facts, and short names are left alone.
func TestUnitsAreSuggestedByTheirNames(t *testing.T) {
	units := &unitIndex{list: []disclosure.Unit{{Number: 1, Name: "示范区教育局", Short: "教育局"}, {Number: 2, Name: "教育局招生办公室"}, {Number: 3, Name: "青山街道办事处", Aliases: []string{"青山街道"}},
		{Number: 4, Name: "民政"}, {Number: 5, Name: "示范区旧名局", Last: 2020}, {Number: 6, Name: "示范区旧条目", MergedInto: 1}}}
	names := unitNames(units, 2026)
	for _, tc := range []struct {
		text, facts string
		want        []disclosure.UnitNumber
	}{
		{"", "青山街道与示范区教育局的指南不一致", []disclosure.UnitNumber{3, 1}},
		{"教育局", "青山街道网站打不开", []disclosure.UnitNumber{1, 3}},
		{"", "教育局招生办公室栏目空白", []disclosure.UnitNumber{2}},
		{"", "示范区 教育局和民政、示范区旧名局、示范区旧条目", []disclosure.UnitNumber{1}},
		{"", "没有写单位", nil},
	} {
		if got := suggestUnits(names, tc.text, tc.facts); !slices.Equal(got, tc.want) {
			t.Errorf("%q, %q: %v, want %v", tc.text, tc.facts, got, tc.want)
		}
	}
}
