package office

import (
	"context"

	"mingjing/internal/fetch"
)

// UseFetcher sets from where published pages may be read.
func (o *Office) UseFetcher(f *fetch.Fetcher) { o.fetcher = f }

// Fetches says whether published pages can be read by their address.
func (o *Office) Fetches() bool { return o.fetcher.Enabled() }

// FetchPage reads a published page. The caller has checked what the visitor may
// do with it. Errors: see fetch.Fetcher.
func (o *Office) FetchPage(ctx context.Context, address string) (*fetch.Page, error) {
	return o.fetcher.Fetch(ctx, address)
}
