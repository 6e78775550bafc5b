package office

import (
	"context"
	"log/slog"
)

// recheckSoon asks for a check of what changed. Requests that come while one
// runs are answered by one more run after it.
func (o *Office) recheckSoon() {
	select {
	case o.wanted <- struct{}{}:
	default: // one is asked for already
	}
}

// KeepChecked checks what changed, whenever something did, until ctx ends.
func (o *Office) KeepChecked(ctx context.Context, log *slog.Logger) {
	for {
		if n, err := o.Recheck(ctx, nil); err != nil && ctx.Err() == nil {
			log.Error("recheck", "err", err)
		} else if n > 0 {
			log.Info("rechecked reports", "reports", n)
		}
		select {
		case <-o.wanted:
		case <-ctx.Done():
			return
		}
	}
}
