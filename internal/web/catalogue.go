package web

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// One file an area of the pages, so that each stays short enough to be read.
//
//go:embed text/*.json
var textFiles embed.FS

// catalogue holds every text of the pages by its key. Texts may hold verbs of
// package fmt.
type catalogue map[string]string

func loadCatalogue() (catalogue, error) {
	names, err := fs.Glob(textFiles, "text/*.json")
	if err != nil {
		return nil, err
	}
	all := catalogue{}
	for _, name := range names {
		data, err := textFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		part := catalogue{}
		if err := json.Unmarshal(data, &part); err != nil {
			return nil, fmt.Errorf("文字目录 %s 不是有效的JSON: %w", name, err)
		}
		for key, text := range part {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("文字目录 %s 重复定义了 %q", name, key)
			}
			all[key] = text
		}
	}
	return all, nil
}

func (c catalogue) find(key string) (string, bool) {
	s, ok := c[key]
	return s, ok
}

// say returns a text with its arguments set in. Keys of templates are proved at
// boot; a key that code asks for in vain shows as itself.
func (c catalogue) say(key string, args ...any) string {
	s, ok := c[key]
	switch {
	case !ok:
		return key
	case len(args) == 0:
		return s
	}
	return fmt.Sprintf(s, args...)
}

// family is all texts whose keys begin alike, by the rest of their keys: what a
// page's script says.
func (c catalogue) family(prefix string) map[string]string {
	out := map[string]string{}
	for key, text := range c {
		if rest, ok := strings.CutPrefix(key, prefix); ok {
			out[rest] = text
		}
	}
	return out
}
