package main

import (
	"bufio"
	"fmt"
	"io"

	"mingjing/internal/check"
	"mingjing/internal/disclosure"
)

// severityWords are the severities as people read them, gravest first.
var severityWords = []struct {
	severity check.Severity
	word     string
}{{check.Error, "错误"}, {check.Explain, "需说明"}, {check.Notice, "提示"}, {check.NotAssessable, "未能核对"}}

// writeReadable prints a report of each file for people, and a line of sums.
func writeReadable(w io.Writer, all []*checked) error {
	b := bufio.NewWriter(w)
	unread, reports := 0, 0
	total := map[check.Severity]int{}
	for _, c := range all {
		fmt.Fprintf(b, "■ %s\n", c.title())
		if c.err != nil {
			unread++
			fmt.Fprintf(b, "  未能读取:%s\n\n", disclosure.Sentence(c.err))
			continue
		}
		if c.silent {
			c.printFindings(b)
		} else {
			reports++
			c.print(b)
		}
		for _, f := range c.findings {
			total[f.Severity]++
		}
	}
	fmt.Fprintf(b, "共核对%d份报告", reports)
	for _, s := range severityWords {
		fmt.Fprintf(b, ",%s%d项", s.word, total[s.severity])
	}
	if unread > 0 {
		fmt.Fprintf(b, ";%d个文件未能读取", unread)
	}
	fmt.Fprintln(b, "。")
	return b.Flush()
}

func (c *checked) print(b io.Writer) {
	r := c.reading.Report
	unit, year, scope := r.Unit, r.Year().String(), string(r.Scope)
	if unit == "" {
		unit = "(未识别出单位)"
	}
	if year == "" {
		year = "(未识别出年度)"
	}
	if scope == "" {
		scope = "未写明"
	}
	numbers, blanks, slashes, unread := 0, 0, 0, 0
	for _, cell := range r.Cells {
		switch cell.Kind {
		case disclosure.CellNumber:
			numbers++
		case disclosure.CellBlank:
			blanks++
		case disclosure.CellSlash:
			slashes++
		case disclosure.CellUnread:
			unread++
		}
	}
	fmt.Fprintf(b, "  %s %s年 %s年版表式 口径:%s\n", unit, year, r.Form.Version, scope)
	fmt.Fprintf(b, "  读到数字%d个,空白%d个,“/”%d个", numbers, blanks, slashes)
	if unread > 0 {
		fmt.Fprintf(b, ",看不懂的%d个", unread)
	}
	fmt.Fprintln(b)
	for _, m := range c.warnings {
		fmt.Fprintf(b, "  [读取] %s\n", m)
	}
	for _, d := range c.reading.Doubts {
		fmt.Fprintf(b, "  [读取] %s\n", d.Message)
	}
	c.printFindings(b)
}

func (c *checked) printFindings(b io.Writer) {
	for _, s := range severityWords {
		for _, f := range c.findings {
			if f.Severity == s.severity {
				fmt.Fprintf(b, "  [%s %s] %s\n", s.word, f.Rule, f.Message)
			}
		}
	}
	if len(c.findings) == 0 {
		fmt.Fprintln(b, "  未发现问题。")
	}
	fmt.Fprintln(b)
}
