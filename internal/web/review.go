package web

import (
	"net/http"
	"net/url"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// reviewView is the review page.
type reviewView struct {
	*office.Review
	Heading  string
	Path     string
	Tables   []reviewTable
	Notes    []reviewNote
	Actions  []reviewAction
	Back     *reviewAction // the act by which cells are returned, nil when none is possible
	Reasons  []string
	Act      string // id of whatever is decided on this page
	Typed    typedDecision
	Sentence string // what was wrong with the last try
	Stale    bool   // the report moved on since the page was opened
	Did      filing.Act
	Next     *office.QueueLine
	More     int
	Changes  int // cells and paragraphs that differ from the revision before
	DueNow   string
	// Originals are the files whose text stands beside the tables; Proxy is what
	// came for the unit by other ways and was not handed on.
	Originals []original
	Proxy     *office.UnitProxy
}

// reviewTable is a table as printed, with what stands beside each cell.
type reviewTable struct {
	ID, Title   string
	Rows        [][]reviewCell
	HasWas      bool
	HasLast     bool
	Least, Most int // over how many reports the medians are
	Wrong       int
}

// reviewCell is a cell of the printed grid in front of a reviewer.
type reviewCell struct {
	disclosure.PrintedCell
	Label       string
	Shown       string
	State       string
	Worst       string
	Wide        bool // what was found concerns a whole line of cells
	Cell        disclosure.Cell
	File        string
	Was         string
	Changed     bool
	Last        string
	Median      string
	N           int
	Quiet       bool // nothing but zeros and blanks: what stands beside it is shown on demand
	Findings    []reviewNote
	Asked       *office.ReturnedCell
	Mark        bool
	MarkReason  string
	MarkedInUse bool // cells can be marked on this page
}

// reviewNote is a finding in the list, with its cells and the unit's word.
type reviewNote struct {
	office.ReviewFinding
	Number int
	Cells  []cellRef
	First  disclosure.Code
}

// reviewAction is a decision as a button and its confirmation.
type reviewAction struct {
	office.Decision
	Name   string
	Key    string // a, r
	Danger bool
	Main   bool
	Reason bool // a reason must be given
	Cells  bool // cells can be named
	Due    bool // a due date must be given
}

// typedDecision is what a person typed into a decision that was not taken.
type typedDecision struct {
	Act    filing.Act
	Reason string
	Due    string
	Cells  map[disclosure.Code]string
}

// actKeys are the keys of the decisions; the first that is open has it.
var actKeys = map[filing.Act]string{filing.Approve: "a", filing.Pass: "a", filing.Return: "r", filing.SendBack: "r", filing.Reopen: "r"}

func (s *Server) reviewPage(c echo.Context) error {
	return s.showReview(c, http.StatusOK, &reviewView{Did: filing.Act(c.QueryParam("did"))})
}

func (s *Server) showReview(c echo.Context, status int, v *reviewView) error {
	ctx, who := c.Request().Context(), visitor(c)
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	of := c.QueryParam("of")
	if c.Request().Method == http.MethodPost {
		of = c.FormValue("of")
	}
	if v.Review, err = s.office.Review(ctx, who, unit, period, of == "draft"); err != nil {
		return err
	}
	if v.Reasons, _, err = s.office.ReturnReasons(ctx); err != nil {
		return err
	}
	if v.DueNow, err = s.office.ReturnDue(ctx); err != nil {
		return err
	}
	v.Path, v.Act = reviewHref(unit, period), uuid.NewString()
	v.Heading = s.text.say("review.heading", v.Unit.Name, period)
	s.reviewActions(v)
	s.reviewNotes(v)
	s.reviewTables(v)
	v.Originals = s.originals(v)
	if v.Proxy, err = s.office.ProxyOf(ctx, who, unit, period); err != nil {
		return err
	}
	for _, p := range v.Prose {
		for _, line := range p.Paragraphs {
			if !line.Same() {
				v.Changes++
			}
		}
	}
	if v.Did != "" && !v.did() {
		v.Did = ""
	}
	if v.Did != "" || len(v.Actions) == 0 {
		if v.Next, v.More, err = s.office.NextToReview(ctx, who, unit, period); err != nil {
			return err
		}
	}
	page := s.view(c, "review", v.Heading, v)
	page.Styles, page.Scripts = []string{"review.css"}, []string{"review.js", "review_original.js"}
	return s.send(c, status, "review", page)
}

// did says whether the report stands where the act that the address names led;
// an address alone makes nothing true.
func (v *reviewView) did() bool {
	for _, t := range filing.Life {
		if t.Act == v.Did && t.To == v.State {
			return true
		}
	}
	return false
}

// DidName is what was done, as people read it.
func (v *reviewView) DidName() string { return filing.ActNames[v.Did] }

// StateName is where the report stands.
func (v *reviewView) StateName() string { return filing.Names[v.State] }

// NextHref leads to the next report that waits.
func (v *reviewView) NextHref() string { return reviewHref(v.Next.Unit.Number, v.Next.Period) }

// SourceHref is an original's address: for download, or as text.
func (v *reviewView) SourceHref(sum string) string { return v.Path + "/source/" + url.PathEscape(sum) }

// Who is a person's name, or the account where there is none.
func (v *reviewView) Who(account string) string {
	if name := v.Names[account]; name != "" {
		return name
	}
	return people.ActorName(account)
}

func (s *Server) reviewActions(v *reviewView) {
	for _, d := range v.Decisions {
		a := reviewAction{Decision: d, Name: s.text.say("act." + string(d.Act)), Key: actKeys[d.Act]}
		switch d.Act {
		case filing.Pass, filing.Approve:
			a.Main = true
		case filing.Return:
			a.Cells, a.Due, a.Danger = true, true, true
		case filing.SendBack, filing.Reopen:
			a.Cells, a.Reason, a.Danger = true, true, true
		case filing.TakeIn:
			a.Reason = true
		case filing.Revoke:
			a.Reason, a.Danger = true, true
		}
		v.Actions = append(v.Actions, a)
		if a.Cells && v.Back == nil {
			back := a
			v.Back = &back
		}
	}
}

func (s *Server) reviewNotes(v *reviewView) {
	for i, f := range v.Findings {
		n := reviewNote{ReviewFinding: f, Number: i + 1}
		for _, code := range f.Codes {
			if n.First == "" {
				n.First = code
			}
			n.Cells = append(n.Cells, cellRef{Code: code, Label: codeLabel(code)})
		}
		v.Notes = append(v.Notes, n)
	}
}

func (s *Server) reviewTables(v *reviewView) {
	asked := map[disclosure.Code]*office.ReturnedCell{}
	if v.Returned != nil {
		for i := range v.Returned.Cells {
			asked[v.Returned.Cells[i].Code] = &v.Returned.Cells[i]
		}
	}
	for i, f := range v.Forms {
		filled := func(code disclosure.Code) bool {
			c, ok := f.Cells[code]
			return ok && c.Kind != disclosure.CellBlank
		}
		for t := range f.Form.Tables {
			table := &f.Form.Tables[t]
			rt := reviewTable{ID: "table-" + table.Key, Title: table.Name + " " + table.Title, HasWas: f.Was != nil, HasLast: f.Last != nil}
			if i > 0 {
				rt.Title = f.Form.Title
			}
			for _, row := range table.Printed(filled) {
				out := make([]reviewCell, 0, len(row))
				for _, g := range row {
					cell := reviewCell{PrintedCell: g}
					if !g.Head {
						s.reviewCell(v, &f, &cell)
						cell.Asked = asked[g.Code]
						rt.count(&cell)
					}
					out = append(out, cell)
				}
				rt.Rows = append(rt.Rows, out)
			}
			v.Tables = append(v.Tables, rt)
		}
	}
}

func (t *reviewTable) count(c *reviewCell) {
	if !c.Wide && (c.Worst == "error" || c.Worst == "explain") {
		t.Wrong++
	}
	if c.N > 0 {
		if t.Least == 0 || c.N < t.Least {
			t.Least = c.N
		}
		t.Most = max(t.Most, c.N)
	}
}

// mostSigned is up to how many cells a finding puts its sign on each: a sum over
// twenty rows tints them and is signed in the list, or nothing stands out.
const mostSigned = 6

func (s *Server) reviewCell(v *reviewView, f *office.ReviewForm, c *reviewCell) {
	cell, ok := f.Cells[c.Code]
	c.Cell, c.Label, c.File = cell, codeLabel(c.Code), fileOf(v.Report.Sources, cell)
	c.Shown, c.State = s.shown(cell, ok)
	for n, i := range v.ByCode[c.Code] {
		if c.Worst == "" {
			c.Worst = string(v.Findings[i].Severity)
		}
		c.Wide = (n == 0 || c.Wide) && len(v.Findings[i].Codes) > mostSigned
		c.Findings = append(c.Findings, v.Notes[i])
	}
	quiet := !ok || cell.Kind != disclosure.CellUnread && (!cell.IsNumber() || cell.Value.IsZero())
	if f.Was != nil {
		was, had := f.Was[c.Code]
		if c.Was, _ = s.shown(was, had); c.Was != c.Shown || was.Remark != cell.Remark {
			c.Changed = true
			v.Changes++
		}
	}
	if last, had := f.Last[c.Code]; had {
		c.Last, _ = s.shown(last, true)
		quiet = quiet && (!last.IsNumber() || last.Value.IsZero())
	}
	if m := f.Peers[c.Code]; m.N > 0 {
		c.Median, c.N = medianText(m.Median, false), m.N
		quiet = quiet && m.Median == 0
	}
	c.Quiet = quiet && c.Worst == "" && !c.Changed
	c.MarkedInUse = v.Back != nil && v.Back.Obstacle == ""
	c.MarkReason, c.Mark = v.Typed.Cells[c.Code]
}

// Suggested is what a return of the cell says unless the reviewer says
// otherwise: what the gravest finding on it says.
func (c reviewCell) Suggested() string {
	if len(c.Findings) == 0 {
		return ""
	}
	const most = 120
	text := []rune(c.Findings[0].Message)
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}

// NoPeers says whether no peer's figures stand beside the table's.
func (t reviewTable) NoPeers() bool { return t.Most == 0 }

// reviewSource hands out an original, always as a download: a foreign HTML file
// must not run as a page of this site.
func (s *Server) reviewSource(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	file, source, err := s.office.OpenReviewSource(c.Request().Context(), visitor(c), unit, period, c.Param("sum"))
	if err != nil {
		return err
	}
	defer file.Close()
	return handOutAs(c, source.Name, echo.MIMEOctetStream, file)
}

type sourcePreviewView struct {
	*office.SourcePreview
	Back string
}

// reviewPreview shows an original as our reader understood it: text and tables.
func (s *Server) reviewPreview(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	p, err := s.office.ReviewPreview(c.Request().Context(), visitor(c), unit, period, c.Param("sum"))
	if err != nil {
		return err
	}
	v := &sourcePreviewView{SourcePreview: p, Back: reviewHref(unit, period)}
	page := s.view(c, "review", p.File.Name, v)
	page.Styles = []string{"review.css"}
	return s.ok(c, "preview", page)
}
