package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
)

// filterParams are the parameters that pages share.
var filterParams = []string{"year", "basis", "kind", "group"}

// filterOf reads the filters out of the address.
func filterOf(c echo.Context) (office.Filter, error) {
	f := office.Filter{Basis: office.Approved, Kind: disclosure.UnitKind(c.QueryParam("kind")), Group: c.QueryParam("group")}
	switch b := c.QueryParam("basis"); b {
	case "", string(office.Approved):
	case string(office.Provisional):
		f.Basis = office.Provisional
	default:
		return f, disclosure.Errorf(disclosure.ErrInvalid, "数据口径只能选“已通过”或“含已提交(暂定)”。")
	}
	if text := c.QueryParam("year"); text != "" {
		y, err := parseYear(text)
		if err != nil {
			return f, err
		}
		f.Year = y
	}
	return f, nil
}

func parseYear(text string) (disclosure.Year, error) {
	n, err := strconv.Atoi(text)
	if y := disclosure.Year(n); err == nil && y.Valid() {
		return y, nil
	}
	return 0, disclosure.Errorf(disclosure.ErrInvalid, "年份应是%d到%d之间的四位数字。", disclosure.MinYear, disclosure.MaxYear)
}

// parseYears reads "2021,2022" or repeated parameters.
func parseYears(values []string) ([]disclosure.Year, error) {
	var out []disclosure.Year
	for _, v := range values {
		for _, part := range strings.Split(v, ",") {
			if part == "" {
				continue
			}
			y, err := parseYear(part)
			if err != nil {
				return nil, err
			}
			out = append(out, y)
		}
	}
	return out, nil
}

func parseUnit(text string) (disclosure.UnitNumber, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, disclosure.Errorf(disclosure.ErrNotFound, "没有这个单位,请从单位列表中选择。")
	}
	return disclosure.UnitNumber(n), nil
}

// parsePeriod reads "2023" and "2023Q4".
func parsePeriod(text string) (disclosure.Period, error) {
	year, quarter, has := strings.Cut(text, "Q")
	y, err := parseYear(year)
	if err != nil {
		return disclosure.Period{}, err
	}
	p := disclosure.Period{Year: y}
	if has {
		if p.Quarter, err = strconv.Atoi(quarter); err != nil || p.Quarter < 1 || p.Quarter > 4 {
			return p, disclosure.Errorf(disclosure.ErrInvalid, "季度应写成2023Q1到2023Q4的样子。")
		}
	}
	return p, nil
}

// pager is a long list's page, counted from 1.
type pager struct{ Page, Pages int }

// pagerOf reads which page is asked for, and says which rows it holds.
func pagerOf(c echo.Context, total, perPage int) (p pager, from, to int) {
	return pageOf(c.QueryParam("page"), total, perPage)
}

func pageOf(text string, total, perPage int) (p pager, from, to int) {
	p = pager{Page: 1, Pages: max(1, (total+perPage-1)/perPage)}
	if n, err := strconv.Atoi(text); err == nil {
		p.Page = min(max(n, 1), p.Pages)
	}
	from = (p.Page - 1) * perPage
	return p, from, min(from+perPage, total)
}

// scopeNames are the scopes in addresses.
var scopeNames = map[disclosure.Scope]string{
	disclosure.ScopeUnknown: "unknown", disclosure.ScopeAgency: "agency", disclosure.ScopeLevel: "level", disclosure.ScopeRegion: "region",
}

func parseScope(text string) (disclosure.Scope, error) {
	for s, name := range scopeNames {
		if name == text {
			return s, nil
		}
	}
	return "", disclosure.Errorf(disclosure.ErrNotFound, "没有这种口径的报告,请从单位页面进入。")
}

// reportHref is a report's address; without fragment.
func reportHref(k office.ReportKey, basis string) string {
	at := fmt.Sprintf("/reports/%d/%s/%s/%s", k.Unit, k.Period, url.PathEscape(k.Family), scopeNames[k.Scope])
	if basis == string(office.Provisional) {
		at += "?basis=" + basis
	}
	return at
}

// sourceHref is the address of one of a report's original files.
func sourceHref(k office.ReportKey, sum, basis string) string {
	path, query, _ := strings.Cut(reportHref(k, basis), "?")
	path += "/source/" + url.PathEscape(sum)
	if query != "" {
		path += "?" + query
	}
	return path
}

func unitText(n disclosure.UnitNumber) string { return strconv.FormatUint(uint64(n), 10) }

func unitHref(n disclosure.UnitNumber) string { return fmt.Sprintf("/units/%d", n) }
