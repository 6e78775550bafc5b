package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type itemsView struct {
	List     *office.IssueListView
	At       string
	Items    string // one a line: 一级指标 | 二级指标 | 满分
	Units    []option
	From     []option // lists whose indicators can be taken over
	Sentence string
	Act      string
	Seq      uint64
}

// testedUnits are the units that the visitor evaluates or supervises.
func (s *Server) testedUnits(c echo.Context) ([]office.UnitChoice, error) {
	v := visitor(c)
	right := people.Evaluate
	if v.Anywhere(people.Supervise) {
		right = people.Supervise
	}
	units, err := s.office.UnitChoices(c.Request().Context(), v, right)
	return slices.DeleteFunc(units, func(u office.UnitChoice) bool { return u.Gone }), err
}

// itemsPage is the form of a list's indicators and units, from which the
// workbook is made.
func (s *Server) itemsPage(c echo.Context) error {
	l, err := s.keptList(c)
	if err != nil {
		return err
	}
	source := l.Scores
	if from := c.QueryParam("from"); from != "" {
		other, err := s.office.IssueList(c.Request().Context(), visitor(c), from)
		if err != nil {
			return err
		}
		source = other.Scores
	}
	var chosen []disclosure.UnitNumber
	d := &itemsView{List: l, Seq: l.Seq}
	if source != nil {
		var lines []string
		for _, i := range source.Items {
			lines = append(lines, fmt.Sprintf("%s | %s | %s", i.Indicator1, i.Indicator2, i.Full))
		}
		d.Items = strings.Join(lines, "\n")
		for _, u := range source.Units {
			chosen = append(chosen, u.Unit)
		}
	}
	return s.showItems(c, http.StatusOK, d, chosen)
}

func (s *Server) showItems(c echo.Context, status int, d *itemsView, chosen []disclosure.UnitNumber) error {
	ctx, v := c.Request().Context(), visitor(c)
	d.At, d.Act = listHref(d.List.ID), uuid.NewString()
	units, err := s.testedUnits(c)
	if err != nil {
		return err
	}
	for _, u := range units {
		d.Units = append(d.Units, option{Value: unitText(u.Number), Label: u.Indented(), Selected: slices.Contains(chosen, u.Number)})
	}
	lists, err := s.office.IssueLists(ctx, v, disclosure.Period{})
	if err != nil {
		return err
	}
	for _, l := range lists {
		if l.ID != d.List.ID && l.Scores != nil && len(d.From) < 12 {
			d.From = append(d.From, option{Value: l.ID, Label: l.Title, Selected: l.ID == c.QueryParam("from")})
		}
	}
	return s.send(c, status, "list-items", s.listsPart(c, s.text.say("lists.items_title"), d))
}

// putItems keeps a list's indicators and units.
func (s *Server) putItems(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return received(err)
	}
	l, err := s.keptList(c)
	if err != nil {
		return err
	}
	d := &itemsView{List: l, Items: form.Get("items")}
	d.Seq, _ = strconv.ParseUint(form.Get("seq"), 10, 64) // none is a conflict
	var chosen []disclosure.UnitNumber
	for _, text := range form["unit"] {
		n, err := parseUnit(text)
		if err != nil {
			return err
		}
		chosen = append(chosen, n)
	}
	items, err := itemsOf(d.Items)
	if err == nil {
		err = s.office.SetIssueItems(c.Request().Context(), visitor(c), form.Get("act"), l.ID, d.Seq, items, chosen)
	}
	if err != nil {
		if !personsFault(err) {
			return err
		}
		d.Sentence = disclosure.Sentence(err)
		return s.showItems(c, statusOf(err), d, chosen)
	}
	return c.Redirect(http.StatusSeeOther, listHref(l.ID)+"/book?kept=1")
}

// itemsOf reads indicators as a person writes them, one a line: 一级指标 | 二级指标 |
// 满分, or without the first. What a spreadsheet copies, divided by tabs, is
// read too.
func itemsOf(text string) ([]issue.ScoreItem, error) {
	var out []issue.ScoreItem
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		parts := strings.FieldsFunc(strings.ReplaceAll(line, "｜", "|"), func(r rune) bool { return r == '|' || r == '\t' })
		for k := range parts {
			parts[k] = strings.TrimSpace(parts[k])
		}
		if len(parts) == 2 {
			parts = append([]string{""}, parts...)
		}
		if len(parts) != 3 {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "第%d行应写成“一级指标 | 二级指标 | 满分”,请改正。", n+1)
		}
		full, problem := issue.ParseMark(parts[2])
		if problem != "" || !full.Valid {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "第%d行的满分“%s”不是数字,请改正。", n+1, parts[2])
		}
		out = append(out, issue.ScoreItem{Indicator1: parts[0], Indicator2: parts[1], Full: full.Decimal})
	}
	return out, nil
}
