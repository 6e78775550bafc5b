package office

import (
	"context"
	"sync"
)

// readCacheSize bounds how many answers are held; a page's answer is some ten
// to hundred kilobytes.
const readCacheSize = 512

// readCache holds answers until the data they rest on changes. Cached answers
// are shared: callers must not change them.
type readCache struct {
	mu      sync.Mutex
	answers map[string]cachedAnswer
	asked   map[string]*askedNow
}

// cachedAnswer is an answer and the state of the data it rests on.
type cachedAnswer struct {
	version string
	answer  any
}

// askedNow is a question that is being asked.
type askedNow struct {
	version string
	done    chan struct{}
	// answer is set, before done is closed, when there is one.
	answer any
}

// remember answers from the cache, or asks and keeps the answer. Of several
// who ask the same at the same time one asks the engine and the others wait
// for the answer; when it fails for that one, for whatever reason of its own,
// the others ask for themselves. Nobody waits for another question.
func remember[T any](ctx context.Context, c *readCache, now string, key string, ask func() (T, error)) (T, error) {
	c.mu.Lock()
	if kept, ok := c.answers[key]; ok && kept.version == now {
		if answer, ok := kept.answer.(T); ok {
			c.mu.Unlock()
			return answer, nil
		}
	}
	if under := c.asked[key]; under != nil && under.version == now {
		c.mu.Unlock()
		select {
		case <-under.done:
			if answer, ok := under.answer.(T); ok {
				return answer, nil
			}
		case <-ctx.Done():
		}
		return ask()
	}
	mine := &askedNow{version: now, done: make(chan struct{})}
	if c.asked == nil {
		c.answers, c.asked = map[string]cachedAnswer{}, map[string]*askedNow{}
	}
	c.asked[key] = mine
	c.mu.Unlock()
	defer func() { // also when ask panics
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.asked[key] == mine { // else somebody asks of a newer state
			delete(c.asked, key)
		}
		close(mine.done)
	}()
	answer, err := ask()
	if err != nil {
		return answer, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	mine.answer = answer
	if c.asked[key] != mine { // what is known of the newer state stays
		return answer, nil
	}
	if len(c.answers) >= readCacheSize {
		c.answers = map[string]cachedAnswer{}
	}
	c.answers[key] = cachedAnswer{now, answer}
	return answer, nil
}
