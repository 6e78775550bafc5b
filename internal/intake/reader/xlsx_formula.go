package reader

import (
	"bytes"
	"context"
	"time"

	"github.com/xuri/excelize/v2"
)

// Bounds on computing formulas: a form that was filled by a program and never
// opened has some dozens; excelize's memory grows with the sheet's rectangle.
const (
	maxComputedFormulas  = 2_000
	maxComputedPositions = 1_000_000
	maxComputeTime       = 10 * time.Second
)

// compute fills in the formulas that came without a result, as written by
// programs rather than by Excel. What cannot be computed is named in failed;
// nothing is computed unless allowed.
func (s *sheetReader) compute(ctx context.Context, data []byte, allowed bool) error {
	values := map[string]string{}
	if allowed {
		done := make(chan map[string]string, 1)
		names := make([]string, len(s.uncomputed))
		for i, at := range s.uncomputed {
			names[i] = s.cells[at].Address
		}
		limited, cancel := context.WithTimeout(ctx, maxComputeTime)
		defer cancel()
		go func() { done <- computeFormulas(limited, data, s.name, names) }()
		select {
		case values = <-done:
		case <-limited.Done():
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	kept := s.cells[:0]
	next := 0
	for i, c := range s.cells {
		if next < len(s.uncomputed) && s.uncomputed[next] == i {
			next++
			value, ok := values[c.Address]
			if !ok {
				s.failed = append(s.failed, c.Address)
				s.blanks = append(s.blanks, c)
				continue
			}
			c.Text = value
		}
		kept = append(kept, c)
	}
	s.cells = kept
	return nil
}

// computable says that excelize can hold these sheets, to which any formula
// may refer, and that the formulas are not too many.
func computable(sheets []*sheetReader) bool {
	formulas, positions := 0, 0
	for _, s := range sheets {
		formulas += len(s.uncomputed)
		positions += s.lastRow + s.stretch
	}
	return formulas <= maxComputedFormulas && positions <= maxComputedPositions
}

// computeFormulas returns the results by cell name; a formula that fails, or
// gives an error value, is left out.
func computeFormulas(ctx context.Context, data []byte, sheet string, names []string) (values map[string]string) {
	values = map[string]string{}
	// The engine panics on some malformed formulas; what was computed stands.
	defer func() { _ = recover() }()
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		UnzipSizeLimit: maxZipTotal, UnzipXMLSizeLimit: maxZipPart,
	})
	if err != nil {
		return values
	}
	defer f.Close()
	for _, name := range names {
		if ctx.Err() != nil {
			return values
		}
		value, err := f.CalcCellValue(sheet, name, excelize.Options{RawCellValue: true, MaxCalcIterations: 10})
		if err == nil && value != "" {
			values[name] = plainNumber(value)
		}
	}
	return values
}
