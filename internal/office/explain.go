package office

import (
	"unicode"

	"mingjing/internal/store"
)

// LeastExplained is how many different letters an explanation holds at least:
// 同上, 无 and 。。。 say nothing, 机构改革 does.
const LeastExplained = 4

// Explains says whether a text says anything: signs, digits and repeated
// letters do not count.
func Explains(text string) bool {
	seen := map[rune]bool{}
	for _, r := range text {
		if unicode.IsLetter(r) {
			seen[unicode.ToLower(r)] = true
		}
		if len(seen) >= LeastExplained {
			return true
		}
	}
	return false
}

// tooShort says whether an explanation was begun that says nothing yet.
func tooShort(e *store.Explanation) bool { return e != nil && !Explains(e.Text) }
