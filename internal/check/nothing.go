package check

import "regexp"

// What a report says it did not have at all.
var (
	noApplications = regexp.MustCompile(`(?:未|没有|无|未曾)(?:新)?(?:收到|接到|接收|新收|收)?(?:到|过)?(?:任何|新的|新收|新收的|公众|群众|社会公众|各类|的)*` +
		`(?:(?:政府|政务)?信息(?:依申请)?公开(?:的)?(?:依)?申请|依申请公开(?:政府)?(?:信息)?(?:的)?申请|公开(?:政府)?信息(?:的)?申请)(?:件|事项|情况)?(?:$|[,;。、!])`)
	noneReceived = regexp.MustCompile(`(?:未|没有|无)(?:新)?(?:收到|接到|接收|收)|没有新收|无新收`)
	noReviews    = regexp.MustCompile(`(?:未|没有|无)` + disputeCause + `(?:行政)?复议(?:案件|申请|情况|案)?(?:$|[,;。、!]|和|及|或|以及|与)`)
	noSuits      = regexp.MustCompile(`(?:未|没有|无)` + disputeCause + `(?:(?:行政)?复议(?:案件|申请|案)?(?:、|和|及|或|以及|与|或者))?(?:行政)?诉讼(?:案件|情况|案)?(?:$|[,;。!])`)
)

const disputeCause = `(?:发生|出现|收到|产生|引发|引起|被提起|涉及|存在|有|被)?(?:因|由|与|涉及|有关|针对)?(?:本机关|我局|我单位)?(?:依申请公开|政府信息公开|信息公开|政务公开)?(?:工作|答复|申请)?(?:引起|引发|导致|产生|发生|相关|有关|被)?(?:的|而)?(?:被)?(?:申请|提起|提出|引起)?(?:的)?`

// nothing compares "none" with the tables.
func (p *proseReader) nothing(s *sentence) {
	if !containsAny(s.text, "未", "没有", "无") || !s.onTopic() {
		return
	}
	none := func(at []int, t topic) {
		st := statement{sentence: s, topic: t, mention: mention{from: at[0], to: at[1], exact: true}}
		lead := s.text[:at[0]]
		clause := lastClause(lead)
		if somethingElse.MatchString(clause) || byChannel.MatchString(clause) || narrowing.MatchString(clause) ||
			!p.thisYear(s.text[:at[1]], false) || !p.subject(&st, lead) {
			return
		}
		p.counted(st)
	}
	if at := noApplications.FindStringIndex(s.text); at != nil && noneReceived.MatchString(s.text[at[0]:at[1]]) {
		none(at, received)
	}
	if !aboutDisclosure(s) || judging.MatchString(s.text) {
		return
	}
	if at := noReviews.FindStringIndex(s.text); at != nil {
		none(at, reviews)
	}
	if at := noSuits.FindStringIndex(s.text); at != nil {
		none(at, suits)
	}
}
