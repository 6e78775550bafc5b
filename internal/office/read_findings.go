package office

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

// Severities, gravest first, for callers that do not know the rules.
var Severities = []check.Severity{check.Error, check.Explain, check.Notice, check.NotAssessable}

// FindingSummary counts a year's findings.
type FindingSummary struct {
	Reports    int // checked reports
	BySeverity map[check.Severity]int
	// Units counts the units that have at least one finding of the severity.
	Units  map[check.Severity]int
	ByRule []RuleCount // most findings first, graver first among equals
	// Worst are units with errors, most errors first.
	Worst []UnitCount
}

// RuleCount counts one rule's findings by severity.
type RuleCount struct {
	Rule       string
	BySeverity map[check.Severity]int
}

// UnitCount counts one unit's errors.
type UnitCount struct {
	Unit   *disclosure.Unit
	Errors int
}

// FindingLine is a finding with the report it stands in.
type FindingLine struct {
	Unit    *disclosure.Unit
	Report  store.ReportKey
	Finding check.Finding
}

// findingLines reads the findings of a year, and how many reports were checked.
func (o *Office) findingLines(ctx context.Context, f Filter, units *unitIndex) ([]FindingLine, int, error) {
	if f.Year == 0 {
		return nil, 0, nil
	}
	rows, err := o.store.Checks(ctx, store.HeadQuery{Basis: f.Basis, Years: []disclosure.Year{f.Year}})
	if err != nil {
		return nil, 0, err
	}
	keys := make([]store.ReportKey, len(rows))
	for i, row := range rows {
		keys[i] = row.Key
	}
	published, err := o.publicationFindings(ctx, f.Basis, keys, units)
	if err != nil {
		return nil, 0, err
	}
	out := []FindingLine{}
	checked := 0
	for _, row := range rows {
		u := units.byNumber[row.Key.Unit]
		if u == nil || !f.includes(u) {
			continue
		}
		if row.Key.Family == disclosure.FamilyNational {
			checked++ // as the reports that are counted as filed
		}
		findings, err := decodeFindings(row)
		if err != nil {
			return nil, 0, err
		}
		if err := o.escalated(ctx, findings, u, row.Key.Period.Year); err != nil {
			return nil, 0, err
		}
		for _, found := range append(findings, published[row.Key]...) {
			out = append(out, FindingLine{Unit: u, Report: row.Key, Finding: found})
		}
	}
	slices.SortStableFunc(out, func(a, b FindingLine) int {
		if d := gravity(a.Finding.Severity) - gravity(b.Finding.Severity); d != 0 {
			return d
		}
		if d := strings.Compare(a.Finding.Rule, b.Finding.Rule); d != 0 {
			return d
		}
		return byOrder(a.Unit, b.Unit)
	})
	return out, checked, nil
}

func decodeFindings(row store.CheckRow) ([]check.Finding, error) {
	if len(row.Findings) == 0 {
		return nil, nil
	}
	var out []check.Finding
	if err := json.Unmarshal(row.Findings, &out); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "校验结果无法读取,请运行 mingjing rebuild 重新校验。").Because(err)
	}
	return out, nil
}

func gravity(s check.Severity) int {
	if i := slices.Index(Severities, s); i >= 0 {
		return i
	}
	return len(Severities)
}

func (o *Office) findingSummary(ctx context.Context, f Filter, units *unitIndex) (FindingSummary, error) {
	lines, checked, err := o.findingLines(ctx, f, units)
	if err != nil {
		return FindingSummary{}, err
	}
	s := FindingSummary{Reports: checked, BySeverity: map[check.Severity]int{}, Units: map[check.Severity]int{}}
	affected := map[check.Severity]map[disclosure.UnitNumber]int{}
	rules := map[string]map[check.Severity]int{}
	for _, l := range lines {
		sev := l.Finding.Severity
		s.BySeverity[sev]++
		if affected[sev] == nil {
			affected[sev] = map[disclosure.UnitNumber]int{}
		}
		affected[sev][l.Unit.Number]++
		if rules[l.Finding.Rule] == nil {
			rules[l.Finding.Rule] = map[check.Severity]int{}
		}
		rules[l.Finding.Rule][sev]++
	}
	for sev, u := range affected {
		s.Units[sev] = len(u)
	}
	for _, r := range sortedKeys(rules) {
		s.ByRule = append(s.ByRule, RuleCount{Rule: r, BySeverity: rules[r]})
	}
	slices.SortStableFunc(s.ByRule, func(a, b RuleCount) int {
		for _, sev := range Severities {
			if d := b.BySeverity[sev] - a.BySeverity[sev]; d != 0 {
				return d
			}
		}
		return 0
	})
	for n, count := range affected[check.Error] {
		s.Worst = append(s.Worst, UnitCount{Unit: units.byNumber[n], Errors: count})
	}
	slices.SortFunc(s.Worst, func(a, b UnitCount) int {
		if a.Errors != b.Errors {
			return b.Errors - a.Errors
		}
		return byOrder(a.Unit, b.Unit)
	})
	return s, nil
}

// Count is how many findings are of a severity, by its name.
func (s FindingSummary) Count(severity string) int { return s.BySeverity[check.Severity(severity)] }

// UnitsWith is how many units have a finding of a severity, by its name.
func (s FindingSummary) UnitsWith(severity string) int { return s.Units[check.Severity(severity)] }
