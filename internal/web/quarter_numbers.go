package web

import (
	"cmp"
	"slices"

	"mingjing/dashboards"
	"mingjing/internal/issue"
)

// namesOnCard is how many units a card names.
const namesOnCard = 5

// quarterCards are the four answers on the first screen.
func (s *Server) quarterCards(v *quarterView) {
	all, before := v.All, v.Before.All
	issues := quarterCard{Label: s.text.say("quarter.issues"), Big: s.text.say("quarter.big", whole(int64(all.Issues)).Text), Href: v.issuesAt(issue.StepFound), Tone: "is-calm",
		Small: s.text.say("quarter.handed", all.Handed), Note: s.text.change(all.Issues, before.Issues)}
	if waiting := all.Issues - all.Handed; waiting > 0 {
		issues.Small = s.text.say("quarter.handed_not", all.Handed, waiting)
	}
	issues.Names = s.mostCategories(v)
	settled := quarterCard{Label: s.text.say("quarter.settled"), Big: s.text.say("quarter.big", whole(int64(all.Settled)).Text), Href: v.issuesAt(issue.StepSettled), Tone: "is-good",
		Small: s.text.say("quarter.settled_small", all.Settled-all.NotApplicable, all.NotApplicable)}
	settled.Note = s.text.say("quarter.open_n", all.Open())
	if all.Settled == 0 {
		settled.Tone = "is-calm"
	}
	overdue := quarterCard{Label: s.text.say("quarter.overdue"), Big: s.text.say("quarter.big", whole(int64(all.Overdue)).Text), Href: v.OverdueAt(), Tone: "is-good", Small: s.text.say("quarter.no_overdue")}
	if all.Overdue > 0 {
		overdue.Tone, overdue.Small = "is-bad", s.text.say("quarter.longest", v.IssueFigures.Overdue[0].Due.DaysLate(v.At))
	} else {
		overdue.Href = ""
	}
	v.Cards = []quarterCard{issues, settled, overdue}
	if v.Unit == nil {
		units := 0
		for _, u := range issue.ByNeed(v.Units) {
			if u.Overdue == 0 {
				continue
			}
			if units++; units <= namesOnCard {
				v.Cards[2].Names = append(v.Cards[2].Names, quarterName{Name: v.UnitNames[u.Unit], Pill: whole(int64(u.Overdue)).Text, Href: v.issuesAt("", "overdue", "1", "lead", unitText(u.Unit))})
			}
		}
		if units > 0 {
			v.Cards[2].Small = s.text.say("quarter.overdue_units", units, v.IssueFigures.Overdue[0].Due.DaysLate(v.At))
		}
		v.Cards = append(v.Cards, s.worstCard(v))
		return
	}
	v.Cards = append(v.Cards, s.todoCard(v))
}

// mostCategories are what most issues are about.
func (s *Server) mostCategories(v *quarterView) []quarterName {
	list := slices.Clone(v.Categories)
	slices.SortStableFunc(list, func(a, b issue.CategoryTally) int { return cmp.Compare(b.Issues, a.Issues) })
	var out []quarterName
	for _, c := range list[:min(len(list), 3)] {
		out = append(out, quarterName{Name: string(c.Category), Pill: whole(int64(c.Issues)).Text, Href: v.issuesAt(issue.StepFound, "category", string(c.Category))})
	}
	return out
}

// worstCard names, group by group, who has to be urged most: groups of unlike
// units are not mixed.
func (s *Server) worstCard(v *quarterView) quarterCard {
	card := quarterCard{Label: s.text.say("quarter.worst"), Tone: "is-good", Small: s.text.say("quarter.none_worst")}
	need := issue.ByNeed(v.Units)
	if len(need) == 0 {
		return card
	}
	card.Tone, card.Small = "is-bad", ""
	met := map[string]int{}
	for _, u := range need {
		group := s.groupName(v.IssueFigures.Groups[u.Unit])
		if met[group]++; met[group] > 1 {
			continue
		}
		card.Names = append(card.Names, quarterName{Group: group, Name: v.UnitNames[u.Unit], Pill: s.needText(u.Tally), Href: v.UnitAt(u.Unit)})
	}
	slices.SortStableFunc(card.Names, func(a, b quarterName) int { return cmp.Compare(a.Group, b.Group) })
	if len(card.Names) == 1 { // one group: the first few of it
		card.Names = nil
		for _, u := range need[:min(len(need), namesOnCard)] {
			card.Names = append(card.Names, quarterName{Name: v.UnitNames[u.Unit], Pill: s.needText(u.Tally), Href: v.UnitAt(u.Unit)})
		}
	}
	card.Note = s.text.say("quarter.worst_note")
	return card
}

// needText says why a unit has to be urged.
func (s *Server) needText(t issue.Tally) string {
	switch {
	case t.Overdue > 0:
		return s.text.say("quarter.need_overdue", t.Overdue, t.Open())
	case t.Open() > 0:
		return s.text.say("quarter.need_open", t.Open())
	}
	return s.text.say("quarter.need_again", t.Recurring+t.Reopened)
}

// todoCard says to a unit what it still owes.
func (s *Server) todoCard(v *quarterView) quarterCard {
	owed := 0
	for state, n := range v.IssueFigures.States {
		if state.Owed() {
			owed += n
		}
	}
	card := quarterCard{Label: s.text.say("quarter.owed"), Big: s.text.say("quarter.big", whole(int64(owed)).Text), Tone: "is-good", Small: s.text.say("quarter.owes_nothing")}
	if owed > 0 {
		card.Tone, card.Small = "is-calm", s.text.say("quarter.owed_small")
		card.Href = v.issuesAt("", "stand", "owed")
	}
	return card
}

// change says in words how a count stands to the quarter before.
func (c catalogue) change(now, before int) string {
	switch {
	case before == 0:
		return c.say("quarter.no_before")
	case now > before:
		return c.say("quarter.more", before, now-before)
	case now < before:
		return c.say("quarter.less", before, before-now)
	}
	return c.say("quarter.same", before)
}

// quarterNumbers are the rates and days, each with what it rests on and the
// quarter before beside it.
func (s *Server) quarterNumbers(v *quarterView) {
	all, before := v.All, v.Before.All
	key := func(label string, now, last dashboards.Cell, note string) {
		v.Numbers = append(v.Numbers, keyFigure{Label: s.text.say(label), Note: note, Value: now, Last: last, HasLast: last.Mark != "none", Href: now.Href})
	}
	key("quarter.on_time", s.rateCell(all.OnTime, v.issuesAt(issue.StepHanded, "late", "1")), s.rateCell(before.OnTime, ""), s.text.say("quarter.on_time_note"))
	key("quarter.rectified", s.rateCell(all.Rectified, v.issuesAt(issue.StepSettled)), s.rateCell(before.Rectified, ""), s.text.say("quarter.rectified_note"))
	key("quarter.median", s.daysCell(all.Days.Median, all.Days.N, v.issuesAt(issue.StepSettled)), s.daysCell(before.Days.Median, before.Days.N, ""), s.text.say("quarter.median_note"))
	key("quarter.longest_days", s.daysCell(float64(all.Days.Worst), all.Days.N, v.issuesAt(issue.StepSettled)), s.daysCell(float64(before.Days.Worst), before.Days.N, ""), "")
	key("quarter.again", linked(all.Recurring, v.issuesAt(issue.StepFound, "recurring", "1")), linked(before.Recurring, ""), s.text.say("quarter.again_note"))
	key("quarter.returned", linked(all.Returned, v.issuesAt(issue.StepFound, "returned", "1")), linked(before.Returned, ""),
		s.text.say("quarter.reopened_n", all.Reopened))
}

// quarterStates are how many issues stand where.
func (s *Server) quarterStates(v *quarterView) {
	for _, state := range issue.States {
		if n := v.IssueFigures.States[state]; n > 0 {
			v.States = append(v.States, progressTile{Label: issue.StateNames[state], Count: n, Href: v.issuesAt("", "state", string(state))})
		}
	}
}

// silentShown is how many units without any answer the board names.
const silentShown = 12

func (s *Server) quarterSilent(v *quarterView) {
	for k, u := range v.IssueFigures.Silent {
		if k == silentShown {
			v.SilentMore = len(v.IssueFigures.Silent) - k
			break
		}
		v.Silent = append(v.Silent, quarterName{Name: v.UnitNames[u], Href: v.UnitAt(u)})
	}
}
