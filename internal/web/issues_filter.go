package web

import (
	"context"
	"fmt"
	"net/url"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/office"
	"mingjing/internal/people"
)

// issueChoices are what the filters of the list offer.
type issueChoices struct {
	Quarters, Units, Categories, Indicators, Rounds, Lists []option
}

// issueFilterOf reads the filters out of an address. What nobody knows any more
// (a state, a round) is refused with a sentence rather than left out: the rows
// would not be those that the address asks for.
func issueFilterOf(q url.Values) (office.IssueFilter, error) {
	f := office.IssueFilter{List: q.Get("list"), Indicator: q.Get("indicator"), Text: clipText(q.Get("q"), 100)}
	var err error
	if text := q.Get("quarter"); text != "" {
		if f.Quarter, err = issue.ParseQuarter(text); err != nil {
			return f, err
		}
	}
	if text := q.Get("unit"); text != "" {
		if f.Unit, err = parseUnit(text); err != nil {
			return f, err
		}
	}
	for _, text := range q["state"] {
		state := issue.State(text)
		if text == "" {
			continue
		}
		if !slices.Contains(issue.States, state) {
			return f, disclosure.Errorf(disclosure.ErrInvalid, "没有这种问题状态,请从清单上方选择。")
		}
		f.States = append(f.States, state)
	}
	for _, text := range q["category"] {
		if text != "" {
			f.Categories = append(f.Categories, issue.Category(text))
		}
	}
	if text := q.Get("round"); text != "" {
		if f.Round = issue.Round(text); !slices.Contains(issue.Rounds, f.Round) {
			return f, disclosure.Errorf(disclosure.ErrInvalid, "没有这个轮次,请从列表中选择。")
		}
	}
	for name, flag := range map[string]*bool{"overdue": &f.Overdue, "recurring": &f.Recurring, "waiting": &f.Waiting, "unassigned": &f.Unassigned} {
		*flag = q.Get(name) == "1"
	}
	if err := readNarrow(q, &f); err != nil {
		return f, err
	}
	switch f.Sort = office.IssueSort(q.Get("sort")); f.Sort {
	case office.SortNumber, office.SortDue, office.SortDeduction, office.SortUnit:
	default:
		f.Sort = office.SortNumber
	}
	return f, nil
}

// issueChoicesOf offers what the visitor can filter by.
func (s *Server) issueChoicesOf(ctx context.Context, who people.Visitor, f office.IssueFilter, quarters []disclosure.Period) (issueChoices, error) {
	var out issueChoices
	for _, q := range quarters {
		out.Quarters = append(out.Quarters, option{Value: q.String(), Label: issue.QuarterName(q), Selected: q == f.Quarter})
	}
	units, err := s.issueUnits(ctx, who)
	if err != nil {
		return out, err
	}
	out.Units = chosenUnit(units, f.Unit)
	offers, err := s.office.IssueOffers(ctx, who, f.Quarter)
	if err != nil {
		return out, err
	}
	chosen := ""
	if len(f.Categories) > 0 {
		chosen = string(f.Categories[0])
	}
	out.Categories = options(offers.Categories, chosen)
	var names []string
	for _, i := range offers.Indicators {
		if !slices.Contains(names, i.Indicator2) {
			names = append(names, i.Indicator2)
		}
	}
	out.Indicators = options(names, f.Indicator)
	for k := range out.Indicators {
		out.Indicators[k].Label = clipText(out.Indicators[k].Label, 30)
	}
	out.Rounds = options(issue.Rounds, string(f.Round))
	lists, err := s.office.IssueLists(ctx, who, f.Quarter)
	if err != nil {
		return out, err
	}
	for _, l := range lists {
		out.Lists = append(out.Lists, option{Value: l.ID, Label: l.Title, Selected: l.ID == f.List})
	}
	return out, nil
}

// issueUnits are the units whose issues the visitor can see: evaluators see
// those of all units on their lists.
func (s *Server) issueUnits(ctx context.Context, who people.Visitor) ([]office.UnitChoice, error) {
	right := people.SeeIssues
	switch {
	case who.Anywhere(people.SeeIssues):
	case who.Anywhere(people.Evaluate):
		right = people.Evaluate
	default:
		right = people.AnswerIssue
	}
	return s.office.UnitChoices(ctx, who, right)
}

// chosenUnit are units as options; one that was chosen and is gone stays.
func chosenUnit(units []office.UnitChoice, chosen disclosure.UnitNumber) []option {
	var out []option
	for _, u := range units {
		if !u.Gone || u.Number == chosen {
			out = append(out, option{Value: unitText(u.Number), Label: u.Indented(), Selected: u.Number == chosen})
		}
	}
	return out
}

// issueKey says which issue is chosen, as it was seen.
func issueKey(id string, seq uint64) string { return fmt.Sprintf("%s.%d", id, seq) }

// firstIndicators are the first levels of indicators, each once.
func firstIndicators(offers []office.IndicatorOffer) []string {
	var out []string
	for _, o := range offers {
		if o.Indicator1 != "" && !slices.Contains(out, o.Indicator1) {
			out = append(out, o.Indicator1)
		}
	}
	return out
}
