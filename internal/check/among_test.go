package check

import (
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

// family is a government of a whole district, its office, a department and a
// town, whose figures add up.
func family(t *testing.T) ([]Member, []disclosure.Unit) {
	t.Helper()
	year := func(counted bool) []disclosure.UnitYear { return []disclosure.UnitYear{{From: 2019, Counted: counted}} }
	units := []disclosure.Unit{
		{Number: 1, Name: "澜汀区人民政府", Kind: disclosure.UnitGovernment, Years: year(true)},
		{Number: 2, Name: "澜汀区人民政府办公室", Kind: disclosure.UnitDepartment, Parent: 1, Years: year(true)},
		{Number: 3, Name: "澜汀区水务局", Kind: disclosure.UnitDepartment, Parent: 1, Years: year(true)},
		{Number: 4, Name: "澜砚镇人民政府", Kind: disclosure.UnitLocality, Parent: 1, Years: year(true)},
		{Number: 5, Name: "澜汀区税务局", Kind: disclosure.UnitDepartment, Parent: 1, Years: year(false)},
	}
	var members []Member
	for i := range units {
		r := zeros(form2021, 2025)
		r.Unit, r.Scope = units[i].Name, disclosure.ScopeAgency
		members = append(members, Member{Report: r, Unit: &units[i]})
	}
	for i, n := range map[int]string{0: "9", 1: "4", 2: "3", 3: "2", 4: "50"} {
		for _, key := range []string{"NEW_RECEIVED", "GRANTED", "RESULT_TOTAL"} {
			row(members[i].Report, key, n, "0", "0", "0", "0", "0", n)
		}
	}
	members[0].Report.Scope = disclosure.ScopeRegion
	return members, units
}

func TestAggregate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		make func(m []Member) []Member
		says string // "" for nothing found
		code disclosure.Code
	}{
		{"adds up; who is not counted is left out", func(m []Member) []Member { return m }, "", ""},
		{"one figure is more", func(m []Member) []Member { set(m[0].Report, "T2_LICENSE_DECISIONS=7"); return m }, "各单位之和0", "T2_LICENSE_DECISIONS"},
		{"the fee is in order of magnitude another", func(m []Member) []Member {
			set(m[0].Report, "T2_FEE_AMOUNT_WAN=12.5")
			set(m[2].Report, "T2_FEE_AMOUNT_WAN=1.25")
			return m
		}, "报12.5", "T2_FEE_AMOUNT_WAN"},
		{"a unit's report is missing", func(m []Member) []Member { return slices.Delete(m, 3, 4) }, "澜砚镇人民政府", "T3_NEW_RECEIVED_TOT"},
		{"table four may hold a case twice", func(m []Member) []Member { set(m[0].Report, "T4_REV_TOTAL=3 T4_REV_UPHELD=3"); return m }, "", ""},
		{"本级汇总 leaves the town out", func(m []Member) []Member {
			m[0].Report.Scope = disclosure.ScopeLevel
			for _, key := range []string{"NEW_RECEIVED", "GRANTED", "RESULT_TOTAL"} {
				row(m[0].Report, key, "7", "0", "0", "0", "0", "0", "7")
			}
			return m
		}, "", ""},
		{"its own figures only", func(m []Member) []Member {
			m[0].Report.Scope = disclosure.ScopeAgency
			set(m[0].Report, "T2_LICENSE_DECISIONS=7")
			return m
		}, "", ""},
		{"a blank says nothing", func(m []Member) []Member {
			set(m[0].Report, "T2_LICENSE_DECISIONS=")
			set(m[2].Report, "T2_LICENSE_DECISIONS=7")
			return m
		}, "", ""},
		{"a unit's figures do not mention the cell", func(m []Member) []Member {
			set(m[0].Report, "T2_LICENSE_DECISIONS=7")
			set(m[2].Report, "T2_LICENSE_DECISIONS=x")
			return m
		}, "", ""},
		{"(六) as one row or as three", func(m []Member) []Member {
			set(m[2].Report, "T3_OTHER_MERGED_TOT=2 T3_OTHER_NO_CORRECTION_TOT= T3_OTHER_NO_FEE_TOT= T3_OTHER_MISC_TOT=")
			set(m[0].Report, "T3_OTHER_MISC_TOT=2")
			return m
		}, "", ""},
		{"a superseded revision does not count", func(m []Member) []Member {
			old := m[2]
			old.Superseded = true
			return append(m, old)
		}, "", ""},
	} {
		members, units := family(t)
		members = c.make(members)
		got := Among(members, units)[0]
		if c.says == "" {
			if len(got) > 0 {
				t.Errorf("%s: %+v", c.name, got[0].Message)
			}
			continue
		}
		if len(got) != 1 || got[0].Rule != "AGG-R1" || got[0].Severity != Explain || !strings.Contains(got[0].Message, c.says) || !slices.Contains(got[0].Codes, c.code) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	china := time.FixedZone("CST", 8*3600)
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, china)
	}
	r := &disclosure.Report{Period: disclosure.Period{Year: 2025}}
	for _, c := range []struct {
		kind  disclosure.UnitKind
		filed time.Time
		late  bool
	}{
		{disclosure.UnitDepartment, at(time.January, 31, 23), false},
		{disclosure.UnitDepartment, at(time.February, 1, 0), true},
		{disclosure.UnitDepartment, at(time.January, 31, 23).UTC(), false},
		{disclosure.UnitGovernment, at(time.February, 20, 9), false},
		{disclosure.UnitGovernment, at(time.March, 31, 23), false},
		{disclosure.UnitGovernment, at(time.April, 1, 1), true},
		{disclosure.UnitDepartment, time.Time{}, false},
	} {
		if _, late := Due(r, &disclosure.Unit{Kind: c.kind}, c.filed); late != c.late {
			t.Errorf("%s filed %s: late %v", c.kind, c.filed, late)
		}
	}
}

// To a unit nothing of another's report is shown, and of its own last one all.
func TestForUnit(t *testing.T) {
	copied := &Copied{Unit: "澜汀区教育局", Year: 2024}
	if f := (Finding{Rule: "CPY-R1", Aspect: copiedFromAnother, Copied: copied}); f.ForUnit().Copied != nil || f.Copied == nil {
		t.Error("another unit's text is shown, or was lost")
	}
	if (Finding{Rule: "CPY-R1", Aspect: copiedFromLast, Copied: copied}).ForUnit().Copied == nil {
		t.Error("the unit's own text is not shown")
	}
}
