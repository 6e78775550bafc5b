package office

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// TakeCompiled puts a compilation's figures into the draft of the government's
// own report; what it says of its units, it says again to who files it. A draft
// with other figures is replaced only when over is set; earlier versions of a
// draft are kept. Errors: ErrForbidden, ErrConflict (a draft with other
// figures, or a state that takes no changes), ErrInvalid (provisional, nothing to take).
func (o *Office) TakeCompiled(ctx context.Context, v people.Visitor, f CompileFilter, over bool) (*Sitting, error) {
	c, err := o.Compile(ctx, v, f)
	if err != nil {
		return nil, err
	}
	if !c.MayTake {
		return nil, v.Demand(people.Supervise, c.Government.Number)
	}
	switch {
	case f.Provisional:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "暂定的汇总含有没有通过的报告,不能写入草稿;请改为只汇总已通过的报告。")
	case len(c.Members) == 0:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "还没有一家单位的报告通过,没有可以写入的数字。")
	}
	s, _, err := o.changeDraft(ctx, v, c.Government.Number, disclosure.Period{Year: c.Filter.Year}, func(s *Sitting) ([]Clash, error) {
		if s.Standing != nil && s.Content.Scope != c.Filter.Scope {
			return nil, disclosure.Errorf(disclosure.ErrConflict, "“%s”%s年已有口径为“%s”的报告,汇总口径是“%s”,不能写入同一草稿;请选相同的汇总范围,或先撤出原报告。", c.Government.Name, c.Filter.Year, s.Content.Scope, c.Filter.Scope)
		}
		part := &s.Content.Forms[0]
		if part.Form != c.Form.ID {
			return nil, disclosure.Errorf(disclosure.ErrConflict, "草稿用的是另一版表单,不能写入汇总;请先处理原有草稿。")
		}
		if !over && anyFilled(part.Cells) && !disclosure.SameFigures(&disclosure.Report{Form: c.Form, Cells: part.Cells}, c.Sum) {
			return nil, disclosure.Errorf(disclosure.ErrConflict, "“%s”的草稿里已有别的数字;确要用汇总数替换,请勾选“替换草稿中的数字”再写入(原草稿可在历史版本中找回)。", c.Government.Name)
		}
		for code, cell := range c.Sum.Cells {
			cell.Source = fmt.Sprintf("汇总%d家单位", c.Cells[code].Numbers)
			part.Cells[code] = cell
		}
		s.Content.Scope = c.Filter.Scope
		s.Content.Origin = &store.Origin{Way: "compile", By: v.Account, From: fmt.Sprintf("%s,%d家单位", c.Filter.Scope, len(c.Members))}
		form := disclosure.FormByID(part.Form)
		for _, p := range form.Parts {
			if p.Prose && strings.TrimSpace(s.ProseOf(p.Number)) == "" && len(c.Facts) > 0 {
				s.setProse(form, p.Number, strings.Join(c.Facts, "\n"))
			}
			if p.Prose {
				break // part one only
			}
		}
		return nil, nil
	})
	return s, err
}

// Papers is the compilation for its documents.
func (c *Compilation) Papers() bulletin.Compiled {
	out := bulletin.Compiled{Report: c.Sum, Notes: c.Remarks()}
	if c.Filter.Provisional {
		out.Draft = "暂定,含未通过的报告"
	}
	for _, a := range c.Annexes {
		out.Annexes = append(out.Annexes, a.Sum)
	}
	for _, m := range c.Members {
		out.Units = append(out.Units, bulletin.CompiledUnit{Name: m.Unit.Name, Cells: m.Report.Cells, Provisional: m.Provisional})
	}
	return out
}

// Remarks are what a reader of the sum must know.
func (c *Compilation) Remarks() []string {
	out := []string{fmt.Sprintf("汇总范围:%s;计入%d家单位。", c.Filter.Scope, len(c.Members))}
	if len(c.Missing) > 0 {
		var names []string
		for _, u := range c.Missing {
			name := u.Display()
			if slices.Contains(c.Waiting, u) {
				name += "(已报待审)"
			}
			names = append(names, name)
		}
		out = append(out, fmt.Sprintf("缺%d家单位的报告,没有计入:%s。", len(names), strings.Join(names, "、")))
	}
	if c.Filter.Provisional {
		var names []string
		for _, m := range c.Members {
			if m.Provisional {
				names = append(names, m.Unit.Display())
			}
		}
		out = append(out, fmt.Sprintf("暂定:含%d家单位没有通过的报告:%s。", len(names), strings.Join(names, "、")))
	}
	if blank, unread := c.Gaps(); blank+unread > 0 {
		out = append(out, fmt.Sprintf("各单位共有%d个空白或“/”的单元格按0计,%d个不是数字的没有计入。", blank, unread))
	}
	if len(c.MergedBy) > 0 {
		out = append(out, fmt.Sprintf("%s把“(六)其他处理”合成一行填报,汇总也合成一行。", strings.Join(c.MergedBy, "、")))
	}
	return append(out, "表四可能有同一案件同时计入政府和部门的情况,请按案件核对后再定。")
}
