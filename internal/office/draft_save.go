package office

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// Patch is what a person changed since the last answer. Each change says what
// stood there before, so that two people can work on one draft: a change is
// refused only where somebody else has changed the very same place.
type Patch struct {
	Cells        []CellPatch
	Prose        []ProsePatch
	Explanations []ExplanationPatch
}

// CellPatch changes a cell: texts as people type them.
type CellPatch struct {
	Code disclosure.Code `json:"code"`
	Was  string          `json:"was"`
	Now  string          `json:"now"`
}

// ProsePatch changes the text of a part.
type ProsePatch struct {
	Part int    `json:"part"`
	Was  string `json:"was"`
	Now  string `json:"now"`
}

// ExplanationPatch changes the explanation of a finding, named by its rule, its
// cells and its aspect.
type ExplanationPatch struct {
	Rule   string            `json:"rule"`
	Codes  []disclosure.Code `json:"codes"`
	Aspect string            `json:"aspect"`
	Was    string            `json:"was"`
	Now    string            `json:"now"`
}

// Clash is a place that somebody else changed meanwhile: both texts are kept
// in sight until a person has chosen.
type Clash struct {
	Place  string    `json:"place"` // code, "part5", or rule and codes
	Label  string    `json:"label"`
	Theirs string    `json:"theirs"`
	Yours  string    `json:"yours"`
	By     string    `json:"by"` // name of who wrote it, as far as the kept versions tell
	Time   time.Time `json:"time,omitzero"`
}

// mostProse bounds a part's text, in characters; a long report has some 5,000.
const mostProse = 60_000

// mostCodes bounds the cells that an explanation names: FMT-R3 names a table's.
const (
	mostCodes  = 300
	mostAspect = 200 // bytes
)

// SaveDraft keeps a person's changes in the unit's draft. What clashes with
// somebody else's is returned and not kept; the rest is. Errors: ErrForbidden,
// ErrConflict when the report's state takes no changes, ErrInvalid.
func (o *Office) SaveDraft(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, p Patch) (*Sitting, []Clash, error) {
	s, clashes, err := o.changeDraft(ctx, v, unit, period, func(s *Sitting) ([]Clash, error) { return s.apply(p, v, o.clock()) })
	if err != nil {
		return nil, nil, err
	}
	return s, clashes, o.whoWrote(ctx, s, clashes)
}

// TryPatch is SaveDraft without keeping anything: what the checks would say.
func (o *Office) TryPatch(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, p Patch) (*Sitting, []Clash, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, nil, err
	}
	s.own()
	clashes, err := s.apply(p, v, o.clock())
	if err != nil {
		return nil, nil, err
	}
	return s, clashes, o.whoWrote(ctx, s, clashes)
}

// saveTries is how often a change is made anew over somebody else's save.
const saveTries = 5

// changeDraft makes a change on the draft as it stands, anew when somebody else
// saved in between, and keeps it.
func (o *Office) changeDraft(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, change func(*Sitting) ([]Clash, error)) (*Sitting, []Clash, error) {
	for try := 1; ; try++ {
		s, err := o.OpenSitting(ctx, v, unit, period)
		if err != nil {
			return nil, nil, err
		}
		t, err := filing.Next(s.State, filing.Save)
		if err != nil {
			return nil, nil, err
		}
		if !t.Allows(v, unit) {
			return nil, nil, v.Demand(people.FileReport, unit)
		}
		s.own()
		clashes, err := change(s)
		if err != nil {
			return nil, nil, err
		}
		if unchanged(s) {
			return s, clashes, nil
		}
		if !slices.Contains(s.Content.Authors, v.Account) {
			s.Content.Authors = append(s.Content.Authors, v.Account)
		}
		if s.Draft.State, err = json.Marshal(s.Content); err != nil {
			return nil, nil, disclosure.Errorf(disclosure.ErrInternal, "草稿无法保存,请联系管理员。").Because(err)
		}
		s.Draft.Person, s.Draft.Name, s.Draft.Time = v.Account, v.Name, o.clock()
		saved, err := o.store.SaveDraft(ctx, s.Draft)
		if disclosure.CodeOf(err) == disclosure.ErrConflict && err != nil && try < saveTries {
			continue
		}
		if err != nil {
			return nil, nil, err
		}
		s.Draft = saved
		if s.State == filing.Missing {
			s.State = filing.Draft
		}
		s.Acts = filing.Possible(s.State, v, unit, s.UnitReviews)
		return s, clashes, nil
	}
}

// unchanged says whether the draft holds what it held: then it is not saved
// anew, and whoever looks at it does not become an author.
func unchanged(s *Sitting) bool {
	if s.Draft.Version == 0 {
		return false
	}
	now, err := json.Marshal(s.Content)
	return err == nil && bytes.Equal(now, s.Draft.State)
}

// own gives the sitting cells and texts of its own: those of a report on file
// are shared with other readers.
func (s *Sitting) own() {
	s.Content.Forms = slices.Clone(s.Content.Forms)
	for i, f := range s.Content.Forms {
		cells := make(map[disclosure.Code]disclosure.Cell, len(f.Cells))
		for code, c := range f.Cells {
			cells[code] = c
		}
		s.Content.Forms[i].Cells = cells
	}
	s.Content.Prose = slices.Clone(s.Content.Prose)
	s.Content.Explanations = slices.Clone(s.Content.Explanations)
	s.Content.Authors = slices.Clone(s.Content.Authors)
	s.Content.Sources = slices.Clone(s.Content.Sources)
}

// apply makes the changes of a person at a time.
func (s *Sitting) apply(p Patch, v people.Visitor, now time.Time) ([]Clash, error) {
	var clashes []Clash
	clash := func(place, label, theirs, yours string) {
		clashes = append(clashes, Clash{Place: place, Label: label, Theirs: theirs, Yours: yours})
	}
	for _, c := range p.Cells {
		cells, def, ok := s.place(c.Code)
		if !ok {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "表中没有代码为“%s”的单元格,请刷新页面后重试。", c.Code)
		}
		if utf8.RuneCountInString(c.Now) > 200 {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "“%s”的内容过长,只填数字,说明写在括号里或写进正文。", def.Label())
		}
		stands := Typed(cells[c.Code])
		parsed := disclosure.ParseCell(c.Now, def.Value, def.Unit)
		switch {
		case stands == Typed(parsed): // it keeps what it has besides: the file that it came from
		case stands != c.Was:
			clash(string(c.Code), def.Label(), stands, c.Now)
		default:
			cells[c.Code] = parsed
		}
	}
	for _, t := range p.Prose {
		if err := s.applyProse(t, clash); err != nil {
			return nil, err
		}
	}
	for _, e := range p.Explanations {
		stands := explanationIn(s.Content.Explanations, e.Rule, e.Aspect, e.Codes)
		if stands == e.Now {
			continue
		}
		if stands != e.Was {
			clash(ExplanationPlace(e.Rule, e.Aspect, e.Codes), "对"+e.Rule+"的说明", stands, e.Now)
			continue
		}
		if utf8.RuneCountInString(e.Now) > 1000 {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "说明最多1000字,请写得简短些。")
		}
		if !s.knows(e.Rule) || len(e.Codes) > mostCodes || len(e.Aspect) > mostAspect {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有名为“%s”的规则,请刷新页面后重试。", e.Rule)
		}
		s.explain(e, v, now)
	}
	return clashes, nil
}

// place finds the cells that hold a code.
func (s *Sitting) place(code disclosure.Code) (map[disclosure.Code]disclosure.Cell, disclosure.CellDef, bool) {
	for i := range s.Content.Forms {
		form := disclosure.FormByID(s.Content.Forms[i].Form)
		if form == nil {
			continue
		}
		if def, ok := form.Cell(code); ok {
			if s.Content.Forms[i].Cells == nil {
				s.Content.Forms[i].Cells = map[disclosure.Code]disclosure.Cell{}
			}
			return s.Content.Forms[i].Cells, def, true
		}
	}
	return nil, disclosure.CellDef{}, false
}

// Typed is a cell as a person would type it.
func Typed(c disclosure.Cell) string {
	switch {
	case c.Raw != "":
		return c.Raw
	case c.Kind == disclosure.CellNumber:
		return c.Value.String()
	case c.Kind == disclosure.CellSlash:
		return "/"
	}
	return ""
}

func (s *Sitting) applyProse(t ProsePatch, clash func(place, label, theirs, yours string)) error {
	form := disclosure.FormByID(s.Content.Forms[0].Form)
	at := slices.IndexFunc(form.Parts, func(p disclosure.Part) bool { return p.Number == t.Part && p.Prose })
	if at < 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "报告没有第%d部分的正文,请刷新页面后重试。", t.Part)
	}
	if utf8.RuneCountInString(t.Now) > mostProse {
		return disclosure.Errorf(disclosure.ErrInvalid, "“%s”超过%d字,请精简。", form.Parts[at].Title, mostProse)
	}
	stands := s.ProseOf(t.Part)
	switch stands {
	case t.Now:
	case t.Was:
		s.setProse(form, t.Part, t.Now)
	default:
		clash(ProsePlace(t.Part), form.Parts[at].Title, stands, t.Now)
	}
	return nil
}

// ProseOf is the text of a part, "" when nothing was written.
func (s *Sitting) ProseOf(part int) string { return proseIn(&s.Content, part) }

// setProse puts a part's text in its place: the parts in the form's order,
// those of tables with an empty text, as a printed report has them.
func (s *Sitting) setProse(form *disclosure.Form, part int, text string) {
	var out []disclosure.ProsePart
	for _, p := range s.Content.Prose {
		if p.Number == 0 {
			out = append(out, p)
		}
	}
	for _, def := range form.Parts {
		now := disclosure.ProsePart{Number: def.Number, Title: def.Title, Text: s.ProseOf(def.Number)}
		if def.Number == part {
			now.Text = text
		}
		out = append(out, now)
	}
	s.Content.Prose = out
}

// ProsePlace names a part's text in a draft.
func ProsePlace(part int) string { return "part" + strconv.Itoa(part) }

// ExplanationPlace names the explanation of a finding in a draft.
func ExplanationPlace(rule, aspect string, codes []disclosure.Code) string {
	place := rule + " " + aspect
	for _, c := range codes {
		place += " " + string(c)
	}
	return place
}

// Explanation is what was written on a finding, "" when nothing.
func (s *Sitting) Explanation(f check.Finding) string {
	return explanationIn(s.Content.Explanations, f.Rule, f.Aspect, f.Codes)
}

// knows says whether a rule is one of the district's.
func (s *Sitting) knows(rule string) bool {
	return slices.ContainsFunc(s.rules.Rules(), func(r check.RuleState) bool { return r.ID == rule })
}

func explanationIn(all []store.Explanation, rule, aspect string, codes []disclosure.Code) string {
	for _, e := range all {
		if e.Rule == rule && e.Aspect == aspect && slices.Equal(e.Codes, codes) {
			return e.Text
		}
	}
	return ""
}

func (s *Sitting) explain(p ExplanationPatch, v people.Visitor, now time.Time) {
	s.Content.Explanations = slices.DeleteFunc(s.Content.Explanations, func(e store.Explanation) bool {
		return e.Rule == p.Rule && e.Aspect == p.Aspect && slices.Equal(e.Codes, p.Codes)
	})
	if p.Now != "" {
		s.Content.Explanations = append(s.Content.Explanations, store.Explanation{Rule: p.Rule, Codes: p.Codes, Aspect: p.Aspect, Text: p.Now, By: v.Account, Time: now})
	}
}

// FillZeros is 零报告: every blank cell of tables 三 and 四 becomes a confirmed
// zero. What is filled in stays.
func (o *Office) FillZeros(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period) (*Sitting, error) {
	s, _, err := o.changeDraft(ctx, v, unit, period, func(s *Sitting) ([]Clash, error) {
		part := &s.Content.Forms[0]
		for _, def := range disclosure.FormByID(part.Form).Cells() {
			if (def.Table.Key == "T3" || def.Table.Key == "T4") && part.Cells[def.Code].Kind != disclosure.CellNumber &&
				(part.Cells[def.Code].Kind == "" || part.Cells[def.Code].Kind == disclosure.CellBlank) {
				part.Cells[def.Code] = disclosure.ParseCell("0", def.Value, def.Unit)
			}
		}
		return nil, nil
	})
	return s, err
}

// Verdict is what the rules say of a draft.
type Verdict struct {
	Findings []check.Finding
	// Computed are the totals that follow from what is filled in.
	Computed map[disclosure.Code]string
	// Errors and Unexplained count what stands against handing on.
	Errors, Unexplained int
}

// MustExplain says whether a finding asks for an explanation before the report
// is handed on: reading prose is a guess, so TXT and CPY never stand in the way.
func MustExplain(f check.Finding) bool {
	return f.Severity == check.Explain && !check.Guesses(f.Rule)
}

// Judge runs the rules over the draft.
func (s *Sitting) Judge() Verdict {
	var v Verdict
	for i, f := range s.Content.Forms {
		r := s.Report(f.Form)
		if r.Form == nil {
			continue
		}
		var before check.Before
		if i == 0 {
			before = s.merged
			before.Last = s.LastReport()
		} else if !anyFilled(f.Cells) {
			continue // a local table that is not begun is not asked for
		}
		v.Findings = append(v.Findings, s.rules.Report(s.Unit, r, before)...)
	}
	if f, blank := s.blankTotals(); blank {
		v.Findings = append([]check.Finding{f}, v.Findings...)
	}
	v.Computed = s.computed()
	for _, f := range v.Findings {
		switch {
		case f.Severity == check.Error:
			v.Errors++
		case MustExplain(f) && !Explains(s.Explanation(f)):
			v.Unexplained++
		}
	}
	return v
}

// blankTotals finds the totals of the national tables 三 and 四 that hold no
// number. In a report that came from elsewhere a blank total makes a rule not
// assessable; whoever files here is asked for it, or a report could be handed in
// that no sum was tried on.
func (s *Sitting) blankTotals() (f check.Finding, blank bool) {
	part := s.Content.Forms[0]
	form := disclosure.FormByID(part.Form)
	if form == nil {
		return f, false
	}
	var codes []disclosure.Code
	for _, sum := range form.Sums {
		if sum.Table != "T3" && sum.Table != "T4" {
			continue
		}
		for _, line := range form.SumLines(sum) {
			for _, c := range line.Totals {
				def, ok := form.Cell(c)
				if ok && !def.Alternate && !part.Cells[c].IsNumber() && !slices.Contains(codes, c) {
					codes = append(codes, c)
				}
			}
		}
	}
	if len(codes) == 0 {
		return f, false
	}
	slices.SortFunc(codes, func(a, b disclosure.Code) int { return form.Order(a) - form.Order(b) })
	return check.Finding{Rule: "FMT-R3", Aspect: "totals", Severity: check.Error, Codes: codes,
		Message: fmt.Sprintf("表三、表四还有%d处合计没有填写,合计空着就无法核对;请填写,没有的填0,也可以采用算得的合计。", len(codes))}, true
}

func anyFilled(cells map[disclosure.Code]disclosure.Cell) bool {
	for _, c := range cells {
		if c.Kind != disclosure.CellBlank {
			return true
		}
	}
	return false
}

// computed are the totals of the draft's sums, by their single total's cell.
func (s *Sitting) computed() map[disclosure.Code]string {
	out := map[disclosure.Code]string{}
	for _, part := range s.Content.Forms {
		form := disclosure.FormByID(part.Form)
		if form == nil {
			continue
		}
		for _, sum := range form.Sums {
			for _, l := range form.SumLines(sum) {
				if total, ok := l.Total(part.Cells); ok && len(l.Totals) == 1 {
					if _, twice := out[l.Totals[0]]; !twice {
						out[l.Totals[0]] = total.String()
					}
				}
			}
		}
	}
	return out
}
