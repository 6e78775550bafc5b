package office

import (
	"bytes"
	"context"
	"io"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/gather"
	"mingjing/internal/people"
)

// BringSource takes a ledger in that somebody brings through a page, in two
// steps: first the file, kept under its sum, with the meaning of its columns
// proposed; then the person's word on them. Errors: as ImportSource.
func (o *Office) BringSource(ctx context.Context, v people.Visitor, f BroughtFile, opts SourceOptions) (*SourceImport, string, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return nil, "", err
	}
	if err := opts.validate(); err != nil {
		return nil, "", err
	}
	out, err := o.ImportSource(ctx, v, gather.File{Name: f.Name, Data: f.Data}, opts)
	if err != nil || !out.Asked {
		return out, "", err
	}
	sum, _, err := o.store.PutFile(bytes.NewReader(f.Data))
	return out, sum, err
}

// ConfirmSource takes the ledger in that BringSource kept, with the person's word
// on its columns. Errors: as ImportSource, ErrNotFound.
func (o *Office) ConfirmSource(ctx context.Context, v people.Visitor, sum, name string, opts SourceOptions) (*SourceImport, error) {
	if err := v.Demand(people.Configure, 0); err != nil {
		return nil, err
	}
	file, err := o.store.OpenFile(sum)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "刚才上传的台账读不出来,请重新上传。").Because(err)
	}
	return o.ImportSource(ctx, v, gather.File{Name: name, Data: data}, opts)
}
