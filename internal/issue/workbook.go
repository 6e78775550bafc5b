package issue

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"

	"github.com/shopspring/decimal"
)

// BookRow is a row of the offline 测评工作簿: one unit under one indicator.
type BookRow struct {
	ID       string                `json:"id"` // of unit and indicator on the list, see BookID
	Unit     disclosure.UnitNumber `json:"unit"`
	UnitText string                `json:"unit_text"`
	Item     ScoreItem             `json:"item"`
	BookEntry
}

// BookEntry is what an evaluator writes into a row, as text.
type BookEntry struct {
	Mark     string `json:"mark"`     // a number, 不涉及, or blank
	Facts    string `json:"facts"`    // 失分原因
	Evidence string `json:"evidence"` // addresses, or names of files in the evidence folder
}

// BookColumns are the heads of the workbook; those from the eighth on are hidden:
// the id, and what went out, by which the book that comes back is compared.
var BookColumns = []string{"单位", "一级指标", "二级指标", "满分", "得分(数字或“不涉及”)", "失分原因", "证据(链接或证据文件夹中的文件名)", "编号", "发出时得分", "发出时失分原因", "发出时证据"}

// BookHidden is the first hidden column, BookEditable the first that is written in.
const (
	BookHidden   = 7
	BookEditable = 4
)

// BookID names a unit under an indicator of a list for as long as the indicator
// is called so.
func BookID(list string, unit disclosure.UnitNumber, item ScoreItem) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s\n%s", list, unit, item.Indicator1, item.Indicator2))
	return hex.EncodeToString(sum[:8])
}

// Cells are the row's texts under BookColumns.
func (r BookRow) Cells() []string {
	return []string{r.UnitText, r.Item.Indicator1, r.Item.Indicator2, r.Item.Full.String(), r.Mark, r.Facts, r.Evidence, r.ID, r.Mark, r.Facts, r.Evidence}
}

// MarkText writes a mark as workbooks have it.
func MarkText(m Mark) string {
	switch {
	case m.NotInvolved:
		return "不涉及"
	case m.Value.Valid:
		return m.Value.Decimal.String()
	}
	return ""
}

// BookChange is a field of a row that was changed outside, or on both sides.
type BookChange struct {
	Row   BookRow `json:"row"` // as it stands now
	Field string  `json:"field"`
	// Out went out, Back came back, Now stands now.
	Out  string `json:"out"`
	Back string `json:"back"`
	Now  string `json:"now"`
	// Conflict: it was changed here too, to something else; a person chooses.
	Conflict bool   `json:"conflict"`
	Place    string `json:"place"`
}

// Key names the change for a person's choice: what stood there when it was made
// is part of it, so that it says nothing of a value that came later.
func (c BookChange) Key() string {
	sum := sha256.Sum256([]byte(c.Now))
	return c.Row.ID + "/" + c.Field + "/" + hex.EncodeToString(sum[:6])
}

// BookFields are the fields that are compared.
var BookFields = []string{"得分", "失分原因", EvidenceField}

func (e *BookEntry) field(name string) *string {
	switch name {
	case "得分":
		return &e.Mark
	case "失分原因":
		return &e.Facts
	}
	return &e.Evidence
}

// BookReading is what a workbook that came back says.
type BookReading struct {
	Changes []BookChange
	// Problems are sentences on rows that cannot be taken: of another list, twice
	// in the book, marks that are none.
	Problems []string
	// Evidence are the names of files that rows give as evidence, by row.
	Evidence map[string][]string
}

// IsBook says whether a document is a workbook that went out from here.
func IsBook(doc *document.Document) bool {
	for _, b := range doc.Blocks {
		if b.Grid != nil && bookHead(b.Grid.Layout()) >= 0 {
			return true
		}
	}
	return false
}

// bookHead is the row of the workbook's head, below 0 in any other table.
func bookHead(cells [][]*document.Cell) int {
	return slices.IndexFunc(cells, func(row []*document.Cell) bool {
		return len(row) >= len(BookColumns) && row[BookHidden] != nil && row[BookHidden].Text == BookColumns[BookHidden] && row[0] != nil && row[0].Text == BookColumns[0]
	})
}

// CompareBook holds a workbook that came back against what went out with it and
// what stands now. Error: ErrInvalid for what is no such workbook, or another
// list's.
func CompareBook(doc *document.Document, now []BookRow) (*BookReading, error) {
	held := map[string]BookRow{}
	for _, r := range now {
		held[r.ID] = r
	}
	out := &BookReading{Evidence: map[string][]string{}}
	met, found, foreign := map[string]bool{}, false, 0
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		s := &sheet{index: 1, name: b.Grid.Name, cells: b.Grid.Layout()}
		head := bookHead(s.cells)
		if head < 0 {
			continue
		}
		found = true
		for r := head + 1; r < len(s.cells); r++ {
			id := s.text(r, BookHidden)
			row, ok := held[id]
			switch {
			case id == "" && strings.TrimSpace(s.text(r, 0)+s.text(r, BookEditable)+s.text(r, BookEditable+1)) == "":
				continue
			case !ok:
				foreign++
				out.Problems = append(out.Problems, fmt.Sprintf("%s的编号不属于这份清单,没有读入;新增的行请在系统中录入。", s.place(r)))
				continue
			case met[id]:
				out.Problems = append(out.Problems, fmt.Sprintf("%s与前面的行编号相同,没有读入;请删去复制的行。", s.place(r)))
				continue
			}
			met[id] = true
			out.Changes = append(out.Changes, s.bookChanges(r, row, &out.Problems)...)
			if names := FilesNamed(unquoted(s.text(r, BookEditable+2))); len(names) > 0 {
				out.Evidence[id] = names
			}
		}
	}
	switch {
	case !found:
		return nil, wrong("文件不是系统发出的测评工作簿,或隐藏的编号列被删去了;请用原工作簿填写,或按问题清单导入。")
	case len(met) == 0 && foreign > 0:
		return nil, wrong("这是另一份清单的测评工作簿,没有一行属于这份清单;请到发出它的清单页面合并。")
	case len(met) == 0:
		return nil, wrong("测评工作簿里没有一行内容,请核对是否交错了文件。")
	}
	return out, nil
}

// FilesNamed are the names of files in a row's evidence: what is no address.
func FilesNamed(evidence string) []string {
	rest := evidence
	for _, a := range address.FindAllString(evidence, -1) {
		rest = strings.ReplaceAll(rest, a, "\n")
	}
	var out []string
	for _, name := range strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune("\n\r\t;;,,、|", r) }) {
		if name = strings.TrimSpace(name); name != "" && !nothing.MatchString(name) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func (s *sheet) bookChanges(r int, row BookRow, problems *[]string) []BookChange {
	var out []BookChange
	for k, name := range BookFields {
		back, sent, now := unquoted(s.text(r, BookEditable+k)), unquoted(s.text(r, BookHidden+1+k)), *row.field(name)
		if name == "得分" {
			if problem := row.Item.WrongMark(back); problem != "" {
				*problems = append(*problems, fmt.Sprintf("%s的得分“%s”%s,没有读入。", s.place(r), clip(back), problem))
				continue
			}
			back, sent = MarkText(MarkOf(back)), MarkText(MarkOf(sent))
		}
		c := BookChange{Row: row, Field: name, Out: sent, Back: back, Now: now, Place: s.place(r)}
		if c.settle() {
			out = append(out, c)
		}
	}
	return out
}

// unquoted is a text without the apostrophe that keeps a spreadsheet from taking
// it for a formula; workbooks go out with it.
func unquoted(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && rest != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(rest)[0]) {
		return rest
	}
	return text
}

// EvidenceField is the field of addresses and files.
const EvidenceField = "证据"

// With is the change with another text coming back; false when that is no change.
func (c BookChange) With(back string) (BookChange, bool) {
	c.Back = back
	return c, c.settle()
}

// settle says whether anything was changed, and whether it is a conflict.
// Evidence is a set: what was added on one side alone is none.
func (c *BookChange) settle() bool {
	if c.Field != EvidenceField {
		c.Conflict = !sameText(c.Now, c.Out)
		return !sameText(c.Back, c.Out) && !sameText(c.Back, c.Now)
	}
	out, back, now := EvidenceSet(c.Out), EvidenceSet(c.Back), EvidenceSet(c.Now)
	c.Conflict = false
	for x := range now {
		c.Conflict = c.Conflict || !out[x] && !back[x] // added here, and not there
	}
	for x := range out {
		c.Conflict = c.Conflict || back[x] && !now[x] // taken away here, and not there
	}
	return !maps.Equal(back, out) && !maps.Equal(back, now)
}

// EvidenceSet are the addresses of a text, and the names of its files in small
// letters, without folders.
func EvidenceSet(text string) map[string]bool {
	out := map[string]bool{}
	for _, a := range AddressesIn(text) {
		out[a] = true
	}
	for _, name := range FilesNamed(text) {
		name = strings.ReplaceAll(name, "\\", "/")
		out[strings.ToLower(name[strings.LastIndex(name, "/")+1:])] = true
	}
	return out
}

// sameText: line ends and blanks around are no change.
func sameText(a, b string) bool {
	return strings.Join(strings.Fields(a), " ") == strings.Join(strings.Fields(b), " ")
}

// TakeBook applies the changes to the rows: all without conflict, and of the
// others those whose key is chosen. It returns the rows that changed.
func TakeBook(changes []BookChange, chosen []string) []BookRow {
	var out []BookRow
	at := map[string]int{}
	for _, c := range changes {
		if c.Conflict && !slices.Contains(chosen, c.Key()) {
			continue
		}
		k, ok := at[c.Row.ID]
		if !ok {
			k = len(out)
			at[c.Row.ID] = k
			out = append(out, c.Row)
		}
		*out[k].field(c.Field) = c.Back
	}
	return out
}

// lost is what the row's mark lacks of the full marks; none without a number, or
// for a mark over them.
func (r BookRow) lost() decimal.NullDecimal {
	m := MarkOf(r.Mark)
	if !m.Value.Valid || m.Value.Decimal.GreaterThan(r.Item.Full) {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(r.Item.Full.Sub(m.Value.Decimal))
}

// unstated is what an issue says when the row gives no reason.
func (r BookRow) unstated() string {
	return fmt.Sprintf("“%s”失分%s,未写明原因", r.Item.Indicator2, r.lost().Decimal)
}

// says: the row lost something or gives a reason.
func (r BookRow) says() bool {
	return strings.TrimSpace(r.Facts) != "" || r.lost().Decimal.IsPositive()
}

// Content is the issue that a row says: none when it lost nothing and gives no
// reason.
func (r BookRow) Content() (Content, bool) {
	if !r.says() {
		return Content{}, false
	}
	c := Content{Indicator1: r.Item.Indicator1, Indicator2: r.Item.Indicator2, Points: decimal.NewNullDecimal(r.Item.Full), Facts: strings.TrimSpace(r.Facts),
		Unit: r.Unit, UnitText: r.UnitText, Deduction: r.lost()}
	if c.Facts == "" {
		c.Facts = r.unstated()
	}
	for _, a := range AddressesIn(r.Evidence) {
		c.Evidence = append(c.Evidence, Evidence{Address: a})
	}
	c.Category, _ = CategoryOf(c.Indicator1, c.Indicator2, c.Facts)
	return c, true
}

// Correct is the content of an issue that the row made before, with what the
// workbook changed in it: was is the row as it stood. All else stays as people
// set it, the category too unless it is the guess of the old facts. Of the
// evidence, what the row does not name any more goes and new addresses come, by
// whom and when stamp says; pieces that stay keep their note, person and time.
// false is as for Content.
func (r BookRow) Correct(held Content, was BookRow, stamp Evidence) (Content, bool) {
	if held.Facts == was.unstated() && sameText(r.Facts, held.Facts) {
		r.Facts = "" // nobody wrote it
	}
	if !r.says() {
		return held, false
	}
	c := held
	if r.Mark != was.Mark {
		c.Deduction = r.lost()
	}
	if facts := strings.TrimSpace(r.Facts); facts == "" {
		c.Facts = r.unstated()
	} else if !sameText(facts, was.Facts) {
		c.Facts = facts
	}
	if guess, _ := CategoryOf(held.Indicator1, held.Indicator2, held.Facts); guess == held.Category && c.Facts != held.Facts {
		c.Category, _ = CategoryOf(c.Indicator1, c.Indicator2, c.Facts)
	}
	c.Evidence = nil
	before, named, there := EvidenceSet(was.Evidence), EvidenceSet(r.Evidence), map[string]bool{}
	for _, e := range held.Evidence {
		gone := false
		set := EvidenceSet(EvidenceText([]Evidence{e}))
		for x := range set {
			gone = gone || before[x] && !named[x]
		}
		for x := range set {
			gone = gone && !named[x]
		}
		if !gone {
			c.Evidence, there[e.Address] = append(c.Evidence, e), true
		}
	}
	for _, a := range AddressesIn(r.Evidence) {
		if !there[a] && !before[a] {
			there[a], stamp.Address = true, a
			c.Evidence = append(c.Evidence, stamp)
		}
	}
	return c, true
}

// EvidenceText is evidence as a workbook has it: addresses, and names of files.
func EvidenceText(list []Evidence) string {
	var out []string
	for _, e := range list {
		if e.Address != "" {
			out = append(out, e.Address)
		}
		if e.File != nil {
			out = append(out, e.File.Name)
		}
	}
	return strings.Join(out, "\n")
}
