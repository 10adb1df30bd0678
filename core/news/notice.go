package news

import (
	"context"
	"errors"
	"musubi/core"
)

// A Notice tells a member on home that something waits for them. core/web has the sentence for its Key and the page that
// it leads to.
type Notice struct {
	Key  string
	N    int    // how many; also the %d of the sentence
	Name string // of a member, then the %s of the sentence; "": it has none
	Of   News   // what it is about; when that is more than one thing, nothing but its Kind
}

// NewsNotices lists what waits for a member, folded by kind: one look-up of the member's news, and one of each of those who made it.
func (s *Service) NewsNotices(ctx context.Context, member core.ID) (list []Notice, err error) {
	rows, err := s.news(ctx, member)
	if err != nil {
		return nil, err
	}
	for i := range s.newsRows {
		kind := &s.newsRows[i]
		n := kind.fold(rows)
		if n.N == 0 {
			continue
		}
		if kind.Numbered {
			by, err := s.store.Member(ctx, n.Of.Actor)
			if err != nil {
				return nil, err
			}
			n.N, n.Name = int(n.Of.Thing), by.Name
		}
		list = append(list, n)
	}
	return list, nil
}

// fold makes one notice of the news of a kind. Of several numbers it has the newest.
func (kind *Row) fold(rows []News) Notice {
	n := Notice{Key: kind.Key}
	one := true
	for _, r := range rows {
		switch {
		case r.Kind != kind.Kind || kind.Numbered && n.N > 0:
			continue
		case n.N == 0:
			n.Of = r
		case r.Thing != n.Of.Thing || !kind.ByThing:
			one = false
		}
		n.N += r.N
	}
	if !one {
		n.Of = News{Kind: kind.Kind}
	}
	return n
}

// NewsLines lists what waits for a member and then what was looked at within 90 days, both newest first, with the names their
// sentences need.
func (s *Service) NewsLines(ctx context.Context, member core.ID, p core.Page) (lines []Line, more bool, err error) {
	rows, err := s.newsAndSeen(ctx, member, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(core.Viewer{Member: member})
	for _, n := range rows {
		if n.Seen && !sees(ctx, g, n) {
			continue
		}
		line, err := s.newsLine(ctx, n)
		switch {
		case err == nil:
			lines = append(lines, line)
		case !errors.Is(err, core.ErrNotFound): // the thing is gone
			return nil, false, err
		}
	}
	return lines, more, nil
}

// newsAndSeen is the page of what waits, followed by what was looked at, and one row more when there are others.
func (s *Service) newsAndSeen(ctx context.Context, member core.ID, p core.Page) ([]News, error) {
	rows, err := s.store.News(ctx, member)
	if err != nil {
		return nil, err
	}
	rows = s.seenLast(ctx, member, rows)
	from := max(p.Offset()-len(rows), 0)
	rows = rows[min(p.Offset(), len(rows)):]
	if len(rows) > p.Size {
		return rows, nil
	}
	seen, err := s.store.SeenNews(ctx, member, from, p.Size+1-len(rows))
	if err != nil {
		return nil, err
	}
	return append(rows, seen...), nil
}

// seenLast puts behind what waits that which was looked at a moment ago, whose look waits to be stored.
func (s *Service) seenLast(ctx context.Context, member core.ID, rows []News) []News {
	g := s.Sight(core.Viewer{Member: member})
	var waiting, seen []News
	for _, n := range rows {
		if n.Seen = s.looked(n); n.Seen {
			seen = append(seen, n)
		} else if sees(ctx, g, n) {
			waiting = append(waiting, n)
		}
	}
	return append(waiting, seen...)
}

func (s *Service) newsLine(ctx context.Context, n News) (line Line, err error) {
	line = Line{News: n}
	if line.ActorName, err = s.nameOf(ctx, n.Actor); err != nil {
		return line, err
	}
	if title := s.newsRows[n.Kind].Title; title != nil {
		line.Title, err = title(ctx, n)
	}
	return line, err
}

// nameOf is the name of who did something; "" of the service itself.
func (s *Service) nameOf(ctx context.Context, actor core.ID) (string, error) {
	if actor == 0 {
		return "", nil
	}
	m, err := s.store.Member(ctx, actor)
	return m.Name, err
}
