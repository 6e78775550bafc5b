// Package ledger fills table 三 from a unit's ledger of applications
// (依申请公开台账), one row an application. It reads the sheets as a reader made
// them, says what it takes each column for, classifies applicants and results,
// and counts; what it is not sure of it counts nowhere and lists for a person.
//
// Names, identity numbers, telephone numbers, addresses, what was asked for and
// every other free text end here: what leaves this room are days, codes, places
// in the file, the application's own number, and words of its own vocabulary.
package ledger

import (
	"fmt"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// Options say how a ledger is read.
type Options struct {
	Year disclosure.Year
	// Form is the form to fill; nil: the national form of the year. It must
	// have table 三 of the 2021 form.
	Form *disclosure.Form
	// Mapping is what a person confirmed; sheets that it does not know are read
	// as proposed. nil: everything as proposed.
	Mapping *Mapping
	// Calendar reckons the time limits; nil: the shipped one.
	Calendar *calendar.Calendar
	// Today is the day on which unanswered applications are judged; 0: they are
	// not.
	Today calendar.Date
}

// Ledger is one ledger as read, without anything private. It can be stored, and
// settled further by Decide.
type Ledger struct {
	Year disclosure.Year `json:"year"`
	Form string          `json:"form"` // its ID
	// Mapping is how the columns were read.
	Mapping Mapping       `json:"mapping"`
	Today   calendar.Date `json:"today,omitempty"`
	Rows    []Row         `json:"rows"` // in the file's order
	// Doubts are sentences on the file as a whole: sheets left out, columns
	// read on a guess, conventions of counting.
	Doubts []Doubt `json:"doubts,omitempty"`

	form     *disclosure.Form
	calendar *calendar.Calendar
}

// Doubt is something that a person should look at.
type Doubt struct {
	Place   string `json:"place,omitempty"`
	Message string `json:"message"`
}

// MaxRows bounds a ledger: a city gets up to 14,000 applications a year.
const MaxRows = 50_000

// Read reads a ledger. ErrInvalid when the file holds none, when the mapping
// cannot be applied, or when the form has no table 三 as of 2021.
func Read(doc *document.Document, opts Options) (*Ledger, error) {
	l := &Ledger{Year: opts.Year, Today: opts.Today}
	if err := l.equip(opts.Form, opts.Calendar); err != nil {
		return nil, err
	}
	sheets, others := findSheets(doc)
	if len(sheets) == 0 {
		return nil, noLedger()
	}
	hide := newMask(privateTexts(sheets))
	l.Mapping = propose(sheets, hide)
	if opts.Mapping != nil {
		if err := opts.Mapping.Validate(); err != nil {
			return nil, err
		}
		l.Mapping.YearOfDays = opts.Mapping.YearOfDays
		for i, h := range l.Mapping.Heads {
			if confirmed := opts.Mapping.head(h.Fingerprint); confirmed != nil {
				l.Mapping.Heads[i].Columns = confirmed.Columns
			}
		}
	}
	if err := l.Mapping.Validate(); err != nil {
		return nil, err
	}
	r := &rowReader{ledger: l, numbers: map[string]int{}}
	r.read(sheets, privateOf(sheets, l.Mapping, hide))
	if len(l.Rows) > MaxRows {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "台账超过%d行,不像一个单位一年的台账,请分年度、分单位上传。", MaxRows)
	}
	for _, place := range others {
		l.Doubts = append(l.Doubts, Doubt{Place: hide.head(place), Message: "这张表没有台账的表头,没有读入;如果也是台账,请补上表头后重新上传。"})
	}
	l.doubtColumns()
	l.settle()
	l.doubtConventions()
	return l, nil
}

// privateOf is the mask that also knows the columns which a person marked as
// private.
func privateOf(sheets []*sheet, m Mapping, hide *mask) *mask {
	texts := privateTexts(sheets)
	for _, s := range sheets {
		h := m.head(s.print)
		for _, c := range h.Columns {
			if c.Role != RoleName && c.Role != RolePrivate {
				continue
			}
			for r := s.first; r < s.grid.Rows; r++ {
				texts = append(texts, s.text(r, c.Column))
			}
		}
	}
	return newMask(texts)
}

// equip finds the form and the calendar, at reading and after loading.
func (l *Ledger) equip(form *disclosure.Form, c *calendar.Calendar) error {
	if !l.Year.Valid() {
		return disclosure.Errorf(disclosure.ErrInvalid, "请先选择台账对应的报告年度。")
	}
	if form == nil {
		for _, f := range disclosure.Forms() {
			if f.Family == disclosure.FamilyNational && (l.Form == f.ID || l.Form == "" && f.FitsYear(l.Year)) {
				form = f
			}
		}
	}
	if form == nil || table3(form) == nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "由台账生成表三只适用于2021年度起的表式,%s年度请直接填表。", l.Year)
	}
	if c == nil {
		c = calendar.Shipped()
	}
	l.form, l.calendar, l.Form = form, c, form.ID
	return nil
}

// Equip must be called on a Ledger that was loaded from its JSON before it is
// settled or counted. nil stands for the form it names and the shipped calendar.
func (l *Ledger) Equip(form *disclosure.Form, c *calendar.Calendar) error {
	if err := l.equip(form, c); err != nil {
		return err
	}
	l.settle()
	return nil
}

func (l *Ledger) doubtColumns() {
	for _, h := range l.Mapping.Heads {
		place := ""
		if len(h.Sheets) > 0 {
			place = h.Sheets[0]
		}
		for _, c := range h.Columns {
			switch {
			case c.Role == RoleIgnore || c.Role == RoleRemark || c.Role == RoleContent || c.Confidence >= sureEnough:
			case c.Why != "":
				l.Doubts = append(l.Doubts, Doubt{Place: place, Message: fmt.Sprintf("“%s”一栏按%s读入(%s),请确认。", c.Header, c.Meaning(), c.Why)})
			default:
				l.Doubts = append(l.Doubts, Doubt{Place: place, Message: fmt.Sprintf("“%s”一栏按%s读入,请确认。", c.Header, c.Meaning())})
			}
		}
	}
}

// doubtConventions says once how many rows were counted by each convention.
func (l *Ledger) doubtConventions() {
	times := map[string]int{}
	var order []string
	for _, r := range l.Rows {
		for _, n := range r.Conventions {
			if times[n] == 0 {
				order = append(order, n)
			}
			times[n]++
		}
	}
	for _, n := range order {
		l.Doubts = append(l.Doubts, Doubt{Message: fmt.Sprintf("有%d行:%s,请确认与本地口径一致。", times[n], n)})
	}
}
