package dashboards

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

func value(n int64) Point {
	return Point{Value: decimal.NewNullDecimal(decimal.NewFromInt(n)), Href: "/at"}
}

// drawing is what a test looks at in an option.
type drawing struct {
	XAxis  []struct{ Data []string }
	YAxis  []struct{ Data []string }
	Series []struct {
		Name, Type string
		Data       []any
		MarkLine   *struct{ Data []map[string]any }
	}
	VisualMap map[string]any
}

func read(t *testing.T, c Chart) (drawing, [][]string) {
	t.Helper()
	var d drawing
	var links [][]string
	if err := json.Unmarshal(c.Option, &d); err != nil {
		t.Fatalf("option: %v\n%s", err, c.Option)
	}
	if err := json.Unmarshal(c.Links, &links); err != nil {
		t.Fatalf("links: %v", err)
	}
	return d, links
}

const evil = `</script><script>alert(1)</script>__f__alert(1)__f__`

func TestChartsHoldTextAsText(t *testing.T) {
	series := []Series{{Name: evil, Points: []Point{value(1)}}}
	for name, build := range map[string]func() (Chart, error){
		"over years": func() (Chart, error) { return OverYears(Categories{Labels: []string{evil}}, evil, series) },
		"shares":     func() (Chart, error) { return Shares([]string{evil}, series) },
		"stacked":    func() (Chart, error) { return Stacked([]string{evil}, series) },
		"ranking":    func() (Chart, error) { return Ranking([]string{evil}, series[0]) },
		"matrix": func() (Chart, error) {
			return Matrix([]string{"2023"}, []string{evil}, [][]HeatCell{{{Value: series[0].Points[0].Value, Text: evil}}}, false)
		},
	} {
		c, err := build()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if strings.ContainsAny(string(c.Option), "<>") {
			t.Errorf("%s: the option could close its script element", name)
		}
		if !json.Valid(c.Option) || strings.Contains(string(c.Option), "function") {
			t.Errorf("%s: the option is no plain data", name)
		}
	}
}

func TestGapIsNoZero(t *testing.T) {
	c, err := OverYears(Categories{Labels: []string{"2021", "2022", "2023"}}, "件",
		[]Series{{Name: "a", Points: []Point{value(0), {}, value(3)}}})
	if err != nil {
		t.Fatal(err)
	}
	d, _ := read(t, c)
	got := d.Series[0].Data
	if len(got) != 3 || got[0] != 0.0 || got[1] != nil || got[2] != 3.0 {
		t.Errorf("data %v, want 0, a gap, 3", got)
	}
}

func TestBreakIsAPlaceOfItsOwn(t *testing.T) {
	c, err := OverYears(Categories{Labels: []string{"2022", "2023", "2024"}, Break: 2, BreakLabel: "复议前置"}, "件",
		[]Series{{Name: "a", Line: true, Points: []Point{value(1), value(2), value(3)}}})
	if err != nil {
		t.Fatal(err)
	}
	d, links := read(t, c)
	if want := []string{"2022", "2023", "复议前置", "2024"}; strings.Join(d.XAxis[0].Data, " ") != strings.Join(want, " ") {
		t.Errorf("axis %v, want %v", d.XAxis[0].Data, want)
	}
	if s := d.Series[0]; len(s.Data) != 4 || s.Data[2] != nil || s.Data[3] != 3.0 || s.MarkLine == nil {
		t.Errorf("series %+v: want a gap and a mark at 2", s)
	}
	if want := "/at /at  /at"; strings.Join(links[0], " ") != want {
		t.Errorf("links %q do not follow the data", links[0])
	}
}

func TestRankingKeepsItsOrder(t *testing.T) {
	c, err := Ranking([]string{"甲", "乙"}, Series{Name: "x", Points: []Point{value(9), value(4)}})
	if err != nil {
		t.Fatal(err)
	}
	d, links := read(t, c)
	if d.YAxis[0].Data[0] != "甲" || d.Series[0].Data[0] != 9.0 || len(links[0]) != 2 {
		t.Errorf("%+v %v", d, links)
	}
}

func TestMatrixLeavesOutWhatHasNoNumber(t *testing.T) {
	one := decimal.NewNullDecimal(decimal.NewFromInt(7))
	c, err := Matrix([]string{"2023", "2024"}, []string{"甲"}, [][]HeatCell{{{Text: "未报"}, {Value: one, Text: "7※", Href: "/x"}}}, false)
	if err != nil {
		t.Fatal(err)
	}
	d, links := read(t, c)
	if len(d.Series[0].Data) != 1 || len(links[0]) != 1 || links[0][0] != "/x" {
		t.Errorf("data %v, links %v", d.Series[0].Data, links)
	}
	point := d.Series[0].Data[0].(map[string]any)
	if at := point["value"].([]any); at[0] != 1.0 || at[1] != 0.0 || at[2] != 7.0 || at[3] != "7※" {
		t.Errorf("point %v", at)
	}
	if pieces := d.VisualMap["pieces"].([]any); pieces[0].(map[string]any)["lte"] != 0.0 {
		t.Errorf("zero has no colour of its own: %v", pieces[0])
	}
}

func TestHeatHasHeadingsAndPlainSums(t *testing.T) {
	n := decimal.NewNullDecimal(decimal.NewFromInt(9))
	c, err := Heat([]string{"更新不及时", "其余3类"}, []HeatRow{{Label: "镇街(2家)"}, {Label: "甲", Cells: []HeatCell{{Value: n, Text: "9▲", Href: "/a"}, {Value: n, Text: "9", Href: "/b", Plain: true}}}, {Label: "其余1家", Cells: []HeatCell{{}, {}}}})
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		YAxis  []struct{ Data []any }
		Series []struct{ Data []struct{ Value []any } }
	}
	if err := json.Unmarshal(c.Option, &d); err != nil {
		t.Fatal(err)
	}
	if head, ok := d.YAxis[0].Data[0].(map[string]any); !ok || head["value"] != "镇街(2家)" || d.YAxis[0].Data[1] != "甲" {
		t.Errorf("lines %v", d.YAxis[0].Data)
	}
	points := d.Series[0].Data
	if len(points) != 2 || points[0].Value[1] != 1.0 || points[0].Value[2] != 9.0 || points[1].Value[2] != 0.0 || points[1].Value[3] != "9" {
		t.Errorf("points %v", points)
	}
}
