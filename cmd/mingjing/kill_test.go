package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"mingjing/internal/demo"

	"github.com/google/uuid"
)

// kills is how often the server dies in the middle of work.
const kills = 20

// acknowledged is what the clients of the test know to have been acknowledged: acts
// by id with how many rows each has, and per unit the last value of a draft.
type acknowledged struct {
	mu     sync.Mutex
	acts   map[string]int
	drafts map[int]int
}

// Killed at random moments while units save, hand in and take back: every
// acknowledged act stands in the log whole, none half, and no acknowledged
// draft is lost. It is process death that is tried, not the loss of power.
func TestKilledInTheMiddleOfSubmitting(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	must(t, 0, "demo", "--data", data, "--units", "8", "--years", "1")
	known := &acknowledged{acts: map[string]int{}, drafts: map[int]int{}}
	random := rand.New(rand.NewPCG(7, 11))
	value := 0
	for range kills {
		address, cmd := serving(t, data)
		clerk2, clerk3 := signedIn(t, address, "tianbao2", demo.Password), signedIn(t, address, "tianbao3", demo.Password)
		boss := signedIn(t, address, "qushen", demo.Password)
		ctx, stop := context.WithCancel(t.Context())
		var work sync.WaitGroup
		value += 1000
		for i, clerk := range []*http.Client{clerk2, clerk3} {
			unit := unitOf(t, address, clerk)
			work.Go(func() { fileForEver(ctx, known, address, unit, value+i, clerk, boss) })
		}
		known.waitForMore(t)
		time.Sleep(time.Duration(random.IntN(700)) * time.Millisecond) // the moment is what is random
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait()
		stop()
		work.Wait()
	}
	if len(known.acts) < kills {
		t.Fatalf("only %d acts were acknowledged: the test tries nothing", len(known.acts))
	}
	address, _ := serving(t, data)
	for id, rows := range known.acts {
		answer := must(t, 0, "sql", "--data", data, "SELECT count() FROM entries WHERE act = '"+id+"'")
		if n := countIn(t, answer); n != rows {
			t.Errorf("act %s was acknowledged; the log holds %d of its %d rows", id, n, rows)
		}
	}
	// Of an act that nobody heard of there is all or nothing too: the report and
	// its local table always go together.
	half := must(t, 0, "sql", "--data", data, "SELECT count() FROM (SELECT act FROM entries WHERE kind = 'report' AND year = 2024 GROUP BY act HAVING uniqExact(family) != 2)")
	if n := countIn(t, half); n != 0 {
		t.Errorf("%d acts stand half in the log", n)
	}
	boss := signedIn(t, address, "qushen", demo.Password)
	for unit, value := range known.drafts {
		_, page := get(t, boss, fmt.Sprintf("%s/filing/%d/2024", address, unit))
		found := 0
		if m := websiteCell.FindStringSubmatch(page); m != nil {
			found, _ = strconv.Atoi(m[1])
		}
		if found < value && !strings.Contains(page, strconv.Itoa(value)) { // as text once it is handed in
			t.Errorf("unit %d's draft held %d when it was acknowledged, and holds %d", unit, value, found)
		}
	}
}

// countIn is the number that `mingjing sql` prints under its one heading.
func countIn(t *testing.T, answer string) int {
	t.Helper()
	for line := range strings.Lines(answer) {
		if n, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
			return n
		}
	}
	t.Fatalf("no number in %q", answer)
	return 0
}

var unitInWork = regexp.MustCompile(`/filing/(\d+)/`)

// unitOf is the unit that a clerk files for, as the first page says.
func unitOf(t *testing.T, address string, clerk *http.Client) int {
	t.Helper()
	_, page := get(t, clerk, address+"/work")
	m := unitInWork.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the first page leads to no filing: %.300s", page)
	}
	n, _ := strconv.Atoi(m[1])
	return n
}

// fileForEver saves, hands in (taken in with its problems) and takes back,
// until the server is gone. What was answered is noted.
func fileForEver(ctx context.Context, known *acknowledged, address string, unit, from int, clerk, boss *http.Client) {
	at := fmt.Sprintf("%s/filing/%d/2024", address, unit)
	was, seq, ok := filingNow(ctx, clerk, at)
	if ok && seq != "" { // handed in when the last server died
		ok = known.did(ctx, clerk, at, url.Values{"do": {"recall"}, "seq": {seq}})
		was, _, _ = filingNow(ctx, clerk, at)
	}
	for value := from; ok && ctx.Err() == nil; value += 10 {
		var version string
		if version, ok = saveValue(ctx, clerk, at, was, value); !ok {
			return
		}
		was = strconv.Itoa(value)
		known.mu.Lock()
		known.drafts[unit] = max(known.drafts[unit], value)
		known.mu.Unlock()
		if !known.did(ctx, boss, at, url.Values{"do": {"take"}, "version": {version}, "reason": {"截止日收件"}}) {
			return
		}
		if _, seq, ok = filingNow(ctx, clerk, at); ok {
			ok = known.did(ctx, clerk, at, url.Values{"do": {"recall"}, "seq": {seq}})
		}
	}
}

// waitForMore waits until the server has acknowledged something more: a kill
// before that would try nothing.
func (k *acknowledged) waitForMore(t *testing.T) {
	t.Helper()
	count := func() int {
		k.mu.Lock()
		defer k.mu.Unlock()
		return len(k.acts)
	}
	for before, end := count(), time.Now().Add(time.Minute); count() == before; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing was acknowledged in a minute")
		}
	}
}

// did does an act as the page's buttons do, and notes it once the server has
// answered that it is done.
func (k *acknowledged) did(ctx context.Context, client *http.Client, at string, form url.Values) bool {
	form.Set("act", uuid.NewString())
	if _, ok := ask(ctx, client, http.MethodPost, at, "application/x-www-form-urlencoded", strings.NewReader(form.Encode())); !ok {
		return false
	}
	k.mu.Lock()
	k.acts[form.Get("act")] = 2 // the national report and the local table
	k.mu.Unlock()
	return true
}

var (
	websiteCell = regexp.MustCompile(`id="A1_WEBSITE_COUNT"[^>]*value="(\d*)"`)
	standingSeq = regexp.MustCompile(`name="seq" value="(\d+)"`)
)

// filingNow is what the page shows: the figure in the draft, and the revision
// that can be taken back.
func filingNow(ctx context.Context, client *http.Client, at string) (value, seq string, ok bool) {
	page, ok := ask(ctx, client, http.MethodGet, at, "", nil)
	if m := websiteCell.FindStringSubmatch(page); m != nil {
		value = m[1]
	}
	if m := standingSeq.FindStringSubmatch(page); m != nil {
		seq = m[1]
	}
	return value, seq, ok
}

// saveValue saves one figure of the local table and returns the draft's version.
func saveValue(ctx context.Context, client *http.Client, at, was string, value int) (version string, ok bool) {
	body, err := json.Marshal(map[string]any{"save": true, "cells": []map[string]string{{"code": "A1_WEBSITE_COUNT", "was": was, "now": strconv.Itoa(value)}}})
	if err != nil {
		return "", false
	}
	answer, ok := ask(ctx, client, http.MethodPost, at+"/draft", "application/json", bytes.NewReader(body))
	var said struct {
		Version uint64            `json:"version"`
		Clashes []json.RawMessage `json:"clashes"`
	}
	if !ok || json.Unmarshal([]byte(answer), &said) != nil || len(said.Clashes) > 0 {
		return "", false
	}
	return strconv.FormatUint(said.Version, 10), true
}

// ask sends a request; ok is false unless it was answered well.
func ask(ctx context.Context, client *http.Client, method, at, kind string, body io.Reader) (answer string, ok bool) {
	r, err := http.NewRequestWithContext(ctx, method, at, body)
	if err != nil {
		return "", false
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	direct := *client // an act answers with a redirect: that is its acknowledgement
	direct.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if direct.Jar == nil {
		direct.Jar, _ = cookiejar.New(nil)
	}
	resp, err := direct.Do(r)
	if err != nil {
		return "", false
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return string(data), err == nil && (resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusSeeOther)
}
