package core

import (
	"context"
	"errors"
	"time"
)

// A Notice tells a member on home that something waits for them. core/web has the sentence for its Key and the page that
// it leads to.
type Notice struct {
	Key  string
	N    int    // how many; also the %d of the sentence
	Name string // of a member, then the %s of the sentence; "": it has none
	Of   News   // what it is about; when that is more than one thing, nothing but its Kind
}

// Notices lists what waits for a member, folded by kind. Home asks for it: it is one look-up of the member's news, and
// one of each of those who made it.
func (s *Services) Notices(ctx context.Context, m Member) (list []Notice, err error) {
	if since, warned := s.alone(m); warned {
		list = append(list, Notice{Key: "alone", N: max(int((s.aloneLimit-since)/(24*time.Hour)), 1)})
	}
	rows, err := s.news(ctx, m.ID)
	if err != nil {
		return nil, err
	}
	for k := range NewsKinds {
		n := foldNews(NewsKind(k), rows)
		if n.N == 0 {
			continue
		}
		if n.Of.Kind == RoundNews {
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

// foldNews makes one notice of the news of a kind. Of several round numbers it has the newest.
func foldNews(kind NewsKind, rows []News) Notice {
	n := Notice{Key: kind.Key()}
	one := true
	for _, r := range rows {
		switch {
		case r.Kind != kind || kind == RoundNews && n.N > 0:
			continue
		case n.N == 0:
			n.Of = r
		case r.Thing != n.Of.Thing || !NewsKinds[kind].ByThing:
			one = false
		}
		n.N += r.N
	}
	if !one {
		n.Of = News{Kind: kind}
	}
	return n
}

// NewsLines lists what waits for a member, newest first, with the names its sentences need.
func (s *Services) NewsLines(ctx context.Context, member ID, p Page) (lines []NewsLine, more bool, err error) {
	rows, err := s.news(ctx, member)
	if err != nil {
		return nil, false, err
	}
	rows = rows[min(p.Offset(), len(rows)):]
	rows, more = cut(rows, p)
	for _, n := range rows {
		line, err := s.newsLine(ctx, n)
		switch {
		case err == nil:
			lines = append(lines, line)
		case !errors.Is(err, ErrNotFound): // the thing is gone
			return nil, false, err
		}
	}
	return lines, more, nil
}

func (s *Services) newsLine(ctx context.Context, n News) (line NewsLine, err error) {
	actor, err := s.store.Member(ctx, n.Actor)
	if err != nil {
		return line, err
	}
	line = NewsLine{News: n, ActorName: actor.Name}
	line.Title, err = s.newsTitle(ctx, n)
	return line, err
}

// newsTitle is NewsLine.Title; ErrNotFound when the member may not see the thing any more.
func (s *Services) newsTitle(ctx context.Context, n News) (string, error) {
	for i := range ThreadKinds {
		if kind := &ThreadKinds[i]; kind.News == n.Kind {
			return kind.title(s, ctx, n.Member, n.Thing)
		}
	}
	switch n.Kind {
	case IntroductionNews:
		m, _, err := s.Member(ctx, Viewer{Member: n.Member}, n.Thing)
		return m.Name, err
	case RoundNews:
		return n.Thing.String(), nil
	}
	return "", nil
}
