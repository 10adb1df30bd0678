package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"musubi/core/disk"
)

// What has seats in a data directory: a community, and a gateway alone, which may have the same one.
const (
	communitySeat = "serving"
	gatewaySeat   = "gateway"
)

// How long is waited: for who is to take the place of this process to be ready, and for the one before to drain and to close the
// database; for those who asked for the same place earlier; and, by any other start, for one that is just ending.
const (
	takeOverTime = drainTime + 50*time.Second
	inLineTime   = 5 * takeOverTime
	endingTime   = 15 * time.Second
)

// offerSocket is what the socket is called among those of a process at which the next one asks for its place. It goes on with the
// others, and with it all who wait there: places are taken in the order in which they were asked for.
const offerSocket = "take-over"

// A seat is the right to serve a data directory: one process at a time has it. Another may take its place (--take-over): it asks, gets
// ready when its turn has come while this one goes on, says so, and is given the sockets; then this one answers what was asked, closes
// everything, and ends when the next one serves. Where that one ends before it does, this one serves again.
type seat struct {
	name   string
	log    *slog.Logger
	unlock func() error
	offer  net.Listener  // nil: nobody can ask
	before *net.UnixConn // whose place was taken; nil: nobody's
	stop   func()        // ends what this process serves

	mu   sync.Mutex
	next *net.UnixConn // who has the sockets now; nil: nobody
	kept map[string]*os.File
}

// tell writes down where this process listens, for musubi doctor.
func (s *seat) tell() error { return disk.Write(s.name+".at", []byte(ours.addresses())) }

// listens says whether who has a seat listens at an address.
func listens(name, address string) bool {
	told, err := os.ReadFile(name + ".at")
	return err == nil && disk.Locked(name+".lock") && slices.ContainsFunc(strings.Fields(string(told)), func(at string) bool { return sameAddress(address, at) })
}

// seated has run serve in the seat of a data directory, and again where who was to take its place did not come to serve. prepare is what is
// done before another's place is taken, while that one goes on. The ctx of serve ends when this process is to end, by a signal or
// because another takes over.
func seated(name string, o *serving, log *slog.Logger, prepare func(ctx context.Context) error, serve func(ctx context.Context, s *seat) error) error {
	hearHangups()
	for _, name := range strayNames(os.Environ()) {
		log.Warn("a variable of the environment sets nothing", "name", name, "why", strayCure)
	}
	for took := *o; ; took.TakeOver = false {
		again, err := sitting(name, &took, log, prepare, serve)
		if err != nil || !again {
			return err
		}
		log.Error("the next one ended before it served: this one serves again")
	}
}

// sitting is once of seated; again says that nobody has come.
func sitting(name string, o *serving, log *slog.Logger, prepare func(ctx context.Context) error, serve func(ctx context.Context, s *seat) error) (again bool, err error) {
	ctx, stop := untilSignal()
	defer stop()
	defer asAsked(ctx, &err)
	defer func() {
		if !again { // else they are taken up again
			ours.closeRest()
		}
	}()
	isNew := !exists(o.Data)
	s, err := sit(ctx, name, o, log, prepare)
	if err != nil {
		return false, err
	}
	s.stop = stop
	err = serve(ctx, s)
	if again = s.leave(); err != nil && isNew {
		s.clear(o.Data)
	}
	return again, err
}

// sit takes the seat of a data directory, with the listening sockets of who has it if --take-over says so.
func sit(ctx context.Context, name string, o *serving, log *slog.Logger, prepare func(ctx context.Context) error) (s *seat, err error) {
	if err := disk.MakeDir(o.Data); err != nil {
		return nil, badUsage("--data %s: %v", o.Data, err)
	}
	s = &seat{name: filepath.Join(o.Data, name), log: log}
	patience := endingTime
	if o.TakeOver {
		if s.before, err = askFor(ctx, s.name+".socket", prepare); err != nil {
			return nil, fmt.Errorf("--take-over: %w", err)
		}
		if s.before == nil {
			log.Warn("nobody serves this directory whose place could be taken", "data", o.Data)
		}
		patience = takeOverTime
	}
	waiting, enough := context.WithTimeout(ctx, patience)
	defer enough()
	if !o.TakeOver && disk.Locked(s.name+".lock") {
		log.Warn("another musubi serves this directory: this one waits for it to end", "data", o.Data, "seconds", patience.Seconds())
	}
	s.unlock, err = disk.Lock(waiting, s.name+".lock")
	switch {
	case ctx.Err() != nil && err != nil:
		return nil, ctx.Err()
	case errors.Is(err, disk.ErrInUse):
		return nil, fmt.Errorf("another musubi serves %s: stop it, or take its place with --take-over", o.Data)
	case err != nil:
		return nil, badUsage("--data %s: %v: name a directory that who runs musubi may write in (chown)", o.Data, err)
	}
	if s.offer, err = ours.listener(offerSocket, func() (net.Listener, error) { return offerAt(s.name + ".socket") }); err != nil {
		log.Warn("no other process will be able to take over", "error", err.Error())
	}
	return s, nil
}

// served says that this process serves: whose place it took may end, musubi doctor knows where it listens, and the next one may ask.
func (s *seat) served() {
	if err := s.tell(); err != nil {
		s.log.Warn("musubi doctor will not know where this process listens", "error", err.Error())
	}
	if s.before != nil {
		s.before.Write([]byte(wordServes))
		s.before.Close()
	}
	if s.offer != nil {
		go s.wait()
	}
}

// leave lets the next one in and waits until it serves. again says that it did not come so far.
func (s *seat) leave() (again bool) {
	if s.offer != nil {
		s.offer.Close()
	}
	if s.before != nil {
		s.before.Close() // when it has not served, the one before does
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.unlock(); err != nil {
		s.log.Error("the place is not left", "error", err.Error())
	}
	if s.next == nil {
		return false
	}
	defer s.next.Close()
	if _, err := hear(s.next, takeOverTime); errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
		for flag, f := range s.kept {
			ours.take(flag, f)
		}
		return true
	}
	for _, f := range s.kept {
		f.Close()
	}
	return false
}

// clear takes away what a start that was refused has made, as long as there is nothing else.
func (s *seat) clear(data string) {
	for _, name := range []string{".lock", ".socket", ".at"} {
		os.Remove(s.name + name)
	}
	os.Remove(data)
}

// wait hands the sockets to the first that asks for them and gets ready.
func (s *seat) wait() {
	for {
		c, err := s.offer.Accept()
		if err != nil {
			return
		}
		if err = s.give(c.(*net.UnixConn)); err == nil {
			s.log.Warn("another process takes over: this one answers what was asked and ends")
			s.stop()
			return
		}
		c.Close()
		s.log.Error("another process wanted to take over and did not get ready: this one goes on", "error", err.Error())
	}
}

// What is said when a place is taken, beside the sockets: it is your turn; I am ready; I serve.
const (
	wordTurn   = "{}"
	wordReady  = "ready"
	wordServes = "serves"
)

// give tells who asks that its turn has come, waits until it is ready, and gives it the sockets.
func (s *seat) give(c *net.UnixConn) error {
	if _, err := c.Write([]byte(wordTurn)); err != nil {
		return err
	}
	if _, err := hear(c, takeOverTime); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	flags, files, err := ours.files()
	if err == nil {
		err = giveSockets(c, flags, files)
	}
	if err != nil {
		for _, f := range files {
			f.Close()
		}
		return err
	}
	s.next, s.kept = c, map[string]*os.File{}
	for i, flag := range flags {
		s.kept[flag] = files[i]
	}
	return nil
}

// hear waits for a word.
func hear(c *net.UnixConn, patience time.Duration) (string, error) {
	b := make([]byte, 64)
	c.SetDeadline(time.Now().Add(patience))
	n, err := c.Read(b)
	return string(b[:n]), err
}

// offerAt opens the socket; one that a killed process left is put out of the way, for the lock is ours.
func offerAt(socket string) (ln net.Listener, err error) {
	err = socketAt(socket, func(name string) error {
		os.Remove(name)
		if ln, err = net.Listen("unix", name); err != nil {
			return err
		}
		ln.(*net.UnixListener).SetUnlinkOnClose(false) // its name means this directory only while it is open
		return os.Chmod(name, 0o600)
	})
	return ln, err
}

// socketAt gives do a name of the socket that is short enough for one, whatever the data directory is called.
func socketAt(socket string, do func(name string) error) error {
	if len(socket) < 100 {
		return do(socket)
	}
	dir, err := os.Open(filepath.Dir(socket))
	if err != nil {
		return err
	}
	defer dir.Close()
	return do(fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(socket)))
}

// A handOver is what is said when sockets go from one process to another: what each is for.
type handOver struct {
	Flags []string
	Units bool // their addresses are those of a unit
}

func giveSockets(c *net.UnixConn, flags []string, files []*os.File) error {
	text, err := json.Marshal(handOver{flags, ours.units})
	if err != nil {
		return err
	}
	numbers := make([]int, len(files))
	for i, f := range files {
		numbers[i] = int(f.Fd())
	}
	c.SetDeadline(time.Now().Add(5 * time.Second))
	_, _, err = c.WriteMsgUnix(text, syscall.UnixRights(numbers...), nil)
	return err
}

// askFor asks for the place of the process that serves a data directory: it waits for its turn, prepares, and fetches the sockets. It gives
// the connection on which that one is to hear that this one serves; nil: nobody serves there.
func askFor(ctx context.Context, socket string, prepare func(ctx context.Context) error) (*net.UnixConn, error) {
	prepared := false
	waiting, enough := context.WithTimeout(ctx, inLineTime)
	defer enough()
	for {
		var c net.Conn
		err := socketAt(socket, func(name string) (err error) {
			c, err = new(net.Dialer).DialContext(waiting, "unix", name)
			return err
		})
		switch {
		case errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED):
			return nil, nil
		case err != nil && !errors.Is(err, syscall.EAGAIN): // EAGAIN: very many ask
			return nil, err
		case err == nil:
			err = takeTurn(waiting, c.(*net.UnixConn), func() error {
				if prepared {
					return nil
				}
				prepared = true
				return prepare(ctx)
			})
			if err == nil {
				return c.(*net.UnixConn), nil
			}
			c.Close()
		}
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case waiting.Err() != nil:
			return nil, fmt.Errorf("others asked for the same place before, and after %v it was not this one's turn: start it again; who serves now goes on", inLineTime)
		case !errors.Is(err, io.EOF) && !errors.Is(err, syscall.ECONNRESET) && !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.EAGAIN):
			return nil, err
		}
		select { // who was asked has ended: another one may serve
		case <-ctx.Done():
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// takeTurn waits for the turn on a connection, has prepare run, and takes the sockets.
func takeTurn(ctx context.Context, c *net.UnixConn, prepare func() error) error {
	defer context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })()
	said, err := readSockets(c)
	if err != nil || len(said.Flags) > 0 { // a musubi of before waits for nobody to get ready
		return err
	}
	if err := prepare(); err != nil {
		return err
	}
	if _, err := c.Write([]byte(wordReady)); err != nil {
		return err
	}
	_, err = readSockets(c)
	return err
}

// readSockets takes what is said and the sockets that come with it.
func readSockets(c *net.UnixConn) (said handOver, err error) {
	text, rights := make([]byte, 4096), make([]byte, syscall.CmsgSpace(4*len(socketFlags)))
	n, m, _, _, err := c.ReadMsgUnix(text, rights)
	if err == nil && n == 0 {
		err = io.EOF
	}
	if err != nil {
		return said, err
	}
	if err := json.Unmarshal(text[:n], &said); err != nil {
		return said, err
	}
	messages, err := syscall.ParseSocketControlMessage(rights[:m])
	if err != nil {
		return said, err
	}
	var numbers []int
	for i := range messages {
		more, err := syscall.ParseUnixRights(&messages[i])
		if err != nil {
			return said, err
		}
		numbers = append(numbers, more...)
	}
	if len(numbers) != len(said.Flags) {
		return said, fmt.Errorf("%d sockets for %d flags", len(numbers), len(said.Flags))
	}
	ours.units = said.Units
	for i, number := range numbers {
		syscall.CloseOnExec(number)
		ours.take(said.Flags[i], os.NewFile(uintptr(number), said.Flags[i]))
	}
	return said, nil
}
