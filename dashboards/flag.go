package dashboards

// Flag says that somebody has to look at a number: a sign on the chart, and
// words in the table. The zero Flag is none.
type Flag struct {
	Text string // 待核实 2 项
	Href string // where it is explained
}

// FlagSign stands where there is room for one character only.
const FlagSign = "▲"

// flagged puts the signs of a series' flagged points over them. at gives a
// point's place: its category and its value, in the chart's order of axes.
func flagged(o map[string]any, s Series, breakAt int, at func(category int, value any) []any) {
	data := []any{}
	for i, p := range s.Points {
		if p.Flag.Text == "" {
			continue
		}
		category, value := i, number(p.Value)
		if breakAt > 0 && i >= breakAt {
			category++
		}
		if value == nil {
			value = 0 // what is missing can be asked about too
		}
		data = append(data, map[string]any{"name": p.Flag.Text, "coord": at(category, value), "href": p.Flag.Href})
	}
	if len(data) == 0 {
		return
	}
	// A sign of its own shape with a white border is told apart in grey, too.
	o["markPoint"] = map[string]any{"symbol": "triangle", "symbolSize": 13, "symbolOffset": []any{0, -12}, "label": map[string]any{"show": false},
		"itemStyle": map[string]any{"color": ColorError, "borderColor": "#ffffff", "borderWidth": 1.5}, "animation": false, "data": data}
}

func overCategory(category int, value any) []any   { return []any{category, value} }
func besideCategory(category int, value any) []any { return []any{value, category} }
