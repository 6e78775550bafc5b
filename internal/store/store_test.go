package store

import (
	"context"
	"os"
	"testing"

	"mingjing/internal/disclosure"

	"github.com/google/uuid"
)

func TestMain(m *testing.M) {
	os.Exit(m.Run())
}

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, Options{Temporary: true})
	if err != nil {
		t.Fatal(err, disclosure.Sentence(err))
	}
	defer s.Close()
	n, _ := s.NextUnitNumber()
	u := disclosure.Unit{Number: n, Name: "甲局"}
	st := ReportState{Key: ReportKey{Unit: n, Period: disclosure.Period{Year: 2023}, Family: "national", Scope: disclosure.ScopeAgency}, Revision: 1, Status: StatusApproved, FormID: "national-2021",
		Cells: map[disclosure.Code]disclosure.Cell{"T3_NEW_RECEIVED_TOT": disclosure.Number(7), "T3_GRANTED_TOT": {Kind: disclosure.CellBlank}}}
	r, err := s.Append(ctx, Act{ID: uuid.NewString(), Entries: []Entry{
		{Kind: KindUnit, ID: UnitEntityID(n), Verb: VerbCreate, State: u},
		{Kind: KindReport, ID: st.Key.EntityID(), Verb: VerbApprove, State: st}}})
	t.Log(r, err)
	us, err := s.Units(ctx)
	t.Log(us, err)
	h, err := s.Heads(ctx, HeadQuery{Basis: Approved})
	t.Log(h, err)
	rep, err := s.Report(ctx, st.Key, Approved)
	t.Log(rep, err)
	f, err := s.Figures(ctx, FigureQuery{Basis: Approved, Codes: []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_GRANTED_TOT"}})
	t.Log(f, err)
	y, err := s.Sums(ctx, FigureQuery{Basis: Approved, CountedOnly: true, Codes: []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_GRANTED_TOT"}})
	t.Log(y, err)
	md, err := s.Medians(ctx, FigureQuery{Basis: Approved, Codes: []disclosure.Code{"T3_NEW_RECEIVED_TOT", "T3_GRANTED_TOT"}})
	t.Log(md, err)
	sc, err := s.StaleChecks(ctx, "1")
	t.Log(sc, err)
	rv, err := s.Revisions(ctx, st.Key)
	t.Log(rv, err)
	d, err := s.Rebuild(ctx)
	t.Log(d, err)
	t.Log(s.FindingTotals(ctx, HeadQuery{Basis: Approved}))
	t.Log(s.Checks(ctx, HeadQuery{Basis: Approved}))
	t.Log(s.Entries(ctx, EntryFilter{}))
	for r, err := range s.ReportCells(ctx, HeadQuery{Basis: Approved}) {
		t.Log(r.Cells, err)
	}
	for r, err := range s.Reports(ctx, HeadQuery{Basis: Approved}) {
		t.Log(r.Cells, err)
	}
	t.Log(s.Stats(ctx))
	t.Log(s.Healthy(ctx))
}
