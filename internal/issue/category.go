package issue

import (
	_ "embed"
	"encoding/json"
	"strings"
)

// Category (问题类别) is what kind of fault an issue is. The shipped ones are
// data; a list may bring others of its own.
type Category string

// OtherCategory is what nothing else fits.
const OtherCategory Category = "其他"

// CategoryWords is a category with the words by which a row is taken for one.
type CategoryWords struct {
	Name Category `json:"name"`
	// Words are looked for in the indicator first, then in the facts.
	Words []string `json:"words"`
	// Facts are looked for in the facts alone: they say more than an indicator.
	Facts []string `json:"facts,omitempty"`
	// Concrete: the category alone says what went wrong, so that two of them are
	// the same kind whatever their facts say.
	Concrete bool `json:"concrete,omitempty"`
	// Leak: addresses of such issues stay out of what is made public.
	Leak bool `json:"leak,omitempty"`
}

//go:embed categories.json
var shippedCategories []byte

var categories = readCategories()

func readCategories() []CategoryWords {
	var out []CategoryWords
	if err := json.Unmarshal(shippedCategories, &out); err != nil {
		panic(err) // a fault of the build
	}
	return out
}

// Categories lists the categories in the order of the statistics; the caller
// must not change them.
func Categories() []CategoryWords { return categories }

// Leak says whether the address of such an issue must not be made public.
func (c Category) Leak() bool {
	for _, k := range categories {
		if k.Name == c {
			return k.Leak
		}
	}
	return false
}

// Concrete says whether two issues of the category are of the same kind.
func (c Category) Concrete() bool {
	for _, k := range categories {
		if k.Name == c {
			return k.Concrete
		}
	}
	return false
}

// CategoryOf guesses a category: by what the facts say in so many words, then
// by the indicators, then by any word in the facts. sure is false for a guess
// that rests on the last, or on nothing.
func CategoryOf(indicator1, indicator2, facts string) (c Category, sure bool) {
	for _, k := range categories {
		if containsAny(facts, k.Facts) {
			return k.Name, true
		}
	}
	for _, text := range []string{indicator2, indicator1, facts} {
		for _, k := range categories {
			if containsAny(text, k.Words) {
				return k.Name, text != facts
			}
		}
	}
	return OtherCategory, false
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
