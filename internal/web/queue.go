package web

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type queueView struct {
	*office.Queue
	Years, Kinds, Groups, States, Marks []option
	Text                                string
	Act                                 string // the batch's id
	Fit                                 int    // how many lines a batch can take
	Picked                              map[string]bool
	Sentence                            string
	Results                             []office.BatchResult
	Done                                int
	Configures                          bool
}

// queuePage lists what waits for the visitor's decision.
func (s *Server) queuePage(c echo.Context) error {
	v := &queueView{}
	v.Done, _ = strconv.Atoi(c.QueryParam("approved"))
	return s.showQueue(c, http.StatusOK, v)
}

func (s *Server) showQueue(c echo.Context, status int, v *queueView) error {
	f := office.QueueFilter{Kind: disclosure.UnitKind(c.QueryParam("kind")), Group: c.QueryParam("group"), Text: strings.TrimSpace(c.QueryParam("q"))}
	var err error
	if text := c.QueryParam("year"); text != "" {
		if f.Year, err = parseYear(text); err != nil {
			return err
		}
	}
	switch state := filing.State(c.QueryParam("state")); state {
	case "", filing.Review, filing.Submitted:
		f.State = state
	default:
		return disclosure.Errorf(disclosure.ErrInvalid, "状态只能选“待单位审核”或“已提交”。")
	}
	for _, mark := range office.QueueMarks {
		if c.QueryParam("mark") == mark {
			f.Mark = mark
		}
		v.Marks = append(v.Marks, option{Value: mark, Label: s.text.say("queuemark." + mark), Selected: f.Mark == mark})
	}
	if v.Queue, err = s.office.ReviewQueue(c.Request().Context(), visitor(c), f); err != nil {
		return err
	}
	for _, y := range v.Choices.Years {
		v.Years = append(v.Years, option{Value: y.String(), Label: y.String(), Selected: y == f.Year})
	}
	for _, k := range v.Choices.Kinds {
		v.Kinds = append(v.Kinds, option{Value: string(k), Label: string(k), Selected: k == f.Kind})
	}
	for _, g := range v.Choices.Groups {
		v.Groups = append(v.Groups, option{Value: g, Label: g, Selected: g == f.Group})
	}
	for _, state := range []filing.State{filing.Review, filing.Submitted} {
		v.States = append(v.States, option{Value: string(state), Label: filing.Names[state], Selected: state == f.State})
	}
	for _, l := range v.Lines {
		if l.Unfit == "" {
			v.Fit++
		}
	}
	v.Text, v.Configures = f.Text, visitor(c).May(people.Configure, 0)
	if v.Act == "" {
		v.Act = uuid.NewString()
	}
	page := s.view(c, "review", s.text.say("queue.title"), v)
	page.Styles, page.Scripts = []string{"review.css"}, []string{"review.js"}
	return s.send(c, status, "queue", page)
}

// Pick is a line as a batch sends it: unit/period/seq.
func (v *queueView) Pick(l office.QueueLine) string {
	return fmt.Sprintf("%d/%s/%d", l.Unit.Number, l.Period, l.Seq)
}

// Href is a line's review page.
func (v *queueView) Href(l office.QueueLine) string { return reviewHref(l.Unit.Number, l.Period) }

func reviewHref(unit disclosure.UnitNumber, period disclosure.Period) string {
	return fmt.Sprintf("/review/%d/%s", unit, period)
}

// approveBatch approves what was ticked, each report by an act of its own. When
// some could not be approved the queue says which and why; sent again, the same
// form changes nothing.
func (s *Server) approveBatch(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "请求无法读取,请刷新页面后重试。").Because(err)
	}
	v := &queueView{Act: form.Get("act"), Picked: map[string]bool{}}
	var picks []office.BatchPick
	for _, text := range form["pick"] {
		p, err := parsePick(text)
		if err != nil {
			return err
		}
		v.Picked[text] = true
		picks = append(picks, p)
	}
	v.Results, err = s.office.ApproveBatch(c.Request().Context(), visitor(c), v.Act, picks)
	if code := disclosure.CodeOf(err); err != nil && code == disclosure.ErrInvalid {
		v.Sentence = disclosure.Sentence(err)
		if len(form["pick"]) > 0 {
			v.Act = "" // the page had none, or a broken one
		}
		return s.showQueue(c, http.StatusBadRequest, v)
	}
	if err != nil {
		return err
	}
	failed := 0
	for _, r := range v.Results {
		if !r.Approved {
			failed++
		}
	}
	if failed == 0 {
		return c.Redirect(http.StatusSeeOther, fmt.Sprintf("/review?approved=%d", len(v.Results)))
	}
	v.Act, v.Done = "", len(v.Results)-failed
	return s.showQueue(c, http.StatusOK, v)
}

func parsePick(text string) (office.BatchPick, error) {
	parts := strings.Split(text, "/")
	wrong := disclosure.Errorf(disclosure.ErrInvalid, "勾选的内容无法识别,请刷新页面后重新勾选。")
	if len(parts) != 3 {
		return office.BatchPick{}, wrong
	}
	unit, err := parseUnit(parts[0])
	if err != nil {
		return office.BatchPick{}, wrong
	}
	period, err := parsePeriod(parts[1])
	if err != nil {
		return office.BatchPick{}, wrong
	}
	seq, err := strconv.ParseUint(parts[2], 10, 64)
	if err != nil {
		return office.BatchPick{}, wrong
	}
	return office.BatchPick{Unit: unit, Period: period, Seq: seq}, nil
}

type reasonsView struct {
	Text     string
	Seen     uint64
	Act      string
	Sentence string
	Done     bool
}

// reasonsPage shows the standard reasons for a return, to be edited.
func (s *Server) reasonsPage(c echo.Context) error {
	reasons, seen, err := s.office.ReturnReasons(c.Request().Context())
	if err != nil {
		return err
	}
	return s.showReasons(c, http.StatusOK, &reasonsView{Text: strings.Join(reasons, "\n"), Seen: seen, Act: uuid.NewString(), Done: c.QueryParam("done") != ""})
}

func (s *Server) showReasons(c echo.Context, status int, v *reasonsView) error {
	page := s.view(c, "review", s.text.say("reasons.title"), v)
	page.Styles = []string{"review.css"}
	return s.send(c, status, "reasons", page)
}

func (s *Server) putReasons(c echo.Context) error {
	v := &reasonsView{Text: c.FormValue("reasons"), Act: c.FormValue("act")}
	v.Seen, _ = strconv.ParseUint(c.FormValue("seen"), 10, 64)
	if _, err := uuid.Parse(v.Act); err != nil {
		v.Act, v.Sentence = uuid.NewString(), s.text.say("review.no_act")
		return s.showReasons(c, http.StatusBadRequest, v)
	}
	err := s.office.PutReturnReasons(c.Request().Context(), visitor(c), strings.Split(v.Text, "\n"), v.Seen, v.Act)
	if code := disclosure.CodeOf(err); err != nil && (code == disclosure.ErrInvalid || code == disclosure.ErrConflict) {
		v.Sentence = disclosure.Sentence(err)
		if code == disclosure.ErrConflict { // both are in sight: what was typed, and the list as it stands
			reasons, seen, readErr := s.office.ReturnReasons(c.Request().Context())
			if readErr != nil {
				return readErr
			}
			v.Sentence += s.text.say("reasons.now", strings.Join(reasons, " / "))
			v.Seen, v.Act = seen, uuid.NewString()
		}
		return s.showReasons(c, statuses[code], v)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/review/reasons?done=1")
}
