package office

import (
	"context"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// FormTemplate is the official form as a workbook or a Word document ("xlsx",
// "docx"), filled with what is known: the draft or the report on file, last
// year's values beside the cells, and 上年结转 out of last year's 结转下年度 where
// nothing stands yet. Handed back, it gives exactly the figures.
// Errors: as OpenSitting, and ErrInvalid for another format.
func (o *Office) FormTemplate(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, format string) (file []byte, name string, err error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, "", err
	}
	if err := mayFile(v, unit); err != nil {
		return nil, "", err
	}
	t := bulletin.Template{Unit: s.Unit.Name, Period: period}
	for i, part := range s.Content.Forms {
		form := disclosure.FormByID(part.Form)
		if form == nil {
			continue
		}
		f := bulletin.TemplateForm{Form: form, Known: known(part.Cells)}
		if i == 0 {
			f.Prose = s.Content.Prose
			if s.Last != nil {
				f.Last = s.Last.Cells
				carryIn(form, f.Known, s.Last)
			}
		} else {
			last, err := o.lastYear(ctx, store.ReportKey{Unit: unit, Period: period, Family: form.Family, Scope: s.Content.Scope})
			if err != nil {
				return nil, "", err
			}
			if last != nil {
				f.Last = last.Cells
			}
		}
		t.Forms = append(t.Forms, f)
	}
	name = plainName(s.Unit.Name + period.String() + "年政府信息公开年度报告填报表." + format)
	switch format {
	case "xlsx":
		file, err = bulletin.TemplateXlsx(t)
	case "docx":
		file, err = bulletin.TemplateDocx(t)
	default:
		return nil, "", disclosure.Errorf(disclosure.ErrInvalid, "填报表只有 xlsx 和 docx 两种格式。")
	}
	return file, name, err
}

// known are a draft's cells to be printed into a template, in a map of its own.
func known(cells map[disclosure.Code]disclosure.Cell) map[disclosure.Code]disclosure.Cell {
	out := make(map[disclosure.Code]disclosure.Cell, len(cells))
	for code, c := range cells {
		if c.Kind != disclosure.CellBlank {
			out[code] = c
		}
	}
	return out
}

// carryIn proposes 上年结转 as last year's 结转下年度, in columns where nothing
// stands yet. A report of another scope says nothing of it.
func carryIn(form *disclosure.Form, cells map[disclosure.Code]disclosure.Cell, last *store.StoredReport) {
	for _, carry := range form.Carries {
		table := form.Table(carry.Table)
		for b := range table.Blocks {
			for c := range table.Blocks[b].Columns {
				key := table.Blocks[b].Columns[c].Key
				to, from := table.Code(carry.To, key), table.Code(carry.From, key)
				if _, ok := form.Cell(to); !ok {
					continue
				}
				was, had := last.Cells[from]
				if _, filled := cells[to]; !filled && had && was.IsNumber() {
					cells[to] = disclosure.Cell{Kind: disclosure.CellNumber, Value: was.Value}
				}
			}
		}
	}
}
