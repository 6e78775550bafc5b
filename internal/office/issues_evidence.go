package office

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// MaxEvidence is how large a piece of evidence may be, in bytes.
const MaxEvidence = 20 << 20

// evidenceMedia are the kinds of evidence, told by content, with the file names
// that they go by. Pages and drawings that can hold scripts (HTML, SVG) are none
// of them; whatever is kept is given out for download only.
var evidenceMedia = map[string][]string{
	"image/png": {".png"}, "image/jpeg": {".jpg", ".jpeg"}, "image/gif": {".gif"}, "image/bmp": {".bmp"}, "image/webp": {".webp"},
	"application/pdf": {".pdf"},
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   {".docx"},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         {".xlsx"},
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": {".pptx"},
	"application/ofd":           {".ofd"},
	"application/x-ole-storage": {".doc", ".xls", ".ppt", ".wps", ".et", ".dps"},
}

// KeepEvidence keeps a file that shows a fault or its mending; what it returns
// goes into an issue's Evidence. Errors: ErrForbidden, ErrInvalid (too large,
// empty, of a kind that is not taken, or named as another kind).
func (o *Office) KeepEvidence(ctx context.Context, v people.Visitor, name string, r io.Reader) (*issue.File, error) {
	if !slices.ContainsFunc([]people.Right{people.AnswerIssue, people.Evaluate, people.Supervise}, v.Anywhere) {
		return nil, v.Demand(people.AnswerIssue, 0)
	}
	data, err := io.ReadAll(io.LimitReader(r, MaxEvidence+1))
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "文件没有传完,请重新选择文件上传。").Because(err)
	}
	f := &issue.File{Name: evidenceName(name), Size: int64(len(data))}
	if f.Media, err = evidenceKind(f.Name, data); err != nil {
		return nil, err
	}
	if f.SHA256, _, err = o.store.PutFile(bytes.NewReader(data)); err != nil {
		return nil, err
	}
	return f, nil
}

// evidenceName is a file's own name without folders and control characters.
func evidenceName(name string) string {
	name = filepath.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), "\\", "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"<>|:*?`, r) || r >= 0x202a && r <= 0x202e {
			return -1
		}
		return r
	}, name)
	if extension := filepath.Ext(name); utf8.RuneCountInString(name) > 100 {
		name = string([]rune(name)[:90]) + extension
	}
	return name
}

// evidenceKind tells what a file is by its content, and holds its name to it.
func evidenceKind(name string, data []byte) (string, error) {
	switch {
	case len(data) == 0:
		return "", disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”是空的,请重新选择。", name)
	case len(data) > MaxEvidence:
		return "", disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”超过%dMB,请压缩图片或拆分后再上传。", name, MaxEvidence>>20)
	}
	media, _, _ := strings.Cut(http.DetectContentType(data), ";")
	switch {
	case bytes.HasPrefix(data, []byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}):
		media = "application/x-ole-storage"
	case media == "application/zip":
		media = packedMedia(data)
	}
	extensions, taken := evidenceMedia[media]
	if !taken {
		return "", disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”的类型不能上传;可以上传图片、PDF、OFD和Word、Excel、PPT、WPS文件,网页请填写链接或截图。", name)
	}
	if extension := strings.ToLower(filepath.Ext(name)); !slices.Contains(extensions, extension) {
		return "", disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”的内容与扩展名不符(应为%s),请核对后改名再上传。", name, strings.Join(extensions, "、"))
	}
	return media, nil
}

// packedMedia tells office documents apart by what they pack.
func packedMedia(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "application/zip"
	}
	macros := false
	media := "application/zip"
	for _, f := range z.File {
		switch base := f.Name; {
		case base == "OFD.xml":
			media = "application/ofd"
		case base == "word/document.xml":
			media = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
		case base == "xl/workbook.xml":
			media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		case base == "ppt/presentation.xml":
			media = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
		case strings.HasSuffix(strings.ToLower(base), "vbaproject.bin"):
			macros = true
		}
	}
	if macros {
		return "application/vnd.ms-office.macros" // not taken
	}
	return media
}

// OpenEvidence opens a file of an issue that the visitor may see; the caller
// closes it and gives it out for download only. Error: ErrNotFound.
func (o *Office) OpenEvidence(ctx context.Context, v people.Visitor, id, sha256 string) (*issue.File, *os.File, error) {
	var found *issue.File
	err := o.issuesNow(ctx, func(b *issueBook) error {
		h, viewer, err := b.see(v, id)
		if err != nil {
			return err
		}
		for _, e := range viewer.Shown(&h.Issue).AllEvidence() {
			if e.File != nil && e.File.SHA256 == sha256 {
				f := *e.File
				found = &f
			}
		}
		return nil
	})
	if err == nil && found == nil {
		err = disclosure.Errorf(disclosure.ErrNotFound, "这个问题没有这份材料,请从问题页面下载。")
	}
	if err != nil {
		return nil, nil, err
	}
	f, err := o.store.OpenFile(found.SHA256)
	if err != nil {
		return nil, nil, fmt.Errorf("evidence of %s: %w", id, err)
	}
	return found, f, nil
}
