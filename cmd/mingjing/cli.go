package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"mingjing/internal/disclosure"
	"mingjing/internal/intake/worker"

	"github.com/alecthomas/kong"
)

// cli is every command. The commands' structs carry their options: flag, help,
// default and MINGJING_ variable in one place, which "mingjing config" prints.
type cli struct {
	Serve     serveCmd     `cmd:"" help:"启动网页服务。"`
	Check     checkCmd     `cmd:"" help:"核对报告文件,不需要数据目录。"`
	Anomalies anomaliesCmd `cmd:"" help:"找出一个年度里与历年、与同类单位相比异常的数据。"`
	Rules     rulesCmd     `cmd:"" help:"查看和修改核对规则,编写本区自定规则。"`
	Sources   sourcesCmd   `cmd:"" help:"导入司法、财政等部门的台账,与各单位所填数字核对。"`
	Issues    issuesCmd    `cmd:"" help:"季度问题清单:导入、列出。"`
	Bulletin  bulletinCmd  `cmd:"" help:"生成季度通报或领导简报(docx、pdf)。"`
	Import    importCmd    `cmd:"" help:"把历年报告文件导入数据目录。"`
	Demo      demoCmd      `cmd:"" help:"生成一个虚构的区,供演示和测试。"`
	SQL       sqlCmd       `cmd:"" name:"sql" help:"用只读SQL查看数据。"`
	Merge     mergeCmd     `cmd:"" name:"merge-unit" help:"把一个待确认单位并入另一个单位,名称成为后者的别名。"`
	User      userCmd      `cmd:"" help:"账号:建立、重置、列出。"`
	Backup    backupCmd    `cmd:"" help:"把全部数据备份到一个文件。"`
	Restore   restoreCmd   `cmd:"" help:"把备份文件恢复到一个空的数据目录。"`
	Rebuild   rebuildCmd   `cmd:"" help:"由日志重建统计表,与现有的比对后替换。"`
	Bench     benchCmd     `cmd:"" help:"测量速度,打印与引擎直接查询的比值。"`
	Config    configCmd    `cmd:"" help:"列出全部选项、环境变量、默认值和当前值。"`
	Version   versionCmd   `cmd:"" help:"打印版本。"`
	Help      helpCmd      `cmd:"" help:"打印帮助;加命令名看该命令的帮助。"`
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// exitCode ends a command with a code of its own and nothing more to say.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// run is the whole program; it returns the exit code.
func run(args []string, in io.Reader, out, errOut io.Writer) int {
	if len(args) > 0 && args[0] == worker.Command {
		worker.ChildMain(childHandlers())
		return 0
	}
	var c cli
	ended := -1
	parser, err := newParser(&c, out, errOut, func(code int) { ended = code })
	if err != nil {
		fmt.Fprintln(errOut, err)
		return 3
	}
	if len(args) == 0 {
		args = []string{"help"}
	}
	parsed, err := parser.Parse(args)
	if ended >= 0 {
		return ended
	}
	if err != nil {
		fmt.Fprintf(errOut, "命令写法有误:%s\n用“mingjing help”查看全部命令,“mingjing help 命令”查看一个命令的用法。\n", usageSentence(err))
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(&streams{in: in, out: out, err: errOut}, parser)
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintln(errOut, disclosure.Sentence(err))
	if disclosure.CodeOf(err) == disclosure.ErrInternal || os.Getenv("MINGJING_DEBUG") != "" {
		fmt.Fprintln(errOut, "原因:", err)
	}
	return exitOf(disclosure.CodeOf(err))
}

func newParser(c *cli, out, errOut io.Writer, exit func(int)) (*kong.Kong, error) {
	return kong.New(c, kong.Name("mingjing"),
		kong.Description("明镜:政府信息公开年度数据的收集、核对、比较与展示。"),
		kong.Writers(out, errOut), kong.Exit(exit),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
}

// exitOf gives each kind of failure an exit code of its own; 1 is left to
// commands that found something wrong, 2 to wrong usage and unreadable input.
func exitOf(code disclosure.ErrorCode) int {
	switch code {
	case disclosure.ErrInvalid, disclosure.ErrNotFound:
		return 2
	case disclosure.ErrConflict:
		return 4
	case disclosure.ErrForbidden:
		return 5
	case disclosure.ErrUnavailable:
		return 6
	}
	return 3
}
