package core

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// TrashMessage moves the member's copy into the trash.
func (s *Services) TrashMessage(ctx context.Context, member, id ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.MoveMessage(ctx, member, id, true); err != nil {
			return err
		}
		return s.dropNews(ctx, member, MessageNews, 0, id)
	})
}

// RestoreMessage moves the member's copy from the trash to where it came from.
func (s *Services) RestoreMessage(ctx context.Context, member, id ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.MoveMessage(ctx, member, id, false); err != nil {
			return err
		}
		if m, err := s.store.Message(ctx, member, id); err != nil || !m.Unread {
			return err
		} else {
			return s.putNews(ctx, messageNews(m), MaxNews)
		}
	})
}

// DeleteMessage removes the member's copy from the trash for good.
func (s *Services) DeleteMessage(ctx context.Context, member, id ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		m, err := s.store.Message(ctx, member, id)
		if err != nil || m.Folder != Trash {
			return firstError(err, ErrNotFound)
		}
		return s.dropMessages(ctx, []Message{m})
	})
}

// EmptyTrash removes for good what is in the member's trash, 5,000 messages at most.
func (s *Services) EmptyTrash(ctx context.Context, member ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		list, err := s.store.Messages(ctx, member, Trash, Page{Number: 1, Size: maxEmptied})
		if err != nil {
			return err
		}
		return s.dropMessages(ctx, list)
	})
}

// dropMessages removes copies, and the photos of messages of which no copy is left.
func (s *Services) dropMessages(ctx context.Context, copies []Message) error {
	for i := range copies {
		m := &copies[i]
		if err := s.store.DeleteMessage(ctx, m.Member, m.ID); err != nil {
			return err
		}
		if m.Unread {
			if err := s.dropNews(ctx, m.Member, MessageNews, 0, m.ID); err != nil {
				return err
			}
		}
		if m.PhotoCount == 0 {
			continue
		}
		if _, err := s.store.Message(ctx, m.Other, m.ID); err == nil {
			continue
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		if err := s.detach(ctx, m.Author(), nil, m.photosOf()); err != nil {
			return err
		}
	}
	return nil
}

// sweepMessages removes messages that are older than messages become, in batches that leave the writer to others in between.
func (s *Services) sweepMessages(ctx context.Context, now time.Time) error {
	if s.messageAge <= 0 {
		return nil
	}
	const bite, bites = 500, 200
	_, end := idsWithin(time.Time{}, now.Add(-s.messageAge))
	for range bites {
		var n int
		err := s.store.Atomic(ctx, func(ctx context.Context) error {
			list, err := s.store.MessagesBefore(ctx, end, bite)
			if err != nil {
				return err
			}
			n = len(list)
			return s.dropMessages(ctx, list)
		})
		if err != nil {
			return fmt.Errorf("core: sweep messages: %w", err)
		}
		if n < bite {
			return nil
		}
	}
	return nil
}
