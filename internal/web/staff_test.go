package web

import (
	"context"
	"net/http"
	"time"

	"mingjing/internal/office"
	"mingjing/internal/people"
)

// The accounts of the test sites: one of each role, and a filer of another unit.
const (
	stranger   = ""
	filer      = "filer"      // 填报员 of unit 2
	reviewer   = "reviewer"   // 审核员 of unit 2
	otherFiler = "other"      // 填报员 of unit 5
	supervisor = "supervisor" // 区级审核员 of all
	evaluator  = "evaluator"
	leader     = "leader"
	admin      = "admin"
	// street supervises unit 5 alone; the sites that need it enter it.
	street = "street"
)

var everybody = []string{filer, reviewer, otherFiler, supervisor, evaluator, leader, admin}

var grants = map[string]people.Grant{
	filer: {Role: people.Filer, Unit: 2}, reviewer: {Role: people.Reviewer, Unit: 2}, otherFiler: {Role: people.Filer, Unit: 5},
	supervisor: {Role: people.Supervisor}, evaluator: {Role: people.Evaluator}, leader: {Role: people.Leader}, admin: {Role: people.Admin},
}

const staffPassword = "Ming-jing-2026"

// staff makes the accounts that a site can have and signs each of them in. An
// empty site has no units to file for.
func staff(ctx context.Context, x *site) error {
	machine := people.Machine("os:test", "cli")
	units, err := x.store.Units(ctx)
	if err != nil {
		return err
	}
	x.cookies = map[string]*http.Cookie{}
	kept, err := x.office.Sessions(ctx)
	if err != nil {
		return err
	}
	for _, account := range everybody {
		if len(units) == 0 && grants[account].Unit != 0 {
			continue
		}
		p := people.Person{Account: account, Name: "测试" + account, Grants: []people.Grant{grants[account]}}
		if err := x.office.CreateDemonstration(ctx, machine, p, staffPassword); err != nil {
			return err
		}
		deadline := time.Now().Add(time.Hour)
		data, err := jsonCodec{}.Encode(deadline, map[string]any{factsKey: office.SessionFacts{Account: account, Since: testClock()}})
		if err != nil {
			return err
		}
		token := "token-of-" + account
		if err := kept.CommitCtx(ctx, token, data, deadline); err != nil {
			return err
		}
		x.cookies[account] = &http.Cookie{Name: "mingjing", Value: token}
	}
	return nil
}

// sign puts an account's session on a request; "" is a stranger.
func (x *site) sign(r *http.Request, account string) {
	if c := x.cookies[account]; c != nil {
		r.AddCookie(c)
	}
}

// handlerAs serves the site to a browser that is signed in.
func (x *site) handlerAs(account string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		x.sign(r, account)
		x.handler().ServeHTTP(w, r)
	})
}
