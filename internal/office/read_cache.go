package office

import "sync"

// readCacheSize bounds how many answers are held; a page's answer is some ten
// to hundred kilobytes.
const readCacheSize = 256

// readCache holds answers until the data they rest on changes. Cached answers
// are shared: callers must not change them.
type readCache struct {
	mu      sync.Mutex
	version string // store.Version: the log and the checks
	answers map[string]any
}

// remember answers from the cache, or asks and keeps the answer. Two callers
// may ask at the same time; neither waits for the other, so that one slow
// question does not hold up the quick ones.
func remember[T any](c *readCache, now string, key string, ask func() (T, error)) (T, error) {
	c.mu.Lock()
	if c.version != now || len(c.answers) >= readCacheSize {
		c.version, c.answers = now, map[string]any{}
	}
	if kept, ok := c.answers[key].(T); ok {
		c.mu.Unlock()
		return kept, nil
	}
	c.mu.Unlock()
	answer, err := ask()
	if err != nil {
		return answer, err
	}
	c.mu.Lock()
	if c.version == now {
		c.answers[key] = answer
	}
	c.mu.Unlock()
	return answer, nil
}
