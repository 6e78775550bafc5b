package dashboards

import "github.com/go-echarts/go-echarts/v2/opts"

// The colours are few and keep their meaning on every page: blue is what came
// in, green what was done, amber what waits. Each has a contrast of at least
// 3:1 on white (WCAG 2.1, 1.4.11); patterns and labels say the same.
const (
	ColorIn       = "#1c5fa8"
	ColorDone     = "#2f7d6d"
	ColorWaiting  = "#a86412"
	ColorCompared = "#6b7688"
	ColorError    = "#b3261e"
	ColorExplain  = "#a86412"
	ColorNotice   = "#4a6fa5"

	inkColor   = "#243142"
	softColor  = "#55617a"
	gridColor  = "#e3e8ef"
	fontFamily = `"Microsoft YaHei","PingFang SC","Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif`
)

// palette is for series that have no colour of their own: outcomes in the
// order of 表三.
var palette = opts.Colors{"#2f7d6d", "#7fb5a4", "#b3261e", "#a86412", "#d9a441", "#6b7688", "#4a6fa5", "#8a5a9e"}

// heat runs from empty to dark enough to stand out and light enough for dark
// figures to be read on it.
var heat = []string{"#f4f6f9", "#dfeaf6", "#c2d8ee", "#a0c3e4", "#7fadd8", "#6a9bcb"}

// decals tell series apart in grey print: none, strokes either way, dots,
// upright and level lines; light enough to leave the colours their say.
var decals = []map[string]any{
	{"symbol": "none"},
	stripes(-0.785),
	{"symbol": "circle", "symbolSize": 0.7, "color": decalColor, "dashArrayX": []any{[]int{8, 8}, []int{0, 8, 8, 0}}, "dashArrayY": []int{6, 0}},
	stripes(0.785),
	stripes(0),
	stripes(1.571),
}

const decalColor = "rgba(255,255,255,0.45)"

func stripes(rotation float64) map[string]any {
	return map[string]any{"symbol": "rect", "color": decalColor, "dashArrayX": []int{1, 0}, "dashArrayY": []int{2, 5}, "rotation": rotation}
}
