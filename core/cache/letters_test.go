package cache_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/files"
	"musubi/core/network"
	"musubi/core/outbox"
	"musubi/core/store/pgtest"
)

// box is a mail server that two nodes send to.
type box struct {
	mu  sync.Mutex
	got map[string]int
}

func (b *box) Send(_ context.Context, m outbox.Mail) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.got[m.To]++
	return nil
}

// Two nodes that send at the same time, each of which takes the chores for its own (a cut cable can make them), send each letter once.
func TestNodesSendALetterOnce(t *testing.T) {
	url := pgtest.Database(t, nil)
	got := &box{got: map[string]int{}}
	var nodes []*outbox.Service
	for i := range 2 {
		s, err := network.New(network.Config{Node: uint8(i), Blobs: files.Blobs(t.TempDir()), Photos: struct{ core.PhotoMaker }{}, Stores: openNode(t, url).Kept, Secret: make([]byte, 32), Mail: got})
		if err != nil {
			t.Fatal(err)
		}
		nodes = append(nodes, s.Outbox)
	}
	const letters = 1000 // enough for both, however late one of them comes to its first
	for i := range letters {
		s := nodes[i%len(nodes)]
		if err := s.Post(t.Context(), 0, outbox.Mail{To: fmt.Sprintf("%d@example.jp", i), Subject: "件名", Body: "本文"}); err != nil {
			t.Fatal(err)
		}
	}
	var all sync.WaitGroup
	sent := make([]int, len(nodes))
	start := make(chan struct{})
	for i, s := range nodes {
		if _, err := s.Queue(t.Context()); err != nil { // it has a connection for reading now
			t.Fatal(err)
		}
		all.Go(func() {
			<-start
			for {
				n, err := s.SendMail(t.Context())
				if err != nil {
					t.Error(err)
				}
				sent[i] += n
				if q, err := s.Queue(t.Context()); err != nil || q.Waiting == 0 {
					return
				}
			}
		})
	}
	close(start)
	all.Wait()
	if len(got.got) != letters || slices.Max(slices.Collect(maps.Values(got.got))) != 1 {
		t.Errorf("%d of %d letters came, one of them %d times", len(got.got), letters, slices.Max(slices.Collect(maps.Values(got.got))))
	}
	if sent[0] == 0 || sent[1] == 0 {
		t.Errorf("the nodes sent %v: the test says nothing", sent)
	}
}

// A letter of a node that died with it belongs to another when the lease is over, and not before.
func TestALetterOfADeadNodeGoesOut(t *testing.T) {
	url := pgtest.Database(t, nil)
	got := &box{got: map[string]int{}}
	now := time.UnixMilli(1_000_000)
	s, err := network.New(network.Config{Blobs: files.Blobs(t.TempDir()), Photos: struct{ core.PhotoMaker }{}, Stores: openNode(t, url).Kept, Secret: make([]byte, 32), Mail: got, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	dead := openNode(t, url)
	if err := s.Outbox.Post(t.Context(), 0, outbox.Mail{To: "a@example.jp"}); err != nil {
		t.Fatal(err)
	}
	due, err := dead.Kept.Outbox.DueLetters(t.Context(), now, 1)
	if err != nil || len(due) != 1 {
		t.Fatal(due, err)
	}
	if mine, err := dead.Kept.Outbox.ClaimLetter(t.Context(), due[0], now.Add(time.Minute)); !mine || err != nil {
		t.Fatal(mine, err)
	}
	for _, want := range []int{0, 1, 1} {
		if _, err := s.Outbox.SendMail(t.Context()); err != nil || got.got["a@example.jp"] != want {
			t.Errorf("at %v it went out %d times, want %d (%v)", now.UnixMilli(), got.got["a@example.jp"], want, err)
		}
		now = now.Add(time.Minute)
	}
}
