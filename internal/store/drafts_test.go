package store

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

var year2023 = disclosure.Period{Year: 2023}

func TestLifeOfADraft(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		_, err := s.Draft(ctx, 1, year2023)
		wantCode(t, err, disclosure.ErrNotFound)
		if err := s.RemoveDraft(ctx, 1, year2023); err != nil {
			t.Fatalf("removing what is not there: %v", err)
		}
		_, err = s.SaveDraft(ctx, aDraft(1, 1, `{}`))
		wantCode(t, err, disclosure.ErrConflict)
		_, err = s.SaveDraft(ctx, aDraft(1, 0, `{`))
		wantCode(t, err, disclosure.ErrInvalid)
		one := must[Draft](t)(s.SaveDraft(ctx, aDraft(1, 0, `{"v":1}`)))
		two := must[Draft](t)(s.SaveDraft(ctx, aDraft(1, one.Version, `{"v":2}`)))
		_, err = s.SaveDraft(ctx, aDraft(1, one.Version, `{"v":3}`))
		wantCode(t, err, disclosure.ErrConflict)
		_, err = s.SaveDraft(ctx, aDraft(1, 0, `{"v":3}`))
		wantCode(t, err, disclosure.ErrConflict)
		got := must[Draft](t)(s.Draft(ctx, 1, year2023))
		if string(got.State) != `{"v":2}` || got.Version != two.Version || got.Name != "张三" || got.Person != "zhang" || !got.Time.Equal(testDay) {
			t.Fatalf("draft %+v", got)
		}
		versions := must[[]Draft](t)(s.DraftVersions(ctx, 1, year2023))
		if len(versions) != 2 || versions[0].Version != two.Version || versions[1].State != nil {
			t.Fatalf("versions %+v", versions)
		}
		if old := must[Draft](t)(s.DraftVersion(ctx, 1, year2023, one.Version)); string(old.State) != `{"v":1}` {
			t.Errorf("the first version is %+v", old)
		}
		quarter := aDraft(1, 0, `{"q":1}`)
		quarter.Period.Quarter = 1
		must[Draft](t)(s.SaveDraft(ctx, quarter))
		must[Draft](t)(s.SaveDraft(ctx, aDraft(2, 0, `{}`)))
		if list := must[[]Draft](t)(s.Drafts(ctx, 2023)); len(list) != 3 || list[0].Version != two.Version || list[1].Period.Quarter != 1 || list[2].Unit != 2 || list[0].State != nil {
			t.Errorf("drafts %+v", list)
		}
		if err := s.RemoveDraft(ctx, 1, year2023); err != nil {
			t.Fatal(err)
		}
		_, err = s.Draft(ctx, 1, year2023)
		wantCode(t, err, disclosure.ErrNotFound)
		_, err = s.SaveDraft(ctx, aDraft(1, two.Version, `{"late":1}`))
		wantCode(t, err, disclosure.ErrConflict)
		if list := must[[]Draft](t)(s.Drafts(ctx, 2023)); len(list) != 2 {
			t.Errorf("drafts %+v", list)
		}
		removed := must[[]Draft](t)(s.RemovedDrafts(ctx, 1, year2023))
		if len(removed) != 1 || string(removed[0].State) != `{"v":2}` || !removed[0].Removed || removed[0].Person != "zhang" {
			t.Fatalf("removed %+v", removed)
		}
		again := must[Draft](t)(s.SaveDraft(ctx, aDraft(1, 0, `{"v":9}`)))
		if versions := must[[]Draft](t)(s.DraftVersions(ctx, 1, year2023)); len(versions) != 1 || versions[0].Version != again.Version {
			t.Errorf("versions of the new draft %+v", versions)
		}
		// The removed one goes after its time, with its versions; the new one stays.
		s.options.Clock = func() time.Time { return testDay.AddDate(0, 0, removedDays+1) }
		must[Draft](t)(s.SaveDraft(ctx, aDraft(1, again.Version, `{"v":10}`)))
		if removed := must[[]Draft](t)(s.RemovedDrafts(ctx, 1, year2023)); len(removed) != 0 {
			t.Errorf("removed long ago %+v", removed)
		}
		_, err = s.DraftVersion(ctx, 1, year2023, one.Version)
		wantCode(t, err, disclosure.ErrNotFound)
		if got := must[Draft](t)(s.Draft(ctx, 1, year2023)); string(got.State) != `{"v":10}` {
			t.Errorf("draft %+v", got)
		}
	})
}

// The last saves are kept, and older ones ten minutes apart; no more.
func TestDraftVersionsAreBounded(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		now := testDay
		s.options.Clock = func() time.Time { return now }
		var version uint64
		const saves = 200
		for i := range saves {
			now = now.Add(time.Minute)
			version = must[Draft](t)(s.SaveDraft(ctx, aDraft(1, version, fmt.Sprintf(`{"v":%d}`, i)))).Version
		}
		versions := must[[]Draft](t)(s.DraftVersions(ctx, 1, year2023))
		if len(versions) != recentSlots+keptSlots {
			t.Errorf("%d versions", len(versions))
		}
		for i := range recentSlots {
			if versions[i].Version != version-uint64(i) {
				t.Errorf("version %d is not the %d.", versions[i].Version, i)
			}
		}
		if span := versions[0].Time.Sub(versions[len(versions)-1].Time); span < 2*time.Hour {
			t.Errorf("the versions reach back %s", span)
		}
	})
}

// Sixty clients save their units' drafts at once, two each the same draft: of
// rivals exactly one wins.
func TestManyClientsSaveDrafts(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		const units, saves = 30, 5
		var mu sync.Mutex
		won := map[string]int{}
		var wg sync.WaitGroup
		for c := range 2 * units {
			wg.Go(func() {
				unit := disclosure.UnitNumber(c/2 + 1)
				for range saves {
					var seen uint64
					if d, err := s.Draft(ctx, unit, year2023); err == nil {
						seen = d.Version
					}
					d, err := s.SaveDraft(ctx, aDraft(unit, seen, `{"a":1}`))
					if err != nil && disclosure.CodeOf(err) != disclosure.ErrConflict {
						t.Error(err)
						return
					}
					if err == nil {
						mu.Lock()
						won[fmt.Sprintf("%d-%d", unit, d.Version)]++
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		for id, n := range won {
			if n != 1 {
				t.Errorf("%s was saved %d times", id, n)
			}
		}
		if len(won) < units*saves {
			t.Errorf("%d saves", len(won))
		}
	})
}

// An insert that fails is told, and does not make the next save a conflict.
func TestADraftThatCouldNotBeSaved(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		one := must[Draft](t)(s.SaveDraft(ctx, aDraft(1, 0, `{"v":1}`)))
		exec1(t, s, "RENAME TABLE secret_drafts TO drafts_away")
		_, err := s.SaveDraft(ctx, aDraft(1, one.Version, `{"v":2}`))
		wantCode(t, err, disclosure.ErrUnavailable)
		exec1(t, s, "RENAME TABLE drafts_away TO secret_drafts")
		must[Draft](t)(s.SaveDraft(ctx, aDraft(1, one.Version, `{"v":3}`)))
	})
}

// Drafts stand after a restart, and go on where they were.
func TestDraftsAfterARestart(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	first := openTest(t, Options{DataDir: dir})
	fillBeside(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := first.SaveDraft(ctx, aDraft(1, 1, `{}`))
	wantCode(t, err, disclosure.ErrUnavailable)
	second := openTest(t, Options{DataDir: dir})
	_, err = second.SaveDraft(ctx, aDraft(1, 0, `{}`))
	wantCode(t, err, disclosure.ErrConflict)
	must[Draft](t)(second.SaveDraft(ctx, aDraft(1, 1, `{"a":2}`)))
	if c := must[Secret](t)(second.Secret(ctx, "zhang")); string(c.TOTP) != "\x00\xff\x01" || c.Hash != "h" {
		t.Errorf("secret %+v", c)
	}
	if live := must[[]SessionRow](t)(second.LiveSessions(ctx)); len(live) != 1 || string(live[0].Data) != "{}" {
		t.Errorf("sessions %+v", live)
	}
}

// A read-only process writes nothing beside the log either.
func TestReadOnlyWritesNothingBesideTheLog(t *testing.T) {
	ctx := context.Background()
	dir := t.TempDir()
	first := openTest(t, Options{DataDir: dir})
	fillBeside(t, first)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	s := openTest(t, Options{DataDir: dir, ReadOnly: true})
	if d := must[Draft](t)(s.Draft(ctx, 1, year2023)); string(d.State) != `{"a":1}` {
		t.Errorf("draft %+v", d)
	}
	_, saved := s.SaveDraft(ctx, aDraft(1, 1, `{}`))
	_, erased := s.Erase(ctx, Erasure{ID: "e", Reason: "r", Admins: [2]string{"甲", "乙"}, Seqs: []uint64{1}})
	for name, err := range map[string]error{
		"save":    saved,
		"erase":   erased,
		"remove":  s.RemoveDraft(ctx, 1, year2023),
		"secret":  s.PutSecret(ctx, Secret{Person: "zhang", Hash: "x"}),
		"session": s.PutSessions(ctx, []SessionRow{{Hash: "x", Expiry: testDay}}),
	} {
		if disclosure.CodeOf(err) != disclosure.ErrUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}
