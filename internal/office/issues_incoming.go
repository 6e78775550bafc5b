package office

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
	"mingjing/internal/issue"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// IncomingKind says what a file that waits for a list is.
type IncomingKind string

// The kinds.
const (
	IncomingList IncomingKind = "list" // issues, monitoring results, scores
	IncomingBook IncomingKind = "book" // a 测评工作簿, or a zip of one with its evidence
)

// IncomingChoices are what a person has said of a file so far.
type IncomingChoices struct {
	Mapping      *issue.Mapping  `json:"mapping,omitempty"`
	Skip         []string        `json:"skip,omitempty"`
	Take         []string        `json:"take,omitempty"`
	Historic     bool            `json:"historic,omitempty"`
	OtherQuarter bool            `json:"other_quarter,omitempty"`
	NoScores     bool            `json:"no_scores,omitempty"`
	Remarks      string          `json:"remarks,omitempty"` // see IssueImportOptions
	Back         map[string]bool `json:"back,omitempty"`    // of a workbook's conflicts, see MergeBook
}

// Options are the choices as an import takes them.
func (c IncomingChoices) Options(list string) IssueImportOptions {
	return IssueImportOptions{List: list, Mapping: c.Mapping, Skip: c.Skip, Take: c.Take, Historic: c.Historic, OtherQuarter: c.OtherQuarter, NoScores: c.NoScores, Remarks: c.Remarks}
}

// incomingState is kept beside the file. IssueList tells it from an upload for
// a report.
type incomingState struct {
	IssueList string       `json:"issue_list"`
	Kind      IncomingKind `json:"kind"`
	IncomingChoices
}

// IncomingFile is a file that somebody brought for a list and has not decided
// on. Nothing of it is in the log or among the kept files; it waits a day.
type IncomingFile struct {
	ID   string
	List string
	Kind IncomingKind
	Name string
	Size int64 // bytes
	Time time.Time
	By   string // account
	IncomingChoices
}

// maxBookZip is how large a workbook with its evidence may be, in bytes.
const maxBookZip = 100 << 20

// BringIncoming keeps a file for a list until its bringer has decided on it,
// and returns its id. Errors: ErrForbidden, ErrNotFound (the list), ErrInvalid
// (empty, too large), ErrConflict (the list is closed, too many files wait).
func (o *Office) BringIncoming(ctx context.Context, v people.Visitor, list string, kind IncomingKind, name string, data []byte) (string, error) {
	l, err := o.issueList(ctx, v, list)
	if err != nil {
		return "", err
	}
	if err := needsOpen(l); err != nil {
		return "", err
	}
	most := maxIssueFile
	if kind == IncomingBook {
		most = maxBookZip
	}
	name = plainName(name)
	switch {
	case len(data) == 0:
		return "", disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”是空的,请核对后重新选择。", name)
	case len(data) > most:
		return "", disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”超过%dMB,请去掉图片或拆成几个文件后重新选择。", name, most>>20)
	case o.readers == nil:
		return "", disclosure.Errorf(disclosure.ErrUnavailable, "本机没有启用文件读取,请手工录入,或联系管理员。")
	}
	state, err := json.Marshal(incomingState{IssueList: list, Kind: kind})
	if err != nil {
		return "", err
	}
	w, err := o.store.PutWaiting(store.Waiting{ID: uuid.NewString(), Time: o.clock(), Person: v.Account, File: store.SourceFile{Name: name}, State: state}, data)
	return w.ID, err
}

// needsOpen refuses what would put more on a closed list.
func needsOpen(l *issue.List) error {
	if l.State == issue.ListClosed {
		return disclosure.Errorf(disclosure.ErrConflict, "清单“%s”已经结束,不再录入;确需补录,请先把清单改回“进行中”。", l.Title)
	}
	return nil
}

// Incoming is a file that the visitor brought for a list. Error: ErrNotFound,
// also for somebody else's.
func (o *Office) Incoming(ctx context.Context, v people.Visitor, list string, kind IncomingKind, id string) (*IncomingFile, error) {
	if _, err := o.issueList(ctx, v, list); err != nil {
		return nil, err
	}
	return o.incoming(v, list, kind, id)
}

func (o *Office) incoming(v people.Visitor, list string, kind IncomingKind, id string) (*IncomingFile, error) {
	gone := disclosure.Errorf(disclosure.ErrNotFound, "这个文件已经导入、丢弃或超过一天没有确认,请到清单页面查看,必要时重新上传。")
	w, err := o.store.WaitingFile(id)
	if err != nil {
		if disclosure.CodeOf(err) == disclosure.ErrNotFound {
			return nil, gone
		}
		return nil, err
	}
	var s incomingState
	if err := json.Unmarshal(w.State, &s); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "上传的文件登记损坏,请重新上传。").Because(err)
	}
	if s.IssueList == "" || s.IssueList != list || s.Kind != kind || w.Person != v.Account {
		return nil, gone
	}
	return &IncomingFile{ID: w.ID, List: s.IssueList, Kind: s.Kind, Name: w.File.Name, Size: w.File.Size, Time: w.Time, By: w.Person, IncomingChoices: s.IncomingChoices}, nil
}

// KeepChoices keeps what a person has said of a file of theirs. Error: ErrNotFound.
func (o *Office) KeepChoices(ctx context.Context, v people.Visitor, f *IncomingFile, c IncomingChoices) error {
	if _, err := o.Incoming(ctx, v, f.List, f.Kind, f.ID); err != nil {
		return err
	}
	w, err := o.store.WaitingFile(f.ID)
	if err != nil {
		return err
	}
	if w.State, err = json.Marshal(incomingState{IssueList: f.List, Kind: f.Kind, IncomingChoices: c}); err != nil {
		return err
	}
	f.IncomingChoices = c
	return o.store.ChangeWaiting(w)
}

// DropIncoming forgets a file of the visitor's. Error: ErrNotFound.
func (o *Office) DropIncoming(ctx context.Context, v people.Visitor, list string, kind IncomingKind, id string) error {
	if _, err := o.Incoming(ctx, v, list, kind, id); err != nil {
		return err
	}
	return o.store.DropWaiting(id)
}

// Incomings are the visitor's own files that wait for a list, the latest first.
// Error: ErrNotFound (the list).
func (o *Office) Incomings(ctx context.Context, v people.Visitor, list string) ([]*IncomingFile, error) {
	if _, err := o.issueList(ctx, v, list); err != nil {
		return nil, err
	}
	all, err := o.store.AllWaiting()
	if err != nil {
		return nil, err
	}
	var out []*IncomingFile
	for k := len(all) - 1; k >= 0; k-- {
		for _, kind := range []IncomingKind{IncomingList, IncomingBook} {
			if f, err := o.incoming(v, list, kind, all[k].ID); err == nil {
				out = append(out, f)
			}
		}
	}
	return out, nil
}

// issueFile is the content of a source: of an upload, or of a file that waits.
// Nothing is kept.
func (o *Office) issueFile(v people.Visitor, list string, kind IncomingKind, src IssueSource) ([]byte, *issue.File, error) {
	most := maxIssueFile
	if kind == IncomingBook {
		most = maxBookZip
	}
	data, name := src.Data, src.Name
	if src.Waiting != "" {
		held, err := o.incoming(v, list, kind, src.Waiting)
		if err != nil {
			return nil, nil, err
		}
		if data, err = o.store.WaitingData(held.ID); err != nil {
			return nil, nil, err
		}
		name = held.Name
	}
	f := &issue.File{Name: evidenceName(name), Size: int64(len(data))}
	if len(data) == 0 || len(data) > most || len(data) > gather.MaxFileBytes {
		return nil, nil, disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”是空的或超过%dMB,请核对后重新选择。", f.Name, most>>20)
	}
	sum := sha256.Sum256(data)
	f.SHA256 = hex.EncodeToString(sum[:])
	return data, f, nil
}
