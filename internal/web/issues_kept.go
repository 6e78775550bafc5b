package web

import (
	"sync"
	"time"

	"mingjing/internal/issue"

	"github.com/google/uuid"
)

// keptFile is a file that came with a form which could not be carried out: a
// browser does not fill in a chosen file again, so the form carries its token.
// Only who sent it can use it: a checksum alone would open others' files.
type keptFile struct {
	Token   string
	Name    string
	account string
	file    issue.File
	until   time.Time
}

// keptFiles live in memory; after a restart the file has to be chosen again.
type keptFiles struct {
	mu    sync.Mutex
	files map[string]keptFile
}

const (
	keptFor  = 2 * time.Hour
	mostKept = 2000
)

func (k *keptFiles) put(account string, f issue.File, now time.Time) keptFile {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.files == nil || len(k.files) >= mostKept {
		k.files = map[string]keptFile{}
	}
	for token, held := range k.files {
		if now.After(held.until) {
			delete(k.files, token)
		}
	}
	held := keptFile{Token: uuid.NewString(), Name: f.Name, account: account, file: f, until: now.Add(keptFor)}
	k.files[held.Token] = held
	return held
}

func (k *keptFiles) get(account, token string, now time.Time) (keptFile, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	held, ok := k.files[token]
	return held, ok && held.account == account && !now.After(held.until)
}
