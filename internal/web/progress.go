package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

type progressView struct {
	*office.Progress
	Tiles                       []progressTile
	Years, Kinds, Groups, Marks []option
	Rows                        []progressRow
	Title, Today                string
	Statutory                   string
	// Chosen says what the filter asks for, for the buttons; Remind is where all
	// of it are reminded.
	Chosen, Remind string
	Remindable     int
}

type progressTile struct {
	Mark, Label, Href string
	Count             int
	On, Bad           bool
}

type progressRow struct {
	office.ProgressLine
	State, Stage       string
	Coming             string // the next rung, and when
	Tags               []string
	Left, StatutoryDay string
	Filing, Review     string
	Extend             string
	People             []office.Contact
	More               int // contacts that are left out
	Tone               string
}

// progressPage is the wall: every unit of a year by where its report stands.
func (s *Server) progressPage(c echo.Context) error {
	f, err := s.progressFilter(c)
	if err != nil {
		return err
	}
	data, err := s.office.Progress(c.Request().Context(), visitor(c), f)
	if err != nil {
		return err
	}
	v := &progressView{Progress: data, Title: s.text.say("progress.title", data.Filter.Year), Today: data.Now.In(beijing).Format("2006年1月2日")}
	page := s.view(c, "progress", v.Title, v)
	page.Styles, page.Scripts = []string{"wall.css"}, []string{"wall.js"}
	if done, err := s.download(c, v.Title, s.progressTable(data)); done {
		return err
	}
	for _, m := range office.ProgressTiles {
		on := data.Filter.Mark == m
		t := progressTile{Mark: string(m), Label: s.text.say("progressmark." + string(m)), Count: data.Counts[m], On: on,
			Bad: (m == office.MarkOverdue || m == office.MarkReturned) && data.Counts[m] > 0, Href: page.With("mark", string(m))}
		if on {
			t.Href = page.With("mark", "")
		}
		v.Tiles = append(v.Tiles, t)
	}
	s.progressChoices(v)
	for _, l := range data.Lines {
		if data.Filter.Reminds(&l) {
			v.Remindable++
		}
		v.Rows = append(v.Rows, s.progressRow(l, visitor(c)))
	}
	v.Chosen = s.text.say("progress.all")
	if data.Filter.Mark != "" {
		v.Chosen = s.text.say("progressmark." + string(data.Filter.Mark))
	}
	if data.Supervise {
		q := url.Values{"all": {"1"}, "year": {data.Filter.Year.String()}, "mark": {string(data.Filter.Mark)}, "kind": {string(data.Filter.Kind)},
			"group": {data.Filter.Group}, "q": {data.Filter.Text}}
		v.Remind = address("/progress/remind", q)
	}
	return s.ok(c, "progress", page)
}

// progressFilter reads the wall's filters out of the address.
func (s *Server) progressFilter(c echo.Context) (office.ProgressFilter, error) {
	f := office.ProgressFilter{Kind: disclosure.UnitKind(c.QueryParam("kind")), Group: c.QueryParam("group"), Text: strings.TrimSpace(c.QueryParam("q")),
		Mark: office.ProgressMark(c.QueryParam("mark"))}
	if f.Mark != "" && !slices.Contains(office.ProgressMarks, f.Mark) {
		return f, disclosure.Errorf(disclosure.ErrInvalid, "报送情况没有“%s”这一项,请从列表中选择。", disclosure.Clip(string(f.Mark), 20))
	}
	if text := c.QueryParam("year"); text != "" {
		y, err := parseYear(text)
		if err != nil {
			return f, err
		}
		f.Year = y
	}
	return f, nil
}

func (s *Server) progressChoices(v *progressView) {
	v.Years = options(v.Choices.Years, v.Filter.Year.String())
	v.Kinds, v.Groups = options(v.Choices.Kinds, string(v.Filter.Kind)), options(v.Choices.Groups, v.Filter.Group)
	for _, m := range office.ProgressMarks {
		v.Marks = append(v.Marks, option{Value: string(m), Label: fmt.Sprintf("%s(%d)", s.text.say("progressmark."+string(m)), v.Counts[m]), Selected: m == v.Filter.Mark})
	}
	unit, government := statutoryDays(v.Filter.Year)
	v.Statutory = s.text.say("progress.statutory", unit, government)
}

// statutoryDays are the law's last days for a year, as people read them.
func statutoryDays(y disclosure.Year) (unit, government string) {
	return office.LastDay(y, nil).Chinese(), office.LastDay(y, &disclosure.Unit{Kind: disclosure.UnitGovernment}).Chinese()
}

// contactsShown is how many people of a unit the wall names.
const contactsShown = 2

func (s *Server) progressRow(l office.ProgressLine, v people.Visitor) progressRow {
	r := progressRow{ProgressLine: l, State: filing.Names[l.State], Left: s.left(l.Next), People: l.Contacts, Tone: tone(l)}
	if len(r.People) > contactsShown {
		r.People, r.More = r.People[:contactsShown], len(l.Contacts)-contactsShown
	}
	r.Tags = s.progressTags(l)
	if l.Next.Step != "" && !l.Next.Statutory.IsZero() {
		r.StatutoryDay = s.text.say("progress.law", l.Next.Statutory.Date.Chinese(), s.days(l.Next.StatutoryDays))
	}
	if l.Next.Step == "" && l.State == filing.Submitted {
		r.Left = s.text.say("progress.waits")
	}
	if l.Stage.Reached != nil {
		r.Stage = l.Stage.Reached.Name
	}
	if l.Stage.Next != nil {
		r.Coming = s.text.say("progress.next_rung", l.Stage.On.Chinese(), l.Stage.Next.Name)
	}
	n := l.Unit.Number
	if v.May(people.SeeFiled, n) {
		r.Filing = filingHref(n, l.Period)
	}
	if l.Supervised && (l.State == filing.Submitted || l.State == filing.Approved || l.State == filing.Returned) {
		r.Review = reviewHref(n, l.Period)
	}
	if l.Supervised && l.Next.Step != "" {
		r.Extend = address("/plan", url.Values{"year": {l.Period.Year.String()}, "unit": {fmt.Sprint(n)}}) + "#extend"
	}
	return r
}

// tone is how a line is set off, beside its words.
func tone(l office.ProgressLine) string {
	switch {
	case l.Next.Overdue > 0:
		return "late"
	case l.State == filing.Returned:
		return "back"
	case l.State == filing.Submitted || l.State == filing.Review:
		return "waits"
	case l.State == filing.Approved:
		return "done"
	}
	return "open"
}

func (s *Server) progressTags(l office.ProgressLine) []string {
	var out []string
	add := func(when bool, key string) {
		if when {
			out = append(out, s.text.say(key))
		}
	}
	add(l.WithProblems != "", "progress.problems")
	add(l.Correction, "progress.correction")
	add(l.Proxy, "progress.proxy")
	add(l.Historic, "progress.historic")
	add(l.Published != nil, "progress.published")
	add(l.Published == nil && !l.Open() && !l.Historic, "progress.unpublished")
	return out
}

// left says how much time is left for what is next.
func (s *Server) left(n office.ProgressNext) string {
	switch {
	case n.Step == "":
		return s.text.say("progress.nothing_due")
	case n.Overdue > 0:
		return s.text.say("progress.overdue", n.Overdue)
	case n.Days == 0:
		return s.text.say("progress.today")
	case n.Days < 0: // only a publication is left, which is never late here
		return s.text.say("progress.unpublished")
	}
	return s.text.say("progress.left", n.Days, n.Workdays)
}

func (s *Server) days(n int) string {
	switch {
	case n < 0:
		return s.text.say("progress.past", -n)
	case n == 0:
		return s.text.say("progress.today")
	}
	return s.text.say("progress.days", n)
}

// progressTable is the wall as a list, for downloads.
func (s *Server) progressTable(p *office.Progress) dashboards.Table {
	labels := strings.Split(s.text.say("progress.columns"), "|")
	numeric := map[int]bool{7: true, 8: true, 9: true}
	t := dashboards.Table{Name: "progress", Caption: s.text.say("progress.caption")}
	for i, label := range labels {
		t.Columns = append(t.Columns, dashboards.Column{Label: label, Numeric: numeric[i]})
	}
	unit, government := statutoryDays(p.Filter.Year)
	t.Notes = append(t.Notes, s.text.say("progress.statutory", unit, government), s.text.say("progress.reckoned", p.Now.In(beijing).Format("2006-01-02 15:04")))
	if p.Note != "" {
		t.Notes = append(t.Notes, p.Note)
	}
	for _, l := range p.Lines {
		next := []dashboards.Cell{{}, {}, {}, {}, {}}
		if l.Next.Step != "" {
			next = []dashboards.Cell{dashboards.Text(string(l.Next.Step)), dashboards.Text(l.Next.Due.Chinese()), whole(int64(l.Next.Days)), whole(int64(l.Next.Workdays)), whole(int64(l.Next.Overdue))}
		}
		published, site, stage := "", "", ""
		if l.Published != nil {
			published, site = l.Published.Date.String(), l.Published.Address
		}
		if l.Stage.Reached != nil {
			stage = l.Stage.Reached.Name
		}
		cells := append([]dashboards.Cell{dashboards.Text(l.Unit.Name), dashboards.Text(string(l.Unit.Kind)), dashboards.Text(l.Unit.In(p.Filter.Year).Group),
			dashboards.Text(filing.Names[l.State]), dashboards.Text(strings.Join(s.progressTags(l), "、"))}, next...)
		for _, text := range []string{office.LastDay(p.Filter.Year, l.Unit).Chinese(), momentText(l.HandedIn), published, site, strings.Join(l.Late, ";"), stage,
			contactText(l.Contacts), activityText(l.Last)} {
			cells = append(cells, dashboards.Text(text))
		}
		t.Rows = append(t.Rows, dashboards.Row{Cells: cells})
	}
	return t
}

func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return beijingTime(t)
}

func activityText(a office.Activity) string {
	if a.Time.IsZero() {
		return ""
	}
	return beijingTime(a.Time) + " " + a.By + " " + a.What
}

func contactText(all []office.Contact) string {
	var out []string
	for _, c := range all {
		out = append(out, strings.TrimSpace(c.Name+" "+c.Phone))
	}
	return strings.Join(out, "、")
}

// mayConfigure says whether the visitor changes what holds for the district.
func mayConfigure(c echo.Context) bool { return visitor(c).May(people.Configure, 0) }

func maySupervise(c echo.Context, unit disclosure.UnitNumber) bool {
	return visitor(c).May(people.Supervise, unit)
}
