package check

import (
	"fmt"
	"slices"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// sums tries every equation of the form (T3-R1, T3-R2, T3-R3, T4-R1 and those
// of local forms).
//
// An equation is "addends = totals". In it blank, "/" and missing count as 0.
//   - It is assessable when each side holds at least one number, every total
//     does, and no cell of it is unread. A total is the one cell that a sum
//     adds up to: in T3-R1 (NEW + CARRIED_IN = RESULT_TOTAL + CARRIED_OUT)
//     that is RESULT_TOTAL, while CARRIED_OUT is an addend and may be blank.
//   - Equal is a pass, whatever is blank.
//   - Unequal is Explain when a value >= 0 in a blank of the smaller side could
//     balance it, else Error.
//
// An equation of which a source of figures only mentions no cell is passed over.
// Equations of one rule that could not be tried for the same reason are told
// in one finding, so that a blank table or a row of blank totals is one line.
//
// Where a report prints an alternate row ((六)其他处理 as one), the alternate
// stands for its details in every column in which they are blank. A column that
// fills both must agree with itself; if not, that is the finding, and the sum
// waits until it is settled.
func (e *examination) sums() {
	untried := map[untriedKey]*untriedLines{}
	var order []untriedKey
	for i := range e.equations {
		eq := &e.equations[i]
		if eq.optional && !e.prints(eq) {
			continue
		}
		if e.silent(eq.left) && e.silent(eq.right) && e.silent(eq.alternates) {
			continue
		}
		left, contradicted := e.addends(eq)
		if contradicted {
			continue
		}
		if reason := e.obstacle(eq, left); reason != "" {
			key := untriedKey{eq.rule, eq.table.Name, reason}
			if untried[key] == nil {
				untried[key] = &untriedLines{}
				order = append(order, key)
			}
			untried[key].add(e.place(eq), both(left, eq.right))
			continue
		}
		e.balance(eq, left)
	}
	for _, key := range order {
		lines := untried[key]
		e.find(Finding{Rule: key.rule, Severity: NotAssessable, Table: key.table,
			Message: fmt.Sprintf("%s%s,未能核验,请补填后重新核验。", some(lines.places), key.reason)}, lines.cells)
	}
}

type untriedKey struct{ rule, table, reason string }

type untriedLines struct {
	places []string
	cells  []int
}

func (u *untriedLines) add(place string, cells []int) {
	u.places = append(u.places, place)
	u.cells = append(u.cells, cells...)
}

// prints says whether an optional row stands in the report: the alternate when
// it has something in it, a detail row unless the alternate took its place.
func (e *examination) prints(eq *equation) bool {
	if e.defs[eq.left[0]].Alternate {
		return e.merged[eq.left[0]]
	}
	if !e.merged[e.stands[eq.left[0]]] {
		return true
	}
	for _, cells := range [][]int{eq.left, eq.right} {
		for _, c := range cells {
			if e.isNumber(c) || e.kinds[c] == disclosure.CellUnread {
				return true
			}
		}
	}
	return false
}

// addends returns the left side with alternates put in the place of the
// details that they stand for. contradicted: the two disagree, and that was
// reported.
func (e *examination) addends(eq *equation) (left []int, contradicted bool) {
	left = eq.left
	for _, merged := range eq.alternates {
		if !e.merged[merged] {
			continue
		}
		filled := e.numbers(e.details[merged])
		if filled > 0 && e.isNumber(merged) && e.disagree(eq, merged) {
			contradicted = true
		}
		if filled == 0 || e.isNumber(merged) {
			left = e.replaced(left, merged)
		}
	}
	return left, contradicted
}

func (e *examination) replaced(cells []int, merged int) []int {
	out := []int{merged}
	for _, c := range cells {
		if !slices.Contains(e.details[merged], c) {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out
}

// disagree reports details and an alternate that are both filled and differ,
// and says whether the column contradicts itself: blank details may still hold
// what the filled ones lack.
func (e *examination) disagree(eq *equation, merged int) bool {
	parts := e.details[merged]
	details, whole := e.total(parts), e.nums[merged]
	if details.Equal(whole) {
		return false
	}
	f := Finding{Rule: eq.rule, Severity: Error}
	f.Expected, f.Actual, f.Difference = compare(details, whole)
	stands := fmt.Sprintf("%s:“%s”合并行填%s,已填的分项之和为%s", e.place(eq),
		shortLabel(e.defs[merged].Row.Label), f.Actual, f.Expected)
	if details.LessThan(whole) && e.numbers(parts) < len(parts) {
		f.Severity = Explain
		f.Message = stands + ",请补填空白的分项或书面说明原因。"
	} else {
		f.Message = stands + ",两处不一致,请核对后改为一致。"
	}
	e.find(f, both(parts, []int{merged}))
	return f.Severity == Error
}

// compare words two numbers and actual - expected for a finding.
func compare(expected, actual decimal.Decimal) (string, string, string) {
	return number(expected), number(actual), number(actual.Sub(expected))
}

// obstacle says why an equation cannot be tried, "" when it can.
func (e *examination) obstacle(eq *equation, left []int) string {
	l, r := e.numbers(left), e.numbers(eq.right)
	switch {
	case e.anyUnread(left) || e.anyUnread(eq.right):
		return "有未能识别为数字的单元格"
	case l+r == 0:
		return "全部空白"
	case e.numbers(eq.totals) < len(eq.totals):
		return "总计空白"
	case r == 0:
		return "合计一侧全部空白"
	case l == 0:
		return "各项全部空白而总计有数"
	}
	return ""
}

// balance compares the two sides of an assessable equation.
func (e *examination) balance(eq *equation, left []int) {
	l, r := e.total(left), e.total(eq.right)
	if l.Equal(r) {
		return
	}
	f := Finding{Rule: eq.rule, Severity: Error}
	f.Expected, f.Actual, f.Difference = compare(l, r)
	smaller := left
	if r.LessThan(l) {
		smaller = eq.right
	}
	stands := fmt.Sprintf("%s:%s,与%s相差%s", e.place(eq), e.side(left, eq.along), e.side(eq.right, eq.along),
		number(r.Sub(l).Abs()))
	if blank := len(smaller) - e.numbers(smaller); blank > 0 {
		f.Severity = Explain
		f.Message = fmt.Sprintf("%s,另有%d格空白,请补填(没有的填0)或书面说明原因。", stands, blank)
	} else {
		f.Message = stands + ",两者应相等,请核对各项并改正。"
	}
	e.find(f, both(left, eq.right))
}

func both(a, b []int) []int { return append(append(make([]int, 0, len(a)+len(b)), a...), b...) }
