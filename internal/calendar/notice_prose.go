package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"mingjing/internal/disclosure"
)

// The notice's own text, as it has been worded since 2014:
//
//	二、春节:1月28日(农历除夕、周二)至2月4日(农历正月初七、周二)放假调休,共8天。1月26日(周日)、2月8日(周六)上班。
//
// Its weekdays and sums of days prove that it was copied whole.
var (
	noticeTitle  = regexp.MustCompile(`关于(\d{4})年部分节假日安排的通知`)
	noticeNumber = regexp.MustCompile(`国办发明电[〔\[(](\d{4})[〕\])]\d+号`)
	// item is one holiday's paragraph: its name, and what follows.
	item = regexp.MustCompile(`[一二三四五六七八九十]、([\p{Han}、]{2,12}):`)
	// dayText is one day, with the brackets behind it.
	dayText = regexp.MustCompile(`(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?`)
	total   = regexp.MustCompile(`共(\d{1,2})天`)
)

// noticeOfProse reads the text of a notice.
func noticeOfProse(text string) (Notice, error) {
	plain := squeeze(text)
	title := noticeTitle.FindStringSubmatch(plain)
	year, _ := strconv.Atoi(title[1])
	n := Notice{Year: disclosure.Year(year), Source: "国务院办公厅通知"}
	if number := noticeNumber.FindString(plain); number != "" {
		n.Source = number
	}
	items := item.FindAllStringSubmatchIndex(plain, -1)
	if len(items) == 0 {
		return n, disclosure.Errorf(disclosure.ErrInvalid, "通知里没有找到“一、元旦:……”这样的安排,请粘贴通知全文。")
	}
	for i, at := range items {
		name, end := plain[at[2]:at[3]], len(plain)
		if i+1 < len(items) {
			end = items[i+1][0]
		}
		body, _, _ := strings.Cut(plain[at[1]:end], "节假日期间,") // the closing paragraph
		if err := n.readItem(name, body); err != nil {
			return n, err
		}
	}
	return n, nil
}

// readItem reads one paragraph: a sentence that ends in 放假 gives the run of
// days, one that ends in 上班 the working weekend days, others are advice.
func (n *Notice) readItem(name, body string) error {
	unread := func(what string) error {
		return disclosure.Errorf(disclosure.ErrInvalid, "通知中“%s”一段的%s对不上,请核对是否粘贴完整,或改用CSV。", name, what)
	}
	found := false
	for _, sentence := range strings.Split(body, "。") {
		switch {
		case strings.Contains(sentence, "放假") && !found:
			before, after, _ := strings.Cut(sentence, "放假")
			from, to, ok := n.run(before)
			if !ok {
				return unread("日期或星期")
			}
			if m := total.FindStringSubmatch(after); m != nil {
				if days, _ := strconv.Atoi(m[1]); days != int(to-from)+1 {
					return unread("天数")
				}
			}
			n.Holidays, found = append(n.Holidays, Holiday{Name: name, From: from, To: to}), true
		case strings.HasSuffix(sentence, "上班"):
			days, ok := n.days(sentence)
			if !ok {
				return unread("上班日期或星期")
			}
			n.Workdays = append(n.Workdays, days...)
		}
	}
	if !found {
		return unread("放假日期")
	}
	return nil
}

func (n *Notice) run(text string) (from, to Date, ok bool) {
	days, ok := n.days(text)
	switch {
	case !ok || len(days) > 2 || len(days) == 2 && !strings.Contains(text, "至"):
		return 0, 0, false
	case len(days) == 1:
		return days[0], days[0], true
	}
	return days[0], days[1], days[0] <= days[1]
}

// days reads the days of a sentence; a month or year that is not repeated goes
// on. ok is false when a day does not exist or falls on another weekday than
// the text says.
func (n *Notice) days(text string) (out []Date, ok bool) {
	year, month := int(n.Year), 0
	for _, m := range dayText.FindAllStringSubmatch(text, -1) {
		if m[1] != "" {
			year, _ = strconv.Atoi(m[1])
		}
		if m[2] != "" {
			month, _ = strconv.Atoi(m[2])
		}
		day, _ := strconv.Atoi(m[3])
		d, exists := Valid(year, month, day)
		if !exists || !onWeekday(d, m[4]) {
			return nil, false
		}
		out = append(out, d)
	}
	return out, len(out) > 0
}

var weekdays = [...]string{time.Sunday: "日", time.Monday: "一", time.Tuesday: "二", time.Wednesday: "三", time.Thursday: "四", time.Friday: "五", time.Saturday: "六"}

func onWeekday(d Date, note string) bool {
	for _, word := range []string{"星期", "周"} {
		if _, after, found := strings.Cut(note, word); found {
			return strings.HasPrefix(after, weekdays[d.Weekday()])
		}
	}
	return true
}
