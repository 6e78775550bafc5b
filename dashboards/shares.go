package dashboards

import (
	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
)

// Shares draws one bar of 100 % a category: how the outcomes of a year's
// applications are made up. The points are percentages.
func Shares(categories []string, series []Series) (Chart, error) {
	bar := horizontal(categories, true, 100)
	return finish(bar, 90+34*max(len(categories), 3), linksOf(series, 0), withSeries(series))
}

// Stacked draws stacked counts, one bar a category: findings by rule and
// severity.
func Stacked(categories []string, series []Series) (Chart, error) {
	bar := horizontal(categories, true, nil)
	return finish(bar, 80+28*max(len(categories), 3), linksOf(series, 0), withSeries(series))
}

// Ranking draws one bar a unit, greatest first, with its value beside it.
func Ranking(categories []string, s Series) (Chart, error) {
	bar := horizontal(categories, false, nil)
	return finish(bar, 56+26*max(len(categories), 1), linksOf([]Series{s}, 0), func(option map[string]any) {
		one := seriesOption(s, 0)
		one["label"] = map[string]any{"show": true, "position": "right", "color": inkColor}
		flagged(one, s, 0, besideCategory)
		option["series"] = []any{one}
	})
}

func withSeries(series []Series) func(map[string]any) {
	return func(option map[string]any) {
		raw := []any{}
		for _, s := range series {
			raw = append(raw, seriesOption(s, 0))
		}
		option["series"] = raw
	}
}

func horizontal(categories []string, legend bool, most any) *charts.Bar {
	bar := charts.NewBar()
	bar.SetGlobalOptions(append(baseOptions(legend),
		charts.WithXAxisOpts(opts.XAxis{Type: "value", Max: most, MinInterval: 1, AxisLabel: &opts.AxisLabel{Color: softColor, HideOverlap: opts.Bool(true)},
			SplitLine: &opts.SplitLine{Show: opts.Bool(true), LineStyle: &opts.LineStyle{Color: gridColor}}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Data: categories, Inverse: opts.Bool(true),
			AxisLabel: &opts.AxisLabel{Color: inkColor, Width: 150, Overflow: "truncate"}}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "48", Top: topOf(legend), Bottom: "8", ContainLabel: opts.Bool(true)}))...)
	return bar
}

func topOf(legend bool) string {
	if legend {
		return "52"
	}
	return "12"
}
