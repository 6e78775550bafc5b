package calendar

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
)

// Step is a step of the filing year.
type Step string

// The steps, in their usual order. A district may add its own.
const (
	StepAssign    Step = "布置"
	StepDraft     Step = "初稿"
	StepReturn    Step = "审核退回"
	StepFinal     Step = "定稿"
	StepPublish   Step = "发布"
	StepAddress   Step = "回填网址"
	StepDistrict  Step = "区本级发布"
	StepUpperCity Step = "报市"
)

// Statute says which day of Art. 49 binds a step, if any.
type Statute string

// The kinds of statutory day.
const (
	StatuteNone       Statute = ""
	StatuteUnit       Statute = "unit"       // 31 January, or 31 March where the unit is a government
	StatuteGovernment Statute = "government" // 31 March whoever does it
)

// Plan is a district's filing calendar for the reports about Year: its days fall
// in the year after. All of it is data that the district changes.
type Plan struct {
	Year  disclosure.Year `json:"year"`
	Steps []Milestone     `json:"steps"`
	// Groups are due times of their own for 考核分组.
	Groups []GroupDue `json:"groups,omitempty"`
	// Extensions are kept in the order in which they were granted; the last for
	// the same target and step stands.
	Extensions []Extension `json:"extensions,omitempty"`
}

// Milestone is one step and when it is due for everybody.
type Milestone struct {
	Step    Step    `json:"step"`
	Due     Moment  `json:"due"`
	Statute Statute `json:"statute,omitempty"`
	Says    string  `json:"says,omitempty"` // what is to be done, for people
}

// GroupDue is when a step is due for one 考核分组.
type GroupDue struct {
	Group string `json:"group"`
	Step  Step   `json:"step"`
	Due   Moment `json:"due"`
	// Notice is the local notice that says so; wanted where it is later than
	// the law.
	Notice string `json:"notice,omitempty"`
}

// Extension moves an internal due time for one unit, or for one group, never
// the statutory day.
type Extension struct {
	Unit   disclosure.UnitNumber `json:"unit,omitempty"`
	Group  string                `json:"group,omitempty"`
	Step   Step                  `json:"step"`
	Due    Moment                `json:"due"`
	Reason string                `json:"reason"`
}

//go:embed plan.json
var shippedPlan []byte

// DefaultPlan is the plan that a district starts with for the reports about a
// year. Its days are a proposal; one that is no working day by c moves to the
// working day before.
func DefaultPlan(year disclosure.Year, c *Calendar) Plan {
	var steps []struct {
		Step     Step    `json:"step"`
		Due      string  `json:"due"` // month-day
		Hour     int     `json:"hour"`
		SameYear bool    `json:"same_year"` // in the year reported on, not the one after
		Statute  Statute `json:"statute"`
		Says     string  `json:"says"`
	}
	if err := json.Unmarshal(shippedPlan, &steps); err != nil {
		panic(err) // a fault of the build
	}
	p := Plan{Year: year}
	for _, s := range steps {
		at, err := time.Parse("01-02", s.Due)
		if err != nil {
			panic(err)
		}
		in := int(year) + 1
		if s.SameYear {
			in--
		}
		day := c.OnOrBefore(Day(in, at.Month(), at.Day()))
		p.Steps = append(p.Steps, Milestone{Step: s.Step, Due: Moment{Date: day, Hour: s.Hour}, Statute: s.Statute, Says: s.Says})
	}
	return p
}

// ParsePlan reads a plan as JSON. ErrInvalid with a sentence when it cannot be
// used, see Validate.
func ParsePlan(data []byte) (Plan, error) {
	var p Plan
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		if disclosure.CodeOf(err) == disclosure.ErrInvalid {
			return p, err
		}
		return p, disclosure.Errorf(disclosure.ErrInvalid, "工作日历不是规定格式的JSON,请在导出的文件上修改。").Because(err)
	}
	return p, p.Validate()
}

// Milestone finds a step.
func (p *Plan) Milestone(step Step) (m Milestone, ok bool) {
	i := slices.IndexFunc(p.Steps, func(m Milestone) bool { return m.Step == step })
	if i < 0 {
		return m, false
	}
	return p.Steps[i], true
}

// Validate says whether the plan can be used: steps once each, due times in the
// filing year and in order, extensions with a target and a reason. ErrInvalid
// with a sentence otherwise. What is only against the law is not refused but
// told by Due.Flags.
func (p *Plan) Validate() error {
	wrong := func(format string, args ...any) error {
		return disclosure.Errorf(disclosure.ErrInvalid, format, args...)
	}
	if !p.Year.Valid() {
		return wrong("工作日历没有写明报告年度或年度不对,请核对。")
	}
	if len(p.Steps) == 0 {
		return wrong("工作日历没有一个环节,请至少设一个。")
	}
	for i, m := range p.Steps {
		switch {
		case strings.TrimSpace(string(m.Step)) == "":
			return wrong("工作日历第%d个环节没有名称,请填写。", i+1)
		case slices.ContainsFunc(p.Steps[:i], func(o Milestone) bool { return o.Step == m.Step }):
			return wrong("工作日历的环节“%s”重复,请删去一个。", m.Step)
		case m.Statute != StatuteNone && m.Statute != StatuteUnit && m.Statute != StatuteGovernment:
			return wrong("环节“%s”的法定期限类别“%s”不认识,请改为unit或government。", m.Step, clip(string(m.Statute)))
		case !p.holds(m.Due):
			return wrong("环节“%s”的时间%s不在%s年度报告的办理期间,请核对年份。", m.Step, m.Due, p.Year)
		case i > 0 && m.Due.Before(p.Steps[i-1].Due):
			return wrong("环节“%s”早于上一环节“%s”,请调整时间或次序。", m.Step, p.Steps[i-1].Step)
		}
	}
	for i, g := range p.Groups {
		switch _, known := p.Milestone(g.Step); {
		case strings.TrimSpace(g.Group) == "":
			return wrong("第%d条分组时间没有写考核分组,请填写。", i+1)
		case !known:
			return wrong("分组“%s”的环节“%s”不在工作日历里,请核对。", g.Group, g.Step)
		case !p.holds(g.Due):
			return wrong("分组“%s”“%s”的时间%s不在%s年度报告的办理期间,请核对年份。", g.Group, g.Step, g.Due, p.Year)
		case slices.ContainsFunc(p.Groups[:i], func(o GroupDue) bool { return o.Group == g.Group && o.Step == g.Step }):
			return wrong("分组“%s”的环节“%s”有两个时间,请只保留一个。", g.Group, g.Step)
		}
	}
	for i := range p.Extensions {
		if err := p.CheckExtension(p.Extensions[i]); err != nil {
			return err
		}
	}
	return nil
}

// CheckExtension says whether an extension may be added: ErrInvalid with a
// sentence otherwise. A group's due time must not come to lie before what it
// was; a unit's is compared where it is granted (DueOf), by who knows its group.
func (p *Plan) CheckExtension(e Extension) error {
	wrong := func(format string, args ...any) error {
		return disclosure.Errorf(disclosure.ErrInvalid, format, args...)
	}
	m, known := p.Milestone(e.Step)
	base := m.Due
	for _, g := range p.Groups {
		if e.Group != "" && g.Group == e.Group && g.Step == e.Step {
			base = g.Due
		}
	}
	switch {
	case !known:
		return wrong("延期的环节“%s”不在工作日历里,请核对。", clip(string(e.Step)))
	case (e.Unit == 0) == (e.Group == ""):
		return wrong("延期要写明一个单位或一个考核分组,不能都写或都不写。")
	case strings.TrimSpace(e.Reason) == "":
		return wrong("延期没有写理由,请填写。")
	case !p.holds(e.Due):
		return wrong("延期后的时间%s不在%s年度报告的办理期间,请核对年份。", e.Due, p.Year)
	case e.Group != "" && e.Due.Before(base):
		return wrong("延期后的时间%s早于原定的%s,请核对。", e.Due, base)
	}
	return nil
}

// holds says whether a due time can belong to the plan: from the last quarter
// of the year reported on to the end of the year after.
func (p *Plan) holds(m Moment) bool {
	return m.Date >= Day(int(p.Year), 10, 1) && m.Date <= Day(int(p.Year)+1, 12, 31)
}
