package office

import (
	"context"
	"encoding/json"
	"strings"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// holidaysID begins the ids of the settings that hold a year's holidays: one
// setting a year, in place of what is shipped for it.
const holidaysID = "holidays/"

// Workdays is the calendar that every deadline is reckoned by: the shipped
// holidays, and those that the district loaded.
func (o *Office) Workdays(ctx context.Context) (*calendar.Calendar, error) {
	return cachedOf(ctx, o, "workdays", ofSettings, nil, func() (*calendar.Calendar, error) {
		entries, err := o.settingEntries(ctx)
		if err != nil {
			return nil, err
		}
		c := calendar.Shipped()
		for _, id := range sortedKeys(entries) {
			if !strings.HasPrefix(id, holidaysID) {
				continue
			}
			var n calendar.Notice
			if err := json.Unmarshal(entries[id].State, &n); err != nil {
				return nil, disclosure.Errorf(disclosure.ErrInternal, "节假日设置“%s”损坏,请重新载入该年的通知。", id).Because(err)
			}
			if c, err = c.With(n); err != nil {
				return nil, err
			}
		}
		return c, nil
	})
}

// HolidayPage is a year's holidays as they are reckoned with.
type HolidayPage struct {
	Year     disclosure.Year
	Calendar *calendar.Calendar
	Notice   calendar.Notice
	// Loaded: a notice of the year is known; Own: the district loaded it.
	Loaded, Own bool
	// Seq is what a change gives as seen.
	Seq       uint64
	Years     []disclosure.Year // with a notice
	MayChange bool
	Changes   []SettingChange
}

// HolidayPage answers a year's holidays; year 0 is the present one.
func (o *Office) HolidayPage(ctx context.Context, v people.Visitor, year disclosure.Year) (*HolidayPage, error) {
	if !v.Anywhere(people.SeeProgress) {
		return nil, v.Demand(people.SeeProgress, 0)
	}
	c, err := o.Workdays(ctx)
	if err != nil {
		return nil, err
	}
	if year == 0 {
		year = calendar.DayOf(o.clock()).Year()
	}
	p := &HolidayPage{Year: year, Calendar: c, Years: c.Years(), MayChange: v.May(people.Configure, 0)}
	p.Notice, p.Loaded = c.Notice(year)
	var own calendar.Notice
	if p.Seq, err = o.setting(ctx, holidaysID+year.String(), &own); err != nil {
		return nil, err
	}
	p.Own = p.Seq != 0
	p.Changes, err = o.settingChanges(ctx, holidaysID+year.String())
	return p, err
}

// LoadHolidays takes a year's notice in, as calendar.ParseNotice reads it. shown
// is the year of the page from which it comes, seen its Seq there. Errors:
// ErrForbidden, ErrInvalid (with what to change), ErrConflict when the year was
// loaded by somebody else meanwhile.
func (o *Office) LoadHolidays(ctx context.Context, v people.Visitor, data []byte, shown disclosure.Year, seen uint64, act string) (disclosure.Year, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return 0, err
	}
	n, err := calendar.ParseNotice(data)
	if err != nil {
		return 0, err
	}
	if done, err := o.actDone(ctx, v, act, store.KindSetting); err != nil || done {
		return n.Year, err
	}
	if n.Year != shown {
		seen = 0
		if stands, err := o.lastSeqOf(ctx, store.KindSetting, holidaysID+n.Year.String()); err != nil || stands != 0 {
			if err == nil {
				err = disclosure.Errorf(disclosure.ErrConflict, "这是%s年的通知,该年已经载入过;请打开%s年的日历,核对后再替换。", n.Year, n.Year)
			}
			return 0, err
		}
	}
	return n.Year, o.putSetting(ctx, v, holidaysID+n.Year.String(), n, seen, act)
}
