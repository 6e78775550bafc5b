package check

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

// scribe writes text that means nothing and repeats nothing: n sentences of
// 30 characters.
func scribe(seed uint64, n int) []string {
	rng := rand.New(rand.NewPCG(seed, 7))
	out := make([]string, n)
	for i := range out {
		letters := make([]rune, 30)
		for k := range letters {
			letters[k] = rune(0x5000 + rng.IntN(0x4000))
		}
		out[i] = string(letters) + "。"
	}
	return out
}

// written is a sound report with the sentences as its part one.
func written(t *testing.T, unit string, year disclosure.Year, text ...string) *disclosure.Report {
	t.Helper()
	return placed(filedBy(t, year, unit), 1, strings.Join(text, "\n"))
}

func TestCopyOfOwnLastReport(t *testing.T) {
	t.Parallel()
	old := scribe(1, 30)
	last := written(t, "澜汀区水务局", 2024, old...)
	for _, c := range []struct {
		name string
		text []string
		want bool
	}{
		{"another text", scribe(2, 30), false},
		{"half of it", append(slices.Clone(old[:15]), scribe(3, 15)...), false},
		{"nine tenths of it", append(slices.Clone(old[:27]), scribe(3, 3)...), true},
		{"all of it", old, true},
		{"all of it, in another order", append(slices.Clone(old[15:]), old[:15]...), true},
		{"all of it, short", old[:6], true},
		{"too short to say", old[:2], false},
	} {
		var copied *Copied
		for _, f := range Report(written(t, "澜汀区水务局", 2025, c.text...), last) {
			if f.Rule == "CPY-R1" {
				copied = f.Copied
			}
		}
		if (copied != nil) != c.want {
			t.Errorf("%s: %+v", c.name, copied)
		}
	}
}

// Digits do not hide a copy, and both sides are shown as they were printed.
func TestPassagesSideBySide(t *testing.T) {
	t.Parallel()
	there, here := scribe(1, 30), scribe(1, 30)
	there[4] = "举办开放日5次,邀请企业代表、村居代表和媒体记者走进大厅了解办事流程。"
	here[4] = "举办开放日9次,邀请企业代表,村居代表和媒体记者走进大厅了解办事流程。"
	a, b := written(t, "澜汀区水务局", 2025, here[4], scribe(1, 30)[7]), written(t, "澜汀区水务局", 2024, there[4], scribe(1, 30)[7])
	x, y := bodyOf(a, sentences(a)), bodyOf(b, sentences(b))
	share, _, runs := overlap(x, y, formWords)
	p := passages(x, y, runs)
	if share < 0.9 || len(p) == 0 || !strings.Contains(p[0].Here, "开放日9次,邀请企业代表,村居") || !strings.Contains(p[0].There, "开放日5次,邀请企业代表、村居") {
		t.Errorf("share %.2f, passages %+v", share, p)
	}
}

// district is members that have nothing in common but a model text.
func district(t *testing.T, n int) []Member {
	t.Helper()
	model := scribe(99, 12)
	out := make([]Member, n)
	for i := range out {
		name := fmt.Sprintf("澜汀区%c%c局", 0x6c34+i*3, 0x7530+i*5)
		out[i] = Member{Report: written(t, name, 2025, append(scribe(uint64(100+i), 20), model...)...),
			Unit: &disclosure.Unit{Number: disclosure.UnitNumber(i + 1), Name: name, Kind: disclosure.UnitDepartment}}
	}
	return out
}

func unitsOf(members []Member) []disclosure.Unit {
	var out []disclosure.Unit
	for _, m := range members {
		out = append(out, *m.Unit)
	}
	return out
}

func rulesOf(found [][]Finding) string {
	var out []string
	for i, findings := range found {
		for _, f := range findings {
			out = append(out, fmt.Sprintf("%d %s", i, f.Rule))
		}
	}
	return strings.Join(out, "; ")
}

func TestTwins(t *testing.T) {
	t.Parallel()
	day := func(n int) time.Time { return time.Date(2026, 1, n, 9, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name string
		make func(m []Member)
		want string
	}{
		{"nothing but the district's model text in common", func([]Member) {}, ""},
		{"copied, nobody knows by whom", func(m []Member) { m[4].Report.Prose = m[2].Report.Prose }, "2 CPY-R1; 4 CPY-R1"},
		{"copied by the later one", func(m []Member) {
			m[4].Report.Prose, m[4].Filed, m[2].Filed = m[2].Report.Prose, day(20), day(10)
		}, "4 CPY-R1"},
		{"copied by the one that bears the other's name", func(m []Member) {
			parts := slices.Clone(m[2].Report.Prose)
			parts[1].Text = m[2].Unit.Name + "认真做好公开工作。\n" + parts[1].Text
			m[2].Report.Prose, m[4].Report.Prose = parts, parts
		}, "4 CPY-R1; 4 CPY-R2"},
		{"a quarter of it", func(m []Member) {
			m[4].Report = written(t, m[4].Unit.Name, 2025, append(scribe(102, 5), scribe(7, 15)...)...)
		}, ""},
		{"two revisions of one report", func(m []Member) {
			m[4] = m[2]
			m[4].Superseded = true
		}, ""},
		{"speaks as another unit", func(m []Member) {
			m[4].Report = written(t, m[4].Unit.Name, 2025, append(scribe(104, 20), m[2].Unit.Name+"高度重视公开工作。")...)
		}, "4 CPY-R2"},
		{"works with another unit", func(m []Member) {
			m[4].Report = written(t, m[4].Unit.Name, 2025, append(scribe(104, 20), "会同"+m[2].Unit.Name+"开展检查。"+m[2].Unit.Name+"的网站已改版。")...)
		}, ""},
	} {
		members := district(t, 12)
		c.make(members)
		if got := rulesOf(Among(members, unitsOf(members))); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// The message names nobody: the unit may read it, and another unit's text is
// for supervisors.
func TestTwinIsNotNamed(t *testing.T) {
	t.Parallel()
	members := district(t, 6)
	members[4].Report.Prose = members[2].Report.Prose
	f := Among(members, unitsOf(members))[4][0]
	if strings.Contains(f.Message, members[2].Unit.Name) || f.Copied.Unit != members[2].Unit.Name || len(f.Copied.Passages) == 0 || f.Copied.Share < 0.99 {
		t.Errorf("%+v", f)
	}
}

// Hundreds of reports of a usual length are compared in well under a second.
func BenchmarkTwins(b *testing.B) {
	t := &testing.T{}
	members := make([]Member, 600)
	for i := range members {
		members[i] = Member{Report: written(t, fmt.Sprintf("第%d局", i), 2025, append(scribe(uint64(i), 60), scribe(9999, 20)...)...)}
	}
	for b.Loop() {
		Among(members, nil)
	}
}

func BenchmarkProse(b *testing.B) {
	t := &testing.T{}
	text := "2025年,我局收到政府信息公开申请28件,办结27件,结转3件,其中予以公开6件,部分公开12件,同比增长40%。"
	cur := written(t, "澜汀区水务局", 2025, append(scribe(1, 60), text)...)
	last := written(t, "澜汀区水务局", 2024, append(scribe(2, 60), text)...)
	for b.Loop() {
		Report(cur, last)
	}
}
