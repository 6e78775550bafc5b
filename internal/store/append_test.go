package store

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

func TestAppendIsIdempotentByActID(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		act := anAct(unitEntry(disclosure.Unit{Number: 1, Name: "甲局"}, 0), unitEntry(disclosure.Unit{Number: 2, Name: "乙局"}, 0))
		first := must[[]Receipt](t)(s.Append(ctx, act))[0]
		second := must[[]Receipt](t)(s.Append(ctx, act))[0]
		if first.Repeated || !second.Repeated || first.Seq != second.Seq || !first.Time.Equal(second.Time) {
			t.Fatalf("first %+v, second %+v", first, second)
		}
		twins := must[[]Receipt](t)(s.Append(ctx, anAct(unitEntry(disclosure.Unit{Number: 3}, 0)), act, act))
		if twins[0].Repeated || !twins[1].Repeated || !twins[2].Repeated {
			t.Fatalf("twins %+v", twins)
		}
		if n := len(must[[]LogEntry](t)(s.Entries(ctx, EntryFilter{}))); n != 3 {
			t.Fatalf("%d entries, want 3", n)
		}
	})
}

func TestAppendRefusesWhatIsStale(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		seq := must[[]Receipt](t)(s.Append(ctx, anAct(unitEntry(disclosure.Unit{Number: 1, Name: "甲局"}, 0))))[0].Seq
		for _, c := range []struct {
			name string
			unit disclosure.UnitNumber
			seen uint64
			ok   bool
		}{
			{"created twice", 1, 0, false},
			{"seen something else", 1, seq + 7, false},
			{"changed what is not there", 9, seq, false},
			{"seen the last", 1, seq, true},
			{"seen the last but one", 1, seq, false},
		} {
			receipts, err := s.Append(ctx, anAct(unitEntry(disclosure.Unit{Number: c.unit, Name: c.name}, c.seen)))
			if c.ok {
				if err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
				continue
			}
			wantCode(t, err, disclosure.ErrConflict)
			if receipts[0].Err == nil || receipts[0].Seq != 0 {
				t.Fatalf("%s: receipt %+v", c.name, receipts[0])
			}
		}
		units := must[[]disclosure.Unit](t)(s.Units(ctx))
		if len(units) != 1 || units[0].Name != "seen the last" {
			t.Fatalf("units %+v", units)
		}
	})
}

func TestARefusedActDoesNotStopItsNeighbours(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		tooPrecise := disclosure.Cell{Kind: disclosure.CellNumber, Value: decimal.RequireFromString("1.23456")}
		tooLarge := disclosure.Cell{Kind: disclosure.CellNumber, Value: decimal.RequireFromString("100000000000000")}
		act := func(unit disclosure.UnitNumber, c disclosure.Cell) Act {
			return anAct(unitEntry(disclosure.Unit{Number: unit}, 0),
				reportEntry(aReport(national(unit, 2023, disclosure.ScopeAgency), 1, StatusApproved, cells{"T2_FEE_AMOUNT_WAN": c}), 0))
		}
		fee := disclosure.Cell{Kind: disclosure.CellNumber, Value: decimal.RequireFromString("96171.6123")}
		receipts, err := s.Append(context.Background(), act(1, fee), act(2, tooPrecise), act(3, tooLarge), act(4, disclosure.Number(3)))
		wantCode(t, err, disclosure.ErrInvalid)
		for i, refused := range []bool{false, true, true, false} {
			if (receipts[i].Err != nil) != refused {
				t.Errorf("act %d: %+v", i, receipts[i])
			}
		}
		got := ask(t, s, FigureQuery{Basis: Approved, Codes: []disclosure.Code{"T2_FEE_AMOUNT_WAN"}})
		want := []string{"1/2023/本机关 T2_FEE_AMOUNT_WAN=96171.6123", "4/2023/本机关 T2_FEE_AMOUNT_WAN=3"}
		if !slices.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		if n := len(must[[]disclosure.Unit](t)(s.Units(context.Background()))); n != 2 {
			t.Fatalf("%d units: a refused act left half of itself", n)
		}
	})
}

// Sixty clients append at once, two of them always the same entity: each act
// is acknowledged once, seqs are unique, and of rivals exactly one wins.
func TestManyClientsAppend(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		const clients, each = 60, 5
		var mu sync.Mutex
		seqs, won := map[uint64]bool{}, map[string]int{}
		var wg sync.WaitGroup
		for c := range clients {
			wg.Go(func() {
				for i := range each {
					id := fmt.Sprintf("%d-%d", c/2, i)
					receipts, err := s.Append(ctx, anAct(Entry{Kind: KindSetting, ID: id, Verb: VerbCreate, State: c}))
					if err != nil && disclosure.CodeOf(err) != disclosure.ErrConflict {
						t.Errorf("client %d: %v", c, err)
						return
					}
					mu.Lock()
					if err == nil {
						seqs[receipts[0].Seq] = true
						won[id]++
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if len(seqs) != clients/2*each || len(won) != clients/2*each {
			t.Fatalf("%d seqs, %d entities; want %d of each", len(seqs), len(won), clients/2*each)
		}
		for id, n := range won {
			if n != 1 {
				t.Errorf("%s was created %d times", id, n)
			}
		}
		entries := must[[]LogEntry](t)(s.Entries(ctx, EntryFilter{Kind: KindSetting, States: true}))
		if len(entries) != len(seqs) || !slices.IsSortedFunc(entries, func(a, b LogEntry) int { return int(a.Seq) - int(b.Seq) }) {
			t.Fatalf("%d entries in the log, want %d in order", len(entries), len(seqs))
		}
	})
}

func TestLatestAndEntries(t *testing.T) {
	onEachStore(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		_, err := s.Latest(ctx, KindSetting, "title")
		wantCode(t, err, disclosure.ErrNotFound)
		odd := "制表\t换行\n反斜杠\\引号'\"零\x00😀"
		r := must[[]Receipt](t)(s.Append(ctx, anAct(Entry{Kind: KindSetting, ID: odd, Verb: VerbCreate, State: map[string]string{"v": odd}})))[0]
		e := must[LogEntry](t)(s.Latest(ctx, KindSetting, odd))
		if e.Seq != r.Seq || e.ID != odd || e.Actor != tester || !e.Time.Equal(testDay) || e.ActID != r.ActID {
			t.Fatalf("latest %+v", e)
		}
		must[[]Receipt](t)(s.Append(ctx, anAct(Entry{Kind: KindSetting, ID: odd, Verb: VerbChange, Seen: r.Seq, State: 2})))
		for _, c := range []struct {
			filter EntryFilter
			want   int
		}{
			{EntryFilter{}, 2}, {EntryFilter{Kind: KindUnit}, 0}, {EntryFilter{ID: odd}, 2}, {EntryFilter{ID: "other"}, 0},
			{EntryFilter{Act: r.ActID}, 1}, {EntryFilter{From: r.Seq + 1}, 1}, {EntryFilter{To: r.Seq}, 1}, {EntryFilter{Limit: 1}, 1},
		} {
			if got := must[[]LogEntry](t)(s.Entries(ctx, c.filter)); len(got) != c.want {
				t.Errorf("%+v gives %d entries, want %d", c.filter, len(got), c.want)
			}
		}
		newest := must[[]LogEntry](t)(s.Entries(ctx, EntryFilter{Newest: true, Limit: 1, States: true}))
		if string(newest[0].State) != "2" {
			t.Fatalf("newest %+v", newest[0])
		}
		seqs := must[map[string]uint64](t)(s.LatestSeqs(ctx, KindSetting, []string{odd, "other"}))
		if len(seqs) != 1 || seqs[odd] != newest[0].Seq {
			t.Fatalf("latest seqs %v", seqs)
		}
	})
}
