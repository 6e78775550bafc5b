package check

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ratio is a percentage that a report may state, as a function of its tables.
type ratio struct {
	name     string
	num, den func(*proseReader, ledger) reading
}

func (r ratio) of(p *proseReader, l ledger) []float64 {
	var out []float64
	for _, n := range r.num(p, l).values {
		for _, d := range r.den(p, l).values {
			if d > 0 {
				out = append(out, 100*n/d)
			}
		}
	}
	return out
}

func outcomesOf(topics ...topic) func(*proseReader, ledger) reading {
	return func(_ *proseReader, l ledger) reading {
		sum := l.outcome(topics[0])
		for _, t := range topics[1:] {
			sum = sum.plus("", 1, l.outcome(t))
		}
		return sum
	}
}

func closedOf(_ *proseReader, l ledger) reading { return l.closed() }
func freshOf(_ *proseReader, l ledger) reading  { return l.fresh() }
func dueOf(_ *proseReader, l ledger) reading {
	return l.fresh().plus("本年新收+上年结转", 1, l.carriedIn())
}

// denominators that a share of applications may have.
var denominators = []struct {
	name string
	of   func(*proseReader, ledger) reading
}{{"办理结果总计", closedOf}, {"本年新收", freshOf}, {"本年新收+上年结转", dueOf}}

// namedRates are rates that go by a name.
var namedRates = []struct {
	name    string
	pattern *regexp.Regexp
	nums    []func(*proseReader, ledger) reading
}{
	{"公开率", regexp.MustCompile(`(?:^|[^动应政务开])(?:申请|予以)?公开率` + rateFillers), []func(*proseReader, ledger) reading{outcomesOf(granted, partial), outcomesOf(granted)}},
	{"办结率", regexp.MustCompile(`办结率` + rateFillers), []func(*proseReader, ledger) reading{closedOf}},
	{"结转率", regexp.MustCompile(`结转率` + rateFillers), []func(*proseReader, ledger) reading{func(_ *proseReader, l ledger) reading { return l.carriedOut() }}},
}

const rateFillers = `(?:约|为|达到|达|是|:|,|均|保持|在)*$`

var (
	shareWords = regexp.MustCompile(`(?:占比|占|比例|比重)(?:全部|本年|年度|当年|申请|办结|办理|答复|结果|新收|收到|受理|总数|总量|总计|件数|数量|数|量|总|的|比例|比重|比|为|约|到|达|:|,)*$`)
	timely     = regexp.MustCompile(`按时|按期|及时|法定|限期|时限|依法|规范|满意|网|信访|建议|提案|留言`)
)

// shares compares percentages with the tables.
func (p *proseReader) shares(s *sentence, told []statement) {
	for i, m := range percents(s.text) {
		rates := p.ratesAt(s, m, told)
		if len(rates) == 0 {
			continue
		}
		p.share(s, m, rates, p.ledger, i)
	}
}

// percents are the mentions of 6.5%.
func percents(text string) []mention {
	if !strings.Contains(text, "%") {
		return nil
	}
	var out []mention
	for _, m := range mentions(text) {
		if m.percent {
			out = append(out, m)
		}
	}
	return out
}

// ratesAt says what a percentage can be a rate of, nil when that is not plain.
func (p *proseReader) ratesAt(s *sentence, m mention, told []statement) []ratio {
	before := s.text[:m.from]
	if !aboutDisclosure(s) || !p.thisYear(before, false) || p.wide && agencyItself.MatchString(before) {
		return nil
	}
	clause := lastClause(before)
	for _, n := range namedRates {
		if !n.pattern.MatchString(before) {
			continue
		}
		if timely.MatchString(clause) || !p.subject(&statement{}, before) {
			return nil
		}
		var out []ratio
		for _, num := range n.nums {
			for _, d := range denominators {
				out = append(out, ratio{name: n.name + "(按" + d.name + ")", num: num, den: d.of})
			}
		}
		return out
	}
	st := statementBefore(s, m, told)
	if st == nil || st.part || st.own || !shareWords.MatchString(s.text[st.mention.to:m.from]) {
		return nil
	}
	var out []ratio
	for _, num := range p.readings(st.topic) {
		if len(num.values) == 0 || st.topic == reviews || st.topic == suits || st.topic == disputes {
			continue
		}
		for _, d := range denominators {
			name := num.name
			stated := reading{values: []float64{st.mention.value}}
			topic, nth := st.topic, name
			out = append(out, ratio{name: name + "÷" + d.name, den: d.of, num: func(q *proseReader, l ledger) reading {
				if l == q.ledger {
					return stated
				}
				at := *q
				at.ledger = l
				for _, r := range at.readings(topic) {
					if r.name == nth {
						return r
					}
				}
				return reading{}
			}})
		}
	}
	return out
}

// statementBefore is the statement whose number is the last one before m.
func statementBefore(s *sentence, m mention, told []statement) *statement {
	previous := -1
	for _, o := range mentions(s.text) {
		if o.to <= m.from {
			previous = o.from
		}
	}
	for i := range told {
		if told[i].mention.from == previous {
			return &told[i]
		}
	}
	return nil
}

func (p *proseReader) share(s *sentence, m mention, rates []ratio, l ledger, nth int) {
	tolerance := math.Pow(10, -float64(m.places)) + 1e-6
	if !m.exact {
		tolerance = max(5, m.value*0.15)
	}
	var shown []Reading
	var names []string
	for _, r := range rates {
		for _, v := range r.of(p, l) {
			if math.Abs(v-m.value) <= tolerance {
				return
			}
			shown = append(shown, Reading{r.name, strconv.FormatFloat(v, 'f', 2, 64) + "%"})
			names = append(names, fmt.Sprintf("%s%.2f%%", r.name, v))
		}
	}
	if len(shown) == 0 || p.seen[fmt.Sprint("TXT-R3", s.printed, nth)] {
		return
	}
	p.seen[fmt.Sprint("TXT-R3", s.printed, nth)] = true
	p.find(Finding{Rule: "TXT-R3", Severity: Explain, Aspect: shown[0].Name, Table: "表三", Expected: shown[0].Value, Actual: strconv.FormatFloat(m.value, 'f', -1, 64) + "%",
		Quote: s.printed, Readings: shown,
		Message: fmt.Sprintf("正文写“%s”,按表三计算为%s,均不相符,请核对正文与表格,无误的请书面说明。", around(s, m), some(firstFew(names, 3)))}, nil)
}

func firstFew(names []string, n int) []string {
	var out []string
	for _, name := range names {
		if len(out) < n && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
