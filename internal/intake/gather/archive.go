package gather

import (
	"archive/zip"
	"bytes"
	"io"
	"iter"
	"path"
	"strings"

	"mingjing/internal/disclosure"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Bounds on an archive: what a district packs is some hundred reports. The
// ratio bound catches bombs before they are unpacked.
const (
	maxEntries  = 20_000
	maxUnpacked = 4 << 30
	maxRatio    = 1_000
)

// openArchive opens a zip of files. Word, Excel and OFD files are zips too,
// told by what stands in them, and are not archives here.
func openArchive(r io.ReaderAt, size int64) (*zip.Reader, bool) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, false
	}
	for _, f := range z.File {
		switch f.Name {
		case "[Content_Types].xml", "OFD.xml", "mimetype", "META-INF/manifest.xml":
			return nil, false
		}
	}
	return z, true
}

// walkArchive yields an archive's files. Archives in archives are refused by
// name: nobody packs reports so, and bombs do.
func walkArchive(name string, z *zip.Reader, yield func(File) bool) bool {
	if len(z.File) > maxEntries {
		return yield(File{Name: name, Err: disclosure.Errorf(disclosure.ErrInvalid, "压缩包“%s”内有%d个文件,超过%d个;请分批打包。", name, len(z.File), maxEntries)})
	}
	var unpacked uint64
	found := false
	for _, f := range z.File {
		inner := entryName(f)
		if f.FileInfo().IsDir() || hidden(inner) {
			continue
		}
		found = true
		full := name + "/" + inner
		data, err := unpack(full, f, &unpacked)
		if err == nil && isZip(data) {
			if _, isArchive := openArchive(bytes.NewReader(data), int64(len(data))); isArchive {
				err = disclosure.Errorf(disclosure.ErrInvalid, "“%s”是压缩包中的压缩包,请先解开再导入。", full)
				data = nil
			}
		}
		if !yield(File{Name: full, Data: data, Err: err}) {
			return false
		}
	}
	if !found {
		return yield(File{Name: name, Err: disclosure.Errorf(disclosure.ErrInvalid, "压缩包“%s”是空的,请核对后重新打包。", name)})
	}
	return true
}

// unpack reads one entry within the bounds; what the archive claims of its
// sizes is not believed.
func unpack(full string, f *zip.File, total *uint64) ([]byte, error) {
	bomb := disclosure.Errorf(disclosure.ErrInvalid, "压缩包中的“%s”解开后大得异常,已拒绝;请核对文件来源。", full)
	switch {
	case f.Flags&1 != 0:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "压缩包中的“%s”加了密码,请去掉密码后重新打包。", full)
	case f.UncompressedSize64 > MaxFileBytes:
		return nil, TooLarge(full)
	case f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/max(1, f.CompressedSize64) > maxRatio:
		return nil, bomb
	case *total+f.UncompressedSize64 > maxUnpacked:
		return nil, bomb
	}
	r, err := f.Open()
	if err != nil {
		return nil, openError(full, err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, MaxFileBytes+1))
	if err != nil {
		return nil, openError(full, err)
	}
	if len(data) > MaxFileBytes {
		return nil, bomb
	}
	*total += uint64(len(data))
	return data, nil
}

// entryName decodes names that Chinese Windows wrote in GBK without saying so.
func entryName(f *zip.File) string {
	name := strings.ReplaceAll(f.Name, "\\", "/")
	if f.NonUTF8 {
		if s, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = s
		}
	}
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}

func hidden(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if skip(part) {
			return true
		}
	}
	return false
}

// Unpack yields a file that came from a browser: itself, or what is in it when
// it is an archive. Hidden files in it are left out.
func Unpack(name string, data []byte) iter.Seq[File] {
	return func(yield func(File) bool) {
		if isZip(data) {
			if z, ok := openArchive(bytes.NewReader(data), int64(len(data))); ok {
				walkArchive(name, z, yield)
				return
			}
		}
		if len(data) > MaxFileBytes {
			yield(File{Name: name, Err: TooLarge(name)})
			return
		}
		yield(File{Name: name, Data: data})
	}
}
