package main

import (
	"context"

	"mingjing/internal/bench"
)

// benchCmd has no data folder of its own choosing: it measures on data that it
// makes, in a temporary folder, and removes.
type benchCmd struct {
	Scale   string `help:"规模:city(4000万个数字)或nation(另加4亿个数字,约需1小时)。" enum:"city,nation" default:"city" placeholder:"SCALE"`
	Dir     string `help:"临时文件放在哪个目录下;默认为系统的临时目录。nation约需10 GB。" type:"existingdir" placeholder:"DIR"`
	Only    string `help:"只测一部分:启动、读取、规则、导入、填报、4000万等名称中的一段;演示数据的网页要与启动一起测。" placeholder:"NAME"`
	Library string `help:"ClickHouse引擎库 libchdb.so 的位置;缺省在环境变量和程序所在目录中查找。" env:"MINGJING_LIBCHDB" type:"path" placeholder:"FILE"`
}

// Run prints a table of measurements. It never fails for slowness: the aims
// stand beside the figures for people to judge.
func (c *benchCmd) Run(ctx context.Context, s *streams) error {
	return bench.Run(ctx, s.out, s.err, bench.Options{
		Nation: c.Scale == "nation", Dir: c.Dir, Library: c.Library, Version: version, Only: c.Only,
	})
}
