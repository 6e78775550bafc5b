package check

import (
	"slices"
	"strings"
	"testing"

	"mingjing/internal/disclosure"
)

// filedBy is a report whose tables agree with one another: 28 new and 2 carried
// in, 27 closed, 3 carried out; 5 reviews with 1 pending, 3 suits.
func filedBy(t *testing.T, year disclosure.Year, unit string) *disclosure.Report {
	t.Helper()
	r := zeros(form2021, year)
	r.Unit, r.Scope = unit, disclosure.ScopeAgency
	for key, n := range map[string]string{"NEW_RECEIVED": "28", "CARRIED_IN": "2", "GRANTED": "6", "PARTIAL": "12", "DENY_THIRD_PARTY": "2",
		"DENY_PROCESS_INFO": "1", "UNAVAIL_NOT_HELD": "4", "REJECT_PETITION": "1", "OTHER_MISC": "1", "RESULT_TOTAL": "27", "CARRIED_OUT": "3"} {
		row(r, key, n, "0", "0", "0", "0", "0", n)
	}
	set(r, "T4_REV_UPHELD=3 T4_REV_CORRECTED=1 T4_REV_PENDING=1 T4_REV_TOTAL=5 T4_LITD_UPHELD=2 T4_LITD_TOTAL=2 T4_LITR_UPHELD=1 T4_LITR_TOTAL=1")
	if got := Report(r, nil); len(got) > 0 {
		t.Fatalf("the fixture is not sound: %+v", got)
	}
	return r
}

// before is the report of the year before: 20 new, 2 carried out.
func before(r *disclosure.Report) *disclosure.Report {
	last := zeros(form2021, r.Year()-1)
	last.Unit, last.Scope = r.Unit, r.Scope
	for key, n := range map[string]string{"NEW_RECEIVED": "20", "CARRIED_IN": "1", "GRANTED": "5", "PARTIAL": "6", "UNAVAIL_NOT_HELD": "8",
		"RESULT_TOTAL": "19", "CARRIED_OUT": "2"} {
		row(last, key, n, "0", "0", "0", "0", "0", n)
	}
	return set(last, "T4_REV_PENDING=1 T4_REV_TOTAL=1")
}

// spoken puts a sentence under the heading of applications.
func spoken(r *disclosure.Report, text string) *disclosure.Report {
	parts := sixParts()
	parts[1].Text = "(一)主动公开。全年公开信息若干条。\n(二)依申请公开。" + text
	return with(r, parts...)
}

// found lists "RULE actual" of the findings on prose.
func found(findings []Finding) string {
	var out []string
	for _, f := range findings {
		if strings.HasPrefix(f.Rule, "TXT") || strings.HasPrefix(f.Rule, "CPY") {
			out = append(out, f.Rule+" "+f.Actual)
			if f.Severity != Explain {
				out = append(out, string(f.Severity))
			}
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

func TestNumbersInProse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		// Received: new, or new and carried in.
		{"本年收到政府信息公开申请28件。", ""},
		{"全年共收到政府信息公开申请28件。", ""},
		{"2024年收到政府信息公开申请30件。", ""},
		{"共受理政府信息公开申请28件,均按期答复。", ""},
		{"全年受理申请26件。", ""}, // 27 closed without 1 not processed
		{"2024年新收政府信息公开申请28件,上年结转2件,办结27件,结转下年度继续办理3件。", ""},
		{"收到依申请公开28份。", ""},
		{"收到公民、法人和其他组织提交的政府信息公开申请28件。", ""},
		{"收到28件政府信息公开申请,答复27件。", ""},
		{"收到政府信息公开申请共计28件。", ""},
		{"收到政府信息公开申请数量为28件。", ""},
		{"政府信息公开申请28件。", ""},
		{"我局收到政府信息公开申请二十八件。", ""},
		{"收到政府信息公开申请28件。", ""},
		{"收到政府信息公开申请 28 件,办结 27 件。", ""},
		{"本年收到政府信息公开申请35件。", "TXT-R1 35"},
		{"全年共收到政府信息公开申请134件,办结57件。", "TXT-R1 134; TXT-R1 57"},
		{"2024年新收政府信息公开申请30件。", "TXT-R1 30"},
		{"全年受理政府信息公开申请19件。", "TXT-R1 19"},
		{"我局收到政府信息公开申请三十五件。", "TXT-R1 35"},
		{"收到35件政府信息公开申请。", "TXT-R1 35"},
		{"收到依申请公开35份。", "TXT-R1 35"},
		{"收到政府信息公开申请1,028件。", "TXT-R1 1028"},
		{"收到公民、法人或者其他组织提交的政府信息公开申请41件。", "TXT-R1 41"},
		{"收到政府信息公开申请35件,办结35件。", "TXT-R1 35; TXT-R1 35"},
		{"本机关收到政府信息公开申请28件,答复申请33件。", "TXT-R1 33"},
		// Inexact numbers contradict only from far off.
		{"收到政府信息公开申请20余件。", ""},
		{"收到政府信息公开申请二十多件。", ""},
		{"收到政府信息公开申请约30件。", ""},
		{"收到政府信息公开申请近30件。", ""},
		{"收到政府信息公开申请30件左右。", ""},
		{"收到政府信息公开申请不足30件。", ""},
		{"收到政府信息公开申请25至30件。", ""},
		{"收到政府信息公开申请100余件。", "TXT-R1 100"},
		{"收到政府信息公开申请近百件。", "TXT-R1 100"},
		{"收到政府信息公开申请约60件。", "TXT-R1 60"},
		// Closed and carried.
		{"办结27件。", ""}, {"已办结27件,其余3件结转下年度办理。", ""},
		{"答复政府信息公开申请25件。", ""}, // without 不予处理 and 其他处理
		{"均已答复。", ""}, {"答复办结率100%。", ""},
		{"上年结转2件。", ""}, {"结转上年申请2件。", ""}, {"结转2025年继续办理3件。", ""}, {"2023年结转2件。", ""}, {"结转3件。", ""}, {"结转2件。", ""},
		{"办结政府信息公开申请40件。", "TXT-R1 40"},
		{"办理完毕35件。", "TXT-R1 35"},
		{"上年结转5件。", "TXT-R1 5"},
		{"结转下年度继续办理8件。", "TXT-R1 8"},
		{"结转至下一年度办理7件。", "TXT-R1 7"},
		{"结转9件。", "TXT-R1 9"},
		{"尚未办结3件。", ""}, {"延期答复4件。", ""}, {"当场答复5件。", ""}, {"电话答复咨询15件。", ""},
		// Outcomes.
		{"办理结果中,予以公开6件,部分公开12件,不予公开3件,无法提供4件,不予处理1件,其他处理1件。", ""},
		{"其中:予以公开6件、部分公开12件、不予公开3件。", ""},
		{"予以公开18件。", ""}, // with 部分公开
		{"6件予以公开,12件部分公开,3件不予公开,4件无法提供。", ""},
		{"因第三方权益不予公开2件。", ""}, {"属于过程性信息不予公开1件。", ""},
		{"部分予以公开12件。", ""}, {"不予以公开3件。", ""}, {"其它处理1件。", ""},
		{"予以公开9件。", "TXT-R1 9"},
		{"部分公开6件。", "TXT-R1 6"},
		{"予以部分公开2件。", "TXT-R1 2"},
		{"不予公开8件。", "TXT-R1 8"},
		{"无法提供9件。", "TXT-R1 9"},
		{"不予处理4件。", "TXT-R1 4"},
		{"其他处理3件。", "TXT-R1 3"},
		{"办理结果中,5件不予公开。", "TXT-R1 5"},
		{"因第三方权益不予公开9件。", "TXT-R1 9"}, // more than all of them
		// Reviews and suits.
		{"因政府信息公开引起行政复议5件、行政诉讼3件。", ""},
		{"因政府信息公开引起行政复议4件。", ""}, // closed ones
		{"行政诉讼2件。", ""},          // 未经复议直接起诉
		{"因政府信息公开被申请行政复议5件,被提起行政诉讼3件。", ""},
		{"涉及政府信息公开的行政复议、行政诉讼共8件。", ""},
		{"发生5起行政复议案件。", ""},
		{"因政府信息公开引起行政复议9件。", "TXT-R2 9"},
		{"因政府信息公开引起行政复议5件、行政诉讼7件。", "TXT-R2 7"},
		{"行政复议、行政诉讼各1件。", "TXT-R2 1"}, // a suit after review is 1
		{"行政复议和行政诉讼均为0件。", "TXT-R2 0"},
		// None at all.
		{"本年度未收到政府信息公开申请。", "TXT-R1 0"},
		{"全年没有收到政府信息公开申请,无上年结转。", "TXT-R1 0"},
		{"未发生因政府信息公开引起的行政复议和行政诉讼。", "TXT-R2 0; TXT-R2 0"},
		{"没有因政府信息公开引起的行政复议。", "TXT-R2 0"},
		{"未收到通过信函提交的政府信息公开申请。", ""},
		{"没有因政府信息公开行政复议被纠错的情况。", ""},
		{"未收到要求减免费用的申请。", ""},
		// Numbers about something else, or about a part.
		{"通过网站发布信息994条。", ""}, {"微信公众号推送公开信息1250条。", ""}, {"开展政府信息公开培训3次,培训120人次。", ""},
		{"发布政策解读45件。", ""}, {"收到网民留言312件,办结312件。", ""}, {"办理人大代表建议35件、政协提案41件。", ""}, {"受理信访事项88件。", ""},
		{"收到12345热线咨询工单2045件。", ""}, {"作出行政许可决定550件。", ""}, {"国办公开办函〔2021〕30号。", ""},
		{"通过网络收到政府信息公开申请20件,信函收到申请8件。", ""}, {"其中自然人申请27件,企业申请1件。", ""},
		{"其中征地拆迁类申请12件。", ""}, {"一季度收到政府信息公开申请9件。", ""}, {"上半年收到政府信息公开申请15件。", ""},
		{"2023年收到政府信息公开申请20件,2024年收到28件。", ""}, {"上年收到政府信息公开申请20件。", ""},
		{"本年收到政府信息公开申请28件(上年20件)。", ""}, {"与去年20件相比有所增加。", ""},
		{"对每一件申请逐一登记。", ""}, {"做到一件一档。", ""}, {"在20个工作日内答复申请。", ""}, {"第3件申请办理中,向申请人补正1次。", ""},
		{"下属事业单位收到政府信息公开申请3件。", ""}, {"全区各部门收到政府信息公开申请420件。", ""}, {"区住房和城乡建设局收到政府信息公开申请65件。", ""},
		{"历年累计收到政府信息公开申请320件。", ""}, {"主动公开文件60件。", ""}, {"审理行政复议案件135件。", ""},
		{"联系电话0517-12345678件。", ""}, {"平均每件答复用时9天。", ""}, {"编发政府信息公开申请答复范本12份。", ""},
		{"全年回复公众咨询56件。", ""}, {"区水务局收到政府信息公开申请28件。", ""},
		{"区水务局收到政府信息公开申请48件。", "TXT-R1 48"}, {"澜汀区水务局收到政府信息公开申请48件。", "TXT-R1 48"},
		// Percentages.
		{"予以公开6件,占22.2%。", ""}, {"部分公开12件,占办结总数的44.4%。", ""}, {"部分公开12件,占比约45%。", ""}, {"部分公开12件,占新收申请的42.9%。", ""},
		{"政府信息公开申请公开率66.7%。", ""}, {"办结率为90%。", ""}, {"按时办结率100%。", ""}, {"满意率98%。", ""}, {"网站栏目更新率100%。", ""},
		{"予以公开6件,占62.2%。", "TXT-R3 62.2%"},
		{"部分公开12件,占办结总数的14.4%。", "TXT-R3 14.4%"},
		{"政府信息公开申请公开率86.7%。", "TXT-R3 86.7%"},
		{"依申请公开办结率为75%。", "TXT-R3 75%"},
		// Against last year.
		{"收到政府信息公开申请28件,同比增长40%。", ""}, {"收到政府信息公开申请28件,较上年增加8件。", ""}, {"收到政府信息公开申请28件,比2023年增加8件。", ""},
		{"收到政府信息公开申请28件,同比增长约四成。", ""}, {"收到政府信息公开申请28件,较2022年增加50%。", ""}, {"办结27件,同比上升42.1%。", ""},
		{"政府信息公开申请公开率66.7%,同比上升8.8个百分点。", ""},
		{"收到政府信息公开申请28件,同比增长65%。", "TXT-R4 +65"},
		{"收到政府信息公开申请28件,同比下降40%。", "TXT-R4 -40"},
		{"收到政府信息公开申请28件,较上年增加15件。", "TXT-R4 +15"},
		{"收到政府信息公开申请28件,比2023年减少8件。", "TXT-R4 -8"},
		{"政府信息公开申请公开率66.7%,同比上升20个百分点。", "TXT-R4 +20"},
	} {
		cur := filedBy(t, 2024, "澜汀区水务局")
		last := before(cur)
		if got := found(Report(spoken(cur, c.text), last)); got != c.want {
			t.Errorf("%s\n found %q, want %q", c.text, got, c.want)
		}
	}
}

// Full-width digits and marks, Chinese numerals and broken lines are read like
// the plain ones.
func TestNumbersHoweverPrinted(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"收到政府信息公开申请\uff13\uff15件\uff0c办结\uff12\uff17件。", "收到政府信息公开申请三十五件。",
		"本年度我局按照有关规定做好依申请公开工作,全年共收到政府信\n息公开申请 3 5件。"} {
		if got := found(Report(spoken(filedBy(t, 2024, "澜汀区水务局"), text), nil)); got != "TXT-R1 35" {
			t.Errorf("%q: found %q", text, got)
		}
	}
	for text, want := range map[string]int64{"十": 10, "十二": 12, "二十": 20, "一百零三": 103, "一百三十四": 134, "两千": 2000, "三百": 300, "一万二千": 12000} {
		if got, ok := chineseNumber(text); !ok || got != want {
			t.Errorf("%s is %d %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"三四", "二〇二四"} {
		if got, ok := chineseNumber(text); ok {
			t.Errorf("%s is no number, got %d", text, got)
		}
	}
}

// Whose numbers they are: a report on a whole district may tell its office's
// own cases; an agency's may tell the district's.
func TestScopeOfProse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		unit  string
		scope disclosure.Scope
		text  string
		want  string
	}{
		{"澜汀区人民政府", disclosure.ScopeRegion, "区政府办公室收到政府信息公开申请11件,办结11件。", ""},
		{"澜汀区人民政府", disclosure.ScopeRegion, "区本级收到政府信息公开申请11件。", ""},
		{"澜汀区人民政府", disclosure.ScopeRegion, "区政府办公室收到政府信息公开申请90件。", "TXT-R1 90"},
		{"澜汀区人民政府", disclosure.ScopeRegion, "全区收到政府信息公开申请28件。", ""},
		{"澜汀区人民政府", disclosure.ScopeRegion, "全区收到政府信息公开申请34件。", "TXT-R1 34"},
		{"澜汀区人民政府", disclosure.ScopeRegion, "区教育局收到政府信息公开申请3件。", ""},
		{"澜汀区人民政府", disclosure.ScopeUnknown, "全区受理政府信息公开申请48件。", "TXT-R1 48"},
		{"澜汀区人民政府", disclosure.ScopeAgency, "全区收到政府信息公开申请134件。", ""},
		{"澜汀区人民政府办公室", disclosure.ScopeAgency, "全区收到政府信息公开申请134件。", ""},
		{"澜汀区人民政府办公室", disclosure.ScopeUnknown, "区政府办公室收到政府信息公开申请34件。", "TXT-R1 34"},
		{"澜砚镇人民政府", disclosure.ScopeAgency, "全镇收到政府信息公开申请28件。", ""},
		{"澜砚镇人民政府", disclosure.ScopeAgency, "全镇收到政府信息公开申请38件。", "TXT-R1 38"},
	} {
		r := filedBy(t, 2024, c.unit)
		r.Scope = c.scope
		if got := found(Report(spoken(r, c.text), nil)); got != c.want {
			t.Errorf("%s (%s) %s\n found %q, want %q", c.unit, c.scope, c.text, got, c.want)
		}
	}
}

// A blank or unread table contradicts nothing, and a total that is not its
// columns' sum may be meant either way.
func TestProseAgainstUnsoundTables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ cells, text, want string }{
		{"T3_NEW_RECEIVED_TOT= T3_NEW_RECEIVED_NP= T3_NEW_RECEIVED_BIZ= T3_NEW_RECEIVED_RES= T3_NEW_RECEIVED_NPO= T3_NEW_RECEIVED_LAW= T3_NEW_RECEIVED_OTH=", "收到政府信息公开申请35件。", ""},
		{"T3_NEW_RECEIVED_TOT=38", "收到政府信息公开申请28件。", ""},
		{"T3_NEW_RECEIVED_TOT=38", "收到政府信息公开申请38件。", ""},
		{"T3_NEW_RECEIVED_TOT=38", "收到政府信息公开申请33件。", "TXT-R1 33"},
		{"T3_OTHER_MISC_TOT= T3_OTHER_MISC_NP= T3_OTHER_MERGED_TOT=1", "其他处理1件。", ""},
		{"T4_REV_TOTAL=0", "因政府信息公开引起行政复议5件。", ""},
	} {
		if got := found(Report(spoken(set(filedBy(t, 2024, "澜汀区水务局"), c.cells), c.text), nil)); got != c.want {
			t.Errorf("%s with %s: found %q, want %q", c.text, c.cells, got, c.want)
		}
	}
}

// What a finding shows: the sentence, the readings, the cells.
func TestProseFindingExplainsItself(t *testing.T) {
	t.Parallel()
	got := Report(spoken(filedBy(t, 2024, "澜汀区水务局"), "全年共收到政府信息公开申请 134 件,均按期办理。"), nil)
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	f := got[0]
	if !strings.Contains(f.Quote, "申请134件,均按期办理") || len(f.Readings) != 2 || f.Readings[0].Value != "28" || f.Readings[1].Value != "30" ||
		!slices.Contains(f.Codes, "T3_NEW_RECEIVED_TOT") || f.Expected != "28" || f.Difference != "106" || strings.Count(f.Message, "。") != 1 {
		t.Errorf("%+v", f)
	}
}

// A report without text, and a local form, have no prose to read.
func TestNoProse(t *testing.T) {
	t.Parallel()
	r := spoken(filedBy(t, 2024, "澜汀区水务局"), "收到政府信息公开申请350件。")
	r.HasProse = false
	if got := Report(r, nil); len(got) > 0 {
		t.Errorf("%+v", got)
	}
}
