package web

import (
	"net/url"
	"strconv"
	"time"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

type auditView struct {
	adminView
	Query    office.AuditQuery
	From, To string
	Kinds    []string
	Verbs    []string
	Actors   []office.Account
	Units    []office.UnitChoice
	Lines    []office.AuditLine
	Older    string // address of the next page, "" at the end
	First    bool   // the newest are shown
	Names    map[disclosure.UnitNumber]string
}

// auditKinds and auditVerbs are what can be filtered by, in the order of the
// list; their texts are "kind." and "verb." and the word.
var (
	auditKinds = []string{"report", "person", "sign", "unit", "setting", "publication", "seal", "mark", "due", "ledger", "notice", "erasure_ask", "erasure", "run", "mapping", "issue", "issue_list", "bulletin"}
	auditVerbs = []string{"create", "change", "submit", "return", "approve", "revoke", "withdraw", "source", "restore", "review", "send_back", "recall", "take", "reopen", "explain", "publish", "build", "issue",
		"sign_in", "sign_out", "fail", "lock", "unlock", "password", "erase", "extend", "remind", "mark", "answer", "attach", "export",
		"assign", "hand_over", "sign", "progress", "recheck", "close", "not_applicable", "reopen_issue", "ask_extension", "refuse_extension", "appeal", "uphold_appeal", "reject_appeal"}
)

const (
	auditPerPage = 50
	mostExported = 50_000
)

func auditQueryOf(c echo.Context) (office.AuditQuery, error) {
	q := office.AuditQuery{Actor: people.ActorAccount(c.QueryParam("who")), Kind: office.EntityKind(c.QueryParam("kind")), Verb: office.Verb(c.QueryParam("verb")), Text: c.QueryParam("q"),
		ID: c.QueryParam("id"), Act: c.QueryParam("act")}
	if text := c.QueryParam("unit"); text != "" {
		n, err := parseUnit(text)
		if err != nil {
			return q, err
		}
		q.Unit = n
	}
	for _, day := range []struct {
		name string
		into *time.Time
	}{{"from", &q.From}, {"to", &q.To}} {
		text := c.QueryParam(day.name)
		if text == "" {
			continue
		}
		t, err := time.ParseInLocation(time.DateOnly, text, beijing)
		if err != nil {
			return q, disclosure.Errorf(disclosure.ErrInvalid, "日期应写成2026-01-31的样子,请核对“%s”。", text)
		}
		*day.into = t
	}
	q.Before, _ = strconv.ParseUint(c.QueryParam("before"), 10, 64)
	return q, nil
}

// auditPage lists acts, newest first.
func (s *Server) auditPage(c echo.Context) (err error) {
	ctx, who := c.Request().Context(), visitor(c)
	v := &auditView{adminView: s.adminView(c, "audit"), From: c.QueryParam("from"), To: c.QueryParam("to"), Kinds: auditKinds, Verbs: auditVerbs}
	if v.Query, err = auditQueryOf(c); err != nil {
		return err
	}
	title := s.text.say("audit.title")
	if c.QueryParam("download") != "" {
		return s.exportAudit(c, title, v.Query)
	}
	var more bool
	if v.Lines, more, err = s.office.Audit(ctx, who, v.Query, auditPerPage); err != nil {
		return err
	}
	v.First = v.Query.Before == 0
	page := s.view(c, "admin", title, v)
	if more && len(v.Lines) > 0 {
		v.Older = page.With("before", strconv.FormatUint(v.Lines[len(v.Lines)-1].Seq, 10))
	}
	if v.Actors, err = s.office.AuditActors(ctx, who); err != nil {
		return err
	}
	if v.Units, err = s.office.UnitChoices(ctx, who, people.ReadAudit); err != nil {
		return err
	}
	return s.showAdmin(c, "audit", title, nil, v)
}

// exportAudit gives the lines that the filter finds; that they were taken out
// is an act of its own.
func (s *Server) exportAudit(c echo.Context, title string, q office.AuditQuery) error {
	ctx, who := c.Request().Context(), visitor(c)
	q.Before = 0
	lines, more, err := s.office.Audit(ctx, who, q, mostExported)
	if err != nil {
		return err
	}
	t := dashboards.Table{Name: "audit", Caption: title, Columns: dashboards.Columns([]string{s.text.say("audit.seq"), s.text.say("audit.time"), s.text.say("audit.account"), s.text.say("audit.name"),
		s.text.say("audit.address"), s.text.say("audit.kind"), s.text.say("audit.verb"), s.text.say("audit.subject"), s.text.say("audit.act")})}
	for _, l := range lines {
		row := dashboards.Row{}
		for _, text := range []string{strconv.FormatUint(l.Seq, 10), l.Time.In(beijing).Format("2006-01-02 15:04:05"), people.AuditedActor(l.Account), l.Name, l.Address,
			s.text.word("kind", string(l.Kind)), s.text.verb(string(l.Kind), string(l.Verb)), l.Subject, l.Act} {
			row.Cells = append(row.Cells, dashboards.Text(text))
		}
		t.Rows = append(t.Rows, row)
	}
	if more {
		t.Notes = append(t.Notes, s.text.say("audit.cut", mostExported))
	}
	filter := url.Values{}
	for k, values := range c.QueryParams() {
		if k != "download" && k != "before" && len(values) > 0 && values[0] != "" {
			filter[k] = values
		}
	}
	if err := s.office.FileExport(ctx, who, title, filter.Encode(), len(lines)); err != nil {
		return err
	}
	_, err = s.download(c, title, t)
	return err
}

type auditEntryView struct {
	adminView
	*office.AuditEntry
}

// auditEntryPage shows what one act changed, field by field.
func (s *Server) auditEntryPage(c echo.Context) error {
	seq, err := strconv.ParseUint(c.Param("id"), 10, 64)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrNotFound, "日志中没有这一条,请从列表中选择。")
	}
	v := &auditEntryView{adminView: s.adminView(c, "audit")}
	if v.AuditEntry, err = s.office.AuditEntry(c.Request().Context(), visitor(c), seq); err != nil {
		return err
	}
	return s.showAdmin(c, "audit-entry", s.text.say("audit.entry"), nil, v)
}

// word is a word of the log as people read it; one without a text stands for itself.
func (c catalogue) word(family, word string) string {
	if s, ok := c.find(family + "." + word); ok {
		return s
	}
	return word
}

// verb is what an act is called on a kind of entity: a report is 退回修改, an
// issue 退回重改.
func (c catalogue) verb(kind, verb string) string {
	if s, ok := c.find("verb." + kind + "." + verb); ok {
		return s
	}
	return c.word("verb", verb)
}
