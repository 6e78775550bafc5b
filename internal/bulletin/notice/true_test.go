package notice

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
)

// saidBy is all that a notice says in sentences.
func saidBy(t *testing.T, n *Notice, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, b := range n.Blocks {
		out = append(out, b.Text)
	}
	return strings.Join(out, "\n")
}

// The ladder goes by the calendar: a reminder is told of where one is on record,
// and each issue's quarter is said.
func TestRemindersAreToldWhereRecorded(t *testing.T) {
	all, earlier, _ := planted(t)
	f := factsOf(quarter3, all, earlier)
	var unit disclosure.UnitNumber
	for _, lines := range [][]Line{f.Lines, f.Earlier} {
		for k := range lines {
			if l := &lines[k]; l.Overdue && (unit == 0 || l.Unit == unit) && l.Unit != 0 {
				unit, l.Escalated, l.Reminders = l.Unit, true, nil
			}
		}
	}
	if unit == 0 {
		t.Fatal("nothing is overdue")
	}
	detail := func() string {
		for _, by := range Naming(f, Shipped().Rules) {
			for _, u := range by.Units {
				if by.Rule.ID == "C1" && u.Unit == unit {
					return u.Detail
				}
			}
		}
		return ""
	}
	if said := detail(); !regexp.MustCompile(`^(本|上)季度\d+件.*,最长逾期[1-9]\d*天$`).MatchString(said) {
		t.Errorf("named for %q", said)
	}
	bulletinText := func() string {
		n, err := Build(f, Options{Layout: Shipped(), Edition: Internal})
		b, briefErr := Brief(f, Options{Layout: Shipped()})
		return saidBy(t, n, err) + saidBy(t, b, briefErr)
	}
	if said := bulletinText(); strings.Contains(said, "催办") {
		t.Error("a reminder is told of that is not on record")
	}
	once := now.Add(-24 * time.Hour)
	for _, lines := range [][]Line{f.Lines, f.Earlier} {
		for k := range lines {
			if lines[k].Escalated {
				lines[k].Reminders = []time.Time{once}
			}
		}
	}
	if said := detail(); !strings.HasSuffix(said, ",经1次催办") {
		t.Errorf("one reminder on record: %q", said)
	}
	if said := bulletinText(); !strings.Contains(said, "其中经催办的") {
		t.Error("the brief does not tell of the reminder")
	}
}

// Without a quarter before nothing is compared, and it is said once.
func TestNothingToCompareWith(t *testing.T) {
	all, _, _ := planted(t)
	f := factsOf(quarter3, all, nil)
	n, err := Build(f, Options{Layout: Shipped(), Edition: Internal})
	said := saidBy(t, n, err)
	if strings.Contains(said, "上季度没有此类问题") || strings.Contains(said, "比上季度") || strings.Count(said, "上季度没有问题记录") != 1 {
		t.Errorf("a comparison with nothing:\n%s", said)
	}
	for _, b := range n.Blocks {
		if b.Table != nil && b.Table.Name == "categories" {
			for _, row := range b.Table.Rows {
				if row[2].Text != "—" {
					t.Errorf("%s: the quarter before has %s", row[0].Text, row[2].Text)
				}
			}
		}
	}
	brief, err := Brief(f, Options{Layout: Shipped()})
	if said := saidBy(t, brief, err); strings.Count(said, "上季度没有问题记录") != 1 || strings.Contains(said, "（）") {
		t.Errorf("the brief says %s", said)
	}
}

// What section 二 lists as overdue, criticism and the brief name too.
func TestOverdueOfTheQuarterBeforeAgrees(t *testing.T) {
	all, earlier, _ := planted(t)
	f := factsOf(quarter3, all, earlier)
	n, err := Build(f, Options{Layout: Shipped(), Edition: Internal})
	said := saidBy(t, n, err)
	brief, err := Brief(f, Options{Layout: Shipped()})
	inBrief := saidBy(t, brief, err)
	line := regexp.MustCompile(`上季度问题逾期未反馈\d+件，涉及单位\d+家：(.*)。`)
	named := regexp.MustCompile(`\n上季度问题逾期未反馈：(.*)。`).FindStringSubmatch(said)
	listed := line.FindStringSubmatch(said)
	if listed == nil || named == nil {
		t.Fatalf("nobody is named:\n%s", said)
	}
	sorted := func(s string) []string {
		out := strings.Split(s, "、")
		slices.Sort(out)
		return out
	}
	if !slices.Equal(sorted(listed[1]), sorted(named[1])) || !strings.Contains(inBrief, listed[0][:strings.Index(listed[0], "家：")]) {
		t.Errorf("section 二 names %s, criticism %s", listed[1], named[1])
	}
}

// The brief's brackets are pairs, a group's name stands once, and a list that is
// cut says of how many.
func TestBriefReadsWell(t *testing.T) {
	if got := bulletin.Official("问题12件(比上季度增加1件,增长9.1%),交办"); got != "问题12件（比上季度增加1件，增长9.1%），交办" {
		t.Error(got)
	}
	names := strings.Split("甲,乙,丙,丁,戊,己,庚,辛,壬,癸", ",")
	if got := few(names); got != "甲、乙、丙、丁、戊、己、庚、辛等10家,名单见通报" {
		t.Error(got)
	}
	all, earlier, lists := planted(t)
	f := factsOf(quarter3, all, earlier)
	groups := lists[1].Scores.Rank(func(disclosure.UnitNumber) string { return "甲组" })
	for k := range groups[0].Units {
		if k < 2 {
			groups[0].Units[k].Rank = 1
		}
	}
	f.Rankings = []Ranking{{Title: "区测", Groups: groups}}
	n, err := Brief(f, Options{Layout: Shipped()})
	for _, p := range strings.Split(saidBy(t, n, err), "\n") {
		if strings.Count(p, "甲组") > 1 || strings.Contains(p, "%)") || strings.Count(p, "（") != strings.Count(p, "）") {
			t.Errorf("the brief says %q", p)
		}
	}
}

// A column of rates has one form, and those that nobody answers for stand last.
func TestTablesOfRates(t *testing.T) {
	all, earlier, _ := planted(t)
	all = slices.Clone(all)
	all[0].Unit, all[0].UnitText = 0, ""
	f := factsOf(quarter3, all, earlier)
	f.Names[0] = ""
	n, err := Build(f, Options{Layout: Shipped(), Edition: Internal})
	saidBy(t, n, err)
	rate, met := regexp.MustCompile(`^(—|[\d.]+%)$`), 0
	for _, b := range n.Blocks {
		if b.Table == nil {
			continue
		}
		for k, c := range b.Table.Columns {
			for r, row := range b.Table.Rows {
				if c.Label == "整改完成率" && !rate.MatchString(row[k].Text) {
					t.Errorf("%s has a rate %q", b.Table.Name, row[k].Text)
				}
				if b.Table.Name == "units" && k == 0 && row[0].Text == "待分办" {
					if met++; r != len(b.Table.Rows)-1 {
						t.Errorf("待分办 stands in row %d of %d", r+1, len(b.Table.Rows))
					}
				}
			}
		}
	}
	if met != 1 {
		t.Errorf("待分办 stands %d times", met)
	}
}

// Marks that wait for a check are told of in a draft alone; the standards read
// as an official puts them; nobody named, no heading.
func TestFinalEditionAndStandards(t *testing.T) {
	all, earlier, lists := planted(t)
	f := factsOf(quarter3, all, earlier)
	f.Rankings = []Ranking{{Title: "区测", Groups: lists[1].Scores.Rank(func(disclosure.UnitNumber) string { return "甲组" }), Differences: make([]issue.Difference, 1)}}
	for _, draft := range []bool{true, false} {
		n, err := Build(f, Options{Layout: Shipped(), Edition: Internal, Draft: draft})
		if said := saidBy(t, n, err); strings.Contains(said, "处不一致") != draft {
			t.Errorf("draft %t: of the differences it says %t", draft, !draft)
		}
	}
	n, err := Build(f, Options{Layout: Shipped(), Edition: Internal})
	said := saidBy(t, n, err)
	if !strings.Contains(said, "得分居本组第一，且没有逾期未反馈问题的，予以表扬") || strings.Contains(said, "不多于") || strings.Contains(said, "不少于") || strings.Contains(said, "：无。") {
		t.Errorf("the standards read:\n%s", said)
	}
	n, err = Build(factsOf(quarter3, nil, nil), Options{Layout: Shipped(), Edition: Internal})
	said = saidBy(t, n, err)
	if strings.Contains(said, "予以批评\n") || strings.Contains(said, "：无。") || strings.Count(said, "没有符合表扬或批评标准的单位") != 1 {
		t.Errorf("nobody is named:\n%s", said)
	}
}
