package office

import (
	"log/slog"
	"testing"
	"time"

	"mingjing/internal/store"
)

// The plan's time is the district's: 02:30 in Shanghai, whatever the machine's
// zone, once a day.
func TestWhenTheNextBackupIs(t *testing.T) {
	o := New(nil, nil, nil)
	at := 2*time.Hour + 30*time.Minute
	for now, want := range map[time.Time]time.Time{
		shanghaiTime(2026, 1, 5, 1, 0):          shanghaiTime(2026, 1, 5, 2, 30),
		shanghaiTime(2026, 1, 5, 2, 30):         shanghaiTime(2026, 1, 6, 2, 30),
		shanghaiTime(2026, 1, 31, 23, 0):        shanghaiTime(2026, 2, 1, 2, 30),
		shanghaiTime(2026, 1, 5, 1, 0).UTC():    shanghaiTime(2026, 1, 5, 2, 30), // still the day before in London
		shanghaiTime(2025, 12, 31, 2, 31).UTC(): shanghaiTime(2026, 1, 1, 2, 30),
	} {
		if got := o.nextBackup(now, at); !got.Equal(want) {
			t.Errorf("after %s the next is %s, want %s", now, got, want)
		}
	}
}

// Night after night a backup is made at its time, as many are kept as the plan
// says, and one that a stopped process missed is made soon after the start.
func TestBackupsNightByNight(t *testing.T) {
	now := shanghaiTime(2026, 1, 5, 12, 0)
	clock := func() time.Time { return now }
	s, err := store.Open(t.Context(), store.Options{Temporary: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	o := New(s, nil, clock)
	nights := func(n int) (at []time.Time) {
		o.UseBackups(BackupPlan{At: 2*time.Hour + 30*time.Minute, Keep: 2, Folder: t.TempDir()})
		o.keepBackups(t.Context(), slog.New(slog.DiscardHandler), func(next time.Time) bool {
			if len(at) == n {
				return false
			}
			now = next
			at = append(at, next)
			return true
		})
		return at
	}
	at := nights(3)
	if want := shanghaiTime(2026, 1, 5, 12, 0).Add(backupGrace); !at[0].Equal(want) {
		t.Errorf("with no backup there the first is at %s, want %s", at[0], want)
	}
	for i, want := range []time.Time{shanghaiTime(2026, 1, 6, 2, 30), shanghaiTime(2026, 1, 7, 2, 30)} {
		if !at[i+1].Equal(want) {
			t.Errorf("night %d: at %s, want %s", i+1, at[i+1], want)
		}
	}
	all, err := s.Backups(t.Context())
	there := 0
	for _, b := range all {
		if !b.Gone {
			there++
		}
	}
	if err != nil || there != 2 {
		t.Errorf("%d backups are there, want the 2 that are kept: %+v, %v", there, all, err)
	}
	now = shanghaiTime(2026, 1, 7, 9, 0)
	if at = nights(1); !at[0].Equal(shanghaiTime(2026, 1, 8, 2, 30)) {
		t.Errorf("after a restart in the morning the next is at %s", at[0])
	}
	now = shanghaiTime(2026, 1, 12, 9, 0)
	if at = nights(1); !at[0].Equal(shanghaiTime(2026, 1, 12, 9, 0).Add(backupGrace)) {
		t.Errorf("after days of standing still the next is at %s", at[0])
	}
}
