package office

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Choice is what a person decided on a preview.
type Choice struct {
	Part int
	// Version is the draft that the person saw.
	Version uint64
	Agreed  []ObjectionKind
	// Settled are the texts for doubtful cells; "" leaves the cell blank.
	Settled map[disclosure.Code]string
	// Read: the person has looked at the notes.
	Read bool
	// Mine are the cells and MineParts the parts of the prose that stay as they
	// are in the draft.
	Mine      map[disclosure.Code]bool
	MineParts map[int]bool
}

// SettleUpload keeps what a person has settled so far, without taking anything
// into the draft.
func (o *Office) SettleUpload(ctx context.Context, v people.Visitor, id string, c Choice) (*Preview, error) {
	o.uploads.change.Lock()
	defer o.uploads.change.Unlock()
	up, err := o.OpenUpload(ctx, v, id)
	if err != nil {
		return nil, err
	}
	pv, err := o.preview(ctx, v, up, c.Part)
	if err != nil {
		return nil, err
	}
	return o.settle(ctx, v, pv, c)
}

func (o *Office) settle(ctx context.Context, v people.Visitor, pv *Preview, c Choice) (*Preview, error) {
	part := pv.Part
	part.Agreed = slices.DeleteFunc(slices.Clone(c.Agreed), func(k ObjectionKind) bool {
		return !slices.ContainsFunc(pv.Objections, func(b Objection) bool { return b.Kind == k && !b.Refused })
	})
	settled := maps.Clone(part.Settled)
	if settled == nil {
		settled = map[disclosure.Code]string{}
	}
	for _, cell := range pv.Settle {
		text, ok := c.Settled[cell.Code]
		if !ok {
			delete(settled, cell.Code)
			continue
		}
		if utf8.RuneCountInString(text) > 200 {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "“%s”的内容过长,只填数字,说明写在括号里或写进正文。", cell.Label)
		}
		settled[cell.Code] = strings.TrimSpace(text)
	}
	part.Settled = settled
	if err := o.keepUpload(pv.Upload); err != nil {
		return nil, err
	}
	return o.preview(ctx, v, pv.Upload, c.Part)
}

// TakeUpload puts a part of an upload into the unit's draft, as a person
// decided on the preview. The file becomes a source of the report; cells keep
// file and place. Errors: ErrConflict (the draft was changed since the preview,
// or takes nothing now), ErrInvalid with a sentence on what is still open.
func (o *Office) TakeUpload(ctx context.Context, v people.Visitor, id string, c Choice) (*Sitting, error) {
	o.uploads.change.Lock()
	defer o.uploads.change.Unlock()
	up, err := o.OpenUpload(ctx, v, id)
	if err != nil {
		return nil, err
	}
	if up.Stage != UploadRead {
		return nil, disclosure.Errorf(disclosure.ErrConflict, "文件还没有读完,请稍等片刻再确认。")
	}
	pv, err := o.preview(ctx, v, up, c.Part)
	if err != nil {
		return nil, err
	}
	if pv, err = o.settle(ctx, v, pv, c); err != nil {
		return nil, err
	}
	if err := pv.ready(c); err != nil {
		return nil, err
	}
	data, err := o.store.WaitingData(id)
	if err != nil {
		return nil, err
	}
	s, err := o.takePart(ctx, v, pv, c, data)
	if err != nil {
		return nil, err
	}
	up.Parts[c.Part].Fate = FateTaken
	return s, o.closeOrKeep(up)
}

// ready says what still stands against taking the part.
func (pv *Preview) ready(c Choice) error {
	if pv.Closed != "" {
		return disclosure.Errorf(disclosure.ErrConflict, "%s", pv.Closed)
	}
	for _, b := range pv.Objections {
		switch {
		case b.Refused:
			return disclosure.Errorf(disclosure.ErrForbidden, "%s不能带入本单位的草稿,请核对是否选错文件。", b.Sentence)
		case !b.Agreed:
			return disclosure.Errorf(disclosure.ErrInvalid, "%s请勾选确认,或丢弃这个文件。", b.Sentence)
		}
	}
	open := 0
	for _, cell := range pv.Settle {
		if cell.Bad != "" {
			return disclosure.Errorf(disclosure.ErrInvalid, "%s:%s", cell.Label, cell.Bad)
		}
		if !cell.Given {
			open++
		}
	}
	if open > 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "还有%d格没有核定,请填写数字或勾选留空。", open)
	}
	if len(pv.Notes) > 0 && !c.Read {
		return disclosure.Errorf(disclosure.ErrInvalid, "文件里还有%d处需要核对,请看过后勾选“已核对”。", len(pv.Notes))
	}
	if pv.Sitting.Draft.Version != c.Version {
		return disclosure.Errorf(disclosure.ErrConflict, "草稿在预览之后由%s修改过,请核对下面新的差别,再确认一次。", pv.Sitting.Draft.Name)
	}
	return nil
}

// takePart keeps the file and puts the part's cells and prose into the draft.
func (o *Office) takePart(ctx context.Context, v people.Visitor, pv *Preview, c Choice, data []byte) (*Sitting, error) {
	if _, _, err := o.store.PutFile(bytes.NewReader(data)); err != nil {
		return nil, err
	}
	s, _, err := o.changeDraft(ctx, v, pv.Part.Unit, pv.Part.Period, func(s *Sitting) ([]Clash, error) {
		if s.Draft.Version != c.Version {
			return nil, disclosure.Errorf(disclosure.ErrConflict, "草稿在预览之后由%s修改过,请核对下面新的差别,再确认一次。", s.Draft.Name)
		}
		pv.into(s, c)
		return nil, nil
	})
	return s, err
}

func (pv *Preview) into(s *Sitting, c Choice) {
	keeps := map[disclosure.Code]bool{}
	for _, d := range pv.Differences {
		keeps[d.Code] = c.Mine[d.Code]
	}
	for _, r := range pv.Forms {
		for code, cell := range r.Cells {
			cells, _, ok := s.place(code)
			if !ok || keeps[code] {
				continue
			}
			cells[code] = cell
		}
	}
	form := disclosure.FormByID(s.Content.Forms[0].Form)
	for _, t := range pv.Prose {
		if t.Found && !(t.Differs && c.MineParts[t.Number]) {
			s.setProse(form, t.Number, t.Text)
		}
	}
	if s.Content.Title == "" && len(pv.Objections) == 0 {
		for _, r := range pv.Forms {
			if r.Form.Family == disclosure.FamilyNational {
				s.Content.Title = r.Title
			}
		}
	}
	if !slices.ContainsFunc(s.Content.Sources, func(f store.SourceFile) bool { return f.SHA256 == pv.Upload.File.SHA256 }) {
		source := pv.Upload.File
		source.Shared = pv.Upload.ofSeveral()
		s.Content.Sources = append(s.Content.Sources, source)
	}
	if pv.Upload.Origin != nil {
		s.Content.Origin = pv.Upload.Origin
	}
}
