package web

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"
)

// fileKinds are the content types of the files that we make, by ending. What is
// not listed, and what people brought, goes out as bytes.
var fileKinds = map[string]string{
	".csv":  "text/csv; charset=utf-8",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".pdf":  "application/pdf",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".zip":  "application/zip",
}

// handOut answers with a file that we made, to be kept.
func handOut(c echo.Context, name string, data []byte) error {
	kind, known := fileKinds[strings.ToLower(path.Ext(name))]
	if !known {
		kind = echo.MIMEOctetStream
	}
	return handOutAs(c, name, kind, bytes.NewReader(data))
}

// handOutAs answers with a file to be kept, always as a download and never
// guessed at or stored by the browser: a foreign HTML file must not run as a
// page of this site.
func handOutAs(c echo.Context, name, kind string, file io.Reader) error {
	name = fileName(name)
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, attachment(name))
	h.Set(echo.HeaderXContentTypeOptions, "nosniff")
	h.Set(echo.HeaderCacheControl, "no-store")
	return c.Stream(http.StatusOK, kind, file)
}

var unfitForNames = strings.NewReplacer("/", "-", "\\", "-", ":", "-", "*", "-", "?", "-", "\"", "-", "<", "-", ">", "-", "|", "-", "\n", " ")

// fileName is a name that Windows takes.
func fileName(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, unfitForNames.Replace(s))
}

// attachment names a download: in UTF-8 (RFC 6266 and 8187), and before that in
// ASCII for who reads that only.
func attachment(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '%' {
			return '_'
		}
		return r
	}, name)
	if plain == name {
		return `attachment; filename="` + name + `"`
	}
	return `attachment; filename="` + plain + `"; filename*=UTF-8''` + strings.ReplaceAll(url.QueryEscape(name), "+", "%20")
}
