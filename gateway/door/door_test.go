package door

import (
	"testing"
	"testing/synctest"
	"time"
)

// A caller is one request before the door: answer holds what Enter said, once it has said it.
type caller struct{ answer chan bool }

func call(d *Door, form bool) caller {
	c := caller{make(chan bool, 1)}
	go func() { c.answer <- d.Enter(form) }()
	synctest.Wait()
	return c
}

func (c caller) is(t *testing.T, want string) {
	t.Helper()
	synctest.Wait()
	got := "waiting"
	select {
	case in := <-c.answer:
		if got = "turned away"; in {
			got = "inside"
		}
		c.answer <- in
	default:
	}
	if got != want {
		t.Errorf("is %s, want %s", got, want)
	}
}

// leave makes room and lets those run who may now go in.
func leave(d *Door) { d.Leave(); synctest.Wait() }

var small = Limits{Inside: 2, Line: 3, Patience: 300 * time.Millisecond, Crowd: 100 * time.Millisecond}

func TestTheLineIsServedInOrderFormsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		a, b := call(d, false), call(d, false)
		page1, page2, form := call(d, false), call(d, false), call(d, true)
		a.is(t, "inside")
		b.is(t, "inside")
		if inside, waiting := d.State(); inside != 2 || waiting != 3 {
			t.Errorf("%d inside, %d waiting", inside, waiting)
		}
		for _, next := range []caller{form, page1, page2} {
			next.is(t, "waiting")
			leave(d)
			next.is(t, "inside")
		}
		leave(d)
		leave(d)
		if inside, waiting := d.State(); inside != 0 || waiting != 0 {
			t.Errorf("at the end %d inside, %d waiting", inside, waiting)
		}
	})
}

func TestAFullLineTurnsAwayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		for range small.Inside + small.Line {
			call(d, false)
		}
		call(d, false).is(t, "turned away")
		for range small.Line {
			call(d, true).is(t, "waiting") // forms have a line of their own
		}
		call(d, true).is(t, "turned away")
		time.Sleep(time.Second) // all lose patience
	})
}

func TestNobodyWaitsLongerThanPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		call(d, false)
		call(d, false)
		page, form := call(d, false), call(d, true)
		time.Sleep(small.Patience - time.Millisecond)
		page.is(t, "waiting")
		form.is(t, "waiting")
		time.Sleep(time.Millisecond)
		page.is(t, "turned away")
		form.is(t, "turned away")
		leave(d)
		if inside, waiting := d.State(); inside != 1 || waiting != 0 {
			t.Errorf("%d inside, %d waiting: a place was given to who had left", inside, waiting)
		}
		call(d, false).is(t, "inside")
	})
}

// TestACrowdIsTurnedAwayAtOnce: when the line has not been empty for Crowd, pages are turned away until it is; forms
// still wait.
func TestACrowdIsTurnedAwayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		call(d, false)
		call(d, false)
		first := call(d, false)
		time.Sleep(small.Crowd / 2)
		second := call(d, false)
		leave(d) // first goes in; the line is not empty
		first.is(t, "inside")
		time.Sleep(small.Crowd / 2)
		call(d, false).is(t, "turned away")
		form := call(d, true)
		form.is(t, "waiting")
		leave(d)
		form.is(t, "inside")
		leave(d)
		second.is(t, "inside") // and the line is empty
		call(d, false).is(t, "waiting")
		time.Sleep(time.Second)
	})
}

func TestDefaults(t *testing.T) {
	d := New(Limits{Inside: 10})
	if d.limits != (Limits{10, 40, 300 * time.Millisecond, 100 * time.Millisecond}) {
		t.Errorf("%+v", d.limits)
	}
	if New(Limits{}).limits.Inside < 32 {
		t.Error("nobody gets in")
	}
}

func BenchmarkEnter(b *testing.B) {
	d := New(Limits{})
	for b.Loop() {
		d.Enter(false)
		d.Leave()
	}
}
