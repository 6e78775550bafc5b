package picture

import (
	"embed"
	"fmt"
)

// files are draw.js, and under vendor/ what internal/web/assets/build.mjs puts
// there; the latter are never committed.
//
//go:embed files
var files embed.FS

func file(name string) ([]byte, error) {
	data, err := files.ReadFile("files/" + name)
	if err != nil {
		return nil, fmt.Errorf("picture: %s was not built in, run make setup: %w", name, err)
	}
	return data, nil
}
