package issue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

// Row is one issue as a foreign list has it.
type Row struct {
	ID    string `json:"id"`    // table-row, "1-5": the same file has the same ids
	Place string `json:"place"` // 工作表“区测”第5行
	Content
	HelpersText []string `json:"helpers_text,omitempty"`
	Rectified   string   `json:"rectified,omitempty"` // 整改情况, for lists of the past
	// Problems are sentences on what was not read, or wants a look.
	Problems []string `json:"problems,omitempty"`
	// Guessed: the category rests on little.
	Guessed bool `json:"guessed,omitempty"`
	// Twin is what the row is a duplicate of, nil when it is new.
	Twin *Twin `json:"twin,omitempty"`
	// unitGuesses are texts near the table that may name the unit.
	unitGuesses []string
}

// Twin is an issue, or a row before, that says the same.
type Twin struct {
	ID     string `json:"id,omitempty"`     // of the issue; "" for a row of the same file
	Number string `json:"number,omitempty"` // of the issue
	Place  string `json:"place,omitempty"`  // of the row
}

// Reading is what a foreign list says.
type Reading struct {
	Mapping  Mapping  `json:"mapping"`
	Rows     []Row    `json:"rows"`
	Problems []string `json:"problems,omitempty"` // of the file as a whole
	// Monitor: the list is one of monitoring results.
	Monitor bool `json:"monitor,omitempty"`
}

// MaxRows is the most issues of one file.
const MaxRows = 5000

// Propose says how a document's tables may be read. Error: ErrInvalid when
// none of them is a list.
func Propose(doc *document.Document) (Mapping, error) {
	return proposeOf(sheetsOf(doc))
}

func proposeOf(sheets []*sheet) (Mapping, error) {
	var m Mapping
	for _, s := range sheets {
		place := strings.TrimSuffix(s.place(0), "第1行")
		if h := m.head(s.print); h != nil {
			h.Places = append(h.Places, place)
			continue
		}
		m.Heads = append(m.Heads, Head{Fingerprint: s.print, Places: []string{place}, Columns: s.columns})
	}
	if len(m.Heads) == 0 {
		return m, wrong("没有找到问题清单:需要一行表头,有“失分原因”或“问题明细”一列,以及责任单位、指标、扣分等至少一列。")
	}
	return m, nil
}

// Read reads a document by a mapping; a zero Mapping is the proposed one.
// quarter settles days without a year. Errors: ErrInvalid for a document
// without a list, or a mapping that cannot be applied.
func Read(doc *document.Document, m Mapping, quarter disclosure.Period) (*Reading, error) {
	sheets := sheetsOf(doc)
	proposed, err := proposeOf(sheets)
	if err != nil {
		return nil, err
	}
	if len(m.Heads) == 0 {
		m = proposed
	}
	if err := m.Validate(); err != nil {
		return nil, err
	}
	out := &Reading{Mapping: m, Rows: []Row{}, Problems: slices.Clone(doc.Warnings)}
	for _, s := range sheets {
		h := m.head(s.print)
		if h == nil {
			out.Problems = append(out.Problems, fmt.Sprintf("%s的列没有对应关系,没有读取。", strings.TrimSuffix(s.place(0), "第1行")))
			continue
		}
		out.readSheet(s, h, quarter)
	}
	if len(out.Rows) > MaxRows {
		return nil, wrong("清单有%d行,一次最多读%d行,请拆成几个文件。", len(out.Rows), MaxRows)
	}
	return out, nil
}

// fields are a row's texts by role, with the row at which each begins.
type fields struct {
	text   map[Role]string
	begins map[Role]bool // the cell begins in this row
	links  []string
}

func (r *Reading) readSheet(s *sheet, h *Head, quarter disclosure.Period) {
	var last fields
	for n := s.first; n < len(s.cells) && len(r.Rows) <= MaxRows; n++ {
		if s.skip(n) {
			continue
		}
		f := s.fields(h, n)
		if !f.begin() {
			if factsOf(f) == "" && f.text[RoleDeduction] != "" {
				r.Problems = append(r.Problems, fmt.Sprintf("%s没有写问题明细,没有读取。", s.place(n)))
			}
			continue // the lower half of a merged row
		}
		carried := f.carry(last)
		last = f
		row := Row{ID: fmt.Sprintf("%d-%d", s.index, n+1), Place: s.place(n)}
		row.fill(f, quarter)
		if row.Facts == "" {
			if f.text[RoleUnit] != "" || f.text[RoleDeduction] != "" {
				r.Problems = append(r.Problems, fmt.Sprintf("%s没有写问题明细,没有读取。", row.Place))
			}
			continue
		}
		if carried {
			row.problem("指标为空,沿用上一行的“%s”,请核对。", clip(f.text[RoleIndicator2]))
		}
		if row.UnitText == "" {
			row.unitGuesses = append(slices.Clone(s.captions), s.name)
		}
		r.Monitor = r.Monitor || f.monitors()
		r.Rows = append(r.Rows, row)
	}
}

func (s *sheet) fields(h *Head, n int) fields {
	f := fields{text: map[Role]string{}, begins: map[Role]bool{}}
	for _, c := range h.Columns {
		text := s.text(n, c.Column)
		if text == "" || c.Role == RoleIgnore || c.Role == RoleNumber {
			continue
		}
		switch {
		case c.Role == RoleLink:
			f.links = append(f.links, text)
		case c.Role == RoleRemark && f.text[c.Role] != "":
			f.text[c.Role] += ";" + text
		default:
			f.text[c.Role] = text
		}
		if cell := s.cell(n, c.Column); cell.Row == n {
			f.begins[c.Role] = true
		}
	}
	return f
}

// begin says whether an issue begins in the row: its facts or its unit do. Facts
// that are merged over several units' rows are one issue a unit.
func (f fields) begin() bool {
	for _, role := range append([]Role{RoleUnit, RoleLink}, saysFacts...) {
		if f.begins[role] {
			return true
		}
	}
	return false
}

func (f fields) monitors() bool {
	return f.text[RoleColumn] != "" || f.text[RoleWrong] != "" || f.text[RoleUpdated] != "" || f.text[RoleSite] != ""
}

// carry takes indicators that are blank from the row above, where lists that
// were not merged have them once for several rows.
func (f fields) carry(last fields) bool {
	if f.text[RoleIndicator1] == "" {
		f.text[RoleIndicator1] = last.text[RoleIndicator1]
	}
	if f.text[RoleIndicator2] != "" || last.text[RoleIndicator2] == "" || f.begins[RoleIndicator1] {
		return false
	}
	f.text[RoleIndicator2] = last.text[RoleIndicator2]
	if f.text[RolePoints] == "" {
		f.text[RolePoints] = last.text[RolePoints]
	}
	return true
}

func (row *Row) problem(format string, args ...any) {
	row.Problems = append(row.Problems, fmt.Sprintf(format, args...))
}

func (row *Row) fill(f fields, quarter disclosure.Period) {
	row.Indicator1, row.Indicator2, row.Rectified = oneLine(f.text[RoleIndicator1], 100), oneLine(f.text[RoleIndicator2], 200), f.text[RoleRectified]
	row.Facts = factsOf(f)
	if n := len([]rune(row.Facts)); n > maxFacts {
		row.Facts = string([]rune(row.Facts)[:maxFacts])
		row.problem("问题明细有%d字,超过%d字的部分没有读入,请把全文放在附件里。", n, maxFacts)
	}
	var problem string
	if row.Points, problem = ParseMark(f.text[RolePoints]); problem != "" {
		row.problem("指标分值“%s”%s,没有读入。", clip(f.text[RolePoints]), problem)
	}
	if row.Deduction, problem = ParseMark(f.text[RoleDeduction]); problem != "" {
		row.problem("扣分“%s”%s,没有读入。", clip(f.text[RoleDeduction]), problem)
	}
	if row.Points.Valid && row.Deduction.Valid && row.Deduction.Decimal.GreaterThan(row.Points.Decimal) {
		row.problem("扣分%s多于指标分值%s,请核对。", row.Deduction.Decimal, row.Points.Decimal)
	}
	if row.Due, problem = ParseDue(f.text[RoleDue], quarter); problem != "" {
		row.problem("整改时限“%s”%s,没有读入。", clip(f.text[RoleDue]), problem)
	}
	row.units(f.text[RoleUnit], f.text[RoleHelpers])
	row.evidence(f)
	row.Category = Category(oneLine(f.text[RoleCategory], 20))
	guess, sure := CategoryOf(row.Indicator1, row.Indicator2, f.text[RoleCategory]+row.Facts)
	switch {
	case sure:
	case f.text[RoleWrong] != "":
		guess, sure = "错敏字", true
	case f.text[RoleUpdated] != "" || f.text[RoleStale] != "":
		guess, sure = "更新不及时", true
	}
	if row.Category == "" || guess.Concrete() && sure {
		row.Category, row.Guessed = guess, !sure
	}
}

func oneLine(s string, most int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// factsOf puts the facts of a monitoring row together.
func factsOf(f fields) string {
	var parts []string
	where := strings.Trim(f.text[RoleSite]+"“"+f.text[RoleColumn]+"”栏目", "“”")
	switch {
	case f.text[RoleSite] == "" && f.text[RoleColumn] == "":
	case f.text[RoleColumn] == "":
		parts = append(parts, f.text[RoleSite])
	case f.text[RoleSite] == "":
		parts = append(parts, "“"+f.text[RoleColumn]+"”栏目")
	default:
		parts = append(parts, where)
	}
	if f.text[RoleFacts] != "" {
		parts = append(parts, f.text[RoleFacts])
	}
	if !f.monitors() {
		return strings.TrimSpace(strings.Join(parts, ":"))
	}
	if t := f.text[RoleUpdated]; t != "" {
		parts = append(parts, "最后更新时间"+t)
	}
	if t := f.text[RoleStale]; t != "" {
		parts = append(parts, "未更新"+strings.TrimSuffix(t, "天")+"天")
	}
	if t := f.text[RoleWrong]; t != "" {
		parts = append(parts, "“"+t+"”")
	}
	if t := f.text[RoleRight]; t != "" {
		parts = append(parts, "建议改为“"+t+"”")
	}
	if len(parts) == 1 && f.text[RoleCategory] != "" {
		parts = append(parts, f.text[RoleCategory])
	}
	return strings.TrimSpace(strings.Join(parts, ","))
}

var unitMarks = strings.NewReplacer("牵头单位:", "", "牵头:", "", "责任单位:", "", "主办:", "", "牵头单位：", "", "责任单位：", "")

// units divides a cell with several units: the first leads, the others help.
func (row *Row) units(lead, helpers string) {
	for _, mark := range []string{"配合单位", "配合", "协办单位", "协办"} {
		if before, after, ok := strings.Cut(lead, mark); ok && strings.ContainsAny(after, ":：") {
			lead, helpers = before, strings.TrimLeft(after, ":：单位 ")+"、"+helpers
			break
		}
	}
	names := divide(unitMarks.Replace(lead))
	if len(names) > 0 {
		row.UnitText = oneLine(names[0], 200)
		row.HelpersText = append(row.HelpersText, names[1:]...)
	}
	if len(names) > 1 {
		row.problem("责任单位有%d个,按第一个“%s”牵头、其余配合读入,请核对。", len(names), clip(names[0]))
	}
	row.HelpersText = append(row.HelpersText, divide(helpers)...)
}

// divide splits names; blanks and dashes are none.
func divide(text string) []string {
	var out []string
	for _, n := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("、,，;；/\n\r\t|", r) }) {
		n = strings.TrimSpace(n)
		if n != "" && !nothing.MatchString(n) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}

// unschemed is a web address as people copy it, without http://.
var unschemed = regexp.MustCompile(`^(?i)(?:[a-z0-9-]+\.)+(?:cn|com|net|org)(?::\d{1,5})?(?:/[^\s<>"']*)?$`)

func (row *Row) evidence(f fields) {
	var found []string
	for _, text := range append(slices.Clone(f.links), f.text[RoleFacts], f.text[RoleRemark]) {
		for _, a := range AddressesIn(text) {
			if !slices.Contains(found, a) && len(found) < maxEvidence {
				found = append(found, a)
			}
		}
	}
	for _, a := range found {
		row.Evidence = append(row.Evidence, Evidence{Address: a})
	}
	for _, l := range f.links {
		if unschemed.MatchString(l) && len(l) < maxLink && len(found) < maxEvidence && !slices.Contains(found, "http://"+l) {
			found = append(found, "http://"+l)
			row.Evidence = append(row.Evidence, Evidence{Address: "http://" + l})
			continue
		}
		if len(AddressesIn(l)) == 0 && !nothing.MatchString(disclosure.NormalName(l)) {
			row.problem("链接“%s”不是完整的网页地址,没有读入。", clip(l))
		}
	}
}

// levels are what evaluators leave off a unit's name: 财政局 for 区财政局.
var levels = []string{"区", "县", "市"}

// findShort finds the unit that bears a name, or the only one that bears it with
// its level before it; full is the name that was found.
func findShort(find func(string) (disclosure.UnitNumber, string), name string) (unit disclosure.UnitNumber, full, sentence string) {
	if unit, sentence = find(name); unit != 0 || sentence != "" {
		return unit, name, sentence
	}
	for _, level := range levels {
		if u, _ := find(level + name); u != 0 {
			if unit != 0 && u != unit {
				return 0, "", ""
			}
			unit, full = u, level+name
		}
	}
	return unit, full, ""
}

// Resolve finds the units of the rows. find gives the unit that bears a name, 0
// when nobody does, and a sentence when more than one does.
func (r *Reading) Resolve(find func(name string) (disclosure.UnitNumber, string)) {
	for k := range r.Rows {
		row := &r.Rows[k]
		row.Unit, row.Helpers = 0, nil
		if row.UnitText == "" {
			row.guessUnit(find)
		} else if unit, full, sentence := findShort(find, row.UnitText); unit != 0 {
			row.Unit = unit
			if full != row.UnitText {
				row.problem("单位名单中没有“%s”,按“%s”读入,请核对。", clip(row.UnitText), full)
			}
		} else if sentence == "" {
			row.problem("单位名单中没有“%s”,读入后请分办;或在名单中加别名后重新读取。", clip(row.UnitText))
		} else {
			row.problem("%s", sentence)
		}
		for _, name := range row.HelpersText {
			unit, _, sentence := findShort(find, name)
			switch {
			case sentence != "":
				row.problem("%s", sentence)
			case unit == 0:
				row.problem("单位名单中没有配合单位“%s”,没有读入。", clip(name))
			case unit != row.Unit && !slices.Contains(row.Helpers, unit) && len(row.Helpers) < maxHelpers:
				row.Helpers = append(row.Helpers, unit)
			}
		}
	}
}

// guessUnit takes the unit from the text around a table that has no such
// column: a heading, the sheet's name.
func (row *Row) guessUnit(find func(string) (disclosure.UnitNumber, string)) {
	for _, text := range slices.Backward(row.unitGuesses) {
		for _, name := range append(divide(unitMarks.Replace(text)), bareHeading(text)) {
			if unit, _ := find(name); unit != 0 {
				row.Unit, row.UnitText = unit, name
				row.problem("表中没有责任单位一列,按“%s”读入,请核对。", clip(text))
				return
			}
		}
	}
	row.problem("没有写责任单位,读入后请分办。")
}

// bareHeading takes numbering and what lists are called off a heading:
// (一)区教育局问题清单: 3条.
func bareHeading(text string) string {
	text = disclosure.NormalName(text)
	if i := strings.IndexAny(text, ":"); i > 0 {
		text = text[:i]
	}
	text = strings.TrimLeft(text, "0123456789一二三四五六七八九十、.()")
	for _, tail := range []string{"政务公开问题清单", "问题清单", "存在问题", "整改清单", "清单", "问题", "政务公开工作", "政务公开"} {
		text = strings.TrimSuffix(text, tail)
	}
	return text
}

// Known is an issue that rows are held against.
type Known struct {
	ID, Number string
	Content    *Content
	Print      Print
}

// MarkDuplicates notes rows that say what a row before them or an issue on file
// of the same quarter says.
func (r *Reading) MarkDuplicates(onFile []Known) {
	byUnit := map[string][]Known{}
	key := func(c *Content) string {
		if c.Unit != 0 {
			return fmt.Sprint(c.Unit)
		}
		return disclosure.NormalName(c.UnitText)
	}
	for _, k := range onFile {
		byUnit[key(k.Content)] = append(byUnit[key(k.Content)], k)
	}
	for k := range r.Rows {
		row := &r.Rows[k]
		row.Twin = nil
		own := PrintOf(row.Facts)
		for _, o := range byUnit[key(&row.Content)] {
			if Duplicate(&row.Content, o.Content, own, o.Print) {
				row.Twin = &Twin{ID: o.ID, Number: o.Number}
				if o.ID == "" {
					row.Twin.Place, row.Twin.Number = o.Number, ""
				}
				break
			}
		}
		if row.Twin == nil {
			byUnit[key(&row.Content)] = append(byUnit[key(&row.Content)], Known{Number: row.Place, Content: &row.Content, Print: own})
		}
	}
}
