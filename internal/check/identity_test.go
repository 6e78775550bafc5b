package check

import (
	"testing"

	"mingjing/internal/disclosure"
)

// placed puts a sentence into a part of an otherwise sound report.
func placed(r *disclosure.Report, part int, text string) *disclosure.Report {
	parts := sixParts()
	for i := range parts {
		if parts[i].Number == part {
			parts[i].Text = text
		}
	}
	return with(r, parts...)
}

func TestIdentityOfProse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		part int
		text string
		want string
	}{
		// The period.
		{0, "本报告所列数据的统计期限自2025年1月1日起至2025年12月31日止。", ""},
		{0, "统计期限为2025年1月1日至12月31日。", ""},
		{0, "数据统计时间为2025年1月1日—2025年12月31日。", ""},
		{0, "统计期限为2025.1.1-2025.12.31。", ""},
		{0, "统计期限为二〇二五年1月1日至12月31日。", ""},
		{0, "统计期限为1月1日至12月31日。", ""},
		{0, "\uff12\uff10\uff12\uff15年1月1日至12月31日的统计数据。", ""},
		{0, "本报告所列数据的统计期限自2025年1月1日起至2025年12月30日止。", "CPY-R2 2025年1月1日起至2025年12月30日"},
		{0, "统计期限为2024年1月1日至12月31日。", "CPY-R2 2024年1月1日至12月31日"},
		{0, "统计期限为2024年1月1日至2025年12月31日。", "CPY-R2 2024年1月1日至2025年12月31日"},
		{0, "统计期限为2025年1月1日至11月30日。", "CPY-R2 2025年1月1日至11月30日"},
		{0, "统计期限为2025年1月2日至12月31日。", "CPY-R2 2025年1月2日至12月31日"},
		{1, "政务公开主题宣传自2025年5月1日至5月31日开展。", ""},
		{1, "9月1日至12月15日开展了专项检查,期间整改12处。", ""},
		{1, "五年规划期限为2021年1月1日至2025年12月31日,已公开。", ""},

		// Stale years where the year of the report belongs.
		{1, "(一)主动公开。2025年,区水务局主动公开信息60条。", ""},
		{1, "(一)主动公开。2024年,区水务局主动公开信息60条。", "CPY-R2 2024"},
		{1, "2024年,我局认真做好信息公开工作。", "CPY-R2 2024"},
		{1, "2024年度,全年公开信息60条。", "CPY-R2 2024"},
		{1, "2023年我局未收到投诉。", "CPY-R2 2023"},
		{6, "2024年,我局未收取信息处理费。", "CPY-R2 2024"},
		{6, "1.2024年我局没有收取信息处理费。", "CPY-R2 2024"},
		{1, "较2024年增加12条。", ""},
		{1, "2024年公开信息50条,2025年公开60条。", ""},
		{1, "2024年以来,我局持续完善公开目录。", ""},
		{1, "2024年12月,我局印发公开目录。", ""},
		{1, "2024年底,我局建成查阅点。", ""},
		{1, "2024年印发的办法继续施行。", ""},
		{1, "2024年度政府信息公开工作年度报告按时公布。", ""},
		{1, "与2024年相比,公开信息增加10条。", ""},
		{1, "针对2024年第三方评估反馈的问题逐项整改。", ""},
		{1, "2024年第三方评估指出的问题,我局已全部整改。", ""},
		{1, "2024年结转申请3件,我局已办结。", ""},
		{1, "2026年,我局将继续做好公开工作。", ""},
		{5, "2024年,我局解读形式单一。", ""},
		{0, "现将2025年政府信息公开工作年度报告公布如下。", ""},
		{0, "现将本局2024年政府信息公开工作年度报告公布如下。", "CPY-R2 2024"},
		{0, "根据《关于做好2024年政府信息公开工作年度报告编制工作的通知》要求,编制本报告。", ""},

		// Documents of another year.
		{0, "按照国办公开办函〔2021〕30号的格式编制。", ""},
		{0, "按照国办公开办函〔2019〕60号的格式编制。", "CPY-R2 国办公开办函〔2019〕60号"},
		{0, "依照《条例》(国务院令第711号)编制。", ""},
		{0, "依照《条例》(国务院令第492号)编制。", "CPY-R2 旧《条例》(国令第492号)"},
		{0, "《条例》(国务院令第492号公布,国务院令第711号修订)。", ""},
		{1, "印发区政办〔2021〕30号、〔2019〕60号等文件。", ""},

		// Names of others.
		{0, "澜汀区水务局依照《中华人民共和国政府信息公开条例》编制本报告。", ""},
		{0, "区水务局根据《条例》编制本报告。", ""},
		{0, "现将区水务局2025年政府信息公开工作年度报告公布如下。", ""},
		{0, "本报告由澜汀区水务局办公室编制。", ""},
		{0, "我局根据《条例》编制本报告。", ""},
		{0, "如有疑问,请与澜汀区人民政府办公室联系。", ""},
		{0, "报告电子版可在澜汀区人民政府网站下载。", ""},
		{0, "根据《中华人民共和国政府信息公开条例》编制。", ""},
		{1, "会同区政数局开展网站检查。", ""},
		{0, "澜汀区统计局依照《中华人民共和国政府信息公开条例》编制本报告。", "CPY-R2 澜汀区统计局"},
		{0, "现将区民政局2025年政府信息公开工作年度报告公布如下。", "CPY-R2 区民政局"},
		{0, "本报告由筠岑镇人民政府根据《条例》编制。", "CPY-R2 筠岑镇人民政府"},
		{1, "澜汀区教育局(以下简称“我局”)主动公开信息60条。", "CPY-R2 澜汀区教育局"},
	} {
		r := filedBy(t, 2025, "澜汀区水务局")
		if got := found(Report(placed(r, c.part, c.text), nil)); got != c.want {
			t.Errorf("part %d: %s\n found %q, want %q", c.part, c.text, got, c.want)
		}
	}
}

// Names by which bodies are known: short forms leave characters out.
func TestSameBody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"区住建局", "澜汀区住房和城乡建设局", true}, {"区市监局", "澜汀区市场监督管理局", true}, {"区发改委", "澜汀区发展和改革委员会", true},
		{"区卫健委", "澜汀区卫生健康委员会", true}, {"区人社局", "澜汀区人力资源和社会保障局", true}, {"澜砚镇", "澜汀区澜砚镇人民政府", true},
		{"红谷滩区政府办公室", "南昌市红谷滩区人民政府办公室", true}, {"区政府办", "澜汀区人民政府办公室", true},
		{"区统计局", "澜汀区科技局", false}, {"区教育局", "澜汀区教育体育局", true}, {"澜砚镇人民政府", "澜汀区筠岑镇人民政府", false},
		{"区民政局", "澜汀区财政局", false},
	} {
		if got := sameBody(c.a, c.b); got != c.same {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}

// A government's report is written by its office.
func TestGovernmentIntroducesItself(t *testing.T) {
	t.Parallel()
	for unit, texts := range map[string]map[string]string{
		"洪岑区人民政府": {"本报告由玉川市洪岑区人民政府办公室根据《中华人民共和国政府信息公开条例》要求编制此报告。": "",
			"玉川市洪岑区人民政府根据《条例》编制本报告。": "", "本报告由南屿区人民政府办公室根据《条例》编制。": "CPY-R2 南屿区人民政府办公室"},
		"洪岑区政府办": {"现将洪岑区政府办2025年政府信息公开工作年度报告向社会公布。": "", "洪岑区人民政府办公室根据《条例》编制本报告。": "",
			"现将洪岑区人民政府2025年政府信息公开工作年度报告公布如下。": ""},
		"": {"现将南屿区教育局2025年政府信息公开工作年度报告向社会公布。": ""},
	} {
		for text, want := range texts {
			if got := found(Report(placed(filedBy(t, 2025, unit), 0, text), nil)); got != want {
				t.Errorf("%s: %s\n found %q, want %q", unit, text, got, want)
			}
		}
	}
}

// The unit list knows names that the report's own does not show.
func TestOtherNamesOfTheUnit(t *testing.T) {
	t.Parallel()
	r := placed(filedBy(t, 2025, "澜汀区行政审批和数据局"), 0, "澜汀区政务服务中心根据《条例》编制本报告。")
	u := &disclosure.Unit{Number: 3, Name: r.Unit, Aliases: []string{"澜汀区政务服务中心"}}
	if got := found(ReportOf(u, r, nil)); got != "" {
		t.Errorf("by an alias: %s", got)
	}
	if got := found(Report(r, nil)); got == "" {
		t.Error("without the list the name is foreign, and nothing was found")
	}
}
