package reader

import (
	"io/fs"
	"slices"
	"strings"
)

// systemFonts is all that pdfium sees of the file system: the machine's font
// folders, read only. pdfium drops a lone character whose font is neither
// embedded in the PDF nor found here, because the character then has no ink;
// any font with Chinese characters serves.
type systemFonts struct{ root fs.FS }

// fontFolders are those that pdfium looks in, relative to the root.
var fontFolders = []string{"usr/share/fonts", "usr/local/share/fonts", "usr/share/X11/fonts"}

// Open implements fs.FS.
func (s systemFonts) Open(name string) (fs.File, error) {
	inside := func(folder string) bool {
		return name == folder || strings.HasPrefix(name, folder+"/") || name == "." || strings.HasPrefix(folder, name+"/")
	}
	if !fs.ValidPath(name) || !slices.ContainsFunc(fontFolders, inside) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return s.root.Open(name)
}
