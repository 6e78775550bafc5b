package interpret

import (
	"strings"
	"unicode/utf8"
)

// Levels of similarity between a printed text and a label of the form.
const (
	certain   = 0.93 // the same but for brackets, numbering and punctuation
	probable  = 0.62 // a misspelt or shortened label; reported as a doubt
	shortNeed = 0.74 // the same for labels of up to four characters
)

// similarity is 1 for equal labels, 0 for texts that are not one label
// misprinted, and between them the share of characters that agree in order.
func similarity(a, b label) float64 {
	switch {
	case a.text == "" || b.text == "":
		return 0
	case a.full == b.full:
		return 1
	case a.text == b.text:
		return 0.98
	case a.full == b.text, a.text == b.full:
		return 0.97
	}
	s := textSimilarity(a.text, a.runes, b.text, b.runes)
	if a.full != a.text || b.full != b.text {
		s = max(s, textSimilarity(a.full, utf8.RuneCountInString(a.full), b.full, utf8.RuneCountInString(b.full)))
	}
	if min(a.runes, b.runes) <= 4 && s < shortNeed || s < probable {
		return 0
	}
	return s
}

func textSimilarity(a string, n int, b string, m int) float64 {
	if n > m {
		a, b, n, m = b, a, m, n
	}
	// A label cut short by its cell, or one with words around it.
	if n >= 4 && 3*n >= m && strings.Contains(b, a) {
		return 0.72 + 0.2*float64(n)/float64(m)
	}
	if n == 0 || float64(n)/float64(m) < 0.5 || !shareRunes(a, b, n) {
		return 0
	}
	return 1 - float64(editDistance(a, b))/float64(m)
}

// shareRunes is a cheap proof that two texts cannot be similar.
func shareRunes(a, b string, n int) bool {
	shared := 0
	for _, r := range a {
		if strings.ContainsRune(b, r) {
			shared++
		}
	}
	return shared*2 >= n
}

// editDistance counts the characters to put in, take out or change.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range x {
		left, diagonal := i+1, i
		for j, q := range y {
			cost := diagonal
			if r != q {
				cost = 1 + min(diagonal, left, row[j+1])
			}
			diagonal, row[j+1], left = row[j+1], cost, cost
		}
		row[0] = i + 1
	}
	return row[len(y)]
}
