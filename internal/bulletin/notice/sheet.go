package notice

import (
	"mingjing/internal/bulletin"

	"github.com/shopspring/decimal"
)

// Xlsx is the first attachment, the quarter's list, as a workbook.
func (n *Notice) Xlsx() ([]byte, error) {
	l := bulletin.List{Title: n.Title, Mark: n.mark()}
	if len(n.Attached) > 0 {
		t := n.Attached[0]
		l.Title = t.Caption
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
	} else {
		l.Columns = []bulletin.ListColumn{{Label: "说明"}}
	}
	return bulletin.WallXlsx(l)
}
