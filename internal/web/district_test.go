package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"mingjing/internal/demo"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// The tests share two sites on real embedded stores, filled once: a fictional
// district with the faults that internal/demo plants, and one without any data.
var district, empty *site

// site is a server over a store, with what it logged.
type site struct {
	server *Server
	store  *store.Store
	office *office.Office
	log    *bytes.Buffer
	// cookies are the sessions of the accounts of staff.
	cookies map[string]*http.Cookie
}

func TestMain(m *testing.M) { os.Exit(runTests(m)) }

func runTests(m *testing.M) int {
	defer closeReporting()
	defer closeBoards()
	ctx := context.Background()
	var err error
	if district, err = openSite(ctx); err == nil {
		defer district.store.Close()
		if empty, err = openSite(ctx); err == nil {
			defer empty.store.Close()
			err = errors.Join(fill(ctx, district), staff(ctx, district), staff(ctx, empty))
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "the test district cannot be set up:", err)
		return 1
	}
	return m.Run()
}

func testClock() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

func openSite(ctx context.Context) (*site, error) { return openSiteAt(ctx, testClock) }

// openSiteAt is a site whose time the test chooses.
func openSiteAt(ctx context.Context, clock func() time.Time) (*site, error) {
	s, err := store.Open(ctx, store.Options{Temporary: true, Clock: clock})
	if err != nil {
		return nil, err
	}
	x := &site{store: s, office: office.New(s, direct{}, clock), log: &bytes.Buffer{}}
	x.server, err = New(Config{Office: x.office, Logger: slog.New(slog.NewJSONHandler(x.log, nil)), Clock: clock, Version: "test",
		AllowedHosts: []string{"example.com"}, Unpaced: true})
	return x, err
}

// evilName must show as text wherever a unit's name stands.
const evilName = `</script><script>window.pwned=1</script>示范局{b}=1+1名称特别长的派驻机构综合行政执法大队办公室`

// sourceText is the original file of every report of the tests.
const sourceText = "<html><p>政府信息公开工作年度报告</p><script>window.pwned=1</script>"

// fill appends a district of 24 units x 6 years. In it the last unit has an
// evil name, the last year of unit 3 is submitted and not approved, and unit 2
// filed one year under another scope.
func fill(ctx context.Context, x *site) error {
	sum, size, err := x.store.PutFile(strings.NewReader(sourceText))
	if err != nil {
		return err
	}
	d := demo.Generate(demo.Spec{Units: 24, Years: 6, Last: 2025})
	entries := []store.Entry{}
	last := disclosure.UnitNumber(0)
	for u := range d.Units() {
		last = u.Number
		if u.Number == 24 {
			u.Name, u.Short = evilName, ""
		}
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	if last != 24 {
		return fmt.Errorf("the district has %d units, want 24", last)
	}
	for f := range d.Reports() {
		r := f.Report
		state := store.ReportState{Key: store.ReportKey{Unit: f.Unit, Period: r.Period, Family: r.Form.Family, Scope: r.Scope}, Revision: 1,
			Status: store.StatusApproved, FormID: r.Form.ID, Title: r.Title, Cells: r.Cells, Prose: r.Prose, HasProse: r.HasProse, Historic: true,
			UnitText: r.Unit, Sources: []store.SourceFile{{Name: r.Unit + ".html", SHA256: sum, Size: size, Format: "html"}}}
		verb := store.VerbApprove
		if f.Unit == 3 && r.Period.Year == 2025 {
			state.Status, verb = store.StatusSubmitted, store.VerbSubmit
		}
		if f.Unit == 2 && r.Period.Year == 2024 {
			state.Key.Scope = disclosure.ScopeRegion
		}
		entries = append(entries, store.Entry{Kind: store.KindReport, ID: state.Key.EntityID(), Verb: verb, State: state})
	}
	const batch = 100
	for i := 0; i < len(entries); i += batch {
		act := store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries[i:min(i+batch, len(entries))]}
		if _, err := x.store.Append(ctx, act); err != nil {
			return err
		}
	}
	_, err = x.office.Recheck(ctx, nil)
	return err
}

func (x *site) handler() http.Handler { return x.server.Handler() }
