package office

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// FieldChange is one field of an entity before and after an act, as people
// read it; both are "" where there was nothing.
type FieldChange struct {
	Label         string
	Before, After string
}

// field is a label with its value.
type field struct{ label, value string }

// changes compares two states field by field: figures by their labels, units
// and accounts by their names. Fields that stayed are left out.
func (r *auditReader) changes(kind store.EntityKind, before, after json.RawMessage) []FieldChange {
	was, is := r.fields(kind, before), r.fields(kind, after)
	old := map[string]string{}
	for _, f := range was {
		old[f.label] = f.value
	}
	var out []FieldChange
	for _, f := range is {
		if f.value != old[f.label] {
			out = append(out, FieldChange{f.label, old[f.label], f.value})
		}
	}
	for _, f := range was {
		if f.value != "" && !slices.ContainsFunc(is, func(n field) bool { return n.label == f.label }) {
			out = append(out, FieldChange{f.label, f.value, ""})
		}
	}
	return out
}

func (r *auditReader) fields(kind store.EntityKind, state json.RawMessage) []field {
	if len(state) == 0 {
		return nil
	}
	var out []field
	switch kind {
	case store.KindPerson:
		var p people.Person
		if json.Unmarshal(state, &p) == nil {
			return r.personFields(p)
		}
	case store.KindUnit:
		var u disclosure.Unit
		if json.Unmarshal(state, &u) == nil {
			return r.unitFields(u)
		}
	case store.KindReport:
		var s store.ReportState
		if json.Unmarshal(state, &s) == nil {
			out = cellFields(s)
		}
	}
	var rest any
	if json.Unmarshal(state, &rest) != nil {
		return out
	}
	if m, ok := rest.(map[string]any); ok && kind == store.KindReport {
		for _, known := range []string{"cells", "key", "form"} {
			delete(m, known)
		}
	}
	return append(r.flat("", rest), out...)
}

func yesNo(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

func (r *auditReader) personFields(p people.Person) []field {
	out := []field{{"姓名", p.Name}, {"电话", p.Phone}, {"邮箱", p.Email}, {"职务", p.Post}}
	var grants []string
	for _, g := range p.Grants {
		grants = append(grants, string(g.Role)+"("+r.unitName(g.Unit)+")")
	}
	locked := ""
	if !p.LockedUntil.IsZero() {
		locked = "锁定到" + p.LockedUntil.In(shanghai).Format("2006-01-02 15:04")
	}
	return append(out, field{"角色", strings.Join(grants, "、")}, field{"停用", yesNo(p.Disabled)}, field{"停用理由", p.DisabledWhy}, field{"须修改口令", yesNo(p.MustChange)},
		field{"锁定", locked}, field{"两步验证", yesNo(p.SecondFactor)}, field{"接替", r.personName(p.SuccessorOf)}, field{"移交给", r.personName(p.Successor)})
}

func (r *auditReader) unitFields(u disclosure.Unit) []field {
	years := func(y disclosure.Year) string {
		if y == 0 {
			return ""
		}
		return y.String()
	}
	var successors []string
	for _, n := range u.Successors {
		successors = append(successors, r.unitName(n))
	}
	parent := ""
	if u.Parent != 0 {
		parent = r.unitName(u.Parent)
	}
	out := []field{{"代码", u.Code}, {"名称", u.Name}, {"简称", u.Short}, {"别名", strings.Join(u.Aliases, "、")}, {"类型", string(u.Kind)}, {"上级", parent},
		{"排序", strconv.Itoa(u.Sort)}, {"起始年", years(u.First)}, {"终止年", years(u.Last)}, {"继任单位", strings.Join(successors, "、")},
		{"待确认", yesNo(u.Unconfirmed)}, {"单位内审核", yesNo(!u.ReviewOff)}}
	if u.MergedInto != 0 {
		out = append(out, field{"并入", r.unitName(u.MergedInto)})
	}
	for _, y := range u.Years {
		from := "起初"
		if y.From != 0 {
			from = y.From.String() + "年起"
		}
		out = append(out, field{"年度约定(" + from + ")", fmt.Sprintf("考核分组:%s;口径:%s;计入区汇总:%s", y.Group, y.Scope, yesNo(y.Counted))})
	}
	return out
}

// cellFields are a report's figures in the order of its form.
func cellFields(s store.ReportState) []field {
	form := disclosure.FormByID(s.FormID)
	if form == nil {
		return nil
	}
	var out []field
	for _, def := range form.Cells() {
		c, ok := s.Cells[def.Code]
		if !ok {
			continue
		}
		out = append(out, field{def.Label(), cellText(c)})
	}
	return out
}

func cellText(c disclosure.Cell) string {
	text := c.Raw
	switch {
	case c.IsNumber():
		text = c.Value.String()
	case text == "":
		text = "空白"
	}
	if c.Remark != "" {
		text += "(" + c.Remark + ")"
	}
	return text
}

func (r *auditReader) unitName(n disclosure.UnitNumber) string {
	if n == 0 {
		return everyUnit
	}
	if u := r.units.byNumber[n]; u != nil {
		return u.Name
	}
	return fmt.Sprintf("#%d", n)
}

func (r *auditReader) personName(account string) string {
	if a, ok := r.accounts[account]; ok {
		return a.Name + "(" + account + ")"
	}
	return people.AuditedActor(account)
}

// fieldLabels are what the fields of other states are called. A field that
// stands in several kinds means the same in each.
var fieldLabels = map[string]string{
	"account": "账号", "name": "名称", "title": "标题", "status": "状态", "revision": "版本", "prose": "正文", "text": "内容", "number": "序号",
	"has_prose": "有正文", "sources": "来源文件", "sha256": "文件校验码", "size": "字节数", "format": "格式", "shared": "含多个单位", "historic": "历史导入", "unit_text": "文件中的单位名",
	"explanations": "说明", "rule": "规则", "codes": "指标", "by": "经办人", "time": "时间", "return": "退回", "reason": "理由", "due": "期限", "cells": "单元格",
	"authors": "填报人", "filed_by": "提交人", "reviewed_by": "单位审核人", "origin": "来源方式", "way": "方式", "from": "来自", "received": "收到日期",
	"with_problems": "带问题收件理由", "own_approval": "允许审核自己填报的报告", "notice": "页面提示", "no_annex": "不报附表", "contact": "联系人", "office": "办公室名称",
	"what": "内容", "filter": "筛选条件", "rows": "行数", "admins": "管理员", "parts": "清除的部分", "files": "文件", "drafts": "草稿", "ordered": "下达时间",
	"done": "已完成", "backups": "仍含该内容的备份", "left": "须另行处理", "unit": "单位", "year": "年度", "period": "年度", "state": "状态", "address": "网址", "date": "日期",
	"seq": "日志序号", "kind": "类别", "id": "编号", "hash": "原内容校验码", "code": "代码", "requested": "申请时间", "requester": "申请人", "confirmer": "确认人",
	"reports": "报告", "key": "报告", "family": "表单", "scope": "口径", "revisions": "版本", "refused": "已撤回", "path": "位置", "made": "时间", "last_seq": "日志序号",
}

// accountFields hold accounts: people are shown by name.
var accountFields = []string{"account", "by", "filed_by", "reviewed_by", "authors", "admins", "requester", "confirmer"}

// flat makes fields of any state, by the path of each value.
func (r *auditReader) flat(key string, v any) []field {
	switch v := v.(type) {
	case map[string]any:
		var out []field
		for _, k := range sortedKeys(v) {
			for _, f := range r.flat(k, v[k]) {
				out = append(out, field{joinLabel(nameOfField(key), f.label), f.value})
			}
		}
		return out
	case []any:
		var out []field
		texts := []string{}
		for i, item := range v {
			if _, nested := item.(map[string]any); nested {
				for _, f := range r.flat("", item) {
					out = append(out, field{joinLabel(nameOfField(key)+" "+strconv.Itoa(i+1), f.label), f.value})
				}
				continue
			}
			texts = append(texts, r.plain(key, item))
		}
		if len(texts) > 0 {
			out = append(out, field{nameOfField(key), strings.Join(texts, "、")})
		}
		return out
	case nil:
		return nil
	}
	return []field{{nameOfField(key), r.plain(key, v)}}
}

func joinLabel(a, b string) string {
	if a = strings.TrimSpace(a); a == "" {
		return b
	}
	return a + " · " + b
}

func nameOfField(key string) string {
	if label, ok := fieldLabels[key]; ok {
		return label
	}
	return key
}

func (r *auditReader) plain(key string, v any) string {
	switch v := v.(type) {
	case string:
		if slices.Contains(accountFields, key) {
			return r.personName(v)
		}
		if key == "codes" || key == "code" {
			return disclosure.LabelOf(disclosure.Code(v))
		}
		return v
	case bool:
		return yesNo(v)
	case float64:
		if key == "unit" {
			return r.unitName(disclosure.UnitNumber(v))
		}
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}
