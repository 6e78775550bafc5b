package bench

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mingjing/internal/chdb"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"

	"github.com/shopspring/decimal"
)

// Every question must answer alike through the store and on the engine alone;
// against fails when one does not. The figures are made, and so is a unit that
// does not count, so that the questions have something to leave out.
func TestQuestionsAreTheSame(t *testing.T) {
	if _, err := chdb.LibraryPath(""); err != nil {
		t.Skipf("no engine: %v", err)
	}
	ctx := context.Background()
	r := &run{folder: t.TempDir(), table: newTable(&bytes.Buffer{})}
	st, err := store.Open(ctx, store.Options{DataDir: r.data("d")})
	if err != nil {
		t.Fatal(err)
	}
	if err := fill(ctx, st, 0, &size{units: 60}); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	list, err := questions(lastYear)
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := r.against(ctx, r.data("d"), list)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if a.answer == "[]" || len(a.through) != rounds*repeats || len(a.alone) != rounds*repeats {
			t.Errorf("%s: answer %.40q, %d and %d times", a.what, a.answer, len(a.through), len(a.alone))
		}
	}
}

func TestRowReader(t *testing.T) {
	r := &rowReader{data: []byte{7, 0, 2, 'a', 'b', 0, 0x10, 0x27, 0, 0, 0, 0, 0, 0, 1}}
	if y, s := r.uint16(), r.string(); y != 7 || s != "ab" {
		t.Errorf("got %d %q", y, s)
	}
	if v, ok := r.figure(); !ok || !v.Equal(decimal.NewFromInt(1)) {
		t.Errorf("got %v %v, want 1", v, ok)
	}
	if _, ok := r.figure(); ok || r.more() {
		t.Error("NULL is a number, or rows are left")
	}
	minus := append([]byte{0}, bytes.Repeat([]byte{0xff}, 16)...)
	if v := (&rowReader{data: minus}).total(); !v.Equal(decimal.New(-1, -4)) {
		t.Errorf("got %v, want -0.0001", v)
	}
	short := &rowReader{data: []byte{200, 1, 'x'}}
	if short.string(); short.err == nil {
		t.Error("a cut row is no error")
	}
}

func TestMedian(t *testing.T) {
	if got := median([]time.Duration{9, 1, 5, 3, 7}); got != 5 {
		t.Errorf("got %d, want 5", got)
	}
}

// Columns stand under each other although Chinese characters are wide.
func TestGrid(t *testing.T) {
	var out bytes.Buffer
	newTable(&out).lines("标题", 0, []line{below("总览页,冷", 20*time.Millisecond, 30*time.Millisecond), known("ab", "1")})
	rows := strings.Split(strings.TrimSpace(out.String()), "\n")[1:]
	at := func(row, text string) int { return columns(row[:strings.Index(row, text)]) }
	if a, b := at(rows[0], "实测"), at(rows[1], "30.0 ms"); a != b {
		t.Errorf("columns begin at %d and %d:\n%s", a, b, out.String())
	}
	if !strings.Contains(rows[1], "未达到") || strings.Contains(rows[2], "达到") {
		t.Errorf("verdicts are wrong:\n%s", out.String())
	}
}

func TestDemoReportsAreEnough(t *testing.T) {
	reports := demoReports(checkReport)
	if len(reports) != checkReport {
		t.Fatalf("%d reports, want %d", len(reports), checkReport)
	}
	sheets, err := csvOf(reports[:20])
	if err != nil || len(sheets) == 0 || filepath.Ext(sheets[0].Name) != ".csv" {
		t.Fatalf("%v, %v", sheets, err)
	}
	seen := map[string]bool{}
	for _, r := range reports {
		key := disclosure.NormalName(r.Unit) + r.Period.String()
		if seen[key] {
			t.Fatalf("%s comes twice: its import would not be new", key)
		}
		seen[key] = true
	}
}

// A few clerks and readers: what the load proves of each of them is the test.
func TestFilingAtOnce(t *testing.T) {
	if _, err := chdb.LibraryPath(""); err != nil {
		t.Skipf("no engine: %v", err)
	}
	st, err := store.Open(t.Context(), store.Options{Temporary: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	took, err := fileAtOnce(t.Context(), st, filingLoad{units: 4, readers: 4, typing: time.Second, save: 200 * time.Millisecond, look: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if len(took.saves) < 4*2 || len(took.submissions) != 4 {
		t.Errorf("%d saves and %d submissions", len(took.saves), len(took.submissions))
	}
}

func TestPercentile(t *testing.T) {
	times := make([]time.Duration, 100)
	for i := range times {
		times[i] = time.Duration(100 - i)
	}
	for p, want := range map[int]time.Duration{50: 50, 95: 95, 100: 100} {
		if got := percentile(times, p); got != want {
			t.Errorf("percentile %d is %d, want %d", p, got, want)
		}
	}
	if got := percentile([]time.Duration{7}, 95); got != 7 {
		t.Errorf("of one measurement it is %d", got)
	}
}
