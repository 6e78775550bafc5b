package reader

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// maxMIMEDepth bounds multiparts in multiparts; browsers write one or two.
const maxMIMEDepth = 8

// readMHTML reads a page saved as one file (RFC 2557), as browsers, Word and
// Excel write it: every text/html part, the parts of a workbook being its
// sheets. A message with plain text only is read as plain text.
func readMHTML(ctx context.Context, data []byte) (*document.Document, error) {
	data = bytes.TrimLeft(data, "\xEF\xBB\xBF \t\r\n")
	message, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, damagedMHTML(err)
	}
	var parts mimeParts
	if err := parts.gather(message.Header.Get("Content-Type"), message.Header.Get("Content-Transfer-Encoding"), message.Body, 0); err != nil {
		return nil, err
	}
	if len(parts.pages) == 0 {
		if len(parts.plain) == 0 {
			return nil, refuse("里没有网页正文,请在浏览器中打开后另存为网页或PDF再交。")
		}
		text, charset, _, err := decode(parts.plain)
		if err != nil {
			return nil, err
		}
		doc, err := readText(ctx, text)
		if err == nil {
			doc.Charset = charset
		}
		return doc, err
	}
	r := &htmlReader{out: newAssembly(ctx, "html")}
	for _, page := range parts.pages {
		text, charset, warning, err := decode(page)
		if err != nil {
			return nil, err
		}
		if r.out.doc.Charset == "" {
			r.out.doc.Charset = charset
		}
		if warning != "" {
			r.out.warn(warning)
		}
		if err := r.readPage(text, ""); err != nil {
			return nil, err
		}
	}
	return r.out.done()
}

// mimeParts are a message's pages, decoded from their transfer encoding.
type mimeParts struct {
	pages [][]byte
	plain []byte
}

func (p *mimeParts) gather(contentType, transfer string, body io.Reader, depth int) error {
	if depth > maxMIMEDepth {
		return damagedMHTML(nil)
	}
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		media = "text/plain"
	}
	if strings.HasPrefix(media, "multipart/") {
		for parts := multipart.NewReader(body, params["boundary"]); ; {
			part, err := parts.NextRawPart()
			if err != nil {
				// A file cut short keeps the parts before the cut.
				if err == io.EOF || len(p.pages) > 0 {
					return nil
				}
				return damagedMHTML(err)
			}
			if err := p.gather(part.Header.Get("Content-Type"), part.Header.Get("Content-Transfer-Encoding"), part, depth+1); err != nil {
				return err
			}
		}
	}
	if media != "text/html" && media != "application/xhtml+xml" && media != "text/plain" {
		return nil
	}
	switch strings.ToLower(strings.TrimSpace(transfer)) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	content, err := io.ReadAll(body)
	if err != nil && len(content) == 0 {
		return damagedMHTML(err)
	}
	if media == "text/plain" {
		p.plain = append(p.plain, content...)
	} else {
		p.pages = append(p.pages, content)
	}
	return nil
}

func damagedMHTML(cause error) error {
	return disclosure.Errorf(disclosure.ErrInvalid, "是保存的网页,但已损坏,请在浏览器中重新打开后另存再交。").Because(cause)
}
