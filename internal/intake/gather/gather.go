// Package gather turns what a person names on a command line, files, folders,
// globs and zip archives, into files one after the other. What cannot be
// opened becomes a File with an error, so that one bad file never stops the rest.
package gather

import (
	"bytes"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// MaxFileBytes is the largest single file that is read. A report of forty
// pages with pictures has some 10 MB; beyond this is a mistake or an attack.
const MaxFileBytes = 100 << 20

// File is one file with its content, or with the reason why there is none.
type File struct {
	// Name is for people: the path as given, and for a file in an archive
	// "附件.zip/区财政局.docx".
	Name string
	Data []byte
	Err  error
}

// Walk yields the files behind the given paths: folders with all below them,
// in order of name, archives unpacked. Hidden files and the lock files of
// office programs (~$...) are left out. A path that names nothing yields a
// File with ErrNotFound.
func Walk(paths []string) iter.Seq[File] {
	return func(yield func(File) bool) {
		for _, p := range paths {
			for _, name := range expand(p) {
				if !walkOne(name, yield) {
					return
				}
			}
		}
	}
}

// expand resolves a glob that the shell left alone; a path that exists is
// never taken for a pattern.
func expand(path string) []string {
	if _, err := os.Lstat(path); err == nil || !strings.ContainsAny(path, "*?[") {
		return []string{path}
	}
	found, err := filepath.Glob(path)
	if err != nil || len(found) == 0 {
		return []string{path}
	}
	slices.Sort(found)
	return found
}

func walkOne(root string, yield func(File) bool) bool {
	found, goOn := false, true
	visit(root, func(path string, info os.FileInfo, err error) bool {
		found = true
		if err != nil {
			goOn = yield(File{Name: path, Err: openError(path, err)})
		} else {
			goOn = readOne(path, info, yield)
		}
		return goOn
	})
	if !found {
		return yield(File{Name: root, Err: disclosure.Errorf(disclosure.ErrNotFound, "文件夹“%s”里没有文件,请核对路径。", root)})
	}
	return goOn
}

// visit goes through a file, or a folder with all below it. A link to a file is
// followed, and so is a link given as the root; links to folders further down
// are not, for they may lead round in circles.
func visit(root string, each func(path string, info os.FileInfo, err error) bool) {
	info, err := os.Stat(root)
	if err != nil || !info.IsDir() {
		each(root, info, err)
		return
	}
	start := root
	if target, err := filepath.EvalSymlinks(root); err == nil {
		start = target
	}
	_ = filepath.WalkDir(start, func(path string, d fs.DirEntry, err error) error {
		if err == nil && path != start && skip(d.Name()) {
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		}
		var info os.FileInfo
		if err == nil {
			if d.IsDir() {
				return nil
			}
			if info, err = os.Stat(path); err == nil && info.IsDir() {
				return nil
			}
		}
		if !each(path, info, err) {
			return filepath.SkipAll
		}
		return nil
	})
}

// Count tells how many files Walk will yield, without reading them.
func Count(paths []string) int {
	n := 0
	for _, p := range paths {
		for _, name := range expand(p) {
			visit(name, func(path string, info os.FileInfo, err error) bool {
				n += countOne(path, info, err)
				return true
			})
		}
	}
	return n
}

func countOne(path string, info os.FileInfo, err error) int {
	if err != nil || !info.Mode().IsRegular() {
		return 1
	}
	f, err := os.Open(path)
	if err != nil {
		return 1
	}
	defer f.Close()
	z, ok := openArchive(f, info.Size())
	if !ok || len(z.File) > maxEntries {
		return 1
	}
	n := 0
	for _, entry := range z.File {
		if !entry.FileInfo().IsDir() && !hidden(entryName(entry)) {
			n++
		}
	}
	return max(n, 1)
}

func skip(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || name == "__MACOSX" || name == "Thumbs.db" || name == "desktop.ini"
}

func readOne(path string, info os.FileInfo, yield func(File) bool) bool {
	if !info.Mode().IsRegular() {
		return yield(File{Name: path, Err: disclosure.Errorf(disclosure.ErrInvalid, "“%s”不是普通文件,已跳过。", path)})
	}
	f, err := os.Open(path)
	if err != nil {
		return yield(File{Name: path, Err: openError(path, err)})
	}
	defer f.Close()
	head := make([]byte, 4)
	n, _ := io.ReadFull(f, head)
	if isZip(head[:n]) {
		if z, ok := openArchive(f, info.Size()); ok {
			return walkArchive(path, z, yield)
		}
	}
	if info.Size() > MaxFileBytes {
		return yield(File{Name: path, Err: TooLarge(path)})
	}
	data := make([]byte, info.Size())
	if _, err := f.ReadAt(data, 0); err != nil && err != io.EOF {
		return yield(File{Name: path, Err: openError(path, err)})
	}
	return yield(File{Name: path, Data: data})
}

// isZip knows a zip by its first bytes; "PK56" begins an empty one.
func isZip(head []byte) bool {
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06"))
}

// TooLarge is the refusal of a file over MaxFileBytes.
func TooLarge(name string) error {
	return disclosure.Errorf(disclosure.ErrInvalid, "“%s”超过%dMB,不像一份年度报告;请核对是否选错文件,或去掉其中的图片后再试。", name, MaxFileBytes>>20)
}

func openError(path string, err error) error {
	switch {
	case os.IsNotExist(err):
		return disclosure.Errorf(disclosure.ErrNotFound, "找不到“%s”,请核对路径。", path).Because(err)
	case os.IsPermission(err):
		return disclosure.Errorf(disclosure.ErrForbidden, "没有权限读取“%s”,请联系文件的所有者。", path).Because(err)
	}
	return disclosure.Errorf(disclosure.ErrInvalid, "无法读取“%s”,请核对文件是否完好。", path).Because(err)
}
