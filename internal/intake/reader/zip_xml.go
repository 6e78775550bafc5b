package reader

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// maxXMLDepth bounds elements inside elements. One table inside another costs
// three levels of OOXML and a text box ten, hence the factor.
const maxXMLDepth = 4 * document.MaxNesting

// xmlCursor walks one OOXML part. encoding/xml knows no external or
// self-made entities, so none can be expanded or fetched.
type xmlCursor struct {
	ctx   context.Context
	dec   *xml.Decoder
	depth int
	steps int
}

func newXMLCursor(ctx context.Context, data []byte) *xmlCursor {
	var r io.Reader = bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	transcoded := bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff"))
	if transcoded {
		r = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Reader(bytes.NewReader(data))
	}
	dec := xml.NewDecoder(r)
	dec.CharsetReader = func(label string, input io.Reader) (io.Reader, error) {
		if transcoded {
			return input, nil
		}
		enc, err := htmlindex.Get(label)
		if err != nil {
			return nil, err
		}
		return enc.NewDecoder().Reader(input), nil
	}
	return &xmlCursor{ctx: ctx, dec: dec}
}

// next returns the next start, end or text token; io.EOF at the part's end.
func (c *xmlCursor) next() (xml.Token, error) {
	for {
		if c.steps++; c.steps%4096 == 0 {
			if err := c.ctx.Err(); err != nil {
				return nil, err
			}
		}
		tok, err := c.dec.Token()
		if err != nil {
			return nil, err
		}
		switch tok.(type) {
		case xml.StartElement:
			if c.depth++; c.depth > maxXMLDepth {
				return nil, disclosure.Errorf(disclosure.ErrInvalid, "文件内部嵌套超过%d层,不是正常的报告,请复制到新文档后另存再交。", maxXMLDepth)
			}
			return tok, nil
		case xml.EndElement:
			c.depth--
			return tok, nil
		case xml.CharData:
			return tok, nil
		}
	}
}

// each calls visit for every child of the element whose start was just read,
// and returns after its end. visit must consume the child, through each, skip
// or text.
func (c *xmlCursor) each(visit func(xml.StartElement) error) error {
	for {
		tok, err := c.next()
		if err != nil {
			return unexpectedEnd(err)
		}
		switch e := tok.(type) {
		case xml.StartElement:
			if err := visit(e); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip consumes the element whose start was just read.
func (c *xmlCursor) skip() error {
	for open := 1; open > 0; {
		tok, err := c.next()
		if err != nil {
			return unexpectedEnd(err)
		}
		switch tok.(type) {
		case xml.StartElement:
			open++
		case xml.EndElement:
			open--
		}
	}
	return nil
}

// text consumes the element whose start was just read and returns its
// character data, that of child elements left out.
func (c *xmlCursor) text() (string, error) {
	var b strings.Builder
	for {
		tok, err := c.next()
		if err != nil {
			return "", unexpectedEnd(err)
		}
		switch e := tok.(type) {
		case xml.CharData:
			b.Write(e)
		case xml.StartElement:
			if err := c.skip(); err != nil {
				return "", err
			}
		case xml.EndElement:
			return b.String(), nil
		}
	}
}

// root reads to the part's first element.
func (c *xmlCursor) root() (xml.StartElement, error) {
	for {
		tok, err := c.next()
		if err != nil {
			return xml.StartElement{}, unexpectedEnd(err)
		}
		if e, ok := tok.(xml.StartElement); ok {
			return e, nil
		}
	}
}

func unexpectedEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// attr returns the attribute of that local name, "" when absent. OOXML
// attributes are unambiguous by local name, but for r:id beside a plain id.
func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func intAttr(e xml.StartElement, local string, fallback int) int {
	n, err := strconv.Atoi(strings.TrimSpace(attr(e, local)))
	if err != nil {
		return fallback
	}
	return n
}

// onOff reads an OOXML toggle: the element alone means on.
func onOff(e xml.StartElement) bool {
	switch strings.ToLower(attr(e, "val")) {
	case "0", "false", "off", "none":
		return false
	}
	return true
}

// relationships reads the part's .rels: id to target, and the last word of the
// type in lower case ("numbering") to its first target, both as part names.
func (a *archive) relationships(ctx context.Context, part string) (byID, byType map[string]string, err error) {
	part = partName(part)
	dir, file := "", part
	if i := strings.LastIndexByte(part, '/'); i >= 0 {
		dir, file = part[:i+1], part[i+1:]
	}
	byID, byType = map[string]string{}, map[string]string{}
	data, found, err := a.part(dir + "_rels/" + file + ".rels")
	if err != nil || !found {
		return byID, byType, err
	}
	c := newXMLCursor(ctx, data)
	if _, err := c.root(); err != nil {
		return nil, nil, a.damaged(err)
	}
	err = c.each(func(e xml.StartElement) error {
		if attr(e, "TargetMode") != "External" {
			target := resolvePart(dir, attr(e, "Target"))
			byID[attr(e, "Id")] = target
			kind := attr(e, "Type")
			kind = strings.ToLower(kind[strings.LastIndexByte(kind, '/')+1:])
			if _, taken := byType[kind]; !taken {
				byType[kind] = target
			}
		}
		return c.skip()
	})
	if err != nil {
		return nil, nil, a.damaged(err)
	}
	return byID, byType, nil
}

// resolvePart resolves a relationship's target against the folder of its part.
func resolvePart(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = dir + target
	}
	var out []string
	for _, step := range strings.Split(target, "/") {
		switch step {
		case "", ".":
		case "..":
			if len(out) > 0 {
				out = out[:len(out)-1]
			}
		default:
			out = append(out, step)
		}
	}
	return partName(strings.Join(out, "/"))
}

// core returns the package's title property, and its identifier where that is
// the mark of one of the product's templates.
func (a *archive) core(ctx context.Context) (title, mark string) {
	data, found, err := a.part("docProps/core.xml")
	if err != nil || !found {
		return "", ""
	}
	c := newXMLCursor(ctx, data)
	if _, err := c.root(); err != nil {
		return "", ""
	}
	_ = c.each(func(e xml.StartElement) error {
		text, err := c.text()
		switch text = strings.TrimSpace(text); {
		case e.Name.Local == "title":
			title = text
		case e.Name.Local == "identifier" && strings.HasPrefix(text, document.MarkPrefix):
			mark = text
		}
		return err
	})
	return title, mark
}
