package check

import (
	"fmt"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// previous tries the rules that compare with the period before: T2-R1, T3-R4
// and T4-R2. A cell that last's form does not have (表二 of 2019 in 2021) makes
// the rule silent there; a cell that it has and leaves blank makes it not
// assessable, with one finding a rule.
func (e *examination) previous(came chain) {
	p := &comparison{examination: e, last: came.last, when: came.when, refused: came.refused, untried: map[string]*untriedLines{}}
	if a, b := e.report.Scope, p.last.Scope; p.refused == "" && a != "" && b != "" && a != b {
		p.refused = differingScopes(a, b)
	}
	for _, c := range e.form.Carries {
		p.carry(c)
	}
	for _, s := range e.form.Stocks {
		p.stock(s)
	}
	for _, w := range e.form.Pendings {
		p.pending(w)
	}
	for _, rule := range p.order {
		u := p.untried[rule]
		message := p.refused
		if message == "" {
			message = fmt.Sprintf("%s本年或上年空白、未能识别,无法与上年衔接核验,请补填后重新核验。", some(u.places))
		}
		e.find(Finding{Rule: rule, Severity: NotAssessable, Message: message}, u.cells)
	}
}

// comparison is an examination beside the report before.
type comparison struct {
	*examination
	last    *disclosure.Report
	when    string // 上年, with the units that were merged
	refused string // why the two are not compared, "" when they are
	untried map[string]*untriedLines
	order   []string
}

// before returns last's value of a code. exists: its form has the cell, and its
// source, if one of figures only, mentions it.
func (p *comparison) before(code disclosure.Code) (v decimal.Decimal, isNumber, exists bool) {
	if _, exists = p.last.Form.Cell(code); !exists {
		return v, false, false
	}
	if _, mentioned := p.last.Cells[code]; !mentioned && !p.last.HasProse {
		return v, false, false
	}
	v, isNumber = p.last.Value(code)
	return v, isNumber, true
}

func (p *comparison) cannot(rule, place string, cells ...int) {
	if p.untried[rule] == nil {
		p.untried[rule] = &untriedLines{}
		p.order = append(p.order, rule)
	}
	p.untried[rule].add(place, cells)
}

// carry: what last period handed on is what this period took over.
func (p *comparison) carry(rule disclosure.Carry) {
	tab := p.form.Table(rule.Table)
	for b := range tab.Blocks {
		for _, col := range tab.Blocks[b].Columns {
			from := tab.Code(rule.From, col.Key)
			to := p.form.Order(tab.Code(rule.To, col.Key))
			if to == len(p.defs) {
				continue
			}
			was, known, exists := p.before(from)
			place := fmt.Sprintf("%s“%s”列", tab.Name, shortLabel(col.Label))
			switch {
			case !exists || p.silent([]int{to}):
			case p.refused != "" || !known || !p.isNumber(to):
				p.cannot(rule.Rule, place, to)
			case !was.Equal(p.nums[to]):
				f := Finding{Rule: rule.Rule, Severity: Explain}
				f.Expected, f.Actual, f.Difference = compare(was, p.nums[to])
				f.Message = fmt.Sprintf("%s:%s报告“%s”为%s,本年“%s”填%s,相差%s,请核对两年数据,无误的请书面说明原因。",
					place, p.when, p.columnTerm(from), f.Expected, p.columnTerm(p.defs[to].Code), f.Actual, number(p.nums[to].Sub(was).Abs()))
				p.find(f, []int{to})
			}
		}
	}
}

// stock: what stood at the end of last period, with what came and without what
// went, is what stands now. Blank arrivals and departures count as 0.
func (p *comparison) stock(rule disclosure.Stock) {
	tab := p.form.Table(rule.Table)
	for b := range tab.Blocks {
		for _, row := range tab.Blocks[b].Rows {
			code := tab.Code(row.Key, rule.Stock)
			now := p.form.Order(code)
			if now == len(p.defs) {
				continue
			}
			added := p.form.Order(tab.Code(row.Key, rule.Added))
			removed := p.form.Order(tab.Code(row.Key, rule.Removed))
			cells := []int{now, added, removed}
			was, known, exists := p.before(code)
			place := fmt.Sprintf("%s“%s”行", tab.Name, shortLabel(row.Label))
			if !exists || p.silent([]int{now}) {
				continue
			}
			if p.refused != "" || !known || !p.isNumber(now) || p.anyUnread(cells) {
				p.cannot(rule.Rule, place, cells...)
				continue
			}
			in, out := p.total(cells[1:2]), p.total(cells[2:3])
			expected := was.Add(in).Sub(out)
			if expected.Equal(p.nums[now]) {
				continue
			}
			f := Finding{Rule: rule.Rule, Severity: Explain}
			f.Expected, f.Actual, f.Difference = compare(expected, p.nums[now])
			name := func(cell int) string { return shortLabel(p.defs[cell].Column.Label) }
			f.Message = fmt.Sprintf("%s:%s%s%s+%s%s-%s%s=%s,本年填%s,相差%s,请核对;因自然失效、集中清理等原因的请书面说明。",
				place, p.when, name(now), number(was), name(added), number(in), name(removed), number(out), f.Expected, f.Actual,
				number(p.nums[now].Sub(expected).Abs()))
			p.find(f, cells)
		}
	}
}

// columnTerm is the short name of a row, as it stands in a column.
func (p *comparison) columnTerm(code disclosure.Code) string {
	def, ok := p.form.Cell(code)
	if !ok {
		def, _ = p.last.Form.Cell(code)
	}
	return shortLabel(def.Row.Label)
}

// pending: cases that were open last period have not vanished.
func (p *comparison) pending(rule disclosure.Pending) {
	was, known, exists := p.before(rule.Pending)
	if !exists {
		return
	}
	cells := make([]int, len(rule.Cases))
	for i, c := range rule.Cases {
		cells[i] = p.form.Order(c)
	}
	place := fmt.Sprintf("%s“%s”", p.defs[cells[0]].Table.Name, rule.Label)
	switch {
	case p.silent(cells):
	case p.refused != "" || !known:
		p.cannot(rule.Rule, place, cells...)
	case !was.IsPositive():
	case p.numbers(cells) == 0 || p.anyUnread(cells):
		p.cannot(rule.Rule, place, cells...)
	case p.total(cells).IsZero():
		p.find(Finding{Rule: rule.Rule, Severity: Notice, Expected: "至少" + number(was), Actual: "0",
			Message: fmt.Sprintf("%s:%s尚未审结%s件,本年各项均为0,请核对这些案件的结果是否漏填。", place, p.when, number(was))}, cells)
	}
}
