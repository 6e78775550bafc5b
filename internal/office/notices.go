package office

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Notice is what a reminder says to one unit. On the way WayNotice it stands on
// the first page of each of the unit's people until that person has read it.
type Notice struct {
	ID       string                `json:"id"`
	Reminder string                `json:"reminder"` // id of the reminder
	Unit     disclosure.UnitNumber `json:"unit"`
	Year     disclosure.Year       `json:"year"`
	Ways     []RemindWay           `json:"ways"`
	Text     string                `json:"text"`
	Due      calendar.Moment       `json:"due"`
	By       string                `json:"by"`
	Name     string                `json:"name"`
	Time     time.Time             `json:"time"`
	Read     []NoticeRead          `json:"read,omitempty"`
}

// NoticeRead is who has read a notice, and when.
type NoticeRead struct {
	Account string    `json:"account"`
	Name    string    `json:"name"`
	Time    time.Time `json:"time"`
}

const noticePrefix = "notice/"

func noticeID(act string, unit disclosure.UnitNumber) string {
	return fmt.Sprintf("%s%s/%d", noticePrefix, act, unit)
}

// Ref is the notice's name in an address: its reminder and unit.
func (n *Notice) Ref() string { return fmt.Sprintf("%s.%d", n.Reminder, n.Unit) }

// reminded are all reminders and notices on record.
func (o *Office) reminded(ctx context.Context) ([]*Reminder, []*Notice, error) {
	type kept struct {
		reminders []*Reminder
		notices   []*Notice
	}
	k, err := cachedOf(ctx, o, "reminded", []store.EntityKind{store.KindNotice}, nil, func() (kept, error) {
		var k kept
		entries, err := o.store.States(ctx, store.KindNotice)
		if err != nil {
			return k, err
		}
		for _, e := range entries {
			var err error
			switch {
			case len(e.State) == 0:
			case strings.HasPrefix(e.ID, reminderPrefix):
				r := &Reminder{}
				err = json.Unmarshal(e.State, r)
				k.reminders = append(k.reminders, r)
			case strings.HasPrefix(e.ID, noticePrefix):
				n := &Notice{}
				err = json.Unmarshal(e.State, n)
				k.notices = append(k.notices, n)
			}
			if err != nil {
				return k, disclosure.Errorf(disclosure.ErrInternal, "一条提醒记录损坏,请联系维护人员。").Because(err)
			}
		}
		return k, nil
	})
	return k.reminders, k.notices, err
}

// NoticesFor are the notices to units that the visitor files or reviews for,
// which the visitor has not read, newest first.
func (o *Office) NoticesFor(ctx context.Context, v people.Visitor) ([]*Notice, error) {
	if !v.Anywhere(people.FileReport) && !v.Anywhere(people.ReviewReport) {
		return nil, nil
	}
	_, all, err := o.reminded(ctx)
	if err != nil {
		return nil, err
	}
	var out []*Notice
	for _, n := range all {
		if slices.Contains(n.Ways, WayNotice) && isFor(v, n.Unit) && !n.readBy(v.Account) {
			out = append(out, n)
		}
	}
	slices.SortFunc(out, func(a, b *Notice) int { return cmp.Or(b.Time.Compare(a.Time), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

func isFor(v people.Visitor, unit disclosure.UnitNumber) bool {
	return !v.IsMachine() && (v.May(people.FileReport, unit) || v.May(people.ReviewReport, unit))
}

func (n *Notice) readBy(account string) bool {
	return slices.ContainsFunc(n.Read, func(r NoticeRead) bool { return r.Account == account })
}

// ReadNotice keeps that the visitor has read a notice; once more changes
// nothing. Errors: ErrNotFound, also for a notice to somebody else.
func (o *Office) ReadNotice(ctx context.Context, v people.Visitor, ref string) error {
	act, unitText, _ := strings.Cut(ref, ".")
	for try := 1; ; try++ {
		e, err := o.store.State(ctx, store.KindNotice, noticePrefix+act+"/"+unitText)
		if err != nil && disclosure.CodeOf(err) != disclosure.ErrNotFound {
			return err
		}
		var n Notice
		if err != nil || json.Unmarshal(e.State, &n) != nil || !isFor(v, n.Unit) {
			return disclosure.Errorf(disclosure.ErrNotFound, "没有这条提醒,可能不是发给您的单位的。")
		}
		if n.readBy(v.Account) {
			return nil
		}
		n.Read = append(n.Read, NoticeRead{Account: v.Account, Name: v.Name, Time: o.clock()})
		err = o.append(ctx, v, n.Ref()+"/read/"+v.Account, store.Entry{Kind: store.KindNotice, ID: n.ID, Verb: store.VerbMark, Seen: e.Seq, State: n, Unit: n.Unit, Year: n.Year})
		if err != nil && disclosure.CodeOf(err) == disclosure.ErrConflict && try < saveTries {
			continue // a colleague read it at the same time
		}
		return err
	}
}

// readersOf says who has read a reminder here, by unit.
func readersOf(notices []*Notice, reminder string) map[disclosure.UnitNumber][]NoticeRead {
	out := map[disclosure.UnitNumber][]NoticeRead{}
	for _, n := range notices {
		if n.Reminder == reminder {
			out[n.Unit] = n.Read
		}
	}
	return out
}

// ReadersOf says who has read a reminder here, by unit. Errors: as Reminder.
func (o *Office) ReadersOf(ctx context.Context, v people.Visitor, id string) (map[disclosure.UnitNumber][]NoticeRead, error) {
	if _, err := o.Reminder(ctx, v, id); err != nil {
		return nil, err
	}
	_, notices, err := o.reminded(ctx)
	return readersOf(notices, id), err
}
