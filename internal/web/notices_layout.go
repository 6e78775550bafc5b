package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// noticeLayoutView is how the district arranges its bulletins, as a form.
type noticeLayoutView struct {
	Title, To, RateBase string
	Sections            []layoutSection
	Charts              []option
	Rules               []layoutRule
	Metrics             []notice.Metric
	RuleKinds           []option
	Past                []office.AuditEntry
	Shipped, Done       bool
	Seen                uint64
	Act, Sentence       string
}

// layoutSection is a section's line of the form.
type layoutSection struct {
	notice.Section
	Name  string
	Order int
}

// layoutRule is a rule's line; its conditions stand as they are typed.
type layoutRule struct {
	notice.Rule
	Conditions string
}

func (s *Server) noticeLayoutPage(c echo.Context) error {
	layout, seq, err := s.office.BulletinLayout(c.Request().Context())
	if err != nil {
		return err
	}
	return s.showNoticeLayout(c, http.StatusOK, layoutForm(layout, seq, c.QueryParam("done") != ""))
}

func layoutForm(l notice.Layout, seq uint64, done bool) *noticeLayoutView {
	v := &noticeLayoutView{Title: l.Title, To: l.To, RateBase: strconv.Itoa(l.RateBase), Shipped: seq == 0, Seen: seq, Done: done}
	for i, section := range l.Sections {
		v.Sections = append(v.Sections, layoutSection{Section: section, Order: i + 1})
	}
	for _, name := range notice.ChartOrder {
		v.Charts = append(v.Charts, option{Value: name, Selected: slices.Contains(l.Charts, name)})
	}
	for _, r := range l.Rules {
		v.Rules = append(v.Rules, layoutRule{Rule: r, Conditions: notice.ConditionText(r.Conditions)})
	}
	return v
}

const spareLines = 2 // empty lines of the form, for what is to be added

func (s *Server) showNoticeLayout(c echo.Context, status int, v *noticeLayoutView) error {
	var err error
	if v.Past, err = s.office.BulletinLayoutPast(c.Request().Context(), visitor(c), 10); err != nil {
		return err
	}
	v.Act, v.Metrics = uuid.NewString(), notice.Metrics
	for range spareLines {
		v.Sections = append(v.Sections, layoutSection{Section: notice.Section{Kind: notice.Own}, Order: len(v.Sections) + 1})
		v.Rules = append(v.Rules, layoutRule{})
	}
	for i := range v.Sections {
		v.Sections[i].Name = notice.KindNames[v.Sections[i].Kind]
	}
	for i := range v.Charts {
		v.Charts[i].Label = notice.ChartNames[v.Charts[i].Value]
	}
	for _, k := range []notice.RuleKind{notice.Praise, notice.Criticise} {
		v.RuleKinds = append(v.RuleKinds, option{Value: string(k), Label: notice.RuleKindNames[k]})
	}
	page := s.view(c, "notices", s.text.say("bulletins.layout"), v)
	page.Styles = []string{"notices.css"}
	return s.send(c, status, "notice-layout", page)
}

// putNoticeLayout keeps the arrangement; what is wrong comes back as typed.
func (s *Server) putNoticeLayout(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return badForm(err)
	}
	v := readLayoutForm(form)
	layout, err := v.layout()
	if v.Seen, _ = strconv.ParseUint(form.Get("seen"), 10, 64); err == nil && form.Get("shipped") != "" {
		layout = notice.Shipped()
	}
	if err == nil {
		err = s.office.PutBulletinLayout(c.Request().Context(), visitor(c), layout, v.Seen, form.Get("act"))
	}
	if err == nil {
		return c.Redirect(http.StatusSeeOther, "/notices/settings?done=1")
	}
	if code := disclosure.CodeOf(err); code != disclosure.ErrConflict && code != disclosure.ErrInvalid {
		return err
	}
	v.Sentence = disclosure.Sentence(err)
	return s.showNoticeLayout(c, statusOf(err), v)
}

const mostLayoutLines = 40

func readLayoutForm(form url.Values) *noticeLayoutView {
	v := &noticeLayoutView{Title: form.Get("title"), To: form.Get("to"), RateBase: form.Get("rate_base")}
	for i := range mostLayoutLines {
		at := func(name string) string { return form.Get(fmt.Sprintf("%s.%d", name, i)) }
		if kind := notice.Kind(at("kind")); kind != "" {
			section := notice.Section{Kind: kind, On: at("on") != "", Heading: at("heading"), Text: at("text"), InternalOnly: at("internal") != ""}
			if kind == notice.Own && strings.TrimSpace(section.Heading+section.Text) == "" {
				continue
			}
			order, err := strconv.Atoi(at("order"))
			if err != nil {
				order = i + 1
			}
			v.Sections = append(v.Sections, layoutSection{Section: section, Order: order})
		}
		if id := strings.TrimSpace(at("rule")); id != "" || strings.TrimSpace(at("says")+at("conditions")) != "" {
			v.Rules = append(v.Rules, layoutRule{Rule: notice.Rule{ID: id, Kind: notice.RuleKind(at("rulekind")), On: at("ruleon") != "", Says: at("says")}, Conditions: at("conditions")})
		}
	}
	slices.SortStableFunc(v.Sections, func(a, b layoutSection) int { return a.Order - b.Order })
	for _, name := range notice.ChartOrder {
		v.Charts = append(v.Charts, option{Value: name, Selected: slices.Contains(form["chart"], name)})
	}
	return v
}

func (v *noticeLayoutView) layout() (notice.Layout, error) {
	l := notice.Layout{Title: v.Title, To: v.To}
	var err error
	if l.RateBase, err = strconv.Atoi(strings.TrimSpace(v.RateBase)); err != nil {
		return l, disclosure.Errorf(disclosure.ErrInvalid, "计算比率的最小基数请填整数,如5。")
	}
	for _, section := range v.Sections {
		l.Sections = append(l.Sections, section.Section)
	}
	for _, chart := range v.Charts {
		if chart.Selected {
			l.Charts = append(l.Charts, chart.Value)
		}
	}
	for _, r := range v.Rules {
		rule := r.Rule
		if rule.Conditions, err = notice.ParseConditions(r.Conditions); err != nil {
			return l, err
		}
		l.Rules = append(l.Rules, rule)
	}
	return l, nil
}
