package web

import (
	"mime"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestFilesAreHandedOutAsDownloads(t *testing.T) {
	for _, c := range []struct{ name, kept, kind string }{
		{"list.xlsx", "list.xlsx", fileKinds[".xlsx"]},
		{"甲局 2025年“年报”;100%.DOCX", "甲局 2025年“年报”;100%.DOCX", fileKinds[".docx"]},
		{"../a\"b\r\n:c.csv", "..-a-b -c.csv", fileKinds[".csv"]},
		{"page.html", "page.html", echo.MIMEOctetStream},
		{"原件", "原件", echo.MIMEOctetStream},
	} {
		w := httptest.NewRecorder()
		if err := handOut(echo.New().NewContext(httptest.NewRequest("GET", "/", nil), w), c.name, []byte("x")); err != nil {
			t.Fatal(err)
		}
		how, params, err := mime.ParseMediaType(w.Header().Get("Content-Disposition"))
		if err != nil || how != "attachment" || params["filename"] != c.kept {
			t.Errorf("%q is handed out as %q %q (%v)", c.name, how, params["filename"], err)
		}
		h := w.Header()
		if h.Get("Content-Type") != c.kind || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != "no-store" || w.Body.String() != "x" {
			t.Errorf("%q: %v %q", c.name, h, w.Body)
		}
	}
}
