package main

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// mostEntries is how many entries an attack writes: all of them are on the first page of the list.
const mostEntries = 8

// kill ends the server in the middle of writes.
func (b *bench) kill() error {
	data, err := b.fresh("kill")
	if err != nil {
		return err
	}
	s, err := b.start(data)
	if err != nil {
		return err
	}
	defer s.kill()
	w, err := s.logIn()
	if err != nil {
		return err
	}
	var writers sync.WaitGroup
	for i := range mostEntries {
		browser := &writer{url: w.url, client: w.client, cookie: w.cookie}
		writers.Go(func() {
			if browser.write(fmt.Sprintf("殺-%d-号", i)) == nil {
				w.mu.Lock()
				w.said = append(w.said, browser.said...)
				w.mu.Unlock()
			}
		})
	}
	time.Sleep(time.Duration(b.random.IntN(400)) * time.Millisecond)
	s.kill()
	writers.Wait()
	b.done["kills under load"]++
	b.done["entries acknowledged before something happened"] += len(w.said)
	return b.whole(data, w.said)
}

// calls are what fails, and how.
var calls = []struct {
	name   string
	errors []string
	files  bool // only those on files of the database: the same call serves sockets
}{
	{"fsync", []string{"EIO", "ENOSPC"}, false},
	{"fdatasync", []string{"EIO", "ENOSPC"}, false},
	{"pwrite64", []string{"EIO", "ENOSPC", "EROFS"}, false},
	{"open", []string{"EMFILE", "EIO", "ENOSPC", "EROFS"}, false}, // SQLite's
	{"openat", []string{"EMFILE", "EIO", "ENOSPC", "EROFS"}, false},
	{"renameat", []string{"EIO", "ENOSPC", "EROFS"}, false},
	{"ftruncate", []string{"EIO", "EROFS"}, false},
	{"mkdirat", []string{"ENOSPC", "EROFS"}, false},
	{"write", []string{"EIO", "ENOSPC"}, true},
}

// mostCalls is the last call that fails: k is 1 to mostCalls.
const mostCalls = 60

// fault has the k-th call of a kind fail, of the start or of the writes after it, or all from the k-th on.
func (b *bench) fault() error {
	data, err := b.fresh("fault")
	if err != nil {
		return err
	}
	call, k := calls[b.random.IntN(len(calls))], 1+b.random.IntN(mostCalls)
	when := fmt.Sprint(k)
	if b.random.IntN(4) == 0 {
		when += "+"
	}
	inject := fmt.Sprintf("inject=%s:error=%s:when=%s", call.name, call.errors[b.random.IntN(len(call.errors))], when)
	tracer := []string{"strace", "-f", "-qqq", "-o", os.DevNull, "-e", "trace=" + call.name, "-e", inject}
	if call.files {
		for _, name := range []string{"sessions", "musubi.db", "musubi.db-wal", "search.db", "search.db-wal", "login-keys"} {
			tracer = append(tracer, "-P", filepath.Join(data, name))
		}
	}
	b.done["k-th calls that failed"]++
	said, err := b.underFault(data, tracer)
	if err == nil {
		err = b.whole(data, said)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", inject, err)
	}
	return nil
}

// underFault starts and writes as well as it can. That something is refused is no fault: what counts is what was acknowledged.
func (b *bench) underFault(data string, tracer []string) ([]word, error) {
	s, err := b.start(data, tracer...)
	if err != nil {
		if s == nil {
			return nil, err
		}
		return nil, s.panicked()
	}
	defer s.kill()
	w, err := s.logIn()
	if err != nil {
		return nil, s.stop()
	}
	for i := range mostEntries {
		w.write(fmt.Sprintf("傷-%d-号", i))
	}
	b.done["entries acknowledged before something happened"] += len(w.said)
	return w.said, s.stop()
}
