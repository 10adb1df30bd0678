package cache

import (
	"context"
	"maps"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// What is asked when somebody is told of news: most of it while a comment is written, on the goroutine that writes.

// NewsAbout implements news.NewsStore. When what waits has changed, the store finds a few rows sooner than all.
func (c News) NewsAbout(ctx context.Context, member core.ID, kind news.Kind, actor, thing core.ID) ([]news.News, error) {
	all, ok := find[[]news.News](ctx, c.Cache, key{kind: theNews, a: member})
	if !ok {
		return c.source.News.NewsAbout(ctx, member, kind, actor, thing)
	}
	return slices.DeleteFunc(slices.Clone(all), func(n news.News) bool { return !n.About(kind, actor, thing) }), nil
}

// Mails implements core.MemberStore.
func (c Desk) Mails(ctx context.Context, member core.ID) ([]string, error) {
	list, err := through(ctx, c.Cache, key{kind: theMails, a: member}, func(l []string) (n int) {
		for _, address := range l {
			n += 16 + len(address)
		}
		return n
	}, func() ([]string, error) { return c.source.Desk.Mails(ctx, member) })
	return slices.Clone(list), err
}

// NewsLetters implements news.TellStore.
func (c News) NewsLetters(ctx context.Context, member core.ID) (map[news.Kind]news.Letters, error) {
	choices, err := through(ctx, c.Cache, key{kind: theNewsLetters, a: member}, func(l map[news.Kind]news.Letters) int { return 48 + 8*len(l) },
		func() (map[news.Kind]news.Letters, error) { return c.source.News.NewsLetters(ctx, member) })
	return maps.Clone(choices), err
}

// told is the letters to a member since a time.
type told struct {
	since time.Time
	list  []news.Told
}

// Told implements news.TellStore.
func (c News) Told(ctx context.Context, member core.ID, since time.Time) ([]news.Told, error) {
	k := key{kind: theTold, a: member}
	kept, ok := find[told](ctx, c.Cache, k)
	if !ok || since.Before(kept.since) {
		seq := c.versions.now()
		list, err := c.source.News.Told(ctx, member, since)
		if err != nil {
			return nil, err
		}
		kept = told{since, list}
		c.keep(ctx, k, seq, kept, 48+40*len(list))
	}
	return slices.DeleteFunc(slices.Clone(kept.list), func(t news.Told) bool { return !t.At.After(since) }), nil
}
