package store

// The verbs of issues, beside create, change, answer, return, recall, attach,
// extend and remind: what was done to an issue of a quarterly list.
const (
	VerbAssign          Verb = "assign"           // 分办
	VerbHandOver        Verb = "hand_over"        // 交办
	VerbSign            Verb = "sign"             // 签收
	VerbProgress        Verb = "progress"         // 登记整改进展
	VerbRecheck         Verb = "recheck"          // 复核通过
	VerbClose           Verb = "close"            // 销号
	VerbNotApplicable   Verb = "not_applicable"   // 按不适用办结
	VerbReopenIssue     Verb = "reopen_issue"     // 重新打开
	VerbAskExtension    Verb = "ask_extension"    // 申请延期
	VerbRefuseExtension Verb = "refuse_extension" // 不予延期
	VerbAppeal          Verb = "appeal"           // 申诉
	VerbUpholdAppeal    Verb = "uphold_appeal"    // 申诉成立
	VerbRejectAppeal    Verb = "reject_appeal"    // 申诉不成立
)

// The verbs of bulletins, beside create, change and withdraw.
const (
	VerbBuild Verb = "build" // 生成
	VerbIssue Verb = "issue" // 印发
)
