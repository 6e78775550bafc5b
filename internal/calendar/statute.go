package calendar

import "mingjing/internal/disclosure"

// Time limits of 《中华人民共和国政府信息公开条例》, in working days where not
// said otherwise.
const (
	PublishWithin    = 20 // Art. 26: from the day the information was made or changed
	AnswerWithin     = 20 // Art. 33: from the day the application was received
	ExtensionAtMost  = 20 // Art. 33: with the head of the disclosure office's consent
	CorrectionWithin = 7  // Art. 30: for telling the applicant to complete the application
)

// Statutory is the last day for a year's report (Art. 49): 31 March for
// governments, 31 January for everybody else, unit unknown included. It never
// moves, holidays and local extensions notwithstanding.
func Statutory(year disclosure.Year, unit *disclosure.Unit) Date {
	if unit != nil && unit.Kind == disclosure.UnitGovernment {
		return Day(int(year)+1, 3, 31)
	}
	return Day(int(year)+1, 1, 31)
}

// Application is what the law's time limits need to know of an application for
// information.
type Application struct {
	Received Date `json:"received"`
	// Corrected is when the completed application arrived, 0 when nothing had
	// to be completed: the clock starts again on it (Art. 30).
	Corrected Date `json:"corrected,omitempty"`
	// ExtendedBy is by how many working days the answer was put off; more than
	// ExtensionAtMost counts as that.
	ExtendedBy int `json:"extended_by,omitempty"`
	// Consultations are the days on which third parties or other organs were
	// asked; they do not count (Art. 33). Both ends are included.
	Consultations []Span `json:"consultations,omitempty"`
}

// Span is a run of days, both ends included.
type Span struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// AnswerDue is the last day for the answer (Art. 33), 0 for an application
// without a day of receipt.
func (c *Calendar) AnswerDue(a Application) Date {
	start := max(a.Received, a.Corrected)
	if start == 0 {
		return 0
	}
	days := AnswerWithin + min(max(0, a.ExtendedBy), ExtensionAtMost)
	return c.count(start, days, func(d Date) bool {
		for _, s := range a.Consultations {
			if s.From <= d && d <= min(s.To, s.From+longestConsultation) {
				return true
			}
		}
		return false
	})
}

// longestConsultation keeps a misprinted year from pausing the clock for ever.
const longestConsultation = 366

// CorrectionNoticeDue is the last day for telling the applicant what to
// complete (Art. 30).
func (c *Calendar) CorrectionNoticeDue(received Date) Date {
	return c.AddWorkdays(received, CorrectionWithin)
}

// PublishDue is the last day for publishing what was made or changed on a day
// (Art. 26).
func (c *Calendar) PublishDue(made Date) Date { return c.AddWorkdays(made, PublishWithin) }
