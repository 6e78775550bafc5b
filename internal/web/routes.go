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
	mostForm     = 2 << 20
	mostUpload   = 256 << 20
	mostList     = 8 << 20
	mostFile     = 101 << 20 // one report, see gather.MaxFileBytes
	mostScan     = 21 << 20  // one scan, see office.MostScan
	mostEvidence = 64 << 20  // several pieces, see office.MaxEvidence
	mostPage     = 25 << 20  // a page saved with its pictures
	mostFoundIn  = 31 << 20  // a list of issues
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
		{GET, "/matters", with(people.SeeFindings), s.mattersPage, 0},
		{POST, "/matters/mark", with(people.Supervise), s.markMatters, 0},
		{GET, "/matters/runs", with(people.Supervise), s.runsPage, 0},
		{POST, "/matters/runs", with(people.Supervise), s.askCheck, 0},
		{GET, "/matters/runs/progress", with(people.Supervise), s.checkProgress, 0},
		{GET, "/matters/:year/:id", with(people.SeeFindings), s.matterPage, 0},
		{POST, "/matters/:year/:id/answer", with(people.SeeFiled), s.answerMatter, 0},
		{GET, "/findings", with(people.SeeFindings), s.oldFindings, 0},
		{GET, "/rules", with(people.SeeFindings), s.rulesPage, 0},
		{POST, "/rules", with(people.Configure), s.putRule, 0},
		{GET, "/rules/local", with(people.Configure), s.localRulePage, 0},
		{POST, "/rules/local", with(people.Configure), s.localRuleAct, 0},
		{GET, "/rules/sources", with(people.Configure), s.sourcesPage, 0},
		{POST, "/rules/sources", with(people.Configure), s.bringSource, mostFile},
		{POST, "/rules/sources/drop", with(people.Configure), s.dropSource, 0},
		{POST, "/rules/local/parse", with(people.Configure), s.parseRule, 0},

		// Issues are for units, evaluators, supervisors and leaders alike; what each
		// sees and does is decided issue by issue in internal/office.
		{GET, "/issues", signedIn, s.issuesPage, 0},
		{POST, "/issues/batch", signedIn, s.batchIssues, 0},
		{GET, "/issues/new", signedIn, s.newIssuePage, 0},
		{POST, "/issues/new", signedIn, s.enterIssue, mostEvidence},
		{GET, "/issues/assign", with(people.Supervise), s.assignPage, 0},
		{POST, "/issues/assign", with(people.Supervise), s.assignIssues, 0},
		{GET, "/issues/remind", with(people.Supervise), s.issueRemindPage, 0},
		{POST, "/issues/remind", with(people.Supervise), s.remindIssues, 0},
		{GET, "/issues/one/:id", signedIn, s.issuePage, 0},
		{GET, "/issues/one/:id/edit", signedIn, s.editIssuePage, 0},
		{POST, "/issues/one/:id/act", signedIn, s.actOnIssue, mostEvidence},
		{GET, "/issues/one/:id/evidence/:sha", signedIn, s.issueEvidence, 0},

		{GET, "/units", signedIn, s.unitsPage, 0},
		{GET, "/units/:number", signedIn, s.unitPage, 0},
		{GET, "/reports/:unit/:period/:family/:scope", signedIn, s.reportPage, 0},
		{GET, "/reports/:unit/:period/:family/:scope/source/:sum", with(people.SeeFiled), s.sourceFile, 0},

		{GET, "/work", with(people.SeeFiled), s.workPage, 0},
		{GET, "/filing/:unit/:period", with(people.SeeFiled), s.filingPage, 0},
		{POST, "/filing/:unit/:period", with(people.SeeFiled), s.filingAct, 0},
		{POST, "/filing/:unit/:period/draft", with(people.SeeFiled), s.patchDraft, 0},
		{GET, "/filing/:unit/:period/next", with(people.SeeFiled), s.filingNextPage, 0},
		{GET, "/filing/:unit/:period/versions", with(people.SeeFiled), s.versionsPage, 0},
		{POST, "/filing/:unit/:period/versions", with(people.SeeFiled), s.restoreVersion, 0},
		{GET, "/guidance", with(people.Configure), s.guidancePage, 0},
		{POST, "/guidance", with(people.Configure), s.putGuidance, 0},
		{GET, "/review", with(people.SeeFiled), s.queuePage, 0},
		{POST, "/review/batch", with(people.Supervise), s.approveBatch, 0},
		{GET, "/review/reasons", with(people.Configure), s.reasonsPage, 0},
		{POST, "/review/reasons", with(people.Configure), s.putReasons, 0},
		{GET, "/review/:unit/:period", with(people.SeeFiled), s.reviewPage, 0},
		{POST, "/review/:unit/:period/decision", with(people.SeeFiled), s.decide, 0},
		{GET, "/review/:unit/:period/revisions", with(people.SeeFiled), s.revisionLogPage, 0},
		{GET, "/review/:unit/:period/slip.docx", with(people.SeeFiled), s.slipDocument, 0},
		{GET, "/review/:unit/:period/source/:sum", with(people.SeeFiled), s.reviewSource, 0},
		{GET, "/review/:unit/:period/source/:sum/text", with(people.SeeFiled), s.reviewPreview, 0},
		{GET, "/filing/:unit/:period/upload", with(people.SeeFiled), s.uploadPage, 0},
		{POST, "/filing/:unit/:period/upload", with(people.SeeFiled), s.upload, mostFile},
		{GET, "/filing/:unit/:period/upload/:id", with(people.SeeFiled), s.previewPage, 0},
		{POST, "/filing/:unit/:period/upload/:id", with(people.SeeFiled), s.previewAct, 0},
		{GET, "/filing/:unit/:period/upload/:id/file", with(people.SeeFiled), s.uploadFile, 0},
		{GET, "/filing/:unit/:period/template.xlsx", with(people.SeeFiled), s.template("xlsx"), 0},
		{GET, "/filing/:unit/:period/template.docx", with(people.SeeFiled), s.template("docx"), 0},
		{GET, "/filing/:unit/:period/sheets", with(people.SeeFiled), s.sheetsPage, 0},
		{GET, "/filing/:unit/:period/sheet", with(people.SeeFiled), s.sheetPrint, 0},
		{GET, "/filing/:unit/:period/sheet.docx", with(people.SeeFiled), s.sheetFile, 0},
		{GET, "/filing/:unit/:period/review-sheet.docx", with(people.SeeFiled), s.reviewSheetFile, 0},
		{POST, "/filing/:unit/:period/seal", with(people.SeeFiled), s.attachScan, mostScan},
		{GET, "/filing/:unit/:period/seal/:revision", with(people.SeeFiled), s.scanFile, 0},
		{GET, "/filing/:unit/:period/publication", with(people.SeeFiled), s.publicationPage, 0},
		{POST, "/filing/:unit/:period/publication", with(people.SeeFiled), s.recordPublication, mostPage},
		{GET, "/filing/:unit/:period/publish", with(people.SeeFiled), s.publishPrint, 0},
		{GET, "/filing/:unit/:period/publish.html", with(people.SeeFiled), s.publish("html"), 0},
		{GET, "/filing/:unit/:period/publish.docx", with(people.SeeFiled), s.publish("docx"), 0},
		{GET, "/filing/:unit/:period/ledger", with(people.SeeFiled), s.ledgerPage, 0},
		{POST, "/filing/:unit/:period/ledger", with(people.SeeFiled), s.ledgerAct, mostFile},
		{GET, "/proxy", with(people.Supervise), s.proxyPage, 0},
		{POST, "/proxy", with(people.Supervise), s.bringBatch, mostUpload},
		{POST, "/proxy/part", with(people.Supervise), s.proxyPart, 0},
		{GET, "/proxy/columns/:id", with(people.Supervise), s.columnsPage, 0},
		{POST, "/proxy/columns/:id", with(people.Supervise), s.confirmColumns, 0},
		{POST, "/proxy/hand-on", with(people.Supervise), s.proxyHandOn, 0},
		{GET, "/proxy/slips.zip", with(people.Supervise), s.slipsZip, 0},
		{GET, "/progress", with(people.SeeProgress), s.progressPage, 0},
		{GET, "/progress/remind", with(people.Supervise), s.remindPage, 0},
		{POST, "/progress/remind", with(people.Supervise), s.remind, 0},
		{GET, "/progress/reminders", with(people.Supervise), s.remindersPage, 0},
		{GET, "/progress/reminders/:id", with(people.Supervise), s.reminderPage, 0},
		{POST, "/progress/reminders/:id/mail", with(people.Supervise), s.mailAgain, 0},
		{GET, "/progress/reminders/:id/notice.docx", with(people.Supervise), s.reminderDocument, 0},
		{POST, "/progress/texts", with(people.Configure), s.putReminderTexts, 0},
		{GET, "/plan", with(people.SeeProgress), s.planPage, 0},
		{POST, "/plan", with(people.Configure), s.putPlan, 0},
		{POST, "/plan/extend", with(people.Supervise), s.extendDue, 0},
		{POST, "/plan/ladder", with(people.Configure), s.putLadder, 0},
		{POST, "/plan/issue-ladder", with(people.Configure), s.putIssueLadder, 0},
		{GET, "/plan/holidays", with(people.SeeProgress), s.holidaysPage, 0},
		{POST, "/plan/holidays", with(people.Configure), s.loadHolidays, 0},
		{GET, "/compile", with(people.SeeProgress), s.compilePage, 0},
		{GET, "/compile/report.:format", with(people.SeeProgress), s.compileDocument, 0},
		{POST, "/compile/take", with(people.SeeFiled), s.takeCompiled, 0},
		{POST, "/compile/fills", with(people.Supervise), s.fillCity, 16 << 20},
		{GET, "/compile/fills/:id", with(people.Supervise), s.cityFillPage, 0},
		{GET, "/compile/fills/:id/file", with(people.Supervise), s.cityFillFile, 0},
		{GET, "/notices", with(people.SeeIssues), s.noticesPage, 0},
		{POST, "/notices", with(people.Supervise), s.beginNotice, 0},
		{GET, "/notices/settings", with(people.Supervise), s.noticeLayoutPage, 0},
		{POST, "/notices/settings", with(people.Supervise), s.putNoticeLayout, 0},
		{GET, "/notices/brief", with(people.Supervise), s.briefPage, 0},
		{GET, "/notices/brief.:format", with(people.Supervise), s.briefFile, 0},
		{GET, "/notices/:id", with(people.SeeIssues), s.noticePage, 0},
		{POST, "/notices/:id/act", with(people.Supervise), s.noticeAct, 0},
		{GET, "/notices/:id/print", with(people.SeeIssues), s.noticePrint, 0},
		{GET, "/notices/:id/bulletin.:format", with(people.SeeIssues), s.noticeFile, 0},
		{GET, "/notices/:id/picture/:number", with(people.SeeIssues), s.noticePicture, 0},
		{POST, "/reminders/:id/read", with(people.SeeFiled), s.readNotice, 0},

		{GET, "/lists", signedIn, s.listsPage, 0},
		{GET, "/lists/year", signedIn, s.yearPage, 0},
		{GET, "/lists/new", signedIn, s.newListPage, 0},
		{POST, "/lists/new", signedIn, s.putList, 0},
		{GET, "/lists/:id", signedIn, s.listPage, 0},
		{GET, "/lists/:id/edit", signedIn, s.editListPage, 0},
		{POST, "/lists/:id/edit", signedIn, s.putList, 0},
		{GET, "/lists/:id/items", signedIn, s.itemsPage, 0},
		{POST, "/lists/:id/items", signedIn, s.putItems, 0},
		{GET, "/lists/:id/scores/:row", signedIn, s.marksPage, 0},
		{POST, "/lists/:id/scores/:row", signedIn, s.putMarks, 0},
		{GET, "/lists/:id/file/:sha", signedIn, s.listFile, 0},
		{GET, "/lists/:id/import", signedIn, s.importPage, 0},
		{POST, "/lists/:id/import", signedIn, s.bringList, mostFoundIn},
		{GET, "/lists/:id/import/:file", signedIn, s.listPreviewPage, 0},
		{POST, "/lists/:id/import/:file", signedIn, s.listPreviewAct, 0},
		{GET, "/lists/:id/book", signedIn, s.bookPage, 0},
		{GET, "/lists/:id/book.xlsx", signedIn, s.book("xlsx"), 0},
		{GET, "/lists/:id/book.zip", signedIn, s.book("zip"), 0},
		{POST, "/lists/:id/book", signedIn, s.bringBook, mostFile},
		{GET, "/lists/:id/book/:file", signedIn, s.bookPreviewPage, 0},
		{POST, "/lists/:id/book/:file", signedIn, s.bookPreviewAct, 0},
		{GET, "/quarter", signedIn, s.quarterPage, 0},

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
