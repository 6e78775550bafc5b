package office

import (
	"context"
	"slices"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// MatterFilter selects matters; empty fields mean all.
type MatterFilter struct {
	Filter
	Unit     disclosure.UnitNumber
	Rule     string // a rule's number, AnomalyPrefix and a kind, or AnomalyPrefix for all anomalies
	Severity check.Severity
	State    MatterState
	Code     disclosure.Code // an indicator that they concern
}

// MatterList is the answer to a MatterFilter, the gravest first.
type MatterList struct {
	Filter  MatterFilter
	Choices Choices
	Units   []*disclosure.Unit // within the visitor's reach, that have matters in the year
	Rules   []MatterRule       // that found something in the year
	// States counts what the other filters leave, by state.
	States  map[MatterState]int
	Matters []Matter
	// Indicator is what Filter.Code names, nil for none.
	Indicator *Indicator
}

// MatterRule is a rule, or a kind of anomaly, to filter by.
type MatterRule struct{ Rule, Name string }

// Matters lists what a year's reports should be asked about, of the units within
// the visitor's reach: findings and anomalies in one. What other units' reports
// say is left out unless the visitor may read those. Error: ErrForbidden.
func (o *Office) Matters(ctx context.Context, v people.Visitor, f MatterFilter) (*MatterList, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.Filter.reach(v, units, people.SeeFindings); err != nil {
		return nil, err
	}
	base, err := o.scene(ctx, &f.Filter)
	if err != nil {
		return nil, err
	}
	list := &MatterList{Filter: f, Choices: base.choices, States: map[MatterState]int{}}
	if f.Year == 0 {
		return list, nil
	}
	var concerned []disclosure.Code
	if f.Code != "" {
		ind, err := IndicatorByCode(f.Code)
		if err != nil {
			return nil, err
		}
		concerned, list.Indicator = ind.Codes(), &ind
	}
	all, err := o.yearMatters(ctx, f.Year, f.Basis)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for i := range all {
		m := &all[i]
		if !f.includes(m.Unit) {
			continue
		}
		if names[m.Rule] = m.Name; !ReadsRuleNumbers(v) {
			names[m.Rule] = m.titled()
		}
		if !slices.Contains(list.Units, m.Unit) {
			list.Units = append(list.Units, m.Unit)
		}
		if !f.takes(m) || f.Code != "" && !m.concerns(concerned) {
			continue
		}
		if list.States[m.State]++; f.State == "" || f.State == m.State {
			list.Matters = append(list.Matters, units.seen(v, *m))
		}
	}
	for _, r := range sortedKeys(names) {
		list.Rules = append(list.Rules, MatterRule{r, names[r]})
	}
	slices.SortFunc(list.Units, byOrder)
	return list, nil
}

// takes says whether a matter is within the filter, whatever its state.
func (f *MatterFilter) takes(m *Matter) bool {
	return (f.Severity == "" || f.Severity == m.Severity) && (f.Unit == 0 || f.Unit == m.Unit.Number) &&
		(f.Rule == "" || f.Rule == m.Rule || f.Rule == AnomalyPrefix && m.Anomaly != nil)
}

func (m *Matter) concerns(codes []disclosure.Code) bool {
	return slices.ContainsFunc(m.Codes, func(c disclosure.Code) bool { return slices.Contains(codes, c) })
}

// ReadsRuleNumbers says whether a rule's number (T3-R1) means something to the
// visitor: to who looks at the district as a whole. Those who file for a unit
// read the rule's name alone.
func ReadsRuleNumbers(v people.Visitor) bool { return v.Anywhere(people.SeeOverview) }

// seen is a matter as the visitor may see it. The passages that CPY-R1 quotes
// are for supervisors who may read the other report too; of its own last report
// a unit sees them as well. What the unit and the district wrote to each other
// is for them alone: others see how far the matter is.
func (idx *unitIndex) seen(v people.Visitor, m Matter) Matter {
	if !v.May(people.SeeFiled, m.Unit.Number) {
		m.Explanation = nil
		m.Mark = Mark{Disposition: m.Mark.Disposition}
	}
	if !ReadsRuleNumbers(v) {
		m.Name = m.titled()
	}
	if m.Finding != nil && !idx.quotes(v, m.Unit.Number, m.Finding) {
		bare := *m.Finding // the answer is shared with other requests
		bare.Copied = nil
		m.Finding = &bare
	}
	return m
}

// quotes says whether the passages that a finding on a unit's report quotes of
// another report are for the visitor.
func (idx *unitIndex) quotes(v people.Visitor, unit disclosure.UnitNumber, f *check.Finding) bool {
	switch {
	case f.Copied == nil:
		return true
	case f.Aspect == "last":
		return v.May(people.SeeFiled, unit)
	}
	return v.May(people.Supervise, unit) && idx.mayRead(v, f.Copied.Unit)
}

// mayRead says whether the visitor may read what the unit of a name handed in.
func (idx *unitIndex) mayRead(v people.Visitor, name string) bool {
	if v.Everywhere(people.SeeFiled) {
		return true
	}
	name = disclosure.NormalName(name)
	for i := range idx.list {
		u := &idx.list[i]
		if disclosure.NormalName(u.Name) == name || disclosure.NormalName(u.Short) == name {
			return v.May(people.SeeFiled, u.Number)
		}
	}
	return false
}

// MatterPage is one matter with what became of it.
type MatterPage struct {
	Matter
	Basis store.Basis
	// Cells are its figures as they stand, in the order of Codes.
	Cells []MatterCell
	// History is what was said of it, newest first.
	History []MarkEntry
	// MayMark: the visitor is a supervisor of the unit; MayAnswer: of the unit.
	MayMark, MayAnswer bool
}

// MatterCell is a figure of a matter.
type MatterCell struct {
	Code  disclosure.Code
	Label string
	Cell  disclosure.Cell
	Known bool // the report holds the code
}

// Matter answers one matter of a year. Errors: ErrNotFound (it is not there, or
// any more), ErrForbidden.
func (o *Office) Matter(ctx context.Context, v people.Visitor, year disclosure.Year, basis store.Basis, id string) (*MatterPage, error) {
	m, err := o.matter(ctx, v, year, basis, id)
	if err != nil {
		return nil, err
	}
	page := &MatterPage{Matter: *m, Basis: basis, MayMark: v.May(people.Supervise, m.Unit.Number),
		MayAnswer: mayAnswer(v, m.Unit.Number)}
	if len(m.Codes) > 0 && m.State.Found() {
		r, err := o.store.Report(ctx, m.Report, basis)
		if err != nil {
			return nil, err
		}
		for _, c := range m.Codes {
			cell, known := r.Cells[c]
			page.Cells = append(page.Cells, MatterCell{Code: c, Label: disclosure.LabelOf(c), Cell: cell, Known: known})
		}
	}
	if v.May(people.SeeFiled, m.Unit.Number) {
		page.History, err = o.markHistory(ctx, id)
	}
	return page, err
}

// matter finds one that the visitor may see.
func (o *Office) matter(ctx context.Context, v people.Visitor, year disclosure.Year, basis store.Basis, id string) (*Matter, error) {
	f := Filter{Year: year, Basis: basis}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.reach(v, units, people.SeeFindings); err != nil {
		return nil, err
	}
	all, err := o.yearMatters(ctx, year, basis)
	if err != nil {
		return nil, err
	}
	for i := range all {
		if all[i].ID == id && f.includes(all[i].Unit) {
			m := units.seen(v, all[i])
			return &m, nil
		}
	}
	return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这项待核实事项:可能数字改正后已不再出现,请回到列表查看。")
}

// MattersWaiting counts what waits for a visitor in the latest year on file: of
// a unit what is asked of it, of supervisors what nobody looked at.
func (o *Office) MattersWaiting(ctx context.Context, v people.Visitor) (int, error) {
	if !v.Anywhere(people.SeeFindings) || !v.Anywhere(people.SeeFiled) {
		return 0, nil
	}
	list, err := o.Matters(ctx, v, MatterFilter{Filter: Filter{Basis: store.Provisional}})
	if err != nil {
		return 0, err
	}
	if v.Anywhere(people.Supervise) {
		return list.States[MatterOpen] + list.States[MatterAnswered] + list.States[MatterLapsed], nil
	}
	return list.States[MatterConfirmed] + list.States[MatterLapsed], nil
}
