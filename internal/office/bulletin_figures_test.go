package office

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/reader"
	"mingjing/internal/issue"
)

// dashboardFigures says every figure of the dashboard by the key that the bulletin
// gives it.
func dashboardFigures(f *IssueFigures) map[string]string {
	out := map[string]string{}
	tally := func(scope string, t issue.Tally) {
		for name, n := range map[string]int{"issues": t.Issues, "handed": t.Handed, "signed": t.Signed, "answered": t.Answered, "rechecked": t.Rechecked, "settled": t.Settled,
			"not_applicable": t.NotApplicable, "returned": t.Returned, "reopened": t.Reopened, "overdue": t.Overdue, "recurring": t.Recurring, "appealed": t.Appealed, "extended": t.Extended,
			"worst_days": t.Days.Worst, "rectified.part": t.Rectified.Part, "rectified.whole": t.Rectified.Whole, "on_time.part": t.OnTime.Part, "on_time.whole": t.OnTime.Whole} {
			out[scope+"."+name] = fmt.Sprint(n)
		}
		out[scope+".deduction"], out[scope+".median_days"] = t.Deduction.String(), strings.TrimSuffix(fmt.Sprintf("%.1f", t.Days.Median), ".0")
		for name, r := range map[string]issue.Rate{"rectified": t.Rectified, "on_time": t.OnTime} {
			p, ok := r.Percent()
			out[scope+"."+name+".percent"] = p.String() + "%"
			switch {
			case !ok:
				out[scope+"."+name+"_rate"] = "—"
			case r.Whole < 5:
				out[scope+"."+name+"_rate"] = fmt.Sprintf("%d/%d", r.Part, r.Whole)
			default:
				out[scope+"."+name+"_rate"] = p.String() + "%"
			}
		}
	}
	tally("now", f.All)
	tally("before", f.Before.All)
	units := map[issue.Category]int{}
	for k, u := range f.Units {
		tally(fmt.Sprintf("unit/%d", u.Unit), u.Tally)
		for c, cell := range f.Matrix[k] {
			if cell.Issues > 0 && u.Unit != 0 {
				units[f.Categories[c].Category]++
			}
		}
	}
	all := 0
	for _, u := range f.Units {
		if u.Unit != 0 {
			all++
		}
	}
	out["now.units"] = fmt.Sprint(all)
	for _, c := range f.Categories {
		tally("now/"+string(c.Category), c.Tally)
		out["now/"+string(c.Category)+".units"] = fmt.Sprint(units[c.Category])
	}
	for _, c := range f.Before.Categories {
		tally("before/"+string(c.Category), c.Tally)
	}
	for _, c := range f.Changes {
		key := "change"
		if c.Category != "" {
			key += "/" + string(c.Category)
		}
		by := c.Now - c.Before
		p, _ := c.Percent()
		out[key+".by"], out[key+".before"], out[key+".percent"] = fmt.Sprint(max(by, -by)), fmt.Sprint(c.Before), p.Abs().String()+"%"
	}
	out["before.open"] = fmt.Sprint(f.Before.All.Issues - f.Before.All.Settled)
	out["before.silent"] = fmt.Sprint(len(f.Before.Silent))
	recurring := map[disclosure.UnitNumber]bool{}
	for _, o := range f.Repeat {
		if o.Now > 0 {
			recurring[o.Unit] = true
		}
	}
	out["now.recurring_units"] = fmt.Sprint(len(recurring))
	for n, r := range f.Rankings {
		scored := 0
		earned, of := issue.Places(r.Groups)
		for _, g := range r.Groups {
			for _, u := range g.Units {
				scored++
				at, rank := fmt.Sprintf("ranking/%d/unit/%d", n, u.Unit), fmt.Sprint(u.Rank)
				if u.Tied {
					rank += "（并列）"
				}
				out[at+".rank"], out[at+".score"], out[at+".earned"], out[at+".of"] = rank, u.Score.StringFixed(2), u.Earned.StringFixed(earned), u.Of.StringFixed(of)
				out[fmt.Sprintf("unit/%d.rank", u.Unit)] = fmt.Sprintf("%s第%d名", g.Group, u.Rank)
			}
		}
		out[fmt.Sprintf("ranking/%d.units", n)], out[fmt.Sprintf("ranking/%d.differences", n)] = fmt.Sprint(scored), fmt.Sprint(len(r.Differences))
	}
	return out
}

// Each number in the Word document is the number on the dashboard: the document
// is read back by the intake, its sentences and tables are those of the model,
// and every figure of the model is the dashboard's. No number stands in a
// sentence that is not such a figure.
func TestBulletinSaysTheDashboardsNumbers(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	data, n, err := o.MakeBulletin(ctx, o.supervisor, thirdQuarter, notice.Internal, true, "docx")
	if err != nil {
		t.Fatal(err)
	}
	figures, err := o.IssueFigures(ctx, o.supervisor, IssueFilter{Quarter: thirdQuarter})
	if err != nil {
		t.Fatal(err)
	}
	want, got := dashboardFigures(figures), n.Figures()
	escalated := 0
	for key, said := range got {
		if strings.HasSuffix(key, ".escalated") {
			escalated++
			continue // counted below, against the planted ones
		}
		expected := want[key]
		if strings.HasPrefix(key, "unit/") && strings.HasSuffix(said, "件") {
			expected += "件"
		}
		if said != expected {
			t.Errorf("%s: the bulletin says %q, the dashboard %q", key, said, expected)
		}
	}
	if len(got) < 150 || escalated == 0 {
		t.Errorf("only %d figures, %d units named by the ladder", len(got), escalated)
	}
	digits := regexp.MustCompile(`\d[\d.]*%?`)
	dated := strings.NewReplacer("2026年8月20日", "", "2026年", "", "×100", "", "第1名", "")
	for _, b := range n.Blocks {
		if b.Kind != notice.Text || b.Own || b.Section == "attached" || strings.HasPrefix(b.Text, "点名规则") {
			continue
		}
		known := map[string]bool{"2": strings.Contains(b.Text, "附件2")}
		for _, f := range b.Numbers {
			for _, d := range digits.FindAllString(f.Text, -1) {
				known[d] = true
			}
		}
		ours, _, _ := strings.Cut(b.Text, "主要有") // what follows quotes the lists
		for _, d := range digits.FindAllString(dated.Replace(ours), -1) {
			if !known[strings.TrimSuffix(d, ".")] {
				t.Errorf("%q says %s, which is no figure", b.Text, d)
			}
		}
	}
	readBack(t, data, n)
}

// readBack reads the Word document as any other and compares it with the model.
func readBack(t *testing.T, data []byte, n *notice.Notice) {
	t.Helper()
	doc, err := reader.Read(context.Background(), "n.docx", data)
	if err != nil {
		t.Fatal(err)
	}
	var paragraphs []string
	var grids []*document.Grid
	for _, b := range doc.Blocks {
		if b.Grid != nil {
			grids = append(grids, b.Grid)
		} else if b.Text != "" {
			paragraphs = append(paragraphs, b.Text)
		}
	}
	at, tables := 0, 0
	compare := func(table *notice.Table) {
		if tables >= len(grids) {
			t.Fatalf("%s is not in the document", table.Caption)
		}
		grid := grids[tables]
		layout := grid.Layout()
		tables++
		if grid.Rows != len(table.Rows)+1 {
			t.Fatalf("%s has %d rows, want %d", table.Caption, grid.Rows, len(table.Rows)+1)
		}
		for r, row := range table.Rows {
			for c, cell := range row {
				if got := strings.TrimSpace(layout[r+1][c].Text); got != strings.TrimSpace(cell.Text) {
					t.Errorf("%s, row %d, column %d: %q, want %q", table.Caption, r+1, c+1, got, cell.Text)
				}
			}
		}
	}
	for _, b := range n.Blocks {
		if b.Table != nil {
			compare(b.Table)
		}
		if b.Kind == notice.Heading || b.Kind == notice.Text {
			k := slices.IndexFunc(paragraphs[at:], func(p string) bool { return strings.TrimSpace(p) == strings.TrimSpace(b.Text) })
			if k < 0 {
				t.Errorf("the document does not say %q there", b.Text)
				continue
			}
			at += k + 1
		}
	}
	for i := range n.Attached {
		compare(&n.Attached[i])
	}
}

// Units are named that ought to be: those at which the ladder has come to it.
func TestBulletinNamesEscalatedUnits(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	facts, err := o.bulletinFacts(ctx, o.supervisor, thirdQuarter)
	if err != nil {
		t.Fatal(err)
	}
	want := map[disclosure.UnitNumber]bool{}
	for _, l := range append(slices.Clone(facts.Lines), facts.Earlier...) {
		late := calendar.Shipped().WorkdaysBetween(l.Due.Date, calendar.Day(2026, 8, 20))
		if l.Overdue && late >= 5 {
			want[l.Unit] = true
		}
	}
	layout := notice.Shipped()
	for _, by := range notice.Naming(facts, layout.Rules) {
		if by.Rule.ID != "C1" {
			continue
		}
		for _, u := range by.Units {
			if !want[u.Unit] {
				t.Errorf("%s is named", u.Name)
			}
			delete(want, u.Unit)
		}
	}
	if len(want) > 0 {
		t.Errorf("not named: %v", want)
	}
}

// The brief is one page however long names are: LibreOffice counts.
func TestBriefIsOnePage(t *testing.T) {
	o, ctx := newBulletinOffice(t), context.Background()
	n, err := o.Brief(ctx, o.supervisor, thirdQuarter)
	if err != nil {
		t.Fatal(err)
	}
	got := n.Figures()
	figures, err := o.IssueFigures(ctx, o.supervisor, IssueFilter{Quarter: thirdQuarter})
	if err != nil {
		t.Fatal(err)
	}
	want := dashboardFigures(figures)
	for key, said := range got {
		if w, ok := want[key]; ok && w != said {
			t.Errorf("%s: the brief says %q, the dashboard %q", key, said, w)
		}
	}
	if !HasPDF() {
		t.Skip("no LibreOffice here to count pages; the page itself is counted in a browser")
	}
	facts, err := o.bulletinFacts(ctx, o.supervisor, thirdQuarter)
	if err != nil {
		t.Fatal(err)
	}
	for name, long := range map[string]bool{"usual": false, "long": true} {
		if long {
			for u := range facts.Names {
				facts.Names[u] += "综合行政执法大队派驻机构办公室"
			}
			facts.District += "经济技术开发区高新技术产业园区"
			facts.Unapproved = append(facts.Unapproved, strings.Repeat("还有一件事没有办理。", 20))
		}
		n, err := notice.Brief(facts, notice.Options{Layout: notice.Shipped(), Draft: true})
		if err != nil {
			t.Fatal(err)
		}
		data, err := o.printed(ctx, n, "pdf", n.BriefDocx)
		if err != nil {
			t.Fatal(err)
		}
		if pages := len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(data, -1)); pages != 1 {
			t.Errorf("%s: the brief has %d pages", name, pages)
		}
	}
}
