package review

import (
	"context"
	"time"

	"musubi/core"
)

// MaxWishes is how many things a member's list of wishes holds.
const MaxWishes = 200

// ErrWishes is returned for one wish more.
var ErrWishes = &core.Error{Code: core.Full, Key: "error.wishes"}

// A Wish is a product that a member would like to have. The list is nobody else's.
type Wish struct {
	Product Product
	At      time.Time
}

// WishStore keeps wishes.
type WishStore interface {
	InsertWish(ctx context.Context, member, product core.ID, at time.Time) error
	DeleteWish(ctx context.Context, member, product core.ID) error
	// Wishes lists a member's, newest first.
	Wishes(ctx context.Context, member core.ID, p core.Page) ([]Wish, error)
	Wished(ctx context.Context, member, product core.ID) (bool, error)
	CountWishes(ctx context.Context, member core.ID) (int, error)
}

// Wish puts a product on a member's list of wishes.
func (s *Service) Wish(ctx context.Context, member, product core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.store.Product(ctx, product); err != nil {
			return err
		}
		n, err := s.store.CountWishes(ctx, member)
		if err == nil && n >= MaxWishes {
			err = ErrWishes
		}
		if err != nil {
			return err
		}
		return s.store.InsertWish(ctx, member, product, s.Now())
	})
}

// Unwish takes it off.
func (s *Service) Unwish(ctx context.Context, member, product core.ID) error {
	return s.store.DeleteWish(ctx, member, product)
}

// Wishes lists what a member wishes for.
func (s *Service) Wishes(ctx context.Context, member core.ID, p core.Page) ([]Wish, bool, error) {
	rows, err := s.store.Wishes(ctx, member, p)
	rows, more := core.Cut(rows, p)
	return rows, more, err
}

// Wished says whether a product is on a member's list.
func (s *Service) Wished(ctx context.Context, member, product core.ID) (bool, error) {
	return s.store.Wished(ctx, member, product)
}
