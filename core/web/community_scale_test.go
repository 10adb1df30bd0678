package web

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/chores"
	"musubi/core/community"
	"musubi/core/files"
	"musubi/core/network"
	"musubi/core/store"
	"musubi/core/store/engine"
)

// A metropolis has one community of many members, with a full topic, an event and a poll, and one member who is in many communities.
type metropolis struct {
	*world
	ctx             context.Context
	token           string
	me              core.ID
	in              core.ID // the community
	topic, ev, poll core.ID
	members         int
	someone         core.ID
	middle          community.Mark // of the list of members
	midTopic        community.Mark // of the list of topics
}

// newMetropolis makes one without a cache in front, with a single reader, so that every page of the database that is looked at counts.
func newMetropolis(t testing.TB, members, communities, comments int) *metropolis {
	t.Helper()
	ctx, dir := t.Context(), t.TempDir()
	st, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "musubi.db"), Readers: 1, MapBytes: 1})
	sure(t, err)
	t.Cleanup(func() { st.Close() })
	w := &world{t: t, store: st, clock: &clock{now: time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC)}}
	w.core, err = network.New(network.Config{Stores: st.Stores(), Blobs: files.Blobs(filepath.Join(dir, "blobs")), Photos: pngMaker{}, Secret: secret, Now: w.clock.Now})
	sure(t, err)
	w.site, err = New(w.core, Config{Secret: secret})
	sure(t, err)
	w.hash, err = w.core.Guard.HashPassword(ctx, password)
	sure(t, err)
	m := &metropolis{world: w, ctx: ctx, members: members}
	me, err := w.core.Account.CreateMember(ctx, account.NewMember{Name: "顔役", Mail: "boss@example.jp", PasswordHash: w.hash})
	sure(t, err)
	m.token, _, err = w.core.Account.Login(ctx, "boss@example.jp", password, "PC")
	sure(t, err)
	m.me = me.ID
	m.settle(me.ID, communities, comments)
	return m
}

// settle stores who is where, in batches.
func (m *metropolis) settle(me core.ID, communities, comments int) {
	m.t.Helper()
	now, made := m.clock.Now().Add(-time.Hour), 0
	next := func() core.ID { // a millisecond has room for some thousand
		made++
		return m.core.Chores.NewID(now.Add(time.Duration(made/500) * time.Millisecond))
	}
	big := community.Made{Community: community.Community{ID: next(), Name: "間取り図大好き", Description: "みんなで", Category: 111, Administrator: me, Members: m.members, CreatedAt: now, TouchedAt: now}}
	m.in = big.ID
	var crowd []core.ID
	for len(crowd) < m.members-1 {
		b := &chores.Batch{}
		for range min(20_000, m.members-1-len(crowd)) {
			id := next()
			b.Members = append(b.Members, chores.BatchMember{Member: core.Member{ID: id, Name: fmt.Sprint("客", len(crowd)), CreatedAt: now}, Mail: fmt.Sprintf("guest%d@example.jp", len(crowd))})
			crowd = append(crowd, id)
		}
		sure(m.t, m.core.Chores.InsertBatch(m.ctx, b))
	}
	m.someone = crowd[len(crowd)/2]
	m.middle = community.Mark{Role: core.RoleMember, At: now.Add(time.Duration(len(crowd)/2) * time.Millisecond), Member: m.someone}
	big.In = append(big.In, community.MadeMember{Member: me, Role: core.RoleAdministrator, JoinedAt: now})
	for i, id := range crowd {
		big.In = append(big.In, community.MadeMember{Member: id, Role: core.RoleMember, JoinedAt: now.Add(time.Duration(i) * time.Millisecond)})
	}
	thread := func(of core.ID, kind community.ThreadKind, title string) community.MadeThread {
		return community.MadeThread{Thread: community.Thread{Community: of, ID: next(), Kind: kind, Author: me, Title: title, Body: "文", CreatedAt: now, LastAt: now}}
	}
	topic := thread(big.ID, community.TopicThread, "千の声")
	for n := range comments {
		topic.Said = append(topic.Said, community.Comment{Number: n + 1, ID: next(), Author: crowd[n*7%len(crowd)], Body: "はい", CreatedAt: now})
	}
	topic.Comments = comments
	event := thread(big.ID, community.EventThread, "お花見")
	event.Event = &community.Event{NewEvent: community.NewEvent{Day: 20070310, Capacity: 100}}
	for i, id := range crowd[:min(len(crowd), community.MaxAttendees)] {
		waits := i >= 100
		event.Seats = append(event.Seats, community.Seat{Member: id, Place: next(), Day: 20070310, Waits: waits, At: now})
		if waits {
			event.Event.Waiting++
		} else {
			event.Event.Joined++
		}
	}
	poll := thread(big.ID, community.PollThread, "どの間取り？")
	poll.Poll = &community.Poll{NewPoll: community.NewPoll{Named: true, Ends: 20070320}, Voters: len(crowd)}
	for n := range community.MaxChoices {
		poll.Poll.Choices = append(poll.Poll.Choices, community.Choice{Number: n + 1, Text: fmt.Sprint("間取り", n)})
	}
	for i, id := range crowd {
		c := &poll.Poll.Choices[i%community.MaxChoices]
		c.Votes++
		poll.Votes = append(poll.Votes, community.Vote{Member: id, Choice: c.Number, At: now})
	}
	m.topic, m.ev, m.poll = topic.ID, event.ID, poll.ID
	big.Threads = append(big.Threads, topic, event, poll)
	topics := max(3*communityRows, m.members/10) // more than a page has, and in a large community more than a thousand pages
	for n := range topics {
		big.Threads = append(big.Threads, thread(big.ID, community.TopicThread, fmt.Sprint("話題", n)))
		if n == topics/2 {
			m.midTopic = community.Mark{At: now, Member: big.Threads[len(big.Threads)-1].ID}
		}
	}
	sure(m.t, m.core.Chores.InsertBatch(m.ctx, &chores.Batch{Communities: []community.Made{big}}))
	b := &chores.Batch{}
	for n := range communities - 1 {
		c := community.Made{Community: community.Community{ID: next(), Name: fmt.Sprint("会", n), Description: "文", Category: 111, Administrator: crowd[0], Members: 2, CreatedAt: now, TouchedAt: now}}
		c.In = []community.MadeMember{{Member: crowd[0], Role: core.RoleAdministrator, JoinedAt: now}, {Member: me, Role: core.RoleMember, JoinedAt: now}}
		for k := range 3 {
			c.Threads = append(c.Threads, thread(c.ID, community.TopicThread, fmt.Sprint("題", k)))
		}
		b.Communities = append(b.Communities, c)
	}
	sure(m.t, m.core.Chores.InsertBatch(m.ctx, b))
}

func sure(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// pages is how many pages of the database a page of the site looks at, the second time: statements are prepared by then.
func (m *metropolis) pages(path string) int {
	m.t.Helper()
	var before, after int
	for range 2 {
		var err error
		before, err = m.store.Engine().PagesRead(m.ctx)
		sure(m.t, err)
		var req fasthttp.Request
		req.SetRequestURI(path)
		req.Header.SetHost("musubi.example")
		req.Header.SetCookie(sessionCookie, m.token)
		var ctx fasthttp.RequestCtx
		ctx.Init(&req, nil, nil)
		m.site.Handler(&ctx)
		if code := ctx.Response.StatusCode(); code != 200 {
			m.t.Fatalf("%s: %d\n%s", path, code, ctx.Response.Body())
		}
		after, err = m.store.Engine().PagesRead(m.ctx)
		sure(m.t, err)
	}
	return after - before
}

// paths are the pages of communities, and of what stands in the large one.
func (m *metropolis) paths() map[string]string {
	id := "?id=" + m.in.String()
	of := func(path string, thread core.ID) string { return threadSub(path, m.in, thread) }
	return map[string]string{
		"home": homePath, "own communities": communitiesPath, "newest posts": communityNewestPath, "commented": communityCommentedPath,
		"found": communityFindPath, "community": communityPath + id, "members": communityMembersPath + id, "a later page of members": communityMembersPath + id + "&after=" + m.middle.String(),
		"one member": communityMemberPath + id + "&member=" + m.someone.String(), "requests": communityRequestsPath + id, "blocked": communityBlockedPath + id,
		"announcements": announcementsPath + id, "topics": communityTopicsPath + id, "a later page of topics": communityTopicsPath + id + "&after=" + m.midTopic.String(), "and back": communityTopicsPath + id + "&before=" + m.midTopic.String(), "events": eventsPath + id, "polls": pollsPath + id,
		"topic": of(topicPath, m.topic), "topic, from its middle": of(topicPath, m.topic) + "&from=500", "topic, all": of(topicPath, m.topic) + "&all=1",
		"event": of(eventPath, m.ev), "attendees": of(eventMembersPath, m.ev), "poll": of(pollPath, m.poll), "voters": of(pollVotersPath, m.poll) + "&choice=3",
		"a later page of voters": of(pollVotersPath, m.poll) + "&choice=3&after=" + community.Mark{At: m.middle.At, Member: m.someone}.String(),
		"calendar":               calendarPath, "profile": memberPath(m.someone), "edit": communityWritePath + id, "choices": communityChoicesPath + id,
	}
}

// A page costs in a community of 300,000 what it costs in one of 300: rows are read along an index, as many as are shown. What depends on the
// communities that a member is in reads these, 1,000 at most. Every one is read from the database, as if nothing were kept in memory.
func TestLargeCommunitiesReadBoundedRows(t *testing.T) {
	small, large := newMetropolis(t, 300, 10, 100), newMetropolis(t, 300_000, 1000, 1000)
	paths := small.paths()
	// those that read each of the communities of the member, and all comments
	by := map[string]int{"home": 20_000, "own communities": 10_000, "newest posts": 10_000, "calendar": 10_000, "topic, all": 12_000}
	for name, path := range large.paths() {
		few, many := small.pages(paths[name]), large.pages(path)
		t.Logf("%-26s %6d %6d", name, few, many)
		// An index of a thousand times as many rows is a page or two deeper.
		if most := max(2*few+60, by[name]); many > most {
			t.Errorf("%s: %d pages of the database in the large community, %d in the small one, expected at most %d", name, many, few, most)
		}
	}
}

// A post in a community of 300,000 writes no row for any of them.
func TestPostsInLargeCommunitiesWriteFewRows(t *testing.T) {
	m := newMetropolis(t, 30_000, 2, 10)
	tables := []string{"community", "community_member", "community_thread", "community_comment", "community_commented", "community_read", "community_mailing", "news", "told", "mail_outbox", "search_note"}
	var groups []engine.Group
	for _, name := range tables {
		groups = append(groups, engine.Group{Table: name})
	}
	rows := 0
	sure(t, m.store.Watch(m.ctx, engine.Watcher{Groups: groups, Changing: func(int, engine.Invalidation) { rows++ }, Changed: func(int, []engine.Invalidation) {}, Lost: func() {}}))
	viewer := core.Viewer{Member: m.someone}
	for what, post := range map[string]func() error{
		"a comment": func() error {
			_, err := m.core.Community.WriteComment(m.ctx, viewer, m.in, m.topic, community.NewComment{Body: "はい"})
			return err
		},
		"a topic": func() error {
			_, err := m.core.Community.Open(m.ctx, viewer, m.in, community.NewThread{Title: "題", Body: "文"}, nil)
			return err
		},
	} {
		before := rows
		sure(t, post())
		t.Logf("%s changes %d rows", what, rows-before)
		if n := rows - before; n == 0 || n > 12 {
			t.Errorf("%s changes %d rows", what, n)
		}
	}
}

// Whoever turns the pages of a list of topics sees each once, pinned ones first, and comes back the same way.
func TestTopicsArePagedAlongTheirOrder(t *testing.T) {
	m := newMetropolis(t, 50, 2, 3)
	me := core.Viewer{Member: m.me}
	for range 2 {
		sure(t, m.core.Community.Pin(m.ctx, me, m.in, m.topic, true))
		m.topic = m.midTopic.Member
	}
	const size = 20
	var pages [][]core.ID
	walk := func(part community.Stretch) (ids []core.ID, e community.Ends) {
		t.Helper()
		seen, err := m.core.Community.Read(m.ctx, me, m.in)
		sure(t, err)
		list, e, err := m.core.Community.ThreadsFrom(m.ctx, &seen, community.TopicThread, part)
		sure(t, err)
		for _, one := range list {
			ids = append(ids, one.ID)
		}
		return ids, e
	}
	seen := map[core.ID]bool{}
	part := community.Stretch{Size: size}
	for {
		ids, e := walk(part)
		pages = append(pages, ids)
		for _, id := range ids {
			if seen[id] {
				t.Errorf("topic %d stands on two pages", id)
			}
			seen[id] = true
		}
		if e.After.Member == 0 {
			break
		}
		part.From = e.After
	}
	if want := 3*communityRows + 1; len(seen) != want {
		t.Errorf("%d topics on %d pages, want %d", len(seen), len(pages), want)
	}
	if !slices.Contains(pages[0][:2], m.midTopic.Member) {
		t.Error("what is pinned does not stand first")
	}
	for i := len(pages) - 1; i > 0; i-- {
		_, e := walk(part)
		if e.Before.Member == 0 {
			t.Fatalf("page %d leads nowhere back", i)
		}
		part = community.Stretch{From: e.Before, Back: true, Size: size}
		if ids, _ := walk(part); !slices.Equal(ids, pages[i-1]) {
			t.Errorf("back on page %d stand %v, there stood %v", i-1, ids, pages[i-1])
		}
	}
}
