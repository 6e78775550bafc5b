package web

import (
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"github.com/xuri/excelize/v2"
)

// The units of the walk over two quarters that something happens to.
const (
	sentBack = disclosure.UnitNumber(2) // one answer is returned, one issue does not apply
	quiet    = disclosure.UnitNumber(3) // never answers in the first quarter
	again    = disclosure.UnitNumber(4) // has an issue of the same kind in both
	late     = disclosure.UnitNumber(5) // leaves one of the second unanswered: overdue and escalated
	praised  = disclosure.UnitNumber(6) // has all closed in time
	receiver = disclosure.UnitNumber(7) // is given what named no unit
)

// twoQuartersNames are the units by number, from 1; the government has no issues.
var twoQuartersNames = []string{"云溪区人民政府", "云溪区教育局", "云溪区民政局", "云溪区财政局", "云溪区水务局", "云溪区司法局", "云溪区商务局", "云溪区审计局", "云溪区统计局", "云溪区医疗保障局",
	"云溪区交通运输局", "云溪区农业农村局", "云溪区应急管理局", "青山街道办事处", "柳湾街道办事处", "石桥镇人民政府", "白沙镇人民政府", "龙泉镇人民政府", "云台镇人民政府"}

func twoQuartersName(u disclosure.UnitNumber) string { return twoQuartersNames[u-1] }

// twoQuarters is a district of its own, whose clock is set on as the quarters go by.
type twoQuarters struct {
	*walk
	clock atomic.Int64
}

func openTwoQuarters(t *testing.T) *twoQuarters {
	t.Helper()
	d := &twoQuarters{}
	d.set(calendar.Day(2026, 5, 11))
	ctx := t.Context()
	x, err := openSiteAt(ctx, func() time.Time { return time.Unix(d.clock.Load(), 0).UTC() })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.store.Close() })
	var entries []store.Entry
	many := []people.Grant{}
	for k, name := range twoQuartersNames {
		u := disclosure.Unit{Number: disclosure.UnitNumber(k + 1), Name: name, Kind: disclosure.UnitDepartment, Sort: k + 1, Parent: 1}
		group := "政府部门"
		switch {
		case k == 0:
			u.Kind, u.Parent = disclosure.UnitGovernment, 0
		case k > 12:
			group = "镇街"
		}
		u.Years = []disclosure.UnitYear{{From: 2020, Group: group, Scope: disclosure.ScopeAgency, Counted: true}}
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
		if k > 0 {
			many = append(many, people.Grant{Role: people.Filer, Unit: u.Number})
		}
	}
	_, err = x.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries})
	// The bulk of the answers comes from one person who files for all units.
	p := people.Person{Account: "many", Name: "代办员", Grants: many}
	if err = errors.Join(err, staff(ctx, x), x.office.CreateDemonstration(ctx, people.Machine("os:test", "cli"), p, staffPassword)); err != nil {
		t.Fatal(err)
	}
	d.walk = &walk{t: t, x: x}
	return d
}

// set moves the clock to the morning of a day.
func (d *twoQuarters) set(day calendar.Date) {
	d.clock.Store(day.Start().Add(9 * time.Hour).Unix())
}

// listRow is a line of an evaluator's list.
type listRow struct {
	kind      int // of testedKinds
	deduction string
	facts     string
	unit      string
}

// testedKinds are the indicators that the evaluators look at: the first ones in
// the first quarter, the last ones in the second, the middle one in both.
var testedKinds = []struct {
	first, second string
	points        int
	facts         string
	category      issue.Category
}{
	{"平台建设", "链接可用", 20, "“部门信息”栏目第%d条链接打不开", "链接失效"},
	{"平台建设", "栏目更新", 20, "“工作动态”栏目第%d期未更新", "更新不及时"},
	{"监督保障", "公开指南", 20, "公开指南第%d项办公地址与实际不符", "监督保障"},
	{"内容质量", "内容准确", 20, "第%d号通知正文有错别字", "错敏字"},
	{"依申请公开", "答复规范", 20, "第%d号答复书没有写明救济渠道", "依申请公开"},
	{"解读回应", "解读材料", 20, "第%d号文件没有图文解读材料", "解读互动"},
	{"主动公开", "会议公开", 20, "第%d次常务会议的议定事项没有公开", "主动公开"},
}

const (
	kindOfBoth = 3
	lastOfOne  = 2
)

func rowOf(kind, n int, unit string) listRow {
	return listRow{kind: kind, deduction: []string{"0.2", "0.5", "1"}[n%3], facts: fmt.Sprintf(testedKinds[kind].facts, n+1), unit: unit}
}

// firstRows are 200 issues, and one of them a second time; five name no unit
// that the district has.
func firstRows() []listRow {
	var out []listRow
	for n := range 195 {
		u, kind := disclosure.UnitNumber(2+n%18), n/18%(lastOfOne+1)
		if u == again && n < 18 {
			kind = kindOfBoth
		}
		out = append(out, rowOf(kind, n, twoQuartersName(u)))
	}
	for n, unit := range []string{"", "区里某专班", "", "原来的那个局", "区里某专班"} {
		out = append(out, rowOf(n%(lastOfOne+1), 195+n, unit))
	}
	return append(out, out[0])
}

// secondRows are three issues a unit, one that comes again, and one that names
// no unit, which is receiver's.
func secondRows() []listRow {
	var out []listRow
	for n := range 54 {
		out = append(out, rowOf(kindOfBoth+1+n/18, n, twoQuartersName(disclosure.UnitNumber(2+n%18))))
	}
	return append(out, rowOf(kindOfBoth, 54, twoQuartersName(again)), rowOf(len(testedKinds)-1, 55, "会议公开专班"))
}

// listBook is the evaluator's workbook: a title, a head of two rows, the columns
// that published lists have; with scores, a 得分表 too, in which full marks minus
// deductions are the score.
func listBook(t *testing.T, title, due string, rows []listRow, scores bool) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	const sheet = "问题清单"
	var err error
	put := func(sheet string, row int, values ...any) {
		err = errors.Join(err, f.SetSheetRow(sheet, fmt.Sprintf("A%d", row), &values))
	}
	err = f.SetSheetName("Sheet1", sheet)
	put(sheet, 1, title)
	put(sheet, 2, "序号", "测评指标", "", "指标分值", "扣分", "失分原因/问题明细", "责任单位", "整改时限", "整改情况")
	put(sheet, 3, "", "一级指标", "二级指标")
	err = errors.Join(err, f.MergeCell(sheet, "A1", "I1"), f.MergeCell(sheet, "B2", "C2"))
	for _, c := range strings.Split("ADEFGHI", "") {
		err = errors.Join(err, f.MergeCell(sheet, c+"2", c+"3"))
	}
	for n, r := range rows {
		k := testedKinds[r.kind]
		put(sheet, 4+n, n+1, k.first, k.second, k.points, decimal.RequireFromString(r.deduction).InexactFloat64(), r.facts, r.unit, due, "")
	}
	if scores {
		_, sheetErr := f.NewSheet("得分表")
		err = errors.Join(err, sheetErr)
		head := []any{"单位"}
		for _, k := range testedKinds[kindOfBoth:] {
			head = append(head, fmt.Sprintf("%s(%d分)", k.second, k.points))
		}
		put("得分表", 1, append(head, "总分")...)
		for n, name := range twoQuartersNames[1:] {
			line, total := []any{name}, decimal.Zero
			for kind := kindOfBoth; kind < len(testedKinds); kind++ {
				mark := decimal.NewFromInt(int64(testedKinds[kind].points))
				for _, r := range rows {
					if r.kind == kind && (r.unit == name || r.unit == "会议公开专班" && name == twoQuartersName(receiver)) {
						mark = mark.Sub(decimal.RequireFromString(r.deduction))
					}
				}
				line, total = append(line, mark.InexactFloat64()), total.Add(mark)
			}
			put("得分表", 2+n, append(line, total.InexactFloat64())...)
		}
	}
	out, writeErr := f.WriteToBuffer()
	if err = errors.Join(err, writeErr); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// issues are those that a person sees by a filter.
func (d *twoQuarters) issues(account string, f office.IssueFilter) []office.IssueLine {
	d.t.Helper()
	f.Limit = 1000
	rows, err := d.x.office.Issues(d.t.Context(), as(d.t, d.x, account), f)
	if err != nil {
		d.t.Fatal(err)
	}
	return rows.Rows
}

// bulk does one act to many issues in the office, for what the pages were walked
// through with one.
func (d *twoQuarters) bulk(account string, m issue.Move, chosen []office.IssueLine) {
	d.t.Helper()
	var moves []office.IssueMove
	for _, l := range chosen {
		moves = append(moves, office.IssueMove{Move: m, Issue: l.ID, Seq: l.Seq})
	}
	done, err := d.x.office.DoIssues(d.t.Context(), as(d.t, d.x, account), uuid.NewString(), moves)
	if err != nil || len(done.Refused) > 0 {
		d.t.Fatalf("%s of %d: %v %+v", m.Act, len(chosen), err, done)
	}
}
