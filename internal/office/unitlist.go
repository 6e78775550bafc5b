package office

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
	"mingjing/internal/store"
)

// ListedUnit is one row of a unit list as filed: parents and successors are
// still names.
type ListedUnit struct {
	Unit       disclosure.Unit
	Parent     string
	Successors []string
	Place      string // where the row stands, for messages
	// columns are those that the list has: only what it names is changed.
	columns map[unitColumn]int
	// later are agreements from a year on, out of columns of that year.
	later []laterAgreement
}

// laterAgreement is what a row says for the time from a year on; a column that
// is missing or empty goes on as before.
type laterAgreement struct {
	from  disclosure.Year
	texts map[unitColumn]string
}

// over puts what the list names over a unit that is on file.
func (l ListedUnit) over(old disclosure.Unit) disclosure.Unit {
	u := old
	u.Unconfirmed = false
	named := func(c unitColumn) bool { _, ok := l.columns[c]; return ok }
	u.Name = l.Unit.Name
	if l.Unit.Code != "" {
		u.Code = l.Unit.Code
	}
	if named(columnShort) {
		u.Short = l.Unit.Short
	}
	if named(columnKind) {
		u.Kind = l.Unit.Kind
	}
	if named(columnSort) {
		u.Sort = l.Unit.Sort
	}
	if named(columnFirst) {
		u.First = l.Unit.First
	}
	if named(columnLast) {
		u.Last = l.Unit.Last
	}
	u.Aliases = joinNames(l.Unit.Aliases, old.Aliases)
	if named(columnReview) {
		u.ReviewOff = l.Unit.ReviewOff
	}
	if named(columnGroup) || named(columnScope) || named(columnCounted) {
		agreed := old.In(0)
		listed := l.Unit.Years[0]
		if named(columnGroup) {
			agreed.Group = listed.Group
		}
		if named(columnScope) {
			agreed.Scope = listed.Scope
		}
		if named(columnCounted) {
			agreed.Counted = listed.Counted
		}
		if agreed != old.In(0) { // nobody needs to write down what holds anyway
			agreed.From = 0
			u.Years = mergeYears(old.Years, []disclosure.UnitYear{agreed})
		}
	}
	u.Years = withLater(u, l.later)
	return u
}

// withLater sets the agreements of later years over what holds before them.
// What cannot be read was refused when the row was.
func withLater(u disclosure.Unit, later []laterAgreement) []disclosure.UnitYear {
	for _, a := range later {
		agreed := u.In(a.from)
		if text, ok := a.texts[columnGroup]; ok {
			agreed.Group = text
		}
		if text, ok := a.texts[columnScope]; ok {
			agreed.Scope, _ = disclosure.ParseScope(text)
		}
		if text, ok := a.texts[columnCounted]; ok {
			agreed.Counted, _ = countedIn(text)
		}
		agreed.From = a.from
		u.Years = mergeYears(u.Years, []disclosure.UnitYear{agreed})
	}
	return u.Years
}

// UnitListHeads are the columns of an exported unit list, in its order; those
// of agreements from a year on follow, see LaterHead.
var UnitListHeads = []string{"代码", "单位名称", "简称", "别名", "类型", "上级单位", "排序", "考核分组", "口径", "计入区汇总", "起始年", "终止年", "继任单位", "单位内审核"}

// LaterHead names a column of what is agreed from a year on.
func LaterHead(head string, from disclosure.Year) string {
	return head + "(" + from.String() + "年起)"
}

// Row is the unit's row under UnitListHeads and the heads of later years.
func (k KeptUnit) Row(later []disclosure.Year) []string {
	year := func(y disclosure.Year) string {
		if y == 0 {
			return ""
		}
		return y.String()
	}
	base := k.In(0)
	row := []string{k.Code, k.Name, k.Short, strings.Join(k.Aliases, "、"), string(k.Kind), k.Parent, strconv.Itoa(k.Sort), base.Group, string(base.Scope),
		yesNo(base.Counted), year(k.First), year(k.Last), strings.Join(k.Successors, "、"), yesNo(!k.ReviewOff)}
	for _, from := range later {
		i := slices.IndexFunc(k.Years, func(y disclosure.UnitYear) bool { return y.From == from })
		if i < 0 {
			row = append(row, "", "", "")
			continue
		}
		y := k.Years[i]
		row = append(row, y.Group, string(y.Scope), yesNo(y.Counted))
	}
	return row
}

// LaterYears are the years from which anything is agreed on any of the units.
func LaterYears(units []KeptUnit) []disclosure.Year {
	var out []disclosure.Year
	for _, u := range units {
		for _, y := range u.Years {
			if y.From != 0 && !slices.Contains(out, y.From) {
				out = append(out, y.From)
			}
		}
	}
	slices.Sort(out)
	return out
}

// ImportUnitList reads a unit list from a file and brings the units in line
// with it, see ImportUnits.
func (o *Office) ImportUnitList(ctx context.Context, f gather.File, actor store.Actor, dryRun bool) (UnitListOutcome, error) {
	if f.Err != nil {
		return UnitListOutcome{}, f.Err
	}
	doc, err := o.readers.Document(ctx, f.Name, f.Data)
	if err != nil {
		return UnitListOutcome{}, err
	}
	listed, problems, err := ReadUnitList(doc)
	if err != nil {
		return UnitListOutcome{}, err
	}
	out, err := o.ImportUnits(ctx, listed, actor, dryRun)
	out.Problems = append(problems, out.Problems...)
	return out, err
}
