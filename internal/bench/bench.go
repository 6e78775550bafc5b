// Package bench measures the product on data that it makes itself: pages and
// questions against the engine alone, import, reading, checks, start and
// memory. It prints what it measured beside the aims and judges nothing:
// milliseconds depend on the machine, ratios of one run do not.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"mingjing/internal/disclosure"
)

// Options say what to measure and where.
type Options struct {
	Nation  bool   // also 400 million figures
	Dir     string // parent of the temporary folder; "" is the system's
	Library string // libchdb.so; "" searches as the store does
	Version string // of the product, for the heading
	Only    string // part of a section's name; "" measures all
}

// run is one run of the measurements.
type run struct {
	Options
	folder string // temporary, removed at the end
	table  *table
	notes  io.Writer // says what is being measured now
	binary string
}

// Run measures and prints. Errors: what keeps the engine from starting, a full
// disk, an answer of the store that differs from the engine's.
func Run(ctx context.Context, out, notes io.Writer, o Options) (err error) {
	binary, err := os.Executable()
	if err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "找不到本程序自己的位置,无法测量。").Because(err)
	}
	folder, err := os.MkdirTemp(o.Dir, "mingjing-bench-")
	if err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "不能新建临时目录,请用 --dir 指定一个可写的目录。").Because(err)
	}
	defer os.RemoveAll(folder)
	r := &run{Options: o, folder: folder, table: newTable(out), notes: notes, binary: binary}
	for _, section := range []struct {
		name string
		do   func(context.Context) error
	}{
		{"机器", r.machine},
		{"启动与内存", r.starting},
		{"读取与核对", r.reading},
		{"规则与异常", r.ruling},
		{"导入", r.importing},
		{"演示数据(60个单位、6年)", r.district},
		{"填报", r.filing},
		{"问题清单", r.listing},
		{"通报", r.bulletins},
		{"4000万个数字", r.country},
	} {
		if !strings.Contains(section.name, o.Only) {
			continue
		}
		fmt.Fprintf(notes, "正在测量:%s\n", section.name)
		if err := section.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", section.name, err)
		}
	}
	return r.table.err
}

// data names a data folder of the run.
func (r *run) data(name string) string { return filepath.Join(r.folder, name) }
