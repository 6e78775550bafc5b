package check

import (
	"slices"
	"testing"

	"mingjing/internal/disclosure"
)

// approvedReport is one with figures and prose; each call makes a new one.
func approvedReport() *disclosure.Report {
	r := zeros(form2021, 2025)
	set(r, "T2_NORM_ISSUED=3 T3_NEW_RECEIVED_NP=12 T3_NEW_RECEIVED_TOT=12 T2_FEE_AMOUNT_WAN=96.1716")
	r.HasProse = true
	r.Prose = []disclosure.ProsePart{
		{Number: 1, Title: "一、总体情况", Text: "本局坚持以公开为常态。\n全年收到申请12件,均按期答复。"},
		{Number: 5, Title: "五、存在的主要问题及改进情况", Text: "公开内容还不够丰富。下一步将加强培训。"},
		{Number: 6, Title: "六、其他需要报告的事项", Text: "本年度未收取信息处理费。"},
	}
	return r
}

func TestPublished(t *testing.T) {
	prose := func(r *disclosure.Report, part int, text string) {
		for i := range r.Prose {
			if r.Prose[i].Number == part {
				r.Prose[i].Text = text
			}
		}
	}
	for _, c := range []struct {
		name    string
		publish func(found *disclosure.Report)
		want    []string
	}{
		{"the same", func(*disclosure.Report) {}, nil},
		{"two cells", func(r *disclosure.Report) { set(r, "T3_NEW_RECEIVED_NP=21 T3_NEW_RECEIVED_TOT=21") },
			[]string{"PUB-R1 explain T3_NEW_RECEIVED_NP 12>21", "PUB-R1 explain T3_NEW_RECEIVED_TOT 12>21"}},
		{"a figure left out", func(r *disclosure.Report) { set(r, "T2_NORM_ISSUED=") }, []string{"PUB-R1 explain T2_NORM_ISSUED 3>"}},
		{"0 as a dash", func(r *disclosure.Report) { set(r, "T2_REG_ISSUED=/") }, []string{"PUB-R1 explain T2_REG_ISSUED 0>"}},
		{"a figure as text", func(r *disclosure.Report) { set(r, "T2_NORM_ISSUED=?三件") }, []string{"PUB-R1 explain T2_NORM_ISSUED 3>三件"}},
		{"equal in another spelling", func(r *disclosure.Report) { set(r, "T2_FEE_AMOUNT_WAN=96.17160") }, nil},
		{"table 四 is missing", func(r *disclosure.Report) {
			for code := range r.Cells {
				if def, _ := r.Form.Cell(code); def.Table.Key == "T4" {
					delete(r.Cells, code)
				}
			}
		}, []string{"PUB-R1 explain  表四>没有"}},
		{"another year", func(r *disclosure.Report) { r.Period.Year = 2024 }, []string{"PUB-R1 explain  2025>2024"}},
		{"year not read", func(r *disclosure.Report) { r.Period.Year = 0 }, nil},
		{"another unit", func(r *disclosure.Report) { r.Unit = "澜汀区民政局" }, []string{"PUB-R1 explain  澜汀区水务局>澜汀区民政局"}},
		{"the unit with its city", func(r *disclosure.Report) { r.Unit = "某某市澜汀区水务局" }, nil},
		{"unit not read", func(r *disclosure.Report) { r.Unit = "" }, nil},
		{"another form", func(r *disclosure.Report) { r.Form = form2019; r.Cells = zeros(form2019, 2025).Cells }, []string{"PUB-R1 explain  2021年表式>2019年表式"}},
		{"lines broken otherwise, and the page around", func(r *disclosure.Report) {
			prose(r, 1, "首页 > 政务公开\n本局坚持以公\n开为常态。全年收到申请12件,\n均按期答复。")
			prose(r, 6, "本年度未收取信息处理费。\n扫一扫在手机打开当前页。\n打印 关闭")
		}, nil},
		{"a number in the prose", func(r *disclosure.Report) {
			prose(r, 1, "本局坚持以公开为常态。\n全年收到申请21件,均按期答复。")
		}, []string{"PUB-R1 notice  与定稿一致>73%"}},
		{"a sentence left out", func(r *disclosure.Report) { prose(r, 5, "公开内容还不够丰富。") }, []string{"PUB-R1 notice  与定稿一致>84%"}},
		{"a sentence put in", func(r *disclosure.Report) {
			prose(r, 5, "公开内容还不够丰富。个别栏目更新不及时。下一步将加强培训。")
		}, []string{"PUB-R1 notice  与定稿一致>有增加"}},
		{"no prose on the page", func(r *disclosure.Report) { r.Prose, r.HasProse = nil, false }, []string{"PUB-R1 notice  正文>没有"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := approvedReport()
			c.publish(found)
			got := Published(approvedReport(), found)
			var briefly []string
			for _, f := range got {
				sound(t, f)
				codes := ""
				for _, code := range f.Codes {
					codes += string(code)
				}
				briefly = append(briefly, f.Rule+" "+string(f.Severity)+" "+codes+" "+f.Expected+">"+f.Actual)
			}
			if !slices.Equal(briefly, c.want) {
				t.Errorf("found %q, want %q", briefly, c.want)
			}
		})
	}
}

// (六)其他处理 may be printed as one row or as three.
func TestPublishedFoldedRows(t *testing.T) {
	approved, found := approvedReport(), approvedReport()
	row(approved, "OTHER_MISC", "2", "0", "0", "0", "0", "0", "2")
	for _, key := range []string{"OTHER_NO_CORRECTION", "OTHER_NO_FEE", "OTHER_MISC"} {
		row(found, key, "", "", "", "", "", "", "")
	}
	row(found, "OTHER_MERGED", "2", "0", "0", "0", "0", "0", "2")
	if got := Published(approved, found); got != nil {
		t.Errorf("folded rows: %+v", got)
	}
	row(found, "OTHER_MERGED", "3", "0", "0", "0", "0", "0", "3")
	if got := Published(approved, found); len(got) == 0 {
		t.Error("another sum passes")
	}
}

func TestPublishedKnowsTheUnitsNames(t *testing.T) {
	approved, found := approvedReport(), approvedReport()
	found.Unit = "澜汀区水利局"
	unit := &disclosure.Unit{Number: 4, Name: "澜汀区水务局", Aliases: []string{"澜汀区水利局"}}
	if got := PublishedOf(unit, approved, found); got != nil {
		t.Errorf("an alias: %+v", got)
	}
	if got := Published(approved, &disclosure.Report{Cells: found.Cells}); len(got) != 1 || got[0].Severity != NotAssessable {
		t.Errorf("a page without a form: %+v", got)
	}
}
