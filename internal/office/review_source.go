package office

import (
	"context"
	"io"

	"mingjing/internal/disclosure"
	"mingjing/internal/people"
	"mingjing/internal/store"
)

// SourcePreview is an original file as our reader understood it: text and tables,
// nothing of its looks.
type SourcePreview struct {
	File     store.SourceFile
	Title    string
	Blocks   []PreviewBlock
	Warnings []string
	// More counts the blocks and rows that are left out.
	More int
}

// PreviewBlock is a paragraph, or a table's rows.
type PreviewBlock struct {
	Text  string
	Place string
	Rows  [][]PreviewCell
}

// PreviewCell is a table's cell; a merged one stands once.
type PreviewCell struct {
	Text         string
	Across, Down int
	Address      string
}

// What a preview holds at most, so that the page stays one that can be read; a
// report has some 200 paragraphs and 60 rows.
const (
	mostPreviewBlocks = 600
	mostPreviewRows   = 800
	mostPreviewFile   = 64 << 20 // bytes
)

// OpenReviewSource opens an original of a report that is under review, whatever
// its state, or of the draft; the caller closes it. Open to the same people as
// SourceFile. Errors: ErrForbidden, ErrNotFound.
func (o *Office) OpenReviewSource(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, sum string) (io.ReadCloser, store.SourceFile, error) {
	s, err := o.OpenSitting(ctx, v, unit, period)
	if err != nil {
		return nil, store.SourceFile{}, err
	}
	sources := s.Content.Sources
	if s.Standing != nil {
		sources = append(sources[:len(sources):len(sources)], s.Standing.Sources...)
	}
	return o.openSource(v, sources, sum)
}

// ReviewPreview reads an original once more, in a child process, and gives what
// was understood. Errors: as OpenReviewSource; ErrInvalid for a file that cannot
// be read.
func (o *Office) ReviewPreview(ctx context.Context, v people.Visitor, unit disclosure.UnitNumber, period disclosure.Period, sum string) (*SourcePreview, error) {
	file, source, err := o.OpenReviewSource(ctx, v, unit, period, sum)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if o.readers == nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "本机没有启用文件读取,不能预览;请下载原件查看。")
	}
	data, err := io.ReadAll(io.LimitReader(file, mostPreviewFile+1))
	switch {
	case err != nil:
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "读取原件失败,请稍后再试或下载查看。").Because(err)
	case len(data) > mostPreviewFile:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "原件过大,不能预览;请下载查看。")
	}
	doc, err := o.readers.Document(ctx, source.Name, data)
	if err != nil {
		return nil, err
	}
	p := &SourcePreview{File: source, Title: doc.Title, Warnings: doc.Warnings}
	rows := 0
	for i := range doc.Blocks {
		b := &doc.Blocks[i]
		if len(p.Blocks) >= mostPreviewBlocks || rows >= mostPreviewRows {
			p.More++
			continue
		}
		block := PreviewBlock{Text: b.Text, Place: b.Place}
		if b.Grid != nil {
			layout := b.Grid.Layout()
			for r := range layout {
				if rows >= mostPreviewRows {
					p.More += len(layout) - r
					break
				}
				rows++
				line := []PreviewCell{}
				for c, cell := range layout[r] {
					switch {
					case cell == nil:
						line = append(line, PreviewCell{Across: 1, Down: 1})
					case cell.Row == r && cell.Col == c:
						line = append(line, PreviewCell{Text: cell.Text, Across: max(1, cell.ColSpan), Down: max(1, cell.RowSpan), Address: cell.Address})
					}
				}
				block.Rows = append(block.Rows, line)
			}
		}
		p.Blocks = append(p.Blocks, block)
	}
	return p, nil
}
