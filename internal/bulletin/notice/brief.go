package notice

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/bulletin/word"
	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
)

// Bounds that keep the brief on one side of A4: how many names stand in a
// list, how many lines the paragraphs fill together, and the chart's height in
// points of the drawer. 263 mm are 745 points: 34 and 30 for the title, 70 for
// the table, 218 for the chart with its name, 17 lines of 23 for the text.
const (
	mostBriefNames  = 8
	mostBriefLines  = 17 // of text on the page
	BriefChartSpace = 250
)

// Brief is the quarter on one side of A4, for leaders: figures, one chart, who
// is named. It is handed out on paper or as a file.
func Brief(f *Facts, o Options) (*Notice, error) {
	w := &writer{facts: f, layout: &o.Layout, section: briefing, out: &Notice{Quarter: f.Quarter, Title: f.District + issue.QuarterName(f.Quarter) + "政务公开问题简报",
		Sign: f.Office, Date: calendar.DayOf(f.At).Chinese(), Edition: Internal, Draft: o.Draft, At: f.At}}
	all, before := f.Now.All, f.Before.All
	w.text(w.say("brief.line", text("date", w.date()), text("quarter", issue.QuarterName(f.Quarter)), count("issues", "now.issues", all.Issues),
		text("change", w.compared("change", f.change(""))), count("handed", "now.handed", all.Handed), text("rectified", w.share("rectified", "now.rectified", all.Rectified)),
		count("overdue", "now.overdue", all.Overdue), count("recurring", "now.recurring", all.Recurring)))
	if before.Issues > 0 {
		w.text(w.say("brief.before", count("issues", "before.issues", before.Issues), text("rectified", w.share("rectified", "before.rectified", before.Rectified)),
			count("open", "before.open", f.openBefore())))
	}
	w.table(w.briefTable())
	c, says, err := w.categoryChart()
	if err != nil {
		return nil, err
	}
	if says != "" {
		c.Name, c.Title, c.Summary, c.Height = "categories", ChartNames["categories"], ChartNames["categories"]+":"+says, BriefChartSpace
		w.out.Blocks = append(w.out.Blocks, Block{Kind: Picture, Section: w.section, Chart: &c})
	}
	w.briefNames()
	if len(f.Unapproved) > 0 {
		w.text(w.say("brief.unapproved", text("list", bulletin.Fit(strings.Join(f.Unapproved, ""), 70))))
	}
	fitBrief(w.out.Blocks)
	return w.out, nil
}

func (f *Facts) openBefore() int {
	n := 0
	for _, l := range f.Earlier {
		if !l.State.Settled() && l.State != issue.Withdrawn {
			n++
		}
	}
	return n
}

// briefTable holds the chief figures beside those of the quarter before.
func (w *writer) briefTable() Table {
	now, before := w.facts.Now.All, w.facts.Before.All
	t := Table{Name: "chief", Columns: []Column{{Label: "", Width: .16}}}
	quarters := []struct {
		label, scope string
		tally        issue.Tally
	}{{"本季度", "now", now}, {"上季度", "before", before}}
	figures := []struct {
		label, name string
		of          func(issue.Tally) string
	}{
		{"问题", "issues", func(t issue.Tally) string { return strconv.Itoa(t.Issues) }},
		{"扣分", "deduction", func(t issue.Tally) string { return t.Deduction.String() }},
		{"交办", "handed", func(t issue.Tally) string { return strconv.Itoa(t.Handed) }},
		{"办结", "settled", func(t issue.Tally) string { return strconv.Itoa(t.Settled) }},
		{"整改完成率", "rectified_rate", func(t issue.Tally) string { return w.rateText(t.Rectified) }},
		{"按期反馈率", "on_time_rate", func(t issue.Tally) string { return w.rateText(t.OnTime) }},
		{"逾期", "overdue", func(t issue.Tally) string { return strconv.Itoa(t.Overdue) }},
	}
	for _, f := range figures {
		t.Columns = append(t.Columns, Column{Label: f.label, Width: .12})
	}
	for _, q := range quarters {
		row := []Cell{{Text: q.label}}
		for _, f := range figures {
			row = append(row, Cell{f.of(q.tally), key(q.scope, f.name)})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// few joins the first names and says how many there are.
func few(names []string) string {
	if len(names) <= mostBriefNames {
		return listed(names)
	}
	return listed(names[:mostBriefNames]) + "等"
}

func (w *writer) briefNames() {
	f := w.facts
	var most []string
	for _, c := range mostCategories(f.Now.Categories) {
		most = append(most, w.say("brief.most.item", text("category", string(c.Category)), count("n", "now/"+string(c.Category)+".issues", c.Issues)))
	}
	if len(most) > 0 {
		w.text(w.say("brief.most", text("list", listed(most))))
	}
	if n, units := f.escalated(); n > 0 {
		w.text(w.say("brief.escalated", count("n", "escalated.issues", n), text("names", few(w.names(units)))))
	}
	var first []string
	for _, r := range f.Rankings {
		for _, g := range r.Groups {
			for _, u := range g.Units {
				if u.Rank == 1 {
					first = append(first, fmt.Sprintf("%s%s", groupName(g.Group), w.ranked(u)))
				}
			}
		}
	}
	if len(first) > 0 {
		w.text(w.say("brief.first", text("list", few(first))))
	}
	if len(f.Before.Silent) > 0 {
		w.text(w.say("brief.silent", count("n", "before.silent", len(f.Before.Silent)), text("names", few(w.names(f.Before.Silent)))))
	}
	named := map[RuleKind][]string{}
	for _, by := range Naming(f, w.layout.Rules) {
		for _, u := range by.Units {
			again := false
			for _, met := range named[by.Rule.Kind] {
				again = again || met == u.Name
			}
			if !again {
				named[by.Rule.Kind] = append(named[by.Rule.Kind], u.Name)
			}
		}
	}
	if n := named[Criticise]; len(n) > 0 {
		w.text(w.say("brief.named", count("n", "named.criticise", len(n)), text("names", few(n))))
	} else {
		w.text(w.say("brief.clean"))
	}
	if n := named[Praise]; len(n) > 0 {
		w.text(w.say("brief.praised", count("n", "named.praise", len(n)), text("names", few(n))))
	}
}

// The brief's type, in points, and its lines.
const (
	briefSize = word.SizePage
	briefLine = 23.0
)

// briefPage leaves 174 by 263 mm.
func briefPage() word.Page { return word.Plain(17, 17, 18, 18) }

// briefLines is how many lines a paragraph fills; its first is indented.
func briefLines(words string) int {
	perLine := briefPage().Width() / 25.4 * 72 / briefSize
	return int(math.Ceil((word.Length(words) + 2.5) / (perLine - 0.5)))
}

// fitBrief cuts paragraphs until all of them fit: to three lines each, then two,
// then one.
func fitBrief(blocks []Block) {
	for most := 3; most > 0; most-- {
		lines := 0
		for _, b := range blocks {
			if b.Kind == Text {
				lines += min(most, briefLines(b.Text))
			}
		}
		if lines > mostBriefLines && most > 1 {
			continue
		}
		for i := range blocks {
			b := &blocks[i]
			if b.Kind != Text || briefLines(b.Text) <= most {
				continue
			}
			letters := []rune(b.Text)
			for len(letters) > 1 && briefLines(string(letters)+"…") > most {
				letters = letters[:len(letters)-1]
			}
			b.Text = string(letters) + "…"
			b.Numbers = slices.DeleteFunc(b.Numbers, func(n Number) bool { return !strings.Contains(b.Text, n.Text) })
		}
		return
	}
}

// BriefDocx is the brief as a Word document of one page.
func (n *Notice) BriefDocx(pictures [][]byte) ([]byte, error) {
	if len(pictures) != len(n.Charts()) {
		return nil, fmt.Errorf("notice: %d pictures for %d charts", len(pictures), len(n.Charts()))
	}
	d := word.New(briefPage())
	d.Subject = n.Title
	size := min(20, d.Page().Width()/25.4*72/max(1, word.Length(n.Title))) // one line, whatever the district is called
	d.Add(word.Paragraph{Style: word.StyleTitle, After: 4, Line: 34, Runs: []word.Run{{Text: n.Title, Size: math.Floor(size*2) / 2}}})
	under := n.Sign + "　" + n.Date
	if n.Draft {
		under += "　（含未审定数据，" + DraftMark + "）"
	}
	d.Add(word.Paragraph{Style: word.StyleCaption, After: 6, Runs: []word.Run{{Text: bulletin.Official(strings.TrimSpace(under)), Font: word.FontKai, Size: word.SizeSmall4}}})
	for _, b := range n.Blocks {
		switch b.Kind {
		case Text:
			d.Add(word.Paragraph{Style: word.StyleBody, Line: briefLine, Runs: []word.Run{{Text: b.Text, Size: briefSize}}})
		case Grid:
			d.Gap()
			d.Table(b.Table.word(d.Page().Width(), word.Size5))
			d.Gap()
		case Picture:
			d.Picture(word.Picture{PNG: pictures[0], Width: d.Page().Width(), Alt: b.Chart.Summary})
			d.Add(word.Text(word.StyleCaption, b.Chart.Title))
			pictures = pictures[1:]
		}
	}
	return d.Bytes()
}

// mostCategories are the three with the most issues.
func mostCategories(all []issue.CategoryTally) []issue.CategoryTally {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b issue.CategoryTally) int { return b.Issues - a.Issues })
	return out[:min(3, len(out))]
}

// escalated counts the issues of both quarters at which the ladder has come to
// naming the unit, and lists these units.
func (f *Facts) escalated() (n int, units []disclosure.UnitNumber) {
	for _, s := range f.standings() {
		if s.escalated > 0 {
			n += s.escalated
			units = append(units, s.unit)
		}
	}
	return n, units
}
