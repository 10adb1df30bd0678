package store

import (
	"context"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/engine"
)

// PutEndorsement implements people.EndorsementStore.
func (s People) PutEndorsement(ctx context.Context, e people.Endorsement) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO endorsement (member, author, relationship, body, written_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (member, author) DO UPDATE SET relationship = excluded.relationship, body = excluded.body, written_at = excluded.written_at`,
			e.About, e.Author, e.Relationship, e.Body, engine.Millis(e.WrittenAt))
		if err != nil {
			return err
		}
		_, err = q.Run(ctx, `INSERT INTO endorsed (member, about, written_at) VALUES ($1, $2, $3)
			ON CONFLICT (member, about) DO UPDATE SET written_at = excluded.written_at`, e.Author, e.About, engine.Millis(e.WrittenAt))
		return err
	})
}

// DeleteEndorsement implements people.EndorsementStore.
func (s People) DeleteEndorsement(ctx context.Context, about, author core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `DELETE FROM endorsement WHERE member = $1 AND author = $2`, about, author)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		_, err = q.Run(ctx, `DELETE FROM endorsed WHERE member = $1 AND about = $2`, author, about)
		return err
	})
}

const endorsementColumns = `SELECT e.member, s.name, e.author, m.name, e.relationship, e.body, e.written_at,
	coalesce(p.id, 0), coalesce(p.hash, ''), coalesce(p.type, ''), coalesce(p.width, 0), coalesce(p.height, 0) `

const endorsementTables = ` JOIN member m ON m.id = e.author JOIN member s ON s.id = e.member` + memberPhoto

func endorsement(r engine.Scanner) (e people.Endorsement, err error) {
	err = r.Scan(&e.About, &e.AboutName, &e.Author, &e.AuthorName, &e.Relationship, &e.Body, engine.Moment(&e.WrittenAt),
		&e.AuthorPhoto.ID, &e.AuthorPhoto.Hash, &e.AuthorPhoto.Type, &e.AuthorPhoto.Width, &e.AuthorPhoto.Height)
	e.AuthorPhoto.Owner = e.Author
	return e, err
}

// Endorsement implements people.EndorsementStore.
func (s People) Endorsement(ctx context.Context, about, author core.ID) (people.Endorsement, error) {
	e, err := endorsement(s.on(ctx).Row(ctx, endorsementColumns+`FROM endorsement e`+endorsementTables+
		`WHERE e.member = $1 AND e.author = $2`, about, author))
	return e, one(err)
}

// Endorsements implements people.EndorsementStore.
func (s People) Endorsements(ctx context.Context, about core.ID, p core.Page) ([]people.Endorsement, error) {
	return engine.List(ctx, s.on(ctx), endorsement, endorsementColumns+`FROM endorsement e`+endorsementTables+
		`WHERE e.member = $1 AND m.status = 0 ORDER BY e.written_at DESC, e.author DESC LIMIT $2 OFFSET $3`,
		about, p.Limit(), p.Offset())
}

// EndorsementsBy implements people.EndorsementStore.
func (s People) EndorsementsBy(ctx context.Context, author core.ID, p core.Page) ([]people.Endorsement, error) {
	return engine.List(ctx, s.on(ctx), endorsement, endorsementColumns+`FROM endorsed d
		JOIN endorsement e ON e.member = d.about AND e.author = d.member`+endorsementTables+
		`WHERE d.member = $1 AND s.status = 0 ORDER BY d.written_at DESC, d.about DESC LIMIT $2 OFFSET $3`,
		author, p.Limit(), p.Offset())
}
