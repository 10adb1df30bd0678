package session

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func recorded() *Session {
	at := time.Unix(1_795_000_000, 123_456_789)
	return &Session{ID: newID(), Place: InURL, Host: "sns.example", Binding: Binding{"docomo", "handset", "P903i", "k3Y"}, Created: at, Used: at.Add(time.Hour), Superseded: at.Add(2 * time.Hour),
		Jar: Jar{{Name: "musubi", Value: "十分=; \x00", Path: "/", Expires: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), Secure: true}, {Name: "a"}}}
}

func same(a, b *Session) bool {
	for i := range a.Jar {
		if len(a.Jar) != len(b.Jar) || !a.Jar[i].Expires.Equal(b.Jar[i].Expires) {
			return false
		}
	}
	at, bt := a.times(), b.times()
	for i := range at {
		if !at[i].Equal(bt[i]) || at[i].IsZero() != bt[i].IsZero() {
			return false
		}
	}
	if a.Next != b.Next || a.NextPlace != b.NextPlace {
		return false
	}
	return reflect.DeepEqual(a.Binding, b.Binding) && reflect.DeepEqual(withoutTimes(a.Jar), withoutTimes(b.Jar))
}

func (s *Session) times() [3]time.Time { return [3]time.Time{s.Created, s.Used, s.Superseded} }

func withoutTimes(j Jar) (out Jar) {
	for _, c := range j {
		c.Expires = time.Time{}
		out = append(out, c)
	}
	return out
}

// TestRecord: what is written is read, and so is what the first version wrote.
func TestRecord(t *testing.T) {
	moved := recorded()
	moved.Next, moved.NextPlace = newID(), InTLS
	for _, s := range []*Session{moved, {ID: newID(), Place: InURL, Host: Anywhere, Next: moved.Next, NextPlace: InURL, Entered: true}, {ID: newID(), Host: Anywhere, Entered: true}} {
		if got, err := decode(s.Place, s.Host, s.ID, s.encode()); err != nil || !same(s, got) || got.Entered != s.Entered {
			t.Errorf("%v: %+v, want %+v", err, got, s)
		}
	}
	for _, s := range []*Session{recorded(), {ID: newID(), Place: InCookie, Host: "h"}} {
		got, err := decode(s.Place, s.Host, s.ID, s.encode())
		if err != nil || !same(s, got) {
			t.Errorf("%v: %+v, want %+v", err, got, s)
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if got, err = decode(s.Place, s.Host, s.ID, seal(s.Place, s.Host, s.ID, text)); err != nil || !same(s, got) {
			t.Errorf("of the first version: %v: %+v, want %+v", err, got, s)
		}
	}
}

// TestRecord_damaged: a record that is cut, longer, or says that it has more than it has is none.
func TestRecord_damaged(t *testing.T) {
	s := recorded()
	whole := s.appendRecord(nil)
	open := func(plain []byte) error {
		_, err := decode(s.Place, s.Host, s.ID, seal(s.Place, s.Host, s.ID, plain))
		return err
	}
	for n := range whole {
		if open(whole[:n]) == nil {
			t.Errorf("the first %d of %d bytes are taken for a session", n, len(whole))
		}
	}
	if open(append(bytes.Clone(whole), 0)) == nil {
		t.Error("a byte behind the record goes unnoticed")
	}
	if open([]byte{recordForm, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}) == nil {
		t.Error("a text of 2^64 bytes")
	}
}

// FuzzRecord: no bytes make the reader panic, and what it takes is written again as it was understood.
func FuzzRecord(f *testing.F) {
	f.Add(recorded().appendRecord(nil))
	f.Add([]byte{recordForm})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := recordReader{rest: b, all: string(b)}
		var s, again Session
		s.readRecord(&r, false)
		if r.bad {
			return
		}
		b = s.appendRecord(nil)[1:]
		again.readRecord(&recordReader{rest: b, all: string(b)}, false)
		if !same(&s, &again) {
			t.Errorf("%+v is read back as %+v", s, again)
		}
	})
}
