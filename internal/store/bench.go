package store

import (
	"context"
	"slices"

	"mingjing/internal/disclosure"
)

// BenchSpec is how much FillProjections makes: Units x Years reports of a
// form, beginning with FirstUnit and FirstYear.
type BenchSpec struct {
	Form      *disclosure.Form
	FirstUnit disclosure.UnitNumber
	Units     int
	FirstYear disclosure.Year
	Years     int
}

// benchInsert is about how many figures one insert makes.
const benchInsert = 4_000_000

// FillProjections makes figures inside the engine, straight into the approved
// projections and past the log, for benchmarks only: a rebuild removes them,
// and Report finds nothing of them.
// It returns how many figures it made and in how many parts they lie.
func (s *Store) FillProjections(ctx context.Context, spec BenchSpec, progress Progress) (figures, parts uint64, err error) {
	common := []any{"first_unit", uint32(spec.FirstUnit), "units", uint32(spec.Units), "first_year", uint16(spec.FirstYear),
		"years", uint16(spec.Years), "family", spec.Form.Family}
	var codes []string
	for _, def := range spec.Form.Cells() {
		codes = append(codes, string(def.Code))
	}
	atOnce := max(1, benchInsert/max(1, spec.Units*spec.Years))
	done := 0
	for some := range slices.Chunk(codes, atOnce) {
		if err := s.bench(ctx, "figures", append(common, "codes", some)); err != nil {
			return 0, 0, err
		}
		done += len(some)
		progress.tell("figures", uint64(done), uint64(len(codes)))
	}
	if err := s.bench(ctx, "reports", append(common, "form", spec.Form.ID, "codes", codes)); err != nil {
		return 0, 0, err
	}
	err = s.db.QueryRow(named(ctx, "bench", nil), `SELECT sum(rows), count() FROM system.parts
		WHERE active AND database = currentDatabase() AND table = 'figures_approved'`).Scan(&figures, &parts)
	return figures, parts, domainError(err)
}

func (s *Store) bench(ctx context.Context, name string, pairs []any) error {
	return domainError(s.db.Exec(named(ctx, "bench", longRun), fill(withoutComments(load("bench", name)), "${basis}", string(Approved)), parameters(pairs...)...))
}
