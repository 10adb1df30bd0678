package postman

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/outbox"
)

// sendTime is how long one letter may take.
const sendTime = 30 * time.Second

// A Postman hands letters to one mail server. Safe for concurrent use.
type Postman struct {
	address, host  string // of the mail server
	private        bool   // TLS from the first byte
	from           string
	name           string // as we call ourselves
	user, password string
	signer         *signer // nil: letters are not signed
	now            func() time.Time
	tongue         func(address string) (Tongue, bool) // nil: everybody reads Unicode
}

// Open reads the address of a mail server, smtp://user:password@host:port?from=address&name=host, or smtps:// for TLS from the first
// byte. The password goes over the wire only after STARTTLS, or to this machine itself.
func Open(address string) (*Postman, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" {
		return nil, fmt.Errorf("mail server %q: expected smtp://user:password@host:port?from=address, or smtps://", redact(address))
	}
	from, ok := core.NormalMail(u.Query().Get("from"))
	if !ok {
		return nil, fmt.Errorf("mail server %q: from=%q is not a mail address; letters need a sender", redact(address), u.Query().Get("from"))
	}
	p := &Postman{host: u.Hostname(), private: u.Scheme == "smtps", from: from, name: u.Query().Get("name"), now: time.Now}
	if p.name == "" {
		_, p.name, _ = strings.Cut(from, "@")
	}
	if strings.ContainsFunc(p.name, func(r rune) bool { return r <= ' ' || r >= 0x7F }) {
		return nil, fmt.Errorf("mail server %q: name=%q is no name of a host, by which we call ourselves", redact(address), p.name)
	}
	port := u.Port()
	switch {
	case port == "" && p.private:
		port = "465"
	case port == "":
		port = "25"
	}
	p.address = net.JoinHostPort(p.host, port)
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

// From is the sender of all letters.
func (p *Postman) From() string { return p.from }

// Send implements outbox.MailSender, over a connection of its own.
func (p *Postman) Send(ctx context.Context, m outbox.Mail) error {
	one, end := p.Connect()
	defer end()
	return one.Send(ctx, m)
}

// Reach says hello to the mail server and logs in, and sends nothing.
func (p *Postman) Reach(ctx context.Context) error {
	r := &round{Postman: p}
	defer r.end()
	return r.open(ctx)
}

// Connect implements outbox.Connector. The connection is opened with the first letter, and again after one that broke it.
func (p *Postman) Connect() (outbox.MailSender, func()) {
	r := &round{Postman: p}
	return r, r.end
}

// A round is one connection's worth of letters.
type round struct {
	*Postman
	conn   net.Conn
	client *smtp.Client // nil: none is open
}

// Send implements outbox.MailSender. It is for one letter after the other.
func (r *round) Send(ctx context.Context, m outbox.Mail) error {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	if err := r.open(ctx); err != nil {
		return err
	}
	err := r.deliver(m)
	var never *outbox.Refusal
	if err != nil && (!errors.As(err, &never) || r.client.Reset() != nil) {
		r.end()
	}
	return err
}

// open makes sure that there is a connection and that it ends when ctx does.
func (r *round) open(ctx context.Context) error {
	deadline, _ := ctx.Deadline()
	if r.client != nil {
		return r.conn.SetDeadline(deadline)
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", r.address)
	if err != nil {
		return err
	}
	conn.SetDeadline(deadline)
	if r.private {
		conn = tls.Client(conn, r.tls())
	}
	c, err := smtp.NewClient(conn, r.host)
	if err == nil {
		err = r.greet(c)
	}
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	r.conn, r.client = conn, c
	return nil
}

// end closes the connection.
func (r *round) end() {
	if r.client != nil {
		if r.client.Quit() != nil {
			r.client.Close()
		}
		r.client = nil
	}
}

func (p *Postman) tls() *tls.Config {
	return &tls.Config{ServerName: p.host, MinVersion: tls.VersionTLS12}
}

// greet says who we are, makes the connection private where the server can, and logs in where we have a name there.
func (p *Postman) greet(c *smtp.Client) error {
	if err := c.Hello(p.name); err != nil {
		return err
	}
	if ok, _ := c.Extension("STARTTLS"); ok && !p.private {
		if err := c.StartTLS(p.tls()); err != nil {
			return err
		}
	}
	if p.user == "" {
		return nil
	}
	return c.Auth(smtp.PlainAuth("", p.user, p.password, p.host))
}

func (r *round) deliver(m outbox.Mail) error {
	raw, err := r.message(m)
	if err != nil {
		return err
	}
	back := m.Return
	if back == "" {
		back = r.from
	}
	if err := r.client.Mail(back); err != nil {
		return err
	}
	if err := r.client.Rcpt(quoteLocal(m.To)); err != nil {
		return refusal(err, false)
	}
	w, err := r.client.Data()
	if err != nil {
		return refusal(err, true)
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	return refusal(w.Close(), true)
}

// refusal tells answers that will not change from those that may.
func refusal(err error, atData bool) error {
	var answer *textproto.Error
	if errors.As(err, &answer) && answer.Code >= 500 {
		return &outbox.Refusal{Code: answer.Code, AtData: atData, Says: answer.Msg}
	}
	return err
}

// quoteLocal quotes the local part of an address that carriers hand out and RFC 5321 does not know: "a..b" and "a.".
func quoteLocal(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	if strings.Contains(local, "..") || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") {
		return `"` + local + `"@` + domain
	}
	return address
}
