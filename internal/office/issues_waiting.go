package office

import (
	"context"
	"slices"

	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// waits says whether a request of the unit waits for a decision.
func (h *heldIssue) waits() bool { return h.OpenExtension() != nil || h.OpenAppeal() != nil }

// waitsFor says whether the next step is the viewer's: a unit owes an answer, an
// evaluator a second look, a supervisor 交办, 销号 or a decision on a request.
func (h *heldIssue) waitsFor(v issue.Viewer) bool {
	switch {
	case h.State == issue.Withdrawn, h.State.Settled() && !h.waits():
		return false
	case v.May(people.Supervise, h.Unit):
		return h.State == issue.Found || h.State == issue.Answered || h.State == issue.Rechecked || h.waits()
	case h.State == issue.Answered && v.OwnList && v.Anywhere(people.Evaluate):
		return true
	}
	return h.State.Owed() && h.Unit != 0 && v.May(people.AnswerIssue, h.Unit)
}

// IssueCount is how many issues wait for the visitor to do something.
func (o *Office) IssueCount(ctx context.Context, v people.Visitor) (int, error) {
	if !slices.ContainsFunc([]people.Right{people.Supervise, people.AnswerIssue, people.Evaluate}, v.Anywhere) {
		return 0, nil
	}
	n := 0
	err := o.issuesNow(ctx, func(b *issueBook) error {
		views := b.viewers(v)
		for _, h := range b.order {
			if h.waitsFor(views(h.List)) {
				n++
			}
		}
		return nil
	})
	return n, err
}

// viewers is the visitor before the issues of each list.
func (b *issueBook) viewers(v people.Visitor) func(list string) issue.Viewer {
	views := map[string]issue.Viewer{}
	return func(list string) issue.Viewer {
		viewer, known := views[list]
		if !known {
			if l := b.lists[list]; l != nil {
				viewer = issue.On(v, &l.List)
			} else {
				viewer = issue.On(v, nil)
			}
			views[list] = viewer
		}
		return viewer
	}
}

// IssueOffers are what the filters and the forms of issues offer: of what the
// visitor sees alone.
type IssueOffers struct {
	Categories []issue.Category
	Indicators []IndicatorOffer
}

// IndicatorOffer is an indicator with the marks that it is worth.
type IndicatorOffer struct {
	Indicator1, Indicator2 string
	Points                 string // "" when nobody said
}

// mostOffers bounds a list of suggestions.
const mostOffers = 400

// IssueOffers collects categories and indicators from issues and score sheets
// of a quarter (zero: all). Error: ErrForbidden.
func (o *Office) IssueOffers(ctx context.Context, v people.Visitor, quarter disclosure.Period) (*IssueOffers, error) {
	if err := demandIssues(v); err != nil {
		return nil, err
	}
	out := &IssueOffers{}
	for _, c := range issue.Categories() {
		out.Categories = append(out.Categories, c.Name)
	}
	err := o.issuesNow(ctx, func(b *issueBook) error {
		categories, indicators := map[issue.Category]bool{}, map[[2]string]int{}
		for _, c := range out.Categories {
			categories[c] = true
		}
		take := func(first, second, points string) {
			if second == "" {
				return
			}
			k, known := indicators[[2]string{first, second}]
			switch {
			case !known && len(out.Indicators) < mostOffers:
				indicators[[2]string{first, second}] = len(out.Indicators)
				out.Indicators = append(out.Indicators, IndicatorOffer{first, second, points})
			case known && out.Indicators[k].Points == "":
				out.Indicators[k].Points = points
			}
		}
		for _, l := range b.lists {
			if l.Scores == nil || quarter.Year != 0 && l.Quarter != quarter || !mayKeepList(v, &l.List) {
				continue
			}
			for _, item := range l.Scores.Items {
				take(item.Indicator1, item.Indicator2, item.Full.String())
			}
		}
		views := b.viewers(v)
		for _, h := range slices.Backward(b.order) {
			if quarter.Year != 0 && h.Quarter != quarter || !views(h.List).Sees(&h.Issue) {
				continue
			}
			if !categories[h.Category] {
				categories[h.Category] = true
				out.Categories = append(out.Categories, h.Category)
			}
			points := ""
			if h.Points.Valid {
				points = h.Points.Decimal.String()
			}
			take(h.Indicator1, h.Indicator2, points)
		}
		slices.SortStableFunc(out.Indicators, func(a, b IndicatorOffer) int {
			return slices.Compare([]string{a.Indicator1, a.Indicator2}, []string{b.Indicator1, b.Indicator2})
		})
		return nil
	})
	return out, err
}
