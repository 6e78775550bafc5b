package disclosure

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Guidance says, by place of a form, what is to be counted or written there
// (填报口径). A place is the code of a row or column without the other half
// (T3_GRANTED, T4_REV_UPHELD), or a part of the prose (part5).
type Guidance map[Code]string

// PartPlace is the place of a part's prose in a Guidance.
func PartPlace(number int) Code { return Code("part" + strconv.Itoa(number)) }

// ShippedGuidance is the guidance that comes with a form. It is shared and must
// not be changed.
func ShippedGuidance(form string) Guidance { return shippedGuidance()[form] }

// shippedGuidance reads the file; a place that its form has not is a fault of
// the build and panics.
var shippedGuidance = sync.OnceValue(func() map[string]Guidance {
	data, err := formFiles.ReadFile("forms/guidance.json")
	if err != nil {
		panic(err)
	}
	var out map[string]Guidance
	if err := json.Unmarshal(data, &out); err != nil {
		panic(err)
	}
	for id, g := range out {
		form := FormByID(id)
		if form == nil {
			panic("guidance for an unknown form " + id)
		}
		places := form.GuidancePlaces()
		for place := range g {
			if !slices.ContainsFunc(places, func(p GuidancePlace) bool { return p.Place == place }) {
				panic(fmt.Sprintf("guidance for %s, which %s has not", place, id))
			}
		}
	}
	return out
})

// GuidancePlace is a place of a form for which guidance can be given.
type GuidancePlace struct {
	Place Code
	Label string
	Table string // 表三; "" for prose
}

// GuidancePlaces lists a form's places as they are printed: parts of prose,
// and the rows of tables; the first column of each group where a table has one
// row without a label, as table 四 has.
func (f *Form) GuidancePlaces() []GuidancePlace {
	var out []GuidancePlace
	for _, part := range f.Parts {
		if part.Prose {
			out = append(out, GuidancePlace{Place: PartPlace(part.Number), Label: part.Title})
		}
		t := f.table(part.Table)
		if t == nil {
			continue
		}
		for b := range t.Blocks {
			blk := &t.Blocks[b]
			for _, row := range blk.Rows {
				if row.Label != "" {
					out = append(out, GuidancePlace{Place: t.Code(row.Key, ""), Label: row.FullLabel(), Table: t.Name})
					continue
				}
				for c, col := range blk.Columns {
					if c == 0 || !slices.Equal(col.Groups, blk.Columns[c-1].Groups) {
						out = append(out, GuidancePlace{Place: t.Code(row.Key, col.Key), Label: strings.Join(col.Groups, "·"), Table: t.Name})
					}
				}
			}
		}
	}
	return out
}

// With is the guidance with a district's own words set over it; an empty text
// leaves what is shipped.
func (g Guidance) With(own Guidance) Guidance {
	out := maps.Clone(g)
	if out == nil {
		out = Guidance{}
	}
	for place, text := range own {
		if text != "" {
			out[place] = text
		}
	}
	return out
}
