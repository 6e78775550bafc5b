package office

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// wallDesk is a district in January 2026 whose clock the test sets: 1 the
// government, 2 and 3 departments of 甲组, 4 of 乙组, 5 a street, 6 one below 2.
type wallDesk struct {
	*Office
	store *store.Store
	now   time.Time
	t     *testing.T
}

func newWallDesk(t *testing.T) *wallDesk {
	t.Helper()
	d := &wallDesk{t: t, now: shanghaiTime(2026, 1, 5, 9, 0)}
	clock := func() time.Time { return d.now }
	s, err := store.Open(t.Context(), store.Options{Temporary: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	d.store, d.Office = s, New(s, nil, clock)
	var entries []store.Entry
	for _, u := range []disclosure.Unit{
		{Number: 1, Name: "清源区人民政府", Kind: disclosure.UnitGovernment, Years: []disclosure.UnitYear{{From: 2020, Scope: disclosure.ScopeRegion}}},
		{Number: 2, Name: "清源区教育局", Short: "教育局", Kind: disclosure.UnitDepartment, Parent: 1, Years: []disclosure.UnitYear{{From: 2020, Group: "甲组", Scope: disclosure.ScopeAgency, Counted: true}}},
		{Number: 3, Name: "清源区民政局", Short: "民政局", Kind: disclosure.UnitDepartment, Parent: 1, Years: []disclosure.UnitYear{{From: 2020, Group: "甲组", Scope: disclosure.ScopeAgency, Counted: true}}},
		{Number: 4, Name: "清源区财政局", Short: "财政局", Kind: disclosure.UnitDepartment, Parent: 1, Years: []disclosure.UnitYear{{From: 2020, Group: "乙组", Scope: disclosure.ScopeAgency, Counted: true}}},
		{Number: 5, Name: "清源区东街街道办事处", Short: "东街街道", Kind: disclosure.UnitLocality, Parent: 1, Years: []disclosure.UnitYear{{From: 2020, Group: "镇街", Scope: disclosure.ScopeAgency, Counted: true}}},
		{Number: 6, Name: "清源区招生考试中心", Kind: disclosure.UnitOther, Parent: 2, Last: 2020},
	} {
		u.Sort = int(u.Number)
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	for account, g := range map[string]people.Grant{"shen": {Role: people.Supervisor}, "jia": {Role: people.Supervisor, Unit: 2}, "tian": {Role: people.Filer, Unit: 2},
		"tian3": {Role: people.Filer, Unit: 3}, "ling": {Role: people.Leader}, "guan": {Role: people.Admin}} {
		p := people.Person{Account: account, Name: "姓名" + account, Phone: "0519-" + account, Email: account + "@example.com", Grants: []people.Grant{g}}
		entries = append(entries, store.Entry{Kind: store.KindPerson, ID: account, Verb: store.VerbCreate, State: p})
	}
	d.append("os:test", entries...)
	return d
}

func shanghaiTime(y int, m time.Month, day, hour, minute int) time.Time {
	return time.Date(y, m, day, hour, minute, 0, 0, shanghai)
}

func (d *wallDesk) append(account string, entries ...store.Entry) {
	d.t.Helper()
	if _, err := d.store.Append(context.Background(), store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: account, Address: "cli"}, Entries: entries}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *wallDesk) as(account string) people.Visitor {
	d.t.Helper()
	v, err := d.Visitor(d.t.Context(), account, "127.0.0.1")
	if err != nil {
		d.t.Fatal(err)
	}
	return v
}

// file puts a unit's report of 2025 into a status by an act.
func (d *wallDesk) file(unit disclosure.UnitNumber, verb store.Verb, status store.Status, change func(*store.ReportState)) {
	d.t.Helper()
	e := testFiling{unit: unit, year: 2025, scope: disclosure.ScopeAgency, received: 3, granted: 1, closed: 3, status: status}.entry()
	state := e.State.(store.ReportState)
	state.Historic = false
	if change != nil {
		change(&state)
	}
	e.State, e.Verb, e.ID = state, verb, state.Key.EntityID()
	var err error
	if e.Seen, err = d.lastSeqOf(d.t.Context(), store.KindReport, e.ID); err != nil {
		d.t.Fatal(err)
	}
	d.append("tian", e)
}

func (d *wallDesk) publish(unit disclosure.UnitNumber, date string) {
	d.append("tian", store.Entry{Kind: store.KindPublication, ID: store.UnitEntityID(unit) + "/2025", Verb: store.VerbPublish, Unit: unit, Year: 2025,
		State: map[string]any{"unit": unit, "period": disclosure.Period{Year: 2025}, "address": "https://www.example.gov.cn/a.html", "date": date}})
}

func (d *wallDesk) wall(account string, f ProgressFilter) *Progress {
	d.t.Helper()
	p, err := d.Progress(d.t.Context(), d.as(account), f)
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

func (p *Progress) line(unit disclosure.UnitNumber) *ProgressLine {
	for i := range p.Lines {
		if p.Lines[i].Unit.Number == unit {
			return &p.Lines[i]
		}
	}
	return nil
}

// On the wall the same district is early, on time at the last minute, and late
// a minute after, by the law's day and by the district's own.
func TestWallByTheClock(t *testing.T) {
	d := newWallDesk(t)
	for _, tc := range []struct {
		at                          time.Time
		overdue, statutoryLate, day int // of unit 2; day: left to 定稿
		stage                       string
	}{
		{shanghaiTime(2026, 1, 5, 9, 0), 0, 0, 18, ""},
		{shanghaiTime(2026, 1, 20, 9, 0), 0, 0, 3, "提醒"}, // 定稿 is Saturday the 24th, and so Friday the 23rd
		{shanghaiTime(2026, 1, 23, 16, 59), 0, 0, 0, "提醒"},
		{shanghaiTime(2026, 1, 23, 17, 0), 1, 0, 0, "提醒"},
		{shanghaiTime(2026, 1, 26, 9, 0), 3, 0, -3, "催办"},
		{shanghaiTime(2026, 1, 31, 23, 59), 8, 0, -8, "通报点名"},
		{shanghaiTime(2026, 2, 1, 0, 0), 9, 1, -9, "通报点名"},
	} {
		d.now = tc.at
		p := d.wall("shen", ProgressFilter{})
		l := p.line(2)
		stage := ""
		if l.Stage.Reached != nil {
			stage = l.Stage.Reached.Name
		}
		if l.Next.Overdue != tc.overdue || l.StatutoryLate != tc.statutoryLate || l.Next.Days != tc.day || stage != tc.stage {
			t.Errorf("%s: overdue %d, behind the law %d, %d days left, %q; want %+v", tc.at, l.Next.Overdue, l.StatutoryLate, l.Next.Days, stage, tc)
		}
		if g := p.line(1); g.StatutoryLate != 0 {
			t.Errorf("%s: the government is %d days late, its day is 31 March", tc.at, g.StatutoryLate)
		}
		if p.Counts[MarkOpen] != 5 || p.Filter.Year != 2025 {
			t.Errorf("%s: %d open of %s", tc.at, p.Counts[MarkOpen], p.Filter.Year)
		}
	}
	if s, err := d.EscalationOf(t.Context(), d.as("ling"), 2, 2025); err != nil || s.Reached == nil || s.Reached.Name != "通报点名" {
		t.Errorf("the escalation of unit 2 is %+v, %v", s, err)
	}
	silent, err := d.silentFindings(t.Context(), 2025, []*disclosure.Unit{d.wall("shen", ProgressFilter{}).line(2).Unit})
	if err != nil || len(silent) != 1 || !strings.Contains(silent[0].Message, "“通报点名”") {
		t.Errorf("DUE-R1 on a unit that filed nothing: %+v, %v", silent, err)
	}
}

// DUE-R1 tells of a late report which rung had been reached when it came, by
// the ladder as it is now, wherever the finding is shown.
func TestLateReportsTellTheirRung(t *testing.T) {
	d := newWallDesk(t)
	d.now = shanghaiTime(2026, 2, 3, 9, 0)
	d.file(2, store.VerbSubmit, store.StatusSubmitted, nil)
	d.now = shanghaiTime(2026, 3, 3, 9, 0)
	if _, err := d.Recheck(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	told := func() string {
		units, err := d.units(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		lines, _, err := d.findingLines(t.Context(), Filter{Year: 2025, Basis: store.Provisional}, units)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range lines {
			if l.Unit.Number == 2 && l.Finding.Rule == lateRule {
				return l.Finding.Message
			}
		}
		return ""
	}
	if said := told(); !strings.Contains(said, "报送时催办已到“通报点名”") {
		t.Errorf("DUE-R1 says %q", said)
	}
	ladder := calendar.Ladder{{Name: "提醒", Workdays: -3}, {Name: "约谈", Workdays: 1}}
	if err := d.PutLadder(t.Context(), d.as("shen"), ladder, 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if said := told(); !strings.Contains(said, "“约谈”") {
		t.Errorf("with a new ladder DUE-R1 says %q", said)
	}
}

// Each state has its line, its tile and its marks.
func TestWallByState(t *testing.T) {
	d := newWallDesk(t)
	d.file(2, store.VerbSubmit, store.StatusSubmitted, nil)
	d.file(3, store.VerbTake, store.StatusSubmitted, func(s *store.ReportState) { s.WithProblems = "先收下" })
	d.file(4, store.VerbSubmit, store.StatusSubmitted, nil)
	d.now = shanghaiTime(2026, 1, 15, 10, 0)
	d.file(4, store.VerbApprove, store.StatusApproved, nil)
	d.file(2, store.VerbReturn, store.StatusReturned, func(s *store.ReportState) { s.Return = &store.Return{Reason: "改", Due: "2026-01-18"} })
	d.publish(4, "2026-02-03")
	if _, err := d.store.SaveDraft(t.Context(), store.Draft{Unit: 5, Period: disclosure.Period{Year: 2025}, Person: "tian", Name: "姓名tian", State: []byte("{}")}); err != nil {
		t.Fatal(err)
	}
	d.now = shanghaiTime(2026, 1, 20, 9, 0)
	p := d.wall("shen", ProgressFilter{})
	for mark, want := range map[ProgressMark]int{MarkOpen: 2, MarkMissing: 1, MarkDraft: 1, MarkSubmitted: 1, MarkReturned: 1, MarkApproved: 1, MarkPublished: 1,
		MarkProblems: 1, MarkUnpublished: 2, MarkOverdue: 1, MarkLate: 1, MarkCorrection: 0} {
		if p.Counts[mark] != want {
			t.Errorf("%s counts %d, want %d", mark, p.Counts[mark], want)
		}
		if got := d.wall("shen", ProgressFilter{Mark: mark}); len(got.Lines) != want || got.Counts[MarkOpen] != 2 {
			t.Errorf("under %s stand %d lines, want %d", mark, len(got.Lines), want)
		}
	}
	if first := p.Lines[0]; first.Unit.Number != 2 || first.Next.Step != StepCorrect || first.Next.Overdue != 2 {
		t.Errorf("on top stands %+v", first.Next)
	}
	if l := p.line(4); l.Next.Step != "" || len(l.Late) != 1 || !strings.Contains(l.Late[0], "晚于法定期限3天") || l.Last.What != "通过" {
		t.Errorf("the approved one: %+v", l)
	}
	if l := p.line(2); len(l.Contacts) != 1 || l.Contacts[0].Phone != "0519-tian" {
		t.Errorf("contacts %+v", l.Contacts)
	}
	d.file(5, store.VerbReview, store.StatusReview, nil)
	if p := d.wall("shen", ProgressFilter{}); p.Counts[MarkReview] != 1 || p.Counts[MarkOpen] != 1 || p.line(5).Is(MarkOpen) || !p.line(5).Open() {
		t.Errorf("with the unit's own reviewer: %+v", p.Counts)
	}
	page, err := d.Overview(t.Context(), d.as("ling"), Filter{Year: 2025, Basis: store.Approved})
	if err != nil || page.Stands[MarkReview] != 1 || len(page.AtUnit) != 1 || len(page.Missing) != 1 || page.Due != 5 {
		t.Errorf("%+v, %d missing, of %d, %v", page.Stands, len(page.Missing), page.Due, err)
	}
	if outside := page.WithoutProgress(); outside.Stands[MarkOpen] != 2 || outside.Stands[MarkReview] != 0 || len(outside.Missing) != 2 || len(page.Missing) != 1 {
		t.Errorf("without the progress page: %+v", outside.Stands)
	}
	d.file(4, store.VerbSubmit, store.StatusSubmitted, func(s *store.ReportState) { s.Revision = 2 })
	if l := d.wall("shen", ProgressFilter{}).line(4); !l.Correction || l.State != filing.Submitted || l.HandedIn.In(shanghai).Day() != 5 {
		t.Errorf("a correction under way: %+v", l)
	}
}

// What was handed in late stays on record, whatever was extended; a report that
// was recalled has not come.
func TestLatenessStays(t *testing.T) {
	d := newWallDesk(t)
	d.now = shanghaiTime(2026, 1, 30, 9, 0)
	d.file(3, store.VerbSubmit, store.StatusSubmitted, nil)
	d.file(3, store.VerbRecall, store.StatusDraft, nil)
	if l := d.wall("shen", ProgressFilter{}).line(3); !l.Open() || !l.HandedIn.IsZero() {
		t.Errorf("a recalled report counts as handed in: %+v", l)
	} else if late := strings.Join(l.Late, ""); !strings.Contains(late, "已撤回,曾于2026年1月30日报送") || strings.Contains(late, "至今未报送") {
		t.Errorf("a recalled report is told as %q", late)
	}
	d.now = shanghaiTime(2026, 2, 2, 9, 0)
	d.file(2, store.VerbSubmit, store.StatusSubmitted, nil)
	extension := calendar.Extension{Unit: 2, Step: calendar.StepFinal, Due: calendar.At(calendar.Day(2026, 2, 10)), Reason: "系统迁移"}
	if err := d.Extend(t.Context(), d.as("shen"), 2025, extension, 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	l := d.wall("shen", ProgressFilter{}).line(2)
	if l.StatutoryLate != 2 || !strings.Contains(strings.Join(l.Late, ""), "晚于法定期限2天") {
		t.Errorf("after an extension lateness against the law is %d: %v", l.StatutoryLate, l.Late)
	}
	if l.Final.Applies.Date != calendar.Day(2026, 1, 31) || l.Final.Internal.Date != calendar.Day(2026, 2, 10) || len(l.Final.Flags) == 0 {
		t.Errorf("the due time is %+v", l.Final)
	}
}

func TestExtensionMovesTheInternalDay(t *testing.T) {
	d := newWallDesk(t)
	d.now = shanghaiTime(2026, 1, 26, 9, 0)
	if l := d.wall("shen", ProgressFilter{}).line(2); l.Next.Overdue != 3 {
		t.Fatalf("before the extension it is %d days overdue", l.Next.Overdue)
	}
	act := uuid.NewString()
	e := calendar.Extension{Group: "甲组", Step: calendar.StepFinal, Due: calendar.Moment{Date: calendar.Day(2026, 1, 28), Hour: 12}, Reason: "机构改革"}
	if err := d.Extend(t.Context(), d.as("shen"), 2025, e, 0, act); err != nil {
		t.Fatal(err)
	}
	if err := d.Extend(t.Context(), d.as("shen"), 2025, e, 0, act); err != nil {
		t.Errorf("the same act once more: %v", err)
	}
	p := d.wall("shen", ProgressFilter{})
	if l := p.line(2); l.Next.Overdue != 0 || l.Next.Days != 2 || l.Next.Reason != "机构改革" || l.Next.By != calendar.BasisExtension {
		t.Errorf("after it: %+v", l.Next)
	}
	if l := p.line(4); l.Next.Overdue != 3 {
		t.Errorf("another group is %d days overdue, want 3", l.Next.Overdue)
	}
	page, err := d.PlanPage(t.Context(), d.as("ling"), 2025)
	if err != nil || page.MayChange || len(page.Changes) != 1 || !strings.Contains(page.Changes[0].Says[0], "延期到2026年1月28日12:00,理由:机构改革") {
		t.Errorf("the plan's history: %+v, %v", page, err)
	}
	for name, tc := range map[string]struct {
		who  string
		e    calendar.Extension
		seen uint64
		code disclosure.ErrorCode
	}{
		"a leader":                  {"ling", e, page.Seq, disclosure.ErrForbidden},
		"a filer":                   {"tian", calendar.Extension{Unit: 2, Step: e.Step, Due: e.Due, Reason: "x"}, page.Seq, disclosure.ErrForbidden},
		"a subtree for a group":     {"jia", e, page.Seq, disclosure.ErrForbidden},
		"a subtree for a stranger":  {"jia", calendar.Extension{Unit: 3, Step: e.Step, Due: e.Due, Reason: "x"}, page.Seq, disclosure.ErrForbidden},
		"no reason":                 {"shen", calendar.Extension{Unit: 4, Step: e.Step, Due: e.Due}, page.Seq, disclosure.ErrInvalid},
		"earlier than what stands":  {"shen", calendar.Extension{Unit: 2, Step: e.Step, Due: calendar.At(calendar.Day(2026, 1, 27)), Reason: "x"}, page.Seq, disclosure.ErrInvalid},
		"a step that is not there":  {"shen", calendar.Extension{Unit: 2, Step: "验收", Due: e.Due, Reason: "x"}, page.Seq, disclosure.ErrInvalid},
		"on what somebody else saw": {"shen", calendar.Extension{Unit: 4, Step: e.Step, Due: e.Due, Reason: "x"}, 0, disclosure.ErrConflict},
	} {
		if err := d.Extend(t.Context(), d.as(tc.who), 2025, tc.e, tc.seen, uuid.NewString()); err == nil || disclosure.CodeOf(err) != tc.code {
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
	}
	if err := d.Extend(t.Context(), d.as("jia"), 2025, calendar.Extension{Unit: 2, Step: e.Step, Due: calendar.At(calendar.Day(2026, 1, 29)), Reason: "另行约定"}, page.Seq, uuid.NewString()); err != nil {
		t.Errorf("a subtree's supervisor for a unit of it: %v", err)
	}
}

func TestPlanIsChangedOnWhatWasSeen(t *testing.T) {
	d := newWallDesk(t)
	page, err := d.PlanPage(t.Context(), d.as("shen"), 2025)
	if err != nil || page.Seq != 0 || len(page.Plan.Steps) != 8 || len(page.Groups) != 3 {
		t.Fatalf("the first plan: %+v, %v", page, err)
	}
	next := page.Plan
	next.Steps = slices.Clone(next.Steps)
	next.Steps[3].Due = calendar.Moment{Date: calendar.Day(2026, 1, 26), Hour: 12}
	next.Groups = []calendar.GroupDue{{Group: "镇街", Step: calendar.StepFinal, Due: calendar.At(calendar.Day(2026, 2, 6)), Notice: "区办通知"}}
	if err := d.PutPlan(t.Context(), d.as("shen"), next, 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if err := d.PutPlan(t.Context(), d.as("guan"), next, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("over somebody else's change: %v", err)
	}
	if err := d.PutPlan(t.Context(), d.as("ling"), next, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a leader changes the plan: %v", err)
	}
	p := d.wall("shen", ProgressFilter{})
	if l := p.line(5); l.Next.Due.Date != calendar.Day(2026, 2, 6) || len(l.Final.Flags) == 0 {
		t.Errorf("a street follows the local notice, flagged: %+v", l.Final)
	}
	if l := p.line(2); l.Next.Due.String() != "2026-01-26 12:00" {
		t.Errorf("a department: %s", l.Next.Due)
	}
	if page, err = d.PlanPage(t.Context(), d.as("shen"), 2025); err != nil || len(page.Flagged) != 1 || page.Flagged[0].Units[0] != "东街街道" {
		t.Errorf("flags %+v, %v", page.Flagged, err)
	}
}

func TestHolidaysAreData(t *testing.T) {
	d := newWallDesk(t)
	d.now = shanghaiTime(2027, 1, 4, 9, 0)
	if p := d.wall("shen", ProgressFilter{}); !strings.Contains(p.Note, "2027年未载入节假日") {
		t.Errorf("a year without holidays says %q", p.Note)
	}
	notice := "日期,安排,名称\n2027-01-01至2027-01-03,放假,元旦\n2027-02-05至2027-02-13,放假,春节\n2027-01-24,上班,春节\n2027-04-03至2027-04-05,放假,清明节\n2027-05-01至2027-05-05,放假,劳动节\n"
	page, err := d.HolidayPage(t.Context(), d.as("shen"), 2027)
	if err != nil || page.Loaded || page.Seq != 0 {
		t.Fatalf("the page of a year without a notice: %+v, %v", page, err)
	}
	if _, err := d.LoadHolidays(t.Context(), d.as("ling"), []byte(notice), 2027, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a leader loads holidays: %v", err)
	}
	if _, err := d.LoadHolidays(t.Context(), d.as("shen"), []byte("没有日期"), 2027, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("nonsense: %v", err)
	}
	year, err := d.LoadHolidays(t.Context(), d.as("shen"), []byte(notice), 2027, 0, uuid.NewString())
	if err != nil || year != 2027 {
		t.Fatalf("loading 2027: %s, %v", year, err)
	}
	if _, err := d.LoadHolidays(t.Context(), d.as("shen"), []byte(notice), 2027, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("over what somebody else loaded: %v", err)
	}
	c, err := d.Workdays(t.Context())
	if err != nil || c.IsWorkday(calendar.Day(2027, 2, 8)) || !c.IsWorkday(calendar.Day(2027, 1, 24)) {
		t.Errorf("the calendar does not know the notice: %v", err)
	}
	if p := d.wall("shen", ProgressFilter{}); p.Note != "" {
		t.Errorf("after loading it still says %q", p.Note)
	}
}

// A subtree's supervisor sees the subtree, a leader everything but may do
// nothing, a filer no wall at all.
func TestWallKeepsToTheReach(t *testing.T) {
	d := newWallDesk(t)
	if p := d.wall("jia", ProgressFilter{}); len(p.Lines) != 1 || p.Lines[0].Unit.Number != 2 || !p.Supervise || len(p.Choices.Groups) != 1 {
		t.Errorf("the subtree's wall holds %d lines", len(p.Lines))
	}
	if p := d.wall("ling", ProgressFilter{}); len(p.Lines) != 5 || p.Supervise {
		t.Errorf("the leader's wall holds %d lines, supervises %t", len(p.Lines), p.Supervise)
	}
	if _, err := d.Progress(t.Context(), d.as("tian"), ProgressFilter{}); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a filer asks for the wall: %v", err)
	}
	if _, err := d.EscalationOf(t.Context(), d.as("jia"), 3, 2025); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("beyond the subtree: %v", err)
	}
	ladder := calendar.Ladder{{Name: "提醒", Workdays: -2}, {Name: "约谈", Workdays: 0}}
	if err := d.PutLadder(t.Context(), d.as("jia"), ladder, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a subtree changes the ladder: %v", err)
	}
	if err := d.PutLadder(t.Context(), d.as("shen"), ladder, 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	d.now = shanghaiTime(2026, 1, 23, 9, 0)
	if l := d.wall("jia", ProgressFilter{}).line(2); l.Stage.Reached == nil || l.Stage.Reached.Name != "约谈" {
		t.Errorf("the new ladder is not in force: %+v", l.Stage)
	}
}
