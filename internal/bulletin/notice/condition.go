package notice

import (
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// ConditionText writes conditions as people type them, one a line:
// 整改完成率 >= 100.
func ConditionText(conditions []Condition) string {
	var lines []string
	for _, c := range conditions {
		name := c.Metric
		if m := metric(c.Metric); m != nil {
			name = m.Short()
		}
		lines = append(lines, name+" "+c.Op+" "+c.Than.String())
	}
	return strings.Join(lines, "\n")
}

// Short is the measure's label without what is said about it in brackets.
func (m *Metric) Short() string {
	short, _, _ := strings.Cut(m.Label, "(")
	return short
}

var conditionMarks = strings.NewReplacer("≥", ">=", "≤", "<=", "＞", ">", "＜", "<", "＝", "=", "不少于", ">=", "不多于", "<=", "等于", "=", "%", "", "％", "")

// ParseConditions reads conditions as people type them. Error: ErrInvalid, with
// the line that is not understood.
func ParseConditions(text string) ([]Condition, error) {
	var out []Condition
	for _, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		c, ok := parseCondition(conditionMarks.Replace(line))
		if !ok {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "条件“%s”看不懂,请写成“整改完成率 >= 100”的样子,每行一个。", bulletin.Fit(line, 40))
		}
		out = append(out, c)
	}
	return out, nil
}

func parseCondition(line string) (Condition, bool) {
	for _, op := range Ops { // >= and <= before =
		name, number, found := strings.Cut(line, op)
		if !found {
			continue
		}
		name, number = strings.TrimSpace(name), strings.TrimSpace(number)
		than, err := decimal.NewFromString(number)
		if err != nil || len(number) > 12 {
			return Condition{}, false
		}
		for i := range Metrics {
			if m := &Metrics[i]; name == m.Name || name == m.Short() || name == m.Label {
				return Condition{Metric: m.Name, Op: op, Than: than}, true
			}
		}
		return Condition{}, false
	}
	return Condition{}, false
}
