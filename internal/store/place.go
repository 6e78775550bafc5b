package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"mingjing/internal/chdb"
	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// place is where a store's tables are: the engine in this process or a server.
type place struct {
	db       driver.Conn
	database string
	dialect  dialect
	close    func() error
}

// defaultDatabase holds the tables unless a server's address names another.
const defaultDatabase = "mingjing"

func openPlace(ctx context.Context, o Options) (*place, error) {
	switch {
	case o.ClickHouse != "":
		return openServer(ctx, o)
	case o.Temporary:
		return openTemporary(ctx, o)
	}
	engine, err := chdb.Open(chdb.Options{Path: filepath.Join(o.DataDir, "clickhouse"), Library: o.Library, MaxMemory: o.MaxMemory})
	if err != nil {
		return nil, err
	}
	db, err := openDatabase(ctx, engine, defaultDatabase)
	if err != nil {
		_ = engine.Close()
		return nil, err
	}
	return &place{db: db, database: defaultDatabase, close: func() error { return errors.Join(db.Close(), engine.Close()) }}, nil
}

func openDatabase(ctx context.Context, engine *chdb.Engine, name string) (driver.Conn, error) {
	admin, err := clickhouse.Open(engine.Options("default"))
	if err != nil {
		return nil, err
	}
	defer admin.Close()
	if err := admin.Exec(ctx, "CREATE DATABASE IF NOT EXISTS `"+name+"` ENGINE = Atomic"); err != nil {
		return nil, err
	}
	return clickhouse.Open(engine.Options(name))
}

// temporary is the one engine that all temporary stores of a process share,
// each with a database of its own.
var temporary struct {
	sync.Mutex
	engine *chdb.Engine
	users  int
	made   int
}

func openTemporary(ctx context.Context, o Options) (*place, error) {
	temporary.Lock()
	defer temporary.Unlock()
	if temporary.engine == nil {
		engine, err := chdb.Open(chdb.Options{Library: o.Library, MaxMemory: o.MaxMemory})
		if err != nil {
			return nil, err
		}
		temporary.engine = engine
	}
	temporary.users++
	temporary.made++
	name := fmt.Sprintf("%s_%d", defaultDatabase, temporary.made)
	db, err := openDatabase(ctx, temporary.engine, name)
	if err != nil {
		_ = releaseTemporary()
		return nil, err
	}
	return &place{db: db, database: name, close: func() error {
		temporary.Lock()
		defer temporary.Unlock()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		return errors.Join(db.Exec(ctx, "DROP DATABASE `"+name+"` SYNC"), db.Close(), releaseTemporary())
	}}, nil
}

// releaseTemporary is called with the lock held.
func releaseTemporary() error {
	if temporary.users--; temporary.users > 0 {
		return nil
	}
	engine := temporary.engine
	temporary.engine = nil
	return engine.Close()
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func openServer(ctx context.Context, o Options) (*place, error) {
	options, err := clickhouse.ParseDSN(o.ClickHouse)
	if err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "ClickHouse 的地址写得不对,应形如 clickhouse://用户:密码@主机:9000/mingjing。").Because(err)
	}
	if options.Auth.Database == "" {
		options.Auth.Database = defaultDatabase
	}
	if !identifier.MatchString(options.Auth.Database) || o.Cluster != "" && !identifier.MatchString(o.Cluster) {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "数据库名和集群名只能用字母、数字和下划线。")
	}
	if options.Settings == nil {
		options.Settings = clickhouse.Settings{}
	}
	options.Settings["session_timezone"] = "UTC"
	options.Settings["async_insert"] = 0
	d := dialect{cluster: o.Cluster, server: true}
	if o.Cluster != "" {
		options.Settings["insert_quorum"] = "auto"
		options.Settings["select_sequential_consistency"] = 1
	}
	admin := *options
	admin.Auth.Database = "default"
	if !o.ReadOnly {
		db, err := clickhouse.Open(&admin)
		if err != nil {
			return nil, err
		}
		defer db.Close()
		create := strings.TrimSpace("CREATE DATABASE IF NOT EXISTS `" + options.Auth.Database + "` " + d.words()[3])
		if err := db.Exec(ctx, create); err != nil {
			return nil, err
		}
	}
	db, err := clickhouse.Open(options)
	if err != nil {
		return nil, err
	}
	if err := db.Ping(ctx); err != nil {
		_ = db.Close()
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, sentenceNoServer).Because(err)
	}
	return &place{db: db, database: options.Auth.Database, dialect: d, close: db.Close}, nil
}
