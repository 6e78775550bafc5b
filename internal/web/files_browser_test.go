package web

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	cd "github.com/chromedp/chromedp"
	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
)

// A clerk uploads a file, settles the one cell that was not read, and finds it
// in the draft.
func TestUploadInABrowser(t *testing.T) {
	x := openFilesDesk(t)
	ctx := openBrowser(t)
	heard := listen(ctx)
	server := httptest.NewServer(x.handlerAs(otherFiler))
	defer server.Close()
	r := sound("清源区水利局", 2024, 5)
	r.Cells["T3_GRANTED_NP"] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: "约五件"}
	file := filepath.Join(t.TempDir(), "水利局2024年报.docx")
	if err := os.WriteFile(file, wordOf(t, r), 0o600); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, cd.EmulateViewport(1440, 900), cd.Navigate(server.URL+"/filing/5/2024/upload"), cd.WaitReady("body[data-ready]"))
	do(t, ctx, cd.SetUploadFiles(`input[name="file"]`, []string{file}), cd.Click(`form[data-upload] button`))
	do(t, ctx, cd.WaitVisible(`#cell-T3_GRANTED_NP`))
	if wide := evaluate[string](t, ctx, tooWide); wide != "" {
		t.Errorf("the preview scrolls sideways, because of %s", wide)
	}
	do(t, ctx, cd.Click(`button[value="take"]`), cd.WaitVisible(`#sentence`))
	do(t, ctx, cd.SendKeys(`#cell-T3_GRANTED_NP`, "5"), cd.Click(`button[value="take"]`))
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		at, err := cd.Run(ctx, cd.Evaluate[string](`location.pathname`)) // fails while the page goes over
		if err == nil && at == "/filing/5/2024" {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("after taking the file the browser is at %q, %v", at, err)
		}
	}
	s, err := x.office.OpenSitting(t.Context(), visitorFor(t, x, otherFiler), 5, disclosure.Period{Year: 2024})
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := s.National().Value("T3_GRANTED_NP"); !ok || v.String() != "5" {
		t.Errorf("the draft holds %v", s.National().Cells["T3_GRANTED_NP"])
	}
	heard.take()
}

func visitorFor(t *testing.T, x *site, account string) people.Visitor {
	t.Helper()
	v, err := x.office.Visitor(t.Context(), account, "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The pages about files as people see them, each empty, usual and failing.
func TestFilePagesInABrowser(t *testing.T) {
	t.Parallel() // beside the other walks: units and accounts of its own
	axe, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing, run npm ci: %v", err)
	}
	x := openFilesDesk(t)
	ctx := openBrowser(t)
	server := httptest.NewServer(x.handlerAs(supervisor))
	defer server.Close()
	r := sound("清源区体育局", 2023, 5)
	r.Cells["T3_GRANTED_NP"] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: "约五件,其中含往年结转及不予受理后又重新受理的申请"}
	r.Cells["T3_PARTIAL_NP"] = disclosure.Cell{Kind: disclosure.CellUnread, Raw: "—?"}
	if w := ask(x, supervisor, POST, "/proxy/part", url.Values{}); w.Code >= 500 {
		t.Errorf("an empty form answers %d", w.Code)
	}
	_, _, err = x.office.SaveDraft(t.Context(), visitorFor(t, x, supervisor), 6, disclosure.Period{Year: 2023}, office.Patch{Cells: []office.CellPatch{{Code: "T3_NEW_RECEIVED_TOT", Now: "9"}},
		Prose: []office.ProsePatch{{Part: 5, Now: "草稿里的文字。"}}})
	if err != nil {
		t.Fatal(err)
	}
	wrong := sound("清源区教育局", 2022, 5)
	brought := post(t, x, supervisor, "/filing/6/2023/upload", nil, sentFile{"file", "一个名字特别长的文件_清源区体育局关于2023年度政府信息公开工作年度报告的最终定稿(再改一稿).docx", wordOf(t, r)}).Header().Get("Location")
	mismatched := post(t, x, supervisor, "/filing/6/2023/upload", nil, sentFile{"file", "教育局.docx", wordOf(t, wrong)}).Header().Get("Location")
	failed := post(t, x, supervisor, "/filing/6/2023/upload", nil, sentFile{"file", "说明.txt", []byte("没有")}).Header().Get("Location")
	files := []sentFile{{"files", "教育.docx", wordOf(t, sound("清源区教育局", 2023, 2))}, {"files", "去年.docx", wordOf(t, sound("清源区民政局", 2021, 1))},
		{"files", "未知.docx", wordOf(t, sound("某某管理处", 2023, 1))}, {"files", "照片.jpg", []byte("\xff\xd8\xff\xe0")}, {"files", "体育.docx", wordOf(t, r)}}
	post(t, x, supervisor, "/proxy", map[string]string{"period": "2023", "on": "2026-01-20", "way": "OA"}, files...)
	until := time.Now().Add(20 * time.Second)
	for strings.Contains(ask(x, supervisor, GET, "/proxy?period=2023", nil).Body.String(), "data-wait") && time.Now().Before(until) {
		time.Sleep(50 * time.Millisecond)
	}
	act := url.Values{"act": {uuid.NewString()}, "period": {"2023"}}
	ask(x, supervisor, POST, "/proxy/hand-on", act)
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"编号", "申请人姓名", "联系电话", "申请人类别", "收到日期", "答复日期", "办理结果"},
		{"2023-1", "欧阳锦绣", "13987654321", "自然人", "2023-02-03", "2023-02-20", "予以公开"}, {"2023-2", "欧阳锦绣", "13987654321", "自然人", "2023-03-03", "2023-09-20", "看着办"},
		{"2023-3", "某公司", "13987654321", "企业", "2023-03-03", "2023-03-20", "本机关不掌握相关政府信息"}} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	book, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	post(t, x, supervisor, "/filing/6/2023/ledger", map[string]string{"act": uuid.NewString()}, sentFile{"file", "台账.xlsx", book.Bytes()})
	for name, path := range map[string]string{"ledger": "/filing/6/2023/ledger?cell=T3_GRANTED_NP", "ledger-empty": "/filing/4/2023/ledger", "form": "/filing/6/2023", "upload": "/filing/6/2023/upload", "preview": brought, "preview-mismatch": mismatched, "preview-failed": failed,
		"proxy": "/proxy?period=2023", "proxy-empty": "/proxy?period=2022", "sheets": "/filing/3/2023/sheets", "sheets-empty": "/filing/4/2023/sheets", "sheet": "/filing/3/2023/sheet", "publication": "/filing/3/2023/publication"} {
		for _, width := range []int64{390, 1440} { // see TestPagesInABrowser
			t.Run(fmt.Sprintf("%s/%d", name, width), func(t *testing.T) {
				do(t, ctx, cd.EmulateViewport(width, 900))
				if width == 390 {
					do(t, ctx, cd.Navigate("about:blank"), cd.Navigate(server.URL+path), cd.WaitReady("body[data-ready]"))
				}
				if *pictures != "" {
					keepPicture(t, ctx, fmt.Sprintf("files-%s-%d.png", name, width))
				}
				if wide := evaluate[string](t, ctx, tooWide); wide != "" {
					t.Errorf("the page scrolls sideways, because of %s", wide)
				}
				checkAccessibility(t, ctx, string(axe))
			})
		}
	}
}
