package main

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/coreos/go-systemd/v22/activation"
)

// sockets are the listening sockets of this process by the flags that they are for. Those that it was given, by its unit (socket
// activation) or by the process whose place it takes, need not be opened: whoever connects meanwhile waits in them and is not refused.
type sockets struct {
	mu    sync.Mutex
	given map[string]*os.File
	bound map[string]net.Listener // opened before what will answer there
	open  map[string]net.Listener
	units bool // those that are given come from a unit, which says where they listen
}

// ours are those of this process.
var ours = sockets{given: map[string]*os.File{}, bound: map[string]net.Listener{}, open: map[string]net.Listener{}}

// main is the flag that a socket stands for whose unit gives it no name that is one.
const mainSocket = "listen"

// socketFlags are the flags that name an address to listen on, and the one for the socket where the next process asks for this one's place.
var socketFlags = []string{mainSocket, "tls-listen", "old-tls-listen", "admin-listen", "smtp-listen", "lmtp-listen", offerSocket}

// anyGiven says whether sockets were passed on to this process that nobody listens on yet.
func (s *sockets) anyGiven() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.given) > 0
}

// bind opens addresses before anything is made that a refused start would leave behind: pairs of a flag and its address.
func (s *sockets) bind(log *slog.Logger, addresses [][2]string) error {
	for _, a := range addresses {
		s.mu.Lock()
		known := s.given[a[0]] != nil || s.bound[a[0]] != nil
		s.mu.Unlock()
		if known || a[1] == "" {
			continue
		}
		ln, err := openAddress(a[0], a[1], log)
		if err != nil {
			s.closeRest()
			return err
		}
		s.mu.Lock()
		s.bound[a[0]] = ln
		s.mu.Unlock()
	}
	return nil
}

// forget forgets those that were open and are closed.
func (s *sockets) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.open)
}

// takeActivated notes the sockets that a unit passes on: FileDescriptorName= is the flag, listen where it is none.
func (s *sockets) takeActivated() {
	for _, f := range activation.Files(true) {
		name := f.Name()
		if !slices.Contains(socketFlags, name) {
			name = mainSocket
		}
		s.take(name, f)
		s.units = true
	}
}

// elsewhere is where the socket listens that was taken over for a flag, when that is not the address that is asked for; else "".
func (s *sockets) elsewhere(flag, address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.given[flag]
	if f == nil || s.units {
		return ""
	}
	ln, err := net.FileListener(f) // a copy
	if err != nil {
		return ""
	}
	if named, ok := ln.(*net.UnixListener); ok {
		named.SetUnlinkOnClose(false)
	}
	defer ln.Close()
	at := ln.Addr()
	where := at.String()
	if at.Network() == "unix" {
		where = "unix:" + where
	}
	if sameAddress(cmp.Or(address, usual[flag]), where) {
		return ""
	}
	return where
}

// sameAddress says whether who asks for one address may well be given the other.
func sameAddress(asked, given string) bool {
	a, err := net.ResolveTCPAddr("tcp", asked)
	b, err2 := net.ResolveTCPAddr("tcp", given)
	if err != nil || err2 != nil {
		return asked == given
	}
	everywhere := func(ip net.IP) bool { return ip == nil || ip.IsUnspecified() }
	return (a.Port == 0 || a.Port == b.Port) && (a.IP.Equal(b.IP) || everywhere(a.IP) && everywhere(b.IP))
}

// addresses are where this process listens, a line each.
func (s *sockets) addresses() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, flag := range slices.Sorted(maps.Keys(s.open)) {
		if flag != offerSocket {
			fmt.Fprintln(&b, s.open[flag].Addr())
		}
	}
	return b.String()
}

// take notes a socket that was given; a second one for the same flag is closed.
func (s *sockets) take(flag string, f *os.File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.given[flag] != nil {
		f.Close()
		return
	}
	s.given[flag] = f
}

// listener is the socket for a flag: the one that was given, or what opening gives.
func (s *sockets) listener(flag string, open func() (net.Listener, error)) (ln net.Listener, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.given[flag]; f != nil {
		delete(s.given, flag)
		ln, err = net.FileListener(f) // a copy
		err = errors.Join(err, f.Close())
	} else if ln = s.bound[flag]; ln != nil {
		delete(s.bound, flag)
	} else {
		ln, err = open()
	}
	if err != nil {
		return nil, err
	}
	s.open[flag] = ln
	return ln, nil
}

// files are copies of all open sockets, to be passed on, and their flags. A socket that has a name in the file system keeps it.
func (s *sockets) files() (flags []string, files []*os.File, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, flag := range slices.Sorted(maps.Keys(s.open)) {
		ln := s.open[flag]
		if named, ok := ln.(*net.UnixListener); ok {
			named.SetUnlinkOnClose(false)
		}
		lent, ok := ln.(interface{ File() (*os.File, error) })
		if !ok {
			continue
		}
		f, bad := lent.File()
		if err = cmp.Or(err, bad); bad == nil {
			flags, files = append(flags, flag), append(files, f)
		}
	}
	return flags, files, err
}

// closeRest closes what was given and is not wanted: nobody is to wait there.
func (s *sockets) closeRest() (flags []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for flag, f := range s.given {
		f.Close()
		delete(s.given, flag)
		flags = append(flags, flag)
	}
	for flag, ln := range s.bound {
		ln.Close()
		delete(s.bound, flag)
	}
	return flags
}
