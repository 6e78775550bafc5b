package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// The page of a unit's ledger of applications: columns settled, rows settled,
// cells of table 三 taken into the draft.

type ledgerView struct {
	*office.ApplicationsPage
	At         string
	Sentence   string
	IsReport   bool // what was chosen belongs on the page for reports
	Done       string
	Act        string
	Largest    int64
	Roles      []office.LedgerChoice
	Heads      []ledgerHead
	YearOfDays disclosure.Year
	Table      []figureRow
	Cell       disclosure.Code // whose rows are open
	CellLabel  string
	CellRows   []ledgerRow
	Undecided  []ledgerRow
	LateRows   []ledgerRow
	Other      []ledgerRow // of other years, or left out
	Suggested  map[string]int
	Columns    []office.LedgerChoice // with differing cells
	Applicants []office.LedgerChoice
	Results    []office.LedgerChoice
	Limit      int
	More       int
}

type ledgerHead struct {
	Fingerprint, Sheets string
	Columns             []ledgerColumn
}

type ledgerColumn struct {
	Number                int
	Header, Role, Meaning string
	Why, Samples          string
	Sure                  bool
}

// ledgerRow is a row with its words.
type ledgerRow struct {
	ID, Place, Number, Said string
	Applicant, Result       string
	Received, Closed        string
	Problems                []ledgerProblem
	Why, Late               string
	Decided                 bool
	AskApplicant, AskResult bool
	AskReceived, AskClosed  bool
	AskSame                 bool
	Candidates              []office.LedgerChoice
}

type ledgerProblem struct{ Message, Suggested string }

// mostRows is how many rows a list of the page holds.
const mostRows = 200

func (s *Server) ledgerPage(c echo.Context) error {
	return s.showLedger(c, http.StatusOK, ledgerView{Done: c.QueryParam("done")})
}

func (s *Server) showLedger(c echo.Context, status int, v ledgerView) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	if v.ApplicationsPage, err = s.office.Applications(ctx, visitor(c), unit, period); err != nil {
		return err
	}
	v.At, v.Act, v.Largest, v.Limit = filingHref(unit, period), uuid.NewString(), mostFile-1<<20, mostRows
	if v.Ledger != nil {
		s.fillLedger(&v, disclosure.Code(c.QueryParam("cell")))
	}
	title := s.text.say("ledger.title", v.Sitting.Unit.Display(), period)
	return s.send(c, status, "ledger", s.filesView(c, title, v))
}

func (s *Server) fillLedger(v *ledgerView, cell disclosure.Code) {
	v.Roles, v.Applicants, v.Results = office.LedgerRoles(v.Form), office.LedgerApplicants(v.Form), office.LedgerResults(v.Form)
	v.YearOfDays = v.Ledger.Mapping.YearOfDays
	for _, h := range v.Ledger.Mapping.Heads {
		head := ledgerHead{Fingerprint: h.Fingerprint, Sheets: strings.Join(h.Sheets, "、")}
		for _, col := range h.Columns {
			head.Columns = append(head.Columns, ledgerColumn{Number: col.Column, Header: col.Header, Role: office.RoleOf(col), Meaning: col.Meaning(), Why: col.Why,
				Samples: strings.Join(col.Samples, "、"), Sure: col.Confidence >= 0.9})
		}
		v.Heads = append(v.Heads, head)
	}
	differs := map[disclosure.Code]bool{}
	for _, d := range v.Cells {
		differs[d.Code] = true
		key := string(d.Code)[strings.LastIndexByte(string(d.Code), '_')+1:]
		if !slices.ContainsFunc(v.Columns, func(c office.LedgerChoice) bool { return c.Value == key }) {
			if def, ok := v.Form.Cell(d.Code); ok {
				v.Columns = append(v.Columns, office.LedgerChoice{Value: key, Label: def.Column.FullLabel()})
			}
		}
	}
	r := &disclosure.Report{Form: v.Form, Cells: v.Count.Cells}
	v.Table = s.previewRows(r, v.Form.Table("T3"), nil, differs)
	if def, ok := v.Form.Cell(cell); ok {
		v.Cell, v.CellLabel = cell, def.Label()
		v.CellRows = s.ledgerRows(v, v.Count.CellRows(cell))
	}
	v.Undecided, v.LateRows = s.ledgerRows(v, v.Count.Undecided), s.ledgerRows(v, v.Late)
	v.Other = s.ledgerRows(v, append(slices.Clone(v.Count.Outside), v.Count.Skipped...))
	v.Suggested = map[string]int{}
	for _, row := range v.Count.Undecided {
		for _, p := range row.Problems {
			if p.Suggested != "" {
				v.Suggested[string(p.Field)]++
			}
		}
	}
}

// ledgerProblemFields are the fields of internal/ledger that problems are about.
const (
	fieldApplicant, fieldResult = "applicant", "result"
	fieldReceived, fieldClosed  = "received", "closed"
	fieldNumber                 = "number"
)

func (s *Server) ledgerRows(v *ledgerView, rows office.LedgerRows) []ledgerRow {
	var out []ledgerRow
	if len(rows) > mostRows {
		v.More = max(v.More, len(rows)-mostRows)
		rows = rows[:mostRows]
	}
	for _, r := range rows {
		row := ledgerRow{ID: r.ID, Place: r.Place, Number: r.Number, Said: r.Said, Applicant: wordOfChoice(v.Applicants, r.Applicant), Result: wordOfChoice(v.Results, r.Result),
			Why: r.Why, Decided: r.Decision != nil}
		if r.Received != 0 {
			row.Received = r.Received.String()
		}
		if r.Closed != 0 {
			row.Closed = r.Closed.String()
		}
		if d := r.Decision; d != nil {
			if d.Applicant != "" {
				row.Applicant = wordOfChoice(v.Applicants, d.Applicant)
			}
			if d.Result != "" {
				row.Result = wordOfChoice(v.Results, d.Result)
			}
		}
		if late := r.Overdue; late != nil {
			row.Late = s.text.say("ledger.late", late.Due.String(), late.Workdays)
			if late.Open {
				row.Late = s.text.say("ledger.late_open", late.Due.String(), late.Workdays)
			}
		}
		for _, p := range r.Problems {
			said := ledgerProblem{Message: p.Message}
			switch string(p.Field) {
			case fieldApplicant:
				row.AskApplicant, said.Suggested = true, wordOfChoice(v.Applicants, p.Suggested)
			case fieldResult:
				row.AskResult, said.Suggested = true, wordOfChoice(v.Results, p.Suggested)
				for _, key := range p.Candidates {
					row.Candidates = append(row.Candidates, office.LedgerChoice{Value: key, Label: wordOfChoice(v.Results, key)})
				}
			case fieldReceived:
				row.AskReceived = true
			case fieldClosed:
				row.AskClosed = true
			case fieldNumber:
				row.AskSame = true
			}
			row.Problems = append(row.Problems, said)
		}
		out = append(out, row)
	}
	return out
}

func wordOfChoice(choices []office.LedgerChoice, value string) string {
	for _, c := range choices {
		if c.Value == value {
			return c.Label
		}
	}
	return value
}

// ledgerAct reads a ledger, settles its columns or rows, or takes cells.
func (s *Server) ledgerAct(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	form, err := receive(c)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	fields, v := form.fields, visitor(c)
	seen, _ := strconv.ParseUint(fields.Get("seen"), 10, 64) // 0 is stale
	act, at := fields.Get("act"), filingHref(unit, period)+"/ledger"
	switch fields.Get("do") {
	case "map":
		year, yearErr := strconv.Atoi(fields.Get("year"))
		if yearErr != nil {
			year = 0
		}
		err = s.office.MapLedger(ctx, v, unit, period, seen, columnRoles(fields), disclosure.Year(year), act)
	case "decide":
		err = s.office.DecideRows(ctx, v, unit, period, seen, rowDecisions(fields), fields["accept"], act)
	case "drop":
		err = s.office.DropLedger(ctx, v, unit, period, seen, act)
	case "take":
		version, _ := strconv.ParseUint(fields.Get("version"), 10, 64) // 0 is a draft that nobody saved
		var codes []disclosure.Code
		for _, code := range fields["take"] {
			codes = append(codes, disclosure.Code(code))
		}
		if _, err = s.office.TakeLedger(ctx, v, unit, period, seen, version, codes, act); err == nil {
			return c.Redirect(http.StatusSeeOther, filingHref(unit, period)+"?taken=ledger")
		}
	default:
		var file sentFile
		if file, err = form.file(); err == nil {
			err = s.office.ReadLedger(ctx, v, unit, period, file.name, file.data, act)
		}
	}
	if mendable(err) {
		return s.showLedger(c, statusOf(err), ledgerView{Sentence: disclosure.Sentence(err), IsReport: errors.Is(err, office.ErrIsReport)})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, at+"?done="+url.QueryEscape(fields.Get("do")))
}

func columnRoles(fields url.Values) []office.ColumnRole {
	var out []office.ColumnRole
	for key, vals := range fields {
		rest, ok := strings.CutPrefix(key, "col-")
		if !ok {
			continue
		}
		head, column, _ := strings.Cut(rest, "-")
		if n, err := strconv.Atoi(column); err == nil {
			out = append(out, office.ColumnRole{Head: head, Column: n, Role: vals[0]})
		}
	}
	return out
}

// rowDecisions reads the fields "result-ROW" and so on; rows of which nothing
// was said are left out.
func rowDecisions(fields url.Values) []office.RowDecision {
	rows := map[string]*office.RowDecision{}
	var order []string
	for key, vals := range fields {
		kind, id, ok := strings.Cut(key, "-")
		if !ok || vals[0] == "" || !slices.Contains([]string{"app", "res", "rec", "clo", "do"}, kind) {
			continue
		}
		d := rows[id]
		if d == nil {
			d = &office.RowDecision{Row: id}
			rows[id] = d
			order = append(order, id)
		}
		switch value := vals[0]; kind {
		case "app":
			d.Applicant = value
		case "res":
			d.Result = value
		case "rec":
			d.Received = value
		case "clo":
			d.Closed = value
		default:
			d.Skip, d.Distinct, d.Open, d.Undo = value == "skip", value == "distinct", value == "open", value == "undo"
		}
	}
	slices.Sort(order)
	var out []office.RowDecision
	for _, id := range order {
		out = append(out, *rows[id])
	}
	return out
}
