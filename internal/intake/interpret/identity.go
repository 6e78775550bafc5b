package interpret

import (
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// identity is whose report it is, for which year and in which scope.
type identity struct {
	unit   string
	year   disclosure.Year
	scope  disclosure.Scope
	title  string
	titled map[int]bool // items that are the title
	doubts []Doubt
}

var (
	// titlePattern: [unit][year]政府信息公开[工作][year]年度报告, or a local 附表 of it. Groups: before, between.
	titlePattern = regexp.MustCompile(`^(.*?)(?:政府信息与政务公开|政府信息公开|政务公开|信息公开)(?:工作)?(.{0,14}?)(?:工作)?(?:报告|年报|附表)(.*)$`)
	yearPattern  = regexp.MustCompile(`((?:19|20)[0-9]{2}|[二][〇○零OＯ0][一二〇○零0][一二三四五六七八九〇○零0])年?度?`)
	periodText   = regexp.MustCompile(`((?:19|20)[0-9]{2})年0?1月0?1日(?:起|开始)?[至到\-—–~]+(?:((?:19|20)[0-9]{2})年)?(?:当年)?(?:0?12月3[01]日|年底)`)
	inSentence   = regexp.MustCompile(`([^,。;:、,;:()“”《]{2,40}?)(?:关于)?((?:19|20)[0-9]{2})年度?(?:政府信息公开|政务公开)(?:工作)?(?:年度)?(?:工作)?报告`)
	compiledBy   = regexp.MustCompile(`(?:本报告|本年度报告|年度报告)(?:是|系)?由([^,。;:、,;:()“”《]{3,40})(?:根据|依据|按照|编制|负责)`)
	leadJunk     = regexp.MustCompile(`^(?:附件?\s*[0-9一二三四五六七八九十]*[::.、]*|[0-9]+[.、_\-]+|关于(?:公布|发布|印发|报送)?|《|【|\[|\(|“|\s|_|-|—|·)+`)
	navigation   = regexp.MustCompile(`当前位置|您的位置|首页|索引号|上一篇|下一篇|相关|栏目|点击下载`)
	dateLine     = regexp.MustCompile(`^(?:20[0-9]{2}年[0-9]{1,2}月[0-9]{1,2}日|20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|二[〇○零0].{2}年.{1,2}月.{1,3}日)$`)
	unitEnding   = regexp.MustCompile(`(?:人民政府|政府|办公室|办公厅|政府办|局|委|委员会|办|厅|院|处|管委会|中心|镇|乡|街道|街道办事处|公司|支队|大队|总队|队|室|所|分局|区|县|市|省|州|盟|旗|署|学校|大学|学院|中学|小学|医院|集团|馆|社|协会|联合会|会|银行|部|站|台|苏木)$`)
)

// plainText is a text as titles and sentences are searched: NFKC, without
// space.
func plainText(s string) string {
	if !norm.NFKC.IsNormalString(s) {
		s = norm.NFKC.String(s)
	}
	return squeeze(s)
}

// isTitle says that a line ends a report's title.
func isTitle(text string) bool {
	if utf8.RuneCountInString(text) > 70 || strings.ContainsAny(text, "。;;!?>›»|") || navigation.MatchString(text) {
		return false
	}
	t := plainText(text)
	m := titlePattern.FindStringSubmatch(t)
	return m != nil && (strings.Contains(t, "年度报告") || strings.Contains(t, "年报") || yearIn(t) != 0) &&
		!strings.HasPrefix(m[3], "编制") && !strings.HasPrefix(m[3], "的") && !strings.Contains(m[3], ",")
}

// yearIn is the first year in a text; 0 without one. Four digits inside a
// longer number (20240118, a document's number) are no year.
func yearIn(s string) disclosure.Year {
	isDigit := func(i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }
	for _, at := range yearPattern.FindAllStringSubmatchIndex(s, -1) {
		if isDigit(at[2]-1) || isDigit(at[3]) {
			continue
		}
		if y := parseYear(s[at[2]:at[3]]); y.Valid() {
			return y
		}
	}
	return 0
}

func parseYear(s string) disclosure.Year {
	n := 0
	for _, r := range s {
		switch i := strings.IndexRune("〇一二三四五六七八九", r); {
		case r >= '0' && r <= '9':
			n = n*10 + int(r-'0')
		case r == '○' || r == '零' || r == 'O' || r == 'Ｏ':
			n *= 10
		case i >= 0:
			n = n*10 + i/len("〇")
		default:
			return 0
		}
	}
	return disclosure.Year(n)
}

// unitFrom takes the unit out of a title or a file's name.
func unitFrom(text string) string {
	t := plainText(text)
	m := titlePattern.FindStringSubmatch(t)
	if m == nil {
		return ""
	}
	return cleanUnit(m[1])
}

// publishing are the words that stand before a report's name in a sentence:
// 现将, 现公布, 特编制, 编制了. Alone, 编制, 发布 and 公布 may be part of a unit's
// name (机构编制委员会办公室, 信息发布中心).
var (
	publishing  = regexp.MustCompile(`^.*(?:现将|(?:现|特|予以)(?:编制|公布|发布|撰写)(?:了|的)?|(?:编制|公布|发布|撰写)(?:了|的)|本报告为|本报告是|以下是)`)
	publishVerb = regexp.MustCompile(`编制|公布|发布|撰写`)
	beforeVerb  = regexp.MustCompile(`^(?:$|并|及时|按时|如期|(?:根据|依据|按照|依照|结合|遵照|督促|组织|按要求).*)`)
	nameGoesOn  = regexp.MustCompile(`^(?:$|委|中心|办|部|处|科|局|室|站|所)`)
	afterName   = regexp.MustCompile(`(?:根据|依据|按照|负责).*$`)
)

// unitInSentence takes a unit's name out of the words before a report's name in
// running text.
func unitInSentence(s string) string {
	s = publishing.ReplaceAllString(s, "")
	for _, at := range publishVerb.FindAllStringIndex(s, -1) {
		if beforeVerb.MatchString(s[:at[0]]) && !nameGoesOn.MatchString(s[at[1]:]) {
			s = s[at[1]:]
			break
		}
	}
	for _, tail := range []string{"现将", "现公布", "现发布", "特编制", "编制并公布", "编制", "公布", "发布", "撰写"} {
		s = strings.TrimSuffix(s, tail)
	}
	return cleanUnit(s)
}

// cleanUnit takes the year, leading words and quotes off a unit's name.
func cleanUnit(s string) string {
	s = yearPattern.ReplaceAllString(s, "")
	s = leadJunk.ReplaceAllString(s, "")
	for _, tail := range []string{"关于", "公布", "发布", "的", "》", "_", "-", "—", ":", ":", "年度", "(", "“", "·"} {
		s = strings.TrimSuffix(s, tail)
	}
	s = strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || r == '_' || r == '-' || r == '"' })
	if utf8.RuneCountInString(s) < 2 || utf8.RuneCountInString(s) > 40 || !hasHan(s) {
		return ""
	}
	switch s {
	case "本单位", "本机关", "本级", "我局", "我办", "我单位", "我区", "我市", "我县", "本局", "本年度", "年度":
		return ""
	}
	return s
}

func hasHan(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) }) >= 0
}

// said is one place in which a unit or a year is named.
type said struct {
	what  string
	place string
}

// identify reads unit, year and scope. Of several sources the first in the
// order title, text, document's title, file name is taken; those that
// contradict it are doubts. several: the file holds several reports, so that
// its own name and title say nothing of one.
func identify(doc *document.Document, fileName string, seg *segment, several bool) identity {
	id := identity{titled: map[int]bool{}}
	base := strings.TrimSuffix(path.Base(strings.ReplaceAll(fileName, "\\", "/")), path.Ext(fileName))
	var units []said
	var years []said
	addUnit := func(unit, place string) {
		if unit != "" {
			units = append(units, said{unit, place})
		}
	}
	addYear := func(y disclosure.Year, place string) {
		if y.Valid() {
			years = append(years, said{y.String(), place})
		}
	}
	if at := findTitle(seg); at >= 0 {
		id.readTitle(seg, at)
		addUnit(unitFrom(id.title), "标题")
		addYear(yearIn(plainText(id.title)), "标题")
	}
	sentenceUnit, sentenceYear, period := readOpening(seg)
	addUnit(sentenceUnit, "正文")
	addYear(sentenceYear, "正文")
	addYear(period, "统计期限")
	if seg.sheetName != "" {
		if unit := cleanUnit(plainText(seg.sheetName)); unit != "" && (unitEnding.MatchString(unit) || unitFrom(seg.sheetName) != "") {
			if named := unitFrom(seg.sheetName); named != "" {
				unit = named
			}
			addUnit(unit, "工作表名")
		}
		addYear(yearIn(plainText(seg.sheetName)), "工作表名")
	}
	if !several {
		addUnit(unitFrom(doc.Title), "文档标题")
		addYear(yearIn(plainText(doc.Title)), "文档标题")
		addUnit(signature(seg), "落款")
		unit := unitFrom(base)
		if unit == "" {
			if plain := cleanUnit(plainText(base)); unitEnding.MatchString(plain) {
				unit = plain
			}
		}
		addUnit(unit, "文件名")
		addYear(yearIn(plainText(base)), "文件名")
	} else {
		addUnit(signature(seg), "落款")
		addYear(yearIn(plainText(base)), "文件名")
	}
	id.settle(units, years, several)
	id.readScope(seg, base)
	return id
}

// settle chooses among what was said, and doubts what contradicts it.
func (id *identity) settle(units, years []said, several bool) {
	if len(units) > 0 {
		id.unit = units[0].what
	} else {
		id.doubts = append(id.doubts, Doubt{Kind: DoubtIdentity, Message: "没有读到单位名称,请指定这份报告属于哪个单位。"})
	}
	for _, u := range units[min(1, len(units)):] {
		// A guess that does not end like a unit's name contradicts nothing.
		if unitEnding.MatchString(u.what) && !sameUnitName(id.unit, u.what) {
			id.doubts = append(id.doubts, Doubt{Kind: DoubtIdentity, Place: u.place, Text: u.what,
				Message: fmt.Sprintf("%s里的单位是“%s”,%s里却是“%s”,请核对。", units[0].place, clip(id.unit), u.place, clip(u.what))})
			break
		}
	}
	if len(years) == 0 {
		id.doubts = append(id.doubts, Doubt{Kind: DoubtIdentity, Message: "没有读到报告年度,请指定年度。"})
		return
	}
	id.year = parseYear(years[0].what)
	for _, y := range years[1:] {
		if y.what != years[0].what && !(several && y.place == "文件名") {
			id.doubts = append(id.doubts, Doubt{Kind: DoubtIdentity, Place: y.place, Text: y.what,
				Message: fmt.Sprintf("%s里的年度是%s年,%s里却是%s年,请核对。", years[0].place, years[0].what, y.place, y.what)})
			break
		}
	}
}

// localSeat is what a township's or a street's name may go without.
var localSeat = regexp.MustCompile(`(镇|乡|街道|苏木)(?:人民政府|政府|办事处)$`)

// sameUnitName says that two names may be of one unit: one has all characters
// of the other in order, as 区发改委 and 洪泽区发展和改革委员会 do. Two units of a
// district differ in few characters (司法局, 民政局).
func sameUnitName(a, b string) bool {
	x := []rune(localSeat.ReplaceAllString(disclosure.NormalName(a), "$1"))
	y := []rune(localSeat.ReplaceAllString(disclosure.NormalName(b), "$1"))
	if len(x) > len(y) {
		x, y = y, x
	}
	for _, r := range y {
		if len(x) > 0 && x[0] == r {
			x = x[1:]
		}
	}
	return len(x) == 0
}

// findTitle is the index of the item that ends the title; -1 without one. A
// title stands before the first table of figures and before part one; of
// several, one that names unit and year, and of those the last: lists of other
// years' reports come before.
func findTitle(seg *segment) int {
	best, bestRank := -1, -1
	for i, it := range seg.items {
		if it.line != nil && it.line.used {
			break
		}
		if it.text == "" || utf8.RuneCountInString(it.text) > 70 {
			continue
		}
		if best >= 0 && foldLabel(it.text).text == "总体情况" {
			break
		}
		if !isTitle(it.text) {
			continue
		}
		rank := 0
		if unitFrom(it.text) != "" {
			rank++
		}
		if yearIn(plainText(it.text)) != 0 {
			rank++
		}
		if rank >= bestRank {
			best, bestRank = i, rank
		}
	}
	return best
}

// readTitle joins a title over several lines.
func (id *identity) readTitle(seg *segment, at int) {
	id.titled[at] = true
	title := strings.TrimSpace(seg.items[at].text)
	for i := at - 1; i >= max(0, at-3) && (unitFrom(title) == "" || yearIn(plainText(title)) == 0); i-- {
		text := strings.TrimSpace(seg.items[i].text)
		plain := plainText(text)
		if text == "" || utf8.RuneCountInString(plain) > 30 || strings.ContainsAny(plain, "。,;:|>/") || dateLine.MatchString(plain) {
			break
		}
		if !unitEnding.MatchString(plain) && !yearOnly(plain) && !unitEnding.MatchString(cleanUnit(plain)) && !strings.HasSuffix(plain, "年") && !strings.HasSuffix(plain, "年度") {
			break
		}
		title = text + title
		id.titled[i] = true
	}
	id.title = title
}

func yearOnly(s string) bool {
	return yearPattern.ReplaceAllString(s, "") == "" && s != ""
}

// readOpening looks for the unit and the year in the sentences before the
// tables.
func readOpening(seg *segment) (unit string, year, period disclosure.Year) {
	compiled := ""
	seen := 0
	for _, it := range seg.items {
		if it.text == "" || it.line != nil && it.line.used {
			continue
		}
		if seen++; seen > 60 {
			break
		}
		text := plainText(it.text)
		if len(text) > 3000 {
			text = text[:3000]
		}
		if period == 0 {
			if m := periodText.FindStringSubmatch(text); m != nil {
				period = parseYear(m[1])
				if m[2] != "" && parseYear(m[2]) != period {
					period = 0
				}
			}
		}
		if !isTitle(it.text) && unit == "" {
			if m := inSentence.FindStringSubmatch(text); m != nil {
				unit, year = unitInSentence(m[1]), parseYear(m[2])
			}
		}
		if compiled == "" {
			if m := compiledBy.FindStringSubmatch(text); m != nil {
				compiled = unitInSentence(afterName.ReplaceAllString(m[1], ""))
			}
		}
	}
	if unit == "" {
		unit = compiled
	}
	return unit, year, period
}

// signature is the unit under the text, beside its date (落款).
func signature(seg *segment) string {
	n := len(seg.items)
	for i := n - 1; i >= max(0, n-12); i-- {
		text := plainText(seg.items[i].text)
		if !dateLine.MatchString(text) {
			continue
		}
		for _, k := range []int{i - 1, i + 1} {
			if k < 0 || k >= n {
				continue
			}
			if name := plainText(seg.items[k].text); utf8.RuneCountInString(name) <= 30 && unitEnding.MatchString(name) {
				return cleanUnit(name)
			}
		}
	}
	return ""
}

// quickYear is the year for choosing between two versions of a form that fit
// equally.
func quickYear(seg *segment) disclosure.Year {
	if at := findTitle(seg); at >= 0 {
		if y := yearIn(plainText(seg.items[at].text)); y != 0 {
			return y
		}
	}
	_, year, period := readOpening(seg)
	if year == 0 {
		year = period
	}
	return year
}
