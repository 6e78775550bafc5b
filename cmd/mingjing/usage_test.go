package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestWrongUsageIsToldInChinese(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{{[]string{"serve", "--demo"}, "mingjing demo --data"}, {[]string{"serve", "--nosuch"}, "没有选项--nosuch"}, {[]string{"serv"}, "不认识“serv”"},
		{[]string{"serve", "more"}, "不认识“more”"}, {[]string{"user"}, "后面还要写一个命令"}, {[]string{"merge-unit"}, "缺少"}} {
		var out, errOut bytes.Buffer
		code := run(c.args, strings.NewReader(""), &out, &errOut)
		if said := errOut.String(); code != 2 || !strings.Contains(said, c.want) || strings.Contains(said, "unknown") || strings.Contains(said, "unexpected") || strings.Contains(said, "expected") {
			t.Errorf("%v: %d %q", c.args, code, said)
		}
	}
}
