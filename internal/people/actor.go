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

// AuditedActor is the same for those who read the audit log.
func AuditedActor(account string) string {
	if user, ok := strings.CutPrefix(account, machinePrefix); ok {
		return "系统命令(" + user + ")"
	}
	return account
}
