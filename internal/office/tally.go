package office

import (
	"slices"

	"mingjing/internal/check"
	"mingjing/internal/store"
)

// Tally counts findings by severity: one count for the queue, the review page's
// bar and its list.
type Tally struct {
	Errors, Explains, Notices, Untried int
	// Explained are those of Explains that the unit wrote an explanation for.
	Explained int
}

func tallyOf(found []check.Finding, said []store.Explanation) Tally {
	t := Tally{}
	for i := range found {
		f := &found[i]
		switch f.Severity {
		case check.Error:
			t.Errors++
		case check.Explain:
			t.Explains++
			if explanationOf(f, said) != nil {
				t.Explained++
			}
		case check.Notice:
			t.Notices++
		case check.NotAssessable:
			t.Untried++
		}
	}
	return t
}

// Of is the count of a severity, by its name.
func (t Tally) Of(severity string) int {
	switch check.Severity(severity) {
	case check.Error:
		return t.Errors
	case check.Explain:
		return t.Explains
	case check.Notice:
		return t.Notices
	case check.NotAssessable:
		return t.Untried
	}
	return 0
}

// explanationOf is what the unit wrote on a finding, nil for nothing.
func explanationOf(f *check.Finding, said []store.Explanation) *store.Explanation {
	for i := len(said) - 1; i >= 0; i-- {
		if e := &said[i]; e.Rule == f.Rule && e.Aspect == f.Aspect && slices.Equal(e.Codes, f.Codes) {
			return e
		}
	}
	return nil
}
