package demo

import (
	"encoding/csv"
	"io"
	"iter"

	"mingjing/internal/disclosure"
)

// WriteCSV writes reports as the long table (unit,year,code,value) that offices
// exchange: blanks as nothing, "/" and unread text as printed. It has no prose
// and no scope.
func WriteCSV(w io.Writer, reports iter.Seq[*disclosure.Report]) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"unit", "year", "code", "value"}); err != nil {
		return err
	}
	for r := range reports {
		for _, code := range r.Codes() {
			if err := out.Write([]string{r.Unit, r.Year().String(), string(code), printed(r.Cells[code])}); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func printed(c disclosure.Cell) string {
	switch {
	case c.Kind == disclosure.CellNumber:
		return c.Value.String()
	case c.Raw == "" && c.Kind == disclosure.CellSlash:
		return "/"
	}
	return c.Raw
}
