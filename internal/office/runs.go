package office

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// Run is one run of the checks, as the log keeps it.
type Run struct {
	Why     string    `json:"why"`
	By      string    `json:"by,omitempty"` // account of who asked; "" for the system
	ByName  string    `json:"by_name,omitempty"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	Rules   string    `json:"rules"` // version of the rule set
	Upto    uint64    `json:"upto"`  // the log's seq that it looked at
	Reports int       `json:"reports"`
	// What stands in the newest submitted reports after the run, all years.
	Findings  int `json:"findings"`
	Anomalies int `json:"anomalies"`
	// New and Gone are what the run changed; the lists hold the first of them.
	NewCount  int       `json:"new_count"`
	GoneCount int       `json:"gone_count"`
	New       []RunLine `json:"new,omitempty"`
	Gone      []RunLine `json:"gone,omitempty"`
	// Failed is the sentence with which it ended early.
	Failed string `json:"failed,omitempty"`
}

// RunLine is a matter that came up or went away.
type RunLine struct {
	ID   string                `json:"id"`
	Unit disclosure.UnitNumber `json:"unit"`
	Year disclosure.Year       `json:"year"`
	Name string                `json:"name"`
}

// runsID is the entity whose entries are the runs of the checks.
const runsID = "checks"

// mostRunLines bounds what a run lists of what changed.
const mostRunLines = 60

// RunProgress is how far a run that somebody waits for has come.
type RunProgress struct {
	Waiting, Running bool
	Year             disclosure.Year
	Done, Total      int
	Failed           string // why the last one asked for failed
}

// runDesk takes orders for runs, and knows what the last one left.
type runDesk struct {
	mu       sync.Mutex
	asked    []runAsk
	progress RunProgress
	one      sync.Mutex         // held by the run under way, and with it names
	names    map[string]RunLine // after the last run; nil before the first
	checked  atomic.Int64       // reports checked since the last recorded run
}

type runAsk struct {
	year disclosure.Year
	by   people.Visitor
}

func (d *runDesk) take() *runAsk {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.asked) == 0 {
		return nil
	}
	ask := d.asked[0]
	d.asked = d.asked[1:]
	d.progress = RunProgress{Running: true, Year: ask.year}
	return &ask
}

func (d *runDesk) tell(change func(*RunProgress)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	change(&d.progress)
}

// AskCheck asks for a check of a year's reports whether or not anything
// changed. It returns at once; see Progress. Errors: ErrForbidden, ErrInvalid,
// ErrConflict (one is under way).
func (o *Office) AskCheck(ctx context.Context, v people.Visitor, year disclosure.Year) error {
	if err := v.Demand(people.Supervise, 0); err != nil {
		return err
	}
	if !year.Valid() {
		return disclosure.Errorf(disclosure.ErrInvalid, "请选择要重新核对的年度。")
	}
	d := &o.runs
	d.mu.Lock()
	busy := d.progress.Waiting || d.progress.Running
	if !busy {
		d.asked = append(d.asked, runAsk{year, v})
		d.progress = RunProgress{Waiting: true, Year: year}
	}
	d.mu.Unlock()
	if busy {
		return disclosure.Errorf(disclosure.ErrConflict, "正在重新核对,请等这一次完成。")
	}
	o.recheckSoon()
	return nil
}

// CheckProgress says how far the run has come that somebody asked for.
func (o *Office) CheckProgress(v people.Visitor) (RunProgress, error) {
	if !v.Anywhere(people.Supervise) {
		return RunProgress{}, v.Demand(people.Supervise, 0)
	}
	o.runs.mu.Lock()
	defer o.runs.mu.Unlock()
	return o.runs.progress, nil
}

// runChecks checks what changed, or what ask wants, and records what became of
// it when there was anything to do. It returns how many reports were checked.
func (o *Office) runChecks(ctx context.Context, ask *runAsk) (int, error) {
	if ask != nil {
		defer o.runs.tell(func(p *RunProgress) { p.Waiting, p.Running = false, false })
	}
	run, failed, err := o.observe(ctx, func() error { return o.runNow(ctx, ask) })
	if err != nil {
		return 0, err
	}
	if ask == nil {
		if failed != nil || run.idle() {
			return 0, failed
		}
		return run.Reports, o.recordRun(ctx, run, people.Machine("mingjing", "serve"))
	}
	if failed != nil {
		o.runs.tell(func(p *RunProgress) { p.Failed = run.Failed })
	}
	run.Why = fmt.Sprintf("手动重新核对%s年度", ask.year)
	run.by(ask.by)
	return run.Reports, o.recordRun(ctx, run, ask.by)
}

// observe does the work of a run and tells what changed by it. failed is the
// work's own error, which is told in the run too.
func (o *Office) observe(ctx context.Context, work func() error) (run Run, failed, err error) {
	o.runs.one.Lock()
	defer o.runs.one.Unlock()
	before := o.runs.names
	if before == nil {
		if before, err = o.matterNames(ctx); err != nil {
			return run, nil, err
		}
	}
	run.Started = o.clock()
	if run.Upto, err = o.store.LastSeq(ctx); err != nil {
		return run, nil, err
	}
	if failed = work(); failed != nil {
		run.Failed = disclosure.Sentence(failed)
	}
	after, err := o.matterNames(ctx)
	if err != nil {
		return run, failed, err
	}
	o.runs.names = after
	run.Reports = int(o.runs.checked.Swap(0))
	run.NewCount, run.New = missingIn(before, after)
	run.GoneCount, run.Gone = missingIn(after, before)
	for id := range after {
		if strings.HasPrefix(after[id].Name, anomalyMark) {
			run.Anomalies++
		} else {
			run.Findings++
		}
	}
	return run, failed, nil
}

// idle: nothing was checked, and nothing changed.
func (r *Run) idle() bool { return r.Reports == 0 && r.NewCount+r.GoneCount == 0 }

func (r *Run) by(v people.Visitor) { r.By, r.ByName = v.Account, v.Name }

func (o *Office) runNow(ctx context.Context, ask *runAsk) error {
	if ask == nil {
		_, err := o.Recheck(ctx, nil)
		return err
	}
	year, err := o.CheckYear(ctx, ask.year, func(done, total int) {
		o.runs.tell(func(p *RunProgress) { p.Done, p.Total = done, total })
	})
	if err == nil {
		o.runs.checked.Store(max(o.runs.checked.Load(), int64(len(year.Reports))))
	}
	return err
}

// anomalyMark begins the name of an anomaly in a list of runs.
const anomalyMark = "异常·"

// matterNames are all matters on file by ID, with what a run tells of them.
func (o *Office) matterNames(ctx context.Context) (map[string]RunLine, error) {
	out := map[string]RunLine{}
	rows, err := o.store.Checks(ctx, store.HeadQuery{Basis: store.Provisional})
	if err != nil {
		return nil, err
	}
	nobody := &disclosure.Unit{}
	for _, row := range rows {
		findings, err := decodeFindings(row)
		if err != nil {
			return nil, err
		}
		for _, f := range findings {
			m := ofFinding(f, row.Key, nobody)
			out[m.ID] = RunLine{ID: m.ID, Unit: row.Key.Unit, Year: row.Key.Period.Year, Name: m.Name}
		}
	}
	anomalies, err := o.allAnomalies(ctx, store.Provisional)
	if err != nil {
		return nil, err
	}
	for _, found := range anomalies {
		for _, a := range found {
			m := ofAnomaly(a, nobody)
			out[m.ID] = RunLine{ID: m.ID, Unit: a.Unit, Year: a.Year, Name: anomalyMark + m.Name}
		}
	}
	return out, nil
}

// missingIn counts what is in b and not in a, and lists the first of it by year,
// latest first, and unit.
func missingIn(a, b map[string]RunLine) (int, []RunLine) {
	var out []RunLine
	for id, l := range b {
		if _, there := a[id]; !there {
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(x, y RunLine) int {
		if x.Year != y.Year {
			return int(y.Year) - int(x.Year)
		}
		if x.Unit != y.Unit {
			return int(x.Unit) - int(y.Unit)
		}
		return strings.Compare(x.Name+x.ID, y.Name+y.ID)
	})
	return len(out), out[:min(len(out), mostRunLines)]
}

// recordRun appends the run to the log; where it does not say why it was made,
// the log does.
func (o *Office) recordRun(ctx context.Context, run Run, by people.Visitor) error {
	rules, err := o.ruleSet(ctx)
	if err != nil {
		return err
	}
	run.Rules, run.Ended = rules.Version(), o.clock()
	seen := uint64(0)
	last, err := o.store.Latest(ctx, store.KindRun, runsID)
	if err != nil && disclosure.CodeOf(err) != disclosure.ErrNotFound {
		return err
	}
	var before Run
	if err == nil {
		seen = last.Seq
		if before, err = decodeRun(last); err != nil {
			return err
		}
	}
	if run.Why == "" {
		if run.Why, err = o.whyRun(ctx, before.Upto, run.Upto); err != nil {
			return err
		}
	}
	return o.append(ctx, by, uuid.NewString(), store.Entry{Kind: store.KindRun, ID: runsID, Verb: store.VerbChange, Seen: seen, State: run})
}

// whyRun says what changed in the log since the last run.
func (o *Office) whyRun(ctx context.Context, from, to uint64) (string, error) {
	if from == 0 {
		return "首次核对", nil
	}
	const most = 200
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kinds: []store.EntityKind{store.KindReport, store.KindUnit, store.KindSetting}, From: from + 1, To: to, Limit: most})
	if err != nil {
		return "", err
	}
	names, err := o.UnitNames(ctx)
	if err != nil {
		return "", err
	}
	var why, units []string
	add := func(list *[]string, s string) {
		if !slices.Contains(*list, s) {
			*list = append(*list, s)
		}
	}
	for _, e := range entries {
		switch e.Kind {
		case store.KindReport:
			add(&units, names[e.Unit])
		case store.KindUnit:
			add(&why, "单位名单有变动")
		default:
			add(&why, "规则、台账或设置有变动")
		}
	}
	switch {
	case len(units) > 3 || len(entries) == most:
		why = append([]string{fmt.Sprintf("%s等%d家单位的报告有变动", strings.Join(units[:min(3, len(units))], "、"), len(units))}, why...)
	case len(units) > 0:
		why = append([]string{strings.Join(units, "、") + "的报告有变动"}, why...)
	}
	if len(why) == 0 {
		return "校验结果需要更新", nil // a new version of the program, say
	}
	return strings.Join(why, ";"), nil
}

func decodeRun(e store.LogEntry) (r Run, err error) {
	if err := json.Unmarshal(e.State, &r); err != nil {
		return r, disclosure.Errorf(disclosure.ErrInternal, "核对记录已损坏,请联系维护人员。").Because(err)
	}
	return r, nil
}

// RunEntry is a run with its place in the log.
type RunEntry struct {
	Run
	Seq uint64
}

// mostRuns is how many runs a page shows.
const mostRuns = 100

// Runs lists the runs of the checks, newest first; what came up or went away is
// told of units within the visitor's reach. Error: ErrForbidden.
func (o *Office) Runs(ctx context.Context, v people.Visitor) ([]RunEntry, error) {
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	entries, err := o.store.Entries(ctx, store.EntryFilter{Kind: store.KindRun, ID: runsID, Newest: true, Limit: mostRuns, States: true})
	if err != nil {
		return nil, err
	}
	var out []RunEntry
	strange := func(l RunLine) bool { return !v.May(people.Supervise, l.Unit) }
	for _, e := range entries {
		r, err := decodeRun(e)
		if err != nil {
			return nil, err
		}
		r.New, r.Gone = slices.DeleteFunc(r.New, strange), slices.DeleteFunc(r.Gone, strange)
		out = append(out, RunEntry{r, e.Seq})
	}
	return out, nil
}
