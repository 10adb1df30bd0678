package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/network"
	"musubi/core/people"
)

// total flushes the visits and reads a member's counter.
func (w *world) total(m core.Member) int {
	w.t.Helper()
	if err := w.core.People.FlushVisits(context.Background()); err != nil {
		w.t.Fatal(err)
	}
	b, err := w.core.People.FootprintBook(context.Background(), m.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return b.Total
}

func TestFootprintStory(t *testing.T) {
	w := newWorld(t)
	host, guest := w.member("花子"), w.member("太郎")
	entry := w.diary(host, "きょうの空", core.Everyone)
	h, g := w.as(host), w.as(guest)
	w.contains(h.get("/home"), `href="/footprints"`)
	w.contains(h.get(footprintsPath), "まだ足あとはありません", "これまでの足あと: 0")
	g.get(memberPath(host.ID))
	w.clock.advance(time.Minute)
	g.get(diaryPath(host.ID, entry.ID))
	h.get("/member")
	h.get(diaryPath(host.ID, entry.ID))
	if n := w.total(host); n != 1 {
		t.Errorf("%d visits, want 1: one's own are none, and a minute later is still the same", n)
	}
	page := h.get(footprintsPath)
	w.contains(page, "これまでの足あと: 1", "2007年03月03日 21:01", ">太郎</a>")
	w.clock.advance(time.Hour)
	g.get(diaryListPath(host.ID))
	if n := w.total(host); n != 2 {
		t.Errorf("%d visits, want 2", n)
	}
	page = h.get(footprintsPath)
	w.contains(page, "2007年03月03日 22:01")
	if n := strings.Count(page.body, ">太郎</a>"); n != 1 {
		t.Errorf("%d lines for a visitor's day, want 1", n)
	}
	w.clock.advance(2 * time.Hour) // over midnight in Japan
	g.get(morePath(host.ID))
	w.total(host)
	page = h.get(footprintsPath)
	w.contains(page, "2007年03月04日 00:01", "2007年03月03日 22:01", "これまでの足あと: 3")
	if strings.Contains(g.get(footprintsPath).body, "花子") {
		t.Error("whoever was visited stands in the visitor's list")
	}
}

// Which looks at a page are one visit.
func TestFootprintFolding(t *testing.T) {
	midnight := time.Date(2007, 3, 3, 23, 58, 0, 0, time.FixedZone("JST", 9*60*60))
	rows := []struct {
		name         string
		after        []time.Duration // since midnight less two minutes, in turn
		total, lines int
	}{
		{"once", []time.Duration{0}, 1, 1},
		{"twice at once", []time.Duration{0, 0}, 1, 1},
		{"just within", []time.Duration{0, time.Minute, 5 * time.Minute}, 1, 2},
		{"a long sitting", []time.Duration{0, 4 * time.Minute, 8 * time.Minute, 12 * time.Minute}, 1, 2},
		{"back after five minutes", []time.Duration{-time.Hour, -55 * time.Minute}, 2, 1},
		{"back on another day", []time.Duration{0, 24 * time.Hour, 48 * time.Hour}, 3, 3},
	}
	for _, r := range rows {
		for _, batch := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/in one batch %v", r.name, batch), func(t *testing.T) {
				w := newWorld(t)
				host, guest := w.member("花子"), w.member("太郎")
				for _, d := range r.after {
					w.core.People.LeaveFootprint(guest.ID, host.ID, midnight.Add(d))
					if !batch {
						w.total(host)
					}
				}
				total := w.total(host)
				lines, _, err := w.core.People.Footprints(t.Context(), host.ID, core.Page{Size: 10})
				if err != nil || total != r.total || len(lines) != r.lines {
					t.Errorf("%d visits in %d lines (%v), want %d in %d", total, len(lines), err, r.total, r.lines)
				}
			})
		}
	}
}

// Old lines roll off; the total does not, and the pages show what is left.
func TestFootprintsRollOff(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	host := w.member("花子")
	const visitors = people.MaxFootprints + 20
	err := w.core.Bulk(ctx, func(ctx context.Context) error {
		for i := range visitors {
			m, err := w.core.Account.CreateMember(ctx, account.NewMember{Name: fmt.Sprintf("客%03d", i), Mail: fmt.Sprintf("%d@example.jp", i), PasswordHash: w.hash})
			if err != nil {
				return err
			}
			w.core.People.LeaveFootprint(m.ID, host.ID, w.clock.Now().Add(time.Duration(i)*time.Second))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := w.total(host); n != visitors {
		t.Errorf("%d visits are counted, want %d", n, visitors)
	}
	h, seen := w.as(host), ""
	for page := 1; page <= people.MaxFootprints/footprintRows+1; page++ {
		seen += h.get(pagePath(footprintsPath, page)).body
	}
	for i := range visitors {
		if got, want := strings.Count(seen, fmt.Sprintf("客%03d", i)), min(i/20, 1); got != want {
			t.Errorf("visitor %d stands on the pages %d times, want %d", i, got, want)
		}
	}
}

func TestRoundNumber(t *testing.T) {
	w := newWorld(t)
	host := w.member("花子")
	h := w.as(host)
	guests := []core.Member{w.member("一郎"), w.member("二郎"), w.member("三郎")}
	set := func(typed string) reply {
		return w.press(h, footprintsPath, url.Values{"round": {typed}, "set": {"1"}})
	}
	for _, wrong := range []string{"0", "-3", "abc", "1000000000", "2.5", "99999999999999999999"} {
		w.contains(set(wrong), "9桁までの数を入力してください", `value="`+wrong+`"`)
	}
	if got := set("１，０００"); got.location != footprintsPath {
		t.Fatalf("full-width digits: %d", got.status)
	}
	w.contains(h.get(footprintsPath), `value="1000"`)
	set("2")
	for _, g := range guests { // all within one batch: the order they came in counts
		w.as(g).get(memberPath(host.ID))
	}
	if n := w.total(host); n != 3 {
		t.Fatalf("%d visits, want 3", n)
	}
	home := h.get("/home")
	w.contains(home, "足あとがキリ番2になりました: 二郎さん", `<a href="/footprints">足あとがキリ番2`)
	page := h.get(footprintsPath)
	w.contains(page, "キリ番2: ", ">二郎</a>", `name="round" value=""`)
	if strings.Contains(h.get("/home").body, "キリ番") {
		t.Error("home tells of the round number after the member has looked")
	}
	w.contains(set("3"), "9桁までの数を入力してください")
	set("4")
	set("") // waits for none any more
	w.clock.advance(time.Hour)
	w.as(guests[0]).get(memberPath(host.ID))
	w.total(host)
	if strings.Contains(h.get("/home").body, "キリ番") {
		t.Error("a number that was taken back is told")
	}
}

func TestStealth(t *testing.T) {
	for _, allowed := range []bool{false, true} {
		w := newWorldWith(t, func(c *network.Config) { c.Stealth = allowed })
		host, guest := w.member("花子"), w.member("太郎")
		g := w.as(guest)
		if offered := shows(g, footprintsPath, "忍び足"); offered != allowed {
			t.Errorf("allowed %v: offered %v", allowed, offered)
		}
		got := w.press(g, footprintsPath, url.Values{"hide": {"1"}})
		if (got.status == 404) == allowed {
			t.Errorf("allowed %v: switching it on gives %d", allowed, got.status)
		}
		g.get(memberPath(host.ID))
		if n := w.total(host); (n == 0) != allowed {
			t.Errorf("allowed %v: %d visits", allowed, n)
		}
		if !allowed {
			continue
		}
		w.contains(g.get(footprintsPath), "あなたの足あとはつきません")
		w.press(g, footprintsPath, url.Values{"show": {"1"}})
		g.get(memberPath(host.ID))
		if n := w.total(host); n != 1 {
			t.Errorf("after stealth %d visits, want 1", n)
		}
	}
}

// Stealth is the operator's to allow: when they forbid it again, members who chose it leave footprints.
func TestStealthForbiddenAgain(t *testing.T) {
	w := newWorld(t)
	host, guest := w.member("花子"), w.member("太郎")
	if err := w.store.People.SetStealth(t.Context(), guest.ID, true); err != nil {
		t.Fatal(err)
	}
	w.as(guest).get(memberPath(host.ID))
	if n := w.total(host); n != 1 {
		t.Errorf("%d visits, want 1", n)
	}
}

// Between members with a block nobody leaves footprints, old ones are hidden on both sides, and a round number that the
// blocked member made is not told.
func TestSEC113_Footprints(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	a, b := w.member("甲野"), w.member("乙川")
	browsers := map[core.ID]*browser{a.ID: w.as(a), b.ID: w.as(b)}
	pairs := [][2]core.Member{{a, b}, {b, a}}
	for _, p := range pairs {
		if err := w.core.People.SetRound(ctx, p[0].ID, "1"); err != nil {
			t.Fatal(err)
		}
		browsers[p[1].ID].get(memberPath(p[0].ID))
		w.total(p[0])
		w.contains(browsers[p[0].ID].get("/home"), p[1].Name)
	}
	browsers[a.ID].get(memberPath(b.ID)) // waits to be stored when the block comes
	if err := w.core.People.Block(ctx, a.ID, b.ID); err != nil {
		t.Fatal(err)
	}
	for _, p := range pairs {
		w.clock.advance(time.Hour)
		if r := browsers[p[1].ID].get(memberPath(p[0].ID)); r.status != 404 {
			t.Errorf("behind the block: %d", r.status)
		}
		if n := w.total(p[0]); n != 1 {
			t.Errorf("%s has %d visits after the block, want 1", p[0].Name, n)
		}
		for _, path := range []string{"/home", footprintsPath} {
			if shows(browsers[p[0].ID], path, p[1].Name) {
				t.Errorf("%s shows %s to %s", path, p[1].Name, p[0].Name)
			}
		}
	}
}

// Run stores what waits when the process ends, and pages do not wait for it before.
func TestFootprintsAreStoredOnExit(t *testing.T) {
	w := newWorld(t)
	host, guest := w.member("花子"), w.member("太郎")
	w.core.People.LeaveFootprint(guest.ID, host.ID, w.clock.Now())
	if b, err := w.core.People.FootprintBook(t.Context(), host.ID); err != nil || b.Total != 0 {
		t.Fatalf("the page wrote to the database: %+v, %v", b, err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	w.core.Chores.RunHere(ctx, func(err error) {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	if b, err := w.core.People.FootprintBook(t.Context(), host.ID); err != nil || b.Total != 1 {
		t.Errorf("after the end: %+v, %v", b, err)
	}
}

// rush leaves n visits of different hours.
func (w *world) rush(host, guest core.Member, n int) {
	for i := range n {
		w.core.People.LeaveFootprint(guest.ID, host.ID, w.clock.Now().Add(time.Duration(i)*time.Hour))
	}
}

// What waits is bounded: a visit too many is lost.
func TestFootprintsOfARushAreBounded(t *testing.T) {
	w := newWorld(t)
	host, guest := w.member("花子"), w.member("太郎")
	w.rush(host, guest, 20000)
	if n := w.total(host); n != 16384 {
		t.Errorf("%d visits waited, want 16384", n)
	}
}

// Many visits are stored soon: all of a rush within a second on the clock of those who store them, which stands still while
// any of them works.
func TestFootprintsOfARushAreStoredSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		host, guest := w.member("花子"), w.member("太郎")
		w.rush(host, guest, 8192)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); w.core.Chores.RunHere(ctx, func(err error) { t.Error(err) }) }()
		time.Sleep(time.Second)
		synctest.Wait()
		if b, err := w.core.People.FootprintBook(t.Context(), host.ID); err != nil || b.Total != 8192 {
			t.Errorf("%d visits were stored within a second, %v; want 8192", b.Total, err)
		}
		stop()
		<-ended
	})
}

// What a page pays for a footprint.
func BenchmarkLeaveFootprint(b *testing.B) {
	w := newWorld(b)
	host, guest := w.member("花子"), w.member("太郎")
	now := w.clock.Now()
	b.ReportAllocs()
	for b.Loop() {
		w.core.People.LeaveFootprint(guest.ID, host.ID, now)
	}
}
