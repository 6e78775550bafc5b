package web

import (
	"strings"

	"mingjing/internal/bulletin"

	"github.com/labstack/echo/v4"
)

// slipsFile is the slips as a Word document with lines to cut along.
func (s *Server) slipsFile(c echo.Context) error {
	sheet, err := s.slips.get(c.Param("id"), visitor(c).Account, s.clock(), false)
	if err != nil {
		return err
	}
	a := bulletin.Accounts{System: s.text.say("site.name") + " · " + s.text.say("site.note"), Address: c.Scheme() + "://" + c.Request().Host}
	for _, p := range sheet.slips {
		grants, err := s.grantViews(c, p.Grants)
		if err != nil {
			return err
		}
		var roles, units []string
		for _, g := range grants {
			roles, units = appendNew(roles, string(g.Role)), appendNew(units, g.Unit)
		}
		a.Slips = append(a.Slips, bulletin.AccountSlip{Unit: strings.Join(units, "、"), Name: p.Name, Role: strings.Join(roles, "、"), Login: p.Account, Password: p.Password})
	}
	body, err := bulletin.AccountSlips(a)
	if err != nil {
		return err
	}
	return handOut(c, "初始口令条.docx", body)
}

func appendNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}
