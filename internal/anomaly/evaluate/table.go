package evaluate

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"mingjing/internal/anomaly"
)

// Write prints the result for people.
func (r Result) Write(w io.Writer) error {
	fmt.Fprintf(w, "%s%d个(种子%s,阈值在种子%s上看过),报告%d份,埋入明显的异常%d处、轻微的%d处(多填到2—3倍的,或多填后不到其余各年中位数%g倍的)。\n", r.Name, len(r.Seeds), seeds(r.Seeds), seeds(r.Looked),
		r.Reports, r.Methods[0].Total.Faults.Of, r.Methods[0].Slight.Of, standingOut)
	t := tabwriter.NewWriter(w, 2, 4, 2, ' ', 0)
	fmt.Fprint(t, "类别\t埋入")
	for _, m := range r.Methods {
		fmt.Fprintf(t, "\t%s 查全\t查准", m.Name)
	}
	fmt.Fprintln(t)
	for i, k := range anomaly.Kinds {
		fmt.Fprintf(t, "%s\t%d", anomaly.Names[k], r.Methods[0].Kinds[i].Faults.Of)
		for _, m := range r.Methods {
			line(t, m.Kinds[i])
		}
		fmt.Fprintln(t)
	}
	fmt.Fprintf(t, "合计\t%d", r.Methods[0].Total.Faults.Of)
	for _, m := range r.Methods {
		line(t, m.Total)
	}
	fmt.Fprintf(t, "\n轻微(不计入)\t%d", r.Methods[0].Slight.Of)
	for _, m := range r.Methods {
		fmt.Fprintf(t, "\t%s\t", share(m.Slight))
	}
	fmt.Fprintln(t, "\n\t\t\t\t\t\t\t")
	for _, name := range slices.Sorted(maps.Keys(r.Methods[0].Names)) {
		fmt.Fprintf(t, "%s\t%d", name, r.Methods[0].Names[name].Of)
		for _, m := range r.Methods {
			fmt.Fprintf(t, "\t%s\t", share(m.Names[name]))
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, l := range []struct {
		name  string
		lines []string
	}{{"漏报", r.Missed}, {"误报", r.False}} {
		fmt.Fprintf(w, "\n%s%d处\n", l.name, len(l.lines))
		for _, text := range l.lines {
			fmt.Fprintln(w, "  "+text)
		}
	}
	_, err := fmt.Fprintf(w, "\n目标:明显的异常查全率≥%.0f%%,查准率≥%.0f%%。查准率按报告和指标核对:DHIS2的方法不分类别,每份报告的全部指标合为一次报警。\n", AimRecall*100, AimPrecision*100)
	return err
}

func line(w io.Writer, s Score) { fmt.Fprintf(w, "\t%s\t%s", share(s.Faults), share(s.Alarms)) }

// share is "95% 38/40", "—" where there is nothing to be part of.
func share(h Hit) string {
	s, ok := h.Share()
	if !ok {
		return "—"
	}
	return fmt.Sprintf("%.0f%% %d/%d", s*100, h.Hit, h.Of)
}

// seeds writes a list in a row as 501—520.
func seeds(list []uint64) string {
	if n := len(list); n > 2 && list[n-1]-list[0] == uint64(n-1) {
		return fmt.Sprintf("%d—%d", list[0], list[n-1])
	}
	texts := make([]string, len(list))
	for i, s := range list {
		texts[i] = strconv.FormatUint(s, 10)
	}
	return strings.Join(texts, "、")
}
