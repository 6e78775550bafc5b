package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed text/zh.json
var chineseText []byte

// catalogue holds every text of the pages by its key. Texts may hold verbs of
// package fmt.
type catalogue map[string]string

func loadCatalogue() (catalogue, error) {
	c := catalogue{}
	if err := json.Unmarshal(chineseText, &c); err != nil {
		return nil, fmt.Errorf("文字目录 text/zh.json 不是有效的JSON: %w", err)
	}
	return c, nil
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
