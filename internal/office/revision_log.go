package office

import (
	"context"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// RevisionLog is the life of a report, and what differs between two of its
// entries.
type RevisionLog struct {
	Unit     *disclosure.Unit
	Period   disclosure.Period
	Form     *disclosure.Form
	From, To *LogLine
	Cells    []CellChange
	Prose    []ProseChange
	Lines    []LogLine // newest first
}

// CellChange is a cell that holds something else than before.
type CellChange struct {
	Form     *disclosure.Form
	Code     disclosure.Code
	Label    string
	Was, Now string
}

// RevisionLog answers the life of a unit's report, for the unit and the district,
// with what differs between two of its entries; by default between the newest
// filing and the one before it. Errors: ErrForbidden, ErrNotFound.
func (o *Office) RevisionLog(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, from, to uint64) (*RevisionLog, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, err
	}
	if s.Standing == nil {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "“%s”%s年的报告还没有报送过,没有版本记录。", s.Unit.Name, period)
	}
	names, err := o.accountNames(ctx)
	if err != nil {
		return nil, err
	}
	all, err := o.roundsOf(ctx, s, names)
	if err != nil {
		return nil, err
	}
	c := &RevisionLog{Unit: s.Unit, Period: period, Form: disclosure.FormByID(s.Standing.FormID), Lines: all.lines()}
	toAt, fromAt := len(all.log)-1, -1
	if to != 0 {
		if toAt = all.find(to); toAt < 0 {
			return nil, errNoRevision
		}
	}
	if from != 0 {
		if fromAt = all.find(from); fromAt < 0 {
			return nil, errNoRevision
		}
	} else {
		for i := toAt; i >= 0 && fromAt < 0; i-- {
			if all.log[i].Round < all.log[toAt].Round {
				fromAt = i
			}
		}
	}
	c.To = &all.log[toAt]
	if fromAt < 0 {
		return c, nil
	}
	c.From = &all.log[fromAt]
	return c, o.compareRounds(ctx, c, all.round(fromAt), all.round(toAt))
}

var errNoRevision = disclosure.Errorf(disclosure.ErrNotFound, "没有这个版本,请从版本记录中选择。")

func (r *rounds) find(seq uint64) int {
	return slices.IndexFunc(r.log, func(l LogLine) bool { return l.Seq == seq })
}

func (o *Office) compareRounds(ctx context.Context, c *RevisionLog, from, to *round) error {
	forms := []*disclosure.Form{c.Form}
	annexes, err := o.annexForms(ctx, c.Period.Year)
	if err != nil {
		return err
	}
	for _, form := range append(forms, annexes...) {
		if form == nil {
			continue
		}
		key := to.Key
		key.Family = form.Family
		a, err := o.besides(ctx, from, key)
		if err != nil {
			return err
		}
		b, err := o.besides(ctx, to, key)
		if err != nil {
			return err
		}
		c.Cells = append(c.Cells, cellChanges(form, a, b)...)
	}
	for _, p := range proseChanges(c.Form, from, to.StoredReport) {
		if p.Changed() {
			c.Prose = append(c.Prose, p)
		}
	}
	return nil
}

func cellChanges(form *disclosure.Form, from, to *store.StoredReport) []CellChange {
	cells := func(r *store.StoredReport) map[disclosure.Code]disclosure.Cell {
		if r == nil {
			return nil
		}
		return r.Cells
	}
	a, b := cells(from), cells(to)
	var out []CellChange
	for _, def := range form.Cells() {
		if !sameCell(a[def.Code], b[def.Code]) {
			out = append(out, CellChange{Form: form, Code: def.Code, Label: def.Label(), Was: Typed(a[def.Code]), Now: Typed(b[def.Code])})
		}
	}
	return out
}
