package issue

import (
	"strings"
	"testing"
)

// An address is found in whatever way a text writes it, and others stay.
func TestAddressesAreFoundHoweverWritten(t *testing.T) {
	for _, c := range []struct {
		link, text string // where it is known from
		hidden     []string
		open       []string
	}{
		{link: "https://x.gov.cn/公示/1.pdf", hidden: []string{"https://x.gov.cn/公示/1.pdf", "http://www.x.gov.cn/公示/1.pdf", "x.gov.cn/公示/1.pdf", "X.GOV.CN/公示/1.PDF",
			"https://x.gov.cn/%E5%85%AC%E7%A4%BA/1.pdf", "https://x.gov.cn/%25E5%2585%25AC%25E7%25A4%25BA/1%2Epdf", "https%3A%2F%2Fx.gov.cn%2F%e5%85%ac%e7%a4%ba%2f1.pdf", "https://x.gov.cn:443/公示/1.pdf",
			"ｘ．ｇｏｖ．ｃｎ／公示／1．pdf", "x.gov.cn/公示/1.pdf?from=list#2", "x.gov.cn/公\u200b示/1.pdf", "https://wap.x.gov.cn/公示/1.pdf"},
			open: []string{"https://x.gov.cn/", "x.gov.cn/公示/2.pdf", "https://x.gov.cn/公示"}},
		{text: "附件https://x.gov.cn/公示/1.pdf泄露身份证号，请删除", hidden: []string{"x.gov.cn/公示/1.pdf"}, open: []string{"https://x.gov.cn/", "x.gov.cn/公示/2.pdf"}},
		{text: "公示页x.gov.cn/a.html泄露手机号", hidden: []string{"https://x.gov.cn/a.html", "www.x.gov.cn/a.html"}, open: []string{"x.gov.cn/b.html", "a.html"}},
		{link: "https://x.gov.cn/%E5%85%AC%E7%A4%BA/1.pdf", hidden: []string{"x.gov.cn/公示/1.pdf"}, open: []string{"x.gov.cn"}},
		{link: "https://x.gov.cn/", hidden: []string{"https://x.gov.cn", "www.x.gov.cn/"}, open: []string{"https://x.gov.cn/other", "https://x.gov.cn/公示/1.pdf", "sub.x.gov.cn", "x.gov.cn.example.com"}},
		{link: "https://x.gov.cn/#/detail/12", hidden: []string{"x.gov.cn/#/detail/12"}, open: []string{"x.gov.cn/#/detail/3"}},
		{link: "http://10.1.2.3:8080/a?id=1", hidden: []string{"10.1.2.3:8080/a?id=1"}, open: []string{"10.1.2.3:8080/b"}},
		{text: "http://x.gov.cn/存在泄露", hidden: []string{"http://x.gov.cn/"}, open: []string{"http://x.gov.cn/zwgk/1.html"}},
	} {
		var a Addresses
		a.AddLink(c.link)
		a.Add(c.text)
		for _, hidden := range c.hidden {
			if got := a.Replace("见"+hidden+"打不开。第1.2节", "■"); got != "见■打不开。第1.2节" {
				t.Errorf("%s%s: %q becomes %q", c.link, c.text, hidden, got)
			}
		}
		for _, open := range c.open {
			if text := "见" + open + "，打不开"; a.Replace(text, "■") != text {
				t.Errorf("%s%s: %q becomes %q", c.link, c.text, text, a.Replace(text, "■"))
			}
		}
	}
	var none Addresses
	if text := "https://x.gov.cn/"; none.Replace(text, "") != text {
		t.Error("no addresses hide some")
	}
}

func FuzzAddresses(f *testing.F) {
	f.Add("https://x.gov.cn/公示/1.pdf泄露", "%25E5%2")
	f.Add("www.a.cn/b#c", "．／％")
	f.Fuzz(func(t *testing.T, known, text string) {
		var a Addresses
		a.Add(known)
		a.AddLink(known)
		left, _ := plainAddress(a.Replace(text+known, "■"))
		for _, key := range a.Keys() {
			if strings.Contains(left, key) {
				t.Errorf("%q is left of %q in %q", key, known, left)
			}
		}
	})
}
