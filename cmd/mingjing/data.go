package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/user"
	"reflect"

	"mingjing/internal/control"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/intake/gather"
	"mingjing/internal/office"
	"mingjing/internal/store"
)

// dataFlags say which data a command works on.
type dataFlags struct {
	Data       string `help:"数据目录。" default:"data" type:"path" env:"MINGJING_DATA" placeholder:"DIR"`
	Library    string `help:"ClickHouse引擎库 libchdb.so 的位置;缺省在环境变量和程序所在目录中查找。" env:"MINGJING_LIBCHDB" placeholder:"FILE"`
	Clickhouse string `help:"改用ClickHouse服务器(25.8以上),如 clickhouse://用户:口令@主机:9000/库。" name:"clickhouse" env:"MINGJING_CLICKHOUSE" secret:"" placeholder:"DSN"`
	Cluster    string `help:"ClickHouse集群的名称,使用集群时填写。" env:"MINGJING_CLUSTER" placeholder:"NAME"`
}

func (f dataFlags) options() store.Options {
	return store.Options{DataDir: f.Data, Library: f.Library, ClickHouse: f.Clickhouse, Cluster: f.Cluster}
}

// storeName tells stores on servers apart without giving a password away; the
// embedded store of a folder is "".
func (f dataFlags) storeName() string {
	if f.Clickhouse == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(f.Clickhouse + " " + f.Cluster))
	return hex.EncodeToString(sum[:])
}

// desk is what a command works with once the data is open, in this process or
// in the one that serves.
type desk struct {
	office   *office.Office
	store    *store.Store
	actor    store.Actor
	files    iter.Seq[gather.File]
	out      io.Writer
	file     io.Writer // content of the file that the command makes
	progress func(control.Progress)
}

// mustExist keeps a mistyped folder from becoming an empty store: only commands
// that bring data in may make one.
func (f dataFlags) mustExist(cmd dataCommand) error {
	switch cmd.(type) {
	case *importWork, *demoWork, *userAddWork:
		return nil
	}
	if _, err := os.Stat(f.Data); f.Clickhouse == "" && errors.Is(err, os.ErrNotExist) {
		return disclosure.Errorf(disclosure.ErrNotFound, "没有数据目录“%s”,请核对 --data。", f.Data)
	}
	return nil
}

// step shows how far a long task of the store is.
func (d *desk) step(name string, done, total uint64) {
	d.progress(control.Progress{Done: int(done), Total: int(total), Label: name})
}

// dataCommand is a command on the data. Its exported fields travel as JSON
// when the command runs inside another process.
type dataCommand interface {
	// run does the command and returns its exit code.
	run(ctx context.Context, d *desk) (int, error)
}

// dataCommands makes an empty command of each name, for calls that come over
// the socket. restore is not among them: it needs a folder that nobody holds.
var dataCommands = map[string]func() dataCommand{
	"anomalies":      func() dataCommand { return &anomaliesWork{} },
	"check":          func() dataCommand { return &checkWork{} },
	"sources import": func() dataCommand { return &sourcesImportWork{} },
	"sources list":   func() dataCommand { return &sourcesListWork{} },
	"sources drop":   func() dataCommand { return &sourcesDropWork{} },
	"issues import":  func() dataCommand { return &issuesImportWork{} },
	"issues list":    func() dataCommand { return &issuesListWork{} },
	"bulletin":       func() dataCommand { return &bulletinWork{} },
	"rules list":     func() dataCommand { return &rulesListWork{} },
	"rules set":      func() dataCommand { return &rulesSetWork{} },
	"rules try":      func() dataCommand { return &rulesTryWork{} },
	"rules drop":     func() dataCommand { return &rulesDropWork{} },
	"import":         func() dataCommand { return &importWork{} },
	"demo":           func() dataCommand { return &demoWork{} },
	"sql":            func() dataCommand { return &sqlWork{} },
	"merge-unit":     func() dataCommand { return &mergeWork{} },
	"user-add":       func() dataCommand { return &userAddWork{} },
	"user-reset":     func() dataCommand { return &userResetWork{} },
	"user-list":      func() dataCommand { return &userListWork{} },
	"backup":         func() dataCommand { return &backupWork{} },
	"rebuild":        func() dataCommand { return &rebuildWork{} },
}

// onData is a command that is nothing but its work where the data is: no files
// go there, and none comes back.
type onData[W any, P interface {
	*W
	dataCommand
}] struct {
	dataFlags
	Work W `embed:""`
}

// Run is called by kong.
func (c *onData[W, P]) Run(ctx context.Context, s *streams) error {
	return runOnData(ctx, s, c.dataFlags, nameOfWork(P(&c.Work)), P(&c.Work), nil, nil)
}

// nameOfWork is under which name a command goes to the process that serves.
func nameOfWork(cmd dataCommand) string {
	for name, made := range dataCommands {
		if reflect.TypeOf(made()) == reflect.TypeOf(cmd) {
			return name
		}
	}
	panic(fmt.Sprintf("%T stands in no line of dataCommands", cmd)) // a fault of the build
}

// runOnData runs a command where the data is: inside the process that serves
// the folder if there is one, in this one otherwise.
func runOnData(ctx context.Context, s *streams, f dataFlags, name string, cmd dataCommand, files iter.Seq[gather.File], file io.Writer) error {
	bar := newBar(s.err)
	defer bar.close()
	socket, err := control.SocketPath(f.Data)
	if err != nil {
		return err
	}
	args, err := json.Marshal(cmd)
	if err != nil {
		return err
	}
	exit, err := control.Run(ctx, socket, control.Call{Command: name, Args: args, Store: f.storeName()}, files,
		control.Sink{Out: s.out, File: file, Progress: bar.show})
	if errors.Is(err, control.ErrNobody) {
		exit, err = runHere(ctx, s, f, cmd, files, file, bar)
	}
	bar.close()
	if err == nil && exit != 0 {
		return exitCode(exit)
	}
	return err
}

func runHere(ctx context.Context, s *streams, f dataFlags, cmd dataCommand, files iter.Seq[gather.File], file io.Writer, bar *bar) (exit int, err error) {
	if err := f.mustExist(cmd); err != nil {
		return 0, err
	}
	st, err := store.Open(ctx, f.options())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	readers, err := intake.NewClient()
	if err != nil {
		return 0, err
	}
	defer readers.Close()
	if files == nil {
		files = func(func(gather.File) bool) {}
	}
	d := &desk{office: office.New(st, readers, nil), store: st, actor: osActor("cli", ""), files: files,
		out: s.out, file: file, progress: bar.show}
	if !checksReports(cmd) {
		return cmd.run(ctx, d)
	}
	// A process that serves records such a run by itself, see office.KeepChecked.
	err = d.office.Recorded(ctx, d.visitor(), func() (err error) {
		exit, err = cmd.run(ctx, d)
		return err
	})
	return exit, err
}

// checksReports says whether a command has reports checked in passing, as what
// it does changes what the checks say. Check itself records its own run.
func checksReports(cmd dataCommand) bool {
	switch cmd.(type) {
	case *importWork, *mergeWork, *rulesSetWork, *rulesDropWork, *sourcesImportWork, *sourcesDropWork, *rebuildWork:
		return true
	}
	return false
}

// answerCalls makes the handler by which a serving process runs commands of
// other processes.
func answerCalls(o *office.Office, st *store.Store, f dataFlags) control.Handler {
	return func(ctx context.Context, call control.Call, files iter.Seq[gather.File], out *control.Output) (int, error) {
		if call.Store != f.storeName() {
			return 0, disclosure.Errorf(disclosure.ErrConflict, "正在运行的明镜用的是另一个数据库,请核对 --clickhouse(或环境变量 MINGJING_CLICKHOUSE)后重新执行。")
		}
		make, known := dataCommands[call.Command]
		if !known {
			return 0, disclosure.Errorf(disclosure.ErrInvalid, "正在运行的明镜不认识命令“%s”,请核对两者的版本。", call.Command)
		}
		cmd := make()
		if err := json.Unmarshal(call.Args, cmd); err != nil {
			return 0, disclosure.Errorf(disclosure.ErrInvalid, "命令参数无法识别,请核对命令行与正在运行的明镜版本是否一致。").Because(err)
		}
		return cmd.run(ctx, &desk{office: o, store: st, actor: osActor("socket", call.User), files: files,
			out: out, file: out.File(), progress: out.Progress})
	}
}

// osActor names who runs a command on the machine: the audit trail keeps the
// operating-system user.
func osActor(address, name string) store.Actor {
	if name == "" {
		if u, err := user.Current(); err == nil {
			name = u.Username
		} else {
			name = "uid:" + os.Getenv("USER")
		}
	}
	return store.Actor{Name: "os:" + name, Address: address}
}
