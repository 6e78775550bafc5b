package check

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// Published tries PUB-R1: what a unit's site shows is the report that was
// approved. approved is that report, found what was read out of the published
// page or out of text pasted from it. It compares unit and year, cell by cell,
// and the prose, and returns the findings gravest first; nil when nothing
// differs. Codes are cells of approved.
//
// Text of the page around the report (navigation, 打印, 关闭) is no difference.
func Published(approved, found *disclosure.Report) []Finding {
	return PublishedOf(nil, approved, found)
}

// PublishedOf is Published with the unit, whose other names the page may use.
func PublishedOf(unit *disclosure.Unit, approved, found *disclosure.Report) []Finding {
	if approved.Form == nil || found.Form == nil || approved.Form.Family != found.Form.Family {
		return []Finding{{Rule: "PUB-R1", Severity: NotAssessable, Codes: []disclosure.Code{}, Aspect: "form",
			Message: "没有在发布页面上认出与定稿同一种表式,请确认网址或改为粘贴发布页面的全文再核对。"}}
	}
	e := &examination{plan: planOf(approved.Form)}
	e.sheet = readSheet(e.plan, approved)
	c := &collation{examination: e, page: readSheet(e.plan, found)}
	c.identity(unit, found)
	if approved.Form != found.Form {
		c.differ("form", approved.Form.Version+"年表式", found.Form.Version+"年表式", "发布稿用的是%[2]s,定稿是%[1]s,请改用定稿重新发布。")
	} else {
		c.tables()
	}
	c.text(found)
	e.sort()
	return e.findings
}

// collation is an approved report under PUB-R1, beside what was published.
type collation struct {
	*examination
	page *sheet
}

// differ finds something without cells.
func (c *collation) differ(aspect, expected, actual, message string) {
	c.find(Finding{Rule: "PUB-R1", Severity: Explain, Aspect: aspect, Expected: expected, Actual: actual,
		Message: fmt.Sprintf(message, expected, actual)}, nil)
}

func (c *collation) identity(unit *disclosure.Unit, found *disclosure.Report) {
	own := Member{Report: c.report, Unit: unit}.names()
	if name := disclosure.NormalName(found.Unit); name != "" && len(own) > 0 && !bornBy(name, own) {
		c.differ("unit", excerpt(c.report.Unit), excerpt(found.Unit), "发布页面写的单位是“%[2]s”,定稿是“%[1]s”,请核对网址和标题并更正。")
	}
	if want, is := c.report.Period, found.Period; want.Year != 0 && is.Year != 0 && want != is {
		c.differ("year", want.String(), is.String(), "发布页面是%[2]s年度的报告,定稿是%[1]s年度的,请核对网址或重新发布。")
	}
}

// bornBy says whether a printed name is one of a unit's, with or without the
// names of province and city before it.
func bornBy(name string, own []string) bool {
	for _, n := range own {
		short, long := name, n
		if len(short) > len(long) {
			short, long = long, short
		}
		if strings.HasSuffix(long, short) && utf8.RuneCountInString(short) >= 4 || short == long {
			return true
		}
	}
	return false
}

// tables compares cell by cell. A table that the page does not have at all is
// one finding.
func (c *collation) tables() {
	for t := range c.form.Tables {
		table := &c.form.Tables[t]
		var cells []int
		held, shown := false, false
		for i := range c.defs {
			if c.defs[i].Table == table {
				cells = append(cells, i)
				held = held || c.kinds[i] == disclosure.CellNumber
				shown = shown || c.page.kinds[i] != ""
			}
		}
		switch {
		case held && !shown:
			c.find(Finding{Rule: "PUB-R1", Severity: Explain, Aspect: table.Key, Table: table.Name, Expected: table.Name, Actual: "没有",
				Message: fmt.Sprintf("发布页面上没有找到%s“%s”,请补发这张表,或粘贴页面全文再核对。", table.Name, table.Title)}, nil)
		case held || shown:
			for _, i := range cells {
				c.cell(i)
			}
		}
	}
}

func (c *collation) cell(i int) {
	want, is := shownAs(c.sheet, i), shownAs(c.page, i)
	if want == is || c.folded(i) {
		return
	}
	f := Finding{Rule: "PUB-R1", Severity: Explain, Expected: want, Actual: is,
		Message: fmt.Sprintf("%s定稿为%s,发布稿为%s,请按定稿更正发布页面。", cellName(c.defs[i]), inWords(want), inWords(is))}
	if c.kinds[i] == disclosure.CellNumber && c.page.kinds[i] == disclosure.CellNumber {
		f.Difference = number(c.page.nums[i].Sub(c.nums[i]))
	}
	c.find(f, []int{i})
}

// shownAs is what a cell holds as a text: "" for blank, "/" and a code that is
// not there, which look alike on a page.
func shownAs(s *sheet, i int) string {
	switch s.kinds[i] {
	case disclosure.CellNumber:
		return number(s.nums[i])
	case disclosure.CellUnread:
		return excerpt(s.report.Cells[codeAt(s, i)].Raw)
	}
	return ""
}

func codeAt(s *sheet, i int) disclosure.Code { return s.report.Form.AllCells()[i].Code }

func inWords(shown string) string {
	if shown == "" {
		return "空白"
	}
	return shown
}

// folded says that a cell belongs to rows which one of the two prints as one
// row and the other apart, with the same sum.
func (c *collation) folded(i int) bool {
	merged, ok := c.stands[i]
	if !ok {
		if _, isAlternate := c.details[i]; !isAlternate {
			return false
		}
		merged = i
	}
	want, apart, ok1 := c.sum(c.sheet, merged)
	is, alsoApart, ok2 := c.sum(c.page, merged)
	return ok1 && ok2 && apart != alsoApart && want.Equal(is)
}

// sum is an alternate's value; apart says that it stands in its details.
func (c *collation) sum(s *sheet, merged int) (total decimal.Decimal, apart, ok bool) {
	for _, i := range c.details[merged] {
		if s.kinds[i] == disclosure.CellNumber {
			total, apart = total.Add(s.nums[i]), true
		}
	}
	if apart {
		return total, true, s.kinds[merged] != disclosure.CellNumber
	}
	return s.nums[merged], false, s.kinds[merged] == disclosure.CellNumber
}

// text compares the prose: how much of the approved text stands on the page,
// wherever it was broken into lines, and the first sentence that does not.
func (c *collation) text(found *disclosure.Report) {
	if !c.report.HasProse {
		return
	}
	want, is := sentences(c.report), sentences(found)
	if len(want) == 0 {
		return
	}
	if len(is) == 0 {
		c.find(Finding{Rule: "PUB-R1", Severity: Notice, Aspect: "prose", Expected: "正文", Actual: "没有",
			Message: "发布页面上没有找到正文,请核对网址,或粘贴页面全文再核对。"}, nil)
		return
	}
	page, own := lettersOf(is), lettersOf(want)
	total, same, first := 0, 0, ""
	for i := range want {
		letters := lettersOf(want[i : i+1])
		n := utf8.RuneCountInString(letters)
		total += n
		if strings.Contains(page, letters) {
			same += n
		} else if first == "" {
			first = want[i].printed
		}
	}
	if first != "" {
		share := float64(same) / float64(max(1, total))
		c.find(Finding{Rule: "PUB-R1", Severity: Notice, Aspect: "prose", Expected: "与定稿一致", Actual: wholePercent(share), Quote: excerptOf(first, longestQuoted),
			Message: fmt.Sprintf("发布稿正文约有%s与定稿相同,定稿中“%s”一句起不同,请核对后更正或说明。", wholePercent(share), excerpt(first))}, nil)
		return
	}
	if added := addedSentence(is, own); added != "" {
		c.find(Finding{Rule: "PUB-R1", Severity: Notice, Aspect: "prose", Expected: "与定稿一致", Actual: "有增加", Quote: excerptOf(added, longestQuoted),
			Message: fmt.Sprintf("发布稿正文比定稿多出“%s”等内容,请核对后更正或说明。", excerpt(added))}, nil)
	}
}

// wholePercent is a share as a percentage that is 100% for a whole only.
func wholePercent(share float64) string { return fmt.Sprintf("%d%%", int(share*100)) }

// addedSentence is the first sentence of the page that the approved text lacks,
// between sentences that it has: what stands around the report is the page's.
func addedSentence(page []sentence, own string) string {
	first, begun := "", false
	for i := range page {
		letters := lettersOf(page[i : i+1])
		switch {
		case letters == "":
		case strings.Contains(own, letters):
			if begun = true; first != "" {
				return first
			}
		case begun && first == "":
			first = page[i].printed
		}
	}
	return ""
}

// lettersOf are the letters and digits of sentences, in one piece.
func lettersOf(all []sentence) string {
	var b strings.Builder
	for i := range all {
		for _, r := range all[i].text {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
