package office

import (
	"archive/zip"
	"bytes"
	"context"
	"strings"

	"mingjing/internal/bulletin"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
	"mingjing/internal/people"
)

// bookRows are the rows of a list's workbook as they stand now, and the issue
// behind each, by id. The caller holds the book.
func (b *issueBook) bookRows(l *issue.List) ([]issue.BookRow, map[string]*heldIssue) {
	made := map[string]*heldIssue{}
	for _, h := range b.order {
		if h.List == l.ID && h.Origin.Kind == issue.OriginBook && h.State != issue.Withdrawn {
			made[h.Origin.Ref] = h
		}
	}
	var out []issue.BookRow
	for _, u := range l.Scores.Units {
		if u.Unit == 0 {
			continue
		}
		for k, item := range l.Scores.Items {
			r := issue.BookRow{ID: issue.BookID(l.ID, u.Unit, item), Unit: u.Unit, UnitText: u.UnitText, Item: item}
			if k < len(u.Marks) {
				r.Mark = issue.MarkText(u.Marks[k])
			}
			if h := made[r.ID]; h != nil {
				r.Facts, r.Evidence = h.Facts, issue.EvidenceText(h.Evidence)
			}
			out = append(out, r)
		}
	}
	return out, made
}

func needsScores(l *issue.List) error {
	if l.Scores == nil || len(l.Scores.Items) == 0 {
		return disclosure.Errorf(disclosure.ErrInvalid, "清单还没有指标和单位,请先设置指标,或导入一份得分表。")
	}
	return nil
}

// EvaluationBook is the offline workbook (测评工作簿) of a list and the name it
// goes out under. Errors: ErrNotFound, ErrInvalid (no indicators yet).
func (o *Office) EvaluationBook(ctx context.Context, v people.Visitor, list string) (data []byte, name string, err error) {
	l, err := o.issueList(ctx, v, list)
	if err == nil {
		err = needsScores(l)
	}
	if err != nil {
		return nil, "", err
	}
	book := bulletin.Book{Title: l.Title + "测评工作簿", Columns: issue.BookColumns, Widths: []float64{24, 14, 24, 8, 14, 40, 40}, Editable: issue.BookEditable, Hidden: issue.BookHidden,
		Notes: []string{"只填写浅色的三列,不要增删行列、改动隐藏的列。", "得分填数字;不涉及的指标填“不涉及”,换算总分时不计。", "证据填网页地址;图片等文件放进“证据”文件夹,在此填写文件名,一行一个。", "填好后交回工作簿,有证据文件的,把工作簿和“证据”文件夹打成一个zip交回;系统与发出时、现在的内容对照合并。"}}
	err = o.issuesNow(ctx, func(b *issueBook) error {
		rows, _ := b.bookRows(l)
		for _, r := range rows {
			book.Rows = append(book.Rows, r.Cells())
		}
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	data, err = bulletin.BookXlsx(book)
	return data, evidenceName(book.Title + ".xlsx"), err
}

// bundleNote stands in the evidence folder that goes out: an empty folder gets
// lost on the way.
const bundleNote = "请把图片、PDF、OFD、Word、Excel等证据文件放在这个文件夹里,可以按单位再分文件夹,\r\n并在工作簿“证据”一列写上文件名(一行一个)。单个文件不超过20MB,网页请截图或填写链接。\r\n填好后把工作簿和本文件夹一起打成zip压缩包交回,不要加密码。\r\n"

// EvaluationBundle is the workbook in a zip with the folder for its evidence.
// Errors: as EvaluationBook.
func (o *Office) EvaluationBundle(ctx context.Context, v people.Visitor, list string) (data []byte, name string, err error) {
	book, name, err := o.EvaluationBook(ctx, v, list)
	if err != nil {
		return nil, "", err
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range []struct {
		name string
		data []byte
	}{{name, book}, {"证据/请把证据文件放在这里.txt", append([]byte("\xef\xbb\xbf"), bundleNote...)}} { // the mark makes Notepad of Windows 7 read UTF-8
		w, err := z.Create(part.name)
		if err == nil {
			_, err = w.Write(part.data)
		}
		if err != nil {
			return nil, "", disclosure.Errorf(disclosure.ErrInternal, "测评工作簿无法打包,请改下载xlsx。").Because(err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, "", disclosure.Errorf(disclosure.ErrInternal, "测评工作簿无法打包,请改下载xlsx。").Because(err)
	}
	return b.Bytes(), strings.TrimSuffix(name, ".xlsx") + ".zip", nil
}
