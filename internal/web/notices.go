package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// noticesView is the list of bulletins (通报), with what a supervisor makes there.
type noticesView struct {
	Lines      []office.BulletinLine
	May, PDF   bool
	Quarter    disclosure.Period
	Name       string // of the quarter
	Quarters   []option
	Unapproved []string
	Under      *office.BulletinLine // the quarter's bulletin that is under way
	Draft      bool
	Act        string
	Sentence   string
}

func (s *Server) noticesPage(c echo.Context) error {
	return s.showNotices(c, http.StatusOK, &noticesView{}, c.QueryParam)
}

func (s *Server) showNotices(c echo.Context, status int, v *noticesView, get func(string) string) error {
	ctx, who := c.Request().Context(), visitor(c)
	var err error
	if v.Lines, err = s.office.Bulletins(ctx, who); err != nil {
		return err
	}
	v.Act, v.May, v.PDF = uuid.NewString(), who.Everywhere(people.Supervise), office.HasPDF()
	if v.May {
		if err := s.noticeQuarter(c, v, get("quarter")); err != nil {
			return err
		}
	}
	page := s.view(c, "notices", s.text.say("bulletins.title"), v)
	page.Styles = []string{"notices.css"}
	return s.send(c, status, "notices", page)
}

// noticeQuarter says how ready the quarter is that a bulletin would be of.
func (s *Server) noticeQuarter(c echo.Context, v *noticesView, asked string) error {
	ctx, who := c.Request().Context(), visitor(c)
	rows, err := s.office.Issues(ctx, who, office.IssueFilter{Limit: 1})
	if err != nil {
		return err
	}
	quarters := rows.Quarters
	if now := issue.QuarterOf(s.clock()); !slices.Contains(quarters, now) {
		quarters = append([]disclosure.Period{now}, quarters...)
	}
	v.Quarter = quarters[0]
	if len(rows.Quarters) > 0 {
		v.Quarter = rows.Quarters[0]
	}
	if asked != "" {
		if v.Quarter, err = issue.ParseQuarter(asked); err != nil {
			return err
		}
	}
	if !slices.Contains(quarters, v.Quarter) {
		quarters = append(quarters, v.Quarter)
	}
	for _, q := range quarters {
		v.Quarters = append(v.Quarters, option{Value: q.String(), Label: issue.QuarterName(q), Selected: q == v.Quarter})
	}
	v.Name = issue.QuarterName(v.Quarter)
	for i := range v.Lines {
		if v.Lines[i].Quarter == v.Quarter && v.Lines[i].State == office.BulletinDraft {
			v.Under = &v.Lines[i]
		}
	}
	v.Unapproved, err = s.office.BulletinReady(ctx, who, v.Quarter)
	return err
}

// beginNotice builds the first version of a quarter's bulletin.
func (s *Server) beginNotice(c echo.Context) error {
	quarter, err := issue.ParseQuarter(c.FormValue("quarter"))
	if err != nil {
		return err
	}
	draft := c.FormValue("draft") != ""
	b, err := s.office.BuildBulletin(c.Request().Context(), visitor(c), c.FormValue("act"), office.BulletinBuild{Quarter: quarter, Draft: draft})
	if err == nil {
		return c.Redirect(http.StatusSeeOther, noticeHref(b.ID))
	}
	if code := disclosure.CodeOf(err); code != disclosure.ErrConflict && code != disclosure.ErrInvalid {
		return err
	}
	return s.showNotices(c, statusOf(err), &noticesView{Sentence: disclosure.Sentence(err), Draft: draft}, c.FormValue)
}

func noticeHref(id string) string { return "/notices/" + url.PathEscape(id) }

// noticeView is one bulletin in a version and an edition.
type noticeView struct {
	*office.BulletinView
	Href     string // of the bulletin
	Query    string // of version and edition
	Edition  notice.Edition
	Editions []option
	Sections []noticeText
	PDF      bool
	Act      string
	Sentence string
	Reason   string
	Draft    bool // the box for 征求意见稿
	Done     string
	Parts    []noticePart
}

// noticeText is the district's words in a section of this bulletin.
type noticeText struct {
	Kind       notice.Kind
	Name, Text string
}

// noticePart is a block as the page shows it; Picture is a chart's number.
type noticePart struct {
	notice.Block
	Picture int
}

func noticeParts(n *notice.Notice) []noticePart {
	pictures := 0
	var out []noticePart
	for _, b := range n.Blocks {
		p := noticePart{Block: b}
		if b.Chart != nil {
			pictures++
			p.Picture = pictures
		}
		out = append(out, p)
	}
	return out
}

// noticeOf reads which version and edition an address is about.
func noticeOf(c echo.Context) (version int, edition notice.Edition, err error) {
	edition = notice.Internal
	if e := c.QueryParam("edition"); e != "" {
		edition = notice.Edition(e)
	}
	if text := c.QueryParam("version"); text != "" {
		if version, err = strconv.Atoi(text); err != nil || version < 1 {
			return 0, edition, disclosure.Errorf(disclosure.ErrNotFound, "没有这一版,请从版本列表中选择。")
		}
	}
	return version, edition, nil
}

func (s *Server) noticePage(c echo.Context) error {
	v := &noticeView{}
	if done := c.QueryParam("done"); done == "built" || done == "kept" || done == "issued" || done == "dropped" {
		v.Done = s.text.say("bulletins.done_" + done)
	}
	return s.showNotice(c, http.StatusOK, v)
}

func (s *Server) showNotice(c echo.Context, status int, v *noticeView) error {
	version, edition, err := noticeOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if v.BulletinView, err = s.office.BulletinVersion(ctx, visitor(c), c.Param("id"), version, edition); err != nil {
		return err
	}
	v.Edition, v.Href, v.PDF, v.Act, v.Parts = edition, noticeHref(v.ID), office.HasPDF(), uuid.NewString(), noticeParts(v.Notice)
	v.Query = url.Values{"version": {fmt.Sprint(v.Version.Number)}, "edition": {string(edition)}}.Encode()
	for _, e := range []notice.Edition{notice.Internal, notice.Public} {
		v.Editions = append(v.Editions, option{Value: string(e), Label: notice.EditionNames[e], Selected: e == edition})
	}
	if v.May && v.State == office.BulletinDraft && v.Sections == nil {
		layout, _, err := s.office.BulletinLayout(ctx)
		if err != nil {
			return err
		}
		for _, section := range layout.Sections {
			if section.Kind == notice.Own || !section.On {
				continue
			}
			said, own := v.Texts[section.Kind]
			if !own {
				said = section.Text
			}
			v.Sections = append(v.Sections, noticeText{Kind: section.Kind, Name: notice.KindNames[section.Kind], Text: said})
		}
	}
	page := s.view(c, "notices", v.Title, v)
	page.Styles = []string{"notices.css"}
	return s.send(c, status, "notice", page)
}

// noticeAct builds a further version, keeps texts, issues or drops.
func (s *Server) noticeAct(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return badForm(err)
	}
	seen, err := strconv.ParseUint(form.Get("seen"), 10, 64)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "页面内容不完整,请刷新页面后重试。")
	}
	ctx, who, id, act := c.Request().Context(), visitor(c), c.Param("id"), form.Get("act")
	v := &noticeView{Reason: form.Get("reason"), Draft: form.Get("draft") != ""}
	done := ""
	switch form.Get("what") {
	case "build":
		done = "built"
		_, err = s.office.BuildBulletin(ctx, who, act, office.BulletinBuild{ID: id, Seq: seen, Draft: v.Draft})
	case "texts":
		done = "kept"
		texts := map[notice.Kind]string{}
		for _, k := range notice.Kinds {
			if said, ok := form["text."+string(k)]; ok {
				texts[k] = said[0]
				v.Sections = append(v.Sections, noticeText{Kind: k, Name: notice.KindNames[k], Text: said[0]})
			}
		}
		_, err = s.office.PutBulletinTexts(ctx, who, act, id, seen, texts)
	case "issue":
		done = "issued"
		_, err = s.office.IssueBulletin(ctx, who, act, id, seen)
	case "drop":
		done = "dropped"
		_, err = s.office.DropBulletin(ctx, who, act, id, seen, v.Reason)
	default:
		err = disclosure.Errorf(disclosure.ErrInvalid, "没有这项操作,请刷新页面后重试。")
	}
	if err == nil {
		return c.Redirect(http.StatusSeeOther, noticeHref(id)+"?done="+done)
	}
	if code := disclosure.CodeOf(err); code != disclosure.ErrConflict && code != disclosure.ErrInvalid {
		return err
	}
	v.Sentence = disclosure.Sentence(err)
	return s.showNotice(c, statusOf(err), v)
}
