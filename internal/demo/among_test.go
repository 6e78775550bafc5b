package demo

import (
	"slices"
	"strings"
	"testing"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
)

// among runs the rules over several units' reports on each year of a district.
func among(d *District) (members map[disclosure.Year][]check.Member, findings map[disclosure.Year][][]check.Finding) {
	var units []disclosure.Unit
	for u := range d.Units() {
		units = append(units, u)
	}
	members, findings = map[disclosure.Year][]check.Member{}, map[disclosure.Year][][]check.Finding{}
	for f := range d.Reports() {
		y := f.Report.Year()
		members[y] = append(members[y], check.Member{Report: f.Report, Unit: &units[f.Unit-1], Filed: f.Filed})
	}
	for y, m := range members {
		findings[y] = check.Among(m, units)
	}
	return members, findings
}

// figureFaults change what a report prints, not what the district's government
// adds up, so that the sum differs too.
func figureFaults(d *District) map[disclosure.Year]bool {
	out := map[disclosure.Year]bool{}
	for _, a := range d.Answers() {
		if len(a.Codes) > 0 || a.Kind == kindSilent || a.Kind == "误用旧表" {
			out[a.Year] = true
		}
	}
	return out
}

func TestAmongFindsWhatIsPlanted(t *testing.T) {
	t.Parallel()
	for _, seed := range seeds {
		d := Generate(Spec{Seed: seed})
		members, findings := among(d)
		summed := figureFaults(d)
		late, copied := map[disclosure.UnitNumber]bool{}, map[disclosure.UnitNumber]disclosure.Year{}
		for _, a := range d.Answers() {
			switch a.Kind {
			case kindLate:
				late[a.Unit] = true
			case "抄用他单位报告":
				copied[a.Unit] = a.Year
			}
		}
		found := map[string]int{}
		for y, ms := range members {
			for i, m := range ms {
				for _, f := range findings[y][i] {
					found[f.Rule]++
					planted := false
					switch f.Rule {
					case "DUE-R1":
						planted = late[m.Unit.Number] && y == 2025
					case "CPY-R1", "CPY-R2":
						planted = copied[m.Unit.Number] == y
					case "AGG-R1":
						planted = m.Unit.Kind == disclosure.UnitGovernment && summed[y]
					}
					if !planted {
						t.Errorf("seed %d: %s %s: nobody planted %s %s", seed, m.Report.Unit, y, f.Rule, f.Message)
					}
				}
			}
		}
		if found["DUE-R1"] != len(late) || found["CPY-R2"] != len(copied) || found["AGG-R1"] == 0 {
			t.Errorf("seed %d: found %v", seed, found)
		}
	}
}

// Years without faults of figures add up, and a report withheld is named.
func TestAggregateNamesTheMissing(t *testing.T) {
	t.Parallel()
	d := Generate(Spec{})
	members, findings := among(d)
	y := d.Years()[0]
	if figureFaults(d)[y] {
		t.Fatalf("%s has faults", y)
	}
	var units []disclosure.Unit
	for u := range d.Units() {
		units = append(units, u)
	}
	government := slices.IndexFunc(members[y], func(m check.Member) bool { return m.Unit.Kind == disclosure.UnitGovernment })
	if len(findings[y][government]) > 0 {
		t.Errorf("a sound sum: %+v", findings[y][government])
	}
	without := slices.DeleteFunc(slices.Clone(members[y]), func(m check.Member) bool { return m.Unit.Short == "区教育局" })
	got := check.Among(without, units)[government]
	if len(got) != 1 || got[0].Rule != "AGG-R1" || !slices.Contains(got[0].Codes, "T3_NEW_RECEIVED_TOT") {
		t.Fatalf("without one unit: %+v", got)
	}
	if !strings.Contains(got[0].Message, "区教育局") {
		t.Errorf("the missing unit is not named: %s", got[0].Message)
	}
}
