package ledger

import (
	"slices"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
)

// Standing says what became of a row.
type Standing string

// The standings.
const (
	Counted   Standing = "counted"
	Undecided Standing = "undecided" // counted nowhere until a person settles it
	Outside   Standing = "outside"   // of another year
	Skipped   Standing = "skipped"   // a person said that it is no application of its own
)

// Field is what of a row a problem is about.
type Field string

// The fields.
const (
	FieldApplicant Field = "applicant"
	FieldReceived  Field = "received"
	FieldClosed    Field = "closed"
	FieldResult    Field = "result"
	FieldNumber    Field = "number"
)

// Problem is why a row is not counted.
type Problem struct {
	Field   Field  `json:"field"`
	Message string `json:"message"` // one sentence: what is the matter and what to do
	// Candidates are the columns (applicant) or rows (result) of table 三 that
	// it may be; Suggested is the likeliest.
	Candidates []string `json:"candidates,omitempty"`
	Suggested  string   `json:"suggested,omitempty"`
}

// Row is one application, without anything private.
type Row struct {
	ID     string `json:"id"`    // within this ledger
	Place  string `json:"place"` // in the file: 工作表“1月” 第5行
	Number string `json:"number,omitempty"`
	// What was read. Applicant is a column of table 三 (NP), Result a row
	// (GRANTED); "" when not settled. Said are the words they were read from.
	Applicant  string        `json:"applicant,omitempty"`
	Result     string        `json:"result,omitempty"`
	Said       string        `json:"said,omitempty"`
	Received   calendar.Date `json:"received,omitempty"`
	Corrected  calendar.Date `json:"corrected,omitempty"`
	Closed     calendar.Date `json:"closed,omitempty"`
	Extended   bool          `json:"extended,omitempty"`
	SameNumber []string      `json:"same_number,omitempty"` // places of the other rows with its number
	// Conventions say how it is counted where that is an agreement.
	Conventions []string `json:"conventions,omitempty"`
	// Found are the problems met at reading, Decision what a person settled.
	Found    []Problem `json:"found,omitempty"`
	Decision *Decision `json:"decision,omitempty"`

	// What follows from all that for the year.
	Standing Standing          `json:"standing"`
	Codes    []disclosure.Code `json:"codes,omitempty"` // the cells it counts in
	Problems []Problem         `json:"problems,omitempty"`
	Why      string            `json:"why,omitempty"` // why it is outside or skipped
	Overdue  *Overdue          `json:"overdue,omitempty"`
}

// Overdue is an answer that is or was late (Art. 33 of the Regulations).
type Overdue struct {
	Due      calendar.Date `json:"due"`      // the last day for the answer
	Workdays int           `json:"workdays"` // working days after it
	Open     bool          `json:"open"`     // not answered yet
	Note     string        `json:"note,omitempty"`
}

// Decision is what a person settled about a row; empty fields leave it as read.
type Decision struct {
	Applicant string        `json:"applicant,omitempty"`
	Result    string        `json:"result,omitempty"`
	Received  calendar.Date `json:"received,omitempty"`
	Closed    calendar.Date `json:"closed,omitempty"`
	Open      bool          `json:"open,omitempty"`     // not answered yet, whatever the ledger says
	Distinct  bool          `json:"distinct,omitempty"` // an application of its own, its number notwithstanding
	Skip      bool          `json:"skip,omitempty"`     // no application of its own: not counted
}

func (d Decision) validate() error {
	wrong := func(s string) error { return disclosure.Errorf(disclosure.ErrInvalid, "%s", s) }
	switch {
	case d.Applicant != "" && !slices.Contains(applicantKeys, d.Applicant):
		return wrong("申请人类型不在表三的六类里,请重新选择。")
	case d.Result != "" && !slices.Contains(resultKeys, d.Result):
		return wrong("办理结果不在表三的各项里,请重新选择。")
	case d.Open && (d.Result != "" || d.Closed != 0):
		return wrong("未办结的申请不能同时有办理结果或答复日期,请只选一种。")
	case d.Received != 0 && d.Closed != 0 && d.Closed < d.Received:
		return wrong("答复日期早于收到日期,请核对。")
	}
	return nil
}

// DecisionOf is the decision that a row counts in a cell of table 三: T3_GRANTED_NP
// settles result and applicant, T3_GRANTED_TOT the result alone,
// T3_NEW_RECEIVED_NP the applicant alone, T3_CARRIED_OUT_NP that it is not
// answered. ErrInvalid for other codes.
func DecisionOf(code disclosure.Code) (Decision, error) {
	for _, row := range append([]string{rowNew, rowCarriedIn, rowTotal, rowCarriedOut}, resultKeys...) {
		for _, column := range append([]string{columnTotal}, applicantKeys...) {
			if code != disclosure.Code("T3_"+row+"_"+column) {
				continue
			}
			d := Decision{Open: row == rowCarriedOut}
			if column != columnTotal {
				d.Applicant = column
			}
			if slices.Contains(resultKeys, row) {
				d.Result = row
			}
			return d, nil
		}
	}
	return Decision{}, disclosure.Errorf(disclosure.ErrInvalid, "“%s”不是表三的单元格,请重新选择。", disclosure.Clip(string(code), 40))
}

// keyLabel is what the form calls a row or column of table 三.
func keyLabel(key string) string {
	for _, f := range disclosure.Forms() {
		t := f.Table("T3")
		if t == nil || table3(f) == nil {
			continue
		}
		for _, b := range t.Blocks {
			for _, axes := range [][]disclosure.Axis{b.Columns, b.Rows} {
				for _, a := range axes {
					if a.Key == key {
						return a.FullLabel()
					}
				}
			}
		}
	}
	return key
}
