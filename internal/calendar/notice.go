package calendar

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/width"

	"mingjing/internal/disclosure"
)

// Notice is the State Council's yearly notice on holidays (关于某年部分节假日安排的通知).
// Days that it does not name are working days from Monday to Friday.
type Notice struct {
	Year     disclosure.Year `json:"year"`
	Source   string          `json:"source"` // 国办发明电〔2024〕12号
	Holidays []Holiday       `json:"holidays"`
	Workdays []Date          `json:"workdays"` // Saturdays and Sundays on which offices work (调休)
}

// Holiday is a run of days off, both ends included.
type Holiday struct {
	Name string `json:"name"`
	From Date   `json:"from"`
	To   Date   `json:"to"`
}

// Bounds of a sound notice. The law gives 11 days of holiday a year, 13 since
// 2025 (全国年节及纪念日放假办法); the longest run met was 9 days, 16 in 2020.
const (
	leastDaysOff = 11
	longestRun   = 16
)

// MaxNoticeBytes is the largest text that ParseNotice looks at.
const MaxNoticeBytes = 256 << 10

// ParseNotice reads a notice as JSON (the fields of Notice), as CSV (日期,安排,名称),
// or as the notice's own text pasted from the government's site. ErrInvalid,
// with a sentence that says where and what to change, when it cannot be used.
func ParseNotice(data []byte) (Notice, error) {
	if len(data) > MaxNoticeBytes {
		return Notice{}, disclosure.Errorf(disclosure.ErrInvalid, "节假日文件超过256KB,不是一年的节假日安排,请检查是否选错文件。")
	}
	text, err := plainText(data)
	if err != nil {
		return Notice{}, err
	}
	var n Notice
	switch {
	case strings.TrimSpace(text) == "":
		return n, disclosure.Errorf(disclosure.ErrInvalid, "节假日文件是空的,请粘贴国务院办公厅通知全文,或上传CSV、JSON。")
	case strings.HasPrefix(strings.TrimSpace(text), "{"):
		n, err = noticeOfJSON(text)
	case noticeTitle.MatchString(squeeze(text)):
		n, err = noticeOfProse(text)
	default:
		n, err = noticeOfCSV(text)
	}
	if err != nil {
		return Notice{}, err
	}
	slices.SortFunc(n.Holidays, func(a, b Holiday) int { return int(a.From - b.From) })
	slices.Sort(n.Workdays)
	return n, n.Validate()
}

// plainText is UTF-8, or what Excel saves as CSV on a Chinese Windows.
func plainText(data []byte) (string, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if utf8.Valid(data) {
		return string(data), nil
	}
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", disclosure.Errorf(disclosure.ErrInvalid, "节假日文件的文字编码无法识别,请另存为UTF-8的CSV后再上传。").Because(err)
	}
	return string(out), nil
}

func noticeOfJSON(text string) (Notice, error) {
	var n Notice
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&n); err != nil {
		if disclosure.CodeOf(err) == disclosure.ErrInvalid {
			return n, err
		}
		return n, disclosure.Errorf(disclosure.ErrInvalid, "节假日JSON格式不对,应有year、source、holidays(name、from、to)和workdays。").Because(err)
	}
	return n, nil
}

// Words of the CSV's second column.
var (
	offWords  = []string{"放假", "休息", "休", "节假日", "假日", "假", "法定节假日"}
	workWords = []string{"上班", "补班", "调休上班", "班", "工作日", "调休工作日", "补休上班"}
)

// noticeOfCSV reads 日期,安排,名称, one day or run of days (2026-02-15至2026-02-23) a
// line. The year is that of most days.
func noticeOfCSV(text string) (Notice, error) {
	var n Notice
	years := map[disclosure.Year]int{}
	records := csv.NewReader(strings.NewReader(text))
	records.FieldsPerRecord = -1
	records.TrimLeadingSpace = true
	if first, _, _ := strings.Cut(text, "\n"); strings.Contains(first, "\t") && !strings.Contains(first, ",") {
		records.Comma = '\t'
	}
	for {
		record, err := records.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return n, disclosure.Errorf(disclosure.ErrInvalid, "节假日文件不是完整的CSV,请用三栏“日期,安排,名称”,或粘贴国务院办公厅通知全文。").Because(err)
		}
		line, _ := records.FieldPos(0)
		field := func(i int) string {
			if i >= len(record) {
				return ""
			}
			return squeeze(record[i])
		}
		if field(0) == "" && field(1) == "" || strings.HasPrefix(field(0), "日期") {
			continue
		}
		from, to, err := dateRun(field(0))
		if err != nil {
			return n, disclosure.Errorf(disclosure.ErrInvalid, "节假日CSV第%d行:%s", line, disclosure.Sentence(err))
		}
		years[from.Year()]++
		switch {
		case slices.Contains(offWords, field(1)):
			n.Holidays = appendHoliday(n.Holidays, Holiday{Name: field(2), From: from, To: to})
		case slices.Contains(workWords, field(1)):
			for d := from; d <= to; d++ {
				n.Workdays = append(n.Workdays, d)
			}
		default:
			return n, disclosure.Errorf(disclosure.ErrInvalid, "节假日CSV第%d行的安排“%s”不认识,请写“放假”或“上班”。", line, clip(field(1)))
		}
	}
	for y, count := range years {
		if count > years[n.Year] || count == years[n.Year] && y > n.Year {
			n.Year = y
		}
	}
	n.Source = "上传的CSV"
	return n, nil
}

// appendHoliday joins single days of one name into runs.
func appendHoliday(all []Holiday, h Holiday) []Holiday {
	if last := len(all) - 1; last >= 0 && all[last].Name == h.Name && all[last].To+1 == h.From {
		all[last].To = h.To
		return all
	}
	return append(all, h)
}

func dateRun(text string) (from, to Date, err error) {
	for _, joint := range []string{"至", "~", "—"} {
		if a, b, found := strings.Cut(text, joint); found {
			if from, err = ParseDate(a); err != nil {
				return 0, 0, err
			}
			to, err = ParseDate(b)
			if err == nil && (to < from || to-from >= longestRun) {
				err = disclosure.Errorf(disclosure.ErrInvalid, "“%s”的起止颠倒或过长,请核对。", clip(text))
			}
			return from, to, err
		}
	}
	from, err = ParseDate(text)
	return from, from, err
}

// squeeze folds full-width characters and takes white space out.
func squeeze(s string) string { return strings.Join(strings.Fields(width.Fold.String(s)), "") }

// Validate says whether the notice can be a year's: ErrInvalid with a sentence
// otherwise.
func (n Notice) Validate() error {
	wrong := func(format string, args ...any) error {
		return disclosure.Errorf(disclosure.ErrInvalid, n.Year.String()+"年节假日:"+format, args...)
	}
	if !n.Year.Valid() {
		return disclosure.Errorf(disclosure.ErrInvalid, "节假日文件没有写明年份或年份不对,请核对。")
	}
	first, last := Day(int(n.Year)-1, 12, 25), Day(int(n.Year), 12, 31) // a New Year's run may begin in December
	off := map[Date]string{}
	for _, h := range n.Holidays {
		switch {
		case h.From == 0 || h.To == 0 || h.From < first || h.To > last:
			return wrong("“%s”的日期%s至%s不在这一年,请核对。", h.Name, h.From, h.To)
		case h.To < h.From:
			return wrong("“%s”的结束日期%s早于开始日期%s,请核对。", h.Name, h.To, h.From)
		case h.To-h.From >= longestRun:
			return wrong("“%s”从%s到%s超过%d天,请核对。", h.Name, h.From, h.To, longestRun)
		}
		for d := h.From; d <= h.To; d++ {
			if other, twice := off[d]; twice {
				return wrong("%s同时列入“%s”和“%s”,请核对。", d, other, h.Name)
			}
			off[d] = h.Name
		}
	}
	seen := map[Date]bool{}
	for _, d := range n.Workdays {
		switch name, isOff := off[d]; {
		case d < first || d > last:
			return wrong("上班日%s不在这一年,请核对。", d)
		case isOff:
			return wrong("%s既列为“%s”放假又列为上班,请核对。", d, name)
		case !d.weekend():
			return wrong("%s不是周六或周日,本来就上班,请核对日期。", d)
		case seen[d]:
			return wrong("上班日%s重复,请删去一个。", d)
		}
		seen[d] = true
	}
	if len(off) < leastDaysOff {
		return wrong("一共只有%d天放假,少于法定的%d天,请补齐全年安排。", len(off), leastDaysOff)
	}
	return nil
}
