package ledger

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"

	"mingjing/internal/disclosure"
)

// Role says what a column of a ledger holds.
type Role string

// The roles. Of private columns nothing is kept; names serve to guess the kind
// of an applicant and to be taken out of what is kept.
const (
	RoleNumber      Role = "number"      // the application's own number
	RoleSerial      Role = "serial"      // a count of rows, which may begin anew on each sheet
	RoleKind        Role = "kind"        // the applicant's kind, in words
	RoleKindMarked  Role = "kind_marked" // a mark in this column says that the applicant is of kind Key
	RoleName        Role = "name"        // private
	RolePrivate     Role = "private"     // identity, telephone, address, names of staff
	RoleReceived    Role = "received"    // the day of receipt
	RoleCorrected   Role = "corrected"   // the day on which the completed application arrived
	RoleExtended    Role = "extended"    // whether the answer was put off
	RoleClosed      Role = "closed"      // the day of the answer
	RoleResult      Role = "result"      // the result, in words
	RoleResultMark  Role = "result_mark" // a mark in this column says that the result is Key
	RoleReason      Role = "reason"      // why an application was refused, beside the result
	RoleContent     Role = "content"     // what was asked for: dropped
	RoleRemark      Role = "remark"      // dropped
	RoleDue         Role = "due"         // a time limit as the ledger has it: dropped, it is reckoned here
	RoleIgnore      Role = "ignore"      // anything else
	roleUnspecified Role = ""            // the head says nothing
)

// single are the roles that one column of a sheet can have.
var single = []Role{RoleNumber, RoleSerial, RoleKind, RoleReceived, RoleCorrected, RoleExtended, RoleClosed, RoleResult, RoleReason}

// Column says what one column means.
type Column struct {
	Column int    `json:"column"` // from 0
	Header string `json:"header"` // as printed, levels joined with " "
	Role   Role   `json:"role"`
	Key    string `json:"key,omitempty"` // of marked columns: NP, GRANTED
	// Confidence is 1 for a plain head whose column reads as it says; Why says
	// in Chinese what a lesser one rests on.
	Confidence float64 `json:"confidence"`
	Why        string  `json:"why,omitempty"`
	// Samples are up to three values as they were understood, for the person
	// who confirms: days and words of the vocabulary, never text of the file.
	Samples []string `json:"samples,omitempty"`
}

// Head says what the columns of the sheets with one and the same head mean.
type Head struct {
	Fingerprint string   `json:"fingerprint"` // of the heads, in order
	Sheets      []string `json:"sheets"`      // where it was met
	Columns     []Column `json:"columns"`
}

// Mapping is how a ledger is to be read. It is proposed, a person may change it,
// and it may be kept for the unit's next ledger of the same shape.
type Mapping struct {
	Heads []Head `json:"heads"`
	// YearOfDays is the year of days that are written without one (3月5日); 0:
	// such rows are left for a person to settle.
	YearOfDays disclosure.Year `json:"year_of_days,omitempty"`
}

// sureEnough is the confidence from which a column needs no second look.
const sureEnough = 0.9

// Certain says that nothing in the mapping needs a person's look: each sheet
// has the columns it takes to count, and each of them is beyond doubt.
func (m Mapping) Certain() bool {
	for _, h := range m.Heads {
		if h.validate() != nil {
			return false
		}
		for _, c := range h.Columns {
			if c.Role != RoleIgnore && c.Role != RoleRemark && c.Role != RoleContent && c.Confidence < sureEnough {
				return false
			}
		}
	}
	return len(m.Heads) > 0
}

// ParseMapping reads a mapping that a person has edited. ErrInvalid, with a
// sentence that says what to change, when it cannot be applied.
func ParseMapping(data []byte) (Mapping, error) {
	var m Mapping
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return m, disclosure.Errorf(disclosure.ErrInvalid, "台账的列对应关系不是规定格式的JSON,请在系统给出的内容上修改。").Because(err)
	}
	return m, m.Validate()
}

// Validate says whether the mapping can be applied: ErrInvalid otherwise.
func (m Mapping) Validate() error {
	if m.YearOfDays != 0 && !m.YearOfDays.Valid() {
		return disclosure.Errorf(disclosure.ErrInvalid, "日期所缺的年份%d不对,请核对。", m.YearOfDays)
	}
	if len(m.Heads) == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "没有一张表的列对应关系,请先确认各栏的含义。")
	}
	for _, h := range m.Heads {
		if err := h.validate(); err != nil {
			return err
		}
	}
	return nil
}

func (h Head) validate() error {
	wrong := func(format string, args ...any) error {
		return disclosure.Errorf(disclosure.ErrInvalid, format, args...)
	}
	if h.Fingerprint == "" {
		return wrong("台账的列对应关系缺少fingerprint,请保留系统给出的值。")
	}
	seen, roles := map[int]bool{}, map[Role]string{}
	for _, c := range h.Columns {
		if seen[c.Column] || c.Column < 0 {
			return wrong("台账“%s”一栏的列号不对或重复,请保留系统给出的列号。", c.Header)
		}
		seen[c.Column] = true
		other, twice := roles[c.Role]
		switch {
		case c.Role == RoleKindMarked && !slices.Contains(applicantKeys, c.Key), c.Role == RoleResultMark && !slices.Contains(resultKeys, c.Key):
			return wrong("台账“%s”一栏的代码“%s”不认识,请重新选择。", c.Header, c.Key)
		case !slices.Contains(allRoles, c.Role):
			return wrong("台账“%s”一栏的用途“%s”不认识,请重新选择。", c.Header, c.Role)
		case twice && slices.Contains(single, c.Role):
			return wrong("台账“%s”和“%s”两栏都选了同一用途,请只保留一栏。", other, c.Header)
		}
		roles[c.Role] = c.Header
	}
	has := func(any ...Role) bool {
		return slices.ContainsFunc(any, func(r Role) bool { _, ok := roles[r]; return ok })
	}
	switch {
	case !has(RoleReceived):
		return wrong("台账没有一栏是收到申请的日期,请为一栏选择“收到日期”。")
	case !has(RoleClosed):
		return wrong("台账没有一栏是答复日期,请为一栏选择“答复日期”。")
	case !has(RoleResult, RoleResultMark, RoleReason):
		return wrong("台账没有一栏是办理结果,请为一栏选择“办理结果”。")
	}
	return nil
}

var allRoles = append(slices.Clone(single), RoleKindMarked, RoleName, RolePrivate, RoleResultMark, RoleContent, RoleRemark, RoleDue, RoleIgnore)

// Meaning says for people what the column was taken for.
func (c Column) Meaning() string {
	switch c.Role {
	case RoleKindMarked, RoleResultMark:
		return meanings[c.Role] + "“" + keyLabel(c.Key) + "”"
	}
	return meanings[c.Role]
}

var meanings = map[Role]string{
	RoleNumber: "编号", RoleSerial: "序号", RoleKind: "申请人类型", RoleKindMarked: "勾选的申请人类型", RoleName: "申请人姓名(不保存)",
	RolePrivate: "个人信息(不保存)", RoleReceived: "收到日期", RoleCorrected: "补正收到日期", RoleExtended: "是否延期", RoleClosed: "答复日期",
	RoleResult: "办理结果", RoleResultMark: "勾选的办理结果", RoleReason: "不予公开等的理由", RoleContent: "申请内容(不保存)", RoleRemark: "备注(不保存)",
	RoleDue: "办理期限(不读入)", RoleIgnore: "不读入",
}

// head finds what is said of a head; nil when it is not known.
func (m Mapping) head(fingerprint string) *Head {
	for i := range m.Heads {
		if m.Heads[i].Fingerprint == fingerprint {
			return &m.Heads[i]
		}
	}
	return nil
}

// fingerprint identifies heads: the same texts in the same order.
func fingerprint(headers []string) string {
	h := sha256.New()
	for _, s := range headers {
		h.Write([]byte(fold(s)))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
