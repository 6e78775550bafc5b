package check

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
)

// Subject is the report that a finding is about. A key of the store converts
// into it.
type Subject struct {
	Unit   disclosure.UnitNumber
	Period disclosure.Period
	Family string
	Scope  disclosure.Scope
}

// Fingerprint names a finding for as long as it is about the same thing: rule,
// report, the cells concerned and, where a rule finds several things without
// cells, which of them. Wording, severity, values and other units' figures are
// no part of it, so a person's mark on it survives every re-run. A report
// whose scope nobody gave counts as the agency's own: saying so later changes
// no mark.
func Fingerprint(f Finding, of Subject) string {
	scope := of.Scope
	if scope == disclosure.ScopeUnknown {
		scope = disclosure.ScopeAgency
	}
	parts := []string{"finding", f.Rule, f.Aspect, strconv.Itoa(int(of.Unit)), strconv.Itoa(int(of.Period.Year)), strconv.Itoa(of.Period.Quarter), of.Family, string(scope)}
	return digest(append(parts, sortedCodes(f.Codes)...))
}

// OwnFigures names what a report holds in some cells: it changes when, and
// only when, one of these figures does. A mark on a finding or an anomaly
// keeps it, and lapses when it is no longer the same. How a number was typed,
// its remark and its place in a file are no part of it; a code that the report
// does not mention counts as blank.
func OwnFigures(codes []disclosure.Code, cells map[disclosure.Code]disclosure.Cell) string {
	parts := []string{"figures"}
	for _, code := range sortedCodes(codes) {
		held := ""
		switch c := cells[disclosure.Code(code)]; c.Kind {
		case disclosure.CellNumber:
			held = number(c.Value)
		case disclosure.CellSlash:
			held = "/"
		case disclosure.CellUnread:
			held = "?" + c.Raw
		}
		parts = append(parts, code+"="+held)
	}
	return digest(parts)
}

// Basis is OwnFigures of a finding. The number that a report tells in its
// prose, or the year or name it gives there, is one of its figures too.
func Basis(f Finding, cells map[disclosure.Code]disclosure.Cell) string {
	own := OwnFigures(f.Codes, cells)
	if strings.HasPrefix(f.Rule, "TXT-") || f.Rule == "CPY-R2" {
		return digest([]string{own, f.Actual})
	}
	return own
}

func sortedCodes(codes []disclosure.Code) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = string(c)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func digest(parts []string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:16])
}
