package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"mingjing/internal/check"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// Rows that are written together.
const (
	unitBatch  = 500
	checkBatch = 20000
)

// makeUnits appends the units beyond those that are there, as people would
// have entered them: groups of like units stay as small as in life.
func makeUnits(ctx context.Context, st *store.Store, before, until int) error {
	var acts []store.Act
	flush := func() error {
		if len(acts) == 0 {
			return nil
		}
		_, err := st.Append(ctx, acts...)
		acts = acts[:0]
		return err
	}
	for u := range demo.Generate(demo.Spec{Units: nationUnits}).Units() {
		if int(u.Number) <= before {
			continue
		}
		if int(u.Number) > until {
			break
		}
		acts = append(acts, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "bench", Address: "cli"},
			Entries: []store.Entry{{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u}}})
		if len(acts) == unitBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// makeChecks gives every made-up report the findings of a demonstration
// report, turn by turn, so that pages have as much to read as in life.
func makeChecks(ctx context.Context, st *store.Store, before, until int) error {
	outcomes, err := outcomesOf(demo.Generate(demo.Spec{}))
	if err != nil {
		return err
	}
	var rows []store.CheckRow
	now := time.Now()
	for unit := before + 1; unit <= until; unit++ {
		for year := firstYear; year <= lastYear; year++ {
			row := outcomes[(unit*countryYears+int(year))%len(outcomes)]
			row.Key = store.ReportKey{Unit: disclosure.UnitNumber(unit), Period: disclosure.Period{Year: year},
				Family: disclosure.FamilyNational, Scope: disclosure.ScopeAgency}
			row.Rules, row.CheckedAt = check.Version, now
			rows = append(rows, row)
		}
		if len(rows) >= checkBatch || unit == until {
			if err := st.PutChecks(ctx, rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return nil
}

// outcomesOf checks a district's reports.
func outcomesOf(d *demo.District) ([]store.CheckRow, error) {
	var out []store.CheckRow
	var last *disclosure.Report
	for f := range d.Reports() {
		before := last
		if last = f.Report; before != nil && (before.Unit != f.Report.Unit || before.Year() != f.Report.Year()-1) {
			before = nil
		}
		findings := check.Report(f.Report, before)
		if findings == nil {
			findings = []check.Finding{}
		}
		row := store.CheckRow{}
		for _, found := range findings {
			switch found.Severity {
			case check.Error:
				row.Errors++
			case check.Explain:
				row.Explains++
			case check.Notice:
				row.Notices++
			case check.NotAssessable:
				row.Untried++
			}
		}
		var err error
		if row.Findings, err = json.Marshal(findings); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, nil
}

// settleTime is how long background merges are waited for.
const settleTime = 40 * time.Second

// settle waits until the engine has merged what it wants to merge now, as it
// would have some time after an import. The number of parts is printed.
func (d *direct) settle(ctx context.Context) error {
	deadline := time.After(settleTime)
	for quiet := 0; quiet < 4; {
		running, err := d.number(ctx, "SELECT count() FROM system.merges")
		if err != nil {
			return err
		}
		if quiet++; running > 0 {
			quiet = 0
		}
		select {
		case <-time.After(250 * time.Millisecond):
		case <-deadline:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("waiting for merges: %w", context.Cause(ctx))
		}
	}
	return nil
}
