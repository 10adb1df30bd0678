// Package reviews is the SQL of reviews: what core/review asks of the database. core/store joins it.
package reviews

import (
	"context"

	"musubi/core"
	"musubi/core/review"
	"musubi/core/search"
	"musubi/core/store/base"
	"musubi/core/store/engine"
	"musubi/core/talk"
)

// Store keeps reviews. Safe for concurrent use.
type Store struct{ base.Area }

// Feature is what reviews bring to what the database does for all areas.
var Feature = base.Feature{
	Name:    "review",
	Tables:  tables,
	Boards:  []base.Board{{Kind: review.OnReview, Table: "review_comment", Thing: "review", Count: countComment}},
	Finds:   []base.Find{{Kind: review.SearchReviews, Rows: found, Keys: `SELECT member, id FROM review WHERE id < $1 ORDER BY id DESC LIMIT $2`}},
	Photos:  []base.PhotoCount{{Kind: review.Photo, Attached: photoHangs, Leaves: photoLeaves}},
	Present: present,
}

var tables = []core.Table{
	{Name: "review_comment", Key: "owner review id", Columns: "owner:member review:id id:id author:author body:text created_at:time",
		Members: []core.Reference{{Column: "owner"}, {Column: "author"}},
		Cascade: []string{`UPDATE review SET comments = comments - 1 WHERE member = $1 AND id = $2`,
			`DELETE FROM liked WHERE owner = $1 AND kind = 3 AND thing = $2 AND piece = 0 AND comment = $3`}, Export: "review_comments"},
	{Name: "review_helpful", Key: "owner review member", Columns: "owner:member review:id member:self helpful_at:time",
		Members: []core.Reference{{Column: "owner", Foreign: true}, {Column: "member"}},
		Cascade: []string{`UPDATE review SET helpful = helpful - 1 WHERE member = $1 AND id = $2`}, Export: "review_helpful"},
	{Name: "review_pin", Key: "community owner review", Columns: "community:id owner:self review:id pinned_at:time",
		Members: []core.Reference{{Column: "owner"}}, Export: "review_pins"},
	{Name: "review_wish", Key: "member product", Columns: "member:self product:id wished_at:time",
		Members: []core.Reference{{Column: "member"}}, Export: "wishes"},
	{Name: "review", Key: "member id",
		Columns: "member:self id:id product:id category:number title:text stars:number body:text visibility:visibility closed:flag counted:inner comments:number helpful:number photos:number created_at:time",
		Members: []core.Reference{{Column: "member"}}, Export: "reviews"},
	{Name: "review_product", Key: "id",
		Columns: "id:id category:number title:text maker:text code:text key:inner added_by:self stars1:number stars2:number stars3:number stars4:number stars5:number reviews:number added_at:time",
		Members: []core.Reference{{Column: "added_by", Set: "added_by = 0"}}, Export: "review_products"},
	{Name: "review_start", Key: "start product", Columns: "start:text product:id", NoExport: "an index of names"},
	{Name: "review_click", Key: "day shop product", Columns: "day:inner shop:text product:id clicks:number", NoExport: "clicks on links to shops, of nobody in particular"},
}

func countComment(ctx context.Context, q engine.Querier, c *talk.Comment, n int) error {
	_, err := q.Run(ctx, `UPDATE review SET comments = comments + $3 WHERE member = $1 AND id = $2`, c.Owner, c.Thing, n)
	return err
}

func photoHangs(ctx context.Context, q engine.Querier, to core.Attached) error {
	return countPhoto(ctx, q, to, 1)
}

func photoLeaves(ctx context.Context, q engine.Querier, _, _ core.ID, from core.Attached) error {
	return countPhoto(ctx, q, from, -1)
}

func countPhoto(ctx context.Context, q engine.Querier, at core.Attached, n int) error {
	_, err := q.Run(ctx, `UPDATE review SET photos = photos + $3 WHERE member = $1 AND id = $2`, at.Owner, at.Thing, n)
	return err
}

func found(ctx context.Context, q engine.Querier, viewer core.ID, keys []search.Key) ([]search.Row, error) {
	with, args := base.Wanted(viewer, keys)
	return engine.List(ctx, q, func(r engine.Scanner) (row search.Row, err error) {
		err = r.Scan(append([]any{&row.Owner, &row.ID, &row.Member.Name, &row.Visibility, &row.Title, &row.Body, &row.Comments, &row.Photos}, base.TieFields(&row.Ties)...)...)
		row.Member.ID = row.Owner
		return row, err
	}, with+`SELECT r.member, r.id, m.name, r.visibility, p.title, r.body, r.comments, r.photos, `+base.TieColumns+`
		FROM wanted w CROSS JOIN review r ON r.member = w.owner AND r.id = w.id CROSS JOIN member m ON m.id = r.member CROSS JOIN review_product p ON p.id = r.product`, args...)
}

// present takes the stars of a member who is suspended or leaves out of what is counted, and back in for one who comes back.
func present(ctx context.Context, q engine.Querier, member core.ID, there bool) error {
	rows, err := engine.List(ctx, q, func(r engine.Scanner) (c counting, err error) {
		return c, r.Scan(&c.product, &c.stars)
	}, `SELECT product, stars FROM review WHERE member = $1 AND counted <> $2 AND ($2 = 0 OR visibility = 0)`, member, there)
	if err != nil {
		return err
	}
	for _, c := range rows {
		c.counted = there
		if err := c.move(ctx, q); err != nil {
			return err
		}
	}
	_, err = q.Run(ctx, `UPDATE review SET counted = $2 WHERE member = $1 AND counted <> $2 AND ($2 = 0 OR visibility = 0)`, member, there)
	return err
}

// counting is how a review counts in its product.
type counting struct {
	product core.ID
	stars   int
	counted bool
}

// starColumns are the counters of one star to five.
var starColumns = [...]string{"", "stars1", "stars2", "stars3", "stars4", "stars5"}

// move adds a review to the counters of its product when it counts, and takes it off when it does not.
func (c counting) move(ctx context.Context, q engine.Querier) error {
	n, column := -1, starColumns[c.stars]
	if c.counted {
		n = 1
	}
	_, err := q.Run(ctx, `UPDATE review_product SET `+column+` = `+column+` + $2, reviews = reviews + $2 WHERE id = $1`, c.product, n)
	return err
}
