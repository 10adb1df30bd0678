package community

import (
	"context"
	"errors"
	"time"

	"musubi/core"
)

// What operators do about communities. Who they are was asked before, and core/operator notes each act.

// MaxCategory is how long the name of a category may be, in characters.
const MaxCategory = 30

// ErrCategoryUsed: communities or categories are in a category.
var ErrCategoryUsed = &core.Error{Code: core.Conflict, Key: "error.categoryused"}

// SetCategory stores a category of the operator's list; ID 0: a new one, which comes last.
func (s *Service) SetCategory(ctx context.Context, n Category) (Category, error) {
	var c core.Check
	c.Text("name", &n.Name, core.OneLine, true, MaxCategory)
	c.Text("english", &n.English, core.OneLine, false, MaxCategory)
	return n, s.store.Atomic(ctx, func(ctx context.Context) error {
		list, err := s.store.Categories(ctx)
		if err != nil {
			return err
		}
		last, known, heading := 0, n.ID == 0, n.Parent == 0
		for _, k := range list {
			last = max(last, k.Place)
			known = known || k.ID == n.ID && (k.Parent == 0) == (n.Parent == 0) // a heading stays one: it has no communities
			heading = heading || k.ID == n.Parent && k.Parent == 0
		}
		if !known {
			return core.ErrNotFound
		}
		if !heading {
			c.Fail("parent", "field.choice", 0)
		}
		if n.Place < 0 || n.Place > 10_000 {
			c.Fail("place", "field.number", 0)
		}
		if err := c.Err(); err != nil {
			return err
		}
		if n.ID == 0 {
			n.ID, _ = s.Stamp(time.Time{})
		}
		if n.Place == 0 {
			n.Place = last + 1
		}
		return s.store.PutCategory(ctx, n)
	})
}

// DropCategory takes a category, in which there is nothing, from the operator's list.
func (s *Service) DropCategory(ctx context.Context, id core.ID) error {
	return s.store.DeleteCategory(ctx, id)
}

// All lists all communities with a word in their name, hidden and deleted ones too, newest first.
func (s *Service) All(ctx context.Context, word string, p core.Page) ([]Community, bool, error) {
	list, err := s.store.FindCommunities(ctx, core.Clean(word, core.OneLine), p)
	list, more := core.Cut(list, p)
	return list, more, err
}

// End removes a community for good: nobody takes it back, and the next sweep takes what is in it.
func (s *Service) End(ctx context.Context, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.store.Community(ctx, id); err != nil {
			return err
		}
		return errors.Join(s.store.SetCommunityDeleted(ctx, id, s.Now().Add(-TakeBackWithin-time.Second)), s.reindex(ctx, id))
	})
}
