// Package store keeps everything in ClickHouse, in this process or on a server:
// one append-only log, and projections of it. It is the only package that
// speaks to clickhouse-go; its SQL stands in the folder sql.
package store

import (
	"encoding/json"
	"time"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Basis says which reports a question is about.
type Basis string

// The bases. Provisional (含已提交,暂定) is the latest submitted revision of
// each report, approved or not.
const (
	Approved    Basis = "approved"
	Provisional Basis = "provisional"
)

// Actor is who did something: a person, and the address or process it came from.
type Actor struct {
	Name    string // account, or "os:root" for a command on the machine
	Address string // IP address, "cli" or "socket"
}

// Act is one thing a person or command did: it is appended whole or not at
// all. ID is chosen by the caller (a UUID) and names this one act: sent again by
// the same actor it returns the first result and appends nothing; used for
// anything else it is refused with ErrConflict.
type Act struct {
	ID      string
	Actor   Actor
	Entries []Entry // at least one
}

// EntityKind says what an entry is about.
type EntityKind string

// The kinds of entity in the log.
const (
	KindUnit    EntityKind = "unit"    // State: disclosure.Unit
	KindReport  EntityKind = "report"  // State: ReportState
	KindMapping EntityKind = "mapping" // State: a remembered column mapping (json.RawMessage)
	KindSetting EntityKind = "setting" // State: json.RawMessage
)

// The kinds below are marshalled as they are; internal/office says what each holds.
const (
	KindSign        EntityKind = "sign" // State: who signed in or out, or failed to
	KindPerson      EntityKind = "person"
	KindPublication EntityKind = "publication" // where a report was published (回填网址)
	KindSeal        EntityKind = "seal"        // the frozen state of a year (封存)
	KindMark        EntityKind = "mark"        // a person's disposition of a finding
	KindDue         EntityKind = "due"         // a day of the working calendar
	KindLedger      EntityKind = "ledger"      // a line of a unit's register of applications (台账)
	KindNotice      EntityKind = "notice"      // a message to persons or units
	KindErasure     EntityKind = "erasure"     // State: Erased
	KindErasureAsk  EntityKind = "erasure_ask" // one administrator asks for an erasure, another confirms
	KindRun         EntityKind = "run"         // a task that ran by itself or by command
	KindIssue       EntityKind = "issue"
	KindIssueList   EntityKind = "issue_list"
	KindBulletin    EntityKind = "bulletin"
)

// Verb says what was done to the entity.
type Verb string

// The verbs. Each kind's state machine stands in internal/office.
const (
	VerbCreate  Verb = "create"
	VerbChange  Verb = "change"
	VerbSubmit  Verb = "submit"
	VerbReturn  Verb = "return"
	VerbApprove Verb = "approve"
	VerbRevoke  Verb = "revoke" // takes an approved revision back: the one before it stands again
	// VerbWithdraw takes the whole report out, every revision of it. A later
	// revision may be filed and approved as if it were the first.
	VerbWithdraw Verb = "withdraw"
	VerbSource   Verb = "source" // the same figures came once more, from another file
	// VerbRestore stands before a return or a revocation, written by the store:
	// the approved revision that is in force afterwards, once more.
	VerbRestore Verb = "restore"
)

// The verbs of people and filing.
const (
	VerbReview   Verb = "review"    // handed to the unit's own reviewer
	VerbSendBack Verb = "send_back" // the reviewer gives it back to the filer
	VerbRecall   Verb = "recall"    // 撤回: the unit takes back what it submitted
	VerbTake     Verb = "take"      // 带问题收件
	VerbReopen   Verb = "reopen"    // 退回重开: returned after it was approved
	VerbExplain  Verb = "explain"
	VerbPublish  Verb = "publish"
	VerbSignIn   Verb = "sign_in"
	VerbSignOut  Verb = "sign_out"
	VerbFail     Verb = "fail" // a sign-in that failed
	VerbLock     Verb = "lock"
	VerbUnlock   Verb = "unlock"
	VerbPassword Verb = "password"
	VerbErase    Verb = "erase"
	VerbExtend   Verb = "extend"
	VerbRemind   Verb = "remind"
	VerbMark     Verb = "mark"
	VerbAnswer   Verb = "answer"
	VerbAttach   Verb = "attach"
	VerbExport   Verb = "export"
)

// Entry is one entity's part in an act, with its whole state afterwards.
type Entry struct {
	Kind EntityKind
	ID   string // EntityID of the state
	Verb Verb
	// Seen is the seq of the entity's last entry that the actor saw, 0 for a
	// new entity. The writer answers disclosure.ErrConflict when it is stale.
	Seen  uint64
	State any // marshalled to JSON; ReportState for reports
	// Unit and Year are what the entry concerns, 0 for none; those of units
	// and reports follow from the state.
	Unit disclosure.UnitNumber
	Year disclosure.Year
}

// Receipt is the log's answer to an act. Repeated is set when the act stood in
// the log already.
type Receipt struct {
	ActID    string
	Seq      uint64 // of the act's last entry
	Time     time.Time
	Repeated bool
	Err      error // why the act was refused, nil when it stands in the log
}

// LogEntry is an entry as it stands in the log.
type LogEntry struct {
	Seq   uint64
	ActID string
	Time  time.Time
	Actor Actor
	Kind  EntityKind
	ID    string
	// Seen is the seq of the state that the actor saw before; see Store.Before.
	Seen  uint64
	Verb  Verb
	Unit  disclosure.UnitNumber // that it concerns, 0: none
	Year  disclosure.Year       // likewise
	State json.RawMessage
}

// ReportKey names a report: subject, period, form family, scope.
type ReportKey struct {
	Unit   disclosure.UnitNumber `json:"unit"`
	Period disclosure.Period     `json:"period"`
	Family string                `json:"family"`
	Scope  disclosure.Scope      `json:"scope"`
}

// Status is where a report's revision stands.
type Status string

// The statuses that reach the log. What a person is still writing does not, see
// Draft; StatusDraft is a revision that was filed and came back.
const (
	StatusDraft     Status = "draft"  // recalled, or sent back by the unit's reviewer
	StatusReview    Status = "review" // 待单位审核
	StatusSubmitted Status = "submitted"
	StatusReturned  Status = "returned"
	StatusApproved  Status = "approved"
	StatusRevoked   Status = "revoked"
	StatusWithdrawn Status = "withdrawn"
)

// SourceFile is a file that figures came from, kept under its hash.
type SourceFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
	Format string `json:"format"` // reader: html, docx, ...
	// Shared: the file holds reports of several units, and is not for one of
	// them to open.
	Shared bool `json:"shared,omitempty"`
}

// ReportState is the whole of a report's revision.
type ReportState struct {
	Key      ReportKey                           `json:"key"`
	Revision int                                 `json:"revision"` // from 1
	Status   Status                              `json:"status"`
	FormID   string                              `json:"form"`
	Title    string                              `json:"title,omitempty"`
	Cells    map[disclosure.Code]disclosure.Cell `json:"cells"`
	Prose    []disclosure.ProsePart              `json:"prose,omitempty"`
	HasProse bool                                `json:"has_prose,omitempty"`
	Sources  []SourceFile                        `json:"sources,omitempty"`
	Historic bool                                `json:"historic,omitempty"`  // 历史导入
	UnitText string                              `json:"unit_text,omitempty"` // the unit as printed

	Explanations []Explanation `json:"explanations,omitempty"`
	Return       *Return       `json:"return,omitempty"`
	// Authors are all who worked on the draft of this revision.
	Authors    []string `json:"authors,omitempty"`
	FiledBy    string   `json:"filed_by,omitempty"` // account of who filed this revision
	ReviewedBy string   `json:"reviewed_by,omitempty"`
	Origin     *Origin  `json:"origin,omitempty"`
	// WithProblems is the reason for which the report was taken in with open
	// errors (带问题收件); it stays marked.
	WithProblems string `json:"with_problems,omitempty"`
	// Erased is set when parts of the revision were erased (清除).
	Erased *Tombstone `json:"erased,omitempty"`
}

// StoredReport is a report's revision with where it stands in the log.
type StoredReport struct {
	ReportState
	Seq  uint64
	Time time.Time
	By   Actor
}

// Report gives the revision to the checks and pages.
func (s *StoredReport) Report(unitName string) *disclosure.Report {
	return &disclosure.Report{Unit: unitName, Period: s.Key.Period, Scope: s.Key.Scope, Form: disclosure.FormByID(s.FormID),
		Title: s.Title, Cells: s.Cells, Prose: s.Prose, HasProse: s.HasProse}
}

// ReportHead is a row of the reports projection without its figures.
type ReportHead struct {
	Key      ReportKey
	Revision int
	Status   Status
	FormID   string
	Historic bool
	Seq      uint64
	Time     time.Time
}

// Figure is one value of one report. Value is valid when Kind is number.
type Figure struct {
	Unit    disclosure.UnitNumber
	Year    disclosure.Year
	Scope   disclosure.Scope
	Quarter int // 0 in a family that is filed by the year
	Code    disclosure.Code
	Kind    disclosure.CellKind
	Value   decimal.Decimal
}

// YearSum is a code's total over units in a year; Reports is the number of
// reports that hold a number for it.
type YearSum struct {
	Year    disclosure.Year
	Code    disclosure.Code
	Sum     decimal.Decimal
	Reports uint64
}

// YearMedian is a code's median over units in a year; N is how many units it
// rests on.
type YearMedian struct {
	Year   disclosure.Year
	Code   disclosure.Code
	Median float64
	N      uint64
}

// FigureQuery selects figures. Codes must not be nil; nil Years and Units mean
// all, and an empty slice that is not nil selects nothing. Only the scope that comparisons use is returned for a unit and
// year, see disclosure.UnitYear, unless AllScopes is set.
type FigureQuery struct {
	Basis     Basis
	Codes     []disclosure.Code
	Years     []disclosure.Year
	Units     []disclosure.UnitNumber
	AllScopes bool
	// CountedOnly leaves out units that do not count into the district's sum
	// in that year (计入区汇总), and reports of scope 本级汇总 and 全域: those
	// already hold other units' figures, and adding them would double the total.
	CountedOnly bool
}

// HeadQuery selects report heads; nil slices and an empty family mean all, an
// empty slice that is not nil selects nothing.
type HeadQuery struct {
	Basis  Basis
	Family string
	Years  []disclosure.Year
	Units  []disclosure.UnitNumber
}

// CheckRow is the outcome of the checks of one report, kept beside it and made
// anew when the report, its predecessor or the rules changed.
type CheckRow struct {
	Key       ReportKey
	Seq       uint64 // of the checked revision
	LastSeq   uint64 // of last year's revision it was checked against, 0: none
	Rules     string // version of the rule set
	Errors    uint32
	Explains  uint32
	Notices   uint32
	Untried   uint32 // not assessable
	Findings  json.RawMessage
	CheckedAt time.Time
}
