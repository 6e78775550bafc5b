package picture

import (
	"fmt"
	"os"
)

// Font is the type of a picture's words.
type Font struct {
	Family string
	Files  [][]byte // TrueType, OpenType, collections of them, or WOFF2
}

// systemFonts are fonts with all characters of GBK, where systems keep them.
var systemFonts = []struct{ family, path string }{
	{"WenQuanYi Micro Hei", "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"},
	{"WenQuanYi Micro Hei", "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc"},
}

// FindFont is the system's font that covers all names of places and units, or
// else the one that is built in, which lacks some thousand rare characters.
func FindFont() (Font, error) {
	for _, f := range systemFonts {
		if data, err := os.ReadFile(f.path); err == nil {
			return Font{Family: f.family, Files: [][]byte{data}}, nil
		}
	}
	return BuiltIn()
}

// BuiltIn is the font that comes with the product: Noto Sans SC.
func BuiltIn() (Font, error) {
	f := Font{Family: "Noto Sans SC"}
	for _, name := range []string{"vendor/noto-sans-sc-latin.woff2", "vendor/noto-sans-sc-chinese.woff2"} {
		data, err := file(name)
		if err != nil {
			return Font{}, err
		}
		f.Files = append(f.Files, data)
	}
	return f, nil
}

// OpenFont reads a font that an operator has named.
func OpenFont(family, path string) (Font, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Font{}, fmt.Errorf("picture: font: %w", err)
	}
	return Font{Family: family, Files: [][]byte{data}}, nil
}
