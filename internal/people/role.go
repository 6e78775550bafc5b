// Package people says who may do what: roles, the rights they give on a
// subtree of units, persons with their grants, and the rules for passwords. It
// knows nothing of storage or pages.
package people

import "slices"

// Role is what a person is in the office, on a subtree of units.
type Role string

// The roles.
const (
	Filer      Role = "填报员"   // fills in and hands on the unit's report
	Reviewer   Role = "审核员"   // the unit's own reviewer: 先审核后公开
	Supervisor Role = "区级审核员" // accepts or returns, reminds, keeps accounts
	Evaluator  Role = "评估员"   // third-party evaluation
	Leader     Role = "领导"    // reads
	Admin      Role = "管理员"   // keeps the system: accounts, units, settings
)

// Roles lists the roles in the order in which people are shown them.
var Roles = []Role{Filer, Reviewer, Supervisor, Evaluator, Leader, Admin}

// Valid says whether r is a role at all.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Right is one thing that a role may do on its subtree.
type Right string

// The rights. What is approved is for everybody who signs in: it is published
// by law. Everything else is bound to a subtree.
const (
	// SeeOverview: the pages about the district as a whole.
	SeeOverview Right = "查看总览"
	// SeeProgress: where each unit's report of a year stands, figures apart.
	SeeProgress Right = "查看报送进度"
	// SeeFindings: what the checks say of approved reports.
	SeeFindings Right = "查看校验结果"
	// SeeFiled: what is handed in and not approved, originals, revisions.
	SeeFiled Right = "查看未通过的报告"
	// FileReport: draft, hand on, recall, answer findings.
	FileReport Right = "填报"
	// ReviewReport: the unit's own review before submission.
	ReviewReport Right = "单位审核"
	// Supervise: accept, return, take in on behalf, remind, mark findings.
	Supervise Right = "区级审核"
	// Evaluate: enter issues and re-check them.
	Evaluate Right = "评估"
	// AnswerIssue: sign for and answer the unit's own issues (问题清单).
	AnswerIssue Right = "整改反馈"
	// SeeIssues: the lists of issues of all units in reach, their statistics, the
	// bulletins; a unit sees its own issues without it.
	SeeIssues Right = "查看各单位问题和通报"
	// KeepAccounts: create, unlock, reset, hand over accounts of the subtree.
	KeepAccounts Right = "账号管理"
	// KeepUnits: the unit list.
	KeepUnits Right = "单位管理"
	// Configure: rules, calendar, texts, switches.
	Configure Right = "系统设置"
	// ReadAudit: the log of every act.
	ReadAudit Right = "查看日志"
	// EraseContent: 清除, by two persons together.
	EraseContent Right = "清除"
)

// rights is what each role may do.
var rights = map[Role][]Right{
	Filer:      {SeeFindings, SeeFiled, FileReport, AnswerIssue},
	Reviewer:   {SeeFindings, SeeFiled, ReviewReport, AnswerIssue},
	Supervisor: {SeeOverview, SeeProgress, SeeFindings, SeeFiled, Supervise, SeeIssues, KeepAccounts, KeepUnits, Configure, ReadAudit},
	Evaluator:  {SeeOverview, SeeFindings, Evaluate},
	Leader:     {SeeOverview, SeeProgress, SeeFindings, SeeIssues},
	Admin:      {SeeOverview, SeeProgress, SeeFindings, SeeFiled, KeepAccounts, KeepUnits, Configure, ReadAudit, EraseContent},
}

// Gives says whether the role gives the right.
func (r Role) Gives(right Right) bool { return slices.Contains(rights[r], right) }
