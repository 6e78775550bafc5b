package expression

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"mingjing/internal/disclosure"

	"github.com/shopspring/decimal"
)

var national = func() (out []*disclosure.Form) {
	for _, f := range disclosure.Forms() {
		if f.Family == disclosure.FamilyNational {
			out = append(out, f)
		}
	}
	return out
}()

// report is one of zeros, with "CODE=VALUE ..." over them; "" is blank.
func report(form *disclosure.Form, assignments string) *disclosure.Report {
	r := &disclosure.Report{Form: form, HasProse: true, Cells: map[disclosure.Code]disclosure.Cell{},
		Prose: []disclosure.ProsePart{{Number: 1, Text: "全年 公开信息若干条。"}, {Number: 5, Text: "不够多。"}}}
	for _, def := range form.Cells() {
		r.Cells[def.Code] = disclosure.Number(0)
	}
	for _, a := range strings.Fields(assignments) {
		code, value, _ := strings.Cut(a, "=")
		c := disclosure.Cell{Kind: disclosure.CellBlank}
		if value == "?" {
			c = disclosure.Cell{Kind: disclosure.CellUnread, Raw: "若干"}
		} else if value != "" {
			c = disclosure.Cell{Kind: disclosure.CellNumber, Value: decimal.RequireFromString(value)}
		}
		r.Cells[disclosure.Code(code)] = c
	}
	return r
}

func TestTry(t *testing.T) {
	const flow = "T3_NEW_RECEIVED_TOT=27 T3_CARRIED_IN_TOT=3 T3_RESULT_TOTAL_TOT=26 T3_CARRIED_OUT_TOT=4 "
	for _, c := range []struct {
		name, source, now, last string
		want                    Result
		sides                   string
	}{
		{"the issue's own", "新收 + 结转 == 办结 + 结转下年", flow, "", Holds, "新收27+结转3|办结26+结转下年4"},
		{"a difference", "新收 + 结转 == 办结 + 结转下年", flow + "T3_CARRIED_OUT_TOT=7", "", Fails, "新收27+结转3|办结26+结转下年7"},
		{"as a Chinese keyboard gives it", "新收+结转=办结+结转下年", flow, "", Holds, "新收27+结转3|办结26+结转下年4"},
		{"codes", "T3_NEW_RECEIVED_TOT>=T3_RESULT_TOTAL_TOT", flow, "", Holds, "T3_NEW_RECEIVED_TOT27|T3_RESULT_TOTAL_TOT26"},
		{"a blank", "新收 + 结转 == 30", "T3_NEW_RECEIVED_TOT=30 T3_CARRIED_IN_TOT=", "", Untried, ""},
		{"a blank taken for 0", "新收 + 空为零(结转) == 30", "T3_NEW_RECEIVED_TOT=30 T3_CARRIED_IN_TOT=", "", Holds, "新收30+结转(空白)|30"},
		{"text in a cell", "新收 == 0", "T3_NEW_RECEIVED_TOT=?", "", Untried, ""},
		{"a sum of rows with a blank among them", "不予公开 == 5", "T3_DENY_STATE_SECRET_TOT=5 T3_DENY_LAW_PROHIBIT_TOT=", "", Holds, "不予公开5|5"},
		{"one row in place of three", "其他处理 == 6", "T3_OTHER_NO_CORRECTION_TOT= T3_OTHER_NO_FEE_TOT= T3_OTHER_MISC_TOT= T3_OTHER_MERGED_TOT=6", "", Holds, "其他处理6|6"},
		{"a column", "不予公开_自然人 <= 新收_自然人", "T3_DENY_STATE_SECRET_NP=2 T3_NEW_RECEIVED_NP=1", "", Fails, "不予公开_自然人2|新收_自然人1"},
		{"money stays exact", "收费 == 0.1 + 0.2", "T2_FEE_AMOUNT_WAN=0.3", "", Holds, "收费0.3|0.1+0.2"},
		{"money of four places", "收费 * 10000 == 961716", "T2_FEE_AMOUNT_WAN=96.1716", "", Holds, "收费96.1716×10000|961716"},
		{"last year", "新收 <= 3 * 上年(新收)", flow, "T3_NEW_RECEIVED_TOT=8", Fails, "新收27|3×上年新收8"},
		{"no last year", "新收 <= 3 * 上年(新收)", flow, "none", Silent, ""},
		{"last year's form has no such cell", "规范性文件有效 >= 上年(规范性文件有效)", flow, "2019", Silent, ""},
		{"a blank last year", "结转 = 上年(结转下年)", flow, "T3_CARRIED_OUT_TOT=", Untried, ""},
		{"distance", "绝对值(新收 - 上年(新收)) <= 10", flow, "T3_NEW_RECEIVED_TOT=50", Fails, "|新收27-上年新收50||10"},
		{"either", "新收 = 1 或 办结 = 26", flow, "", Holds, ""},
		{"either, one blank", "新收 = 1 或 办结 = 26", flow + "T3_NEW_RECEIVED_TOT=", "", Holds, ""},
		{"both, one blank and one wrong", "新收 = 1 且 办结 = 25", flow + "T3_NEW_RECEIVED_TOT=", "", Fails, ""},
		{"both, one blank", "新收 = 1 且 办结 = 26", flow + "T3_NEW_RECEIVED_TOT=", "", Untried, ""},
		{"not", "非(新收 = 27)", flow, "", Fails, ""},
		{"if", "新收 > 20 ? 行政复议 < 5 : 真", flow + "T4_REV_TOTAL=9", "", Fails, ""},
		{"a chain", "20 < 新收 < 30", flow, "", Holds, ""},
		{"division by nothing", "予以公开 / 办结 >= 0.5", "", "", Untried, ""},
		{"a share", "予以公开 / 办结 >= 0.5", "T3_GRANTED_TOT=5 T3_RESULT_TOTAL_TOT=10", "", Holds, "予以公开5÷办结10|0.5"},
		{"brackets", "2 * (新收 + 1) = 8", "T3_NEW_RECEIVED_TOT=3", "", Holds, "2×(新收3+1)|8"},
		{"length of a part", "字数(一) <= 9", "", "", Fails, "第一部分字数10|9"},
		{"length of all", "字数(全文) = 14", "", "", Holds, "全文字数14|14"},
		{"full width", "新收 ≥ 10", flow, "", Holds, "新收27|10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e, err := Parse(national, c.source)
			if err != nil {
				t.Fatal(err)
			}
			last := report(national[0], c.last)
			switch c.last {
			case "none":
				last = nil
			case "2019":
				last = report(national[1], "")
			}
			got := e.Try(report(national[0], c.now), last)
			sides := ""
			if got.Compared {
				sides = got.Left + "|" + got.Right
			}
			if got.Result != c.want || c.sides != "" && sides != c.sides {
				t.Errorf("got %s %q (open %v), want %s %q", got.Result, sides, got.Open, c.want, c.sides)
			}
		})
	}
}

// A source of figures only says nothing of what it does not mention.
func TestFiguresOnly(t *testing.T) {
	e, err := Parse(national, "新收 + 结转 == 办结 + 结转下年")
	if err != nil {
		t.Fatal(err)
	}
	r := report(national[0], "")
	r.HasProse = false
	delete(r.Cells, "T3_CARRIED_OUT_TOT")
	if got := e.Try(r, nil); got.Result != Silent {
		t.Errorf("got %s", got.Result)
	}
}

// Errors stand where the person made them, counted in characters.
func TestProblems(t *testing.T) {
	for _, c := range []struct {
		source   string
		position int
		says     string
	}{
		{"", 1, "补全"},
		{"新收 + ", 6, "补全"},
		{"新收 + == 办结", 6, "运算符"},
		{"新收 + 办结", 4, "条件"},
		{"新收", 1, "条件"},
		{"新受 = 办结", 1, "没有叫"},
		{"新收 = 办结办结", 6, "没有叫"},
		{"新收 = (办结 + 1", 13, "补全"},
		{"新收 = 上年", 6, "函数"},
		{"新收 = 上年(上年(新收))", 9, "套用"},
		{"字数 <= 3000", 1, "函数"},
		{"字数(七) <= 3000", 1, "写明部分"},
		{"新收 = \"3\"", 6, "不支持"},
		{"filter(1..1000000000, {# > 1}) == 1", 1, "不支持"},
		{"总和(新收) = 1", 1, "没有函数"},
		{"新收 in [1, 2]", 4, "不支持"},
		{"map([1], {#}) = 新收", 1, "不支持"},
		{"repeat(\"a\", 1000000) == 1", 1, "不支持"},
		{"let x = 1; 新收 = x", 7, ""},
		{"新收 ** 9 = 1", 4, "不支持"},
		{"新收 = 1e300", 6, "太大"},
		{"新收.x = 1", 4, "不支持"},
		{"1 = 1", 1, "没有用到"},
		{"新收 # 办结", 4, "运算符"},
		{"新收 且 办结 = 1", 1, "条件"},
		{"(新收 = 1) + 1 = 2", 5, "数或指标"},
		{strings.Repeat("新收 + ", 150) + "1 = 1", 0, "太长"},
		{strings.Repeat("新收+", 400) + "1 = 1", 1000, "太长"},
		{strings.Repeat("(", 900), 901, "补全"},
	} {
		_, err := Parse(national, c.source)
		var p *Problem
		if !errors.As(err, &p) {
			t.Errorf("%.40s: %v", c.source, err)
			continue
		}
		if c.position != 0 && p.Position != c.position || !strings.Contains(p.Says, c.says) {
			t.Errorf("%.40s: %v, want %q at %d", c.source, err, c.says, c.position)
		}
		if !strings.HasSuffix(p.Error(), "。") {
			t.Errorf("not a sentence: %s", p.Error())
		}
	}
}

// Every name that people are given works, and none stands for two things.
func TestNames(t *testing.T) {
	for _, f := range disclosure.Forms() {
		seen := map[string]bool{}
		for _, n := range Names(f) {
			if seen[n.Name] {
				t.Errorf("%s: %s stands there twice", f.ID, n.Name)
			}
			seen[n.Name] = true
			if _, err := Parse([]*disclosure.Form{f}, fmt.Sprintf("%s >= 0", n.Name)); err != nil {
				t.Errorf("%s: %s: %v", f.ID, n.Name, err)
			}
		}
		if len(seen) < 20 && f.Family == disclosure.FamilyNational {
			t.Errorf("%s: only %d names", f.ID, len(seen))
		}
		for _, def := range f.AllCells() {
			if _, err := Parse([]*disclosure.Form{f}, string(def.Code)+" >= 0"); err != nil {
				t.Errorf("%s: %v", f.ID, err)
			}
		}
	}
	for name := range shortNames {
		if !slices.ContainsFunc(Names(national[0]), func(n Name) bool { return n.Name == name }) {
			t.Errorf("short name %s means nothing, or two things", name)
		}
	}
}

// Whatever a person types is answered with a problem or a rule that can be
// tried: nothing panics, nothing runs away.
func TestAnythingTyped(t *testing.T) {
	pieces := []string{"新收", "结转", "T3_NEW_RECEIVED_TOT", "上年", "空为零", "绝对值", "字数", "一", "(", ")", "+", "-", "*", "/", "=", "==", "<", "≤", "且", "或", "非", "not", "?", ":", "1", "0.5", "1e9",
		" ", ",", "[", "]", "{", "}", "#", "\"", "'", "`", "..", "|", ";", "let", "if", "in", "??", "?.", "//", "/*", "\n", "😀", "\x00", "\xff", "=>", "**", "%", "^", "sum", "map", "nil", "true"}
	rng := rand.New(rand.NewPCG(1, 2))
	good := 0
	for range 20_000 {
		var b strings.Builder
		if rng.IntN(2) == 0 {
			b.WriteString("新收 + 1 <= ")
		}
		for range 1 + rng.IntN(6) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
			if rng.IntN(3) == 0 {
				b.WriteByte(' ')
			}
		}
		e, err := Parse(national, b.String())
		var p *Problem
		switch {
		case err == nil:
			good++
			e.Try(report(national[0], "T3_CARRIED_IN_TOT="), report(national[1], ""))
		case !errors.As(err, &p) || p.Position < 1 || p.Position > utf8.RuneCountInString(b.String())+1 || p.Says == "":
			t.Fatalf("%q: %v", b.String(), err)
		}
	}
	if good < 20 {
		t.Errorf("only %d of them were expressions", good)
	}
}
