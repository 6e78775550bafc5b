package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"mingjing/dashboards"
	"mingjing/internal/disclosure"
	"mingjing/internal/office"
	"mingjing/internal/people"

	"github.com/labstack/echo/v4"
)

type accountsView struct {
	adminView
	Search, Role, State string
	Unit                disclosure.UnitNumber
	Roles               []people.Role
	Units               []office.UnitChoice
	Rows                []accountRow
	Total               int
	Pager               pager
}

// accountRow is an account in the list.
type accountRow struct {
	office.Account
	Roles  []grantView
	State  string // "state." + State: open, locked, disabled, initial
	Href   string
	Resets bool // a reset makes sense: the account is not disabled
}

// accountsPerPage is how many accounts are shown at once.
const accountsPerPage = 50

var accountStates = []string{"open", "initial", "locked", "disabled"}

func (s *Server) accountState(a office.Account) string {
	switch {
	case a.Disabled:
		return "disabled"
	case a.Locked(s.clock()):
		return "locked"
	case a.MustChange:
		return "initial"
	}
	return "open"
}

func accountHref(account string) string { return "/admin/accounts/of/" + url.PathEscape(account) }

// accountsPage lists the accounts that the visitor keeps.
func (s *Server) accountsPage(c echo.Context) error {
	ctx, who := c.Request().Context(), visitor(c)
	all, err := s.office.Accounts(ctx, who)
	if err != nil {
		return err
	}
	v := &accountsView{adminView: s.adminView(c, "accounts"), Search: strings.TrimSpace(c.QueryParam("q")), Role: c.QueryParam("role"), State: c.QueryParam("state"), Roles: people.Roles}
	if n, err := strconv.ParseUint(c.QueryParam("unit"), 10, 32); err == nil {
		v.Unit = disclosure.UnitNumber(n)
	}
	if v.Units, err = s.office.UnitChoices(ctx, who, people.KeepAccounts); err != nil {
		return err
	}
	names, err := s.office.UnitNames(ctx)
	if err != nil {
		return err
	}
	sought := strings.ToLower(disclosure.NormalName(v.Search))
	for _, a := range all {
		row := accountRow{Account: a, State: s.accountState(a), Href: accountHref(a.Account), Resets: !a.Disabled}
		text := a.Account + a.Name + a.Phone + a.Post
		hasRole, hasUnit := v.Role == "", v.Unit == 0
		for _, g := range a.Grants {
			unit := s.text.say("grant.all")
			if g.Unit != 0 {
				unit = names[g.Unit]
			}
			row.Roles = append(row.Roles, grantView{Role: g.Role, Unit: unit})
			text += unit
			hasRole = hasRole || string(g.Role) == v.Role
			hasUnit = hasUnit || g.Unit == v.Unit
		}
		if !hasRole || !hasUnit || v.State != "" && row.State != v.State || !strings.Contains(strings.ToLower(disclosure.NormalName(text)), sought) {
			continue
		}
		v.Rows = append(v.Rows, row)
	}
	v.Total = len(v.Rows)
	title := s.text.say("accounts.title")
	if done, err := s.download(c, title, s.accountTable(v.Rows)); done {
		return err
	}
	var from, to int
	v.Pager, from, to = pagerOf(c, v.Total, accountsPerPage)
	v.Rows = v.Rows[from:to]
	return s.showAdmin(c, "accounts", title, nil, v)
}

func (s *Server) accountTable(rows []accountRow) dashboards.Table {
	t := dashboards.Table{Name: "accounts", Caption: s.text.say("accounts.title"), Columns: dashboards.Columns(append(slices.Clone(office.AccountListHeads), s.text.say("accounts.state")))}
	for _, r := range rows {
		var roles, units []string
		for _, g := range r.Roles {
			roles, units = append(roles, string(g.Role)), append(units, g.Unit)
		}
		cells := []dashboards.Cell{}
		for _, text := range []string{r.Account.Account, r.Name, r.Phone, r.Post, strings.Join(roles, "、"), strings.Join(units, "、"), s.text.say("account-state." + r.State)} {
			cells = append(cells, dashboards.Text(text))
		}
		t.Rows = append(t.Rows, dashboards.Row{Cells: cells})
	}
	return t
}

type accountView struct {
	adminView
	New    bool
	Person people.Person
	Seq    uint64
	State  string
	// DisableWhy is what was typed as the reason of a disabling that was refused.
	DisableWhy string
	Roles      []people.Role
	Units      []office.UnitChoice
	All        bool // grants on all units are the visitor's to give
	Grants     []people.Grant
	Own        bool // the visitor's own account
	Heir       people.Person
	Past       []office.AuditLine
	Names      map[disclosure.UnitNumber]string
}

// spareGrants is how many empty rows the list of grants ends with.
const spareGrants = 3

func (s *Server) newAccountPage(c echo.Context) error {
	return s.showAccount(c, &accountView{New: true}, nil)
}

func (s *Server) accountPage(c echo.Context) error {
	v := &accountView{}
	if err := s.loadAccount(c, v); err != nil {
		return err
	}
	v.Grants = v.Person.Grants
	return s.showAccount(c, v, nil)
}

func (s *Server) loadAccount(c echo.Context, v *accountView) error {
	a, err := s.office.Account(c.Request().Context(), visitor(c), c.Param("account"))
	if err != nil {
		return err
	}
	v.Person, v.Seq, v.State, v.Own = a.Person, a.Seq, s.accountState(a), a.Account == visitor(c).Account
	return nil
}

func (s *Server) showAccount(c echo.Context, v *accountView, wrong error) (err error) {
	ctx, who := c.Request().Context(), visitor(c)
	v.adminView = s.adminView(c, "accounts")
	v.Sentence = whatWentWrong(wrong)
	v.All = who.Everywhere(people.KeepAccounts)
	for _, r := range people.Roles {
		if r != people.Admin || who.May(people.EraseContent, 0) {
			v.Roles = append(v.Roles, r)
		}
	}
	if v.Units, err = s.office.UnitChoices(ctx, who, people.KeepAccounts); err != nil {
		return err
	}
	if v.Names, err = s.office.UnitNames(ctx); err != nil {
		return err
	}
	for range spareGrants {
		v.Grants = append(v.Grants, people.Grant{})
	}
	title := s.text.say("account.new")
	if !v.New {
		title = v.Person.Name
		if v.Past, err = s.office.AccountPast(ctx, who, v.Person.Account, 12); err != nil {
			return err
		}
	}
	return s.showAdmin(c, "account", title, wrong, v)
}

func whatWentWrong(err error) string {
	if err == nil {
		return ""
	}
	return disclosure.Sentence(err)
}

// formGrants reads the rows of roles and units; rows without a role are empty.
func formGrants(c echo.Context) ([]people.Grant, error) {
	form, err := c.FormParams()
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "表单没有传送完整,请重试。").Because(err)
	}
	roles, units := form["role"], form["unit"]
	var out []people.Grant
	for i, role := range roles {
		if role == "" {
			continue
		}
		g := people.Grant{Role: people.Role(role)}
		if i < len(units) && units[i] != "" {
			n, err := strconv.ParseUint(units[i], 10, 32)
			if err != nil {
				return nil, disclosure.Errorf(disclosure.ErrInvalid, "请从列表中选择单位。")
			}
			g.Unit = disclosure.UnitNumber(n)
		} else {
			return out, disclosure.Errorf(disclosure.ErrInvalid, "请为角色“%s”选择单位。", role)
		}
		out = append(out, g)
	}
	return out, nil
}

func formPerson(c echo.Context) people.Person {
	return people.Person{Account: c.FormValue("account"), Name: c.FormValue("name"), Phone: c.FormValue("phone"), Email: c.FormValue("email"), Post: c.FormValue("post")}
}

func (s *Server) createAccount(c echo.Context) error {
	p := formPerson(c)
	grants, err := formGrants(c)
	p.Grants = grants
	password := ""
	if err == nil {
		password, err = s.office.CreateAccount(c.Request().Context(), visitor(c), p)
	}
	if mended(err) {
		return s.showAccount(c, &accountView{New: true, Person: p, Grants: grants}, err)
	}
	if err != nil {
		return err
	}
	return s.handSlips(c, "/admin/accounts?done=created", []slip{{Account: people.NormalAccount(p.Account), Name: p.Name, Grants: grants, Password: password}})
}

func (s *Server) changeAccount(c echo.Context) error {
	v := &accountView{}
	if err := s.loadAccount(c, v); err != nil {
		return err
	}
	typed := formPerson(c)
	grants, err := formGrants(c)
	seen, _ := strconv.ParseUint(c.FormValue("seen"), 10, 64)
	if seen == 0 && err == nil {
		err = disclosure.Errorf(disclosure.ErrInvalid, "页面不完整,请刷新后重试。")
	}
	if err == nil {
		err = s.office.ChangeAccount(c.Request().Context(), visitor(c), v.Person.Account,
			office.AccountChange{Name: typed.Name, Phone: typed.Phone, Email: typed.Email, Post: typed.Post, Grants: grants}, seen)
	}
	if mended(err) {
		v.Person.Name, v.Person.Phone, v.Person.Email, v.Person.Post, v.Grants = typed.Name, typed.Phone, typed.Email, typed.Post, grants
		return s.showAccount(c, v, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, accountHref(v.Person.Account)+"?done=changed")
}

// switchAccount disables, enables, unlocks or resets an account.
func (s *Server) switchAccount(c echo.Context) error {
	ctx, who, account := c.Request().Context(), visitor(c), c.Param("account")
	v := &accountView{}
	if err := s.loadAccount(c, v); err != nil {
		return err
	}
	var err error
	done := c.FormValue("do")
	switch done {
	case "disable":
		if v.DisableWhy = c.FormValue("reason"); c.FormValue("sure") != "yes" {
			err = disclosure.Errorf(disclosure.ErrInvalid, "停用后该账号立即不能登录,请写明理由并勾选确认。")
			break
		}
		err = s.office.Disable(ctx, who, account, v.DisableWhy)
	case "enable":
		err = s.office.Enable(ctx, who, account)
	case "unlock":
		err = s.office.Unlock(ctx, who, account)
	case "reset":
		var password string
		if password, err = s.office.ResetPassword(ctx, who, account); err == nil {
			return s.handSlips(c, "/admin/accounts?done=reset", []slip{{Account: v.Person.Account, Name: v.Person.Name, Grants: v.Person.Grants, Password: password}})
		}
	default:
		err = disclosure.Errorf(disclosure.ErrInvalid, "请从账号页面操作。")
	}
	if mended(err) {
		v.Grants = v.Person.Grants
		return s.showAccount(c, v, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, accountHref(v.Person.Account)+"?done="+done)
}

// handAccountOver gives the person's post to a successor.
func (s *Server) handAccountOver(c echo.Context) error {
	v := &accountView{}
	if err := s.loadAccount(c, v); err != nil {
		return err
	}
	v.Heir = formPerson(c)
	password, err := s.office.HandOver(c.Request().Context(), visitor(c), v.Person.Account, v.Heir)
	if mended(err) {
		v.Grants = v.Person.Grants
		return s.showAccount(c, v, err)
	}
	if err != nil {
		return err
	}
	return s.handSlips(c, fmt.Sprintf("%s?done=handed", accountHref(people.NormalAccount(v.Heir.Account))),
		[]slip{{Account: people.NormalAccount(v.Heir.Account), Name: v.Heir.Name, Grants: v.Person.Grants, Password: password}})
}
