package check

import (
	"fmt"
	"strings"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Before is what a report comes after.
type Before struct {
	// Last is the unit's own report for the period before, nil for none.
	Last *disclosure.Report
	// Merged are the units that were merged into this one, or renamed to it, at
	// the end of the period before: what they handed on is this unit's now.
	Merged []Predecessor
	// Split are units that were divided among this one and others. Nobody knows
	// which part of their figures came here.
	Split []string
}

// Predecessor is a unit that another one took over from. Report is nil when
// its last one is not on file.
type Predecessor struct {
	Name   string
	Report *disclosure.Report
}

// chain is what the rules on the period before compare with.
type chain struct {
	last    *disclosure.Report // all of it together, nil for nothing
	prose   *disclosure.Report // whose text may have been used again
	when    string             // 上年, as sentences say it
	refused string             // why nothing may be compared
}

// chainOf puts together what came before a report. Reports that are not of the
// period before are set aside.
func chainOf(cur *disclosure.Report, b Before) chain {
	c := chain{when: "上年"}
	if b.Last != nil && follows(cur, b.Last) {
		c.last, c.prose = b.Last, b.Last
	}
	if len(b.Split) > 0 {
		c.refused = fmt.Sprintf("“%s”上年底分立,其一部分转入本单位,上年数据不能拆分,不作衔接核验,请在报告中说明来源。", strings.Join(b.Split, "”“"))
		if c.last == nil {
			c.last = nothingFiled(cur)
		}
		return c
	}
	if len(b.Merged) == 0 {
		return c
	}
	reports, names, missing := []*disclosure.Report{}, []string{}, []string{}
	if c.last != nil {
		reports = append(reports, c.last)
	}
	for _, m := range b.Merged {
		names = append(names, m.Name)
		if m.Report == nil || !follows(cur, m.Report) {
			missing = append(missing, m.Name)
			continue
		}
		reports = append(reports, m.Report)
	}
	switch {
	case len(missing) > 0:
		c.refused = fmt.Sprintf("并入本单位的“%s”没有上年报告可比,不作衔接核验,请补入该报告后重新核验。", strings.Join(missing, "”“"))
	case c.last == nil && len(names) == 1:
		c.when, c.prose = "上年(原"+names[0]+")", reports[0]
	default:
		c.when = "上年(含并入的" + some(names) + ")"
	}
	for _, r := range reports {
		if cur.Scope != "" && r.Scope != "" && r.Scope != cur.Scope && c.refused == "" {
			c.refused = differingScopes(cur.Scope, r.Scope)
		}
	}
	if c.last = together(reports); c.last == nil {
		c.last = nothingFiled(cur)
	}
	return c
}

// comparable is what came before as one report, nil when it may not be compared.
func (c chain) comparable() *disclosure.Report {
	if c.refused != "" {
		return nil
	}
	return c.last
}

func differingScopes(now, before disclosure.Scope) string {
	return fmt.Sprintf("本年口径为“%s”,上年为“%s”,口径不同不作比较,请改用同口径的上年报告核验。", now, before)
}

// nothingFiled stands for reports that were due and are not there: every cell
// exists and none is known.
func nothingFiled(cur *disclosure.Report) *disclosure.Report {
	return &disclosure.Report{Period: disclosure.Period{}, Form: cur.Form, HasProse: true}
}

// together adds reports up, cell by cell. Blank counts as 0 beside a number;
// text in one of them makes the sum unread; a cell that one form lacks, or one
// source of figures only does not mention, is not mentioned in the sum.
func together(reports []*disclosure.Report) *disclosure.Report {
	if len(reports) < 2 {
		for _, r := range reports {
			return r
		}
		return nil
	}
	sum := &disclosure.Report{Period: reports[0].Period, Scope: reports[0].Scope, Form: reports[0].Form, HasProse: true, Cells: map[disclosure.Code]disclosure.Cell{}}
	for _, r := range reports {
		sum.HasProse = sum.HasProse && r.HasProse && r.Form == sum.Form
	}
	for _, def := range sum.Form.AllCells() {
		total, numbers, unread, unknown := decimal.Zero, 0, false, false
		for _, r := range reports {
			cell, mentioned := r.Cells[def.Code]
			_, exists := r.Form.Cell(def.Code)
			unknown = unknown || !exists || !mentioned && !r.HasProse
			unread = unread || cell.Kind == disclosure.CellUnread
			if cell.IsNumber() {
				total, numbers = total.Add(cell.Value), numbers+1
			}
		}
		switch {
		case unknown:
		case unread:
			sum.Cells[def.Code] = disclosure.Cell{Kind: disclosure.CellUnread}
		case numbers > 0:
			sum.Cells[def.Code] = disclosure.Cell{Kind: disclosure.CellNumber, Value: total}
		default:
			sum.Cells[def.Code] = disclosure.Cell{Kind: disclosure.CellBlank}
		}
	}
	return sum
}
