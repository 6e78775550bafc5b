package people

import "testing"

func TestWhatTheLogCallsTheMachine(t *testing.T) {
	for account, want := range map[string]string{"os:root": "本机命令行(root)", "os:serve": "系统自动任务", "zhangsan": "zhangsan"} {
		if got := AuditedActor(account); got != want {
			t.Errorf("%s is called %s, want %s", account, got, want)
		}
		if got := ActorAccount(want); got != account {
			t.Errorf("%s is taken for %s", want, got)
		}
	}
	if got := ActorAccount("本机命令行(root)"); got != "os:root" {
		t.Errorf("with full-width brackets it is taken for %s", got)
	}
}
