package office

import (
	"archive/zip"
	"bytes"
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
	"mingjing/internal/intake/interpret"
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
	// Warnings are the reader's sentences on what it left out.
	Warnings []string       `json:"warnings,omitempty"`
	Reports  []uploadReport `json:"reports,omitempty"`
	Parts    []UploadPart   `json:"parts,omitempty"`
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

// readingTime is how long a file may take; a child has its own, shorter limit
// and LibreOffice may come before it.
const readingTime = 5 * time.Minute

// quickReading is how long a request waits for a file, so that most show their
// preview at once.
const quickReading = 3 * time.Second

// BringFile takes a file for a unit's draft and reads it; the preview tells how
// far that is. Errors: ErrForbidden, ErrInvalid (empty, too large), ErrConflict
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

// hasMacros looks into the list of an Office file's parts, not into the parts.
func hasMacros(data []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.HasSuffix(strings.ToLower(f.Name), "vbaproject.bin") })
}

// readUpload reads a waiting file once, in the background; the channel closes
// when it is read. A file whose reading a restart cut short is read anew.
func (o *Office) readUpload(v people.Visitor, id string) <-chan struct{} {
	u := &o.uploads
	u.mu.Lock()
	defer u.mu.Unlock()
	if done := u.running[id]; done != nil {
		return done
	}
	if u.running == nil {
		u.running, u.slots = map[string]chan struct{}{}, make(chan struct{}, 2)
	}
	done := make(chan struct{})
	u.running[id] = done
	go func() {
		u.slots <- struct{}{} // at most two contents in memory
		defer func() {
			<-u.slots
			u.mu.Lock()
			delete(u.running, id)
			u.mu.Unlock()
			close(done)
		}()
		ctx, stop := context.WithTimeout(context.Background(), readingTime)
		defer stop()
		o.readNow(ctx, v, id)
	}()
	return done
}

// readNow reads a waiting file and keeps what was understood. What goes wrong is
// kept too, as a sentence: there is nobody to tell.
func (o *Office) readNow(ctx context.Context, v people.Visitor, id string) {
	up, err := o.loadUpload(id)
	if err != nil || up.Stage != UploadReading {
		return
	}
	data, err := o.store.WaitingData(id)
	if err != nil {
		return
	}
	err = o.understand(ctx, up, data)
	up.Stage = UploadRead
	if err != nil {
		up.Stage, up.Problem = UploadFailed, disclosure.Sentence(err)
	}
	if up.Origin != nil && up.Origin.Way == "proxy" && up.Unit == 0 && up.Stage == UploadRead {
		// Whoever looks on after a restart is not the author of the drafts.
		if v.Account != up.By {
			v, err = o.Visitor(ctx, up.By, v.Address)
		}
		if err == nil {
			o.takeClean(ctx, v, up)
		}
	}
	_ = o.keepUpload(up) // dropped meanwhile, or the disk is full: it is read again when asked for
}

// understand reads a file's reports and sorts them into parts.
func (o *Office) understand(ctx context.Context, up *Upload, data []byte) error {
	mappings, err := o.mappings(ctx)
	if err != nil {
		return err
	}
	result, err := o.readers.Read(ctx, up.File.Name, data, intake.Options{Mappings: mappings, TrustCertain: true})
	var wants *interpret.NeedsMapping
	if errors.As(err, &wants) {
		return disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”是按单位逐行排列的数据表,各栏含义还没有确认过;请先在“mingjing import”中确认各栏,或改交单位的年度报告。", up.File.Name)
	}
	if err != nil {
		return err
	}
	up.File.Format = result.Format
	up.Warnings = append(up.Warnings, result.Warnings...)
	up.Reports, up.Parts = nil, nil
	for _, reading := range result.Readings {
		up.add(uploadReport{Form: reading.Report.Form.ID, Report: reading.Report, Doubts: reading.Doubts})
	}
	return o.recognise(ctx, up)
}

// ofSeveral says whether the file holds reports of more than one unit.
func (u *Upload) ofSeveral() bool {
	return slices.ContainsFunc(u.Parts, func(p UploadPart) bool {
		return disclosure.NormalName(p.Name) != disclosure.NormalName(u.Parts[0].Name)
	})
}

// add puts a report to those of the same unit and year.
func (u *Upload) add(r uploadReport) {
	form := disclosure.FormByID(r.Form)
	if form == nil || form.Subject != disclosure.SubjectUnit || form.Period != disclosure.PeriodYear {
		return
	}
	for code, c := range r.Report.Cells {
		c.File = u.File.SHA256
		r.Report.Cells[code] = c
	}
	u.Reports = append(u.Reports, r)
	at := len(u.Reports) - 1
	for i := range u.Parts {
		p := &u.Parts[i]
		taken := slices.ContainsFunc(p.Reports, func(j int) bool { return disclosure.FormByID(u.Reports[j].Form).Family == form.Family })
		same := disclosure.NormalName(p.Name) == disclosure.NormalName(r.Report.Unit) && p.Year == r.Report.Year()
		// A local table on a sheet of its own often says neither unit nor year.
		unsaid := (r.Report.Unit == "" || p.Name == "" || disclosure.NormalName(p.Name) == disclosure.NormalName(r.Report.Unit)) &&
			(r.Report.Year() == 0 || p.Year == 0 || p.Year == r.Report.Year())
		if taken || !same && !unsaid {
			continue
		}
		if p.Name == "" {
			p.Name = r.Report.Unit
		}
		if p.Year == 0 {
			p.Year = r.Report.Year()
		}
		if form.Family == disclosure.FamilyNational {
			p.Reports = append([]int{at}, p.Reports...)
			p.Scope = r.Report.Scope
		} else {
			p.Reports = append(p.Reports, at)
		}
		return
	}
	u.Parts = append(u.Parts, UploadPart{Name: r.Report.Unit, Year: r.Report.Year(), Scope: r.Report.Scope, Reports: []int{at}})
}

// recognise says whose each part is. A file that was brought for a unit is that
// unit's until the preview objects.
func (o *Office) recognise(ctx context.Context, up *Upload) error {
	if len(up.Parts) == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”里没有单位的年度报告,请确认是否选错文件。", up.File.Name)
	}
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	book := newNameBook(units.list)
	for i := range up.Parts {
		p := &up.Parts[i]
		p.Unit, p.Period = up.Unit, up.Period
		if up.Unit != 0 {
			continue
		}
		if u, err := book.find(p.Name, up.Period.Year); err == nil && u != nil && p.Name != "" {
			p.Unit = u.Number
		}
	}
	return nil
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
