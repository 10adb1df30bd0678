package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"musubi/gateway/phone"
)

// Plays of music come beside the pages: 12 million a day are 140 a second, an evening's peak a thousand.
const (
	usualPlays = 140
	mostPlays  = 1000
	songs      = 50_000 // of which some are heard by everybody
)

var playerKey = regexp.MustCompile(`<code>([0-9A-Za-z_-]{16,})</code>`)

// keys makes a key for the player of each member who sits at a PC.
func (c *crowd) keys() (keys []string, err error) {
	for _, m := range c.all {
		if m.client != 0 {
			continue
		}
		page, err := m.phone.Get("/music/settings")
		if err != nil {
			return nil, err
		}
		form := slices.IndexFunc(page.Forms, func(f phone.Form) bool { return pathOf(f.Action) == "/music/settings/key" })
		if form < 0 {
			return nil, errors.New("/music/settings has no form that makes a key")
		}
		if page, err = m.phone.Submit(form, "player", "bench"); err != nil {
			return nil, err
		}
		found := playerKey.FindSubmatch(page.Body)
		if found == nil {
			return nil, fmt.Errorf("no key on %s: %q", page.URL, page.Title)
		}
		keys = append(keys, string(found[1]))
	}
	return keys, nil
}

// plays are n requests of players, one play in each, from a time on: as many to each song as songs of charts have, most to few.
func plays(host string, keys []string, n int, from time.Time) [][]byte {
	d := rand.New(rand.NewPCG(3, 4))
	which := rand.NewZipf(d, 1.1, 20, songs-1)
	requests := make([][]byte, n)
	for i := range requests {
		song := which.Uint64()
		body := fmt.Sprintf(`{"listen_type":"single","payload":[{"listened_at":%d,"track_metadata":{"artist_name":"歌手%d","track_name":"曲%d","release_name":"盤%d","additional_info":{"duration_ms":240000}}}]}`,
			from.Unix()+int64(i/len(keys)), song/12, song, song/6)
		requests[i] = fmt.Appendf(nil, "POST /1/submit-listens HTTP/1.1\r\nHost: %s\r\nAuthorization: Token %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
			host, keys[i%len(keys)], len(body), body)
	}
	return requests
}

// played measures what plays cost beside half of the mix, which arrives at a steady rate.
func (b *bench) played(ctx context.Context, rate float64) error {
	keys, err := b.crowd.keys()
	if err != nil {
		return err
	}
	pages := rate * usualFactor
	phases := []float64{0, usualPlays, mostPlays, 0}
	needed := int(pages * b.length.Seconds() * float64(len(phases)))
	posts, err := b.crowd.posts(ctx, needed*share[post]/100)
	if err != nil {
		return err
	}
	plan := b.crowd.mix(needed, posts)
	host := strings.TrimPrefix(b.site.url, "http://")
	b.say("\nPlays of music beside half of the mix, each a request of its own, %d players, %d songs:\n\n", len(keys), songs)
	b.say("| plays/s | taken | p50 ms | p99 ms | pages/s | p50 ms | p99 ms | processors | CPU-µs a play |\n|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	alone, from := 0.0, time.Now().Add(-13*24*time.Hour)
	for i, perSecond := range phases {
		n := int(pages * b.length.Seconds())
		requests := plays(host, keys, int(perSecond*b.length.Seconds()), from.Add(time.Duration(i)*24*time.Hour))
		used, began := b.site.used(), time.Now()
		var sent, shown answers
		var both sync.WaitGroup
		both.Go(func() { sent = arrive(ctx, host, requests, max(perSecond, 1)) })
		both.Go(func() { shown = arrive(ctx, host, plan[:n], pages) })
		both.Wait()
		plan = plan[n:]
		took := time.Since(began).Seconds()
		processors := (b.site.used() - used).Seconds() / took
		if i == 0 {
			alone = processors
		}
		taken, read, cost := sent.times(answered), shown.times(answered), "–"
		if perSecond > 0 {
			cost = fmt.Sprintf("%.0f", (processors-alone)/(float64(len(taken))/took)*1e6)
		}
		b.say("| %.0f | %d of %d | %.1f | %.1f | %.0f | %.1f | %.1f | %.2f | %s |\n", perSecond, len(taken), len(sent), taken.at(50), taken.at(99),
			float64(len(read))/took, read.at(50), read.at(99), processors, cost)
	}
	return nil
}
