package office

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/intake/gather"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// BroughtFile is a file as it came from a browser.
type BroughtFile struct {
	Name string
	Data []byte
}

// Received says how files came to the supervisor: from whom, on which day
// (YYYY-MM-DD), by which way (OA, U盘 ...).
type Received struct {
	From, On, Way string
}

func (r Received) origin(v people.Visitor) *store.Origin {
	from := strings.TrimSpace(r.From)
	if way := strings.TrimSpace(r.Way); way != "" {
		from = strings.TrimSpace(from + " " + way)
	}
	return &store.Origin{Way: "proxy", From: from, Received: r.On, By: v.Account}
}

// BringBatch takes files that came by other ways than the site (代报), archives
// unpacked. Each is read in the background; clean ones become drafts at once.
// It returns what could not be taken at all, by name. Errors: ErrForbidden,
// ErrInvalid (the day, nothing brought).
func (o *Office) BringBatch(ctx context.Context, v people.Visitor, period disclosure.Period, how Received, files []BroughtFile) (refused []string, err error) {
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	day, err := time.ParseInLocation(time.DateOnly, how.On, shanghai)
	switch {
	case err != nil:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请写明收到文件的日期(年-月-日)。")
	case day.After(o.clock()):
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "收到日期%s还没有到,请核对。", how.On)
	case len([]rune(how.From+how.Way)) > 100:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "“从谁、以何种方式收到”最多100字,请写得简短些。")
	case len(files) == 0:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有选择文件,请选择文件、文件夹或压缩包。")
	case disclosure.FormFor(disclosure.FamilyNational, period.Year) == nil:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "%s年没有适用的年度报告表单,请核对年份。", period)
	}
	state := uploadState{Period: period, Origin: how.origin(v)}
	for _, f := range files {
		for inner := range gather.Unpack(f.Name, f.Data) {
			err := inner.Err
			if err == nil && skipped(inner.Name) {
				continue
			}
			if err == nil {
				var id string
				if id, err = o.bring(v, state, inner.Name, inner.Data); err == nil {
					o.readUpload(v, id)
				}
			}
			if err != nil {
				refused = append(refused, disclosure.Sentence(err))
			}
		}
	}
	return refused, nil
}

// skipped are the lock files of office programs and what systems leave in
// folders.
func skipped(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, "~$") || strings.HasPrefix(base, ".") || base == "Thumbs.db" || base == "desktop.ini"
}

// ProxyStatus is what became of a file's part, or of the file.
type ProxyStatus string

// The statuses, in the order in which they are listed.
const (
	ProxyReading ProxyStatus = "reading"
	ProxyFailed  ProxyStatus = "failed"  // nothing could be read
	ProxyColumns ProxyStatus = "columns" // a wide table whose columns want a word
	ProxyUnit    ProxyStatus = "unit"    // whose it is must be chosen
	ProxyYear    ProxyStatus = "year"    // of another year
	ProxyThere   ProxyStatus = "there"   // a draft or a submission is there already
	ProxySettle  ProxyStatus = "settle"  // cells or objections to settle
	ProxyTaken   ProxyStatus = "taken"   // it is a draft
	ProxyDropped ProxyStatus = "dropped" // put aside by a person
)

// ProxyLine is one outcome of a batch.
type ProxyLine struct {
	Upload   *Upload
	Part     int // -1: the file as a whole
	Unit     *disclosure.Unit
	Name     string // as printed
	Year     disclosure.Year
	Status   ProxyStatus
	Sentence string
}

// ProxyDraft is a 代报 draft that can be handed on or given back.
type ProxyDraft struct {
	Unit    *disclosure.Unit
	Version uint64
	State   filing.State
	Origin  store.Origin
	// Errors must be put right, Unexplained want an explanation.
	Errors, Unexplained int
}

// Clean says that nothing stands against handing the draft on.
func (d ProxyDraft) Clean() bool { return d.Errors == 0 && d.Unexplained == 0 }

// ProxyDesk is the supervisor's page for files that came by other ways.
type ProxyDesk struct {
	Period disclosure.Period
	Lines  []ProxyLine
	Drafts []ProxyDraft
	Units  []disclosure.Unit // to choose from
	Busy   bool              // files are still being read
}

// ProxyDesk lists a year's files and 代报 drafts. Error: ErrForbidden.
func (o *Office) ProxyDesk(ctx context.Context, v people.Visitor, period disclosure.Period) (*ProxyDesk, error) {
	if !v.Anywhere(people.Supervise) {
		return nil, v.Demand(people.Supervise, 0)
	}
	units, err := o.units(ctx)
	if err != nil {
		return nil, err
	}
	desk := &ProxyDesk{Period: period}
	for _, u := range units.list {
		if v.May(people.Supervise, u.Number) && u.MergedInto == 0 && u.ReportsIn(period.Year) {
			desk.Units = append(desk.Units, u)
		}
	}
	ups, err := o.uploadsThat(v, func(up *Upload) bool { return up.Unit == 0 && up.Period == period })
	if err != nil {
		return nil, err
	}
	for _, up := range ups {
		if up.Stage == UploadReading {
			desk.Busy = true
			o.readUpload(v, up.ID) // no-op while it runs; begins anew after a restart
		}
		lines, err := o.proxyLines(ctx, v, up, units)
		if err != nil {
			return nil, err
		}
		desk.Lines = append(desk.Lines, lines...)
	}
	desk.Drafts, err = o.proxyDrafts(ctx, v, period, units)
	return desk, err
}

func (o *Office) proxyLines(ctx context.Context, v people.Visitor, up *Upload, units *unitIndex) ([]ProxyLine, error) {
	switch up.Stage {
	case UploadReading:
		return []ProxyLine{{Upload: up, Part: -1, Status: ProxyReading}}, nil
	case UploadFailed:
		if up.Wide != nil {
			return []ProxyLine{{Upload: up, Part: -1, Status: ProxyColumns, Sentence: up.Problem}}, nil
		}
		return []ProxyLine{{Upload: up, Part: -1, Status: ProxyFailed, Sentence: up.Problem}}, nil
	}
	var out []ProxyLine
	for i := range up.Parts {
		p := &up.Parts[i]
		line := ProxyLine{Upload: up, Part: i, Unit: units.byNumber[p.Unit], Name: p.Name, Year: p.Year}
		switch p.Fate {
		case FateTaken:
			line.Status = ProxyTaken
		case FateDropped:
			line.Status = ProxyDropped
		default:
			var err error
			if line.Status, line.Sentence, err = o.standsAgainst(ctx, v, up, i); err != nil {
				return nil, err
			}
		}
		out = append(out, line)
	}
	return out, nil
}

// standsAgainst says why a part is no draft yet; ProxyTaken when nothing does.
func (o *Office) standsAgainst(ctx context.Context, v people.Visitor, up *Upload, part int) (ProxyStatus, string, error) {
	p := &up.Parts[part]
	if p.Unit == 0 {
		if p.Name == "" {
			return ProxyUnit, "文件没有写明单位,请选择。", nil
		}
		return ProxyUnit, fmt.Sprintf("单位名单里没有“%s”,请选择是哪个单位。", p.Name), nil
	}
	if p.Year != 0 && p.Year != p.Period.Year && !slices.Contains(p.Agreed, ObjectYear) {
		return ProxyYear, fmt.Sprintf("文件是%s年的报告,不是%s年的。", p.Year, p.Period), nil
	}
	if !v.May(people.Supervise, p.Unit) {
		return ProxyUnit, "这个单位不在您的管理范围内,请核对单位。", nil
	}
	pv, err := o.preview(ctx, v, up, part)
	if err != nil {
		if code := disclosure.CodeOf(err); code == disclosure.ErrInvalid || code == disclosure.ErrForbidden {
			return ProxyUnit, disclosure.Sentence(err), nil
		}
		return "", "", err
	}
	switch {
	case pv.Closed != "":
		return ProxyThere, pv.Closed, nil
	case pv.Sitting.Draft.Version != 0:
		return ProxyThere, fmt.Sprintf("已有%s保存的草稿,请打开预览,选择以哪一份为准。", pv.Sitting.Draft.Name), nil
	case pv.Sitting.Standing != nil && pv.Sitting.State != filing.Withdrawn:
		return ProxyThere, fmt.Sprintf("本单位的报告现在是“%s”,请打开预览,确认是否作为新的一版。", filing.Names[pv.Sitting.State]), nil
	case pv.Open():
		return ProxySettle, fmt.Sprintf("有%d格、%d处需要核定。", len(pv.Settle), len(pv.Objections)+len(pv.Notes)), nil
	}
	return ProxyTaken, "", nil
}

// takeClean makes drafts of the parts of a 代报 file that leave nothing open.
func (o *Office) takeClean(ctx context.Context, v people.Visitor, up *Upload) {
	for i := range up.Parts {
		if up.Parts[i].Fate != "" {
			continue
		}
		status, _, err := o.standsAgainst(ctx, v, up, i)
		if err != nil || status != ProxyTaken {
			continue
		}
		pv, err := o.preview(ctx, v, up, i)
		if err != nil {
			continue
		}
		data, err := o.store.WaitingData(up.ID)
		if err != nil {
			return
		}
		if _, err := o.takePart(ctx, v, pv, Choice{Part: i, Version: pv.Sitting.Draft.Version}, data); err == nil {
			up.Parts[i].Fate = FateTaken
		}
	}
}

// AssignPart says whose report a part is, or that its year is right after all,
// and makes a draft of it when nothing else is open.
func (o *Office) AssignPart(ctx context.Context, v people.Visitor, id string, part int, unit disclosure.UnitNumber, period disclosure.Period, agreed ...ObjectionKind) error {
	o.uploads.change.Lock()
	defer o.uploads.change.Unlock()
	up, err := o.OpenUpload(ctx, v, id)
	if err != nil {
		return err
	}
	if part < 0 || part >= len(up.Parts) || up.Parts[part].Fate != "" {
		return disclosure.Errorf(disclosure.ErrNotFound, "文件里没有这一份报告,或已经处理过,请刷新列表。")
	}
	p := &up.Parts[part]
	if unit != 0 {
		if err := v.Demand(people.Supervise, unit); err != nil {
			return err
		}
		if p.Unit != unit {
			p.Unit, p.Agreed = unit, append(p.Agreed, ObjectUnit)
		}
	}
	if period.Year != 0 {
		p.Period = period
	}
	for _, k := range agreed {
		if !slices.Contains(p.Agreed, k) {
			p.Agreed = append(p.Agreed, k)
		}
	}
	o.takeClean(ctx, v, up)
	return o.keepUpload(up)
}
