package dashboards

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// OverYears draws bars and lines over the years (or any categories): trends,
// a unit beside its peers, disputes by kind. unit stands at the value axis.
func OverYears(c Categories, unit string, series []Series) (Chart, error) {
	bar := charts.NewBar()
	bar.SetGlobalOptions(append(baseOptions(len(series) > 1),
		charts.WithXAxisOpts(opts.XAxis{Type: "category", AxisLabel: &opts.AxisLabel{Color: softColor, Interval: "0", HideOverlap: opts.Bool(true)}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "value", Name: unit, MinInterval: 1,
			AxisLabel: &opts.AxisLabel{Color: softColor}, SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: gridColor}}}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "16", Top: "52", Bottom: "8", ContainLabel: opts.Bool(true)}))...)
	labels := withBreak(c)
	bar.SetXAxis(labels)
	breakAt := c.Break
	if len(labels) == len(c.Labels) {
		breakAt = 0
	}
	var raw []any
	for _, s := range series {
		one := seriesOption(s, breakAt)
		flagged(one, s, breakAt, overCategory)
		raw = append(raw, one)
	}
	if breakAt > 0 && len(raw) > 0 {
		raw[0].(map[string]any)["markLine"] = breakLine(breakAt)
	}
	return finish(bar, 300, linksOf(series, breakAt), func(option map[string]any) { option["series"] = raw })
}

func seriesOption(s Series, breakAt int) map[string]any {
	o := map[string]any{"name": s.Name, "data": valuesWithBreak(s.Points, breakAt)}
	if s.Color != "" {
		o["itemStyle"] = map[string]any{"color": s.Color}
	}
	if !s.Line {
		o["type"] = "bar"
		o["barMaxWidth"] = 26
		if s.Stack != "" {
			o["stack"] = s.Stack
		}
		return o
	}
	symbol, style := s.Symbol, map[string]any{"width": 2.5}
	if symbol == "" {
		symbol = "circle"
	}
	if s.Color != "" {
		style["color"] = s.Color
	}
	if s.Dashed {
		style["type"] = "dashed"
	}
	o["type"], o["symbol"], o["symbolSize"], o["lineStyle"], o["connectNulls"] = "line", symbol, 8, style, false
	return o
}

func breakLine(at int) map[string]any {
	return map[string]any{"symbol": "none", "silent": true, "animation": false, "label": map[string]any{"show": false},
		"lineStyle": map[string]any{"color": softColor, "type": "dashed", "width": 1}, "data": []any{map[string]any{"xAxis": at}}}
}
