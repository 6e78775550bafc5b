package office

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

func TestParagraphsThatChanged(t *testing.T) {
	for _, c := range []struct{ name, was, now, want string }{
		{"nothing", "a|b", "a|b", "=a =b"},
		{"one changed", "a|收到8件|c", "a|收到9件|c", "=a ~收到[8/9]件 =c"},
		{"one came", "a|c", "a|b|c", "=a +b =c"},
		{"one went", "a|b|c", "a|c", "=a -b =c"},
		{"moved over another", "a|b", "b|a", "-a =b +a"},
		{"all new", "", "a", "+a"},
		{"all gone", "a", "", "-a"},
		{"two for one", "a|甲乙|b", "a|甲丙|丁|b", "=a ~甲[乙/丙] +丁 =b"},
		{"another one in its place", "a|x|b", "a|y|b", "=a -x +y =b"},
		{"no overlap of ends", "办结88件", "办结8件", "~办结8[8/]件"},
	} {
		split := func(s string) []string {
			if s == "" {
				return nil
			}
			return strings.Split(s, "|")
		}
		var got []string
		for _, p := range paragraphChanges(split(c.was), split(c.now)) {
			switch {
			case p.Same():
				got = append(got, "="+p.Now)
			case p.Was == "":
				got = append(got, "+"+p.Now)
			case p.Now == "":
				got = append(got, "-"+p.Was)
			default:
				got = append(got, fmt.Sprintf("~%s[%s/%s]%s", p.Before, p.Left(), p.Right(), p.After))
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.name, got, c.want)
		}
	}
}

// Whatever is compared, what was and what is can be read off the result.
func TestParagraphChangesLoseNothing(t *testing.T) {
	texts := [][]string{nil, {"甲"}, {"甲", "乙", "丙"}, {"丙", "甲", "乙", "甲"}, {"乙乙", "甲", "丁丁丁"}, {"甲", "甲", "甲"}}
	for _, was := range texts {
		for _, now := range texts {
			var a, b []string
			for _, p := range paragraphChanges(was, now) {
				if p.Was != "" {
					a = append(a, p.Was)
				}
				if p.Now != "" {
					b = append(b, p.Now)
				}
				if !p.Same() && p.Was != "" && p.Now != "" && (p.Before+p.Left()+p.After != p.Was || p.Before+p.Right()+p.After != p.Now) {
					t.Errorf("%+v does not put the texts together again", p)
				}
			}
			if !slices.Equal(a, was) || !slices.Equal(b, now) {
				t.Errorf("%v to %v: %v and %v are left", was, now, a, b)
			}
		}
	}
}

func TestCellsThatSayTheSame(t *testing.T) {
	cell := func(text string) disclosure.Cell { return disclosure.ParseCell(text, disclosure.ValueCount, "") }
	for _, c := range []struct {
		a, b string
		same bool
	}{{"12", "12", true}, {"12", "１２", true}, {"0", "", false}, {"/", "", false}, {"", "", true}, {"22(其中修订16件)", "22", false}, {"约5", "约6", false}} {
		if got := sameCell(cell(c.a), cell(c.b)); got != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
	if !sameCell(disclosure.Cell{}, cell("")) {
		t.Error("a cell that is not there is not blank")
	}
}

var (
	year25 = disclosure.Period{Year: 2025}
)

// moveOn does an act on a unit's report of 2025 as it stands.
func moveOn(t *testing.T, o *Office, v people.Visitor, unit disclosure.UnitNumber, act filing.Act, change func(*Move)) (*Sitting, error) {
	t.Helper()
	s, err := o.OpenSitting(context.Background(), machine, unit, year25)
	if err != nil {
		t.Fatal(err)
	}
	m := Move{Act: act, Unit: unit, Period: year25, ID: uuid.NewString(), Version: s.Draft.Version}
	if s.Standing != nil {
		m.Seq = s.Standing.Seq
	}
	if change != nil {
		change(&m)
	}
	return moved(o, context.Background(), v, m)
}

func mustMove(t *testing.T, o *Office, v people.Visitor, unit disclosure.UnitNumber, act filing.Act, change func(*Move)) *Sitting {
	t.Helper()
	s, err := moveOn(t, o, v, unit, act, change)
	if err != nil {
		t.Fatalf("%s: %v", act, err)
	}
	return s
}

// typeIn changes cells of a unit's draft.
func typeIn(t *testing.T, o *Office, unit disclosure.UnitNumber, cells map[disclosure.Code]string) {
	t.Helper()
	s, err := o.OpenSitting(context.Background(), machine, unit, year25)
	if err != nil {
		t.Fatal(err)
	}
	var p Patch
	for code, now := range cells {
		cs, _, ok := s.place(code)
		if !ok {
			t.Fatalf("no cell %s", code)
		}
		p.Cells = append(p.Cells, CellPatch{Code: code, Was: Typed(cs[code]), Now: now})
	}
	if _, clashes, err := o.SaveDraft(context.Background(), machine, unit, year25, p); err != nil || len(clashes) > 0 {
		t.Fatal(err, clashes)
	}
}

func withReason(m *Move) { m.Reason, m.Due = "请核对", "2026-03-09" }

// Unit 5's report waits. Between two of the district's decisions the unit may
// take its filing back as often as it likes: changes are reckoned against what
// the district saw.
func TestChangesAreReckonedAgainstWhatWasSeen(t *testing.T) {
	o := readOffice(t)
	ctx := context.Background()
	mustMove(t, o, machine, 5, filing.Return, func(m *Move) {
		withReason(m)
		m.Cells = []store.CellReturn{{Code: "T3_GRANTED_TOT", Reason: "不平"}, {Code: "A1_WEBSITE_COUNT", Reason: "漏填"}}
	})
	problems := func(m *Move) { m.Reason = "先收下" }
	typeIn(t, o, 5, map[disclosure.Code]string{"T3_GRANTED_TOT": "3"})
	mustMove(t, o, machine, 5, filing.TakeIn, problems)
	mustMove(t, o, machine, 5, filing.Recall, nil)
	typeIn(t, o, 5, map[disclosure.Code]string{"T3_GRANTED_TOT": "4", "T3_NEW_RECEIVED_TOT": "8", "A1_WEBSITE_COUNT": "17"})
	mustMove(t, o, machine, 5, filing.TakeIn, problems)

	r, err := o.Review(ctx, machine, 5, year25, false)
	if err != nil {
		t.Fatal(err)
	}
	if r.Against == nil || r.Against.Verb != store.VerbReturn || r.Against.Revision != 1 || r.Report.Revision != 3 {
		t.Fatalf("revision %d is reckoned against %+v", r.Report.Revision, r.Against)
	}
	if r.Returned == nil || len(r.Returned.Cells) != 2 || r.Returned.Unchanged() != 0 {
		t.Fatalf("returned: %+v", r.Returned)
	}
	if c := r.Returned.Cells[0]; c.Was != "2" || c.Now != "4" || c.Reason != "不平" {
		t.Errorf("the returned cell: %+v", c)
	}
	if c := r.Returned.Cells[1]; c.Was != "" || c.Now != "17" {
		t.Errorf("the returned cell of the local table: %+v", c)
	}
	if len(r.Forms) != 2 {
		t.Fatalf("%d tables", len(r.Forms))
	}
	log, err := o.RevisionLog(ctx, machine, 5, year25, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var changed []string
	for _, c := range log.Cells {
		changed = append(changed, string(c.Code)+" "+c.Was+">"+c.Now)
	}
	if want := []string{"T3_NEW_RECEIVED_TOT 7>8", "T3_GRANTED_TOT 3>4", "A1_WEBSITE_COUNT >17"}; !slices.Equal(changed, want) {
		t.Errorf("between the last two filings: %v, want %v", changed, want)
	}
	var story []string
	for _, l := range slices.Backward(log.Lines) {
		story = append(story, l.Did)
	}
	if want := []string{"提交", "退回修改", "带问题收件", "撤回", "带问题收件"}; !slices.Equal(story, want) {
		t.Errorf("the log tells %v, want %v", story, want)
	}
	if _, err := o.RevisionLog(ctx, machine, 5, year25, 0, 99999); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("an entry of nobody: %v", err)
	}
}

// An act's number names one act: of another person, or for another thing, it is
// refused and nothing is done.
func TestActNumbersNameOneAct(t *testing.T) {
	o := readOffice(t)
	first := ""
	mustMove(t, o, machine, 5, filing.Return, func(m *Move) { withReason(m); first = m.ID })
	same := func(m *Move) { withReason(m); m.ID = first }
	if _, err := moveOn(t, o, machine, 5, filing.Return, same); err != nil {
		t.Errorf("the same form once more: %v", err)
	}
	if _, err := moveOn(t, o, people.Machine("os:other", "cli"), 5, filing.Return, same); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("somebody else's number: %v", err)
	}
	if _, err := moveOn(t, o, machine, 2, filing.Save, same); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("another report's number: %v", err)
	}
	if _, err := moveOn(t, o, machine, 5, filing.Revoke, func(m *Move) { m.ID = "" }); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("no number: %v", err)
	}
}

// The slip names what was returned, cell by cell; before a decision, what the
// checks found, in the draft as well.
func TestReturnSlips(t *testing.T) {
	o := readOffice(t)
	slip := func(unit disclosure.UnitNumber) string {
		t.Helper()
		file, name, err := o.ReturnSlip(context.Background(), machine, unit, year25, false, "")
		if err != nil || !strings.HasSuffix(name, "退回修改单.docx") {
			t.Fatalf("%q, %v", name, err)
		}
		return wordText(t, file)
	}
	if text := slip(5); !strings.Contains(text, "2026年3月4日") { // three working days from 1 March, a Sunday
		t.Errorf("before the decision: %s", text)
	}
	mustMove(t, o, machine, 5, filing.Return, func(m *Move) {
		withReason(m)
		m.Cells = []store.CellReturn{{Code: "T3_GRANTED_TOT", Reason: "与台账不平"}}
	})
	text := slip(5)
	for _, want := range []string{"与台账不平", "2026年3月9日", "请核对", "表三 (一)予以公开"} {
		if !strings.Contains(text, want) {
			t.Errorf("after it the slip does not say %q: %s", want, text)
		}
	}
	typeIn(t, o, 6, map[disclosure.Code]string{"T3_GRANTED_TOT": "3", "T3_RESULT_TOTAL_TOT": "1", "T3_NEW_RECEIVED_TOT": "1"})
	if text := slip(6); !strings.Contains(text, "3") {
		t.Errorf("of a draft: %s", text)
	}
}

// wordText is the text of a Word document, tags left out.
func wordText(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`<[^>]*>`).ReplaceAllString(string(data), "")
}

// Medians over few reports are for the district; a unit's people see them from
// five reports on.
func TestFewPeersAreNotToldToUnits(t *testing.T) {
	o := readOffice(t)
	ctx := context.Background()
	for _, unit := range []disclosure.UnitNumber{2, 3} { // of one group; in 2024 each has one peer of its scope
		key := store.ReportKey{Unit: unit, Period: disclosure.Period{Year: 2024}, Family: disclosure.FamilyNational, Scope: disclosure.ScopeAgency}
		units, err := o.units(ctx)
		if err != nil {
			t.Fatal(err)
		}
		form := disclosure.FormFor(disclosure.FamilyNational, 2024)
		inside := people.NewVisitor(people.Person{Account: "r", Grants: []people.Grant{{Role: people.Reviewer, Unit: unit}}}, "", people.NewTree(units.list))
		told, err := o.peersBeside(ctx, inside, units.byNumber[unit], key, form)
		if err != nil || len(told) != 0 {
			t.Errorf("unit %d is told %d medians, %v", unit, len(told), err)
		}
		all, err := o.peersBeside(ctx, machine, units.byNumber[unit], key, form)
		if err != nil || all["T3_NEW_RECEIVED_TOT"].N != 1 || all["T3_NEW_RECEIVED_TOT"].Median != 10 {
			t.Errorf("the district is told %+v of unit %d, %v", all["T3_NEW_RECEIVED_TOT"], unit, err)
		}
	}
}

func TestTheQueueIsOldestFirst(t *testing.T) {
	o := readOffice(t)
	ctx := context.Background()
	typeIn(t, o, 6, map[disclosure.Code]string{"T3_GRANTED_TOT": "1"})
	mustMove(t, o, machine, 6, filing.TakeIn, func(m *Move) { m.Reason = "先收下" })
	q, err := o.ReviewQueue(ctx, machine, QueueFilter{})
	if err != nil || len(q.Lines) != 2 || q.Lines[0].Unit.Number != 5 || q.Lines[1].WithProblems == "" {
		t.Fatalf("%+v, %v", q, err)
	}
	next, more, err := o.NextToReview(ctx, machine, 5, year25)
	if err != nil || next == nil || next.Unit.Number != 6 || more != 1 {
		t.Errorf("after unit 5 comes %+v of %d, %v", next, more, err)
	}
	if q, err = o.ReviewQueue(ctx, machine, QueueFilter{Mark: QueueProblems}); err != nil || len(q.Lines) != 1 || q.All != 2 {
		t.Errorf("with problems: %+v, %v", q, err)
	}
	nobody := people.NewVisitor(people.Person{Account: "l", Grants: []people.Grant{{Role: people.Leader}}}, "", nil)
	if _, err := o.ReviewQueue(ctx, nobody, QueueFilter{}); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a reader: %v", err)
	}
}
