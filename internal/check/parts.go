package check

import (
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// version tries FMT-R1: the form is the one prescribed for the year.
func (e *examination) version() {
	year := e.report.Period.Year
	f := Finding{Rule: "FMT-R1", Actual: e.form.Version}
	if year == 0 {
		f.Severity = NotAssessable
		f.Message = "未能识别报告年度,无法核验表单版本,请注明年度后重新核验。"
		e.find(f, nil)
		return
	}
	if e.form.FitsYear(year) {
		return
	}
	f.Severity = Error
	f.Message = fmt.Sprintf("%s年度报告用的是%s版表单(%s),不适用于该年度,请核对报告年度。", year, e.form.Version, e.form.Authority)
	if right := disclosure.FormFor(e.form.Family, year); right != nil {
		f.Expected = right.Version
		f.Message = fmt.Sprintf("%s年度报告应使用%s版表单(%s),现用的是%s版(%s),请换用规定的表单重新填报。",
			year, right.Version, right.Authority, e.form.Version, e.form.Authority)
	}
	e.find(f, nil)
}

// parts tries FMT-R2 on a report that came with its text: every part of the
// form is there, in order, numbered as the form numbers it, and not empty. A
// prose part is known by its title, or else by the number the reader gave it;
// a table part is there when one of its cells is, and empty when nothing but
// blanks stands in it.
func (e *examination) parts() {
	if !e.report.HasProse {
		return
	}
	places := e.headings()
	var missing, empty, misnumbered, order []string
	last := -1
	for i := range e.form.Parts {
		part := &e.form.Parts[i]
		heads := places[i]
		if len(heads) > 0 {
			if heads[0] < last {
				order = append(order, part.Title)
			}
			last = max(last, heads[0])
			title := strings.TrimSpace(e.report.Prose[heads[0]].Title)
			if title != "" && printedNumber(title) != part.Number {
				misnumbered = append(misnumbered, fmt.Sprintf("“%s”应为“%s”", excerpt(title), part.Title))
			}
		}
		switch there, filled := e.partState(part, heads); {
		case !there:
			missing = append(missing, part.Title)
		case !filled:
			empty = append(empty, part.Title)
		}
	}
	e.partFinding(missing, "报告缺少“%s”,请补写该部分(没有内容的写明“无”)。", "缺少")
	e.partFinding(empty, "“%s”没有内容,请补写该部分(没有内容的写明“无”)。", "空白")
	if len(order) > 0 {
		e.partFinding([]string{strings.Join(order, "”“")}, "“%s”不在规定的位置,请按六个部分的规定次序排列。", "次序颠倒")
	}
	if len(misnumbered) > 0 {
		e.find(Finding{Rule: "FMT-R2", Severity: Explain, Aspect: "numbers", Expected: "按规定编号", Actual: "序号缺失或重排",
			Message: fmt.Sprintf("各部分的序号缺失或重排:%s,请按规定编号。", strings.Join(misnumbered, ";"))}, nil)
	}
}

// partFinding adds one finding a title.
func (e *examination) partFinding(titles []string, sentence, actual string) {
	for _, t := range titles {
		e.find(Finding{Rule: "FMT-R2", Severity: Explain, Aspect: t, Expected: t, Actual: actual, Message: fmt.Sprintf(sentence, t)}, nil)
	}
}

// headings gives, for each of the form's parts, the places in the report's
// prose that belong to it.
func (e *examination) headings() [][]int {
	out := make([][]int, len(e.form.Parts))
	for i, p := range e.report.Prose {
		if p.Number == 0 {
			continue
		}
		name := bareTitle(p.Title)
		part := slices.IndexFunc(e.form.Parts, func(f disclosure.Part) bool { return bareTitle(f.Title) == name })
		if part < 0 {
			part = slices.IndexFunc(e.form.Parts, func(f disclosure.Part) bool { return f.Number == p.Number })
		}
		if part >= 0 {
			out[part] = append(out[part], i)
		}
	}
	return out
}

func (e *examination) partState(part *disclosure.Part, heads []int) (there, filled bool) {
	if part.Table == "" {
		for _, h := range heads {
			filled = filled || strings.TrimSpace(e.report.Prose[h].Text) != ""
		}
		return len(heads) > 0, filled
	}
	for i := range e.defs {
		if e.defs[i].Table.Key == part.Table && e.kinds[i] != "" {
			there = true
			filled = filled || e.printed(i)
		}
	}
	return there, filled
}

// bareTitle is a part's title without its number and white space.
func bareTitle(title string) string {
	return strings.TrimLeft(disclosure.NormalName(title), chineseDigits+"0123456789()、.,:")
}

const chineseDigits = "一二三四五六七八九十"

// printedNumber reads the number that a title begins with: 五、 is 5, (2) is 2;
// 0 when there is none.
func printedNumber(title string) int {
	s := strings.TrimLeft(disclosure.NormalName(title), "(第")
	for i, d := range []rune(chineseDigits) {
		if strings.HasPrefix(s, string(d)) {
			return i + 1
		}
	}
	if s != "" && s[0] >= '1' && s[0] <= '9' {
		return int(s[0] - '0')
	}
	return 0
}
