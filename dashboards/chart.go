package dashboards

import (
	"encoding/json"
	"fmt"

	"github.com/go-echarts/go-echarts/v2/charts"
	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/shopspring/decimal"
)

// Chart is an ECharts option with all that a page needs around it.
type Chart struct {
	Name    string // element id and download name; ASCII
	Title   string
	Summary string // what the chart shows, in a sentence, for those who cannot see it
	Height  int    // CSS pixels
	// Option is the ECharts option, JSON with <, > and & escaped, so that it
	// can stand in a script element of type application/json.
	Option json.RawMessage
	// Links[series][point] is where a click on a point leads; "" is nowhere.
	Links json.RawMessage
	Table Table // the same rows
}

// Point is a value on a chart: a gap when Value is not valid.
type Point struct {
	Value decimal.NullDecimal
	Href  string
	Flag  Flag
}

// Series is one line, or one colour of bars.
type Series struct {
	Name   string
	Points []Point // as many as the chart has categories
	Line   bool
	Dashed bool
	Color  string
	Symbol string // of a line's points; circle when empty
	Stack  string
}

// Categories are a chart's labels along its main axis. Break is the index
// before which the series breaks (0: none), and BreakLabel says why; a break is
// an empty place of its own on the axis, so that no line runs across it.
type Categories struct {
	Labels     []string
	Break      int
	BreakLabel string
}

type jsonChart interface {
	Validate()
	JSON() map[string]interface{}
}

// finish makes the JSON of a chart, with what go-echarts has no words for.
func finish(c jsonChart, height int, links [][]string, change func(option map[string]any)) (Chart, error) {
	c.Validate()
	option := c.JSON()
	delete(option, "toolbox")
	delete(option, "title")
	option["textStyle"] = map[string]any{"fontFamily": fontFamily}
	// Patterns beside colours: the charts are printed in grey.
	option["aria"] = map[string]any{"enabled": true, "label": map[string]any{"enabled": false}, "decal": map[string]any{"show": true, "decals": decals}}
	if change != nil {
		change(option)
	}
	data, err := json.Marshal(option)
	if err != nil {
		return Chart{}, fmt.Errorf("chart option: %w", err)
	}
	where, err := json.Marshal(links)
	if err != nil {
		return Chart{}, fmt.Errorf("chart links: %w", err)
	}
	return Chart{Option: data, Links: where, Height: height}, nil
}

// number is what ECharts gets: nil is a gap, 0 is 0.
func number(v decimal.NullDecimal) any {
	if !v.Valid {
		return nil
	}
	f, _ := v.Decimal.Float64()
	return f
}

func linksOf(series []Series, breakAt int) [][]string {
	out := make([][]string, len(series))
	for i, s := range series {
		out[i] = []string{}
		for j, p := range s.Points {
			if breakAt > 0 && j == breakAt {
				out[i] = append(out[i], "")
			}
			out[i] = append(out[i], p.Href)
		}
	}
	return out
}

// withBreak puts an empty place into the labels where the series breaks.
func withBreak(c Categories) []string {
	if c.Break <= 0 || c.Break >= len(c.Labels) {
		return c.Labels
	}
	out := append([]string{}, c.Labels[:c.Break]...)
	return append(append(out, c.BreakLabel), c.Labels[c.Break:]...)
}

func valuesWithBreak(points []Point, breakAt int) []any {
	out := make([]any, 0, len(points)+1)
	for i, p := range points {
		if breakAt > 0 && i == breakAt && breakAt < len(points) {
			out = append(out, nil)
		}
		out = append(out, number(p.Value))
	}
	return out
}

func baseOptions(legend bool) []charts.GlobalOpts {
	return []charts.GlobalOpts{
		charts.WithAnimation(false),
		charts.WithColorsOpts(palette),
		charts.WithTooltipOpts(opts.Tooltip{Show: opts.Bool(true), Trigger: "axis", AxisPointer: &opts.AxisPointer{Type: "shadow"}}),
		charts.WithLegendOpts(opts.Legend{Show: opts.Bool(legend), Top: "0", Left: "0", ItemWidth: 18, ItemHeight: 10,
			TextStyle: &opts.TextStyle{Color: inkColor, FontSize: 13}}),
	}
}
