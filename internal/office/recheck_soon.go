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

// KeepChecked checks what changed, whenever something did, and what people ask
// for, until ctx ends. Each run that found work is recorded, see Runs.
func (o *Office) KeepChecked(ctx context.Context, log *slog.Logger) {
	for {
		for again := true; again && ctx.Err() == nil; {
			ask := o.runs.take()
			again = ask != nil
			if n, err := o.runChecks(ctx, ask); err != nil && ctx.Err() == nil {
				log.Error("recheck", "err", err)
			} else if n > 0 {
				log.Info("rechecked reports", "reports", n)
			}
		}
		select {
		case <-o.wanted:
		case <-ctx.Done():
			return
		}
	}
}
