package web

import (
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"

	"github.com/labstack/echo/v4"
)

// download answers ?download=NAME.csv or NAME.xlsx on any page with tables: the
// same address and filters give the same rows. done is false when the address
// asks for the page itself.
func (s *Server) download(c echo.Context, title string, tables ...dashboards.Table) (done bool, err error) {
	asked := c.QueryParam("download")
	if asked == "" {
		return false, nil
	}
	name, format, _ := strings.Cut(asked, ".")
	for _, t := range tables {
		if t.Name != name {
			continue
		}
		var body []byte
		switch format {
		case "csv":
			body, err = bulletin.ListCSV(s.listOf(t, title))
		case "xlsx":
			body, err = bulletin.WallXlsx(s.listOf(t, title))
		default:
			return true, disclosure.Errorf(disclosure.ErrInvalid, "只能下载 xlsx 或 csv 格式。")
		}
		if err != nil {
			return true, err
		}
		return true, handOut(c, title+"-"+t.Caption+"."+format, body)
	}
	return true, disclosure.Errorf(disclosure.ErrNotFound, "这个页面没有名为“%s”的表格。", name)
}

// listOf is the table as a list to be written: what a reader must know stands on
// a sheet of its own.
func (s *Server) listOf(t dashboards.Table, title string) bulletin.List {
	l := bulletin.List{Title: title, Sheet: s.text.say("download.sheet"), About: s.text.say("download.about"),
		Notes: append([]string{t.Caption, s.text.say("download.made", beijingTime(s.clock()))}, t.Notes...), Landscape: len(t.Columns) > 6}
	for _, col := range t.Columns {
		kind := bulletin.ListText
		if col.Numeric {
			kind = bulletin.ListNumber
		}
		l.Columns = append(l.Columns, bulletin.ListColumn{Label: col.Label, Kind: kind})
	}
	marked := hasMarks(t)
	if marked {
		l.Columns = append(l.Columns, bulletin.ListColumn{Label: s.text.say("download.marks"), Kind: bulletin.ListText})
	}
	for _, row := range t.Rows {
		out := bulletin.ListRow{Strong: row.Strong}
		for _, cell := range row.Cells {
			out.Cells = append(out.Cells, bulletin.ListCell{Text: cell.Text, Number: cell.Number})
		}
		if marked {
			out.Cells = append(out.Cells, bulletin.ListCell{Text: s.rowMarks(t, row)})
		}
		l.Rows = append(l.Rows, out)
	}
	return l
}

// hasMarks says whether the page sets a mark on any cell of the table: a number
// that somebody has to look at, that rests on few cases, or that is another
// scope's.
func hasMarks(t dashboards.Table) bool {
	for _, row := range t.Rows {
		for _, cell := range row.Cells {
			if cell.Flag.Text != "" || cell.Mark == "few" || cell.Mark == "scope" {
				return true
			}
		}
	}
	return false
}

// rowMarks says a row's marks in words, each after its column: a file has no
// room for a sign on a number, which has to stay a number.
func (s *Server) rowMarks(t dashboards.Table, row dashboards.Row) string {
	var out []string
	for i, cell := range row.Cells {
		for _, mark := range []struct {
			on   bool
			text string
		}{{cell.Flag.Text != "", cell.Flag.Text}, {cell.Mark == "few", s.text.say("download.few")}, {cell.Mark == "scope", s.text.say("download.scope")}} {
			if mark.on {
				out = append(out, s.text.say("download.mark", t.Columns[i].Label, mark.text))
			}
		}
	}
	return strings.Join(out, ";")
}
