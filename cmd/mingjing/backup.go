package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"mingjing/internal/control"
	"mingjing/internal/disclosure"
	"mingjing/internal/store"
)

type backupCmd struct {
	dataFlags
	File string `arg:"" type:"path" help:"备份文件,不能是已有的文件。"`
}

type backupWork struct{}

// Run writes beside the wanted file and renames at the end, so that a file of
// that name is always a whole backup.
func (c *backupCmd) Run(ctx context.Context, s *streams) (err error) {
	if _, err := os.Lstat(c.File); err == nil {
		return disclosure.Errorf(disclosure.ErrConflict, "“%s”已经存在,请换一个文件名。", c.File)
	}
	f, err := os.CreateTemp(filepath.Dir(c.File), ".mingjing-backup-*")
	if err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "无法在“%s”中新建文件,请检查目录和权限。", filepath.Dir(c.File)).Because(err)
	}
	defer os.Remove(f.Name())
	if err := runOnData(ctx, s, c.dataFlags, "backup", &backupWork{}, nil, f); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "写入备份文件失败,请检查磁盘空间。").Because(err)
	}
	if err := os.Rename(f.Name(), c.File); err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "无法写成“%s”,请检查目录和权限。", c.File).Because(err)
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "已备份到 %s(%.1f MB)。恢复:mingjing restore --data 新目录 %s\n", c.File, float64(info.Size())/1e6, c.File)
	return nil
}

func (w *backupWork) run(ctx context.Context, d *desk) (int, error) {
	_, err := d.store.BackupTo(ctx, d.file, d.step)
	return 0, err
}

type restoreCmd struct {
	dataFlags
	File string `arg:"" type:"existingfile" help:"由 mingjing backup 生成的备份文件。"`
}

// Run restores into an empty store. It never goes through the socket: a folder
// that a process serves is not empty.
func (c *restoreCmd) Run(ctx context.Context, s *streams) error {
	b := newBar(s.err)
	defer b.close()
	_, err := store.Restore(ctx, c.options(), c.File, func(step string, done, total uint64) {
		b.show(control.Progress{Done: int(done), Total: int(total), Label: step})
	})
	if err != nil {
		return err
	}
	b.close()
	fmt.Fprintf(s.out, "已恢复到 %s。启动:mingjing serve --data %s\n", c.Data, c.Data)
	return nil
}
