package calendar

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"mingjing/internal/disclosure"
)

// pasted is written after the wording of the notices, with the days of 2025.
const pasted = `国务院办公厅关于2025年部分节假日安排的通知
国办发明电〔2024〕12号
各单位:现将安排通知如下。
一、元旦:1月1日(周三)放假1天,不调休。
二、春节:1月28日(农历除夕、周二)至2月4日(农历正月初七、周二)放假调休,共8天。1月26日(周日)、2月8日(周六)上班。鼓励安排职工休息。
三、清明节:4月4日(周五)至6日(周日)放假,共3天。
四、劳动节:5月1日(周四)至5日(周一)放假调休,共5天。4月27日(周日)上班。
五、端午节:5月31日(周六)至6月2日(周一)放假,共3天。
六、国庆节、中秋节:10月1日(周三)至8日(周三)放假调休,共8天。9月28日(周日)、10月11日(周六)上班。
节假日期间,各单位安排好值班。1月2日上班。`

func TestNoticesInEveryForm(t *testing.T) {
	want, _ := Shipped().Notice(2025)
	asJSON, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var rows strings.Builder
	rows.WriteString("日期,安排,名称\r\n")
	for i, h := range want.Holidays {
		if i == 0 { // one line for the run, or a line a day
			rows.WriteString(h.From.String() + ",放假," + h.Name + "\r\n")
			continue
		}
		if i == 1 {
			rows.WriteString(h.From.Chinese() + "至" + h.To.Chinese() + ",休," + h.Name + "\r\n")
			continue
		}
		for d := h.From; d <= h.To; d++ {
			rows.WriteString(d.String() + ",放假," + h.Name + "\r\n")
		}
	}
	for _, d := range want.Workdays {
		rows.WriteString(d.String() + ",补班,\r\n")
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(rows.String())
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"json": string(asJSON), "csv": rows.String(), "gbk": gbk, "text": pasted, "bom": "\ufeff" + rows.String()} {
		got, err := ParseNotice([]byte(data))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got.Source = want.Source
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func TestUnsoundNoticesAreRefused(t *testing.T) {
	good, _ := Shipped().Notice(2025)
	edit := func(change func(n *Notice)) string {
		data, _ := json.Marshal(good)
		var n Notice
		if err := json.Unmarshal(data, &n); err != nil {
			t.Fatal(err)
		}
		change(&n)
		data, _ = json.Marshal(n)
		return string(data)
	}
	for name, data := range map[string]string{
		"empty":                     " \n",
		"not JSON":                  "{ year: 2025 }",
		"unknown field":             `{"year":2025,"holiday":[]}`,
		"no year":                   edit(func(n *Notice) { n.Year = 0 }),
		"another year's days":       edit(func(n *Notice) { n.Year = 2027 }),
		"too few days":              edit(func(n *Notice) { n.Holidays = n.Holidays[:2] }),
		"end before start":          edit(func(n *Notice) { n.Holidays[1].To = n.Holidays[1].From - 1 }),
		"a month off":               edit(func(n *Notice) { n.Holidays[1].To += 30 }),
		"two holidays overlap":      edit(func(n *Notice) { n.Holidays[0].To = n.Holidays[1].From }),
		"a Wednesday made to work":  edit(func(n *Notice) { n.Workdays = append(n.Workdays, Day(2025, 3, 5)) }),
		"off and at work":           edit(func(n *Notice) { n.Workdays = append(n.Workdays, Day(2025, 2, 1)) }),
		"a working day twice":       edit(func(n *Notice) { n.Workdays = append(n.Workdays, n.Workdays[0]) }),
		"no such day":               strings.Replace(edit(func(*Notice) {}), "2025-04-06", "2025-04-31", 1),
		"CSV: unknown word":         "2025-01-01,放羊,元旦\n",
		"CSV: no date":              "元旦,放假,元旦\n",
		"CSV: broken":               "2025-01-01,\"放假\n",
		"text: weekday disagrees":   strings.Replace(pasted, "5月1日(周四)", "5月1日(周五)", 1),
		"text: sum disagrees":       strings.Replace(pasted, "共5天", "共4天", 1),
		"text: a paragraph cut off": strings.Replace(pasted, "4月4日(周五)至6日(周日)放假,共3天。", "", 1),
		"text: no list":             "国务院办公厅关于2025年部分节假日安排的通知",
		"neither":                   strings.Repeat("x", MaxNoticeBytes+1),
	} {
		_, err := ParseNotice([]byte(data))
		if disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && disclosure.Sentence(err) == "" {
			t.Errorf("%s: no sentence", name)
		}
	}
}

func FuzzParseNotice(f *testing.F) {
	f.Add([]byte(pasted))
	f.Add([]byte("日期,安排,名称\n2025-01-01~2025-01-03,放假,元旦\n2025-01-04,上班,\n"))
	f.Add([]byte(`{"year":2025,"source":"x","holidays":[{"name":"元旦","from":"2025-01-01","to":"2025-01-01"}],"workdays":["2025-01-26"]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := ParseNotice(data)
		if err != nil {
			if disclosure.CodeOf(err) != disclosure.ErrInvalid {
				t.Fatalf("error %v", err)
			}
			return
		}
		c, err := New(n)
		if err != nil {
			t.Fatalf("a notice that was read cannot be used: %v", err)
		}
		first := Day(int(n.Year), 1, 1)
		if got := c.WorkdaysBetween(first, c.AddWorkdays(first, 30)); got != 30 {
			t.Fatalf("30 working days became %d", got)
		}
	})
}
