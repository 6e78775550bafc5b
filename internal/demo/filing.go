package demo

import (
	"maps"
	"time"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// filing prints unit i's figures of year index y on the form of the year, with
// its prose and with the faults planted there. ok is false when the unit had
// nothing to report or stayed silent.
func (a *area) filing(i, y int) (f Filing, ok bool) {
	b := &a.bodies[i]
	if a.history[i][y] == nil || a.silent(i, y) {
		return Filing{}, false
	}
	p := &printing{area: a, body: i, year: y, figures: a.history[i][y], form: disclosure.FormFor(disclosure.FamilyNational, a.years[y])}
	for _, fault := range a.faults(i, y) {
		if fault.before != nil {
			fault.before(p)
		}
	}
	r := p.report()
	for _, fault := range a.faults(i, y) {
		if fault.after != nil {
			fault.after(p, r)
		}
	}
	return Filing{Unit: b.unit.Number, Report: r, Filed: a.filed(i, y)}, true
}

// printing is a report about to be printed. Faults change it before, and the
// report after; neither touches the true figures.
type printing struct {
	*area
	body, year int
	form       *disclosure.Form
	figures    figures
	// told are the figures that the prose tells when they are others.
	told figures
}

func (p *printing) report() *disclosure.Report {
	b, year := &p.bodies[p.body], p.years[p.year]
	told := p.figures
	if p.told != nil {
		told = p.told
	}
	r := &disclosure.Report{Unit: b.unit.Name, Period: disclosure.Period{Year: year}, Scope: b.unit.In(year).Scope, Form: p.form,
		Title: b.unit.Name + year.String() + "年政府信息公开工作年度报告", Cells: cells(p.form, p.figures),
		Prose: p.prose(p.body, p.year, told), HasProse: true}
	if b.department.name == printsOne && p.form.Version == "2021" {
		printOtherAsOne(r, p.figures)
	}
	return r
}

// cells prints figures on a form.
func cells(form *disclosure.Form, f figures) map[disclosure.Code]disclosure.Cell {
	out := make(map[disclosure.Code]disclosure.Cell, 200)
	for _, def := range form.AllCells() {
		switch {
		case def.Alternate:
		case def.Row.Key == "OTHER_MERGED":
			out[def.Code] = disclosure.Number(merged(f, def.Column.Key))
		case def.Value == disclosure.ValueMoney:
			out[def.Code] = disclosure.Cell{Kind: disclosure.CellNumber, Value: decimal.New(f[def.Code], -4)}
		default:
			out[def.Code] = disclosure.Number(f[def.Code])
		}
	}
	return out
}

// merged is (六)其他处理 of a column.
func merged(f figures, column string) (n int64) {
	for _, row := range mergedRows {
		n += f[disclosure.Code("T3_"+row+"_"+column)]
	}
	return n
}

// columns of table three with their total.
var columns = append(append([]string{}, applicants...), "TOT")

func printOtherAsOne(r *disclosure.Report, f figures) {
	for _, c := range columns {
		r.Cells[disclosure.Code("T3_OTHER_MERGED_"+c)] = disclosure.Number(merged(f, c))
		for _, row := range mergedRows {
			r.Cells[disclosure.Code("T3_"+row+"_"+c)] = disclosure.Cell{Kind: disclosure.CellBlank}
		}
	}
}

// filed is the day on which the report came: by 31 January, the government's
// own by 31 March (《条例》第四十九条).
func (a *area) filed(i, y int) time.Time {
	b := &a.bodies[i]
	rng := a.random(b.unit.Number, forFiling+uint64(y)<<8)
	month, day := time.January, 8+rng.IntN(23)
	if b.role == roleGovernment {
		month = time.March
	}
	if a.has(i, y, kindLate) {
		month, day = time.February, 6+rng.IntN(15)
	}
	return time.Date(int(a.years[y])+1, month, day, 0, 0, 0, 0, time.UTC)
}

// annex makes a unit's report on the example of a local form. Its sums hold.
func (a *area) annex(i, y int) (f Filing, ok bool) {
	b, year := &a.bodies[i], a.years[y]
	form := disclosure.FormByID("annex-example-2025")
	if b.role == roleGovernment || !b.unit.ReportsIn(year) || a.silent(i, y) || !form.FitsYear(year) {
		return Filing{}, false
	}
	rng := a.random(b.unit.Number, forAnnex+uint64(y)<<8)
	n := figures{}
	n["A1_WEBSITE_COUNT"] = poisson(60+b.load.high*4, rng)
	n["A1_NEW_MEDIA_COUNT"] = poisson(90, rng)
	n["A1_PUBLISHED_COUNT"] = n["A1_WEBSITE_COUNT"] + n["A1_NEW_MEDIA_COUNT"]
	n["A1_INTERPRET_COUNT"] = poisson(float64(b.department.documents)/4, rng)
	n["A1_RESPONSE_COUNT"] = poisson(1.2, rng)
	n["A1_OPEN_DAY_COUNT"] = poisson(0.7, rng)
	n["A1_OPEN_DAY_PEOPLE"] = n["A1_OPEN_DAY_COUNT"] * (12 + rng.Int64N(40))
	r := &disclosure.Report{Unit: b.unit.Name, Period: disclosure.Period{Year: year}, Scope: b.unit.In(year).Scope, Form: form,
		Title: b.unit.Name + year.String() + "年" + form.Title, Cells: cells(form, n)}
	return Filing{Unit: b.unit.Number, Report: r, Filed: a.filed(i, y)}, true
}

// altered is a copy of the figures with the given changes added.
func (f figures) altered(changes figures) figures {
	out := maps.Clone(f)
	for code, n := range changes {
		out[code] += n
	}
	return out
}
