package guard

import (
	"context"
	"errors"
	"musubi/core"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestSEC101_HashAndVerify(t *testing.T) {
	h := newHasher(2)
	ctx := context.Background()
	hash, err := h.hash(ctx, "ひみつのことば１２")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("hash %q is not argon2id of 19 MiB and two passes", hash)
	}
	again, _ := h.hash(ctx, "ひみつのことば１２")
	if hash == again {
		t.Fatal("two hashes of one password are alike: no salt")
	}
	rows := map[string]bool{"ひみつのことば１２": true, "ひみつのことば12": true /* NFKC: another keyboard */, "ひみつ": false, "": false}
	for password, want := range rows {
		if got, err := h.verify(ctx, hash, password); err != nil || got != want {
			t.Errorf("verify(%q) = %v, %v; want %v", password, got, err, want)
		}
	}
	if ok, err := h.verify(ctx, "", ""); ok || err != nil {
		t.Errorf("verify of no member = %v, %v; want false", ok, err)
	}
	if _, err := h.verify(ctx, "$1$md5", "x"); err == nil {
		t.Error("a foreign hash must be an error, not a wrong password")
	}
}

// 200 logins at once stay within 512 MB: the semaphore lets two through at a time.
func TestSEC101_Semaphore(t *testing.T) {
	h := newHasher(2)
	ctx, cancel := context.WithTimeout(context.Background(), 400*time.Millisecond)
	defer cancel()
	var peak atomic.Uint64
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			h.verify(ctx, "", "x")
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			for old := peak.Load(); m.HeapInuse > old && !peak.CompareAndSwap(old, m.HeapInuse); old = peak.Load() {
			}
		})
	}
	wg.Wait()
	if peak.Load() > 512<<20 {
		t.Fatalf("heap reached %d MiB, expected at most 512", peak.Load()>>20)
	}
}

// TestSEC101_ALongLineIsBusyAtOnce: whoever finds the line full is told so without waiting, and no try is counted.
func TestSEC101_ALongLineIsBusyAtOnce(t *testing.T) {
	h := newHasher(1)
	var leave []func()
	for {
		done, err := h.join()
		if err != nil {
			if !errors.Is(err, core.ErrBusy) {
				t.Fatal(err)
			}
			break
		}
		leave = append(leave, done)
	}
	if len(leave) != 1+hashLine {
		t.Errorf("%d in line, want %d", len(leave), 1+hashLine)
	}
	if _, err := h.hash(context.Background(), "x"); !errors.Is(err, core.ErrBusy) {
		t.Errorf("hash: %v", err)
	}
	s := Service{hasher: h} // without a store: a try that gets any further ends in a panic
	if _, err := s.TryPassword(context.Background(), "a"); !errors.Is(err, core.ErrBusy) {
		t.Errorf("a try: %v", err)
	}
	if _, _, err := s.TryFrom(context.Background(), "a"); !errors.Is(err, core.ErrBusy) {
		t.Errorf("a stranger's try: %v", err)
	}
	leave[0]()
	if done, err := h.join(); err != nil {
		t.Error(err)
	} else {
		done()
	}
}

func BenchmarkHash(b *testing.B) {
	h := newHasher(1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := h.hash(context.Background(), "correct horse 12"); err != nil {
			b.Fatal(err)
		}
	}
}
