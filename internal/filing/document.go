package filing

import (
	"fmt"
	"strings"
)

// Document is the life of a report as docs/填报流程.md prints it: the table
// itself, and who has which right. A test holds the file to it.
func Document() string {
	var b strings.Builder
	b.WriteString(documentHead)
	b.WriteString("\n## 状态与操作\n\n| 现在的状态 | 操作 | 谁可以做 | 条件 | 之后的状态 |\n|---|---|---|---|---|\n")
	for _, t := range Life {
		var who []string
		for _, r := range t.Rights {
			who = append(who, string(r))
		}
		conditions := "—"
		if len(t.Conditions) > 0 {
			parts := make([]string, len(t.Conditions))
			for i, c := range t.Conditions {
				parts[i] = string(c)
			}
			conditions = strings.Join(parts, ";")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", Names[t.From], ActNames[t.Act], strings.Join(who, "、"), conditions, Names[t.To])
	}
	b.WriteString(documentTail)
	return b.String()
}

const documentHead = `# 填报流程

一份年度报告从开始填报到通过,每一步由谁做、在什么状态下可以做、要满足什么条件,都在下面这一张表里。
程序按同一张表执行(internal/filing/life.go),本页由它生成:改了表,运行 ` + "`go test ./internal/filing -update`" + ` 重写本页。

- “填报”“单位审核”“区级审核”是权限:填报员有填报权,单位审核员有单位审核权,区级审核员有区级审核权,各自只对所管的单位有效。
- 表里没有的组合一律不能做:页面不出按钮,直接发请求会被拒绝,内容不变。
- “已公开”不是状态,是另外登记的事实,任何状态下都可以登记:法律要求1月31日前(政府3月31日前)公开,审核不推迟公开。
`

const documentTail = `
## 补充说明

- **更正**:已通过的报告可以开始更正。更正是新的一版,走同样的路;更正通过之前,原来通过的那一版继续有效。
- **附表**与年度报告在同一次操作里一起保存、提交、退回、通过。
- **必须改正**的问题没有改完,不能送审、提交;**需要说明**的问题要写书面说明,说明随报告保留。由正文推测出来的问题(TXT、CPY)可以不写说明。
- **带问题收件**由区级审核员写明理由后收下,标记一直保留。
- **本人不审本人**:写过草稿的人不能审核或通过同一版,设置放开时除外,放开本身记入日志。
- **两个人同时填**:各改各的格互不影响;改了同一格,两份文字都保留,请人选择。
- **重复按按钮**只算一次;页面过时了,操作会被拒绝并说明谁改过什么时候改的,填的内容不丢。
- **草稿**自动保存,最近的版本都可以恢复;提交或放弃的草稿保留30天。
`
