package bulletin

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"io"

	"mingjing/internal/disclosure"
)

// codeLetters are the letters of a check code: no 0 and O, 1, I and L, U and V
// to be taken for each other on paper.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTWXYZ"

// CheckCode is 8 letters and digits that belong to one revision's contents: the
// unit, the period, the form, the revision, every figure and the text. A sheet of
// paper whose code is not the stored revision's shows something else. It finds
// mix-ups; it is no signature.
func CheckCode(r *disclosure.Report, revision int) string {
	h := sha256.New()
	put(h, disclosure.NormalName(r.Unit), r.Period.String(), r.Form.ID, string(r.Scope), fmt.Sprint(revision))
	for _, code := range r.Codes() {
		c := r.Cells[code]
		if c.Kind == disclosure.CellBlank {
			continue // a cell that nobody mentioned is blank too
		}
		put(h, string(code), string(c.Kind), c.Shown())
	}
	for _, part := range r.Form.Parts {
		for _, line := range paragraphs(partText(r, part.Number)) {
			put(h, fmt.Sprint(part.Number), line)
		}
	}
	for _, line := range paragraphs(partText(r, 0)) {
		put(h, "0", line)
	}
	n := binary.BigEndian.Uint64(h.Sum(nil))
	out := make([]byte, 8)
	for i := range out {
		out[i] = codeLetters[n%uint64(len(codeLetters))]
		n /= uint64(len(codeLetters))
	}
	return string(out)
}

// put writes texts so that no two lists of them are alike.
func put(h hash.Hash, texts ...string) {
	for _, s := range texts {
		_, _ = fmt.Fprintf(h, "%d:", len(s)) // a hash does not fail
		_, _ = io.WriteString(h, s)
	}
}

// groupedCode is a check code as it is printed: ABCD-EFGH.
func groupedCode(code string) string {
	if len(code) != 8 {
		return code
	}
	return code[:4] + "-" + code[4:]
}
