package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/people"
)

// AccountListHeads are the columns of a list of accounts to create.
var AccountListHeads = []string{"账号", "姓名", "电话", "职务", "角色", "单位"}

// ListedAccount is a row of such a list, with what is wrong with it. A row is
// created whole or not at all.
type ListedAccount struct {
	Place   string `json:"place"` // where the row stands, for people
	Account string `json:"account"`
	Name    string `json:"name"`
	Phone   string `json:"phone,omitempty"`
	Post    string `json:"post,omitempty"`
	// Roles and Units may name several, parted by 、; each role holds on each unit.
	Roles string `json:"roles"`
	Units string `json:"units,omitempty"`

	Grants  []people.Grant `json:"-"`
	Problem string         `json:"-"` // "": the row can be created
	// Password is the initial one, set once the row was created.
	Password string `json:"-"`
}

// mostListed bounds a list: each row costs a password's hash.
const mostListed = 300

// ReadAccountList reads a list of accounts out of a file (xlsx, csv ...): a row
// of heads, then one account a row. Nothing is created; see CheckAccounts.
func (o *Office) ReadAccountList(ctx context.Context, v people.Visitor, f File) ([]ListedAccount, error) {
	if !v.Anywhere(people.KeepAccounts) {
		return nil, v.Demand(people.KeepAccounts, 0)
	}
	doc, err := o.document(ctx, f)
	if err != nil {
		return nil, err
	}
	for _, b := range doc.Blocks {
		if b.Grid == nil {
			continue
		}
		rows := b.Grid.Layout()
		for r := 0; r < min(len(rows), 20); r++ {
			if heads := accountHeads(rows[r]); heads["账号"] > 0 && heads["姓名"] > 0 {
				listed := accountRows(rows[r+1:], heads)
				if len(listed) > mostListed {
					return nil, disclosure.Errorf(disclosure.ErrInvalid, "一次最多建立%d个账号,请分成几个文件。", mostListed)
				}
				if len(listed) == 0 {
					return nil, disclosure.Errorf(disclosure.ErrInvalid, "文件里没有账号,请在表头下面每行填写一个。")
				}
				return listed, nil
			}
		}
	}
	return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有找到账号名单:需要一行表头,依次为%s,请下载模板填写。", strings.Join(AccountListHeads, "、"))
}

// document reads a file of foreign make.
func (o *Office) document(ctx context.Context, f File) (*document.Document, error) {
	if f.Err != nil {
		return nil, f.Err
	}
	if o.readers == nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "本服务不读取文件。")
	}
	return o.readers.Document(ctx, f.Name, f.Data)
}

// accountHeads finds the columns, counted from 1.
func accountHeads(row []*document.Cell) map[string]int {
	out := map[string]int{}
	for c, cell := range row {
		if cell == nil {
			continue
		}
		name := disclosure.NormalName(cell.Text)
		if slices.Contains(AccountListHeads, name) && out[name] == 0 {
			out[name] = c + 1
		}
	}
	return out
}

func accountRows(rows [][]*document.Cell, heads map[string]int) []ListedAccount {
	var out []ListedAccount
	for i, row := range rows {
		text := func(head string) string {
			c := heads[head] - 1
			if c < 0 || c >= len(row) || row[c] == nil {
				return ""
			}
			return strings.TrimSpace(row[c].Text)
		}
		l := ListedAccount{Place: fmt.Sprintf("第%d行", i+2), Account: people.NormalAccount(text("账号")), Name: text("姓名"), Phone: text("电话"),
			Post: text("职务"), Roles: text("角色"), Units: text("单位")}
		if l.Account+l.Name+l.Roles+l.Units == "" {
			continue
		}
		if c := heads["账号"] - 1; c < len(row) && row[c] != nil && row[c].Address != "" {
			l.Place = row[c].Address
		}
		out = append(out, l)
	}
	return out
}

// CheckAccounts says of each row what is wrong with it, as the accounts and
// units stand now.
func (o *Office) CheckAccounts(ctx context.Context, v people.Visitor, rows []ListedAccount) error {
	if !v.Anywhere(people.KeepAccounts) {
		return v.Demand(people.KeepAccounts, 0)
	}
	d, err := o.directory(ctx)
	if err != nil {
		return err
	}
	units, err := o.units(ctx)
	if err != nil {
		return err
	}
	book := newNameBook(units.list)
	seen := map[string]string{}
	for i := range rows {
		r := &rows[i]
		r.Account, r.Problem, r.Grants = people.NormalAccount(r.Account), "", nil
		if first, twice := seen[r.Account]; twice && r.Account != "" {
			r.Problem = "账号“" + r.Account + "”与" + first + "重复;一人有几个单位时写在同一行,用、隔开。"
			continue
		}
		seen[r.Account] = r.Place
		if _, taken := d.accounts[r.Account]; taken {
			r.Problem = "账号“" + r.Account + "”已经存在。"
			continue
		}
		if r.Grants, err = listedGrants(book, r.Roles, r.Units); err == nil {
			err = o.mayKeep(ctx, v, r.person())
		}
		if err != nil {
			r.Problem = disclosure.Sentence(err)
		}
	}
	return nil
}

func (l *ListedAccount) person() people.Person {
	return people.Person{Account: l.Account, Name: l.Name, Phone: l.Phone, Post: l.Post, Grants: l.Grants}
}

// everyUnit is how a list names all units.
const everyUnit = "全部单位"

func listedGrants(book *nameBook, roles, units string) ([]people.Grant, error) {
	var out []people.Grant
	numbers := []disclosure.UnitNumber{}
	for _, name := range splitNames(units) {
		if disclosure.NormalName(name) == everyUnit {
			numbers = append(numbers, 0)
			continue
		}
		u, err := book.find(name, 0)
		if err != nil {
			return nil, err
		}
		if u == nil {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "没有名为“%s”的单位,请按单位名单填写。", name)
		}
		numbers = append(numbers, u.Number)
	}
	if len(numbers) == 0 { // a blank is no grant on everything
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "请写明单位;管全部单位的写“%s”。", everyUnit)
	}
	for _, role := range splitNames(roles) {
		for _, n := range numbers {
			out = append(out, people.Grant{Role: people.Role(disclosure.NormalName(role)), Unit: n})
		}
	}
	return out, nil
}

// CreateAccounts creates the rows that have no problem, each by itself, and
// sets their passwords; what is wrong with the others stands in them.
func (o *Office) CreateAccounts(ctx context.Context, v people.Visitor, rows []ListedAccount) error {
	if len(rows) > mostListed {
		return disclosure.Errorf(disclosure.ErrInvalid, "一次最多建立%d个账号,请分成几个文件。", mostListed)
	}
	if err := o.CheckAccounts(ctx, v, rows); err != nil {
		return err
	}
	for i := range rows {
		if rows[i].Problem != "" {
			continue
		}
		password, err := o.CreateAccount(ctx, v, rows[i].person())
		if err != nil {
			rows[i].Problem = disclosure.Sentence(err)
			continue
		}
		rows[i].Password = password
	}
	return nil
}
