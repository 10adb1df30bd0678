package web

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/letters"
)

// Server-sent events of home: that something is new, never what. Such an answer is short, so that it ends with the process and
// the login, and the browser asks again by itself.
const (
	homeEventsPath = "/home/events"
	eventTime      = 20 * time.Second // how long one answer goes on
	eventPause     = 2 * time.Second  // between two looks
	maxEvents      = 256              // answers under way at once, in this process
	maxOwnEvents   = 3                // and for one member
)

// listening counts the answers under way.
type listening struct {
	mu  sync.Mutex
	all int
	of  map[core.ID]int
}

// enter takes a place; ok is false when there is none.
func (l *listening) enter(member core.ID) (ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= maxEvents || l.of[member] >= maxOwnEvents {
		return false
	}
	if l.of == nil {
		l.of = map[core.ID]int{}
	}
	l.all++
	l.of[member]++
	return true
}

func (l *listening) leave(member core.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.of[member]--; l.of[member] == 0 {
		delete(l.of, member)
	}
}

// A watch looks for what is new to a member, after the request that asked for it.
type watch struct {
	site   *Site
	viewer core.Viewer
}

func watchOf(v *visit) watch { return watch{v.site, v.viewer()} }

// mark changes when the first of one of the stream's lists does, or what waits for the member.
func (w watch) mark(ctx context.Context) string {
	one, c := core.Page{Size: 1}, w.site.core
	entries, _, err := c.Journal.FriendsDiaries(ctx, w.viewer.Member, one)
	if err != nil {
		return ""
	}
	albums, _, _ := c.Album.FriendsAlbums(ctx, w.viewer, one)
	films, _, _ := c.Album.FriendsFilms(ctx, w.viewer, one)
	posts, _, _ := c.Community.Newest(ctx, w.viewer.Member, one)
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&b, "e%d", e.ID)
	}
	for _, a := range albums {
		fmt.Fprintf(&b, "a%d.%d", a.ID, a.UpdatedAt.Unix())
	}
	for _, f := range films {
		fmt.Fprintf(&b, "f%d", f.ID)
	}
	for _, p := range posts {
		fmt.Fprintf(&b, "p%d.%d", p.ID, p.Comments)
	}
	return version(b.String())
}

// homeEvents answers a script with events while something may become new. Without a place, and for who is no script, there is
// nothing: a page is as new as its loading.
func (v chorePages) homeEvents() error {
	if !strings.Contains(string(v.ctx.Request.Header.Peek("Accept")), "text/event-stream") || v.ctx.IsHead() || !v.site.listening.enter(v.member.ID) {
		v.ctx.SetStatusCode(fasthttp.StatusNoContent)
		return nil
	}
	from := string(v.ctx.Request.Header.Peek("Last-Event-ID"))
	if from == "" {
		from = v.query("mark")
	}
	v.ctx.SetContentType("text/event-stream; charset=UTF-8")
	v.ctx.Response.Header.Set("X-Accel-Buffering", "no")
	v.ctx.SetBodyStream(&events{watch: watchOf(v.visit), mark: from, until: time.Now().Add(eventTime), next: "retry: 3000\n\n"}, -1)
	return nil
}

// events are the body of such an answer: whoever reads it waits.
type events struct {
	watch
	mark   string
	until  time.Time
	next   string // not read yet
	closed sync.Once
}

// Read implements io.Reader.
func (e *events) Read(p []byte) (int, error) {
	for e.next == "" {
		if time.Now().After(e.until) {
			return 0, io.EOF
		}
		time.Sleep(eventPause)
		e.look()
	}
	n := copy(p, e.next)
	e.next = e.next[n:]
	return n, nil
}

// look says what is new since the last look, or breathes, so that a connection which is gone is noticed.
func (e *events) look() {
	ctx, cancel := context.WithTimeout(context.Background(), eventPause)
	defer cancel()
	e.next = ":\n\n"
	mark := e.watch.mark(ctx)
	if mark == "" || mark == e.mark {
		return
	}
	all, messages, err := e.site.core.News.Waiting(ctx, e.viewer.Member, letters.MessageNews)
	if err != nil {
		return
	}
	data, err := json.Marshal(map[string]int{noticesPath: all, messagesPath: messages})
	if err != nil {
		return
	}
	e.mark, e.next = mark, "id: "+mark+"\ndata: "+string(data)+"\n\n"
}

// Close implements io.Closer: the place is free.
func (e *events) Close() error {
	e.closed.Do(func() { e.site.listening.leave(e.viewer.Member) })
	return nil
}
