package web

import (
	"context"
	"strconv"

	"musubi/core"
	"musubi/core/review"
)

// A typedReview is a review on its way through form and preview; id is 0 for a new one.
type typedReview struct {
	id core.ID
	review.NewReview
}

// reviewForm is the form for a new review of a product, or (id) for one of one's own. Who has said something of the product
// changes that.
func (v reviewPages) reviewForm() error {
	s := v.site.core.Review
	if v.query("id") != "" {
		id, err := v.id("id")
		if err != nil {
			return err
		}
		return v.editForm(id)
	}
	product, err := v.id("product")
	if err != nil {
		return err
	}
	own, err := s.Own(v.ctx, v.member.ID, product)
	if err != nil {
		return err
	}
	if own != 0 {
		return v.editForm(own)
	}
	return v.showReviewForm(typedReview{NewReview: review.NewReview{Product: product, Visibility: v.member.DiaryVisibility}}, nil)
}

func (v reviewPages) editForm(id core.ID) error {
	r, err := v.site.core.Review.Review(v.ctx, v.viewer(), v.member.ID, id)
	if err != nil {
		return err
	}
	n := typedReview{r.ID, review.NewReview{Product: r.Product.ID, Stars: r.Stars, Body: r.Body, Visibility: r.Visibility, Closed: r.Closed}}
	for _, p := range r.Photos {
		n.Photos = append(n.Photos, p.ID)
	}
	return v.showReviewForm(n, nil)
}

// showReviewForm shows the form with what was typed, and what is wrong with it.
func (v reviewPages) showReviewForm(n typedReview, w wrong) (err error) {
	p := &reviewFormPage{frame: frame(v), typed: n, wrong: w}
	if p.product, err = v.site.core.Review.Product(v.ctx, n.Product); err != nil {
		return err
	}
	if p.photos, err = v.ownPhotos(n.Photos); err != nil {
		return err
	}
	return v.show(p)
}

// writeReview takes the form on its way: 確認 shows a preview, 修正する goes back, 送信 sends.
func (v reviewPages) writeReview() error {
	n, w, err := v.readReview()
	if err != nil {
		return err
	}
	if len(w) > 0 || v.form.pressed("edit") {
		return v.showReviewForm(n, w)
	}
	if !v.form.pressed("send") {
		return v.previewReview(n)
	}
	return v.onceOr(func(w wrong) error { return v.showReviewForm(n, w) }, func(ctx context.Context) (string, error) {
		if n.id != 0 {
			return reviewIDPath(v.member.ID, n.id), v.site.core.Review.Edit(ctx, v.member.ID, n.id, n.NewReview)
		}
		r, err := v.site.core.Review.Write(ctx, v.member.ID, n.NewReview)
		return reviewIDPath(r.Owner, r.ID), err
	})
}

func (v reviewPages) previewReview(n typedReview) (err error) {
	p := &reviewPreviewPage{frame: frame(v), typed: n}
	if p.product, err = v.site.core.Review.Product(v.ctx, n.Product); err != nil {
		return err
	}
	if p.photos, err = v.ownPhotos(n.Photos); err != nil {
		return err
	}
	return v.show(p)
}

// readReview reads a review from the form, pictures as readPhotos does.
func (v reviewPages) readReview() (n typedReview, w wrong, err error) {
	n.Body, n.Closed = v.form.get("body"), v.form.pressed("closed")
	n.id, _ = core.ParseID(v.form.get("review"))
	if n.Product, err = v.formID("product"); err != nil {
		return n, nil, err
	}
	n.Stars, _ = strconv.Atoi(v.form.get("stars"))
	visibility, ok := core.ParseVisibility(v.form.get("visibility"))
	if n.Visibility = visibility; !ok {
		n.Visibility = v.member.DiaryVisibility
	}
	if n.Photos, w, err = v.readPhotos(review.MaxPhotos); err != nil || v.form.pressed("edit") {
		return n, w, err
	}
	if more, ok := invalid(n.Check()); ok {
		w = append(w, more...)
	}
	return n, w, nil
}

// deleteReviewForm asks before a review goes.
func (v reviewPages) deleteReviewForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	r, err := v.site.core.Review.Review(v.ctx, v.viewer(), v.member.ID, id)
	if err != nil {
		return err
	}
	return v.show(&askPage{frame: frame(v), heading: v.t("review.delete"), question: v.t("review.deleteask", r.Product.Title, r.Comments),
		action: reviewDeletePath, fields: []hiddenValue{{"id", r.ID.String()}}, button: "delete", back: reviewIDPath(r.Owner, r.ID)})
}

// deleteReview removes a review of one's own.
func (v reviewPages) deleteReview() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return reviewsOfPath, v.site.core.Review.Delete(ctx, v.member.ID, id)
	})
}
