package web

import "mingjing/internal/office"

// original is a file of the report whose text stands beside the tables.
type original struct {
	office.SourceFile
	Cells int // of the report that were read in it
}

// originals are the report's files that can still be opened, the one that most
// cells came from first.
func (s *Server) originals(v *reviewView) []original {
	cells := map[string]int{}
	for _, f := range v.Forms {
		for _, c := range f.Cells {
			cells[c.File]++
		}
	}
	var out []original
	for _, f := range v.Report.Sources {
		if f.SHA256 == "" || s.office.FileErased(f.SHA256) {
			continue
		}
		o, at := original{SourceFile: f, Cells: cells[f.SHA256]}, len(out)
		for at > 0 && out[at-1].Cells < o.Cells {
			at--
		}
		out = append(out[:at], append([]original{o}, out[at:]...)...)
	}
	return out
}

// SourceAt says where a cell stood in its file, as the reader named the place; "" for
// what came from no file.
func (c reviewCell) SourceAt() string {
	if c.Cell.File == "" || c.Cell.Source == "" {
		return ""
	}
	return c.Cell.Source
}
