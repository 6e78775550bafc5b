package main

import (
	"crypto/rand"
	"crypto/tls"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"

	"mingjing/internal/disclosure"
)

// guardAddress keeps passwords from crossing a network in the clear: beyond
// this machine there is TLS, here or at a proxy, or somebody says in so many
// words that there is none.
func (c *serveCmd) guardAddress() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return disclosure.Errorf(disclosure.ErrInvalid, "地址“%s”写法有误,应如 127.0.0.1:8080。", c.Listen).Because(err)
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return disclosure.Errorf(disclosure.ErrInvalid, "--tls-cert 和 --tls-key 要同时填写。")
	}
	if c.TLSCert != "" {
		if _, err := tls.LoadX509KeyPair(c.TLSCert, c.TLSKey); err != nil {
			return disclosure.Errorf(disclosure.ErrInvalid, "证书或私钥无法读取,请核对 --tls-cert 和 --tls-key 两个文件是否存在、是否配对。").Because(err)
		}
		return nil
	}
	ip := net.ParseIP(host)
	if host == "localhost" || ip != nil && ip.IsLoopback() || len(c.BehindProxy) > 0 || c.InsecureHTTP {
		return nil
	}
	return disclosure.Errorf(disclosure.ErrForbidden, "在本机以外用 http 访问会以明文传送口令:请用 --tls-cert 和 --tls-key 提供证书,或在反向代理之后用 --behind-proxy 写明代理的地址;确要明文访问,请加 --insecure-http。")
}

// proxies reads the addresses of the proxies.
func (c *serveCmd) proxies() ([]*net.IPNet, error) {
	var out []*net.IPNet
	for _, text := range c.BehindProxy {
		text = strings.TrimSpace(text)
		if ip := net.ParseIP(text); ip != nil {
			bits := 8 * len(ip)
			if v4 := ip.To4(); v4 != nil {
				ip, bits = v4, 32
			}
			out = append(out, &net.IPNet{IP: ip, Mask: net.CIDRMask(bits, bits)})
			continue
		}
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			return nil, disclosure.Errorf(disclosure.ErrInvalid, "--behind-proxy 的“%s”不是地址或网段,应如 127.0.0.1 或 10.1.2.0/24。", text).Because(err)
		}
		out = append(out, network)
	}
	return out, nil
}

// keyFile holds the key of second factors; backups leave it out.
const keyFile = "second-factor.key"

// secondFactorKey reads the key, or makes one; nil for a process that only reads.
func secondFactorKey(data string, readOnly bool) ([]byte, error) {
	path := filepath.Join(data, keyFile)
	key, err := os.ReadFile(path)
	switch {
	case err == nil && len(key) == 32:
		return key, nil
	case err == nil:
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "两步验证的密钥文件 %s 已损坏,请从原处恢复;确认没有人使用两步验证时可以删除它。", keyFile)
	case !errors.Is(err, os.ErrNotExist):
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "两步验证的密钥文件 %s 无法读取,请检查权限。", keyFile).Because(err)
	case readOnly:
		return nil, nil
	}
	key = make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "数据目录无法写入,请检查权限。").Because(err)
	}
	if err := os.WriteFile(path, key, 0o600); err != nil {
		return nil, disclosure.Errorf(disclosure.ErrUnavailable, "两步验证的密钥文件 %s 无法写入,请检查数据目录的权限和空间。", keyFile).Because(err)
	}
	return key, nil
}
