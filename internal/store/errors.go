package store

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"mingjing/internal/chdb"
	"mingjing/internal/disclosure"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// engineErrors turns ClickHouse's error codes (ErrorCodes.cpp) into ours. What
// is not listed is our fault: ErrInternal.
var engineErrors = map[int32]struct {
	code     disclosure.ErrorCode
	sentence string
}{
	// What a person wrote in `mingjing sql`.
	41:  {disclosure.ErrInvalid, "查询中的日期无法识别,请改写后再试。"}, // CANNOT_PARSE_DATETIME
	43:  {disclosure.ErrInvalid, "查询中函数的参数类型不对,请改写后再试。"},
	46:  {disclosure.ErrInvalid, "查询中有不存在的函数,请改写后再试。"},
	47:  {disclosure.ErrInvalid, "查询中有不存在的列,请改写后再试。"},
	53:  {disclosure.ErrInvalid, "查询中比较的两边类型不同,请改写后再试。"},
	60:  {disclosure.ErrInvalid, "查询中有不存在的表,请改写后再试。"},
	62:  {disclosure.ErrInvalid, "查询语句有语法错误,请改写后再试。"},
	81:  {disclosure.ErrInvalid, "查询中有不存在的库,请改写后再试。"},
	179: {disclosure.ErrInvalid, "查询中有重复的别名,请改写后再试。"},
	184: {disclosure.ErrInvalid, "查询中聚合函数用错了位置,请改写后再试。"},
	207: {disclosure.ErrInvalid, "查询中有歧义的列名,请加上表名后再试。"},
	215: {disclosure.ErrInvalid, "查询中有的列没有放进 GROUP BY,请改写后再试。"},
	386: {disclosure.ErrInvalid, "查询中各部分的类型不能合并,请改写后再试。"},

	164: {disclosure.ErrForbidden, "这里只能查询,不能修改数据或设置。"},
	497: {disclosure.ErrForbidden, "数据库账号没有这项权限,请联系管理员授权。"},
	516: {disclosure.ErrUnavailable, "数据库账号或密码不对,请检查 --clickhouse 的设置。"},

	158: {disclosure.ErrInvalid, "查询读取的行数超过上限,请缩小范围后再试。"},
	307: {disclosure.ErrInvalid, "查询读取的数据量超过上限,请缩小范围后再试。"},
	396: {disclosure.ErrInvalid, "查询结果的行数超过上限,请加上 LIMIT 或缩小范围后再试。"},
	241: {disclosure.ErrUnavailable, "内存不足,请缩小查询范围或稍后再试。"},
	159: {disclosure.ErrUnavailable, "查询用时过长,已中止;请缩小范围后再试。"},
	394: {disclosure.ErrUnavailable, "查询已取消。"},
	202: {disclosure.ErrUnavailable, "同时进行的查询过多,请稍后再试。"},
	252: {disclosure.ErrUnavailable, "写入过快,数据库正在整理数据,请稍后再试。"},

	243: {disclosure.ErrUnavailable, sentenceDiskFull},
	74:  {disclosure.ErrUnavailable, "读取数据文件失败,请检查磁盘。"},
	75:  {disclosure.ErrUnavailable, "写入数据文件失败,请检查磁盘是否已满或损坏。"},
	76:  {disclosure.ErrUnavailable, "打不开数据文件,请检查数据目录的权限和磁盘。"},
	242: {disclosure.ErrUnavailable, "数据库当前只读,请检查 ClickHouse 集群状态。"},
	209: {disclosure.ErrUnavailable, sentenceNoServer},
	210: {disclosure.ErrUnavailable, sentenceNoServer},
	285: {disclosure.ErrUnavailable, "可用的数据库副本不足,请检查 ClickHouse 集群状态。"},
	319: {disclosure.ErrUnavailable, "写入是否成功尚不清楚,请稍后重试;重试不会重复写入。"},
	999: {disclosure.ErrUnavailable, "ClickHouse Keeper 没有响应,请检查集群状态。"},
}

const (
	sentenceDiskFull = "磁盘空间不足,系统已转为只读;请清理磁盘后重试。"
	sentenceNoServer = "连接不上 ClickHouse 服务器,请检查服务器是否启动、地址是否正确。"
	sentenceInUse    = "数据目录正被另一个明镜进程使用,请先停止它,或改用别的数据目录。"
	sentenceReadOnly = "本进程以只读方式运行,不能写入。"
	sentenceClosed   = "系统正在停止,请稍后再试。"
)

// domainError gives err one of the six codes and a sentence. An error that has
// one already passes unchanged; nil stays nil.
func domainError(err error) error {
	var known *disclosure.Error
	var refused *clickhouse.Exception
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return disclosure.Errorf(disclosure.ErrUnavailable, "操作超时或已取消,请稍后再试。").Because(err)
	case errors.As(err, &refused):
		if strings.Contains(refused.Message, "errno: 28") || strings.Contains(refused.Message, "No space left on device") {
			return disclosure.Errorf(disclosure.ErrUnavailable, sentenceDiskFull).Because(err)
		}
		if e, ok := engineErrors[refused.Code]; ok {
			return disclosure.Errorf(e.code, "%s", e.sentence).Because(err)
		}
	case errors.Is(err, chdb.ErrInUse):
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceInUse).Because(err)
	case errors.Is(err, chdb.ErrCPU):
		return disclosure.Errorf(disclosure.ErrUnavailable,
			"这台机器的处理器不支持 AVX2,不能使用内置数据库;请用 --clickhouse 指向 ClickHouse 服务器,或换一台较新的 x86-64 机器。").Because(err)
	case errors.Is(err, chdb.ErrNoLibrary):
		return disclosure.Errorf(disclosure.ErrUnavailable,
			"找不到或不能使用内置数据库 libchdb.so;请把它放在程序旁边,或用 --clickhouse 指向 ClickHouse 服务器。").Because(err)
	case errors.Is(err, chdb.ErrClosed):
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceClosed).Because(err)
	case errors.Is(err, syscall.ENOSPC):
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceDiskFull).Because(err)
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, clickhouse.ErrAcquireConnTimeout):
		return disclosure.Errorf(disclosure.ErrUnavailable, sentenceNoServer).Because(err)
	}
	return disclosure.Errorf(disclosure.ErrInternal, "数据库出现内部错误,请把请求编号告诉管理员。").Because(err)
}
