package web

import (
	"net/url"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
)

// flag marks a unit's number of a year that somebody has to look at, and leads
// to the matter, or to the list of them.
func (s *Server) flag(points office.MatterPoints, y disclosure.Year, unit disclosure.UnitNumber, ind office.Indicator, basis string) dashboards.Flag {
	of := points.Of(y, unit, ind)
	switch len(of) {
	case 0:
		return dashboards.Flag{}
	case 1:
		return dashboards.Flag{Text: s.text.say("flag.text", 1), Href: matterHref(y, basis, of[0].ID)}
	}
	return dashboards.Flag{Text: s.text.say("flag.text", len(of)), Href: address("/matters", url.Values{"year": {y.String()}, "basis": {basis},
		"unit": {unitText(unit)}, "code": {string(ind.Code)}})}
}

// sumFlag marks a district's number of a year; the list keeps the page's filters.
func (s *Server) sumFlag(page *view, points office.MatterPoints, y disclosure.Year, ind office.Indicator, basis string) dashboards.Flag {
	n := points.Count(y, ind)
	if n == 0 {
		return dashboards.Flag{}
	}
	return dashboards.Flag{Text: s.text.say("flag.text", n), Href: page.Keep("/matters", "year", y.String(), "basis", basis, "code", string(ind.Code))}
}
