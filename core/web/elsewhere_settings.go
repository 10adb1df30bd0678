package web

import (
	"context"
	"slices"
	"strconv"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/elsewhere"
)

// A feedRow is one thing that can have an address on the page of feeds.
type feedRow struct {
	kind  elsewhere.FeedKind
	thing core.ID
	name  string
	feed  elsewhere.Feed
	has   bool // there is an address
}

// mostCommunities bounds the communities that the page offers.
const mostCommunities = 100

// feeds shows the addresses of the member, and what could have one.
func (v feedPages) feeds() error { return v.showFeeds(nil) }

func (v feedPages) showFeeds(w wrong) error {
	p := &feedsPage{frame: frame(v), wrong: w}
	made, err := v.site.core.Elsewhere.Feeds(v.ctx, v.member.ID)
	if err != nil {
		return err
	}
	for _, kind := range elsewhere.FeedKinds {
		if kind != elsewhere.Community {
			p.rows = append(p.rows, v.feedRow(made, kind, 0, v.t("feed."+kind.String())))
		}
	}
	for _, f := range made {
		if f.Kind == elsewhere.Community {
			p.rows = append(p.rows, feedRow{f.Kind, f.Thing, v.communityName(f.Thing), f, true})
		}
	}
	mine, _, err := v.site.core.Community.Mine(v.ctx, v.member.ID, core.Page{Number: 1, Size: mostCommunities})
	if err != nil {
		return err
	}
	p.communities = slices.DeleteFunc(mine, func(l community.Line) bool { return v.feedRow(made, elsewhere.Community, l.ID, "").has })
	if p.share, err = v.site.core.Elsewhere.Share(v.ctx, v.member.ID); err != nil {
		return err
	}
	return v.show(p)
}

// feedRow is the row of a kind and thing among the addresses there are.
func (v feedPages) feedRow(made []elsewhere.Feed, kind elsewhere.FeedKind, thing core.ID, name string) feedRow {
	r := feedRow{kind: kind, thing: thing, name: name}
	if n := slices.IndexFunc(made, func(f elsewhere.Feed) bool { return f.Kind == kind && f.Thing == thing }); n >= 0 {
		r.feed, r.has = made[n], true
	}
	return r
}

// communityName is what a community is called; one that the member may not know of any more has no name.
func (v feedPages) communityName(id core.ID) string {
	c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
	if err != nil {
		return v.t("feed.gone")
	}
	return c.Name
}

// changeFeeds makes an address, a new one for the one there was, ends it, says whether it has texts, or what others' may have of
// one's own.
func (v feedPages) changeFeeds() error {
	if v.form.pressed("sharing") {
		return v.changeShare()
	}
	kind, ok := elsewhere.ParseFeedKind(v.form.get("kind"))
	if !ok {
		return core.ErrNotFound
	}
	var thing core.ID
	if kind == elsewhere.Community {
		var err error
		if thing, err = v.formID("community"); err != nil {
			return err
		}
	}
	return v.onceOr(v.showFeeds, func(ctx context.Context) (string, error) { return feedsPath, v.changeFeed(ctx, kind, thing) })
}

func (v feedPages) changeFeed(ctx context.Context, kind elsewhere.FeedKind, thing core.ID) error {
	s, full := v.site.core.Elsewhere, v.form.pressed("full")
	switch {
	case v.form.pressed("delete"):
		return s.EndFeed(ctx, v.member.ID, kind, thing)
	case v.form.pressed("save"):
		return s.SetFull(ctx, v.member.ID, kind, thing, full)
	}
	if kind == elsewhere.Community {
		if err := v.site.core.Community.MayRead(ctx, v.viewer(), thing); err != nil {
			return err
		}
	}
	_, err := s.MakeFeed(ctx, v.member.ID, kind, thing, full)
	return err
}

func (v feedPages) changeShare() error {
	n, err := strconv.ParseUint(v.form.get("share"), 10, 8)
	if err != nil {
		n = 255
	}
	return v.onceOr(v.showFeeds, func(ctx context.Context) (string, error) {
		return feedsPath, v.site.core.Elsewhere.SetShare(ctx, v.member.ID, elsewhere.Share(n))
	})
}

// hasTexts says whether a kind of feed can have texts.
func hasTexts(k elsewhere.FeedKind) bool { return k != elsewhere.Notices && k != elsewhere.Calendar }

// rowID names the fields of a row.
func (r feedRow) rowID() string {
	if r.thing == 0 {
		return r.kind.String()
	}
	return r.kind.String() + r.thing.String()
}
