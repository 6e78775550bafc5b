package check

import (
	"fmt"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// LedgerFigure is what somebody else's ledger says of one of a unit's figures:
// the justice bureau's of normative documents, the finance bureau's of fees.
type LedgerFigure struct {
	Ledger string // its name
	Code   disclosure.Code
	Value  decimal.Decimal
	Where  string // the rows it comes from: 第5行
}

// Sourced tries SRC-R1: what a report holds is what the ledgers say of its
// unit. Ledgers count a unit's own matters, so reports that sum up others are
// not held against them.
func Sourced(cur *disclosure.Report, figures []LedgerFigure) []Finding {
	if cur.Form == nil || cur.Scope != disclosure.ScopeAgency && cur.Scope != disclosure.ScopeUnknown {
		return nil
	}
	e := &examination{plan: planOf(cur.Form)}
	e.sheet = readSheet(e.plan, cur)
	for _, l := range figures {
		cell := cur.Form.Order(l.Code)
		if cell == len(e.defs) || e.kinds[cell] == disclosure.CellUnread {
			continue // another version of the form, or text that T2-R2 asks about
		}
		if e.standing(cell) != cell {
			continue // one row was printed in the place of several
		}
		if !e.known(cell) {
			if l.Value.IsZero() || e.silent([]int{cell}) {
				continue
			}
			e.find(Finding{Rule: "SRC-R1", Severity: Explain, Aspect: l.Ledger, Expected: number(l.Value), Actual: "空白",
				Message: fmt.Sprintf("%s空白,而“%s”(%s)为%s,请与台账核对后补填,确属没有的请书面说明。", cellName(e.defs[cell]), l.Ledger, l.Where, number(l.Value))}, []int{cell})
			continue
		}
		if filed := e.valueAt(cell); !rounded(filed, l.Value) {
			f := Finding{Rule: "SRC-R1", Severity: Explain, Aspect: l.Ledger}
			f.Expected, f.Actual, f.Difference = compare(l.Value, filed)
			f.Message = fmt.Sprintf("%s填%s,而“%s”(%s)为%s,相差%s,请与台账核对,无误的请书面说明。",
				cellName(e.defs[cell]), f.Actual, l.Ledger, l.Where, f.Expected, number(filed.Sub(l.Value).Abs()))
			e.find(f, []int{cell})
		}
	}
	return e.findings
}

// rounded says whether a filed number is a ledger's: equal, or, of money, the
// ledger's 元 rounded to 万元 with as many places as were filed, two at least.
func rounded(filed, ledger decimal.Decimal) bool {
	if filed.Equal(ledger) {
		return true
	}
	places := max(2, -filed.Exponent())
	return !ledger.IsInteger() && filed.Equal(ledger.Round(places))
}
