package web

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/PuerkitoBio/goquery"
)

// Each role finds its own board: across units, or one unit's and nothing of
// another's.
func TestQuarterByRole(t *testing.T) {
	x := atBoard(t, "ordinary")
	names, err := x.office.UnitNames(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, account := range []string{supervisor, leader, evaluator} {
		w := ask(x, account, GET, "/quarter", nil)
		if w.Code != http.StatusOK {
			t.Fatalf("%s is answered %d: %.300s", account, w.Code, w.Body)
		}
		says(t, "the board of "+account, w, []string{"2026年第一季度问题整改看板", "最需督促的单位", "单位与问题类别", "得分和名次", "data-chart=\"data-heat\""}, []string{"window.pwned=1</script>"})
	}
	for _, account := range []string{filer, reviewer, otherFiler} {
		w := ask(x, account, GET, "/quarter", nil)
		own := grants[account].Unit
		if w.Code != http.StatusOK {
			t.Fatalf("%s is answered %d: %.300s", account, w.Code, w.Body)
		}
		says(t, "the board of "+account, w, []string{names[own] + ":2026年第一季度问题整改情况"}, []string{"最需督促的单位", "单位与问题类别", "得分和名次", "unit=3\""})
		for n, name := range names {
			if n != own && !strings.Contains(names[own], name) && strings.Contains(w.Body.String(), name) {
				t.Errorf("%s finds %s on the board", account, name)
			}
		}
		for _, download := range []string{"group1.csv", "heat.csv", "scores1.csv"} {
			if w := ask(x, account, GET, "/quarter?download="+download, nil); w.Code != http.StatusNotFound {
				t.Errorf("%s downloads %s: %d", account, download, w.Code)
			}
		}
		if w := ask(x, account, GET, "/quarter?unit=3", nil); w.Code != http.StatusForbidden {
			t.Errorf("%s asks for another unit's board and is answered %d", account, w.Code)
		}
	}
	for path, code := range map[string]int{"/quarter?quarter=2026": 400, "/quarter?round=x": 400, "/quarter?unit=999": 404, "/quarter?unit=0": 404, "/quarter?unit=x": 404,
		"/quarter?quarter=2030Q1": 200, "/quarter?quarter=2030Q1&download=funnel.csv": 404, "/quarter?list=none": 200, "/issues?came=x": 400, "/issues?stand=x": 400} {
		if w := ask(x, supervisor, GET, path, nil); w.Code != code {
			t.Errorf("%s answers %d, want %d", path, w.Code, code)
		}
	}
	if w := ask(x, admin, GET, "/quarter", nil); w.Code != http.StatusForbidden {
		t.Errorf("an administrator is answered %d", w.Code)
	}
}

// The numbers on the page are those of the office, and each leads to as many
// issues as it says.
func TestQuarterNumbersLeadToWhatTheyCount(t *testing.T) {
	x := atBoard(t, "ordinary")
	for _, sc := range []struct{ account, path string }{{supervisor, "/quarter"}, {leader, "/quarter?quarter=2025Q4"}, {filer, "/quarter"}, {supervisor, "/quarter?unit=5"}, {evaluator, "/quarter"}} {
		v := visitorFor(t, x, sc.account)
		f := office.IssueFilter{}
		if sc.account == filer {
			f.Lead = grants[filer].Unit
		}
		if strings.Contains(sc.path, "unit=5") {
			f.Lead = 5
		}
		if strings.Contains(sc.path, "2025Q4") {
			f.Quarter = disclosure.Period{Year: 2025, Quarter: 4}
		}
		figures, err := x.office.IssueFigures(t.Context(), v, f)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(ask(x, sc.account, GET, sc.path, nil).Body)
		if err != nil {
			t.Fatal(err)
		}
		cards := []string{}
		doc.Find(".wrongs .big").Each(func(_ int, e *goquery.Selection) { cards = append(cards, strings.TrimSpace(e.Text())) })
		for k, n := range []int{figures.All.Issues, figures.All.Settled, figures.All.Overdue} {
			if cards[k] != strconv.Itoa(n)+"个" {
				t.Errorf("%s for %s: card %d says %s, the office %d", sc.path, sc.account, k, cards[k], n)
			}
		}
		met := 0
		doc.Find(`table.rows td.n > a[href^="/issues?"], .wrongs .big a[href^="/issues?"], .states a[href^="/issues?"] b`).Each(func(_ int, e *goquery.Selection) {
			text := strings.NewReplacer("个", "", ",", "").Replace(strings.TrimSpace(e.Text()))
			n, err := strconv.Atoi(text)
			if err != nil {
				return // a rate
			}
			href := e.AttrOr("href", e.Parent().AttrOr("href", ""))
			at, _ := url.Parse(href)
			filter, err := issueFilterOf(at.Query())
			if err != nil {
				t.Errorf("%s: %v", href, err)
				return
			}
			rows, err := x.office.Issues(t.Context(), v, filter)
			if err != nil || rows.Total != n {
				t.Errorf("%s for %s: %d leads to %s with %d (%v)", sc.path, sc.account, n, href, rows.Total, err)
			}
			met++
		})
		if met < 20 {
			t.Errorf("%s for %s: only %d numbers lead to a list", sc.path, sc.account, met)
		}
	}
}

// A rate under the floor is two counts, never a percentage, on the page and in
// the files.
func TestSmallQuartersHaveNoRates(t *testing.T) {
	x := atBoard(t, "single")
	w := ask(x, supervisor, GET, "/quarter", nil)
	page := w.Body.String()
	if !strings.Contains(page, "4个中") || strings.Contains(page, "%</") {
		t.Error("the page of four issues shows percentages, or no counts")
	}
	list := ask(x, supervisor, GET, "/quarter?download=group1.csv", nil).Body.String()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(list, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || len(rows[0]) != 16 {
		t.Fatalf("%v: %q", err, rows)
	}
	if strings.Contains(list, "%") || strings.Contains(list, "1/4") {
		t.Errorf("the file holds a rate of four, or a date to be: %s", list)
	}
}

// A crowded quarter is cut on the map and whole in the files.
func TestCrowdedQuarterIsCut(t *testing.T) {
	x := atBoard(t, "crowded")
	w := ask(x, supervisor, GET, "/quarter", nil)
	says(t, "the crowded board", w, []string{"其余", "all=1#title-heat", "在图中列出全部单位"}, nil)
	all := ask(x, supervisor, GET, "/quarter?all=1", nil)
	says(t, "the whole map", all, []string{"图中每组只列问题最多的单位"}, []string{"在图中列出全部单位"})
	list := ask(x, supervisor, GET, "/quarter?download=heat.csv", nil).Body.String()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(list, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 161 || len(rows[0]) != 2+30+1+1 || rows[0][33] != "标注" || !strings.Contains(list, "逾期") {
		t.Errorf("%v: %d rows, head %q", err, len(rows), rows[0])
	}
}

// What the charts mark stands in their files too.
func TestDownloadsCarryMarks(t *testing.T) {
	for _, path := range []string{"/?year=2022", "/compare?code=T3_NEW_RECEIVED_TOT&year=2022&years=2021,2022,2023", "/units/2"} {
		doc, err := goquery.NewDocumentFromReader(get(t, district, path, "", "").Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"trend", "matrix", "ranking1", "history"} {
			section := doc.Find(`[aria-labelledby="title-` + name + `"]`)
			flags := section.Find("a.flag").Length()
			if section.Length() == 0 || flags == 0 {
				continue
			}
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			list := get(t, district, path+sep+"download="+name+".csv", "", "").Body.String()
			if n := strings.Count(list, "待核实"); n < flags || !strings.Contains(list, ",标注\r\n") {
				t.Errorf("%s: %s shows %d marks, its file has %d", path, name, flags, n)
			}
		}
	}
	list := get(t, district, "/?year=2022&download=trend.csv", "", "").Body.String()
	if !strings.Contains(list, "待核实") {
		t.Error("the trend's file carries no mark")
	}
}

func TestGreatestKeepsTheOrder(t *testing.T) {
	got := greatest([]int{1, 9, 3, 9, 2}, 3)
	if len(got) != 3 || got[0] != 1 || got[1] != 2 || got[2] != 3 {
		t.Errorf("the three greatest are %v", got)
	}
	if len(issue.Steps) != len(issue.StepNames) {
		t.Error("a step has no name")
	}
}
