package postman

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/smtp"
	"net/url"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/outbox"
)

// sendTime is how long one letter may take.
const sendTime = 30 * time.Second

// A Postman hands letters to one mail server. Safe for concurrent use; each letter has a connection of its own.
type Postman struct {
	address, host  string // of the mail server
	from           string
	user, password string
	now            func() time.Time
}

// Open reads the address of a mail server. The password goes over the wire only after STARTTLS, or to this machine itself.
func Open(address string) (*Postman, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" || u.Hostname() == "" {
		return nil, fmt.Errorf("mail server %q: expected smtp://user:password@host:port?from=address", redact(address))
	}
	from, ok := core.NormalMail(u.Query().Get("from"))
	if !ok {
		return nil, fmt.Errorf("mail server %q: from=%q is not a mail address; letters need a sender", redact(address), u.Query().Get("from"))
	}
	port := u.Port()
	if port == "" {
		port = "25"
	}
	p := &Postman{address: net.JoinHostPort(u.Hostname(), port), host: u.Hostname(), from: from, now: time.Now}
	if u.User != nil {
		p.user = u.User.Username()
		p.password, _ = u.User.Password()
	}
	return p, nil
}

// redact leaves the password out of what is shown.
func redact(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Redacted()
	}
	scheme, _, _ := strings.Cut(address, ":")
	return scheme + ":…"
}

// Send implements outbox.MailSender.
func (p *Postman) Send(ctx context.Context, m outbox.Mail) error {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.address)
	if err != nil {
		return err
	}
	defer conn.Close()
	if deadline, ok := ctx.Deadline(); ok {
		conn.SetDeadline(deadline)
	}
	c, err := smtp.NewClient(conn, p.host)
	if err != nil {
		return err
	}
	if err := p.greet(c); err != nil {
		return err
	}
	return p.deliver(c, m)
}

// greet makes the connection private where the server can and says who we are where it asks.
func (p *Postman) greet(c *smtp.Client) error {
	if ok, _ := c.Extension("STARTTLS"); ok {
		if err := c.StartTLS(&tls.Config{ServerName: p.host, MinVersion: tls.VersionTLS12}); err != nil {
			return err
		}
	}
	if p.user == "" {
		return nil
	}
	return c.Auth(smtp.PlainAuth("", p.user, p.password, p.host))
}

func (p *Postman) deliver(c *smtp.Client, m outbox.Mail) error {
	if err := c.Mail(p.from); err != nil {
		return err
	}
	if err := c.Rcpt(quoteLocal(m.To)); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(message(m, p.from, p.now())); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return c.Quit()
}

// quoteLocal quotes the local part of an address that carriers hand out and RFC 5321 does not know: "a..b" and "a.".
func quoteLocal(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	if strings.Contains(local, "..") || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") {
		return `"` + local + `"@` + domain
	}
	return address
}
