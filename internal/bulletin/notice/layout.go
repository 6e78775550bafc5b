package notice

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
)

// Kind says what a section holds.
type Kind string

// The kinds of section. Own sections hold the district's words alone.
const (
	Opening      Kind = "opening"
	Scores       Kind = "scores"
	Recheck      Kind = "recheck"
	Findings     Kind = "findings"
	Statistics   Kind = "statistics"
	Named        Kind = "named"
	Filed        Kind = "reports" // in the first quarter
	Requirements Kind = "requirements"
	Own          Kind = "own"
	attached     Kind = "attached"
	briefing     Kind = "brief"
)

// Kinds are the sections that there is one of each of.
var Kinds = []Kind{Opening, Scores, Recheck, Findings, Statistics, Named, Filed, Requirements}

// KindNames are the kinds as people read them.
var KindNames = map[Kind]string{Opening: "开头", Scores: "得分与排名", Recheck: "上季度复核", Findings: "本季度问题", Statistics: "统计与图表", Named: "表扬与批评",
	Filed: "年报报送与数据质量(仅第一季度)", Requirements: "工作要求", Own: "自定章节", attached: "附件", briefing: "一页纸简报"}

// Layout is how a district arranges its bulletins.
type Layout struct {
	Title string `json:"title"` // {季度} and {区} are filled in
	To    string `json:"to"`
	// RateBase is the smallest denominator on which a rate is told.
	RateBase int       `json:"rate_base"`
	Sections []Section `json:"sections"`
	Charts   []string  `json:"charts"` // names, in the order of Charts
	Rules    []Rule    `json:"rules"`
}

// Section is a part of the bulletin. Text is the district's own: it stands
// after what the figures say, in the opening before it.
type Section struct {
	Kind    Kind   `json:"kind"`
	On      bool   `json:"on"`
	Heading string `json:"heading,omitempty"`
	Text    string `json:"text,omitempty"`
	// InternalOnly keeps it out of the public edition.
	InternalOnly bool `json:"internal_only,omitempty"`
}

//go:embed sections.json
var shippedLayout []byte

// Shipped is the layout that a district starts with; each call makes a new one.
func Shipped() Layout {
	var l Layout
	if err := json.Unmarshal(shippedLayout, &l); err != nil {
		panic(err) // a fault of the build
	}
	return l
}

// Bounds on a layout.
const (
	mostSections = 20
	mostText     = 3000
	mostRules    = 20
)

// Check tidies a layout and says what is wrong with it. Error: ErrInvalid.
func (l *Layout) Check() error {
	wrong := func(format string, args ...any) error {
		return disclosure.Errorf(disclosure.ErrInvalid, format, args...)
	}
	l.Title, l.To = strings.TrimSpace(l.Title), strings.TrimSpace(l.To)
	switch {
	case l.Title == "" || utf8.RuneCountInString(l.Title) > 60 || utf8.RuneCountInString(l.To) > 200:
		return wrong("请填写通报标题(最多60字),主送机关最多200字。")
	case l.RateBase < 1 || l.RateBase > 100:
		return wrong("计算比率的最小基数应在1到100之间。")
	case len(l.Sections) > mostSections:
		return wrong("通报最多%d个部分。", mostSections)
	case len(l.Rules) > mostRules:
		return wrong("点名规则最多%d条。", mostRules)
	}
	var met []Kind
	for i := range l.Sections {
		s := &l.Sections[i]
		s.Heading, s.Text = strings.TrimSpace(s.Heading), strings.TrimSpace(strings.ReplaceAll(s.Text, "\r\n", "\n"))
		switch {
		case KindNames[s.Kind] == "" || s.Kind == attached || s.Kind == briefing:
			return wrong("没有“%s”这种部分,请从列表中选择。", bulletin.Fit(string(s.Kind), 20))
		case s.Kind != Own && slices.Contains(met, s.Kind):
			return wrong("“%s”出现了两次,请只保留一个。", KindNames[s.Kind])
		case s.Kind != Opening && s.On && s.Heading == "":
			return wrong("“%s”没有标题,请填写。", KindNames[s.Kind])
		case utf8.RuneCountInString(s.Heading) > 40 || utf8.RuneCountInString(s.Text) > mostText:
			return wrong("“%s”的标题最多40字,文字最多%d字。", KindNames[s.Kind], mostText)
		}
		met = append(met, s.Kind)
	}
	for _, k := range Kinds {
		if !slices.Contains(met, k) {
			l.Sections = append(l.Sections, Section{Kind: k, Heading: shippedHeading(k)})
		}
	}
	for _, c := range l.Charts {
		if ChartNames[c] == "" {
			return wrong("没有“%s”这张图,请从列表中选择。", bulletin.Fit(c, 20))
		}
	}
	var ids []string
	for i := range l.Rules {
		if err := l.Rules[i].check(); err != nil {
			return err
		}
		if slices.Contains(ids, l.Rules[i].ID) {
			return wrong("有两条规则都叫“%s”,请改编号。", l.Rules[i].ID)
		}
		ids = append(ids, l.Rules[i].ID)
	}
	return nil
}

func shippedHeading(k Kind) string {
	for _, s := range Shipped().Sections {
		if s.Kind == k {
			return s.Heading
		}
	}
	return ""
}
