package web

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

// listsDesk is a site of its own for tests of lists: departments in two groups,
// and no list yet.
var listsDesk = sync.OnceValues(func() (*site, error) {
	ctx := context.Background()
	x, err := openSite(ctx)
	if err != nil {
		return nil, err
	}
	var entries []store.Entry
	for n, name := range []string{"清源区人民政府", "清源区财政局", "清源区教育局", "清源区民政局", "柳湾街道办事处", "石桥镇人民政府"} {
		u := disclosure.Unit{Number: disclosure.UnitNumber(n + 1), Name: name, Kind: disclosure.UnitDepartment, Sort: n + 1, Parent: 1}
		group := "其他部门"
		switch {
		case n == 0:
			u.Kind, u.Parent = disclosure.UnitGovernment, 0
		case n >= 4:
			group = "镇街"
		}
		u.Years = []disclosure.UnitYear{{From: 2020, Group: group, Scope: disclosure.ScopeAgency, Counted: true}}
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	if _, err := x.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test"}, Entries: entries}); err != nil {
		return nil, err
	}
	return x, staff(ctx, x)
})

var enterRival sync.Once

func openListsDesk(t *testing.T) *site {
	t.Helper()
	x, err := listsDesk()
	if err != nil {
		t.Fatal(err)
	}
	enterRival.Do(func() { enter(t, x, rival, people.Grant{Role: people.Evaluator}) })
	return x
}

// newList makes a list that evaluator evaluates.
func newList(t *testing.T, x *site, q disclosure.Period, round issue.Round) string {
	t.Helper()
	l, err := x.office.PutIssueList(t.Context(), visitorFor(t, x, evaluator), uuid.NewString(), office.IssueListForm{Quarter: q, Round: round, Source: "第三方测评机构"})
	if err != nil {
		t.Fatal(err)
	}
	return l.ID
}

// xlsxOf is a workbook: names of sheets, each followed by its rows.
func xlsxOf(t *testing.T, sheets ...any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	name := ""
	for _, part := range sheets {
		switch part := part.(type) {
		case string:
			if name == "" {
				if err := f.SetSheetName("Sheet1", part); err != nil {
					t.Fatal(err)
				}
			} else if _, err := f.NewSheet(part); err != nil {
				t.Fatal(err)
			}
			name = part
		case [][]any:
			for r, row := range part {
				if err := f.SetSheetRow(name, fmt.Sprintf("A%d", r+1), &row); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// evaluatorsBook is a list with a score table, as evaluators send them: one unit is
// unknown, one day and one deduction cannot be read, one row stands there twice,
// one head is strange. What it means is remembered, so that each test has its own.
func evaluatorsBook(t *testing.T, strange string) []byte {
	return xlsxOf(t, "问题清单", [][]any{{"2026年第一季度政务公开区测问题清单"}, {"序号", "一级指标", "二级指标", "指标分值", "扣分", "失分原因", "责任单位", strange},
		{1, "主动公开", "会议公开", 6, 0.5, "未公开第二次局务会议的议定事项", "清源区财政局", "2026-04-15"},
		{2, "平台建设", "栏目更新", 5, 1, "“通知公告”栏目超过6个月未更新,见https://www.example.gov.cn/tzgg/1.html", "清源区教育局", "尽快"},
		{3, "平台建设", "栏目更新", 5, "若干", "“政策文件”栏目空白", "清源区某某中心", "2026-04-15"},
		{4, "主动公开", "会议公开", 6, 0.5, "未公开第二次局务会议的议定事项。", "清源区财政局", "2026-04-15"}},
		"得分表", [][]any{{"单位", "会议公开(6分)", "栏目更新(5分)", "总分"}, {"清源区财政局", 5.5, 5, 10.5}, {"清源区教育局", 6, 3.5, 9.5}, {"柳湾街道办事处", "不涉及", 5, 5}, {"石桥镇人民政府", 6, 5, 11}})
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, data := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// filledBook is a list's workbook as it goes out, with texts written in.
func filledBook(t *testing.T, x *site, list string, cells map[string]string) []byte {
	t.Helper()
	data, _, err := x.office.EvaluationBook(t.Context(), visitorFor(t, x, evaluator), list)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for at, text := range cells {
		if err := f.SetCellStr("测评", at, text); err != nil {
			t.Fatal(err)
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
