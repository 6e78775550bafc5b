package picture

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"
	"testing"
)

const bars = `{"title":{"text":"各单位新收申请"},"legend":{},"grid":{},"xAxis":{"type":"category","data":["财政局","民政局","教育局"]},"yAxis":{"type":"value"},
"series":[{"type":"bar","name":"新收","data":[3,1,2],"label":{"show":true}},{"type":"line","name":"结转","data":[1,null,2]}]}`

var charts = map[string]string{
	"bar":     bars,
	"funnel":  `{"series":[{"type":"funnel","data":[{"name":"交办","value":10},{"name":"销号","value":4}]}]}`,
	"heatmap": `{"grid":{},"xAxis":{"type":"category","data":["一","二"]},"yAxis":{"type":"category","data":["甲","乙"]},"visualMap":{"min":0,"max":5},"series":[{"type":"heatmap","data":[[0,0,1],[1,1,5]]}]}`,
	"decals":  `{"aria":{"enabled":true,"decal":{"show":true}},"grid":{},"legend":{},"xAxis":{"type":"category","data":["一","二"]},"yAxis":{},"series":[{"type":"bar","name":"甲","data":[3,1]},{"type":"bar","name":"乙","data":[2,4]}]}`,
	"empty":   `{}`,
}

// shared is one drawer with the built-in font for all tests: starting it takes
// more than drawing.
var shared = sync.OnceValues(func() (*Drawer, error) {
	font, err := BuiltIn()
	if err != nil {
		return nil, err
	}
	return New(context.Background(), font, 1)
})

func drawer(t *testing.T) *Drawer {
	t.Helper()
	d, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDraw(t *testing.T) {
	d := drawer(t)
	ctx := context.Background()
	for name, option := range charts {
		data, err := d.PNG(ctx, json.RawMessage(option), 400, 200)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		im, err := png.Decode(bytes.NewReader(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if size := im.Bounds().Size(); size != (image.Point{400 * Zoom, 200 * Zoom}) {
			t.Errorf("%s: size is %v", name, size)
		}
		if r, g, b, a := im.At(0, 0).RGBA(); r&g&b&a != 0xffff {
			t.Errorf("%s: the ground is not white", name)
		}
		if drawn := coloured(im); drawn != (name != "empty") {
			t.Errorf("%s: something is drawn: %t", name, drawn)
		}
		again, err := d.PNG(ctx, json.RawMessage(option), 400, 200)
		if err != nil || !bytes.Equal(data, again) {
			t.Errorf("%s: the second picture is another (%v)", name, err)
		}
	}
}

func coloured(im image.Image) bool {
	b := im.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y += 2 {
		for x := b.Min.X; x < b.Max.X; x += 2 {
			if color.GrayModel.Convert(im.At(x, y)).(color.Gray).Y < 200 {
				return true
			}
		}
	}
	return false
}

// Chinese words are drawn with the built-in font.
func TestWordsAreDrawn(t *testing.T) {
	words := json.RawMessage(`{"title":{"text":"政府信息公开 2025"}}`)
	drawn, err := drawer(t).PNG(context.Background(), words, 300, 60)
	if err != nil {
		t.Fatal(err)
	}
	im, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		t.Fatal(err)
	}
	if !coloured(im) {
		t.Error("the words are not drawn")
	}
}

// A bad option is an error and leaves the drawer usable; a cancelled drawing
// stops.
func TestFailures(t *testing.T) {
	d := drawer(t)
	if _, err := d.SVG(context.Background(), json.RawMessage(`{"series":`), 100, 100); err == nil {
		t.Error("half an option is drawn")
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := d.SVG(cancelled, json.RawMessage(bars), 100, 100); err == nil {
		t.Error("a cancelled drawing is finished")
	}
	svg, err := d.SVG(context.Background(), json.RawMessage(`{"title":{"text":"<script>alert(1)</script>"}}`), 300, 60)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(svg, "<script") {
		t.Error("text stands as markup in the SVG")
	}
}

// Callers share the drawer.
func TestShared(t *testing.T) {
	d := drawer(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if _, err := d.PNG(context.Background(), json.RawMessage(bars), 200, 100); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestClose(t *testing.T) {
	font, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(context.Background(), font, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.PNG(context.Background(), json.RawMessage(bars), 200, 100); err != nil {
		t.Error(err)
	}
	if err := d.Close(context.Background()); err != nil {
		t.Error(err)
	}
}
