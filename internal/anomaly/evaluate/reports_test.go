package evaluate

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"mingjing/internal/anomaly"
	"mingjing/internal/check"
	"mingjing/internal/demo"
	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

// What a stranger would do to a sound report, to see whether it is found: by a
// rule or as an anomaly, whichever. Small units are not spared, so a slip that
// leaves hardly a trace (one application in another row) stands among them only
// where it contradicts something.

// befallen is a report that a slip befalls.
type befallen struct {
	cur, last, other *disclosure.Report // other is another unit's of the year
	rng              *rand.Rand
}

func (c *befallen) number(code disclosure.Code) int64 {
	if cell := c.cur.Cells[code]; cell.IsNumber() {
		return cell.Value.IntPart()
	}
	return 0
}

func (c *befallen) put(code disclosure.Code, n int64) { c.cur.Cells[code] = disclosure.Number(n) }

// paste puts another report's cells of the tables into this one.
func (c *befallen) paste(from *disclosure.Report, tables ...string) bool {
	changed := false
	for _, def := range c.cur.Form.Cells() {
		if slices.Contains(tables, def.Table.Key) {
			a, b := c.cur.Cells[def.Code], from.Cells[def.Code]
			changed = changed || a.IsNumber() && b.IsNumber() && !a.Value.Equal(b.Value)
			c.cur.Cells[def.Code] = b
		}
	}
	return changed
}

func (c *befallen) swap(a, b disclosure.Code) {
	c.cur.Cells[a], c.cur.Cells[b] = c.cur.Cells[b], c.cur.Cells[a]
}

// prose replaces the first occurrence of old in the text.
func (c *befallen) prose(old, new string) bool {
	c.cur.Prose = slices.Clone(c.cur.Prose)
	for i := range c.cur.Prose {
		if p := &c.cur.Prose[i]; p.Number <= 1 && strings.Contains(p.Text, old) {
			p.Text = strings.Replace(p.Text, old, new, 1)
			return true
		}
	}
	return false
}

var applicantColumns = []string{"NP", "BIZ", "RES", "NPO", "LAW", "OTH", "TOT"}

// slips are what is tried, by name. Each says whether it could be made.
var slips = map[string]func(c *befallen) bool{
	"表三下移一行": func(c *befallen) bool {
		rows := c.cur.Form.Table("T3").Blocks[0].Rows
		if c.number("T3_NEW_RECEIVED_TOT") == 0 {
			return false
		}
		for _, col := range applicantColumns {
			var held disclosure.Cell = disclosure.Number(0)
			for _, row := range rows {
				code := disclosure.Code("T3_" + row.Key + "_" + col)
				if _, printed := c.cur.Cells[code]; printed {
					held, c.cur.Cells[code] = c.cur.Cells[code], held
				}
			}
		}
		return true
	},
	"表三右移一列": func(c *befallen) bool {
		if c.number("T3_NEW_RECEIVED_TOT") == 0 {
			return false
		}
		for _, row := range c.cur.Form.Table("T3").Blocks[0].Rows {
			var held disclosure.Cell = disclosure.Number(0)
			for _, col := range applicantColumns {
				code := disclosure.Code("T3_" + row.Key + "_" + col)
				held, c.cur.Cells[code] = c.cur.Cells[code], held
			}
		}
		return true
	},
	"粘贴了别的单位的三张表": func(c *befallen) bool {
		return c.number("T3_NEW_RECEIVED_TOT")+c.number("T2_LICENSE_DECISIONS") > 0 && c.paste(c.other, "T2", "T3", "T4")
	},
	"粘贴了别的单位的表三": func(c *befallen) bool {
		return c.number("T3_NEW_RECEIVED_TOT") > 0 && c.paste(c.other, "T3") && c.number("T3_NEW_RECEIVED_TOT") > 0
	},
	"粘贴了上年的表三": func(c *befallen) bool {
		return c.number("T3_NEW_RECEIVED_TOT") > 0 && c.paste(c.last, "T3")
	},
	"新收与结转下年互换": func(c *befallen) bool {
		if c.number("T3_NEW_RECEIVED_TOT") == c.number("T3_CARRIED_OUT_TOT") {
			return false
		}
		for _, col := range applicantColumns {
			c.swap(disclosure.Code("T3_NEW_RECEIVED_"+col), disclosure.Code("T3_CARRIED_OUT_"+col))
		}
		return true
	},
	"新收与上年结转互换": func(c *befallen) bool {
		if c.number("T3_NEW_RECEIVED_TOT") == c.number("T3_CARRIED_IN_TOT") {
			return false
		}
		for _, col := range applicantColumns {
			c.swap(disclosure.Code("T3_NEW_RECEIVED_"+col), disclosure.Code("T3_CARRIED_IN_"+col))
		}
		return true
	},
	"一格多一位": func(c *befallen) bool {
		if c.number("T3_GRANTED_NP") == 0 {
			return false
		}
		c.put("T3_GRANTED_NP", 10*c.number("T3_GRANTED_NP"))
		return true
	},
	"表三全部多一位": func(c *befallen) bool {
		if c.number("T3_NEW_RECEIVED_TOT") == 0 {
			return false
		}
		for _, def := range c.cur.Form.Cells() {
			if cell := c.cur.Cells[def.Code]; def.Table.Key == "T3" && cell.IsNumber() {
				c.put(def.Code, 10*cell.Value.IntPart())
			}
		}
		return true
	},
	"许可乘以100": func(c *befallen) bool {
		n := c.number("T2_LICENSE_DECISIONS")
		if n < 5 {
			return false
		}
		c.put("T2_LICENSE_DECISIONS", 100*n)
		return true
	},
	"许可末尾丢零": func(c *befallen) bool {
		n := c.number("T2_LICENSE_DECISIONS")
		if n < 60 {
			return false
		}
		c.put("T2_LICENSE_DECISIONS", n/10)
		return true
	},
	"合计差1": func(c *befallen) bool {
		c.put("T3_RESULT_TOTAL_TOT", c.number("T3_RESULT_TOTAL_TOT")+1)
		return true
	},
	"表四合计不符": func(c *befallen) bool {
		c.put("T4_REV_TOTAL", c.number("T4_REV_TOTAL")+2)
		return true
	},
	"负数": func(c *befallen) bool {
		c.put("T3_GRANTED_NP", -c.number("T3_GRANTED_NP")-1)
		return true
	},
	"件数带小数": func(c *befallen) bool {
		c.cur.Cells["T2_PENALTY_DECISIONS"] = disclosure.Cell{Kind: disclosure.CellNumber, Raw: "3.5", Value: decimal.RequireFromString("3.5")}
		return true
	},
	"结转与上年不符": func(c *befallen) bool {
		for _, col := range []string{"NP", "TOT"} {
			c.put(disclosure.Code("T3_CARRIED_IN_"+col), c.number(disclosure.Code("T3_CARRIED_IN_"+col))+1)
			c.put(disclosure.Code("T3_CARRIED_OUT_"+col), c.number(disclosure.Code("T3_CARRIED_OUT_"+col))+1)
		}
		return true
	},
	"有效文件突增": func(c *befallen) bool {
		c.put("T2_NORM_IN_FORCE", 3*c.number("T2_NORM_IN_FORCE")+60)
		return true
	},
	"三张表与上年全同": func(c *befallen) bool {
		// A table filed again that holds next to nothing is nothing to be seen.
		told := 0
		for _, code := range []disclosure.Code{"T2_LICENSE_DECISIONS", "T2_PENALTY_DECISIONS", "T2_COERCION_DECISIONS", "T3_GRANTED_NP", "T3_UNAVAIL_NOT_HELD_NP", "T3_PARTIAL_NP"} {
			if cell := c.last.Cells[code]; cell.IsNumber() && cell.Value.IntPart() >= 8 {
				told++
			}
		}
		return told >= 3 && c.paste(c.last, "T2", "T3", "T4")
	},
	"正文收到数与表不同": func(c *befallen) bool {
		n := c.number("T3_NEW_RECEIVED_TOT")
		return n > 0 && c.prose(fmt.Sprintf("申请%d件", n), fmt.Sprintf("申请%d件", n+7))
	},
	"正文年份写错": func(c *befallen) bool {
		return c.prose(c.cur.Year().String()+"年", (c.cur.Year()-1).String()+"年")
	},
	"统计期限写错": func(c *befallen) bool { return c.prose("12月31日", "11月30日") },
	"正文写着别的单位": func(c *befallen) bool {
		return c.prose(c.cur.Unit, c.other.Unit)
	},
}

// Seeds of the strangers' reports. 301, 302 and 311 to 316 were looked at.
var slipSeeds = seedsFrom(321, 6)

// tried counts a slip's fate.
func tried(t *testing.T, seeds []uint64) (found map[string]Hit, missed []string) {
	t.Helper()
	found = map[string]Hit{}
	for _, seed := range seeds {
		source := demo.Generate(demo.Spec{Units: 60, Years: 6, Seed: seed})
		rng := rand.New(rand.NewPCG(seed, 0x736c6970))
		faulty := map[disclosure.UnitNumber]bool{}
		for _, a := range source.Answers() {
			faulty[a.Unit] = true
		}
		units := slices.Collect(source.Units())
		byUnit := map[disclosure.UnitNumber][]*disclosure.Report{}
		for f := range source.Reports() {
			byUnit[f.Unit] = append(byUnit[f.Unit], f.Report)
		}
		var sound []disclosure.UnitNumber
		for i := range units {
			u := &units[i]
			if !faulty[u.Number] && u.Kind != disclosure.UnitGovernment && len(u.Successors) == 0 && len(byUnit[u.Number]) == 6 {
				sound = append(sound, u.Number)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(slips)) {
			for _, n := range sound {
				rs := byUnit[n]
				at := len(rs) - 1 - rng.IntN(2)
				other := byUnit[sound[rng.IntN(len(sound))]]
				copied := *rs[at]
				copied.Cells = maps.Clone(copied.Cells)
				c := &befallen{cur: &copied, last: rs[at-1], other: other[min(at, len(other)-1)], rng: rng}
				if c.other.Unit == c.cur.Unit || !slips[name](c) {
					continue
				}
				before := told(rs[at], rs[at-1], rs, at, n)
				now := told(&copied, rs[at-1], rs, at, n)
				hit := false
				for key := range now {
					hit = hit || !before[key]
				}
				h := found[name]
				h.count(hit)
				found[name] = h
				if !hit {
					missed = append(missed, fmt.Sprintf("%s: %d %s %s", name, seed, copied.Unit, copied.Year()))
				}
			}
		}
	}
	return found, missed
}

// told is everything that is found in a report, as a set of names.
func told(cur, last *disclosure.Report, rs []*disclosure.Report, at int, n disclosure.UnitNumber) map[string]bool {
	out := map[string]bool{}
	for _, f := range check.Report(cur, last) {
		if f.Severity != check.NotAssessable {
			out[f.Rule+f.Message] = true
		}
	}
	scan := anomaly.NewScan(cur.Year(), []disclosure.Unit{{Number: n, Name: cur.Unit}})
	for i, r := range rs {
		if i == at {
			r = cur
		}
		scan.Add(&anomaly.Report{Unit: n, Year: r.Year(), Scope: r.Scope, Approved: true, Figures: anomaly.FiguresOf(r.Cells)})
	}
	for _, a := range scan.Finish() {
		out[a.Fingerprint()] = true
	}
	return out
}

// Every slip is found in nine of ten reports at least, on seeds nobody looked at.
func TestStrangersSlips(t *testing.T) {
	t.Parallel()
	found, missed := tried(t, slipSeeds)
	for _, name := range slices.Sorted(maps.Keys(slips)) {
		h := found[name]
		share, ok := h.Share()
		t.Logf("%s %d/%d", name, h.Hit, h.Of)
		if !ok || h.Of < 12 || share < AimRecall {
			t.Errorf("%s: found %d of %d", name, h.Hit, h.Of)
			for _, m := range missed {
				if strings.HasPrefix(m, name+":") {
					t.Log(m)
				}
			}
		}
	}
}
