package store

import (
	"time"

	"mingjing/internal/disclosure"
)

// Explanation is a unit's written word on a finding. It travels with the
// figures.
type Explanation struct {
	Rule  string            `json:"rule"`
	Codes []disclosure.Code `json:"codes,omitempty"`
	// Aspect tells findings on the same cells, or on none, apart.
	Aspect string    `json:"aspect,omitempty"`
	Text   string    `json:"text"`
	By     string    `json:"by"` // account
	Time   time.Time `json:"time"`
}

// Return says why a report came back and until when it is to be put right.
type Return struct {
	Reason string       `json:"reason"`
	Due    string       `json:"due,omitempty"` // YYYY-MM-DD, the last day
	Cells  []CellReturn `json:"cells,omitempty"`
	By     string       `json:"by"` // account
	Time   time.Time    `json:"time"`
}

// CellReturn is what is wrong with one figure.
type CellReturn struct {
	Code   disclosure.Code `json:"code"`
	Reason string          `json:"reason"`
}

// Origin is the way on which a revision came in.
type Origin struct {
	Way      string `json:"way"`                // form, file, proxy (代报), template, import
	From     string `json:"from,omitempty"`     // who handed it over, by a proxy's word
	Received string `json:"received,omitempty"` // YYYY-MM-DD
	By       string `json:"by,omitempty"`       // account that entered it
}
