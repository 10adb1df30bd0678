package web

import (
	"context"
	"html"
	"net/url"
	"strings"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/review"
)

// reviews lets a member enter a product and say something of it.
func (w *world) reviews(m core.Member, title, body string, v core.Visibility, photos ...core.ID) review.Review {
	w.t.Helper()
	p, err := w.core.Review.Enter(w.t.Context(), m.ID, review.NewProduct{Category: review.Kitchen, Title: title})
	w.must(err)
	r, err := w.core.Review.Write(w.t.Context(), m.ID, review.NewReview{Product: p.ID, Stars: 3, Body: body, Visibility: v, Photos: photos})
	w.must(err)
	return r
}

// judge has the owner review a thing for each visibility, and pin each review to a community that everybody reads.
func (s *scene) judge() {
	ctx := context.Background()
	s.square = s.commune(s.owner, "批評広場", false)
	for v := core.Everyone; v <= core.Private; v++ {
		p, err := s.core.AddPhoto(ctx, s.owner.ID, drawing(200+int(v)), s.clock.Now())
		s.must(err)
		s.reviewed[v] = s.reviews(s.owner, canary("品", v), canary("評", v), core.Everyone, p.ID)
		s.world.comment(s.owner, review.Thread(s.owner.ID, s.reviewed[v].ID), canary("評返", v))
		s.must(s.core.Review.Pin(ctx, core.Viewer{Member: s.owner.ID}, s.square, s.reviewed[v].ID))
		s.must(s.core.Review.Edit(ctx, s.owner.ID, s.reviewed[v].ID, review.NewReview{Stars: 5, Body: canary("評", v), Visibility: v, Photos: []core.ID{p.ID}}))
	}
}

// reviewPage says whether the page of a review shows a word.
func (s *scene) reviewPage(b *browser, v core.Visibility, word string) bool {
	return shows(b, reviewIDPath(s.owner.ID, s.reviewed[v].ID), word)
}

var reviewSurfaces = []surface{
	{name: "review: page", reach: func(s *scene, b *browser, v core.Visibility) bool { return s.reviewPage(b, v, canary("評", v)) }},
	{name: "review: comment", reach: func(s *scene, b *browser, v core.Visibility) bool { return s.reviewPage(b, v, canary("評返", v)) }},
	{name: "review: status", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return b.get(reviewIDPath(s.owner.ID, s.reviewed[v].ID)).status == 200
	}},
	{name: "review: among those of the product", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, productIDPath(s.reviewed[v].Product.ID), canary("評", v))
	}},
	{name: "review: list of the owner", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, reviewsOfIDPath(s.owner.ID), reviewHref(s, v))
	}},
	{name: "review: list of the owner by category", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, reviewsOfIDPath(s.owner.ID)+"&category=11", reviewHref(s, v))
	}},
	{name: "review: on the profile", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, memberPath(s.owner.ID), reviewHref(s, v))
	}},
	{name: "review: in a community", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, communitySub(reviewsPinnedPath, s.square), reviewHref(s, v))
	}},
	{name: "review: newest", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, reviewsNewestPath, reviewHref(s, v))
	}, only: onlyEveryone},
	{name: "review: newest of the category", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, reviewCategoryIDPath(review.Kitchen), reviewHref(s, v))
	}, only: onlyEveryone},
	{name: "review: friends", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, reviewsFriendsPath, reviewHref(s, v))
	}, only: friendOnly},
	{name: "review: home", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, "/home", reviewHref(s, v))
	}, only: friendOnly},
	{name: "review: search", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(found(b, review.SearchReviews, canary("評", v)), reviewHref(s, v))
	}},
	{name: "review: picture", reach: func(s *scene, b *browser, v core.Visibility) bool {
		photos, err := s.store.Desk.AttachedPhotos(context.Background(), core.Attached{Kind: review.Photo, Owner: s.owner.ID, Thing: s.reviewed[v].ID})
		if err != nil || len(photos) != 1 {
			s.t.Fatal(len(photos), err)
		}
		return b.get(s.addressOf(b, photos[0])).status == 200
	}},
	{name: "review: comment preview", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(s.press(b, reviewCommentPath, url.Values{"owner": {s.owner.ID.String()}, "id": {s.reviewed[v].ID.String()}, "body": {"はい"}, "confirm": {"1"}}).body, canary("品", v))
	}, only: func(name string, v core.Visibility) bool { return v != core.Private || name == "owner" }},
	{name: "review: helpful", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return s.press(b, reviewHelpfulPath, url.Values{"owner": {s.owner.ID.String()}, "id": {s.reviewed[v].ID.String()}, "helpful": {"1"}}).location == reviewIDPath(s.owner.ID, s.reviewed[v].ID)
	}, only: func(name string, _ core.Visibility) bool { return name != "owner" }},
	{name: "review: report", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, reportThingPath(reviewReport(&s.reviewed[v])), canary("品", v))
	}, only: func(name string, _ core.Visibility) bool { return name != "owner" }},
	{name: "review: by its edit form", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return shows(b, reviewWritePath+"?id="+s.reviewed[v].ID.String(), canary("評", v))
	}, only: ownerOnly},
	{name: "review: pinned elsewhere", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return s.press(b, reviewPinPath, url.Values{"id": {s.reviewed[v].ID.String()}, "community": {s.square.String()}, "pin": {"1"}}).location == reviewIDPath(s.owner.ID, s.reviewed[v].ID)
	}, only: ownerOnly},
}

// reviewHref is how a page leads to a review.
func reviewHref(s *scene, v core.Visibility) string {
	return html.EscapeString(reviewIDPath(s.owner.ID, s.reviewed[v].ID))
}

// listen has the owner hear a track that nobody else hears, and one that many do.
func (s *scene) listen() {
	ctx := context.Background()
	at := s.clock.Now()
	_, err := s.core.Music.Submit(ctx, s.owner.ID, []music.Play{{Artist: "カナリア楽団", Title: canary("曲", 0), Album: "鳥籠", At: at}, {Artist: "皆楽団", Title: "皆の曲", At: at}})
	s.must(err)
	s.must(s.core.Music.Love(ctx, s.owner.ID, "カナリア楽団", canary("曲", 0), true))
	for name, b := range s.browsers {
		if session, _, err := s.core.Account.Session(ctx, b.cookies["musubi"]); err == nil && name != "owner" {
			_, err = s.core.Music.Submit(ctx, session.Member, []music.Play{{Artist: "皆楽団", Title: "皆の曲", At: at}})
			s.must(err)
		}
	}
	loves, err := s.core.Music.Loves(ctx, core.Viewer{Member: s.owner.ID}, s.owner.ID, core.Page{Size: 1})
	s.must(err)
	s.song = loves[0].Track.ID
}

// published lets the owner publish plays to those of a visibility, of which there is none for friends of friends: to friends then.
func (s *scene) published(v core.Visibility) {
	if v == core.FriendsOfFriends {
		v = core.Friends
	}
	s.must(s.core.Music.SetVisibility(context.Background(), s.owner.ID, v))
}

// heardBy is a way to what the owner hears.
func heardBy(name string, only func(string, core.Visibility) bool, shown func(s *scene, b *browser) bool) surface {
	return surface{name: "music: " + name, reach: func(s *scene, b *browser, v core.Visibility) bool {
		s.published(v)
		return shown(s, b)
	}, only: func(watcher string, v core.Visibility) bool {
		return (v != core.FriendsOfFriends || watcher == "friend" || watcher == "owner") && (only == nil || only(watcher, v))
	}}
}

func heardOn(path func(s *scene) string, word string) func(s *scene, b *browser) bool {
	return func(s *scene, b *browser) bool { return shows(b, path(s), word) }
}

var musicSurfaces = []surface{
	heardBy("page", nil, heardOn(func(s *scene) string { return musicOfPath(s.owner.ID) }, canary("曲", 0))),
	heardBy("page of all time", nil, heardOn(func(s *scene) string { return musicOfPath(s.owner.ID) + "&span=2" }, canary("曲", 0))),
	heardBy("heard now", nil, func(s *scene, b *browser) bool {
		_, err := s.core.Music.NowPlaying(context.Background(), s.owner.ID, music.Play{Artist: "カナリア楽団", Title: "今の曲"})
		s.must(err)
		return shows(b, musicOfPath(s.owner.ID), "今の曲")
	}),
	heardBy("list of plays", nil, heardOn(func(s *scene) string { return playsPath + "?id=" + s.owner.ID.String() }, canary("曲", 0))),
	heardBy("profile", nil, heardOn(func(s *scene) string { return memberPath(s.owner.ID) }, canary("曲", 0))),
	heardBy("track of one listener", nil, heardOn(func(s *scene) string { return trackIDPath(s.song) }, canary("曲", 0))),
	heardBy("search", nobody, heardOn(func(*scene) string { return musicSearchPath + "?q=" + url.QueryEscape(canary("曲", 0)) }, trackPath+"?id=")),
	heardBy("chart of the day", nobody, func(s *scene, b *browser) bool {
		return shows(b, chartPath(s.core.Music.Today(), music.AnyGenre), canary("曲", 0))
	}),
	heardBy("friends who listen", friendOnly, func(s *scene, b *browser) bool {
		_, list, _ := strings.Cut(b.get(trackIDPath(s.song)).body, `<aside class="right"`)
		return strings.Contains(list, memberPath(s.owner.ID))
	}),
	heardBy("ranking of friends", friendOnly, func(s *scene, b *browser) bool {
		_, list, _ := strings.Cut(b.get(musicFriendsPath).body, "<h1")
		list, _, _ = strings.Cut(list, "同じ曲を聴く")
		return strings.Contains(list, s.owner.Name)
	}),
	heardBy("members who hear the same", func(name string, _ core.Visibility) bool { return name != "owner" }, func(s *scene, b *browser) bool {
		_, list, _ := strings.Cut(b.get(musicFriendsPath).body, "同じ曲を聴く")
		return strings.Contains(list, musicOfPath(s.owner.ID))
	}),
}
