package inbound

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/emersion/go-smtp"
)

// What a message takes while it is received it gives back, whatever becomes of it; together messages take no more than the room.
func TestRoom(t *testing.T) {
	r := room{left: 112 << 10}
	var release []func()
	for range 3 {
		raw, give, err := r.receive(iotest.OneByteReader(strings.NewReader(strings.Repeat("x", 20_000))), 1<<20)
		if err != nil || len(raw) != 20_000 {
			t.Fatalf("%d bytes, %v", len(raw), err)
		}
		release = append(release, give)
	}
	_, give, err := r.receive(strings.NewReader(strings.Repeat("x", 20_000)), 1<<20)
	if err != errNoRoom {
		t.Errorf("a fourth message of 20 kB has room in 112 KB: %v", err)
	}
	give()
	release[0]()
	if _, give, err = r.receive(strings.NewReader(strings.Repeat("x", 20_000)), 1<<20); err != nil {
		t.Errorf("after one has gone: %v", err)
	}
	give()
	lost := errors.New("lost")
	_, give, err = r.receive(io.MultiReader(strings.NewReader("half"), iotest.ErrReader(lost)), 1<<20)
	if err != lost {
		t.Errorf("a message that breaks off: %v", err)
	}
	give()
	if _, give, err = r.receive(strings.NewReader(strings.Repeat("x", 20_000)), 19_999); err != smtp.ErrDataTooLarge {
		t.Errorf("a message that is too large: %v", err)
	}
	give()
	release[1]()
	release[2]()
	if r.left != 112<<10 {
		t.Errorf("%d bytes are left of %d", r.left, 112<<10)
	}
}

// A connection ends when its time is over, whatever deadline is asked for.
func TestVisitEnds(t *testing.T) {
	end := time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC)
	v := visit{end: end}
	for asked, want := range map[time.Time]time.Time{{}: end, end.Add(time.Hour): end, end.Add(-time.Hour): end.Add(-time.Hour)} {
		if got := v.clip(asked); !got.Equal(want) {
			t.Errorf("a deadline of %v is %v, want %v", asked, got, want)
		}
	}
}

func TestBareLine(t *testing.T) {
	for s, want := range map[string]bool{"": false, "a\r\nb\r\n": false, "\n": true, "\r": true, "a\nb": true, "a\rb": true, "\r\n\n": true, "\r\r\n": true, "a\r": true} {
		if bareLine([]byte(s)) != want {
			t.Errorf("%q has a bare line end: %v", s, !want)
		}
	}
}
