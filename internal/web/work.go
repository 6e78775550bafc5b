package web

import (
	"fmt"
	"net/http"

	"mingjing/internal/calendar"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type workView struct {
	*office.Work
	Chosen *office.WorkUnit
	Cards  []workCard
	// Missing are earlier years for which nothing was begun.
	Missing []workCard
	Notices []*office.Notice
	Names   map[disclosure.UnitNumber]string
	Issues  *workIssues
	Next    string // where a notice that was read leads back to
}

// workCard is a report that somebody has to do something for.
type workCard struct {
	office.WorkItem
	StateName  string
	Says       string // how it stands, and what is next
	Due        string // the statutory day, and how far off it is
	Overdue    bool
	Returned   *returnView
	Href       string
	Button     string
	Main       bool // the button is the next step
	Recall     bool
	RecallLate string // warns that what is recalled will come late
	Review     string // address of the unit's own review, for who does it
	ActID      string
}

// returnView is why a report came back.
type returnView struct {
	Reason, Due, By string
	Cells           []returnedCell
}

type returnedCell struct {
	Code          disclosure.Code
	Label, Reason string
}

// workPage is a reporter's first page.
func (s *Server) workPage(c echo.Context) error {
	v := visitor(c)
	unit := disclosure.UnitNumber(0)
	if text := c.QueryParam("unit"); text != "" {
		var err error
		if unit, err = parseUnit(text); err != nil {
			return err
		}
	}
	w, err := s.office.Work(c.Request().Context(), v, unit)
	if err != nil {
		return err
	}
	data := &workView{Work: w, Chosen: w.Chosen}
	for _, item := range w.Items {
		card := s.workCard(item, w.Chosen)
		if card.Recall {
			if card.RecallLate, err = s.recallLate(c, item.Sitting); err != nil {
				return err
			}
		}
		if item.Earlier && item.State == filing.Missing {
			data.Missing = append(data.Missing, card)
			continue
		}
		data.Cards = append(data.Cards, card)
	}
	if data.Notices, err = s.office.NoticesFor(c.Request().Context(), v); err != nil {
		return err
	}
	if data.Names, err = s.office.UnitNames(c.Request().Context()); err != nil {
		return err
	}
	if data.Issues, err = s.workIssuesOf(c, w.Chosen); err != nil {
		return err
	}
	data.Next = c.Request().URL.RequestURI()
	page := s.view(c, "work", s.text.say("work.title"), data)
	page.Styles = []string{"filing.css", "issues.css"}
	return s.ok(c, "work", page)
}

func filingHref(unit disclosure.UnitNumber, p disclosure.Period) string {
	return fmt.Sprintf("/filing/%d/%s", unit, p)
}

func stateKey(prefix string, s filing.State) string {
	if s == filing.Missing {
		return prefix + "missing"
	}
	return prefix + string(s)
}

func (s *Server) workCard(item office.WorkItem, u *office.WorkUnit) workCard {
	card := workCard{WorkItem: item, StateName: filing.Names[item.State], Href: filingHref(item.Unit.Number, item.Period), ActID: uuid.NewString()}
	card.Due, card.Overdue = s.dueText(item)
	card.Button = s.text.say("work.look")
	filer := u.Files && item.Editable() && item.State != filing.Approved
	if filer {
		card.Button, card.Main = s.text.say(stateKey("workbutton.", item.State)), true
	}
	if item.State == filing.Approved && u.Files && item.Draft.Version > 0 {
		card.Button, card.Main = s.text.say("work.correct_on"), true
	}
	card.Says = s.workSays(item, u)
	card.Recall = u.Files && (item.State == filing.Review || item.State == filing.Submitted)
	if u.Reviews && item.State == filing.Review {
		card.Review = reviewHref(item.Unit.Number, item.Period)
	}
	if item.Standing != nil && item.Editable() && item.State != filing.Approved {
		card.Returned = s.returnOf(item.Sitting)
	}
	return card
}

// workSays tells in plain words how a report stands and what is next.
func (s *Server) workSays(item office.WorkItem, u *office.WorkUnit) string {
	switch {
	case item.State == filing.Missing && u.Reviews && !u.Files:
		return s.text.say("work.says_missing_review")
	case item.State == filing.Review && u.Reviews:
		return s.text.say("work.says_review_you", beijingTime(item.Standing.Time))
	case item.State == filing.Approved && item.Draft.Version > 0:
		return s.text.say("work.says_correction", item.Draft.Name, beijingTime(item.Draft.Time))
	case item.State == filing.Draft && item.Draft.Version > 0:
		return s.text.say("work.says_draft", item.Draft.Name, beijingTime(item.Draft.Time))
	case item.Standing != nil && (item.State == filing.Review || item.State == filing.Submitted || item.State == filing.Approved):
		return s.text.say(stateKey("worksays.", item.State), beijingTime(item.Standing.Time))
	}
	return s.text.say(stateKey("worksays.", item.State))
}

func (s *Server) dueText(item office.WorkItem) (text string, overdue bool) {
	day := item.LastDay.Format("2006年1月2日")
	handed := item.State == filing.Submitted || item.State == filing.Approved
	switch {
	case handed:
		return s.text.say("work.due", day), false
	case item.DaysLeft < 0:
		return s.text.say("work.due_over", day, -item.DaysLeft), true
	case item.DaysLeft == 0:
		return s.text.say("work.due_today", day), true
	}
	return s.text.say("work.due_in", day, item.DaysLeft), false
}

// returnOf is why the report came back, nil when it did not.
func (s *Server) returnOf(sitting *office.Sitting) *returnView {
	if sitting.Standing == nil || sitting.Standing.Return == nil {
		return nil
	}
	r := sitting.Standing.Return
	out := &returnView{Reason: r.Reason, Due: r.Due, By: beijingTime(r.Time)}
	for _, c := range r.Cells {
		out.Cells = append(out.Cells, returnedCell{Code: c.Code, Label: disclosure.LabelOf(c.Code), Reason: c.Reason})
	}
	return out
}

// openSitting opens the sitting that an address names.
func (s *Server) openSitting(c echo.Context) (*office.Sitting, error) {
	unit, period, err := sittingOf(c)
	if err != nil {
		return nil, err
	}
	return s.office.OpenSitting(c.Request().Context(), visitor(c), unit, period)
}

type nextView struct {
	*office.Sitting
	StateName string
	Steps     []nextStep
	Says      string
	Recall    bool
	// RecallLate warns that what is recalled will come late; GoOn is the button
	// of a report that is the visitor's to fill in.
	RecallLate, GoOn string
	ActID            string
	Back             string
	By               string // who handed the revision on
}

// nextStep is a station on the way of a report.
type nextStep struct {
	Name    string
	Done    bool
	Current bool
}

// filingNextPage says, after something was handed on, what happens next.
func (s *Server) filingNextPage(c echo.Context) error {
	sitting, err := s.openSitting(c)
	if err != nil {
		return err
	}
	if sitting.State == filing.Missing || sitting.State == filing.Draft && sitting.Standing == nil {
		return c.Redirect(http.StatusSeeOther, filingHref(sitting.Unit.Number, sitting.Period))
	}
	v := nextView{Sitting: sitting, StateName: filing.Names[sitting.State], Says: s.text.say(stateKey("next.", sitting.State)), ActID: uuid.NewString(),
		Recall: hasAct(sitting, filing.Recall), Back: fmt.Sprintf("/work?unit=%d", sitting.Unit.Number)}
	if due := check.Deadline(sitting.Period.Year, sitting.Unit); sitting.State == filing.Submitted && !s.clock().Before(due) {
		v.Says = s.text.say("next.submitted_late", due.AddDate(0, 0, -1).Format("2006年1月2日"))
	}
	if v.Recall {
		if v.RecallLate, err = s.recallLate(c, sitting); err != nil {
			return err
		}
	}
	if hasAct(sitting, filing.Save) && (sitting.State == filing.Draft || sitting.State == filing.Returned) {
		v.GoOn = s.text.say(stateKey("workbutton.", sitting.State))
	}
	if sitting.Standing != nil {
		v.By = s.office.PersonName(c.Request().Context(), sitting.Standing.By.Name)
	}
	way := []filing.State{filing.Draft, filing.Review, filing.Submitted, filing.Approved}
	at := 0
	for i, state := range way {
		if state == sitting.State || state == filing.Draft && sitting.State == filing.Returned {
			at = i
		}
	}
	for i, state := range way {
		if state == filing.Review && !sitting.UnitReviews {
			continue
		}
		v.Steps = append(v.Steps, nextStep{Name: s.text.say(stateKey("step.", state)), Done: i < at, Current: i == at})
	}
	page := s.view(c, "work", s.text.say("next.title"), v)
	page.Styles = []string{"filing.css"}
	return s.ok(c, "filing-next", page)
}

// recallLate warns before a report is recalled whose time for 定稿 has passed: it
// counts as not handed in until it comes again. "" while there is time.
func (s *Server) recallLate(c echo.Context, sitting *office.Sitting) (string, error) {
	dues, err := s.office.DuesOf(c.Request().Context(), visitor(c), sitting.Unit.Number, sitting.Period.Year)
	if err != nil {
		return "", err
	}
	for _, d := range dues {
		if d.Step == calendar.StepFinal && d.Applies.DaysLate(s.clock()) > 0 {
			return s.text.say("filing.recall_late", d.Applies.Chinese()), nil
		}
	}
	return "", nil
}

func hasAct(s *office.Sitting, act filing.Act) bool {
	for _, a := range s.Acts {
		if a == act {
			return true
		}
	}
	return false
}
