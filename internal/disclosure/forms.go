package disclosure

import (
	"embed"
	"fmt"
	"path"
	"sync"
)

//go:embed forms/*.json
var formFiles embed.FS

// FamilyNational is the national annual report; its versions are the forms of
// 2019 (国办公开办函〔2019〕60号) and 2021 (国办公开办函〔2021〕30号).
const FamilyNational = "national"

// Forms returns every form that ships with the product, national ones first,
// newest version first. A code belongs to one family only; a form that breaks
// this is a fault of the build and panics.
var Forms = sync.OnceValue(func() []*Form {
	var out []*Form
	owner := map[Code]string{}
	for _, name := range []string{"national-2021", "national-2019", "annex-example-2025"} {
		data, err := formFiles.ReadFile(path.Join("forms", name+".json"))
		if err != nil {
			panic(err)
		}
		f, err := ParseForm(data)
		if err != nil {
			panic(err)
		}
		for _, c := range f.AllCells() {
			if o, taken := owner[c.Code]; taken && o != f.Family {
				panic(fmt.Sprintf("code %s stands in the families %s and %s", c.Code, o, f.Family))
			}
			owner[c.Code] = f.Family
		}
		out = append(out, f)
	}
	return out
})

// FormByID returns a shipped form, nil when there is none of that name.
func FormByID(id string) *Form {
	for _, f := range Forms() {
		if f.ID == id {
			return f
		}
	}
	return nil
}

// NationalForm returns the version of the national form by its name, "2021"
// or "2019"; nil for any other.
func NationalForm(version string) *Form {
	return FormByID("national-" + version)
}

// FormFor returns the version of a family that is prescribed for a year, nil
// when the family has none.
func FormFor(family string, y Year) *Form {
	for _, f := range Forms() {
		if f.Family == family && f.FitsYear(y) {
			return f
		}
	}
	return nil
}

// FamilyCells returns every cell of every version of a family, each code once,
// newest version first. An approved revision writes all of them, so that a
// figure that a newer revision lacks does not outlive it.
func FamilyCells(family string) []CellDef {
	var out []CellDef
	seen := map[Code]bool{}
	for _, f := range Forms() {
		if f.Family != family {
			continue
		}
		for _, c := range f.AllCells() {
			if !seen[c.Code] {
				seen[c.Code] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// LookupCode finds a code's definition in any shipped form.
func LookupCode(code Code) (CellDef, *Form, bool) {
	for _, f := range Forms() {
		if def, ok := f.Cell(code); ok {
			return def, f, true
		}
	}
	return CellDef{}, nil, false
}
