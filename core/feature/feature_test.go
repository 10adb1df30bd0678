package feature

import (
	"context"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/search"
	"musubi/core/talk"
)

var closed = &core.Error{Code: core.Refused, Key: "error.closed"}

func topic(context.Context, core.Viewer, talk.Thread) (talk.Topic, error) { return talk.Topic{}, nil }

func see(_ context.Context, _ core.Viewer, p core.Photo, _ core.Attached) (core.Photo, error) {
	return p, nil
}

// pair are two features that fit, with kinds in no order.
func pair() (a, b *Feature) {
	return &Feature{
			Name:    "journal",
			News:    []news.Row{{Kind: 1, Key: "comment"}},
			Threads: []talk.Row{{Kind: 0, Closed: closed, News: 1, Topic: topic}},
			Finds:   []search.FindRow{{Kind: 1}},
			Photos:  []core.PhotoGate{{Kind: 1, Name: "diary", See: see}},
		}, &Feature{
			Name:   "people",
			News:   []news.Row{{Kind: 2, Key: "round"}, {Kind: 0, Key: "request"}},
			Finds:  []search.FindRow{{Kind: 0, Person: true, Fields: []string{"intro"}, Text: "intro"}},
			Photos: []core.PhotoGate{{Kind: 0, Name: "nothing", See: see}},
		}
}

func TestJoinOrdersByKind(t *testing.T) {
	a, b := pair()
	k, err := Join([]Feature{*a, *b})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, r := range k.News {
		keys = append(keys, r.Key)
	}
	if got := strings.Join(keys, " "); got != "request comment round" || len(k.Threads) != 1 || !k.Finds[0].Person || k.Photos[1].Name != "diary" {
		t.Errorf("joined to %+v", k)
	}
}

// Whoever forgets a row, or takes a number that another has, reads which one before anybody is served.
func TestJoinRefusesWhatDoesNotFit(t *testing.T) {
	for _, c := range []struct {
		want  string
		spoil func(a, b *Feature)
	}{
		{`"journal" and "people" both have the news kind 1`, func(_, b *Feature) { b.News[0].Kind = 1 }},
		{`none has the news kind 0`, func(_, b *Feature) { b.News = b.News[:1] }},
		{`none has the thread kind 0`, func(a, _ *Feature) { a.Threads[0].Kind = 1 }},
		{`"journal" and "people" both have the find kind 1`, func(_, b *Feature) { b.Finds[0].Kind = 1 }},
		{`none has the find kind 0`, func(_, b *Feature) { b.Finds = nil }},
		{`none has the photo kind 0`, func(_, b *Feature) { b.Photos = nil }},
		{`"journal" and "people" both have the photo kind 1`, func(_, b *Feature) { b.Photos[0].Kind = 1 }},
		{`the news kind 1 has the key ""`, func(a, _ *Feature) { a.News[0].Key = "" }},
		{`the news kind 2 has the key "comment"`, func(_, b *Feature) { b.News[0].Key = "comment" }},
		{`the thread kind 0 needs Topic`, func(a, _ *Feature) { a.Threads[0].Topic = nil }},
		{`the thread kind 0 needs Topic, who may look at it, and Closed`, func(a, _ *Feature) { a.Threads[0].Closed = nil }},
		{`the thread kind 0 tells of the news kind 3, which none has`, func(a, _ *Feature) { a.Threads[0].News = 3 }},
		{`the find kind 0 shows the field "intro"`, func(_, b *Feature) { b.Finds[0].Fields = nil }},
		{`the photo kind 1 needs See`, func(a, _ *Feature) { a.Photos[0].See = nil }},
		{`the photo kind 0 needs See, who sees such a photo, and Name`, func(_, b *Feature) { b.Photos[0].Name = "" }},
	} {
		a, b := pair()
		c.spoil(a, b)
		if _, err := Join([]Feature{*a, *b}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("refused with %v, want %q", err, c.want)
		}
	}
}
