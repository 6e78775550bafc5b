package office

import (
	"context"
	"time"

	"mingjing/internal/people"
	"mingjing/internal/store"
)

// SignInLine is one sign-in of an account, or a try that failed.
type SignInLine struct {
	Time    time.Time
	Address string
	Failed  bool
}

// OwnSignIns are the visitor's last sign-ins and failed tries, newest first.
func (o *Office) OwnSignIns(ctx context.Context, v people.Visitor, most int) ([]SignInLine, error) {
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindSign, Actor: v.Account,
		Verbs: []store.Verb{store.VerbSignIn, store.VerbFail}, Newest: true, Limit: most})
	if err != nil {
		return nil, err
	}
	var out []SignInLine
	for _, e := range entries {
		out = append(out, SignInLine{Time: e.Time, Address: e.Actor.Address, Failed: e.Verb == store.VerbFail})
	}
	return out, nil
}
