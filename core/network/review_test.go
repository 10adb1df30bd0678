package network_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/review"
)

func (w *world) product(by core.ID, title string) review.Product {
	w.Helper()
	p, err := w.Review.Enter(w.Context(), by, review.NewProduct{Category: review.Book, Title: title})
	w.must(err)
	return p
}

// A product is one thing, whoever enters it: by its code, or without one by its names however they are written.
func TestProductsAreEnteredOnce(t *testing.T) {
	w := newWorld(t)
	m, ctx := w.member("hanako"), t.Context()
	enter := func(n review.NewProduct) core.ID {
		t.Helper()
		p, err := w.Review.Enter(ctx, m, n)
		w.must(err)
		return p.ID
	}
	a := enter(review.NewProduct{Category: review.Book, Title: "ガラス戸の中", Maker: "夏目 漱石", Code: "4-10-101013-7"})
	for _, again := range []review.NewProduct{
		{Category: review.Comic, Title: "硝子戸の中", Code: "9784101010137"},
		{Category: review.Book, Title: "ｶﾞﾗｽ戸の中", Maker: "夏目 漱石"},
	} {
		if b := enter(again); b != a {
			t.Errorf("%+v is %d, want %d", again, b, a)
		}
	}
	for _, other := range []review.NewProduct{
		{Category: review.Book, Title: "ガラス戸の中", Maker: "夏目 漱石", Code: "9784003101025"}, // another edition
		{Category: review.Film, Title: "ガラス戸の中", Maker: "夏目 漱石"},
	} {
		if b := enter(other); b == a {
			t.Errorf("%+v is the same", other)
		}
	}
	for range review.MaxProductsDay - 3 {
		enter(review.NewProduct{Category: review.Book, Title: "本" + w.now.String()})
		w.now = w.now.Add(time.Second)
	}
	if _, err := w.Review.Enter(ctx, m, review.NewProduct{Category: review.Book, Title: "多すぎる"}); !errors.Is(err, review.ErrProducts) {
		t.Errorf("one more: %v", err)
	}
	if n, err := w.Review.Import(ctx, []review.NewProduct{{Category: review.Book, Title: "運営の本"}, {Category: review.Film, Title: "ガラス戸の中", Maker: "夏目 漱石", Code: "4901234567894"}}); err != nil || n != 1 {
		t.Errorf("imported %d, %v", n, err)
	}
	if found, err := w.Review.FindProducts(ctx, "4901234567894", 0); err != nil || len(found) != 1 || found[0].Category != review.Film {
		t.Errorf("the code that the operator added: %+v, %v", found, err)
	}
}

// What a product counts is the reviews that everybody may see of those who take part, whatever happened before.
func TestReviewsAreCountedExactly(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	d := rand.New(rand.NewPCG(20, 20))
	members := make([]core.ID, 12)
	for i := range members {
		members[i] = w.member(string(rune('a' + i)))
	}
	products := []review.Product{w.product(members[0], "一"), w.product(members[1], "二")}
	type key struct{ m, p int }
	said := map[key]review.NewReview{}
	held, left := map[int]bool{}, map[int]bool{}
	for step := range 600 {
		w.now = w.now.Add(time.Second)
		m, p := d.IntN(len(members)), d.IntN(len(products))
		k := key{m, p}
		n := review.NewReview{Product: products[p].ID, Stars: 1 + d.IntN(5), Body: "感想", Visibility: core.Visibilities[d.IntN(4)]}
		own, err := w.Review.Own(ctx, members[m], products[p].ID)
		w.must(err)
		switch at := d.IntN(20); {
		case left[m]:
		case at == 0:
			status := core.Held
			if held[m] {
				status = core.Active
			}
			held[m] = !held[m]
			w.must(w.db.Desk.SetStatus(ctx, members[m], status))
		case at == 1 && step > 300 && len(left) < 3:
			left[m] = true
			w.must(w.Chores.Remove(ctx, members[m], "operator"))
		case at < 5 && own != 0:
			w.must(w.Review.Delete(ctx, members[m], own))
			delete(said, k)
		case held[m]: // may not write
		case own != 0:
			w.must(w.Review.Edit(ctx, members[m], own, n))
			said[k] = n
		default:
			_, err := w.Review.Write(ctx, members[m], n)
			w.must(err)
			said[k] = n
			if _, err := w.Review.Write(ctx, members[m], n); !errors.Is(err, review.ErrTwice) {
				t.Fatalf("a second review: %v", err)
			}
		}
		if step%20 == 0 {
			w.must(w.Chores.PurgeLeft(ctx))
		}
		for i := range products {
			var want [review.MaxStars]int
			sum, n := 0.0, 0.0
			for k, r := range said {
				if k.p == i && !held[k.m] && !left[k.m] && r.Visibility == core.Everyone {
					want[r.Stars-1]++
					sum, n = sum+float64(r.Stars), n+1
				}
			}
			now, err := w.Review.Product(ctx, products[i].ID)
			w.must(err)
			if now.Counts != want || n > 0 && math.Abs(now.Mean()-sum/n) > 1e-9 {
				t.Fatalf("step %d: product %d counts %v (mean %v), want %v", step, i, now.Counts, now.Mean(), want)
			}
		}
	}
}

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		counts       [review.MaxStars]int
		mean, spread float64
	}{{[5]int{}, 0, 0}, {[5]int{0, 0, 3, 0, 0}, 3, 0}, {[5]int{1, 0, 0, 0, 1}, 3, 2}, {[5]int{0, 0, 0, 1, 3}, 4.75, math.Sqrt(0.1875)}} {
		p := review.Product{Counts: c.counts}
		if p.Mean() != c.mean || math.Abs(p.Spread()-c.spread) > 1e-12 {
			t.Errorf("%v: mean %v, spread %v", c.counts, p.Mean(), p.Spread())
		}
	}
}
