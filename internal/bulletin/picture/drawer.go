package picture

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tetratelabs/wazero"
)

// Zoom is how many of a PNG's points stand for one of the chart's: at 156 mm a
// chart of 800 points is printed in some 330 points an inch.
const Zoom = 2.5

// memoryPages bounds resvg's memory: 4,096 pages of 64 KiB are 256 MiB.
const memoryPages = 4096

// Drawer draws charts. It may be shared: as many callers as it has engines are
// served at a time, others wait.
type Drawer struct {
	font     Font
	engines  chan *engine // nil entries are engines not yet made
	painters chan *painter
	runtime  func(context.Context) (*painter, error)
	close    func(context.Context) error
}

// New makes a drawer of so many engines; they are started when first needed (a
// second or two; with the cache in the user's folder less).
func New(ctx context.Context, font Font, engines int) (*Drawer, error) {
	engines = max(1, engines)
	wasm, err := file("vendor/resvg.wasm")
	if err != nil {
		return nil, err
	}
	config := wazero.NewRuntimeConfig().WithMemoryLimitPages(memoryPages)
	cache := compilationCache()
	config = config.WithCompilationCache(cache)
	d := &Drawer{font: font, engines: make(chan *engine, engines), painters: make(chan *painter, engines)}
	for range engines {
		d.engines <- nil
		d.painters <- nil
	}
	var runtimes []wazero.Runtime
	made := make(chan struct{}, 1) // guards runtimes
	made <- struct{}{}
	d.runtime = func(ctx context.Context) (*painter, error) {
		// A runtime each: the host's functions belong to one painter.
		runtime := wazero.NewRuntimeWithConfig(ctx, config)
		compiled, err := runtime.CompileModule(ctx, wasm)
		if err != nil {
			return nil, fmt.Errorf("picture: resvg: %w", err)
		}
		<-made
		runtimes = append(runtimes, runtime)
		made <- struct{}{}
		return newPainter(ctx, runtime, compiled)
	}
	d.close = func(ctx context.Context) error {
		<-made
		defer func() { made <- struct{}{} }()
		for _, r := range runtimes {
			if err := r.Close(ctx); err != nil {
				return err
			}
		}
		return cache.Close(ctx)
	}
	return d, nil
}

// Close frees what the drawer holds; no drawing may be under way.
func (d *Drawer) Close(ctx context.Context) error { return d.close(ctx) }

// compilationCache keeps resvg's machine code in the user's own folder, or in
// memory where none can be written: a folder that others share would let them
// plant code.
func compilationCache() wazero.CompilationCache {
	if base, err := os.UserCacheDir(); err == nil {
		dir := filepath.Join(base, "mingjing", "resvg")
		if os.MkdirAll(dir, 0o700) == nil {
			if cache, err := wazero.NewCompilationCacheWithDir(dir); err == nil {
				return cache
			}
		}
	}
	return wazero.NewCompilationCache()
}

// SVG draws an ECharts option of a size in points. The option is data, never
// code: functions in it are not run.
func (d *Drawer) SVG(ctx context.Context, option json.RawMessage, width, height int) (string, error) {
	var e *engine
	select {
	case e = <-d.engines:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	defer func() { d.engines <- e }()
	if e == nil {
		made, err := newEngine()
		if err != nil {
			return "", err
		}
		e = made
	}
	svg, err := e.svg(ctx, string(option), width, height, d.font.Family)
	if err != nil {
		e = nil // what it was doing is half done
		return "", err
	}
	return svg, nil
}

// PNG draws an ECharts option as a PNG of Zoom times a size.
func (d *Drawer) PNG(ctx context.Context, option json.RawMessage, width, height int) ([]byte, error) {
	svg, err := d.SVG(ctx, option, width, height)
	if err != nil {
		return nil, err
	}
	var p *painter
	select {
	case p = <-d.painters:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { d.painters <- p }()
	if p == nil {
		// The painter outlives the request that it was made for.
		made, err := d.runtime(context.WithoutCancel(ctx))
		if err != nil {
			return nil, err
		}
		p = made
	}
	out, err := p.png(svg, Zoom, d.font)
	if err != nil {
		p = nil
		return nil, err
	}
	return out, nil
}
