package store

import (
	"fmt"
	"strconv"

	"mingjing/internal/disclosure"
)

// EntityID is the report's id in the log: "12/2023/national/本机关".
func (k ReportKey) EntityID() string {
	return fmt.Sprintf("%d/%s/%s/%s", k.Unit, k.Period, k.Family, k.Scope)
}

// UnitEntityID is a unit's id in the log: its number.
func UnitEntityID(n disclosure.UnitNumber) string { return strconv.FormatUint(uint64(n), 10) }

func (k ReportKey) validate() error {
	switch {
	case k.Unit == 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "报告没有对应的单位。")
	case !k.Period.Year.Valid(), k.Period.Quarter < 0, k.Period.Quarter > 4:
		return disclosure.Errorf(disclosure.ErrInvalid, "报告的年度“%s”不对,应在 %d 到 %d 之间。", k.Period, disclosure.MinYear, disclosure.MaxYear)
	case k.Family == "":
		return disclosure.Errorf(disclosure.ErrInvalid, "报告没有对应的表式。")
	}
	_, err := disclosure.ParseScope(string(k.Scope))
	return err
}

// keyOf puts a key together from columns.
func keyOf(unit uint32, year uint16, quarter uint8, family, scope string) ReportKey {
	return ReportKey{Unit: disclosure.UnitNumber(unit), Family: family, Scope: disclosure.Scope(scope),
		Period: disclosure.Period{Year: disclosure.Year(year), Quarter: int(quarter)}}
}
