package store

import (
	"context"
	"time"

	"musubi/core"
)

// InsertPhoto implements core.PhotoStore.
func (s *Store) InsertPhoto(ctx context.Context, p core.Photo, at time.Time) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		_, err := q.run(ctx, `INSERT INTO photo (member, id, hash, type, width, height, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			p.Owner, p.ID, p.Hash, p.Type, p.Width, p.Height, millis(at))
		return err
	})
}

// Photo implements core.PhotoStore.
func (s *Store) Photo(ctx context.Context, owner, id core.ID) (p core.Photo, to core.Attached, err error) {
	p.Owner, p.ID = owner, id
	err = s.on(ctx).row(ctx, `SELECT hash, type, width, height, kind, owner, thing FROM photo WHERE member = $1 AND id = $2`, owner, id).
		Scan(&p.Hash, &p.Type, &p.Width, &p.Height, &to.Kind, &to.Owner, &to.Thing)
	return p, to, one(err)
}

// AttachPhoto implements core.PhotoStore.
func (s *Store) AttachPhoto(ctx context.Context, owner, id core.ID, to core.Attached, place int) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		n, err := q.run(ctx, `UPDATE photo SET kind = $1, owner = $2, thing = $3, place = $4 WHERE member = $5 AND id = $6 AND kind = $7`,
			to.Kind, to.Owner, to.Thing, place, owner, id, core.Unattached)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		if to.Kind == core.DiaryPhoto {
			_, err = q.run(ctx, `UPDATE diary SET photos = photos + 1 WHERE member = $1 AND id = $2`, to.Owner, to.Thing)
		}
		return err
	})
}

// AttachedPhotos implements core.PhotoStore.
func (s *Store) AttachedPhotos(ctx context.Context, to core.Attached) ([]core.Photo, error) {
	return list(ctx, s.on(ctx), func(r scanner) (p core.Photo, err error) {
		return p, r.Scan(&p.Owner, &p.ID, &p.Hash, &p.Type, &p.Width, &p.Height)
	}, `SELECT member, id, hash, type, width, height FROM photo WHERE owner = $1 AND thing = $2 AND kind = $3 ORDER BY place`,
		to.Owner, to.Thing, to.Kind)
}
