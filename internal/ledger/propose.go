package ledger

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// Propose finds the sheets of a ledger and says what it takes their columns
// for. ErrInvalid when the file holds no ledger.
func Propose(doc *document.Document) (Mapping, error) {
	sheets, _ := findSheets(doc)
	if len(sheets) == 0 {
		return Mapping{}, noLedger()
	}
	return propose(sheets, newMask(privateTexts(sheets))), nil
}

func noLedger() error {
	return disclosure.Errorf(disclosure.ErrInvalid, "文件里没有找到依申请公开台账:需要一行一件,表头有收到日期、答复日期和办理结果,请检查是否选错文件。")
}

func propose(sheets []*sheet, m *mask) Mapping {
	var out Mapping
	for _, s := range sheets {
		place := m.head(s.place)
		if known := out.head(s.print); known != nil {
			known.Sheets = append(known.Sheets, place)
			continue
		}
		out.Heads = append(out.Heads, Head{Fingerprint: s.print, Sheets: []string{place}, Columns: s.propose(m)})
	}
	return out
}

// privateTexts are the texts of every column that may hold names.
func privateTexts(sheets []*sheet) []string {
	var out []string
	for _, s := range sheets {
		texts := takeApart(s.headers)
		for c := range s.headers {
			if role, _, _ := texts.role(c); role != RoleName && role != RolePrivate {
				continue
			}
			for r := s.first; r < s.grid.Rows; r++ {
				if text := s.text(r, c); text != "" {
					out = append(out, text)
				}
			}
		}
	}
	return out
}

// headTexts are the heads of a sheet, each taken apart once.
type headTexts []headText

type headText struct {
	printed string
	spoken  []string // whole, last line, and both without what stands in brackets
	group   string   // the lines over the last
	last    string
	kind    verdict // of the last line, should it name a kind or a result
	result  verdict
}

func takeApart(headers []string) headTexts {
	out := make(headTexts, len(headers))
	for i, printed := range headers {
		parts := strings.Fields(printed)
		if len(parts) == 0 {
			continue
		}
		last := parts[len(parts)-1]
		out[i] = headText{printed: printed, last: bare(last), group: bare(strings.Join(parts[:len(parts)-1], "")),
			spoken: []string{bare(printed), bare(last), bare(beforeBracket(printed)), bare(beforeBracket(last))},
			kind:   applicantOf(last), result: resultText(last)}
	}
	return out
}

// role reads a column's head: by its whole text, by its last line, without
// what stands in brackets, by its group, then by words in it.
func (t headTexts) role(column int) (role Role, key string, confidence float64) {
	head := t[column]
	if head.printed == "" {
		return roleUnspecified, "", 0
	}
	if role, key = t.marked(column); role != roleUnspecified {
		return role, key, 1
	}
	for _, h := range heads() {
		if vetoed(h, head.spoken[0]) {
			continue
		}
		for i, word := range h.Exact {
			if slices.Contains(head.spoken, word) && (1-0.003*float64(i)) > confidence {
				role, confidence = h.Role, 1-0.003*float64(i)
			}
		}
	}
	if role != roleUnspecified {
		return role, "", confidence
	}
	if role = roleInGroup(head.group, head.last); role != roleUnspecified {
		return role, "", 0.95
	}
	for _, h := range heads() {
		if vetoed(h, head.spoken[0]) {
			continue
		}
		for i, word := range h.Contains {
			if strings.Contains(head.spoken[0], word) {
				return h.Role, "", 0.9 - 0.003*float64(i)
			}
		}
	}
	return roleUnspecified, "", 0
}

// roleInGroup reads a last line that says little without the group over it:
// 申请情况 | 时间, 办理情况 | 时间.
func roleInGroup(group, last string) Role {
	of := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(group, w) })
	}
	answer := of("答复", "办理", "办结", "处理", "回复", "结果")
	switch last {
	case "日期", "时间", "年月日":
		switch {
		case answer:
			return RoleClosed
		case of("申请", "收", "受理", "登记"):
			return RoleReceived
		}
	case "类型", "类别", "性质", "种类", "身份", "分类":
		switch {
		case of("申请人", "主体"):
			return RoleKind
		case answer:
			return RoleResult
		}
	}
	return roleUnspecified
}

func vetoed(h headWords, header string) bool {
	return slices.ContainsFunc(h.Not, func(word string) bool { return strings.Contains(header, word) })
}

func beforeBracket(s string) string {
	if i := strings.IndexAny(s, "(("); i > 0 {
		return s[:i]
	}
	return s
}

// marked tells columns that stand for one kind or one result each, with a mark
// in one of them: the last line of the head is the kind or the result, and
// another column's is too.
func (t headTexts) marked(column int) (Role, string) {
	head := t[column]
	ofResults := slices.ContainsFunc([]string{"结果", "处理", "答复", "公开", "提供", "办理"}, func(w string) bool { return strings.Contains(head.group, w) })
	others := func(same func(headText) bool) bool {
		return slices.ContainsFunc(t, func(o headText) bool { return o.printed != "" && o.last != head.last && same(o) })
	}
	if head.kind.key != "" && !ofResults && others(func(o headText) bool { return o.kind.key != "" && o.kind.key != "OTH" }) {
		return RoleKindMarked, head.kind.key
	}
	// 公开 alone may be the head of a column of words.
	general := slices.Contains([]string{"公开", "提供", "同意", "部分", "主动公开"}, head.last)
	if head.result.key != "" && (!general || ofResults) && others(func(o headText) bool { return o.result.key != "" }) {
		return RoleResultMark, head.result.key
	}
	return roleUnspecified, ""
}

// sampled is how many rows a column is judged by.
const sampled = 400

// propose says what the sheet's columns hold: the head's word, weighed with
// what stands in the column. m is nil when nothing of it is shown.
func (s *sheet) propose(m *mask) []Column {
	columns := make([]Column, len(s.headers))
	texts := takeApart(s.headers)
	for i := range s.headers {
		role, key, confidence := texts.role(i)
		if role == roleUnspecified {
			role, confidence = RoleIgnore, 1
			if s.headers[i] != "" {
				confidence = 0.5
			}
		}
		columns[i] = Column{Column: i, Header: s.headers[i], Role: role, Key: key, Confidence: confidence}
		s.weigh(&columns[i])
		if m != nil {
			columns[i].Header = m.head(s.headers[i])
		}
	}
	for _, role := range single {
		keepBest(columns, role)
	}
	s.kindInNames(columns)
	for i := range columns {
		columns[i].Samples = s.samples(columns[i])
		columns[i].Confidence = float64(int(columns[i].Confidence*100+0.5)) / 100
	}
	return columns
}

// weigh lowers the confidence in a column that does not read as its head says.
func (s *sheet) weigh(c *Column) {
	var fits func(string) bool
	switch c.Role {
	case RoleReceived, RoleClosed:
		fits = func(t string) bool { _, problem := dayOf(t, 0); return problem == "" || problem == noYear }
	case RoleKind:
		fits = func(t string) bool { return applicantOf(t).known }
	case RoleResult:
		fits = func(t string) bool { v := resultText(t); return v.key != "" || v.open || len(v.candidates) > 0 }
	default:
		return
	}
	share, n := s.share(c.Column, fits)
	if n > 0 && share < 0.8 {
		c.Why = fmt.Sprintf("表头像是%s,但%d个有内容的格里只有%.0f%%读得懂", meanings[c.Role], n, share*100)
		c.Confidence *= 0.4 + 0.6*share
	}
}

// samples are what the first cells of a column were understood as.
func (s *sheet) samples(c Column) []string {
	var out []string
	for r, n := s.first, 0; r < s.grid.Rows && len(out) < 3 && n < sampled; r++ {
		text, understood := s.text(r, c.Column), ""
		if isBlank(text) || s.skip(r) {
			continue
		}
		n++
		switch c.Role {
		case RoleReceived, RoleClosed, RoleCorrected:
			if d, problem := dayOf(text, 0); problem == "" {
				understood = d.String()
			}
		case RoleKind:
			understood = applicantOf(text).said
		case RoleResult, RoleReason:
			understood = resultText(text).said
		default:
			return nil
		}
		if understood != "" && !slices.Contains(out, understood) {
			out = append(out, understood)
		}
	}
	return out
}

// share is how many of a column's filled cells fit.
func (s *sheet) share(column int, fits func(string) bool) (share float64, n int) {
	hits := 0
	for r := s.first; r < s.grid.Rows && n < sampled; r++ {
		text := s.text(r, column)
		if isBlank(text) || s.skip(r) {
			continue
		}
		n++
		if fits(text) {
			hits++
		}
	}
	if n == 0 {
		return 0, 0
	}
	return float64(hits) / float64(n), n
}

// keepBest leaves a role to the column that has it most surely.
func keepBest(columns []Column, role Role) {
	best := -1
	for i, c := range columns {
		if c.Role == role && (best < 0 || c.Confidence > columns[best].Confidence) {
			best = i
		}
	}
	for i := range columns {
		if columns[i].Role == role && i != best {
			columns[i].Role, columns[i].Why = RoleIgnore, fmt.Sprintf("“%s”一栏更像%s", columns[best].Header, meanings[role])
		}
	}
}

// kindInNames takes a column called 申请人 for the kinds when kinds stand in it.
func (s *sheet) kindInNames(columns []Column) {
	if slices.ContainsFunc(columns, func(c Column) bool { return c.Role == RoleKind || c.Role == RoleKindMarked }) {
		return
	}
	for i := range columns {
		if columns[i].Role != RoleName {
			continue
		}
		if share, n := s.share(i, func(t string) bool { return applicantOf(t).known }); n > 0 && share >= 0.6 {
			columns[i].Role, columns[i].Confidence, columns[i].Why = RoleKind, 0.85*share, "表头是申请人,栏内写的是申请人类型"
			return
		}
	}
}
