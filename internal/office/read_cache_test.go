package office

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
)

// Of those who ask the same at the same time one asks the engine; when it
// fails for that one, the others ask for themselves; an answer of an older
// state is never given for a newer one.
func TestOneAsksForAll(t *testing.T) {
	c := &readCache{}
	var asked atomic.Int32
	release, begun := make(chan struct{}), make(chan struct{}, 8)
	get := func(version string, err error) (int, error) {
		return remember(t.Context(), c, version, "key", func() (int, error) {
			n := asked.Add(1)
			begun <- struct{}{}
			<-release
			return int(n), err
		})
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if n, err := get("1", nil); n != 1 || err != nil {
				t.Errorf("answered %d, %v", n, err)
			}
		})
	}
	<-begun
	close(release)
	wg.Wait()
	if n, _ := get("1", nil); n != 1 || asked.Load() != 1 {
		t.Errorf("asked %d times, want once", asked.Load())
	}
	if n, _ := get("2", nil); n != 2 {
		t.Errorf("of a newer state it answers %d", n)
	}
	failure := errors.New("cancelled")
	if _, err := get("3", failure); !errors.Is(err, failure) {
		t.Errorf("answered %v", err)
	}
	if n, err := get("3", nil); n != 4 || err != nil {
		t.Errorf("after a failure it answers %d, %v", n, err)
	}
}

// Who asked of an older state and is answered late does not overwrite what is
// known of a newer one.
func TestLateAnswersStayOut(t *testing.T) {
	c := &readCache{}
	if _, err := remember(t.Context(), c, "1", "key", func() (string, error) {
		_, err := remember(t.Context(), c, "2", "key", func() (string, error) { return "new", nil })
		return "old", err
	}); err != nil {
		t.Fatal(err)
	}
	got, err := remember(t.Context(), c, "2", "key", func() (string, error) { return "asked again", nil })
	if got != "new" || err != nil {
		t.Errorf("answered %q, %v", got, err)
	}
}
