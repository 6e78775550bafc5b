package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/check"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// mattersPerPage keeps a page short enough to be read, marked and printed.
const mattersPerPage = 50

type mattersView struct {
	*office.MatterList
	Basis    string
	Filters  filtersView
	UnitList []option
	RuleList []option
	Severity []option
	Tiles    []matterTile
	Lines    []matterLine
	Total    int
	Pager    pager
	Empty    bool
	OneUnit  bool // the visitor has one unit only: its name stands on no line
	// MayMark: the visitor is a supervisor.
	MayMark      bool
	Dispositions []option
	Act          string
	Back         string // the list's address, where marking leads back to
	Reason       string
	Sentence     string
	Done         int
	Stale        int
}

// matterTile counts the matters of one state, and filters by it.
type matterTile struct {
	State string
	Name  string
	Count int
	Href  string
	On    bool
}

// matterLine is a matter on the list.
type matterLine struct {
	office.Matter
	Href     string // of its page
	CellHref string
	Key      string // what a mark sends
	Checked  bool
	MayMark  bool
	Stale    bool
}

// mattersPage is the one list of what is to be cleared up: what the rules found,
// and anomalies.
func (s *Server) mattersPage(c echo.Context) error { return s.showMatters(c, http.StatusOK, nil) }

// matterFilterOf reads the filters. Who may see what is not approved sees it
// unless they ask for less: in January nothing else is there.
func matterFilterOf(v people.Visitor, q url.Values) (office.MatterFilter, error) {
	f := office.MatterFilter{Rule: q.Get("rule"), Code: disclosure.Code(q.Get("code"))}
	f.Kind, f.Group = disclosure.UnitKind(q.Get("kind")), q.Get("group")
	var err error
	if f.Basis, err = matterBasis(v, q.Get("basis")); err != nil {
		return f, err
	}
	if text := q.Get("year"); text != "" {
		if f.Year, err = parseYear(text); err != nil {
			return f, err
		}
	}
	if text := q.Get("unit"); text != "" {
		if f.Unit, err = parseUnit(text); err != nil {
			return f, err
		}
	}
	if sev := check.Severity(q.Get("severity")); slices.Contains(office.Severities, sev) {
		f.Severity = sev
	}
	if state := office.MatterState(q.Get("state")); slices.Contains(office.MatterStates, state) {
		f.State = state
	}
	return f, nil
}

func matterBasis(v people.Visitor, text string) (office.Basis, error) {
	switch {
	case text == string(office.Approved), text == "" && !v.Anywhere(people.SeeFiled):
		return office.Approved, nil
	case text == string(office.Provisional), text == "":
		return office.Provisional, nil
	}
	return "", disclosure.Errorf(disclosure.ErrInvalid, "数据口径只能选“已通过”或“含已提交(暂定)”。")
}

// typedMark is what was sent with a mark that was not carried out.
type typedMark struct {
	query    url.Values // of the list
	chosen   []string
	order    office.MarkOrder
	sentence string
}

func (s *Server) showMatters(c echo.Context, status int, typed *typedMark) error {
	q := c.QueryParams()
	if typed != nil {
		q = typed.query
	}
	who := visitor(c)
	f, err := matterFilterOf(who, q)
	if err != nil {
		return err
	}
	ctx, stop := afresh(c)
	defer stop()
	data, err := s.office.Matters(ctx, who, f)
	if err != nil {
		return err
	}
	title := s.text.say("matters.title", data.Filter.Year)
	if data.Filter.Year == 0 {
		title = s.text.say("nav.matters")
	}
	if done, err := s.download(c, title, s.matterTable(data)); done {
		return err
	}
	v := &mattersView{MatterList: data, Basis: string(data.Filter.Basis), Filters: filtersOf(data.Filter.Filter, data.Choices, who.Anywhere(people.SeeFiled)), Total: len(data.Matters),
		Empty: len(data.Choices.Years) == 0, OneUnit: len(data.Units) < 2 && !who.Anywhere(people.SeeOverview), MayMark: who.Anywhere(people.Supervise), Act: uuid.NewString()}
	v.Done, _ = strconv.Atoi(q.Get("done")) // other texts count as nothing done
	stale := strings.Split(q.Get("stale"), ",")
	q.Del("done")
	q.Del("stale")
	page := s.view(c, "matters", title, v)
	page.Path, page.Query = "/matters", q
	page.Styles, page.Scripts = []string{"matters.css"}, []string{"matters.js"}
	s.matterChoices(v, page)
	var from, to int
	v.Pager, from, to = pageOf(q.Get("page"), v.Total, mattersPerPage)
	for _, m := range data.Matters[from:to] {
		l := matterLine{Matter: m, Href: matterHref(m.Report.Period.Year, v.Basis, m.ID), CellHref: cellHref(&m, v.Basis),
			Key: matterKey(&m), MayMark: v.MayMark && who.May(people.Supervise, m.Unit.Number), Stale: slices.Contains(stale, m.ID)}
		if l.Stale {
			v.Stale++
		}
		if typed != nil {
			l.Checked = slices.Contains(typed.chosen, m.ID)
		}
		v.Lines = append(v.Lines, l)
	}
	v.Back = page.With()
	chosen := office.Disposition("")
	if typed != nil {
		v.Sentence, v.Reason, chosen = typed.sentence, typed.order.Reason, typed.order.Disposition
	}
	v.Dispositions = s.dispositions(chosen)
	return s.send(c, status, "matters", page)
}

func (s *Server) dispositions(chosen office.Disposition) []option {
	var out []option
	for _, d := range office.Dispositions {
		out = append(out, option{Value: string(d), Label: s.text.say("disposition." + string(d)), Selected: d == chosen})
	}
	return out
}

// matterChoices fills the filters and the tiles.
func (s *Server) matterChoices(v *mattersView, page *view) {
	for _, u := range v.Units {
		v.UnitList = append(v.UnitList, option{Value: fmt.Sprint(u.Number), Label: u.Display(), Selected: u.Number == v.Filter.Unit})
	}
	anomalies := false
	for _, r := range v.Rules {
		anomalies = anomalies || strings.HasPrefix(r.Rule, office.AnomalyPrefix)
		v.RuleList = append(v.RuleList, option{Value: r.Rule, Label: r.Name, Selected: r.Rule == v.Filter.Rule})
	}
	if anomalies || v.Filter.Rule == office.AnomalyPrefix {
		all := option{Value: office.AnomalyPrefix, Label: s.text.say("matters.all_anomalies"), Selected: v.Filter.Rule == office.AnomalyPrefix}
		v.RuleList = append([]option{all}, v.RuleList...)
	}
	for _, sev := range office.Severities {
		v.Severity = append(v.Severity, option{Value: string(sev), Label: s.text.say("severity." + string(sev)), Selected: sev == v.Filter.Severity})
	}
	all := 0
	for _, n := range v.States {
		all += n
	}
	v.Tiles = []matterTile{{Name: s.text.say("matters.all"), Count: all, Href: page.With("state", "", "page", ""), On: v.Filter.State == ""}}
	for _, state := range office.MatterStates {
		if v.States[state] == 0 && (!state.Found() || state == office.MatterFiled) && state != v.Filter.State {
			continue // what is rare needs no tile that says 0
		}
		v.Tiles = append(v.Tiles, matterTile{State: string(state), Name: s.text.say("matterstate." + string(state)), Count: v.States[state],
			Href: page.With("state", string(state), "page", ""), On: state == v.Filter.State})
	}
}

func (s *Server) matterTable(data *office.MatterList) dashboards.Table {
	t := dashboards.Table{Name: "matters", Caption: s.text.say("nav.matters"), Columns: dashboards.Columns([]string{
		s.text.say("column.severity"), s.text.say("column.unit"), s.text.say("column.period"), s.text.say("column.scope"), s.text.say("matters.kind"), s.text.say("column.message"),
		s.text.say("column.cells"), s.text.say("column.expected"), s.text.say("column.actual"), s.text.say("matters.state"), s.text.say("matters.reason"),
		s.text.say("matters.by"), s.text.say("matters.answer")})}
	for i := range data.Matters {
		m := &data.Matters[i]
		var labels []string
		for _, code := range m.Codes {
			labels = append(labels, codeLabel(code))
		}
		expected, actual := "", ""
		if m.Finding != nil {
			expected, actual = m.Finding.Expected, m.Finding.Actual
		}
		by := ""
		if m.Mark.ByName != "" {
			by = m.Mark.ByName + " " + beijingTime(m.Mark.At)
		}
		answer := m.Mark.Answer
		if answer == "" && m.Explanation != nil {
			answer = m.Explanation.Text
		}
		row := dashboards.Row{}
		for _, text := range []string{s.text.say("severity." + string(m.Severity)), m.Unit.Name, m.Report.Period.String(), s.text.scope(m.Report.Scope), m.Name, m.Message,
			strings.Join(labels, ";"), expected, actual, s.text.say("matterstate." + string(m.State)), m.Mark.Reason, by, answer} {
			row.Cells = append(row.Cells, dashboards.Text(text))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// matterHref is the address of a matter's page.
func matterHref(year disclosure.Year, basis, id string) string {
	return fmt.Sprintf("/matters/%s/%s?basis=%s", year, url.PathEscape(id), basis)
}

// cellHref leads to the first cell of a matter, or to the report's list.
func cellHref(m *office.Matter, basis string) string {
	at := "findings"
	if len(m.Codes) > 0 {
		at = string(m.Codes[0])
	}
	return reportHref(m.Report, basis) + "#" + at
}

// matterKey says which matter is marked, as it was seen.
func matterKey(m *office.Matter) string { return fmt.Sprintf("%s.%d.%s", m.ID, m.Seen, m.Own) }

func parseMatterKey(text string) (office.SeenMatter, error) {
	parts := strings.Split(text, ".")
	if len(parts) == 3 {
		if seen, err := strconv.ParseUint(parts[1], 10, 64); err == nil {
			return office.SeenMatter{ID: parts[0], Seen: seen, Own: parts[2]}, nil
		}
	}
	return office.SeenMatter{}, disclosure.Errorf(disclosure.ErrInvalid, "所选事项无法识别,请刷新页面后重新勾选。")
}

// markMatters carries a supervisor's mark out on all that were chosen. When it
// cannot be, the list comes again with the sentence on top and all that was typed.
func (s *Server) markMatters(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "请求无法读取,请刷新页面后重试。").Because(err)
	}
	back := localPath(form.Get("back"))
	if !strings.HasPrefix(back, "/matters") {
		back = "/matters"
	}
	at, err := url.Parse(back)
	if err != nil {
		at = &url.URL{Path: "/matters"}
	}
	typed := &typedMark{query: at.Query(), order: office.MarkOrder{Disposition: office.Disposition(form.Get("disposition")), Reason: form.Get("reason")}}
	act := form.Get("act")
	marked, err := func() (*office.Marked, error) {
		var err error
		if typed.order.Basis, err = matterBasis(visitor(c), form.Get("basis")); err != nil {
			return nil, err
		}
		for _, text := range form["matter"] {
			seen, err := parseMatterKey(text)
			if err != nil {
				return nil, err
			}
			typed.chosen = append(typed.chosen, seen.ID)
			typed.order.Matters = append(typed.order.Matters, seen)
		}
		if len(typed.order.Matters) > 0 {
			if typed.order.Year, err = parseYear(form.Get("year")); err != nil {
				return nil, err
			}
		}
		return s.office.MarkMatters(c.Request().Context(), visitor(c), typed.order, act)
	}()
	if err == nil {
		q := at.Query()
		q.Set("done", strconv.Itoa(marked.Done))
		if len(marked.Stale) > 0 {
			q.Set("stale", strings.Join(marked.Stale, ","))
		}
		return c.Redirect(http.StatusSeeOther, address(at.Path, q))
	}
	if !personsFault(err) {
		return err
	}
	typed.sentence = disclosure.Sentence(err)
	if strings.HasPrefix(at.Path, "/matters/") {
		return s.showMatter(c, statusOf(err), strings.TrimPrefix(at.Path, "/matters/"), typed, "")
	}
	return s.showMatters(c, statusOf(err), typed)
}

// oldFindings leads addresses of the list of findings, which people keep, to the
// list that took its place.
func (s *Server) oldFindings(c echo.Context) error {
	return c.Redirect(http.StatusMovedPermanently, address("/matters", c.QueryParams()))
}
