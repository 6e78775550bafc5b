package store

import (
	"encoding/json"
	"time"

	"mingjing/internal/disclosure"
)

// The log is append-only; erasure (清除) is its one exception, for content that
// the law does not let us keep (a state secret, a person's data). Two
// administrators name it, an act records it, and what was there is gone from
// the log, the projections, the files and the drafts.

// Erasure says what to remove and why. What it names of reports are rows with
// their whole state, so that every copy has to be named: a key with its
// revisions names all of them.
type Erasure struct {
	ID     string // of the act, a UUID; a repeated one goes on where it broke off
	Actor  Actor
	Reason string
	Admins [2]string // names of the two administrators

	Seqs    []uint64 // rows of the log, of any kind but units and erasures
	Reports []ReportRevisions
	Parts   []ErasedPart // of reports; nil: all but key, status and form
	Files   []string     // sha256
	Drafts  []DraftName  // with all their versions
	// Kept is what stays of a row's state, by its seq, for rows that are no
	// reports; of the others nothing does. It is on record with the erasure.
	Kept map[uint64]json.RawMessage
}

// ReportRevisions names some revisions of a report, with nil all of them.
type ReportRevisions struct {
	Key       ReportKey
	Revisions []int
}

// DraftName names a draft.
type DraftName struct {
	Unit   disclosure.UnitNumber `json:"unit"`
	Period disclosure.Period     `json:"period"`
}

// ErasedPart is a part of a report's revision.
type ErasedPart string

// The parts of a report that can be erased by themselves.
const (
	EraseProse   ErasedPart = "prose"   // the six parts' text and the title
	EraseRemarks ErasedPart = "remarks" // raw texts and remarks of cells, explanations, reasons
	EraseValues  ErasedPart = "values"  // the figures: as if they had never been filled in
	EraseSources ErasedPart = "sources" // names of files, who handed them over
)

var allParts = []ErasedPart{EraseProse, EraseRemarks, EraseValues, EraseSources}

// Tombstone stands in a state in place of what was erased.
type Tombstone struct {
	Act    string       `json:"act"` // ID of the erasure
	Time   time.Time    `json:"time"`
	Reason string       `json:"reason"`
	Admins [2]string    `json:"admins"`
	Hash   string       `json:"hash"`            // sha256 of the state before, in hex
	Parts  []ErasedPart `json:"parts,omitempty"` // of a report
}

// Erased is the state of an erasure in the log: first as it was ordered, then,
// once done, with what became of it.
type Erased struct {
	Reason  string       `json:"reason"`
	Admins  [2]string    `json:"admins"`
	Parts   []ErasedPart `json:"parts,omitempty"`
	Rows    []ErasedRow  `json:"rows,omitempty"`
	Files   []string     `json:"files,omitempty"`
	Drafts  []DraftName  `json:"drafts,omitempty"`
	Ordered time.Time    `json:"ordered"`
	Done    bool         `json:"done,omitempty"`
	// Backups were made before and still hold what was erased, Left says what
	// else may: both are for people to see to.
	Backups []BackupRecord `json:"backups,omitempty"`
	Left    []string       `json:"left,omitempty"`
}

// ErasedRow is a row of the log that lost content.
type ErasedRow struct {
	Seq  uint64     `json:"seq"`
	Kind EntityKind `json:"kind"`
	ID   string     `json:"id"`
	Hash string     `json:"hash"` // sha256 of the state before, in hex
	// Kept is an object of what stays of the state; none: nothing.
	Kept json.RawMessage `json:"kept,omitempty"`
}

// ErasureReceipt is the answer to an erasure.
type ErasureReceipt struct {
	Erased
	Seq      uint64 // of the act that says it is done
	Repeated bool   // it had been done before
}

func (e *Erasure) validate() error {
	switch {
	case e.ID == "" || len(e.ID) > 58: // the act that ends it adds to it
		return disclosure.Errorf(disclosure.ErrInternal, "清除操作没有编号。")
	case e.Reason == "":
		return disclosure.Errorf(disclosure.ErrInvalid, "请写明清除的理由。")
	case e.Admins[0] == "" || e.Admins[1] == "" || e.Admins[0] == e.Admins[1]:
		return disclosure.Errorf(disclosure.ErrInvalid, "清除须由两名不同的管理员共同确认。")
	case len(e.Seqs)+len(e.Reports)+len(e.Files)+len(e.Drafts) == 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "没有选定要清除的内容。")
	}
	for _, sum := range e.Files {
		if !sha256Name.MatchString(sum) {
			return disclosure.Errorf(disclosure.ErrInvalid, "要清除的文件“%s”不存在。", sum)
		}
	}
	return nil
}
