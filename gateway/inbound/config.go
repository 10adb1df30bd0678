package inbound

import (
	"cmp"
	"crypto/tls"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"time"

	"blitiri.com.ar/go/spf"

	"musubi/transcode/mail"
)

// A Config says how to receive.
type Config struct {
	// Domain is ours: mail for other domains is refused. Required.
	Domain string
	// Host is how we greet. Default: Domain.
	Host string
	// Receiver gets the messages. Required.
	Receiver Receiver

	// LMTP speaks LMTP (RFC 2033), for a mail server of one's own that stands before us. Only Trusted peers may connect then.
	LMTP bool
	// Trusted are the peers that may speak LMTP. Default: this machine.
	Trusted []netip.Prefix
	// TLS offers STARTTLS. Default: none.
	TLS *tls.Config

	// Limits bound each message. Default: those of transcode/mail.
	Limits mail.Limits
	// Recipients is how many one message may have; a handset of 2008 takes five. Default: 10.
	Recipients int
	// Connections and PerPeer bound how many are open at once, of all and of one address. Default: 64 and 8. A Trusted peer
	// counts for all only.
	Connections, PerPeer int
	// LineBytes is how long a line may be. RFC 5321 asks for 1,000; handsets send an entry as one. Default: 16 KB.
	LineBytes int
	// MemoryBytes is what messages that are being received may take together; who comes then is told to come later.
	// Default: 32 MB, and at least two messages.
	MemoryBytes int
	// CommandTime is how long a peer may take for one command, and for one message. Default: 2 minutes.
	CommandTime time.Duration
	// SessionTime is how long a connection may last. Default: 15 minutes.
	SessionTime time.Duration
	// DeliverTime is how long checks and Receiver may take for one message. Default: 1 minute.
	DeliverTime time.Duration

	// Resolver answers the questions of SPF and DKIM. Default: the machine's.
	Resolver spf.DNSResolver
	// AuthServID is the name under which our own mail server writes Authentication-Results (RFC 8601); only with LMTP. That
	// server must remove fields with this name that come from outside: opendkim and opendmarc do. Default: none are believed.
	AuthServID string

	// Log gets what operators should know. Default: discarded.
	Log *slog.Logger
}

// withDefaults checks c and fills in what was left open.
func (c Config) withDefaults() (Config, error) {
	switch {
	case c.Domain == "":
		return c, errors.New("inbound: Domain is missing: the part after the @ of our addresses")
	case c.Receiver == nil:
		return c, errors.New("inbound: Receiver is missing: mail would go nowhere")
	case c.AuthServID != "" && !c.LMTP:
		return c, errors.New("inbound: AuthServID is for LMTP: what comes from the world may have any Authentication-Results")
	}
	c.Domain = strings.ToLower(c.Domain)
	c.Host = cmp.Or(c.Host, c.Domain)
	c.Limits.Bytes = cmp.Or(c.Limits.Bytes, mail.DefaultLimits.Bytes)
	c.Recipients = cmp.Or(c.Recipients, 10)
	c.Connections, c.PerPeer = cmp.Or(c.Connections, 64), cmp.Or(c.PerPeer, 8)
	c.LineBytes = cmp.Or(c.LineBytes, 16<<10)
	c.MemoryBytes = max(cmp.Or(c.MemoryBytes, 32<<20), 2*c.Limits.Bytes)
	c.CommandTime = cmp.Or(c.CommandTime, 2*time.Minute)
	c.SessionTime = cmp.Or(c.SessionTime, 15*time.Minute)
	c.DeliverTime = cmp.Or(c.DeliverTime, time.Minute)
	if c.Trusted == nil {
		c.Trusted = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

func (c *Config) trusts(peer netip.Addr) bool {
	for _, p := range c.Trusted {
		if p.Contains(peer) {
			return true
		}
	}
	return false
}
