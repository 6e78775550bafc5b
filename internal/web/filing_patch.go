package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

// draftPatch is what the form's script sends while somebody types: all that
// differs from what the server last confirmed.
type draftPatch struct {
	// Version is the draft that the page last saw.
	Version uint64 `json:"version"`
	// Save: keep it; else only say what the rules make of it.
	Save         bool                      `json:"save"`
	Cells        []office.CellPatch        `json:"cells"`
	Prose        []office.ProsePatch       `json:"prose"`
	Explanations []office.ExplanationPatch `json:"explanations"`
}

// draftAnswer is the answer to a patch.
type draftAnswer struct {
	Version  uint64         `json:"version"`
	Saved    string         `json:"saved,omitempty"` // when, by the clock on the wall
	Clashes  []clashView    `json:"clashes,omitempty"`
	Findings []findingPiece `json:"findings"`
	More     string         `json:"more,omitempty"`
	// Marks are the gravest severity by cell, Totals the computed totals, Kinds
	// what the patched cells hold (number, blank, slash, unread).
	Marks   map[disclosure.Code]string    `json:"marks"`
	Totals  map[disclosure.Code]totalView `json:"totals"`
	Kinds   map[disclosure.Code]string    `json:"kinds,omitempty"`
	Stands  map[disclosure.Code]string    `json:"stands,omitempty"` // text of a patched cell where it is kept otherwise than sent
	Summary string                        `json:"summary"`
	State   string                        `json:"state"` // as people read it
	Ready   bool                          `json:"ready"`
	// Fresh holds every text of the draft, when somebody else has changed it
	// since the page's version.
	Fresh *freshDraft `json:"fresh,omitempty"`
}

// findingPiece is a finding as a piece of the page.
type findingPiece struct {
	Key  string `json:"key"`
	HTML string `json:"html"`
}

type clashView struct {
	office.Clash
	When string `json:"when,omitempty"`
}

type freshDraft struct {
	By           string                     `json:"by"`
	Cells        map[disclosure.Code]string `json:"cells"`
	Prose        map[int]string             `json:"prose"`
	Explanations []office.ExplanationPatch  `json:"explanations,omitempty"`
	Kinds        map[disclosure.Code]string `json:"kinds"`
}

// mostPieces bounds the findings of an answer, in bytes: the gravest come first.
const mostPieces = 9_000

// patchDraft tries or saves what was typed, and answers with what the rules
// say of the draft then. There is no rule in the browser.
func (s *Server) patchDraft(c echo.Context) error {
	unit, period, err := sittingOf(c)
	if err != nil {
		return err
	}
	var p draftPatch
	dec := json.NewDecoder(c.Request().Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		if tooLarge(err) {
			return err
		}
		return disclosure.Errorf(disclosure.ErrInvalid, "页面发来的内容读不懂,没有保存;请刷新页面后重试。").Because(err)
	}
	ctx, v := c.Request().Context(), visitor(c)
	change := s.office.TryPatch
	if p.Save {
		change = s.office.SaveDraft
	}
	sitting, clashes, err := change(ctx, v, unit, period, office.Patch{Cells: p.Cells, Prose: p.Prose, Explanations: p.Explanations})
	if err != nil {
		return err
	}
	answer, err := s.answerPatch(sitting, &p, clashes)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, answer)
}

func (s *Server) answerPatch(sitting *office.Sitting, p *draftPatch, clashes []office.Clash) (*draftAnswer, error) {
	report := s.draftReport(sitting)
	a := &draftAnswer{Version: sitting.Draft.Version, Marks: report.Marks, Totals: report.Totals, Summary: s.summary(report), State: filing.Names[sitting.State],
		Ready: report.Errors+report.Unexplained == 0, Findings: []findingPiece{}, Kinds: map[disclosure.Code]string{}, Stands: map[disclosure.Code]string{}}
	if p.Save {
		a.Saved = sitting.Draft.Time.In(beijing).Format("15:04:05")
	}
	for _, clash := range clashes {
		a.Clashes = append(a.Clashes, clashView{Clash: clash, When: whenText(clash.Time)})
	}
	size, more := 0, report.More
	for i, f := range report.Findings {
		if size > mostPieces {
			more += len(report.Findings) - i
			break
		}
		var b bytes.Buffer
		if err := s.pages.byName["filing"].ExecuteTemplate(&b, "draft-finding", f); err != nil {
			return nil, fmt.Errorf("finding: %w", err)
		}
		a.Findings = append(a.Findings, findingPiece{f.Key, b.String()})
		size += b.Len()
	}
	if more > 0 {
		a.More = s.text.say("filing.more", more)
	}
	cells := cellsOf(sitting)
	for _, cell := range p.Cells {
		stands := cells[cell.Code]
		a.Kinds[cell.Code] = kindOf(stands)
		if text := office.Typed(stands); text != cell.Now {
			a.Stands[cell.Code] = text
		}
	}
	for _, clash := range clashes { // there the page keeps its own text until a person has chosen
		delete(a.Stands, disclosure.Code(clash.Place))
	}
	seen := p.Version
	if p.Save && sitting.Draft.Version > seen {
		seen++
	}
	if sitting.Draft.Version != seen {
		a.Fresh = freshOf(sitting, cells)
	}
	return a, nil
}

func cellsOf(sitting *office.Sitting) map[disclosure.Code]disclosure.Cell {
	out := map[disclosure.Code]disclosure.Cell{}
	for _, f := range sitting.Content.Forms {
		for code, c := range f.Cells {
			out[code] = c
		}
	}
	return out
}

func kindOf(c disclosure.Cell) string {
	if c.Kind == "" {
		return string(disclosure.CellBlank)
	}
	return string(c.Kind)
}

func freshOf(sitting *office.Sitting, cells map[disclosure.Code]disclosure.Cell) *freshDraft {
	f := &freshDraft{By: sitting.Draft.Name, Cells: map[disclosure.Code]string{}, Prose: map[int]string{}, Kinds: map[disclosure.Code]string{}}
	for code, c := range cells {
		if c.Kind != disclosure.CellBlank {
			f.Cells[code], f.Kinds[code] = office.Typed(c), kindOf(c)
		}
	}
	for _, p := range sitting.Content.Prose {
		f.Prose[p.Number] = p.Text
	}
	for _, e := range sitting.Content.Explanations {
		f.Explanations = append(f.Explanations, office.ExplanationPatch{Rule: e.Rule, Codes: e.Codes, Aspect: e.Aspect, Now: e.Text})
	}
	return f
}

func whenText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(beijing).Format("2006-01-02 15:04:05")
}

// summary says in a line what stands against handing the draft on.
func (s *Server) summary(r draftReport) string {
	if r.Errors+r.Unexplained == 0 {
		return s.text.say("filing.summary_ready", r.Explained, r.Notices)
	}
	return s.text.say("filing.summary", r.Errors, r.Unexplained, r.Notices)
}
