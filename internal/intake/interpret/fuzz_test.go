package interpret_test

import (
	"testing"
	"time"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/document"
	"mingjing/internal/intake/interpret"
)

// fragments are what documents are made of in FuzzRead: labels of all forms,
// headings, figures and nonsense.
func fragments() []string {
	out := []string{"", " ", "0", "12", "/", "1,234", "约3", "-2", "增加3", "备注", "序号", "单位", "年份", "代码", "数值", "合计", "小计",
		"青山区司法局", "2023年政府信息公开工作年度报告", "青山区司法局2023年政府信息公开工作年度报告", "一、总体情况", "五、存在的主要问题及改进情况",
		"统计期限为2023年1月1日至12月31日。", "2024年1月20日", "\n\n", "(", "((一)", "第", "三\n、\n本", "规章 0 0 0", "行政许可\t5", "T3_GRANTED_NP"}
	for _, f := range disclosure.Forms() {
		for _, t := range f.Tables {
			for _, b := range t.Blocks {
				out = append(out, b.Heading, b.Corner)
				for _, axes := range [][]disclosure.Axis{b.Rows, b.Columns} {
					for _, a := range axes {
						out = append(out, a.Label)
						out = append(out, a.Groups...)
					}
				}
			}
		}
	}
	return out
}

// documentOf makes a document out of bytes: any spans, any holes, cells outside
// of their grid too.
func documentOf(data []byte, words []string) *document.Document {
	next := func() int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b)
	}
	word := func() string { return words[(next()*256+next())%len(words)] }
	d := &document.Document{Format: []string{"docx", "xlsx", "csv", "pdf", "text"}[next()%5], Title: word()}
	for len(data) > 0 && len(d.Blocks) < 60 {
		if next()%3 == 0 {
			d.Blocks = append(d.Blocks, document.Block{Text: word() + word()})
			continue
		}
		g := &document.Grid{Rows: next() % 40, Cols: next() % 20, Name: word()}
		for i := next() + 1; i > 0 && len(data) > 0; i-- {
			g.Cells = append(g.Cells, document.Cell{Row: next()%45 - 2, Col: next()%24 - 2, RowSpan: next() % 5, ColSpan: next() % 5, Text: word()})
		}
		d.Blocks = append(d.Blocks, document.Block{Grid: g})
	}
	return d
}

func FuzzRead(f *testing.F) {
	words := fragments()
	f.Add([]byte("seed"))
	seed := make([]byte, 4096)
	for i := range seed {
		seed[i] = byte(i*i>>3 + i)
	}
	f.Add(seed)
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		d := documentOf(data, words)
		started := time.Now()
		got, err := interpret.Read(d, "甲局2023.docx", interpret.Options{Accept: func(interpret.Mapping) bool { return len(data)%2 == 0 }})
		if took := time.Since(started); took > 5*time.Second {
			t.Fatalf("took %v", took)
		}
		if err != nil && disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Fatalf("error %v", err)
		}
		for _, r := range got {
			if r.Report.Form == nil {
				t.Fatal("a report without a form")
			}
			for code, c := range r.Report.Cells {
				if _, ok := r.Report.Form.Cell(code); !ok {
					t.Fatalf("%s is no cell of %s", code, r.Report.Form.ID)
				}
				if c.Kind == "" || c.Kind == disclosure.CellUnread && c.Problem == "" {
					t.Fatalf("%s: %+v", code, c)
				}
			}
			for _, doubt := range r.Doubts {
				if doubt.Message == "" {
					t.Fatal("a doubt without a sentence")
				}
			}
		}
	})
}
