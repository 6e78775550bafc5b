package bench

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"mingjing/internal/anomaly"
	"mingjing/internal/check"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
)

// The amounts and aims of issue 4: all rules and anomalies over the reports of
// 600 units and 5 years.
const (
	ruledUnits   = 600
	ruledYears   = 5
	figuresAim   = 2 * time.Second
	proseAim     = 10 * time.Second
	grownReports = 200_000
	grownProse   = 25_000 // reading prose takes longer and grows alike
	grownPart    = 3_000  // reports that are made, then checked, at a time
)

// ruling measures the rules and the anomalies, apart from reading and storing.
func (r *run) ruling(ctx context.Context) error {
	units, reports := ruledReports()
	bare := make([]check.Member, len(reports))
	for i, m := range reports {
		bare[i] = m
		bare[i].Report = withoutProse(m.Report)
	}
	lines := []line{}
	for _, c := range []struct {
		what    string
		aim     time.Duration
		members []check.Member
	}{{"全部规则和异常,不含正文", figuresAim, bare}, {"全部规则和异常,含正文", proseAim, reports}} {
		start := time.Now()
		findings, anomalies := rulesAndAnomalies(units, c.members)
		lines = append(lines, below(fmt.Sprintf("%s(%d份报告,%d条问题,%d项异常)", c.what, len(c.members), findings, anomalies), c.aim, time.Since(start)))
	}
	for _, g := range []struct {
		until int
		prose bool
	}{{grownReports, false}, {grownProse, true}} {
		grown, err := growth(ctx, g.until, g.prose)
		if err != nil {
			return err
		}
		lines = append(lines, grown...)
	}
	r.table.lines(fmt.Sprintf("规则与异常(%d个单位、%d年,%d核)", ruledUnits, ruledYears, runtime.GOMAXPROCS(0)), 0, lines)
	return nil
}

func withoutProse(r *disclosure.Report) *disclosure.Report {
	bare := *r
	bare.HasProse, bare.Prose = false, nil
	return &bare
}

// ruledReports makes the reports by unit and year.
func ruledReports() ([]disclosure.Unit, []check.Member) {
	d := demo.Generate(demo.Spec{Units: ruledUnits, Years: ruledYears})
	var units []disclosure.Unit
	for u := range d.Units() {
		units = append(units, u)
	}
	var members []check.Member
	for f := range d.Reports() {
		members = append(members, check.Member{Report: f.Report, Unit: &units[f.Unit-1], Filed: f.Filed})
	}
	return units, members
}

// rulesAndAnomalies does all that a recheck does short of the store: every
// report against its unit's last, every district's reports of a year together,
// and a scan of every year.
func rulesAndAnomalies(units []disclosure.Unit, members []check.Member) (findings, anomalies int) {
	findings = len(examined(units, members))
	for _, scan := range scansOf(units, members) {
		anomalies += len(scan.Finish())
	}
	return findings, anomalies
}

// examined runs the rules as the office does: districts side by side.
func examined(units []disclosure.Unit, members []check.Member) []check.Finding {
	last := map[disclosure.UnitNumber]*disclosure.Report{}
	var work []check.Work
	byGroup := map[group][]int{}
	for i, m := range members {
		before := last[m.Unit.Number]
		last[m.Unit.Number] = m.Report
		if before != nil && before.Year() != m.Report.Year()-1 {
			before = nil
		}
		work = append(work, check.Work{Member: m, Before: check.Before{Last: before}})
		g := group{rootOf(units, m.Unit), m.Report.Year()}
		byGroup[g] = append(byGroup[g], i)
	}
	lists := map[disclosure.UnitNumber][]disclosure.Unit{}
	for i := range units {
		root := rootOf(units, &units[i])
		lists[root] = append(lists[root], units[i])
	}
	var out []check.Finding
	for g, places := range byGroup {
		part := make([]check.Work, len(places))
		for i, p := range places {
			part[i] = work[p]
		}
		for _, found := range check.Shipped.District(part, lists[g.root]) {
			out = append(out, found...)
		}
	}
	return out
}

type group struct {
	root disclosure.UnitNumber
	year disclosure.Year
}

func rootOf(units []disclosure.Unit, u *disclosure.Unit) disclosure.UnitNumber {
	for range 8 {
		if u.Parent == 0 {
			break
		}
		u = &units[u.Parent-1]
	}
	return u.Number
}

func scansOf(units []disclosure.Unit, members []check.Member) map[disclosure.Year]*anomaly.Scan {
	scans := map[disclosure.Year]*anomaly.Scan{}
	for _, m := range members {
		if scans[m.Report.Year()] == nil {
			scans[m.Report.Year()] = anomaly.NewScan(m.Report.Year(), units)
		}
	}
	for _, m := range members {
		r := &anomaly.Report{Unit: m.Unit.Number, Year: m.Report.Year(), Scope: m.Report.Scope, Approved: true, Figures: anomaly.FiguresOf(m.Report.Cells)}
		for _, s := range scans {
			s.Add(r)
		}
	}
	return scans
}
