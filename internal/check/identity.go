package check

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
)

// identity tries CPY-R2: the period, years, documents and names that the prose
// gives are this report's.
func (p *proseReader) identity() {
	for i := range p.texts {
		s := &p.texts[i]
		p.period(s)
		p.staleYear(s)
		p.staleDocument(s)
		p.foreignName(s)
	}
}

func (p *proseReader) misfit(s *sentence, what, expected, actual, sentence string) {
	key := "CPY-R2" + what + actual
	if p.seen[key] {
		return
	}
	p.seen[key] = true
	p.find(Finding{Rule: "CPY-R2", Severity: Explain, Aspect: what, Expected: expected, Actual: actual, Quote: s.printed, Message: sentence}, nil)
}

var (
	dateRange = regexp.MustCompile(`(?:(20\d{2})[年.])?(\d{1,2})[月.](\d{1,2})日?(?:起|开始)?(?:,)?(?:至|到|-{1,2}|起至)(?:(20\d{2})[年.])?(\d{1,2})[月.](\d{1,2})日?`)
	// In the text before part one a range of dates is the period; later on it
	// must be called so.
	aPeriod  = regexp.MustCompile(`统计|期限|数据|时限|报告期|起止|时间段|所列|期间`)
	calledSo = regexp.MustCompile(`统计(?:期|时|数据)|数据|报告期|所列`)
)

// period: the reporting year runs from 1 January to 31 December.
func (p *proseReader) period(s *sentence) {
	if p.year == 0 || s.part > 1 || !containsAny(s.text, "12月", "12.", "1月1日", "1.1") || !aPeriod.MatchString(s.text) || s.part == 1 && !calledSo.MatchString(s.text) {
		return
	}
	for _, m := range dateRange.FindAllStringSubmatch(s.text, -1) {
		n := make([]int, len(m))
		for i := 1; i < len(m); i++ {
			n[i], _ = strconv.Atoi(m[i])
		}
		from, to := n[1], n[4]
		if to == 0 {
			to = from
		}
		if from == 0 {
			from = to
		}
		whole := n[2] == 1 && n[3] == 1 && n[5] == 12 && n[6] == 31
		if whole && (from == 0 || from == p.year && to == p.year) {
			continue
		}
		// Months that are no whole year tell of something else, unless they
		// are all but one.
		if !(n[2] == 1 && n[5] >= 11) && !(n[5] == 12 && n[2] <= 2) && !(from == to-1 && n[2] >= 11) {
			continue
		}
		want := fmt.Sprintf("%d年1月1日至12月31日", p.year)
		p.misfit(s, "period", want, m[0], fmt.Sprintf("正文写的统计期限是“%s”,%d年度报告的统计期限应为%s,请更正。", m[0], p.year, want))
	}
}

var (
	openingYear = regexp.MustCompile(`(?:现将|现公布|特向社会公布|公布|发布|编制|撰写)(?:了)?(?:的)?[^,;:。《]{0,30}?(20\d{2})年(?:度)?(?:的)?(?:政府)?信息公开(?:工作)?(?:情况)?(?:年度)?(?:工作)?报告`)
	leadingYear = regexp.MustCompile(`^(?:\(?[一二三四五六七八九十]{1,2}[)、.是]?(?:[\p{Han}]{2,16}[。,:.])?|\d{1,2}[.、])?(20\d{2})年(?:度)?(,)?`)
	claims      = regexp.MustCompile(`我局|我办|我委|我镇|我乡|我街道|我区|我县|我市|我单位|我中心|本机关|本局|本单位|本办|全年|共|全区|全县|全市|未收取|没有收取|收取|新收|收到|受理|未收到|主动公开|发布|办结|制发`)
	pastMatters = regexp.MustCompile(`相比|较|对比|比上|基础上|以来|年底|年末|第三方评估|整改|反馈|去年|上年|上一年|今年|本年|结转|印发|出台|修订|\d月|\d日|成立|组建|挂牌|-20|至20|以前|之前|延续`)
	ownAnnual   = regexp.MustCompile(`政府信息公开(?:工作)?(?:年度)?报告`)
)

// staleYear finds an older year where the report claims its own. Comparisons
// with last year, dates and names of documents are no claims.
func (p *proseReader) staleYear(s *sentence) {
	if p.year == 0 || !strings.Contains(s.text, "20") {
		return
	}
	stale := func(year string) bool {
		n, _ := strconv.Atoi(year)
		return n < p.year && n >= p.year-6
	}
	own := strconv.Itoa(p.year)
	tell := func(year, where string) {
		p.misfit(s, "year"+year, own, year, fmt.Sprintf("%s写的年度是“%s年”,本报告是%s年度的,疑为沿用旧稿,请更正。", where, year, own))
	}
	if s.part == 0 {
		if m := openingYear.FindStringSubmatch(s.text); m != nil && stale(m[1]) && !strings.Contains(s.text, own+"年") {
			tell(m[1], "报告开头")
		}
		return
	}
	if s.part != 1 && s.part != 6 {
		return
	}
	text := s.text
	if i := strings.LastIndex(text, "情况"); i >= 0 && i < 60 && strings.HasPrefix(text[i:], "情况20") {
		text = text[i+len("情况"):] // a heading without a stop before the sentence
	}
	m := leadingYear.FindStringSubmatch(text)
	if m == nil || !stale(m[1]) || strings.Contains(text, own) {
		return
	}
	rest := text[len(m[0]):]
	if pastMatters.MatchString(rest) || ownAnnual.MatchString(rest) || !claims.MatchString(rest) && !p.namesItself(rest) {
		return
	}
	if m[2] == "" && !startsClaim.MatchString(rest) && !p.namesItself(firstRunes(rest, 20)) {
		return
	}
	tell(m[1], "正文“"+excerptOf(s.text, 24)+"”")
}

var startsClaim = regexp.MustCompile(`^(?:我|本|全|共|新收|收到|受理|未|没有|收取|主动公开|发布)`)

func (p *proseReader) namesItself(text string) bool {
	bare := bareBody(p.unit)
	return len(bare) >= 6 && strings.Contains(text, bare)
}

var (
	notice2019   = regexp.MustCompile(`国办公开办函〔2019〕60号`)
	notice2021   = regexp.MustCompile(`国办公开办函〔2021〕30号`)
	oldRegulator = regexp.MustCompile(`(?:国务院令|国令)(?:〔?第?)492号`)
)

// staleDocument: the notice that prescribes the form, and the Regulations in
// force since 15 May 2019 (国令第711号), are those of the year.
func (p *proseReader) staleDocument(s *sentence) {
	if p.year < 2019 || s.part > 1 || !strings.Contains(s.text, "号") {
		return
	}
	tell := func(cited, right string) {
		p.misfit(s, "document", right, cited, fmt.Sprintf("正文引用的是%s,%d年度报告应依据%s,请更正。", cited, p.year, right))
	}
	if p.year >= 2022 && notice2019.MatchString(s.text) && !notice2021.MatchString(s.text) {
		tell("国办公开办函〔2019〕60号", "国办公开办函〔2021〕30号")
	}
	if p.year <= 2020 && notice2021.MatchString(s.text) {
		tell("国办公开办函〔2021〕30号", "国办公开办函〔2019〕60号")
	}
	if oldRegulator.MatchString(s.text) && !strings.Contains(s.text, "711") {
		tell("旧《条例》(国令第492号)", "国令第711号")
	}
}

// selfIntroduction are the places where a report names the unit that it is of.
var selfIntroduction = []*regexp.Regexp{
	regexp.MustCompile(`^([\p{Han}()]{3,28}?)(?:根据|依照|按照|依据)(?:《|新修订|修订|国务院|中华人民共和国)`),
	regexp.MustCompile(`本(?:年度)?报告(?:是|系)?由([\p{Han}()]{3,28}?)(?:根据|依照|按照|依据|负责|编制|,)`),
	regexp.MustCompile(`(?:现将|现公布|公布|发布)([\p{Han}()]{3,28}?)(?:20\d{2}年(?:度)?)?(?:政府)?信息公开(?:工作)?(?:情况)?(?:年度)?报告`),
	regexp.MustCompile(`([\p{Han}]{3,28}?)\(以下简称[“"]?(?:我|本)(?:局|委|办|镇|街道|单位|中心|机关)[”"]?\)`),
}

var bodyName = regexp.MustCompile(`[\p{Han}]{2,}(?:局|委员会|委|厅|院|中心|街道|街道办|办事处|镇|乡|人民政府|政府|办公室|政府办|管委会|馆|联合会|合作社|管理处|大队|支队|总队)$`)

// joinedName is 和 or 与 within a body's name (住房和城乡建设局), not between two.
var joinedName = regexp.MustCompile(`(住房|发展|资源|工业|文化|农业|经济|规划|教育|科技|卫生|民族|交通|国防|新闻|林业|商务|园林|生态|投资|水务)[和与]`)

// foreignName finds another body's name where the report introduces itself. A
// government's report may name its office, which writes it.
func (p *proseReader) foreignName(s *sentence) {
	if p.unit == "" || s.part > 1 || !containsAny(s.text, "报告", "条例", "根据", "依照", "按照", "依据", "以下简称") {
		return
	}
	for _, pattern := range selfIntroduction {
		m := pattern.FindStringSubmatch(s.text)
		if m == nil {
			continue
		}
		name := strings.TrimPrefix(m[1], "现将")
		if !bodyName.MatchString(name) || strings.ContainsAny(joinedName.ReplaceAllString(name, "$1"), "我本各的与和同向由为") || p.itself(name) {
			continue
		}
		p.misfit(s, "name", p.report.Unit, name, fmt.Sprintf("正文自称“%s”,而本报告是“%s”的,疑为抄用他单位报告,请核对全文并更正。", name, p.report.Unit))
		return
	}
}

// itself says whether a name can be the report's own unit. Only names of the
// same kind of body are held against each other: a report of a district's
// government is written by its office, and a part of a body by the whole.
func (p *proseReader) itself(name string) bool {
	a, b := disclosure.NormalName(name), p.unit
	for _, n := range p.names {
		if strings.Contains(a, n) || strings.Contains(n, a) || sameBody(a, n) {
			return true
		}
	}
	isGovernment := func(s string) bool {
		return strings.HasSuffix(s, "政府") || strings.HasSuffix(s, "政府办公室") || strings.HasSuffix(s, "政府办")
	}
	if isGovernment(a) && isGovernment(b) {
		return sameBody(strings.TrimSuffix(a, "办公室"), strings.TrimSuffix(b, "办公室"))
	}
	return isGovernment(a) && classOf(a) != townUnit && !strings.HasSuffix(b, "政府") // 区政府 names the level above
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
