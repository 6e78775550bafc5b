package office

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// UnitEntry is a unit with where its entry stands in the log.
type UnitEntry struct {
	disclosure.Unit
	Seq  uint64 // what the next change gives as seen
	Past []AuditLine
}

// UnitEntry opens a unit for who keeps the unit list there. Errors:
// ErrNotFound, ErrForbidden.
func (o *Office) UnitEntry(ctx context.Context, v people.Visitor, n disclosure.UnitNumber) (UnitEntry, error) {
	if err := v.Demand(people.KeepUnits, n); err != nil {
		return UnitEntry{}, err
	}
	u, err := o.unitEntry(ctx, n)
	if err != nil {
		return UnitEntry{}, err
	}
	past, err := o.past(ctx, v, store.KindUnit, store.UnitEntityID(n), 12)
	return UnitEntry{Unit: u.unit, Seq: u.seen, Past: past}, err
}

// ChangeUnit replaces a unit's entry. Whether it is confirmed or merged is not
// changed here, but that somebody edits an entry confirms it. Errors:
// ErrInvalid, ErrForbidden, ErrNotFound, ErrConflict when somebody else changed
// it since it was seen: the sentence says who.
func (o *Office) ChangeUnit(ctx context.Context, v people.Visitor, u disclosure.Unit, seen uint64, act string) error {
	old, err := o.UnitEntry(ctx, v, u.Number)
	if err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, act, store.KindUnit); err != nil || done {
		return err
	}
	if old.MergedInto != 0 {
		return disclosure.Errorf(disclosure.ErrConflict, "“%s”已并入别的单位,不能再修改。", old.Name)
	}
	u.Unconfirmed, u.MergedInto = false, 0
	if err := o.checkUnit(ctx, &u); err != nil {
		return err
	}
	if u.Parent != old.Parent {
		if err := v.Demand(people.KeepUnits, u.Parent); err != nil {
			return err
		}
	}
	err = o.append(ctx, v, act, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbChange, Seen: seen, State: u})
	if err == nil {
		o.recheckSoon() // scopes, years and predecessors are what checks rest on
	}
	return o.conflictBy(ctx, err, store.KindUnit, store.UnitEntityID(u.Number))
}

// CreateUnit makes a unit under a parent that the visitor keeps; a unit at the
// top is for who keeps all. Errors: as ChangeUnit.
func (o *Office) CreateUnit(ctx context.Context, v people.Visitor, u disclosure.Unit, act string) (disclosure.UnitNumber, error) {
	if err := v.Demand(people.KeepUnits, u.Parent); err != nil {
		return 0, err
	}
	u.Number, u.Unconfirmed, u.MergedInto = 0, false, 0
	if err := o.checkUnit(ctx, &u); err != nil {
		return 0, err
	}
	if done, err := o.actDone(ctx, v, act, store.KindUnit); err != nil || done {
		return 0, err
	}
	units, err := o.units(ctx)
	if err != nil {
		return 0, err
	}
	for u.Number == 0 || units.byNumber[u.Number] != nil { // a list that was loaded whole brought its own numbers
		if u.Number, err = o.store.NextUnitNumber(); err != nil {
			return 0, err
		}
	}
	return u.Number, o.append(ctx, v, act, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
}

// checkUnit tidies a unit as typed and says what is wrong with it.
func (o *Office) checkUnit(ctx context.Context, u *disclosure.Unit) error {
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	invalid := func(sentence string, args ...any) error {
		return disclosure.Errorf(disclosure.ErrInvalid, sentence, args...)
	}
	u.Name, u.Short, u.Code = strings.TrimSpace(u.Name), strings.TrimSpace(u.Short), strings.TrimSpace(u.Code)
	u.Aliases = slices.DeleteFunc(u.Aliases, func(s string) bool { return strings.TrimSpace(s) == "" })
	slices.SortFunc(u.Years, func(a, b disclosure.UnitYear) int { return int(a.From) - int(b.From) })
	switch {
	case u.Name == "" || utf8.RuneCountInString(u.Name) > 100:
		return invalid("请填写单位名称,不超过100个字。")
	case utf8.RuneCountInString(u.Short) > 40 || utf8.RuneCountInString(u.Code) > 40:
		return invalid("简称和代码不超过40个字。")
	case !slices.Contains(UnitKinds, u.Kind):
		return invalid("请选择单位类型。")
	case u.First != 0 && !u.First.Valid() || u.Last != 0 && !u.Last.Valid():
		return invalid("起始年和终止年应是%d到%d之间的四位数字。", disclosure.MinYear, disclosure.MaxYear)
	case u.First != 0 && u.Last != 0 && u.Last < u.First:
		return invalid("终止年不能早于起始年。")
	case len(u.Successors) > 0 && u.Last == 0:
		return invalid("有继任单位的,请填写终止年(最后一次报送的年度)。")
	case u.Parent != 0 && units.byNumber[u.Parent] == nil:
		return invalid("没有编号为 %d 的上级单位,请从列表中选择。", u.Parent)
	case u.Parent != 0 && u.Parent == u.Number:
		return invalid("单位不能是自己的上级。")
	}
	for i, y := range u.Years {
		if y.From != 0 && !y.From.Valid() || i > 0 && u.Years[i-1].From == y.From {
			return invalid("年度约定的起始年重复或不是四位年份,请核对。")
		}
		if !slices.Contains(UnitScopes, y.Scope) {
			return invalid("请为每条年度约定选择口径。")
		}
	}
	if u.Number != 0 && u.Parent != 0 && people.NewTree(units.list).Within(u.Parent, u.Number) {
		return invalid("“%s”在这个单位之下,不能作它的上级。", units.byNumber[u.Parent].Name)
	}
	for i, n := range u.Successors {
		if n == u.Number || units.byNumber[n] == nil || slices.Contains(u.Successors[:i], n) {
			return invalid("继任单位有误:不能是自己,不能重复,请从列表中选择。")
		}
	}
	return distinct(units, u)
}

// distinct refuses a code that another unit has, and a name that another bears
// in the same years.
func distinct(units *unitIndex, u *disclosure.Unit) error {
	for i := range units.list {
		other := &units.list[i]
		if other.Number == u.Number || other.MergedInto != 0 || other.Unconfirmed {
			continue
		}
		overlaps := (u.Last == 0 || other.First == 0 || other.First <= u.Last) && (other.Last == 0 || u.First == 0 || u.First <= other.Last)
		switch {
		case u.Code != "" && other.Code == u.Code && overlaps:
			return disclosure.Errorf(disclosure.ErrInvalid, "代码“%s”已是“%s”的代码。", u.Code, other.Name)
		case overlaps && disclosure.NormalName(other.Name) == disclosure.NormalName(u.Name):
			return disclosure.Errorf(disclosure.ErrInvalid, "已有名为“%s”的单位,且年份重叠;请改名,或写明起止年。", u.Name)
		}
	}
	return nil
}

// UnitKinds and UnitScopes are what can be chosen.
var (
	UnitKinds  = []disclosure.UnitKind{disclosure.UnitGovernment, disclosure.UnitDepartment, disclosure.UnitLocality, disclosure.UnitOther}
	UnitScopes = []disclosure.Scope{disclosure.ScopeAgency, disclosure.ScopeLevel, disclosure.ScopeRegion}
)

// MergeUnconfirmed is MergeUnit by a visitor who keeps both.
func (o *Office) MergeUnconfirmed(ctx context.Context, v people.Visitor, from, into disclosure.UnitNumber) error {
	for _, n := range []disclosure.UnitNumber{from, into} {
		if err := v.Demand(people.KeepUnits, n); err != nil {
			return err
		}
	}
	return o.MergeUnit(ctx, from, into, actorOf(v))
}

// ImportUnitFile is ImportUnitList by a visitor who keeps the list of all units.
func (o *Office) ImportUnitFile(ctx context.Context, v people.Visitor, f File, dryRun bool) (UnitListOutcome, error) {
	if err := v.Demand(people.KeepUnits, 0); err != nil {
		return UnitListOutcome{}, err
	}
	if f.Err == nil && o.readers == nil {
		return UnitListOutcome{}, disclosure.Errorf(disclosure.ErrUnavailable, "本服务不读取文件。")
	}
	out, err := o.ImportUnitList(ctx, f, actorOf(v), dryRun)
	if err == nil && !dryRun {
		o.recheckSoon()
	}
	return out, err
}

// KeptUnit is a unit in the list of those that a visitor keeps.
type KeptUnit struct {
	disclosure.Unit
	Depth      int
	Parent     string
	Successors []string
}

// KeptUnits lists the units that the visitor keeps, parents first. Entries that
// were merged into others are left out. Error: ErrForbidden.
func (o *Office) KeptUnits(ctx context.Context, v people.Visitor) ([]KeptUnit, error) {
	if !v.Anywhere(people.KeepUnits) {
		return nil, v.Demand(people.KeepUnits, 0)
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	var out []KeptUnit
	for _, n := range treeOrder(units) {
		u := units.byNumber[n.number]
		if u.MergedInto != 0 || !v.May(people.KeepUnits, u.Number) {
			continue
		}
		k := KeptUnit{Unit: *u, Depth: n.depth, Parent: units.listName(u.Parent)}
		for _, s := range u.Successors {
			k.Successors = append(k.Successors, units.listName(s))
		}
		out = append(out, k)
	}
	return out, nil
}

// listName is how a list names a unit: by its name, or by "#12" where several
// bear it.
func (x *unitIndex) listName(n disclosure.UnitNumber) string {
	u := x.byNumber[n]
	if u == nil {
		return ""
	}
	same := 0
	for i := range x.list {
		if x.list[i].MergedInto == 0 && disclosure.NormalName(x.list[i].Name) == disclosure.NormalName(u.Name) {
			same++
		}
	}
	if same > 1 {
		return fmt.Sprintf("#%d", n)
	}
	return u.Name
}
