package journal

import (
	"context"
	"musubi/core"
)

// Limits of diary categories.
const (
	MaxCategories   = 30
	MaxCategoryName = 30 // characters
)

// A DiaryCategory is a member's own heading for entries.
type DiaryCategory struct {
	ID   core.ID
	Name string
}

// ErrCategoriesFull is returned for one category more than MaxCategories.
var ErrCategoriesFull = &core.Error{Code: core.Full, Key: "error.categoriesfull"}

// CategoryStore keeps diary categories.
type CategoryStore interface {
	// DiaryCategories lists a member's categories, oldest first.
	DiaryCategories(ctx context.Context, member core.ID) ([]DiaryCategory, error)
	InsertCategory(ctx context.Context, member core.ID, c DiaryCategory) error
	RenameCategory(ctx context.Context, member core.ID, c DiaryCategory) error
	// DeleteCategory removes a category; its entries stay, without one.
	DeleteCategory(ctx context.Context, member, id core.ID) error
}

// DiaryCategories lists the categories of a member that the viewer may see.
func (s *Service) DiaryCategories(ctx context.Context, viewer core.Viewer, member core.ID) ([]DiaryCategory, error) {
	if _, err := s.Require(ctx, viewer, member, core.Everyone); err != nil {
		return nil, err
	}
	return s.store.DiaryCategories(ctx, member)
}

// AddCategory makes a category of the member.
func (s *Service) AddCategory(ctx context.Context, member core.ID, name string) error {
	if err := checkCategory(&name); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		list, err := s.store.DiaryCategories(ctx, member)
		if err != nil {
			return err
		}
		if len(list) >= MaxCategories {
			return ErrCategoriesFull
		}
		return s.store.InsertCategory(ctx, member, DiaryCategory{s.NextID(), name})
	})
}

// RenameCategory gives a category of the member another name.
func (s *Service) RenameCategory(ctx context.Context, member, id core.ID, name string) error {
	if err := checkCategory(&name); err != nil {
		return err
	}
	return s.store.RenameCategory(ctx, member, DiaryCategory{id, name})
}

// DeleteCategory removes a category of the member; its entries stay.
func (s *Service) DeleteCategory(ctx context.Context, member, id core.ID) error {
	return s.store.DeleteCategory(ctx, member, id)
}

func checkCategory(name *string) error {
	var c core.Check
	c.Text("name", name, core.OneLine, true, MaxCategoryName)
	return c.Err()
}
