package web

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"strings"
	"unicode/utf8"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// filingView is the form that a unit's report is filled in on.
type filingView struct {
	*office.Sitting
	Heading   string
	StateName string
	Due       string
	// Home is where the visitor came from, by its name in the menu.
	Home, HomeName string
	// Typing: the cells take what the visitor types.
	Typing bool
	// Correcting: what is approved is being corrected; CanCorrect: it can be.
	Correcting, CanCorrect bool
	Parts                  []formPart
	Report                 draftReport
	Returned               *returnView
	Acts                   []actButton
	Recall, TakeIn         bool
	RecallLate             string // warns that what is recalled will come late
	Review                 string
	ActID                  string
	Sentence               string // why what was asked for was not done
	Clashes                []office.Clash
	Zeros                  int
	LastYear               disclosure.Year
	SavedAt                string
	Account                string
	Reason                 string
	Words                  map[string]string // what the script says
	Publication            *office.PublicationPage
	AskUnchanged           bool   // returned cells stayed as they were, and it was said so
	Taken                  string // what was just taken into the draft: a file (1) or a ledger
}

// formPart is a part of the report: a text area, or a table to fill in.
type formPart struct {
	Number   int
	Anchor   string
	Title    string
	IsTable  bool
	Rows     []formRow
	Text     string
	Length   int
	Limit    int
	Note     string
	Last     string // last year's text
	Sections string
}

type formRow []formCell

// formCell is a label, or a cell to type into.
type formCell struct {
	disclosure.PrintedCell
	Note   string // what to count in the row
	Label  string
	Value  string
	Kind   string // number, blank, slash, unread
	Last   string // last year's value
	Offer  string // last year's 结转下年度, for 上年结转
	Total  *totalView
	Mark   string // the gravest severity of the findings on it
	Reason string // why it was sent back
	Offers bool   // of a row's label: its cells have offers
}

// totalView is a computed total beside what is typed.
type totalView struct {
	Value string `json:"v"`
	State string `json:"s"` // same, differs, blank
}

// actButton hands the draft on.
type actButton struct {
	Act  filing.Act
	Name string
}

// filingPage shows the form.
func (s *Server) filingPage(c echo.Context) error {
	sitting, err := s.openSitting(c)
	if err != nil {
		return err
	}
	return s.showFiling(c, http.StatusOK, sitting, "", nil)
}

// showFiling renders the form, with a sentence on what was refused and the
// places that somebody else has changed.
func (s *Server) showFiling(c echo.Context, status int, sitting *office.Sitting, sentence string, clashes []office.Clash) error {
	guidance, _, err := s.office.Guidance(c.Request().Context())
	if err != nil {
		return err
	}
	v := &filingView{Sitting: sitting, StateName: filing.Names[sitting.State], Sentence: sentence, Clashes: clashes, ActID: uuid.NewString(),
		Heading: s.text.say("filing.heading", sitting.Unit.Name, sitting.Period), Account: visitor(c).Account, LastYear: sitting.Period.Year - 1}
	deadline := check.Deadline(sitting.Period.Year, sitting.Unit).AddDate(0, 0, -1)
	v.Due = s.text.say("work.due", deadline.Format("2006年1月2日"))
	mayType := hasAct(sitting, filing.Save)
	v.Correcting = sitting.State == filing.Approved && sitting.Draft.Version > 0
	v.CanCorrect = mayType && sitting.State == filing.Approved && !v.Correcting
	v.Typing = mayType && !v.CanCorrect
	v.Words = s.text.family("js.")
	v.Words["year"] = v.LastYear.String()
	if !sitting.Draft.Time.IsZero() && sitting.Draft.Version > 0 {
		v.SavedAt = sitting.Draft.Time.In(beijing).Format("15:04:05")
	}
	v.Home, v.HomeName = unitHref(sitting.Unit.Number), "nav.units"
	if who := visitor(c); who.May(people.FileReport, sitting.Unit.Number) || who.May(people.ReviewReport, sitting.Unit.Number) {
		v.Home, v.HomeName = fmt.Sprintf("/work?unit=%d", sitting.Unit.Number), "nav.work"
	} else if who.Anywhere(people.SeeProgress) {
		v.Home, v.HomeName = "/progress?year="+sitting.Period.Year.String(), "nav.progress"
	}
	v.Recall, v.TakeIn = hasAct(sitting, filing.Recall), hasAct(sitting, filing.TakeIn) && v.Typing
	if v.Recall {
		if v.RecallLate, err = s.recallLate(c, sitting); err != nil {
			return err
		}
	}
	if hasAct(sitting, filing.Pass) {
		v.Review = reviewHref(sitting.Unit.Number, sitting.Period)
	}
	may := sitting.Acts
	if sitting.State == filing.Missing { // what is typed becomes a draft with the first save
		may = filing.Possible(filing.Draft, visitor(c), sitting.Unit.Number, sitting.UnitReviews)
	}
	for _, a := range may {
		if v.Typing && (a == filing.HandOn || a == filing.Submit || a == filing.Proxy) {
			v.Acts = append(v.Acts, actButton{a, filing.ActNames[a]})
		}
	}
	if sitting.Editable() {
		v.Returned = s.returnOf(sitting)
	}
	if v.Publication, err = s.office.PublicationOn(c.Request().Context(), visitor(c), sitting); err != nil {
		return err
	}
	v.AskUnchanged = c.Request().Method == http.MethodPost && len(sitting.ReturnedUnchanged()) > 0
	v.Taken = c.QueryParam("taken")
	v.Reason = c.FormValue("reason")
	v.Report = s.draftReport(sitting)
	s.formParts(v, guidance)
	page := s.view(c, "work", v.Heading, v)
	page.Styles, page.Scripts = []string{"filing.css"}, []string{"filing_places.js", "filing_keep.js", "filing_answers.js", "filing_grid.js", "filing.js", "explain.js"}
	return s.send(c, status, "filing", page)
}

// formParts sets the sitting's forms out in their order: the national one part
// by part, then the local tables.
func (s *Server) formParts(v *filingView, guidance office.LocalGuidance) {
	for i, f := range v.Content.Forms {
		form := disclosure.FormByID(f.Form)
		if form == nil {
			continue
		}
		notes := guidance.For(form.ID)
		for _, part := range form.Parts {
			p := formPart{Number: part.Number, Title: part.Title, Anchor: fmt.Sprintf("part-%d-%d", i, part.Number)}
			if i > 0 {
				p.Title = form.Title
			}
			if table := form.Table(part.Table); table != nil {
				p.IsTable = true
				s.formRows(v, &p, f, form, table, notes)
			} else {
				p.Text = v.ProseOf(part.Number)
				p.Length, p.Limit = utf8.RuneCountInString(p.Text), guidance.Limits[part.Number]
				p.Note, p.Sections = notes[disclosure.PartPlace(part.Number)], strings.Join(part.Sections, "、")
				if last := v.LastReport(); last != nil {
					for _, t := range last.Prose {
						if t.Number == part.Number {
							p.Last = t.Text
						}
					}
				}
			}
			v.Parts = append(v.Parts, p)
		}
	}
}

func (s *Server) formRows(v *filingView, p *formPart, f office.DraftForm, form *disclosure.Form, table *disclosure.Table, notes disclosure.Guidance) {
	filled := func(code disclosure.Code) bool { c, ok := f.Cells[code]; return ok && c.Kind != disclosure.CellBlank }
	offers := v.offers(form)
	for _, row := range table.Printed(filled) {
		out := formRow{}
		for _, g := range row {
			fc := formCell{PrintedCell: g, Note: notes[g.Place]}
			if !g.Head {
				s.formCell(v, &fc, f, offers)
				if (table.Key == "T3" || table.Key == "T4") && fc.Kind == string(disclosure.CellBlank) {
					v.Zeros++
				}
			}
			out = append(out, fc)
		}
		for i := range out {
			if out[i].Offer != "" {
				for j := range out {
					out[j].Offers = out[j].Offers || out[j].Place != ""
				}
				break
			}
		}
		p.Rows = append(p.Rows, out)
	}
}

func (s *Server) formCell(v *filingView, fc *formCell, f office.DraftForm, offers map[disclosure.Code]string) {
	code := fc.Code
	cell := f.Cells[code]
	fc.Label, fc.Value, fc.Kind = codeLabel(code), office.Typed(cell), string(cell.Kind)
	if fc.Kind == "" {
		fc.Kind = string(disclosure.CellBlank)
	}
	if last := v.LastReport(); last != nil {
		if c, ok := last.Cells[code]; ok && c.Kind == disclosure.CellNumber {
			fc.Last = c.Value.String()
		}
	}
	fc.Offer = offers[code]
	if total, ok := v.Report.Totals[code]; ok {
		fc.Total = &total
	}
	fc.Mark = v.Report.Marks[code]
	if v.Returned != nil {
		for _, c := range v.Returned.Cells {
			if c.Code == code {
				fc.Reason = c.Reason
			}
		}
	}
}

// offers are last year's figures that this year's report goes on from: its
// 结转下年度 for 上年结转. They are offered, never filled in.
func (v *filingView) offers(form *disclosure.Form) map[disclosure.Code]string {
	out := map[disclosure.Code]string{}
	last := v.LastReport()
	if last == nil {
		return out
	}
	for _, carry := range form.Carries {
		table := form.Table(carry.Table)
		for b := range table.Blocks {
			for _, col := range table.Blocks[b].Columns {
				if n, ok := last.Value(table.Code(carry.From, col.Key)); ok {
					out[table.Code(carry.To, col.Key)] = n.String()
				}
			}
		}
	}
	return out
}

// draftReport is what the rules say of a draft, as pages and answers show it.
type draftReport struct {
	Findings                                []draftFinding
	More                                    int // findings that are not listed
	Marks                                   map[disclosure.Code]string
	Totals                                  map[disclosure.Code]totalView
	Errors, Unexplained, Explained, Notices int
}

// draftFinding is a finding beside the form.
type draftFinding struct {
	check.Finding
	Key      string
	Cells    []cellRef
	CellsToo int  // cells beyond those listed
	Asks     bool // an explanation is asked for before handing on
	Explains bool // an explanation can be written
	Text     string
	Typing   bool
	Returned bool
}

// TooShort says whether what was written says nothing yet.
func (f draftFinding) TooShort() bool { return f.Text != "" && !office.Explains(f.Text) }

// Least is how many different letters an explanation holds at least.
func (f draftFinding) Least() int { return office.LeastExplained }

// Listed at once are this many findings, with this many cells each: an answer
// to a patch stays small.
const (
	mostFindings = 30
	mostRefs     = 3
)

func (s *Server) draftReport(sitting *office.Sitting) draftReport {
	verdict := sitting.Judge()
	r := draftReport{Marks: map[disclosure.Code]string{}, Totals: map[disclosure.Code]totalView{}, Errors: verdict.Errors, Unexplained: verdict.Unexplained}
	typing := hasAct(sitting, filing.Save)
	for _, f := range verdict.Findings {
		if f.Severity == check.Error || f.Severity == check.Explain {
			for _, code := range f.Codes {
				if r.Marks[code] == "" { // gravest first
					r.Marks[code] = string(f.Severity)
				}
			}
		} else {
			r.Notices++
		}
		item := draftFinding{Finding: f, Key: findingKey(f), Asks: office.MustExplain(f), Explains: f.Severity == check.Explain, Text: sitting.Explanation(f), Typing: typing}
		if item.Explains && office.Explains(item.Text) {
			r.Explained++
		}
		if len(r.Findings) >= mostFindings {
			r.More++
			continue
		}
		for i, code := range f.Codes {
			if i >= mostRefs {
				item.CellsToo = len(f.Codes) - i
				break
			}
			item.Cells = append(item.Cells, cellRef{Code: code, Label: codeLabel(code)})
		}
		r.Findings = append(r.Findings, item)
	}
	cells := map[disclosure.Code]disclosure.Cell{}
	for _, f := range sitting.Content.Forms {
		for code, c := range f.Cells {
			cells[code] = c
		}
	}
	for code, total := range verdict.Computed {
		state := "differs"
		switch c := cells[code]; {
		case c.Kind == "" || c.Kind == disclosure.CellBlank:
			state = "blank"
		case c.IsNumber() && c.Value.String() == total:
			state = "same"
		}
		r.Totals[code] = totalView{total, state}
	}
	return r
}

// findingKey names a finding in the page; its cells may be many.
func findingKey(f check.Finding) string {
	h := fnv.New64a()
	fmt.Fprint(h, f.Rule, "\x00", f.Aspect)
	for _, c := range f.Codes {
		fmt.Fprint(h, "\x00", c)
	}
	return fmt.Sprintf("%s-%x", f.Rule, h.Sum64())
}

// CodeList is the finding's cells for the script that saves its explanation.
func (f draftFinding) CodeList() string {
	out := make([]string, len(f.Codes))
	for i, c := range f.Codes {
		out[i] = string(c)
	}
	return strings.Join(out, " ")
}
