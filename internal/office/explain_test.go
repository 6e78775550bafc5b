package office

import "testing"

func TestWhatExplains(t *testing.T) {
	for text, want := range map[string]bool{"": false, "。。。。。": false, "无": false, "同上": false, "1234567": false, "啊啊啊啊啊": false, " - / — ": false,
		"aaaaBBBB": false, "机构改革": true, "3月起,机构合并。": true, "See the notes": true} {
		if got := Explains(text); got != want {
			t.Errorf("%q explains: %v", text, got)
		}
	}
}
