package office

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"mingjing/internal/calendar"
	"mingjing/internal/disclosure"
	"mingjing/internal/filing"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

const remindersID = "reminders"

// ReminderTexts are what reminders say: Many to several units at once, One to a
// single one. Words in braces are filled in, see ReminderWords.
type ReminderTexts struct {
	Many    string `json:"many"`
	One     string `json:"one"`
	Subject string `json:"subject"` // of e-mail
}

// ReminderWords are the placeholders that the texts can hold.
var ReminderWords = []string{"单位", "年度", "期限", "剩余天数", "状态", "家数", "名单", "办公室", "联系人"}

var shippedTexts = ReminderTexts{
	Many:    "各单位:{年度}年政府信息公开工作年度报告报送期限为{期限},{剩余天数}。以下{家数}家单位还没有办结,请抓紧办理:\n{名单}\n如有疑问请联系{联系人}。",
	One:     "{单位}:你单位{年度}年政府信息公开工作年度报告现为“{状态}”,期限为{期限},{剩余天数},请抓紧办理。",
	Subject: "请办理{年度}年政府信息公开工作年度报告",
}

// ReminderTexts are the texts in force, and the seq that a change gives as seen.
func (o *Office) ReminderTexts(ctx context.Context) (ReminderTexts, uint64, error) {
	var t ReminderTexts
	seq, err := o.setting(ctx, remindersID, &t)
	if err != nil || seq != 0 {
		return t, seq, err
	}
	return shippedTexts, 0, nil
}

// PutReminderTexts changes the texts. Errors: ErrForbidden, ErrInvalid,
// ErrConflict when somebody else changed them meanwhile.
func (o *Office) PutReminderTexts(ctx context.Context, v people.Visitor, t ReminderTexts, seen uint64, act string) error {
	if err := v.Demand(people.Configure, 0); err != nil {
		return err
	}
	if done, err := o.actDone(ctx, v, act, store.KindSetting); err != nil || done {
		return err
	}
	for _, text := range []*string{&t.Many, &t.One, &t.Subject} {
		*text = strings.TrimSpace(strings.ReplaceAll(*text, "\r\n", "\n"))
		if err := checkTemplate(*text, ReminderWords); err != nil {
			return err
		}
	}
	return conflictOf(o.putSetting(ctx, v, remindersID, t, seen, act), func() error {
		return disclosure.Errorf(disclosure.ErrConflict, "提醒文字在您打开之后已由别人修改,请看过最新的文字再改。")
	})
}

// mostReminder bounds a reminder's text, in characters.
const mostReminder = 4000

var placeholder = regexp.MustCompile(`\{([^{}\n]{1,20})\}`)

func checkTemplate(text string, words []string) error {
	switch {
	case text == "":
		return disclosure.Errorf(disclosure.ErrInvalid, "提醒的文字不能是空的,请填写。")
	case len([]rune(text)) > mostReminder:
		return disclosure.Errorf(disclosure.ErrInvalid, "提醒的文字超过%d字,请精简。", mostReminder)
	}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(words, m[1]) {
			return disclosure.Errorf(disclosure.ErrInvalid, "提醒文字里的{%s}不认识,可以用的有:{%s}。", m[1], strings.Join(words, "}、{"))
		}
	}
	return nil
}

// fillTemplate sets the words in; what is not known stays as it was typed.
func fillTemplate(text string, words map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(m string) string {
		if w, ok := words[m[1:len(m)-1]]; ok {
			return w
		}
		return m
	})
}

// wordsFor are the placeholders' words for some units, all of which have
// something to do.
func wordsFor(lines []ProgressLine, s Settings, year disclosure.Year) map[string]string {
	names, list := []string{}, []string{}
	for _, l := range lines {
		names = append(names, l.Unit.Display())
		entry := fmt.Sprintf("%s(%s,%s,%s)", l.Unit.Display(), filing.Names[l.State], l.Next.Due.Chinese(), leftWords(l.Next))
		if who := contactWords(l.Contacts); who != "" {
			entry += " " + who
		}
		list = append(list, entry)
	}
	w := map[string]string{"单位": strings.Join(names, "、"), "年度": year.String(), "家数": fmt.Sprint(len(lines)), "名单": strings.Join(list, "\n"),
		"办公室": orText(s.Office, "区政府办公室"), "联系人": orText(s.Contact, "区政府办公室政务公开工作人员")}
	if len(lines) == 0 {
		return w
	}
	first := lines[0]
	w["状态"], w["期限"], w["剩余天数"] = filing.Names[first.State], first.Next.Due.Chinese(), leftWords(first.Next)
	for _, l := range lines[1:] {
		if l.Next.Due != first.Next.Due {
			w["期限"], w["剩余天数"] = "各单位名单所列时间", "请对照名单"
		}
		if l.State != first.State {
			w["状态"] = "未办结"
		}
	}
	return w
}

func orText(s, other string) string {
	if strings.TrimSpace(s) == "" {
		return other
	}
	return s
}

func leftWords(n ProgressNext) string {
	switch {
	case n.Overdue > 0:
		return fmt.Sprintf("已逾期%d天", n.Overdue)
	case n.Days == 0:
		return "今天到期"
	case n.Days < 0: // only a publication is left, which is never late here
		return "尚未登记公开"
	}
	return fmt.Sprintf("还有%d天", n.Days)
}

func contactWords(all []Contact) string {
	var out []string
	for _, c := range all {
		out = append(out, strings.TrimSpace(c.Name+" "+c.Phone))
	}
	return strings.Join(out, "、")
}

// daysTo is what is left until a due time, negative when begun days are past.
func daysTo(n ProgressNext) int {
	if n.Overdue > 0 {
		return -n.Overdue
	}
	return n.Days
}

// isStatutory says whether the due time is the law's own.
func isStatutory(n ProgressNext) bool { return n.By == calendar.BasisStatute }
