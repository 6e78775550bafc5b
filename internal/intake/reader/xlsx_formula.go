package reader

import (
	"bytes"
	"context"
	"strings"
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

// longestFormula is in characters; a longer one is cut for display.
const longestFormula = 120

// formulaText stands for a formula's result where there is none: it is no
// number, so the figure stays unread and is not taken for a blank. A formula
// that is shared with another cell is stored there only.
func formulaText(source string) string {
	text := []rune(strings.TrimSpace(source))
	switch {
	case len(text) == 0:
		return "=公式"
	case len(text) > longestFormula:
		text = append(text[:longestFormula], '…')
	}
	return "=" + string(text)
}

// compute fills in the formulas that came without a result, as written by
// programs rather than by Excel. What cannot be computed is named in failed and
// keeps its formula; nothing is computed unless allowed.
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
	for _, at := range s.uncomputed {
		c := &s.cells[at]
		if value, ok := values[c.Address]; ok {
			c.Text = value
		} else {
			s.failed = append(s.failed, c.Address)
		}
	}
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
