package anomaly

import (
	"math"
	"slices"
	"sync"

	"mingjing/internal/disclosure"
)

// Report is one unit's figures for one year.
type Report struct {
	Unit  disclosure.UnitNumber
	Year  disclosure.Year
	Scope disclosure.Scope
	// Approved reports serve other units as peers; the others do not.
	Approved bool
	// Figures holds a value for each of Codes, NaN where the report has no
	// number: blank is not zero.
	Figures []float64
}

// Codes lists the figures that a Report holds, in the order of its Figures:
// every cell of the national form of 2021. Table 二 of the 2019 form counted
// other things and is not put beside it.
var Codes = sync.OnceValue(func() []disclosure.Code {
	var out []disclosure.Code
	for _, c := range disclosure.NationalForm("2021").AllCells() {
		out = append(out, c.Code)
	}
	return out
})

var places = sync.OnceValue(func() map[disclosure.Code]int {
	out := map[disclosure.Code]int{}
	for i, c := range Codes() {
		out[c] = i
	}
	return out
})

// place is the index of a code in Figures. The codes named in this package are
// fixed: an unknown one is a fault of the build.
func place(c disclosure.Code) int {
	p, ok := places()[c]
	if !ok {
		panic("anomaly: no cell " + string(c))
	}
	return p
}

// FiguresOf puts a report's cells in the order of Codes.
func FiguresOf(cells map[disclosure.Code]disclosure.Cell) []float64 {
	out := make([]float64, len(Codes()))
	for i, c := range Codes() {
		out[i] = math.NaN()
		if cell, ok := cells[c]; ok && cell.IsNumber() {
			out[i] = cell.Value.InexactFloat64()
		}
	}
	return out
}

// sum adds up figures, blanks as 0; known is false when none is a number.
func (r *Report) sum(at []int) (total float64, known bool) {
	for _, p := range at {
		if v := r.Figures[p]; !math.IsNaN(v) {
			total, known = total+v, true
		}
	}
	return total, known
}

// series is one unit's reports of one scope, oldest first, one a year. The
// scopes of a unit are never compared with one another.
type series []*Report

func (s series) at(y disclosure.Year) *Report {
	i, ok := slices.BinarySearchFunc(s, y, func(r *Report, y disclosure.Year) int { return int(r.Year - y) })
	if !ok {
		return nil
	}
	return s[i]
}
