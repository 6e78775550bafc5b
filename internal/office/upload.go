package office

import (
	"context"
	"encoding/json"
	"errors"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/gather"
	"mingjing/internal/people"
	"mingjing/internal/store"

	"github.com/google/uuid"
)

// Upload is a file that somebody brought for a report, with what was understood
// of it. Nothing of it is in a draft before a person has said so; it waits a
// day and is then forgotten.
type Upload struct {
	ID   string
	File store.SourceFile
	Time time.Time
	By   string // account
	uploadState
}

// UploadStage says how far a file is.
type UploadStage string

// The stages.
const (
	UploadReading UploadStage = "reading"
	UploadRead    UploadStage = "read"
	UploadFailed  UploadStage = "failed"
)

// uploadState is what is kept beside the file.
type uploadState struct {
	Stage UploadStage `json:"stage"`
	// IssueList is set for a file that waits for a list of issues, which is no
	// upload for a report; see incomingState.
	IssueList string `json:"issue_list,omitempty"`
	// Problem says why nothing could be read.
	Problem string `json:"problem,omitempty"`
	// Period is the year that the file was brought for; Unit likewise, 0 for one
	// whose units are to be told from the file (代报).
	Unit   disclosure.UnitNumber `json:"unit,omitempty"`
	Period disclosure.Period     `json:"period"`
	Origin *store.Origin         `json:"origin,omitempty"`
	// IsLedger: it is no report but a ledger of applications, and was not kept.
	IsLedger bool `json:"is_ledger,omitempty"`
	// Wide is set for a table whose columns want a person's word.
	Wide *WideTable `json:"wide,omitempty"`
	// Warnings are the reader's sentences on what it left out.
	Warnings []string `json:"warnings,omitempty"`
	// Mark says for whom a template of ours was made, see bulletin.ParseMark.
	Mark    string         `json:"mark,omitempty"`
	Reports []uploadReport `json:"reports,omitempty"`
	Parts   []UploadPart   `json:"parts,omitempty"`
}

// uploadReport is a report as read; its form goes by its id.
type uploadReport struct {
	Form   string             `json:"form"`
	Report *disclosure.Report `json:"report"`
	Doubts []intake.Doubt     `json:"doubts,omitempty"`
}

// UploadPart is what one unit says for one period in a file: its national
// report and local tables, or one of these. A file of a whole district has many.
type UploadPart struct {
	Name    string           `json:"name"` // the unit as printed; "" when the file does not say
	Year    disclosure.Year  `json:"year"` // likewise; 0
	Scope   disclosure.Scope `json:"scope,omitempty"`
	Reports []int            `json:"reports"` // indexes, the national one first
	// Unit and Period are whose report it is: as recognised or as a person chose.
	Unit   disclosure.UnitNumber `json:"unit,omitempty"`
	Period disclosure.Period     `json:"period"`
	// Agreed are the objections that a person has looked at and waved through.
	Agreed []ObjectionKind `json:"agreed,omitempty"`
	// Settled are the texts that a person gave for doubtful cells.
	Settled map[disclosure.Code]string `json:"settled,omitempty"`
	// Fate says what became of the part: taken, dropped; "" while it waits.
	Fate UploadFate `json:"fate,omitempty"`
}

// UploadFate is what became of a part.
type UploadFate string

// The fates.
const (
	FateTaken   UploadFate = "taken"
	FateDropped UploadFate = "dropped"
)

// uploads are the files being read now.
type uploads struct {
	change  sync.Mutex // held from looking at a file until what a person decided on it is kept
	mu      sync.Mutex
	running map[string]chan struct{}
	slots   chan struct{}
}

// BringFile takes a file for a unit's draft and reads it; the preview tells how
// far that is. Errors: ErrForbidden, ErrInvalid (empty, too large; ErrIsLedger), ErrConflict
// (too many wait).
func (o *Office) BringFile(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, name string, data []byte) (string, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return "", err
	}
	if err := mayFile(v, s.Unit.Number); err != nil {
		return "", err
	}
	origin := &store.Origin{Way: "file", By: v.Account}
	if !v.May(people.FileReport, unit) {
		origin.Way = "proxy"
		origin.Received = o.today()
	}
	id, err := o.bring(v, uploadState{Unit: unit, Period: period, Origin: origin}, name, data)
	if err != nil {
		return "", err
	}
	select {
	case <-o.readUpload(v, id):
		if up, err := o.loadUpload(id); err == nil && up.IsLedger {
			return "", errors.Join(isLedgerError(), o.store.DropWaiting(id))
		}
	case <-ctx.Done():
	case <-time.After(quickReading):
	}
	return id, nil
}

// mayFile: filers, and supervisors who keep drafts for units (代报).
func mayFile(v people.Visitor, unit disclosure.UnitNumber) error {
	if v.May(people.Supervise, unit) {
		return nil
	}
	return v.Demand(people.FileReport, unit)
}

func (o *Office) today() string { return o.clock().In(shanghai).Format(time.DateOnly) }

// bring keeps a file until it is read and decided on.
func (o *Office) bring(v people.Visitor, state uploadState, name string, data []byte) (string, error) {
	name = plainName(name)
	switch {
	case len(data) == 0:
		return "", disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”是空的,请核对后重新选择。", name)
	case len(data) > gather.MaxFileBytes:
		return "", gather.TooLarge(name)
	case o.readers == nil:
		return "", disclosure.Errorf(disclosure.ErrUnavailable, "本机没有启用文件读取,请在网页上填报,或联系管理员。")
	}
	state.Stage = UploadReading
	if hasMacros(data) {
		state.Warnings = append(state.Warnings, "文件里带有宏,系统没有运行它;打开原件时请不要启用宏。")
	}
	kept, err := json.Marshal(state)
	if err != nil {
		return "", err
	}
	w, err := o.store.PutWaiting(store.Waiting{ID: uuid.NewString(), Time: o.clock(), Person: v.Account, File: store.SourceFile{Name: name}, State: kept}, data)
	return w.ID, err
}

// plainName is a file's name as it is shown and kept: without folders and
// control characters, and short.
func plainName(name string) string {
	name = path.Base("/" + strings.ReplaceAll(name, "\\", "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1 // marks of direction make exe.docx out of xcod.exe
		}
		return r
	}, name)
	if r := []rune(name); len(r) > 120 {
		name = string(r[:60]) + "…" + string(r[len(r)-59:])
	}
	if name == "" || name == "/" {
		return "未命名文件"
	}
	return name
}

func (o *Office) loadUpload(id string) (*Upload, error) {
	w, err := o.store.WaitingFile(id)
	if err != nil {
		return nil, err
	}
	up := &Upload{ID: w.ID, File: w.File, Time: w.Time, By: w.Person}
	if err := json.Unmarshal(w.State, &up.uploadState); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "上传的文件登记损坏,请重新上传。").Because(err)
	}
	if up.IssueList != "" {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "这个文件是为问题清单上传的,请到清单页面查看。")
	}
	if up.Stage == uploadLedger {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "这个上传的文件不是报告,请在“他方台账”页面处理。")
	}
	for i := range up.Reports {
		up.Reports[i].Report.Form = disclosure.FormByID(up.Reports[i].Form)
	}
	return up, nil
}

func (o *Office) keepUpload(up *Upload) error {
	if _, err := o.store.WaitingFile(up.ID); err != nil {
		return err
	}
	state, err := json.Marshal(up.uploadState)
	if err != nil {
		return err
	}
	return o.store.ChangeWaiting(store.Waiting{ID: up.ID, Time: up.Time, Person: up.By, File: up.File, State: state})
}

// OpenUpload is a waiting file for who brought it, for supervisors, and for the
// unit it was brought for unless a supervisor brought it. A file still being read is waited for a little.
// Error: ErrNotFound, also for a file that is not the visitor's to see.
func (o *Office) OpenUpload(ctx context.Context, v people.Visitor, id string) (*Upload, error) {
	up, err := o.loadUpload(id)
	if err != nil {
		return nil, err
	}
	if !o.seesUpload(v, up) {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "这个上传的文件已经处理、丢弃或超过一天没有确认,请重新上传。")
	}
	if up.Stage != UploadReading || o.readers == nil {
		return up, nil
	}
	select {
	case <-o.readUpload(v, id):
		return o.loadUpload(id)
	case <-time.After(quickReading / 3):
	case <-ctx.Done():
	}
	return up, nil
}

func (o *Office) seesUpload(v people.Visitor, up *Upload) bool {
	switch {
	case up.By == v.Account:
		return true
	case up.Unit == 0:
		return v.Everywhere(people.Supervise)
	case up.Origin != nil && up.Origin.Way == "proxy": // it may be another unit's by mistake
		return v.May(people.Supervise, up.Unit)
	}
	return mayFile(v, up.Unit) == nil
}

// Uploads are the files that wait for a unit's report, newest first.
func (o *Office) Uploads(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) ([]*Upload, error) {
	return o.uploadsThat(v, func(up *Upload) bool { return up.Unit == unit && up.Period == period && unit != 0 })
}

func (o *Office) uploadsThat(v people.Visitor, wanted func(*Upload) bool) ([]*Upload, error) {
	all, err := o.store.AllWaiting()
	if err != nil {
		return nil, err
	}
	var out []*Upload
	for _, w := range slices.Backward(all) {
		up, err := o.loadUpload(w.ID)
		if err == nil && wanted(up) && o.seesUpload(v, up) {
			out = append(out, up)
		}
	}
	return out, nil
}

// DropUpload forgets a waiting file, or one part of it.
func (o *Office) DropUpload(ctx context.Context, v people.Visitor, id string, part int) error {
	o.uploads.change.Lock()
	defer o.uploads.change.Unlock()
	up, err := o.OpenUpload(ctx, v, id)
	if err != nil {
		return err
	}
	if part >= 0 && part < len(up.Parts) {
		up.Parts[part].Fate = FateDropped
	}
	return o.closeOrKeep(up)
}

// closeOrKeep forgets a file of which nothing waits any more; one that came by
// 代报 stays listed for its day, so that the outcome can be looked up.
func (o *Office) closeOrKeep(up *Upload) error {
	waits := slices.ContainsFunc(up.Parts, func(p UploadPart) bool { return p.Fate == "" })
	taken := slices.ContainsFunc(up.Parts, func(p UploadPart) bool { return p.Fate == FateTaken })
	if waits || taken && up.Unit == 0 {
		return o.keepUpload(up)
	}
	return o.store.DropWaiting(up.ID)
}

// UploadFile is the content of a waiting file, to be looked at beside the
// preview.
func (o *Office) UploadFile(ctx context.Context, v people.Visitor, id string) ([]byte, store.SourceFile, error) {
	up, err := o.OpenUpload(ctx, v, id)
	if err != nil {
		return nil, store.SourceFile{}, err
	}
	data, err := o.store.WaitingData(id)
	return data, up.File, err
}
