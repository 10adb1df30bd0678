package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"musubi/gateway/session"
)

// How long a site is known, and the most that are. A full store forgets those that nobody asked for longest.
const (
	certainAge = 24 * time.Hour           // after it answered: it is asked in that way and no other
	tlsAge     = 90 * 24 * time.Hour      // after it answered over TLS: nothing that was typed goes there in the clear
	strictMost = 2 * 365 * 24 * time.Hour // of what Strict-Transport-Security asks for

	MaxSites = 50_000
)

// sites are what is known of sites, whoever asked them. Their names are hashed: what is kept is nobody's history to read.
type sites struct {
	kept session.Store // nil: nothing is known
	now  func() time.Time
}

// A known is what is known of one site.
type known struct {
	Scheme string    // in which it answered, "" if it never did
	At     time.Time // when it last did
	// encrypts says that its host answered over TLS, on whatever port: nothing typed goes there in the clear. Addresses are apart by port.
	encrypts bool
	strict   bool // it, or one above it, wants TLS and nothing else (RFC 6797)
}

// certain says whether a site is asked in its scheme and in no other.
func (k known) certain(now time.Time) bool {
	return k.strict || k.Scheme != "" && now.Sub(k.At) < certainAge
}

// A strict is the wish of a host for TLS alone.
type strict struct {
	Until time.Time
	Below bool // and of all names below it
}

// of is what is known of host:port; both usual ports are the host itself.
func (s *sites) of(host string) (k known) {
	name, _ := splitHost(host)
	s.load("site", siteOf(host), &k)
	k.encrypts = k.Scheme == schemeTLS
	if _, err := netip.ParseAddr(name); err != nil && !k.encrypts {
		var whole, other known
		s.load("site", name, &whole)
		k.encrypts = siteOf(host) != name && whole.Scheme == schemeTLS || s.load("encrypts", name, &other)
	}
	for at := name; at != ""; _, at, _ = strings.Cut(at, ".") {
		var w strict
		if s.load("strict", at, &w) && w.Until.After(s.now()) && (at == name || w.Below) {
			k.Scheme, k.strict, k.encrypts = schemeTLS, true, true
			return k
		}
	}
	return k
}

// answered notes how a site answered. What was once over TLS is not forgotten for an answer in the clear, unless the site itself leads there.
func (s *sites) answered(host, scheme string, led bool) {
	k := s.of(host)
	if k.Scheme == scheme && s.now().Sub(k.At) < time.Hour || k.Scheme == schemeTLS && scheme == schemePlain && !led {
		return
	}
	age := certainAge
	if scheme == schemeTLS {
		age = tlsAge
	}
	now := known{Scheme: scheme, At: s.now()}
	s.save("site", siteOf(host), now, age)
	if name, _ := splitHost(host); scheme == schemeTLS && siteOf(host) != name {
		s.save("encrypts", name, now, age)
	}
}

// siteOf is what a site is known by: its name, with a port that is not one of the usual two.
func siteOf(host string) string {
	name, port := splitHost(host)
	if port == "" || port == "80" || port == "443" {
		return name
	}
	return net.JoinHostPort(name, port)
}

// wants notes a Strict-Transport-Security field that came over TLS (RFC 6797 §8.1). An address has no such wish.
func (s *sites) wants(host, field string) {
	name, _ := splitHost(host)
	_, err := netip.ParseAddr(name)
	age, below := strictOf(field)
	if field == "" || age < 0 || err == nil {
		return
	}
	age = min(age, strictMost)
	w, old := strict{s.now().Add(age), below}, strict{}
	if s.load("strict", name, &old); old.Below == below && w.Until.Sub(old.Until).Abs() < time.Hour {
		return
	}
	s.save("strict", name, w, age)
}

// strictOf reads such a field; less than 0 is none that counts.
func strictOf(field string) (age time.Duration, below bool) {
	age = -1
	for d := range strings.SplitSeq(field, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "max-age":
			n, err := strconv.ParseUint(strings.Trim(value, "\" \t"), 10, 64)
			if err != nil && n == 0 {
				return -1, false
			}
			age = time.Duration(min(n, uint64(strictMost/time.Second))) * time.Second
		case "includesubdomains":
			below = true
		}
	}
	return age, below
}

func siteKey(kind, name string) session.Key {
	return sha256.Sum256([]byte("musubi " + kind + "\x00" + name))
}

func (s *sites) load(kind, name string, to any) bool {
	if s.kept == nil {
		return false
	}
	b, err := s.kept.Load(context.Background(), siteKey(kind, name))
	return err == nil && json.Unmarshal(b, to) == nil
}

func (s *sites) save(kind, name string, v any, age time.Duration) {
	if s.kept == nil {
		return
	}
	b, _ := json.Marshal(v) // of strings and times: never fails
	s.kept.Save(context.Background(), siteKey(kind, name), b, age)
}
