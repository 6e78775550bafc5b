package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"mingjing/internal/control"
	"mingjing/internal/disclosure"
	"mingjing/internal/intake"
	"mingjing/internal/office"
	"mingjing/internal/store"
	"mingjing/internal/web"
)

type serveCmd struct {
	dataFlags
	Listen       string   `help:"网页服务的地址和端口。" default:"127.0.0.1:8080" env:"MINGJING_LISTEN" placeholder:"ADDR"`
	Metrics      string   `help:"监控指标(/metrics)的地址和端口;不填则不开。" env:"MINGJING_METRICS" placeholder:"ADDR"`
	AllowedHosts []string `help:"除本机外允许的访问域名或地址,逗号分隔。" name:"allowed-hosts" env:"MINGJING_ALLOWED_HOSTS" placeholder:"HOST,..."`
	ReadOnly     bool     `help:"只读:连接同一ClickHouse服务器的第二个进程,只供查看。" name:"read-only" env:"MINGJING_READ_ONLY"`
	InsecureHTTP bool     `help:"明知没有登录和加密,仍允许本机以外访问。" name:"insecure-http" env:"MINGJING_INSECURE_HTTP"`
}

// shutdownTime is how long running requests may take once the process is told
// to stop.
const shutdownTime = 10 * time.Second

// Run serves pages until it is told to stop, and commands of other processes
// through the socket.
func (c *serveCmd) Run(ctx context.Context, s *streams) (err error) {
	if err := c.guardAddress(); err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(s.err, nil))
	options := c.options()
	options.ReadOnly, options.Logger = c.ReadOnly, log
	st, err := store.Open(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	readers, err := intake.NewClient()
	if err != nil {
		return err
	}
	defer readers.Close()
	o := office.New(st, readers, nil)
	if !c.ReadOnly {
		socket, err := control.SocketPath(c.Data)
		if err != nil {
			return err
		}
		calls, err := control.Listen(socket, answerCalls(o, st, c.dataFlags), log)
		if err != nil {
			return err
		}
		defer calls.Close()
		go recheckAtStart(ctx, o, log)
	}
	site, err := web.New(web.Config{Office: o, Logger: log, Version: version, AllowedHosts: c.AllowedHosts})
	if err != nil {
		return err
	}
	return c.listen(ctx, s, site, log)
}

// recheckAtStart brings the findings up to date: rules may have changed with
// the product, or the last process may have died between storing and checking.
func recheckAtStart(ctx context.Context, o *office.Office, log *slog.Logger) {
	n, err := o.Recheck(ctx, nil)
	if err != nil && ctx.Err() == nil {
		log.Error("recheck at start", "err", err)
	} else if n > 0 {
		log.Info("rechecked reports", "reports", n)
	}
}

func (c *serveCmd) listen(ctx context.Context, s *streams, site *web.Server, log *slog.Logger) error {
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrUnavailable, "地址 %s 无法使用,可能已有程序占用该端口;请用 --listen(或环境变量 MINGJING_LISTEN)换一个,如 127.0.0.1:8081。", c.Listen).Because(err)
	}
	servers := []*http.Server{newHTTP(site.Handler(), log)}
	listeners := []net.Listener{l}
	if c.Metrics != "" {
		m, err := net.Listen("tcp", c.Metrics)
		if err != nil {
			l.Close()
			return disclosure.Errorf(disclosure.ErrUnavailable, "监控地址 %s 无法使用,请用 --metrics 换一个。", c.Metrics).Because(err)
		}
		servers, listeners = append(servers, newHTTP(site.Metrics(), log)), append(listeners, m)
	}
	failed := make(chan error, len(servers))
	for i := range servers {
		go func() {
			if err := servers[i].Serve(listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		}()
	}
	fmt.Fprintf(s.out, "明镜已启动:http://%s\n按 Ctrl+C 停止。\n", strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1))
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	for _, h := range servers {
		if e := h.Shutdown(end); e != nil {
			_ = h.Close()
		}
	}
	return err
}

func newHTTP(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
}

// guardAddress keeps the pages on this machine: there is no sign-in yet, and
// whoever reaches them sees everything.
func (c *serveCmd) guardAddress() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "地址“%s”写法有误,应如 127.0.0.1:8080。", c.Listen).Because(err)
	}
	ip := net.ParseIP(host)
	if host == "localhost" || ip != nil && ip.IsLoopback() || c.InsecureHTTP {
		return nil
	}
	return disclosure.Errorf(disclosure.ErrForbidden, "现版本还没有登录,只能监听本机地址(127.0.0.1);确需在本机以外访问,请加 --insecure-http 并自行限制来源。")
}
