package office

import (
	"context"
	"errors"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/mail"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// letterBox keeps what would have been sent, and refuses one address.
type letterBox struct {
	letters []mail.Letter
	refuse  string
	during  func(letters []mail.Letter) // what happens while the server is talked to
}

func (b *letterBox) Send(_ context.Context, letters []mail.Letter) []error {
	if b.during != nil {
		b.during(letters)
	}
	out := make([]error, len(letters))
	for i, l := range letters {
		if l.To == b.refuse {
			out[i] = errors.New("550")
			continue
		}
		b.letters = append(b.letters, l)
	}
	return out
}

func TestReminding(t *testing.T) {
	d := newWallDesk(t)
	d.now = shanghaiTime(2026, 1, 26, 9, 0)
	d.file(4, store.VerbSubmit, store.StatusSubmitted, nil)
	d.file(4, store.VerbApprove, store.StatusApproved, nil)
	d.publish(4, "2026-01-20")
	ctx := t.Context()
	plan, err := d.PlanReminder(ctx, d.as("shen"), ProgressFilter{}, []disclosure.UnitNumber{2, 3, 4})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Lines) != 2 || len(plan.Done) != 1 || plan.CanMail || !strings.Contains(plan.Text, "教育局(未开始,2026年1月23日17:00,已逾期3天) 姓名tian 0519-tian") || strings.Contains(plan.Text, "{") {
		t.Errorf("the plan: %+v", plan)
	}
	box := &letterBox{refuse: "tian3@example.com"}
	r := Reminding{Year: 2025, Units: []disclosure.UnitNumber{2, 3}, Ways: []RemindWay{WayText, WayWord, WayNotice, WayMail}, Text: plan.Text, Each: plan.Each, ID: uuid.NewString()}
	if _, err := d.Remind(ctx, d.as("shen"), r); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("mail without a server: %v", err)
	}
	d.UseMailer(box)
	sent, err := d.Remind(ctx, d.as("shen"), r)
	if err != nil {
		t.Fatal(err)
	}
	if len(box.letters) != 0 {
		t.Error("letters went out within the request")
	}
	if next, err := d.sendLetters(ctx); err != nil || !next.Equal(d.now.Add(mailPauses[0])) {
		t.Errorf("the next try is at %s, %v", next, err)
	}
	if _, err := d.Remind(ctx, d.as("shen"), r); err != nil || len(box.letters) != 1 {
		t.Errorf("pressed twice %d letters went out, %v", len(box.letters), err)
	}
	if sent.Units[0].Stage != "催办" || sent.Units[0].Left != -3 || !strings.Contains(sent.Units[0].Text, "教育局:你单位2025年") || !strings.Contains(box.letters[0].Text, "已逾期3天") {
		t.Errorf("what unit 2 was told: %+v", sent.Units[0])
	}
	kept, err := d.Reminder(ctx, d.as("shen"), r.ID)
	if err != nil || len(kept.Mailed) != 2 || kept.Mailed[0].Problem != "" || kept.Mailed[1].Problem == "" {
		t.Errorf("what became of the letters: %+v, %v", kept.Mailed, err)
	}
	entries, err := d.store.Entries(ctx, store.EntryFilter{Kind: store.KindNotice, Unit: 2, States: true})
	if err != nil || len(entries) != 1 || entries[0].Verb != store.VerbRemind || entries[0].Actor.Name != "shen" || !strings.Contains(string(entries[0].State), "mail") {
		t.Errorf("the log of unit 2: %+v, %v", entries, err)
	}
	doc, name, err := d.ReminderNotice(ctx, d.as("shen"), r.ID)
	if err != nil || !strings.HasSuffix(name, ".docx") || len(doc) < 2000 {
		t.Errorf("the notice on paper: %d bytes, %s, %v", len(doc), name, err)
	}
	if all, err := d.Reminders(ctx, d.as("shen"), 2025); err != nil || len(all) != 1 {
		t.Errorf("%d reminders, %v", len(all), err)
	}
	if all, err := d.Reminders(ctx, d.as("jia"), 2025); err != nil || len(all) != 0 {
		t.Errorf("a subtree sees %d reminders that also went to others, %v", len(all), err)
	}
}

// A notice stands on each person's page until that person has read it, and on
// nobody else's.
func TestNoticesUntilRead(t *testing.T) {
	d := newWallDesk(t)
	ctx := t.Context()
	if _, err := d.Remind(ctx, d.as("shen"), Reminding{Year: 2025, Units: []disclosure.UnitNumber{2}, Ways: []RemindWay{WayNotice}, Text: "x", Each: "请于{期限}前报送", ID: uuid.NewString()}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Remind(ctx, d.as("shen"), Reminding{Year: 2025, Units: []disclosure.UnitNumber{2, 3}, Ways: []RemindWay{WayText}, Text: "x", Each: "y", ID: uuid.NewString()}); err != nil {
		t.Fatal(err)
	}
	notices, err := d.NoticesFor(ctx, d.as("tian"))
	if err != nil || len(notices) != 1 || notices[0].Text != "请于2026年1月23日17:00前报送" {
		t.Fatalf("the unit's notices: %+v, %v", notices, err)
	}
	for _, account := range []string{"tian3", "ling", "shen"} {
		if others, err := d.NoticesFor(ctx, d.as(account)); err != nil || len(others) != 0 {
			t.Errorf("%s finds %d notices, %v", account, len(others), err)
		}
	}
	if err := d.ReadNotice(ctx, d.as("tian3"), notices[0].Ref()); disclosure.CodeOf(err) != disclosure.ErrNotFound {
		t.Errorf("another unit reads it: %v", err)
	}
	for range 2 {
		if err := d.ReadNotice(ctx, d.as("tian"), notices[0].Ref()); err != nil {
			t.Fatal(err)
		}
	}
	if notices, err := d.NoticesFor(ctx, d.as("tian")); err != nil || len(notices) != 0 {
		t.Errorf("after reading %d are left, %v", len(notices), err)
	}
}

func TestWhoMayRemind(t *testing.T) {
	d := newWallDesk(t)
	ctx := t.Context()
	good := Reminding{Year: 2025, Units: []disclosure.UnitNumber{2}, Ways: []RemindWay{WayText}, Text: "x", Each: "y"}
	for name, tc := range map[string]struct {
		who    string
		change func(*Reminding)
		code   disclosure.ErrorCode
	}{
		"a leader":              {"ling", nil, disclosure.ErrForbidden},
		"an administrator":      {"guan", nil, disclosure.ErrForbidden},
		"a filer":               {"tian", nil, disclosure.ErrForbidden},
		"beyond the subtree":    {"jia", func(r *Reminding) { r.Units = append(r.Units, 3) }, disclosure.ErrForbidden},
		"nobody":                {"shen", func(r *Reminding) { r.Units = nil }, disclosure.ErrInvalid},
		"on no way":             {"shen", func(r *Reminding) { r.Ways = nil }, disclosure.ErrInvalid},
		"on a way that is none": {"shen", func(r *Reminding) { r.Ways = []RemindWay{"传真"} }, disclosure.ErrInvalid},
		"without words":         {"shen", func(r *Reminding) { r.Text = " " }, disclosure.ErrInvalid},
		"with a strange word":   {"shen", func(r *Reminding) { r.Each = "{截止}" }, disclosure.ErrInvalid},
	} {
		r := good
		r.Units = append([]disclosure.UnitNumber{}, good.Units...)
		if tc.change != nil {
			tc.change(&r)
		}
		r.ID = uuid.NewString()
		if _, err := d.Remind(ctx, d.as(tc.who), r); err == nil || disclosure.CodeOf(err) != tc.code {
			t.Errorf("%s: %v, want %s", name, err, tc.code)
		}
	}
	texts := ReminderTexts{Many: "{名单}", One: "{单位}", Subject: "报送"}
	if err := d.PutReminderTexts(ctx, d.as("ling"), texts, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("a leader changes the texts: %v", err)
	}
	if err := d.PutReminderTexts(ctx, d.as("shen"), texts, 0, uuid.NewString()); err != nil {
		t.Fatal(err)
	}
	if err := d.PutReminderTexts(ctx, d.as("guan"), texts, 0, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrConflict {
		t.Errorf("over somebody else's change: %v", err)
	}
	if plan, err := d.PlanReminder(ctx, d.as("shen"), ProgressFilter{}, []disclosure.UnitNumber{2}); err != nil || plan.Text != "教育局" {
		t.Errorf("the district's own text is not used: %+v, %v", plan, err)
	}
}

// A letter that the server does not take is tried again, longer and longer
// apart, until it is given up; a restart between forgets nothing, and a person
// may have it sent once more.
func TestLettersAreTriedAgain(t *testing.T) {
	d := newWallDesk(t)
	d.now = shanghaiTime(2026, 1, 26, 9, 0)
	ctx := t.Context()
	box := &letterBox{refuse: "tian3@example.com"}
	d.UseMailer(box)
	r := Reminding{Year: 2025, Units: []disclosure.UnitNumber{3}, Ways: []RemindWay{WayMail}, Text: "请报送。", Each: "请报送。", ID: uuid.NewString()}
	if _, err := d.Remind(ctx, d.as("shen"), r); err != nil {
		t.Fatal(err)
	}
	letter := func() MailOutcome {
		t.Helper()
		kept, err := d.Reminder(ctx, d.as("shen"), r.ID)
		if err != nil || len(kept.Mailed) != 1 {
			t.Fatalf("%+v, %v", kept, err)
		}
		return kept.Mailed[0]
	}
	for try := range mailPauses {
		next, err := d.sendLetters(ctx)
		if err != nil || !next.Equal(d.now.Add(mailPauses[try])) {
			t.Fatalf("after try %d the next is at %s, %v", try+1, next, err)
		}
		if again, err := d.sendLetters(ctx); err != nil || !again.Equal(next) || letter().Tries != try+1 {
			t.Fatalf("before its time a letter was tried: %+v, %v", letter(), err)
		}
		d.now = next
		anew := New(d.store, nil, d.clock) // a restart: the outbox is the log
		anew.UseMailer(box)
		d.Office = anew
	}
	if next, err := d.sendLetters(ctx); err != nil || !next.IsZero() || !letter().Failed() {
		t.Fatalf("it is not given up: %+v, %s, %v", letter(), next, err)
	}
	box.refuse = ""
	if next, err := d.sendLetters(ctx); err != nil || !next.IsZero() || len(box.letters) != 0 {
		t.Errorf("what was given up was sent: %v", err)
	}
	act := uuid.NewString()
	for range 2 { // a double click
		if err := d.MailAgain(ctx, d.as("shen"), r.ID, act); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := d.sendLetters(ctx); err != nil || len(box.letters) != 1 || letter().Sent.IsZero() || letter().Waiting || letter().Problem != "" {
		t.Errorf("sent again: %+v, %d letters, %v", letter(), len(box.letters), err)
	}
	if err := d.MailAgain(ctx, d.as("shen"), r.ID, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("nothing is left to send: %v", err)
	}
	if err := d.MailAgain(ctx, d.as("jia"), r.ID, uuid.NewString()); disclosure.CodeOf(err) != disclosure.ErrForbidden {
		t.Errorf("somebody who supervises none of them: %v", err)
	}
}

// A reminder that is changed while its letters are on their way is not sent
// again for that, and one that cannot be put down does not keep the others back.
func TestLettersOfOneReminderDoNotTouchOthers(t *testing.T) {
	d := newWallDesk(t)
	d.now = shanghaiTime(2026, 1, 26, 9, 0)
	ctx := t.Context()
	box := &letterBox{}
	d.UseMailer(box)
	put := func(id string, state any) {
		t.Helper()
		_, seen, err := d.reminderNow(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Office.append(ctx, d.as("shen"), uuid.NewString(), store.Entry{Kind: store.KindNotice, ID: reminderID(id), Verb: store.VerbChange, Seen: seen, State: state, Year: 2025}); err != nil {
			t.Fatal(err)
		}
	}
	remind := func(text string) string {
		t.Helper()
		r := Reminding{Year: 2025, Units: []disclosure.UnitNumber{3}, Ways: []RemindWay{WayMail}, Text: text, Each: text, ID: uuid.NewString()}
		if _, err := d.Remind(ctx, d.as("shen"), r); err != nil {
			t.Fatal(err)
		}
		return r.ID
	}
	changed := remind("请报送。")
	box.during = func([]mail.Letter) {
		r, _, err := d.reminderNow(ctx, changed)
		if err != nil {
			t.Fatal(err)
		}
		put(changed, r)
	}
	if _, err := d.sendLetters(ctx); err != nil {
		t.Fatal(err)
	}
	if r, _, err := d.reminderNow(ctx, changed); err != nil || r.Mailed[0].Waiting || r.Mailed[0].Sent.IsZero() {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := d.sendLetters(ctx); err != nil || len(box.letters) != 1 {
		t.Errorf("%d letters, %v", len(box.letters), err)
	}
	both := map[string]string{"一": remind("一"), "二": remind("二")}
	box.during = func(letters []mail.Letter) {
		put(both[letters[0].Text], "no reminder")
		box.during = nil
	}
	if _, err := d.sendLetters(ctx); err == nil || len(box.letters) != 3 {
		t.Errorf("%d letters, %v", len(box.letters), err)
	}
}
