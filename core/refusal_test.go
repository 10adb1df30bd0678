package core

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"
)

// A flood of refusals has a bounded number of lines, and none of it is lost from the count.
func TestSEC120_AFloodOfRefusalsIsBounded(t *testing.T) {
	now := time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC)
	s := &Desk{now: func() time.Time { return now }}
	refused, lines, counted := 0, 0, 0
	store := func(everything bool) {
		for _, e := range s.refusals.take(now, everything) {
			lines++
			counted += e.Times
			if e.Times > 1 && (e.Subject != "" || e.Peer != manyPeers) {
				t.Errorf("a line about %d says %+v", e.Times, e)
			}
		}
	}
	for i := range 100_000 { // an hour
		ctx := context.WithValue(t.Context(), PeerKey{}, Peer{Addr: netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)})})
		s.Refuse(ctx, "loginfail", fmt.Sprint("reason ", i%5), 0, fmt.Sprintf("%043d", i))
		refused++
		now = now.Add(36 * time.Millisecond)
		if i%14 == 0 {
			store(false)
		}
		if n := len(s.refusals.waiting); n > refusalLines {
			t.Fatalf("%d lines wait", n)
		}
	}
	store(true)
	if counted != refused || lines > refusalLines+3600/10+5*7 || lines < refusalLines {
		t.Errorf("%d lines stand for %d of %d refusals", lines, counted, refused)
	}
	for i := range 200_000 { // reasons without end
		s.Refuse(t.Context(), "loginfail", fmt.Sprint("reason ", i), 0, "")
	}
	if n := len(s.refusals.folded); n > maxFolded+1 {
		t.Errorf("%d reasons are counted apart", n)
	}
}

// In quiet times each refusal has a line of its own, with all there is to say.
func TestSEC120_EachRefusalHasALine(t *testing.T) {
	now := time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC)
	s := &Desk{now: func() time.Time { return now }}
	ctx := context.WithValue(t.Context(), PeerKey{}, Peer{Addr: netip.MustParseAddr("192.0.2.7"), Client: "docomo P903i"})
	for range 1024 {
		s.Refuse(ctx, "easyloginfail", "peer", 7, "0123456789abcdefghij")
	}
	list := s.refusals.take(now, false)
	if len(list) != 1024 {
		t.Fatalf("%d lines", len(list))
	}
	want := Entry{At: now, Kind: "easyloginfail", Reason: "peer", Member: 7, Client: "docomo P903i", Peer: "192.0.2.7", Subject: "0123456789abcdef", Times: 1}
	if list[0] != want {
		t.Errorf("%+v, want %+v", list[0], want)
	}
}
