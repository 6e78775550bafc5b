package office

import (
	"bytes"
	"context"
	"testing"
	"time"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/reader"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// direct reads files in this process; the product does it in children.
type direct struct{}

func (direct) Read(ctx context.Context, name string, data []byte, opts intake.Options) (intake.Result, error) {
	return intake.Read(ctx, name, data, opts)
}

func (direct) Document(ctx context.Context, name string, data []byte) (*document.Document, error) {
	return reader.Read(ctx, name, data)
}

// filesOffice is a district of four units on a day in January, with people.
type filesOffice struct {
	*Office
	now        time.Time
	filer      people.Visitor // of unit 2
	reviewer   people.Visitor // of unit 2
	supervisor people.Visitor
	second     people.Visitor // another supervisor: nobody approves what they filed
	leader     people.Visitor
}

var y2025 = disclosure.Period{Year: 2025}

// openFiles is an office with a store of the test's own: it runs beside others.
func openFiles(t *testing.T) *filesOffice {
	t.Helper()
	t.Parallel()
	return newFiles(t)
}

func newFiles(t *testing.T) *filesOffice {
	t.Helper()
	x := &filesOffice{now: time.Date(2026, 1, 20, 2, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return x.now }
	s, err := store.Open(t.Context(), store.Options{Temporary: true, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	units := []disclosure.Unit{
		{Number: 1, Name: "清源区人民政府", Kind: disclosure.UnitGovernment, Sort: 1},
		{Number: 2, Name: "清源区财政局", Short: "区财政局", Kind: disclosure.UnitDepartment, Parent: 1, Sort: 2},
		{Number: 3, Name: "清源区教育局", Short: "区教育局", Kind: disclosure.UnitDepartment, Parent: 1, Sort: 3},
		{Number: 4, Name: "清源区民政局", Short: "区民政局", Kind: disclosure.UnitDepartment, Parent: 1, Sort: 4},
	}
	var entries []store.Entry
	for _, u := range units {
		entries = append(entries, store.Entry{Kind: store.KindUnit, ID: store.UnitEntityID(u.Number), Verb: store.VerbCreate, State: u})
	}
	last := balanced("清源区财政局", 2024, 3, 2)
	key := store.ReportKey{Unit: 2, Period: last.Period, Family: disclosure.FamilyNational, Scope: disclosure.ScopeAgency}
	entries = append(entries, store.Entry{Kind: store.KindReport, ID: key.EntityID(), Verb: store.VerbApprove,
		State: store.ReportState{Key: key, Revision: 1, Status: store.StatusApproved, FormID: last.Form.ID, Cells: last.Cells, Prose: last.Prose, HasProse: true, UnitText: last.Unit}})
	if _, err := s.Append(t.Context(), store.Act{ID: uuid.NewString(), Actor: store.Actor{Name: "os:test", Address: "cli"}, Entries: entries}); err != nil {
		t.Fatal(err)
	}
	x.Office = New(s, direct{}, clock)
	tree := people.NewTree(units)
	as := func(account string, g people.Grant) people.Visitor {
		return people.NewVisitor(people.Person{Account: account, Name: "测试" + account, Grants: []people.Grant{g}}, "127.0.0.1", tree)
	}
	x.filer, x.reviewer = as("filer", people.Grant{Role: people.Filer, Unit: 2}), as("reviewer", people.Grant{Role: people.Reviewer, Unit: 2})
	x.supervisor, x.second, x.leader = as("supervisor", people.Grant{Role: people.Supervisor}), as("second", people.Grant{Role: people.Supervisor}), as("leader", people.Grant{Role: people.Leader})
	return x
}

// balanced is a report that no rule objects to: so many new applications of
// natural persons, all granted but those carried out.
func balanced(unit string, year disclosure.Year, granted, carried int64) *disclosure.Report {
	form := disclosure.FormFor(disclosure.FamilyNational, year)
	r := &disclosure.Report{Unit: unit, Period: disclosure.Period{Year: year}, Scope: disclosure.ScopeAgency, Form: form,
		Title: unit + disclosure.Period{Year: year}.String() + "年政府信息公开工作年度报告", Cells: map[disclosure.Code]disclosure.Cell{}, HasProse: true}
	for _, def := range form.Cells() {
		r.Cells[def.Code] = disclosure.Number(0)
	}
	for _, col := range []string{"NP", "TOT"} {
		set := func(row string, n int64) { r.Cells[disclosure.Code("T3_"+row+"_"+col)] = disclosure.Number(n) }
		set("NEW_RECEIVED", granted+carried)
		set("GRANTED", granted)
		set("RESULT_TOTAL", granted)
		set("CARRIED_OUT", carried)
	}
	for _, p := range form.Parts {
		text := ""
		if p.Prose {
			text = unit + "按照要求做好" + p.Title[len("一、"):] + "的各项工作,全年情况平稳。"
		}
		r.Prose = append(r.Prose, disclosure.ProsePart{Number: p.Number, Title: p.Title, Text: text})
	}
	return r
}

// word is a report as a Word file.
func word(t *testing.T, r *disclosure.Report) []byte {
	t.Helper()
	data, err := bulletin.ReportDocx(r, bulletin.Edition{})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// htmlOf is a report as a page, with replacements in its text.
func htmlOf(r *disclosure.Report, replace ...string) []byte {
	data := []byte(bulletin.ReportHTML(r, bulletin.Edition{}))
	for i := 0; i+1 < len(replace); i += 2 {
		data = bytes.Replace(data, []byte(replace[i]), []byte(replace[i+1]), 1)
	}
	return data
}

func code(t *testing.T, err error, want disclosure.ErrorCode, what string) {
	t.Helper()
	if err == nil || disclosure.CodeOf(err) != want {
		t.Errorf("%s: %v, want %s", what, err, want)
	}
}
