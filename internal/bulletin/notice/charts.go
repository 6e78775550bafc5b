package notice

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mingjing/dashboards"

	"github.com/shopspring/decimal"
)

// ChartWidth is a document chart's width in the drawer's points: over 156 mm
// its type of 13 points is printed at 9.
const ChartWidth = 640

// ChartNames are the charts that a layout can ask for; ChartOrder is their
// order in the document.
var ChartNames = map[string]string{"categories": "各类问题与上季度对比", "funnel": "问题办理进度", "rectified": "各类问题整改完成率", "units": "问题较多的单位",
	"burndown": "未办结问题逐日变化", "matrix": "单位与问题类别分布", "deductions": "扣分较多的单位", "days": "各类问题办结天数(中位数)"}

// ChartOrder lists the charts.
var ChartOrder = []string{"categories", "funnel", "rectified", "units", "burndown", "matrix", "deductions", "days"}

// mostUnits bounds the units on a chart; the tables have them all.
const mostUnits = 15

func (w *writer) charts() {
	makers := map[string]func() (dashboards.Chart, string, error){"categories": w.categoryChart, "funnel": w.funnelChart, "rectified": w.rectifiedChart, "units": w.unitChart,
		"burndown": w.burndownChart, "matrix": w.matrixChart, "deductions": w.deductionChart, "days": w.daysChart}
	n := 0
	for _, name := range ChartOrder {
		if !slices.Contains(w.layout.Charts, name) {
			continue
		}
		c, says, err := makers[name]()
		if err != nil {
			w.failed = err
			return
		}
		if says == "" {
			continue // nothing to draw
		}
		n++
		c.Name, c.Title = name, fmt.Sprintf("图%d %s", n, w.chartName(name))
		c.Summary = w.chartName(name) + ":" + says
		w.out.Blocks = append(w.out.Blocks, Block{Kind: Picture, Section: w.section, Chart: &c})
	}
}

// chartName is a chart's name; one that has nothing to compare with says so.
func (w *writer) chartName(name string) string {
	if name == "categories" && !w.facts.compares() {
		return "各类问题件数"
	}
	return ChartNames[name]
}

func whole64(n int) dashboards.Point {
	return dashboards.Point{Value: decimal.NewNullDecimal(decimal.NewFromInt(int64(n)))}
}

func (w *writer) categoryChart() (dashboards.Chart, string, error) {
	var labels, says []string
	var now, before []dashboards.Point
	for _, c := range w.facts.Changes {
		if c.Category == "" {
			continue
		}
		labels, now, before = append(labels, string(c.Category)), append(now, whole64(c.Now)), append(before, whole64(c.Before))
		if w.facts.compares() {
			says = append(says, fmt.Sprintf("%s本季度%d件、上季度%d件", c.Category, c.Now, c.Before))
		} else {
			says = append(says, fmt.Sprintf("%s本季度%d件", c.Category, c.Now))
		}
	}
	series := []dashboards.Series{{Name: "上季度", Points: before, Color: dashboards.ColorCompared}, {Name: "本季度", Points: now, Color: dashboards.ColorIn}}
	if !w.facts.compares() {
		series = series[1:]
	}
	c, err := dashboards.OverYears(dashboards.Categories{Labels: labels}, "件", series)
	return c, strings.Join(says, ";"), err
}

// ranking draws bars of counts or rates.
func (w *writer) ranking(labels []string, points []dashboards.Point, color string) (dashboards.Chart, error) {
	return dashboards.Ranking(labels, dashboards.Series{Points: points, Color: color})
}

func (w *writer) funnelChart() (dashboards.Chart, string, error) {
	var labels, says []string
	var points []dashboards.Point
	for _, s := range w.facts.Now.Funnel {
		labels, points = append(labels, s.Name), append(points, whole64(s.Count))
		says = append(says, fmt.Sprintf("%s%d件", s.Name, s.Count))
	}
	c, err := w.ranking(labels, points, dashboards.ColorIn)
	if w.facts.Now.All.Issues == 0 {
		says = nil
	}
	return c, strings.Join(says, "、"), err
}

func (w *writer) rectifiedChart() (dashboards.Chart, string, error) {
	var labels, says []string
	var points []dashboards.Point
	for _, c := range w.facts.Now.Categories {
		p, ok := c.Rectified.Percent()
		if !ok || c.Rectified.Whole < w.layout.RateBase {
			continue
		}
		labels = append(labels, fmt.Sprintf("%s(%d件)", c.Category, c.Rectified.Whole))
		points = append(points, dashboards.Point{Value: decimal.NewNullDecimal(p)})
		says = append(says, fmt.Sprintf("%s%s%%", c.Category, p))
	}
	c, err := w.ranking(labels, points, dashboards.ColorDone)
	return c, strings.Join(says, "、"), err
}

func (w *writer) unitChart() (dashboards.Chart, string, error) {
	return w.mostOf(func(k int) decimal.Decimal { return decimal.NewFromInt(int64(w.facts.Now.Units[k].Issues)) }, "件", dashboards.ColorIn)
}

func (w *writer) deductionChart() (dashboards.Chart, string, error) {
	return w.mostOf(func(k int) decimal.Decimal { return w.facts.Now.Units[k].Deduction }, "分", dashboards.ColorWaiting)
}

// mostOf draws the units with the most of something.
func (w *writer) mostOf(of func(k int) decimal.Decimal, unit, color string) (dashboards.Chart, string, error) {
	var order []int
	for k, u := range w.facts.Now.Units {
		if u.Unit != 0 && of(k).IsPositive() {
			order = append(order, k)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return of(b).Cmp(of(a)) })
	var labels, says []string
	var points []dashboards.Point
	for _, k := range order[:min(len(order), mostUnits)] {
		name := w.facts.name(w.facts.Now.Units[k].Unit)
		labels, points = append(labels, name), append(points, dashboards.Point{Value: decimal.NewNullDecimal(of(k))})
		says = append(says, name+of(k).String()+unit)
	}
	c, err := w.ranking(labels, points, color)
	return c, strings.Join(says, "、"), err
}

func (w *writer) burndownChart() (dashboards.Chart, string, error) {
	all := w.facts.BurnDown
	if len(all) < 2 {
		return dashboards.Chart{}, "", nil
	}
	var labels []string
	var open []dashboards.Point
	for _, d := range all {
		labels, open = append(labels, strconv.Itoa(int(d.Day.Month()))+"-"+strconv.Itoa(d.Day.Day())), append(open, whole64(d.Open))
	}
	first, last := all[0], all[len(all)-1]
	c, err := dashboards.OverYears(dashboards.Categories{Labels: labels}, "件", []dashboards.Series{{Name: "未办结", Points: open, Line: true, Color: dashboards.ColorWaiting}})
	return c, fmt.Sprintf("%s未办结%d件,%s未办结%d件", first.Day.Chinese(), first.Open, last.Day.Chinese(), last.Open), err
}

func (w *writer) matrixChart() (dashboards.Chart, string, error) {
	s := w.facts.Now
	var columns, rows []string
	for _, c := range s.Categories {
		columns = append(columns, string(c.Category))
	}
	var cells [][]dashboards.HeatCell
	for k, u := range s.Units {
		if len(rows) == 2*mostUnits {
			break
		}
		rows = append(rows, w.facts.name(u.Unit))
		var row []dashboards.HeatCell
		for _, c := range s.Matrix[k] {
			row = append(row, dashboards.HeatCell{Value: decimal.NewNullDecimal(decimal.NewFromInt(int64(c.Issues))), Text: strconv.Itoa(c.Issues)})
		}
		cells = append(cells, row)
	}
	if len(rows) == 0 {
		return dashboards.Chart{}, "", nil
	}
	c, err := dashboards.Matrix(columns, rows, cells, false)
	return c, fmt.Sprintf("%d家单位在%d类问题中的件数,各单位合计见“各单位问题办理情况”表", len(rows), len(columns)), err
}

func (w *writer) daysChart() (dashboards.Chart, string, error) {
	var labels, says []string
	var points []dashboards.Point
	for _, c := range w.facts.Now.Categories {
		if c.Days.N == 0 {
			continue
		}
		median, _ := days(c.Days)
		labels, points = append(labels, fmt.Sprintf("%s(%d件)", c.Category, c.Days.N)), append(points, dashboards.Point{Value: decimal.NewNullDecimal(decimal.NewFromFloat(c.Days.Median))})
		says = append(says, string(c.Category)+median+"天")
	}
	c, err := w.ranking(labels, points, dashboards.ColorDone)
	return c, strings.Join(says, "、"), err
}
