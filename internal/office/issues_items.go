package office

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/shopspring/decimal"
)

// SetIssueItems gives a list the indicators and units that an offline workbook
// is made of. Marks that are there already stay with their unit and indicator.
// Errors: ErrNotFound, ErrInvalid (also
// when marks would be lost), ErrConflict.
func (o *Office) SetIssueItems(ctx context.Context, v people.Visitor, act, list string, seq uint64, items []issue.ScoreItem, only []disclosure.UnitNumber) error {
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindIssueList, Verb: store.VerbChange, ID: list}); err != nil || done {
		return err
	}
	kept, err := o.issueList(ctx, v, list)
	if err == nil {
		err = needsOpen(kept)
	}
	if err != nil {
		return err
	}
	l, _, err := o.heldList(ctx, list)
	if err != nil {
		return err
	}
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	if len(items) == 0 || len(items) > 200 || len(only) == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "请至少写一项指标(最多200项)、选一个单位。")
	}
	next := &issue.ScoreTable{Items: items}
	met := map[[2]string]bool{}
	for k, item := range items {
		name := [2]string{item.Indicator1, item.Indicator2}
		switch {
		case strings.TrimSpace(item.Indicator2) == "" || !item.Full.IsPositive() || item.Full.GreaterThan(mostPoints):
			return disclosure.Errorf(disclosure.ErrInvalid, "第%d项指标没有名称,或满分不是1000以内的正数,请补正。", k+1)
		case utf8.RuneCountInString(item.Indicator1) > 100 || utf8.RuneCountInString(item.Indicator2) > 200:
			return disclosure.Errorf(disclosure.ErrInvalid, "第%d项指标的名称太长,请写得简短些。", k+1)
		case met[name]:
			return disclosure.Errorf(disclosure.ErrInvalid, "指标“%s”写了两次,请只保留一行。", item.Indicator2)
		}
		met[name] = true
	}
	for _, n := range only {
		u := units.byNumber[n]
		if u == nil || u.MergedInto != 0 {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有编号为 %d 的单位,请从单位列表中选择。", n)
		}
		if slices.ContainsFunc(next.Units, func(s issue.UnitScore) bool { return s.Unit == n }) {
			continue
		}
		s := issue.UnitScore{Unit: n, UnitText: u.Name, Total: totalOf(l.Scores, n)}
		for _, item := range items {
			s.Marks = append(s.Marks, markOn(l.Scores, n, item))
		}
		next.Units = append(next.Units, s)
	}
	if err := keepMarks(next, l.Scores); err != nil {
		return err
	}
	l.Scores = next
	return o.append(ctx, v, act, store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbChange, Seen: seq, State: l, Year: l.Quarter.Year})
}

// markOn is a unit's mark for an indicator, none when the table has none.
func markOn(t *issue.ScoreTable, unit disclosure.UnitNumber, item issue.ScoreItem) issue.Mark {
	if t == nil {
		return issue.Mark{}
	}
	k := slices.IndexFunc(t.Items, func(i issue.ScoreItem) bool {
		return i.Indicator1 == item.Indicator1 && i.Indicator2 == item.Indicator2
	})
	for _, u := range t.Units {
		if u.Unit == unit && k >= 0 && k < len(u.Marks) {
			return u.Marks[k]
		}
	}
	return issue.Mark{}
}

// totalOf is a unit's printed total: no mark that it was printed over goes when
// the indicators are set, so that it still stands.
func totalOf(t *issue.ScoreTable, unit disclosure.UnitNumber) decimal.NullDecimal {
	if t != nil {
		for _, u := range t.Units {
			if u.Unit == unit {
				return u.Total
			}
		}
	}
	return decimal.NullDecimal{}
}

// mostPoints is the most full marks of an indicator.
var mostPoints = decimal.NewFromInt(1000)

// keepMarks refuses a table in which marks of the old one have no place, and
// takes over the rows that no unit was found for.
func keepMarks(next, old *issue.ScoreTable) error {
	if old == nil {
		return nil
	}
	for _, u := range old.Units {
		row := issue.UnitScore{UnitText: u.UnitText, Marks: make([]issue.Mark, len(next.Items)), Total: u.Total}
		for k, m := range u.Marks {
			if issue.MarkText(m) == "" || k >= len(old.Items) {
				continue
			}
			to := slices.IndexFunc(next.Items, func(i issue.ScoreItem) bool {
				return i.Indicator1 == old.Items[k].Indicator1 && i.Indicator2 == old.Items[k].Indicator2
			})
			if to < 0 || u.Unit != 0 && issue.MarkText(markOn(next, u.Unit, old.Items[k])) != issue.MarkText(m) {
				return disclosure.Errorf(disclosure.ErrInvalid, "“%s”的“%s”已有得分,不能去掉这个单位或指标;请先在得分表中更正。", u.UnitText, old.Items[k].Indicator2)
			}
			row.Marks[to] = m
		}
		if u.Unit == 0 {
			next.Units = append(next.Units, row)
		}
	}
	next.File = old.File
	return nil
}

// UnitMarks is one row of a score table as a person corrects it.
type UnitMarks struct {
	List string
	Seq  uint64 // of the list, seen
	Row  int    // in the table, from 0
	Unit disclosure.UnitNumber
	// Marks are as many as there are indicators: numbers, 不涉及, or blank.
	Marks []string
}

// PutUnitMarks corrects one unit's marks, or says which unit a row of the score
// table is about. Errors: ErrNotFound, ErrInvalid, ErrConflict.
func (o *Office) PutUnitMarks(ctx context.Context, v people.Visitor, act string, m UnitMarks) error {
	if done, err := o.store.Acted(ctx, act, v.Account, store.Part{Kind: store.KindIssueList, Verb: store.VerbChange, ID: m.List}); err != nil || done {
		return err
	}
	l, err := o.issueList(ctx, v, m.List)
	if err != nil {
		return err
	}
	if l.State == issue.ListClosed && !v.Everywhere(people.Supervise) {
		return needsOpen(l)
	}
	if l.Scores == nil || m.Row < 0 || m.Row >= len(l.Scores.Units) || len(m.Marks) != len(l.Scores.Items) {
		return disclosure.Errorf(disclosure.ErrConflict, "得分表在您打开之后变了,请刷新页面后重填。")
	}
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	if err := knownUnits(units, []disclosure.UnitNumber{m.Unit}); err != nil {
		return err
	}
	next := *l.Scores
	next.Units = slices.Clone(next.Units)
	row := &next.Units[m.Row]
	for k, u := range next.Units {
		if k != m.Row && m.Unit != 0 && u.Unit == m.Unit {
			return disclosure.Errorf(disclosure.ErrInvalid, "得分表中“%s”已是这个单位,一个单位只能有一行。", u.UnitText)
		}
	}
	row.Unit, row.Marks = m.Unit, slices.Clone(row.Marks)
	for len(row.Marks) < len(m.Marks) {
		row.Marks = append(row.Marks, issue.Mark{})
	}
	for k, text := range m.Marks {
		if problem := next.Items[k].WrongMark(text); problem != "" {
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”的得分“%s”%s,请改正。", next.Items[k].Indicator2, text, problem)
		}
		mark := issue.MarkOf(text)
		if issue.MarkText(mark) != issue.MarkText(row.Marks[k]) {
			row.Total = decimal.NullDecimal{} // it was printed over other marks
		}
		row.Marks[k] = mark
	}
	l.Scores = &next
	return o.append(ctx, v, act, store.Entry{Kind: store.KindIssueList, ID: l.ID, Verb: store.VerbChange, Seen: m.Seq, State: *l, Year: l.Quarter.Year})
}
