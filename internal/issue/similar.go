package issue

import (
	"slices"
	"unicode"

	"mingjing/internal/disclosure"
)

// Print is the letter pairs of a text, sorted: texts are compared by how many
// they share. Punctuation, digits' widths and spaces are no part of it.
type Print []uint64

// PrintOf makes the print of a text.
func PrintOf(text string) Print {
	var out Print
	last := rune(0)
	for _, r := range disclosure.NormalName(text) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		r = unicode.ToLower(r)
		if last != 0 {
			out = append(out, uint64(last)<<32|uint64(r))
		}
		last = r
	}
	if len(out) == 0 && last != 0 {
		out = Print{uint64(last)}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Likeness of two prints is the share of pairs that both have, of those that
// the two have together: 0 to 1; 0 when one of them is empty.
func Likeness(a, b Print) float64 {
	both := 0
	for x, y := 0, 0; x < len(a) && y < len(b); {
		switch {
		case a[x] == b[y]:
			both, x, y = both+1, x+1, y+1
		case a[x] < b[y]:
			x++
		default:
			y++
		}
	}
	if both == 0 {
		return 0
	}
	return float64(both) / float64(len(a)+len(b)-both)
}

// From these likenesses on, facts are the same, or like each other.
const (
	sameFacts = 0.8
	likeFacts = 0.45
)

// Duplicate says whether two issues of one quarter are one and the same: the
// unit, the indicator, and facts that hardly differ. Units count by number when
// both are known, by their text otherwise.
func Duplicate(a, b *Content, printA, printB Print) bool {
	switch {
	case a.Unit != 0 && b.Unit != 0 && a.Unit != b.Unit:
		return false
	case (a.Unit == 0 || b.Unit == 0) && disclosure.NormalName(a.UnitText) != disclosure.NormalName(b.UnitText):
		return false
	case a.Indicator2 != "" && b.Indicator2 != "" && disclosure.NormalName(a.Indicator2) != disclosure.NormalName(b.Indicator2):
		return false
	}
	if a.Facts == b.Facts {
		return true
	}
	return Likeness(printA, printB) >= sameFacts && sameAddresses(a.Evidence, b.Evidence) && slices.Equal(numbersIn(a.Facts), numbersIn(b.Facts))
}

// sameAddresses: of two lists of addresses one must not name what the other
// does not; columns that differ by their address alone are two issues.
func sameAddresses(a, b []Evidence) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Address != "" && y.Address != "" {
				return x.Address == y.Address
			}
		}
	}
	return true
}

// numbersIn are the runs of digits of a text: 第3条 and 第4条 are two things.
func numbersIn(text string) []string {
	var out []string
	run := ""
	for _, r := range disclosure.NormalName(text) + "。" {
		if r >= '0' && r <= '9' {
			run += string(r)
			continue
		}
		if run != "" {
			out = append(out, run)
			run = ""
		}
	}
	return out
}

// Kind is what SameKind looks at, brought into shape once for many comparisons.
type Kind struct {
	unit      disclosure.UnitNumber
	category  Category
	concrete  bool
	indicator string // as disclosure.NormalName folds it
	print     Print
}

// KindOf is the kind of an issue whose facts have a print.
func KindOf(c *Content, print Print) Kind {
	return Kind{unit: c.Unit, category: c.Category, concrete: c.Category.Concrete(), indicator: disclosure.NormalName(c.Indicator2), print: print}
}

// Same is SameKind.
func (a *Kind) Same(b *Kind) bool {
	switch {
	case a.unit == 0 || a.unit != b.unit:
		return false
	case a.category == b.category && a.concrete:
		return true
	case a.category != b.category && (a.indicator == "" || a.indicator != b.indicator):
		return false
	}
	return Likeness(a.print, b.print) >= likeFacts
}

// SameKind (同类问题) says whether an issue is one that the unit had before: of
// one concrete category (错敏字, 链接失效 ...), or under one indicator or in one
// category with facts like those.
func SameKind(a, b *Content, printA, printB Print) bool {
	one, other := KindOf(a, printA), KindOf(b, printB)
	return one.Same(&other)
}
