package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// issuesPerPage keeps a page short enough to be read and chosen from.
const issuesPerPage = 50

// mostIssues bounds a download; a district has far fewer in a year.
const mostIssues = 100_000

type issuesView struct {
	*office.IssueRows
	Filter office.IssueFilter
	Choose issueChoices
	Chips  []issueChip
	Tiles  []issueTile
	Sorts  []issueSort
	Lines  []issueLine
	Pager  pager
	None   bool // there is no issue at all that the visitor may see
	// OneUnit: the visitor answers for one unit, whose name stands on no line.
	OneUnit bool
	Batch   []option // acts that are possible on lines of this page
	Due     bool     // 交办 is one of them
	Day     string
	Hour    string
	Act     string
	Back    string
	Done    string // what was done
	Refused []office.Refusal
	// MayEnter and MayAssign lead to the pages beside the list.
	MayEnter, MayAssign bool
}

// issueTile counts the issues of one state, and filters by it.
type issueTile struct {
	Key, Name string
	Count     int
	Href      string
	On        bool
}

type issueSort struct {
	Label, Href string
	On          bool
}

// issueLine is an issue on the list.
type issueLine struct {
	office.IssueLine
	Href    string
	Key     string // what a choice sends: see issueKey
	Due     dueWords
	Checked bool
	Why     string // why it was left as it was
}

// issuesPage is the one list of issues: each visitor is shown what is theirs.
func (s *Server) issuesPage(c echo.Context) error {
	return s.showIssues(c, http.StatusOK, c.QueryParams(), &issuesView{})
}

// showIssues shows the list of a query; v brings what an act on several left.
func (s *Server) showIssues(c echo.Context, status int, q url.Values, v *issuesView) error {
	ctx, who := c.Request().Context(), visitor(c)
	f, err := issueFilterOf(q)
	if err != nil {
		return err
	}
	if c.QueryParam("download") != "" {
		return s.downloadIssues(c, f)
	}
	p, err := strconv.Atoi(q.Get("page"))
	if err != nil || p < 1 {
		p = 1
	}
	f.Limit, f.Offset = issuesPerPage, (p-1)*issuesPerPage
	if v.IssueRows, err = s.office.Issues(ctx, who, f); err != nil {
		return err
	}
	from := 0
	if v.Pager, from, _ = pageOf(q.Get("page"), v.Total, issuesPerPage); from != f.Offset {
		f.Offset = from // a page behind the last
		if v.IssueRows, err = s.office.Issues(ctx, who, f); err != nil {
			return err
		}
	}
	v.Filter, v.Act, v.None = f, uuid.NewString(), len(v.Quarters) == 0
	if done := q.Get("done"); done != "" {
		if n, err := strconv.Atoi(done); err == nil && n > 0 {
			v.Done = s.text.say("issues.done_n", n, issue.ActNames[issue.Act(q.Get("did"))])
		}
	}
	if b, ok := s.outcomes.get(who.Account, q.Get("outcome"), s.clock()); ok {
		v.Done, v.Refused = s.text.say("issues.done_some", len(b.batch.Done), issue.ActNames[b.act], len(b.batch.Refused)), b.batch.Refused
	}
	q = withoutFlash(q)
	page := s.view(c, "issues", s.issuesTitle(f), v)
	page.Path, page.Query = "/issues", q
	page.Styles, page.Scripts = []string{"issues.css"}, []string{"issues.js"}
	v.Back = page.With()
	if v.Choose, err = s.issueChoicesOf(ctx, who, f, v.Quarters); err != nil {
		return err
	}
	if err := s.issueFilterKnown(ctx, who, v); err != nil {
		return err
	}
	v.Chips = s.issueChips(f, v.Choose.tree, page)
	v.OneUnit = !who.Anywhere(people.SeeIssues) && !who.Anywhere(people.Evaluate) && len(v.Choose.Units) < 2
	if err := s.issueTiles(c, v, page); err != nil {
		return err
	}
	s.issueLines(v, who)
	v.MayEnter = who.Anywhere(people.Supervise) || who.Anywhere(people.Evaluate)
	v.MayAssign = who.Anywhere(people.Supervise)
	for _, by := range []office.IssueSort{office.SortNumber, office.SortDue, office.SortDeduction, office.SortUnit} {
		if by == office.SortUnit && v.OneUnit {
			continue
		}
		v.Sorts = append(v.Sorts, issueSort{Label: s.text.say("issuesort." + string(by)), Href: page.With("sort", string(by), "page", ""), On: by == f.Sort})
	}
	return s.send(c, status, "issues", page)
}

// withoutFlash takes out what is said once.
func withoutFlash(q url.Values) url.Values {
	out := url.Values{}
	for k, vals := range q {
		if k != "done" && k != "did" && k != "outcome" {
			out[k] = slices.Clone(vals)
		}
	}
	return out
}

func (s *Server) issuesTitle(f office.IssueFilter) string {
	if f.Quarter.Year == 0 {
		return s.text.say("issues.title")
	}
	return s.text.say("issues.title_of", issue.QuarterName(f.Quarter))
}

// issueLines are the rows of the page, with the acts that can be done on several.
func (s *Server) issueLines(v *issuesView, who people.Visitor) {
	chosen := map[string]string{}
	for _, r := range v.Refused {
		chosen[r.Issue] = r.Sentence
	}
	offered := map[issue.Act]bool{}
	for _, row := range v.Rows {
		l := issueLine{IssueLine: row, Href: issueHref(row.ID), Key: issueKey(row.ID, row.Seq), Due: s.dueWordsOf(&row), Why: chosen[row.ID]}
		l.Checked = l.Why != ""
		for _, act := range batchActs {
			offered[act] = offered[act] || row.May(act)
		}
		v.Lines = append(v.Lines, l)
	}
	for _, act := range batchActs {
		if offered[act] && (act != issue.Recheck || !who.Anywhere(people.Supervise)) { // who may close need not pass first
			v.Batch = append(v.Batch, option{Value: string(act), Label: issue.ActNames[act]})
			v.Due = v.Due || act == issue.HandOver
		}
	}
}

// issueTiles count by state over the other filters, so that a tile says what
// following it shows.
func (s *Server) issueTiles(c echo.Context, v *issuesView, page *view) error {
	f := v.Filter
	all := v.IssueRows
	if len(f.States) > 0 || f.Overdue || f.Waiting || f.Unassigned || f.Mine {
		f.States, f.Overdue, f.Waiting, f.Unassigned, f.Mine, f.Limit, f.Offset = nil, false, false, false, false, 1, 0
		var err error
		if all, err = s.office.Issues(c.Request().Context(), visitor(c), f); err != nil {
			return err
		}
	}
	narrow := []string{"state", "", "overdue", "", "waiting", "", "unassigned", "", "mine", "", "page", ""}
	tile := func(key, name string, n int, on bool, pairs ...string) {
		v.Tiles = append(v.Tiles, issueTile{Key: key, Name: name, Count: n, On: on, Href: page.With(append(slices.Clone(narrow), pairs...)...)})
	}
	now := v.Filter
	plain := len(now.States) == 0 && !now.Overdue && !now.Waiting && !now.Unassigned && !now.Mine
	tile("all", s.text.say("issues.all"), all.Total, plain)
	if all.Mine > 0 || now.Mine {
		tile("mine", s.text.say("issues.mine"), all.Mine, now.Mine, "mine", "1")
	}
	tile("overdue", s.text.say("issues.overdue"), all.Overdue, now.Overdue, "overdue", "1")
	if who := visitor(c); who.Anywhere(people.Supervise) || all.Requests > 0 {
		tile("waiting", s.text.say("issues.requests"), all.Requests, now.Waiting, "waiting", "1")
		if who.Anywhere(people.Supervise) {
			tile("unassigned", s.text.say("issues.unassigned"), all.Unassigned, now.Unassigned, "unassigned", "1", "state", string(issue.Found))
		}
	}
	for _, state := range issue.States[1:] {
		on := len(now.States) == 1 && now.States[0] == state && !now.Unassigned
		if all.States[state] > 0 || on {
			tile(string(state), issue.StateNames[state], all.States[state], on, "state", string(state))
		}
	}
	return nil
}

func issueHref(id string) string { return "/issues/one/" + url.PathEscape(id) }

// quarterText is a quarter in an address; "" for none.
func quarterText(q disclosure.Period) string {
	if q.Year == 0 {
		return ""
	}
	return q.String()
}
