package issue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"

	"github.com/shopspring/decimal"
)

var (
	fullInHead = regexp.MustCompile(`[(（\[]?(?:满分|分值)?[:：]?(\d+(?:\.\d+)?)分?[)）\]]?$`)
	fullRows   = []string{"满分", "分值", "指标分值", "标准分", "总分值", "满分值", "权重"}
	totalHeads = []string{"总分", "得分", "合计", "总得分", "最终得分", "综合得分", "换算得分", "得分合计", "总计"}
	leftHeads  = []string{"序号", "排名", "名次", "分组", "考核分组", "类别", "备注", "扣分合计", "扣分"}
	inapplied  = []string{"不涉及", "不适用", "无此项", "n/a", "na"}
)

// FindScores looks for a 得分表 in a document: units down, indicators across,
// full marks in the heads or in a row of their own. nil when there is none.
func FindScores(doc *document.Document) *ScoreTable {
	for _, b := range doc.Blocks {
		if b.Grid == nil || b.Grid.Cols > 200 {
			continue
		}
		if t := scoresOf(b.Grid.Layout()); t != nil {
			return t
		}
	}
	return nil
}

func scoresOf(rows [][]*document.Cell) *ScoreTable {
	for r := 0; r < min(len(rows), headRows); r++ {
		unit := slices.IndexFunc(rows[r], func(c *document.Cell) bool {
			if c == nil {
				return false
			}
			role, sure, _ := roleOf([]string{c.Text})
			return role == RoleUnit && sure == 1
		})
		if unit >= 0 {
			if t := readScores(rows, r, unit); t != nil {
				return t
			}
		}
	}
	return nil
}

// readScores reads what stands under a head row whose column unit has the units.
func readScores(rows [][]*document.Cell, head, unit int) *ScoreTable {
	text := func(r, k int) string {
		if r < len(rows) && k < len(rows[r]) && rows[r][k] != nil {
			return strings.TrimSpace(rows[r][k].Text)
		}
		return ""
	}
	first := head + 1
	for first < len(rows) && rows[first][unit] == rows[head][unit] {
		first++ // a head of several rows
	}
	lowest := first - 1
	full := func(k int) (decimal.Decimal, bool) {
		if m := fullInHead.FindStringSubmatch(disclosure.NormalName(text(lowest, k))); m != nil {
			d, err := decimal.NewFromString(m[1])
			return d, err == nil && d.IsPositive()
		}
		if slices.Contains(fullRows, disclosure.NormalName(text(first, unit))) {
			v, problem := ParseMark(text(first, k))
			return v.Decimal, problem == "" && v.Valid && v.Decimal.IsPositive()
		}
		return decimal.Zero, false
	}
	t, total := &ScoreTable{}, -1
	var columns []int
	for k := range rows[head] {
		name := foldHead(text(lowest, k))
		switch {
		case k == unit || name == "" || slices.Contains(leftHeads, name):
		case slices.Contains(totalHeads, name):
			total = k
		default:
			if d, ok := full(k); ok {
				item := ScoreItem{Indicator2: itemName(text(lowest, k)), Full: d}
				if lowest > head && text(head, k) != text(lowest, k) {
					item.Indicator1 = itemName(text(head, k))
				}
				t.Items, columns = append(t.Items, item), append(columns, k)
			}
		}
	}
	if len(columns) < 2 {
		return nil
	}
	for r := first; r < len(rows); r++ {
		name := text(r, unit)
		if plain := disclosure.NormalName(name); plain == "" || slices.Contains(fullRows, plain) || slices.Contains(sums, plain) {
			continue
		}
		u := UnitScore{UnitText: oneLine(name, 200)}
		for i, k := range columns {
			u.Marks = append(u.Marks, MarkOf(text(r, k)))
			if problem := t.Items[i].WrongMark(text(r, k)); problem != "" {
				t.Problems = append(t.Problems, fmt.Sprintf("得分表中“%s”的“%s”写作“%s”,%s,请核对。", u.UnitText, t.Items[i].Indicator2, clip(text(r, k)), problem))
			}
		}
		if total >= 0 {
			u.Total, _ = ParseMark(text(r, total))
		}
		t.Units = append(t.Units, u)
	}
	if len(t.Units) == 0 {
		return nil
	}
	return t
}

func itemName(head string) string {
	plain := strings.Join(strings.Fields(head), "")
	if i := strings.IndexAny(plain, "(（["); i > 0 {
		plain = plain[:i]
	}
	return oneLine(plain, 200)
}

// MarkOf reads a mark: a number or 不涉及; anything else is none.
func MarkOf(text string) Mark {
	if slices.Contains(inapplied, strings.ToLower(disclosure.NormalName(text))) {
		return Mark{NotInvolved: true}
	}
	v, problem := ParseMark(text)
	if problem != "" {
		return Mark{}
	}
	return Mark{Value: v}
}

// WrongMark is what is wrong with a mark: no number and not 不涉及, or more than
// the full marks. "" when it is right or blank.
func (i ScoreItem) WrongMark(text string) string {
	if slices.Contains(inapplied, strings.ToLower(disclosure.NormalName(text))) {
		return ""
	}
	v, problem := ParseMark(text)
	switch {
	case problem != "":
		return problem + ",也不是“不涉及”"
	case v.Valid && v.Decimal.GreaterThan(i.Full):
		return fmt.Sprintf("多于满分%s", i.Full)
	}
	return ""
}

// Resolve finds the units of the table, as Reading.Resolve does.
func (t *ScoreTable) Resolve(find func(name string) (disclosure.UnitNumber, string)) {
	met := map[disclosure.UnitNumber]string{}
	for k := range t.Units {
		u := &t.Units[k]
		sentence := ""
		u.Unit, sentence = find(u.UnitText)
		first, twice := met[u.Unit]
		switch {
		case sentence != "":
			t.Problems = append(t.Problems, "得分表:"+sentence)
		case u.Unit == 0:
			t.Problems = append(t.Problems, fmt.Sprintf("单位名单中没有得分表里的“%s”,其得分照存,但不计入年度成绩;可在清单页面为它选定单位。", clip(u.UnitText)))
		case twice:
			t.Problems = append(t.Problems, fmt.Sprintf("得分表中“%s”与“%s”是同一个单位,请核对,只保留一行。", clip(u.UnitText), clip(first)))
		}
		met[u.Unit] = u.UnitText
	}
}
