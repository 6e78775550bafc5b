package web

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

var quarter1 = disclosure.Period{Year: 2026, Quarter: 1}

// Who sees, makes and brings what: evaluators their own lists and nobody
// else's, supervisors of the district all, those of some units none, leaders look, units neither make nor import.
func TestListsKeepToTheirPeople(t *testing.T) {
	x := openListsDesk(t)
	list := newList(t, x, quarter1, issue.RoundMonitor)
	at := "/lists/" + list
	for _, c := range []struct {
		path   string
		status map[string]int
	}{
		{"/lists", map[string]int{supervisor: 200, evaluator: 200, rival: 200, leader: 200, street: 200, filer: 200, admin: 403}},
		{"/lists?quarter=all", map[string]int{supervisor: 200, admin: 403}},
		{"/lists?quarter=2026Q9", map[string]int{supervisor: 400}},
		{"/lists/year", map[string]int{supervisor: 200, evaluator: 200, leader: 200, filer: 200, admin: 403}},
		{"/lists/year?year=20x6", map[string]int{supervisor: 400}},
		{"/lists/new", map[string]int{supervisor: 200, street: 403, evaluator: 200, leader: 403, filer: 403, admin: 403}},
		{at, map[string]int{supervisor: 200, street: 200, evaluator: 200, leader: 200, rival: 404, filer: 404, admin: 403}},
		{at + "/edit", map[string]int{supervisor: 200, street: 403, evaluator: 200, leader: 403, rival: 404, filer: 404}},
		{at + "/import", map[string]int{supervisor: 200, street: 403, evaluator: 200, leader: 403, rival: 404, filer: 404}},
		{at + "/book", map[string]int{supervisor: 200, street: 403, evaluator: 200, leader: 403, rival: 404, filer: 404}},
		{at + "/book.xlsx", map[string]int{evaluator: 400, street: 403, leader: 403, rival: 404, filer: 404}}, // no indicators yet
		{at + "/items", map[string]int{supervisor: 200, street: 403, evaluator: 200, leader: 403, rival: 404, filer: 404}},
		{at + "/scores/0", map[string]int{supervisor: 404, street: 403, leader: 403, rival: 404}},
		{at + "/import/" + uuid.NewString(), map[string]int{supervisor: 404, evaluator: 404, rival: 404}},
		{at + "/file/" + strings.Repeat("0", 64), map[string]int{supervisor: 404, rival: 404}},
		{"/lists/nothing", map[string]int{supervisor: 404}},
	} {
		for account, status := range c.status {
			if w := ask(x, account, GET, c.path, nil); w.Code != status {
				t.Errorf("%s asks for %s and is answered %d, want %d: %s", account, c.path, w.Code, status, sentenceOf(w.Body.String()))
			}
		}
	}
	if body := ask(x, rival, GET, "/lists?quarter=all", nil).Body.String(); strings.Contains(body, list) {
		t.Error("a rival finds the list")
	}
	if body := ask(x, street, GET, at, nil).Body.String(); strings.Contains(body, at+"/") {
		t.Error("a supervisor of some units is led to what the list's keepers do")
	}
	file := sentFile{"file", "清单.csv", []byte("问题明细,责任单位\n栏目空白,清源区财政局\n")}
	for account, status := range map[string]int{leader: 403, street: 403, rival: 404, filer: 404, admin: 403} {
		expect(t, account+" imports", post(t, x, account, at+"/import", nil, file), status)
		expect(t, account+" brings a workbook", post(t, x, account, at+"/book", nil, file), status)
		expect(t, account+" sets indicators", ask(x, account, POST, at+"/items", url.Values{"items": {"a|b|1"}}), status)
		expect(t, account+" changes marks", ask(x, account, POST, at+"/scores/0", url.Values{}), status)
	}
	for _, account := range []string{leader, street, filer, admin} {
		expect(t, account+" makes a list", ask(x, account, POST, "/lists/new", url.Values{"act": {uuid.NewString()}, "quarter": {"2026Q1"}, "round": {"区测"}}), 403)
	}
}

func TestListsAreMadeAndChanged(t *testing.T) {
	x := openListsDesk(t)
	form := url.Values{"act": {uuid.NewString()}, "quarter": {"2026Q1"}, "round": {"市测"}, "source": {"<b>市里</b>"}, "due_day": {"2026-04-30"}, "due_time": {"17:00"}, "evaluator": {evaluator}}
	expect(t, "without a round", ask(x, supervisor, POST, "/lists/new", url.Values{"act": {uuid.NewString()}, "quarter": {"2026Q1"}, "source": {"留着的来源"}}), 400, "请选择轮次", "留着的来源")
	expect(t, "a day that is none", ask(x, supervisor, POST, "/lists/new", url.Values{"act": {uuid.NewString()}, "quarter": {"2026Q1"}, "round": {"市测"}, "due_day": {"2026-02-30"}}), 400)
	expect(t, "who is no evaluator", ask(x, supervisor, POST, "/lists/new", url.Values{"act": {uuid.NewString()}, "quarter": {"2026Q1"}, "round": {"市测"}, "source": {"市级"}, "evaluator": {filer}}), 400, "不是评估员")
	expect(t, "nothing but the defaults", ask(x, supervisor, POST, "/lists/new", url.Values{"act": {uuid.NewString()}, "quarter": {"2026Q1"}, "round": {"市测"}}), 400, "请填写来源")
	first := ask(x, supervisor, POST, "/lists/new", form)
	again := ask(x, supervisor, POST, "/lists/new", form) // the button pressed twice
	at, _, _ := strings.Cut(first.Header().Get("Location"), "?")
	if first.Code != 303 || again.Code != 303 || again.Header().Get("Location") != first.Header().Get("Location") {
		t.Fatalf("%d %d: %s", first.Code, again.Code, sentenceOf(first.Body.String()))
	}
	page := ask(x, evaluator, GET, at, nil)
	expect(t, "the evaluator's view", page, 200, "&lt;b&gt;市里&lt;/b&gt;", "2026-04-30 17:00", "2026年第一季度")
	edit := ask(x, supervisor, GET, at+"/edit", nil).Body.String()
	change := url.Values{"act": {uuid.NewString()}, "seq": {hiddenOf(t, edit, "seq")}, "round": {"市测"}, "title": {"改过的名称"}, "state": {"closed"}, "counted": {"1"}, "evaluator": {evaluator}, "offered": {evaluator, rival}}
	expect(t, "a change", ask(x, supervisor, POST, at+"/edit", change), 303)
	change.Set("act", uuid.NewString())
	change.Set("title", "另一个名称")
	w := ask(x, supervisor, POST, at+"/edit", change)
	expect(t, "a change on an old page", w, 409, "已由", "另一个名称")
	change.Set("act", uuid.NewString())
	change.Set("seq", hiddenOf(t, w.Body.String(), "seq"))
	expect(t, "and once more, knowing", ask(x, supervisor, POST, at+"/edit", change), 303)
	expect(t, "a closed list takes nothing", post(t, x, evaluator, at+"/import", nil, sentFile{"file", "a.csv", []byte("问题明细,责任单位\na,b\n")}), 409, "已经结束")
	expect(t, "the evaluator does not open it again", ask(x, evaluator, POST, at+"/edit", url.Values{"act": {uuid.NewString()}, "seq": {hiddenOf(t, ask(x, evaluator, GET, at+"/edit", nil).Body.String(), "seq")}, "round": {"市测"}, "state": {"open"}}), 403, "已由区里结束")
}

func hiddenOf(t *testing.T, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("the page has no field %s: %s", name, sentenceOf(body))
	}
	return m[1]
}

// An evaluator's file goes in by its preview: the strange column is mapped and
// remembered, doubts stand beside their rows, nothing is stored before the
// confirmation, and a second press changes nothing.
func TestAListIsImportedThroughThePages(t *testing.T) {
	x := openListsDesk(t)
	at := "/lists/" + newList(t, x, quarter1, issue.RoundDistrict)
	count := func() int {
		rows, err := x.office.Issues(t.Context(), visitorFor(t, x, supervisor), office.IssueFilter{List: strings.TrimPrefix(at, "/lists/")})
		if err != nil {
			t.Fatal(err)
		}
		return rows.Total
	}
	w := post(t, x, evaluator, at+"/import", nil, sentFile{"file", `<script>"清单".xlsx`, evaluatorsBook(t, "最晚哪天改好")})
	preview := w.Header().Get("Location")
	if w.Code != 303 || !strings.HasPrefix(preview, at+"/import/") {
		t.Fatalf("%d: %s", w.Code, sentenceOf(w.Body.String()))
	}
	w = ask(x, evaluator, GET, preview, nil)
	expect(t, "the preview", w, 200, "最晚哪天改好", "按此读取", "待分办", "不是一个数", "与工作表", "得分表:4 个单位", "“清源区教育局”的“栏目更新”满分5,得3.5")
	if body := w.Body.String(); strings.Contains(body, `value="take">`) || strings.Contains(body, `<script>"`) {
		t.Error("an import is offered before the columns are settled, or a name is markup")
	}
	for _, account := range []string{supervisor, rival, leader} {
		if w := ask(x, account, GET, preview, nil); w.Code == 200 {
			t.Errorf("%s sees another's file", account)
		}
	}
	role := regexp.MustCompile(`name="(role-0-\d+)" aria-label="最晚哪天改好"`).FindStringSubmatch(w.Body.String())
	if role == nil {
		t.Fatal("no field for the strange column")
	}
	expect(t, "a wrong mapping", ask(x, evaluator, POST, preview, url.Values{"do": {"read"}, "act": {uuid.NewString()}, role[1]: {"unit"}}), 400, "两列都选了")
	expect(t, "no act", ask(x, evaluator, POST, preview, url.Values{}), 400)
	// Confirming with another mapping than the one that was shown shows it first.
	form := url.Values{"do": {"take"}, "act": {uuid.NewString()}, role[1]: {"due"}}
	if w = ask(x, evaluator, POST, preview, form); w.Code != 303 || !strings.Contains(w.Header().Get("Location"), "changed=1") || count() != 0 {
		t.Fatalf("%d %s, %d issues", w.Code, w.Header().Get("Location"), count())
	}
	w = ask(x, evaluator, GET, preview, nil)
	expect(t, "the mapped preview", w, 200, "2026-04-15", "整改时限“尽快”不是日期", `value="take">`)
	form.Set("skip", "1-4")
	first, second := ask(x, evaluator, POST, preview, form), ask(x, evaluator, POST, preview, form)
	if first.Code != 303 || second.Code != 303 || !strings.Contains(first.Header().Get("Location"), "imported=2&skipped=2") || count() != 2 {
		t.Fatalf("%d %s, %d %s, %d issues: %s", first.Code, first.Header().Get("Location"), second.Code, second.Header().Get("Location"), count(), sentenceOf(first.Body.String()))
	}
	form.Set("act", uuid.NewString())
	expect(t, "the same file by another tab", ask(x, evaluator, POST, preview, form), 404, "已经导入")
	expect(t, "its preview", ask(x, evaluator, GET, preview, nil), 404, "已经导入")

	expect(t, "the list", ask(x, evaluator, GET, at+"?imported=2&skipped=2", nil), 200, "已导入 2 个问题", "待分办", "得分与扣分不符(1处)", "更正得分", "其他部门", "镇街", "不涉及", "并列", "/issues/one/")
	w = post(t, x, evaluator, at+"/import", nil, sentFile{"file", "下一份.xlsx", xlsxOf(t, "S", [][]any{{"序号", "一级指标", "二级指标", "指标分值", "扣分", "失分原因", "责任单位", "最晚哪天改好"}, {1, "平台", "检索", 2, 1, "站内检索不可用", "清源区民政局", "2026-04-20"}})})
	expect(t, "the next file with the same heads", ask(x, evaluator, GET, w.Header().Get("Location"), nil), 200, "2026-04-20", `value="take">`)
	expect(t, "dropping it", ask(x, evaluator, POST, w.Header().Get("Location"), url.Values{"do": {"drop"}}), 303)
	for format, has := range map[string]string{"scores.csv": "镇街", "scores.xlsx": "PK", "issues.csv": "2026Q1-"} {
		expect(t, format, ask(x, evaluator, GET, at+"?download="+format, nil), 200, has)
	}
	original := regexp.MustCompile(at + `/file/[0-9a-f]{64}`).FindString(ask(x, evaluator, GET, at, nil).Body.String())
	if w := ask(x, leader, GET, original, nil); w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Errorf("the original is given out as %d %s", w.Code, w.Header().Get("Content-Disposition"))
	}
}

func TestWrongFilesGetOneSentence(t *testing.T) {
	x := openListsDesk(t)
	at := "/lists/" + newList(t, x, quarter1, issue.RoundDistrict2)
	encrypted := append([]byte{0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1}, bytes.Repeat([]byte{0}, 4000)...)
	for _, c := range []struct {
		name string
		data []byte
		says string
	}{
		{"空.xlsx", xlsxOf(t, "S"), "空.xlsx"},
		{"只有表头.xlsx", xlsxOf(t, "S", [][]any{{"问题明细", "责任单位"}}), "只有表头"},
		{"通讯录.xlsx", xlsxOf(t, "S", [][]any{{"单位名称", "联系人"}, {"清源区财政局", "某某"}}), "没有找到问题清单"},
		{"加密.xlsx", encrypted, "加密.xlsx"},
		{"程序.exe", []byte("MZ\x90\x00\x03"), "程序.exe"},
		{"没有.csv", nil, "空的"},
		{"巨大.csv", bytes.Repeat([]byte("a"), 30<<20+1), "30MB"},
	} {
		expect(t, c.name, post(t, x, evaluator, at+"/import", nil, sentFile{"file", c.name, c.data}), 400, c.says)
	}
	expect(t, "no file", post(t, x, evaluator, at+"/import", nil), 400, "没有选择文件")
	expect(t, "more than the route takes", post(t, x, evaluator, at+"/import", nil, sentFile{"file", "a.csv", bytes.Repeat([]byte("a"), 32<<20)}), http.StatusRequestEntityTooLarge)
	if waiting, err := x.office.Incomings(t.Context(), visitorFor(t, x, evaluator), strings.TrimPrefix(at, "/lists/")); err != nil || len(waiting) != 0 {
		t.Errorf("%v: %d refused files stay", err, len(waiting))
	}
	w := post(t, x, evaluator, at+"/import", nil, sentFile{"file", "2025年第四季度清单.csv", []byte("问题明细,责任单位\n站内信箱没有回复,清源区民政局\n")})
	preview := w.Header().Get("Location")
	expect(t, "another quarter's", ask(x, evaluator, GET, preview, nil), 200, "2025年第四季度", "确属这份清单")
	form := url.Values{"do": {"take"}, "act": {uuid.NewString()}}
	expect(t, "and not confirmed", ask(x, evaluator, POST, preview, form), 400, "请核对是否选错")
	form.Set("other_quarter", "1")
	expect(t, "and confirmed", ask(x, evaluator, POST, preview, form), 303)
}

// Indicators and units make a workbook; it goes out, comes back twice filled
// differently, and the conflict is chosen.
func TestAWorkbookGoesOutAndComesBackThroughThePages(t *testing.T) {
	x := openListsDesk(t)
	list := newList(t, x, quarter1, issue.RoundReview)
	at := "/lists/" + list
	items := ask(x, evaluator, GET, at+"/items", nil).Body.String()
	form := url.Values{"act": {uuid.NewString()}, "seq": {hiddenOf(t, items, "seq")}, "items": {"主动公开 | 会议公开\n平台 | 栏目更新 | 5"}, "unit": {"2", "3"}}
	expect(t, "a line without full marks", ask(x, evaluator, POST, at+"/items", form), 400, "第1行的满分", "栏目更新 | 5")
	form.Set("items", "主动公开 | 会议公开 | 6\n\n平台\t栏目更新\t5\r\n")
	expect(t, "indicators", ask(x, evaluator, POST, at+"/items", form), 303)
	for _, format := range []string{"xlsx", "zip"} {
		if w := ask(x, evaluator, GET, at+"/book."+format, nil); w.Code != 200 || !bytes.HasPrefix(w.Body.Bytes(), []byte("PK")) {
			t.Errorf("book.%s: %d", format, w.Code)
		}
	}
	first := filledBook(t, x, list, map[string]string{"E2": "5.5", "F2": "未公开议定事项", "G2": "首页.png", "E3": "5"})
	second := filledBook(t, x, list, map[string]string{"E2": "5", "F2": "未公开议定事项和解读", "E4": "6"})
	other := newList(t, x, quarter1, issue.RoundRectify)
	expect(t, "to a list without indicators", post(t, x, evaluator, "/lists/"+other+"/book", nil, sentFile{"file", "b.xlsx", first}), 400, "还没有指标")
	expect(t, "no workbook", post(t, x, evaluator, at+"/book", nil, sentFile{"file", "b.xlsx", evaluatorsBook(t, "最晚哪天改好")}), 400, "不是系统发出的测评工作簿")
	expect(t, "a zip bomb", post(t, x, evaluator, at+"/book", nil, sentFile{"file", "b.zip", zipped(t, map[string][]byte{"b.xlsx": make([]byte, 30<<20)})}), 400, "没有系统发出的测评工作簿")
	expect(t, "a workbook where a list is asked for", post(t, x, evaluator, at+"/import", nil, sentFile{"file", "b.xlsx", first}), 400, "测评工作簿")

	packed := zipped(t, map[string][]byte{"b.xlsx": first, "证据/首页.png": append([]byte("\x89PNG\r\n\x1a\n"), 1, 2, 3), "证据/坏.svg": []byte("<svg><script>1</script></svg>")})
	preview := post(t, x, evaluator, at+"/book", nil, sentFile{"file", "b.zip", packed}).Header().Get("Location")
	expect(t, "the comparison", ask(x, evaluator, GET, preview, nil), 200, "将合并的内容", "首页.png", "坏.svg", "类型不能上传")
	take := url.Values{"do": {"take"}, "act": {uuid.NewString()}}
	for range 2 { // the button pressed twice
		if w := ask(x, evaluator, POST, preview, take); w.Code != 303 || !strings.Contains(w.Header().Get("Location"), "merged=1") {
			t.Fatalf("%d %s: %s", w.Code, w.Header().Get("Location"), sentenceOf(w.Body.String()))
		}
	}
	preview = post(t, x, evaluator, at+"/book", nil, sentFile{"file", "b2.xlsx", second}).Header().Get("Location")
	w := ask(x, evaluator, GET, preview, nil)
	expect(t, "the conflicts", w, 200, "冲突(2处)", "保留现在的", "采用带回的")
	var keys []string
	for _, m := range regexp.MustCompile(`name="(choose-[^"]+)" value="mine"`).FindAllStringSubmatch(w.Body.String(), -1) {
		keys = append(keys, m[1])
	}
	if len(keys) != 2 {
		t.Fatalf("%d conflicts", len(keys))
	}
	take = url.Values{"do": {"take"}, "act": {uuid.NewString()}, keys[0]: {"theirs"}}
	expect(t, "one of two chosen", ask(x, evaluator, POST, preview, take), 400, "还有1处冲突没有选择", `value="theirs" checked`)
	take.Set(keys[1], "mine")
	expect(t, "both chosen", ask(x, evaluator, POST, preview, take), 303)
	rows, err := x.office.Issues(t.Context(), visitorFor(t, x, evaluator), office.IssueFilter{List: list})
	if err != nil || rows.Total != 1 || rows.Rows[0].Deduction.Decimal.String() != "1" || rows.Rows[0].Facts != "未公开议定事项" || len(rows.Rows[0].Evidence) != 1 {
		t.Errorf("%v: %+v", err, rows.Rows)
	}
}

func TestMarksAreCorrectedThroughThePages(t *testing.T) {
	x := openListsDesk(t)
	list := newList(t, x, disclosure.Period{Year: 2025, Quarter: 4}, issue.RoundDistrict)
	at := "/lists/" + list
	sheet := xlsxOf(t, "得分表", [][]any{{"单位", "会议公开(6分)", "栏目更新(4分)"}, {"清源区财政局", 6, 4}, {"民政局(老名称)", 3, 4}})
	preview := post(t, x, supervisor, at+"/import", nil, sentFile{"file", "得分表.xlsx", sheet}).Header().Get("Location")
	expect(t, "a score table alone", ask(x, supervisor, GET, preview, nil), 200, "得分表:2 个单位", "名单中没有此单位")
	expect(t, "taken", ask(x, supervisor, POST, preview, url.Values{"do": {"take"}, "act": {uuid.NewString()}}), 303)
	expect(t, "the list", ask(x, supervisor, GET, at, nil), 200, "名单中没有此单位", at+"/scores/1")
	w := ask(x, supervisor, GET, at+"/scores/1", nil)
	form := url.Values{"act": {uuid.NewString()}, "seq": {hiddenOf(t, w.Body.String(), "seq")}, "unit": {"4"}, "mark-0": {"7"}, "mark-1": {"不涉及"}}
	expect(t, "too many marks", ask(x, supervisor, POST, at+"/scores/1", form), 400, "多于满分6", `value="不涉及"`)
	form.Set("mark-0", "4.5")
	expect(t, "a correction", ask(x, supervisor, POST, at+"/scores/1", form), 303)
	form.Set("act", uuid.NewString())
	expect(t, "on an old page", ask(x, supervisor, POST, at+"/scores/1", form), 409)
	expect(t, "a row that is none", ask(x, supervisor, GET, at+"/scores/"+strconv.Itoa(9), nil), 404)
	// A second sheet of one indicator: the mark it changes is shown and asked about.
	second := xlsxOf(t, "得分表", [][]any{{"单位", "会议公开(6分)", "年报(2分)"}, {"清源区财政局", 6, 2}, {"民政局(老名称)", 3, 1}})
	again := post(t, x, supervisor, at+"/import", nil, sentFile{"file", "复测.xlsx", second}).Header().Get("Location")
	page := ask(x, supervisor, GET, again, nil)
	expect(t, "the marks that change", page, 200, "有 1 处与清单上现在的不同", "2 个得分保留不变")
	form = url.Values{"do": {"take"}, "act": {uuid.NewString()}}
	expect(t, "not confirmed", ask(x, supervisor, POST, again, form), 400, "逐处核对")
	form.Set("do", "drop")
	expect(t, "dropped", ask(x, supervisor, POST, again, form), 303)
	w = ask(x, supervisor, GET, "/lists/year?year=2025", nil)
	expect(t, "the year", w, 200, "75.00", "100.00", "第4季度", "2025年度得分")
	if w := ask(x, supervisor, GET, "/lists/year?year=2025&download=year.xlsx", nil); w.Code != 200 {
		t.Errorf("the download: %d", w.Code)
	} else if f, err := excelize.OpenReader(w.Body); err != nil {
		t.Error(err)
	} else {
		rows, err := f.GetRows(f.GetSheetName(0))
		if err != nil || len(rows) < 3 || !strings.Contains(strings.Join(rows[len(rows)-1], " ")+strings.Join(rows[len(rows)-2], " "), "75") {
			t.Errorf("%v: %v", err, rows)
		}
		f.Close()
	}
	expect(t, "an evaluator's year", ask(x, rival, GET, "/lists/year?year=2025", nil), 200, "还没有带得分的清单")
}

// What units see of a list are their own issues once these are handed over,
// without marks and files.
func TestUnitsSeeTheirIssuesOfAListAndNoMarks(t *testing.T) {
	x := openListsDesk(t)
	list := newList(t, x, disclosure.Period{Year: 2025, Quarter: 3}, issue.RoundDistrict)
	sup := visitorFor(t, x, supervisor)
	file := xlsxOf(t, "清单", [][]any{{"二级指标", "扣分", "问题明细", "责任单位"}, {"检索", 1, "检索功能不可用", "清源区财政局"}, {"信箱", 1, "信箱来信没有答复", "清源区教育局"}},
		"得分表", [][]any{{"单位", "检索(4分)", "信箱(4分)"}, {"清源区财政局", 3, 4}, {"清源区教育局", 4, 3}})
	if _, err := x.office.ImportIssues(t.Context(), visitorFor(t, x, evaluator), uuid.NewString(), office.IssueSource{Name: "a.xlsx", Data: file}, office.IssueImportOptions{List: list}); err != nil {
		t.Fatal(err)
	}
	expect(t, "before anything is handed over", ask(x, filer, GET, "/lists/"+list, nil), 404)
	rows, err := x.office.Issues(t.Context(), sup, office.IssueFilter{List: list})
	if err != nil || len(rows.Rows) != 2 {
		t.Fatal(err)
	}
	for _, i := range rows.Rows {
		due, err := calendar.ParseMoment("2026-04-01")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := x.office.DoIssue(t.Context(), sup, office.IssueMove{Move: issue.Move{Act: issue.HandOver, Due: due}, ID: uuid.NewString(), Issue: i.ID, Seq: i.Seq}); err != nil {
			t.Fatal(err)
		}
	}
	w := ask(x, filer, GET, "/lists/"+list, nil)
	expect(t, "the unit's view", w, 200, "检索功能不可用")
	for _, hidden := range []string{"信箱来信没有答复", "得分表", "清源区教育局", "导入问题", "/file/"} {
		if strings.Contains(w.Body.String(), hidden) {
			t.Errorf("the unit sees %q", hidden)
		}
	}
}

// A list's page holds fifty of its issues; a page that is none is the last one.
func TestAListShowsItsIssuesByPages(t *testing.T) {
	x := openListsDesk(t)
	list := newList(t, x, disclosure.Period{Year: 2025, Quarter: 2}, issue.RoundDistrict)
	rows := [][]any{{"二级指标", "问题明细", "责任单位"}}
	for n := range 60 {
		rows = append(rows, []any{"检索", fmt.Sprintf("第%d个栏目打不开", n+1), "清源区财政局"})
	}
	if _, err := x.office.ImportIssues(t.Context(), visitorFor(t, x, evaluator), uuid.NewString(), office.IssueSource{Name: "a.xlsx", Data: xlsxOf(t, "清单", rows)}, office.IssueImportOptions{List: list}); err != nil {
		t.Fatal(err)
	}
	for page, want := range map[string]string{"": "第50个栏目", "x": "第1个栏目", "2": "第51个栏目", "99": "第60个栏目", "99999999999": "第60个栏目"} {
		w := ask(x, evaluator, GET, "/lists/"+list+"?page="+page, nil)
		expect(t, "page "+page, w, 200, want)
		if both := strings.Contains(w.Body.String(), "第50个栏目") && strings.Contains(w.Body.String(), "第51个栏目"); both {
			t.Errorf("page %q shows two pages", page)
		}
	}
	if w := ask(x, evaluator, GET, "/lists/"+list+"?download=issues.csv&page=2", nil); strings.Count(w.Body.String(), "个栏目打不开") != 60 {
		t.Error("the download is not the whole list")
	}
}
