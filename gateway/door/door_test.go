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

var small = Limits{Inside: 2, Line: 3, Wait: 100 * time.Millisecond, Patience: 300 * time.Millisecond}

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

// TestWhoWouldWaitTooLongIsTurnedAwayAtOnce: the line moves every 40 ms, so a page may be second in it and not third;
// a form, which goes in front of them, may join longer; and when the line moves faster again, so may pages.
func TestWhoWouldWaitTooLongIsTurnedAwayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := small
		limits.Line = 100
		d := New(limits)
		call(d, false)
		call(d, false)
		move := func(every time.Duration, times int) {
			for range times {
				c := call(d, true)
				time.Sleep(every)
				leave(d)
				c.is(t, "inside")
			}
		}
		move(40*time.Millisecond, 20*paceOver)
		call(d, false).is(t, "waiting")
		call(d, false).is(t, "waiting")
		call(d, false).is(t, "turned away")
		for range 7 {
			call(d, true).is(t, "waiting")
		}
		call(d, true).is(t, "turned away")
		time.Sleep(2 * limits.Patience) // all leave the line
		move(5*time.Millisecond, 20*paceOver)
		for range 19 {
			call(d, false).is(t, "waiting")
		}
		call(d, false).is(t, "turned away")
		time.Sleep(2 * limits.Patience)
	})
}

// TestALineThatStandsStillIsNotJoined: the pace of better times says nothing when nobody leaves any more.
func TestALineThatStandsStillIsNotJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		call(d, false)
		call(d, false)
		call(d, false).is(t, "waiting")
		time.Sleep(small.Wait)
		call(d, false).is(t, "waiting")
		time.Sleep(time.Millisecond)
		call(d, false).is(t, "turned away")
		call(d, true).is(t, "waiting")
		time.Sleep(small.Patience - small.Wait)
		call(d, true).is(t, "turned away")
		time.Sleep(2 * small.Patience)
	})
}

func TestDefaults(t *testing.T) {
	d := New(Limits{Inside: 10})
	if d.limits != (Limits{10, 160, 50 * time.Millisecond, 200 * time.Millisecond}) {
		t.Errorf("%+v", d.limits)
	}
	if New(Limits{}).limits.Inside < 64 {
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
