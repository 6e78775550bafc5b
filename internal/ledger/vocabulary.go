package ledger

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/width"

	"mingjing/internal/disclosure"
)

//go:embed vocabulary.json
var vocabularyFile []byte

//go:embed heads.json
var headsFile []byte

// vocabulary is the words that offices use in their ledgers.
type vocabulary struct {
	Applicants    []applicantWords `json:"applicants"`
	Organisations []string         `json:"organisations"` // some organisation, of no stated kind
	Fillers       []string         `json:"fillers"`       // beside a kind, without weight
	Results       []resultWords    `json:"results"`
	Groups        []groupWords     `json:"groups"`
	Pending       []string         `json:"pending"`
	Answered      []string         `json:"answered"` // answered, without saying how
	Blank         []string         `json:"blank"`
	Yes           []string         `json:"yes"`
	No            []string         `json:"no"`
}

type applicantWords struct {
	Key   string   `json:"key"`   // a column of table 三: NP, BIZ, RES, NPO, LAW, OTH
	Words []string `json:"words"` // what the ledger's column of kinds says
	Names []string `json:"names"` // how such an applicant's name may end: a guess
	Note  string   `json:"note"`
}

type resultWords struct {
	Key      string   `json:"key"`   // a row of table 三
	Final    bool     `json:"final"` // counts alone, whatever else the text says
	Exact    []string `json:"exact"`
	Contains []string `json:"contains"`
	Note     string   `json:"note"`
}

// groupWords say one of several rows: 不予公开 without a reason. Prefix lists the
// rows, by key or by the beginning of their keys.
type groupWords struct {
	Prefix   string   `json:"prefix"`
	Contains []string `json:"contains"`
}

// headWords are what a column may be called, the preferred first.
type headWords struct {
	Role     Role     `json:"role"`
	Exact    []string `json:"exact"`
	Contains []string `json:"contains"`
	Not      []string `json:"not"`
}

var words = sync.OnceValue(func() *vocabulary {
	v := &vocabulary{}
	if err := json.Unmarshal(vocabularyFile, v); err != nil {
		panic(err) // a fault of the build
	}
	return v
})

var heads = sync.OnceValue(func() []headWords {
	var h []headWords
	if err := json.Unmarshal(headsFile, &h); err != nil {
		panic(err)
	}
	return h
})

// applicantKeys and resultKeys are the columns and rows of table 三 that a
// single application can fall in.
var applicantKeys = []string{"NP", "BIZ", "RES", "NPO", "LAW", "OTH"}

var resultKeys = []string{"GRANTED", "PARTIAL", "DENY_STATE_SECRET", "DENY_LAW_PROHIBIT", "DENY_SECURITY_STABILITY", "DENY_THIRD_PARTY",
	"DENY_INTERNAL_AFFAIRS", "DENY_PROCESS_INFO", "DENY_ENFORCE_FILE", "DENY_ADMIN_QUERY", "UNAVAIL_NOT_HELD", "UNAVAIL_NEED_CREATE",
	"UNAVAIL_UNCLEAR", "REJECT_PETITION", "REJECT_DUPLICATE", "REJECT_PUBLICATION", "REJECT_EXCESSIVE", "REJECT_RECONFIRM",
	"OTHER_NO_CORRECTION", "OTHER_NO_FEE", "OTHER_MISC"}

// The other rows, and the column of totals.
const (
	rowNew        = "NEW_RECEIVED"
	rowCarriedIn  = "CARRIED_IN"
	rowTotal      = "RESULT_TOTAL"
	rowCarriedOut = "CARRIED_OUT"
	columnTotal   = "TOT"
)

// table3 is the table that a ledger fills, nil when the form has none with the
// rows of the 2021 form.
func table3(f *disclosure.Form) *disclosure.Table {
	t := f.Table("T3")
	if t == nil {
		return nil
	}
	for _, row := range append([]string{rowNew, rowCarriedIn, rowTotal, rowCarriedOut}, resultKeys...) {
		for _, col := range append([]string{columnTotal}, applicantKeys...) {
			if def, ok := f.Cell(t.Code(row, col)); !ok || def.Alternate {
				return nil
			}
		}
	}
	return t
}

// inGroup lists the rows that a group stands for, in the form's order.
func inGroup(prefixes string) []string {
	var out []string
	for _, key := range resultKeys {
		if slices.ContainsFunc(strings.Fields(prefixes), func(p string) bool { return strings.HasPrefix(key, p) }) {
			out = append(out, key)
		}
	}
	return out
}

// fold brings a text to the form in which words are compared: half-width,
// small letters, no white space.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' {
			return -1
		}
		return unicode.ToLower(r)
	}, width.Fold.String(s))
}

// bare is fold without numbering, punctuation and symbols: 1.属于“国家秘密” is
// 属于国家秘密.
func bare(s string) string {
	s = strings.TrimLeft(fold(s), "(【[")
	if i := strings.IndexAny(s, "、.)"); i > 0 && strings.Trim(s[:i], "0123456789一二三四五六七八九十") == "" {
		s = s[i+1:]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func isBlank(s string) bool {
	return slices.Contains(words().Blank, strings.Trim(fold(s), ".。、")) || strings.Trim(fold(s), "-—/_") == ""
}
