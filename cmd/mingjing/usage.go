package main

import (
	"regexp"
	"strings"
)

// usageWords say in Chinese what the parser of the command line finds wrong; it
// knows English alone. The first that fits is taken.
var usageWords = []struct {
	says *regexp.Regexp
	then string
}{
	{regexp.MustCompile(`^unknown flag --demo\b`), "没有选项--demo;演示数据请先用“mingjing demo --data 目录”生成,再用“mingjing serve --data 目录”启动。"},
	{regexp.MustCompile(`^unknown flag (\S+?),? did you mean (?:one of )?(.*)\?$`), "没有选项$1;是不是要写$2?"},
	{regexp.MustCompile(`^unknown flag (\S+)$`), "没有选项$1。"},
	{regexp.MustCompile(`^unexpected argument (.+?), did you mean (?:one of )?(.*)\?$`), "不认识“$1”;是不是要写$2?"},
	{regexp.MustCompile(`^unexpected argument (.+)$`), "不认识“$1”,或多写了内容。"},
	{regexp.MustCompile(`^missing flags?: (.+)$`), "缺少选项:$1。"},
	{regexp.MustCompile(`^expected one of (.+)$`), "后面还要写一个命令:$1。"},
	{regexp.MustCompile(`^expected "(.+)"$`), "缺少内容:$1。"},
	{regexp.MustCompile(`^(--\S+): missing value.*$`), "选项$1后面要写内容。"},
	{regexp.MustCompile(`^(--\S+): (.+)$`), "选项$1的内容不对($2)。"},
}

// usageSentence is a fault of the command line as people read it; what is not
// known stays as the parser says it.
func usageSentence(err error) string {
	text := strings.TrimSpace(err.Error())
	for _, w := range usageWords {
		if at := w.says.FindStringSubmatchIndex(text); at != nil {
			return string(w.says.ExpandString(nil, w.then, text, at))
		}
	}
	return text
}
