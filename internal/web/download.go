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
	for _, row := range t.Rows {
		out := bulletin.ListRow{Strong: row.Strong}
		for _, cell := range row.Cells {
			out.Cells = append(out.Cells, bulletin.ListCell{Text: cell.Text, Number: cell.Number})
		}
		l.Rows = append(l.Rows, out)
	}
	return l
}
