package notice

import (
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/bulletin/word"
	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
)

// writer puts a notice together.
type writer struct {
	facts   *Facts
	layout  *Layout
	out     *Notice
	section Kind
	counts  [4]int // of headings, by level
	pending []Number
	failed  error // of a chart
}

// Options say which notice is built.
type Options struct {
	Layout  Layout
	Edition Edition
	Draft   bool
	// Texts are the district's own words for this one notice, in place of those
	// of the layout's section of the kind.
	Texts map[Kind]string
}

// Build makes a quarter's bulletin. Error: a chart that cannot be made.
func Build(f *Facts, o Options) (*Notice, error) {
	w := &writer{facts: f, layout: &o.Layout, out: &Notice{Quarter: f.Quarter, To: bulletin.Official(o.Layout.To), Sign: f.Office,
		Date: calendar.DayOf(f.At).Chinese(), Edition: o.Edition, Draft: o.Draft, At: f.At}}
	w.out.Title = strings.NewReplacer("{季度}", issue.QuarterName(f.Quarter), "{区}", f.District).Replace(o.Layout.Title)
	w.attachments()
	sections := map[Kind]func(){Opening: w.opening, Scores: w.scores, Recheck: w.recheck, Findings: w.findings, Statistics: w.statistics,
		Named: w.named, Filed: w.reports, Requirements: func() {}, Own: func() {}}
	for _, s := range o.Layout.Sections {
		if t, ok := o.Texts[s.Kind]; ok && s.Kind != Own {
			s.Text = t
		}
		if !s.On || s.InternalOnly && o.Edition == Public || s.Kind == Filed && f.Reports == nil || s.Text == "" && (s.Kind == Requirements || s.Kind == Own) {
			continue
		}
		w.section = s.Kind
		if s.Kind == Opening {
			w.own(s.Text)
			w.opening()
			continue
		}
		w.heading(1, s.Heading)
		sections[s.Kind]()
		w.own(s.Text)
	}
	if len(w.out.Attached) > 0 {
		w.section = attached
		for k, t := range w.out.Attached {
			switch {
			case len(w.out.Attached) == 1:
				w.text(w.say("attached", text("list", t.Caption)))
			case k == 0:
				w.text(w.say("attached", text("list", word.Number(3, 1)+t.Caption)))
			default: // under the first
				w.text("　　　" + word.Number(3, k+1) + t.Caption)
			}
		}
	}
	if w.failed == nil && w.out.Edition == Public {
		w.failed = w.out.withhold(f.leakAddresses())
	}
	return w.out, w.failed
}

// heading adds a heading with its number: 一、 （一） 1. （1）.
func (w *writer) heading(level int, words string) {
	w.counts[level-1]++
	for i := level; i < len(w.counts); i++ {
		w.counts[i] = 0
	}
	w.out.Blocks = append(w.out.Blocks, Block{Kind: Heading, Section: w.section, Level: level, Text: word.Number(level, w.counts[level-1]) + bulletin.Official(words)})
}

// text adds a paragraph of our own sentences.
func (w *writer) text(parts ...string) {
	words := bulletin.Official(strings.Join(parts, ""))
	if words != "" {
		w.out.Blocks = append(w.out.Blocks, Block{Kind: Text, Section: w.section, Text: words, Numbers: w.pending})
	}
	w.pending = nil
}

// own adds the district's words, a paragraph a line.
func (w *writer) own(words string) {
	for _, line := range strings.Split(words, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			w.out.Blocks = append(w.out.Blocks, Block{Kind: Text, Section: w.section, Text: bulletin.Official(w.shown(line)), Own: true})
		}
	}
}

func (w *writer) table(t Table) {
	w.out.Blocks = append(w.out.Blocks, Block{Kind: Grid, Section: w.section, Table: &t})
}

func (w *writer) names(units []disclosure.UnitNumber) []string {
	out := make([]string, len(units))
	for i, u := range units {
		out[i] = w.facts.name(u)
	}
	return out
}

func (w *writer) date() string { return calendar.DayOf(w.facts.At).Chinese() }

func key(scope, measure string) string { return scope + "." + measure }
