package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"musubi/gateway/wire"

	"github.com/valyala/fasthttp"
)

// How many connections a listener has at once, if the machine has room for them.
const (
	mostConnections = 20_000
	mostOperators   = 64
)

// listen opens the address of a flag: host:port, or unix: and the name of a socket that only its owner may use.
func listen(flag, address string, most int, log *slog.Logger) (*wire.Listener, error) {
	open := listenTCP
	if name, ok := strings.CutPrefix(address, "unix:"); ok {
		address, open = name, listenUnix
	}
	ln, err := open(address)
	if err != nil {
		return nil, badUsage("--%s %s: %v", flag, address, err)
	}
	return wire.New(ln, most, log), nil
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

// urlOf is where a listener is found.
func urlOf(ln net.Listener) string {
	if a := ln.Addr(); a.Network() == "unix" {
		return "unix:" + a.String()
	}
	return "http://" + ln.Addr().String()
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
