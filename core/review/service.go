// Package review is what members think of things (レビュー): products, what each member says of one in stars, text and pictures,
// what others say to that, and what they wish for. Start reading at review.go; product.go has where products come from.
package review

import (
	"context"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/search"
	"musubi/core/shop"
	"musubi/core/talk"
)

// Kinds of what comments, news, photos and finds of reviews are about.
const (
	OnReview      talk.Kind       = 3
	CommentNews   news.Kind       = 20
	Photo         core.Attachment = 9
	SearchReviews search.Kind     = 5
)

// Service is reviews. Safe for concurrent use.
type Service struct {
	*core.Desk
	store    Store
	news     *news.Service
	search   *search.Service
	shops    []shop.Shop
	boards   Boards
	importer Importer
}

// Store is what reviews need of the database.
type Store struct {
	core.Store
	ProductStore
	WishStore
	ReviewStore
	PinStore
}

// Boards says what a viewer may do in a community; the area of communities does.
type Boards interface {
	// MayRead is nil when the viewer sees what stands in the community, MayPin when they may put something there.
	MayRead(ctx context.Context, viewer core.Viewer, community core.ID) error
	MayPin(ctx context.Context, viewer core.Viewer, community core.ID) error
}

// Config of reviews. Zero values mean the documented default.
type Config struct {
	Shops    []shop.Shop // where things are sold; default DefaultShops
	Boards   Boards      // required
	Importer Importer    // asked for products that nobody has entered yet; nil: there is none
}

// DefaultShops have no tag: an operator who is paid by them names their own.
var DefaultShops = []shop.Shop{{Name: "Amazon", URL: "https://www.amazon.co.jp/s?k={title}+{maker}"}}

// New returns the service.
func New(desk *core.Desk, store Store, told *news.Service, found *search.Service, c Config) *Service {
	store.Store = desk.Store()
	if c.Shops == nil {
		c.Shops = DefaultShops
	}
	return &Service{Desk: desk, store: store, news: told, search: found, shops: c.Shops, boards: c.Boards, importer: c.Importer}
}

// UseImporter says what knows products that nobody has entered yet. Call it before the service is used.
func (s *Service) UseImporter(i Importer) { s.importer = i }
