package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"mingjing/internal/disclosure"
)

// Copied says how much of a report's prose stands in another report too.
type Copied struct {
	Unit string          `json:"unit"` // whose report; the report's own unit for last year's
	Year disclosure.Year `json:"year"`
	// Share is which part of the prose was found there, 0 to 1, boilerplate
	// left out.
	Share    float64   `json:"share"`
	Passages []Passage `json:"passages"` // the longest ones, longest first
}

// Whose report CPY-R1 found copied, as the finding's Aspect.
const (
	copiedFromLast    = "last"
	copiedFromAnother = "another"
)

// Passage is a stretch of text that two reports share, as each prints it.
type Passage struct {
	Here  string `json:"here"`
	There string `json:"there"`
}

// How much alike is reported. Below leastProse characters chance makes
// short texts alike, so only a whole copy is told; assessments deduct above a
// half.
const (
	shingleRunes  = 12 // a match begins at so many equal characters
	leastProse    = 400
	ownCopyShare  = 0.8
	twinShare     = 0.6
	wholeCopy     = 0.95 // a text of leastWhole characters copied entirely
	leastWhole    = 120
	mostPassages  = 6
	leastPassage  = 16
	longestQuoted = 220
)

// body is a report's prose ready for comparing: the letters of parts 一, 五 and
// 六 without digits, marks and white space, and where each was printed.
type body struct {
	report  *disclosure.Report
	printed []rune
	letters []rune
	at      []int // the place of each letter in printed
	hashes  []uint64
	set     map[uint64]int32
}

func bodyOf(r *disclosure.Report, texts []sentence) *body {
	b := &body{report: r}
	own := disclosure.NormalName(r.Unit)
	for i := range texts {
		s := &texts[i]
		if s.part != 1 && s.part != 5 && s.part != 6 || tellsFigures(s) {
			continue
		}
		text := s.printed
		if own != "" {
			text = strings.ReplaceAll(text, own, "")
		}
		for _, c := range text {
			if unicode.IsLetter(c) {
				b.at = append(b.at, len(b.printed))
				b.letters = append(b.letters, c)
			}
			b.printed = append(b.printed, c)
		}
	}
	b.hashes = shingles(b.letters)
	return b
}

// tellsFigures says that a sentence tells what every report has to tell, year
// after year, in the same words: the figures of the tables and the fee.
func tellsFigures(s *sentence) bool {
	if strings.Contains(s.text, "信息处理费") {
		return true
	}
	return s.onTopic() && (strings.ContainsAny(s.text, "0123456789") || noneReceived.MatchString(s.text) ||
		noSuits.MatchString(s.text) || noReviews.MatchString(s.text))
}

// shingles are the hashes of every run of shingleRunes letters (a polynomial
// hash, rolled along).
func shingles(letters []rune) []uint64 {
	if len(letters) < shingleRunes {
		return nil
	}
	const base = 1_000_003
	var h, top uint64 = 0, 1
	for range shingleRunes - 1 {
		top *= base
	}
	out := make([]uint64, 0, len(letters)-shingleRunes+1)
	for i, c := range letters {
		h = h*base + uint64(c)
		if i >= shingleRunes-1 {
			out = append(out, mix(h))
			h -= uint64(letters[i-shingleRunes+1]) * top
		}
	}
	return out
}

// mix spreads a hash over all bits, so that sampling by its low bits is fair.
func mix(h uint64) uint64 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	h *= 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}

func (b *body) index() map[uint64]int32 {
	if b.set == nil {
		b.set = make(map[uint64]int32, len(b.hashes))
		for i := len(b.hashes) - 1; i >= 0; i-- {
			b.set[b.hashes[i]] = int32(i)
		}
	}
	return b.set
}

// overlap is how much of a's letters stand in b in runs of at least
// shingleRunes, and the letters it is measured on. common says which shingles
// are everybody's and count for nothing.
func overlap(a, b *body, common func(uint64) bool) (share float64, measured int, runs []run) {
	covered, ignored := make([]bool, len(a.letters)), make([]bool, len(a.letters))
	index := b.index()
	for i := 0; i < len(a.hashes); i++ {
		if common(a.hashes[i]) {
			for k := i; k < i+shingleRunes; k++ {
				ignored[k] = true
			}
			continue
		}
		j, ok := index[a.hashes[i]]
		if !ok {
			continue
		}
		// Follow the run as far as it goes: it is one passage.
		n := 0
		for i+n < len(a.letters) && int(j)+n < len(b.letters) && a.letters[i+n] == b.letters[int(j)+n] {
			n++
		}
		if n < shingleRunes {
			continue // two hashes met by chance
		}
		for k := i; k < i+n; k++ {
			covered[k] = true
		}
		if n >= leastPassage {
			runs = append(runs, run{i, int(j), n})
		}
		last := i + n - shingleRunes
		for k := i + 1; k <= last; k++ {
			if common(a.hashes[k]) {
				for q := k; q < k+shingleRunes; q++ {
					ignored[q] = true
				}
			}
		}
		i = last
	}
	hit := 0
	for i := range covered {
		if ignored[i] {
			continue
		}
		measured++
		if covered[i] {
			hit++
		}
	}
	if measured == 0 {
		return 0, 0, nil
	}
	return float64(hit) / float64(measured), measured, runs
}

// run is a stretch of letters that two bodies share.
type run struct{ here, there, length int }

// passages shows the longest runs as printed on either side.
func passages(a, b *body, runs []run) []Passage {
	slices.SortStableFunc(runs, func(x, y run) int { return cmp.Compare(y.length, x.length) })
	var out []Passage
	for _, r := range runs {
		if len(out) == mostPassages {
			break
		}
		out = append(out, Passage{Here: a.stretch(r.here, r.length), There: b.stretch(r.there, r.length)})
	}
	return out
}

// stretch is how letters are printed, with the digits and marks between them.
func (b *body) stretch(from, length int) string {
	text := b.printed[b.at[from] : b.at[from+length-1]+1]
	if len(text) > longestQuoted {
		return string(text[:longestQuoted]) + "…"
	}
	return string(text)
}

// ownCopy tries CPY-R1 against the unit's own last report.
func (p *proseReader) ownCopy(last *disclosure.Report) {
	if !last.HasProse {
		return
	}
	a, b := bodyOf(p.report, p.texts), bodyOf(last, sentences(last))
	share, measured, runs := overlap(a, b, formWords)
	if !tooMuchAlike(share, measured, ownCopyShare) {
		return
	}
	p.find(Finding{Rule: "CPY-R1", Severity: Explain, Aspect: copiedFromLast, Expected: "有本年度的内容", Actual: percent(share),
		Copied:  &Copied{Unit: last.Unit, Year: last.Year(), Share: share, Passages: passages(a, b, runs)},
		Message: fmt.Sprintf("正文与本单位%s年报告雷同约%s(数字和表式用语不计),请按本年度工作实际改写,确属相同的请书面说明。", last.Year(), percent(share))}, nil)
}

func tooMuchAlike(share float64, measured int, limit float64) bool {
	return measured >= leastProse && share >= limit || measured >= leastWhole && share >= wholeCopy
}

func percent(share float64) string { return fmt.Sprintf("%.0f%%", share*100) }

// formWords says whether a shingle belongs to words that every report has:
// the form's own, and the law's.
func formWords(h uint64) bool { return boilerplate[h] }

var boilerplate = func() map[uint64]bool {
	out := map[uint64]bool{}
	for _, text := range everybodysWords {
		var letters []rune
		for _, c := range text {
			if unicode.IsLetter(c) {
				letters = append(letters, c)
			}
		}
		for _, h := range shingles(letters) {
			out[h] = true
		}
	}
	return out
}()

// everybodysWords is what the law, the form and custom put into every report.
var everybodysWords = []string{
	"根据《中华人民共和国政府信息公开条例》(以下简称《条例》)的规定和要求,现将年度政府信息公开工作年度报告公布如下",
	"依照《中华人民共和国政府信息公开条例》和国务院办公厅政府信息与政务公开办公室关于印发《中华人民共和国政府信息公开工作年度报告格式》的通知的要求编制本报告",
	"本报告中所列数据的统计期限自年月日起至年月日止",
	"总体情况主动公开依申请公开政府信息管理政府信息公开平台建设监督保障",
	"一是加强组织领导。二是加强业务培训。三是强化监督检查",
	"以习近平新时代中国特色社会主义思想为指导,深入学习贯彻党的二十大和二十届二中、三中、四中全会精神",
	"坚持以习近平新时代中国特色社会主义思想为指导,全面贯彻落实党的十九大和十九届历次全会精神",
	"依照《政府信息公开信息处理费管理办法》的规定,本年度未收取信息处理费",
	"按照《国务院办公厅关于印发〈政府信息公开信息处理费管理办法〉的通知》(国办函〔2020〕109号)规定的按件、按量收费标准,本年度没有产生信息处理费",
	"本年度未发出收费通知,收取信息处理费0元",
	"无其他需要报告的事项,没有其他需要报告的事项",
	"未收到政府信息公开申请,未发生因政府信息公开引起的行政复议和行政诉讼",
	"没有因政府信息公开工作不力导致责任追究的情况",
	"存在的主要问题及改进情况其他需要报告的事项",
}
