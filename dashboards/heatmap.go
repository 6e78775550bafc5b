package dashboards

import (
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/shopspring/decimal"
)

// HeatCell is a place of a matrix: its value, and the text set on it. A cell
// without a value is left white with its text.
type HeatCell struct {
	Value decimal.NullDecimal
	Text  string
	Href  string
}

// Matrix draws units x years as a heat map. Disclosure figures are skewed (many
// zeros, few large units), so colours go by steps, not in proportion; percent
// says that the values are percentages.
func Matrix(columns, rows []string, cells [][]HeatCell, percent bool) (Chart, error) {
	h := charts.NewHeatMap()
	h.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: "{b}"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Data: columns, Position: "top", AxisLabel: &opts.AxisLabel{Color: inkColor}}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Data: rows, Inverse: opts.Bool(true),
			AxisLabel: &opts.AxisLabel{Color: inkColor, Width: 130, Overflow: "truncate"}}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "8", Top: "72", Bottom: "8", ContainLabel: opts.Bool(true)}),
	)
	data := []opts.HeatMapData{}
	links := []string{}
	for y, row := range cells {
		for x, c := range row {
			if !c.Value.Valid {
				continue
			}
			data = append(data, opts.HeatMapData{Name: fmt.Sprintf("%s %s: %s", rows[y], columns[x], c.Text),
				Value: []any{x, y, number(c.Value), c.Text}})
			links = append(links, c.Href)
		}
	}
	h.AddSeries("", data, charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Formatter: "{@[3]}", Color: inkColor}),
		charts.WithItemStyleOpts(opts.ItemStyle{BorderColor: "#ffffff", BorderWidth: 1}))
	return finish(h, 90+26*max(len(rows), 2), [][]string{links}, func(option map[string]any) {
		// The numbers stand on every cell: patterns would hide them.
		option["aria"] = map[string]any{"enabled": false}
		option["visualMap"] = map[string]any{"type": "piecewise", "orient": "horizontal", "top": 0, "left": 0, "dimension": 2,
			"pieces": steps(percent), "textStyle": map[string]any{"color": inkColor}}
	})
}

// steps are the pieces of the visual map; go-echarts' Piece has no label, and
// drops a bound of 0.
func steps(percent bool) []map[string]any {
	limits, suffix := []float64{0, 5, 20, 100, 500}, ""
	if percent {
		limits, suffix = []float64{0, 20, 40, 60, 80}, "%"
	}
	out := []map[string]any{{"lte": 0, "label": "0" + suffix, "color": heat[0]}}
	for i := 1; i < len(limits); i++ {
		out = append(out, map[string]any{"gt": limits[i-1], "lte": limits[i], "label": fmt.Sprintf("≤%g%s", limits[i], suffix), "color": heat[i]})
	}
	last := limits[len(limits)-1]
	return append(out, map[string]any{"gt": last, "label": fmt.Sprintf(">%g%s", last, suffix), "color": heat[len(heat)-1]})
}
