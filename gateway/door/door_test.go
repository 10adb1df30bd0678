package door

import (
	"testing"
	"testing/synctest"
	"time"
)

// A caller is one request before the door: answer holds what Enter said, once it has said it.
type caller struct{ answer chan bool }

func call(d *Door, k Kind) caller {
	c := caller{make(chan bool, 1)}
	go func() { c.answer <- d.Enter(k) }()
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

// all calls n times and wants the same of each.
func all(t *testing.T, d *Door, k Kind, n int, want string) {
	t.Helper()
	for range n {
		call(d, k).is(t, want)
	}
}

// leave makes room and lets those run who may now go in.
func leave(d *Door, k Kind) { d.Leave(k); synctest.Wait() }

// losePatience lets so much time go by that all leave the line.
func losePatience() { time.Sleep(small.Patience); synctest.Wait() }

func (s State) is(t *testing.T, inside, waiting int, away uint64) {
	t.Helper()
	if want := (State{inside, waiting, away}); s != want {
		t.Errorf("%+v, want %+v", s, want)
	}
}

var small = Limits{Inside: 2, Forms: 2, Labors: 2, Line: 3, Wait: 100 * time.Millisecond, FormWait: 300 * time.Millisecond, Patience: 200 * time.Millisecond,
	LaborWait: 300 * time.Millisecond, LaborPatience: 200 * time.Millisecond}

func TestALineIsServedInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		all(t, d, Page, 2, "inside")
		first, second := call(d, Page), call(d, Page)
		d.State(Page).is(t, 2, 2, 0)
		for _, next := range []caller{first, second} {
			next.is(t, "waiting")
			leave(d, Page)
			next.is(t, "inside")
		}
		leave(d, Page)
		leave(d, Page)
		d.State(Page).is(t, 0, 0, 0)
	})
}

// TestNoKindKeepsAnotherOut: with every place of a kind taken and its line full, the others come in as if nobody were there,
// and each line moves for itself.
func TestNoKindKeepsAnotherOut(t *testing.T) {
	for _, crowd := range Kinds {
		synctest.Test(t, func(t *testing.T) {
			d := New(small)
			for d.State(crowd).Waiting < small.Line {
				call(d, crowd)
			}
			waiting := d.State(crowd)
			for _, k := range Kinds {
				if k == crowd {
					continue
				}
				all(t, d, k, small.Inside, "inside")
				next := call(d, k)
				next.is(t, "waiting")
				leave(d, k)
				next.is(t, "inside")
			}
			all(t, d, Free, 3, "inside")
			d.Leave(Free)
			if now := d.State(crowd); now != waiting {
				t.Errorf("the crowd of %ss was %+v and is %+v", crowd, waiting, now)
			}
			losePatience()
		})
	}
}

func TestAFullLineTurnsAwayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		all(t, d, Form, small.Inside, "inside")
		all(t, d, Form, small.Line, "waiting")
		all(t, d, Form, 2, "turned away")
		d.State(Form).is(t, small.Inside, small.Line, 2)
		losePatience()
		d.State(Form).is(t, small.Inside, 0, 2+uint64(small.Line))
	})
}

func TestNobodyWaitsLongerThanPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		all(t, d, Page, 2, "inside")
		all(t, d, Form, 2, "inside")
		page, form := call(d, Page), call(d, Form)
		time.Sleep(small.Patience - time.Millisecond)
		page.is(t, "waiting")
		form.is(t, "waiting")
		time.Sleep(time.Millisecond)
		page.is(t, "turned away")
		form.is(t, "turned away")
		leave(d, Page)
		d.State(Page).is(t, 1, 0, 1) // no place was given to who had left
		all(t, d, Page, 1, "inside")
	})
}

// TestWhoGaveUpIsPassedOver: the place goes to the first who still waits.
func TestWhoGaveUpIsPassedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		all(t, d, Page, 2, "inside")
		first := call(d, Page)
		time.Sleep(small.Wait)
		second := call(d, Page)
		time.Sleep(small.Wait)
		first.is(t, "turned away")
		second.is(t, "waiting")
		d.State(Page).is(t, 2, 1, 1)
		leave(d, Page)
		second.is(t, "inside")
	})
}

// TestWhoWouldWaitTooLongIsTurnedAwayAtOnce: the line moves every 40 ms, so a form, which may wait 300, may be seventh in it and a
// page, which may wait less, only one of few; when the line moves faster again, it may be longer.
func TestWhoWouldWaitTooLongIsTurnedAwayAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := small
		limits.Line = 100
		for _, row := range []struct {
			kind             Kind
			everyForty, five int // how many may stand in line
		}{{Page, fewPages * small.Inside, 20}, {Form, 7, 60}} {
			d := New(limits)
			all(t, d, row.kind, limits.Inside, "inside")
			move := func(every time.Duration) {
				for range 20 * paceOver {
					c := call(d, row.kind)
					time.Sleep(every)
					leave(d, row.kind)
					c.is(t, "inside")
				}
			}
			move(40 * time.Millisecond)
			all(t, d, row.kind, row.everyForty, "waiting")
			all(t, d, row.kind, 1, "turned away")
			losePatience()
			move(5 * time.Millisecond)
			all(t, d, row.kind, row.five-1, "waiting") // the mean comes near 5 ms and stays a little above
			all(t, d, row.kind, 1, "turned away")
			losePatience()
		}
	})
}

// TestTheFirstMovesCount: at the beginning of a rush the pace is known after a few moves, not after as many as the mean is
// taken over: until then everybody would join.
func TestTheFirstMovesCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := small
		limits.Line = 100
		d := New(limits)
		all(t, d, Form, limits.Forms, "inside")
		all(t, d, Form, 4, "waiting")
		for range 2 {
			time.Sleep(75 * time.Millisecond)
			leave(d, Form)
		}
		d.State(Form).is(t, limits.Forms, 2, 0)
		all(t, d, Form, 2, "waiting")
		all(t, d, Form, 1, "turned away")
		losePatience()
	})
}

// TestFewInLineAreNoRush: however slowly the line moves, as few may wait as long as patience lasts, and no more.
func TestFewInLineAreNoRush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := small
		limits.Line = 100
		for _, every := range []time.Duration{25 * time.Millisecond, 100 * time.Millisecond} {
			d := New(limits)
			all(t, d, Page, small.Inside, "inside")
			for range 20 * paceOver {
				c := call(d, Page)
				time.Sleep(every)
				leave(d, Page)
				c.is(t, "inside")
			}
			all(t, d, Page, fewPages*small.Inside, "waiting")
			all(t, d, Page, 1, "turned away")
			losePatience()
		}
	})
}

// TestABurstIsNoRush: a line that is young may be long; one that stays only as long as it must.
func TestABurstIsNoRush(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		limits := small
		limits.Line, limits.Wait = 100, 50*time.Millisecond
		d := New(limits)
		all(t, d, Page, limits.Inside, "inside")
		const every = 5 * time.Millisecond // one leaves, and as many come as there is room for
		deep := 0
		for at := time.Duration(0); at < 2*burst; at += every {
			for away := d.State(Page).TurnedAway; d.State(Page).TurnedAway == away; {
				call(d, Page)
			}
			deep = d.State(Page).Waiting
			if at == burst-every && deep < 19 {
				t.Errorf("%d wait in a burst, want as many as are let in within half of the patience", deep)
			}
			time.Sleep(every)
			leave(d, Page)
		}
		if deep > 10 {
			t.Errorf("%d wait in a rush, want as many as are let in within %v", deep, limits.Wait)
		}
		losePatience()
	})
}

// TestALineThatStandsStillIsNotJoined: the pace of better times says nothing when nobody leaves any more; and the pace of the
// worst says nothing once it is over.
func TestALineThatStandsStillIsNotJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(small)
		all(t, d, Page, 2, "inside")
		all(t, d, Page, 1, "waiting")
		time.Sleep(small.Wait)
		second := call(d, Page)
		time.Sleep(small.Wait - time.Millisecond)
		all(t, d, Page, 1, "waiting")
		time.Sleep(2 * time.Millisecond) // the first has given up
		all(t, d, Page, 1, "turned away")
		leave(d, Page)
		second.is(t, "inside")
		losePatience()
		for range 20 * paceOver { // the line moves fast again, and is long again
			c := call(d, Page)
			c.is(t, "waiting")
			time.Sleep(time.Millisecond)
			leave(d, Page)
		}
		all(t, d, Page, small.Line, "waiting")
		losePatience()
	})
}

// TestASlowDiskTurnsNobodyAway: 64 members who post again and again before a disk that takes its time for each COMMIT, and as many
// as one COMMIT takes.
func TestASlowDiskTurnsNobodyAway(t *testing.T) {
	for _, members := range []int{64, Group} {
		for _, flush := range []time.Duration{25 * time.Millisecond, time.Second} {
			synctest.Test(t, func(t *testing.T) {
				d := New(Limits{Inside: 8})
				for range 20 { // what was written together is answered together
					all(t, d, Form, members, "inside")
					time.Sleep(flush)
					for range members {
						leave(d, Form)
					}
				}
				d.State(Form).is(t, 0, 0, 0)
			})
		}
	}
}

// TestAMorningOfLogins: two hundred log in at once where two passwords are hashed at a time, and all get in.
func TestAMorningOfLogins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := New(Limits{Inside: 8})
		all(t, d, Labor, 16, "inside")
		all(t, d, Labor, 184, "waiting")
		for range 100 {
			time.Sleep(50 * time.Millisecond)
			leave(d, Labor)
			leave(d, Labor)
		}
		d.State(Labor).is(t, 0, 0, 0)
	})
}

func TestDefaults(t *testing.T) {
	if l := (Limits{Inside: 10}).withDefaults(); l != (Limits{10, Group, 20, 320, 30 * time.Millisecond, 90 * time.Millisecond, 300 * time.Millisecond, 5 * time.Second, 10 * time.Second}) {
		t.Errorf("%+v", l)
	}
	if l := (Limits{}).withDefaults(); l.Inside < 8 || l.Forms < 16 || l.Labors < 16 {
		t.Errorf("nobody gets in: %+v", l)
	}
}

func BenchmarkEnter(b *testing.B) {
	d := New(Limits{})
	for b.Loop() {
		d.Enter(Page)
		d.Leave(Page)
	}
}

// BenchmarkTurnAway is what it costs to find out that there is no place.
func BenchmarkTurnAway(b *testing.B) {
	d := New(Limits{Inside: 1, Line: 1, Wait: time.Hour})
	d.Enter(Page)
	go d.Enter(Page)
	for d.State(Page).Waiting == 0 {
		time.Sleep(time.Millisecond) // the other is on their way
	}
	b.ReportAllocs()
	for b.Loop() {
		if d.Enter(Page) {
			b.Fatal("let in")
		}
	}
}
