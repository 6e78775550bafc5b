package issue

import (
	"fmt"
	"strings"

	"mingjing/internal/people"
)

// Markdown is the table as docs/问题清单流程.md prints it.
func Markdown() string {
	var b strings.Builder
	b.WriteString("# 问题清单流程\n\n由程序中的流程表生成(`go test ./internal/issue -update`),不要手工修改。权限有其一即可;评估员只能办理自己名下清单的问题,配合单位可以登记进展和补充材料。\n")
	for _, s := range States {
		rows := ""
		for _, t := range Life {
			if t.From != s {
				continue
			}
			to := StateNames[t.To]
			if t.To == t.From {
				to = "(不变)"
			}
			rows += fmt.Sprintf("| %s | %s | %s | %s |\n", ActNames[t.Act], joinRights(t.Rights), to, joinConditions(t.Conditions))
		}
		fmt.Fprintf(&b, "\n## %s\n\n", StateNames[s])
		if rows == "" {
			b.WriteString("没有可以办理的事项。\n")
			continue
		}
		b.WriteString("| 操作 | 权限 | 之后的状态 | 条件 |\n|---|---|---|---|\n" + rows)
	}
	b.WriteString("\n整改期限到时未反馈即为逾期,不以签收为前提;延期和申诉不改变状态。\n")
	return b.String()
}

func joinRights(rights []people.Right) string {
	texts := make([]string, len(rights))
	for i, r := range rights {
		texts[i] = string(r)
	}
	return strings.Join(texts, "、")
}

func joinConditions(conditions []Condition) string {
	texts := make([]string, len(conditions))
	for i, c := range conditions {
		texts[i] = string(c)
	}
	if len(texts) == 0 {
		return "—"
	}
	return strings.Join(texts, ";")
}
