package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/office"

	"github.com/labstack/echo/v4"
	"github.com/xuri/excelize/v2"
)

type accountListView struct {
	adminView
	Heads    []string
	Rows     []office.ListedAccount
	Good     int
	Wrong    int
	Typed    string // the rows as JSON: what is created is what was shown
	Finished bool   // rows that could not be created after all
}

func (s *Server) accountListPage(c echo.Context) error { return s.showAccountList(c, nil, nil) }

func (s *Server) showAccountList(c echo.Context, rows []office.ListedAccount, wrong error) error {
	v := &accountListView{adminView: s.adminView(c, "accounts"), Heads: office.AccountListHeads, Rows: rows}
	v.Sentence = whatWentWrong(wrong)
	for _, r := range rows {
		if r.Problem == "" {
			v.Good++
		} else {
			v.Wrong++
		}
	}
	typed, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	v.Typed = string(typed)
	return s.showAdmin(c, "account-list", s.text.say("account-list.title"), wrong, v)
}

// readAccountList shows what a file would create, row by row.
func (s *Server) readAccountList(c echo.Context) error {
	f, err := formFile(c, "file")
	var rows []office.ListedAccount
	if err == nil {
		rows, err = s.office.ReadAccountList(c.Request().Context(), visitor(c), f)
	}
	if err == nil {
		err = s.office.CheckAccounts(c.Request().Context(), visitor(c), rows)
	}
	if mended(err) {
		return s.showAccountList(c, nil, err)
	}
	if err != nil {
		return err
	}
	return s.showAccountList(c, rows, nil)
}

// formFile reads an uploaded file whole.
func formFile(c echo.Context, field string) (office.File, error) {
	h, err := c.FormFile(field)
	if tooLarge(err) {
		return office.File{}, err
	}
	if err != nil {
		return office.File{}, disclosure.Errorf(disclosure.ErrInvalid, "请选择一个文件。").Because(err)
	}
	r, err := h.Open()
	if err != nil {
		return office.File{}, disclosure.Errorf(disclosure.ErrInvalid, "文件没有传送完整,请重试。").Because(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	return office.File{Name: h.Filename, Data: data}, err
}

// listTime is how long the creation of a list may take: each password's hash
// costs a quarter of a second on purpose.
const listTime = 110 * time.Second

// createAccountList creates the rows that were shown and prints their slips.
// Once begun it goes on when the browser leaves: the slips wait for their maker.
func (s *Server) createAccountList(c echo.Context) error {
	var rows []office.ListedAccount
	if err := json.Unmarshal([]byte(c.FormValue("rows")), &rows); err != nil || len(rows) == 0 {
		return s.showAccountList(c, nil, disclosure.Errorf(disclosure.ErrInvalid, "没有要建立的账号,请先选择名单文件。"))
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), listTime)
	defer cancel()
	if err := s.office.CreateAccounts(ctx, visitor(c), rows); err != nil {
		if mended(err) {
			return s.showAccountList(c, nil, err)
		}
		return err
	}
	var made []slip
	for _, r := range rows {
		if r.Password != "" {
			made = append(made, slip{Account: r.Account, Name: r.Name, Grants: r.Grants, Password: r.Password})
		}
	}
	if len(made) == 0 {
		return s.showAccountList(c, rows, disclosure.Errorf(disclosure.ErrConflict, "没有建立任何账号,各行的问题见下表。"))
	}
	back := "/admin/accounts?done=created"
	if len(made) < len(rows) {
		back = "/admin/accounts?done=created_some"
	}
	return s.handSlips(c, back, made)
}

// accountTemplate is an empty list to fill in.
func (s *Server) accountTemplate(c echo.Context) error {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // nothing is written to disk
	sheet := "Sheet1"
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	heads := []any{}
	for _, h := range office.AccountListHeads {
		heads = append(heads, h)
	}
	last, err := excelize.CoordinatesToCellName(len(heads), 1)
	if err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	notes := "说明"
	if err := firstError(
		f.SetSheetRow(sheet, "A1", &heads), f.SetCellStyle(sheet, "A1", last, bold), f.SetColWidth(sheet, "A", "F", 18),
	); err != nil {
		return err
	}
	if _, err := f.NewSheet(notes); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	for i, line := range []string{"每行一个账号。账号用小写字母、数字、点、横线或下划线,2至32个字符,不能改。",
		"角色:填报员、审核员、区级审核员、评估员、领导、管理员;几个角色用、隔开。",
		"单位:写单位名单里的名称、简称或代码;几个单位用、隔开;管全部单位的写“全部单位”。",
		"初始口令由系统生成,建立后可打印口令条。"} {
		if err := f.SetCellStr(notes, fmt.Sprintf("A%d", i+1), line); err != nil {
			return fmt.Errorf("xlsx: %w", err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return handOut(c, "账号名单模板.xlsx", b.Bytes())
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
