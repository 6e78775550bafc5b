// Package check holds the rules of the annual report and what they find. It
// knows reports and forms, nothing of storage or pages.
package check

import "mingjing/internal/disclosure"

// Severity says what a finding asks of the unit.
type Severity string

// The severities, gravest first. NotAssessable is shown and is no pass: a
// total, or every addend of a side, is blank.
const (
	Error         Severity = "error"          // must be fixed before submitting
	Explain       Severity = "explain"        // may be submitted with a written explanation
	Notice        Severity = "notice"         // to be looked at
	NotAssessable Severity = "not_assessable" // the rule could not be tried
)

// Finding is one thing that a rule found in one report.
type Finding struct {
	Rule     string   `json:"rule"` // T3-R1
	Severity Severity `json:"severity"`
	// Title is the rule's, where the district named it; see RuleByID for others.
	Title string            `json:"title,omitempty"`
	Codes []disclosure.Code `json:"codes"` // every cell concerned, in reading order; never null
	// Table and Labels say the same for people: 表三; the cells' labels.
	Table  string   `json:"table,omitempty"`
	Labels []string `json:"labels,omitempty"`
	// Expected, Actual and Difference are decimal strings or short texts; ""
	// when the rule has no such thing.
	Expected   string `json:"expected"`
	Actual     string `json:"actual"`
	Difference string `json:"difference,omitempty"`
	// Aspect tells findings of one rule on the same cells, or on none, apart: the
	// topic of a number in the prose, the part that is missing. It is a key, not
	// wording, and says nothing of other units.
	Aspect string `json:"aspect,omitempty"`
	// Message is one sentence in Chinese: what is wrong and what to do.
	Message string `json:"message"`
	// Quote is the sentence of the report that a rule on prose is about, as
	// printed; Readings are the meanings of its number that were tried.
	Quote    string    `json:"quote,omitempty"`
	Readings []Reading `json:"readings,omitempty"`
	// Copied is set by CPY-R1. What it holds of another unit's report may be
	// shown to supervisors only: to the unit itself the message is all.
	Copied *Copied `json:"copied,omitempty"`
}

// ForUnit is the finding as the unit itself may see it: what was found in
// another unit's report, which may not be approved yet, is left out. Its own
// last report is its own.
func (f Finding) ForUnit() Finding {
	if f.Copied != nil && f.Aspect != copiedFromLast {
		f.Copied = nil
	}
	return f
}
