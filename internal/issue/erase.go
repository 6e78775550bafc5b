package issue

import (
	"fmt"
	"strings"
)

// ErasedText stands where text was whose being there still means something.
const ErasedText = "(已清除)"

// erasedFacts begins what stands in place of an issue's facts.
const erasedFacts = "(内容已按规定清除"

// WithoutContent is what stays of an issue whose content is erased (清除): its
// number and place, where it stands, who did what and when, what counts. What
// anybody wrote, evidence and names of files are gone; the reason of the erasure
// stands in place of the facts.
func (i *Issue) WithoutContent(reason string) *Issue {
	out := *i
	out.Facts = fmt.Sprintf("%s,理由:%s)", erasedFacts, strings.TrimSpace(reason))
	out.Evidence, out.UnitText, out.Origin.File = nil, "", ""
	out.Ended = erasedIf(i.Ended)
	out.Answers, out.Reviews, out.Extensions, out.Appeals = nil, nil, nil, nil
	for _, a := range i.Answers {
		a.Text, a.Link, a.Evidence = ErasedText, "", nil
		out.Answers = append(out.Answers, a)
	}
	for _, r := range i.Reviews {
		r.Reason = erasedIf(r.Reason)
		out.Reviews = append(out.Reviews, r)
	}
	for _, e := range i.Extensions {
		e.Reason, e.Answer = erasedIf(e.Reason), erasedIf(e.Answer)
		out.Extensions = append(out.Extensions, e)
	}
	for _, a := range i.Appeals {
		a.Reason, a.Answer, a.Evidence = erasedIf(a.Reason), erasedIf(a.Answer), nil
		out.Appeals = append(out.Appeals, a)
	}
	return &out
}

func erasedIf(text string) string {
	if text == "" {
		return ""
	}
	return ErasedText
}

// Erased says whether the issue's facts were erased. What was written
// afterwards can be erased in its turn.
func (i *Issue) Erased() bool { return strings.HasPrefix(i.Facts, erasedFacts) }

// HasContent says whether there is something left to be erased.
func (i *Issue) HasContent() bool {
	said := func(text string) bool { return text != "" && text != ErasedText }
	if !i.Erased() || len(i.AllEvidence()) > 0 || said(i.Ended) {
		return true
	}
	for _, a := range i.Answers {
		if said(a.Text) || a.Link != "" {
			return true
		}
	}
	for _, r := range i.Reviews {
		if said(r.Reason) {
			return true
		}
	}
	for _, e := range i.Extensions {
		if said(e.Reason) || said(e.Answer) {
			return true
		}
	}
	for _, a := range i.Appeals {
		if said(a.Reason) || said(a.Answer) {
			return true
		}
	}
	return false
}

// WithoutContent is what stays of a list whose originals are erased: all but
// the files that it was read from.
func (l *List) WithoutContent() *List {
	out := *l
	out.Files = nil
	if l.Scores != nil {
		scores := *l.Scores
		scores.File = ""
		out.Scores = &scores
	}
	return &out
}
