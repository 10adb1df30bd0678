package review

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/talk"
)

// Limits of a review.
const (
	MaxBody   = 5000 // characters
	MaxPhotos = 3
)

// Refusals of reviews.
var (
	ErrClosed = &core.Error{Code: core.Refused, Key: "error.reviewclosed"}
	// ErrTwice: a member has one review of a product, and changes it.
	ErrTwice = &core.Error{Code: core.Refused, Key: "error.reviewtwice"}
)

// A Review is what a member says of a product.
type Review struct {
	Owner, ID  core.ID
	OwnerName  string
	Product    Product
	Stars      int // 1 to MaxStars
	Body       string
	Visibility core.Visibility
	Closed     bool // the owner wants no comments there
	Comments   int
	Helpful    int // members who said 参考になった
	PhotoCount int
	Photos     []core.Photo // of Review alone
	CreatedAt  time.Time
}

// NewReview is what a review is made of.
type NewReview struct {
	Product    core.ID
	Stars      int
	Body       string
	Visibility core.Visibility
	Closed     bool
	Photos     []core.ID // of AddPhoto, in order
	At         time.Time // zero: now
}

// ReviewStore keeps reviews. Each method that writes moves the counts of the product: a review counts there while every member
// may see it and its owner takes part.
type ReviewStore interface {
	InsertReview(ctx context.Context, r Review) error
	Review(ctx context.Context, owner, id core.ID) (Review, error)
	UpdateReview(ctx context.Context, r Review) error
	// DeleteReview removes it with its comments, pins and who found it helpful.
	DeleteReview(ctx context.Context, owner, id core.ID) error
	// ReviewOf gives a member's review of a product.
	ReviewOf(ctx context.Context, owner, product core.ID) (core.ID, error)
	// MembersReviews lists a member's up to a visibility, newest first, of a category or all.
	MembersReviews(ctx context.Context, owner core.ID, reach core.Visibility, c Category, p core.Page) ([]Review, error)
	ProductsReviews(ctx context.Context, product core.ID, p core.Page) ([]Review, error)
	// NewestReviews lists those that every member may see, newest first, of a category or all.
	NewestReviews(ctx context.Context, c Category, p core.Page) ([]Review, error)
	FriendsReviews(ctx context.Context, member core.ID, p core.Page) ([]Review, error)
	// SetHelpful keeps that a member finds a review helpful, or takes it back.
	SetHelpful(ctx context.Context, owner, id, member core.ID, helpful bool, at time.Time) error
	IsHelpful(ctx context.Context, owner, id, member core.ID) (bool, error)
}

// Check cleans a review in place and returns Invalid for fields that are wrong: what a preview needs.
func (n *NewReview) Check() error {
	var c core.Check
	c.Text("body", &n.Body, core.ManyLines, true, MaxBody)
	if n.Stars < 1 || n.Stars > MaxStars {
		c.Fail("stars", "field.choice", 0)
	}
	if n.Visibility > core.Private {
		c.Fail("visibility", "field.choice", 0)
	}
	if len(n.Photos) > MaxPhotos {
		c.Fail("photo", "field.photos", MaxPhotos)
	}
	return c.Err()
}

// Thread is under a review.
func Thread(owner, id core.ID) talk.Thread {
	return talk.Thread{Kind: OnReview, Owner: owner, Thing: id}
}

// place is where the photos of a review hang.
func place(owner, id core.ID) core.Attached {
	return core.Attached{Kind: Photo, Owner: owner, Thing: id}
}

// Write stores a review of the owner. ErrTwice when there is one of that product.
func (s *Service) Write(ctx context.Context, owner core.ID, n NewReview) (Review, error) {
	if err := n.Check(); err != nil {
		return Review{}, err
	}
	r := Review{Owner: owner, Stars: n.Stars, Body: n.Body, Visibility: n.Visibility, Closed: n.Closed}
	r.ID, r.CreatedAt = s.Stamp(n.At)
	return r, s.store.Atomic(ctx, func(ctx context.Context) (err error) {
		if r.Product, err = s.store.Product(ctx, n.Product); err != nil {
			return err
		}
		if err := s.MayWrite(ctx, owner); err != nil {
			return err
		}
		if _, err := s.store.ReviewOf(ctx, owner, n.Product); !errors.Is(err, core.ErrNotFound) {
			return errors.Join(err, ErrTwice)
		}
		if err := errors.Join(s.store.InsertReview(ctx, r), s.search.Reindex(ctx, SearchReviews, owner, r.ID)); err != nil {
			return err
		}
		return errors.Join(s.Attach(ctx, owner, n.Photos, place(owner, r.ID)), s.hold(ctx, r))
	})
}

// Edit replaces a review of the owner; its product stays. n.Photos are those that stay, and unused ones that come.
func (s *Service) Edit(ctx context.Context, owner, id core.ID, n NewReview) error {
	if err := n.Check(); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		r, err := s.store.Review(ctx, owner, id)
		if err != nil {
			return err
		}
		if err := s.MayWrite(ctx, owner); err != nil {
			return err
		}
		if n.Visibility, err = s.Shown(ctx, uint8(ReportedReview), owner, id, n.Visibility); err != nil {
			return err
		}
		r.Stars, r.Body, r.Visibility, r.Closed = n.Stars, n.Body, n.Visibility, n.Closed
		if err := s.update(ctx, r); err != nil {
			return err
		}
		return errors.Join(s.Reattach(ctx, owner, n.Photos, place(owner, id)), s.hold(ctx, r))
	})
}

func (s *Service) update(ctx context.Context, r Review) error {
	return errors.Join(s.store.UpdateReview(ctx, r), s.search.Reindex(ctx, SearchReviews, r.Owner, r.ID))
}

// Delete removes a review of the owner with its comments and photos.
func (s *Service) Delete(ctx context.Context, owner, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(s.remove(ctx, owner, id), s.AuditDelete(ctx, owner, "review", id))
	})
}

// remove removes a review, whoever wants it gone.
func (s *Service) remove(ctx context.Context, owner, id core.ID) error {
	if err := s.Reattach(ctx, owner, nil, place(owner, id)); err != nil {
		return err
	}
	return errors.Join(s.store.DeleteReview(ctx, owner, id), s.news.DropNews(ctx, owner, CommentNews, 0, id), s.search.Reindex(ctx, SearchReviews, owner, id))
}

// open gives a review that the viewer may see, without its photos.
func (s *Service) open(ctx context.Context, viewer core.Viewer, owner, id core.ID) (Review, error) {
	r, err := s.store.Review(ctx, owner, id)
	if err == nil {
		_, err = s.Require(ctx, viewer, owner, r.Visibility)
	}
	if err != nil {
		return Review{}, err
	}
	return r, nil
}

// Seen is a review that the viewer may look at: who has one has asked, and its comments ask not again.
type Seen struct {
	Review
	viewer core.Viewer
}

// Talk is the thread under the review.
func (r *Seen) Talk() talk.Seen { return talk.Show(r.viewer, Thread(r.Owner, r.ID), r.topic()) }

// Review gives one with its photos; ErrNotFound for what the viewer may not see.
func (s *Service) Review(ctx context.Context, viewer core.Viewer, owner, id core.ID) (Seen, error) {
	r, err := s.open(ctx, viewer, owner, id)
	if err != nil {
		return Seen{}, err
	}
	r.Photos, err = s.store.AttachedPhotos(ctx, place(owner, id))
	return Seen{r, viewer}, err
}

// Own gives the member's review of a product; 0: there is none.
func (s *Service) Own(ctx context.Context, member, product core.ID) (core.ID, error) {
	id, err := s.store.ReviewOf(ctx, member, product)
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return id, err
}

// OfMember lists a member's reviews that the viewer may see.
func (s *Service) OfMember(ctx context.Context, viewer core.Viewer, owner core.ID, c Category, p core.Page) ([]Review, bool, error) {
	r, err := s.Require(ctx, viewer, owner, core.Everyone)
	if err != nil {
		return nil, false, err
	}
	reach, _ := core.Reach(r)
	rows, err := s.store.MembersReviews(ctx, owner, reach, c, p)
	rows, more := core.Cut(rows, p)
	return rows, more, err
}

// OfProduct lists the reviews of a product that the viewer may see.
func (s *Service) OfProduct(ctx context.Context, viewer core.Viewer, product core.ID, p core.Page) ([]Review, bool, error) {
	return s.seen(ctx, viewer, p, func() ([]Review, error) { return s.store.ProductsReviews(ctx, product, p) })
}

// Newest lists the newest that every member may see, of a category or all.
func (s *Service) Newest(ctx context.Context, viewer core.Viewer, c Category, p core.Page) ([]Review, bool, error) {
	return s.seen(ctx, viewer, p, func() ([]Review, error) { return s.store.NewestReviews(ctx, c, p) })
}

// OfFriends lists the newest of the viewer's friends.
func (s *Service) OfFriends(ctx context.Context, viewer core.Viewer, p core.Page) ([]Review, bool, error) {
	return s.seen(ctx, viewer, p, func() ([]Review, error) { return s.store.FriendsReviews(ctx, viewer.Member, p) })
}

// seen keeps of a list what the viewer may see.
func (s *Service) seen(ctx context.Context, viewer core.Viewer, p core.Page, list func() ([]Review, error)) ([]Review, bool, error) {
	rows, err := list()
	if err != nil {
		return nil, false, err
	}
	rows, more := core.Cut(rows, p)
	g := s.Sight(viewer)
	shown := rows[:0]
	for _, r := range rows {
		if g.May(ctx, r.Owner, r.Visibility) {
			shown = append(shown, r)
		}
	}
	return shown, more, nil
}

// Helpful keeps that the viewer finds a review of somebody else helpful (参考になった), or takes it back.
func (s *Service) Helpful(ctx context.Context, viewer core.Viewer, owner, id core.ID, helpful bool) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.open(ctx, viewer, owner, id); err != nil {
			return err
		}
		if owner == viewer.Member {
			return core.ErrNotFound
		}
		if err := s.MayWrite(ctx, viewer.Member); err != nil {
			return err
		}
		return s.store.SetHelpful(ctx, owner, id, viewer.Member, helpful, s.Now())
	})
}

// IsHelpful says whether the viewer finds a review helpful.
func (s *Service) IsHelpful(ctx context.Context, viewer core.Viewer, owner, id core.ID) (bool, error) {
	return s.store.IsHelpful(ctx, owner, id, viewer.Member)
}

// topic is what the comments under a review are about.
func (r *Review) topic() talk.Topic {
	return talk.Topic{Title: r.Product.Title, Open: !r.Closed && r.Visibility != core.Private, Comments: r.Comments}
}

func (s *Service) topic(ctx context.Context, viewer core.Viewer, on talk.Thread) (talk.Topic, error) {
	r, err := s.open(ctx, viewer, on.Owner, on.Thing)
	return r.topic(), err
}

func (s *Service) title(ctx context.Context, n news.News) (string, error) {
	r, err := s.store.Review(ctx, n.Member, n.Thing)
	return r.Product.Title, err
}

func (s *Service) gate(ctx context.Context, viewer core.Viewer, p core.Photo, to core.Attached) (core.Photo, error) {
	_, err := s.open(ctx, viewer, to.Owner, to.Thing)
	return p, err
}

// hold has a review looked at that was just written.
func (s *Service) hold(ctx context.Context, r Review) error {
	return s.Desk.Review(ctx, core.Written{Kind: uint8(ReportedReview), Owner: r.Owner, ID: r.ID, Author: r.Owner}, r.Body)
}
