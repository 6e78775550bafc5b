package main

import (
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
)

// issueJSON is one object of "issues list --json", see docs/issues-json.md.
type issueJSON struct {
	ID         string                  `json:"id"`
	Number     string                  `json:"number"`
	Quarter    string                  `json:"quarter"`
	List       string                  `json:"list"`
	ListTitle  string                  `json:"list_title"`
	Unit       string                  `json:"unit"`
	UnitNumber disclosure.UnitNumber   `json:"unit_number"`
	Helpers    []disclosure.UnitNumber `json:"helpers"`
	Indicator1 string                  `json:"indicator1"`
	Indicator2 string                  `json:"indicator2"`
	Points     *string                 `json:"points"`
	Deduction  *string                 `json:"deduction"`
	Category   issue.Category          `json:"category"`
	Facts      string                  `json:"facts"`
	Addresses  []string                `json:"addresses"`
	State      issue.State             `json:"state"`
	Due        string                  `json:"due"`
	Overdue    bool                    `json:"overdue"`
	OnTime     *bool                   `json:"on_time"`
	Handed     *time.Time              `json:"handed"`
	Answered   *time.Time              `json:"answered"`
	Settled    *time.Time              `json:"settled"`
	Answer     string                  `json:"answer"`
	AnswerLink string                  `json:"answer_link"`
	Returns    int                     `json:"returns"`
	Reopens    int                     `json:"reopens"`
	Recurs     int                     `json:"recurs"`
	Origin     issue.OriginKind        `json:"origin"`
}

func issueOf(l office.IssueLine) issueJSON {
	out := issueJSON{ID: l.ID, Number: l.Number, Quarter: l.Quarter.String(), List: l.List, ListTitle: l.ListTitle, Unit: l.UnitName, UnitNumber: l.Unit,
		Helpers: l.Helpers, Indicator1: l.Indicator1, Indicator2: l.Indicator2, Category: l.Category, Facts: l.Facts, Addresses: []string{}, State: l.State,
		Due: l.Due.String(), Overdue: l.Overdue, Handed: moment(l.Handed), Answered: moment(l.Answered), Settled: moment(l.Settled),
		Returns: l.Returns, Reopens: l.Reopens, Recurs: l.Recurs, Origin: l.Origin.Kind}
	if out.Helpers == nil {
		out.Helpers = []disclosure.UnitNumber{}
	}
	for _, e := range l.Evidence {
		if e.Address != "" {
			out.Addresses = append(out.Addresses, e.Address)
		}
	}
	if l.Points.Valid {
		s := l.Points.Decimal.String()
		out.Points = &s
	}
	if l.Deduction.Valid {
		s := l.Deduction.Decimal.String()
		out.Deduction = &s
	}
	if l.Known {
		out.OnTime = &l.OnTime
	}
	if a := l.LastAnswer(); a != nil {
		out.Answer, out.AnswerLink = a.Text, a.Link
	}
	return out
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// issuesImportedJSON is the object of "issues import --json".
type issuesImportedJSON struct {
	Quarter     string             `json:"quarter"`
	List        string             `json:"list"`
	ListTitle   string             `json:"list_title"`
	Asked       bool               `json:"asked"`
	DryRun      bool               `json:"dry_run"`
	New         int                `json:"new"`
	Duplicates  int                `json:"duplicates"`
	IDs         []string           `json:"ids"`
	Mapping     issue.Mapping      `json:"mapping"`
	Rows        []issue.Row        `json:"rows"`
	Problems    []string           `json:"problems"`
	Objection   string             `json:"objection"`
	ScoreDoubts []string           `json:"score_problems"`
	ScoredUnits int                `json:"scored_units"`
	Differences []issue.Difference `json:"differences"`
	Remarks     []issue.Remark     `json:"remarks"`
	KeptMarks   int                `json:"kept_marks"`
}

func issueImportJSON(o *office.IssueImport, dry bool) issuesImportedJSON {
	out := issuesImportedJSON{Quarter: o.Quarter.String(), List: o.List.ID, ListTitle: o.List.Title, Asked: o.Asked, DryRun: dry, New: o.New, Duplicates: o.Twins,
		IDs: o.IDs, Mapping: o.Mapping, Rows: o.Rows, Problems: o.Problems, Differences: o.Differences, Objection: o.Objection, ScoreDoubts: []string{}, Remarks: append([]issue.Remark{}, o.Remarks...), KeptMarks: o.KeptMarks}
	if o.Scores != nil {
		out.ScoredUnits = len(o.Scores.Units)
		out.ScoreDoubts = append(out.ScoreDoubts, o.Scores.Problems...)
	}
	if out.IDs == nil {
		out.IDs = []string{}
	}
	if out.Problems == nil {
		out.Problems = []string{}
	}
	if out.Differences == nil {
		out.Differences = []issue.Difference{}
	}
	return out
}
