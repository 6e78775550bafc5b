package web

import (
	"slices"
	"sync"
	"time"

	"mingjing/internal/issue"
	"mingjing/internal/office"
)

// keptFile is a file that came with a form which could not be carried out: a
// browser does not fill in a chosen file again, so the form carries its token.
// Only who sent it can use it: a checksum alone would open others' files.
type keptFile struct {
	Token   string // of the office's HeldEvidence
	Name    string
	account string
	file    issue.File
	until   time.Time
}

// keptFiles live in memory, the oldest first; after a restart the file has to be
// chosen again. What they name waits in the store, which lets go of it in a day.
type keptFiles struct {
	mu    sync.Mutex
	files []keptFile
}

// An account has room for three full forms, so that nobody's uploads push out
// another's; mostKept leaves room among what may wait at all.
const (
	keptFor      = 2 * time.Hour
	mostKeptEach = 3 * mostFiles
	mostKept     = 1000
)

// put holds a file for an account. gone are the account's files that made room.
func (k *keptFiles) put(account string, h office.HeldEvidence, now time.Time) (held keptFile, gone []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	own := 0
	for _, f := range k.files {
		if f.account == account {
			own++
		}
	}
	k.files = slices.DeleteFunc(k.files, func(f keptFile) bool {
		out := now.After(f.until) || f.account == account && own >= mostKeptEach
		if out && f.account == account {
			own, gone = own-1, append(gone, f.Token)
		}
		return out
	})
	if len(k.files) >= mostKept {
		k.files = slices.Delete(k.files, 0, 1)
	}
	held = keptFile{Token: h.ID, Name: h.File.Name, account: account, file: h.File, until: now.Add(keptFor)}
	k.files = append(k.files, held)
	return held, gone
}

func (k *keptFiles) get(account, token string, now time.Time) (keptFile, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	n := slices.IndexFunc(k.files, func(f keptFile) bool { return f.Token == token && f.account == account && !now.After(f.until) })
	if n < 0 {
		return keptFile{}, false
	}
	return k.files[n], true
}

// forget lets go of what an act has taken.
func (k *keptFiles) forget(taken []keptFile) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.files = slices.DeleteFunc(k.files, func(f keptFile) bool {
		return slices.ContainsFunc(taken, func(t keptFile) bool { return t.Token == f.Token })
	})
}

// held are the office's names of the files of a form.
func (t *typedAct) held() []string {
	var out []string
	for _, k := range t.Kept {
		out = append(out, k.Token)
	}
	return out
}
