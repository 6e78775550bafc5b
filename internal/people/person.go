package people

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"mingjing/internal/disclosure"
)

// Person is an account. What it signs in with (hash, second factor) is kept
// apart, see store.Secret.
type Person struct {
	Account string  `json:"account"` // lower case; never reused
	Name    string  `json:"name"`
	Phone   string  `json:"phone,omitempty"`
	Email   string  `json:"email,omitempty"` // for reminders, when the office can send mail
	Post    string  `json:"post,omitempty"`  // 职务, 科室
	Grants  []Grant `json:"grants"`
	// Disabled accounts cannot sign in; their history stays.
	Disabled bool `json:"disabled,omitempty"`
	// DisabledWhy is the reason that was given, "" for an account in use.
	DisabledWhy string `json:"disabled_why,omitempty"`
	// MustChange: the password was given by somebody else.
	MustChange bool `json:"must_change,omitempty"`
	// LockedUntil is set after too many failures.
	LockedUntil time.Time `json:"locked_until,omitzero"`
	// SecondFactor: a code is asked for after the password.
	SecondFactor bool `json:"second_factor,omitempty"`
	// SuccessorOf is whose post the person took over.
	SuccessorOf string `json:"successor_of,omitempty"`
	// Successor took this person's post over; the account is disabled then.
	Successor string `json:"successor,omitempty"`
	// Demonstration accounts have passwords that everybody can read.
	Demonstration bool `json:"demonstration,omitempty"`
}

// Grant is a role on the subtree under a unit; Unit 0 stands for all units.
type Grant struct {
	Role Role                  `json:"role"`
	Unit disclosure.UnitNumber `json:"unit"`
}

var accountPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,31}$`)

// mailPattern takes plain addresses only: no names, no quotes, no line breaks.
var mailPattern = regexp.MustCompile(`^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$`)

// NormalAccount folds how people type their account.
func NormalAccount(s string) string {
	return strings.ToLower(strings.TrimSpace(disclosure.NormalName(s)))
}

// Check says what is wrong with a person's entry. Error: ErrInvalid.
func (p *Person) Check() error {
	switch {
	case !accountPattern.MatchString(p.Account):
		return disclosure.Errorf(disclosure.ErrInvalid, "账号“%s”不合要求:用2至32个小写字母、数字、点、横线或下划线,以字母或数字开头。", p.Account)
	case strings.TrimSpace(p.Name) == "" || utf8.RuneCountInString(p.Name) > 40:
		return disclosure.Errorf(disclosure.ErrInvalid, "请填写姓名,不超过40个字。")
	case utf8.RuneCountInString(p.Phone) > 40 || utf8.RuneCountInString(p.Post) > 60:
		return disclosure.Errorf(disclosure.ErrInvalid, "电话不超过40个字,职务不超过60个字。")
	case p.Email != "" && !mailPattern.MatchString(p.Email):
		return disclosure.Errorf(disclosure.ErrInvalid, "邮箱“%s”不合格式,请写成 name@example.com 的样子,或留空。", p.Email)
	case len(p.Grants) == 0:
		return disclosure.Errorf(disclosure.ErrInvalid, "请至少给“%s”一个角色。", p.Name)
	}
	for i, g := range p.Grants {
		if !g.Role.Valid() {
			return disclosure.Errorf(disclosure.ErrInvalid, "没有名为“%s”的角色,请从列表中选择。", g.Role)
		}
		if g.Unit == 0 && (g.Role == Filer || g.Role == Reviewer) {
			return disclosure.Errorf(disclosure.ErrInvalid, "%s必须对应具体单位,请为“%s”选择单位。", g.Role, p.Name)
		}
		if slices.Contains(p.Grants[:i], g) {
			return disclosure.Errorf(disclosure.ErrInvalid, "“%s”的同一角色重复了,请去掉一个。", p.Name)
		}
	}
	return nil
}

// Locked says whether the account is locked at a time.
func (p *Person) Locked(now time.Time) bool { return now.Before(p.LockedUntil) }

// Units lists the units of the person's own grants of a role.
func (p *Person) Units(r Role) []disclosure.UnitNumber {
	var out []disclosure.UnitNumber
	for _, g := range p.Grants {
		if g.Role == r && !slices.Contains(out, g.Unit) {
			out = append(out, g.Unit)
		}
	}
	return out
}

// Has says whether the person holds the role anywhere.
func (p *Person) Has(r Role) bool {
	return slices.ContainsFunc(p.Grants, func(g Grant) bool { return g.Role == r })
}
