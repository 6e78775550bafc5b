package reader

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"mingjing/internal/disclosure"
)

// Bounds on an Office package. Deflate reaches 1000:1, so a small upload can
// claim to be gigabytes; the largest honest part is a worksheet of 100,000 rows
// at some 60 MB.
const (
	maxZipEntries = 5_000
	maxZipPart    = 256 << 20 // uncompressed bytes of one part
	maxZipTotal   = 512 << 20 // uncompressed bytes of all parts read
)

// archive is an Office package (docx, xlsx) whose parts are unpacked one at a
// time, inside the bounds above.
type archive struct {
	format string // the name people know it by: Word, Excel
	parts  map[string]*zip.File
	budget int64
}

// openArchive indexes the package. ErrInvalid when it is no zip, or over a bound.
func openArchive(data []byte, format string) (*archive, error) {
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "这个%s文件已损坏或没有传完整,请在原软件中重新保存后再交。", format).Because(err)
	}
	if len(zr.File) > maxZipEntries {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "这个%s文件里的部件超过%d个,不是正常的报告,请重新另存后再交。", format, maxZipEntries)
	}
	a := &archive{format: format, parts: make(map[string]*zip.File, len(zr.File)), budget: maxZipTotal}
	var declared uint64
	for _, f := range zr.File {
		size := f.UncompressedSize64
		if size > maxZipTotal || declared+size > maxZipTotal {
			return nil, a.tooLarge()
		}
		declared += size
		if f.Flags&1 != 0 {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "这个%s文件加了密码,请去掉密码后再交。", format)
		}
		name := partName(f.Name)
		if _, twice := a.parts[name]; !twice {
			a.parts[name] = f
		}
	}
	return a, nil
}

// part unpacks one part; found is false when the package has none of the name.
func (a *archive) part(name string) (data []byte, found bool, err error) {
	f := a.parts[partName(name)]
	if f == nil {
		return nil, false, nil
	}
	limit := min(a.budget, maxZipPart)
	if f.UncompressedSize64 > uint64(limit) {
		return nil, true, a.tooLarge()
	}
	rc, err := f.Open()
	if err != nil {
		return nil, true, a.damaged(err)
	}
	defer rc.Close()
	// The declared size is the sender's word; the limit is ours.
	data, err = io.ReadAll(io.LimitReader(rc, limit+1))
	if int64(len(data)) > limit {
		return nil, true, a.tooLarge()
	}
	if err != nil {
		return nil, true, a.damaged(err)
	}
	a.budget -= int64(len(data))
	return data, true, nil
}

// damaged is the sentence for a package whose inside cannot be read; a cause
// that has its own sentence, or a cancelled context, goes through unchanged.
func (a *archive) damaged(cause error) error {
	var known *disclosure.Error
	if errors.As(cause, &known) || errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	return disclosure.Errorf(disclosure.ErrInvalid, "这个%s文件内部已损坏,请用WPS或Office打开后另存一份再交。", a.format).Because(cause)
}

func (a *archive) tooLarge() error {
	return disclosure.Errorf(disclosure.ErrInvalid, "这个%s文件解压后超过%dMB,不是正常的报告,请检查后重新另存再交。", a.format, maxZipPart>>20)
}

// partName folds case and slashes: part names are case-insensitive (ECMA-376
// part 2), and some writers use backslashes or a leading slash.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}
