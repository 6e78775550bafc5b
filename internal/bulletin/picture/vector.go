package picture

import (
	"context"
	"fmt"
	"sync"

	"github.com/dop251/goja"
)

// library is ECharts, compiled once in the process.
var library = sync.OnceValues(func() ([]*goja.Program, error) {
	var out []*goja.Program
	for _, name := range []string{"vendor/echarts.js", "draw.js"} {
		source, err := file(name)
		if err != nil {
			return nil, err
		}
		program, err := goja.Compile(name, string(source), false)
		if err != nil {
			return nil, fmt.Errorf("picture: %s: %w", name, err)
		}
		out = append(out, program)
	}
	return out, nil
})

// engine is one JavaScript machine with ECharts in it; it serves one caller at a
// time. About 60 MB.
type engine struct {
	vm   *goja.Runtime
	draw goja.Callable
}

func newEngine() (*engine, error) {
	programs, err := library()
	if err != nil {
		return nil, err
	}
	vm := goja.New()
	// Nothing is put off: a drawing is finished when the call returns.
	none := func(goja.FunctionCall) goja.Value { return goja.Undefined() }
	for _, name := range []string{"setTimeout", "clearTimeout"} {
		if err := vm.Set(name, none); err != nil {
			return nil, err
		}
	}
	for _, p := range programs {
		if _, err := vm.RunProgram(p); err != nil {
			return nil, fmt.Errorf("picture: %w", err)
		}
	}
	draw, ok := goja.AssertFunction(vm.Get("draw"))
	if !ok {
		return nil, fmt.Errorf("picture: draw.js has no draw")
	}
	return &engine{vm: vm, draw: draw}, nil
}

// svg draws an option; ctx ends a drawing that takes too long.
func (e *engine) svg(ctx context.Context, option string, width, height int, font string) (string, error) {
	stop := context.AfterFunc(ctx, func() { e.vm.Interrupt(ctx.Err()) })
	defer func() {
		stop()
		e.vm.ClearInterrupt()
	}()
	v, err := e.draw(goja.Undefined(), e.vm.ToValue(option), e.vm.ToValue(width), e.vm.ToValue(height), e.vm.ToValue(font))
	if err != nil {
		return "", fmt.Errorf("picture: draw: %w", err)
	}
	return v.String(), nil
}
