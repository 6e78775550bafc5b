package word

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"
)

// Picture is a PNG that stands in a paragraph of its own.
type Picture struct {
	PNG   []byte
	Width float64 // mm; the height follows from the picture
	// Alt says in words what the picture shows, for those who cannot see it.
	Alt string
}

// drawing is the picture's paragraph. id is its number in the document, from 1.
func (p Picture) drawing(b *strings.Builder, id int) error {
	size, err := png.DecodeConfig(bytes.NewReader(p.PNG))
	if err != nil {
		return fmt.Errorf("picture %d: %w", id, err)
	}
	w := mmEMU(p.Width)
	h := int(int64(w) * int64(size.Height) / int64(max(1, size.Width)))
	fmt.Fprintf(b, `<w:p><w:pPr><w:pStyle w:val="%[1]s"/><w:keepNext/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">`+
		`<wp:extent cx="%[2]d" cy="%[3]d"/><wp:docPr id="%[4]d" name="图%[4]d" descr="%[5]s"/>`+
		`<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>`+
		`<pic:nvPicPr><pic:cNvPr id="%[4]d" name="picture%[4]d.png" descr="%[5]s"/><pic:cNvPicPr/></pic:nvPicPr>`+
		`<pic:blipFill><a:blip r:embed="rIdPicture%[4]d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%[2]d" cy="%[3]d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>`+
		`</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
		StyleCaption, w, h, id, escape(p.Alt))
	return nil
}
