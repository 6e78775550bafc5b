package office

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/people"
)

// readingTime is how long a file may take; a child has its own, shorter limit
// and LibreOffice may come before it.
const readingTime = 5 * time.Minute

// quickReading is how long a request waits for a file, so that most show their
// preview at once.
const quickReading = 3 * time.Second

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
	if up.IsLedger = errors.Is(err, ErrIsLedger); up.IsLedger {
		if err := o.forgetLedger(up); err == nil {
			return
		}
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
	if (err != nil || len(result.Readings) == 0) && o.isLedger(ctx, up.File.Name, data) {
		return isLedgerError()
	}
	var wants *interpret.NeedsMapping
	if errors.As(err, &wants) {
		if up.Unit != 0 {
			return disclosure.Errorf(disclosure.ErrInvalid, "文件“%s”是按单位逐行排列的数据表,请改交本单位的年度报告;整张表由区级审核员在代报页上传。", up.File.Name)
		}
		up.Wide = &WideTable{Place: wants.Place, Mapping: wants.Mapping, Rows: wants.Rows}
		return disclosure.Errorf(disclosure.ErrInvalid, "这是按单位逐行排列的数据表,请先确认各栏的含义。")
	}
	if err != nil {
		return err
	}
	up.File.Format, up.Mark = result.Format, result.Mark
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

// madeFor is for whom and which year the file was made, where it is one of our
// templates filled in: that holds though the name on it was typed over.
func (u *Upload) madeFor() (m bulletin.Mark, ok bool) {
	if len(u.Parts) != 1 {
		return m, false
	}
	return bulletin.ParseMark(u.Mark)
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
	mark, marked := up.madeFor()
	for i := range up.Parts {
		p := &up.Parts[i]
		if marked && p.Name == "" {
			p.Name = mark.Unit
		}
		if marked && p.Year == 0 {
			p.Year = mark.Period.Year
		}
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
