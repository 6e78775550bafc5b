package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"mingjing/internal/control"
	"mingjing/internal/disclosure"
	"mingjing/internal/fetch"
	"mingjing/internal/intake"
	"mingjing/internal/office"
	"mingjing/internal/people"
	"mingjing/internal/store"
	"mingjing/internal/web"
)

type serveCmd struct {
	dataFlags
	SMTP         smtpFlags `embed:""`
	Listen       string    `help:"网页服务的地址和端口。" default:"127.0.0.1:8080" env:"MINGJING_LISTEN" placeholder:"ADDR"`
	Metrics      string    `help:"监控指标(/metrics)的地址和端口;不填则不开。" env:"MINGJING_METRICS" placeholder:"ADDR"`
	AllowedHosts []string  `help:"除本机外允许的访问域名或地址,逗号分隔。" name:"allowed-hosts" env:"MINGJING_ALLOWED_HOSTS" placeholder:"HOST,..."`
	ReadOnly     bool      `help:"只读:连接同一ClickHouse服务器的第二个进程,只供查看。" name:"read-only" env:"MINGJING_READ_ONLY"`
	TLSCert      string    `help:"证书文件(PEM,含中间证书);与 --tls-key 同时填写即用 https。" name:"tls-cert" type:"path" env:"MINGJING_TLS_CERT" placeholder:"FILE"`
	TLSKey       string    `help:"证书的私钥文件(PEM)。" name:"tls-key" type:"path" env:"MINGJING_TLS_KEY" placeholder:"FILE"`
	BehindProxy  []string  `help:"反向代理的地址或网段,逗号分隔;由代理提供 https,并相信它传来的来访地址。" name:"behind-proxy" env:"MINGJING_BEHIND_PROXY" placeholder:"CIDR,..."`
	BackupAt     string    `help:"每天自动备份的时刻(北京时间),如 02:30;写 off 不备份。" name:"backup-at" default:"02:30" env:"MINGJING_BACKUP_AT" placeholder:"HH:MM"`
	BackupKeep   int       `help:"自动备份保留的份数。" name:"backup-keep" default:"14" env:"MINGJING_BACKUP_KEEP" placeholder:"N"`
	BackupDir    string    `help:"自动备份的目录;缺省在数据目录中。" name:"backup-dir" type:"path" env:"MINGJING_BACKUP_DIR" placeholder:"DIR"`
	FetchHosts   []string  `help:"允许按网址读取已公开页面的主机,逗号分隔;缺省不读取。内网主机写成“主机=网段”,如 www.example.gov.cn=10.1.2.0/24。" name:"fetch-hosts" env:"MINGJING_FETCH_HOSTS" placeholder:"HOST,..."`
	InsecureHTTP bool      `help:"明知口令和数据会以明文在网上传送,仍允许本机以外用 http 访问。" name:"insecure-http" env:"MINGJING_INSECURE_HTTP"`
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
	proxies, err := c.proxies()
	if err != nil {
		return err
	}
	plan, err := c.backupPlan()
	if err != nil {
		return err
	}
	fetcher, err := fetch.New(c.FetchHosts)
	if err != nil {
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
	o.UseBackups(plan)
	o.UseFetcher(fetcher)
	var work sync.WaitGroup // what runs by itself ends before the store is closed
	defer work.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
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
		work.Go(func() { o.KeepChecked(ctx, log) })
		work.Go(func() { o.KeepBackups(ctx, log) })
	}
	key, err := secondFactorKey(c.Data, c.ReadOnly)
	if err != nil {
		return err
	}
	o.UseKey(key)
	sender, err := c.SMTP.sender()
	if err != nil {
		return err
	}
	if sender != nil {
		o.UseMailer(sender)
		if !c.ReadOnly {
			work.Go(func() { o.KeepMailing(ctx, log) })
		}
	}
	sessions, err := o.Sessions(ctx)
	if err != nil {
		return err
	}
	site, err := web.New(web.Config{Office: o, Logger: log, Version: version, AllowedHosts: c.AllowedHosts,
		SecureCookies: c.TLSCert != "" || len(proxies) > 0, Proxies: proxies})
	if err != nil {
		return err
	}
	if !c.ReadOnly {
		work.Go(func() { flushSessions(ctx, sessions, log) })
		defer func() { err = errors.Join(err, sessions.Flush(context.WithoutCancel(ctx))) }()
	}
	return c.listen(ctx, s, site, log, func() error { return sayWhoCanSignIn(ctx, s.out, o) })
}

// backupPlan reads when backups are made, and how many are kept.
func (c *serveCmd) backupPlan() (office.BackupPlan, error) {
	plan := office.BackupPlan{At: -1, Keep: c.BackupKeep, Folder: c.BackupDir}
	if c.BackupKeep < 1 {
		return plan, disclosure.Errorf(disclosure.ErrInvalid, "--backup-keep 至少为1;不要自动备份时用 --backup-at off。")
	}
	if c.BackupAt == "off" || c.ReadOnly {
		return plan, nil
	}
	at, err := time.Parse("15:04", c.BackupAt)
	if err != nil {
		return plan, disclosure.Errorf(disclosure.ErrInvalid, "--backup-at 的“%s”不是时刻,应如 02:30,或写 off。", c.BackupAt).Because(err)
	}
	plan.At = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return plan, nil
}

// flushTime is how often it is stored until when sessions are good.
const flushTime = 3 * time.Minute

func flushSessions(ctx context.Context, sessions *office.Sessions, log *slog.Logger) {
	tick := time.NewTicker(flushTime)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := sessions.Flush(ctx); err != nil && ctx.Err() == nil {
				log.Error("sessions", "err", err)
			}
		case <-ctx.Done():
			return
		}
	}
}

// listen serves until the context ends; greet prints what people need to know
// once the address is open.
func (c *serveCmd) listen(ctx context.Context, s *streams, site *web.Server, log *slog.Logger, greet func() error) error {
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
			serve := servers[i].Serve
			if i == 0 && c.TLSCert != "" {
				serve = func(l net.Listener) error { return servers[0].ServeTLS(l, c.TLSCert, c.TLSKey) }
			}
			if err := serve(listeners[i]); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		}()
	}
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	fmt.Fprintf(s.out, "明镜已启动:%s://%s\n按 Ctrl+C 停止。\n", scheme, strings.Replace(l.Addr().String(), "127.0.0.1", "localhost", 1))
	if err := greet(); err != nil && ctx.Err() == nil {
		failed <- err
	}
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

// sayWhoCanSignIn prints the accounts of a demonstration, and how to begin
// where there is no account yet.
func sayWhoCanSignIn(ctx context.Context, out io.Writer, o *office.Office) error {
	accounts, err := o.Accounts(ctx, people.Machine("serve", "cli"))
	if err != nil {
		return err
	}
	if len(accounts) == 0 {
		fmt.Fprintln(out, "还没有账号:请另开一个窗口,在同一数据目录上用“mingjing user add 账号 --name 姓名 --role 管理员”建立第一个管理员。")
		return nil
	}
	names, err := o.UnitNames(ctx)
	if err != nil {
		return err
	}
	printDemoPeople(out, accounts, names)
	return nil
}
