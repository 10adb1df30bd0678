package guard

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/files"
)

// tries is a Store that has tries only.
type tries struct {
	until map[string]time.Time
}

func (s *tries) Atomic(ctx context.Context, f func(ctx context.Context) error) error { return f(ctx) }
func (s *tries) AtomicOf(ctx context.Context, _ core.Owners, f func(ctx context.Context) error) error {
	return f(ctx)
}

func (s *tries) Tries(_ context.Context, key string) (int, time.Time, error) {
	return 1, s.until[key], nil
}

func (s *tries) SetTries(_ context.Context, key string, failed int, until time.Time) error {
	if s.until[key] = until; failed == 0 {
		delete(s.until, key)
	}
	return nil
}

// guesser is services that count guesses, and a clock that stands.
func guesser() (s *Service, store *tries, now *time.Time) {
	at := time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC)
	store = &tries{until: map[string]time.Time{}}
	desk, err := core.NewDesk(core.DeskConfig{Store: core.Store{Transactions: store}, Blobs: files.Blobs("unused"), Photos: noPhotos{},
		Secret: make([]byte, 32), Now: func() time.Time { return at }})
	if err != nil {
		panic(err)
	}
	return New(desk, store, 0, nil), store, &at
}

// elsewhere is a meter in another place, which can be lost.
type elsewhere struct {
	storedMeter
	lost bool
}

func (m *elsewhere) Take(ctx context.Context, now time.Time, limits []Limit) (time.Duration, error) {
	if m.lost {
		return 0, errors.New("lost")
	}
	return m.storedMeter.Take(ctx, now, limits)
}

func (m *elsewhere) Return(ctx context.Context, now time.Time, limits []Limit) error {
	if m.lost {
		return errors.New("lost")
	}
	return m.storedMeter.Return(ctx, now, limits)
}

// While what counts for all processes cannot be asked the database does: nobody guesses more for that, and nobody who knows
// their password is kept out.
func TestSEC102_TheMeterIsLost(t *testing.T) {
	s, stored, _ := guesser()
	shared := &tries{until: map[string]time.Time{}}
	m := &elsewhere{storedMeter: storedMeter{Store{shared, shared}}}
	s = New(s.Desk, stored, 0, m)
	one := func(int) core.Peer { return core.Peer{Addr: netip.MustParseAddr("192.0.2.1")} }
	if n := s.from(t, 90, one); n != 20 || len(stored.until) != 0 || len(shared.until) == 0 {
		t.Errorf("%d of 90 tries, %d keys in the database, %d in the meter, want 20, none, some", n, len(stored.until), len(shared.until))
	}
	other := context.WithValue(t.Context(), core.PeerKey{}, core.Peer{Addr: netip.MustParseAddr("192.0.3.1")})
	g, err := s.guess(other)
	if err != nil {
		t.Fatal(err)
	}
	m.lost = true
	if err := g.Right(other); err != nil {
		t.Errorf("right, but what counted the try is lost: %v", err)
	}
	g.end()
	if n := s.from(t, 90, one); n != 20 {
		t.Errorf("without the meter: %d of 90 tries, want 20", n)
	}
	if g, err = s.guess(other); err != nil {
		t.Fatal(err)
	}
	kept := len(stored.until)
	if err := g.Right(other); err != nil || len(stored.until) >= kept {
		t.Errorf("right, counted by the database: %v, %d keys of %d stay", err, len(stored.until), kept)
	}
	g.end()
}

type noPhotos struct{ core.PhotoMaker }

// from tries wrong passwords, one from each of n addresses, and says how many were looked at.
func (s *Service) from(t *testing.T, n int, peer func(i int) core.Peer) (looked int) {
	t.Helper()
	for i := range n {
		g, err := s.guess(context.WithValue(t.Context(), core.PeerKey{}, peer(i)))
		switch {
		case err == nil:
			looked++
			g.end()
		case !errors.Is(err, core.ErrThrottled):
			t.Fatal(err)
		}
	}
	return looked
}

func address(format string) func(i int) core.Peer {
	return func(i int) core.Peer {
		return core.Peer{Addr: netip.MustParseAddr(fmt.Sprintf(format, i/250, i%250+1))}
	}
}

// A whole network is slowed down where none of its addresses is, and the whole site where no network is; carriers apart.
func TestSEC102_NetworksAndTheSite(t *testing.T) {
	s, _, now := guesser()
	for name, row := range map[string]struct {
		peer func(i int) core.Peer
		want int
	}{
		"a network of IPv4":   {func(i int) core.Peer { return core.Peer{Addr: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)})} }, 100},
		"a customer's IPv6":   {address("2001:db8:5:%x::%x"), 20},
		"networks of IPv6":    {func(i int) core.Peer { return address("2001:db8:6:%x::%x")(i * 250) }, 100},
		"IPv4 in IPv6's form": {func(i int) core.Peer { return core.Peer{Addr: netip.MustParseAddr("::ffff:198.51.100.1")} }, 20},
	} {
		if n := s.from(t, 130, row.peer); n != row.want {
			t.Errorf("%s: %d of 130 tries, want %d", name, n, row.want)
		}
	}
	if n := s.from(t, 2000, address("10.%d.%d.1")); n != 1000-240 {
		t.Errorf("%d of 2000 from everywhere after 240, want %d", n, 1000-240)
	}
	gateway := func(int) core.Peer { return core.Peer{Addr: netip.MustParseAddr("210.153.84.1"), Carrier: true} }
	if n := s.from(t, 400, gateway); n != 300 {
		t.Errorf("%d of 400 through a carrier's gateway, want 300", n)
	}
	*now = now.Add(time.Minute)
	if n := s.from(t, 2000, address("11.%d.%d.1")); n != 1000 {
		t.Errorf("%d of 2000 a minute later, want 1000", n)
	}
}

// A try that was right leaves nothing behind, and the wait that is said is the wait.
func TestSEC102_RightTriesAndWaits(t *testing.T) {
	s, store, now := guesser()
	ctx := context.WithValue(t.Context(), core.PeerKey{}, core.Peer{Addr: netip.MustParseAddr("192.0.2.1")})
	for range 1000 {
		g, err := s.guess(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.Right(ctx); err != nil {
			t.Fatal(err)
		}
		g.end()
	}
	if len(store.until) != 0 {
		t.Errorf("a thousand right tries leave %v", store.until)
	}
	s.from(t, 20, func(int) core.Peer { return core.PeerOf(ctx) })
	for range 5 {
		var soon core.TooSoon
		if _, err := s.guess(ctx); !errors.As(err, &soon) || soon.Wait <= 0 || soon.Wait > 3*time.Second {
			t.Fatalf("try 21: %v", err)
		}
		*now = now.Add(soon.Wait - time.Millisecond)
		if _, err := s.guess(ctx); !errors.Is(err, core.ErrThrottled) {
			t.Errorf("a millisecond too early: %v", err)
		}
		*now = now.Add(time.Millisecond)
		g, err := s.guess(ctx)
		if err != nil {
			t.Errorf("after the time that was said: %v", err)
		}
		g.end()
	}
}
