package issue

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
)

var quarterText = regexp.MustCompile(`^(\d{4})年?(?:[Qq]|第)?([1-4一二三四])(?:季度|季)?$`)

// ParseQuarter reads 2026Q3, 2026年第三季度 and 2026年3季度. Error: ErrInvalid.
func ParseQuarter(text string) (disclosure.Period, error) {
	m := quarterText.FindStringSubmatch(disclosure.NormalName(text))
	if m == nil {
		return disclosure.Period{}, wrong("“%s”不是季度,请写成2026Q3的样子。", clip(text))
	}
	year, _ := strconv.Atoi(m[1])
	quarter := strings.Index("一二三四", m[2])/len("一") + 1
	if m[2] <= "9" {
		quarter, _ = strconv.Atoi(m[2])
	}
	p := disclosure.Period{Year: disclosure.Year(year), Quarter: quarter}
	if !p.Year.Valid() {
		return disclosure.Period{}, wrong("“%s”的年份不对,请核对。", clip(text))
	}
	return p, nil
}

// QuarterName is 2026年第三季度.
func QuarterName(p disclosure.Period) string {
	if p.Quarter < 1 || p.Quarter > 4 {
		return p.Year.String() + "年"
	}
	return fmt.Sprintf("%s年第%c季度", p.Year, []rune("一二三四")[p.Quarter-1])
}

// QuarterOf is the quarter in which a moment falls.
func QuarterOf(t time.Time) disclosure.Period {
	d := calendar.DayOf(t)
	return disclosure.Period{Year: d.Year(), Quarter: (int(d.Month()) + 2) / 3}
}

// Before is the quarter before.
func Before(p disclosure.Period) disclosure.Period {
	if p.Quarter == 1 {
		return disclosure.Period{Year: p.Year - 1, Quarter: 4}
	}
	return disclosure.Period{Year: p.Year, Quarter: p.Quarter - 1}
}

var quarterNamed = regexp.MustCompile(`(20\d{2})年?第?([1-4一二三四])季度|(20\d{2})[Qq]([1-4])`)

// NamedQuarters are the quarters that a file's name, its titles and the names of
// its sheets speak of; what its rows say is their own.
func NamedQuarters(name string, doc *document.Document) []disclosure.Period {
	texts := []string{name}
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			if n := len([]rune(b.Text)); n <= 60 {
				texts = append(texts, b.Text)
			}
			continue
		}
		texts = append(texts, b.Grid.Name)
		filled, title := [3]int{}, [3]string{}
		for _, c := range b.Grid.Cells {
			if c.Row < len(filled) && strings.TrimSpace(c.Text) != "" {
				filled[c.Row], title[c.Row] = filled[c.Row]+1, c.Text
			}
		}
		for r, n := range filled {
			if n == 1 { // alone in its row, it is a title
				texts = append(texts, title[r])
			}
		}
	}
	var out []disclosure.Period
	for _, text := range texts {
		for _, m := range quarterNamed.FindAllStringSubmatch(disclosure.NormalName(text), 10) {
			if p, err := ParseQuarter(m[1] + m[3] + "Q" + m[2] + m[4]); err == nil && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// clip keeps what a sentence quotes of a foreign text short.
func clip(s string) string { return disclosure.Clip(strings.TrimSpace(s), 30) }
