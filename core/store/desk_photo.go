package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// InsertPhoto implements core.PhotoStore.
func (s Desk) InsertPhoto(ctx context.Context, p core.Photo, at time.Time) error {
	return s.change(ctx, `INSERT INTO photo (member, id, hash, type, width, height, bytes, created_at, wide, wide_width, wide_height, original, original_type)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		p.Owner, p.ID, p.Hash, p.Type, p.Width, p.Height, p.Bytes, engine.Millis(at), p.Wide.Hash, p.Wide.Width, p.Wide.Height, p.Original.Hash, p.Original.Type)
}

// Photo implements core.PhotoStore.
func (s Desk) Photo(ctx context.Context, owner, id core.ID) (p core.Photo, to core.Attached, err error) {
	p.Owner, p.ID = owner, id
	err = s.on(ctx).Row(ctx, `SELECT hash, type, width, height, bytes, wide, wide_width, wide_height, original, original_type, kind, owner, thing FROM photo
		WHERE member = $1 AND id = $2`, owner, id).
		Scan(&p.Hash, &p.Type, &p.Width, &p.Height, &p.Bytes, &p.Wide.Hash, &p.Wide.Width, &p.Wide.Height, &p.Original.Hash, &p.Original.Type, &to.Kind, &to.Owner, &to.Thing)
	return p, to, one(err)
}

// AttachPhoto implements core.PhotoStore.
func (s Desk) AttachPhoto(ctx context.Context, owner, id core.ID, to core.Attached, place int) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE photo SET kind = $1, owner = $2, thing = $3, place = $4 WHERE member = $5 AND id = $6 AND kind = $7`,
			to.Kind, to.Owner, to.Thing, place, owner, id, core.Unattached)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		if c := s.photos[to.Kind]; c.Attached != nil {
			return c.Attached(ctx, q, to)
		}
		return nil
	})
}

// DetachPhoto implements core.PhotoStore.
func (s Desk) DetachPhoto(ctx context.Context, owner, id core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if err := s.uncount(ctx, q, owner, id); err != nil {
			return err
		}
		n, err := q.Run(ctx, `UPDATE photo SET kind = $1, owner = 0, thing = 0, place = 0, caption = '', comments = 0 WHERE member = $2 AND id = $3`,
			core.Unattached, owner, id)
		if err == nil && n == 0 {
			return core.ErrNotFound
		}
		return err
	})
}

// uncount counts a photo off the thing it belongs to.
func (s Desk) uncount(ctx context.Context, q engine.Querier, owner, id core.ID) error {
	var to core.Attached
	err := one(q.Row(ctx, `SELECT kind, owner, thing FROM photo WHERE member = $1 AND id = $2`, owner, id).Scan(&to.Kind, &to.Owner, &to.Thing))
	if err != nil {
		return err
	}
	if c := s.photos[to.Kind]; c.Leaves != nil {
		return c.Leaves(ctx, q, owner, id, to)
	}
	return nil
}

// AttachedPhotos implements core.PhotoStore.
func (s Desk) AttachedPhotos(ctx context.Context, to core.Attached) ([]core.Photo, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (p core.Photo, err error) {
		return p, r.Scan(&p.Owner, &p.ID, &p.Hash, &p.Type, &p.Width, &p.Height, &p.Wide.Hash, &p.Wide.Width, &p.Wide.Height, &p.Original.Hash, &p.Original.Type, &p.Caption)
	}, `SELECT member, id, hash, type, width, height, wide, wide_width, wide_height, original, original_type, caption FROM photo WHERE owner = $1 AND thing = $2 AND kind = $3 ORDER BY place`,
		to.Owner, to.Thing, to.Kind)
}

// CaptionPhoto implements core.PhotoStore.
func (s Desk) CaptionPhoto(ctx context.Context, owner, id core.ID, caption string) error {
	return s.change(ctx, `UPDATE photo SET caption = $3 WHERE member = $1 AND id = $2`, owner, id, caption)
}

// DeletePhoto implements core.PhotoStore.
func (s Desk) DeletePhoto(ctx context.Context, owner, id core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if err := s.uncount(ctx, q, owner, id); err != nil {
			return err
		}
		if _, err := q.Run(ctx, base.SparePhotos(3, `photo WHERE member = $1 AND id = $2`), owner, id, time.Now().UnixMilli()); err != nil {
			return err
		}
		n, err := q.Run(ctx, `DELETE FROM photo WHERE member = $1 AND id = $2`, owner, id)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrNotFound
		}
		_, err = q.Run(ctx, `UPDATE member SET photo = 0 WHERE id = $1 AND photo = $2`, owner, id)
		return err
	})
}

// UnusedBlobs implements core.PhotoStore.
func (s Desk) UnusedBlobs(ctx context.Context, t time.Time, limit int) (unused []string, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `DELETE FROM spare_blob WHERE EXISTS (SELECT 1 FROM photo WHERE photo.hash = spare_blob.hash)
			OR EXISTS (SELECT 1 FROM photo WHERE photo.wide = spare_blob.hash AND photo.wide <> '') OR EXISTS (SELECT 1 FROM photo WHERE photo.original = spare_blob.hash AND photo.original <> '')
			OR EXISTS (SELECT 1 FROM film WHERE film.source = spare_blob.hash) OR EXISTS (SELECT 1 FROM film_part WHERE film_part.hash = spare_blob.hash)
			OR EXISTS (SELECT 1 FROM report_photo r WHERE r.hash = spare_blob.hash) OR EXISTS (SELECT 1 FROM site_picture s WHERE s.hash = spare_blob.hash)`)
		if err != nil {
			return err
		}
		unused, err = engine.List(ctx, q, func(r engine.Scanner) (hash string, err error) { return hash, r.Scan(&hash) },
			`SELECT hash FROM spare_blob WHERE since < $1 ORDER BY since LIMIT $2`, engine.Millis(t), limit)
		return err
	})
	return unused, err
}

// ForgetBlob implements core.PhotoStore.
func (s Desk) ForgetBlob(ctx context.Context, hash string) error {
	return s.change(ctx, `DELETE FROM spare_blob WHERE hash = $1`, hash)
}
