package own

import "testing"

// What is ours of an address, and what is the application's or the carrier's.
func TestOf(t *testing.T) {
	for _, c := range []struct {
		pair string
		want Use
		ours bool
	}{
		{"_s=abc", ForSession, true}, {"_s", ForSession, true}, {"_s=", ForSession, true}, {"_p=2", ForPart, true}, {"_f=0", ForPieces, true}, {"_h=x", ForHeld, true},
		{"_a=x", ForPieces, true}, {"_u=1", ForCharset, true},
		{"guid=ON", ForTheID, false}, {"GuId=on", ForTheID, false}, {"uid=NULLGWDOCOMO", ForNobodyID, false},
		{"", Theirs, false}, {"_", Theirs, false}, {"_ss=1", Theirs, false}, {"_sx", Theirs, false}, {"_S=1", Theirs, false}, {"s=1", Theirs, false}, {"_z=1", Theirs, false}, {"_x=1", ForAcross, true},
		{"_b.act=x", Theirs, false}, {"a=_s=1", Theirs, false},
	} {
		if got, ours := Of(c.pair), Ours(c.pair); got != c.want || ours != c.ours || Ours([]byte(c.pair)) != c.ours {
			t.Errorf("%q: use %d, want %d; ours %v, want %v", c.pair, got, c.want, ours, c.ours)
		}
	}
}

// Names that an application may not have as they are, and fields that are no answers.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		name         string
		field, taken bool
	}{
		{"_s", true, true}, {"_p", true, true}, {"_f", true, true}, {"_h", true, true}, {"_a", true, true}, {"_o", true, true}, {"_e", true, true}, {"_u", true, true}, {"_x", true, true},
		{"_b.act", false, true}, {"_c.x", false, true}, {"_g.x", false, true}, {"_r.x", false, true}, {"_v.", false, true}, {"_n.x", false, true}, {"_d.x", false, true}, {"_l.x", false, true},
		{"_b", false, false}, {"_s=x", false, false}, {"_ss", false, false}, {"", false, false}, {"s", false, false},
	} {
		if Field(c.name) != c.field || Taken([]byte(c.name)) != c.taken {
			t.Errorf("%q: field %v, want %v; taken %v, want %v", c.name, Field(c.name), c.field, Taken([]byte(c.name)), c.taken)
		}
	}
}

// An address as the application may read it has nothing that is ours or the carrier's (SEC-36).
func TestWithout(t *testing.T) {
	for in, want := range map[string]string{
		"/": "/", "/a?b=1": "/a?b=1", "/?_s=x": "/", "/?a=1&_s=x&_p=2&b=_s": "/?a=1&b=_s", "/?GUID=on&_u=1&_f=0&_a=x": "/", "/?_b.x=1": "/?_b.x=1", "/?": "/?",
	} {
		if got := Without(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestAsks(t *testing.T) {
	for q, want := range map[string]bool{"": false, "guid=ON": true, "a=1&GUID=on": true, "guid=OFF": false, "xguid=ON": false, "guid=ON2": false} {
		if Asks(q) != want {
			t.Errorf("%q: %v", q, !want)
		}
	}
}
