package web

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"mingjing/dashboards"
	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/xuri/excelize/v2"
)

const ieAgent = "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"

// A scenario is one request and what its answer must say.
var scenarios = []struct {
	name   string
	site   **site
	path   string
	host   string // localhost when empty
	agent  string
	status int
	has    []string
	hasNot []string
}{
	{name: "overview names who is missing", site: &district, path: "/", status: 200,
		has:    []string{"2025年度总览", "家未报", "/progress?mark=open&amp;year=2025", "待审 <b>1</b>", "天</span>", "处必须改正", "/matters?basis=approved&amp;severity=error", "供参考,不作排名依据", "严禁存储、处理、传输国家秘密", `<meta name="renderer" content="webkit">`},
		hasNot: []string{"暂定,"}},
	{name: "overview of a year in its filters", site: &district, path: "/?year=2023&kind=部门", status: 200, has: []string{"2023年度总览", `<option value="2023" selected`, "kind=%E9%83%A8%E9%97%A8"}},
	{name: "provisional figures are marked", site: &district, path: "/?basis=provisional", status: 200, has: []string{"2025(暂定)", "1 份已提交、尚未通过的报告"}, hasNot: []string{"区自然资源局</a></li>"}},
	{name: "an empty store says how to import", site: &empty, path: "/", status: 200, has: []string{"还没有数据", "mingjing import"}},
	{name: "compare without data", site: &empty, path: "/compare", status: 200, has: []string{"还没有数据"}},
	{name: "matters without data", site: &empty, path: "/matters", status: 200, has: []string{"还没有数据"}},
	{name: "units without data", site: &empty, path: "/units", status: 200, has: []string{"还没有数据"}},
	{name: "compare ranks within groups, ties shown", site: &district, path: "/compare", status: 200, has: []string{"执法监管部门 · 排名", "镇街 · 排名", "并列", "去年名次", "#T3_NEW_RECEIVED_TOT"}},
	{name: "disclosure rate is not ranked", site: &district, path: "/compare?code=M_DISCLOSURE", status: 200, has: []string{"供参考,不作排名依据"}, hasNot: []string{"并列"}},
	{name: "another scope is marked", site: &district, path: "/compare?year=2024", status: 200, has: []string{"mark-scope", "全域"}},
	{name: "few cases are marked", site: &district, path: "/compare?code=M_REVIEW_CORRECTED", status: 200, has: []string{"※", "复议前置"}},
	{name: "a group that the year has not", site: &district, path: "/?year=2023&group=无此组", status: 200, has: []string{"本年没有符合条件的单位", `<option value="无此组" selected`}, hasNot: []string{"本年新收申请", "家未报"}},
	{name: "a kind without units", site: &district, path: "/compare?kind=无此类", status: 200, has: []string{"本年没有符合条件的单位", `<option value="无此类" selected`}, hasNot: []string{"名次</th>"}},
	{name: "rates say their reports", site: &district, path: "/?year=2023", status: 200, has: []string{"份报告", "/compare?code=M_REVIEW_CORRECTED&amp;year=2022"}},
	{name: "rules by their names", site: &district, path: "/?year=2022", status: 200, has: []string{"T3-R1 收办平衡"}},
	{name: "unknown indicator", site: &district, path: "/compare?code=T3_NOTHING", status: 404, has: []string{"没有代码为", "请求编号"}},
	{name: "a year that is none", site: &district, path: "/?year=20x5", status: 400, has: []string{"年份应是"}},
	{name: "a basis that is none", site: &district, path: "/?basis=all", status: 400, has: []string{"数据口径只能选"}},
	{name: "matters lead to their cells", site: &district, path: "/matters?year=2022&severity=error&basis=approved", status: 200, has: []string{"T3-R1", "/reports/2/2022/national/agency#T3_NEW_RECEIVED_NP"}, hasNot: []string{">需要说明</span>"}},
	{name: "unit with peers", site: &district, path: "/units/2", status: 200, has: []string{"历年报告", "同类单位中位数(6 家)", "n=6", "表中无此项"}},
	{name: "no such unit", site: &district, path: "/units/999", status: 404, has: []string{"没有编号为 999 的单位", "请求编号"}},
	{name: "a unit that is no number", site: &district, path: "/units/x", status: 404, has: []string{"没有这个单位"}},
	{name: "units by name", site: &district, path: "/units?q=自然资源", status: 200, has: []string{"自然资源局", "(1 行)"}, hasNot: []string{"教育局"}},
	{name: "units without a report", site: &district, path: "/units?status=missing", status: 200, has: []string{"未报"}, hasNot: []string{"区人民政府办公室"}},
	{name: "report in the national layout", site: &district, path: "/reports/2/2023/national/agency", status: 200,
		has: []string{`rowspan="22"`, `colspan="7"`, `id="T3_GRANTED_TOT"`, "第二十条第(八)项", "复议后起诉", "一、总体情况", "六、其他需要报告的事项", "国办公开办函〔2021〕30号"}},
	{name: "report on the 2019 form", site: &district, path: "/reports/2/2020/national/agency", status: 200, has: []string{`rowspan="20"`, `id="T2_19_PROCURE_AMOUNT_YUAN"`, `id="T3_OTHER_MERGED_TOT"`}},
	{name: "findings stand in the cells", site: &district, path: "/reports/2/2022/national/agency", status: 200, has: []string{"has-error", `href="#finding-1"`, `id="finding-1"`}},
	{name: "a report that was not filed", site: &district, path: "/reports/2/2010/national/agency", status: 404, has: []string{"没有这份报告"}},
	{name: "a scope that is none", site: &district, path: "/reports/2/2023/national/all", status: 404, has: []string{"没有这种口径"}},
	{name: "a submitted report stays out of what is approved", site: &district, path: "/reports/3/2025/national/agency", status: 404},
	{name: "and stands in the provisional figures", site: &district, path: "/reports/3/2025/national/agency?basis=provisional", status: 200, has: []string{"已提交(暂定)"}},
	{name: "a unit's name is text", site: &district, path: "/units/24", status: 200, has: []string{"&lt;/script&gt;&lt;script&gt;window.pwned=1"}, hasNot: []string{"<script>window.pwned"}},
	{name: "in charts too", site: &district, path: "/compare", status: 200, has: []string{`\u003c/script\u003e`}, hasNot: []string{"<script>window.pwned"}},
	{name: "help", site: &district, path: "/help", status: 200, has: []string{"极速模式", "许可证全文"}},
	{name: "no such page", site: &district, path: "/nothing", status: 404, has: []string{"没有这个页面", "请求编号"}},
	{name: "IE is told to switch", site: &district, path: "/units/2", agent: ieAgent, status: 200, has: []string{"极速模式"}, hasNot: []string{"<script", "stylesheet"}},
	{name: "a foreign host is refused", site: &district, path: "/", host: "evil.test", status: 403, has: []string{"不能用这个地址访问"}, hasNot: []string{"年度总览</h1>"}},
	{name: "a configured host is served", site: &district, path: "/help", host: "example.com:8080", status: 200},
	{name: "IPv6 loopback is served", site: &district, path: "/help", host: "[::1]:8080", status: 200},
	{name: "unknown download", site: &district, path: "/?download=nothing.csv", status: 404, has: []string{"没有名为"}},
	{name: "unknown format", site: &district, path: "/?download=trend.pdf", status: 400, has: []string{"xlsx 或 csv"}},
	{name: "alive", site: &district, path: "/healthz", status: 200, has: []string{"ok"}},
	{name: "ready", site: &district, path: "/readyz", status: 200, has: []string{"ready"}},
}

// get asks as a district supervisor, who sees all of the data.
func get(t *testing.T, x *site, path, host, agent string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "localhost:8080"
	if host != "" {
		r.Host = host
	}
	r.Header.Set("Accept", "text/html")
	if agent != "" {
		r.Header.Set("User-Agent", agent)
	}
	x.sign(r, supervisor)
	w := httptest.NewRecorder()
	x.handler().ServeHTTP(w, r)
	return w
}

func TestScenarios(t *testing.T) {
	for _, sc := range scenarios {
		t.Run(sc.name, func(t *testing.T) {
			w := get(t, *sc.site, sc.path, sc.host, sc.agent)
			body := w.Body.String()
			if w.Code != sc.status {
				t.Fatalf("GET %s answers %d, want %d: %.400s", sc.path, w.Code, sc.status, body)
			}
			for _, s := range sc.has {
				if !strings.Contains(body, s) {
					t.Errorf("GET %s does not say %q", sc.path, s)
				}
			}
			for _, s := range sc.hasNot {
				if strings.Contains(body, s) {
					t.Errorf("GET %s says %q", sc.path, s)
				}
			}
		})
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	for _, path := range []string{"/", "/units/999", "/nothing", "/healthz"} {
		h := get(t, district, path, "", "").Header()
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy lacks %q: %s", path, want, policy)
			}
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || len(h.Get("X-Request-Id")) != 12 {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

// HEAD does what GET does on every address, without the body.
func TestHeadAnswersAsGet(t *testing.T) {
	server := httptest.NewServer(district.handler())
	defer server.Close()
	for _, path := range []string{"/", "/units/2", "/units/999", "/reports/2/2023/national/agency", "/healthz", "/units?download=units.csv"} {
		asked, err := http.NewRequest(http.MethodHead, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		asked.Header.Set("Accept", "text/html")
		district.sign(asked, supervisor)
		r, err := http.DefaultClient.Do(asked)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(r.Body)
		r.Body.Close()
		if want := get(t, district, path, "", ""); r.StatusCode != want.Code || r.Header.Get("Content-Type") != want.Header().Get("Content-Type") || len(body) > 0 {
			t.Errorf("HEAD %s answers %d %s with %d bytes; GET %d", path, r.StatusCode, r.Header.Get("Content-Type"), len(body), want.Code)
		}
	}
}

func TestFigureNamesItsOwnFile(t *testing.T) {
	sources := []office.SourceFile{{Name: "甲.docx", SHA256: "aa"}, {Name: "乙.pdf", SHA256: "bb"}}
	for file, want := range map[string]string{"bb": "乙.pdf", "aa": "甲.docx", "": "", "cc": ""} {
		if got := fileOf(sources, disclosure.Cell{File: file}); got != want {
			t.Errorf("a figure of %q is said to come from %q, want %q", file, got, want)
		}
	}
}

// A page shows the first rows and says how many it leaves out; the unit list
// has pages.
func TestLongTablesAreShortened(t *testing.T) {
	long := dashboards.Table{}
	for range 450 {
		long.Rows = append(long.Rows, dashboards.Row{Cells: []dashboards.Cell{dashboards.Text("甲")}})
	}
	if short := long.First(200); len(short.Rows) != 200 || short.More != 250 || short.Total() != 450 || len(long.Rows) != 450 {
		t.Errorf("%d rows, %d more, %d in all; %d in the whole table", len(short.Rows), short.More, short.Total(), len(long.Rows))
	}
	for _, tc := range []struct {
		query          string
		total          int
		page, from, to int
	}{{"", 450, 1, 0, 200}, {"page=3", 450, 3, 400, 450}, {"page=9", 450, 3, 400, 450}, {"page=-1", 450, 1, 0, 200}, {"page=x", 0, 1, 0, 0}} {
		c := district.server.echo.NewContext(httptest.NewRequest(http.MethodGet, "/units?"+tc.query, nil), httptest.NewRecorder())
		if p, from, to := pagerOf(c, tc.total, 200); p.Page != tc.page || from != tc.from || to != tc.to {
			t.Errorf("%q of %d: page %d, rows %d to %d", tc.query, tc.total, p.Page, from, to)
		}
	}
}

// An internal error shows a sentence and the request's number; its cause goes
// to the log and nowhere else.
func TestCausesStayInTheLog(t *testing.T) {
	w := get(t, district, "/reports/2/2023/national/all", "", "")
	id := w.Header().Get("X-Request-Id")
	if !strings.Contains(w.Body.String(), id) {
		t.Error("the page does not name the request")
	}
	for _, line := range strings.Split(district.log.String(), "\n") {
		var entry map[string]any
		if json.Unmarshal([]byte(line), &entry) == nil && entry["request_id"] == id {
			if entry["status"] != float64(404) || entry["code"] != "not_found" || entry["path"] != "/reports/2/2023/national/all" {
				t.Errorf("the log says %v", entry)
			}
			return
		}
	}
	t.Errorf("no line of the log names %s", id)
}

func TestDownloads(t *testing.T) {
	w := get(t, district, "/compare?download=matrix.csv", "", "")
	text, found := strings.CutPrefix(w.Body.String(), "\ufeff")
	if !found {
		t.Error("a csv without byte order mark is unreadable in Excel")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != 25 {
		t.Fatalf("%d rows, %v; want a head and 24 units", len(rows), err)
	}
	w = get(t, district, "/units/2?download=history.xlsx", "", "")
	f, err := excelize.OpenReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells, err := f.GetRows("数据")
	if err != nil || len(cells) < 20 || cells[1][0] != "本年新收申请" || cells[1][1] == "" {
		t.Errorf("the sheet begins with %v, %v", cells[:min(2, len(cells))], err)
	}
	w = get(t, district, "/reports/2/2023/national/agency?download=figures.csv", "", "")
	if n := strings.Count(w.Body.String(), "\r\nT"); n != 200 {
		t.Errorf("the report's csv holds %d figures, want 200", n)
	}
}

// An original file is handed out as it came in, and never as a page.
func TestSourceFiles(t *testing.T) {
	const report = "/reports/2/2023/national/agency"
	sum := sha256.Sum256([]byte(sourceText))
	w := get(t, district, report+"/source/"+hex.EncodeToString(sum[:]), "", "")
	if w.Code != 200 || w.Body.String() != sourceText {
		t.Errorf("%d %.100s", w.Code, w.Body)
	}
	if h := w.Header(); !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("headers %v", h)
	}
	for _, other := range []string{strings.Repeat("0", 64), "..%2F..%2Fetc%2Fpasswd"} {
		if w := get(t, district, report+"/source/"+other, "", ""); w.Code != 404 {
			t.Errorf("a file that is no source answers %d", w.Code)
		}
	}
}

func TestFormulasAreText(t *testing.T) {
	for _, s := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"} {
		if got := bulletin.Harmless(s); got != "'"+s {
			t.Errorf("Harmless(%q) = %q", s, got)
		}
	}
	if got := bulletin.Harmless("区政府办"); got != "区政府办" {
		t.Errorf("harmless changes plain text to %q", got)
	}
}

func TestAssetsAreCachedForEver(t *testing.T) {
	href, err := district.server.assets.href("app.css")
	if err != nil {
		t.Fatal(err)
	}
	w := get(t, district, href, "", "")
	if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("ETag") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	r := httptest.NewRequest(http.MethodGet, href, nil)
	r.Host = "localhost"
	r.Header.Set("If-None-Match", w.Header().Get("ETag"))
	again := httptest.NewRecorder()
	district.handler().ServeHTTP(again, r)
	if again.Code != http.StatusNotModified {
		t.Errorf("a known file is sent again with %d", again.Code)
	}
	if w := get(t, district, "/assets/000000000000/app.css", "", ""); w.Code != 404 || strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("an old checksum answers %d, %s", w.Code, w.Header().Get("Cache-Control"))
	}
}

func TestMetrics(t *testing.T) {
	get(t, district, "/help", "", "")
	get(t, district, "/units/999", "", "")
	get(t, district, "/help", "made-up.test", "")
	w := httptest.NewRecorder()
	district.server.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	body, _ := io.ReadAll(w.Body)
	for _, want := range []string{`code="200",host="",method="GET",url="/help"`, `code="404",host="",method="GET",url="/units/:number"`, `code="403",host=""`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the metrics do not hold %s", want)
		}
	}
	if strings.Contains(string(body), "made-up") {
		t.Error("a stranger's Host makes a series of its own")
	}
}
