package notice

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"

	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

var now = time.Date(2026, 8, 20, 8, 0, 0, 0, time.UTC)

// factsOf counts issues as the office does.
func factsOf(quarter disclosure.Period, now, before []issue.Issue) *Facts {
	f := &Facts{Quarter: quarter, District: "澜汀区", Office: "澜汀区人民政府办公室", At: testNow(), Names: map[disclosure.UnitNumber]string{}}
	lines := func(list []issue.Issue) (out []Line, counted []issue.Line) {
		for k := range list {
			l := issue.Line{Issue: &list[k]}
			out, counted = append(out, Line{Line: l, Overdue: list[k].Overdue(f.At)}), append(counted, l)
			f.Names[list[k].Unit] = list[k].UnitText
		}
		return out, counted
	}
	var counted []issue.Line
	f.Lines, counted = lines(now)
	f.Now, f.BurnDown = issue.Summarise(counted, nil, f.At), issue.BurnDown(counted, f.At)
	f.Earlier, counted = lines(before)
	f.Before = issue.Summarise(counted, nil, f.At)
	f.Changes = issue.Changes(f.Now, f.Before)
	return f
}

func testNow() time.Time { return now }

var quarter3 = disclosure.Period{Year: 2026, Quarter: 3}

// planted are the demonstration's issues of both quarters.
func planted(t *testing.T) (now, before []issue.Issue, lists []issue.List) {
	t.Helper()
	d := demo.Generate(demo.Spec{})
	p, err := d.Issues(slices.Collect(d.Units()), testNow())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range p.Issues {
		if i.Quarter == quarter3 {
			now = append(now, i.Issue)
		} else {
			before = append(before, i.Issue)
		}
	}
	return now, before, p.Lists
}

// Comparisons fit their numbers: no negative growth, no rate on a small base.
func TestComparisons(t *testing.T) {
	for _, c := range []struct {
		now, before int
		want        string
	}{
		{12, 10, "比上季度增加2件,增长20%"},
		{7, 10, "比上季度减少3件,下降30%"},
		{10, 10, "与上季度持平"},
		{0, 0, "与上季度持平"},
		{3, 0, "上季度没有此类问题"},
		{3, 1, "比上季度增加2件"},
		{1, 4, "比上季度减少3件"},
		{0, 5, "比上季度减少5件,下降100%"},
	} {
		layout := Shipped()
		w := &writer{layout: &layout}
		if got := w.compared("change", issue.Change{Now: c.now, Before: c.before}); got != c.want {
			t.Errorf("%d after %d: %q, want %q", c.now, c.before, got, c.want)
		}
	}
	for whole, want := range map[int]string{0: "尚无交办的问题", 4: "交办的4件中已办结3件", 6: "已办结3件,整改完成率50%"} {
		layout := Shipped()
		w := &writer{layout: &layout}
		if got := w.share("rectified", "x", issue.Rate{Part: 3, Whole: whole}); got != want {
			t.Errorf("3 of %d: %q, want %q", whole, got, want)
		}
	}
}

// Every sentence has all of its places filled wherever it is said, in every
// state that a quarter can be in, and every picture says what it shows.
func TestEverySentenceIsWhole(t *testing.T) {
	all, earlier, lists := planted(t)
	for _, c := range []struct {
		name        string
		now, before []issue.Issue
		change      func(f *Facts)
	}{
		{"usual", all, earlier, func(f *Facts) {
			f.Rankings = []Ranking{{Title: "区测", Groups: lists[1].Scores.Rank(func(disclosure.UnitNumber) string { return "甲组" }), Differences: make([]issue.Difference, 2)}}
		}},
		{"nothing", nil, nil, func(*Facts) {}},
		{"first", all, nil, func(*Facts) {}},
		{"nothing new", nil, earlier, func(*Facts) {}},
		{"one", all[:1], earlier[:1], func(*Facts) {}},
		{"spring", all[:9], earlier[:9], func(f *Facts) {
			f.Reports = &Reports{Year: 2025, Due: 60, Approved: 57, Open: 2, Submitted: 1, Missing: []string{"甲局"}, Late: []Late{{Number: all[0].Unit, Unit: "乙局", Days: 3}}, Checked: 57, Errors: 4, InError: 3,
				Rules: []RuleCount{{"收办平衡", 4}}}
		}},
		{"spring, nothing filed", nil, nil, func(f *Facts) { f.Reports = &Reports{Year: 2025, Due: 60, Open: 60} }},
	} {
		f := factsOf(quarter3, c.now, c.before)
		c.change(f)
		for _, edition := range []Edition{Internal, Public} {
			layout := Shipped()
			layout.Charts = ChartOrder
			n, err := Build(f, Options{Layout: layout, Edition: edition})
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			brief, err := Brief(f, Options{Layout: layout})
			if err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
			for _, b := range append(n.Blocks, brief.Blocks...) {
				if strings.ContainsAny(b.Text, "{}") || strings.Contains(b.Text, "--") || strings.Contains(b.Text, "-0") || strings.Contains(b.Text, "。。") || strings.Contains(b.Text, "；。") || b.Kind == Text && strings.TrimSpace(b.Text) == "" {
					t.Errorf("%s, %s: %q", c.name, edition, b.Text)
				}
				if b.Chart != nil && (len([]rune(b.Chart.Summary)) < 12 || !json.Valid(b.Chart.Option)) {
					t.Errorf("%s: chart %s says %q", c.name, b.Chart.Name, b.Chart.Summary)
				}
			}
			if c.name == "usual" && len(n.Charts()) != len(ChartOrder) {
				t.Errorf("%d charts", len(n.Charts()))
			}
			if _, err := n.Xlsx(); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			if again, err := Build(f, Options{Layout: layout, Edition: edition}); err != nil || len(Changes(f, n, again)) != 0 {
				t.Errorf("%s: the same facts differ: %v (%v)", c.name, Changes(f, n, again), err)
			}
		}
	}
}

// What changed is told: a figure by its name, an issue by its number, a text.
func TestChanges(t *testing.T) {
	all, earlier, _ := planted(t)
	layout := Shipped()
	before, err := Build(factsOf(quarter3, all, earlier), Options{Layout: layout, Edition: Internal})
	if err != nil {
		t.Fatal(err)
	}
	less := slices.Clone(all[1:])
	less[3].Deduction = decimal.NewNullDecimal(decimal.RequireFromString("0.7"))
	f := factsOf(quarter3, less, earlier)
	after, err := Build(f, Options{Layout: layout, Edition: Internal, Draft: true, Texts: map[Kind]string{Requirements: "认真整改。"}})
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(Changes(f, before, after), "\n")
	for _, want := range []string{"改为征求意见稿", "本季度·问题数由100变为99", "不再有" + all[0].Number, less[3].Number + "的扣分由“", "“工作要求”新增文字:认真整改", "“工作要求”不再有文字"} {
		if !strings.Contains(said, want) {
			t.Errorf("the changes lack %q:\n%s", want, said)
		}
	}
}

func TestRules(t *testing.T) {
	conditions, err := ParseConditions("整改完成率 ≥ 90%\n\n 组内名次<=3\n上季度交办后全无反馈=0")
	if err != nil || len(conditions) != 3 || ConditionText(conditions) != "整改完成率 >= 90\n组内名次 <= 3\n上季度交办后全无反馈 = 0" {
		t.Fatalf("%v, %q", err, ConditionText(conditions))
	}
	if words := (Rule{Conditions: conditions}).Words(); words != "整改完成率不少于90%、组内名次不多于3名、没有上季度交办后全无反馈" {
		t.Errorf("the rule reads %q", words)
	}
	for _, bad := range []string{"整改完成率", "整改完成率 > 90", "名声 >= 1", "整改完成率 >= 很高", "整改完成率 >= 1e99999999999"} {
		if _, err := ParseConditions(bad); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%q is taken: %v", bad, err)
		}
	}
	// A rate of a unit to which nothing was handed over is told of nobody.
	s := &standing{unit: 1}
	if (Rule{Conditions: []Condition{{"rectified", "<=", decimal.NewFromInt(100)}}}).holds(s) {
		t.Error("a rate without a denominator fulfils a condition")
	}
}

func TestLayoutCheck(t *testing.T) {
	good := Shipped()
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(l *Layout){
		"no title":         func(l *Layout) { l.Title = " " },
		"no base":          func(l *Layout) { l.RateBase = 0 },
		"twice":            func(l *Layout) { l.Sections = append(l.Sections, Section{Kind: Scores, Heading: "x"}) },
		"unknown section":  func(l *Layout) { l.Sections[1].Kind = attached },
		"no heading":       func(l *Layout) { l.Sections[1].Heading = "" },
		"unknown chart":    func(l *Layout) { l.Charts = []string{"x"} },
		"two rules":        func(l *Layout) { l.Rules[1].ID = l.Rules[0].ID },
		"no conditions":    func(l *Layout) { l.Rules[0].Conditions = nil },
		"unknown measure":  func(l *Layout) { l.Rules[0].Conditions[0].Metric = "x" },
		"endless text":     func(l *Layout) { l.Sections[0].Text = strings.Repeat("字", mostText+1) },
		"a rule of no one": func(l *Layout) { l.Rules[0].Kind = "x" },
	} {
		l := Shipped()
		spoil(&l)
		if err := l.Check(); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	l := Layout{Title: "x", RateBase: 5}
	if err := l.Check(); err != nil || len(l.Sections) != len(Kinds) || l.Sections[0].On {
		t.Errorf("sections that are missing come back switched on, or not at all: %v %d", err, len(l.Sections))
	}
}

// The text's own addresses of leaks are dropped wherever they stand.
func TestAddressesOfLeaks(t *testing.T) {
	leak := issue.Issue{ID: "1", Number: "2026Q3-001", Quarter: quarter3, State: issue.Found, Content: issue.Content{Category: "隐私泄露", Unit: 1, UnitText: "甲局", Facts: "公示附件http://www.a.example/list.pdf泄露个人信息"}}
	dead := issue.Issue{ID: "2", Number: "2026Q3-002", Quarter: quarter3, State: issue.Found, Content: issue.Content{Category: "链接失效", Unit: 1, UnitText: "甲局", Facts: "HTTPS://a.example/list.pdf#2打不开，另见https://a.example/other"}}
	f := factsOf(quarter3, []issue.Issue{leak, dead}, nil)
	n, err := Build(f, Options{Layout: Shipped(), Edition: Public, Texts: map[Kind]string{Requirements: "请处理www.a.example/list.pdf。"}})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.ToLower(string(data)); strings.Contains(said, "list.pdf") || !strings.Contains(said, "https://a.example/other") || !strings.Contains(said, "地址略") {
		t.Errorf("the public edition says %s", said)
	}
	if d := calendar.DayOf(f.At).Chinese(); n.Date != d {
		t.Errorf("dated %s, want %s", n.Date, d)
	}
}

// Whatever a leak's address looks like, and whoever wrote it where, the public
// edition does not hold it: paths in Chinese, escaped, without scheme, known
// from an answer, from a leak of long ago.
func TestPublicEditionHoldsNoAddressOfALeak(t *testing.T) {
	at := func(n int, quarter disclosure.Period, c issue.Content) issue.Issue {
		c.Unit, c.UnitText = 1, "甲局"
		return issue.Issue{ID: strconv.Itoa(n), Number: fmt.Sprintf("%s-%03d", quarter, n), Quarter: quarter, State: issue.Found, Content: c}
	}
	leak := at(1, quarter3, issue.Content{Category: "隐私泄露", Facts: "公示泄露个人信息", Evidence: []issue.Evidence{{Address: "https://x.gov.cn/公示/1.pdf"}}})
	leak.Answers = []issue.Answer{{Link: "https://x.gov.cn/new/2.html", Text: "已移到y.gov.cn/列表/3.html查看"}}
	old := at(2, disclosure.Period{Year: 2025, Quarter: 1}, issue.Content{Category: "隐私泄露", Facts: "泄露", Evidence: []issue.Evidence{{Address: "http://www.z.gov.cn/%E5%90%8D%E5%8D%95.xls"}}})
	dead := at(3, quarter3, issue.Content{Category: "链接失效", Indicator2: "x.gov.cn/公示/1.pdf", Facts: "https://x.gov.cn/公示/1.pdf打不开,x.gov.cn/%E5%85%AC%E7%A4%BA/1.pdf也是;见X.gov.cn/new/2.html、https://y.gov.cn/列表/3.html、z.gov.cn/名单.xls。首页https://x.gov.cn/正常"})
	f := factsOf(quarter3, []issue.Issue{leak, dead}, nil)
	f.Leaks = []*issue.Issue{&old}
	f.Names[1] = "甲局https://z.gov.cn/名单.xls"
	f.Office = "办公室z.gov.cn/%E5%90%8D%E5%8D%95.xls"
	layout := Shipped()
	layout.Title += "x.gov.cn/公示/1.pdf"
	layout.Charts = ChartOrder
	n, err := Build(f, Options{Layout: layout, Edition: Public, Texts: map[Kind]string{Requirements: "请处理x.gov.cn/公示/1.pdf"}})
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(n)
	if err != nil {
		t.Fatal(err)
	}
	said := string(data)
	for _, hidden := range []string{"1.pdf", "2.html", "3.html", "名单", "%E5", "公示/"} {
		if at := strings.Index(said, hidden); at >= 0 {
			t.Errorf("the public edition says %q: …%s", hidden, said[max(0, at-80):at+20])
		}
	}
	if !strings.Contains(said, "首页https://x.gov.cn/正常") {
		t.Error("the home page is hidden too")
	}
}

// A workbook has a sheet for each attachment, whichever there are.
func TestXlsxHasASheetForEachAttachment(t *testing.T) {
	all, earlier, _ := planted(t)
	for _, c := range []struct {
		now, before []issue.Issue
		want        []string
	}{{all, earlier, []string{"附件1 问题清单", "附件2 上季度问题复核"}}, {nil, earlier, []string{"上季度问题复核"}}, {all, nil, []string{"问题清单"}}, {nil, nil, []string{"数据"}}} {
		n, err := Build(factsOf(quarter3, c.now, c.before), Options{Layout: Shipped(), Edition: Public})
		if err != nil {
			t.Fatal(err)
		}
		data, err := n.Xlsx()
		if err != nil {
			t.Fatal(err)
		}
		book, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if got := book.GetSheetList(); !slices.Equal(got, c.want) {
			t.Errorf("the sheets are %q, want %q", got, c.want)
		}
		for k, table := range n.Attached {
			rows, err := book.GetRows(c.want[k])
			if err != nil || len(rows) != len(table.Rows)+2 || rows[0][0] != table.Caption {
				t.Errorf("%s: %d rows, want %d and two above (%v)", c.want[k], len(rows), len(table.Rows), err)
			}
		}
		if p, err := book.GetDocProps(); err != nil || strings.Contains(p.Creator+p.LastModifiedBy+p.Description+p.Keywords, "xuri") || p.Creator != "" {
			t.Errorf("the workbook's properties say %+v (%v)", p, err)
		}
	}
}
