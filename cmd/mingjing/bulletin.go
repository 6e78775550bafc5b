package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"mingjing/internal/bulletin/notice"
	"mingjing/internal/disclosure"
	"mingjing/internal/issue"
)

// bulletinCmd writes a quarter's bulletin, or the brief for leaders, to a file.
type bulletinCmd struct {
	dataFlags
	bulletinWork
	Output string `short:"o" name:"output" required:"" type:"path" placeholder:"FILE" help:"写到的文件;扩展名决定格式:.docx、.pdf(需要LibreOffice),.xlsx 只写附件(问题清单和复核情况表)。"`
}

type bulletinWork struct {
	Quarter string `help:"季度,如 2026Q3。" required:"" placeholder:"QUARTER"`
	Public  bool   `help:"公开版:不写泄露个人信息问题的地址和内部情况。"`
	Draft   bool   `help:"征求意见稿:数据尚未审定时也生成,每页有标记。"`
	Brief   bool   `help:"改为生成领导简报(A4一页)。"`
	Format  string `kong:"-"`
}

// Run writes beside the wanted file and renames at the end: what stood there
// before stays until the new one is whole.
func (c *bulletinCmd) Run(ctx context.Context, s *streams) (err error) {
	c.Format = strings.TrimPrefix(strings.ToLower(filepath.Ext(c.Output)), ".")
	if c.Format != "docx" && c.Format != "pdf" && (c.Format != "xlsx" || c.Brief) {
		return disclosure.Errorf(disclosure.ErrInvalid, "不认识“%s”的格式,文件名请以 .docx 或 .pdf 结尾,附件以 .xlsx 结尾。", c.Output)
	}
	f, err := os.CreateTemp(filepath.Dir(c.Output), ".mingjing-bulletin-*")
	if err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "无法在“%s”中新建文件,请检查目录和权限。", filepath.Dir(c.Output)).Because(err)
	}
	defer os.Remove(f.Name())
	if err := runOnData(ctx, s, c.dataFlags, "bulletin", &c.bulletinWork, nil, f); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Chmod(0o644), f.Close(), os.Rename(f.Name(), c.Output)); err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "无法写成“%s”,请检查目录、权限和磁盘空间。", c.Output).Because(err)
	}
	fmt.Fprintf(s.out, "已写到 %s。\n", c.Output)
	return nil
}

func (w *bulletinWork) run(ctx context.Context, d *desk) (int, error) {
	quarter, err := issue.ParseQuarter(w.Quarter)
	if err != nil {
		return 0, err
	}
	var data []byte
	var n *notice.Notice
	if w.Brief {
		data, n, err = d.office.BriefFile(ctx, d.visitor(), quarter, w.Format)
	} else {
		edition := notice.Internal
		if w.Public {
			edition = notice.Public
		}
		data, n, err = d.office.MakeBulletin(ctx, d.visitor(), quarter, edition, w.Draft, w.Format)
	}
	if err != nil {
		return 0, err
	}
	if _, err := bytes.NewReader(data).WriteTo(d.file); err != nil {
		return 0, err
	}
	mark := ""
	if n.Draft {
		mark = "(" + notice.DraftMark + ")"
	}
	_, err = fmt.Fprintf(d.out, "%s%s,图%d张。\n", n.Title, mark, len(n.Charts()))
	return 0, err
}
