package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"time"

	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"

	"github.com/google/uuid"
)

// clerk is one unit's, who types the report of the year, and what the service
// has acknowledged so far.
type clerk struct {
	unit    disclosure.UnitNumber
	scope   disclosure.Scope
	report  *disclosure.Report
	act     string // of the submission
	version uint64

	confirmed map[disclosure.Code]string
	prose     map[int]string

	saves, submissions, pages []time.Duration
	takenIn                   bool
}

func newClerk(f demo.Filing) *clerk {
	return &clerk{unit: f.Unit, scope: f.Report.Scope, report: f.Report, act: uuid.NewString(), confirmed: map[disclosure.Code]string{}, prose: map[int]string{}}
}

// doubleClicks: every so many-th clerk presses the button twice.
const doubleClicks = 4

// savedDraft is what a client reads of the answer to a save.
type savedDraft struct {
	Version uint64         `json:"version"`
	Clashes []office.Clash `json:"clashes"`
}

// file types the report over the time that the load gives, a part of the cells
// and a sentence at every save, and hands it in.
func (h *hall) file(ctx context.Context, c *clerk) error {
	// They open the form within seconds of each other, and hand in together.
	if err := pause(ctx, time.Duration(rand.Int64N(int64(h.load.typing/arrival)))); err != nil {
		return err
	}
	if _, err := h.ask(ctx, clerkAccount(c.unit), http.MethodGet, h.path(c), "", ""); err != nil {
		return err
	}
	cells := []office.CellPatch{}
	for _, def := range c.report.Form.Cells() {
		if text := office.Typed(c.report.Cells[def.Code]); text != "" {
			cells = append(cells, office.CellPatch{Code: def.Code, Now: text})
		}
	}
	each := len(cells)/max(1, int(h.load.typing/h.load.save)) + 1
	for n := 1; len(cells) > 0 || time.Now().Before(h.evening); n++ {
		part := min(each, len(cells))
		if time.Now().After(h.evening) { // it was slow: the rest at once
			part = len(cells)
		}
		patch := office.Patch{Cells: cells[:part]}
		cells = cells[part:]
		for _, p := range c.report.Form.Parts {
			if p.Prose {
				patch.Prose = append(patch.Prose, office.ProsePatch{Part: p.Number, Was: c.prose[p.Number], Now: c.written(p.Number, n)})
				break
			}
		}
		if n == 1 {
			patch.Prose = c.wholeProse()
		}
		if err := h.save(ctx, c, patch); err != nil {
			return err
		}
		if err := pause(ctx, h.load.save); err != nil {
			return err
		}
	}
	return h.handIn(ctx, c)
}

// arrival is the part of the time within which all have come.
const arrival = 4

// written is a part's text as it stands at a save: the report's, and a line
// that grows.
func (c *clerk) written(part, n int) string {
	return c.textOf(part) + fmt.Sprintf("(第%d次修改。)", n)
}

func (c *clerk) textOf(part int) string {
	for _, p := range c.report.Prose {
		if p.Number == part {
			return p.Text
		}
	}
	return ""
}

func (c *clerk) wholeProse() []office.ProsePatch {
	var out []office.ProsePatch
	for _, p := range c.report.Form.Parts {
		if text := c.textOf(p.Number); p.Prose && text != "" {
			out = append(out, office.ProsePatch{Part: p.Number, Now: text})
		}
	}
	return out
}

// save sends a patch as the form's script does, and notes what was acknowledged.
func (h *hall) save(ctx context.Context, c *clerk, p office.Patch) error {
	body, err := json.Marshal(map[string]any{"version": c.version, "save": true, "cells": p.Cells, "prose": p.Prose, "explanations": p.Explanations})
	if err != nil {
		return err
	}
	start := time.Now()
	answer, err := h.ask(ctx, clerkAccount(c.unit), http.MethodPost, h.path(c)+"/draft", "application/json", string(body))
	if err != nil {
		return err
	}
	c.saves = append(c.saves, time.Since(start))
	var a savedDraft
	if err := json.Unmarshal(answer.Body.Bytes(), &a); err != nil {
		return err
	}
	if a.Version != c.version+1 || len(a.Clashes) > 0 {
		return fmt.Errorf("version %d was saved over %d, with %d clashes: a save was lost or doubled", a.Version, c.version, len(a.Clashes))
	}
	c.version = a.Version
	for _, cell := range p.Cells {
		c.confirmed[cell.Code] = cell.Now
	}
	for _, part := range p.Prose {
		c.prose[part.Part] = part.Now
	}
	return nil
}

// handIn explains what asks for it and submits, every fourth with a double
// click, the others with the same form once more afterwards; what has
// errors the supervisor takes in, as in life.
func (h *hall) handIn(ctx context.Context, c *clerk) error {
	v, err := h.office.Visitor(ctx, clerkAccount(c.unit), machineAddress)
	if err != nil {
		return err
	}
	sitting, err := h.office.OpenSitting(ctx, v, c.unit, h.period)
	if err != nil {
		return err
	}
	why := office.Patch{}
	verdict := sitting.Judge()
	for _, f := range verdict.Findings {
		if office.MustExplain(f) {
			why.Explanations = append(why.Explanations, office.ExplanationPatch{Rule: f.Rule, Codes: f.Codes, Aspect: f.Aspect, Now: "已核对原始台账,情况属实。"})
		}
	}
	if len(why.Explanations) > 0 {
		if err := h.save(ctx, c, why); err != nil {
			return err
		}
	}
	form := url.Values{"do": {string(filing.Submit)}, "act": {c.act}, "version": {fmt.Sprint(c.version)}}
	who := clerkAccount(c.unit)
	if c.takenIn = verdict.Errors > 0; c.takenIn {
		form.Set("do", string(filing.TakeIn))
		form.Set("reason", "期限将至,先收件,问题随后改正。")
		who = districtAccount
	}
	type press struct {
		took time.Duration
		err  error
	}
	submit := func() press {
		start := time.Now()
		_, err := h.ask(ctx, who, http.MethodPost, h.path(c), "application/x-www-form-urlencoded", form.Encode())
		return press{time.Since(start), err}
	}
	second := make(chan press, 1)
	if c.unit%doubleClicks == 0 {
		go func() { second <- submit() }()
	}
	first := submit()
	if first.err != nil {
		return first.err
	}
	c.submissions = append(c.submissions, first.took)
	start := time.Now()
	if _, err := h.ask(ctx, who, http.MethodGet, h.path(c)+"/next", "", ""); err != nil {
		return err
	}
	c.pages = append(c.pages, time.Since(start))
	if c.unit%doubleClicks != 0 {
		second <- submit()
	}
	return (<-second).err
}

func (h *hall) path(c *clerk) string { return fmt.Sprintf("/filing/%d/%s", c.unit, h.period) }

// read looks at one page after the other until the clerks have gone.
func (h *hall) read(ctx context.Context, i int, finished <-chan struct{}) ([]time.Duration, error) {
	var times []time.Duration
	pages := []string{"/", "/compare", fmt.Sprintf("/units/%d", h.units[i%len(h.units)]), "/progress"}
	wait := time.Duration(rand.Int64N(int64(h.load.look))) // they do not come at once
	for n := i; ; n++ {
		select {
		case <-time.After(wait):
		case <-finished:
			return times, nil
		case <-ctx.Done():
			return times, nil // who failed has said so
		}
		start := time.Now()
		if _, err := h.ask(ctx, readerAccount(i), http.MethodGet, pages[n%len(pages)], "", ""); err != nil {
			return times, err
		}
		times = append(times, time.Since(start))
		wait = h.load.look
	}
}

// ask sends a request; everything but a page, a redirect or an answer to a
// save is an error.
func (h *hall) ask(ctx context.Context, account, method, path, kind, body string) (*httptest.ResponseRecorder, error) {
	request := httptest.NewRequestWithContext(ctx, method, "http://localhost"+path, io.NopCloser(strings.NewReader(body)))
	request.ContentLength = int64(len(body))
	if kind != "" {
		request.Header.Set("Content-Type", kind)
	}
	request.AddCookie(&http.Cookie{Name: "mingjing", Value: tokenOf(account)})
	answer := httptest.NewRecorder()
	h.handler.ServeHTTP(answer, request)
	if answer.Code != http.StatusOK && answer.Code != http.StatusSeeOther {
		return nil, fmt.Errorf("%s %s answers %d: %.300s", method, path, answer.Code, answer.Body)
	}
	return answer, nil
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
