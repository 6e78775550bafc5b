// Package office is what a person can do, and what a person can see: it joins
// the store's rows with the units, the forms and the rules. It knows nothing of
// HTTP or HTML.
//
// What changes anything stands in files of its own; what pages read stands in
// read_*.go, overview.go, compare.go, unitpage.go and reportpage.go.
package office

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"mingjing/internal/fetch"
	"mingjing/internal/mail"
	"mingjing/internal/store"
)

// Office is the service behind commands and pages. It is safe for use by many
// goroutines.
type Office struct {
	store     *store.Store
	readers   Readers
	clock     func() time.Time
	reads     readCache
	matters   readCache // what changes with reports, rules and marks only
	runs      runDesk
	importing chan struct{} // holds a place while an import runs
	wanted    chan struct{} // holds a place while a check is asked for
	signIns   signIns
	factor    secondFactor
	accounts  sync.Mutex // held while an account is changed
	backups   BackupPlan
	fetcher   *fetch.Fetcher // nil: nothing is fetched
	// backupFailed is why the last planned backup was not made, "" when it was.
	backupFailed atomic.Pointer[string]
	uploads      uploads
	mailer       mail.Sender   // nil: no e-mail is sent
	letters      chan struct{} // holds a place while letters are asked to be sent
	ledgers      ledgerFiles
	issues       issueBook
	charts       chartRoom
	building     sync.Mutex // held while a bulletin's version is built

	sessionsOnce sync.Mutex
	sessions     *Sessions
}

// New makes an office over an open store. readers reads foreign files; it may
// be nil for an office that takes none in. clock gives the present time; nil
// is the machine's clock.
func New(s *store.Store, readers Readers, clock func() time.Time) *Office {
	if clock == nil {
		clock = time.Now
	}
	return &Office{store: s, readers: readers, clock: clock, importing: make(chan struct{}, 1),
		wanted: make(chan struct{}, 1), letters: make(chan struct{}, 1)}
}

// Ready says why pages cannot be served now: the schema is another, the lease
// is lost, projections are behind, or the disk is full. Error: ErrUnavailable.
func (o *Office) Ready(ctx context.Context) error { return o.store.Healthy(ctx) }

// shanghai is where days, years and deadlines are reckoned. China has had no
// daylight saving time since 1991.
var shanghai = time.FixedZone("Asia/Shanghai", 8*60*60)

// WithRequest names the request that a person's question comes from to the
// engine, whose own logs then tell which page asked what.
func WithRequest(ctx context.Context, id string) context.Context { return store.WithRequest(ctx, id) }
