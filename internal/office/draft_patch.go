package office

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
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
			clash(ExplanationPlace(e.Rule, e.Aspect, e.Codes), "对“"+s.ruleTitle(e.Rule)+"”的说明", stands, e.Now)
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

// ruleTitle is what the district calls a rule, its own rules included.
func (s *Sitting) ruleTitle(id string) string {
	for _, r := range s.rules.Rules() {
		if r.ID == id {
			return orElse(r.Setting.Title, r.Title)
		}
	}
	return ruleTitle(id)
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
