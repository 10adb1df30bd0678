package web

import (
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/review"
	"musubi/core/search"
	"musubi/core/talk"
)

// reviewFeature is what there is of reviews.
var reviewFeature = feature{
	name:  "review",
	words: reviewWords,
	routes: []route{
		{get, reviewsPath, member, onPC},
		{get, reviewSearchPath, member, onPC},
		{get, reviewCategoryPath, member, onPC},
		{get, productPath, member, onPC},
		{get, productNewPath, owner, onPC},
		{post, productNewPath, owner, kept | onPC},
		{get, productBuyPath, member, onPC | writes},
		{get, wishesPath, owner, onPC},
		{post, wishesPath, owner, onPC},
		{get, reviewPath, member, onPC},
		{get, reviewsOfPath, member, onPC},
		{get, reviewsFriendsPath, owner, onPC},
		{get, reviewsNewestPath, member, onPC},
		{get, reviewWritePath, owner, onPC},
		{post, reviewWritePath, owner, pictures | kept | onPC},
		{get, reviewDeletePath, owner, onPC},
		{post, reviewDeletePath, owner, deletes | onPC},
		{post, reviewHelpfulPath, member, onPC},
		{post, reviewPinPath, owner, onPC},
		{get, reviewsPinnedPath, member, onPC},
		{post, reviewCommentPath, member, kept | onPC},
		{post, reviewCommentDeletePath, member, deletes | onPC},
	},
	menu: []menuItem{
		{17, "", reviewsPath, "reviews", ""},
	},
	threads: map[talk.Kind]threadNames{
		review.OnReview: {write: reviewCommentPath, remove: reviewCommentDeletePath, thing: "id", of: "review", page: "c", report: review.ReportedComment,
			path: func(t talk.Thread) string { return reviewIDPath(t.Owner, t.Thing) }},
	},
	finds: map[search.Kind]find{
		review.SearchReviews: {name: "reviews", word: "reviews", path: reviewIDPath, pc: true},
	},
	reports: map[report.Kind]func(on report.Thing) string{
		review.ReportedReview:  func(on report.Thing) string { return reviewIDPath(on.Owner, on.ID) },
		review.ReportedProduct: func(on report.Thing) string { return productIDPath(on.ID) },
	},
	news: map[news.Kind]newsLinks{
		review.CommentNews: {one: func(n news.News) string { return reviewIDPath(n.Member, n.Thing) }},
	},
}

func reviewArea() area {
	return area{
		handlers: handlers{
			{get, reviewsPath}:              handle(reviewPages.top),
			{get, reviewSearchPath}:         handle(reviewPages.search),
			{get, reviewCategoryPath}:       handle(reviewPages.ofCategory),
			{get, productPath}:              handle(reviewPages.product),
			{get, productNewPath}:           handle(reviewPages.productForm),
			{post, productNewPath}:          handle(reviewPages.enterProduct),
			{get, productBuyPath}:           handle(reviewPages.buy),
			{get, wishesPath}:               handle(reviewPages.wishes),
			{post, wishesPath}:              handle(reviewPages.wish),
			{get, reviewPath}:               handle(reviewPages.review),
			{get, reviewsOfPath}:            handle(reviewPages.list),
			{get, reviewsFriendsPath}:       handle(reviewPages.friends),
			{get, reviewsNewestPath}:        handle(reviewPages.newest),
			{get, reviewWritePath}:          handle(reviewPages.reviewForm),
			{post, reviewWritePath}:         handle(reviewPages.writeReview),
			{get, reviewDeletePath}:         handle(reviewPages.deleteReviewForm),
			{post, reviewDeletePath}:        handle(reviewPages.deleteReview),
			{post, reviewHelpfulPath}:       handle(reviewPages.helpful),
			{post, reviewPinPath}:           handle(reviewPages.pin),
			{get, reviewsPinnedPath}:        handle(reviewPages.pinned),
			{post, reviewCommentPath}:       writeComment(review.OnReview),
			{post, reviewCommentDeletePath}: deleteComment(review.OnReview),
		},
		threadPages: threadPages{review.OnReview: func(v *visit, on talk.Thread, typed string, w wrong) error {
			return reviewPages{v}.showReview(on.Owner, on.Thing, typed, w)
		}},
	}
}
