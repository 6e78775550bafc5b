package bench

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"
	"mingjing/internal/store"
	"mingjing/internal/web"

	"github.com/google/uuid"
)

// hall is where the load works: the service over a store, and who comes to it.
type hall struct {
	store   *store.Store
	office  *office.Office
	handler http.Handler
	log     *slog.Logger
	load    filingLoad
	period  disclosure.Period
	from    uint64    // the log before anybody files
	evening time.Time // when all hand in
	clerks  []*clerk
	units   []disclosure.UnitNumber
}

const (
	districtAccount = "区办" // the supervisor who takes reports in
	machineAddress  = "cli"
)

func clerkAccount(n disclosure.UnitNumber) string { return fmt.Sprintf("填报%d", n) }
func readerAccount(i int) string                  { return fmt.Sprintf("读者%d", i) }

// openHall fills the store with a district that has filed all years but the
// last one, and signs everybody in.
func openHall(ctx context.Context, st *store.Store, l filingLoad) (*hall, error) {
	log := slog.New(slog.DiscardHandler)
	h := &hall{store: st, office: office.New(st, nil, nil), log: log, load: l, period: disclosure.Period{Year: disclosure.Year(time.Now().Year() - 1)}}
	// Some units end or are silent, so there are more of them than clerks.
	d := demo.Generate(demo.Spec{Units: l.units + l.units/4 + 4, Last: h.period.Year})
	entries := []store.Entry{}
	for u := range d.Units() {
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	for f := range d.Reports() {
		if f.Report.Period != h.period {
			entries = append(entries, onFile(f))
			continue
		}
		if len(h.clerks) < l.units {
			h.clerks = append(h.clerks, newClerk(f))
			h.units = append(h.units, f.Unit)
			entries = append(entries, account(clerkAccount(f.Unit), people.Filer, f.Unit))
		}
	}
	if len(h.clerks) < l.units {
		return nil, fmt.Errorf("the district has %d units that file, want %d", len(h.clerks), l.units)
	}
	for i := range l.readers {
		entries = append(entries, account(readerAccount(i), people.Leader, 0))
	}
	entries = append(entries, account(districtAccount, people.Supervisor, 0))
	for len(entries) > 0 {
		n := min(len(entries), unitBatch)
		act := store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: benchAccount, Address: machineAddress}, Entries: entries[:n]}
		if _, err := st.Append(ctx, act); err != nil {
			return nil, err
		}
		entries = entries[n:]
	}
	if _, err := h.office.Recheck(ctx, nil); err != nil {
		return nil, err
	}
	site, err := web.New(web.Config{Office: h.office, Logger: log})
	if err != nil {
		return nil, err
	}
	h.handler = site.Handler()
	if err := h.signEverybodyIn(ctx); err != nil {
		return nil, err
	}
	h.evening = time.Now().Add(l.typing)
	h.from, err = st.LastSeq(ctx)
	return h, err
}

// account is a person's entry. There is no password: hashing 260 of them would
// take longer than the measurement.
func account(name string, role people.Role, unit disclosure.UnitNumber) store.Entry {
	p := people.Person{Account: name, Name: name, Grants: []people.Grant{{Role: role, Unit: unit}}}
	return store.Entry{Kind: store.KindPerson, ID: name, Verb: store.VerbCreate, State: p}
}

func onFile(f demo.Filing) store.Entry {
	r := f.Report
	state := store.ReportState{Key: store.ReportKey{Unit: f.Unit, Period: r.Period, Family: r.Form.Family, Scope: r.Scope}, Revision: 1,
		Status: store.StatusApproved, FormID: r.Form.ID, Title: r.Title, Cells: r.Cells, Prose: r.Prose, HasProse: r.HasProse, Historic: true, UnitText: r.Unit}
	return store.Entry{Kind: store.KindReport, ID: state.Key.EntityID(), Verb: store.VerbApprove, State: state}
}

// signEverybodyIn opens a session for each person, as after a sign-in.
func (h *hall) signEverybodyIn(ctx context.Context) error {
	kept, err := h.office.Sessions(ctx)
	if err != nil {
		return err
	}
	accounts := []string{districtAccount}
	for _, c := range h.clerks {
		accounts = append(accounts, clerkAccount(c.unit))
	}
	for i := range h.load.readers {
		accounts = append(accounts, readerAccount(i))
	}
	deadline := time.Now().Add(time.Hour)
	for _, a := range accounts {
		data, err := json.Marshal(struct {
			office.SessionFacts
			Deadline time.Time `json:"deadline"`
		}{office.SessionFacts{Account: a, Since: time.Now()}, deadline})
		if err != nil {
			return err
		}
		if err := kept.CommitCtx(ctx, tokenOf(a), data, deadline); err != nil {
			return err
		}
	}
	return nil
}

// tokenOf is an account's token, in letters that a cookie may hold.
func tokenOf(account string) string { return hex.EncodeToString([]byte(account)) }
