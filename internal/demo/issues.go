package demo

import (
	"fmt"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"

	"github.com/shopspring/decimal"
)

// Fate is what was planted to become of an issue.
type Fate string

// The fates.
const (
	FateClosed     Fate = "按期销号"
	FateOverdue    Fate = "逾期未反馈"
	FateWaiting    Fate = "已反馈待复核"
	FateReturned   Fate = "退回重改"
	FateNone       Fate = "不适用"
	FateRectifying Fate = "整改中"
	FateRechecked  Fate = "复核通过待销号"
	FateFound      Fate = "未交办"
	FateSigned     Fate = "已签收"
	FateLate       Fate = "逾期反馈"
)

// PlantedIssue is an issue with the answer to what a page must say of it.
type PlantedIssue struct {
	issue.Issue
	Fate Fate
	// Recurs: the unit had one of this kind in the quarter before.
	Recurs bool
}

// PlantedIssues are two quarters of issues: the present one and the one before.
type PlantedIssues struct {
	Lists  []issue.List
	Issues []PlantedIssue
}

// fates by quarter, dealt out in turn.
var (
	pastFates    = []Fate{FateClosed, FateClosed, FateClosed, FateLate, FateClosed, FateNone, FateClosed, FateClosed, FateClosed, FateOverdue}
	presentFates = []Fate{FateClosed, FateOverdue, FateWaiting, FateReturned, FateNone, FateRectifying, FateRechecked, FateFound, FateSigned, FateLate}
)

// faultKinds are kinds of issue no two of which are alike, so that what recurs
// is what was planted to.
var faultKinds = []struct {
	category               issue.Category
	indicator1, indicator2 string
	points, tenths         int64 // tenths of a point deducted
	facts                  string
}{
	{"更新不及时", "平台建设", "栏目更新", 5, 10, "“通知公告”栏目超过6个月未更新"},
	{"错敏字", "平台建设", "内容准确", 4, 5, "一篇工作动态中“帐户”应为“账户”"},
	{"链接失效", "平台建设", "链接可用", 3, 2, "办事指南页面的“表格下载”链接无法打开"},
	{"隐私泄露", "平台建设", "信息安全", 5, 20, "公示名单的附件中身份证号未脱敏"},
	{"主动公开", "主动公开", "会议公开", 6, 5, "未公开第二次局务会议的议定事项"},
	{"依申请公开", "依申请公开", "答复规范", 6, 10, "答复书没有写明救济渠道"},
	{"解读互动", "解读互动", "政策解读", 6, 5, "规范性文件发布后没有同步发布图解"},
	{"监督保障", "监督保障", "培训考核", 5, 5, "没有制定年度政务公开培训计划"},
}

// issueUnits is how many units get issues, issuesEach how many a quarter.
const (
	issueUnits = 25
	issuesEach = 4
)

// Issues makes the present quarter's issues and those of the quarter before, as
// they stand at a moment, for units of the district.
func (d *District) Issues(units []disclosure.Unit, now time.Time) (*PlantedIssues, error) {
	p := &planter{tree: people.NewTree(units), noon: calendar.DayOf(now).Start().Add(10 * time.Hour)}
	var met []disclosure.Unit
	for _, u := range units {
		if u.Kind != disclosure.UnitGovernment && len(met) < issueUnits && u.MergedInto == 0 {
			met = append(met, u)
		}
	}
	present := issue.QuarterOf(now)
	for k, q := range []disclosure.Period{issue.Before(present), present} {
		if err := p.quarter(q, k, met); err != nil {
			return nil, err
		}
	}
	return &p.out, nil
}

type planter struct {
	out  PlantedIssues
	tree *people.Tree
	noon time.Time
	list *issue.List
}

func (p *planter) quarter(q disclosure.Period, k int, units []disclosure.Unit) error {
	back := []int{110, 20}[k] // days since 交办
	p.list = &issue.List{ID: fmt.Sprintf("demo-%s", q), Quarter: q, Round: issue.RoundDistrict, Title: issue.QuarterName(q) + "区测问题清单(演示)", Source: "第三方评估(演示)",
		State: issue.ListOpen, Evaluators: []string{"pinggu"}, Created: p.ago(back + 5), By: "pinggu"}
	fates := [][]Fate{pastFates, presentFates}[k]
	from := len(p.out.Issues)
	for n, u := range units {
		for e := range issuesEach {
			at, recurs := n+e+k*issuesEach, false
			if k == 1 && e == 0 && n%5 == 0 {
				at, recurs = n, true // what the unit had first in the quarter before
			}
			serial := n*issuesEach + e
			kind := faultKinds[at%len(faultKinds)]
			content := issue.Content{Indicator1: kind.indicator1, Indicator2: kind.indicator2, Facts: kind.facts, Category: kind.category, Unit: u.Number, UnitText: u.Name,
				Points: decimal.NewNullDecimal(decimal.NewFromInt(kind.points)), Deduction: decimal.NewNullDecimal(decimal.New(kind.tenths, -1)),
				Evidence: []issue.Evidence{{Address: fmt.Sprintf("https://www.example.gov.cn/%s/%d.html", q, serial+1)}}}
			i := issue.Issue{ID: fmt.Sprintf("%s-%03d", p.list.ID, serial+1), List: p.list.ID, Quarter: q, Number: fmt.Sprintf("%s-%03d", q, serial+1),
				Origin: issue.Origin{Kind: issue.OriginList, File: "测评问题清单.xlsx", Place: fmt.Sprintf("第%d行", serial+2), By: "pinggu"}}
			fate := fates[serial%len(fates)]
			i, err := p.live(i, content, fate, back, serial)
			if err != nil {
				return err
			}
			p.out.Issues = append(p.out.Issues, PlantedIssue{Issue: i, Fate: fate, Recurs: recurs})
		}
	}
	p.list.Scores = p.scores(units, p.out.Issues[from:])
	p.out.Lists = append(p.out.Lists, *p.list)
	return nil
}

func (p *planter) ago(days int) time.Time { return p.noon.AddDate(0, 0, -days) }

func (p *planter) viewer(account string, role people.Role, unit disclosure.UnitNumber) issue.Viewer {
	return issue.On(people.NewVisitor(people.Person{Account: account, Grants: []people.Grant{{Role: role, Unit: unit}}}, "", p.tree), p.list)
}

// live takes an issue through its life, by the table of issue.Life.
func (p *planter) live(i issue.Issue, content issue.Content, fate Fate, back, serial int) (issue.Issue, error) {
	office, evaluator := p.viewer("qushen", people.Supervisor, 0), p.viewer("pinggu", people.Evaluator, 0)
	unit := p.viewer("tianbao1", people.Filer, content.Unit)
	due := calendar.DayOf(p.ago(back - 15)) // 15 days after 交办
	if fate != FateOverdue && fate != FateLate && fate != FateClosed {
		due = calendar.DayOf(p.ago(back - 30))
	}
	type step struct {
		days int // after 交办
		who  issue.Viewer
		move issue.Move
	}
	entered := step{-5, evaluator, issue.Move{Act: issue.Enter, Content: &content}}
	handed := step{0, office, issue.Move{Act: issue.HandOver, Due: calendar.Moment{Date: due, Hour: 17}}}
	signed := step{1, unit, issue.Move{Act: issue.Sign}}
	answered := step{12, unit, issue.Move{Act: issue.GiveAnswer, Text: "已整改,请复核。", Link: content.Evidence[0].Address}}
	steps := []step{entered, handed, signed}
	switch fate {
	case FateFound:
		steps = []step{entered}
	case FateOverdue:
		steps = []step{entered, handed} // nobody signed: the due time does not wait
	case FateSigned:
	case FateRectifying:
		steps = append(steps, step{3, unit, issue.Move{Act: issue.Progress, Text: "已联系平台维护单位,本周内完成。"}})
		if serial%20 == 5 {
			later := calendar.Moment{Date: due + 10, Hour: 17}
			steps = append(steps, step{4, unit, issue.Move{Act: issue.AskExtension, Reason: "平台升级,需延后十天", Due: later}})
		}
	case FateWaiting:
		steps = append(steps, answered)
		if serial%20 == 2 {
			steps = append(steps, step{13, unit, issue.Move{Act: issue.Object, Reason: "该栏目由上级单位统一维护,请核减扣分"}})
		}
	case FateLate:
		answered.days = 17
		steps = append(steps, answered)
	case FateReturned:
		steps = append(steps, answered, step{14, evaluator, issue.Move{Act: issue.Return, Reason: "页面仍是旧内容,请更新后再反馈"}})
	case FateNone:
		answered.move.Kind, answered.move.Text = issue.AnswerNotApplicable, "本单位没有此项业务,已发布说明。"
		steps = append(steps, answered, step{14, office, issue.Move{Act: issue.EndInapplicable, Reason: "没有此项业务,已发布说明"}})
	case FateRechecked:
		steps = append(steps, answered, step{14, evaluator, issue.Move{Act: issue.Recheck}})
	case FateClosed:
		steps = append(steps, answered, step{14, evaluator, issue.Move{Act: issue.Recheck}}, step{16, office, issue.Move{Act: issue.Close}})
	}
	if back > 100 && fate == FateLate {
		steps = append(steps, step{20, office, issue.Move{Act: issue.Close}})
	}
	var err error
	for _, s := range steps {
		if i, err = issue.Apply(i, s.move, s.who, p.ago(back-s.days)); err != nil {
			return i, fmt.Errorf("issue %s, %s: %w", i.Number, s.move.Act, err)
		}
	}
	return i, nil
}

// scores is the sheet that the deductions agree with, but for the first unit's
// first indicator, where one mark is too few by 0.1.
func (p *planter) scores(units []disclosure.Unit, issues []PlantedIssue) *issue.ScoreTable {
	t := &issue.ScoreTable{File: "测评得分表.xlsx"}
	for _, k := range faultKinds {
		t.Items = append(t.Items, issue.ScoreItem{Indicator1: k.indicator1, Indicator2: k.indicator2, Full: decimal.NewFromInt(k.points)})
	}
	for n, u := range units {
		s := issue.UnitScore{Unit: u.Number, UnitText: u.Name}
		for m, item := range t.Items {
			value := item.Full
			for _, i := range issues {
				if i.Unit == u.Number && i.Indicator2 == item.Indicator2 {
					value = value.Sub(i.Deduction.Decimal)
				}
			}
			if n == 0 && m == 0 {
				value = value.Sub(decimal.New(1, -1))
			}
			mark := issue.Mark{Value: decimal.NewNullDecimal(value)}
			if value.Equal(item.Full) && n%6 == 5 && m == len(t.Items)-1 {
				mark = issue.Mark{NotInvolved: true}
			}
			s.Marks = append(s.Marks, mark)
		}
		t.Units = append(t.Units, s)
	}
	return t
}
