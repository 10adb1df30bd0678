package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"musubi/core/disk"
)

// What has seats in a data directory: a community, and a gateway alone, which may have the same one.
const (
	communitySeat = "serving"
	gatewaySeat   = "gateway"
)

// Who takes a place waits for the one before it to drain and to close the database; any other start waits for one that is just ending.
const (
	takeOverTime = drainTime + 50*time.Second
	endingTime   = 15 * time.Second
)

// A seat is the right to serve a data directory: one process at a time has it. Another may take its place (--take-over).
type seat struct {
	name   string
	unlock func() error
	offer  net.Listener
}

// tell writes down where this process listens, for musubi doctor.
func (s *seat) tell() error { return disk.Write(s.name+".at", []byte(ours.addresses())) }

// listens says whether who has a seat listens at an address.
func listens(name, address string) bool {
	told, err := os.ReadFile(name + ".at")
	return err == nil && disk.Locked(name+".lock") && slices.ContainsFunc(strings.Fields(string(told)), func(at string) bool { return sameAddress(address, at) })
}

// sit takes the seat of a data directory, with the listening sockets of who has it if takeOver says so. stop is called when
// another process takes them: it ends this one as SIGTERM does. Leave the seat last.
func sit(ctx context.Context, name string, o *serving, stop func(), log *slog.Logger) (*seat, error) {
	hearHangups()
	if err := disk.MakeDir(o.Data); err != nil {
		return nil, badUsage("--data %s: %v", o.Data, err)
	}
	name = filepath.Join(o.Data, name)
	patience := endingTime
	if o.TakeOver {
		taken, err := takeSockets(name + ".socket")
		if err != nil {
			return nil, fmt.Errorf("--take-over: %w", err)
		}
		if !taken {
			log.Warn("nobody serves this directory whose place could be taken", "data", o.Data)
		}
		patience = takeOverTime
	}
	waiting, enough := context.WithTimeout(ctx, patience)
	defer enough()
	if !o.TakeOver && disk.Locked(name+".lock") {
		log.Warn("another musubi serves this directory: this one waits for it to end", "data", o.Data, "seconds", patience.Seconds())
	}
	unlock, err := disk.Lock(waiting, name+".lock")
	if errors.Is(err, disk.ErrInUse) {
		return nil, fmt.Errorf("another musubi serves %s: stop it, or take its place with --take-over", o.Data)
	}
	if err != nil {
		return nil, fmt.Errorf("--data %s: %w", o.Data, err)
	}
	s := &seat{name: name, unlock: unlock}
	if s.offer, err = offerAt(name + ".socket"); err != nil {
		log.Warn("no other process will be able to take over", "error", err.Error())
		return s, nil
	}
	go s.wait(stop, log)
	return s, nil
}

// leave lets the next one in.
func (s *seat) leave() error {
	var err error
	if s.offer != nil {
		err = s.offer.Close()
	}
	return errors.Join(err, s.unlock())
}

// wait hands the sockets to the first that asks for them.
func (s *seat) wait(stop func(), log *slog.Logger) {
	for {
		c, err := s.offer.Accept()
		if err != nil {
			return
		}
		err = giveSockets(c.(*net.UnixConn))
		c.Close()
		if err == nil {
			log.Warn("another process takes over: this one answers what was asked and ends")
			stop()
			return
		}
		log.Error("another process wanted to take over", "error", err.Error())
	}
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

func giveSockets(c *net.UnixConn) error {
	flags, files, err := ours.files()
	defer func() {
		for _, f := range files {
			f.Close()
		}
	}()
	if err != nil {
		return err
	}
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

// takeSockets fetches the sockets of the process that serves a data directory. It is false when there is none.
func takeSockets(socket string) (taken bool, err error) {
	err = socketAt(socket, func(name string) error {
		c, err := net.Dial("unix", name)
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ECONNREFUSED) {
			return nil
		}
		if err != nil {
			return err
		}
		defer c.Close()
		c.SetDeadline(time.Now().Add(5 * time.Second))
		taken = true
		return readSockets(c.(*net.UnixConn))
	})
	return taken, err
}

func readSockets(c *net.UnixConn) error {
	text, rights := make([]byte, 4096), make([]byte, syscall.CmsgSpace(4*len(socketFlags)))
	n, m, _, _, err := c.ReadMsgUnix(text, rights)
	if err != nil {
		return err
	}
	var said handOver
	if err := json.Unmarshal(text[:n], &said); err != nil {
		return err
	}
	messages, err := syscall.ParseSocketControlMessage(rights[:m])
	if err != nil {
		return err
	}
	var numbers []int
	for i := range messages {
		more, err := syscall.ParseUnixRights(&messages[i])
		if err != nil {
			return err
		}
		numbers = append(numbers, more...)
	}
	if len(numbers) != len(said.Flags) {
		return fmt.Errorf("%d sockets for %d flags", len(numbers), len(said.Flags))
	}
	ours.units = said.Units
	for i, number := range numbers {
		syscall.CloseOnExec(number)
		ours.take(said.Flags[i], os.NewFile(uintptr(number), said.Flags[i]))
	}
	return nil
}
