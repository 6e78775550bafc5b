package store

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Options says where the store lives and who may write it.
type Options struct {
	// DataDir holds the embedded engine's data, the files and the backups. A
	// store on a server needs it for the files.
	DataDir string
	// Library is the path of libchdb.so, "" to search for it.
	Library string
	// ClickHouse is the address of a server, clickhouse://... or http://...,
	// in place of the embedded engine; Cluster names its cluster, if any.
	ClickHouse string
	Cluster    string
	// ReadOnly opens a store that is there and appends nothing.
	ReadOnly bool
	// Temporary makes a store that Close forgets, for tests and the
	// storybook; several may be open in one process. DataDir is not used.
	Temporary bool
	// MaxMemory is what the embedded engine may take, in bytes; 0: 2 GiB.
	MaxMemory uint64
	// MinFree is the free disk space, in bytes, under which the store turns
	// read-only; 0: 256 MiB. It is looked at no more often than every
	// CheckSpaceEvery; 0: 5 s.
	MinFree         uint64
	CheckSpaceEvery time.Duration

	Clock  func() time.Time
	Logger *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.MinFree == 0 {
		o.MinFree = 256 << 20
	}
	if o.CheckSpaceEvery == 0 {
		o.CheckSpaceEvery = 5 * time.Second
	}
	return o
}

// Store keeps reports, units and the audit trail. Its methods may be called
// from any goroutine.
type Store struct {
	options Options
	place   *place
	db      driver.Conn
	dialect dialect
	files   string // folder of the content-addressed files
	backups string
	scratch string // folder of a temporary store, removed at Close

	writer  *writer       // nil when read-only
	drafter *drafter      // likewise
	lastSeq atomic.Uint64 // of the log, moved when all that is made from it is in place
	checked atomic.Uint64 // counts PutChecks, see Version
	changes changes       // what was appended, by kind
	units   unitCache
	closing sync.Once

	secrets  sync.Mutex // held while one is put
	sessions sessions
}

// Open opens the store, making or migrating its tables, takes the writer's
// lease unless ReadOnly, and repairs projections that the log is ahead of.
// Errors: ErrUnavailable (folder in use, engine or server missing, disk full),
// ErrConflict (written by a newer version of the product, or a restore that
// did not end).
func Open(ctx context.Context, options Options) (*Store, error) {
	return open(ctx, options, purposeServe)
}

// purpose tells what an opening is for: only a restore may open a store whose
// restore has not ended.
type purpose int

const (
	purposeServe purpose = iota
	purposeRestore
)

func open(ctx context.Context, options Options, why purpose) (*Store, error) {
	options = options.withDefaults()
	s := &Store{options: options}
	if err := s.makeFolders(); err != nil {
		return nil, err
	}
	if err := s.start(ctx, why); err != nil {
		_ = s.Close()
		return nil, domainError(err)
	}
	return s, nil
}

func (s *Store) makeFolders() (err error) {
	root := s.options.DataDir
	if s.options.Temporary {
		if root, err = os.MkdirTemp("", "mingjing-"); err != nil {
			return domainError(err)
		}
		s.scratch = root
	}
	if root == "" {
		return disclosure.Errorf(disclosure.ErrInvalid, "没有指定数据目录,请用 --data 指定。")
	}
	s.files, s.backups = filepath.Join(root, "files"), filepath.Join(root, "backups")
	for _, folder := range []string{root, s.files, s.backups} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return disclosure.Errorf(disclosure.ErrUnavailable, "不能建立数据目录 %s,请检查权限和磁盘。", root).Because(err)
		}
	}
	return nil
}

func (s *Store) start(ctx context.Context, why purpose) error {
	var err error
	if s.place, err = openPlace(ctx, s.options); err != nil {
		return err
	}
	s.db, s.dialect = s.place.db, s.place.dialect
	if s.options.ReadOnly {
		return s.requireSchema(ctx)
	}
	s.removeLeftFiles()
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if why == purposeRestore {
		return nil
	}
	if err := s.refuseHalfRestored(ctx); err != nil {
		return err
	}
	w, err := newWriter(ctx, s)
	if err != nil {
		return err
	}
	if err := w.finishErasures(ctx); err != nil {
		// What is there can be used; the erasure can be asked for once more.
		s.options.Logger.Error("an erasure that broke off cannot be finished", "error", err)
	}
	s.writer = w
	go w.run()
	d, err := newDrafter(ctx, s)
	if err != nil {
		return err
	}
	s.drafter = d
	go d.run()
	return nil
}

// Close ends the writer after what it has taken, and gives the data folder
// free. Closing twice is no error.
func (s *Store) Close() error {
	var err error
	s.closing.Do(func() {
		if s.drafter != nil {
			s.drafter.stop()
		}
		if s.writer != nil {
			s.writer.stop()
		}
		if s.place != nil {
			err = s.place.close()
		}
		if s.scratch != "" {
			_ = os.RemoveAll(s.scratch)
		}
	})
	if err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}
