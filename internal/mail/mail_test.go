package mail

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"mime"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"mingjing/internal/disclosure"
)

// post is a tiny SMTP server on loopback: it takes letters, and refuses those to
// addresses that begin with "no".
type post struct {
	address string
	mu      sync.Mutex
	letters []*mail.Message
	bodies  []string
}

func newPost(t *testing.T) *post {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	p := &post{address: l.Addr().String()}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

func (p *post) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(line string) { fmt.Fprintf(c, "%s\r\n", line) }
	say("220 post ready")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch strings.ToUpper(verb) {
		case "EHLO", "HELO":
			say("250-post")
			say("250 8BITMIME")
		case "RCPT":
			if strings.Contains(rest, "<no") {
				say("550 no such person")
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			var text strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				text.WriteString(strings.TrimPrefix(line, "."))
			}
			m, err := mail.ReadMessage(strings.NewReader(text.String()))
			if err != nil {
				say("554 unreadable")
				continue
			}
			body, _ := io.ReadAll(m.Body)
			p.mu.Lock()
			p.letters, p.bodies = append(p.letters, m), append(p.bodies, string(body))
			p.mu.Unlock()
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func TestLettersArrive(t *testing.T) {
	p := newPost(t)
	s, err := NewServer(Options{Address: p.address, From: "office@example.gov.cn", FromName: "清源区政府办", Security: Plain})
	if err != nil {
		t.Fatal(err)
	}
	errs := s.Send(context.Background(), []Letter{
		{To: "zhang@example.com", Name: "张三", Subject: "请报送\r\nBcc: evil@example.com", Text: "第一行\n.第二行"},
		{To: "nobody@example.com", Subject: "请报送", Text: "x"},
		{To: "not an address", Subject: "请报送", Text: "x"},
		{To: "li@example.com", Name: "李四", Subject: "请报送", Text: "x"},
	})
	if errs[0] != nil || errs[1] == nil || errs[2] == nil || errs[3] != nil {
		t.Fatalf("errors %v", errs)
	}
	if len(p.letters) != 2 {
		t.Fatalf("%d letters arrived, want 2", len(p.letters))
	}
	h := p.letters[0].Header
	subject, err := new(mime.WordDecoder).DecodeHeader(h.Get("Subject"))
	if err != nil || subject != "请报送 Bcc: evil@example.com" || h.Get("Bcc") != "" {
		t.Errorf("subject %q, Bcc %q, %v", subject, h.Get("Bcc"), err)
	}
	from, err := h.AddressList("From")
	if err != nil || from[0].Address != "office@example.gov.cn" || from[0].Name != "清源区政府办" {
		t.Errorf("from %v, %v", from, err)
	}
	if disclosure.CodeOf(errs[1]) != disclosure.ErrUnavailable || disclosure.CodeOf(errs[2]) != disclosure.ErrInvalid {
		t.Errorf("codes of %v, %v", errs[1], errs[2])
	}
}

func TestNobodyAnswers(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	s, err := NewServer(Options{Address: address, From: "office@example.gov.cn", Security: Plain})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if errs := s.Send(ctx, []Letter{{To: "a@example.com"}}); disclosure.CodeOf(errs[0]) != disclosure.ErrUnavailable || errs[0] == nil {
		t.Errorf("a server that is not there: %v", errs)
	}
}

func TestOptionsAreChecked(t *testing.T) {
	good := Options{Address: "mail.example.gov.cn:587", From: "a@example.com", Security: StartTLS}
	if _, err := NewServer(good); err != nil {
		t.Fatal(err)
	}
	for what, spoil := range map[string]func(*Options){
		"no port":                 func(o *Options) { o.Address = "mail.example.gov.cn" },
		"no sender":               func(o *Options) { o.From = "" },
		"a sender that is none":   func(o *Options) { o.From = "office" },
		"another security":        func(o *Options) { o.Security = "ssl3" },
		"a password in the clear": func(o *Options) { o.Security, o.User, o.Password = Plain, "a", "b" },
	} {
		o := good
		spoil(&o)
		if _, err := NewServer(o); disclosure.CodeOf(err) != disclosure.ErrInvalid {
			t.Errorf("%s: %v", what, err)
		}
	}
}
