package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/elsewhere"
	"musubi/core/report"
)

// A hiddenBoard is what an operator hides in a community: a topic, an event that a member attends, and a poll with named votes, each with a comment and a photo.
type hiddenBoard struct {
	*world
	in       core.ID
	threads  []community.Thread
	photos   []core.Photo // of each thread
	browsers map[string]*browser
	feeds    map[elsewhere.FeedKind]string // of the member
}

const hiddenWord = "秘密の"

func newHiddenBoard(t *testing.T) *hiddenBoard {
	w := newWorld(t)
	c := &hiddenBoard{world: w, browsers: map[string]*browser{}, feeds: map[elsewhere.FeedKind]string{}}
	author, admin, member := w.member("author"), w.member("administrator"), w.member("member")
	for _, m := range []core.Member{author, admin, member, w.member("stranger")} {
		c.browsers[m.Name] = w.as(m)
	}
	c.in = w.commune(admin, "会", false)
	w.joins(c.in, author, member)
	by, reader, s, ctx := core.Viewer{Member: author.ID}, core.Viewer{Member: member.ID}, w.core.Community, t.Context()
	for range 3 {
		c.photos = append(c.photos, (&leaver{world: w}).stored(author.ID, 310+len(c.photos)))
	}
	topic, err := s.Open(ctx, by, c.in, community.NewThread{Title: hiddenWord + "話題", Body: "本文", Photos: []core.ID{c.photos[0].ID}}, nil)
	w.must(err)
	event, err := s.OpenEvent(ctx, by, c.in, community.NewThread{Kind: community.EventThread, Title: hiddenWord + "催し", Photos: []core.ID{c.photos[1].ID}}, community.NewEvent{Day: 20070310, Capacity: 1}, 20070303)
	w.must(err)
	poll, err := s.OpenPoll(ctx, by, c.in, community.NewThread{Kind: community.PollThread, Title: hiddenWord + "問い", Photos: []core.ID{c.photos[2].ID}}, community.NewPoll{Ends: 20070310, Named: true}, []string{"はい", "いいえ"}, 20070303)
	w.must(err)
	c.threads = []community.Thread{topic, event, poll}
	w.must(first(s.Attend(ctx, core.Viewer{Member: admin.ID}, c.in, event.ID, 20070303)))
	w.must(first(s.Attend(ctx, reader, c.in, event.ID, 20070303)))
	w.must(s.CancelAttendance(ctx, core.Viewer{Member: admin.ID}, c.in, event.ID, 20070303)) // the member moves up and is told
	w.must(s.Vote(ctx, reader, c.in, poll.ID, []int{1}, 20070303))
	for _, t := range c.threads {
		w.must(first(s.WriteComment(ctx, reader, c.in, t.ID, community.NewComment{Body: "見ました"})))
	}
	for kind, thing := range map[elsewhere.FeedKind]core.ID{elsewhere.Calendar: 0, elsewhere.Community: c.in, elsewhere.Events: 0, elsewhere.Notices: 0} {
		f, err := w.core.Elsewhere.MakeFeed(ctx, member.ID, kind, thing, true)
		w.must(err)
		c.feeds[kind] = feedPath + kind.String() + "/" + f.Token
	}
	w.must(w.core.Search.UpdateSearch(ctx))
	return c
}

// A glimpse is a way on which one may see a thread, for those whom it is there for.
type glimpse struct {
	name string
	sees func(c *hiddenBoard, b *browser, i int) bool
	who  string // "a" the author, "g" the administrator, "m" the member, "s" a stranger
	only int    // a kind of thread, or anyKind
}

const anyKind = -1

func titleAt(path func(c *hiddenBoard) string) func(c *hiddenBoard, b *browser, i int) bool {
	return func(c *hiddenBoard, b *browser, i int) bool { return shows(b, path(c), c.threads[i].Title) }
}

func answers(path func(c *hiddenBoard, t *community.Thread) string) func(c *hiddenBoard, b *browser, i int) bool {
	return func(c *hiddenBoard, b *browser, i int) bool {
		r := b.get(path(c, &c.threads[i]))
		if r.status == 302 {
			r = b.get(r.location)
		}
		return r.status == 200
	}
}

func fedBy(kind elsewhere.FeedKind) func(c *hiddenBoard, b *browser, i int) bool {
	return func(c *hiddenBoard, _ *browser, i int) bool {
		c.clock.advance(2 * time.Minute)
		r := c.browser().get(c.feeds[kind])
		if r.status != 200 {
			c.t.Fatalf("%s: %d", c.feeds[kind], r.status)
		}
		return strings.Contains(r.body, c.threads[i].Title)
	}
}

var glimpses = []glimpse{
	{"page", answers(func(_ *hiddenBoard, t *community.Thread) string { return communityThreadPath(t) }), "agms", anyKind},
	{"by its ID", answers(func(_ *hiddenBoard, t *community.Thread) string { return anyThreadPath(t.ID) }), "agms", anyKind},
	{"a comment by its number", answers(func(_ *hiddenBoard, t *community.Thread) string { return numberPath(t, 1, 0) }), "agms", anyKind},
	{"all comments", answers(func(_ *hiddenBoard, t *community.Thread) string { return communityThreadPath(t) + "&all=1" }), "agms", anyKind},
	{"the community", titleAt(func(c *hiddenBoard) string { return communityIDPath(c.in) }), "agms", anyKind},
	{"the list", func(c *hiddenBoard, b *browser, i int) bool {
		return shows(b, communitySub([]string{communityTopicsPath, eventsPath, pollsPath}[i], c.in), c.threads[i].Title)
	}, "agms", anyKind},
	{"newest posts", titleAt(func(*hiddenBoard) string { return communityNewestPath }), "agm", anyKind},
	{"home", titleAt(func(*hiddenBoard) string { return homePath }), "agm", anyKind},
	{"commented", titleAt(func(*hiddenBoard) string { return communityCommentedPath }), "m", anyKind},
	{"search", func(c *hiddenBoard, b *browser, i int) bool {
		return strings.Contains(found(b, community.SearchThreads, c.threads[i].Title), anyThreadPath(c.threads[i].ID))
	}, "agms", anyKind},
	{"search in the community", func(c *hiddenBoard, b *browser, i int) bool {
		return shows(b, topicsFound(c.in, c.threads[i].Title, ""), anyThreadPath(c.threads[i].ID))
	}, "agms", anyKind},
	{"photo", func(c *hiddenBoard, b *browser, i int) bool {
		return b.get((&scene{world: c.world}).addressOf(b, c.photos[i])).status == 200
	}, "agms", anyKind},
	{"report", answers(func(_ *hiddenBoard, t *community.Thread) string {
		return reportThingPath(report.Thing{Kind: community.ReportedThread, Owner: t.Author, ID: t.ID})
	}), "gms", anyKind},
	{"comment preview", func(c *hiddenBoard, b *browser, i int) bool {
		t := &c.threads[i]
		return strings.Contains(c.press(b, topicCommentPath, url.Values{"community": {c.in.String()}, "id": {t.ID.String()}, "body": {"x"}, "confirm": {"1"}}).body, t.Title)
	}, "agms", anyKind},
	{"calendar", titleAt(func(*hiddenBoard) string { return calendarPath + "?month=2007-03" }), "agm", 1},
	{"feed of the calendar", fedBy(elsewhere.Calendar), "m", 1}, {"feed of events", fedBy(elsewhere.Events), "m", 1}, {"feed of notices", fedBy(elsewhere.Notices), "m", 1},
	{"feed of the community", fedBy(elsewhere.Community), "m", anyKind},
	{"calendar file", answers(func(_ *hiddenBoard, t *community.Thread) string { return threadSub(eventFilePath, t.Community, t.ID) }), "agms", 1},
	{"attendees", answers(func(_ *hiddenBoard, t *community.Thread) string {
		return threadSub(eventMembersPath, t.Community, t.ID)
	}), "agms", 1},
	{"notices", titleAt(func(*hiddenBoard) string { return noticesPath }), "am", 1}, // a comment, and a place
	{"voters", answers(func(_ *hiddenBoard, t *community.Thread) string {
		return threadSub(pollVotersPath, t.Community, t.ID) + "&choice=1"
	}), "agms", 2},
}

// cells tries every way for everybody; hidden: for the author only what needs no list is left.
func (c *hiddenBoard) cells(t *testing.T, state string, hidden bool) (n int) {
	t.Helper()
	direct := " page, by its ID, a comment by its number, all comments, photo, comment preview, calendar file, attendees, voters, notices,"
	for _, g := range glimpses {
		for i := range c.threads {
			if g.only != anyKind && g.only != i {
				continue
			}
			for name, letter := range map[string]string{"author": "a", "administrator": "g", "member": "m", "stranger": "s"} {
				if strings.HasPrefix(g.name, "feed of") && letter != "m" { // an address of nobody else
					continue
				}
				want := strings.Contains(g.who, letter)
				if hidden {
					want = letter == "a" && strings.Contains(direct, " "+g.name+",")
				}
				if got := g.sees(c, c.browsers[name], i); got != want {
					t.Errorf("%s: %s, %s, %s: seen %v, want %v", state, c.threads[i].Title, g.name, name, got, want)
				}
				n++
			}
		}
	}
	return n
}

// What an operator hides in a community is there for nobody but who wrote it, on no way and in no list, and is there again
// afterwards (SEC-112).
func TestSEC112_HiddenThreads(t *testing.T) {
	c := newHiddenBoard(t)
	n := c.cells(t, "before", false)
	var hidden []report.Measure
	for _, th := range c.threads {
		m, err := c.core.Report.Hide(t.Context(), report.Measure{Member: th.Author, On: report.Thing{Kind: community.ReportedThread, Owner: th.Author, ID: th.ID}, Title: th.Title, Reason: "規約の3条", By: "運営"})
		c.must(err)
		hidden = append(hidden, m)
	}
	n += c.cells(t, "hidden", true)
	for _, m := range hidden {
		c.must(first(c.core.Report.End(t.Context(), m.ID)))
	}
	n += c.cells(t, "shown again", false)
	t.Logf("%d cells", n)
}
