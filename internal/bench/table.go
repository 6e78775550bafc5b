package bench

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// line is one measurement.
type line struct {
	what     string
	aim      string
	measured string
	ratio    string // against the engine alone, where there is such a thing
	verdict  string
}

// table prints sections of lines as they are measured.
type table struct {
	w   io.Writer
	err error // the first of writing
}

func newTable(w io.Writer) *table { return &table{w: w} }

func (t *table) printf(format string, args ...any) {
	if _, err := fmt.Fprintf(t.w, format, args...); err != nil && t.err == nil {
		t.err = err
	}
}

// lines prints a section. calibration is what the calibration query took at
// that time, so that runs on a busy machine can be told from slow code.
func (t *table) lines(heading string, calibration time.Duration, lines []line) {
	t.printf("\n%s", heading)
	if calibration > 0 {
		t.printf("(校准查询 %s)", milliseconds(calibration))
	}
	t.printf("\n")
	rows := [][]string{{"项目", "目标", "实测", "比值", "结论"}}
	for _, l := range lines {
		rows = append(rows, []string{l.what, l.aim, l.measured, l.ratio, l.verdict})
	}
	t.grid(rows)
}

// grid prints rows in columns; empty cells become "-".
func (t *table) grid(rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], columns(cell), 1)
		}
	}
	for _, row := range rows {
		var b strings.Builder
		for i, cell := range row {
			if cell == "" {
				cell = "-"
			}
			b.WriteString("  " + cell)
			if i < len(row)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-columns(cell)))
			}
		}
		t.printf("%s\n", b.String())
	}
}

// columns is how wide a terminal shows a text: Chinese characters and their
// punctuation take two columns.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r >= 0x2E80 {
			n++
		}
	}
	return n
}

func milliseconds(d time.Duration) string {
	ms := float64(d) / float64(time.Millisecond)
	if ms < 100 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

func verdict(within bool) string {
	if within {
		return "达到"
	}
	return "未达到"
}

// below is a line whose aim is a time.
func below(what string, aim, measured time.Duration) line {
	return line{what: what, aim: "< " + milliseconds(aim), measured: milliseconds(measured), verdict: verdict(measured < aim)}
}

// atLeast is a line whose aim is a rate.
func atLeast(what string, aim, measured float64, unit string) line {
	return line{what: what, aim: fmt.Sprintf(">= %.0f %s", aim, unit), measured: fmt.Sprintf("%.0f %s", measured, unit), verdict: verdict(measured >= aim)}
}

// known is a line without an aim.
func known(what, measured string) line { return line{what: what, measured: measured} }
