package web

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/reader"
	"mingjing/internal/store"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

// direct reads files in this process; the product does it in children.
type direct struct{}

func (direct) Read(ctx context.Context, name string, data []byte, opts intake.Options) (intake.Result, error) {
	return intake.Read(ctx, name, data, opts)
}

func (direct) Document(ctx context.Context, name string, data []byte) (*document.Document, error) {
	return reader.Read(ctx, name, data)
}

// filesDesk is a site of its own for tests that file: six units and nothing filed.
var filesDesk = sync.OnceValues(func() (*site, error) {
	ctx := context.Background()
	x, err := openSite(ctx)
	if err != nil {
		return nil, err
	}
	var entries []store.Entry
	for n, name := range []string{"清源区人民政府", "清源区财政局", "清源区教育局", "清源区民政局", "清源区水利局", "清源区体育局"} {
		u := disclosure.Unit{Number: disclosure.UnitNumber(n + 1), Name: name, Kind: disclosure.UnitDepartment, Sort: n + 1}
		if n == 0 {
			u.Kind = disclosure.UnitGovernment
		} else {
			u.Parent = 1
		}
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	if _, err := x.store.Append(ctx, store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test"}, Entries: entries}); err != nil {
		return nil, err
	}
	return x, staff(ctx, x)
})

func openFilesDesk(t *testing.T) *site {
	t.Helper()
	x, err := filesDesk()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// sound is a report that no rule objects to.
func sound(unit string, year disclosure.Year, granted int64) *disclosure.Report {
	form := disclosure.FormFor(disclosure.FamilyNational, year)
	r := &disclosure.Report{Unit: unit, Period: disclosure.Period{Year: year}, Scope: disclosure.ScopeAgency, Form: form,
		Title: unit + year.String() + "年政府信息公开工作年度报告", Cells: map[disclosure.Code]disclosure.Cell{}, HasProse: true}
	for _, def := range form.Cells() {
		r.Cells[def.Code] = disclosure.Number(0)
	}
	for _, row := range []string{"NEW_RECEIVED", "GRANTED", "RESULT_TOTAL"} {
		for _, col := range []string{"NP", "TOT"} {
			r.Cells[disclosure.Code("T3_"+row+"_"+col)] = disclosure.Number(granted)
		}
	}
	for _, p := range form.Parts {
		text := ""
		if p.Prose {
			text = unit + "按照要求做好" + strings.TrimLeft(p.Title, "一二三四五六、") + "的各项工作。"
		}
		r.Prose = append(r.Prose, disclosure.ProsePart{Number: p.Number, Title: p.Title, Text: text})
	}
	return r
}

func wordOf(t *testing.T, r *disclosure.Report) []byte {
	t.Helper()
	data, err := bulletin.ReportDocx(r, bulletin.Edition{})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// post sends a form with files.
func post(t *testing.T, x *site, account, path string, fields map[string]string, files ...sentFile) *httptest.ResponseRecorder {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range files {
		part, err := w.CreateFormFile(f.field, f.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(f.data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Host = "localhost:8080"
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Content-Type", w.FormDataContentType())
	x.sign(r, account)
	out := httptest.NewRecorder()
	x.handler().ServeHTTP(out, r)
	return out
}

// expect fails unless an answer has the status and says the texts.
func expect(t *testing.T, what string, w *httptest.ResponseRecorder, status int, says ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("%s: %d, want %d: %.400s", what, w.Code, status, sentenceOf(w.Body.String()))
		return
	}
	for _, s := range says {
		if !strings.Contains(w.Body.String(), s) {
			t.Errorf("%s does not say %q: %s", what, s, sentenceOf(w.Body.String()))
		}
	}
}

// A file goes into a draft by its preview, for whoever may; nobody else reaches
// it by any of the addresses.
func TestUploadThroughThePages(t *testing.T) {
	x := openFilesDesk(t)
	const at = "/filing/2/2025/upload"
	r := sound("清源区财政局", 2025, 5)
	r.Cells["T3_GRANTED_NP"] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: "约五件<b>"}
	docx := sentFile{"file", `<script>"年报".docx`, wordOf(t, r)}
	for _, account := range []string{otherFiler, evaluator, leader} {
		expect(t, account+" uploads", post(t, x, account, at, nil, docx), http.StatusForbidden)
		expect(t, account+" looks", ask(x, account, GET, at, nil), http.StatusForbidden)
	}
	expect(t, "reviewer uploads", post(t, x, reviewer, at, nil, docx), http.StatusForbidden)
	w := post(t, x, filer, at, nil, docx)
	expect(t, "upload", w, http.StatusSeeOther)
	here := w.Header().Get("Location")
	page := ask(x, filer, GET, here, nil)
	expect(t, "preview", page, http.StatusOK, "需要核定的单元格(1)", "约五件&lt;b&gt;", `name="cell-T3_GRANTED_NP"`, "&lt;script&gt;")
	for _, account := range []string{otherFiler, evaluator, leader} {
		for _, path := range []string{here, here + "/file"} {
			if w := ask(x, account, GET, path, nil); w.Code != http.StatusForbidden && w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "约五件") {
				t.Errorf("%s asks for %s: %d", account, path, w.Code)
			}
		}
	}
	file := ask(x, filer, GET, here+"/file", nil)
	if !strings.HasPrefix(file.Header().Get("Content-Disposition"), "attachment") || !bytes.Equal(file.Body.Bytes(), docx.data) {
		t.Errorf("the file is not handed out as it came: %v", file.Header())
	}
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(page.Body.String())[1]
	form := url.Values{"do": {"take"}, "version": {version}, "part": {"0"}, "read": {"1"}, "cell-T3_GRANTED_NP": {""}}
	expect(t, "take with an open cell", ask(x, filer, POST, here, form), http.StatusBadRequest, "还有1格没有核定")
	form.Set("cell-T3_GRANTED_NP", "五")
	expect(t, "take with no number", ask(x, filer, POST, here, form), http.StatusBadRequest, `value="五"`, "不是数字")
	form.Set("cell-T3_GRANTED_NP", "5")
	expect(t, "take by another", ask(x, otherFiler, POST, here, form), http.StatusNotFound)
	form.Set("do", "settle")
	expect(t, "settle", ask(x, filer, POST, here, form), http.StatusSeeOther)
	expect(t, "settled after a reload", ask(x, filer, GET, here, nil), http.StatusOK, `value="5"`, "is-given")
	form.Set("do", "take")
	w = ask(x, filer, POST, here, form)
	expect(t, "take", w, http.StatusSeeOther)
	if w.Header().Get("Location") != "/filing/2/2025?taken=1" {
		t.Errorf("taken to %s", w.Header().Get("Location"))
	}
	expect(t, "the upload afterwards", ask(x, filer, GET, here, nil), http.StatusNotFound)
	for _, format := range []string{"xlsx", "docx"} {
		w := ask(x, filer, GET, "/filing/2/2025/template."+format, nil)
		expect(t, "template", w, http.StatusOK)
		expect(t, "the template handed back", post(t, x, filer, at, nil, sentFile{"file", "表." + format, w.Body.Bytes()}), http.StatusSeeOther)
		expect(t, "template for another", ask(x, otherFiler, GET, "/filing/2/2025/template."+format, nil), http.StatusForbidden)
	}
}

func TestWrongUploads(t *testing.T) {
	x := openFilesDesk(t)
	const at = "/filing/2/2025/upload"
	expect(t, "no file", post(t, x, filer, at, nil), http.StatusBadRequest, "没有选择文件")
	expect(t, "no form at all", ask(x, filer, POST, at, url.Values{}), http.StatusBadRequest, "没有选择文件")
	expect(t, "empty", post(t, x, filer, at, nil, sentFile{"file", "空.docx", nil}), http.StatusBadRequest, "是空的")
	w := post(t, x, filer, at, nil, sentFile{"file", "说明.txt", []byte("没有表格。")})
	expect(t, "no report", w, http.StatusSeeOther)
	expect(t, "no report", ask(x, filer, GET, w.Header().Get("Location"), nil), http.StatusOK, "没有找到年度报告的任何表格")
	expect(t, "a failed file is dropped", ask(x, filer, POST, w.Header().Get("Location"), url.Values{"do": {"drop"}}), http.StatusSeeOther)
	for _, claimed := range []bool{true, false} {
		r := httptest.NewRequest(http.MethodPost, at, &endless{left: 2 << 30})
		r.Host = "localhost:8080"
		r.Header.Set("Accept", "text/html")
		r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
		r.ContentLength = -1
		if claimed {
			r.ContentLength = 2 << 30
		}
		x.sign(r, filer)
		out := httptest.NewRecorder()
		x.handler().ServeHTTP(out, r)
		expect(t, "2 GB", out, http.StatusRequestEntityTooLarge, "过大")
	}
}

// endless is a form's file that goes on and on.
type endless struct {
	left  int
	begun bool
}

func (e *endless) Read(p []byte) (int, error) {
	if !e.begun {
		e.begun = true
		return copy(p, "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.docx\"\r\n\r\n"), nil
	}
	e.left -= len(p)
	if e.left <= 0 {
		return 0, fmt.Errorf("read to the end")
	}
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

// The whole year of units that never sign in: files come to the supervisor,
// become drafts, are handed on or go back as slips.
func TestProxyThroughThePages(t *testing.T) {
	x := openFilesDesk(t)
	for _, account := range []string{filer, reviewer, evaluator, leader, admin} {
		expect(t, account, ask(x, account, GET, "/proxy", nil), http.StatusForbidden)
		expect(t, account, post(t, x, account, "/proxy", nil), http.StatusForbidden)
	}
	expect(t, "nothing brought", post(t, x, supervisor, "/proxy", map[string]string{"on": "2026-01-20", "period": "2025"}), http.StatusBadRequest, "没有选择文件")
	wrong := sound("清源区水利局", 2025, 3)
	wrong.Cells["T3_GRANTED_TOT"] = disclosure.Number(4)
	files := []sentFile{{"files", "教育.docx", wordOf(t, sound("清源区教育局", 2025, 2))}, {"files", "水利.docx", wordOf(t, wrong)},
		{"files", "去年.docx", wordOf(t, sound("清源区民政局", 2024, 1))}, {"files", "未知.docx", wordOf(t, sound("某某管理处", 2025, 1))}, {"files", "照片.jpg", []byte("\xff\xd8\xff\xe0")}}
	expect(t, "no day", post(t, x, supervisor, "/proxy", map[string]string{"period": "2025", "from": "张三"}, files...), http.StatusBadRequest, "收到文件的日期", `value="张三"`)
	expect(t, "bring", post(t, x, supervisor, "/proxy", map[string]string{"period": "2025", "on": "2026-01-20", "way": "OA", "from": "各单位联系人"}, files...), http.StatusSeeOther)
	var page *httptest.ResponseRecorder
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if page = ask(x, supervisor, GET, "/proxy?period=2025", nil); !strings.Contains(page.Body.String(), "data-wait") {
			break
		}
	}
	expect(t, "outcomes", page, http.StatusOK, "已成为代报草稿", "单位不明", "年度不符", "读不出", "代报草稿(2)", "提交全部无问题的(1)", "全部退回修改单(1)", "处必须改正")
	for _, w := range []*httptest.ResponseRecorder{ask(x, supervisor, GET, "/proxy/slips.zip?period=2025", nil), ask(x, supervisor, GET, "/review/5/2025/slip.docx?of=draft", nil)} {
		expect(t, "slips", w, http.StatusOK)
		if !bytes.HasPrefix(w.Body.Bytes(), []byte("PK")) {
			t.Error("no zip")
		}
	}
	// Numbers of rules say nothing to those who file: no clerk reads one.
	for _, path := range []string{"/filing/5/2025", "/review/5/2025"} {
		text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(ask(x, otherFiler, GET, path, nil).Body.String(), "")
		if found := regexp.MustCompile(`\b[A-Z][A-Z0-9]+-R\d`).FindString(text); found != "" || !strings.Contains(text, "必须改正") {
			t.Errorf("on %s a clerk reads %q", path, found)
		}
	}
	expect(t, "a clean unit has no slip", ask(x, supervisor, GET, "/review/3/2025/slip.docx?of=draft", nil), http.StatusNotFound)
	id := regexp.MustCompile(`name="id" value="([0-9a-f-]{36})"[^>]*><input[^>]*><input[^>]*><select`).FindStringSubmatch(page.Body.String())
	if id == nil {
		t.Fatal("no unit can be chosen")
	}
	expect(t, "choose the unit", ask(x, supervisor, POST, "/proxy/part", url.Values{"id": {id[1]}, "part": {"0"}, "period": {"2025"}, "do": {"unit"}, "unit": {"6"}}), http.StatusSeeOther)
	expect(t, "after choosing", ask(x, supervisor, GET, "/proxy?period=2025", nil), http.StatusOK, "代报草稿(3)")
	act := url.Values{"act": {uuid.NewString()}, "period": {"2025"}}
	expect(t, "hand on the clean ones", ask(x, supervisor, POST, "/proxy/hand-on", act), http.StatusSeeOther)
	expect(t, "twice changes nothing", ask(x, supervisor, POST, "/proxy/hand-on", act), http.StatusSeeOther)
	expect(t, "what is left", ask(x, supervisor, GET, "/proxy?period=2025", nil), http.StatusOK, "代报草稿(1)")
	form := url.Values{"act": {uuid.NewString()}, "period": {"2025"}, "unit": {"5"}, "do": {"take"}, "version": {"1"}}
	expect(t, "take in without a reason", ask(x, supervisor, POST, "/proxy/hand-on", form), http.StatusBadRequest, "理由")
	form.Set("reason", "单位已书面说明,月底前改正")
	expect(t, "take in", ask(x, supervisor, POST, "/proxy/hand-on", form), http.StatusSeeOther)
	for path, says := range map[string]string{"/filing/3/2025/sheets": "报送件", "/filing/3/2025/sheet": "代报:各单位联系人 OA", "/filing/5/2025/sheet?revision=1": "带问题收件", "/filing/3/2025/publication": "还没有记录公开情况"} {
		expect(t, path, ask(x, supervisor, GET, path, nil), http.StatusOK, says)
		expect(t, path+" by another unit", ask(x, filer, GET, path, nil), http.StatusForbidden)
	}
	expect(t, "no such revision", ask(x, supervisor, GET, "/filing/3/2025/sheet?revision=7", nil), http.StatusNotFound)
	expect(t, "docx", ask(x, supervisor, GET, "/filing/3/2025/sheet.docx", nil), http.StatusOK)
	expect(t, "no exports before approval", ask(x, supervisor, GET, "/filing/3/2025/publish.html", nil), http.StatusNotFound)
	sealsAndPublication(t, x)
}

func sealsAndPublication(t *testing.T, x *site) {
	t.Helper()
	scan := func(data []byte) *httptest.ResponseRecorder {
		return post(t, x, supervisor, "/filing/3/2025/seal", map[string]string{"revision": "1", "act": uuid.NewString()}, sentFile{"file", "盖章件.pdf", data})
	}
	expect(t, "a scan that is a page", scan([]byte("<html><script>")), http.StatusBadRequest, "不是PDF、JPG或PNG")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 300, 400))); err != nil {
		t.Fatal(err)
	}
	expect(t, "a scan", scan(picture.Bytes()), http.StatusSeeOther)
	expect(t, "listed", ask(x, supervisor, GET, "/filing/3/2025/sheets", nil), http.StatusOK, "盖章件.pdf", "/filing/3/2025/seal/1")
	w := ask(x, supervisor, GET, "/filing/3/2025/seal/1", nil)
	if !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") || w.Header().Get("Content-Type") != "application/octet-stream" {
		t.Errorf("a scan is served as %v", w.Header())
	}
	for _, account := range []string{filer, otherFiler, leader, evaluator} {
		expect(t, account+" asks for the scan", ask(x, account, GET, "/filing/3/2025/seal/1", nil), http.StatusForbidden)
	}
	record := func(account, pasted string, fields ...string) *httptest.ResponseRecorder {
		form := map[string]string{"address": "https://www.example.gov.cn/a.html", "date": "2026-02-03", "pasted": pasted, "act": uuid.NewString()}
		for i := 0; i+1 < len(fields); i += 2 {
			form[fields[i]] = fields[i+1]
		}
		return post(t, x, account, "/filing/3/2025/publication", form)
	}
	expect(t, "another unit records", record(filer, ""), http.StatusForbidden)
	expect(t, "no address", record(supervisor, "", "address", "javascript:alert(1)"), http.StatusBadRequest, "完整网址")
	expect(t, "fetching is off", record(supervisor, "", "fetch", "1"), http.StatusBadRequest, "也可以改为粘贴页面全文")
	expect(t, "tomorrow", record(supervisor, "", "date", "2027-01-01"), http.StatusBadRequest, "还没有到")
	page := bulletin.ReportHTML(sound("清源区教育局", 2025, 2), bulletin.Edition{})
	expect(t, "the same", record(supervisor, page), http.StatusSeeOther)
	expect(t, "the same", ask(x, supervisor, GET, "/filing/3/2025/publication", nil), http.StatusOK, "发布稿与报告一致", "与已提交的第1版", "晚于法定期限2026年1月31日 3天")
	other := sound("清源区教育局", 2025, 2)
	other.Cells["T2_LICENSE_DECISIONS"] = disclosure.Number(77)
	expect(t, "another figure", record(supervisor, bulletin.ReportHTML(other, bulletin.Edition{})), http.StatusSeeOther)
	expect(t, "another figure", ask(x, supervisor, GET, "/filing/3/2025/publication", nil), http.StatusOK, "77")
	if _, err := x.office.Recheck(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	expect(t, "in the district's findings", ask(x, supervisor, GET, "/matters?year=2025&basis=provisional&rule=PUB-R1", nil), http.StatusOK, "77")
	expect(t, "on the report's page", ask(x, supervisor, GET, "/reports/3/2025/national/agency?basis=provisional", nil), http.StatusOK, "PUB-R1")
}

// A ledger is read, its open row settled, and chosen cells go into the draft;
// nobody from outside sees its rows.
func TestLedgerThroughThePages(t *testing.T) {
	x := openFilesDesk(t)
	const at = "/filing/5/2021/ledger"
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"编号", "申请人姓名", "联系电话", "申请人类别", "收到日期", "答复日期", "办理结果"},
		{"2021-1", "欧阳锦绣", "13987654321", "自然人", "2021-02-03", "2021-02-20", "予以公开"}, {"2021-2", "欧阳锦绣", "13987654321", "自然人", "2021-03-03", "2021-09-20", "看着办"}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	book, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	file := sentFile{"file", "欧阳锦绣的台账.xlsx", book.Bytes()}
	for _, account := range []string{filer, leader, evaluator} {
		expect(t, account+" brings a ledger", post(t, x, account, at, map[string]string{"act": uuid.NewString()}, file), http.StatusForbidden)
		expect(t, account+" looks", ask(x, account, GET, at, nil), http.StatusForbidden)
	}
	expect(t, "no file", post(t, x, otherFiler, at, map[string]string{"act": uuid.NewString()}), http.StatusBadRequest, "没有选择文件")
	expect(t, "no ledger", post(t, x, otherFiler, at, map[string]string{"act": uuid.NewString()}, sentFile{"file", "a.txt", []byte("没有表")}), http.StatusBadRequest, "is-wrong")
	expect(t, "a ledger as a report", post(t, x, otherFiler, "/filing/5/2021/upload", nil, file), http.StatusBadRequest, "依申请公开台账", `href="/filing/5/2021/ledger">到台账页上传`)
	expect(t, "a report as a ledger", post(t, x, otherFiler, at, map[string]string{"act": uuid.NewString()}, sentFile{"file", "年报.docx", wordOf(t, sound("清源区水利局", 2021, 1))}), http.StatusBadRequest, "是年度报告", `href="/filing/5/2021/upload">到上传文件页`)
	expect(t, "bring", post(t, x, otherFiler, at, map[string]string{"act": uuid.NewString()}, file), http.StatusSeeOther)
	page := ask(x, otherFiler, GET, at+"?cell=T3_GRANTED_NP", nil)
	expect(t, "counts", page, http.StatusOK, "计入 1 件,待核定 1 件", "2021-1", "超期", `name="res-`)
	if strings.Contains(page.Body.String(), "欧阳") || strings.Contains(page.Body.String(), "139876") {
		t.Error("the page shows what must be dropped")
	}
	field := func(name string) string {
		m := regexp.MustCompile(`name="` + name + `" value="(\d+)"`).FindStringSubmatch(page.Body.String())
		if m == nil {
			t.Fatalf("the page has no %s", name)
		}
		return m[1]
	}
	row := regexp.MustCompile(`name="(res-[^"]+)"`).FindStringSubmatch(page.Body.String())[1]
	form := url.Values{"act": {uuid.NewString()}, "seen": {"1"}, "do": {"decide"}, row: {"PARTIAL"}}
	expect(t, "a stale page", ask(x, otherFiler, POST, at, form), http.StatusConflict, "有变化")
	form.Set("seen", field("seen"))
	expect(t, "decide", ask(x, otherFiler, POST, at, form), http.StatusSeeOther)
	page = ask(x, otherFiler, GET, at+"?cell=T3_PARTIAL_NP", nil)
	expect(t, "decided", page, http.StatusOK, "计入 2 件,待核定 0 件", "人工核定", "撤回核定")
	form = url.Values{"act": {uuid.NewString()}, "seen": {field("seen")}, "version": {field("version")}, "do": {"take"}}
	expect(t, "take nothing", ask(x, otherFiler, POST, at, form), http.StatusBadRequest, "至少勾选一格")
	form["take"] = []string{"T3_GRANTED_NP", "T3_PARTIAL_NP"}
	expect(t, "take", ask(x, otherFiler, POST, at, form), http.StatusSeeOther)
	s, err := x.office.OpenSitting(t.Context(), visitorFor(t, x, otherFiler), 5, disclosure.Period{Year: 2021})
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := s.National().Value("T3_PARTIAL_NP"); !ok || v.String() != "1" {
		t.Errorf("the draft holds %v", s.National().Cells["T3_PARTIAL_NP"])
	}
	if _, ok := s.National().Value("T3_GRANTED_TOT"); ok {
		t.Error("a cell that was not chosen went into the draft")
	}
}
