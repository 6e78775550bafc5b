package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/reader"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/shopspring/decimal"
)

// readBack is a Word document as the product's own reader has it: its
// paragraphs, and its tables by their captions, cell by cell. Punctuation is
// told in half width.
type readBack struct {
	paragraphs []string
	tables     map[string][][]string
}

var halfWidth = strings.NewReplacer("，", ",", "：", ":", "；", ";", "（", "(", "）", ")")

func (d *twoQuarters) readBulletin(docx []byte) readBack {
	d.t.Helper()
	doc, err := reader.Read(d.t.Context(), "通报.docx", docx)
	if err != nil {
		d.t.Fatal(err)
	}
	out := readBack{tables: map[string][][]string{}}
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			out.paragraphs = append(out.paragraphs, strings.TrimSpace(halfWidth.Replace(b.Text)))
			continue
		}
		var rows [][]string
		for _, row := range b.Grid.Layout() {
			var cells []string
			for _, c := range row {
				cells = append(cells, strings.TrimSpace(halfWidth.Replace(c.Text)))
			}
			rows = append(rows, cells)
		}
		out.tables[out.paragraphs[len(out.paragraphs)-1]] = rows
	}
	return out
}

func (r readBack) has(text string) bool {
	return slices.ContainsFunc(r.paragraphs, func(p string) bool { return strings.Contains(p, text) })
}

// line is the paragraph that begins so, without its beginning.
func (r readBack) line(begins string) string {
	for _, p := range r.paragraphs {
		if rest, ok := strings.CutPrefix(p, begins); ok {
			return rest
		}
	}
	return ""
}

// unitsIn are the units that a text names.
func unitsIn(text string) []string {
	var out []string
	for _, name := range twoQuartersNames[1:] {
		if strings.Contains(text, name) {
			out = append(out, name)
		}
	}
	return out
}

// proveBulletin proves that the second quarter's bulletin names the right units,
// and that its numbers are the dashboard's.
func (d *twoQuarters) proveBulletin(r readBack) {
	d.t.Helper()
	t := d.t
	names := func(what, text string, want ...disclosure.UnitNumber) {
		t.Helper()
		var wanted []string
		for _, u := range want {
			wanted = append(wanted, twoQuartersName(u))
		}
		if got := unitsIn(text); text == "" || !slices.Equal(got, wanted) {
			t.Errorf("%s: the bulletin says %q, want %v", what, text, wanted)
		}
	}
	names("no 整改 report", r.line("交办后至今没有报送整改情况的单位(1家):"), quiet)
	names("recurring", r.line("同类问题反复出现的有1件,涉及单位1家:"), again)
	names("overdue and escalated", r.line("问题逾期未反馈,按督办期限已到“通报点名”:"), quiet, late)
	names("overdue in the quarter before", r.line("上季度问题逾期未反馈:"), quiet)
	names("repeat offenders", r.line("同类问题反复出现:"), again)
	names("praised", r.line("整改及时、质量较高:"), praised)
	for _, sentence := range []string{"复核中退回重改1件", "按不适用(附说明)处理1件"} {
		if !r.has(sentence) {
			t.Errorf("the bulletin does not say %q", sentence)
		}
	}
	open := map[string]int{}
	for _, row := range r.tables["上季度未办结问题"] {
		open[row[1]+" "+row[len(row)-1]]++
	}
	delete(open, "责任单位 办理情况")
	want := map[string]int{twoQuartersName(sentBack) + " 退回重改": 1, twoQuartersName(quiet) + " 已交办(逾期,通报点名)": 11}
	if !maps.Equal(open, want) {
		t.Errorf("open of the quarter before are %v, want %v", open, want)
	}
	for caption, n := range map[string]int{issue.QuarterName(secondQuarter) + "政务公开问题清单": 56, issue.QuarterName(firstQuarter) + "问题整改复核情况表": 200} {
		if rows := len(r.tables[caption]) - 1; rows != n {
			t.Errorf("%s has %d rows, want %d", caption, rows, n)
		}
	}
	escalated := slices.IndexFunc(r.tables[issue.QuarterName(secondQuarter)+"政务公开问题清单"], func(row []string) bool {
		return row[1] == twoQuartersName(late) && slices.Contains(row, "已交办(逾期,通报点名)")
	})
	if escalated < 0 {
		t.Errorf("the list does not say that %s's issue is overdue and escalated", twoQuartersName(late))
	}
	d.proveNumbers(r)
}

// boardTable is a table of the quarter's board, as the page has it: rows by
// their first cell, cells by their heads.
type boardTable map[string]map[string]string

func (d *twoQuarters) boardTables(selector string) boardTable {
	d.t.Helper()
	text := evaluate[string](d.t, d.ctx, fmt.Sprintf(`JSON.stringify(Object.assign({}, ...Array.from(document.querySelectorAll('%s')).map(t => {
		const heads = Array.from(t.tHead.rows[t.tHead.rows.length - 1].cells).map(c => c.textContent.trim());
		return Object.assign({}, ...Array.from(t.tBodies[0].rows).map(r => ({[r.cells[0].textContent.trim()]:
			Object.assign({}, ...Array.from(r.cells).map((c, i) => { const e = c.cloneNode(true); e.querySelectorAll('small, .flag, .note').forEach(n => n.remove()); return {[heads[i]]: e.textContent.trim()} }))})))})))`, selector))
	out := boardTable{}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		d.t.Fatal(err)
	}
	return out
}

var firstNumber = regexp.MustCompile(`\d[\d.]*`)

// proveNumbers holds the document's figures against those of the page /quarter
// and those of office.IssueFigures.
func (d *twoQuarters) proveNumbers(r readBack) {
	t := d.t
	figures, err := d.x.office.IssueFigures(t.Context(), as(t, d.x, supervisor), office.IssueFilter{Quarter: secondQuarter})
	if err != nil {
		t.Fatal(err)
	}
	d.open("/quarter?quarter=" + secondQuarter.String())
	d.shoot("board-second")
	units, categories := d.boardTables(`.quarter [id^="rows-group"] table`), d.boardTables(`section[aria-labelledby="title-categories"] .twin table`)

	// The heads of the document's tables, and those of the board.
	columns := map[string]string{"问题": "问题", "本季度": "问题", "扣分": "扣分", "办结": "已办结", "逾期": "逾期", "反复": "重复"}
	check := func(caption string, board boardTable, tally map[string]issue.Tally) {
		rows, compared := r.tables[caption], 0
		for _, row := range rows[min(1, len(rows)):] {
			counted, known := tally[row[0]]
			if !known {
				t.Errorf("%s: there is no %s on the dashboard", caption, row[0])
				continue
			}
			says := map[string]string{"问题": fmt.Sprint(counted.Issues), "本季度": fmt.Sprint(counted.Issues), "扣分": counted.Deduction.String(), "交办": fmt.Sprint(counted.Handed),
				"办结": fmt.Sprint(counted.Settled), "逾期": fmt.Sprint(counted.Overdue), "反复": fmt.Sprint(counted.Recurring)}
			for k, head := range rows[0] {
				want, ok := says[head]
				if ok && row[k] != want {
					t.Errorf("%s: %s of %s is %q, the office counts %q", caption, head, row[0], row[k], want)
				}
				if column := columns[head]; column != "" && row[0] != "合计" {
					compared++
					if page := board[row[0]][column]; page != row[k] {
						t.Errorf("%s: %s of %s is %q, the page says %q", caption, head, row[0], row[k], page)
					}
				}
			}
		}
		if compared < 12 {
			t.Errorf("%s: only %d numbers could be compared with the page: %v", caption, compared, board)
		}
	}
	byUnit, byCategory := map[string]issue.Tally{}, map[string]issue.Tally{"合计": figures.All}
	for _, u := range figures.Units {
		byUnit[twoQuartersName(u.Unit)] = u.Tally
	}
	for _, c := range figures.Categories {
		byCategory[string(c.Category)] = c.Tally
	}
	check("各单位问题办理情况", units, byUnit)
	check("问题分类统计", categories, byCategory)

	// The sentences, and the cards of the board.
	all := figures.All
	for _, sentence := range []string{
		fmt.Sprintf("本季度共发现问题%d件", all.Issues), fmt.Sprintf("累计扣分%s分", all.Deduction), fmt.Sprintf("其中已交办%d件", all.Handed),
		fmt.Sprintf("签收%d件,反馈%d件,复核通过%d件,办结%d件(其中不适用%d件);退回重改%d件,逾期未反馈%d件", all.Signed, all.Answered, all.Rechecked, all.Settled, all.NotApplicable, all.Returned, all.Overdue),
		fmt.Sprintf("共发现问题%d件,交办%d件", figures.Before.All.Issues, figures.Before.All.Handed),
		fmt.Sprintf("比上季度减少%d件", figures.Before.All.Issues-all.Issues),
	} {
		if !r.has(sentence) {
			t.Errorf("the bulletin does not say %q", sentence)
		}
	}
	cards := map[string]string{}
	text := evaluate[string](t, d.ctx, `JSON.stringify(Object.assign({}, ...Array.from(document.querySelectorAll('.wrongs article')).map(a => ({[a.querySelector('h2').textContent]: (a.querySelector('.big') || {}).textContent || ''}))))`)
	if err := json.Unmarshal([]byte(text), &cards); err != nil {
		t.Fatal(err)
	}
	for label, n := range map[string]int{d.x.server.text.say("quarter.issues"): all.Issues, d.x.server.text.say("quarter.settled"): all.Settled, d.x.server.text.say("quarter.overdue"): all.Overdue} {
		if firstNumber.FindString(cards[label]) != fmt.Sprint(n) {
			t.Errorf("the board's %s is %q, want %d", label, cards[label], n)
		}
	}
	if all.Issues != 56 || all.Overdue != 1 || all.Recurring != 1 || all.Settled != 3 || figures.Before.All.Issues != 200 || figures.Before.All.Settled != 188 {
		t.Errorf("the quarter counts %+v, the one before %+v", all, figures.Before.All)
	}
	if n := len(r.tables["政府部门得分与排名"]) + len(r.tables["镇街得分与排名"]) - 2; n != 18 {
		t.Errorf("%d units are ranked, want 18", n)
	}
	for _, ranking := range figures.Rankings {
		if len(ranking.Differences) > 0 {
			t.Errorf("marks and deductions do not agree: %+v", ranking.Differences)
		}
		for _, g := range ranking.Groups {
			for k, u := range g.Units {
				row := r.tables[g.Group+"得分与排名"][k+1]
				if score, err := decimal.NewFromString(row[4]); err != nil || row[1] != twoQuartersName(u.Unit) || !score.Equal(u.Score) {
					t.Errorf("rank %d of %s is %v, the office says %s with %s", k+1, g.Group, row, twoQuartersName(u.Unit), u.Score)
				}
			}
		}
	}
}
