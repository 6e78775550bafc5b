package check

import (
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// TestPublishedFaults plants each fault that published reports were found with
// (docs: the domain's list) into a sound report and wants it told in a
// sentence that names it, and nothing else told. Licences 550 -> 9,487, stocks
// and three years alike are package anomaly's.
func TestPublishedFaults(t *testing.T) {
	t.Parallel()
	const unit = "澜汀区水务局"
	own, theirs := scribe(11, 40), scribe(12, 40)
	for _, c := range []struct {
		name      string
		cur, last *disclosure.Report
		among     []*disclosure.Report // others of the year
		rule      string
		severity  Severity
		says      string
	}{
		{name: "totals of table 四 printed as 0 beside 10+1",
			cur:  set(filedBy(t, 2024, unit), "T4_REV_UPHELD=10 T4_REV_CORRECTED=1 T4_REV_PENDING=0 T4_REV_TOTAL=0"),
			rule: "T4-R1", severity: Error, says: "表四“行政复议”:结果维持10+结果纠正1=11,与总计0相差11"},
		{name: "carried out 7, carried in 8 the year after",
			cur: tookOver(t, unit, 8), last: carriedOn(unit, 7),
			rule: "T3-R4", severity: Explain, says: "上年报告“结转下年度继续办理”为7,本年“上年结转”填8,相差1"},
		{name: "prose 134 and 57 beside a table of 170 and 77",
			cur:  spoken(figures(t, unit, 170, 77), "全年共收到政府信息公开申请134件,予以公开57件。"),
			rule: "TXT-R1", severity: Explain, says: "所说的“收到申请”为134,而表三中本年新收170"},
		{name: "the same report: prose 57, table 77",
			cur:  spoken(figures(t, unit, 170, 77), "全年共收到政府信息公开申请134件,予以公开57件。"),
			rule: "TXT-R1", severity: Explain, says: "所说的“予以公开”为57,而表三中予以公开77"},
		{name: "documents in force 66, then 372",
			cur: set(filedBy(t, 2024, unit), "T2_NORM_ISSUED=4 T2_NORM_IN_FORCE=372"), last: set(zeros(form2021, 2023), "T2_NORM_IN_FORCE=66 T3_CARRIED_OUT_NP=2 T3_CARRIED_OUT_TOT=2"),
			rule: "T2-R1", severity: Explain, says: "上年现行有效件数66+本年制发件数4-本年废止件数0=70,本年填372,相差302"},
		{name: "a report copied from another unit with its name still in it",
			cur:   written(t, unit, 2024, "澜汀区教育局根据《中华人民共和国政府信息公开条例》编制本报告。\n"+strings.Join(theirs, "\n")),
			among: []*disclosure.Report{written(t, "澜汀区教育局", 2024, theirs...), written(t, "澜汀区民政局", 2024, own...)},
			rule:  "CPY-R1", severity: Explain, says: "正文与另一单位报告雷同约99%"},
		{name: "another unit's name",
			cur:  placed(filedBy(t, 2024, unit), 0, "澜汀区教育局根据《中华人民共和国政府信息公开条例》编制本报告。"),
			rule: "CPY-R2", severity: Explain, says: "正文自称“澜汀区教育局”,而本报告是“澜汀区水务局”的"},
		{name: "another unit's name with 和 in it",
			cur:  placed(filedBy(t, 2024, unit), 0, "澜汀区住房和城乡建设局根据《中华人民共和国政府信息公开条例》编制本报告。"),
			rule: "CPY-R2", severity: Explain, says: "正文自称“澜汀区住房和城乡建设局”,而本报告是“澜汀区水务局”的"},
		{name: "2024 in the report of 2025",
			cur:  placed(filedBy(t, 2025, unit), 1, "2024年,我局主动公开政府信息若干条。"),
			rule: "CPY-R2", severity: Explain, says: "写的年度是“2024年”,本报告是2025年度的"},
		{name: "a period that ends on 30 December",
			cur:  placed(filedBy(t, 2024, unit), 0, "本报告统计期限为2024年1月1日至2024年12月30日。"),
			rule: "CPY-R2", severity: Explain, says: "2024年度报告的统计期限应为2024年1月1日至12月31日"},
	} {
		t.Run(c.name, func(t *testing.T) {
			members := []Member{{Report: c.cur}}
			for _, r := range c.among {
				members = append(members, Member{Report: r})
			}
			got := Merge(c.cur.Form, Report(c.cur, c.last), Among(members, nil)[0])
			if !slices.ContainsFunc(got, func(f Finding) bool {
				return f.Rule == c.rule && f.Severity == c.severity && strings.Contains(f.Message, c.says)
			}) {
				t.Errorf("%s does not say %q", c.rule, c.says)
			}
			for _, f := range got {
				sound(t, f)
				if f.Rule != c.rule && !(c.rule == "CPY-R1" && f.Rule == "CPY-R2") {
					t.Errorf("also told: %s", f.Message)
				}
			}
		})
	}
}

// figures is a sound report of so many applications, all from natural persons,
// of which some were granted and the rest refused as another's.
func figures(t *testing.T, unit string, received, granted int64) *disclosure.Report {
	t.Helper()
	r := zeros(form2021, 2024)
	r.Unit = unit
	for key, n := range map[string]int64{"NEW_RECEIVED": received, "GRANTED": granted, "DENY_THIRD_PARTY": received - granted, "RESULT_TOTAL": received} {
		for _, col := range []string{"NP", "TOT"} {
			r.Cells[disclosure.Code("T3_"+key+"_"+col)] = disclosure.Number(n)
		}
	}
	return r
}

// tookOver is a sound report that took over so many applications.
func tookOver(t *testing.T, unit string, n int64) *disclosure.Report {
	t.Helper()
	r := figures(t, unit, 0, 0)
	for _, key := range []string{"CARRIED_IN", "GRANTED", "RESULT_TOTAL"} {
		for _, col := range []string{"NP", "TOT"} {
			r.Cells[disclosure.Code("T3_"+key+"_"+col)] = disclosure.Number(n)
		}
	}
	return with(r, sixParts()...)
}

func carriedOn(unit string, n int64) *disclosure.Report {
	r := zeros(form2021, 2023)
	r.Unit = unit
	for _, code := range []disclosure.Code{"T3_CARRIED_OUT_NP", "T3_CARRIED_OUT_TOT"} {
		r.Cells[code] = disclosure.Number(n)
	}
	return r
}
