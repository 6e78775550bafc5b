package main

import (
	"io"
	"os"

	"mingjing/internal/control"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar shows progress on a terminal and nothing elsewhere: in a log every step
// would be a line.
type bar struct {
	w   io.Writer
	bar *progressbar.ProgressBar
}

func newBar(w io.Writer) *bar {
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &bar{w: w}
	}
	return &bar{}
}

// show is called by one goroutine at a time.
func (b *bar) show(p control.Progress) {
	if b.w == nil {
		return
	}
	total := p.Total
	if total == 0 {
		total = -1
	}
	if b.bar == nil || b.bar.GetMax() != total && total > 0 {
		b.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(b.w), progressbar.OptionShowCount(),
			progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100e6))
	}
	b.bar.Describe(p.Label)
	_ = b.bar.Set(p.Done)
}

func (b *bar) close() {
	if b.bar != nil {
		_ = b.bar.Finish()
		b.bar = nil
	}
}
