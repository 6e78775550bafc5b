package bench

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"mingjing/internal/store"
)

// machine prints what the figures were measured on.
func (r *run) machine(ctx context.Context) error {
	st, err := store.Open(ctx, store.Options{Temporary: true, Library: r.Library})
	if err != nil {
		return err
	}
	defer st.Close()
	version, err := st.EngineVersion(ctx)
	if err != nil {
		return err
	}
	calibration, err := calibrate(ctx, st)
	if err != nil {
		return err
	}
	r.table.printf("明镜 %s,%s\n", r.Version, time.Now().Format("2006-01-02"))
	r.table.printf("机器:%s,%d核,%s/%s;内存 %s\n", cpuModel(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, megabytes(procField("/proc/meminfo", "MemTotal")))
	r.table.printf("引擎:ClickHouse %s(内嵌);校准查询 %s,%d次的中位数\n", version, milliseconds(calibration), repeats)
	return nil
}

func cpuModel() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "型号未知"
	}
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "型号未知"
}

// procField reads a size out of a file like /proc/self/status, in bytes; 0
// where the system has no such file.
func procField(path, field string) uint64 {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(data)) {
		if name, value, ok := strings.Cut(line, ":"); ok && name == field {
			kb, _ := strconv.ParseUint(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
			return kb << 10
		}
	}
	return 0
}

// memory is what a process holds now and held at most.
func memory(pid string) string {
	path := "/proc/" + pid + "/status"
	return fmt.Sprintf("%s,最高 %s", megabytes(procField(path, "VmRSS")), megabytes(procField(path, "VmHWM")))
}

func megabytes(n uint64) string {
	if n == 0 {
		return "未知"
	}
	return fmt.Sprintf("%.0f MB", float64(n)/(1<<20))
}

// ticks is the unit of the times in /proc, the same on every Linux.
const ticks = time.Second / 100

// processorTime is what this process has used of the processors so far; 0
// where the system does not say. Other programs on the machine do not count
// in it, which makes it the better base of "a core".
func processorTime() time.Duration {
	data, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	// The program's name stands in brackets and may hold spaces.
	fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * ticks
}
