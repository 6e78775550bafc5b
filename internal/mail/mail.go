// Package mail sends plain letters through the office's own SMTP server. It is
// the one door to the mail library, and nothing is sent unless a server is set.
package mail

import (
	"context"
	"crypto/tls"
	"net"
	"strconv"
	"strings"
	"time"

	"mingjing/internal/disclosure"

	smtp "github.com/wneessen/go-mail"
)

// Letter is a text to one address.
type Letter struct {
	To, Name      string
	Subject, Text string
}

// Sender sends letters; the errors stand in the order of the letters, nil for
// those that the server took.
type Sender interface {
	Send(ctx context.Context, letters []Letter) []error
}

// The ways in which the connection is protected.
const (
	StartTLS = "starttls" // required, not merely tried
	TLS      = "tls"
	Plain    = "none"
)

// Options say which server sends.
type Options struct {
	Address        string // host:port
	User, Password string // "" for a server that asks for none
	From           string // the office's address
	FromName       string
	Security       string // StartTLS, TLS or Plain
}

// Server is an SMTP server that sends for the office.
type Server struct {
	options Options
	host    string
	port    int
	trust   *tls.Config // nil: the machine's authorities
}

// timeout is how long the server may take for a step.
const timeout = 10 * time.Second

// NewServer checks the options; the server is not asked yet. Error: ErrInvalid
// with what to change.
func NewServer(o Options) (*Server, error) {
	host, portText, err := net.SplitHostPort(o.Address)
	port, portErr := strconv.Atoi(portText)
	switch {
	case err != nil || host == "" || portErr != nil || port < 1 || port > 65535:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "邮件服务器“%s”应写成 主机:端口 的样子,如 mail.example.gov.cn:587。", o.Address)
	case o.From == "":
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "设置了邮件服务器,还须用 --smtp-from 写明发件地址。")
	case o.Security != StartTLS && o.Security != TLS && o.Security != Plain:
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "邮件连接的加密方式只能是 starttls、tls 或 none,不能是“%s”。", o.Security)
	case o.Security == Plain && o.Password != "" && !isLoopback(host):
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "邮件服务器不加密时不能使用口令,否则口令会以明文传送;请改用 starttls 或 tls。")
	}
	s := &Server{options: o, host: host, port: port}
	if _, err := s.letter(Letter{To: o.From, Subject: "-", Text: "-"}); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrInvalid, "发件地址“%s”不合格式,请写成 name@example.com 的样子。", o.From).Because(err)
	}
	return s, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (s *Server) client() (*smtp.Client, error) {
	options := []smtp.Option{smtp.WithPort(s.port), smtp.WithTimeout(timeout)}
	switch s.options.Security {
	case TLS:
		options = append(options, smtp.WithSSL())
	case StartTLS:
		options = append(options, smtp.WithTLSPolicy(smtp.TLSMandatory))
	default:
		options = append(options, smtp.WithTLSPolicy(smtp.NoTLS))
	}
	if s.trust != nil {
		options = append(options, smtp.WithTLSConfig(s.trust))
	}
	if s.options.User != "" {
		options = append(options, smtp.WithSMTPAuth(smtp.SMTPAuthAutoDiscover), smtp.WithUsername(s.options.User), smtp.WithPassword(s.options.Password))
	}
	return smtp.NewClient(s.host, options...)
}

func (s *Server) letter(l Letter) (*smtp.Msg, error) {
	m := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	name := oneLine(s.options.FromName)
	if name == "" {
		name = "政务公开"
	}
	if err := m.FromFormat(name, s.options.From); err != nil {
		return nil, err
	}
	if err := m.AddToFormat(oneLine(l.Name), l.To); err != nil {
		return nil, err
	}
	m.Subject(oneLine(l.Subject))
	m.SetDate()
	m.SetMessageID()
	m.SetBodyString(smtp.TypeTextPlain, l.Text)
	return m, nil
}

// oneLine keeps text out of other headers.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// Send sends over one connection. A letter that the server refuses does not
// keep back the others.
func (s *Server) Send(ctx context.Context, letters []Letter) []error {
	out := make([]error, len(letters))
	fail := func(err error) []error {
		for i := range out {
			if out[i] == nil {
				out[i] = err
			}
		}
		return out
	}
	client, err := s.client()
	if err != nil {
		return fail(cannot(err))
	}
	var messages []*smtp.Msg
	places := []int{}
	for i, l := range letters {
		m, err := s.letter(l)
		if err != nil {
			out[i] = disclosure.Errorf(disclosure.ErrInvalid, "邮箱“%s”不合格式。", l.To).Because(err)
			continue
		}
		messages, places = append(messages, m), append(places, i)
	}
	if len(messages) == 0 {
		return out
	}
	if err := client.DialWithContext(ctx); err != nil {
		return fail(cannot(err))
	}
	defer client.Close() //nolint:errcheck // what was taken was taken
	for i, m := range messages {
		if err := ctx.Err(); err != nil {
			out[places[i]] = cannot(err)
			continue
		}
		if err := client.Send(m); err != nil {
			out[places[i]] = disclosure.Errorf(disclosure.ErrUnavailable, "邮件服务器没有收下发给“%s”的邮件。", letters[places[i]].To).Because(err)
			_ = client.Reset()
		}
	}
	return out
}

func cannot(err error) error {
	return disclosure.Errorf(disclosure.ErrUnavailable, "邮件服务器连接不上,请检查服务器地址、加密方式和口令。").Because(err)
}
