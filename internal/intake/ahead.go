package intake

import (
	"context"
	"iter"
	"sync"

	"mingjing/internal/intake/gather"
)

// FileRead is a file with what was understood of it; Err says why nothing was.
type FileRead struct {
	Name   string
	Data   []byte
	Result Result
	Err    error
}

// Reader reads one file; *Client does.
type Reader interface {
	Read(ctx context.Context, name string, data []byte, opts Options) (Result, error)
}

// aheadFiles is how many files may be in hand, read or waiting to be taken. The
// more wait, the more reports go into one insert, which costs far more than
// reading a page.
const aheadFiles = 16

// ReadAhead reads files side by side and yields them in their order. It ends
// early when ctx does; the caller cancels ctx when it stops taking.
func ReadAhead(ctx context.Context, r Reader, files iter.Seq[gather.File], opts Options) <-chan *FileRead {
	promises := make(chan chan *FileRead, aheadFiles)
	out := make(chan *FileRead, aheadFiles)
	var reading sync.WaitGroup
	go func() {
		defer close(promises)
		for f := range files {
			p := make(chan *FileRead, 1)
			select {
			case promises <- p:
			case <-ctx.Done():
				return
			}
			reading.Go(func() {
				done := &FileRead{Name: f.Name, Data: f.Data, Err: f.Err}
				if done.Err == nil {
					done.Result, done.Err = r.Read(ctx, f.Name, f.Data, opts)
				}
				p <- done
			})
		}
	}()
	go func() {
		defer close(out)
		defer reading.Wait()
		for p := range promises {
			select {
			case out <- <-p:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}
