package calendar

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"mingjing/internal/disclosure"
)

// Calendar knows which days are working days. A year whose notice is not loaded
// counts Monday to Friday, and Note says so. A Calendar does not change: With
// makes another one.
type Calendar struct {
	notices map[disclosure.Year]Notice
	// exceptions are the days that the notices name: true for a working day.
	exceptions map[Date]bool
}

// New makes a calendar of notices; a later one replaces one of the same year.
// ErrInvalid when one is not sound, see Notice.Validate.
func New(notices ...Notice) (*Calendar, error) {
	c := &Calendar{notices: map[disclosure.Year]Notice{}}
	for _, n := range notices {
		if err := n.Validate(); err != nil {
			return nil, err
		}
		c.notices[n.Year] = n
	}
	c.index()
	return c, nil
}

// With is the calendar with one more notice, in place of that of its year.
func (c *Calendar) With(n Notice) (*Calendar, error) {
	if err := n.Validate(); err != nil {
		return nil, err
	}
	out := &Calendar{notices: maps.Clone(c.notices)}
	out.notices[n.Year] = n
	out.index()
	return out, nil
}

func (c *Calendar) index() {
	c.exceptions = map[Date]bool{}
	for _, year := range c.Years() { // the later notice has the last word on a December day
		n := c.notices[year]
		for _, h := range n.Holidays {
			for d := h.From; d <= h.To; d++ {
				c.exceptions[d] = false
			}
		}
		for _, d := range n.Workdays {
			c.exceptions[d] = true
		}
	}
}

//go:embed notices/*.json
var shippedNotices embed.FS

// Shipped is the calendar of the notices that come with the product. A notice
// that is not sound is a fault of the build and panics.
var Shipped = sync.OnceValue(func() *Calendar {
	entries, err := shippedNotices.ReadDir("notices")
	if err != nil {
		panic(err)
	}
	var notices []Notice
	for _, e := range entries {
		data, err := shippedNotices.ReadFile("notices/" + e.Name())
		if err != nil {
			panic(err)
		}
		n, err := ParseNotice(data)
		if err != nil {
			panic(e.Name() + ": " + err.Error())
		}
		notices = append(notices, n)
	}
	c, err := New(notices...)
	if err != nil {
		panic(err)
	}
	return c
})

// Years lists the years whose notice is loaded, in order.
func (c *Calendar) Years() []disclosure.Year { return slices.Sorted(maps.Keys(c.notices)) }

// Notice returns the notice of a year.
func (c *Calendar) Notice(y disclosure.Year) (n Notice, ok bool) {
	n, ok = c.notices[y]
	return n, ok
}

// IsWorkday says whether offices work on the day.
func (c *Calendar) IsWorkday(d Date) bool {
	if works, named := c.exceptions[d]; named {
		return works
	}
	return !d.weekend()
}

// Holiday names the holiday that the day belongs to, "" when it is none.
func (c *Calendar) Holiday(d Date) string {
	for _, n := range c.notices {
		for _, h := range n.Holidays {
			if h.From <= d && d <= h.To {
				return h.Name
			}
		}
	}
	return ""
}

// AddWorkdays is the n-th working day after from; the day itself is not
// counted, as in any time limit of law (民法典 Art. 201). A negative n counts
// back. n = 0 is from itself, working day or not.
func (c *Calendar) AddWorkdays(from Date, n int) Date { return c.count(from, n, nil) }

// count is AddWorkdays over the days that paused does not take out.
func (c *Calendar) count(from Date, n int, paused func(Date) bool) Date {
	step := Date(1)
	if n < 0 {
		step, n = -1, -n
	}
	for d := from; ; {
		if n == 0 {
			return d
		}
		if d += step; c.IsWorkday(d) && (paused == nil || !paused(d)) {
			n--
		}
	}
}

// WorkdaysBetween counts the working days after from up to and with to: how
// many are left from today to a due date. It is negative when to lies before
// from, so that WorkdaysBetween(d, AddWorkdays(d, n)) = n.
func (c *Calendar) WorkdaysBetween(from, to Date) int {
	if to < from {
		n := 0
		for d := to; d < from; d++ {
			if c.IsWorkday(d) {
				n--
			}
		}
		return n
	}
	n := 0
	for d := from + 1; d <= to; d++ {
		if c.IsWorkday(d) {
			n++
		}
	}
	return n
}

// OnOrBefore is the last working day up to and with d.
func (c *Calendar) OnOrBefore(d Date) Date {
	for !c.IsWorkday(d) {
		d--
	}
	return d
}

// Note is what must stand beside anything that was reckoned from one day to
// another: "" when every year between is loaded.
func (c *Calendar) Note(from, to Date) string {
	if to < from {
		from, to = to, from
	}
	var missing []string
	for y := from.Year(); y <= to.Year(); y++ {
		if _, ok := c.notices[y]; !ok {
			missing = append(missing, y.String())
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return fmt.Sprintf("%s年未载入节假日,按周一至周五计算。", strings.Join(missing, "、"))
}
