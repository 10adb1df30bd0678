package cache

import (
	"context"
	"errors"
	"math"
	"slices"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/store"
	"musubi/core/talk"
)

const (
	lineBytes    = 160
	commentBytes = 200
)

// names is the beginning of a list of entries.
type names struct {
	list  []store.DiaryName
	whole bool // nothing comes after it
}

func bytesOfNames(n names) int { return 24 + 16*len(n.list) }

// lines gives the first page of a list from the kept names and rows; other pages come from the store. When the list has
// changed, its names alone are read again (read; nil: it has no such reading): of the rows most are still kept.
func (c *Cache) lines(ctx context.Context, k key, p core.Page, load func(core.Page) ([]journal.DiaryLine, error),
	read func(limit int) ([]store.DiaryName, error)) ([]journal.DiaryLine, error) {
	if p.Offset() > 0 {
		return load(p)
	}
	if n, ok := find[names](ctx, c, k); ok && (n.whole || len(n.list) >= p.Limit()) {
		list := n.list[:min(len(n.list), p.Limit())]
		if lines, err := c.linesOf(ctx, list); err != nil || len(lines) == len(list) {
			return lines, err
		}
	}
	seq := c.versions.now()
	if read != nil && c.hasBeen(k) {
		list, err := read(p.Limit())
		if err != nil {
			return nil, err
		}
		if c.missingLines(ctx, list) <= manyMissing {
			if lines, err := c.linesOf(ctx, list); err != nil || len(lines) == len(list) {
				n := names{list, len(list) < p.Limit()}
				c.keep(ctx, k, seq, n, bytesOfNames(n))
				return lines, err
			}
		}
	}
	lines, err := load(p)
	if err != nil {
		return nil, err
	}
	n := names{list: make([]store.DiaryName, len(lines)), whole: len(lines) < p.Limit()}
	for i, l := range lines {
		n.list[i] = store.DiaryName{Owner: l.Owner, ID: l.ID}
		c.keepLine(ctx, seq, l)
	}
	c.keep(ctx, k, seq, n, bytesOfNames(n))
	return lines, nil
}

// missingLines counts the rows of a list that are not kept.
func (c *Cache) missingLines(ctx context.Context, list []store.DiaryName) (n int) {
	for _, name := range list {
		if _, ok := find[*journal.DiaryLine](ctx, c, key{kind: aLine, a: name.Owner, b: name.ID}); !ok {
			n++
		}
	}
	return n
}

func (c *Cache) keepLine(ctx context.Context, seq uint64, l journal.DiaryLine) {
	c.keep(ctx, key{kind: aLine, a: l.Owner, b: l.ID}, seq, &l, bytesOfLine(&l))
}

func bytesOfLine(l *journal.DiaryLine) int { return lineBytes + len(l.OwnerName) + len(l.Title) }

// linesOf puts a list together. An entry that has gone since its name was read is left out; then the list is read anew.
func (c *Cache) linesOf(ctx context.Context, list []store.DiaryName) ([]journal.DiaryLine, error) {
	lines := make([]journal.DiaryLine, 0, len(list))
	for _, n := range list {
		l, err := through(ctx, c, key{kind: aLine, a: n.Owner, b: n.ID}, bytesOfLine, func() (*journal.DiaryLine, error) {
			l, err := c.source.Journal.DiaryLine(ctx, n.Owner, n.ID)
			return &l, err
		})
		var owner *store.Person
		if err == nil {
			owner, err = c.person(ctx, n.Owner)
		}
		if errors.Is(err, core.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		lines = append(lines, *l)
		lines[len(lines)-1].OwnerName = owner.Name // the row's may be from before they changed it
	}
	return lines, nil
}

// DiaryLines implements journal.DiaryStore. The whole list and its parts by visibility are kept, not those of a month or a
// category.
func (c Journal) DiaryLines(ctx context.Context, owner core.ID, reach core.Visibility, category, from, to core.ID, p core.Page) ([]journal.DiaryLine, error) {
	load := func(p core.Page) ([]journal.DiaryLine, error) {
		return c.source.Journal.DiaryLines(ctx, owner, reach, category, from, to, p)
	}
	if category != 0 || from > 0 || to != math.MaxInt64 {
		return load(p)
	}
	return c.lines(ctx, key{kind: ownLines, a: owner, b: core.ID(reach)}, p, load, nil)
}

// FriendsDiaryLines implements journal.DiaryStore.
func (c Journal) FriendsDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]journal.DiaryLine, error) {
	return c.lines(ctx, key{kind: friendsLines, a: member}, p, func(p core.Page) ([]journal.DiaryLine, error) {
		return c.source.Journal.FriendsDiaryLines(ctx, member, p)
	}, func(limit int) ([]store.DiaryName, error) {
		return c.source.Journal.FriendsDiaryNames(ctx, member, limit)
	})
}

// EveryonesDiaryLines implements journal.DiaryStore.
func (c Journal) EveryonesDiaryLines(ctx context.Context, p core.Page) ([]journal.DiaryLine, error) {
	return c.lines(ctx, key{kind: newestLines}, p, func(p core.Page) ([]journal.DiaryLine, error) {
		return c.source.Journal.EveryonesDiaryLines(ctx, p)
	}, func(limit int) ([]store.DiaryName, error) { return c.source.Journal.EveryonesDiaryNames(ctx, limit) })
}

// CommentedDiaryLines implements journal.DiaryStore.
func (c Journal) CommentedDiaryLines(ctx context.Context, member core.ID, p core.Page) ([]journal.DiaryLine, error) {
	return c.lines(ctx, key{kind: commentedLines, a: member}, p, func(p core.Page) ([]journal.DiaryLine, error) {
		return c.source.Journal.CommentedDiaryLines(ctx, member, p)
	}, func(limit int) ([]store.DiaryName, error) {
		return c.source.Journal.CommentedDiaryNames(ctx, member, limit)
	})
}

// Diary implements journal.DiaryStore.
func (c Journal) Diary(ctx context.Context, owner, id core.ID) (journal.Diary, error) {
	d, err := through(ctx, c.Cache, key{kind: aDiary, a: owner, b: id}, func(d *journal.Diary) int {
		return lineBytes + len(d.OwnerName) + len(d.Title) + len(d.Body)
	}, func() (*journal.Diary, error) {
		d, err := c.source.Journal.Diary(ctx, owner, id)
		return &d, err
	})
	if err != nil {
		return *d, err
	}
	of, err := c.person(ctx, owner)
	if err != nil {
		return journal.Diary{}, err
	}
	copied := *d
	copied.OwnerName = of.Name
	return copied, nil
}

// ReadMarks implements journal.ReadStore.
func (c Journal) ReadMarks(ctx context.Context, member core.ID, diaries []core.ID) ([]journal.ReadMark, error) {
	marks := make([]journal.ReadMark, 0, len(diaries))
	var missing []core.ID
	for _, id := range diaries {
		kept, ok := find[[]journal.ReadMark](ctx, c.Cache, key{kind: aReadMark, a: member, b: id})
		if !ok {
			missing = append(missing, id)
		}
		marks = append(marks, kept...)
	}
	if missing == nil {
		return marks, nil
	}
	seq := c.versions.now()
	read, err := c.source.Journal.ReadMarks(ctx, member, missing)
	if err != nil {
		return nil, err
	}
	for _, id := range missing {
		var of []journal.ReadMark
		for _, m := range read {
			if m.Diary == id {
				of = append(of, m)
			}
		}
		c.keep(ctx, key{kind: aReadMark, a: member, b: id}, seq, of, 32*len(of))
	}
	return append(marks, read...), nil
}

// comments are a page of comments, without the names and faces of their authors.
type comments struct {
	list []talk.Comment
	page core.Page
}

// Comments implements talk.CommentStore. The page that was asked for last is kept of each entry: mostly the newest.
func (c Talk) Comments(ctx context.Context, on talk.Thread, p core.Page) ([]talk.Comment, error) {
	if on.Kind != journal.OnDiary {
		return c.source.Talk.Comments(ctx, on, p)
	}
	k := key{kind: someComments, a: on.Owner, b: on.Thing}
	kept, ok := find[comments](ctx, c.Cache, k)
	if !ok || kept.page != p {
		seq := c.versions.now()
		rows, err := c.source.Talk.CommentRows(ctx, on, p)
		if err != nil {
			return nil, err
		}
		kept = comments{rows, p}
		bytes := 48
		for i := range rows {
			bytes += commentBytes + len(rows[i].Body)
		}
		c.keep(ctx, k, seq, kept, bytes)
	}
	list := slices.Clone(kept.list)
	for i := range list {
		author, err := c.person(ctx, list[i].Author)
		if errors.Is(err, core.ErrNotFound) {
			return c.source.Talk.Comments(ctx, on, p) // which knows who comes in their place
		}
		if err != nil {
			return nil, err
		}
		list[i].AuthorName, list[i].AuthorPhoto = author.Name, author.Photo
	}
	return list, nil
}
