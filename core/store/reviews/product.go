package reviews

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/review"
	"musubi/core/shop"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

const productColumns = `p.id, p.category, p.title, p.maker, p.code, p.stars1, p.stars2, p.stars3, p.stars4, p.stars5, p.added_by, p.added_at`

func productFields(p *review.Product) []any {
	c := &p.Counts
	return []any{&p.ID, &p.Category, &p.Title, &p.Maker, &p.Code, &c[0], &c[1], &c[2], &c[3], &c[4], &p.AddedBy, engine.Moment(&p.AddedAt)}
}

func productRow(r engine.Scanner) (p review.Product, err error) {
	return p, r.Scan(productFields(&p)...)
}

// InsertProduct implements review.ProductStore.
func (db Store) InsertProduct(ctx context.Context, p review.Product, key string, starts []string) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO review_product (id, category, title, maker, code, key, added_by, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			p.ID, p.Category, p.Title, p.Maker, p.Code, key, p.AddedBy, engine.Millis(p.AddedAt))
		if err != nil {
			return err
		}
		return begin(ctx, q, p.ID, starts)
	})
}

// begin notes where a search may begin in the names of a product.
func begin(ctx context.Context, q engine.Querier, product core.ID, starts []string) error {
	for _, start := range starts {
		if _, err := q.Run(ctx, `INSERT INTO review_start (start, product) VALUES ($1, $2) ON CONFLICT DO NOTHING`, start, product); err != nil {
			return err
		}
	}
	return nil
}

// UpdateProduct implements review.ProductStore.
func (db Store) UpdateProduct(ctx context.Context, p review.Product, key string, starts []string) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		err := engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE review_product SET category = $2, title = $3, maker = $4, code = $5, key = $6 WHERE id = $1`, Args: []any{p.ID, p.Category, p.Title, p.Maker, p.Code, key}},
			engine.Step{Query: `UPDATE review SET category = $2 WHERE product = $1`, Args: []any{p.ID, p.Category}},
			engine.Step{Query: `DELETE FROM review_start WHERE product = $1`, Args: []any{p.ID}})
		if err != nil {
			return err
		}
		return begin(ctx, q, p.ID, starts)
	})
}

func (db Store) product(ctx context.Context, where string, args ...any) (review.Product, error) {
	p, err := productRow(db.On(ctx).Row(ctx, `SELECT `+productColumns+` FROM review_product p `+where, args...))
	return p, base.One(err)
}

// Product implements review.ProductStore.
func (db Store) Product(ctx context.Context, id core.ID) (review.Product, error) {
	return db.product(ctx, `WHERE p.id = $1`, id)
}

// ProductCoded implements review.ProductStore.
func (db Store) ProductCoded(ctx context.Context, code string) (review.Product, error) {
	return db.product(ctx, `WHERE p.code = $1 ORDER BY p.id LIMIT 1`, code)
}

// ProductKeyed implements review.ProductStore.
func (db Store) ProductKeyed(ctx context.Context, c review.Category, key string) (review.Product, error) {
	return db.product(ctx, `WHERE p.key = $1 AND p.category = $2 ORDER BY p.id LIMIT 1`, key, c)
}

// ProductsSince implements review.ProductStore.
func (db Store) ProductsSince(ctx context.Context, member core.ID, since time.Time) (n int, err error) {
	return n, db.On(ctx).Row(ctx, `SELECT count(*) FROM review_product WHERE added_by = $1 AND added_at > $2`, member, engine.Millis(since)).Scan(&n)
}

// looked bounds what a search reads of the index of names.
const looked = 400

// FindProducts implements review.ProductStore. One of the words begins in a name, the others stand anywhere in both.
func (db Store) FindProducts(ctx context.Context, words []string, c review.Category, limit int) (found []review.Product, err error) {
	for _, word := range words {
		all, err := engine.List(ctx, db.On(ctx), productRow, `SELECT `+productColumns+` FROM review_product p
			WHERE p.id IN (SELECT product FROM review_start WHERE start >= $1 AND start < $2 LIMIT $3) AND ($4 = 0 OR p.category = $4) ORDER BY p.reviews DESC, p.id DESC`,
			word, word+"\U0010FFFF", looked, c)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if len(found) < limit && core.HasWords(core.Fold(p.Title+" "+p.Maker), words) {
				found = append(found, p)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found, nil
}

// PopularProducts implements review.ProductStore.
func (db Store) PopularProducts(ctx context.Context, c review.Category, p core.Page) ([]review.Product, error) {
	if c == review.AnyCategory {
		return engine.List(ctx, db.On(ctx), productRow, `SELECT `+productColumns+` FROM review_product p WHERE p.reviews > 0 ORDER BY p.reviews DESC, p.id DESC LIMIT $1 OFFSET $2`, p.Limit(), p.Offset())
	}
	return engine.List(ctx, db.On(ctx), productRow, `SELECT `+productColumns+` FROM review_product p WHERE p.category = $1 AND p.reviews > 0 ORDER BY p.reviews DESC, p.id DESC LIMIT $2 OFFSET $3`,
		c, p.Limit(), p.Offset())
}

// ProductClick implements review.ProductStore.
func (db Store) ProductClick(ctx context.Context, day int64, shop string, product core.ID) error {
	return db.Change(ctx, `INSERT INTO review_click (day, shop, product, clicks) VALUES ($1, $2, $3, 1) ON CONFLICT (day, shop, product) DO UPDATE SET clicks = review_click.clicks + 1`, day, shop, product)
}

// ProductClicks implements review.ProductStore.
func (db Store) ProductClicks(ctx context.Context, from int64) ([]shop.Clicks, error) {
	return engine.List(ctx, db.On(ctx), func(r engine.Scanner) (c shop.Clicks, err error) { return c, r.Scan(&c.Shop, &c.Clicks) },
		`SELECT shop, sum(clicks) FROM review_click WHERE day >= $1 GROUP BY shop ORDER BY shop`, from)
}

// InsertWish implements review.WishStore.
func (db Store) InsertWish(ctx context.Context, member, product core.ID, at time.Time) error {
	return db.Change(ctx, `INSERT INTO review_wish (member, product, wished_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, member, product, engine.Millis(at))
}

// DeleteWish implements review.WishStore.
func (db Store) DeleteWish(ctx context.Context, member, product core.ID) error {
	return db.Change(ctx, `DELETE FROM review_wish WHERE member = $1 AND product = $2`, member, product)
}

// Wishes implements review.WishStore.
func (db Store) Wishes(ctx context.Context, member core.ID, p core.Page) ([]review.Wish, error) {
	return engine.List(ctx, db.On(ctx), func(r engine.Scanner) (w review.Wish, err error) {
		return w, r.Scan(append([]any{engine.Moment(&w.At)}, productFields(&w.Product)...)...)
	}, `SELECT w.wished_at, `+productColumns+` FROM review_wish w JOIN review_product p ON p.id = w.product WHERE w.member = $1 ORDER BY w.wished_at DESC, p.id DESC LIMIT $2 OFFSET $3`,
		member, p.Limit(), p.Offset())
}

// Wished implements review.WishStore.
func (db Store) Wished(ctx context.Context, member, product core.ID) (wished bool, err error) {
	return wished, db.On(ctx).Row(ctx, `SELECT EXISTS (SELECT 1 FROM review_wish WHERE member = $1 AND product = $2)`, member, product).Scan(&wished)
}

// CountWishes implements review.WishStore.
func (db Store) CountWishes(ctx context.Context, member core.ID) (n int, err error) {
	return n, db.On(ctx).Row(ctx, `SELECT count(*) FROM review_wish WHERE member = $1`, member).Scan(&n)
}
