package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"mingjing/internal/disclosure"

	"github.com/labstack/echo/v4"
)

//go:embed static
var staticFiles embed.FS

// required are the files without which no page works. Those under vendor/ are
// built from node_modules (assets/build.mjs) and are never committed.
var required = []string{"app.css", "app.js", "print.css", "mark.svg", "vendor/tabler.css", "vendor/echarts.js", "vendor/htmx.js", "vendor/licences.txt"}

// assets are the embedded files with checksums: an address that holds the
// checksum can be cached for ever.
type assets struct {
	byName map[string]*asset
}

type asset struct {
	content []byte
	sum     string
	kind    string
	gzipped func() []byte // made at the first request
}

func loadAssets(files fs.FS) (*assets, error) {
	a := &assets{byName: map[string]*asset{}}
	err := fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		kind := mime.TypeByExtension(path.Ext(name))
		if kind == "" || strings.HasPrefix(kind, "text/plain") {
			kind = "text/plain; charset=utf-8"
		}
		a.byName[strings.TrimPrefix(name, "static/")] = &asset{content: content, sum: hex.EncodeToString(sum[:6]), kind: kind,
			gzipped: sync.OnceValue(func() []byte { return gzipBytes(content) })}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("读取内置网页文件失败: %w", err)
	}
	for _, name := range required {
		if a.byName[name] == nil {
			return nil, fmt.Errorf("程序中缺少网页文件 static/%s:请先运行 make assets,再重新编译", name)
		}
	}
	return a, nil
}

func gzipBytes(content []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(content) // a bytes.Buffer does not fail
	_ = w.Close()
	return b.Bytes()
}

// href is the address of a file, with its checksum. Templates are proved at
// boot to name existing files only.
func (a *assets) href(name string) (string, error) {
	f := a.byName[name]
	if f == nil {
		return "", fmt.Errorf("没有网页文件 static/%s", name)
	}
	return "/assets/" + f.sum + "/" + name, nil
}

func isAsset(c echo.Context) bool { return strings.HasPrefix(c.Request().URL.Path, "/assets/") }

func (s *Server) serveAsset(c echo.Context) error {
	f := s.assets.byName[c.Param("*")]
	if f == nil || f.sum != c.Param("sum") {
		return disclosure.Errorf(disclosure.ErrNotFound, "没有这个文件,请刷新页面后再试。")
	}
	h := c.Response().Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", `"`+f.sum+`"`)
	h.Add("Vary", "Accept-Encoding")
	if c.Request().Header.Get("If-None-Match") == `"`+f.sum+`"` {
		return c.NoContent(http.StatusNotModified)
	}
	if strings.Contains(c.Request().Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		return c.Blob(http.StatusOK, f.kind, f.gzipped())
	}
	return c.Blob(http.StatusOK, f.kind, f.content)
}

// favicon is asked for by old browsers whatever the page says.
func (s *Server) favicon(c echo.Context) error {
	return c.Blob(http.StatusOK, "image/svg+xml", s.assets.byName["mark.svg"].content)
}
