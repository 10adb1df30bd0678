package main

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"musubi/gateway"
	"musubi/gateway/archive"
	"musubi/gateway/fetch"
	"musubi/gateway/session"
)

// any says whether the gateway leads elsewhere than to an application behind it.
func (w *world) any() bool { return w.Proxy || w.Portal || w.Archive != "" }

// runWorld serves as a proxy, a portal, or from an archive, until it is interrupted.
func (c *gatewayCmd) runWorld(io *std) (err error) {
	if len(c.Upstream) > 0 {
		return badUsage("--upstream names one application, and --proxy, --portal and --archive lead elsewhere: start two gateways")
	}
	upstream, err := c.world.upstream()
	if err != nil {
		return usageError{err}
	}
	web, _ := upstream.(*fetch.Client)
	if len(c.ProxyConnect) > 0 && (web == nil || !c.Proxy) {
		return badUsage("--proxy-connect says where a proxy's CONNECT leads: it wants --proxy, and no --archive")
	}
	if c.TLSListen != "" || c.CoreSecret != "" {
		return badUsage("--tls-listen and --core-secret are for a gateway before one application (--upstream)")
	}
	log := c.logger(io.Err)
	o := gatewayOptions{serving: c.serving, handsets: c.handsets, following: c.following, rules: c.Rules, upstream: upstream, foreign: true, log: log, access: c.access(io.Err)}
	if c.Proxy || c.Portal {
		if o.world, err = c.world.open(c.Listen); err != nil {
			return err
		}
		if host, _, err := net.SplitHostPort(c.Listen); err == nil && len(c.Hosts) == 0 {
			a, _ := netip.ParseAddr(host)
			o.world.Addresses = host == "" || a.IsUnspecified()
		}
		o.maxDownload = int64(c.ProxyDownload) << 20
		if web != nil {
			o.world.Dial = web.Dial
		}
	}
	o.web = web
	return c.run(o, io, func(room *gatewayRoom) {
		fmt.Fprintf(io.Out, "gateway listens on %s, operators on %s\n", room.url(), room.adminURL())
		if c.Proxy {
			fmt.Fprintf(io.Out, "proxy setting of a browser: %s, or automatically %s/_/proxy.pac\n", room.siteName(), room.url())
		}
		if c.Portal {
			fmt.Fprintf(io.Out, "portal: %s/ and %s/~/example.org/\n", room.url(), room.url())
		}
	})
}

// upstream is where pages come from: the web, or an archive of it.
func (w *world) upstream() (gateway.Upstream, error) {
	if w.Archive != "" {
		return archive.Open(w.Archive, w.ArchiveFor)
	}
	return fetch.New(fetch.Config{Reach: w.ProxyReach, Ports: w.ProxyPorts, CA: w.ProxyCA})
}

// open reads who may use it. A listener that others reach needs a list or a password: an open proxy is everybody's (SEC-68).
func (w *world) open(listen string) (*gateway.World, error) {
	out := &gateway.World{Proxy: w.Proxy, Portal: w.Portal, Password: w.ProxyPassword, Archive: w.Archive != "", Rate: w.ProxyRate}
	if w.ProxyRate < 0 || w.ProxyDownload < 1 {
		return nil, badUsage("--proxy-rate %d, --proxy-download-mb %d: expected a number of requests, or 0, and of megabytes", w.ProxyRate, w.ProxyDownload)
	}
	for _, r := range w.ProxyAllow {
		p, err := netip.ParsePrefix(r)
		if a, err2 := netip.ParseAddr(r); err != nil && err2 == nil {
			p, err = a.Prefix(a.BitLen())
		}
		if err != nil {
			return nil, badUsage("--proxy-allow %s: expected an address range like 192.168.1.0/24", r)
		}
		out.Allow = append(out.Allow, p)
	}
	if len(out.Allow) == 0 && out.Password == "" && !onLoopback(listen) {
		return nil, badUsage("--listen %s is reached by others, and a proxy without a list is everybody's: say who may use it with --proxy-allow or --proxy-password, or listen on 127.0.0.1", listen)
	}
	for _, to := range w.ProxyConnect {
		host, port, err := net.SplitHostPort(strings.ToLower(to))
		if n, bad := strconv.Atoi(port); err != nil || host == "" || bad != nil || n < 1 || n > 65535 {
			return nil, badUsage("--proxy-connect %s: expected HOST:PORT, like mail.example.org:993, *.example.org:443 or *:443", to)
		}
		out.Connect = append(out.Connect, net.JoinHostPort(host, port))
	}
	var err error
	out.Bookmarks, err = readBookmarks(w.Bookmarks)
	return out, err
}

// onLoopback says whether only this machine reaches a listener.
func onLoopback(listen string) bool {
	if strings.HasPrefix(listen, "unix:") {
		return true
	}
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// readBookmarks reads lines of an address and a title.
func readBookmarks(name string) (list []session.Visit, err error) {
	if name == "" {
		return nil, nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, badUsage("--bookmarks: %v", err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		u, title, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if u == "" || u[0] == '#' {
			continue
		}
		if !strings.Contains(u, "://") {
			u = "http://" + u
		}
		list = append(list, session.Visit{URL: u, Title: strings.TrimSpace(title)})
	}
	return list, nil
}
