package web

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"mingjing/internal/issue"
	"mingjing/internal/office"
)

// One account's uploads push out its own oldest, and nobody else's.
func TestKeptFilesAreBoundedByAccount(t *testing.T) {
	var k keptFiles
	now := testClock()
	put := func(account, token string) []string {
		_, gone := k.put(account, office.HeldEvidence{ID: token, File: issue.File{Name: token}}, now)
		return gone
	}
	put(filer, "mine")
	for n := range 4 * mostKept {
		gone := put(otherFiler, "theirs"+time.Duration(n).String())
		if want := n >= mostKeptEach; (len(gone) == 1) != want {
			t.Fatalf("upload %d pushes out %v", n, gone)
		}
	}
	if _, ok := k.get(filer, "mine", now); !ok || len(k.files) != mostKeptEach+1 {
		t.Errorf("%d files are kept, the other account's among them: %v", len(k.files), ok)
	}
	if _, ok := k.get(otherFiler, "mine", now); ok {
		t.Error("another account opens it")
	}
	if _, ok := k.get(filer, "mine", now.Add(keptFor+time.Second)); ok {
		t.Error("it is kept too long")
	}
}

// What is refused leaves no file among the kept ones; what the person may not do
// does not even wait.
func TestRefusedActsKeepNoFiles(t *testing.T) {
	x := openIssues(t)
	i := x.handed(t, "被拒绝的附件", 2)
	picture := append(append([]byte{}, smallPicture...), i.ID...) // this test's own
	sum := fmt.Sprintf("%x", sha256.Sum256(picture))
	waits := func() int {
		t.Helper()
		all, err := x.store.AllWaiting()
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, w := range all {
			if w.File.SHA256 == sum {
				n++
			}
		}
		return n
	}
	form := x.formOf(t, filer, i.ID, issue.GiveAnswer, url.Values{"link": {"ftp://wrong"}})
	for _, tc := range []struct {
		who     string
		do      issue.Act
		status  int
		waiting int
	}{{evaluator, issue.GiveAnswer, http.StatusForbidden, 0}, {filer, issue.Sign, http.StatusSeeOther, 0}, {filer, issue.Close, http.StatusConflict, 0}, {filer, issue.GiveAnswer, http.StatusBadRequest, 1}} {
		form.Set("do", string(tc.do))
		form.Set("act", i.ID+string(tc.do)+tc.who)
		form.Set("seq", seqOf(x, t, i.ID))
		if w := x.upload(t, tc.who, issueHref(i.ID)+"/act", form, map[string][]byte{"截图.png": picture}); w.Code != tc.status {
			t.Fatalf("%s of %s is answered %d, want %d: %s", tc.do, tc.who, w.Code, tc.status, said(w.Body.String()))
		}
		if n := waits(); n != tc.waiting {
			t.Errorf("after %s of %s %d files wait, want %d", tc.do, tc.who, n, tc.waiting)
		}
		if f, err := x.store.OpenFile(sum); err == nil {
			f.Close()
			t.Errorf("%s of %s kept a file for good", tc.do, tc.who)
		}
	}
	form.Set("act", i.ID+"once more")
	form.Set("link", "https://www.example.gov.cn/right.html")
	if w := x.upload(t, filer, issueHref(i.ID)+"/act", form, map[string][]byte{"截图.png": picture}); w.Code != http.StatusSeeOther {
		t.Fatalf("the right answer is answered %d: %s", w.Code, said(w.Body.String()))
	}
	f, err := x.store.OpenFile(sum)
	if err != nil {
		t.Fatal("what was taken is not kept:", err)
	}
	f.Close()
	if n := waits(); n != 1 {
		t.Errorf("%d files wait, want the refused one", n)
	}
}
