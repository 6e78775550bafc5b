package notice

import (
	"fmt"

	"mingjing/internal/issue"

	"github.com/shopspring/decimal"
)

func (w *writer) opening() {
	name := "opening"
	if w.facts.Now.All.Issues == 0 && w.facts.Before.All.Issues == 0 {
		name = "opening.none"
	}
	w.text(w.say(name, text("quarter", issue.QuarterName(w.facts.Quarter)), text("date", w.date())))
}

// scores is the score table, ranked within 考核分组, equal scores side by side.
func (w *writer) scores() {
	if len(w.facts.Rankings) == 0 {
		w.text(w.say("scores.none"))
		return
	}
	for n, r := range w.facts.Rankings {
		if len(w.facts.Rankings) > 1 {
			w.heading(2, r.Title)
		}
		units := 0
		for _, g := range r.Groups {
			units += len(g.Units)
		}
		at := fmt.Sprintf("ranking/%d", n)
		w.text(w.say("scores.intro", text("list", r.Title), count("units", key(at, "units"), units)))
		if k := len(r.Differences); k > 0 && w.out.Edition == Internal {
			w.text(w.say("scores.differences", count("n", key(at, "differences"), k)))
		}
		earned, of := issue.Places(r.Groups)
		for _, g := range r.Groups {
			w.group(at, g, earned, of)
		}
	}
}

func groupName(g string) string {
	if g == "" {
		return "未分组单位"
	}
	return g
}

// group is one group's table, its marks printed with as many decimals.
func (w *writer) group(at string, g issue.RankedGroup, earned, of int32) {
	name := groupName(g.Group)
	if len(g.Units) > 0 {
		first, last := g.Units[0], g.Units[len(g.Units)-1]
		scored := func(u issue.Ranked) string { return fmt.Sprintf("%s/unit/%d.score", at, u.Unit) }
		var best, worst []string
		for _, u := range g.Units {
			if u.Rank == first.Rank {
				best = append(best, w.ranked(u))
			}
			if u.Rank == last.Rank {
				worst = append(worst, w.ranked(u))
			}
		}
		if first.Rank == last.Rank {
			w.text(w.say("scores.one", text("group", name), scoreFigure("score", scored(first), first.Score)))
		} else {
			w.text(w.say("scores.first", text("group", name), text("names", listed(best)), scoreFigure("score", scored(first), first.Score),
				text("last", listed(worst)), scoreFigure("low", scored(last), last.Score)))
		}
		t := Table{Name: "scores", Caption: w.say("scores.group", text("group", name)), Columns: []Column{{Label: "名次", Width: .14}, {Label: "单位", Width: .42, Left: true},
			{Label: "实得分", Width: .14}, {Label: "适用分值", Width: .15}, {Label: "得分", Width: .15}}}
		for _, u := range g.Units {
			rank := fmt.Sprint(u.Rank)
			if u.Tied {
				rank += "（并列）"
			}
			unit := fmt.Sprintf("%s/unit/%d", at, u.Unit)
			if u.Unit == 0 { // a name that no unit bears
				unit = at + "/unit/" + u.UnitText
			}
			t.Rows = append(t.Rows, []Cell{{rank, key(unit, "rank")}, {Text: w.ranked(u)}, {u.Earned.StringFixed(earned), key(unit, "earned")}, {u.Of.StringFixed(of), key(unit, "of")}, {u.Score.StringFixed(issue.ScorePlaces), key(unit, "score")}})
		}
		w.table(t)
	}
	if len(g.Unscored) > 0 {
		w.text(w.say("scores.unscored", text("names", listed(g.Unscored))))
	}
}

// scoreFigure is a score in a sentence, as its column has it.
func scoreFigure(place, key string, d decimal.Decimal) value {
	return value{place, key, d.StringFixed(issue.ScorePlaces)}
}

func (w *writer) ranked(u issue.Ranked) string {
	if n := w.facts.Names[u.Unit]; n != "" {
		return n
	}
	return u.UnitText
}
