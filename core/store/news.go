package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/store/engine"
)

// PutNews implements news.NewsStore.
func (s News) PutNews(ctx context.Context, n news.News, keep int) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO news (member, kind, actor, thing, n, since, at) VALUES ($1, $2, $3, $4, 1, $5, $5)
			ON CONFLICT (member, kind, actor, thing) DO UPDATE SET n = news.n + 1, at = excluded.at`,
			n.Member, n.Kind, n.Actor, n.Thing, engine.Millis(n.At))
		if err != nil {
			return err
		}
		_, err = q.Run(ctx, `DELETE FROM news WHERE (SELECT count(*) FROM news WHERE member = $1 AND kind = $2) > $3
			AND member = $1 AND kind = $2 AND at < (SELECT at FROM news WHERE member = $1 AND kind = $2 ORDER BY at DESC LIMIT 1 OFFSET $3 - 1)`,
			n.Member, n.Kind, keep)
		return err
	})
}

const newsRows = `SELECT kind, actor, thing, n, at FROM news WHERE member = $1`

// newsOf reads news of a member.
func newsOf(member core.ID) func(r engine.Scanner) (news.News, error) {
	return func(r engine.Scanner) (news.News, error) {
		n := news.News{Member: member}
		return n, r.Scan(&n.Kind, &n.Actor, &n.Thing, &n.N, engine.Moment(&n.At))
	}
}

// News implements news.NewsStore.
func (s News) News(ctx context.Context, member core.ID) ([]news.News, error) {
	return engine.List(ctx, s.on(ctx), newsOf(member), newsRows+` ORDER BY at DESC, thing DESC`, member)
}

// NewsAbout implements news.NewsStore.
func (s News) NewsAbout(ctx context.Context, member core.ID, kind news.Kind, actor, thing core.ID) ([]news.News, error) {
	return engine.List(ctx, s.on(ctx), newsOf(member), newsRows+` AND kind = $2 AND ($3 = 0 OR actor = $3) AND ($4 = 0 OR thing = $4)`,
		member, kind, actor, thing)
}

// DropNews implements news.NewsStore.
func (s News) DropNews(ctx context.Context, member core.ID, kind news.Kind, actor, thing core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, query := range [...]string{
			`DELETE FROM news WHERE member = $1 AND kind = $2 AND ($3 = 0 OR actor = $3) AND ($4 = 0 OR thing = $4)`,
			`DELETE FROM news_seen WHERE member = $1 AND kind = $2 AND ($3 = 0 OR actor = $3) AND ($4 = 0 OR thing = $4)`,
		} {
			if _, err := q.Run(ctx, query, member, kind, actor, thing); err != nil {
				return err
			}
		}
		return nil
	})
}

// SeenNews implements news.NewsStore.
func (s News) SeenNews(ctx context.Context, member core.ID, from, n int) ([]news.News, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (news.News, error) {
		row, err := newsOf(member)(r)
		row.Seen = true
		return row, err
	}, `SELECT kind, actor, thing, n, at FROM news_seen WHERE member = $1 ORDER BY at DESC, thing DESC LIMIT $2 OFFSET $3`, member, n, from)
}

// DeleteSeenBefore implements news.NewsStore.
func (s News) DeleteSeenBefore(ctx context.Context, t time.Time) error {
	return s.change(ctx, `DELETE FROM news_seen WHERE at < $1`, engine.Millis(t))
}

// SeeNews implements news.NewsStore.
func (s News) SeeNews(ctx context.Context, rows []news.News) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, n := range rows {
			for _, query := range [...]string{
				`INSERT INTO news_seen (member, kind, actor, thing, n, at)
					SELECT member, kind, actor, thing, n, at FROM news WHERE member = $1 AND kind = $2 AND actor = $3 AND thing = $4 AND at <= $5
					ON CONFLICT (member, kind, actor, thing) DO UPDATE SET n = excluded.n, at = excluded.at`,
				`DELETE FROM news WHERE member = $1 AND kind = $2 AND actor = $3 AND thing = $4 AND at <= $5`,
			} {
				if _, err := q.Run(ctx, query, n.Member, n.Kind, n.Actor, n.Thing, engine.Millis(n.At)); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// TakeNews implements news.NewsStore.
func (s News) TakeNews(ctx context.Context, n news.News) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, query := range [...]string{
			`DELETE FROM news WHERE member = $1 AND kind = $2 AND actor = $3 AND thing = $4 AND since <= $5 AND n = 1`,
			`UPDATE news SET n = n - 1 WHERE member = $1 AND kind = $2 AND actor = $3 AND thing = $4 AND since <= $5`,
		} {
			if _, err := q.Run(ctx, query, n.Member, n.Kind, n.Actor, n.Thing, engine.Millis(n.At)); err != nil {
				return err
			}
		}
		return nil
	})
}
