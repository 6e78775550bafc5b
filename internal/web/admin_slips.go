package web

import (
	"crypto/rand"
	"net/http"
	"sync"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// slip is an initial password on its way to the person, to be printed and cut.
type slip struct {
	Account, Name, Password string
	Grants                  []people.Grant
	Roles                   []grantView
}

// slips holds initial passwords in memory, for who made them and for as long as
// printing takes: they are stored nowhere, and nobody can look them up again.
type slips struct {
	mu     sync.Mutex
	sheets map[string]slipSheet
}

type slipSheet struct {
	owner  string
	slips  []slip
	back   string // where to go on when they are printed
	expiry time.Time
}

// slipTime is how long slips can be printed.
const slipTime = 10 * time.Minute

func (s *slips) put(owner, back string, list []slip, now time.Time) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, sheet := range s.sheets {
		if now.After(sheet.expiry) {
			delete(s.sheets, id)
		}
	}
	if s.sheets == nil {
		s.sheets = map[string]slipSheet{}
	}
	id = rand.Text()
	s.sheets[id] = slipSheet{owner: owner, slips: list, back: back, expiry: now.Add(slipTime)}
	return id
}

// get returns a sheet to its owner; clear takes it away.
func (s *slips) get(id, owner string, now time.Time, clear bool) (slipSheet, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sheet, ok := s.sheets[id]
	if !ok || sheet.owner != owner || now.After(sheet.expiry) {
		return slipSheet{}, disclosure.Errorf(disclosure.ErrNotFound, "口令条只在生成后的%d分钟内可以打开,现已清除;没有打印的,请在账号列表中重置口令。", int(slipTime.Minutes()))
	}
	if clear {
		delete(s.sheets, id)
	}
	return sheet, nil
}

// handSlips shows initial passwords on a page of their own. A reload of it does
// not make new ones.
func (s *Server) handSlips(c echo.Context, back string, list []slip) error {
	id := s.slips.put(visitor(c).Account, back, list, s.clock())
	return c.Redirect(http.StatusSeeOther, "/admin/accounts/slips/"+id)
}

type slipsView struct {
	adminView
	ID      string
	Slips   []slip
	Until   string
	Contact string
	Office  string
	Address string // where to sign in
}

func (s *Server) slipsPage(c echo.Context) error {
	sheet, err := s.slips.get(c.Param("id"), visitor(c).Account, s.clock(), false)
	if err != nil {
		return err
	}
	settings, _, err := s.office.Settings(c.Request().Context())
	if err != nil {
		return err
	}
	v := &slipsView{adminView: s.adminView(c, "accounts"), ID: c.Param("id"), Until: sheet.expiry.In(beijing).Format("15:04"),
		Contact: settings.Contact, Office: settings.Office, Address: c.Scheme() + "://" + c.Request().Host}
	for _, p := range sheet.slips {
		if p.Roles, err = s.grantViews(c, p.Grants); err != nil {
			return err
		}
		v.Slips = append(v.Slips, p)
	}
	return s.showAdmin(c, "slips", s.text.say("slips.title"), nil, v)
}

// clearSlips takes printed slips out of the memory.
func (s *Server) clearSlips(c echo.Context) error {
	sheet, err := s.slips.get(c.Param("id"), visitor(c).Account, s.clock(), true)
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, sheet.back)
}
