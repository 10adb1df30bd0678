package reviews

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/review"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

const (
	reviewColumns = `SELECT r.member, r.id, m.name, r.stars, r.body, r.visibility, r.closed, r.comments, r.helpful, r.photos, r.created_at, ` + productColumns
	reviewJoins   = ` JOIN member m ON m.id = r.member JOIN review_product p ON p.id = r.product `
)

func reviewRow(s engine.Scanner) (r review.Review, err error) {
	return r, s.Scan(append([]any{&r.Owner, &r.ID, &r.OwnerName, &r.Stars, &r.Body, &r.Visibility, &r.Closed, &r.Comments, &r.Helpful, &r.PhotoCount, engine.Moment(&r.CreatedAt)},
		productFields(&r.Product)...)...)
}

// list reads reviews of a table or join r.
func (db Store) list(ctx context.Context, from string, p core.Page, args ...any) ([]review.Review, error) {
	return engine.List(ctx, db.On(ctx), reviewRow, reviewColumns+` FROM `+from, append([]any{p.Limit(), p.Offset()}, args...)...)
}

// InsertReview implements review.ReviewStore.
func (db Store) InsertReview(ctx context.Context, r review.Review) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		counted := r.Visibility == core.Everyone
		_, err := q.Run(ctx, `INSERT INTO review (member, id, product, category, title, stars, body, visibility, closed, counted, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			r.Owner, r.ID, r.Product.ID, r.Product.Category, r.Product.Title, r.Stars, r.Body, r.Visibility, r.Closed, counted, engine.Millis(r.CreatedAt))
		if err == nil && counted {
			err = counting{r.Product.ID, r.Stars, true}.move(ctx, q)
		}
		return err
	})
}

// Review implements review.ReviewStore.
func (db Store) Review(ctx context.Context, owner, id core.ID) (review.Review, error) {
	r, err := reviewRow(db.On(ctx).Row(ctx, reviewColumns+` FROM review r`+reviewJoins+`WHERE r.member = $1 AND r.id = $2`, owner, id))
	return r, base.One(err)
}

// uncount takes a review out of the counters of its product.
func uncount(ctx context.Context, q engine.Querier, owner, id core.ID) error {
	var c counting
	if err := base.One(q.Row(ctx, `SELECT product, stars, counted FROM review WHERE member = $1 AND id = $2`, owner, id).Scan(&c.product, &c.stars, &c.counted)); err != nil || !c.counted {
		return err
	}
	c.counted = false
	return c.move(ctx, q)
}

// UpdateReview implements review.ReviewStore. The review of one who does not take part counts when they come back.
func (db Store) UpdateReview(ctx context.Context, r review.Review) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if err := uncount(ctx, q, r.Owner, r.ID); err != nil {
			return err
		}
		c := counting{r.Product.ID, r.Stars, false}
		if err := q.Row(ctx, `UPDATE review SET stars = $3, body = $4, visibility = $5, closed = $6, counted = CASE WHEN (SELECT status FROM member WHERE id = $1) = 0 THEN $7 ELSE 0 END
			WHERE member = $1 AND id = $2 RETURNING counted`,
			r.Owner, r.ID, r.Stars, r.Body, r.Visibility, r.Closed, r.Visibility == core.Everyone).Scan(&c.counted); err != nil || !c.counted {
			return base.One(err)
		}
		return c.move(ctx, q)
	})
}

// DeleteReview implements review.ReviewStore.
func (db Store) DeleteReview(ctx context.Context, owner, id core.ID) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if err := uncount(ctx, q, owner, id); err != nil {
			return err
		}
		args := []any{owner, id}
		return engine.RunAll(ctx, q,
			engine.Step{Query: `DELETE FROM review WHERE member = $1 AND id = $2`, Args: args},
			engine.Step{Query: `DELETE FROM review_comment WHERE owner = $1 AND review = $2`, Args: args},
			engine.Step{Query: `DELETE FROM liked WHERE owner = $1 AND kind = 3 AND thing = $2`, Args: args},
			engine.Step{Query: `DELETE FROM review_helpful WHERE owner = $1 AND review = $2`, Args: args},
			engine.Step{Query: `DELETE FROM review_pin WHERE owner = $1 AND review = $2`, Args: args})
	})
}

// ReviewOf implements review.ReviewStore.
func (db Store) ReviewOf(ctx context.Context, owner, product core.ID) (id core.ID, err error) {
	err = db.On(ctx).Row(ctx, `SELECT id FROM review WHERE member = $1 AND product = $2`, owner, product).Scan(&id)
	return id, base.One(err)
}

const newestFirst = ` ORDER BY r.id DESC LIMIT $1 OFFSET $2`

// MembersReviews implements review.ReviewStore.
func (db Store) MembersReviews(ctx context.Context, owner core.ID, reach core.Visibility, c review.Category, p core.Page) ([]review.Review, error) {
	return db.list(ctx, `review r`+reviewJoins+`WHERE r.member = $3 AND r.visibility <= $4 AND ($5 = 0 OR r.category = $5)`+newestFirst, p, owner, reach, c)
}

// ProductsReviews implements review.ReviewStore.
func (db Store) ProductsReviews(ctx context.Context, product core.ID, p core.Page) ([]review.Review, error) {
	return db.list(ctx, `review r`+reviewJoins+`WHERE r.product = $3`+newestFirst, p, product)
}

// NewestReviews implements review.ReviewStore.
func (db Store) NewestReviews(ctx context.Context, c review.Category, p core.Page) ([]review.Review, error) {
	if c == review.AnyCategory {
		return db.list(ctx, `review r`+reviewJoins+`WHERE r.visibility = 0`+newestFirst, p)
	}
	return db.list(ctx, `review r`+reviewJoins+`WHERE r.category = $3 AND r.visibility = 0`+newestFirst, p, c)
}

// FriendsReviews implements review.ReviewStore.
func (db Store) FriendsReviews(ctx context.Context, member core.ID, p core.Page) ([]review.Review, error) {
	return db.list(ctx, `friend f JOIN review r ON r.member = f.friend`+reviewJoins+`WHERE f.member = $3 AND f.on_home = 1 AND r.visibility <= $4`+newestFirst, p, member, core.Friends)
}

// SetHelpful implements review.ReviewStore.
func (db Store) SetHelpful(ctx context.Context, owner, id, member core.ID, helpful bool, at time.Time) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		var n int64
		var err error
		if helpful {
			n, err = q.Run(ctx, `INSERT INTO review_helpful (owner, review, member, helpful_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, owner, id, member, engine.Millis(at))
		} else {
			n, err = q.Run(ctx, `DELETE FROM review_helpful WHERE owner = $1 AND review = $2 AND member = $3`, owner, id, member)
			n = -n
		}
		if err != nil || n == 0 {
			return err
		}
		_, err = q.Run(ctx, `UPDATE review SET helpful = helpful + $3 WHERE member = $1 AND id = $2`, owner, id, n)
		return err
	})
}

// IsHelpful implements review.ReviewStore.
func (db Store) IsHelpful(ctx context.Context, owner, id, member core.ID) (helpful bool, err error) {
	return helpful, db.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM review_helpful WHERE owner = $1 AND review = $2 AND member = $3)`, owner, id, member).Scan(&helpful)
}

// InsertPin implements review.PinStore.
func (db Store) InsertPin(ctx context.Context, community, owner, id core.ID, at time.Time) error {
	return db.Change(ctx, `INSERT INTO review_pin (community, owner, review, pinned_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, community, owner, id, engine.Millis(at))
}

// DeletePin implements review.PinStore.
func (db Store) DeletePin(ctx context.Context, community, owner, id core.ID) error {
	return db.Change(ctx, `DELETE FROM review_pin WHERE community = $1 AND owner = $2 AND review = $3`, community, owner, id)
}

// Pinned implements review.PinStore.
func (db Store) Pinned(ctx context.Context, community core.ID, p core.Page) ([]review.Review, error) {
	return db.list(ctx, `review_pin k JOIN review r ON r.member = k.owner AND r.id = k.review`+reviewJoins+`WHERE k.community = $3 ORDER BY k.pinned_at DESC, r.id DESC LIMIT $1 OFFSET $2`, p, community)
}

// Pins implements review.PinStore.
func (db Store) Pins(ctx context.Context, owner, id core.ID) ([]core.ID, error) {
	return engine.List(ctx, db.On(ctx), func(r engine.Scanner) (c core.ID, err error) { return c, r.Scan(&c) },
		`SELECT community FROM review_pin WHERE owner = $1 AND review = $2 ORDER BY pinned_at`, owner, id)
}
