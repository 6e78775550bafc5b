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
// a district at once.
const (
	mostForm   = 2 << 20
	mostUpload = 256 << 20
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

		{GET, "/progress", with(people.SeeProgress), s.progressPage, 0},
		{GET, "/progress/remind", with(people.Supervise), s.remindPage, 0},
		{POST, "/progress/remind", with(people.Supervise), s.remind, 0},
		{GET, "/progress/reminders", with(people.Supervise), s.remindersPage, 0},
		{GET, "/progress/reminders/:id", with(people.Supervise), s.reminderPage, 0},
		{GET, "/progress/reminders/:id/notice.docx", with(people.Supervise), s.reminderDocument, 0},
		{POST, "/progress/texts", with(people.Configure), s.putReminderTexts, 0},
		{GET, "/plan", with(people.SeeProgress), s.planPage, 0},
		{POST, "/plan", with(people.Configure), s.putPlan, 0},
		{POST, "/plan/extend", with(people.Supervise), s.extendDue, 0},
		{POST, "/plan/ladder", with(people.Configure), s.putLadder, 0},
		{GET, "/plan/holidays", with(people.SeeProgress), s.holidaysPage, 0},
		{POST, "/plan/holidays", with(people.Configure), s.loadHolidays, 0},
		{GET, "/compile", with(people.SeeProgress), s.compilePage, 0},
		{GET, "/compile/report.:format", with(people.SeeProgress), s.compileDocument, 0},
		{POST, "/compile/take", with(people.SeeFiled), s.takeCompiled, 0},
		{POST, "/compile/fills", with(people.Supervise), s.fillCity, 16 << 20},
		{GET, "/compile/fills/:id", with(people.Supervise), s.cityFillPage, 0},
		{GET, "/compile/fills/:id/file", with(people.Supervise), s.cityFillFile, 0},
		{POST, "/notices/:id/read", with(people.SeeFiled), s.readNotice, 0},

		{GET, "/sign-in", anonymous, s.signInPage, 0},
		{POST, "/sign-in", anonymous, s.signIn, 0},
		{POST, "/sign-out", signedIn, s.signOut, 0},
		{GET, "/me", signedIn, s.mePage, 0},
		{POST, "/me/password", signedIn, s.changePassword, 0},

		{GET, "/help", anonymous, s.helpPage, 0},
		{GET, "/assets/:sum/*", anonymous, s.serveAsset, 0},
		{GET, "/favicon.ico", anonymous, s.favicon, 0},
		{GET, "/healthz", anonymous, s.healthz, 0},
		{GET, "/readyz", anonymous, s.readyz, 0},
	}
}
