package office

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// The audit log is the store's log as people read it. Nothing of it is ever
// deleted or changed; 清除 takes content out of a state and leaves the act.

// AuditQuery selects acts; empty fields mean all.
type AuditQuery struct {
	Actor string // account, or "os:root" for a command on the machine
	Kind  store.EntityKind
	Verb  store.Verb
	Unit  disclosure.UnitNumber
	Text  string
	// From and To are days in Shanghai, both included.
	From, To time.Time
	ID       string // of the entity
	Act      string
	Before   uint64 // seq of the last line of the page before; 0: the first page
}

// AuditLine is one entry of the log.
type AuditLine struct {
	Seq     uint64
	Act     string
	Time    time.Time
	Account string
	Name    string // of who did it, "" for commands and unknown accounts
	Address string
	Kind    store.EntityKind
	Verb    store.Verb
	ID      string
	Unit    disclosure.UnitNumber
	Year    disclosure.Year
	Subject string // what it is about, for people
}

// Audit returns up to most lines, newest first, that the visitor may see; more
// says that there are older ones. Who reads the log of the whole district sees
// all of it; others what concerns units and accounts of their subtree, and what
// they did themselves. Error: ErrForbidden.
func (o *Office) Audit(ctx context.Context, v people.Visitor, q AuditQuery, most int) (lines []AuditLine, more bool, err error) {
	if !v.Anywhere(people.ReadAudit) {
		return nil, false, v.Demand(people.ReadAudit, 0)
	}
	if q.Unit != 0 {
		if err := v.Demand(people.ReadAudit, q.Unit); err != nil {
			return nil, false, err
		}
	}
	f := store.EntryFilter{Kind: q.Kind, Actor: q.Actor, Unit: q.Unit, Text: q.Text, ID: q.ID, Act: q.Act, Before: q.Before, Newest: true, Limit: most + 1}
	if q.Verb != "" {
		f.Verbs = []store.Verb{q.Verb}
	}
	if !q.From.IsZero() {
		f.Since = q.From
	}
	if !q.To.IsZero() {
		f.Until = q.To.AddDate(0, 0, 1)
	}
	whole := v.Everywhere(people.ReadAudit)
	if !whole {
		// What a person may see of accounts and sign-ins stands in the state.
		f.States, f.Limit = true, auditBatch
	}
	reader, err := o.auditReader(ctx, v)
	if err != nil {
		return nil, false, err
	}
	for scanned := 0; scanned < mostScanned; {
		entries, err := o.store.Entries(ctx, f)
		if err != nil {
			return nil, false, err
		}
		for _, e := range entries {
			if !whole && !reader.sees(e) {
				continue
			}
			if len(lines) == most {
				return lines, true, nil
			}
			lines = append(lines, reader.line(e))
		}
		if scanned += len(entries); len(entries) < f.Limit {
			return lines, false, nil
		}
		f.Before = entries[len(entries)-1].Seq
	}
	return lines, true, nil
}

// A narrow view reads the log in batches, and so much of it at most at once.
const (
	auditBatch  = 500
	mostScanned = 20_000
)

// auditReader says what one visitor may see of the log, and names things.
type auditReader struct {
	visitor  people.Visitor
	units    *unitIndex
	accounts map[string]Account
	names    map[string]string // of issues, their lists and bulletins, by id
}

func (o *Office) auditReader(ctx context.Context, v people.Visitor) (*auditReader, error) {
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	d, err := o.directory(ctx)
	if err != nil {
		return nil, err
	}
	r := &auditReader{visitor: v, units: units, accounts: d.accounts, names: map[string]string{}}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		for id, l := range b.lists {
			r.names[id] = l.Title
		}
		for _, h := range b.order {
			r.names[h.ID] = h.Number
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	bulletins, err := o.bulletins(ctx)
	if err != nil {
		return nil, err
	}
	for _, b := range bulletins {
		r.names[b.ID] = b.Title
	}
	return r, nil
}

// sees needs the entry's state for accounts and sign-ins.
func (r *auditReader) sees(e store.LogEntry) bool {
	if r.visitor.Everywhere(people.ReadAudit) || e.Actor.Name == r.visitor.Account && e.Kind != store.KindPerson {
		return true
	}
	switch e.Kind {
	case store.KindPerson:
		var p people.Person
		return json.Unmarshal(e.State, &p) == nil && keeps(r.visitor, p)
	case store.KindSign:
		var s signState
		if json.Unmarshal(e.State, &s) != nil {
			return false
		}
		a, known := r.accounts[s.Account]
		return known && keeps(r.visitor, a.Person)
	}
	return e.Unit != 0 && r.visitor.May(people.ReadAudit, e.Unit)
}

func (r *auditReader) line(e store.LogEntry) AuditLine {
	l := AuditLine{Seq: e.Seq, Act: e.ActID, Time: e.Time, Account: e.Actor.Name, Address: e.Actor.Address, Kind: e.Kind, Verb: e.Verb, ID: e.ID, Unit: e.Unit, Year: e.Year}
	if a, ok := r.accounts[e.Actor.Name]; ok {
		l.Name = a.Name
	}
	l.Subject = r.subject(e)
	return l
}

// subject is what an entry is about, without its state.
func (r *auditReader) subject(e store.LogEntry) string {
	var parts []string
	if u := r.units.byNumber[e.Unit]; u != nil {
		parts = append(parts, u.Name)
	}
	if name := r.names[e.ID]; name != "" { // it says the year itself
		return strings.Join(append(parts, name), " ")
	}
	if e.Year != 0 {
		parts = append(parts, e.Year.String()+"年")
	}
	switch e.Kind {
	case store.KindPerson:
		name := e.ID
		if a, ok := r.accounts[e.ID]; ok {
			name = a.Name + "(" + e.ID + ")"
		}
		parts = append(parts, name)
	case store.KindReport:
		if id := strings.Split(e.ID, "/"); len(id) == 4 {
			if form := disclosure.FormFor(id[2], e.Year); form != nil && id[2] != disclosure.FamilyNational {
				id[2] = form.Title
			} else {
				id[2] = ""
			}
			parts = append(parts, slices.DeleteFunc(id[2:], func(s string) bool { return s == "" })...) // the form and the scope
		}
	case store.KindSetting:
		parts = append(parts, e.ID)
	}
	return strings.Join(parts, " ")
}

// AuditEntry is one entry with what it changed.
type AuditEntry struct {
	AuditLine
	Fields []FieldChange
	First  bool        // nothing stood before
	Others []AuditLine // of the same act, that the visitor may see
}

// AuditEntry opens an entry. Errors: ErrNotFound, also for one that is not the
// visitor's to see.
func (o *Office) AuditEntry(ctx context.Context, v people.Visitor, seq uint64) (*AuditEntry, error) {
	none := disclosure.Errorf(disclosure.ErrNotFound, "日志中没有这一条,或它不在您的辖区内。")
	if !v.Anywhere(people.ReadAudit) {
		return nil, v.Demand(people.ReadAudit, 0)
	}
	found, err := o.store.Entries(ctx, store.EntryFilter{From: seq, To: seq, States: true})
	if err != nil {
		return nil, err
	}
	reader, err := o.auditReader(ctx, v)
	if err != nil {
		return nil, err
	}
	if seq == 0 || len(found) == 0 || !reader.sees(found[0]) {
		return nil, none
	}
	e := found[0]
	out := &AuditEntry{AuditLine: reader.line(e)}
	before, err := o.store.Before(ctx, e)
	switch {
	case err == nil && reader.sees(before):
	case err == nil || disclosure.CodeOf(err) == disclosure.ErrNotFound:
		out.First, before.State = true, nil
	default:
		return nil, err
	}
	out.Fields = reader.changes(e.Kind, before.State, e.State)
	act, err := o.store.Entries(ctx, store.EntryFilter{Act: e.ActID, States: true, Limit: mostTogether})
	if err != nil {
		return nil, err
	}
	for _, other := range act {
		if other.Seq != seq && reader.sees(other) {
			out.Others = append(out.Others, reader.line(other))
		}
	}
	return out, nil
}

// mostTogether bounds how many entries of one act are listed beside each other.
const mostTogether = 200

// AccountPast are the last acts about an account in the visitor's keeping.
func (o *Office) AccountPast(ctx context.Context, v people.Visitor, account string, most int) ([]AuditLine, error) {
	a, err := o.Account(ctx, v, account)
	if err != nil {
		return nil, err
	}
	return o.past(ctx, v, store.KindPerson, a.Account, most)
}

// past are the last entries of an entity that the visitor may see as a whole.
func (o *Office) past(ctx context.Context, v people.Visitor, kind store.EntityKind, id string, most int) ([]AuditLine, error) {
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: kind, ID: id, Newest: true, Limit: most})
	if err != nil {
		return nil, err
	}
	reader, err := o.auditReader(ctx, v)
	if err != nil {
		return nil, err
	}
	var out []AuditLine
	for _, e := range entries {
		out = append(out, reader.line(e))
	}
	return out, nil
}

// exported is the state of an act that took data out of the system.
type exported struct {
	What   string `json:"what"`
	Filter string `json:"filter,omitempty"`
	Rows   int    `json:"rows"`
}

// FileExport files that the visitor took a list out of the system.
func (o *Office) FileExport(ctx context.Context, v people.Visitor, what, filter string, rows int) error {
	id := uuid.NewString()
	return o.append(ctx, v, id, store.Entry{Kind: store.KindRun, ID: id, Verb: store.VerbExport, State: exported{What: what, Filter: filter, Rows: rows}})
}

// AuditActors are the accounts that the visitor may look for in the log.
func (o *Office) AuditActors(ctx context.Context, v people.Visitor) ([]Account, error) {
	if v.Anywhere(people.KeepAccounts) {
		return o.Accounts(ctx, v)
	}
	return nil, nil
}
