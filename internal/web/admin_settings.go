package web

import (
	"fmt"
	"net/http"
	"strconv"

	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

type settingsView struct {
	adminView
	Settings office.Settings
	Seq      uint64
	Shipped  string // the notice that is shown when none is set
	Past     []office.AuditEntry
	Backups  backupsView
}

type backupsView struct{ office.BackupStanding }

// Planned says whether backups are made by themselves.
func (b backupsView) Planned() bool { return b.Plan.At >= 0 && b.Plan.Keep > 0 }

// AtText is the planned time of the day.
func (b backupsView) AtText() string {
	return fmt.Sprintf("%02d:%02d", int(b.Plan.At.Hours()), int(b.Plan.At.Minutes())%60)
}

func (s *Server) settingsPage(c echo.Context) error {
	settings, seq, err := s.office.Settings(c.Request().Context())
	if err != nil {
		return err
	}
	return s.showSettings(c, &settingsView{Settings: settings, Seq: seq}, nil)
}

func (s *Server) showSettings(c echo.Context, v *settingsView, wrong error) (err error) {
	ctx, who := c.Request().Context(), visitor(c)
	v.adminView = s.adminView(c, "settings")
	v.Sentence, v.Shipped = whatWentWrong(wrong), s.text.say("site.secrecy")
	if v.Past, err = s.office.SettingsPast(ctx, who, 20); err != nil {
		return err
	}
	if v.Backups.BackupStanding, err = s.office.Backups(ctx, who); err != nil {
		return err
	}
	return s.showAdmin(c, "settings", s.text.say("settings.title"), wrong, v)
}

func (s *Server) changeSettings(c echo.Context) error {
	next := office.Settings{OwnApproval: c.FormValue("own_approval") == "yes", Notice: c.FormValue("notice"), NoAnnex: c.FormValue("annex") == "no",
		Contact: c.FormValue("contact"), Office: c.FormValue("office")}
	seen, _ := strconv.ParseUint(c.FormValue("seen"), 10, 64)
	err := s.office.PutSettings(c.Request().Context(), visitor(c), next, seen, c.FormValue("act"))
	if mended(err) {
		_, seq, readErr := s.office.Settings(c.Request().Context())
		if readErr != nil {
			return readErr
		}
		return s.showSettings(c, &settingsView{Settings: next, Seq: seq}, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/admin/settings?done=changed")
}

// backupNow makes a backup beside the planned ones.
func (s *Server) backupNow(c echo.Context) error {
	if err := s.office.BackupNow(c.Request().Context(), visitor(c)); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/admin/settings?done=backup")
}
