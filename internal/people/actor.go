package people

import "strings"

// machinePrefix begins the account under which a command on the machine acts.
const machinePrefix = "os:"

// ActorName is what pages call an account that is nobody's: commands on the
// machine bear the operating system's user, which is for the audit log alone.
func ActorName(account string) string {
	if strings.HasPrefix(account, machinePrefix) {
		return "系统(导入)"
	}
	return account
}

// taskPrefix begins what the program does by itself, of the machine's accounts.
const taskPrefix = machinePrefix + "serve"

// What the audit log calls commands and the program's own work.
const (
	commandName = "本机命令行"
	taskName    = "系统自动任务"
)

// AuditedActor is the same for those who read the audit log.
func AuditedActor(account string) string {
	user, ok := strings.CutPrefix(account, machinePrefix)
	switch {
	case !ok:
		return account
	case account == taskPrefix:
		return taskName
	}
	return commandName + "(" + user + ")"
}

// ActorAccount is the account behind what AuditedActor called it, or what was
// given: people filter the log by what they read there.
func ActorAccount(name string) string {
	name = strings.TrimSpace(name)
	if name == taskName {
		return taskPrefix
	}
	folded := strings.NewReplacer("(", "(", ")", ")").Replace(name)
	if user, ok := strings.CutPrefix(folded, commandName+"("); ok {
		return machinePrefix + strings.TrimSuffix(user, ")")
	}
	return name
}
