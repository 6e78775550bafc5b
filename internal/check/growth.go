package check

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// growthWords stand right before the number of a comparison with last year.
var growthWords = regexp.MustCompile(`(?:同比|环比|(?:较|比|与|同)(?:上一年度?|上年度?|去年|(20\d{2})年度?)(?:同期)?(?:的)?(?:相比|比较)?)(?:,|有所|同期|数量|总量|申请量|申请|总体|相比|略有|大幅|小幅|明显|的)*` +
	`(增长|增加|上升|提高|提升|增幅|上涨|多|减少|下降|降低|下滑|减幅|降幅|少)(?:了|约|幅度|为|达到|达|:|,)*$`)

// growth compares 同比 with last year's report.
func (p *proseReader) growth(s *sentence, told []statement) {
	if p.last == nil || len(told) == 0 && !strings.Contains(s.text, "百分点") || !containsAny(s.text, "较", "比", "同", "与") {
		return
	}
	all := mentions(s.text)
	before := ledger{p.last}
	for i, m := range all {
		from := 0
		if i > 0 {
			from = all[i-1].to
		}
		words := growthWords.FindStringSubmatch(s.text[from:m.from])
		if words == nil || words[1] != "" && words[1] != strconv.Itoa(p.year-1) {
			continue
		}
		sign := 1.0
		if strings.ContainsAny(words[2], "减降少滑") {
			sign = -1
		}
		if m.points {
			p.pointsGrowth(s, m, sign, told)
			continue
		}
		st := statementBefore(s, m, told)
		if st == nil || !st.mention.exact || st.own || st.part {
			continue
		}
		p.countGrowth(s, *st, m, sign, before)
	}
}

// countGrowth: 收到申请28件,同比增长40%. The number told is taken as this
// year's; every reading of last year's is tried.
func (p *proseReader) countGrowth(s *sentence, st statement, m mention, sign float64, before ledger) {
	at := *p
	at.ledger, at.last = before, nil
	tolerance := math.Pow(10, -float64(m.places)) + 1e-6
	if !m.exact {
		tolerance = max(5, m.value*0.3)
	}
	var shown []Reading
	var names []string
	for _, r := range at.readings(st.topic) {
		for _, was := range r.values {
			change := st.mention.value - was
			unit := ""
			switch {
			case (m.percent || m.times) && was == 0:
				return // a rate on nothing says nothing
			case m.percent:
				change, unit = 100*change/was, "%"
			case m.times:
				change, unit = change/was, "倍"
				tolerance = max(tolerance, 0.3)
			case m.exact:
				tolerance = 0
			}
			if math.Abs(sign*change-m.value) <= tolerance || m.times && math.Abs(st.mention.value/was-m.value) <= tolerance {
				return
			}
			shown = append(shown, Reading{"上年" + r.name, strconv.FormatFloat(was, 'f', -1, 64)})
			names = append(names, fmt.Sprintf("上年%s%s,应为%s%s", r.name, strconv.FormatFloat(was, 'f', -1, 64), signed(change), unit))
		}
	}
	if len(shown) == 0 {
		return
	}
	p.growthFinding(s, m, string(st.topic), sign, shown, firstFew(names, 2))
}

// pointsGrowth: 公开率57.1%,同比上升5个百分点.
func (p *proseReader) pointsGrowth(s *sentence, m mention, sign float64, told []statement) {
	var now *mention
	for _, c := range mentions(s.text) {
		if c.to <= m.from && c.percent {
			now = &c
		}
	}
	if now == nil || !now.exact || !m.exact {
		return
	}
	tolerance := math.Pow(10, -float64(min(m.places, now.places)))*1.5 + 1e-6
	var shown []Reading
	var names []string
	for _, r := range p.ratesAt(s, *now, told) {
		for _, was := range r.of(p, ledger{p.last}) {
			if math.Abs(sign*(now.value-was)-m.value) <= tolerance {
				return
			}
			shown = append(shown, Reading{"上年" + r.name, strconv.FormatFloat(was, 'f', 2, 64) + "%"})
			names = append(names, fmt.Sprintf("上年%s%.2f%%,应为%s个百分点", r.name, was, signed(now.value-was)))
		}
	}
	if len(shown) > 0 {
		p.growthFinding(s, m, shown[0].Name, sign, shown, firstFew(names, 2))
	}
}

func (p *proseReader) growthFinding(s *sentence, m mention, about string, sign float64, shown []Reading, names []string) {
	key := fmt.Sprint("TXT-R4", s.printed, m.from)
	if p.seen[key] {
		return
	}
	p.seen[key] = true
	p.find(Finding{Rule: "TXT-R4", Severity: Explain, Aspect: about, Table: "表三", Expected: shown[0].Name + shown[0].Value, Actual: signed(sign * m.value),
		Quote: s.printed, Readings: shown,
		Message: fmt.Sprintf("正文写“%s”,与上年报告比较不相符(%s),请核对两年数据,无误的请书面说明。", around(s, m), strings.Join(names, ";"))}, nil)
}

func signed(v float64) string {
	s := strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
	if v > 0 {
		return "+" + s
	}
	return s
}
