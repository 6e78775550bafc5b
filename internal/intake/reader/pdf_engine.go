package reader

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
)

// pdfiumMemoryPages bounds pdfium's memory: 8,192 pages of 64 KiB are 512 MiB.
const pdfiumMemoryPages = 8192

// pdfiumPool starts pdfium as WebAssembly: no cgo, and a hostile file stays
// inside memory of its own, without network or environment; of the file system
// it sees fonts only. Compiling takes some seconds, so it starts once, with the
// first PDF, and the machine code is kept in the user's cache folder.
var pdfiumPool = sync.OnceValues(func() (pdfium.Pool, error) {
	runtimeConfig := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithMemoryLimitPages(pdfiumMemoryPages).
		WithCloseOnContextDone(true) // lets Kill stop a call that does not end
	if cache := compilationCache(); cache != nil {
		runtimeConfig = runtimeConfig.WithCompilationCache(cache)
	}
	return webassembly.Init(webassembly.Config{
		MinIdle: 0, MaxIdle: 1, MaxTotal: 1,
		FSConfig:      wazero.NewFSConfig().WithFSMount(systemFonts{os.DirFS("/")}, "/"),
		RuntimeConfig: runtimeConfig,
		Stdout:        io.Discard,
		Stderr:        io.Discard,
	})
})

// compilationCache is nil where no private folder can be written: a folder that
// others share would let them plant code.
func compilationCache() wazero.CompilationCache {
	base, err := os.UserCacheDir()
	if err != nil {
		return nil
	}
	dir := filepath.Join(base, "mingjing", "pdfium")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil
	}
	cache, err := wazero.NewCompilationCacheWithDir(dir)
	if err != nil {
		return nil
	}
	return cache
}

// withPDFium runs work on an instance of pdfium of its own, one at a time in
// the process. When ctx ends the instance is killed under work, which then
// gets errors from it; a panic in work or pdfium comes back as an error.
func withPDFium(ctx context.Context, work func(pdfium.Pdfium) error) (err error) {
	pool, err := pdfiumPool()
	if err != nil {
		return err
	}
	instance, err := pool.GetInstanceWithContext(ctx)
	if err != nil {
		return errors.Join(ctx.Err(), err)
	}
	killed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(killed)
		_ = instance.Kill()
	})
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("pdfium: %v", caught)
		}
		if stop() {
			_ = instance.Close()
			return
		}
		<-killed
		err = ctx.Err()
	}()
	return work(instance)
}
