package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg" // for telling a scan by its content
	_ "image/png"
	"io"
	"slices"
	"strings"
	"time"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// SealedCopy is the scan of a signed and sealed 报送件, attached to the revision
// that it shows.
type SealedCopy struct {
	Unit     disclosure.UnitNumber `json:"unit"`
	Period   disclosure.Period     `json:"period"`
	Revision int                   `json:"revision"`
	Code     string                `json:"code"` // check code of the revision
	File     store.SourceFile      `json:"file"`
	By       string                `json:"by"` // account
	Time     time.Time             `json:"time"`
}

// MostScan bounds a scan: ten pages at 300 dpi are some 8 MB.
const MostScan = 20 << 20

// mostPixels keeps a picture from being unpacked into all memory by whoever
// opens it.
const mostPixels = 100_000_000

// scanPrefix tells scans apart from other entries of the kind.
const scanPrefix = "scan/"

func scanID(unit disclosure.UnitNumber, period disclosure.Period, revision int) string {
	return fmt.Sprintf("%s%d/%s/%d", scanPrefix, unit, period, revision)
}

// AttachScan keeps the scan of the sealed copy of a revision; a second one takes
// the first one's place. Errors: ErrForbidden, ErrNotFound (no such revision),
// ErrInvalid (no pdf, jpg or png; too large).
func (o *Office) AttachScan(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, revision int, name string, data []byte, act string) error {
	s, filed, err := o.FiledRevisions(ctx, v, unit, period)
	if err != nil {
		return err
	}
	if !v.May(people.Supervise, unit) && !v.May(people.ReviewReport, unit) {
		if err := v.Demand(people.FileReport, unit); err != nil {
			return err
		}
	}
	if done, err := o.actDone(ctx, v, act, store.KindSeal); err != nil || done {
		return err
	}
	at := slices.IndexFunc(filed, func(f FiledRevision) bool { return f.Revision == revision })
	if at < 0 {
		return disclosure.Errorf(disclosure.ErrNotFound, "“%s”%s年的报告没有第%d版,请从报送记录中选择。", s.Unit.Name, period, revision)
	}
	format, err := scanFormat(name, data)
	if err != nil {
		return err
	}
	sum, size, err := o.store.PutFile(bytes.NewReader(data))
	if err != nil {
		return err
	}
	id := scanID(unit, period, revision)
	seen, err := o.lastSeqOf(ctx, store.KindSeal, id)
	if err != nil {
		return err
	}
	state := SealedCopy{Unit: unit, Period: period, Revision: revision, Code: filed[at].Code, By: v.Account, Time: o.clock(),
		File: store.SourceFile{Name: plainName(name), SHA256: sum, Size: size, Format: format}}
	return o.append(ctx, v, act, store.Entry{Kind: store.KindSeal, ID: id, Verb: store.VerbAttach, Seen: seen, State: state, Unit: unit, Year: period.Year})
}

// scanFormat tells a scan by its content.
func scanFormat(name string, data []byte) (string, error) {
	switch {
	case len(data) == 0:
		return "", disclosure.Errorf(disclosure.ErrInvalid, "没有选择文件,或文件是空的;请选择盖章件的扫描件。")
	case len(data) > MostScan:
		return "", disclosure.Errorf(disclosure.ErrInvalid, "扫描件超过%dMB,请降低扫描分辨率(200dpi即可)后再传。", MostScan>>20)
	case bytes.HasPrefix(data, []byte("%PDF-")):
		if !bytes.Contains(data[max(0, len(data)-2048):], []byte("%%EOF")) {
			return "", disclosure.Errorf(disclosure.ErrInvalid, "这个PDF文件不完整,请重新扫描或重新导出后再传。")
		}
		return "pdf", nil
	}
	config, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil || format != "png" && format != "jpeg":
		return "", disclosure.Errorf(disclosure.ErrInvalid, "“%s”不是PDF、JPG或PNG文件(按内容判断),请扫描成这几种格式后再传。", plainName(name))
	case config.Width < 200 || config.Height < 200 || config.Width*config.Height > mostPixels:
		return "", disclosure.Errorf(disclosure.ErrInvalid, "图片的大小是%d×%d像素,不像一页扫描件;请核对后再传。", config.Width, config.Height)
	}
	return format, nil
}

// sealedCopies are the scans of a unit's report of a year, by revision.
func (o *Office) sealedCopies(ctx context.Context, unit disclosure.UnitNumber, period disclosure.Period) (map[int]SealedCopy, error) {
	entries, err := cachedOf(ctx, o, "scans", []store.EntityKind{store.KindSeal}, nil, func() ([]store.LogEntry, error) { return o.store.States(ctx, store.KindSeal) })
	if err != nil {
		return nil, err
	}
	out := map[int]SealedCopy{}
	prefix := strings.TrimSuffix(scanID(unit, period, 0), "0")
	for _, e := range entries {
		if !strings.HasPrefix(e.ID, prefix) {
			continue
		}
		var c SealedCopy
		if err := json.Unmarshal(e.State, &c); err != nil || c.Revision == 0 {
			continue // erased
		}
		out[c.Revision] = c
	}
	return out, nil
}

// ScanFile opens the scan of a revision for the unit and its supervisors; the
// caller closes it. Errors: ErrForbidden, ErrNotFound.
func (o *Office) ScanFile(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, revision int) (io.ReadCloser, SealedCopy, error) {
	if err := v.Demand(people.SeeFiled, unit); err != nil {
		return nil, SealedCopy{}, err
	}
	copies, err := o.sealedCopies(ctx, unit, period)
	if err != nil {
		return nil, SealedCopy{}, err
	}
	c, ok := copies[revision]
	if !ok {
		return nil, c, disclosure.Errorf(disclosure.ErrNotFound, "这一次报送没有上传过盖章件。")
	}
	f, err := o.store.OpenFile(c.File.SHA256)
	if err != nil {
		return nil, c, err
	}
	return f, c, nil
}

// SheetFile is the 报送件 of a revision as a Word document.
func (o *Office) SheetFile(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, revision int) (file []byte, name string, err error) {
	f, filed, err := o.Sheet(ctx, v, unit, period, revision)
	if err != nil {
		return nil, "", err
	}
	file, err = bulletin.FilingSheet(*f)
	return file, plainName(fmt.Sprintf("%s%s年年度报告报送件(第%d版).docx", f.Report.Unit, period, filed.Revision)), err
}

// ReviewSheetFile is the 审签单 of the draft as a Word document.
func (o *Office) ReviewSheetFile(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (file []byte, name string, err error) {
	f, err := o.ReviewSheet(ctx, v, unit, period)
	if err != nil {
		return nil, "", err
	}
	file, err = bulletin.ReviewSheet(*f)
	return file, plainName(f.Report.Unit + period.String() + "年年度报告审签单.docx"), err
}
