package office

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// incomingEvidence is evidence that came with a form and that no act has taken
// yet. It waits where lists and workbooks do, on no list, and goes after a day.
const incomingEvidence IncomingKind = "evidence"

// HeldEvidence is a piece of it; ID is what IssueMove.Held and IssueEntryForm.Held
// name it by.
type HeldEvidence struct {
	ID   string
	File issue.File
}

// HoldEvidence looks at a file as KeepEvidence does, and lets it wait: what is
// refused leaves nothing behind. Errors: as KeepEvidence, and ErrConflict (too
// many files wait).
func (o *Office) HoldEvidence(_ context.Context, v people.Visitor, name string, data []byte) (*HeldEvidence, error) {
	f, err := evidenceFile(v, name, data)
	if err != nil {
		return nil, err
	}
	state, err := json.Marshal(incomingState{IssueList: string(incomingEvidence), Kind: incomingEvidence})
	if err != nil {
		return nil, err
	}
	w, err := o.store.PutWaiting(store.Waiting{ID: uuid.NewString(), Time: o.clock(), Person: v.Account, File: store.SourceFile{Name: f.Name}, State: state}, data)
	return &HeldEvidence{ID: w.ID, File: *f}, err
}

// evidenceFile is what a file is, to who may hand evidence in.
func evidenceFile(v people.Visitor, name string, data []byte) (*issue.File, error) {
	if !slices.ContainsFunc([]people.Right{people.AnswerIssue, people.Evaluate, people.Supervise}, v.Anywhere) {
		return nil, v.Demand(people.AnswerIssue, 0)
	}
	sum := sha256.Sum256(data)
	f := &issue.File{Name: evidenceName(name), Size: int64(len(data)), SHA256: hex.EncodeToString(sum[:])}
	var err error
	f.Media, err = evidenceKind(f.Name, data)
	return f, err
}

// takeEvidence keeps for good what an act takes, just before it is done.
func (o *Office) takeEvidence(v people.Visitor, held []string) error {
	for _, id := range held {
		if _, err := o.incoming(v, string(incomingEvidence), incomingEvidence, id); err != nil {
			return err
		}
		data, err := o.store.WaitingData(id)
		if err != nil {
			return err
		}
		if _, _, err := o.store.PutFile(bytes.NewReader(data)); err != nil {
			return err
		}
	}
	return nil
}

// DropEvidence lets go of evidence that no act will take. Somebody else's stays.
func (o *Office) DropEvidence(v people.Visitor, held ...string) {
	for _, id := range held {
		if _, err := o.incoming(v, string(incomingEvidence), incomingEvidence, id); err == nil {
			_ = o.store.DropWaiting(id) // else it goes in a day
		}
	}
}

// MayEnterIssue says whether the visitor can put an issue on a list. Errors:
// ErrNotFound, ErrConflict (it is closed).
func (o *Office) MayEnterIssue(ctx context.Context, v people.Visitor, list string) error {
	return o.issuesNow(ctx, func(b *issueBook) error {
		_, err := b.openList(v, list, nil)
		return err
	})
}
