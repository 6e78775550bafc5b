package main

import (
	"fmt"
	"os"
	"sort"
	"strings"
	"text/tabwriter"

	"mingjing/internal/disclosure"

	"github.com/alecthomas/kong"
)

type configCmd struct{}

// Run prints every option that has a variable: the commands' own declarations,
// read back, so that the table cannot disagree with what the binary does.
func (configCmd) Run(s *streams, parser *kong.Kong) error {
	type option struct{ env, flag, def, now, help string }
	seen := map[string]bool{}
	var options []option
	for _, cmd := range parser.Model.Leaves(true) {
		for _, f := range cmd.Flags {
			if len(f.Envs) == 0 || seen[f.Envs[0]] || f.Name == "help" {
				continue
			}
			seen[f.Envs[0]] = true
			now := os.Getenv(f.Envs[0])
			if now == "" {
				now = "-"
			} else if f.Tag.Has("secret") {
				now = "******"
			}
			def := f.Default
			if def == "" {
				def = "-"
			}
			options = append(options, option{f.Envs[0], "--" + f.Name, def, now, f.Help})
		}
	}
	sort.Slice(options, func(i, j int) bool { return options[i].env < options[j].env })
	w := tabwriter.NewWriter(s.out, 2, 4, 2, ' ', 0)
	fmt.Fprintln(w, "环境变量\t选项\t默认值\t当前值\t说明")
	for _, o := range options {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", o.env, o.flag, o.def, o.now, o.help)
	}
	return w.Flush()
}

type versionCmd struct{}

func (versionCmd) Run(s *streams) error {
	_, err := fmt.Fprintln(s.out, "mingjing", version)
	return err
}

type helpCmd struct {
	Command []string `arg:"" optional:"" help:"命令名。"`
}

func (h helpCmd) Run(parser *kong.Kong) error {
	about, err := kong.Trace(parser, h.Command)
	if err == nil && len(h.Command) > 0 && about.Command() == "" {
		err = about.Error
	}
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "没有命令“%s”,用“mingjing help”查看全部命令。", strings.Join(h.Command, " ")).Because(err)
	}
	return about.PrintUsage(false)
}
