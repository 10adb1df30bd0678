package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ErrRefused is what a target gives that nobody may reach through us. Match it with errors.Is; the error itself says why.
var ErrRefused = errors.New("fetch: this address is not reached from here")

// A guard decides where connections may go. Names are resolved by the dialer, and each address is looked at when its socket
// is about to connect: what a name answers the second time, what a redirect names, how an address is spelled, all come to
// the same place (SEC-85).
type guard struct {
	reach []string // HOST:PORT that the operator allows whatever they resolve to
	ports []string // beside 80 and 443
	own   func() []netip.Addr

	resolver *net.Resolver // nil: the system's
}

// closed are the ranges of addresses that are nobody's web site: this machine, its networks, and what leads back to them by
// translation. From the IANA special-purpose registries for IPv4 and IPv6.
var closed = func() (p []netip.Prefix) {
	for _, s := range [...]string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
		"203.0.113.0/24", "224.0.0.0/3",
		"168.63.129.16/32", // public, and Azure's way from a machine to what it is set up with
	} {
		p = append(p, netip.MustParsePrefix(s))
	}
	return p
}()

// open6 is the only part of IPv6 that is the global Internet; within it some ranges carry other addresses or nothing.
var (
	open6   = netip.MustParsePrefix("2000::/3")
	closed6 = []netip.Prefix{
		netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"),
		netip.MustParsePrefix("2620:4f:8000::/48"), netip.MustParsePrefix("3fff::/20"),
	}
)

// public says whether an address is one of the global Internet's.
func public(a netip.Addr) bool {
	if a = a.Unmap(); a.Zone() != "" || !a.IsValid() {
		return false
	}
	inside := func(p netip.Prefix) bool { return p.Contains(a) }
	if a.Is4() {
		return !slices.ContainsFunc(closed, inside)
	}
	return open6.Contains(a) && !slices.ContainsFunc(closed6, inside)
}

// admits says whether a host and port may be asked for at all, by name.
func (g *guard) admits(host, port string) error {
	if slices.Contains(g.reach, net.JoinHostPort(host, port)) {
		return nil
	}
	if port != "80" && port != "443" && !slices.Contains(g.ports, port) {
		return fmt.Errorf("%w: port %s (80 and 443 are; others the operator names)", ErrRefused, port)
	}
	return nil
}

// dial connects to host:port, or says that it must not.
func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	host = strings.ToLower(host)
	if err := g.admits(host, port); err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: dialTime, Control: g.check, Resolver: g.resolver}
	if slices.Contains(g.reach, net.JoinHostPort(host, port)) {
		d.Control = nil
	}
	return d.DialContext(ctx, network, address)
}

// tunnel connects to a place that the operator has named for CONNECT: any port, no private address.
func (g *guard) tunnel(ctx context.Context, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(strings.ToLower(address))
	if err != nil {
		return nil, err
	}
	named := guard{reach: g.reach, ports: []string{port}, own: g.own, resolver: g.resolver}
	return named.dial(ctx, "tcp", net.JoinHostPort(host, port))
}

// dialTime bounds finding and connecting to a host: 12 seconds is all that a screen waits for a name that does not exist.
const dialTime = 8 * time.Second

// check refuses an address when its socket is about to connect.
func (g *guard) check(_, address string, _ syscall.RawConn) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrRefused, address)
	}
	a := ap.Addr().Unmap()
	if !public(a) || slices.Contains(g.own(), a) {
		return fmt.Errorf("%w: %s is private, or ours", ErrRefused, a)
	}
	return nil
}

// ownAddresses are those of this machine's interfaces, asked for again every minute.
func ownAddresses() func() []netip.Addr {
	var mu sync.Mutex
	var last time.Time
	var own []netip.Addr
	return func() []netip.Addr {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(last) < time.Minute {
			return own
		}
		own, last = nil, time.Now()
		addrs, _ := net.InterfaceAddrs()
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok {
				if ip, ok := netip.AddrFromSlice(n.IP); ok {
					own = append(own, ip.Unmap())
				}
			}
		}
		return own
	}
}
