package office

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

func wantRefusal(t *testing.T, what string, err error, code disclosure.ErrorCode, says ...string) {
	t.Helper()
	if disclosure.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s", what, err, code)
		return
	}
	for _, s := range says {
		if !strings.Contains(disclosure.Sentence(err), s) {
			t.Errorf("%s says %q, want %q in it", what, disclosure.Sentence(err), s)
		}
	}
}

// A file that waits is its bringer's alone, is nothing of the log, and no upload
// for a report.
func TestWaitingListsAreTheirBringersAlone(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	before, err := o.store.LastSeq(ctx)
	if err != nil {
		t.Fatal(err)
	}
	id, err := o.BringIncoming(ctx, o.evaluator, o.list.ID, IncomingList, "清单.csv", []byte(evaluatorsList))
	if err != nil {
		t.Fatal(err)
	}
	f, err := o.Incoming(ctx, o.evaluator, o.list.ID, IncomingList, id)
	if err != nil || f.Name != "清单.csv" {
		t.Fatalf("%v: %+v", err, f)
	}
	p, err := o.PreviewIssues(ctx, o.evaluator, IssueSource{Waiting: id}, f.Options(o.list.ID))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.store.OpenFile(p.File.SHA256); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("the file is kept before anybody confirmed it: %v", err)
	}
	if after, err := o.store.LastSeq(ctx); err != nil || after != before {
		t.Errorf("the preview wrote into the log: %d to %d, %v", before, after, err)
	}
	for name, err := range map[string]error{
		"the supervisor": func() error { _, err := o.Incoming(ctx, o.supervisor, o.list.ID, IncomingList, id); return err }(),
		"a rival":        func() error { _, err := o.Incoming(ctx, o.rival, o.list.ID, IncomingList, id); return err }(),
		"as a workbook":  func() error { _, err := o.Incoming(ctx, o.evaluator, o.list.ID, IncomingBook, id); return err }(),
		"as an upload":   func() error { _, err := o.OpenUpload(ctx, o.evaluator, id); return err }(),
		"imported by the supervisor": func() error {
			_, err := o.ImportIssues(ctx, o.supervisor, uuid.NewString(), IssueSource{Waiting: id}, IssueImportOptions{List: o.list.ID})
			return err
		}(),
	} {
		wantRefusal(t, name, err, disclosure.ErrNotFound)
	}
	if err := o.DropIncoming(ctx, o.evaluator, o.list.ID, IncomingList, id); err != nil {
		t.Fatal(err)
	}
	if left, err := o.Incomings(ctx, o.evaluator, o.list.ID); err != nil || len(left) != 0 {
		t.Errorf("%v: %+v", err, left)
	}
}

// Two evaluators who found the same thing do not learn of each other; the
// supervisor is told.
func TestDuplicatesDoNotTellOfOtherEvaluatorsLists(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	data := []byte("问题明细,责任单位\n通知公告栏目未更新,示例单位2\n")
	if _, err := o.ImportIssues(ctx, o.evaluator, uuid.NewString(), IssueSource{Name: "a.csv", Data: data}, IssueImportOptions{List: o.list.ID}); err != nil {
		t.Fatal(err)
	}
	other, err := o.PutIssueList(ctx, o.rival, uuid.NewString(), IssueListForm{Quarter: q3, Round: issue.RoundCity})
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.PreviewIssues(ctx, o.rival, IssueSource{Name: "b.csv", Data: data}, IssueImportOptions{List: other.ID})
	if err != nil || p.New != 1 || p.Rows[0].Twin != nil {
		t.Errorf("the rival is told: %v, %+v", err, p)
	}
	p, err = o.PreviewIssues(ctx, o.supervisor, IssueSource{Name: "b.csv", Data: data}, IssueImportOptions{List: other.ID})
	if err != nil || p.Twins != 1 || p.Rows[0].Twin.Number != "2026Q1-001" {
		t.Errorf("the supervisor is not told: %v, %+v", err, p)
	}
}

// Of two people who confirm the same list at once one takes it in, and the other
// is told that its rows are on file; a button pressed twice changes nothing.
func TestListsConfirmedAtOnceComeInOnce(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	src, opts := IssueSource{Name: "清单.csv", Data: []byte(evaluatorsList)}, IssueImportOptions{List: o.list.ID}
	same := uuid.NewString()
	var wg sync.WaitGroup
	errs := make([]error, 6)
	for k := range errs {
		wg.Add(1)
		go func() {
			defer wg.Done()
			v, act := o.evaluator, same
			if k%2 == 1 {
				v, act = o.supervisor, uuid.NewString()
			}
			_, errs[k] = o.ImportIssues(ctx, v, act, src, opts)
		}()
	}
	wg.Wait()
	for k, err := range errs {
		if err != nil {
			wantRefusal(t, "a second import", err, disclosure.ErrInvalid, "都已录入过")
		} else if k%2 == 1 && errs[0] == nil {
			t.Errorf("both imports came in")
		}
	}
	if rows, err := o.Issues(ctx, o.supervisor, IssueFilter{}); err != nil || rows.Total != 3 {
		t.Errorf("%v: %d issues, want 3", err, rows.Total)
	}
}

func TestFilesThatDoNotFitAreRefusedWithAReason(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = direct{}
	opts := IssueImportOptions{List: o.list.ID}
	bring := func(name string, data []byte) error {
		_, err := o.ImportIssues(ctx, o.evaluator, uuid.NewString(), IssueSource{Name: name, Data: data}, opts)
		return err
	}
	encrypted := append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, make([]byte, 2000)...)
	wantRefusal(t, "an empty sheet", bring("空.xlsx", sheetOf(t, "S", nil)), disclosure.ErrInvalid, "空.xlsx")
	wantRefusal(t, "heads alone", bring("表头.xlsx", sheetOf(t, "S", nil, []any{"问题明细", "责任单位"})), disclosure.ErrInvalid, "只有表头")
	wantRefusal(t, "another file", bring("通讯录.xlsx", sheetOf(t, "S", nil, []any{"单位名称", "联系人"}, []any{"示例单位2", "某某"})), disclosure.ErrInvalid, "没有找到问题清单")
	wantRefusal(t, "a protected file", bring("加密.xlsx", encrypted), disclosure.ErrInvalid)
	wantRefusal(t, "nothing", bring("没有.xlsx", nil), disclosure.ErrInvalid, "空的")
	wantRefusal(t, "a huge file", bring("巨大.xlsx", make([]byte, maxIssueFile+1)), disclosure.ErrInvalid, "30MB")
	wrong := []byte("问题明细,责任单位\n栏目空白,示例单位2\n")
	wantRefusal(t, "another quarter's", bring("2025年第四季度问题清单.csv", wrong), disclosure.ErrInvalid, "2025年第四季度", "2026年第一季度")
	opts.OtherQuarter = true
	if err := bring("2025年第四季度问题清单.csv", wrong); err != nil {
		t.Errorf("another quarter's, confirmed: %v", err)
	}
	closed := IssueListForm{ID: o.list.ID, Quarter: q3, Round: issue.RoundDistrict, State: issue.ListClosed}
	lists, err := o.IssueLists(ctx, o.supervisor, q3)
	if err != nil {
		t.Fatal(err)
	}
	closed.Seq, closed.Evaluators = lists[0].Seq, lists[0].Evaluators
	if _, err := o.PutIssueList(ctx, o.supervisor, uuid.NewString(), closed); err != nil {
		t.Fatal(err)
	}
	_, err = o.BringIncoming(ctx, o.evaluator, o.list.ID, IncomingList, "a.csv", wrong)
	wantRefusal(t, "onto a closed list", err, disclosure.ErrConflict, "已经结束")
	if lists, err = o.IssueLists(ctx, o.evaluator, q3); err != nil {
		t.Fatal(err)
	}
	closed.State, closed.Seq = issue.ListOpen, lists[0].Seq
	_, err = o.PutIssueList(ctx, o.evaluator, uuid.NewString(), closed)
	wantRefusal(t, "the evaluator reopens it", err, disclosure.ErrForbidden)
}

// zipOf packs files.
func zipOf(t *testing.T, files map[string][]byte) []byte {
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

var pixels = append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 100)...)

func withItems(t *testing.T, o *issueOffice, list string) {
	t.Helper()
	ctx := context.Background()
	_, seq, err := o.heldList(ctx, list)
	if err != nil {
		t.Fatal(err)
	}
	items := []issue.ScoreItem{{Indicator1: "主动公开", Indicator2: "会议公开", Full: decimal.NewFromInt(3)}, {Indicator1: "平台", Indicator2: "栏目更新", Full: decimal.NewFromInt(5)}}
	if err := o.SetIssueItems(ctx, o.supervisor, uuid.NewString(), list, seq, items, []disclosure.UnitNumber{2, 3}); err != nil {
		t.Fatal(err)
	}
}

func TestWorkbooksComeBackWithTheirEvidence(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = direct{}
	withItems(t, o, o.list.ID)
	bundle, name, err := o.EvaluationBundle(ctx, o.evaluator, o.list.ID)
	if err != nil || !strings.HasSuffix(name, ".zip") {
		t.Fatal(name, err)
	}
	z, err := zip.NewReader(bytes.NewReader(bundle), int64(len(bundle)))
	if err != nil || len(z.File) != 2 || !strings.HasPrefix(z.File[1].Name, "证据/") {
		t.Fatalf("%v: %+v", err, z)
	}
	book, _, _ := o.EvaluationBook(ctx, o.evaluator, o.list.ID)
	filled := written(t, book, map[string]string{"E2": "2.5", "F2": "未公开会议解读", "G2": "首页.png\nhttps://a.example/1", "E3": "4", "F3": "栏目空白", "G3": "图.png;没有.pdf", "E4": "1", "F4": "不规范", "G4": "图.png;脚本.html"})
	files := map[string][]byte{"测评/工作簿.xlsx": filled, "测评/证据/首页.png": pixels, "测评/证据/示例单位2/图.png": pixels, "测评/证据/示例单位3/图.png": append(pixels, 1), "测评/证据/脚本.html": []byte("<html><script>1</script></html>"),
		"测评/证据/没写到.png": append(pixels, 2), "测评/证据/请把证据文件放在这里.txt": []byte("x")}
	id, err := o.BringIncoming(ctx, o.evaluator, o.list.ID, IncomingBook, "测评.zip", zipOf(t, files))
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.PreviewBook(ctx, o.evaluator, o.list.ID, IssueSource{Waiting: id})
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]EvidenceFile{}
	for _, f := range p.Files {
		byName[f.Name] = f
	}
	if len(p.Files) != 5 || byName["测评/证据/脚本.html"].Problem == "" || byName["测评/证据/没写到.png"].Problem == "" || len(byName["测评/证据/示例单位2/图.png"].Rows) != 1 || len(p.Problems) != 1 {
		t.Errorf("files %+v\nproblems %v", p.Files, p.Problems)
	}
	if _, err := o.store.OpenFile(byName["测评/证据/首页.png"].File.SHA256); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("evidence is kept before anybody confirmed it: %v", err)
	}
	act := uuid.NewString()
	for range 2 { // the button pressed twice
		if _, err := o.MergeBook(ctx, o.evaluator, act, o.list.ID, IssueSource{Waiting: id}, nil); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := o.Issues(ctx, o.evaluator, IssueFilter{})
	if err != nil || rows.Total != 3 || len(rows.Rows[0].Evidence) != 2 || rows.Rows[0].Evidence[1].File == nil {
		t.Fatalf("%v: %+v", err, rows.Rows)
	}
	f, open, err := o.OpenEvidence(ctx, o.evaluator, rows.Rows[0].ID, rows.Rows[0].Evidence[1].File.SHA256)
	if err != nil || f.Name != "首页.png" {
		t.Fatal(err)
	}
	open.Close()
	// The same zip again has nothing new; the missing file alone is something.
	_, err = o.MergeBook(ctx, o.evaluator, uuid.NewString(), o.list.ID, IssueSource{Name: "测评.zip", Data: zipOf(t, files)}, nil)
	wantRefusal(t, "the same zip again", err, disclosure.ErrInvalid, "没有可以合并")
	files["测评/证据/没有.pdf"] = []byte("%PDF-1.4 abc")
	m, err := o.MergeBook(ctx, o.evaluator, uuid.NewString(), o.list.ID, IssueSource{Name: "测评.zip", Data: zipOf(t, files)}, nil)
	if err != nil || len(m.IDs) != 1 {
		t.Fatalf("the missing file: %v, %+v", err, m)
	}
	if i, err := o.Issue(ctx, o.evaluator, m.IDs[0]); err != nil || len(i.Evidence) != 2 {
		t.Errorf("%v: %+v", err, i.Evidence)
	}
}

func TestWorkbooksThatDoNotFitAreRefusedWithAReason(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = direct{}
	withItems(t, o, o.list.ID)
	other, err := o.PutIssueList(ctx, o.evaluator, uuid.NewString(), IssueListForm{Quarter: q3, Round: issue.RoundCity})
	if err != nil {
		t.Fatal(err)
	}
	withItems(t, o, other.ID)
	book, name, err := o.EvaluationBook(ctx, o.evaluator, o.list.ID)
	if err != nil {
		t.Fatal(err)
	}
	back := func(name string, data []byte) error {
		_, err := o.PreviewBook(ctx, o.evaluator, other.ID, IssueSource{Name: name, Data: data})
		return err
	}
	wantRefusal(t, "another list's workbook", back(name, book), disclosure.ErrInvalid, "另一份清单")
	wantRefusal(t, "no workbook", back("清单.xlsx", sheetOf(t, "S", nil, []any{"问题明细", "责任单位"}, []any{"a", "b"})), disclosure.ErrInvalid, "不是系统发出的测评工作簿")
	wantRefusal(t, "a zip without a workbook", back("证据.zip", zipOf(t, map[string][]byte{"a.png": pixels})), disclosure.ErrInvalid, "没有系统发出的测评工作簿")
	wantRefusal(t, "two workbooks", back("两个.zip", zipOf(t, map[string][]byte{"a.xlsx": book, "b.xlsx": book})), disclosure.ErrInvalid, "不止一个")
	bomb := zipOf(t, map[string][]byte{"a.xlsx": make([]byte, 40<<20)})
	wantRefusal(t, "a bomb", back("炸弹.zip", bomb), disclosure.ErrInvalid)
	_, err = o.PreviewIssues(ctx, o.evaluator, IssueSource{Name: name, Data: book}, IssueImportOptions{List: o.list.ID})
	wantRefusal(t, "a workbook as a list", err, disclosure.ErrInvalid, "测评工作簿")
}

func TestMarksAreCorrectedAndNoneIsLost(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	data := "单位,会议公开(3分),栏目更新(5分),总分\n示例单位2,2.5,不涉及,2.5\n没有的局,3,3.5,6.5\n"
	if _, err := o.ImportIssues(ctx, o.evaluator, uuid.NewString(), IssueSource{Name: "得分表.csv", Data: []byte(data)}, IssueImportOptions{List: o.list.ID}); err != nil {
		t.Fatal(err)
	}
	view, err := o.IssueList(ctx, o.evaluator, o.list.ID)
	if err != nil || view.Scored != 2 || len(view.Findings) != 2 || view.Differences != 2 {
		t.Fatalf("%v: %+v", err, view.Findings)
	}
	put := func(m UnitMarks) error {
		m.List, m.Seq = o.list.ID, view.Seq
		return o.PutUnitMarks(ctx, o.evaluator, uuid.NewString(), m)
	}
	wantRefusal(t, "a mark over the full marks", put(UnitMarks{Row: 1, Unit: 3, Marks: []string{"9", "3.5"}}), disclosure.ErrInvalid, "多于满分")
	wantRefusal(t, "a unit twice", put(UnitMarks{Row: 1, Unit: 2, Marks: []string{"3", "3.5"}}), disclosure.ErrInvalid, "一行")
	wantRefusal(t, "a table that changed", put(UnitMarks{Row: 1, Unit: 3, Marks: []string{"3"}}), disclosure.ErrConflict)
	if err := put(UnitMarks{Row: 1, Unit: 3, Marks: []string{"3", "不涉及"}}); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, "seen before that", put(UnitMarks{Row: 1, Unit: 3, Marks: []string{"3", "5"}}), disclosure.ErrConflict)
	if view, err = o.IssueList(ctx, o.supervisor, o.list.ID); err != nil || view.Scores.Units[1].Unit != 3 || !view.Scores.Units[1].Marks[1].NotInvolved {
		t.Fatalf("%v: %+v", err, view.Scores)
	}
	err = o.SetIssueItems(ctx, o.evaluator, uuid.NewString(), o.list.ID, view.Seq, view.Scores.Items[:1], []disclosure.UnitNumber{2})
	wantRefusal(t, "a unit with marks is left out", err, disclosure.ErrInvalid, "已有得分")
	if _, err := o.IssueList(ctx, o.rival, o.list.ID); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("a rival sees the list: %v", err)
	}
	if view, err := o.IssueList(ctx, o.leader, o.list.ID); err != nil || view.May || view.Scores == nil {
		t.Errorf("the leader: %v, %+v", err, view)
	}
}

func TestAYearsQuartersStandSideBySide(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	score := func(quarter int, round issue.Round, counted bool, data string) {
		t.Helper()
		form := IssueListForm{Quarter: disclosure.Period{Year: 2026, Quarter: quarter}, Round: round, Counted: counted}
		if _, err := o.ImportIssues(ctx, o.supervisor, uuid.NewString(), IssueSource{Name: "a.csv", Data: []byte("单位,会议公开(3分),栏目更新(7分)\n" + data)}, IssueImportOptions{Form: form}); err != nil {
			t.Fatal(err)
		}
	}
	score(1, issue.RoundDistrict, false, "示例单位2,3,6\n示例单位3,3,7\n没有的局,1,1\n")
	score(2, issue.RoundDistrict, true, "示例单位2,不涉及,7\n示例单位3,2,7\n") // counts
	score(2, issue.RoundCity, false, "示例单位2,0,0\n")                 // the later one does not
	score(3, issue.RoundDistrict, true, "示例单位2,3,7\n")
	score(3, issue.RoundCity, true, "示例单位2,3,5\n") // both count: the mean
	table, years, err := o.IssueYear(ctx, o.supervisor, 0)
	if err != nil || len(years) != 1 || table.Year != 2026 || len(table.Unknown) != 1 {
		t.Fatalf("%v: %v %+v", err, years, table)
	}
	got := map[disclosure.UnitNumber]string{}
	for _, g := range table.Groups {
		for _, u := range g.Units {
			line := ""
			for _, q := range u.Quarters {
				if q.Valid {
					line += q.Decimal.String()
				}
				line += "|"
			}
			got[u.Unit] = line + u.Average.String()
		}
	}
	if got[2] != "90|100|90||93.33" || got[3] != "100|90|||95" {
		t.Errorf("%v", got)
	}
	if table, _, err := o.IssueYear(ctx, o.evaluator, 2026); err != nil || len(table.Groups) != 0 {
		t.Errorf("an evaluator sees scores of others' lists: %v, %+v", err, table.Groups)
	}
	if _, _, err := o.IssueYear(ctx, person(t, o.Office, "admin", people.Admin, 0), 2026); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("an administrator: %v", err)
	}
}

// Setting the indicators keeps printed totals, and the rows that no unit was
// found for.
func TestSettingIndicatorsKeepsTotalsAndUnknownRows(t *testing.T) {
	o, ctx := newIssueOffice(t), context.Background()
	o.readers = csvReaders{}
	data := "单位,会议公开(3分),栏目更新(5分),总分\n示例单位2,2.5,5,7\n没有的局,3,3.5,6.5\n"
	if _, err := o.ImportIssues(ctx, o.evaluator, uuid.NewString(), IssueSource{Name: "得分表.csv", Data: []byte(data)}, IssueImportOptions{List: o.list.ID}); err != nil {
		t.Fatal(err)
	}
	l, seq, err := o.heldList(ctx, o.list.ID)
	if err != nil {
		t.Fatal(err)
	}
	items := []issue.ScoreItem{l.Scores.Items[1], {Indicator2: "年报", Full: decimal.NewFromInt(2)}, l.Scores.Items[0]}
	if err := o.SetIssueItems(ctx, o.evaluator, uuid.NewString(), l.ID, seq, items, []disclosure.UnitNumber{3, 2}); err != nil {
		t.Fatal(err)
	}
	if l, seq, err = o.heldList(ctx, l.ID); err != nil || len(l.Scores.Units) != 3 {
		t.Fatalf("%v: %+v", err, l.Scores)
	}
	own, unknown := l.Scores.Units[1], l.Scores.Units[2]
	if own.Unit != 2 || own.Total.Decimal.String() != "7" || unknown.UnitText != "没有的局" || unknown.Total.Decimal.String() != "6.5" ||
		issue.MarkText(unknown.Marks[0]) != "3.5" || issue.MarkText(unknown.Marks[1]) != "" || issue.MarkText(unknown.Marks[2]) != "3" {
		t.Errorf("%+v", l.Scores.Units)
	}
	err = o.SetIssueItems(ctx, o.evaluator, uuid.NewString(), l.ID, seq, items[:2], []disclosure.UnitNumber{2, 3})
	wantRefusal(t, "an indicator with marks goes", err, disclosure.ErrInvalid, "已有得分")
}
