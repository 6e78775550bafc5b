package check

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// namesOf are the names that a member's unit goes by.
func (m Member) names() []string {
	out := []string{disclosure.NormalName(m.Report.Unit)}
	if m.Unit != nil {
		for _, n := range append([]string{m.Unit.Name, m.Unit.Short}, m.Unit.Aliases...) {
			out = append(out, disclosure.NormalName(n))
		}
	}
	return slices.DeleteFunc(out, func(n string) bool { return len([]rune(n)) < 3 })
}

// bears says whether a member's report names the unit of another where only
// its own name belongs.
func (a *assembly) bears(member, other int32) bool {
	own, foreign := a.members[member].names(), map[string]bool{}
	for _, n := range a.members[other].names() {
		foreign[n] = true
	}
	return slices.ContainsFunc(sentences(a.members[member].Report), func(s sentence) bool {
		return speaksAs(&s, foreign, own) != ""
	})
}

// speaker is what follows a unit's name where the report tells what that unit
// did in its year.
const speaker = `(?:(?:20\d{2}年(?:度)?)?政府信息公开(?:工作)?(?:年度)?报告|根据《|依照《|按照《|(?:20\d{2}年|全年|本年度?)?(?:围绕|高度重视|认真(?:贯彻|落实|做好)|严格(?:按照|落实|执行)|坚持以|坚持|切实|扎实|共?(?:收到|受理|主动公开|发布)|的公开工作中))`

var (
	speaks       = regexp.MustCompile(`^` + speaker)
	subjectBegin = regexp.MustCompile(`[。,;:.)、]|20\d{2}年度?|本年度?|一年来|现将`)
)

// Lengths of names in characters that are looked for.
const (
	shortestName = 4
	longestName  = 24
)

// speaksAs returns the foreign name that a sentence uses as the report's own
// subject, "" for none. Names are looked for where a subject can begin.
func speaksAs[T any](s *sentence, foreign map[string]T, own []string) string {
	at := func(i int) string {
		rest := s.text[i:]
		if slices.ContainsFunc(own, func(o string) bool { return strings.HasPrefix(rest, o) }) {
			return ""
		}
		n := 0
		for k := range rest {
			if n >= shortestName && n <= longestName {
				if _, ok := foreign[rest[:k]]; ok && speaks.MatchString(rest[k:]) {
					return rest[:k]
				}
			}
			if n++; n > longestName {
				break
			}
		}
		return ""
	}
	if name := at(0); name != "" {
		return name
	}
	for _, loc := range subjectBegin.FindAllStringIndex(s.text, -1) {
		if name := at(loc[1]); name != "" {
			return name
		}
	}
	return ""
}

// namesOfOthers finds other units of the list speaking in a report. Reports of
// governments and their offices, and such as sum up others, tell what many
// units did and are left alone.
func (a *assembly) namesOfOthers(i int, texts []sentence) {
	m := a.members[i]
	unit := disclosure.NormalName(m.Report.Unit)
	if m.Unit == nil || m.Unit.Kind == disclosure.UnitGovernment || wideTables(m.Report) || strings.Contains(unit, "政府办") ||
		strings.Contains(unit, "人民政府办") {
		return
	}
	own := m.names()
	for k := range texts {
		s := &texts[k]
		name := speaksAs(s, a.listed, own)
		if name == "" || !a.listed[name].strangerTo(m.Unit) {
			continue
		}
		a.exams[i].find(Finding{Rule: "CPY-R2", Severity: Explain, Aspect: "mentioned", Expected: m.Report.Unit, Actual: name, Quote: s.printed,
			Message: fmt.Sprintf("正文以“%s”的名义叙述,而本报告是“%s”的,疑为抄用他单位报告,请核对全文并更正。", name, m.Report.Unit)}, nil)
		return
	}
}

// listing is a unit that a name belongs to; shared by several units it tells
// of none.
type listing struct {
	unit   *disclosure.Unit
	shared bool
}

// strangerTo says that the unit has nothing to do with another: it is no
// government, not above or below it, and neither took over from the other.
func (l listing) strangerTo(u *disclosure.Unit) bool {
	o := l.unit
	return !l.shared && o.Number != u.Number && o.Number != u.Parent && o.Parent != u.Number && o.Kind != disclosure.UnitGovernment &&
		!slices.Contains(o.Successors, u.Number) && !slices.Contains(u.Successors, o.Number)
}

func listNames(units []disclosure.Unit) map[string]listing {
	out := map[string]listing{}
	for i := range units {
		u := &units[i]
		for _, n := range append([]string{u.Name, u.Short}, u.Aliases...) {
			n = disclosure.NormalName(n)
			if known, twice := out[n]; twice && known.unit != u {
				out[n] = listing{u, true}
			} else if n != "" {
				out[n] = listing{u, known.shared}
			}
		}
	}
	return out
}
