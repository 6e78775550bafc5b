package check

import (
	"strings"
	"testing"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

func TestSourced(t *testing.T) {
	figure := func(code disclosure.Code, value string) LedgerFigure {
		return LedgerFigure{"司法局台账", code, decimal.RequireFromString(value), "第5行"}
	}
	for _, c := range []struct {
		name, filed string
		scope       disclosure.Scope
		ledger      LedgerFigure
		want        []string
	}{
		{"equal", "T2_NORM_ISSUED=3", disclosure.ScopeAgency, figure("T2_NORM_ISSUED", "3"), nil},
		{"different", "T2_NORM_ISSUED=5", disclosure.ScopeAgency, figure("T2_NORM_ISSUED", "3"), []string{"SRC-R1 explain T2_NORM_ISSUED 3>5"}},
		{"no scope said", "T2_NORM_ISSUED=5", "", figure("T2_NORM_ISSUED", "3"), []string{"SRC-R1 explain T2_NORM_ISSUED 3>5"}},
		{"a sum of many units", "T2_NORM_ISSUED=5", disclosure.ScopeRegion, figure("T2_NORM_ISSUED", "3"), nil},
		{"blank", "T2_NORM_ISSUED=", disclosure.ScopeAgency, figure("T2_NORM_ISSUED", "3"), []string{"SRC-R1 explain T2_NORM_ISSUED"}},
		{"blank for 0", "T2_NORM_ISSUED=", disclosure.ScopeAgency, figure("T2_NORM_ISSUED", "0"), nil},
		{"text", "T2_NORM_ISSUED=?若干", disclosure.ScopeAgency, figure("T2_NORM_ISSUED", "3"), nil},
		{"money rounded as filed", "T2_FEE_AMOUNT_WAN=96.1716", disclosure.ScopeAgency, figure("T2_FEE_AMOUNT_WAN", "96.171635"), nil},
		{"money rounded to two places", "T2_FEE_AMOUNT_WAN=96.17", disclosure.ScopeAgency, figure("T2_FEE_AMOUNT_WAN", "96.171635"), nil},
		{"money cut to whole 万元", "T2_FEE_AMOUNT_WAN=96", disclosure.ScopeAgency, figure("T2_FEE_AMOUNT_WAN", "96.171635"),
			[]string{"SRC-R1 explain T2_FEE_AMOUNT_WAN 96.171635>96"}},
		{"a row that stands for three", "T3_OTHER_NO_CORRECTION_TOT= T3_OTHER_NO_FEE_TOT= T3_OTHER_MISC_TOT= T3_OTHER_MERGED_TOT=4", disclosure.ScopeAgency, figure("T3_OTHER_MERGED_TOT", "4"), nil},
		{"one of the three", "T3_OTHER_NO_CORRECTION_TOT= T3_OTHER_NO_FEE_TOT= T3_OTHER_MISC_TOT= T3_OTHER_MERGED_TOT=4", disclosure.ScopeAgency, figure("T3_OTHER_MISC_TOT", "3"), nil},
		{"a cell of another form", "", disclosure.ScopeAgency, figure("T2_19_REG_MADE", "4"), nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := with(set(zeros(form2021, 2024), c.filed), sixParts()...)
			r.Scope = c.scope
			got := Sourced(r, []LedgerFigure{c.ledger})
			wants(t, got, c.want...)
			if len(got) > 0 && (!strings.Contains(got[0].Message, "“司法局台账”(第5行)为") || got[0].Aspect != "司法局台账") {
				t.Errorf("%+v", got[0])
			}
		})
	}
}
