package web

import (
	"context"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/review"
)

// Addresses of reviews.
const (
	reviewsPath             = "/review"
	reviewSearchPath        = "/review/search"
	reviewCategoryPath      = "/review/category"
	productPath             = "/review/product"
	productNewPath          = "/review/product/new"
	productBuyPath          = "/review/buy"
	wishesPath              = "/review/wishes"
	reviewPath              = "/review/show"
	reviewWritePath         = "/review/write"
	reviewDeletePath        = "/review/delete"
	reviewsOfPath           = "/review/list"
	reviewsFriendsPath      = "/review/friends"
	reviewsNewestPath       = "/review/newest"
	reviewHelpfulPath       = "/review/helpful"
	reviewPinPath           = "/review/pin"
	reviewsPinnedPath       = "/review/community"
	reviewCommentPath       = "/review/comment"
	reviewCommentDeletePath = "/review/comment/delete"
)

func reviewIDPath(owner, id core.ID) string {
	return reviewPath + "?owner=" + owner.String() + "&id=" + id.String()
}

func productIDPath(id core.ID) string { return productPath + "?id=" + id.String() }

func reviewsOfIDPath(member core.ID) string { return reviewsOfPath + "?owner=" + member.String() }

func reviewCategoryIDPath(c review.Category) string {
	return reviewCategoryPath + "?category=" + strconv.Itoa(int(c))
}

func productBuyIDPath(shop string, product core.ID) string {
	return productBuyPath + "?shop=" + escapeQuery(shop) + "&id=" + product.String()
}

// Rows of the pages of reviews.
const (
	reviewRows  = 20
	reviewTops  = 5  // of each block on the first page, on home and on a profile
	productTops = 10 // popular products
)

// top is the first page of reviews.
func (v reviewPages) top() (err error) {
	s, p := v.site.core.Review, &reviewTopPage{frame: frame(v)}
	if p.newest, _, err = s.Newest(v.ctx, v.viewer(), review.AnyCategory, core.Page{Size: reviewTops}); err != nil {
		return err
	}
	if p.friends, _, err = s.OfFriends(v.ctx, v.viewer(), core.Page{Size: reviewTops}); err != nil {
		return err
	}
	if p.popular, _, err = s.PopularProducts(v.ctx, review.AnyCategory, core.Page{Size: productTops}); err != nil {
		return err
	}
	return v.show(p)
}

// category reads a category; what is none is all of them.
func (v reviewPages) category(s string) review.Category {
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil || int(n) > len(review.Categories()) {
		return review.AnyCategory
	}
	return review.Category(n)
}

// ofCategory is what is said of one kind of things.
func (v reviewPages) ofCategory() (err error) {
	p := &reviewCategoryPageView{frame: frame(v), category: v.category(v.query("category")), page: v.page(reviewRows)}
	if p.category == review.AnyCategory {
		return core.ErrNotFound
	}
	s := v.site.core.Review
	if p.list, p.more, err = s.Newest(v.ctx, v.viewer(), p.category, p.page); err != nil {
		return err
	}
	if p.popular, _, err = s.PopularProducts(v.ctx, p.category, core.Page{Size: productTops}); err != nil {
		return err
	}
	return v.show(p)
}

// search finds products by words or the number under their barcode. When the member asks for it, the operator's service is
// asked as well.
func (v reviewPages) search() (err error) {
	s := v.site.core.Review
	p := &reviewSearchPageView{frame: frame(v), query: core.Clean(v.query("q"), core.OneLine), category: v.category(v.query("category")), asks: s.Imports()}
	if p.found, err = s.FindProducts(v.ctx, p.query, p.category); err != nil {
		return err
	}
	if v.query("ask") != "" && p.asks {
		p.asked = true
		if p.offers, err = s.Ask(v.ctx, p.query); err != nil {
			v.site.log.Warn("products cannot be asked for", "error", err)
			p.failed = true
		}
	}
	return v.show(p)
}

// product is the page of a product, with the reviews that the visitor may see.
func (v reviewPages) product() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	s := v.site.core.Review
	p := &productPageView{frame: frame(v), page: v.page(reviewRows), shops: s.Shops()}
	if p.product, err = s.Product(v.ctx, id); err != nil {
		return err
	}
	if p.list, p.more, err = s.OfProduct(v.ctx, v.viewer(), id, p.page); err != nil {
		return err
	}
	if p.product.Hidden() && p.product.AddedBy == v.member.ID {
		if p.hidden, err = whyConcealed(v.visit, review.ProductReport(id)); err != nil {
			return err
		}
	}
	if p.own, err = s.Own(v.ctx, v.member.ID, id); err != nil {
		return err
	}
	if p.wished, err = s.Wished(v.ctx, v.member.ID, id); err != nil {
		return err
	}
	return v.show(p)
}

// productForm is the form for a product that nobody has entered yet.
func (v reviewPages) productForm() error {
	n := review.NewProduct{Category: v.category(v.query("category")), Title: v.query("q")}
	if code, ok := review.Code(n.Title); ok {
		n.Title, n.Code = "", code
	}
	return v.show(&productFormPage{frame: frame(v), product: n})
}

// enterProduct stores one, and leads to the form for its review.
func (v reviewPages) enterProduct() error {
	n := review.NewProduct{Category: v.category(v.form.get("category")), Title: v.form.get("title"), Maker: v.form.get("maker"), Code: v.form.get("code")}
	again := func(w wrong) error { return v.show(&productFormPage{frame: frame(v), product: n, wrong: w}) }
	if v.form.pressed("edit") {
		return again(nil)
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		p, err := v.site.core.Review.Enter(ctx, v.member.ID, n)
		return reviewWritePath + "?product=" + p.ID.String(), err
	})
}

// buy leads to a shop. The click is counted, and the shop is told nothing of the member.
func (v reviewPages) buy() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	to, err := v.site.core.Review.Buy(v.ctx, v.query("shop"), id)
	if err != nil {
		return err
	}
	v.site.core.Advert.ShopClick("review", v.query("shop"), v.ktai.handset)
	leaveTo(v.visit, to)
	return nil
}

// leaveTo leads to a shop, which is told nothing of who comes.
func leaveTo(v *visit, to string) {
	v.ctx.Response.Header.Set("Location", to)
	v.ctx.Response.Header.Set("Referrer-Policy", "no-referrer")
	v.ctx.SetStatusCode(fasthttp.StatusFound)
}

// wishes is one's own list of wishes.
func (v reviewPages) wishes() (err error) {
	p := &wishesPage{frame: frame(v), page: v.page(reviewRows)}
	if p.list, p.more, err = v.site.core.Review.Wishes(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// wish puts a product on the list, or takes it off.
func (v reviewPages) wish() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		switch {
		case v.form.pressed("wish"):
			return productIDPath(id), v.site.core.Review.Wish(ctx, v.member.ID, id)
		case v.form.pressed("list"):
			return wishesPath, v.site.core.Review.Unwish(ctx, v.member.ID, id)
		}
		return productIDPath(id), v.site.core.Review.Unwish(ctx, v.member.ID, id)
	})
}

// categoryWordOf is the name of a category.
func categoryWordOf(v *visit, c review.Category) string {
	if c == review.AnyCategory {
		return v.t("review.anycategory")
	}
	return v.t("reviewcat." + strconv.Itoa(int(c)))
}

// starText is a number of stars as signs.
func starText(n int) string {
	return strings.Repeat("★", n) + strings.Repeat("☆", review.MaxStars-n)
}
