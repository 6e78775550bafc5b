package store

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Made-up figures stand in both projections alike, and questions read them.
// MINGJING_TEST_FIGURES_UNITS=20000 makes 40 million and logs how long
// questions take.
func TestFillProjections(t *testing.T) {
	units := 30
	if n, err := strconv.Atoi(os.Getenv("MINGJING_TEST_FIGURES_UNITS")); err == nil {
		units = n
	}
	ctx := context.Background()
	s := openTest(t, Options{Temporary: true})
	form := disclosure.NationalForm("2021")
	began := time.Now()
	figures, parts, err := s.FillProjections(ctx, BenchSpec{Form: form, FirstUnit: 1, Units: units, FirstYear: 2016, Years: 10}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d figures in %d parts, made in %s", figures, parts, time.Since(began))
	if want := uint64(units * 10 * len(form.Cells())); figures != want {
		t.Fatalf("%d figures, want %d", figures, want)
	}
	timed := func(what string, f func() error) {
		t.Helper()
		for range 3 {
			began := time.Now()
			if err := f(); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			t.Logf("%s: %s", what, time.Since(began))
		}
	}
	var codes []disclosure.Code
	for _, d := range form.Table("T3").Blocks[0].Rows {
		codes = append(codes, form.Table("T3").Code(d.Key, "TOT"))
	}
	year := []disclosure.Year{2024}
	timed("sums of 25 codes over all years", func() error {
		_, err := s.Sums(ctx, FigureQuery{Basis: Approved, Codes: codes, CountedOnly: true})
		return err
	})
	timed("sums of 25 codes in one year", func() error {
		_, err := s.Sums(ctx, FigureQuery{Basis: Approved, Codes: codes, Years: year, CountedOnly: true})
		return err
	})
	timed("medians of 3 codes over all years", func() error {
		_, err := s.Medians(ctx, FigureQuery{Basis: Approved, Codes: codes[:3]})
		return err
	})
	unit := []disclosure.UnitNumber{7}
	timed("heads of one unit", func() error {
		heads, err := s.Heads(ctx, HeadQuery{Basis: Approved, Units: unit})
		if len(heads) != 10 {
			t.Errorf("%d heads, want 10", len(heads))
		}
		return err
	})
	timed("25 codes of one unit", func() error {
		figures, err := s.Figures(ctx, FigureQuery{Basis: Approved, Codes: codes, Units: unit})
		if len(figures) != 250 {
			t.Errorf("%d figures, want 250", len(figures))
		}
		return err
	})
	timed("heads of one year", func() error {
		heads, err := s.Heads(ctx, HeadQuery{Basis: Approved, Years: year})
		if len(heads) != units {
			t.Errorf("%d heads, want %d", len(heads), units)
		}
		return err
	})
	same := must[[]Figure](t)(s.Figures(ctx, FigureQuery{Basis: Approved, Codes: codes[:1], Years: year, Units: unit}))
	var inReport decimal.Decimal
	if err := s.db.QueryRow(ctx, "SELECT values[indexOf(codes, {code:String})] FROM approved_reports WHERE unit = 7 AND year = 2024",
		parameters("code", string(codes[0]))...).Scan(&inReport); err != nil {
		t.Fatal(err)
	}
	if len(same) != 1 || !inReport.Equal(same[0].Value) {
		t.Fatalf("the projections differ: %v, %v", same, inReport)
	}
}
