package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"musubi/gateway/wire"

	"github.com/valyala/fasthttp"
)

// How many connections a listener has at once, if the machine has room for them.
const (
	mostConnections = 20_000
	mostOperators   = 64
)

// usual is where a demo listens of whom nobody has said where.
var usual = map[string]string{"listen": "127.0.0.1:8080", "admin-listen": "127.0.0.1:8081"}

// listen opens the address of a flag: host:port, or unix: and the name of a socket that only its owner may use. "" is the
// usual address, or a free port where that is taken.
func listen(flag, address string, most int, log *slog.Logger) (*wire.Listener, error) {
	return listenOver(nil, flag, address, most, log)
}

// listenOver is listen with TLS, where over says how.
func listenOver(over *tls.Config, flag, address string, most int, log *slog.Logger) (*wire.Listener, error) {
	ln, err := socketOf(flag, address, log)
	if err != nil {
		return nil, err
	}
	if over != nil {
		ln = &tlsListener{ln, over}
	}
	return wire.New(ln, most, log), nil
}

// socketOf is the socket of a flag: the one that this process was given or has bound, or a new one.
func socketOf(flag, address string, log *slog.Logger) (net.Listener, error) {
	if at := ours.elsewhere(flag, address); at != "" {
		log.Warn("the socket that was taken over is kept, another address waits for a restart without --take-over", "flag", flag, "asked", address, "listens", at)
	}
	return ours.listener(flag, func() (net.Listener, error) { return openAddress(flag, address, log) })
}

// openAddress opens the address of a flag as listen does.
func openAddress(flag, address string, log *slog.Logger) (net.Listener, error) {
	open, at := listenTCP, cmp.Or(address, usual[flag])
	if name, ok := strings.CutPrefix(address, "unix:"); ok {
		open, at = listenUnix, name
	}
	ln, err := open(at)
	if address == "" && errors.Is(err, syscall.EADDRINUSE) {
		log.Warn("the usual address is taken, a free port is used instead", "flag", flag, "taken", at)
		ln, err = open("127.0.0.1:0")
	}
	if err != nil {
		return nil, badUsage("--%s %s: %w: %s", flag, address, err, listenCure(err))
	}
	return ln, nil
}

// listenCure says what helps where an address cannot be had.
func listenCure(err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return "end what listens there (ss -ltnp shows it), or name another address"
	case errors.Is(err, os.ErrPermission):
		return "ports below 1024 need AmbientCapabilities=CAP_NET_BIND_SERVICE in the unit, or musubi.socket; or name another"
	}
	return "expected an address of this machine, host:port, or unix:FILE"
}

func listenTCP(address string) (net.Listener, error) { return net.Listen("tcp", address) }

// listenUnix makes a socket, in place of one that a killed process left.
func listenUnix(name string) (net.Listener, error) {
	if info, err := os.Lstat(name); err == nil && info.Mode()&os.ModeSocket != 0 {
		if c, err := net.Dial("unix", name); err == nil {
			c.Close()
			return nil, errors.New("another process listens there")
		}
		os.Remove(name)
	}
	ln, err := net.Listen("unix", name)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return ln, nil
}

// urlOf is where a listener is found from this machine.
func urlOf(ln net.Listener) string {
	a := ln.Addr()
	if a.Network() == "unix" {
		return "unix:" + a.String()
	}
	if tcp, ok := a.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return fmt.Sprintf("http://127.0.0.1:%d", tcp.Port)
	}
	return "http://" + a.String()
}

// A tlsListener speaks TLS with who connects.
type tlsListener struct {
	net.Listener
	config *tls.Config
}

// Accept implements net.Listener. The handshake is made when the connection is first read.
func (l *tlsListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return tls.Server(c, l.config), nil
}

// SetDeadline bounds Accept, so that the listener can be drained.
func (l *tlsListener) SetDeadline(t time.Time) error {
	return l.Listener.(interface{ SetDeadline(time.Time) error }).SetDeadline(t)
}

// drainTime is how long requests under way may take after the signal to stop.
const drainTime = 10 * time.Second

// drain stops a server without cutting anybody off who has asked already.
func drain(s *fasthttp.Server, ln *wire.Listener) error {
	deadline, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	ln.Drain(deadline)
	err := s.ShutdownWithContext(deadline)
	if errors.Is(err, context.DeadlineExceeded) { // no error, only a slow client
		return nil
	}
	return err
}

// hangups are the SIGHUPs of a process that serves: it hears them from the start, where one would end it otherwise.
var hangups = make(chan os.Signal, 1)

func hearHangups() { signal.Notify(hangups, syscall.SIGHUP) }

// A post is a server at its listener.
type post struct {
	server   *fasthttp.Server
	listener *wire.Listener
	serve    func(*fasthttp.Server, net.Listener) error // default: the server's own
}

// serve answers members at some posts and operators at another until ctx ends, then lets requests under way finish: those of
// operators last, who can see how it goes. SIGHUP has what can change read again.
func serve(ctx context.Context, back post, reload func() error, public ...post) error {
	hearHangups()
	defer signal.Stop(hangups)
	ended := make(chan error, len(public)+1)
	for _, p := range append(public, back) {
		answer := p.serve
		if answer == nil {
			answer = (*fasthttp.Server).Serve
		}
		go func() { ended <- answer(p.server, p.listener) }()
	}
	for {
		select {
		case err := <-ended:
			return err
		case <-hangups:
			if reload != nil {
				reload() // says in the log what went wrong
			}
		case <-ctx.Done():
			return errors.Join(drainAll(public), drain(back.server, back.listener))
		}
	}
}

// drainAll drains posts at the same time.
func drainAll(posts []post) error {
	errs := make([]error, len(posts))
	var all sync.WaitGroup
	for i, p := range posts {
		all.Go(func() { errs[i] = drain(p.server, p.listener) })
	}
	all.Wait()
	return errors.Join(errs...)
}
