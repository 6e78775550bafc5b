//go:build linux && amd64

package chdb

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
)

// pool lends native connections, each to one request at a time.
type pool struct {
	open  func() (*connection, error)
	slots chan struct{} // one token a connection that may be lent

	mu   sync.Mutex
	idle []*connection

	lent, opened atomic.Int64 // for tests and for the error of a late Close
}

func newPool(size int, open func() (*connection, error)) *pool {
	return &pool{open: open, slots: make(chan struct{}, size)}
}

// borrow waits for a free connection until ctx ends, and prefers one whose
// settings are already those of the request.
func (p *pool) borrow(ctx context.Context, r request) (*connection, error) {
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("chdb: waiting for a free connection: %w", context.Cause(ctx))
	}
	if err := context.Cause(ctx); err != nil {
		<-p.slots
		return nil, err
	}
	if c := p.takeIdle(r); c != nil {
		p.lent.Add(1)
		return c, nil
	}
	c, err := p.open()
	if err != nil {
		<-p.slots
		return nil, err
	}
	p.opened.Add(1)
	p.lent.Add(1)
	return c, nil
}

func (p *pool) takeIdle(r request) *connection {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	best := len(p.idle) - 1
	for i, c := range p.idle {
		if c.suits(r) {
			best = i
			break
		}
	}
	c := p.idle[best]
	p.idle = append(p.idle[:best], p.idle[best+1:]...)
	return c
}

// giveBack takes a connection in again; a retired one is closed.
func (p *pool) giveBack(c *connection) {
	if c.retired {
		c.close()
	} else {
		p.mu.Lock()
		p.idle = append(p.idle, c)
		p.mu.Unlock()
	}
	p.lent.Add(-1)
	<-p.slots
}

// drain waits for every connection to come back and closes them all. Nothing
// can be borrowed afterwards.
func (p *pool) drain() {
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.close()
	}
	p.idle = nil
}

// suits says whether the connection's last request had the same settings.
func (c *connection) suits(r request) bool {
	return c.database == r.database && maps.Equal(c.asked, r.settings)
}
