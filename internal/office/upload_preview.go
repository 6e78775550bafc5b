package office

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/intake/interpret"
	"mingjing/internal/people"
)

// ObjectionKind is what of a file does not fit the report it is for.
type ObjectionKind string

// The kinds of objection.
const (
	ObjectUnit  ObjectionKind = "unit"
	ObjectYear  ObjectionKind = "year"
	ObjectForm  ObjectionKind = "form"
	ObjectScope ObjectionKind = "scope"
)

// Objection must be confirmed by a person, or is refused whatever one says.
type Objection struct {
	Kind     ObjectionKind
	Sentence string
	Refused  bool
	Agreed   bool
	// Other is the listed unit whose report the file is, 0 when nobody knows.
	Other disclosure.UnitNumber
}

// SettleCell is a cell that was not read, or that a person should look at.
type SettleCell struct {
	Code   disclosure.Code
	Label  string
	Raw    string // as printed
	Place  string // in the file
	Why    string // one sentence
	Unread bool
	Typed  string // what is in the input: settled, or what was read
	Given  bool   // a person has settled it
	Bad    string // why what the person typed is no number
}

// CellDifference is a cell for which the file says something else than the draft.
type CellDifference struct {
	Code     disclosure.Code
	Label    string
	Mine     string
	Theirs   string
	KeepMine bool // the proposal
}

// PartText is a part of the prose in file and draft.
type PartText struct {
	Number  int
	Title   string
	Found   bool
	Text    string
	Mine    string
	Differs bool // both say something, and not the same
}

// Letters is how long the file's text is.
func (t PartText) Letters() int { return utf8.RuneCountInString(t.Text) }

// Preview is what taking a part of an upload into the draft would do.
type Preview struct {
	Upload  *Upload
	Index   int
	Part    *UploadPart
	Sitting *Sitting
	// Closed says why the draft takes nothing now; "" when it does.
	Closed     string
	Objections []Objection
	Settle     []SettleCell
	Notes      []string // what a person should know: rows taken by likeness, tables that are missing
	Forms      []*disclosure.Report
	Prose      []PartText
	NoProse    bool
	// Differences are cells where both say something; Fills counts those that
	// the draft has blank, Same those that agree, LeftOut those that the year's
	// form does not have.
	Differences []CellDifference
	Fills, Same int
	LeftOut     []string
}

// Refused says that a person cannot wave all objections through.
func (p *Preview) Refused() bool {
	return slices.ContainsFunc(p.Objections, func(b Objection) bool { return b.Refused })
}

// Open says whether something must be settled before the part can be taken.
func (p *Preview) Open() bool {
	return p.Closed != "" || slices.ContainsFunc(p.Objections, func(b Objection) bool { return b.Refused || !b.Agreed }) ||
		slices.ContainsFunc(p.Settle, func(c SettleCell) bool { return !c.Given }) || len(p.Notes) > 0
}

// PreviewUpload shows what a part of an upload says and does. Errors:
// ErrNotFound, ErrForbidden.
func (o *Office) PreviewUpload(ctx context.Context, v people.Visitor, id string, part int) (*Preview, error) {
	up, err := o.OpenUpload(ctx, v, id)
	if err != nil {
		return nil, err
	}
	return o.preview(ctx, v, up, part)
}

func (o *Office) preview(ctx context.Context, v people.Visitor, up *Upload, part int) (*Preview, error) {
	if part < 0 || part >= len(up.Parts) {
		return nil, disclosure.Errorf(disclosure.ErrNotFound, "文件里没有这一份报告,请从列表重新进入。")
	}
	pv := &Preview{Upload: up, Index: part, Part: &up.Parts[part]}
	if pv.Part.Unit == 0 {
		return nil, disclosure.Errorf(disclosure.ErrConflict, "还不知道这份报告是哪个单位的,请先选择单位。")
	}
	var err error
	if pv.Sitting, err = o.OpenSitting(ctx, v, pv.Part.Unit, pv.Part.Period); err != nil {
		return nil, err
	}
	if t, err := filing.Next(pv.Sitting.State, filing.Save); err != nil {
		pv.Closed = fmt.Sprintf("本单位%s年的报告现在是“%s”,要先撤回或退回,文件才能带入草稿。", pv.Part.Period, filing.Names[pv.Sitting.State])
	} else if !t.Allows(v, pv.Part.Unit) {
		return nil, v.Demand(people.FileReport, pv.Part.Unit)
	}
	if err := o.object(ctx, v, pv); err != nil {
		return nil, err
	}
	for _, i := range pv.Part.Reports {
		pv.doubts(up.Reports[i])
	}
	pv.merge()
	return pv, nil
}

// object finds what does not fit: unit, year, scope, form.
func (o *Office) object(ctx context.Context, v people.Visitor, pv *Preview) error {
	p, s := pv.Part, pv.Sitting
	raise := func(kind ObjectionKind, refused bool, other disclosure.UnitNumber, format string, args ...any) {
		pv.Objections = append(pv.Objections, Objection{Kind: kind, Sentence: fmt.Sprintf(format, args...), Refused: refused, Other: other, Agreed: slices.Contains(p.Agreed, kind)})
	}
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	book := newNameBook(units.list)
	mark, marked := pv.Upload.madeFor()
	if p.Name != "" {
		named, err := book.find(p.Name, p.Period.Year)
		switch {
		case err == nil && named != nil && named.Number == s.Unit.Number:
			if made, err := book.find(mark.Unit, mark.Period.Year); marked && err == nil && made != nil && made.Number != s.Unit.Number {
				raise(ObjectUnit, false, made.Number, "这份填报表是从系统为“%s”下载的,表上的单位名称后来改成了“%s”,请核对是否拿错了表。", mark.Unit, p.Name)
			}
		case err == nil && named != nil:
			raise(ObjectUnit, !v.May(people.Supervise, s.Unit.Number), named.Number, "文件是“%s”的报告,不是“%s”的。", p.Name, s.Unit.Name)
		default:
			raise(ObjectUnit, false, 0, "文件里写的单位是“%s”,单位名单里“%s”没有这个名称。", p.Name, s.Unit.Name)
		}
	}
	if p.Year != 0 && p.Year != p.Period.Year {
		raise(ObjectYear, false, 0, "文件是%s年的报告,不是%s年的。", p.Year, p.Period)
	} else if marked && mark.Period != p.Period {
		raise(ObjectYear, false, 0, "这份填报表是从系统为%s年下载的,不是%s年的,请核对是否拿错了表。", mark.Period, p.Period)
	}
	if p.Scope != disclosure.ScopeUnknown && p.Scope != s.Content.Scope {
		raise(ObjectScope, false, 0, "文件写明的口径是“%s”,本单位%s年报送的口径是“%s”。", p.Scope, p.Period, s.Content.Scope)
	}
	for _, i := range p.Reports {
		form := pv.Upload.Reports[i].Report.Form
		if form == nil || form.Family != disclosure.FamilyNational || form.ID == s.Content.Forms[0].Form {
			continue
		}
		raise(ObjectForm, false, 0, "文件用的是%s年版表单,%s年应当用%s年版;两版共有的单元格可以带入,其余不能。", form.Version, p.Period, disclosure.FormByID(s.Content.Forms[0].Form).Version)
	}
	return nil
}

// doubts gathers the cells to settle and the sentences to read.
func (pv *Preview) doubts(r uploadReport) {
	why := map[disclosure.Code]interpret.Doubt{}
	for _, d := range r.Doubts {
		_, holds := r.Report.Cells[d.Code]
		if (d.Kind == interpret.DoubtCell || d.Kind == interpret.DoubtDuplicate) && d.Code != "" && (holds || d.Kind == interpret.DoubtCell) {
			if _, twice := why[d.Code]; !twice {
				why[d.Code] = d
			}
			continue
		}
		if d.Kind == interpret.DoubtIdentity && (pv.Part.Name != "" || pv.Upload.Unit != 0) {
			continue // unit, year and scope are objected to in words of their own
		}
		if !slices.Contains(pv.Notes, d.Message) {
			pv.Notes = append(pv.Notes, d.Message)
		}
	}
	for _, def := range r.Report.Form.AllCells() {
		c, ok := r.Report.Cells[def.Code]
		d, doubted := why[def.Code]
		if !doubted && (!ok || c.Kind != disclosure.CellUnread) {
			continue
		}
		cell := SettleCell{Code: def.Code, Label: def.Label(), Raw: c.Raw, Place: c.Source, Why: d.Message, Unread: !ok || c.Kind == disclosure.CellUnread}
		if cell.Raw == "" {
			cell.Raw = d.Text
		}
		if cell.Place == "" {
			cell.Place = d.Place
		}
		if cell.Why == "" {
			cell.Why = "读不出数字:" + c.Problem + "。"
		}
		if !cell.Unread {
			cell.Typed = Typed(c)
		}
		if given, has := pv.Part.Settled[def.Code]; has {
			cell.Typed, cell.Given = given, true
			if parsed := disclosure.ParseCell(given, def.Value, def.Unit); parsed.Kind == disclosure.CellUnread {
				cell.Bad, cell.Given = "“"+given+"”"+parsed.Problem+",请填数字、“/”,或勾选留空。", false
			}
		}
		pv.Settle = append(pv.Settle, cell)
	}
}

// settledCell is a cell as it would go into the draft: what a person settled
// stands in the place of what was read, and keeps file and place.
func (pv *Preview) settledCell(def disclosure.CellDef, c disclosure.Cell) disclosure.Cell {
	given, ok := pv.Part.Settled[def.Code]
	if !ok {
		return c
	}
	out := disclosure.ParseCell(given, def.Value, def.Unit)
	out.Source, out.File = c.Source, c.File
	if out.File == "" {
		out.File = pv.Upload.File.SHA256
	}
	return out
}

// merge compares the file's cells and prose with the draft's.
func (pv *Preview) merge() {
	for _, i := range pv.Part.Reports {
		r := pv.Upload.Reports[i].Report
		shown := *r
		shown.Cells = make(map[disclosure.Code]disclosure.Cell, len(r.Cells))
		for _, def := range r.Form.AllCells() {
			c, has := r.Cells[def.Code]
			_, given := pv.Part.Settled[def.Code]
			if !has && !given {
				continue
			}
			c = pv.settledCell(def, c)
			shown.Cells[def.Code] = c
			pv.compareCell(def, c)
		}
		pv.Forms = append(pv.Forms, &shown)
		if r.Form.Family == disclosure.FamilyNational {
			pv.mergeProse(r)
		}
	}
}

func (pv *Preview) compareCell(def disclosure.CellDef, c disclosure.Cell) {
	cells, _, ok := pv.Sitting.peek(def.Code)
	if !ok {
		if c.Kind != disclosure.CellBlank {
			pv.LeftOut = append(pv.LeftOut, def.Label())
		}
		return
	}
	mine := cells[def.Code]
	blank := mine.Kind == "" || mine.Kind == disclosure.CellBlank
	switch {
	case blank && c.Kind == disclosure.CellBlank, sameCell(mine, c):
		pv.Same++
	case blank:
		pv.Fills++
	default:
		pv.Differences = append(pv.Differences, CellDifference{Code: def.Code, Label: def.Label(), Mine: Typed(mine), Theirs: Typed(c), KeepMine: c.Kind == disclosure.CellBlank})
	}
}

// peek is place without making anything.
func (s *Sitting) peek(code disclosure.Code) (map[disclosure.Code]disclosure.Cell, disclosure.CellDef, bool) {
	for i := range s.Content.Forms {
		if form := disclosure.FormByID(s.Content.Forms[i].Form); form != nil {
			if def, ok := form.Cell(code); ok {
				return s.Content.Forms[i].Cells, def, true
			}
		}
	}
	return nil, disclosure.CellDef{}, false
}

func (pv *Preview) mergeProse(r *disclosure.Report) {
	pv.NoProse = !r.HasProse
	form := disclosure.FormByID(pv.Sitting.Content.Forms[0].Form)
	for _, def := range form.Parts {
		if !def.Prose {
			continue
		}
		t := PartText{Number: def.Number, Title: def.Title, Mine: pv.Sitting.ProseOf(def.Number)}
		for _, p := range r.Prose {
			if p.Number == def.Number {
				t.Text = strings.TrimSpace(strings.Join([]string{t.Text, strings.TrimSpace(p.Text)}, "\n"))
			}
		}
		t.Found = t.Text != ""
		t.Differs = t.Found && strings.TrimSpace(t.Mine) != "" && strings.TrimSpace(t.Mine) != t.Text
		pv.Prose = append(pv.Prose, t)
	}
}
