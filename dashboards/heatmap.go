package dashboards

import (
	"fmt"
	"unicode/utf8"

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
	Plain bool // a sum over what is left out: without a colour
}

// HeatRow is a line of a matrix. One without cells is a heading over the lines
// below it.
type HeatRow struct {
	Label string
	Cells []HeatCell
}

// Matrix draws units x years as a heat map. Disclosure figures are skewed (many
// zeros, few large units), so colours go by steps, not in proportion; percent
// says that the values are percentages.
func Matrix(columns, rows []string, cells [][]HeatCell, percent bool) (Chart, error) {
	lines := make([]HeatRow, len(rows))
	for y := range rows {
		lines[y] = HeatRow{Label: rows[y], Cells: cells[y]}
	}
	if percent {
		return heatMap(columns, lines, steps([]float64{0, 20, 40, 60, 80}, "%"), 0)
	}
	return heatMap(columns, lines, steps([]float64{0, 5, 20, 100, 500}, ""), 0)
}

// mostUpright is how many letters fit over a heat map side by side.
const mostUpright = 50

// Heat draws small counts of lines in groups, by columns whose names may be
// long: they are turned when they do not fit.
func Heat(columns []string, rows []HeatRow) (Chart, error) {
	tilt, longest := 0.0, 0
	for _, c := range columns {
		longest = max(longest, utf8.RuneCountInString(c))
	}
	if len(columns)*longest > mostUpright {
		tilt = 40
	}
	return heatMap(columns, rows, steps([]float64{0, 1, 3, 6, 10}, ""), tilt)
}

// heatMap draws the cells that have a value; tilt turns the columns' names, in
// degrees.
func heatMap(columns []string, rows []HeatRow, pieces []map[string]any, tilt float64) (Chart, error) {
	h := charts.NewHeatMap()
	over := opts.AxisLabel{Color: inkColor}
	if tilt != 0 {
		over = opts.AxisLabel{Color: inkColor, Rotate: tilt, Interval: "0", Width: 110, Overflow: "truncate"}
	}
	h.SetGlobalOptions(
		charts.WithAnimation(false),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "item", Formatter: "{b}"}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(false)}),
		charts.WithXAxisOpts(opts.XAxis{Type: "category", Data: columns, Position: "top", AxisLabel: &over}),
		charts.WithYAxisOpts(opts.YAxis{Type: "category", Data: headings(rows), Inverse: opts.Bool(true),
			AxisLabel: &opts.AxisLabel{Color: inkColor, Width: 130, Overflow: "truncate", Interval: "0"}}),
		charts.WithGridOpts(opts.Grid{Left: "8", Right: "8", Top: "72", Bottom: "8", ContainLabel: opts.Bool(true)}),
	)
	data := []opts.HeatMapData{}
	links := []string{}
	for y, row := range rows {
		for x, c := range row.Cells {
			if !c.Value.Valid {
				continue
			}
			shade := number(c.Value)
			if c.Plain {
				shade = 0
			}
			data = append(data, opts.HeatMapData{Name: fmt.Sprintf("%s %s: %s", row.Label, columns[x], c.Text),
				Value: []any{x, y, shade, c.Text}})
			links = append(links, c.Href)
		}
	}
	h.AddSeries("", data, charts.WithLabelOpts(opts.Label{Show: opts.Bool(true), Formatter: "{@[3]}", Color: inkColor}),
		charts.WithItemStyleOpts(opts.ItemStyle{BorderColor: "#ffffff", BorderWidth: 1}))
	height := 90 + 26*max(len(rows), 2)
	if tilt != 0 {
		height += 70
	}
	return finish(h, height, [][]string{links}, func(option map[string]any) {
		// The numbers stand on every cell: patterns would hide them.
		option["aria"] = map[string]any{"enabled": false}
		option["visualMap"] = map[string]any{"type": "piecewise", "orient": "horizontal", "top": 0, "left": 0, "dimension": 2,
			"pieces": pieces, "textStyle": map[string]any{"color": inkColor}}
	})
}

// headings are the lines' names, those over other lines in bold.
func headings(rows []HeatRow) any {
	names, grouped := make([]string, len(rows)), make([]any, len(rows))
	some := false
	for y, row := range rows {
		names[y], grouped[y] = row.Label, row.Label
		if len(row.Cells) == 0 {
			some = true
			grouped[y] = map[string]any{"value": row.Label, "textStyle": map[string]any{"fontWeight": "bold", "color": ColorIn}}
		}
	}
	if !some {
		return names
	}
	return grouped
}

// steps are the pieces of the visual map; go-echarts' Piece has no label, and
// drops a bound of 0.
func steps(limits []float64, suffix string) []map[string]any {
	out := []map[string]any{{"lte": 0, "label": "0" + suffix, "color": heat[0]}}
	for i := 1; i < len(limits); i++ {
		out = append(out, map[string]any{"gt": limits[i-1], "lte": limits[i], "label": fmt.Sprintf("≤%g%s", limits[i], suffix), "color": heat[i]})
	}
	last := limits[len(limits)-1]
	return append(out, map[string]any{"gt": last, "label": fmt.Sprintf(">%g%s", last, suffix), "color": heat[len(heat)-1]})
}
