package web

import (
	"net/http"

	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// who is who may use a route: anybody, whoever signed in, or those with a right
// on some unit. What a person may do with a given unit is checked in
// internal/office.
type who string

const (
	anonymous who = "anonymous" // probes, files, sign-in: nothing of the data
	signedIn  who = "signed in"
)

// with is for those who have a right somewhere.
func with(r people.Right) who { return who(r) }

type route struct {
	method string
	path   string
	who    who
	handle echo.HandlerFunc
	// body is the most bytes that a request may bring; 0: mostForm.
	body int64
}

// mostForm is enough for a report with long prose; mostUpload for the files of
// a district at once; mostList for lists that people keep in a spreadsheet.
const (
	mostForm   = 2 << 20
	mostUpload = 256 << 20
	mostList   = 8 << 20
)

// The methods of the table.
const (
	GET  = http.MethodGet
	POST = http.MethodPost
)

// routes is every address that the application answers.
func (s *Server) routes() []route {
	return []route{
		{GET, "/", signedIn, s.homePage, 0},
		{GET, "/compare", signedIn, s.comparePage, 0},
		{GET, "/findings", with(people.SeeFindings), s.findingsPage, 0},
		{GET, "/units", signedIn, s.unitsPage, 0},
		{GET, "/units/:number", signedIn, s.unitPage, 0},
		{GET, "/reports/:unit/:period/:family/:scope", signedIn, s.reportPage, 0},
		{GET, "/reports/:unit/:period/:family/:scope/source/:sum", with(people.SeeFiled), s.sourceFile, 0},

		{GET, "/sign-in", anonymous, s.signInPage, 0},
		{POST, "/sign-in", anonymous, s.signIn, 0},
		{POST, "/sign-in/code", anonymous, s.signInCode, 0},
		{POST, "/sign-out", signedIn, s.signOut, 0},
		{GET, "/me", signedIn, s.mePage, 0},
		{POST, "/me/password", signedIn, s.changePassword, 0},
		{POST, "/me/second-factor", signedIn, s.secondFactor, 0},
		{GET, "/me/second-factor.png", signedIn, s.secondFactorPicture, 0},
		{POST, "/me/sessions/end", signedIn, s.endSession, 0},

		{GET, "/admin/accounts", with(people.KeepAccounts), s.accountsPage, 0},
		{GET, "/admin/accounts/new", with(people.KeepAccounts), s.newAccountPage, 0},
		{POST, "/admin/accounts/new", with(people.KeepAccounts), s.createAccount, 0},
		{GET, "/admin/accounts/list", with(people.KeepAccounts), s.accountListPage, 0},
		{POST, "/admin/accounts/list", with(people.KeepAccounts), s.readAccountList, mostList},
		{POST, "/admin/accounts/list/create", with(people.KeepAccounts), s.createAccountList, 0},
		{GET, "/admin/accounts/template.xlsx", with(people.KeepAccounts), s.accountTemplate, 0},
		{GET, "/admin/accounts/slips/:id", with(people.KeepAccounts), s.slipsPage, 0},
		{GET, "/admin/accounts/slips/:id/slips.docx", with(people.KeepAccounts), s.slipsFile, 0},
		{POST, "/admin/accounts/slips/:id/clear", with(people.KeepAccounts), s.clearSlips, 0},
		{GET, "/admin/accounts/of/:account", with(people.KeepAccounts), s.accountPage, 0},
		{POST, "/admin/accounts/of/:account", with(people.KeepAccounts), s.changeAccount, 0},
		{POST, "/admin/accounts/of/:account/switch", with(people.KeepAccounts), s.switchAccount, 0},
		{POST, "/admin/accounts/of/:account/hand-over", with(people.KeepAccounts), s.handAccountOver, 0},
		{GET, "/admin/units", with(people.KeepUnits), s.keptUnitsPage, 0},
		{GET, "/admin/units/new", with(people.KeepUnits), s.newUnitPage, 0},
		{POST, "/admin/units/new", with(people.KeepUnits), s.createUnit, 0},
		{GET, "/admin/units/import", with(people.KeepUnits), s.unitImportPage, 0},
		{POST, "/admin/units/import", with(people.KeepUnits), s.previewUnits, mostList},
		{POST, "/admin/units/import/accept", with(people.KeepUnits), s.importUnits, 0},
		{GET, "/admin/units/:number", with(people.KeepUnits), s.keptUnitPage, 0},
		{POST, "/admin/units/:number", with(people.KeepUnits), s.changeUnit, 0},
		{POST, "/admin/units/:number/merge", with(people.KeepUnits), s.mergeUnit, 0},
		{GET, "/admin/audit", with(people.ReadAudit), s.auditPage, 0},
		{GET, "/admin/audit/:id", with(people.ReadAudit), s.auditEntryPage, 0},
		{GET, "/admin/settings", with(people.Configure), s.settingsPage, 0},
		{POST, "/admin/settings", with(people.Configure), s.changeSettings, 0},
		{POST, "/admin/settings/backup", with(people.Configure), s.backupNow, 0},
		{GET, "/admin/erase", with(people.EraseContent), s.erasePage, 0},
		{POST, "/admin/erase", with(people.EraseContent), s.askErasure, 0},
		{POST, "/admin/erase/:id", with(people.EraseContent), s.decideErasure, 0},

		{GET, "/help", anonymous, s.helpPage, 0},
		{GET, "/assets/:sum/*", anonymous, s.serveAsset, 0},
		{GET, "/favicon.ico", anonymous, s.favicon, 0},
		{GET, "/healthz", anonymous, s.healthz, 0},
		{GET, "/readyz", anonymous, s.readyz, 0},
	}
}
