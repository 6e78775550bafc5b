package ledger

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// rowReader turns the rows of the sheets into Rows.
type rowReader struct {
	ledger  *Ledger
	hide    *mask
	numbers map[string]int // first row with a number, as an index
	empty   []string       // places of rows with nothing but a number
}

func (a *rowReader) read(sheets []*sheet, hide *mask) {
	a.hide = hide
	for _, s := range sheets {
		h := a.ledger.Mapping.head(s.print)
		for r := s.first; r < s.grid.Rows && len(a.ledger.Rows) <= MaxRows; r++ {
			if !s.skip(r) {
				a.row(s, h, r)
			}
		}
	}
	if len(a.empty) > 0 {
		a.ledger.Doubts = append(a.ledger.Doubts, Doubt{Place: a.empty[0],
			Message: fmt.Sprintf("有%d行只有编号没有其他内容(%s),没有读入。", len(a.empty), someOf(a.empty))})
	}
}

// someOf lists up to five places.
func someOf(places []string) string {
	if len(places) > 5 {
		return strings.Join(places[:5], "、") + "等"
	}
	return strings.Join(places, "、")
}

// fields are the texts of a row by what their columns hold.
type fields struct {
	text     map[Role]string
	kinds    []string // keys of marked columns with a mark
	results  []string
	hasMarks map[Role]bool // the sheet has such columns
	filled   bool          // something other than a number stands there
	anchored bool          // some column that is read begins in this row
}

func (s *sheet) fields(h *Head, r int) fields {
	f := fields{text: map[Role]string{}, hasMarks: map[Role]bool{}}
	for _, c := range h.Columns {
		text := s.text(r, c.Column)
		switch c.Role {
		case RoleKindMarked, RoleResultMark:
			f.hasMarks[c.Role] = true
			if !isMark(text) {
				break
			}
			if c.Role == RoleKindMarked {
				f.kinds = append(f.kinds, c.Key)
			} else {
				f.results = append(f.results, c.Key)
			}
			f.filled = true
		case RoleIgnore, RoleDue:
			continue
		default:
			if f.text[c.Role] == "" {
				f.text[c.Role] = text
			}
			f.filled = f.filled || !isBlank(text) && c.Role != RoleNumber && c.Role != RoleSerial
		}
		if cell := s.cell(r, c.Column); text != "" && cell.Row == r && c.Role != RoleContent && c.Role != RoleRemark && c.Role != RolePrivate {
			f.anchored = true
		}
	}
	return f
}

func isMark(text string) bool {
	plain := fold(text)
	return plain != "" && !slices.Contains(words().No, plain) && (slices.Contains(words().Yes, plain) || strings.ContainsAny(plain, "√✓✔☑"))
}

func (a *rowReader) row(s *sheet, h *Head, r int) {
	f := s.fields(h, r)
	place := a.hide.head(s.rowPlace(r))
	if !f.filled {
		if !isBlank(f.text[RoleNumber]) {
			a.empty = append(a.empty, place)
		}
		return
	}
	if !f.anchored {
		return // the second line of an application whose cells are merged over two
	}
	row := Row{ID: fmt.Sprintf("%d-%d", s.index+1, r+1), Place: place, Number: a.hide.number(f.text[RoleNumber])}
	row.readApplicant(f)
	row.readDays(f, a.ledger.Mapping.YearOfDays)
	row.readResult(f)
	row.Extended = extended(f.text[RoleExtended])
	if key := bare(f.text[RoleNumber]); key != "" && !isBlank(f.text[RoleNumber]) {
		a.same(&row, key)
	}
	a.ledger.Rows = append(a.ledger.Rows, row)
}

// same notes rows that bear one number; both wait for a person.
func (a *rowReader) same(row *Row, number string) {
	first, twice := a.numbers[number]
	if !twice {
		a.numbers[number] = len(a.ledger.Rows)
		return
	}
	twin := &a.ledger.Rows[first]
	row.SameNumber = append(row.SameNumber, twin.Place)
	if len(twin.SameNumber) < 20 {
		twin.SameNumber = append(twin.SameNumber, row.Place)
	}
}

func (row *Row) found(field Field, candidates []string, suggested, format string, args ...any) {
	row.Found = append(row.Found, Problem{Field: field, Candidates: slices.Clone(candidates), Suggested: suggested, Message: fmt.Sprintf(format, args...)})
}

func (row *Row) readApplicant(f fields) {
	v := applicantOf(f.text[RoleKind])
	if f.hasMarks[RoleKindMarked] && len(f.kinds) > 0 {
		v = verdict{candidates: f.kinds, said: keyLabel(f.kinds[0]), known: true}
		if len(f.kinds) == 1 {
			v = verdict{key: f.kinds[0], said: keyLabel(f.kinds[0]), known: true}
		}
	}
	row.Said = v.said
	if v.note != "" {
		row.Conventions = append(row.Conventions, v.note)
	}
	if v.key != "" {
		row.Applicant = v.key
		return
	}
	guess := applicantByName(f.text[RoleName])
	if guess != "" && !slices.Contains(v.candidates, guess) {
		guess = ""
	}
	switch {
	case guess != "":
		row.found(FieldApplicant, v.candidates, guess, "申请人类型没有写明,按名称推测为“%s”,请确认。", keyLabel(guess))
	case len(f.kinds) > 1:
		row.found(FieldApplicant, v.candidates, "", "勾选了不止一类申请人,请选定一类。")
	case v.known:
		row.found(FieldApplicant, v.candidates, "", "“%s”没有写明是哪一类法人或其他组织,请选定一类。", v.said)
	case isBlank(f.text[RoleKind]):
		row.found(FieldApplicant, v.candidates, "", "没有填写申请人类型,请选定一类。")
	default:
		row.found(FieldApplicant, v.candidates, "", "申请人类型的文字不认识,请对照原表选定一类。")
	}
}

func (row *Row) readDays(f fields, assume disclosure.Year) {
	var problem string
	if row.Received, problem = dayOf(f.text[RoleReceived], assume); problem != "" {
		row.found(FieldReceived, nil, "", "收到日期%s,请对照原表补正。", problem)
	}
	if row.Closed, problem = dayOf(f.text[RoleClosed], assume); problem != "" && problem != dayMissing {
		row.found(FieldClosed, nil, "", "答复日期%s,请对照原表补正。", problem)
	}
	if row.Corrected, problem = dayOf(f.text[RoleCorrected], assume); problem != "" || row.Corrected < row.Received {
		row.Corrected = 0
	}
}

func (row *Row) readResult(f fields) {
	v := resultOf(f.text[RoleResult], f.text[RoleReason])
	if f.hasMarks[RoleResultMark] && len(f.results) > 0 && v.key == "" {
		v = verdict{candidates: inOrder(f.results), known: true}
		if len(f.results) == 1 {
			v = verdict{key: f.results[0], said: keyLabel(f.results[0]), known: true}
		}
	}
	row.Said = join(row.Said, v.said)
	if v.note != "" {
		row.Conventions = append(row.Conventions, v.note)
	}
	row.Result = v.key
	blank := isBlank(f.text[RoleResult]) && len(f.results) == 0
	switch {
	case v.key != "" || v.open:
	case blank && v.suggested == "":
		// Settled by the days: an answer without a result is a problem, no
		// answer is none.
	case v.suggested != "":
		row.found(FieldResult, v.candidates, v.suggested, "办理结果的文字不认识,按理由推测为“%s”,请确认。", keyLabel(v.suggested))
	case len(v.candidates) > 0:
		row.found(FieldResult, v.candidates, "", "办理结果“%s”可以归入%d项,请选定一项。", v.said, len(v.candidates))
	case v.known:
		row.found(FieldResult, resultKeys, "", "办理结果只写了“%s”,没有写明哪一种结果,请选定一项。", v.said)
	default:
		row.found(FieldResult, resultKeys, "", "办理结果的文字不认识,请对照原表选定一项。")
	}
}

func extended(text string) bool {
	plain := fold(text)
	if slices.Contains(words().No, plain) || isBlank(text) {
		return false
	}
	_, problem := dayOf(text, 0)
	return problem == "" || slices.Contains(words().Yes, plain) || strings.Contains(plain, "延") && !strings.Contains(plain, "不") && !strings.Contains(plain, "未") && !strings.Contains(plain, "否")
}
