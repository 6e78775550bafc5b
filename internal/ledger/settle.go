package ledger

import (
	"fmt"
	"slices"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
)

// Decide records what a person settled about a row and settles the row anew; an
// empty decision takes back what was settled. ErrNotFound for an unknown row,
// ErrInvalid for a decision that cannot be.
func (l *Ledger) Decide(id string, d Decision) error {
	i := slices.IndexFunc(l.Rows, func(r Row) bool { return r.ID == id })
	if i < 0 {
		return disclosure.Errorf(disclosure.ErrNotFound, "台账里没有这一行,请刷新后再选。")
	}
	if err := d.validate(); err != nil {
		return err
	}
	l.Rows[i].Decision = &d
	if d == (Decision{}) {
		l.Rows[i].Decision = nil
	}
	l.settleRow(&l.Rows[i])
	return nil
}

// AcceptSuggestions confirms every suggestion for a field at once and says how
// many rows it concerned.
func (l *Ledger) AcceptSuggestions(field Field) int {
	n := 0
	for i := range l.Rows {
		r := &l.Rows[i]
		for _, p := range r.Problems {
			if p.Field != field || p.Suggested == "" {
				continue
			}
			d := Decision{}
			if r.Decision != nil {
				d = *r.Decision
			}
			if field == FieldApplicant {
				d.Applicant = p.Suggested
			} else {
				d.Result = p.Suggested
			}
			if d.validate() == nil {
				r.Decision = &d
				n++
			}
		}
		l.settleRow(r)
	}
	return n
}

func (l *Ledger) settle() {
	for i := range l.Rows {
		l.settleRow(&l.Rows[i])
	}
}

// facts are a row as read, with what was decided over it.
type facts struct {
	applicant, result string
	received, closed  calendar.Date
	open              bool
}

func (r *Row) facts() facts {
	f := facts{applicant: r.Applicant, result: r.Result, received: r.Received, closed: r.Closed}
	d := r.Decision
	if d == nil {
		return f
	}
	if d.Applicant != "" {
		f.applicant = d.Applicant
	}
	if d.Result != "" {
		f.result = d.Result
	}
	if d.Received != 0 {
		f.received = d.Received
	}
	if d.Closed != 0 {
		f.closed = d.Closed
	}
	if d.Open {
		f.result, f.closed, f.open = "", 0, true
	}
	return f
}

// settleRow says where a row counts. Received in the year it is new, before it
// and not closed before it is carried in; closed in the year it has a result,
// else it is carried out. A row that is not settled in every respect counts
// nowhere, so that the table's sums hold whatever is still open (T3-R1 to R3).
func (l *Ledger) settleRow(r *Row) {
	r.Standing, r.Codes, r.Problems, r.Why, r.Overdue = Undecided, nil, nil, "", nil
	f := r.facts()
	if r.Decision != nil && r.Decision.Skip {
		r.Standing, r.Why = Skipped, "已确认不单独计数"
		return
	}
	first, last := calendar.Day(int(l.Year), 1, 1), calendar.Day(int(l.Year), 12, 31)
	switch {
	case f.received > last:
		r.Standing, r.Why = Outside, fmt.Sprintf("%s收到,晚于%s年度", f.received.Chinese(), l.Year)
		return
	case f.received != 0 && f.closed != 0 && f.received <= f.closed && f.closed < first:
		r.Standing, r.Why = Outside, fmt.Sprintf("%s已办结,早于%s年度", f.closed.Chinese(), l.Year)
		return
	}
	l.overdue(r, f)
	closedLater := f.closed > last
	r.Problems = l.problems(r, f, closedLater)
	if len(r.Problems) > 0 {
		return
	}
	r.Standing = Counted
	rows := []string{rowNew}
	if f.received < first {
		rows[0] = rowCarriedIn
	}
	if f.closed == 0 || closedLater {
		rows = append(rows, rowCarriedOut)
	} else {
		rows = append(rows, f.result, rowTotal)
	}
	t := table3(l.form)
	for _, row := range rows {
		r.Codes = append(r.Codes, t.Code(row, f.applicant), t.Code(row, columnTotal))
	}
	slices.SortFunc(r.Codes, func(a, b disclosure.Code) int { return l.form.Order(a) - l.form.Order(b) })
}

// problems are what keeps a row from being counted: what was found at reading
// and not decided since, and what does not fit together.
func (l *Ledger) problems(r *Row, f facts, closedLater bool) []Problem {
	var out []Problem
	for _, p := range r.Found {
		switch {
		case p.Field == FieldApplicant && f.applicant != "", p.Field == FieldReceived && f.received != 0,
			p.Field == FieldClosed && (f.closed != 0 || f.open), p.Field == FieldResult && (f.result != "" || f.open || closedLater):
			continue
		}
		out = append(out, p)
	}
	has := func(field Field) bool {
		return slices.ContainsFunc(out, func(p Problem) bool { return p.Field == field })
	}
	add := func(field Field, candidates []string, message string) {
		if !has(field) {
			out = append(out, Problem{Field: field, Candidates: slices.Clone(candidates), Message: message})
		}
	}
	if f.applicant == "" {
		add(FieldApplicant, applicantKeys, "没有填写申请人类型,请选定一类。")
	}
	if f.received == 0 {
		add(FieldReceived, nil, "没有收到日期,请对照原表补正。")
	}
	switch {
	case f.closed != 0 && f.closed < f.received:
		add(FieldClosed, nil, "答复日期早于收到日期,请对照原表更正。")
	case l.Today != 0 && (f.closed > l.Today || f.received > l.Today):
		add(FieldClosed, nil, "收到或答复日期晚于今天,请对照原表更正。")
	case f.closed == 0 && f.result != "":
		add(FieldClosed, nil, "有办理结果但没有答复日期,请补填答复日期,或确认尚未办结。")
	case f.closed == 0 && has(FieldResult) && !has(FieldClosed):
		add(FieldClosed, nil, "写了办理情况但没有答复日期,请补填答复日期,或确认尚未办结。")
	case f.closed != 0 && f.result == "" && !closedLater:
		add(FieldResult, resultKeys, "有答复日期但没有办理结果,请选定一项,或确认尚未办结。")
	}
	if len(r.SameNumber) > 0 && (r.Decision == nil || !r.Decision.Distinct) {
		add(FieldNumber, nil, fmt.Sprintf("编号与%s相同,请确认是两件申请,还是重复登记。", someOf(r.SameNumber)))
	}
	return out
}

// overdue judges the answer by Art. 33: 20 working days from receipt, or from
// the arrival of the completed application, and up to 20 more when extended.
func (l *Ledger) overdue(r *Row, f facts) {
	if f.received == 0 || f.closed != 0 && f.closed < f.received {
		return
	}
	a := calendar.Application{Received: f.received, Corrected: r.Corrected}
	if r.Extended {
		a.ExtendedBy = calendar.ExtensionAtMost
	}
	due, done := l.calendar.AnswerDue(a), f.closed
	if done == 0 {
		done = l.Today
	}
	if done <= due { // no day to judge by is 0
		return
	}
	r.Overdue = &Overdue{Due: due, Workdays: l.calendar.WorkdaysBetween(due, done), Open: f.closed == 0, Note: l.calendar.Note(f.received, done)}
}
