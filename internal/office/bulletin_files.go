package office

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/bulletin/picture"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/reader"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// chartRoom draws charts for documents; its engine is started with the first
// chart and stays.
type chartRoom struct {
	mu     sync.Mutex
	drawer *picture.Drawer
}

func (r *chartRoom) open(ctx context.Context) (*picture.Drawer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.drawer != nil {
		return r.drawer, nil
	}
	font, err := picture.FindFont()
	if err != nil {
		return nil, err
	}
	// The engine outlives the request that it was made for.
	r.drawer, err = picture.New(context.WithoutCancel(ctx), font, 1)
	return r.drawer, err
}

// draw makes the pictures of notices; charts that are alike are drawn once.
func (o *Office) draw(ctx context.Context, notices ...*notice.Notice) ([][][]byte, error) {
	made := map[string][]byte{}
	out := make([][][]byte, len(notices))
	for i, n := range notices {
		for _, c := range n.Charts() {
			if made[string(c.Option)] == nil {
				room, err := o.charts.open(ctx)
				if err != nil {
					return nil, disclosure.Errorf(disclosure.ErrUnavailable, "画图引擎无法启动,请联系维护人员。").Because(err)
				}
				png, err := room.PNG(ctx, c.Option, notice.ChartWidth, c.Height)
				if err != nil {
					return nil, disclosure.Errorf(disclosure.ErrInternal, "“%s”画不出来,请联系维护人员。", c.Title).Because(err)
				}
				made[string(c.Option)] = png
			}
			out[i] = append(out[i], made[string(c.Option)])
		}
	}
	return out, nil
}

// bulletinVersion builds both editions and keeps their documents.
func (o *Office) bulletinVersion(ctx context.Context, v people.Visitor, f *notice.Facts, b *BulletinLine, draft bool) (*BulletinVersion, error) {
	layout, arranged, err := o.BulletinLayout(ctx)
	if err != nil {
		return nil, err
	}
	version := &BulletinVersion{Number: len(b.Versions) + 1, Time: o.clock().UTC(), By: v.Account, Name: v.Name, Draft: draft, Texts: b.Texts, Layout: arranged}
	var editions []*notice.Notice
	for _, edition := range []notice.Edition{notice.Internal, notice.Public} {
		n, err := notice.Build(f, notice.Options{Layout: layout, Edition: edition, Draft: draft, Texts: b.Texts})
		if err != nil {
			return nil, err
		}
		editions = append(editions, n)
	}
	b.Title = editions[0].Title
	if len(b.Versions) > 0 {
		before, err := o.bulletinModel(b.Latest(), notice.Internal)
		if err != nil && !o.versionErased(b.Latest()) {
			return nil, err
		}
		if err == nil {
			version.Changes = notice.Changes(f, before, editions[0])
		}
	}
	pictures, err := o.draw(ctx, editions...)
	if err != nil {
		return nil, err
	}
	for i, n := range editions {
		model, err := json.Marshal(n)
		if err != nil {
			return nil, fmt.Errorf("bulletin: %w", err)
		}
		docx, err := n.Docx(pictures[i])
		if err != nil {
			return nil, err
		}
		xlsx, err := n.Xlsx()
		if err != nil {
			return nil, err
		}
		for _, part := range []struct {
			format string
			data   []byte
		}{{"json", model}, {"docx", docx}, {"xlsx", xlsx}} {
			sum, size, err := o.store.PutFile(bytes.NewReader(part.data))
			if err != nil {
				return nil, err
			}
			version.Files = append(version.Files, BulletinFile{Edition: n.Edition, Format: part.format, SHA256: sum, Size: size})
		}
	}
	return version, nil
}

func (o *Office) bulletinPart(version *BulletinVersion, edition notice.Edition, format string) ([]byte, error) {
	for _, f := range version.Files {
		if f.Edition == edition && f.Format == format {
			file, err := o.store.OpenFile(f.SHA256)
			if err != nil {
				return nil, err
			}
			defer file.Close()
			return io.ReadAll(file)
		}
	}
	return nil, disclosure.Errorf(disclosure.ErrNotFound, "这一版没有这种格式的文件,请从通报页面下载。")
}

func (o *Office) bulletinModel(version *BulletinVersion, edition notice.Edition) (*notice.Notice, error) {
	data, err := o.bulletinPart(version, edition, "json")
	if err != nil {
		return nil, err
	}
	n := &notice.Notice{}
	if err := json.Unmarshal(data, n); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "通报的内容损坏,请联系维护人员。").Because(err)
	}
	return n, nil
}

// BulletinView is a bulletin's version as a page shows it.
type BulletinView struct {
	BulletinLine
	Version *BulletinVersion
	Notice  *notice.Notice
	// Since are the changes of the figures since a version that is the latest of
	// a bulletin not yet issued; Unapproved what stands against a final one.
	Since, Unapproved []string
	May               bool // build, edit, issue
	// Erased: the version's documents were erased (清除); Notice has no blocks.
	Erased bool
}

// versionErased says whether documents of a version were erased (清除).
func (o *Office) versionErased(version *BulletinVersion) bool {
	return slices.ContainsFunc(version.Files, func(f BulletinFile) bool { return o.store.FileErased(f.SHA256) })
}

// BulletinVersion shows a version, 0 being the latest, in an edition. Who does
// not supervise sees the issued version only. Errors: ErrNotFound.
func (o *Office) BulletinVersion(ctx context.Context, v people.Visitor, id string, number int, edition notice.Edition) (*BulletinView, error) {
	b, err := o.Bulletin(ctx, v, id)
	if err != nil {
		return nil, err
	}
	out := &BulletinView{BulletinLine: *b, Version: b.Latest(), May: v.Everywhere(people.Supervise)}
	if number != 0 {
		if number < 1 || number > len(b.Versions) || !out.May && number != b.Latest().Number {
			return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有第%d版,请从版本列表中选择。", number)
		}
		out.Version = &out.Versions[number-1]
	}
	if edition != notice.Internal && edition != notice.Public {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "只有内部版和公开版。")
	}
	if out.Notice, err = o.bulletinModel(out.Version, edition); err != nil {
		if !o.versionErased(out.Version) {
			return nil, err
		}
		out.Erased = true
		out.Notice = &notice.Notice{Quarter: b.Quarter, Title: b.Title, Edition: edition, Draft: out.Version.Draft}
	}
	if !out.May || b.State != BulletinDraft || out.Version.Number != b.Latest().Number {
		return out, nil
	}
	facts, err := o.bulletinFacts(ctx, v, b.Quarter)
	if err != nil {
		return nil, err
	}
	layout, _, err := o.BulletinLayout(ctx)
	if err != nil {
		return nil, err
	}
	now, err := notice.Build(facts, notice.Options{Layout: layout, Edition: edition, Draft: out.Version.Draft, Texts: b.Texts})
	if err != nil {
		return nil, err
	}
	out.Unapproved = facts.Unapproved
	if !out.Erased {
		out.Since = notice.Changes(facts, out.Notice, now)
	}
	return out, nil
}

// BulletinFile hands out a document of a version: docx, xlsx, or pdf where
// LibreOffice is installed. Errors: ErrNotFound, ErrUnavailable (no LibreOffice).
func (o *Office) BulletinFile(ctx context.Context, v people.Visitor, id string, number int, edition notice.Edition, format string) (data []byte, name string, err error) {
	b, err := o.Bulletin(ctx, v, id)
	if err != nil {
		return nil, "", err
	}
	version := b.Latest()
	if number != 0 {
		if number < 1 || number > len(b.Versions) || !v.Everywhere(people.Supervise) && number != version.Number {
			return nil, "", disclosure.Errorf(disclosure.ErrNotFound, "没有第%d版,请从版本列表中选择。", number)
		}
		version = &b.Versions[number-1]
	}
	name = b.Title
	if format == "xlsx" {
		name = issue.QuarterName(b.Quarter) + "政务公开通报附件"
	}
	if version.Draft {
		name += "(" + notice.DraftMark + ")"
	}
	if edition == notice.Public {
		name += "(公开版)"
	}
	name += "." + format
	if format != "docx" && format != "xlsx" && format != "pdf" {
		return nil, "", disclosure.Errorf(disclosure.ErrNotFound, "只能下载 docx、xlsx 或 pdf 格式。")
	}
	if format != "pdf" {
		data, err = o.bulletinPart(version, edition, format)
		return data, name, err
	}
	docx, err := o.bulletinPart(version, edition, "docx")
	if err != nil {
		return nil, "", err
	}
	data, err = PDFOf(ctx, name, docx)
	return data, name, err
}

// HasPDF says whether PDF can be made here.
func HasPDF() bool {
	_, ok := reader.FindOffice()
	return ok
}

// PDFOf prints one of our Word documents. Error: ErrUnavailable without
// LibreOffice.
func PDFOf(ctx context.Context, name string, docx []byte) ([]byte, error) {
	converter, ok := reader.FindOffice()
	if !ok {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "这台服务器没有安装LibreOffice,不能生成PDF;请用打印页面,或下载Word文件后另存。")
	}
	converter.Timeout = 2 * time.Minute
	return converter.PDF(ctx, name, docx)
}

// MakeBulletin makes a quarter's document without keeping it, for the command
// line: docx, xlsx or pdf. Errors: as BuildBulletin.
func (o *Office) MakeBulletin(ctx context.Context, v people.Visitor, quarter disclosure.Period, edition notice.Edition, draft bool, format string) ([]byte, *notice.Notice, error) {
	facts, err := o.bulletinFacts(ctx, v, quarter)
	if err != nil {
		return nil, nil, err
	}
	if len(facts.Unapproved) > 0 && !draft {
		return nil, nil, notApproved(facts)
	}
	layout, _, err := o.BulletinLayout(ctx)
	if err != nil {
		return nil, nil, err
	}
	n, err := notice.Build(facts, notice.Options{Layout: layout, Edition: edition, Draft: draft})
	if err != nil {
		return nil, nil, err
	}
	data, err := o.printed(ctx, n, format, n.Docx)
	return data, n, err
}

// Brief is the quarter on one side of A4, as it stands. It says itself what is
// not decided yet. Error: ErrForbidden.
func (o *Office) Brief(ctx context.Context, v people.Visitor, quarter disclosure.Period) (*notice.Notice, error) {
	facts, err := o.bulletinFacts(ctx, v, quarter)
	if err != nil {
		return nil, err
	}
	layout, _, err := o.BulletinLayout(ctx)
	if err != nil {
		return nil, err
	}
	return notice.Brief(facts, notice.Options{Layout: layout, Draft: len(facts.Unapproved) > 0})
}

// BriefFile is the brief as docx or pdf, with its pictures for the page.
func (o *Office) BriefFile(ctx context.Context, v people.Visitor, quarter disclosure.Period, format string) ([]byte, *notice.Notice, error) {
	n, err := o.Brief(ctx, v, quarter)
	if err != nil {
		return nil, nil, err
	}
	data, err := o.printed(ctx, n, format, n.BriefDocx)
	return data, n, err
}

func (o *Office) printed(ctx context.Context, n *notice.Notice, format string, docx func([][]byte) ([]byte, error)) ([]byte, error) {
	if format == "xlsx" {
		return n.Xlsx()
	}
	pictures, err := o.draw(ctx, n)
	if err != nil {
		return nil, err
	}
	if format == "png" { // the brief's one picture, for its page
		if len(pictures[0]) == 0 {
			return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有可画的图。")
		}
		return pictures[0][0], nil
	}
	data, err := docx(pictures[0])
	if err != nil || format != "pdf" {
		return data, err
	}
	return PDFOf(ctx, n.Title, data)
}

// BulletinPicture is the n-th picture of a version, from 1, out of its Word
// document: what pages show is what is printed. Error: ErrNotFound.
func (o *Office) BulletinPicture(ctx context.Context, v people.Visitor, id string, number int, edition notice.Edition, n int) ([]byte, error) {
	docx, _, err := o.BulletinFile(ctx, v, id, number, edition, "docx")
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInternal, "通报的文件损坏,请联系维护人员。").Because(err)
	}
	f, err := archive.Open(fmt.Sprintf("word/media/picture%d.png", n))
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "没有这张图。").Because(err)
	}
	defer f.Close()
	return io.ReadAll(f)
}

// BulletinReady says what stands against a final bulletin of a quarter; none
// means that it can be built. Error: ErrForbidden.
func (o *Office) BulletinReady(ctx context.Context, v people.Visitor, quarter disclosure.Period) ([]string, error) {
	facts, err := o.bulletinFacts(ctx, v, quarter)
	if err != nil {
		return nil, err
	}
	return facts.Unapproved, nil
}
