package reader

import (
	"context"
	"math"
	"unicode"
	"unicode/utf16"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"mingjing/internal/disclosure"
)

// Bounds on one PDF page; a report's page has some 1,500 characters and 300
// drawn objects.
const (
	maxPageGlyphs   = 200_000
	maxPageObjects  = 100_000
	maxPageSegments = 400_000
	maxFormDepth    = 8
)

// box is a rectangle in points, x to the right and y downwards from the top
// left of the page as it is read.
type box struct{ left, top, right, bottom float64 }

func (b box) width() float64   { return b.right - b.left }
func (b box) height() float64  { return b.bottom - b.top }
func (b box) centerX() float64 { return (b.left + b.right) / 2 }
func (b box) centerY() float64 { return (b.top + b.bottom) / 2 }

func (b box) union(o box) box {
	return box{min(b.left, o.left), min(b.top, o.top), max(b.right, o.right), max(b.bottom, o.bottom)}
}

// glyph is one printed character. Spaces are not kept: they are found again
// from the gaps.
type glyph struct {
	char rune
	box  box     // the whole em box, so that 一 is as high as 国
	size float64 // height of the line it asks for, in points
}

// rule is a straight drawn line, horizontal or vertical.
type rule struct {
	at       float64 // y of a horizontal rule, x of a vertical one
	from, to float64
}

// pdfPage is what a page shows, upright.
type pdfPage struct {
	number     int // from 1
	width      float64
	height     float64
	blank      bool // nothing at all is drawn on it
	glyphs     []glyph
	horizontal []rule
	vertical   []rule
}

// placement maps a page's own coordinates (y upwards, any turn) to a box's.
type placement struct {
	left, bottom, right, top float64 // of the visible page
	quarters                 int     // quarter turns clockwise by which the text runs
}

func (p placement) point(x, y float64) (float64, float64) {
	switch p.quarters {
	case 1: // text runs downwards: it begins at the page's top
		return p.top - y, p.right - x
	case 2:
		return p.right - x, y - p.bottom
	case 3: // text runs upwards
		return y - p.bottom, x - p.left
	}
	return x - p.left, p.top - y
}

func (p placement) box(l, b, r, t float64) box {
	x1, y1 := p.point(l, b)
	x2, y2 := p.point(r, t)
	return box{min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)}
}

// pageReader reads one page out of pdfium.
type pageReader struct {
	ctx      context.Context
	pdf      pdfium.Pdfium
	ref      references.FPDF_PAGE
	place    placement
	page     *pdfPage
	objects  int
	segments int
}

// readPage reads the page's characters and rules.
func readPage(ctx context.Context, pdf pdfium.Pdfium, doc references.FPDF_DOCUMENT, index int) (*pdfPage, error) {
	loaded, err := pdf.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc, Index: index})
	if err != nil {
		return nil, err
	}
	defer func() { _, _ = pdf.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page}) }()
	r := &pageReader{ctx: ctx, pdf: pdf, ref: loaded.Page, page: &pdfPage{number: index + 1}}
	byRef := requests.Page{ByReference: &r.ref}
	bounds, err := pdf.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: byRef})
	if err != nil {
		return nil, err
	}
	r.place = placement{
		left: float64(bounds.Rect.Left), bottom: float64(min(bounds.Rect.Bottom, bounds.Rect.Top)),
		right: float64(bounds.Rect.Right), top: float64(max(bounds.Rect.Bottom, bounds.Rect.Top)),
	}
	if err := r.readGlyphs(byRef); err != nil {
		return nil, err
	}
	if len(r.page.glyphs) == 0 {
		drawn, err := pdf.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: byRef})
		r.page.blank = err == nil && drawn.Count == 0
		return r.page, nil
	}
	if err := r.readRules(byRef); err != nil {
		return nil, err
	}
	r.page.width, r.page.height = r.place.right-r.place.left, r.place.top-r.place.bottom
	if r.place.quarters%2 == 1 {
		r.page.width, r.page.height = r.page.height, r.page.width
	}
	return r.page, nil
}

// rawGlyph is a character in the page's own coordinates.
type rawGlyph struct {
	char                     rune
	left, bottom, right, top float64
	quarters                 int // -1 for slanted text
}

func (r *pageReader) readGlyphs(byRef requests.Page) error {
	text, err := r.pdf.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: byRef})
	if err != nil {
		return err
	}
	defer func() {
		_, _ = r.pdf.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: text.TextPage})
	}()
	count, err := r.pdf.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text.TextPage})
	if err != nil {
		return err
	}
	if count.Count > maxPageGlyphs {
		return disclosure.Errorf(disclosure.ErrInvalid, "PDF第%d页的文字超过%d个,不是正常的报告,请检查后再交。", r.page.number, maxPageGlyphs)
	}
	var raw []rawGlyph
	var turns [4]int
	var high rune
	for i := range count.Count {
		if i%512 == 0 && r.ctx.Err() != nil {
			return r.ctx.Err()
		}
		code, err := r.pdf.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text.TextPage, Index: i})
		if err != nil {
			return err
		}
		char := rune(code.Unicode)
		if utf16.IsSurrogate(char) {
			if high == 0 {
				high = char
				continue
			}
			char = utf16.DecodeRune(high, char)
		}
		high = 0
		if unicode.IsSpace(char) || unicode.IsControl(char) || char == 0xFFFE || char == 0xAD || char == 0 {
			continue
		}
		loose, err := r.pdf.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text.TextPage, Index: i})
		if err != nil {
			continue // characters that pdfium made up have no box
		}
		angle, err := r.pdf.FPDFText_GetCharAngle(&requests.FPDFText_GetCharAngle{TextPage: text.TextPage, Index: i})
		if err != nil {
			return err
		}
		g := rawGlyph{
			char: char, quarters: quarterTurns(float64(angle.CharAngle)),
			left: float64(min(loose.Rect.Left, loose.Rect.Right)), right: float64(max(loose.Rect.Left, loose.Rect.Right)),
			bottom: float64(min(loose.Rect.Bottom, loose.Rect.Top)), top: float64(max(loose.Rect.Bottom, loose.Rect.Top)),
		}
		r.mendVertical(&g, text.TextPage, i)
		if g.quarters >= 0 {
			turns[g.quarters]++
		}
		raw = append(raw, g)
	}
	for q, n := range turns {
		if n > turns[r.place.quarters] {
			r.place.quarters = q
		}
	}
	for _, g := range raw {
		// Text across the page's own direction is a watermark or a seal.
		if g.quarters != r.place.quarters {
			continue
		}
		b := r.place.box(g.left, g.bottom, g.right, g.top)
		if b.width() <= 0 || b.height() <= 0 || math.IsNaN(b.width()+b.height()) || math.IsInf(b.width()+b.height(), 0) {
			continue
		}
		r.page.glyphs = append(r.page.glyphs, glyph{char: g.char, box: b, size: b.height()})
	}
	return nil
}

// mendVertical gives a glyph of a font for vertical writing its place: pdfium
// leaves the text matrix's scale out of that em box, and so makes it many times
// too large. The ink's box is right.
func (r *pageReader) mendVertical(g *rawGlyph, text references.FPDF_TEXTPAGE, i int) {
	ink, err := r.pdf.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: text, Index: i})
	if err != nil || g.right-g.left < 3*(ink.Right-ink.Left) || g.top-g.bottom < 3*(ink.Top-ink.Bottom) {
		return
	}
	size, err := r.pdf.FPDFText_GetFontSize(&requests.FPDFText_GetFontSize{TextPage: text, Index: i})
	if err != nil {
		return
	}
	m, err := r.pdf.FPDFText_GetMatrix(&requests.FPDFText_GetMatrix{TextPage: text, Index: i})
	if err != nil {
		return
	}
	em := size.FontSize * math.Hypot(float64(m.Matrix.C), float64(m.Matrix.D))
	if em <= 0 || g.right-g.left < 2*em || g.top-g.bottom < 2*em {
		return
	}
	x, y := (ink.Left+ink.Right)/2, (ink.Top+ink.Bottom)/2
	g.left, g.right, g.bottom, g.top = x-em/2, x+em/2, y-em/2, y+em/2
}

// quarterTurns is the angle (radians, clockwise) in quarter turns; -1 when
// it is not near one.
func quarterTurns(angle float64) int {
	turns := angle / (math.Pi / 2)
	nearest := math.Round(turns)
	if math.Abs(turns-nearest) > 0.05 {
		return -1
	}
	return (int(nearest)%4 + 4) % 4
}

// matrix is a PDF transformation: x' = a·x + c·y + e, y' = b·x + d·y + f.
type matrix struct{ a, b, c, d, e, f float64 }

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// after is m applied to what inner gives.
func (m matrix) after(inner matrix) matrix {
	a, b := m.a*inner.a+m.c*inner.b, m.b*inner.a+m.d*inner.b
	c, d := m.a*inner.c+m.c*inner.d, m.b*inner.c+m.d*inner.d
	e, f := m.apply(inner.e, inner.f)
	return matrix{a, b, c, d, e, f}
}

func (r *pageReader) readRules(byRef requests.Page) error {
	count, err := r.pdf.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: byRef})
	if err != nil {
		return err
	}
	for i := range count.Count {
		object, err := r.pdf.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: byRef, Index: i})
		if err != nil {
			return err
		}
		if err := r.readObject(object.PageObject, matrix{a: 1, d: 1}, 0); err != nil {
			return err
		}
	}
	return nil
}

func (r *pageReader) readObject(object references.FPDF_PAGEOBJECT, outer matrix, depth int) error {
	if r.objects++; r.objects > maxPageObjects {
		return disclosure.Errorf(disclosure.ErrInvalid, "PDF第%d页的图形超过%d个,不是正常的报告,请改交Word或Excel文件。", r.page.number, maxPageObjects)
	}
	if r.objects%256 == 0 && r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	kind, err := r.pdf.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object})
	if err != nil {
		return err
	}
	if kind.Type != enums.FPDF_PAGEOBJ_PATH && kind.Type != enums.FPDF_PAGEOBJ_FORM {
		return nil
	}
	own, err := r.pdf.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: object})
	if err != nil {
		return nil // an object without a matrix shows nothing
	}
	m := own.Matrix
	all := outer.after(matrix{float64(m.A), float64(m.B), float64(m.C), float64(m.D), float64(m.E), float64(m.F)})
	if kind.Type == enums.FPDF_PAGEOBJ_PATH {
		return r.readPath(object, all)
	}
	if depth >= maxFormDepth {
		return nil
	}
	inside, err := r.pdf.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: object})
	if err != nil {
		return nil
	}
	for i := range inside.Count {
		child, err := r.pdf.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: object, Index: uint64(i)})
		if err != nil {
			return nil
		}
		if err := r.readObject(child.PageObject, all, depth+1); err != nil {
			return err
		}
	}
	return nil
}
