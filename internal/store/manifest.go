package store

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"mingjing/internal/disclosure"
)

// A backup is one tar file: log/000001.native.zst and on (the log up to one
// seq), what stands beside the log (see backup_beside.go), files/<sha256> (the
// files that the log names) and, last, manifest.json.

const (
	backupProduct = "mingjing"
	backupFormat  = 1
	manifestName  = "manifest.json"
)

// Manifest says what a backup holds.
type Manifest struct {
	Product string    `json:"product"`
	Format  int       `json:"format"`
	Schema  int       `json:"schema"` // migrations applied to the store
	Engine  string    `json:"engine"` // version of ClickHouse
	Made    time.Time `json:"made"`
	LastSeq uint64    `json:"last_seq"`
	Rows    uint64    `json:"rows"`
	Members []Member  `json:"members"` // in the order of the file
}

// Member is a file in a backup.
type Member struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

func damaged(cause error) error {
	return disclosure.Errorf(disclosure.ErrInvalid, "备份文件已损坏或不完整,请换一份备份。").Because(cause)
}

// VerifyBackup reads a whole backup and proves that it holds exactly what its
// manifest says. Errors: ErrInvalid (no backup, damaged, or from a newer
// version), ErrNotFound.
func VerifyBackup(path string) (*Manifest, error) {
	found := map[string]Member{}
	var m *Manifest
	err := eachMember(path, func(h *tar.Header, r io.Reader) error {
		if h.Name == manifestName {
			m = &Manifest{}
			return json.NewDecoder(r).Decode(m)
		}
		if m != nil {
			return fmt.Errorf("%s stands after the manifest", h.Name)
		}
		hash := sha256.New()
		n, err := io.Copy(hash, r)
		found[h.Name] = Member{Name: h.Name, Size: n, SHA256: hex.EncodeToString(hash.Sum(nil))}
		return err
	})
	switch {
	case disclosure.CodeOf(err) == disclosure.ErrNotFound:
		return nil, err
	case err != nil:
		return nil, damaged(err)
	case m == nil:
		return nil, damaged(errors.New("no manifest"))
	case m.Product != backupProduct:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "这不是明镜的备份文件。")
	case m.Format > backupFormat || m.Schema > len(migrations(dialect{})):
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "备份由更新版本的明镜制作,请升级程序后再恢复。")
	case len(found) != len(m.Members):
		return nil, damaged(fmt.Errorf("%d members, the manifest names %d", len(found), len(m.Members)))
	}
	for _, want := range m.Members {
		if found[want.Name] != want {
			return nil, damaged(fmt.Errorf("%s is not as the manifest says", want.Name))
		}
		if sum, isFile := strings.CutPrefix(want.Name, "files/"); isFile && sum != want.SHA256 {
			return nil, damaged(fmt.Errorf("%s does not hold what its name says", want.Name))
		}
	}
	return m, nil
}

func eachMember(path string, do func(*tar.Header, io.Reader) error) error {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return disclosure.Errorf(disclosure.ErrNotFound, "找不到备份文件 %s。", path).Because(err)
	}
	if err != nil {
		return fileError(err)
	}
	defer f.Close()
	archive := tar.NewReader(f)
	for {
		h, err := archive.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := do(h, archive); err != nil {
			return err
		}
	}
}
