package notice

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"mingjing/internal/issue"

	"github.com/shopspring/decimal"
)

// The sentences are data: a name and its words, with {places} for figures.
//
//go:embed sentences.json
var shippedSentences []byte

var sentences = func() map[string]string {
	out := map[string]string{}
	if err := json.Unmarshal(shippedSentences, &out); err != nil {
		panic(err) // a fault of the build
	}
	return out
}()

// value is what stands in a place of a sentence: a figure when it has a key.
type value struct{ place, key, text string }

func text(place, words string) value { return value{place: place, text: words} }

func count(place, key string, n int) value { return value{place, key, strconv.Itoa(n)} }

func figure(place, key string, d decimal.Decimal) value { return value{place, key, d.String()} }

// rate is a share in percent, as issue.Rate tells it.
func rate(place, key string, r issue.Rate) value {
	p, _ := r.Percent()
	return value{place, key, p.String() + "%"}
}

// say fills a sentence; the figures in it wait for the paragraph that they are
// put into. A place that nobody fills is a fault that the tests find.
func (w *writer) say(name string, values ...value) string {
	out, ok := sentences[name]
	if !ok {
		panic("notice: no sentence " + name)
	}
	for _, v := range values {
		if strings.Contains(out, "{"+v.place+"}") {
			out = strings.ReplaceAll(out, "{"+v.place+"}", v.text)
			if v.key != "" {
				w.pending = append(w.pending, Number{v.key, v.text})
			}
		}
	}
	return out
}

// compared says how a count stands to the one of the quarter before, in words
// that fit both: no rate on a small or empty base, no negative growth, and
// 持平 when they are equal.
func (w *writer) compared(key string, c issue.Change) string {
	diff := c.Now - c.Before
	name := "change.up"
	if diff < 0 {
		name, diff = "change.down", -diff
	}
	values := []value{count("by", key+".by", diff), count("before", key+".before", c.Before)}
	switch {
	case diff == 0:
		return w.say("change.same")
	case c.Before == 0:
		return w.say("change.new")
	case c.Before < w.layout.RateBase:
		return w.say(name+".few", values...)
	}
	p, _ := c.Percent()
	return w.say(name, append(values, value{"percent", key + ".percent", p.Abs().String() + "%"})...)
}

// share says a part of a whole: as a rate where the whole bears one, in numbers
// otherwise.
func (w *writer) share(name, key string, r issue.Rate) string {
	switch {
	case r.Whole == 0:
		return w.say(name + ".none")
	case r.Whole < w.layout.RateBase:
		return w.say(name+".few", count("part", key+".part", r.Part), count("whole", key+".whole", r.Whole))
	}
	return w.say(name, count("part", key+".part", r.Part), count("whole", key+".whole", r.Whole), rate("percent", key+".percent", r))
}

// listed joins names: 甲、乙、丙.
func listed(names []string) string { return strings.Join(names, "、") }

func plain(d decimal.NullDecimal) string {
	if !d.Valid {
		return ""
	}
	return d.Decimal.String()
}

func days(d issue.Days) (median, worst string) {
	return strconv.FormatFloat(d.Median, 'f', -1, 64), fmt.Sprint(d.Worst)
}
