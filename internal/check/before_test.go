package check

import (
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// Last year's figures follow a unit to the one that took over.
func TestSuccessors(t *testing.T) {
	said := func(assignments string) *disclosure.Report {
		return with(set(zeros(form2021, 2023), assignments), sixParts()...)
	}
	now := func(assignments string) *disclosure.Report {
		r := with(set(zeros(form2021, 2024), assignments), sixParts()...)
		r.Prose[1].Text = "本年度公开信息若干条,新设专栏一个。"
		return r
	}
	wide := said("")
	wide.Scope = disclosure.ScopeRegion
	const out, in = "T3_CARRIED_OUT_TOT=", "T3_CARRIED_IN_TOT="
	// What a carry of 7 needs so that the form's own sums hold.
	const seven = "T3_CARRIED_IN_TOT=7 T3_CARRIED_IN_NP=7 T3_CARRIED_OUT_TOT=7 T3_CARRIED_OUT_NP=7 "
	for _, c := range []struct {
		name   string
		now    *disclosure.Report
		before Before
		want   []string
		says   string
	}{
		{"merged, the sum fits", now(seven), Before{Last: said(out + "4 T3_CARRIED_OUT_NP=4"), Merged: []Predecessor{{"澜汀区农机局", said(out + "3 T3_CARRIED_OUT_NP=3")}}}, nil, ""},
		{"merged, the sum differs", now(seven), Before{Last: said(out + "4 T3_CARRIED_OUT_NP=4"), Merged: []Predecessor{{"澜汀区农机局", said(out + "4 T3_CARRIED_OUT_NP=3")}}},
			[]string{"T3-R4 explain T3_CARRIED_IN_TOT 8>7"}, "上年(含并入的澜汀区农机局)报告“结转下年度继续办理”为8"},
		{"renamed", now(seven), Before{Merged: []Predecessor{{"澜汀区农机局", said(out + "3 T3_CARRIED_OUT_NP=7")}}},
			[]string{"T3-R4 explain T3_CARRIED_IN_TOT 3>7"}, "上年(原澜汀区农机局)报告"},
		{"two new in one, stocks", now("T2_NORM_IN_FORCE=30 T2_NORM_ISSUED=2"), Before{Merged: []Predecessor{{"甲局", said("T2_NORM_IN_FORCE=20")}, {"乙局", said("T2_NORM_IN_FORCE=9")}}},
			[]string{"T2-R1 explain T2_NORM_ISSUED+2 31>30"}, "上年(含并入的甲局、乙局)现行有效件数29"},
		{"pending cases follow", now(""), Before{Last: said(""), Merged: []Predecessor{{"甲局", said("T4_REV_PENDING=2")}}},
			[]string{"T4-R2 notice T4_REV_UPHELD+4"}, "尚未审结2件"},
		{"a predecessor's report is missing", now(seven), Before{Last: said(out + "7"), Merged: []Predecessor{{"甲局", nil}}},
			[]string{"T2-R1 not_assessable T2_REG_ISSUED+5", "T3-R4 not_assessable T3_CARRIED_IN_NP+6", "T4-R2 not_assessable T4_REV_UPHELD+14"}, "“甲局”没有上年报告可比"},
		{"a split is noted", now(seven), Before{Split: []string{"甲局"}},
			[]string{"T2-R1 not_assessable T2_REG_ISSUED+5", "T3-R4 not_assessable T3_CARRIED_IN_NP+6", "T4-R2 not_assessable T4_REV_UPHELD+14"}, "“甲局”上年底分立"},
		{"a split beside an own report is not asserted", now(seven), Before{Last: said(out + "1"), Split: []string{"甲局"}},
			[]string{"T2-R1 not_assessable T2_REG_ISSUED+5", "T3-R4 not_assessable T3_CARRIED_IN_NP+6", "T4-R2 not_assessable T4_REV_UPHELD+14"}, "分立"},
		{"not of the year before", now(""), Before{Last: with(set(zeros(form2021, 2022), out+"9"), sixParts()...)}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := ReportAfter(nil, c.now, c.before)
			wants(t, got, c.want...)
			if len(got) > 0 && !strings.Contains(got[len(got)-1].Message, c.says) {
				t.Errorf("message %q does not say %q", got[len(got)-1].Message, c.says)
			}
		})
	}
	scoped := now(in + "0")
	scoped.Scope = disclosure.ScopeAgency
	for _, f := range ReportAfter(nil, scoped, Before{Last: said(""), Merged: []Predecessor{{"甲局", wide}}}) {
		if f.Severity != NotAssessable || !strings.Contains(f.Message, "口径") {
			t.Errorf("%s: figures of another scope were compared: %s", brief(f), f.Message)
		}
	}
	// A district's own rule sees the same last year.
	r := RuleSet{local: []*LocalRule{local(t, LocalRuleDef{Expression: "结转 = 上年(结转下年)", On: true})}}
	if got := r.Local(now(in+"7"), Before{Last: said(out + "4"), Merged: []Predecessor{{"甲局", said(out + "3")}}}); len(got) != 0 {
		t.Errorf("own rule: %v", briefs(got))
	}
}
