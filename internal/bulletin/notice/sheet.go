package notice

import (
	"fmt"

	"mingjing/internal/bulletin"

	"github.com/shopspring/decimal"
)

// sheetNames are the attachments' sheets.
var sheetNames = map[string]string{"issues": "问题清单", "earlier": "上季度问题复核"}

// Xlsx is the attachments as a workbook, a sheet each: the quarter's list, and
// the look at the one before.
func (n *Notice) Xlsx() ([]byte, error) {
	var sheets []bulletin.List
	for k, t := range n.Attached {
		l := t.list()
		if l.Sheet = sheetNames[t.Name]; len(n.Attached) > 1 {
			l.Sheet = fmt.Sprintf("附件%d %s", k+1, l.Sheet)
		}
		if n.Draft {
			l.Notes = []string{DraftMark}
		}
		sheets = append(sheets, l)
	}
	if len(sheets) == 0 {
		return bulletin.WallXlsx(bulletin.List{Title: n.Title, Mark: n.mark(), Above: true, Columns: []bulletin.ListColumn{{Label: "说明", Width: 60}},
			Rows: []bulletin.ListRow{{Cells: []bulletin.ListCell{bulletin.ListTextCell("本季度和上季度都没有问题,没有附件。")}}}})
	}
	sheets[0].Mark = n.mark()
	return bulletin.WallXlsx(sheets[0], sheets[1:]...)
}

func (t *Table) list() bulletin.List {
	l := bulletin.List{Title: t.Caption, Above: true, Landscape: true}
	for _, c := range t.Columns {
		kind := bulletin.ListText
		if c.Label == "扣分" {
			kind = bulletin.ListNumber
		}
		l.Columns = append(l.Columns, bulletin.ListColumn{Label: c.Label, Kind: kind})
	}
	for _, row := range t.Rows {
		var cells []bulletin.ListCell
		for k, c := range row {
			cell := bulletin.ListTextCell(c.Text)
			if l.Columns[k].Kind == bulletin.ListNumber {
				if v, err := decimal.NewFromString(c.Text); err == nil {
					cell = bulletin.ListCell{Number: decimal.NewNullDecimal(v)}
				}
			}
			cells = append(cells, cell)
		}
		l.Rows = append(l.Rows, bulletin.ListRow{Cells: cells})
	}
	return l
}
