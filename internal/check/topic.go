package check

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// topic is what a number in the prose is about.
type topic string

// The topics. Their words stand in findings.
const (
	received    topic = "收到申请"
	freshOnly   topic = "新收申请"
	accepted    topic = "受理、办理申请"
	closed      topic = "办结、答复"
	carriedIn   topic = "上年结转"
	carriedOut  topic = "结转下年度"
	carried     topic = "结转"
	granted     topic = "予以公开"
	partial     topic = "部分公开"
	denied      topic = "不予公开"
	unavailable topic = "无法提供"
	rejected    topic = "不予处理"
	otherwise   topic = "其他处理"
	reviews     topic = "行政复议"
	suits       topic = "行政诉讼"
	disputes    topic = "行政复议和行政诉讼"
)

// statement is a number in the prose that speaks of a figure of the tables.
type statement struct {
	sentence *sentence
	mention  mention
	topic    topic
	// part: the sentence narrows the number down (因第三方权益不予公开3件), so
	// it may be less than the figure.
	part bool
	// own: it names the agency itself as the one, in a report that may sum up
	// many.
	own bool
	// each: 行政复议、行政诉讼各1件.
	each bool
	// bare: 办结312件 does not say of what; the numbers before must.
	bare bool
}

const (
	applicationWords = `(?:(?:政府|政务)?信息(?:依申请)?公开(?:的)?(?:依)?申请|依申请(?:公开)?(?:政府)?(?:信息)?(?:的)?(?:申请)?|公开(?:政府)?信息(?:的)?申请|(?:政府|政务)信息(?:的)?申请|(?:政府|政务)?信息公开|公开申请|申请)(?:表|件|事项|案件)?`
	fillers          = `(?:的|了|数量|件数|总数|总量|量|共|共计|合计|总计|累计|总|计|均|各|为|是|有|:|达到|达|了|,)*$`
	senders          = `(?:到|过|了|的|各类|各种|群众|公民|法人|和|及|或者|或|其他组织|其它组织|社会公众|申请人|提交|提出|公众|共|有效|全部|、)*`
)

// topicPatterns are tried on the text before a number, all the way up to it;
// the one that begins last is what the number is about.
var topicPatterns = []struct {
	topic   topic
	pattern *regexp.Regexp
}{
	{freshOnly, regexp.MustCompile(`(?:新收|新增|新收到|新受理)` + senders + applicationWords + fillers)},
	{freshOnly, regexp.MustCompile(`(?:其中|:|,|年度?|,共)新收(?:到)?(?:件)?` + fillers)},
	{received, regexp.MustCompile(`(?:收到|接收|接到|收悉|共收)` + senders + applicationWords + fillers)},
	{accepted, regexp.MustCompile(`(?:受理|办理|处理)` + senders + applicationWords + fillers)},
	{closed, regexp.MustCompile(`(?:办结|办理完毕|办理完结|答复|办复|回复)` + senders + `(?:` + applicationWords + `)?` + fillers)},
	{granted, regexp.MustCompile(`(?:予以公开|同意公开)(?:的)?(?:政府信息|信息)?(?:公开)?(?:申请)?` + fillers)},
	{partial, regexp.MustCompile(`(?:予以部分公开|部分予以公开|部分公开|部分同意公开)(?:的)?(?:政府信息|信息)?(?:公开)?(?:申请)?` + fillers)},
	{denied, regexp.MustCompile(`(?:不予以公开|不予公开|不同意公开)(?:的)?(?:政府信息|信息)?(?:公开)?(?:申请)?` + fillers)},
	{unavailable, regexp.MustCompile(`无法提供(?:的)?(?:政府信息|信息)?(?:公开)?(?:申请)?` + fillers)},
	{rejected, regexp.MustCompile(`不予处理(?:的)?(?:政府信息|信息)?(?:公开)?(?:申请)?` + fillers)},
	{otherwise, regexp.MustCompile(`其[他它]处理(?:的)?(?:政府信息|信息)?(?:公开)?(?:申请)?` + fillers)},
	{carried, regexp.MustCompile(`(?:上年度?|上一年度?|去年|\d{4}年度?)?结转(?:至|到|入|往|为)?(?:上年度?|上一年度?|去年|下年度?|下一年度?|次年|明年|\d{4}年度?)?(?:继续)?(?:办理|处理|答复)?(?:的)?(?:` + applicationWords + `)?` + fillers)},
	{disputes, regexp.MustCompile(`复议(?:案件|申请|案)?(?:、|和|及|或|以及|与|,)(?:行政)?(?:诉讼|应诉)(?:案件|案)?` + fillers)},
	{reviews, regexp.MustCompile(`复议(?:案件|申请|案|事项)?` + fillers)},
	{suits, regexp.MustCompile(`(?:诉讼|应诉)(?:案件|案|事项)?` + fillers)},
}

// bareApplications holds when no verb says what became of the applications.
var bareApplications = regexp.MustCompile(`(?:政府信息公开|依申请公开|信息公开)(?:的)?申请(?:件|事项)?` + fillers)

// behindPatterns are tried on the text behind a number when nothing before it
// says what it is about: 6件予以公开, 收到28件政府信息公开申请.
var behindPatterns = []struct {
	topic   topic
	before  *regexp.Regexp // what the text before must end with, nil for anything
	pattern *regexp.Regexp
}{
	{freshOnly, regexp.MustCompile(`(?:新收|新增|新收到|新受理)(?:了|到|共)*$`), regexp.MustCompile(`^(?:的)?` + applicationWords + `(?:$|[,.;:()。、])`)},
	{received, regexp.MustCompile(`(?:收到|接收|接到)(?:了|到|共)*$`), regexp.MustCompile(`^(?:的)?` + applicationWords + `(?:$|[,.;:()。、])`)},
	{accepted, regexp.MustCompile(`(?:受理|办理|处理)(?:了|到|共)*$`), regexp.MustCompile(`^(?:的)?` + applicationWords + `(?:$|[,.;:()。、])`)},
	{closed, regexp.MustCompile(`(?:办结|答复|办复)(?:了|到|共)*$`), regexp.MustCompile(`^(?:的)?` + applicationWords + `(?:$|[,.;:()。、])`)},
	{partial, nil, regexp.MustCompile(`^(?:为|属于|系|被|已|均|,)*(?:予以部分公开|部分予以公开|部分公开)(?:$|[,.;:()。、])`)},
	{granted, nil, regexp.MustCompile(`^(?:为|属于|系|被|已|均)*(?:予以公开|同意公开)(?:$|[,.;:()。、])`)},
	{denied, nil, regexp.MustCompile(`^(?:为|属于|系|被|已|均)*(?:不予以公开|不予公开)(?:$|[,.;:()。、])`)},
	{unavailable, nil, regexp.MustCompile(`^(?:为|属于|系|被|已|均)*无法提供(?:$|[,.;:()。、])`)},
	{rejected, nil, regexp.MustCompile(`^(?:为|属于|系|被|已|均)*不予处理(?:$|[,.;:()。、])`)},
	{otherwise, nil, regexp.MustCompile(`^(?:为|属于|系|被|已|均)*其[他它]处理(?:$|[,.;:()。、])`)},
	{reviews, regexp.MustCompile(`(?:收到|发生|引起|引发|产生|有|涉及|被提起|共|,|:)(?:了)?$`), regexp.MustCompile(`^(?:的)?行政复议(?:案件|申请|案)?(?:$|[,.;:()。])`)},
	{suits, regexp.MustCompile(`(?:收到|发生|引起|引发|产生|有|涉及|被提起|共|,|:)(?:了)?$`), regexp.MustCompile(`^(?:的)?行政诉讼(?:案件|案)?(?:$|[,.;:()。])`)},
}

// topicWords are such that a sentence without any of them speaks of no figure.
var topicWords = []string{"申请", "结转", "办结", "办理完", "答复", "办复", "新收", "信息公开", "予以公开", "部分公开", "不予公开", "同意公开", "无法提供", "不予处理", "其他处理", "其它处理", "复议", "诉讼", "应诉"}

var countingUnits = []string{"件", "宗", "份", "起", "例", "条", "个", "次", "项"}

// onTopic is a quick look before patterns are tried.
func (s *sentence) onTopic() bool { return containsAny(s.text, topicWords...) }

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// Words that say a number is about something else, or about a part only. The
// first list holds for every topic, in the clause of the number.
var (
	somethingElse = regexp.MustCompile(`增加|减少|增长|上升|下降|降低|同比|较|相比|比上|比去|同期|以来|往年|历年|截至|截止|近[二两三四五]年|每|平均|日均|年均|月均|预计|计划|力争|目标|` +
		`月|季度|上半年|下半年|建议|提案|留言|热线|咨询|稿|新闻|栏目|培训|网民|信件|微博|微信|公众号|许可|处罚|不动产|档案|证明|补贴|资助|专利|商标|低保|救助|工伤|法律援助|仲裁|赔偿`)
	byChannel = regexp.MustCompile(`通过|网络|网上|网站|在线|邮寄|邮政|邮件|邮箱|信函|来信|当面|现场|当场|传真|窗口|平台|渠道|方式|书面|口头|电话|线上|线下|自然人|商业|企业|科研|公益|律师|法人|个人|公民申请`)
	narrowing = regexp.MustCompile(`因|由于|属于|涉及|关于|有关|方面|领域|类|针对|申请人|逾期|延期|超期|其中|部门|信访|举报|投诉|重复|补正|缴|撤回|第三方|秘密|过程|内部|不掌握|没有现成|需要`)
	unsettled = regexp.MustCompile(`(?:未|尚未|没有|待|正在|逾期|延期|超期|无法|不)(?:能)?(?:按时|按期|及时)?$`)
	judging   = regexp.MustCompile(`审理|代理|复议机关|复议机构|复议委员会|应诉能力|行政执法|化解|立案|行政审判`)
)

// yearMention is a year in the text, 年份.
var yearMention = regexp.MustCompile(`(20\d{2})(?:年|-20\d{2}年)`)

// statements finds the numbers of a sentence that speak of the tables.
func (p *proseReader) statements(s *sentence) []statement {
	if !s.onTopic() || !containsAny(s.text, countingUnits...) {
		return nil
	}
	all := mentions(s.text)
	var out []statement
	previous := 0
	for i, m := range all {
		from := previous
		previous = m.to
		if m.percent || m.points || m.times {
			continue
		}
		next := len(s.text)
		if i+1 < len(all) {
			next = all[i+1].from
		}
		st, behind, ok := p.statement(s, m, from, next)
		previous += behind
		if ok && (i == 0 || len(out) > 0 || !st.bare) {
			out = append(out, st)
		}
	}
	return out
}

// statement says what a number is about; ok is false when that is not plain.
// behind is how many bytes after the number say so: they are not what the next
// number is about.
func (p *proseReader) statement(s *sentence, m mention, from, next int) (st statement, behind int, ok bool) {
	st = statement{sentence: s, mention: m}
	before := s.text[from:m.from]
	at := -1
	for _, t := range topicPatterns {
		if loc := t.pattern.FindStringIndex(before); loc != nil && loc[0] > at && (at < 0 || !strings.HasPrefix(string(st.topic), string(disputes))) {
			at, st.topic = loc[0], t.topic
		}
	}
	if at >= 0 {
		st.topic = asPreceded(st.topic, before[:at])
	} else if loc := bareApplications.FindStringIndex(before); loc != nil {
		at, st.topic = loc[0], received
	}
	if at < 0 {
		after := s.text[m.to:next]
		for _, t := range behindPatterns {
			if loc := t.pattern.FindStringIndex(after); loc != nil && (t.before == nil || t.before.MatchString(before)) {
				at, st.topic, behind = len(before), t.topic, loc[1]
				break
			}
		}
	}
	if at < 0 {
		return st, 0, false
	}
	st.bare = st.topic == closed && !objectWords.MatchString(before[at:]) && behind == 0
	if st.topic == carried {
		st.topic = p.carriedWhich(before[at:])
	}
	st.each = st.topic == disputes && strings.HasSuffix(before, "各")
	return st, behind, p.aboutThisReport(&st, before[:min(at, len(before))], from)
}

var objectWords = regexp.MustCompile(applicationWords)

// asPreceded looks at the character before a word that is the end of a longer
// one: 新|收到, 不|予以公开, 部分|予以公开.
func asPreceded(t topic, before string) topic {
	switch {
	case (t == received || t == accepted) && strings.HasSuffix(before, "新"):
		return freshOnly
	case t == granted && strings.HasSuffix(before, "不"):
		return denied
	case t == granted && strings.HasSuffix(before, "部分"):
		return partial
	}
	return t
}

// carriedWhich tells 上年结转 from 结转下年度.
func (p *proseReader) carriedWhich(text string) topic {
	year := func(offset int) bool { return p.year != 0 && strings.Contains(text, strconv.Itoa(p.year+offset)) }
	switch {
	case strings.Contains(text, "下年"), strings.Contains(text, "下一年"), strings.Contains(text, "次年"), strings.Contains(text, "明年"), year(1):
		return carriedOut
	case strings.Contains(text, "上年"), strings.Contains(text, "上一年"), strings.Contains(text, "去年"), year(-1):
		return carriedIn
	}
	return carried
}

// aboutThisReport looks at the words before the topic: lead is the text between
// the number before and the topic, from where that begins in the sentence.
func (p *proseReader) aboutThisReport(st *statement, lead string, from int) bool {
	s := st.sentence
	clause := lastClause(lead)
	carry := st.topic == carriedIn || st.topic == carriedOut || st.topic == carried
	if somethingElse.MatchString(clause) || byChannel.MatchString(clause) || unsettled.MatchString(clause) || elsewhere(s, st.mention) {
		return false
	}
	if !carry && (strings.Contains(clause, "上年") || strings.Contains(clause, "去年") || strings.Contains(clause, "上一年")) {
		return false
	}
	if !p.thisYear(s.text[:st.mention.from], carry) {
		return false
	}
	switch st.topic {
	case granted, partial, denied, unavailable, rejected, otherwise:
		st.part = narrowing.MatchString(strings.TrimPrefix(clause, "其中"))
	case reviews, suits, disputes:
		if !aboutDisclosure(s) || judging.MatchString(s.text) {
			return false
		}
	default:
		if narrowing.MatchString(strings.TrimPrefix(clause, "其中")) && !carry {
			return false
		}
		if !aboutDisclosure(s) {
			return false
		}
	}
	return p.subject(st, s.text[:from+len(lead)])
}

// aboutDisclosure says that a sentence speaks of disclosure, by its own words
// or by the heading that it stands under.
func aboutDisclosure(s *sentence) bool {
	return strings.Contains(s.text, "信息公开") || strings.Contains(s.text, "依申请") || strings.Contains(s.text, "公开申请") ||
		strings.Contains(s.text, "公开政府信息") || strings.Contains(s.section, "依申请")
}

// elsewhere: the number stands in brackets that tell of last year: (上年20件).
func elsewhere(s *sentence, m mention) bool {
	open := strings.LastIndexByte(s.text[:m.from], '(')
	if open < 0 || strings.IndexByte(s.text[open:m.from], ')') >= 0 {
		return false
	}
	inside := s.text[open:m.from]
	return strings.Contains(inside, "上年") || strings.Contains(inside, "去年") || yearMention.MatchString(inside)
}

// thisYear says that the last year named before the number is the report's.
func (p *proseReader) thisYear(before string, carry bool) bool {
	years := yearMention.FindAllStringSubmatch(before, -1)
	if len(years) == 0 || p.year == 0 {
		return true
	}
	n, _ := strconv.Atoi(years[len(years)-1][1])
	return n == p.year || carry && (n == p.year-1 || n == p.year+1)
}

func lastClause(text string) string {
	if i := strings.LastIndexAny(text, ",;:。("); i >= 0 {
		return text[i+1:]
	}
	return text
}
