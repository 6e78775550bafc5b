package picture

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// painter is one instance of resvg; it serves one caller at a time. resvg's
// WebAssembly speaks wasm-bindgen: values of JavaScript are numbers of slots in
// a table that the host keeps.
type painter struct {
	module api.Module
	slots  []any
	free   []uint32
}

// The first slots are wasm-bindgen's own: undefined, null, true and false.
const (
	slotFirst = 128
	slotOwn   = slotFirst + 4
)

// What stands in slots, beside strings, []byte and *[]any.
type (
	wholeMemory struct{}
	memoryView  struct{ at, length uint32 }
	listCursor  struct {
		list *[]any
		next int
	}
	listStep struct {
		done  bool
		value any
	}
)

func newPainter(ctx context.Context, runtime wazero.Runtime, compiled wazero.CompiledModule) (*painter, error) {
	p := &painter{slots: make([]any, slotOwn)}
	p.slots[slotFirst+2], p.slots[slotFirst+3] = true, false
	host := runtime.NewHostModuleBuilder("wbg")
	for name, function := range p.imports() {
		host.NewFunctionBuilder().WithFunc(function).Export(name)
	}
	if _, err := host.Instantiate(ctx); err != nil {
		return nil, fmt.Errorf("picture: resvg: %w", err)
	}
	var err error
	if p.module, err = runtime.InstantiateModule(ctx, compiled, wazero.NewModuleConfig()); err != nil {
		return nil, fmt.Errorf("picture: resvg: %w", err)
	}
	return p, nil
}

func (p *painter) put(v any) uint32 {
	if n := len(p.free); n > 0 {
		i := p.free[n-1]
		p.free = p.free[:n-1]
		p.slots[i] = v
		return i
	}
	p.slots = append(p.slots, v)
	return uint32(len(p.slots) - 1)
}

func (p *painter) take(i uint32) any {
	v := p.slots[i]
	if i >= slotOwn {
		p.slots[i] = nil
		p.free = append(p.free, i)
	}
	return v
}

func (p *painter) text(at, length uint32) string {
	b, _ := p.module.Memory().Read(at, length)
	return string(b)
}

// bytes is a copy of what a slot's array holds.
func (p *painter) bytes(v any) []byte {
	switch x := v.(type) {
	case []byte:
		return x
	case memoryView:
		b, _ := p.module.Memory().Read(x.at, x.length)
		return append([]byte(nil), b...)
	}
	return nil
}

// imports are what resvg 2.6.2 asks of its host. wasm-bindgen puts a checksum
// into the names, so another version needs another list.
func (p *painter) imports() map[string]any {
	return map[string]any{
		"__wbg_new_28c511d9baebfa89":                        func(at, n uint32) uint32 { return p.put(errors.New(p.text(at, n))) },
		"__wbindgen_memory":                                 func() uint32 { return p.put(wholeMemory{}) },
		"__wbg_buffer_12d079cc21e14bdb":                     func(uint32) uint32 { return p.put(wholeMemory{}) },
		"__wbg_newwithbyteoffsetandlength_aa4a17c33a06e5cb": func(_, at, n uint32) uint32 { return p.put(memoryView{at, n}) },
		"__wbindgen_object_drop_ref":                        func(i uint32) { p.take(i) },
		"__wbg_new_63b92bc8671ed464":                        p.newArray,
		"__wbg_values_839f3396d5aac002":                     func(i uint32) uint32 { list, _ := p.slots[i].(*[]any); return p.put(&listCursor{list: list}) },
		"__wbg_next_196c84450b364254":                       p.nextOfList,
		"__wbg_done_298b57d23c0fc80c":                       func(i uint32) uint32 { step, _ := p.slots[i].(listStep); return number(step.done) },
		"__wbg_value_d93c65011f51a456":                      func(i uint32) uint32 { step, _ := p.slots[i].(listStep); return p.put(step.value) },
		"__wbg_instanceof_Uint8Array_2b3bbecd033d19f6": func(i uint32) uint32 {
			_, view := p.slots[i].(memoryView)
			_, own := p.slots[i].([]byte)
			return number(view || own)
		},
		"__wbindgen_string_get":         p.getString,
		"__wbg_new_16b304a2cfa7ff4a":    func() uint32 { return p.put(&[]any{}) },
		"__wbindgen_string_new":         func(at, n uint32) uint32 { return p.put(p.text(at, n)) },
		"__wbg_push_a5b05aedc7234f9f":   p.push,
		"__wbg_length_c20a40f15020d68a": func(i uint32) uint32 { return uint32(len(p.bytes(p.slots[i]))) },
		"__wbg_set_a47bac70306a19a7":    p.setBytes,
		"__wbindgen_throw":              func(at, n uint32) { panic(errors.New(p.text(at, n))) },
	}
}

func number(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// newArray is new Uint8Array(x): a copy of an array, a view on a memory.
func (p *painter) newArray(i uint32) uint32 {
	if _, memory := p.slots[i].(wholeMemory); memory {
		return p.put(memoryView{0, p.module.Memory().Size()})
	}
	return p.put(p.bytes(p.slots[i]))
}

func (p *painter) nextOfList(i uint32) uint32 {
	c, ok := p.slots[i].(*listCursor)
	if !ok || c.list == nil || c.next >= len(*c.list) {
		return p.put(listStep{done: true})
	}
	c.next++
	return p.put(listStep{value: (*c.list)[c.next-1]})
}

func (p *painter) push(list, value uint32) uint32 {
	l, ok := p.slots[list].(*[]any)
	if !ok {
		return 0
	}
	*l = append(*l, p.slots[value])
	return uint32(len(*l))
}

// getString writes a string's address and length where resvg wants them; 0, 0
// for what is none.
func (p *painter) getString(result, i uint32) {
	var at, n uint32
	if s, ok := p.slots[i].(string); ok {
		at, n = p.write(s)
	}
	p.module.Memory().WriteUint32Le(result+4, n)
	p.module.Memory().WriteUint32Le(result, at)
}

func (p *painter) setBytes(into, from, offset uint32) {
	data := p.bytes(p.slots[from])
	switch x := p.slots[into].(type) {
	case []byte:
		copy(x[min(int(offset), len(x)):], data)
	case memoryView:
		p.module.Memory().Write(x.at+offset, data)
	}
}

// write puts a string into resvg's memory, which frees it.
func (p *painter) write(s string) (at, n uint32) {
	at = uint32(p.call("__wbindgen_malloc", uint64(len(s)), 1))
	if !p.module.Memory().Write(at, []byte(s)) {
		panic(errors.New("no room in memory"))
	}
	return at, uint32(len(s))
}

// call panics on a trap: png turns it into an error.
func (p *painter) call(name string, args ...uint64) uint64 {
	results, err := p.module.ExportedFunction(name).Call(context.Background(), args...)
	if err != nil {
		panic(err)
	}
	if len(results) == 0 {
		return 0
	}
	return results[0]
}

// png paints an SVG in zoom times its size, on white. After an error the
// instance is not to be used again.
func (p *painter) png(svg string, zoom float64, font Font) (out []byte, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = fmt.Errorf("picture: resvg: %v", caught)
		}
	}()
	options, err := json.Marshal(map[string]any{
		"fitTo": map[string]any{"mode": "zoom", "value": zoom}, "background": "#ffffff",
		"font": map[string]any{"loadSystemFonts": false, "defaultFontFamily": font.Family, "sansSerifFamily": font.Family, "serifFamily": font.Family},
	})
	if err != nil {
		return nil, err
	}
	var fonts []any
	for _, f := range font.Files {
		fonts = append(fonts, f)
	}
	// Results of more than one word come back on resvg's stack: value, error,
	// and whether it is one.
	stack := p.call("__wbindgen_add_to_stack_pointer", 0xfffffff0)
	defer p.call("__wbindgen_add_to_stack_pointer", 16)
	result := func(step string) uint32 {
		word := func(n uint32) uint32 { v, _ := p.module.Memory().ReadUint32Le(uint32(stack) + 4*n); return v }
		if word(2) != 0 {
			panic(fmt.Errorf("%s: %v", step, p.take(word(1))))
		}
		return word(0)
	}
	at, n := p.write(string(options))
	p.call("resvg_new", stack, uint64(p.put(svg)), uint64(at), uint64(n), uint64(p.put(&fonts)))
	tree := result("read")
	defer p.call("__wbg_resvg_free", uint64(tree))
	p.call("resvg_render", stack, uint64(tree))
	image := result("render")
	defer p.call("__wbg_renderedimage_free", uint64(image))
	p.call("renderedimage_asPng", stack, uint64(image))
	out, ok := p.take(result("png")).([]byte)
	if !ok {
		return nil, errors.New("picture: resvg gave no picture")
	}
	return out, nil
}
