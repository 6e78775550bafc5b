package check

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
)

// proseReader compares what a report tells with what its tables hold.
type proseReader struct {
	*examination
	ledger
	unit  string
	names []string // that the unit goes by
	year  int
	kind  unitClass
	wide  bool
	last  *disclosure.Report // comparable last year's report, nil for none
	seen  map[string]bool
	texts []sentence
}

// prose tries the TXT and CPY-R2 rules and, with last, whether the report is
// last year's once more (CPY-R1). Reading prose is a guess: only what no
// legitimate reading explains is told, and never as an error.
func (e *examination) prose(listed *disclosure.Unit, came chain) {
	r := e.report
	if !r.HasProse || e.form.Family != disclosure.FamilyNational {
		return
	}
	unit := disclosure.NormalName(r.Unit)
	p := &proseReader{examination: e, ledger: ledger{r}, unit: unit, year: int(r.Year()), kind: classOf(unit), wide: wideTables(r),
		seen: map[string]bool{}, texts: sentences(r), names: Member{Report: r, Unit: listed}.names()}
	last := came.prose
	// Beside units that were merged, nobody knows whose figures a growth is told
	// against.
	if last != nil && (came.last == last) && (last.Scope == r.Scope || last.Scope == "" || r.Scope == "") {
		p.last = last
	}
	for i := range p.texts {
		s := &p.texts[i]
		if s.part != 1 && s.part != 5 && s.part != 6 {
			continue
		}
		told := p.statements(s)
		for _, st := range told {
			p.counted(st)
		}
		p.nothing(s)
		p.shares(s, told)
		p.growth(s, told)
	}
	p.identity()
	if last != nil {
		p.ownCopy(last)
	}
}

// counted compares a count with the tables.
func (p *proseReader) counted(st statement) {
	if st.each {
		for _, t := range []topic{reviews, suits} {
			one := st
			one.topic, one.each = t, false
			p.counted(one)
		}
		return
	}
	readings := p.readings(st.topic)
	if st.part || st.own {
		for i := range readings {
			readings[i].most = true
		}
	}
	p.compare(st, readings)
}

// compare reports a statement that none of the readings fits. Readings without
// a number in the tables say nothing; when all are such, so does the rule.
func (p *proseReader) compare(st statement, readings []reading) {
	readings = slices.DeleteFunc(readings, func(r reading) bool { return len(r.values) == 0 })
	if len(readings) == 0 || slices.ContainsFunc(readings, func(r reading) bool { return r.fits(st.mention) }) {
		return
	}
	rule, table := "TXT-R1", "表三"
	if st.topic == reviews || st.topic == suits || st.topic == disputes {
		rule, table = "TXT-R2", "表四"
	}
	said := strconv.FormatFloat(st.mention.value, 'f', -1, 64)
	key := rule + string(st.topic) + said
	if p.seen[key] {
		return
	}
	p.seen[key] = true
	f := Finding{Rule: rule, Severity: Explain, Aspect: string(st.topic), Expected: strconv.FormatFloat(readings[0].values[0], 'f', -1, 64), Actual: said,
		Difference: strconv.FormatFloat(st.mention.value-readings[0].values[0], 'f', -1, 64), Quote: st.sentence.printed,
		Message: fmt.Sprintf("正文写“%s”,所说的“%s”为%s,而%s中%s,不相符,请核对正文与表格,无误的请书面说明。",
			around(st.sentence, st.mention), st.topic, said, table, told(readings))}
	for _, r := range readings {
		f.Readings = append(f.Readings, r.shown())
	}
	p.find(f, p.places(readings[0].codes))
}

// places are the cells of codes that the form has.
func (p *proseReader) places(codes []disclosure.Code) []int {
	var out []int
	for _, c := range codes {
		if i := p.form.Order(c); i < len(p.defs) {
			out = append(out, i)
		}
	}
	return out
}

// readings lists the legitimate meanings of a number about a topic, the
// plainest first.
func (p *proseReader) readings(t topic) []reading {
	fresh, in, out, done := p.fresh(), p.carriedIn(), p.carriedOut(), p.closed()
	both := fresh.plus("本年新收+上年结转", 1, in)
	declined := done.plus("办理结果总计-不予处理", -1, p.outcome(rejected))
	switch t {
	case freshOnly:
		return []reading{fresh}
	case received:
		return []reading{fresh, both}
	case accepted:
		return []reading{fresh, both, done, declined, fresh.plus("本年新收-不予处理", -1, p.outcome(rejected))}
	case closed:
		return []reading{done, done.plus("办理结果总计-上年结转", -1, in), declined,
			done.plus("办理结果总计-其他处理", -1, p.outcome(otherwise)),
			declined.plus("办理结果总计-不予处理-其他处理", -1, p.outcome(otherwise))}
	case carriedIn:
		return []reading{in}
	case carriedOut:
		return []reading{out}
	case carried:
		return []reading{out, in}
	case granted:
		return []reading{p.outcome(granted), p.outcome(granted).plus("予以公开+部分公开", 1, p.outcome(partial))}
	case reviews:
		return p.disputeReadings([]string{"行政复议"}, "REV")
	case suits:
		return p.disputeReadings([]string{"行政诉讼", "未经复议直接起诉", "复议后起诉"}, "LITD", "LITR")
	case disputes:
		return append(p.disputeReadings([]string{"行政复议和行政诉讼"}, "REV", "LITD", "LITR"),
			p.disputes("行政复议", "REV"), p.disputes("行政诉讼", "LITD", "LITR"))
	}
	return []reading{p.outcome(t)}
}

// disputeReadings: the total, without what is pending, without what last year
// left pending (table 四 may include cases of earlier years), and each group.
func (p *proseReader) disputeReadings(names []string, groups ...string) []reading {
	total := p.disputes(names[0], groups...)
	out := []reading{total, total.plus(names[0]+"中已审结", -1, p.pending("", groups...))}
	if p.last != nil {
		if left := (ledger{p.last}).pending("", groups...); len(left.values) > 0 {
			out = append(out, reading{name: names[0] + "中本年新发生", values: total.plus("", -1, left).values, codes: total.codes})
		}
	}
	for i, name := range names[1:] {
		out = append(out, p.disputes(name, groups[i]))
	}
	return out
}

// around is the clause of a number with what stands near it, for a message.
func around(s *sentence, m mention) string {
	text := s.text
	if len([]rune(text)) <= 40 {
		return excerptOf(text, 40)
	}
	from := strings.LastIndexAny(text[:m.from], ",;:。(")
	if from >= 0 && len([]rune(text[from:m.from])) < 6 {
		if earlier := strings.LastIndexAny(text[:from], ",;:。("); earlier >= 0 {
			from = earlier
		}
	}
	start := 0
	if from >= 0 {
		_, size := utf8.DecodeRuneInString(text[from:])
		start = from + size
	}
	before := []rune(text[start:m.from])
	if len(before) > 28 {
		before = before[len(before)-28:]
	}
	behind := []rune(text[m.to:])
	if len(behind) > 10 {
		behind = behind[:10]
	}
	return excerptOf(string(before)+text[m.from:m.to]+string(behind), 60)
}
