package web

import (
	"net/http"
	"net/url"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// issueFormView is the form of an issue's content: a new one, or one that is
// corrected before it is handed over.
type issueFormView struct {
	Edit     *office.IssueView // nil for a new one
	Action   string
	Act      string
	Typed    typedAct
	List     string
	Lists    []option
	Offers   *office.IssueOffers
	Category []option
	Units    []option
	Helpers  []option
	From     *matterOrigin
	Hint     string // a due time that is proposed
	Sentence string
	Stale    *staleView
	Made     *office.IssueView // the matter is an issue already
	NoList   bool
}

// matterOrigin is the 待核实事项 that an issue is made of.
type matterOrigin struct {
	*office.MatterIssue
	Basis string
	Href  string
}

// newIssuePage is the entry by hand, or of a matter that was found true.
func (s *Server) newIssuePage(c echo.Context) error {
	typed := &typedAct{Unit: c.QueryParam("unit")}
	return s.showNew(c, http.StatusOK, c.QueryParams(), typed, "")
}

// matterOf reads which matter an issue is made of; nil for none.
func (s *Server) matterOf(c echo.Context, q url.Values) (*matterOrigin, error) {
	if q.Get("from") != "matter" {
		return nil, nil
	}
	year, err := parseYear(q.Get("year"))
	if err != nil {
		return nil, err
	}
	basis, err := matterBasis(visitor(c), q.Get("basis"))
	if err != nil {
		return nil, err
	}
	m, err := s.office.MatterIssue(c.Request().Context(), visitor(c), year, basis, q.Get("id"))
	if err != nil {
		return nil, err
	}
	return &matterOrigin{MatterIssue: m, Basis: string(basis), Href: matterHref(year, string(basis), m.ID)}, nil
}

func (m *matterOrigin) kind() issue.OriginKind {
	if m.Anomaly {
		return issue.OriginAnomaly
	}
	return issue.OriginFinding
}

// showNew shows the form; typed is what was sent and not taken.
func (s *Server) showNew(c echo.Context, status int, q url.Values, typed *typedAct, sentence string) error {
	ctx, stop := afresh(c)
	defer stop()
	who := visitor(c)
	v := &issueFormView{Action: "/issues/new", Act: uuid.NewString(), Typed: *typed, List: q.Get("list"), Sentence: sentence}
	var err error
	if v.From, err = s.matterOf(c, q); err != nil {
		return err
	}
	if v.From != nil {
		if v.Made, err = s.office.IssueOf(ctx, who, v.From.kind(), v.From.ID); err != nil && disclosure.CodeOf(err) != disclosure.ErrNotFound {
			return err
		}
		if status == http.StatusOK {
			v.Typed.Unit, v.Typed.Facts = unitText(v.From.Unit), strings.TrimSpace(v.From.Facts+"\n"+v.From.Reason)
		}
	}
	lists, err := s.office.IssueLists(ctx, who, disclosure.Period{})
	if err != nil {
		return err
	}
	for _, l := range lists {
		if l.Enter && l.State == issue.ListOpen {
			v.Lists = append(v.Lists, option{Value: l.ID, Label: l.Title, Selected: l.ID == v.List})
		}
	}
	v.NoList = len(v.Lists) == 0
	if err := s.issueFormChoices(c, v); err != nil {
		return err
	}
	page := s.view(c, "issues", s.text.say("issues.new"), v)
	page.Styles, page.Scripts = []string{"issues.css"}, []string{"issues.js"}
	return s.send(c, status, "issue-form", page)
}

// issueFormChoices fills what the form offers.
func (s *Server) issueFormChoices(c echo.Context, v *issueFormView) error {
	ctx, who := c.Request().Context(), visitor(c)
	right := people.Evaluate
	if who.Anywhere(people.Supervise) {
		right = people.Supervise
	}
	if !who.Anywhere(right) {
		return who.Demand(people.Supervise, 0)
	}
	var err error
	if v.Offers, err = s.office.IssueOffers(ctx, who, disclosure.Period{}); err != nil {
		return err
	}
	v.Category = options(v.Offers.Categories, v.Typed.Category)
	units, err := s.office.UnitChoices(ctx, who, right)
	if err != nil {
		return err
	}
	v.Units, v.Helpers = pickUnits(units, []string{v.Typed.Unit}), pickUnits(units, v.Typed.Helpers)
	due, err := s.suggestedDue(c)
	if err != nil {
		return err
	}
	v.Hint = s.text.say("issue.due_hint", due.Chinese(), suggestedDays)
	return nil
}

// enterIssue takes a new issue in.
func (s *Server) enterIssue(c echo.Context) error {
	form, err := receive(c)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	if who := visitor(c); !who.Anywhere(people.Evaluate) && !who.Anywhere(people.Supervise) {
		return who.Demand(people.Supervise, 0) // before a file is kept
	}
	typed := s.typedOf(c, form.fields)
	entry := office.IssueEntryForm{ID: form.fields.Get("act"), List: form.fields.Get("list")}
	err = func() error {
		if entry.List == "" {
			return disclosure.Errorf(disclosure.ErrInvalid, "请选择录入到哪份清单。")
		}
		from, err := s.matterOf(c, form.fields)
		if err != nil {
			return err
		}
		if from != nil {
			entry.Kind, entry.Ref, entry.Place = from.kind(), from.ID, s.text.say("issue.of_report", from.Year)
		}
		if err := s.office.MayEnterIssue(ctx, visitor(c), entry.List); err != nil {
			return err // before a file is held
		}
		evidence, err := s.evidenceOf(c, form, typed)
		if err != nil {
			return err
		}
		entry.Held = typed.held()
		content, err := contentOf(typed)
		if err != nil {
			return err
		}
		content.Evidence = evidence
		for k := range content.Evidence {
			content.Evidence[k].By, content.Evidence[k].Time = visitor(c).Account, s.clock()
		}
		entry.Content = *content
		return nil
	}()
	var made *office.IssueView
	if err == nil {
		made, err = s.office.EnterIssue(ctx, visitor(c), entry)
	}
	if err == nil {
		s.kept.forget(typed.Kept)
	}
	switch {
	case err == nil && form.fields.Get("then") == "more":
		return c.Redirect(http.StatusSeeOther, address("/issues/new", url.Values{"list": {entry.List}, "made": {made.Number}}))
	case err == nil:
		return c.Redirect(http.StatusSeeOther, issueHref(made.ID)+"?did="+string(issue.Enter))
	case !personsFault(err) && disclosure.CodeOf(err) != disclosure.ErrNotFound:
		return err
	}
	return s.showNew(c, statusOf(err), form.fields, typed, disclosure.Sentence(err))
}

// editIssuePage corrects an issue before it is handed over.
func (s *Server) editIssuePage(c echo.Context) error {
	return s.showEdit(c, http.StatusOK, nil, "")
}

func (s *Server) showEdit(c echo.Context, status int, typed *typedAct, sentence string) error {
	ctx, stop := afresh(c)
	defer stop()
	data, err := s.office.Issue(ctx, visitor(c), c.Param("id"))
	if err != nil {
		return err
	}
	if !data.May(issue.Correct) {
		_, err := issue.Next(data.State, issue.Correct)
		if err == nil {
			err = disclosure.Errorf(disclosure.ErrForbidden, "您的账号不能修改这个问题;如确需修改,请联系区级审核员。")
		}
		return err
	}
	v := &issueFormView{Edit: data, Action: issueHref(data.ID) + "/act", Act: uuid.NewString(), Sentence: sentence}
	if typed == nil {
		v.Typed = writtenOf(data.Issue)
	} else {
		v.Typed = *typed
		if typed.Seq != data.Seq {
			if v.Stale, err = s.staleOf(c, data, typed); err != nil {
				return err
			}
		}
	}
	if err := s.issueFormChoices(c, v); err != nil {
		return err
	}
	page := s.view(c, "issues", s.text.say("issue.edit_title", data.Number), v)
	page.Styles, page.Scripts = []string{"issues.css"}, []string{"issues.js"}
	return s.send(c, status, "issue-form", page)
}

// writtenOf is an issue's content as its form shows it.
func writtenOf(i *issue.Issue) typedAct {
	t := typedAct{Facts: i.Facts, Indicator1: i.Indicator1, Indicator2: i.Indicator2, Category: string(i.Category)}
	if i.Points.Valid {
		t.Points = i.Points.Decimal.String()
	}
	if i.Deduction.Valid {
		t.Deduction = i.Deduction.Decimal.String()
	}
	if i.Unit != 0 {
		t.Unit = unitText(i.Unit)
	}
	for _, h := range i.Helpers {
		t.Helpers = append(t.Helpers, unitText(h))
	}
	t.Day, t.Hour = momentFields(i.Due)
	return t
}

// contentOf is an issue's content as it was written. Error: ErrInvalid.
func contentOf(t *typedAct) (*issue.Content, error) {
	c := &issue.Content{Facts: t.Facts, Indicator1: strings.TrimSpace(t.Indicator1), Indicator2: strings.TrimSpace(t.Indicator2), Category: issue.Category(strings.TrimSpace(t.Category))}
	var err error
	if c.Points, err = markOf(t.Points, "分值"); err != nil {
		return nil, err
	}
	if c.Deduction, err = markOf(t.Deduction, "扣分"); err != nil {
		return nil, err
	}
	if t.Unit != "" {
		if c.Unit, err = parseUnit(t.Unit); err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有这个单位,请从单位列表中选择。")
		}
	}
	if c.Helpers, err = parseHelpers(t.Helpers); err != nil {
		return nil, err
	}
	if c.Due, err = optionalMoment(t.Day, t.Hour); err != nil {
		return nil, err
	}
	if c.Category == "" {
		c.Category, _ = issue.CategoryOf(c.Indicator1, c.Indicator2, c.Facts)
	}
	return c, nil
}
