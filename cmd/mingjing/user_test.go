package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var printedPassword = regexp.MustCompile(`初始口令:(\S+)`)

// passwordIn finds the initial password that a command printed.
func passwordIn(t *testing.T, out string) string {
	t.Helper()
	m := printedPassword.FindStringSubmatch(out)
	if m == nil {
		t.Fatalf("no password in %q", out)
	}
	return m[1]
}

// A real installation begins with the first administrator, made on the machine
// before or while it serves; the last one recovers there too.
func TestUsersFromTheMachine(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	if r := mingjing(t, "user", "list", "--data", data); r.exit != 2 {
		t.Errorf("listing a folder that is not there: exit %d", r.exit)
	}
	first := passwordIn(t, must(t, 0, "user", "add", "--data", data, "Guanli", "--name", "管理员甲"))
	if r := mingjing(t, "user", "add", "--data", data, "guanli", "--name", "又一个"); r.exit != 4 {
		t.Errorf("the same account twice: exit %d, %s", r.exit, r.err)
	}
	for _, wrong := range [][]string{{"张三"}, {"tianbao", "--role", "填报员"}, {"tianbao", "--role", "科长"}, {"tianbao", "--unit", "无此局"}} {
		args := append([]string{"user", "add", "--data", data, "--name", "某人"}, wrong...)
		if r := mingjing(t, args...); r.exit != 2 || r.out != "" {
			t.Errorf("user add %v: exit %d, %q", wrong, r.exit, r.out)
		}
	}
	address, _ := serving(t, data)
	if code, body := get(t, signedIn(t, address, "guanli", first), address+"/admin/accounts"); code != 403 || !strings.Contains(body, "请先修改初始口令") {
		t.Errorf("with an initial password another page than the one to change it is shown: %d", code)
	}
	second := passwordIn(t, must(t, 0, "user", "add", "--data", data, "leader", "--name", "领导甲", "--role", "领导"))
	signedIn(t, address, "leader", second)
	if out := must(t, 0, "user", "list", "--data", data); !strings.Contains(out, "guanli\t管理员甲\t管理员\t全部单位") || !strings.Contains(out, "leader\t领导甲\t领导") {
		t.Errorf("the list says %q", out)
	}
	third := passwordIn(t, must(t, 0, "user", "reset", "--data", data, "guanli"))
	if third == first {
		t.Error("a reset gives the same password")
	}
	resp, err := http.PostForm(address+"/sign-in", url.Values{"account": {"guanli"}, "password": {first}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden {
		t.Errorf("the old password is answered %d", resp.StatusCode)
	}
	signedIn(t, address, "guanli", third)
	if r := mingjing(t, "user", "reset", "--data", data, "niemand"); r.exit != 2 {
		t.Errorf("resetting nobody: exit %d", r.exit)
	}
}

// certificate makes a certificate for this machine and its key.
func certificate(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// cookieOf signs in and returns the session's cookie.
func cookieOf(t *testing.T, client *http.Client, address, password string, headers map[string]string) *http.Cookie {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, address+"/sign-in", strings.NewReader(url.Values{"account": {"guanli"}, "password": {password}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for k, v := range headers {
		r.Header.Set(k, v)
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if len(resp.Cookies()) != 1 {
		t.Fatalf("signing in answers %d with cookies %v", resp.StatusCode, resp.Cookies())
	}
	return resp.Cookies()[0]
}

// addressesOf are the addresses from which the log says an account signed in.
func addressesOf(t *testing.T, data string) string {
	t.Helper()
	return must(t, 0, "sql", "--data", data, "--format", "json", "SELECT address FROM log WHERE verb = 'sign_in' ORDER BY seq DESC LIMIT 1")
}

func TestTLSAndProxies(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	password := passwordIn(t, must(t, 0, "user", "add", "--data", data, "guanli", "--name", "管理员甲"))
	cert, key := certificate(t, dir)
	other, _ := certificate(t, t.TempDir())
	for _, wrong := range [][]string{{"--tls-cert", cert}, {"--tls-key", key}, {"--tls-cert", other, "--tls-key", key}, {"--behind-proxy", "somewhere"}, {"--backup-at", "25:00"},
		{"--backup-keep", "0"}, {"--fetch-hosts", "http://x"}} {
		if r := mingjing(t, append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, wrong...)...); r.exit != 2 {
			t.Errorf("serve %v: exit %d, %s", wrong, r.exit, r.err)
		}
	}
	t.Run("tls", func(t *testing.T) {
		address, _ := serving(t, data, "--tls-cert", cert, "--tls-key", key)
		pool := x509.NewCertPool()
		pem, err := os.ReadFile(cert)
		if err != nil || !pool.AppendCertsFromPEM(pem) {
			t.Fatal(err)
		}
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}
		if c := cookieOf(t, client, address, password, map[string]string{"X-Forwarded-For": "203.0.113.9"}); !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("cookie %+v", c)
		}
		if out := addressesOf(t, data); strings.Contains(out, "203.0.113.9") || !strings.Contains(out, "127.0.0.1") {
			t.Errorf("X-Forwarded-For of anybody is believed: %s", out)
		}
	})
	t.Run("proxy", func(t *testing.T) {
		address, _ := serving(t, data, "--behind-proxy", "127.0.0.1,10.0.0.0/8")
		c := cookieOf(t, &http.Client{}, address, password, map[string]string{"X-Forwarded-For": "198.51.100.7, 203.0.113.9, 10.1.1.1", "X-Forwarded-Proto": "https"})
		if !c.Secure {
			t.Errorf("cookie %+v", c)
		}
		if out := addressesOf(t, data); !strings.Contains(out, "203.0.113.9") {
			t.Errorf("behind a proxy the log has %s, want the address that the nearest trusted proxy saw", out)
		}
	})
	t.Run("another's proxy", func(t *testing.T) {
		address, _ := serving(t, data, "--behind-proxy", "10.0.0.0/8")
		cookieOf(t, &http.Client{}, address, password, map[string]string{"X-Forwarded-For": "203.0.113.9"})
		if out := addressesOf(t, data); strings.Contains(out, "203.0.113.9") {
			t.Errorf("a proxy that nobody named is believed: %s", out)
		}
	})
}
