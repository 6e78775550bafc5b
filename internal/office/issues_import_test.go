package office

import (
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/document"
	"mingjing/internal/issue"

	"github.com/google/uuid"
)

// csvReaders reads the lists of the tests in this process; files as they come
// are the reader's own tests.
type csvReaders struct{ intake.Reader }

func (csvReaders) Document(_ context.Context, _ string, data []byte) (*document.Document, error) {
	out := &document.Document{Format: "csv"}
	for _, part := range strings.Split(string(data), "\n\n") {
		r := csv.NewReader(strings.NewReader(part))
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil {
			return nil, err
		}
		g := &document.Grid{Rows: len(rows)}
		for i, row := range rows {
			g.Cols = max(g.Cols, len(row))
			for k, text := range row {
				g.Cells = append(g.Cells, document.Cell{Row: i, Col: k, RowSpan: 1, ColSpan: 1, Text: text})
			}
		}
		out.Blocks = append(out.Blocks, document.Block{Grid: g})
	}
	return out, nil
}

const evaluatorsList = `一级指标,二级指标,指标分值,扣分,失分原因,责任单位,整改时限
主动公开,会议公开,3,0.5,未公开会议解读,示例单位2,2026-03-25
主动公开,会议公开,3,0.5,未公开会议解读,示例单位2,2026-03-25
平台,栏目更新,5,1,通知公告栏目未更新,示例单位3,3月25日
平台,栏目更新,5,1,页面打不开,没有的单位,`

func TestListsComeInOnceAfterAPreview(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	src := IssueSource{Name: "清单.csv", Data: []byte(evaluatorsList)}
	opts := IssueImportOptions{List: o.list.ID}
	p, err := o.PreviewIssues(ctx, o.evaluator, src, opts)
	if err != nil || p.Asked || p.New != 3 || p.Twins != 1 || p.UnitNames[2] != "示例单位2" || len(p.Rows[3].Problems) == 0 {
		t.Fatalf("%v: %+v", err, p)
	}
	waiting, err := o.BringIncoming(ctx, o.evaluator, o.list.ID, IncomingList, src.Name, src.Data)
	if err != nil {
		t.Fatal(err)
	}
	act, second := uuid.NewString(), IssueSource{Waiting: waiting}
	in, err := o.ImportIssues(ctx, o.evaluator, act, second, opts)
	if err != nil || len(in.IDs) != 3 || len(in.Skipped) != 1 || len(in.List.Files) != 1 {
		t.Fatalf("%v: %+v", err, in)
	}
	again, err := o.ImportIssues(ctx, o.evaluator, act, second, opts)
	if err != nil || len(again.IDs) != 3 {
		t.Errorf("the same act once more: %v, %+v", err, again)
	}
	if _, err := o.ImportIssues(ctx, o.evaluator, uuid.NewString(), second, opts); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("the same waiting file once more: %v", err)
	}
	if _, err := o.ImportIssues(ctx, o.evaluator, uuid.NewString(), src, opts); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("the same list once more: %v", err)
	}
	if _, err := o.PreviewIssues(ctx, o.rival, src, opts); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("another evaluator's list: %v", err)
	}
	if _, err := o.PreviewIssues(ctx, o.filer, src, IssueImportOptions{Form: IssueListForm{Quarter: q3, Round: issue.RoundCity}}); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a unit imports a list: %v", err)
	}
	rows, err := o.Issues(ctx, o.supervisor, IssueFilter{Unassigned: true})
	if err != nil || rows.Total != 1 || rows.Rows[0].Number != "2026Q1-003" {
		t.Errorf("%v: %+v", err, rows)
	}
}

func TestUnknownHeadsAreAskedForAndRemembered(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	src := IssueSource{Name: "a.csv", Data: []byte("问题,责任单位,奇怪的列\n栏目空白,示例单位2,2026-03-25\n")}
	opts := IssueImportOptions{List: o.list.ID}
	p, err := o.PreviewIssues(ctx, o.supervisor, src, opts)
	if err != nil || !p.Asked {
		t.Fatalf("%v: asked %t", err, p.Asked)
	}
	if _, err := o.ImportIssues(ctx, o.supervisor, uuid.NewString(), src, opts); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("imported without a look: %v", err)
	}
	m := p.Mapping
	m.Heads[0].Columns[2].Role = issue.RoleDue
	opts.Mapping = &m
	if _, err := o.ImportIssues(ctx, o.supervisor, uuid.NewString(), src, opts); err != nil {
		t.Fatal(err)
	}
	src.Data = []byte("问题,责任单位,奇怪的列\n链接失效,示例单位3,2026-03-26\n")
	p, err = o.PreviewIssues(ctx, o.evaluator, src, IssueImportOptions{List: o.list.ID})
	if err != nil || p.Asked || p.Rows[0].Due.String() != "2026-03-26" {
		t.Errorf("the heads are not remembered: %v, %+v", err, p)
	}
}

func TestScoresComeWithTheList(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	data := evaluatorsList + "\n\n单位,会议公开(3分),栏目更新(5分),总分\n示例单位2,2.5,不涉及,2.5\n示例单位3,3,3.5,6.5\n"
	in, err := o.ImportIssues(ctx, o.evaluator, uuid.NewString(), IssueSource{Name: "a.csv", Data: []byte(data)}, IssueImportOptions{Form: IssueListForm{Quarter: q3, Round: issue.RoundCity}})
	if err != nil || in.List.Scores == nil || len(in.List.Scores.Units) != 2 || in.List.Scores.Units[0].Unit != 2 {
		t.Fatalf("%v: %+v", err, in)
	}
	if len(in.Differences) != 1 || in.Differences[0].Unit != 3 || in.Differences[0].Lost.String() != "1.5" {
		t.Errorf("differences %+v, want unit 3's 1.5 against 1", in.Differences)
	}
	if !strings.Contains(in.List.Title, "市测") {
		t.Errorf("title %s", in.List.Title)
	}
}

func TestWhatSaysThatItIsDone(t *testing.T) {
	for text, want := range map[string]bool{"已整改": true, "已完成整改": true, "整改到位": true, "已办结": true, "已销号": true, "链接已修复": true, "不适用(无此项业务,没有发布)": true, "完成": true,
		"": false, "已交办": false, "已督办": false, "已转办": false, "已通知": false, "已收到": false, "正在整改": false, "部分已整改": false, "尚未完成": false, "未整改": false, "计划已完成方案": false,
		"整改不到位": false, "是否整改": false, "已要求整改": false, "已发布整改通知": false, "已落实责任人": false} {
		if rectified(text) != want {
			t.Errorf("%q is taken as done: %v", text, !want)
		}
	}
}

func TestListsOfThePastComeInSettled(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	past := "失分原因,责任单位,整改情况\n通知公告栏目未更新,示例单位2,已整改\n链接失效,示例单位2,正在整改\n错别字,示例单位2,已督办\n没有此项业务,示例单位3,不适用(已发布说明)\n"
	before := issue.Before(q3)
	in, err := o.ImportIssues(ctx, o.supervisor, uuid.NewString(), IssueSource{Name: "a.csv", Data: []byte(past)},
		IssueImportOptions{Form: IssueListForm{Quarter: before, Round: issue.RoundDistrict}, Historic: true})
	if err != nil {
		t.Fatal(err)
	}
	for k, told := range []bool{false, true, true, false} {
		if got := strings.Contains(strings.Join(in.Rows[k].Problems, ""), "仍待办理"); got != told {
			t.Errorf("row %d is said to come in open: %v", k, got)
		}
	}
	rows, err := o.Issues(ctx, o.supervisor, IssueFilter{Quarter: before})
	if err != nil || rows.States[issue.Closed] != 1 || rows.States[issue.Found] != 2 || rows.States[issue.NotApplicable] != 1 {
		t.Errorf("%v: %+v", err, rows.States)
	}
	i := o.enter(o.supervisor, "政策文件栏目未更新", 2)
	if i.Recurs != 1 || len(i.Earlier) != 1 || i.Earlier[0].Quarter != before {
		t.Errorf("recurs %d, earlier %+v", i.Recurs, i.Earlier)
	}
}

// A second score sheet goes into the marks that stand: what it does not have
// stays, and what it has otherwise wants a person's word.
func TestASecondScoreSheetGoesIntoTheFirst(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	bring := func(text string, opts IssueImportOptions) error {
		t.Helper()
		opts.List = o.list.ID
		_, err := o.ImportIssues(ctx, o.evaluator, uuid.NewString(), IssueSource{Name: "得分表.csv", Data: []byte(text)}, opts)
		return err
	}
	marks := func() string {
		t.Helper()
		l, _, err := o.heldList(ctx, o.list.ID)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, u := range l.Scores.Units {
			line := u.UnitText
			for _, m := range u.Marks {
				line += " " + issue.MarkText(m)
			}
			if u.Total.Valid {
				line += " =" + u.Total.Decimal.String()
			}
			out = append(out, line)
		}
		return strings.Join(out, "; ")
	}
	if err := bring("单位,会议公开(3分),栏目更新(5分),总分\n示例单位2,2.5,4,6.5\n示例单位3,3,5,8\n没有的局,3,3.5,6.5\n", IssueImportOptions{}); err != nil {
		t.Fatal(err)
	}
	// Two units and one new indicator: of marks nothing is otherwise, but two
	// totals were printed over fewer of them.
	second := "单位,栏目更新(5分),年报(2分)\n示例单位3,5,1.5\n没有的局,,2\n"
	p, err := o.PreviewIssues(ctx, o.evaluator, IssueSource{Name: "得分表.csv", Data: []byte(second)}, IssueImportOptions{List: o.list.ID})
	if err != nil || !p.Joins || p.KeptMarks != 4 || len(p.Remarks) != 2 || p.Remarks[0] != (issue.Remark{UnitText: "示例单位3", Was: "8"}) {
		t.Fatalf("%v: %+v", err, p)
	}
	wantRefusal(t, "totals go without a word", bring(second, IssueImportOptions{}), disclosure.ErrInvalid, "2处")
	if err := bring(second, IssueImportOptions{Remarks: issue.RemarksPrint(p.Remarks)}); err != nil {
		t.Fatal(err)
	}
	const want = "示例单位2 2.5 4  =6.5; 示例单位3 3 5 1.5; 没有的局 3 3.5 2"
	if got := marks(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	third := "单位,会议公开(3分),栏目更新(5分)\n示例单位2,2,4\n示例单位4,,1\n"
	if p, err = o.PreviewIssues(ctx, o.evaluator, IssueSource{Name: "得分表.csv", Data: []byte(third)}, IssueImportOptions{List: o.list.ID}); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "a mark changed after it was confirmed", bring(strings.ReplaceAll(third, "2,2,4", "2,1,4"), IssueImportOptions{Remarks: issue.RemarksPrint(p.Remarks)}), disclosure.ErrInvalid)
	if err := bring(third, IssueImportOptions{Remarks: issue.RemarksPrint(p.Remarks)}); err != nil {
		t.Fatal(err)
	}
	if got := marks(); got != "示例单位2 2 4 ; 示例单位3 3 5 1.5; 没有的局 3 3.5 2; 示例单位4  1 " {
		t.Error(got)
	}
}
