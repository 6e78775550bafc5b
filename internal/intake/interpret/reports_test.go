package interpret_test

import (
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
)

func national(unit string, year int) *document.Document {
	f := disclosure.NationalForm("2021")
	return report(unit, year, grids(tableTwo(f)), grids(tableThree(f, false)), grids(tableFour(f)))
}

func replaceText(d *document.Document, old, now string) *document.Document {
	for i := range d.Blocks {
		d.Blocks[i].Text = strings.ReplaceAll(d.Blocks[i].Text, old, now)
	}
	return d
}

func setCell(d *document.Document, printed, text string) *document.Document {
	for _, b := range d.Blocks {
		if b.Grid == nil {
			continue
		}
		for i := range b.Grid.Cells {
			if b.Grid.Cells[i].Text == printed {
				b.Grid.Cells[i].Text = text
			}
		}
	}
	return d
}

func join(ds ...*document.Document) *document.Document {
	out := &document.Document{Format: "docx"}
	for _, d := range ds {
		out.Blocks = append(out.Blocks, d.Blocks...)
	}
	return out
}

func hasDoubt(r *interpret.Reading, kind interpret.DoubtKind, code disclosure.Code) bool {
	return slices.ContainsFunc(r.Doubts, func(d interpret.Doubt) bool { return d.Kind == kind && d.Code == code })
}

func TestIdentity(t *testing.T) {
	paragraphs := func(texts ...string) func(*document.Document) {
		return func(d *document.Document) {
			var head []document.Block
			for _, s := range texts {
				head = append(head, document.Block{Text: s})
			}
			d.Blocks = append(head, d.Blocks[1:]...) // in place of the title
		}
	}
	cases := []struct {
		name    string
		change  func(*document.Document)
		file    string
		unit    string
		year    disclosure.Year
		doubted bool
	}{
		{"title", func(*document.Document) {}, "x.docx", "青山区司法局", 2023, false},
		{"title over two lines", paragraphs("青山区人民政府", "2022年政府信息公开工作年度报告"), "x.docx", "青山区人民政府", 2022, false},
		{"title over three lines", paragraphs("青山区人民政府办公室", "2022年度", "政府信息公开工作年度报告"), "x.docx", "青山区人民政府办公室", 2022, false},
		{"year before the unit", paragraphs("2022年青山区司法局政府信息公开年度报告"), "x.docx", "青山区司法局", 2022, false},
		{"year behind", paragraphs("青山区司法局政府信息公开工作2022年度报告"), "x.docx", "青山区司法局", 2022, false},
		{"spaces in the title", paragraphs("青 山 区 司 法 局 2022 年 政府信息公开工作年度报告"), "x.docx", "青山区司法局", 2022, false},
		{"Chinese year", paragraphs("青山区司法局二〇二二年政府信息公开工作年度报告"), "x.docx", "青山区司法局", 2022, false},
		{"annex number", paragraphs("附件2", "青山区司法局2022年政府信息公开工作年度报告"), "x.docx", "青山区司法局", 2022, false},
		{"quoted", paragraphs("关于公布《青山区司法局2022年政府信息公开工作年度报告》的公告"), "x.docx", "青山区司法局", 2022, false},
		{"sentence only", paragraphs("根据有关规定,现将青山区城管局2021年政府信息公开工作年度报告向社会公布。"), "x.docx", "青山区城管局", 2021, false},
		{"compiled by", paragraphs("本报告由青山区水务局根据有关规定编制,数据统计期限自2021年1月1日起至2021年12月31日止。"), "x.docx", "青山区水务局", 2021, false},
		{"signature and file", func(d *document.Document) {
			paragraphs("说明如下")(d)
			d.Blocks = append(d.Blocks, document.Block{Text: "青山区教育局"}, document.Block{Text: "2023年1月18日"})
		}, "2022年度.docx", "青山区教育局", 2022, false},
		{"document title", func(d *document.Document) {
			paragraphs("说明如下")(d)
			d.Title = "青山区教育局2022年政府信息公开工作年度报告-青山区人民政府网"
		}, "x.docx", "青山区教育局", 2022, false},
		{"file name", paragraphs("说明如下"), "/tmp/3.青山区教育局2022年政府信息公开工作年度报告.docx", "青山区教育局", 2022, false},
		{"short file name", paragraphs("说明如下"), "青山区教育局2022.docx", "青山区教育局", 2022, false},
		{"breadcrumbs and other years", paragraphs("首页 > 政府信息公开 > 政府信息公开年报", "青山区司法局2021年政府信息公开工作年度报告", "青山区司法局2022年政府信息公开工作年度报告", "发布日期:2023-01-12"), "x.docx", "青山区司法局", 2022, false},
		{"year in brackets", paragraphs("青山区司法局", "政府信息公开工作年度报告(2022年度)"), "x.docx", "青山区司法局", 2022, false},
		{"date in the file's name", paragraphs("青山区司法局2022年政府信息公开工作年度报告"), "20230118101530.docx", "青山区司法局", 2022, false},
		{"nothing", paragraphs("说明如下"), "x.docx", "", 0, true},
		{"period of another year", paragraphs("青山区司法局2023年政府信息公开工作年度报告", "统计期限为2022年1月1日至12月31日。"), "x.docx", "青山区司法局", 2023, true},
		{"编制 in the name", paragraphs("红谷滩区机构编制委员会办公室2022年政府信息公开工作年度报告"), "x.docx", "红谷滩区机构编制委员会办公室", 2022, false},
		{"发布 in the name", paragraphs("红谷滩区信息发布中心2022年政府信息公开工作年度报告"), "x.docx", "红谷滩区信息发布中心", 2022, false},
		{"编制 in a sentence's name", paragraphs("根据有关规定,现将红谷滩区机构编制委员会办公室2022年政府信息公开工作年度报告公布如下。"), "x.docx", "红谷滩区机构编制委员会办公室", 2022, false},
		{"编制 in a bare sentence", paragraphs("红谷滩区机构编制委员会办公室2022年度政府信息公开工作年度报告如下。"), "x.docx", "红谷滩区机构编制委员会办公室", 2022, false},
		{"发布 in a sentence's name", paragraphs("特编制了红谷滩区信息发布中心2022年政府信息公开年度报告。"), "x.docx", "红谷滩区信息发布中心", 2022, false},
		{"compiled by a 编制 office", paragraphs("本报告由红谷滩区机构编制委员会办公室编制,统计期限自2021年1月1日起至2021年12月31日止。"), "x.docx", "红谷滩区机构编制委员会办公室", 2021, false},
		{"compiled by a 编制 office on a ground", paragraphs("本报告由红谷滩区机构编制委员会办公室根据有关规定编制,统计期限自2021年1月1日起至2021年12月31日止。"), "x.docx", "红谷滩区机构编制委员会办公室", 2021, false},
		{"compiled on a ground", paragraphs("按照有关要求编制青山区司法局2022年政府信息公开年度报告。"), "x.docx", "青山区司法局", 2022, false},
		{"office compiles", paragraphs("青山区司法局编制2022年政府信息公开年度报告。"), "x.docx", "青山区司法局", 2022, false},
		{"file of another unit, no title", paragraphs("现将青山区城管局2021年政府信息公开工作年度报告向社会公布。"), "青山区民政局2021年政府信息公开工作年度报告.docx", "青山区城管局", 2021, true},
		{"signed by another unit", func(d *document.Document) {
			d.Blocks = append(d.Blocks, document.Block{Text: "青山区民政局"}, document.Block{Text: "2024年1月18日"})
		}, "x.docx", "青山区司法局", 2023, true},
		{"sentence of another unit", paragraphs("青山区司法局2021年政府信息公开工作年度报告", "现将青山区民政局2021年政府信息公开工作年度报告向社会公布。"), "x.docx", "青山区司法局", 2021, true},
		{"document's title of another unit, no title", func(d *document.Document) {
			paragraphs("本报告由青山区水务局根据有关规定编制,统计期限自2021年1月1日起至2021年12月31日止。")(d)
			d.Title = "青山区教育局2021年政府信息公开工作年度报告"
		}, "x.docx", "青山区水务局", 2021, true},
		{"short names of the unit", func(d *document.Document) {
			paragraphs("洪泽区发展和改革委员会2022年政府信息公开工作年度报告")(d)
			d.Blocks = append(d.Blocks, document.Block{Text: "区发改委"}, document.Block{Text: "2023年1月18日"})
		}, "区发改委2022年报.docx", "洪泽区发展和改革委员会", 2022, false},
		{"short name of a town", func(d *document.Document) {
			paragraphs("青山县洪山镇2022年政府信息公开工作年度报告")(d)
			d.Blocks = append(d.Blocks, document.Block{Text: "洪山镇人民政府"}, document.Block{Text: "2023年1月18日"})
		}, "x.docx", "青山县洪山镇", 2022, false},
		{"file of another unit", func(*document.Document) {}, "洪山路街道2023年政府信息公开工作年度报告.docx", "青山区司法局", 2023, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := national("青山区司法局", 2023)
			c.change(d)
			got, err := interpret.Read(d, c.file, interpret.Options{})
			if err != nil || len(got) != 1 {
				t.Fatal(err, describe(got))
			}
			r := got[0]
			if r.Report.Unit != c.unit || r.Report.Year() != c.year {
				t.Errorf("unit %q year %v, want %q %v", r.Report.Unit, r.Report.Year(), c.unit, c.year)
			}
			if hasDoubt(r, interpret.DoubtIdentity, "") != c.doubted {
				t.Errorf("doubts %v, want doubted %v", r.Doubts, c.doubted)
			}
		})
	}
}

func TestScope(t *testing.T) {
	cases := []struct {
		sentence string
		want     disclosure.Scope
	}{
		{"本报告按照规定编制。", ""},
		{"本机关高度重视政府信息公开工作。", ""},
		{"本报告所列数据包括各乡镇、街道和区政府部门。", disclosure.ScopeRegion},
		{"表格数据为全区汇总(含乡镇街道和部门)。", disclosure.ScopeRegion},
		{"本报告数据为全域口径。", disclosure.ScopeRegion},
		{"报告中所列数据统计范围包括区政府及其所属部门,不含乡镇。", disclosure.ScopeLevel},
		{"以下为区本级汇总数据。", disclosure.ScopeLevel},
		{"统计数据不含所属部门。", disclosure.ScopeAgency},
		{"数据口径:本机关。", disclosure.ScopeAgency},
		{"本报告汇总了全区各级行政机关的数据。", disclosure.ScopeRegion},
		{"本报告包括区政府各部门、各街道数据。", disclosure.ScopeRegion},
		{"注:表中数据含各镇、街道。", disclosure.ScopeRegion},
		{"本年公开的信息涵盖各部门、各街道。", ""},
		{"统筹推进全区政务数据共享开放。", ""},
		{"数据统计显示,申请内容包括各部门职责、街道拆迁。", ""},
		{"统计数据显示申请内容包括各部门职责、街道拆迁。", ""},
		{"组织各部门、各街道(含管理处)开展培训。", ""},
		{"做好全区汇总上报工作。", ""},
		{"进一步规范全区政务数据统计口径和区本级数据口径。", ""},
		{"表格数据按全区口径填报。", disclosure.ScopeRegion},
		{"打造全域数据底座,统一发布口径,全域推进。", ""},
		{"加强本机关数据管理。", ""},
		{"主动公开的内容包括各部门预决算情况。", ""},
		{"本报告包括总体情况、主动公开政府信息情况和部门收费情况。", ""},
		{"全区各单位公开数据合计1200条,含街道300条。", ""},
	}
	for _, c := range cases {
		d := replaceText(national("青山区人民政府", 2023), "本报告按照规定编制,统计期限为当年全年。", c.sentence)
		if r := readOne(t, d, interpret.Options{}); r.Report.Scope != c.want {
			t.Errorf("%s: scope %q, want %q", c.sentence, r.Report.Scope, c.want)
		} else if c.want != "" && !slices.ContainsFunc(r.Doubts, func(d interpret.Doubt) bool {
			return d.Kind == interpret.DoubtIdentity && strings.Contains(d.Message, "认定为"+string(c.want))
		}) {
			t.Errorf("%s: no doubt on a scope taken from the text: %v", c.sentence, r.Doubts)
		}
	}
}

func TestScopeInNames(t *testing.T) {
	for file, want := range map[string]disclosure.Scope{
		"青山区2023年年报(全域).docx": disclosure.ScopeRegion, "青山区2023年年报(不含街道).docx": disclosure.ScopeLevel,
		"青山区2023年全区汇总.docx": disclosure.ScopeRegion, "青山区2023年政务数据共享.docx": "",
	} {
		got, err := interpret.Read(national("青山区人民政府", 2023), file, interpret.Options{})
		if err != nil || got[0].Report.Scope != want || hasDoubt(got[0], interpret.DoubtIdentity, "") {
			t.Errorf("%s: scope %q, want %q; %v %v", file, got[0].Report.Scope, want, err, got[0].Doubts)
		}
	}
	d := replaceText(national("青山区人民政府", 2023), "本报告按照规定编制,统计期限为当年全年。", "本报告数据为本机关口径。")
	got, err := interpret.Read(d, "青山区2023年年报(全域).docx", interpret.Options{})
	if err != nil || got[0].Report.Scope != "" || !hasDoubt(got[0], interpret.DoubtIdentity, "") {
		t.Errorf("contradicting scopes: %q %v %v", got[0].Report.Scope, err, got[0].Doubts)
	}
}

func TestProse(t *testing.T) {
	plain := func(d *document.Document) *document.Document { return d }
	cases := []struct {
		name   string
		change func(*document.Document) *document.Document
	}{
		{"numbered", plain},
		{"all numbered one", func(d *document.Document) *document.Document {
			for _, n := range []string{"二、", "三、", "四、", "五、", "六、"} {
				d = replaceText(d, n, "一、")
			}
			return d
		}},
		{"without numbers", func(d *document.Document) *document.Document {
			for _, n := range []string{"一、", "二、", "三、", "四、", "五、", "六、"} {
				d = replaceText(d, n, "")
			}
			return d
		}},
		{"in brackets", func(d *document.Document) *document.Document {
			for _, n := range []string{"一", "二", "三", "四", "五", "六"} {
				d = replaceText(d, n+"、", "("+n+")")
			}
			return d
		}},
		{"arabic", func(d *document.Document) *document.Document {
			for i, n := range []string{"一", "二", "三", "四", "五", "六"} {
				d = replaceText(d, n+"、", string(rune('1'+i))+".")
			}
			return d
		}},
		{"other words", func(d *document.Document) *document.Document {
			d = replaceText(d, "二、主动公开政府信息情况", "二、主动公开情况")
			d = replaceText(d, "五、存在的主要问题及改进情况", "五、存在的问题及改进措施")
			return replaceText(d, "六、其他需要报告的事项", "六、其他需报告事项")
		}},
		{"text behind the heading", func(d *document.Document) *document.Document {
			for i := range d.Blocks {
				if d.Blocks[i].Text == "六、其他需要报告的事项" {
					d.Blocks[i].Text = "六、其他需要报告的事项。无其他需要报告的事项。"
					d.Blocks = append(d.Blocks[:i+1], d.Blocks[i+2:]...)
					break
				}
			}
			return d
		}},
	}
	want := map[int]string{
		0: "本报告按照规定编制,统计期限为当年全年。",
		1: "(一)主动公开政府信息情况。本年发布各类信息。\n(二)依申请公开情况。全部按期答复。",
		2: "", 3: "", 4: "",
		5: "存在更新不够及时的问题。",
		6: "无其他需要报告的事项。",
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := readOne(t, c.change(national("青山区司法局", 2023)), interpret.Options{})
			got := map[int]string{}
			for _, p := range r.Report.Prose {
				got[p.Number] = p.Text
			}
			if c.name == "in brackets" { // sections bear the same numbers as parts
				got[1] = want[1]
			}
			for n, text := range want {
				have, ok := got[n]
				if !ok || have != text {
					t.Errorf("part %d: %q (%v), want %q", n, have, ok, text)
				}
			}
			if !r.Report.HasProse {
				t.Error("no prose")
			}
		})
	}
}

func TestUnreadCellsAreReported(t *testing.T) {
	f := disclosure.NationalForm("2021")
	d := national("青山区司法局", 2023)
	setCell(d, printed(f, "T3_GRANTED_NP"), "约3")
	setCell(d, printed(f, "T3_GRANTED_BIZ"), "")
	setCell(d, printed(f, "T3_GRANTED_RES"), "/")
	setCell(d, printed(f, "T3_GRANTED_NPO"), "1,234")
	setCell(d, printed(f, "T2_NORM_IN_FORCE"), "22(其中修订16件)")
	setCell(d, printed(f, "T2_FEE_AMOUNT_WAN"), "96171.6万元")
	r := readOne(t, d, interpret.Options{})
	kinds := map[disclosure.Code]disclosure.CellKind{"T3_GRANTED_NP": disclosure.CellUnread, "T3_GRANTED_BIZ": disclosure.CellBlank,
		"T3_GRANTED_RES": disclosure.CellSlash, "T3_GRANTED_NPO": disclosure.CellNumber, "T2_NORM_IN_FORCE": disclosure.CellNumber, "T2_FEE_AMOUNT_WAN": disclosure.CellNumber}
	for code, want := range kinds {
		if got := r.Report.Cells[code]; got.Kind != want {
			t.Errorf("%s: %v, want %s", code, got, want)
		}
	}
	for code, want := range map[disclosure.Code]string{"T3_GRANTED_NPO": "1234", "T2_NORM_IN_FORCE": "22", "T2_FEE_AMOUNT_WAN": "96171.6"} {
		if got := r.Report.Cells[code].Value.String(); got != want {
			t.Errorf("%s = %s, want %s", code, got, want)
		}
	}
	if c := r.Report.Cells["T2_NORM_IN_FORCE"]; c.Remark != "其中修订16件" {
		t.Errorf("remark %q", c.Remark)
	}
	if !hasDoubt(r, interpret.DoubtCell, "T3_GRANTED_NP") {
		t.Error("no doubt on the unread cell")
	}
}

// TestFormulasWithoutResultsAreUnread keeps a missing result from being taken
// for a blank, or for the label of a row.
func TestFormulasWithoutResultsAreUnread(t *testing.T) {
	f := disclosure.NationalForm("2021")
	d := national("青山区司法局", 2023)
	fault := map[disclosure.Code]string{"T3_GRANTED_NP": "=C5+C6", "T3_RESULT_TOTAL_TOT": "=SUM(J8:J30)", "T2_NORM_ISSUED": "#REF!", "T4_REV_TOTAL": "=公式"}
	for code, text := range fault {
		setCell(d, printed(f, code), text)
	}
	r := readOne(t, d, interpret.Options{})
	for code, text := range fault {
		if c := r.Report.Cells[code]; c.Kind != disclosure.CellUnread || c.Raw != text || !hasDoubt(r, interpret.DoubtCell, code) {
			t.Errorf("%s: %v", code, c)
		}
	}
	for _, code := range []disclosure.Code{"T3_GRANTED_BIZ", "T2_NORM_REPEALED", "T4_REV_PENDING"} {
		if got := r.Report.Cells[code].Value.String(); got != printed(f, code) {
			t.Errorf("%s beside it = %s, want %s", code, got, printed(f, code))
		}
	}
}

func TestFeeInAnotherUnit(t *testing.T) {
	f := disclosure.NationalForm("2021")
	for header, want := range map[string]string{"本年收费金额(单位:万元)": "12345", "本年收费金额(单位:元)": "1.2345", "本年收费金额": "12345"} {
		two := relabel(tableTwo(f), "本年收费金额(单位:万元)", header, printed(f, "T2_FEE_AMOUNT_WAN"), "12345")
		r := readOne(t, report("青山区司法局", 2023, grids(two), grids(tableThree(f, false)), grids(tableFour(f))), interpret.Options{})
		if got := r.Report.Cells["T2_FEE_AMOUNT_WAN"].Value.String(); got != want || hasDoubt(r, interpret.DoubtCell, "T2_FEE_AMOUNT_WAN") != (want == "1.2345") {
			t.Errorf("%s: %s, want %s; %v", header, got, want, r.Doubts)
		}
	}
}

// TestOneNumberForTheThreeRowsOfOther reads (六) with its detail rows printed
// and their values merged, and leaves other merges unread.
func TestOneNumberForTheThreeRowsOfOther(t *testing.T) {
	f := disclosure.NationalForm("2021")
	details := []string{"OTHER_NO_CORRECTION", "OTHER_NO_FEE", "OTHER_MISC"}
	merge := func(over int, columns ...string) [][]tcell {
		rows := tableThree(f, false)
		drop := map[string]bool{}
		span := map[string]string{}
		for _, col := range columns {
			span[printed(f, disclosure.Code("T3_OTHER_NO_CORRECTION_"+col))] = printed(f, disclosure.Code("T3_OTHER_MERGED_"+col))
			for _, key := range details[1:over] {
				drop[printed(f, disclosure.Code("T3_"+key+"_"+col))] = true
			}
		}
		for i, row := range rows {
			for k := range row {
				if now, ok := span[row[k].text]; ok {
					rows[i][k] = tcell{text: now, rows: over}
				}
			}
			rows[i] = slices.DeleteFunc(rows[i], func(c tcell) bool { return drop[c.text] })
		}
		return rows
	}
	read := func(three [][]tcell) *interpret.Reading {
		return readOne(t, report("青山区司法局", 2023, grids(tableTwo(f)), grids(three), grids(tableFour(f))), interpret.Options{})
	}
	all := []string{"NP", "BIZ", "RES", "NPO", "LAW", "OTH", "TOT"}
	r := read(merge(3, all...))
	wantAll(t, f, r, true)
	if hasDoubt(r, interpret.DoubtCell, "T3_OTHER_MERGED_NP") || hasDoubt(r, interpret.DoubtCell, "T3_OTHER_NO_CORRECTION_NP") {
		t.Error("doubted:", r.Doubts)
	}
	for name, three := range map[string][][]tcell{"two rows": merge(2, all...), "some columns": merge(3, "NP", "TOT")} {
		r := read(three)
		if _, ok := r.Report.Cells["T3_OTHER_MERGED_NP"]; ok || r.Report.Cells["T3_OTHER_NO_CORRECTION_NP"].Kind != disclosure.CellUnread {
			t.Errorf("%s: %v", name, r.Report.Cells["T3_OTHER_NO_CORRECTION_NP"])
		}
	}
}

func TestMissingTableHasNoEntries(t *testing.T) {
	f := disclosure.NationalForm("2021")
	r := readOne(t, report("青山区司法局", 2023, grids(tableTwo(f)), grids(tableThree(f, false)), nil), interpret.Options{})
	for code := range r.Report.Cells {
		if strings.HasPrefix(string(code), "T4_") {
			t.Fatalf("%s has an entry", code)
		}
	}
	if !hasDoubt(r, interpret.DoubtMissing, "T4_REV_UPHELD") {
		t.Error("no doubt on table 四")
	}
}

func TestMissingRowIsBlankAndDoubted(t *testing.T) {
	f := disclosure.NationalForm("2021")
	three := plainRows(tableThree(f, false))
	three = append(three[:9:9], three[10:]...) // 3.危及“三安全一稳定”
	r := readOne(t, report("青山区司法局", 2023, grids(tableTwo(f)), grids(three), grids(tableFour(f))), interpret.Options{})
	if c := r.Report.Cells["T3_DENY_SECURITY_STABILITY_NP"]; c.Kind != disclosure.CellBlank {
		t.Errorf("missing row: %v", c)
	}
	if !hasDoubt(r, interpret.DoubtMissing, "T3_DENY_SECURITY_STABILITY_NP") {
		t.Error("no doubt on the missing row")
	}
	if got := r.Report.Cells["T3_DENY_THIRD_PARTY_NP"].Value.String(); got != printed(f, "T3_DENY_THIRD_PARTY_NP") {
		t.Errorf("row behind it = %s", got)
	}
}

func TestSeveralReportsInOneFile(t *testing.T) {
	a, b, c := national("青山区司法局", 2023), national("青山区民政局", 2023), national("青山区司法局", 2022)
	got, err := interpret.Read(join(a, b, c), "汇编.docx", interpret.Options{})
	if err != nil || len(got) != 3 {
		t.Fatal(err, describe(got))
	}
	for i, want := range []string{"青山区司法局", "青山区民政局", "青山区司法局"} {
		if got[i].Report.Unit != want || len(got[i].Report.Cells) != 200 {
			t.Errorf("report %d is %q with %d cells, want %q", i, got[i].Report.Unit, len(got[i].Report.Cells), want)
		}
	}
	if got[2].Report.Year() != 2022 {
		t.Errorf("third report is for %v", got[2].Report.Year())
	}
}

func TestWorkbookWithASheetAUnit(t *testing.T) {
	f := disclosure.NationalForm("2021")
	d := &document.Document{Format: "xlsx"}
	for _, unit := range []string{"青山区司法局", "青山区民政局", "洪山路街道"} {
		b := grids(slices.Concat(plainRows(tableTwo(f)), plainRows(tableThree(f, false)), plainRows(tableFour(f))))
		b[0].Grid.Name, b[0].Place = unit, "工作表“"+unit+"”"
		d.Blocks = append(d.Blocks, b...)
	}
	setCell(&document.Document{Blocks: d.Blocks[1:2]}, printed(f, "T3_GRANTED_NP"), "7")
	setCell(&document.Document{Blocks: d.Blocks[2:3]}, printed(f, "T3_GRANTED_NP"), "8")
	got, err := interpret.Read(d, "2023年汇总.xlsx", interpret.Options{})
	if err != nil || len(got) != 3 {
		t.Fatal(err, describe(got))
	}
	for i, want := range []string{"青山区司法局", "青山区民政局", "洪山路街道"} {
		if r := got[i].Report; r.Unit != want || r.Year() != 2023 || r.HasProse {
			t.Errorf("sheet %d: unit %q year %v prose %v", i, r.Unit, r.Year(), r.HasProse)
		}
	}
}

func TestCopiesInOneFile(t *testing.T) {
	f := disclosure.NationalForm("2021")
	t.Run("equal", func(t *testing.T) {
		wantAll(t, f, readOne(t, join(national("青山区司法局", 2023), national("青山区司法局", 2023)), interpret.Options{}), false)
	})
	t.Run("equal tables without headings", func(t *testing.T) {
		three := tableThree(f, false)
		d := report("青山区司法局", 2023, grids(tableTwo(f)), grids(three, three), grids(tableFour(f)))
		wantAll(t, f, readOne(t, d, interpret.Options{}), false)
	})
	for name, restart := range map[string]bool{"contradicting reports": true, "contradicting tables": false} {
		t.Run(name, func(t *testing.T) {
			d := national("青山区司法局", 2023)
			again := national("青山区司法局", 2023)
			if !restart {
				again.Blocks = grids(tableThree(f, false))
			}
			setCell(again, printed(f, "T3_GRANTED_NP"), "9")
			r := readOne(t, join(d, again), interpret.Options{})
			if c := r.Report.Cells["T3_GRANTED_NP"]; c.Kind != disclosure.CellUnread || !hasDoubt(r, interpret.DoubtDuplicate, "T3_GRANTED_NP") {
				t.Errorf("contradiction passed: %v", c)
			}
			if c := r.Report.Cells["T3_GRANTED_BIZ"]; !c.IsNumber() {
				t.Errorf("its neighbour: %v", c)
			}
		})
	}
}

func TestTableOfTheTextIsNoTable(t *testing.T) {
	d := national("青山区司法局", 2023)
	extra := grids([][]tcell{texts("事项", "件数"), texts("行政许可", "12"), texts("行政处罚", "34"), texts("行政强制", "5")})
	d.Blocks = slices.Insert(d.Blocks, 3, extra...)
	wantAll(t, disclosure.NationalForm("2021"), readOne(t, d, interpret.Options{}), false)
}

func TestFragmentOfATableUnderItsHeading(t *testing.T) {
	f := disclosure.NationalForm("2021")
	two := tableTwo(f)[:4]
	r := readOne(t, report("青山区司法局", 2023, grids(two), grids(tableThree(f, false)), grids(tableFour(f))), interpret.Options{})
	if got := r.Report.Cells["T2_NORM_IN_FORCE"].Value.String(); got != printed(f, "T2_NORM_IN_FORCE") {
		t.Errorf("got %s", got)
	}
	if !hasDoubt(r, interpret.DoubtMissing, "T2_LICENSE_DECISIONS") {
		t.Error("no doubt on what is missing")
	}
}

func TestNothingOfAReport(t *testing.T) {
	d := &document.Document{Format: "docx", Blocks: append([]document.Block{{Text: "关于召开会议的通知"}}, grids([][]tcell{texts("时间", "地点"), texts("9点", "301室")})...)}
	if _, err := interpret.Read(d, "通知.docx", interpret.Options{}); disclosure.CodeOf(err) != disclosure.ErrInvalid {
		t.Errorf("error %v", err)
	}
}
