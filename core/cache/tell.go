package cache

import (
	"context"
	"maps"
	"slices"
	"time"

	"musubi/core"
)

// What is asked when somebody is told of news: most of it while a comment is written, on the goroutine that writes.

// NewsAbout implements core.NewsStore. When what waits has changed, the store finds a few rows sooner than all.
func (c *Cache) NewsAbout(ctx context.Context, member core.ID, kind core.NewsKind, actor, thing core.ID) ([]core.News, error) {
	all, ok := find[[]core.News](ctx, c, key{kind: theNews, a: member})
	if !ok {
		return c.Source.NewsAbout(ctx, member, kind, actor, thing)
	}
	return slices.DeleteFunc(slices.Clone(all), func(n core.News) bool { return !n.About(kind, actor, thing) }), nil
}

// Mails implements core.MemberStore.
func (c *Cache) Mails(ctx context.Context, member core.ID) ([]string, error) {
	list, err := through(ctx, c, key{kind: theMails, a: member}, func(l []string) (n int) {
		for _, address := range l {
			n += 16 + len(address)
		}
		return n
	}, func() ([]string, error) { return c.Source.Mails(ctx, member) })
	return slices.Clone(list), err
}

// NewsLetters implements core.TellStore.
func (c *Cache) NewsLetters(ctx context.Context, member core.ID) (map[core.NewsKind]core.NewsLetters, error) {
	choices, err := through(ctx, c, key{kind: theNewsLetters, a: member}, func(l map[core.NewsKind]core.NewsLetters) int { return 48 + 8*len(l) },
		func() (map[core.NewsKind]core.NewsLetters, error) { return c.Source.NewsLetters(ctx, member) })
	return maps.Clone(choices), err
}

// told is the letters to a member since a time.
type told struct {
	since time.Time
	list  []core.Told
}

// Told implements core.TellStore.
func (c *Cache) Told(ctx context.Context, member core.ID, since time.Time) ([]core.Told, error) {
	k := key{kind: theTold, a: member}
	kept, ok := find[told](ctx, c, k)
	if !ok || since.Before(kept.since) {
		seq := c.versions.now()
		list, err := c.Source.Told(ctx, member, since)
		if err != nil {
			return nil, err
		}
		kept = told{since, list}
		c.keep(ctx, k, seq, kept, 48+40*len(list))
	}
	return slices.DeleteFunc(slices.Clone(kept.list), func(t core.Told) bool { return !t.At.After(since) }), nil
}
