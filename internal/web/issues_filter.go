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
	tree                                                   []office.UnitChoice
}

// issueFilterOf reads the filters out of an address. What nobody knows any more
// (a state, a round) is refused with a sentence rather than left out: the rows
// would not be those that the address asks for.
func issueFilterOf(q url.Values) (office.IssueFilter, error) {
	f := office.IssueFilter{List: q.Get("list"), Indicator: q.Get("indicator"), Text: disclosure.Clip(q.Get("q"), 100)}
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
	for name, flag := range issueFlags(&f) {
		*flag = q.Get(name) == "1"
	}
	if text := q.Get("lead"); text != "" {
		if f.Lead, err = parseUnit(text); err != nil {
			return f, err
		}
	}
	f.Came, f.Stand = issue.StepCode(q.Get("came")), office.IssueStand(q.Get("stand"))
	if f.Came != "" && !slices.Contains(issue.Steps, f.Came) || f.Stand != "" && !slices.Contains(issueStands, f.Stand) {
		return f, disclosure.Errorf(disclosure.ErrInvalid, "没有这个办理环节,请从季度看板或清单上方选择。")
	}
	switch f.Sort = office.IssueSort(q.Get("sort")); f.Sort {
	case office.SortNumber, office.SortDue, office.SortDeduction, office.SortUnit:
	default:
		f.Sort = office.SortNumber
	}
	return f, nil
}

// issueStands are the stands that an address can ask for.
var issueStands = []office.IssueStand{office.StandOpen, office.StandGoing, office.StandOwed}

// issueFlags are the filters that an address sets with 1.
func issueFlags(f *office.IssueFilter) map[string]*bool {
	return map[string]*bool{"overdue": &f.Overdue, "recurring": &f.Recurring, "waiting": &f.Waiting, "unassigned": &f.Unassigned,
		"late": &f.Late, "reopened": &f.Reopened, "returned": &f.Returned}
}

// issueChip is a filter that has no field on the page, since it comes from a
// number of the board; following Href takes it out.
type issueChip struct{ Name, Value, Label, Href string }

// issueChips are the filters of an address beside the fields and tiles.
func (s *Server) issueChips(f office.IssueFilter, units []office.UnitChoice, page *view) []issueChip {
	var out []issueChip
	add := func(name, label string) {
		out = append(out, issueChip{Name: name, Value: page.Query.Get(name), Label: label, Href: page.With(name, "", "page", "")})
	}
	if f.Lead != 0 {
		name := unitText(f.Lead)
		for _, u := range units {
			if u.Number == f.Lead {
				name = u.Name
			}
		}
		add("lead", s.text.say("issues.lead", name))
	}
	if f.Came != "" {
		add("came", s.text.say("issues.came", issue.StepNames[f.Came]))
	}
	if f.Stand != "" {
		add("stand", s.text.say("issuestand."+string(f.Stand)))
	}
	for _, name := range []string{"late", "reopened", "returned"} {
		if *issueFlags(&f)[name] {
			add(name, s.text.say("issues."+name))
		}
	}
	return out
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
	out.Units, out.tree = chosenUnit(units, f.Unit), units
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
		out.Indicators[k].Label = disclosure.Clip(out.Indicators[k].Label, 30)
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
