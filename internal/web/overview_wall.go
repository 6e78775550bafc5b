package web

import (
	"net/url"

	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

// overviewWall is the overview's word on who has not filed: by the true state of
// each report, with those named who are behind.
type overviewWall struct {
	Count, All    int
	Open, Overdue string // where the units stand
	Tiles         []progressTile
	Late, Names   []office.ProgressLine
	AtUnit        []office.ProgressLine // with their own reviewer
	More          int
}

// wallNames is how many units each list of the overview names; the wall names all.
const wallNames = 12

func (s *Server) overviewWall(c echo.Context, f office.Filter) (*overviewWall, error) {
	if f.Year == 0 || !visitor(c).Anywhere(people.SeeProgress) {
		return nil, nil
	}
	wall, err := s.office.Progress(c.Request().Context(), visitor(c), office.ProgressFilter{Year: f.Year, Kind: f.Kind, Group: f.Group})
	if err != nil {
		return nil, err
	}
	to := func(m office.ProgressMark) string {
		return address("/progress", url.Values{"year": {f.Year.String()}, "kind": {string(f.Kind)}, "group": {f.Group}, "mark": {string(m)}})
	}
	v := &overviewWall{Count: wall.Counts[office.MarkOpen], All: wall.All, Open: to(office.MarkOpen), Overdue: to(office.MarkOverdue)}
	for _, m := range office.ProgressTiles[1:] {
		v.Tiles = append(v.Tiles, progressTile{Label: s.text.say("progressmark." + string(m)), Count: wall.Counts[m], Href: to(m), Bad: m == office.MarkOverdue && wall.Counts[m] > 0})
	}
	for _, l := range wall.Lines {
		switch {
		case l.Next.Overdue > 0 && len(v.Late) < wallNames:
			v.Late = append(v.Late, l)
		case l.Next.Overdue > 0:
			v.More++
		case l.Is(office.MarkReview) && len(v.AtUnit) < wallNames:
			v.AtUnit = append(v.AtUnit, l)
		case l.Is(office.MarkOpen) && len(v.Names) < wallNames:
			v.Names = append(v.Names, l)
		}
	}
	return v, nil
}
