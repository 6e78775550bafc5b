package office

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// nameBook finds units by what a report calls them: code, full name, short
// name or alias, folded by disclosure.NormalName.
type nameBook struct {
	byName map[string][]*disclosure.Unit
}

func newNameBook(units []disclosure.Unit) *nameBook {
	b := &nameBook{byName: map[string][]*disclosure.Unit{}}
	for i := range units {
		b.add(&units[i])
	}
	return b
}

func (b *nameBook) add(u *disclosure.Unit) {
	seen := map[string]bool{"": true}
	for _, n := range append([]string{u.Code, u.Name, u.Short}, u.Aliases...) {
		key := disclosure.NormalName(n)
		if !seen[key] {
			seen[key] = true
			b.byName[key] = append(b.byName[key], u)
		}
	}
}

// find returns the unit that bears the name in that year; nil when nobody
// does. A name that two units bear in the year is ErrConflict: a person must
// say which. A year of 0 matches every year. An entry that was merged is
// followed to the unit that it is.
func (b *nameBook) find(name string, year disclosure.Year) (*disclosure.Unit, error) {
	var found []*disclosure.Unit
	for _, u := range b.byName[disclosure.NormalName(name)] {
		if u.MergedInto == 0 && (year == 0 || u.ReportsIn(year)) {
			found = append(found, u)
		}
	}
	if confirmed := slices.DeleteFunc(slices.Clone(found), func(u *disclosure.Unit) bool { return u.Unconfirmed }); len(confirmed) > 0 {
		found = confirmed // an entry that an import made yields to the unit list
	}
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return found[0], nil
	}
	names := make([]string, len(found))
	for i, u := range found {
		names[i] = fmt.Sprintf("%s #%d", u.Name, u.Number)
	}
	return nil, disclosure.Errorf(disclosure.ErrConflict, "“%s”在%s年对应多个单位(%s),请在单位名单中区分它们的名称或起止年,或在文件中改用机构代码。", name, year, strings.Join(names, "、"))
}
