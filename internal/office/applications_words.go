package office

import (
	"mingjing/internal/disclosure"
	"mingjing/internal/ledger"
)

// LedgerChoice is something to choose from, with its words.
type LedgerChoice struct{ Value, Label string }

// LedgerRoles are what a column of a ledger can hold.
func LedgerRoles(form *disclosure.Form) []LedgerChoice {
	var out []LedgerChoice
	for _, r := range []ledger.Role{ledger.RoleNumber, ledger.RoleSerial, ledger.RoleKind, ledger.RoleName, ledger.RolePrivate, ledger.RoleReceived, ledger.RoleCorrected,
		ledger.RoleExtended, ledger.RoleClosed, ledger.RoleResult, ledger.RoleReason, ledger.RoleContent, ledger.RoleRemark, ledger.RoleDue, ledger.RoleIgnore} {
		out = append(out, LedgerChoice{string(r), ledger.Column{Role: r}.Meaning()})
	}
	for _, c := range LedgerApplicants(form) {
		out = append(out, LedgerChoice{string(ledger.RoleKindMarked) + "/" + c.Value, ledger.Column{Role: ledger.RoleKindMarked, Key: c.Value}.Meaning()})
	}
	for _, c := range LedgerResults(form) {
		out = append(out, LedgerChoice{string(ledger.RoleResultMark) + "/" + c.Value, ledger.Column{Role: ledger.RoleResultMark, Key: c.Value}.Meaning()})
	}
	return out
}

// RoleOf is a column's role as LedgerRoles names it.
func RoleOf(c ledger.Column) string {
	if c.Key != "" {
		return string(c.Role) + "/" + c.Key
	}
	return string(c.Role)
}

// LedgerApplicants are the kinds of applicant: the columns of table 三.
func LedgerApplicants(form *disclosure.Form) []LedgerChoice {
	var out []LedgerChoice
	for _, def := range form.Cells() {
		if def.Table.Key == "T3" && def.Row.Key == "NEW_RECEIVED" && def.Column.Key != "TOT" {
			out = append(out, LedgerChoice{def.Column.Key, def.Column.FullLabel()})
		}
	}
	return out
}

// LedgerResults are the results: the rows of table 三 between received and total.
func LedgerResults(form *disclosure.Form) []LedgerChoice {
	var out []LedgerChoice
	for _, def := range form.Cells() {
		switch def.Row.Key {
		case "NEW_RECEIVED", "CARRIED_IN", "RESULT_TOTAL", "CARRIED_OUT":
			continue
		}
		if def.Table.Key == "T3" && def.Column.Key == "NP" {
			out = append(out, LedgerChoice{def.Row.Key, def.Row.FullLabel()})
		}
	}
	return out
}

// LedgerRows are rows of a ledger, for pages that list them.
type LedgerRows = []ledger.Row
