package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

type bookView struct {
	List     *office.IssueListView
	At       string
	Units    int
	Items    int
	Waiting  []*office.IncomingFile
	Sentence string
	Kept     bool
}

// bookPage gives a list's workbook out and takes it back.
func (s *Server) bookPage(c echo.Context) error { return s.showBook(c, http.StatusOK, "") }

func (s *Server) showBook(c echo.Context, status int, sentence string) error {
	l, err := s.keptList(c)
	if err != nil {
		return err
	}
	d := bookView{List: l, At: listHref(l.ID), Sentence: sentence, Kept: c.QueryParam("kept") != ""}
	if l.Scores != nil {
		d.Units, d.Items = len(l.Scores.Units), len(l.Scores.Items)
	}
	waiting, err := s.office.Incomings(c.Request().Context(), visitor(c), l.ID)
	if err != nil {
		return err
	}
	for _, f := range waiting {
		if f.Kind == office.IncomingBook {
			d.Waiting = append(d.Waiting, f)
		}
	}
	return s.send(c, status, "list-book", s.listsPart(c, s.text.say("book.title", l.Title), d))
}

// book hands the workbook out, alone or with a folder for the evidence.
func (s *Server) book(format string) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, v := c.Request().Context(), visitor(c)
		if _, err := s.keptList(c); err != nil {
			return err
		}
		make := s.office.EvaluationBook
		if format == "zip" {
			make = s.office.EvaluationBundle
		}
		data, name, err := make(ctx, v, c.Param("id"))
		if err != nil {
			return err
		}
		return handOut(c, name, data)
	}
}

// bringBook keeps a workbook that came back until it is merged.
func (s *Server) bringBook(c echo.Context) error {
	return s.bringIncoming(c, office.IncomingBook, s.showBook, func(c echo.Context, id string) error {
		ctx, stop := afresh(c)
		defer stop()
		_, err := s.office.PreviewBook(ctx, visitor(c), c.Param("id"), office.IssueSource{Waiting: id})
		return err
	})
}

type bookPreviewView struct {
	*office.BookMerge
	List      *office.IssueListView
	File      *office.IncomingFile
	At, Here  string
	Sentence  string
	Act       string
	Plain     []issue.BookChange
	Conflicts []conflictLine
	Kept      string
	Nothing   bool
}

// conflictLine is a conflict with what the person chose of it.
type conflictLine struct {
	issue.BookChange
	Field        string // of the form
	Name         string
	Mine, Theirs bool
}

func (s *Server) bookPreviewPage(c echo.Context) error {
	l, f, err := s.incomingOf(c, office.IncomingBook)
	if err != nil {
		return s.bookGone(c, err)
	}
	ctx, stop := afresh(c)
	defer stop()
	m, err := s.office.PreviewBook(ctx, visitor(c), l.ID, office.IssueSource{Waiting: f.ID})
	if err != nil {
		if personsFault(err) {
			return s.showBook(c, statusOf(err), disclosure.Sentence(err))
		}
		return err
	}
	return s.showBookPreview(c, http.StatusOK, &bookPreviewView{BookMerge: m, List: l, File: f})
}

func (s *Server) bookGone(c echo.Context, err error) error {
	if disclosure.CodeOf(err) != disclosure.ErrNotFound {
		return err
	}
	if _, listErr := s.keptList(c); listErr != nil {
		return listErr
	}
	return s.showBook(c, http.StatusNotFound, disclosure.Sentence(err))
}

func (s *Server) showBookPreview(c echo.Context, status int, d *bookPreviewView) error {
	d.Act, d.At = uuid.NewString(), listHref(d.List.ID)
	d.Here = d.At + "/book/" + url.PathEscape(d.File.ID)
	for _, ch := range d.Changes {
		if !ch.Conflict {
			d.Plain = append(d.Plain, ch)
			continue
		}
		take, chosen := d.File.Back[ch.Key()]
		d.Conflicts = append(d.Conflicts, conflictLine{BookChange: ch, Field: "choose-" + ch.Key(), Name: ch.Field, Mine: chosen && !take, Theirs: take})
	}
	d.Kept, d.Nothing = strings.Join(d.BookMerge.Kept, "、"), len(d.Changes) == 0
	return s.send(c, status, "list-book-preview", s.listsPart(c, s.text.say("book.preview_title", d.File.Name), d))
}

// bookPreviewAct merges a workbook, or drops it.
func (s *Server) bookPreviewAct(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return received(err)
	}
	ctx, stop := afresh(c)
	defer stop()
	v := visitor(c)
	l, f, err := s.incomingOf(c, office.IncomingBook)
	if err != nil {
		if form.Get("do") == "take" && l != nil {
			// The button was pressed twice: the first press merged it.
			if done, err := s.office.MergeBook(ctx, v, form.Get("act"), l.ID, office.IssueSource{Waiting: c.Param("file")}, nil); err == nil {
				return s.merged(c, done)
			}
		}
		return s.bookGone(c, err)
	}
	if form.Get("do") == "drop" {
		if err := s.office.DropIncoming(ctx, v, l.ID, f.Kind, f.ID); err != nil {
			return s.bookGone(c, err)
		}
		return c.Redirect(http.StatusSeeOther, listHref(l.ID)+"/book")
	}
	choices := map[string]bool{}
	for field, vals := range form {
		if key, ok := strings.CutPrefix(field, "choose-"); ok {
			choices[key] = vals[0] == "theirs"
		}
	}
	done, err := s.office.MergeBook(ctx, v, form.Get("act"), l.ID, office.IssueSource{Waiting: f.ID}, choices)
	switch {
	case err == nil:
		return s.merged(c, done)
	case disclosure.CodeOf(err) == disclosure.ErrNotFound:
		return s.bookGone(c, err)
	case !personsFault(err):
		return err
	}
	f.Back = choices
	m, again := s.office.PreviewBook(ctx, v, l.ID, office.IssueSource{Waiting: f.ID})
	if again != nil {
		return s.showBook(c, statusOf(err), disclosure.Sentence(err))
	}
	return s.showBookPreview(c, statusOf(err), &bookPreviewView{BookMerge: m, List: l, File: f, Sentence: disclosure.Sentence(err)})
}

func (s *Server) merged(c echo.Context, done *office.BookMerge) error {
	return c.Redirect(http.StatusSeeOther, fmt.Sprintf("%s?merged=%d", listHref(done.List.ID), len(done.IDs)))
}
