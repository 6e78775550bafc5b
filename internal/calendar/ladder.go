package calendar

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
)

// Rung is one step of an escalation: 提醒, 催办, 通报点名.
type Rung struct {
	Name string `json:"name"`
	// Workdays is when it begins: so many working days after the due day,
	// before it when negative, on it when 0.
	Workdays int `json:"workdays"`
	// Says is what is to be done then, for people.
	Says string `json:"says,omitempty"`
}

// Ladder is an escalation, mildest rung first.
type Ladder []Rung

//go:embed ladder.json
var shippedLadder []byte

// DefaultLadder is the ladder that a district starts with; each call makes a
// new one.
func DefaultLadder() Ladder {
	l, err := ParseLadder(shippedLadder)
	if err != nil {
		panic(err) // a fault of the build
	}
	return l
}

// farthest is how many working days a rung may be from the due day.
const farthest = 250

// ParseLadder reads a ladder as JSON: an array of Rung. ErrInvalid with a
// sentence when it cannot be used.
func ParseLadder(data []byte) (Ladder, error) {
	var l Ladder
	dec := json.NewDecoder(strings.NewReader(string(data)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "催办阶梯不是规定格式的JSON,每级应有name和workdays。").Because(err)
	}
	return l, l.Validate()
}

// Validate says whether the rungs are named and in order.
func (l Ladder) Validate() error {
	if len(l) == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "催办阶梯没有一级,请至少设一级。")
	}
	for i, r := range l {
		switch {
		case strings.TrimSpace(r.Name) == "":
			return disclosure.Errorf(disclosure.ErrInvalid, "催办阶梯第%d级没有名称,请填写。", i+1)
		case r.Workdays < -farthest || r.Workdays > farthest:
			return disclosure.Errorf(disclosure.ErrInvalid, "催办阶梯“%s”离期限超过%d个工作日,请改小。", r.Name, farthest)
		case i > 0 && r.Workdays <= l[i-1].Workdays:
			return disclosure.Errorf(disclosure.ErrInvalid, "催办阶梯“%s”应晚于上一级“%s”,请调整工作日数。", r.Name, l[i-1].Name)
		case slices.ContainsFunc(l[:i], func(o Rung) bool { return o.Name == r.Name }):
			return disclosure.Errorf(disclosure.ErrInvalid, "催办阶梯有两级都叫“%s”,请改名。", r.Name)
		}
	}
	return nil
}

// Standing is where an unfinished piece of work stands on a ladder.
type Standing struct {
	Reached *Rung `json:"reached,omitempty"` // nil: not yet on the ladder
	Since   Date  `json:"since,omitempty"`   // the day Reached began
	Next    *Rung `json:"next,omitempty"`    // nil: the last rung is reached
	On      Date  `json:"on,omitempty"`      // the day Next begins
	// Note says that days were counted without holidays, "" otherwise.
	Note string `json:"note,omitempty"`
}

// Stage says which rung is reached at a moment and which comes next. A rung
// begins at 0:00 of its day.
func Stage(l Ladder, due Moment, now time.Time, c *Calendar) Standing {
	var s Standing
	today := DayOf(now)
	for i := range l {
		on := c.AddWorkdays(due.Date, l[i].Workdays)
		if on > today {
			s.Next, s.On = &l[i], on
			break
		}
		s.Reached, s.Since = &l[i], on
	}
	s.Note = c.Note(min(due.Date, today), max(due.Date, today, s.On))
	return s
}

// Sentence says for people where the work stands.
func (s Standing) Sentence() string {
	var parts []string
	if s.Reached != nil {
		parts = append(parts, fmt.Sprintf("自%s起已到“%s”", s.Since.Chinese(), s.Reached.Name))
	}
	if s.Next != nil {
		parts = append(parts, fmt.Sprintf("%s进入“%s”", s.On.Chinese(), s.Next.Name))
	}
	return strings.Join(append(parts, ""), "。") + s.Note
}
