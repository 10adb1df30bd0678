package web

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/elsewhere"
	"musubi/core/journal"
)

// Addresses of feeds.
const (
	feedPath  = "/feed/"
	feedsPath = "/settings/feeds"
)

// feedRows is how much a feed has.
const feedRows = 20

// feedAddress is where a program fetches a feed.
func (s *Site) feedAddress(f elsewhere.Feed) string {
	address := s.link(feedPath + f.Kind.String() + "/" + f.Token)
	if f.Kind == elsewhere.Calendar {
		address += ".ics"
	}
	return address
}

// fetch answers a program that knows an address: no login, and nothing that its member may not see now.
func (v feedPages) fetch() error {
	name, token, _ := strings.Cut(strings.TrimPrefix(string(v.ctx.Path()), feedPath), "/")
	kind, ok := elsewhere.ParseFeedKind(name)
	if !ok {
		return core.ErrNotFound
	}
	if kind == elsewhere.Calendar {
		token = strings.TrimSuffix(token, ".ics")
	}
	look := elsewhere.All
	switch {
	case v.ctx.IsHead():
		look = elsewhere.Head
	case len(v.ctx.Request.Header.Peek("If-None-Match")) > 0:
		look = elsewhere.News
	}
	f, m, err := v.site.core.Elsewhere.Fetch(v.ctx, kind, token, string(v.ctx.Request.Header.UserAgent()), look)
	if err != nil {
		return err
	}
	as := feedPages{&visit{site: v.site, ctx: v.ctx, member: m, words: languageOf(m)}} // a page of an error stays a stranger's
	if kind == elsewhere.Calendar {
		err = as.sendFeedCalendar(f)
	} else {
		err = as.sendFeed(f)
	}
	if err == nil && f.Wait > 0 && v.ctx.Response.StatusCode() != fasthttp.StatusNotModified {
		v.ctx.Response.ResetBody()
		v.ctx.Response.Header.Del("ETag")
		v.ctx.Response.Header.Del("Content-Disposition")
		return core.TooSoon{Wait: f.Wait}
	}
	return err
}

// sendFeedCalendar answers a calendar program.
func (v feedPages) sendFeedCalendar(f elsewhere.Feed) error {
	c := v.site.newCalendar(v.site.name() + " - " + v.member.Name)
	entries, err := feedEntries(v.visit, f.MadeAt)
	if err != nil {
		return err
	}
	for _, n := range entries {
		v.site.add(c, n)
	}
	return sendCalendar(v.visit, c, "calendar")
}

// A feedItem is one entry of a feed before it is written.
type feedItem struct {
	id          string // its tag
	title, path string
	made, at    time.Time
	author      core.ID // 0: nobody in particular
	authorName  string
	text        func() (string, error) // asked for only where the feed has texts
}

// feedContents says what each kind of Atom feed has, and what it is called.
var feedContents = map[elsewhere.FeedKind]func(v feedPages, f elsewhere.Feed) (title string, items []feedItem, err error){
	elsewhere.Notices:        feedPages.notices,
	elsewhere.FriendsDiaries: feedPages.friendsDiaries,
	elsewhere.OwnDiary:       feedPages.ownDiary,
	elsewhere.Community:      feedPages.community,
	elsewhere.Events:         feedPages.events,
}

// sendFeed answers a reading program.
func (v feedPages) sendFeed(f elsewhere.Feed) error {
	title, items, err := feedContents[f.Kind](v, f)
	if err != nil {
		return err
	}
	self := v.site.feedAddress(f)
	doc := atomFeed{ID: v.site.tagURI(f.MadeAt, "feed/"+f.Kind.String(), f.Member, f.Thing), Title: v.site.name() + " - " + title, Updated: atomTime(f.MadeAt),
		Links: []atomLink{{Rel: "self", Type: "application/atom+xml", Href: self}, {Rel: "alternate", Type: "text/html", Href: v.site.link("/home")}}, Author: &atomPerson{Name: v.site.name()}, Generator: "musubi"}
	newest := f.MadeAt
	shares := map[core.ID]elsewhere.Share{}
	for _, i := range items {
		share, err := v.shareOf(shares, i.author)
		if err != nil {
			return err
		}
		if share == elsewhere.ShareNothing {
			continue
		}
		e := atomEntry{ID: i.id, Title: atomText{Type: "text", Text: i.title}, Published: atomTime(i.made), Updated: atomTime(i.at), Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: v.site.link(i.path)}}}
		if i.authorName != "" {
			e.Author = &atomPerson{Name: i.authorName}
		}
		if f.Full && share == elsewhere.ShareTexts && i.text != nil {
			text, err := i.text()
			if err != nil {
				return err
			}
			e.Content = plainText(text)
		}
		if i.at.After(newest) {
			newest = i.at
		}
		doc.Entries = append(doc.Entries, e)
	}
	doc.Updated = atomTime(newest)
	body, err := encodeXML(doc)
	if err != nil {
		return err
	}
	return sendTagged(v.visit, body, atomFeedType)
}

// shareOf is what a feed may have of what an author wrote: all of the member's own and of what is nobody's, else what they chose.
func (v feedPages) shareOf(known map[core.ID]elsewhere.Share, author core.ID) (share elsewhere.Share, err error) {
	if author == 0 || author == v.member.ID {
		return elsewhere.ShareTexts, nil
	}
	share, ok := known[author]
	if !ok {
		share, err = v.site.core.Elsewhere.Share(v.ctx, author)
		known[author] = share
	}
	return share, err
}

// notices are what the member is told of.
func (v feedPages) notices(elsewhere.Feed) (string, []feedItem, error) {
	lines, _, err := v.site.core.News.NewsLines(v.ctx, v.member.ID, core.Page{Number: 1, Size: feedRows})
	var items []feedItem
	for _, n := range lines {
		items = append(items, feedItem{id: v.site.tagURI(n.At, "notice", core.ID(n.Kind), n.Actor, n.Thing), title: v.words.newsSentence(n), path: newsPath(n.News), made: n.At, at: n.At})
	}
	return v.t("home.notices"), items, err
}

// diaryItems are entries of diaries in a feed.
func (v feedPages) diaryItems(lines []journal.DiaryLine) (items []feedItem) {
	for _, l := range lines {
		items = append(items, feedItem{id: v.site.tagURI(l.CreatedAt, "diary", l.Owner, l.ID), title: l.Title, path: diaryPath(l.Owner, l.ID), made: l.CreatedAt, at: l.CreatedAt,
			author: l.Owner, authorName: l.OwnerName, text: func() (string, error) {
				d, err := v.site.core.Journal.Diary(v.ctx, v.viewer(), l.Owner, l.ID)
				return d.Body, err
			}})
	}
	return items
}

// friendsDiaries are the newest entries of friends.
func (v feedPages) friendsDiaries(elsewhere.Feed) (string, []feedItem, error) {
	lines, _, err := v.site.core.Journal.FriendsDiaries(v.ctx, v.member.ID, core.Page{Number: 1, Size: feedRows})
	return v.t("diary.friends"), v.diaryItems(lines), err
}

// ownDiary are the member's own entries. What they keep to themselves leaves the site by no address.
func (v feedPages) ownDiary(elsewhere.Feed) (string, []feedItem, error) {
	lines, _, err := v.site.core.Journal.Diaries(v.ctx, v.viewer(), v.member.ID, journal.DiaryFilter{}, core.Page{Number: 1, Size: 2 * feedRows})
	lines = slices.DeleteFunc(lines, func(l journal.DiaryLine) bool { return l.Visibility == core.Private })
	for i := range lines {
		lines[i].OwnerName = v.member.Name
	}
	return v.t("diary.own"), v.diaryItems(lines[:min(feedRows, len(lines))]), err
}

// community is what stands in one community, as long as the member may read there.
func (v feedPages) community(f elsewhere.Feed) (string, []feedItem, error) {
	c, err := v.site.core.Community.Read(v.ctx, v.viewer(), f.Thing)
	if err != nil {
		return "", nil, err
	}
	var all []community.Thread
	for _, kind := range []community.ThreadKind{community.TopicThread, community.EventThread, community.PollThread} {
		list, _, err := v.site.core.Community.Threads(v.ctx, &c, kind, core.Page{Number: 1, Size: feedRows})
		if err != nil {
			return "", nil, err
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b community.Thread) int { return b.LastAt.Compare(a.LastAt) })
	var items []feedItem
	for _, t := range all[:min(feedRows, len(all))] {
		items = append(items, feedItem{id: v.site.tagURI(t.CreatedAt, "thread", t.Community, t.ID), title: t.Title, path: threadIDPath(t.Kind, t.Community, t.ID), made: t.CreatedAt, at: t.LastAt,
			author: t.Author, authorName: t.AuthorName, text: func() (string, error) {
				_, whole, err := v.site.core.Community.Thread(v.ctx, v.viewer(), t.Community, t.ID)
				return whole.Body, err
			}})
	}
	return c.Name, items, nil
}

// events are those to come in the member's communities.
func (v feedPages) events(elsewhere.Feed) (string, []feedItem, error) {
	today := v.today()
	attended, err := v.site.core.Community.Attended(v.ctx, v.member.ID, today, today.Add(feedAhead), maxMonthItems)
	others, more := v.site.core.Community.OtherEvents(v.ctx, v.member.ID, today, today.Add(feedAhead), maxMonthItems)
	if err = errors.Join(err, more); err != nil {
		return "", nil, err
	}
	all := append(attended, others...)
	slices.SortFunc(all, func(a, b community.EventLine) int {
		return cmp.Or(b.ChangedAt.Compare(a.ChangedAt), cmp.Compare(b.ID, a.ID))
	})
	var items []feedItem
	for _, l := range all[:min(feedRows, len(all))] {
		title := l.Title
		if !l.CancelledAt.IsZero() {
			title = v.t("event.offtitle", title)
		}
		items = append(items, feedItem{id: v.site.tagURI(l.ID.Time(), "event", l.Community, l.ID), title: shortDay(v.visit, l.Day) + " " + title, path: threadIDPath(community.EventThread, l.Community, l.ID),
			made: l.ID.Time(), at: l.ChangedAt, text: func() (string, error) {
				return strings.TrimSpace(eventWhen(v.visit, &l.NewEvent) + "\n" + eventPlace(v.visit, &l.NewEvent) + "\n" + l.CommunityName), nil
			}})
	}
	return v.t("calendar.event"), items, nil
}
