package main

import "mingjing/internal/mail"

// smtpFlags say which server sends reminders; without one none go by e-mail.
type smtpFlags struct {
	Server   string `help:"发提醒邮件的SMTP服务器,主机:端口;不填则不发邮件。" name:"smtp-server" env:"MINGJING_SMTP_SERVER" placeholder:"HOST:PORT"`
	User     string `help:"SMTP登录名,服务器不要求登录时不填。" name:"smtp-user" env:"MINGJING_SMTP_USER"`
	Password string `help:"SMTP口令,宜用环境变量。" name:"smtp-password" env:"MINGJING_SMTP_PASSWORD" secret:""`
	From     string `help:"发件地址,如 zwgk@example.gov.cn。" name:"smtp-from" env:"MINGJING_SMTP_FROM" placeholder:"ADDRESS"`
	FromName string `help:"发件人名称。" name:"smtp-from-name" env:"MINGJING_SMTP_FROM_NAME"`
	Security string `help:"与SMTP服务器的加密方式:starttls、tls或none。" name:"smtp-security" default:"starttls" env:"MINGJING_SMTP_SECURITY" placeholder:"KIND"`
}

// sender is the server that sends, nil for none. Error: ErrInvalid.
func (f smtpFlags) sender() (mail.Sender, error) {
	if f.Server == "" {
		return nil, nil
	}
	s, err := mail.NewServer(mail.Options{Address: f.Server, User: f.User, Password: f.Password, From: f.From, FromName: f.FromName, Security: f.Security})
	if err != nil {
		return nil, err
	}
	return s, nil
}
