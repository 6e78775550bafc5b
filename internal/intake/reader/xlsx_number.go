package reader

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"
)

// dateEpoch is the day that serial number 0 stands for.
type dateEpoch int

const (
	epoch1900 dateEpoch = iota
	epoch1904
)

// numberStyle is what a number format makes of a number, as far as its text
// goes: most formats only round or group what is shown.
type numberStyle struct {
	kind    numberKind
	pattern string // of a date
}

type numberKind int

const (
	plainKind numberKind = iota
	percentKind
	dateKind
)

// builtinDates are the implied date formats (ECMA-376 18.8.30), those of the
// Chinese locale included.
var builtinDates = map[int]string{
	14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss",
	22: "yyyy/m/d h:mm", 27: `yyyy"年"m"月"`, 28: `m"月"d"日"`, 29: `m"月"d"日"`, 30: "m-d-yy", 31: `yyyy"年"m"月"d"日"`,
	32: `h"时"mm"分"`, 33: `h"时"mm"分"ss"秒"`, 36: `yyyy"年"m"月"`, 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss",
	50: `yyyy"年"m"月"`, 51: `m"月"d"日"`, 52: `yyyy"年"m"月"`, 53: `m"月"d"日"`, 54: `m"月"d"日"`, 57: `yyyy"年"m"月"`, 58: `m"月"d"日"`,
}

func (b *workbook) readStyles(c *xmlCursor) error {
	if _, err := c.root(); err != nil {
		return err
	}
	custom := map[int]string{}
	return c.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmts":
			return c.each(func(f xml.StartElement) error {
				custom[intAttr(f, "numFmtId", -1)] = attr(f, "formatCode")
				return c.skip()
			})
		case "cellXfs":
			return c.each(func(x xml.StartElement) error {
				b.styles = append(b.styles, styleOf(intAttr(x, "numFmtId", 0), custom))
				return c.skip()
			})
		}
		return c.skip()
	})
}

func styleOf(id int, custom map[int]string) numberStyle {
	code, ok := custom[id]
	if !ok {
		if pattern := builtinDates[id]; pattern != "" {
			return numberStyle{kind: dateKind, pattern: pattern}
		}
		if id == 9 || id == 10 {
			return numberStyle{kind: percentKind}
		}
		return numberStyle{}
	}
	code, _, _ = strings.Cut(code, ";") // the section for positive numbers
	bare := bareFormat(code)
	switch {
	case strings.ContainsAny(bare, "ymdhsYMDHS") && !strings.ContainsAny(bare, "0#?"):
		return numberStyle{kind: dateKind, pattern: code}
	case strings.Contains(bare, "%"):
		return numberStyle{kind: percentKind}
	}
	return numberStyle{}
}

// bareFormat is the format code without literals, colours and locales, and
// with General taken out (its letters would pass for a date's).
func bareFormat(code string) string {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch code[i] {
		case '"', '[':
			end := byte('"')
			if code[i] == '[' {
				end = ']'
			}
			if n := strings.IndexByte(code[i+1:], end); n >= 0 {
				i += n + 1
			}
		case '\\', '_', '*':
			i++
		default:
			b.WriteByte(code[i])
		}
	}
	return strings.ReplaceAll(strings.ReplaceAll(b.String(), "General", ""), "GENERAL", "")
}

// number is a stored number as text, under the cell's style.
func (b *workbook) number(value string, style int) string {
	var s numberStyle
	if style >= 0 && style < len(b.styles) {
		s = b.styles[style]
	}
	if s.kind == plainKind {
		return plainNumber(value)
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return value
	}
	if s.kind == percentKind {
		return plainNumber(strconv.FormatFloat(n*100, 'g', 15, 64)) + "%"
	}
	if n < 0 || n > 2_958_466 { // 31 December 9999
		return plainNumber(value)
	}
	return printDate(n, s.pattern, b.epoch)
}

// plainNumber writes the number without exponent and without the binary
// fraction's tail: Excel stores 7730.28 as 7730.2799999999997.
func plainNumber(value string) string {
	trimmed := strings.TrimSpace(value)
	n, err := strconv.ParseFloat(trimmed, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || math.Abs(n) >= 1e21 {
		return trimmed
	}
	if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return strconv.FormatInt(int64(n), 10)
	}
	// Excel shows and keeps 15 significant digits; what is beyond is noise of
	// binary sums (0.1+0.2).
	n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// printDate shows a serial day number under a date pattern of y, m, d, h, s and
// literals.
func printDate(serial float64, pattern string, epoch dateEpoch) string {
	// Lotus counted a 29 February 1900, so serials from 60 are a day ahead.
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if epoch == epoch1904 {
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if serial < 60 {
		base = base.AddDate(0, 0, 1)
	}
	days := math.Floor(serial)
	at := base.AddDate(0, 0, int(days)).Add(time.Duration(math.Round((serial-days)*86400)) * time.Second)
	var b strings.Builder
	runes := []rune(pattern)
	afterHour := false
	for i := 0; i < len(runes); {
		r := runes[i]
		lower := r | 0x20
		switch {
		case r == '"':
			for i++; i < len(runes) && runes[i] != '"'; i++ {
				b.WriteRune(runes[i])
			}
			i++
		case r == '[':
			for i++; i < len(runes) && runes[i] != ']'; i++ {
			}
			i++
		case r == '\\' && i+1 < len(runes):
			b.WriteRune(runes[i+1])
			i += 2
		case r == '_' || r == '*':
			i += 2
		case r == '@':
			i++
		case strings.ContainsRune("ymdhs", lower) && r < 0x80:
			n := 1
			for i+n < len(runes) && runes[i+n]|0x20 == lower {
				n++
			}
			i += n
			minutes := lower == 'm' && (afterHour || followedBySeconds(runes[i:]))
			b.WriteString(datePart(at, lower, n, minutes))
			afterHour = lower == 'h'
		default:
			b.WriteRune(r)
			i++
		}
	}
	return strings.TrimSpace(b.String())
}

// followedBySeconds tells the minutes of mm:ss from a month.
func followedBySeconds(rest []rune) bool {
	for _, r := range rest {
		switch r | 0x20 {
		case 's':
			return true
		case 'y', 'm', 'd', 'h':
			return false
		}
	}
	return false
}

func datePart(at time.Time, part rune, width int, minutes bool) string {
	layout := ""
	switch {
	case part == 'y' && width <= 2:
		layout = "06"
	case part == 'y':
		layout = "2006"
	case minutes && width == 1:
		layout = "4"
	case minutes:
		layout = "04"
	case part == 'm':
		layout = []string{"1", "01", "Jan", "January"}[min(width, 4)-1]
	case part == 'd':
		layout = []string{"2", "02", "Mon", "Monday"}[min(width, 4)-1]
	case part == 'h' && width == 1:
		return strconv.Itoa(at.Hour())
	case part == 'h':
		layout = "15"
	case part == 's' && width == 1:
		layout = "5"
	default:
		layout = "05"
	}
	return at.Format(layout)
}
