package office

import (
	"context"
	"log/slog"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// BackupPlan is when backups are made by themselves, and how many are kept.
type BackupPlan struct {
	At     time.Duration // after midnight in Shanghai; negative: never
	Keep   int
	Folder string // "": the data folder's own
}

// backupState is what the last backup by plan came to.
type backupState struct {
	Time  time.Time `json:"time"`
	Path  string    `json:"path,omitempty"`
	Error string    `json:"error,omitempty"`
}

// BackupStanding is what people are told of backups.
type BackupStanding struct {
	Plan BackupPlan
	Last time.Time // of the newest one that is there; zero: none
	Path string
	Size int64
	// Old: there is none, or the newest one is older than the plan allows.
	Old bool
	// Failed is why the last one by plan was not made, "" when it was.
	Failed string
}

// backupAge is how old a backup may be before it is called old: a night that
// was missed, and some hours.
const backupAge = 36 * time.Hour

// UseBackups sets the plan, before anybody asks for it.
func (o *Office) UseBackups(plan BackupPlan) { o.backups = plan }

// KeepBackups makes backups at the planned time of each day until the context
// ends. One that a stopped process missed is made at the start, if the newest
// is older than a day.
func (o *Office) KeepBackups(ctx context.Context, log *slog.Logger) {
	o.keepBackups(ctx, log, func(next time.Time) bool {
		wait := time.NewTimer(next.Sub(o.clock()))
		defer wait.Stop()
		select {
		case <-ctx.Done():
			return false
		case <-wait.C:
			return true
		}
	})
}

// keepBackups is KeepBackups by the given clock: wait comes back at a moment,
// or with false when there is nothing to wait for any more.
func (o *Office) keepBackups(ctx context.Context, log *slog.Logger, wait func(time.Time) bool) {
	plan := o.backups
	if plan.At < 0 {
		return
	}
	next := o.nextBackup(o.clock(), plan.At)
	if last, err := o.store.LastBackup(ctx); disclosure.CodeOf(err) == disclosure.ErrNotFound || err == nil && o.clock().Sub(last.Made) > 24*time.Hour {
		next = o.clock().Add(backupGrace) // not while the first pages are asked for
	}
	for wait(next) {
		if err := o.BackupNow(ctx, people.Machine("os:serve", "nightly")); err != nil && ctx.Err() == nil {
			log.Error("the planned backup was not made", "err", err)
		}
		next = o.nextBackup(o.clock(), plan.At)
	}
}

const backupGrace = 2 * time.Minute

// nextBackup is the next moment of the day that is planned.
func (o *Office) nextBackup(now time.Time, at time.Duration) time.Time {
	day := now.In(shanghai)
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, shanghai)
	next := midnight.Add(at)
	if !next.After(now) {
		next = midnight.AddDate(0, 0, 1).Add(at)
	}
	return next
}

// BackupNow makes a backup by the plan and files what came of it. Errors: as
// the store's BackupInto, ErrForbidden.
func (o *Office) BackupNow(ctx context.Context, v people.Visitor) error {
	if err := v.Demand(people.Configure, 0); err != nil {
		return err
	}
	path, err := o.store.BackupInto(ctx, o.backups.Folder, o.backups.Keep)
	state := backupState{Time: o.clock().UTC(), Path: path}
	if err != nil {
		state.Error = disclosure.Sentence(err)
	}
	id := uuid.NewString()
	filed := o.append(ctx, v, id, store.Entry{Kind: store.KindRun, ID: id, Verb: store.VerbExport, State: state})
	o.backupFailed.Store(&state.Error)
	if err != nil {
		return err
	}
	return filed
}

// Backups says how old the newest backup is.
func (o *Office) Backups(ctx context.Context, v people.Visitor) (BackupStanding, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return BackupStanding{}, err
	}
	return o.backupStanding(ctx)
}

func (o *Office) backupStanding(ctx context.Context) (BackupStanding, error) {
	out := BackupStanding{Plan: o.backups}
	if failed := o.backupFailed.Load(); failed != nil {
		out.Failed = *failed
	}
	last, err := o.store.LastBackup(ctx)
	if err != nil {
		out.Old = true
		return out, notFoundIsNone(err)
	}
	out.Last, out.Path, out.Size = last.Made, last.Path, last.Size
	out.Old = o.clock().Sub(last.Made) > backupAge
	return out, nil
}

// BackupAge is how old the newest backup is, for probes; false when there is none.
func (o *Office) BackupAge(ctx context.Context) (age time.Duration, ok bool, err error) {
	s, err := o.backupStanding(ctx)
	if err != nil || s.Last.IsZero() {
		return 0, false, err
	}
	return o.clock().Sub(s.Last), true, nil
}
