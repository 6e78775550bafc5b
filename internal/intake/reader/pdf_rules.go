package reader

import (
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"mingjing/internal/disclosure"
)

// Drawn lines, in points. Word and WPS draw a border as a filled rectangle of
// half a point, browsers as one of up to 1.5, and a thick frame has 3.
const (
	maxRuleWidth  = 4.0
	minRuleLength = 4.0
	ruleSlack     = 2.0 // lines this near are one line
	ruleGap       = 4.0 // pieces of one line this near are joined
)

// readPath takes the straight lines of a drawn path. A filled shape counts only
// when it is as thin as a line; the fill of a shaded cell is none.
func (r *pageReader) readPath(object references.FPDF_PAGEOBJECT, m matrix) error {
	mode, err := r.pdf.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: object})
	if err != nil || (!mode.Stroke && mode.FillMode == enums.FPDF_FILLMODE_NONE) {
		return nil
	}
	count, err := r.pdf.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: object})
	if err != nil {
		return nil
	}
	if r.segments += count.Count; r.segments > maxPageSegments {
		return disclosure.Errorf(disclosure.ErrInvalid, "PDF第%d页的线条超过%d段,不是正常的报告,请改交Word或Excel文件。", r.page.number, maxPageSegments)
	}
	var shape []point // of the subpath being read
	curved := false
	finish := func(closed bool) {
		if len(shape) > 1 && !curved {
			r.addShape(shape, mode.Stroke, closed)
		}
		shape, curved = nil, false
	}
	for i := range count.Count {
		segment, err := r.pdf.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: object, Index: i})
		if err != nil {
			return nil
		}
		kind, err := r.pdf.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: segment.PathSegment})
		if err != nil {
			return nil
		}
		at, err := r.pdf.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: segment.PathSegment})
		if err != nil {
			return nil
		}
		if kind.Type == enums.FPDF_SEGMENT_MOVETO {
			finish(false)
		}
		curved = curved || kind.Type == enums.FPDF_SEGMENT_BEZIERTO
		x, y := r.place.point(m.apply(float64(at.X), float64(at.Y)))
		shape = append(shape, point{x, y})
		closing, err := r.pdf.FPDFPathSegment_GetClose(&requests.FPDFPathSegment_GetClose{PathSegment: segment.PathSegment})
		if err == nil && closing.IsClose {
			finish(true)
		}
	}
	finish(false)
	return nil
}

type point struct{ x, y float64 }

// addShape adds the lines of one subpath.
func (r *pageReader) addShape(shape []point, stroked, closed bool) {
	bounds := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range shape {
		if math.IsNaN(p.x+p.y) || math.Abs(p.x)+math.Abs(p.y) > 1e6 {
			return
		}
		bounds = bounds.union(box{p.x, p.y, p.x, p.y})
	}
	switch {
	case bounds.height() <= maxRuleWidth && bounds.width() >= minRuleLength && bounds.width() > 2*bounds.height():
		r.page.horizontal = append(r.page.horizontal, rule{bounds.centerY(), bounds.left, bounds.right})
	case bounds.width() <= maxRuleWidth && bounds.height() >= minRuleLength && bounds.height() > 2*bounds.width():
		r.page.vertical = append(r.page.vertical, rule{bounds.centerX(), bounds.top, bounds.bottom})
	case stroked:
		for i := 1; i < len(shape); i++ {
			r.addLine(shape[i-1], shape[i])
		}
		if closed {
			r.addLine(shape[len(shape)-1], shape[0])
		}
	}
}

func (r *pageReader) addLine(a, b point) {
	dx, dy := math.Abs(a.x-b.x), math.Abs(a.y-b.y)
	switch {
	case dy <= 1 && dx >= minRuleLength:
		r.page.horizontal = append(r.page.horizontal, rule{(a.y + b.y) / 2, min(a.x, b.x), max(a.x, b.x)})
	case dx <= 1 && dy >= minRuleLength:
		r.page.vertical = append(r.page.vertical, rule{(a.x + b.x) / 2, min(a.y, b.y), max(a.y, b.y)})
	}
}

// joinRules makes one line of the pieces drawn cell by cell, and of the doubled
// lines where two cells' borders meet.
func joinRules(rules []rule) []rule {
	slices.SortFunc(rules, func(a, b rule) int { return compareFloats(a.at, b.at) })
	var out []rule
	for start := 0; start < len(rules); {
		end := start + 1
		for end < len(rules) && rules[end].at-rules[start].at <= ruleSlack {
			end++
		}
		bundle := rules[start:end]
		sum := 0.0
		for _, r := range bundle {
			sum += r.at
		}
		at := sum / float64(len(bundle))
		slices.SortFunc(bundle, func(a, b rule) int { return compareFloats(a.from, b.from) })
		current := rule{at, bundle[0].from, bundle[0].to}
		for _, r := range bundle[1:] {
			if r.from <= current.to+ruleGap {
				current.to = max(current.to, r.to)
				continue
			}
			out = append(out, current)
			current = rule{at, r.from, r.to}
		}
		out = append(out, current)
		start = end
	}
	return out
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
