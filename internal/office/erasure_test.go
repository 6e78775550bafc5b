package office

import (
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

func TestErasingTakesTwo(t *testing.T) {
	o, _, v, _ := staffOffice(t)
	ctx := t.Context()
	if _, err := o.CreateAccount(ctx, v["root"], people.Person{Account: "root2", Name: "第二", Grants: []people.Grant{{Role: people.Admin}}}); err != nil {
		t.Fatal(err)
	}
	root2, err := o.Visitor(ctx, "root2", "")
	if err != nil {
		t.Fatal(err)
	}
	there, err := o.ErasableOf(ctx, v["root"], 2, 2024)
	if err != nil || len(there.Reports) != 1 {
		t.Fatalf("%+v, %v", there, err)
	}
	_, err = o.ErasableOf(ctx, v["chief"], 2, 2024)
	wantCode(t, "a supervisor", err, disclosure.ErrForbidden)
	ask := ErasureAsk{Unit: 2, Year: 2024, Reason: "误传", Seqs: []uint64{there.Reports[0].Seq}}
	wrong := ask
	wrong.Reason = ""
	wantCode(t, "without a reason", o.AskErasure(ctx, v["root"], wrong, uuid.NewString()), disclosure.ErrInvalid)
	wrong = ask
	wrong.Unit = 3
	wantCode(t, "another unit's report", o.AskErasure(ctx, v["root"], wrong, uuid.NewString()), disclosure.ErrNotFound)
	act := uuid.NewString()
	for range 2 { // a second press changes nothing
		if err := o.AskErasure(ctx, v["root"], ask, act); err != nil {
			t.Fatal(err)
		}
	}
	cases, err := o.Erasures(ctx, v["root"])
	if err != nil || len(cases) != 1 || cases[0].Done != nil {
		t.Fatalf("%+v, %v", cases, err)
	}
	wantCode(t, "one alone", o.ConfirmErasure(ctx, v["root"], cases[0].ID), disclosure.ErrForbidden)
	wantCode(t, "a supervisor confirms", o.ConfirmErasure(ctx, v["chief"], cases[0].ID), disclosure.ErrForbidden)
	stands := func() store.StoredReport {
		r, err := o.store.Report(ctx, there.Reports[0].Key, store.Approved)
		if err != nil {
			t.Fatal(err)
		}
		return *r
	}
	if len(stands().Cells) == 0 {
		t.Fatal("something was erased before it was confirmed")
	}
	if err := o.ConfirmErasure(ctx, root2, cases[0].ID); err != nil {
		t.Fatal(err)
	}
	if r := stands(); len(r.Cells) != 0 {
		t.Errorf("%d figures are left", len(r.Cells))
	}
	cases, err = o.Erasures(ctx, v["root"])
	if err != nil || cases[0].Done == nil || !cases[0].Done.Done || cases[0].Done.Reason != "误传" || len(cases[0].Done.Rows) != 1 || cases[0].Done.Rows[0].Hash == "" {
		t.Errorf("%+v, %v", cases, err)
	}
	wantCode(t, "taking back what is done", o.WithdrawErasure(ctx, v["root"], cases[0].ID), disclosure.ErrConflict)
}
