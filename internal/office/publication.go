package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"mingjing/internal/bulletin"
	"mingjing/internal/calendar"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Publication is the fact that a unit's report was published: where, when, who
// says so, and what stood there. It can be recorded in any state of the report:
// the law binds the unit to publish by 31 January (Art. 49), approved or not.
type Publication struct {
	Unit    disclosure.UnitNumber `json:"unit"`
	Period  disclosure.Period     `json:"period"`
	Address string                `json:"address"`
	Date    string                `json:"date"` // YYYY-MM-DD
	By      string                `json:"by"`   // account
	Time    time.Time             `json:"time"` // when it was recorded
	// Page is the published page as saved or pasted, nil when only the address
	// was recorded; Read what was read out of it, nil when nothing could be.
	Page   *store.SourceFile  `json:"page,omitempty"`
	Form   string             `json:"form,omitempty"`
	Read   *disclosure.Report `json:"read,omitempty"`
	Unread string             `json:"unread,omitempty"` // why nothing could be read
	State  string             `json:"state,omitempty"`  // of the report when it was recorded
	Doubts []string           `json:"doubts,omitempty"`
}

// PublicationPage is what is known of a report's publication, and how it agrees
// with the report.
type PublicationPage struct {
	Sitting *Sitting
	// Record is nil when nothing was recorded.
	Record *Publication
	ByName string
	// Against is the revision that the page was compared with: the approved one,
	// else the submitted one. nil when there is neither.
	Against  *store.StoredReport
	Approved bool // Against is approved
	Findings []check.Finding
	// Deadline is the law's day; DaysLate counts days behind it, of the
	// publication or, without one, of today. Lateness stays on record.
	Deadline string
	DaysLate int
	// Early: it was published before the report was approved. Shown, not forbidden.
	Early bool
	// MayRecord: the visitor may record the publication.
	MayRecord bool
}

// PublicationOf answers what is known of a report's publication. Errors: as
// OpenSitting.
func (o *Office) PublicationOf(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*PublicationPage, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, err
	}
	return o.PublicationOn(ctx, v, s)
}

// PublicationOn is PublicationOf for a sitting that is open already.
func (o *Office) PublicationOn(ctx context.Context, v people.Visitor, s *Sitting) (*PublicationPage, error) {
	unit, period := s.Unit.Number, s.Period
	page := &PublicationPage{Sitting: s, MayRecord: mayRecord(v, unit) == nil}
	records, err := o.publications(ctx)
	if err != nil {
		return nil, err
	}
	if r, ok := records[publicationID(unit, period)]; ok {
		page.Record, page.ByName = r, o.PersonName(ctx, r.By)
	}
	if page.Against, page.Approved, err = o.against(ctx, s); err != nil {
		return nil, err
	}
	last := calendar.Statutory(period.Year, s.Unit)
	page.Deadline = last.Chinese()
	if page.Record == nil {
		page.DaysLate = max(0, calendar.At(last).DaysLate(o.clock()))
		return page, nil
	}
	if day, err := calendar.ParseDate(page.Record.Date); err == nil {
		page.DaysLate = max(0, int(day-last))
		page.Early = s.Approved == nil || day < calendar.DayOf(s.Approved.Time)
	}
	page.Findings = page.Record.findings(s.Unit, page.Against)
	return page, nil
}

func mayRecord(v people.Visitor, unit disclosure.UnitNumber) error {
	if v.May(people.Supervise, unit) || v.May(people.ReviewReport, unit) {
		return nil
	}
	return v.Demand(people.FileReport, unit)
}

// against is what a published page is held against.
func (o *Office) against(ctx context.Context, s *Sitting) (*store.StoredReport, bool, error) {
	if s.Approved != nil {
		return s.Approved, true, nil
	}
	if s.Standing == nil {
		return nil, false, nil
	}
	r, err := o.store.Report(ctx, s.Standing.Key, store.Provisional)
	if disclosure.CodeOf(err) == disclosure.ErrNotFound && err != nil {
		return nil, false, nil
	}
	return r, false, err
}

// findings compares what was published with the report.
func (p *Publication) findings(u *disclosure.Unit, against *store.StoredReport) []check.Finding {
	if p.Read == nil || against == nil {
		return nil
	}
	found := *p.Read
	found.Form = disclosure.FormByID(p.Form)
	return check.PublishedOf(u, filedReport(u, against), &found)
}

func publicationID(unit disclosure.UnitNumber, period disclosure.Period) string {
	return fmt.Sprintf("%d/%s", unit, period)
}

// publications are all that are on record, by id.
func (o *Office) publications(ctx context.Context) (map[string]*Publication, error) {
	return cachedOf(ctx, o, "publications", []store.EntityKind{store.KindPublication}, nil, func() (map[string]*Publication, error) {
		entries, err := o.store.States(ctx, store.KindPublication)
		if err != nil {
			return nil, err
		}
		out := make(map[string]*Publication, len(entries))
		for _, e := range entries {
			p := &Publication{}
			if err := json.Unmarshal(e.State, p); err != nil {
				return nil, disclosure.Errorf(disclosure.ErrInternal, "一条公开记录损坏,请联系维护人员。").Because(err)
			}
			if p.Unit != 0 {
				out[publicationID(p.Unit, p.Period)] = p
			}
		}
		return out, nil
	})
}

// PublishedPage is what a person brings to confirm a publication: a file saved
// from the site, or text pasted from it.
type PublishedPage struct {
	Address, Date string
	Name          string // of the file; "" for pasted text
	Data          []byte
	// Fetch asks for the page at Address when nothing was brought.
	Fetch bool
	Act   string
}

// RecordPublication records that a report was published, and keeps and reads
// the page when one is brought. A later record takes the earlier one's place;
// both stay in the log. Errors: ErrForbidden, ErrInvalid (address, date).
func (o *Office) RecordPublication(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, p PublishedPage) error {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return err
	}
	if err := mayRecord(v, unit); err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, p.Act, store.KindPublication); err != nil || done {
		return err
	}
	record := Publication{Unit: unit, Period: period, Address: strings.TrimSpace(p.Address), Date: strings.TrimSpace(p.Date), By: v.Account, Time: o.clock(), State: string(s.State)}
	if err := o.checkPublication(record); err != nil {
		return err
	}
	if p.Fetch && len(p.Data) == 0 {
		page, err := o.FetchPage(ctx, record.Address)
		if err != nil { // the person can paste the page instead
			return disclosure.Errorf(disclosure.ErrInvalid, "%s也可以改为粘贴页面全文。", disclosure.Sentence(err)).Because(err)
		}
		p.Name, p.Data = "发布页面"+extensionOf(page.Type), page.Data
	}
	if len(p.Data) > 0 {
		if err := o.readPublished(ctx, &record, p); err != nil {
			return err
		}
	}
	id := publicationID(unit, period)
	seen, err := o.lastSeqOf(ctx, store.KindPublication, id)
	if err != nil {
		return err
	}
	if before, err := o.publications(ctx); err == nil && record.Page == nil && before[id] != nil && before[id].Address == record.Address {
		record.Page, record.Read, record.Form, record.Unread = before[id].Page, before[id].Read, before[id].Form, before[id].Unread
	}
	return o.append(ctx, v, p.Act, store.Entry{Kind: store.KindPublication, ID: id, Verb: store.VerbPublish, Seen: seen, State: record, Unit: unit, Year: period.Year})
}

func (o *Office) checkPublication(p Publication) error {
	at, err := url.Parse(p.Address)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" || at.User != nil || len(p.Address) > 1000 {
		return disclosure.Errorf(disclosure.ErrInvalid, "请填写发布页面的完整网址,以 http:// 或 https:// 开头。")
	}
	day, err := calendar.ParseDate(p.Date)
	switch {
	case err != nil:
		return disclosure.Errorf(disclosure.ErrInvalid, "请写明发布的日期(年-月-日)。")
	case day > calendar.DayOf(o.clock()):
		return disclosure.Errorf(disclosure.ErrInvalid, "发布日期%s还没有到,请核对。", p.Date)
	case day <= calendar.Day(int(p.Period.Year), 12, 31):
		return disclosure.Errorf(disclosure.ErrInvalid, "发布日期%s早于报告年度结束,请核对。", p.Date)
	}
	return nil
}

// readPublished keeps the page and reads the report out of it. A page that
// cannot be read is recorded all the same, with the reason.
func (o *Office) readPublished(ctx context.Context, record *Publication, p PublishedPage) error {
	name := p.Name
	if name == "" {
		name = "粘贴的发布页面.txt"
		if looksLikeHTML(p.Data) {
			name = "粘贴的发布页面.html"
		}
	}
	if o.readers == nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "本机没有启用文件读取,请只填写网址和日期。")
	}
	sum, size, err := o.store.PutFile(bytes.NewReader(p.Data))
	if err != nil {
		return err
	}
	record.Page = &store.SourceFile{Name: plainName(name), SHA256: sum, Size: size}
	result, err := o.readers.Read(ctx, name, p.Data, intake.Options{TrustCertain: true})
	if err != nil {
		record.Unread = disclosure.Sentence(err)
		return nil
	}
	record.Page.Format = result.Format
	for _, reading := range result.Readings {
		if reading.Report.Form.Family != disclosure.FamilyNational {
			continue
		}
		r := reading.Report
		for code, c := range r.Cells {
			c.File = sum
			r.Cells[code] = c
		}
		record.Read, record.Form = r, r.Form.ID
		for _, d := range reading.Doubts {
			record.Doubts = append(record.Doubts, d.Message)
		}
		if r.Year() == record.Period.Year {
			break
		}
	}
	if record.Read == nil {
		record.Unread = "没有在发布页面上找到年度报告的表格,请确认粘贴了全文。"
	}
	return nil
}

// extensionOf names a fetched page's kind; what it is is told by its content.
func extensionOf(mediaType string) string {
	if strings.HasPrefix(mediaType, "text/html") {
		return ".html"
	}
	return ""
}

func looksLikeHTML(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 4096)])
	return bytes.Contains(head, []byte("<table")) || bytes.Contains(head, []byte("<html")) || bytes.Contains(head, []byte("<td")) || bytes.Contains(head, []byte("<p"))
}

// publicationFindings are PUB-R1 on the given reports of a year, for the lists of
// findings: each held against the revision that the basis shows.
func (o *Office) publicationFindings(ctx context.Context, basis store.Basis, keys []store.ReportKey, units *unitIndex) (map[store.ReportKey][]check.Finding, error) {
	records, err := o.publications(ctx)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	out := map[store.ReportKey][]check.Finding{}
	for _, key := range keys {
		r, u := records[publicationID(key.Unit, key.Period)], units.byNumber[key.Unit]
		if r == nil || r.Read == nil || u == nil || key.Family != disclosure.FamilyNational {
			continue
		}
		report, err := o.store.Report(ctx, key, basis)
		if err != nil && disclosure.CodeOf(err) == disclosure.ErrNotFound {
			continue // withdrawn since it was checked
		}
		if err != nil {
			return nil, err
		}
		if found := r.findings(u, report); len(found) > 0 {
			out[key] = found
		}
	}
	return out, nil
}

// Edition is the approved report as it is to be published. Errors: as
// OpenSitting, ErrNotFound before the report was approved.
func (o *Office) Edition(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*disclosure.Report, bulletin.Edition, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, bulletin.Edition{}, err
	}
	if s.Approved == nil {
		return nil, bulletin.Edition{}, disclosure.Errorf(disclosure.ErrNotFound, "“%s”%s年的报告还没有通过审核,没有定稿可以导出。", s.Unit.Name, period)
	}
	return filedReport(s.Unit, s.Approved), bulletin.Edition{Signed: s.Unit.Name, Date: calendar.DayOf(s.Approved.Time).Chinese()}, nil
}

// mostPasted bounds pasted text, in bytes.
const mostPasted = 4 << 20

// CheckPasted refuses text that is no text or too long.
func CheckPasted(text string) error {
	if len(text) > mostPasted || !utf8.ValidString(text) {
		return disclosure.Errorf(disclosure.ErrInvalid, "粘贴的内容过长或不是文字,请改为上传保存的网页文件。")
	}
	return nil
}

// MayRecord says whether a visitor may record facts about a unit's report: its
// publication, its sealed copy.
func MayRecord(v people.Visitor, unit disclosure.UnitNumber) bool { return mayRecord(v, unit) == nil }
