package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"mingjing/internal/disclosure"
)

// prose writes a report's text around the figures it tells, which agree with
// the tables unless a fault says otherwise. Every sentence was written for
// this package; variants are drawn by unit and year so that texts differ.
func (a *area) prose(i, y int, f figures) []disclosure.ProsePart {
	b := &a.bodies[i]
	w := &writer{body: b, year: a.years[y], figures: f, form: disclosure.FormFor(disclosure.FamilyNational, a.years[y]),
		rng: a.random(b.unit.Number, forProse+uint64(a.years[y]))}
	out := []disclosure.ProsePart{{Number: 0, Text: w.opening()}}
	for _, p := range w.form.Parts {
		if !p.Prose {
			continue
		}
		text := ""
		switch p.Number {
		case 1:
			text = w.situation(p.Sections)
		case 5:
			text = w.problems()
		case 6:
			text = w.otherMatters()
		}
		out = append(out, disclosure.ProsePart{Number: p.Number, Title: p.Title, Text: text})
	}
	return out
}

// writer is one text in the making.
type writer struct {
	*body
	year    disclosure.Year
	figures figures
	form    *disclosure.Form
	rng     *rand.Rand
}

func (w *writer) pick(variants ...string) string { return variants[w.rng.IntN(len(variants))] }

// we is what the unit calls itself.
func (w *writer) we() string {
	switch w.role {
	case roleGovernment:
		return "全区"
	case roleLocality:
		return w.unit.Short
	}
	return w.unit.Short
}

func (w *writer) total(row string) int64 { return w.figures[disclosure.Code("T3_"+row+"_TOT")] }

func (w *writer) rows(prefix string) (n int64) {
	for _, o := range outcomes {
		if strings.HasPrefix(o.row, prefix) {
			n += w.total(o.row)
		}
	}
	return n
}

func (w *writer) opening() string {
	scope := ""
	if w.role == roleGovernment {
		scope = "本报告数据为全区口径,汇总区政府各部门和各镇街的数据。"
	}
	return fmt.Sprintf("%s依照《中华人民共和国政府信息公开条例》和%s的要求编制本报告。%s统计期限自%s年1月1日至%s年12月31日。%s",
		w.unit.Name, w.form.Authority, scope, w.year, w.year,
		w.pick("读者如有疑问,可与我们联系。", "欢迎来电来函提出意见。", "电子版可在区政府网站下载。"))
}

func (w *writer) situation(sections []string) string {
	texts := []string{w.proactive(), w.applicationsTold(), w.management(), w.platform(), w.supervision()}
	var out []string
	for i, s := range sections {
		out = append(out, fmt.Sprintf("(%s)%s。%s", []string{"一", "二", "三", "四", "五"}[i], s, texts[i]))
	}
	return strings.Join(out, "\n")
}

func (w *writer) proactive() string {
	n := poisson(40+w.load.high*3, w.rng)
	return fmt.Sprintf("%s年,%s围绕%s%s,全年发布信息%d条。%s", w.year, w.we(), w.field,
		w.pick("做好日常公开", "梳理公开事项", "充实公开内容", "回应群众关心的事"), n,
		w.pick("重要文件发布时一并挂出解读。", "办事材料有变动的,当周更新。", "对过期栏目作了清理。", "会议议定的事项按月公布。"))
}

// applicationsTold tells table three, and table four when there is something
// in it.
func (w *writer) applicationsTold() string {
	received, carried, closed := w.total("NEW_RECEIVED"), w.total("CARRIED_IN"), w.total("RESULT_TOTAL")
	if received+carried == 0 {
		return w.pick("本年度未收到政府信息公开申请,无上年结转。", "全年没有新收的政府信息公开申请,也没有结转办理的申请。") + w.disputesTold()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s年新收政府信息公开申请%d件,上年结转%d件;办结%d件,结转下年度继续办理%d件。", w.year, received, carried, closed, w.total("CARRIED_OUT"))
	var parts []string
	for _, k := range []struct {
		name string
		n    int64
	}{{"予以公开", w.total("GRANTED")}, {"部分公开", w.total("PARTIAL")}, {"不予公开", w.rows("DENY_")}, {"无法提供", w.rows("UNAVAIL_")},
		{"不予处理", w.rows("REJECT_")}, {"其他处理", w.rows("OTHER_")}} {
		if k.n > 0 {
			parts = append(parts, fmt.Sprintf("%s%d件", k.name, k.n))
		}
	}
	if len(parts) > 0 {
		fmt.Fprintf(&b, "办理结果中,%s。", strings.Join(parts, ","))
	}
	return b.String() + w.disputesTold()
}

func (w *writer) disputesTold() string {
	reviews := w.figures["T4_REV_TOTAL"]
	suits := w.figures["T4_LITD_TOTAL"] + w.figures["T4_LITR_TOTAL"]
	if reviews+suits == 0 {
		return w.pick("没有因政府信息公开引起的行政复议和行政诉讼。", "未发生涉及政府信息公开的复议、诉讼。")
	}
	return fmt.Sprintf("因政府信息公开引起行政复议%d件、行政诉讼%d件。", reviews, suits)
}

func (w *writer) management() string {
	s := w.pick("公文起草时同步确定公开属性,发布前由两人核对。", "建立信息台账,由专人登记来源和发布时间。",
		"每季度核对一次已公开文件的效力。", "发布前查敏感内容和个人隐私,留存审查记录。")
	if n := w.figures["T2_NORM_ISSUED"]; n > 0 {
		s += fmt.Sprintf("本年制发行政规范性文件%d件,均在印发后公布。", n)
	}
	return s
}

func (w *writer) platform() string {
	return w.pick("调整了网站栏目的次序,常用事项放在首屏。", "网站检索可按文号和主题查找。", "在办事大厅设查阅点,可以自助打印。",
		"新媒体账号与网站使用同一套底稿,避免内容不一。", "修复失效链接,并补齐附件。")
}

func (w *writer) supervision() string {
	return w.pick("全年组织业务学习两次,新到岗人员均参加。", "把公开工作列入科室年度考核。", "对第三方评估指出的问题逐项对账销号。",
		"接受群众监督,电话由专人接听。", "本年没有因政府信息公开被追究责任的情况。")
}

func (w *writer) problems() string {
	problem := w.pick("解读多为文字,图表和问答偏少", "个别栏目更新不够及时", "经办人员轮换较快,答复文书质量不齐", "公众参与的渠道还不多",
		"对依申请公开的研判还不够细")
	remedy := w.pick("下一年每份重要文件配一张图解", "下一年按周检查栏目", "下一年编印答复文书样本并组织练习", "下一年在办理前先与申请人沟通一次",
		"下一年办两次面对面的开放活动")
	return fmt.Sprintf("主要问题:%s的公开工作中,%s。\n改进措施:%s,并把%s列为重点。", w.we(), problem, remedy, w.field)
}

func (w *writer) otherMatters() string {
	s := w.pick("本年度没有收取信息处理费。", "依照信息处理费的规定,本年度未发出收费通知,收取信息处理费0元。", "本年度信息处理费收取情况:未收取。")
	if w.role == roleGovernment {
		s += "\n工作考核:政务公开列入区对各部门、镇街的年度考核。社会评议:委托第三方开展评估并公布结果。责任追究:本年度没有追究责任的情况。"
	}
	return s + w.pick("", "没有其他需要报告的事项。", "无其他事项。")
}
