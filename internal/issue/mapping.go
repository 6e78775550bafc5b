package issue

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
)

// Role says what a column of a foreign list holds.
type Role string

// The roles. Those from RoleSite to RoleRight are of monitoring results: the
// facts are put together from them.
const (
	RoleNumber     Role = "number"
	RoleIndicator1 Role = "indicator1"
	RoleIndicator2 Role = "indicator2"
	RolePoints     Role = "points"
	RoleDeduction  Role = "deduction"
	RoleFacts      Role = "facts"
	RoleUnit       Role = "unit"
	RoleHelpers    Role = "helpers"
	RoleDue        Role = "due"
	RoleRectified  Role = "rectified"
	RoleCategory   Role = "category"
	RoleLink       Role = "link"
	RoleRemark     Role = "remark"
	RoleSite       Role = "site"
	RoleColumn     Role = "column"
	RoleUpdated    Role = "updated"
	RoleStale      Role = "stale"
	RoleWrong      Role = "wrong"
	RoleRight      Role = "right"
	RoleIgnore     Role = "ignore"
)

// RoleNames are the roles as people read them, RoleOrder the order in which
// they are offered.
var (
	RoleNames = map[Role]string{RoleNumber: "编号(不读入)", RoleIndicator1: "一级指标", RoleIndicator2: "二级指标", RolePoints: "指标分值", RoleDeduction: "扣分",
		RoleFacts: "失分原因/问题明细", RoleUnit: "责任单位", RoleHelpers: "配合单位", RoleDue: "整改时限", RoleRectified: "整改情况", RoleCategory: "问题类别", RoleLink: "链接",
		RoleRemark: "备注", RoleSite: "网站或新媒体", RoleColumn: "栏目", RoleUpdated: "最后更新时间", RoleStale: "未更新天数", RoleWrong: "错误内容", RoleRight: "建议修改", RoleIgnore: "不读入"}
	RoleOrder = []Role{RoleIndicator1, RoleIndicator2, RolePoints, RoleDeduction, RoleFacts, RoleUnit, RoleHelpers, RoleDue, RoleRectified, RoleCategory, RoleLink, RoleRemark,
		RoleSite, RoleColumn, RoleUpdated, RoleStale, RoleWrong, RoleRight, RoleNumber, RoleIgnore}
)

// saysFacts are the roles of which a list needs one to say anything.
var saysFacts = []Role{RoleFacts, RoleColumn, RoleWrong, RoleUpdated}

// Column says what one column means.
type Column struct {
	Column int    `json:"column"` // from 0
	Header string `json:"header"` // as printed, levels joined with " "
	Role   Role   `json:"role"`
	// Confidence is 1 for a head that is known word for word, 0 for one that
	// says nothing; Why says in Chinese what a lesser one rests on.
	Confidence float64 `json:"confidence"`
	Why        string  `json:"why,omitempty"`
	// Samples are up to three values of the column.
	Samples []string `json:"samples,omitempty"`
}

// Head says what the columns of the tables with one and the same head mean.
type Head struct {
	Fingerprint string   `json:"fingerprint"` // of the heads, in order
	Places      []string `json:"places"`      // where it was met
	Columns     []Column `json:"columns"`
}

// Mapping is how a list is to be read: proposed, changed by a person, and
// remembered for the next list with the same heads. internal/ledger has one of
// the same shape and of another mind: there a column may mean a mark of a kind or
// a result, samples are never text of the file, and what makes a head certain or
// complete differs. Their fingerprints fold heads differently and are kept in the
// log, so the two stay apart.
type Mapping struct {
	Heads []Head `json:"heads"`
}

const sureEnough = 0.9

// Certain says that no column needs a person's look.
func (m Mapping) Certain() bool {
	for _, h := range m.Heads {
		for _, c := range h.Columns {
			if c.Confidence < sureEnough {
				return false
			}
		}
	}
	return len(m.Heads) > 0
}

// ParseMapping reads a mapping that a person has edited. Error: ErrInvalid.
func ParseMapping(data []byte) (Mapping, error) {
	var m Mapping
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return m, disclosure.Errorf(disclosure.ErrInvalid, "清单的列对应关系不是规定格式的JSON,请在系统给出的内容上修改。").Because(err)
	}
	return m, m.Validate()
}

// Validate says whether the mapping can be applied: ErrInvalid otherwise.
func (m Mapping) Validate() error {
	if len(m.Heads) == 0 {
		return wrong("没有一张表的列对应关系,请先确认各列的含义。")
	}
	for _, h := range m.Heads {
		if err := h.validate(); err != nil {
			return err
		}
	}
	return nil
}

// Several links or remarks may stand in a row; of everything else one.
var manyColumns = []Role{RoleLink, RoleRemark, RoleIgnore}

func (h Head) validate() error {
	if h.Fingerprint == "" {
		return wrong("清单的列对应关系缺少fingerprint,请保留系统给出的值。")
	}
	seen, roles := map[int]bool{}, map[Role]string{}
	for _, c := range h.Columns {
		if seen[c.Column] || c.Column < 0 {
			return wrong("“%s”一列的列号不对或重复,请保留系统给出的列号。", clip(c.Header))
		}
		seen[c.Column] = true
		if RoleNames[c.Role] == "" {
			return wrong("“%s”一列的用途“%s”不认识,请重新选择。", clip(c.Header), clip(string(c.Role)))
		}
		if other, twice := roles[c.Role]; twice && !slices.Contains(manyColumns, c.Role) {
			return wrong("“%s”和“%s”两列都选了“%s”,请只保留一列。", clip(other), clip(c.Header), RoleNames[c.Role])
		}
		roles[c.Role] = c.Header
	}
	if !slices.ContainsFunc(saysFacts, func(r Role) bool { _, ok := roles[r]; return ok }) {
		return wrong("没有一列是问题明细,请为一列选择“失分原因/问题明细”。")
	}
	return nil
}

// Remember returns the mapping with the remembered meaning of heads in the
// place of what was proposed, and which of them were remembered.
func (m Mapping) Remember(held func(fingerprint string) (Head, bool)) (Mapping, bool) {
	out, all := Mapping{}, len(m.Heads) > 0
	for _, h := range m.Heads {
		if r, ok := held(h.Fingerprint); ok && len(r.Columns) == len(h.Columns) {
			columns := slices.Clone(h.Columns)
			for k := range columns {
				columns[k].Role, columns[k].Confidence, columns[k].Why = r.Columns[k].Role, 1, "与上次确认的相同"
			}
			h.Columns = columns
		} else {
			all = false
		}
		out.Heads = append(out.Heads, h)
	}
	return out, all
}

func (m Mapping) head(fingerprint string) *Head {
	for i := range m.Heads {
		if m.Heads[i].Fingerprint == fingerprint {
			return &m.Heads[i]
		}
	}
	return nil
}

//go:embed heads.json
var shippedHeads []byte

// headWords are the heads by which a column is told.
type headWords struct {
	Role     Role     `json:"role"`
	Exact    []string `json:"exact"`
	Contains []string `json:"contains"`
	Not      []string `json:"not"`
}

var heads = readHeads()

func readHeads() []headWords {
	var out []headWords
	if err := json.Unmarshal(shippedHeads, &out); err != nil {
		panic(err) // a fault of the build
	}
	return out
}

// foldHead makes heads comparable: no spaces, brackets' contents or case.
func foldHead(s string) string {
	s = strings.ToLower(disclosure.NormalName(s))
	if i := strings.IndexAny(s, "(（["); i > 0 {
		s = s[:i]
	}
	return strings.Trim(s, ":：、.*")
}

// roleOf tells a column by its head; levels are the texts of the head's rows,
// the lowest last.
func roleOf(levels []string) (role Role, confidence float64, why string) {
	for k := len(levels) - 1; k >= 0; k-- {
		plain := foldHead(levels[k])
		for _, w := range heads {
			if slices.Contains(w.Exact, plain) {
				return w.Role, 1, ""
			}
		}
	}
	for k := len(levels) - 1; k >= 0; k-- {
		plain := foldHead(levels[k])
		for _, w := range heads {
			if containsAny(plain, w.Contains) && !containsAny(plain, w.Not) {
				return w.Role, 0.8, "按列名中的文字推测"
			}
		}
	}
	return RoleIgnore, 0.5, "列名不认识"
}

func fingerprint(headers []string) string {
	h := sha256.New()
	for _, s := range headers {
		h.Write([]byte(disclosure.NormalName(s)))
		h.Write([]byte{0})
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}
