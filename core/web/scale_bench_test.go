package web

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/seed"
)

// populate fills a world with made-up members and gives sessions of some of them.
func populate(b *testing.B, members, sessions int) (w *world, people []core.Member, tokens []string) {
	w = newWorld(b)
	w.clock.now = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	if _, err := seed.Fill(b.Context(), w.core, seed.FillOptions{Members: members, Seed: 1, Password: password}); err != nil {
		b.Fatal(err)
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for range sessions {
		token, s, err := w.core.Account.Login(b.Context(), seed.Mail(1, dice.IntN(members)), password, "PC")
		if err != nil {
			b.Fatal(err)
		}
		m, err := w.store.Desk.Member(b.Context(), s.Member)
		if err != nil {
			b.Fatal(err)
		}
		people, tokens = append(people, m), append(tokens, token)
	}
	return w, people, tokens
}

// processorTime is what this process has used, all threads.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkScale is what pages cost in communities of two sizes, for members who were here a moment ago (warm) and for
// ones whom nobody has seen since the start (cold).
func BenchmarkScale(b *testing.B) {
	for _, members := range []int{1000, 100_000} {
		w, people, tokens := populate(b, members, 100)
		friendOf := func(i int) core.ID {
			ids, err := w.store.People.FriendIDs(context.Background(), people[i].ID)
			if err != nil || len(ids) == 0 {
				return people[i].ID
			}
			return ids[len(ids)/2]
		}
		kinds := []struct {
			name string
			path func(i int) string
		}{
			{"home", func(int) string { return homePath }},
			{"diary", func(i int) string {
				lines, err := w.store.Journal.FriendsDiaryLines(context.Background(), people[i].ID, core.Page{Size: 1})
				if err != nil || len(lines) == 0 {
					return "/diary/newest"
				}
				return diaryPath(lines[0].Owner, lines[0].ID)
			}},
			{"topic", func(i int) string {
				list, err := w.store.Community.NewestThreads(context.Background(), people[i].ID, core.Page{Size: 1})
				if err != nil || len(list) == 0 {
					return communityFindPath
				}
				return communityThreadPath(&list[0])
			}},
			{"community", func(i int) string {
				list, err := w.store.Community.Memberships(context.Background(), people[i].ID, core.Page{Size: 1})
				if err != nil || len(list) == 0 {
					return communityFindPath
				}
				return communityIDPath(list[0].ID)
			}},
			{"communities", func(int) string { return communityFindPath }},
			{"profile", func(i int) string { return memberPath(friendOf(i)) }},
			{"stranger", func(i int) string { return memberPath(people[(i+1)%len(people)].ID) }},
			{"friends", func(int) string { return "/friends" }},
			{"newest", func(int) string { return "/diary/newest" }},
		}
		for _, k := range kinds {
			paths := make([]string, len(people))
			for i := range people {
				paths[i] = k.path(i)
			}
			b.Run(fmt.Sprintf("members=%d/%s", members, k.name), func(b *testing.B) {
				var ctx fasthttp.RequestCtx // one, as a connection has it
				get := func(i int) int {
					var req fasthttp.Request
					req.SetRequestURI(paths[i])
					req.Header.SetHost("musubi.example")
					req.Header.SetCookie(sessionCookie, tokens[i])
					ctx.Response.Reset()
					ctx.Init(&req, nil, nil)
					w.site.Handler(&ctx)
					if code := ctx.Response.StatusCode(); code != 200 {
						b.Fatal(paths[i], code)
					}
					return len(ctx.Response.Body())
				}
				start, bytes := processorTime(), 0
				for i := range people {
					bytes += get(i)
				}
				cold := processorTime() - start
				b.ReportAllocs()
				b.ResetTimer()
				start = processorTime()
				n := 0
				for b.Loop() {
					get(n % len(people))
					n++
				}
				b.ReportMetric(float64((processorTime()-start).Microseconds())/float64(n), "cpu-µs/op")
				if k.name == "home" {
					b.ReportMetric(w.withCommunities(n, get), "times-without-communities")
				}
				b.ReportMetric(float64(cold.Microseconds())/float64(len(people)), "cold-cpu-µs")
				b.ReportMetric(float64(bytes)/float64(len(people)), "page-bytes")
			})
		}
	}
}

// withCommunities is how many times as much home costs as it would without communities: both in turns, so that whatever else the machine
// does meets both.
func (w *world) withCommunities(n int, ask func(i int) int) float64 {
	at := endpoint{get, homePath}
	with := w.site.handlers[at]
	defer func() { w.site.handlers[at] = with }()
	without := handle(func(v chorePages) error {
		p := &homePage{frame: frame(v)}
		if err := v.fromFriends(p, false); err != nil {
			return err
		}
		return v.showHome(p)
	})
	var spent [2]time.Duration
	for turn := range max(n/50, 2) {
		w.site.handlers[at] = [2]handler{with, without}[turn%2]
		start := processorTime()
		for i := range 100 {
			ask(i)
		}
		spent[turn%2] += processorTime() - start
	}
	return float64(spent[0]) / float64(spent[1])
}
