package web

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

// uploads holds files between their preview and the word to take them in.
type uploads struct {
	mu    sync.Mutex
	files map[string]upload
}

type upload struct {
	owner  string
	file   office.File
	expiry time.Time
}

// A file waits so long, and so many wait at most: the oldest goes first.
const (
	uploadTime  = 30 * time.Minute
	mostUploads = 20
)

func (u *uploads) put(owner string, f office.File, now time.Time) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.files == nil {
		u.files = map[string]upload{}
	}
	oldest := ""
	for id, f := range u.files {
		if now.After(f.expiry) {
			delete(u.files, id)
		} else if oldest == "" || f.expiry.Before(u.files[oldest].expiry) {
			oldest = id
		}
	}
	if len(u.files) >= mostUploads {
		delete(u.files, oldest)
	}
	id := rand.Text()
	u.files[id] = upload{owner, f, now.Add(uploadTime)}
	return id
}

func (u *uploads) take(id, owner string, now time.Time) (office.File, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f, ok := u.files[id]
	if !ok || f.owner != owner || now.After(f.expiry) {
		return office.File{}, disclosure.Errorf(disclosure.ErrInvalid, "预览已过期,没有导入,请重新选择文件。")
	}
	delete(u.files, id)
	return f.file, nil
}

type unitImportView struct {
	adminView
	Heads   []string
	File    string // name of the previewed file
	ID      string // under which the file waits
	Outcome *office.UnitListOutcome
	Ended   bool // it was imported
}

func (s *Server) unitImportPage(c echo.Context) error {
	return s.showUnitImport(c, &unitImportView{}, nil)
}

func (s *Server) showUnitImport(c echo.Context, v *unitImportView, wrong error) error {
	v.adminView = s.adminView(c, "units")
	v.Sentence, v.Heads = whatWentWrong(wrong), office.UnitListHeads
	return s.showAdmin(c, "unit-import", s.text.say("unit-import.title"), wrong, v)
}

// previewUnits shows what a list would change.
func (s *Server) previewUnits(c echo.Context) error {
	f, err := formFile(c, "file")
	v := &unitImportView{File: f.Name}
	if err == nil {
		var out office.UnitListOutcome
		if out, err = s.office.ImportUnitFile(c.Request().Context(), visitor(c), f, true); err == nil {
			v.Outcome, v.ID = &out, s.uploads.put(visitor(c).Account, f, s.clock())
		}
	}
	if err != nil && !mended(err) {
		return err
	}
	return s.showUnitImport(c, v, err)
}

// importUnits takes the previewed list in.
func (s *Server) importUnits(c echo.Context) error {
	f, err := s.uploads.take(c.FormValue("id"), visitor(c).Account, s.clock())
	v := &unitImportView{File: f.Name, Ended: true}
	if err == nil {
		var out office.UnitListOutcome
		out, err = s.office.ImportUnitFile(c.Request().Context(), visitor(c), f, false)
		if err == nil && len(out.Problems) == 0 {
			return c.Redirect(http.StatusSeeOther, "/admin/units?done=imported")
		}
		v.Outcome = &out
	}
	if err != nil && !mended(err) {
		return err
	}
	if err != nil {
		v = &unitImportView{}
	}
	return s.showUnitImport(c, v, err)
}
