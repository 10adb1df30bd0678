package letters

import (
	"context"
	"errors"
	"fmt"
	"musubi/core"
	"musubi/core/news"
	"time"
)

// TrashMessage moves the member's copy into the trash.
func (s *Service) TrashMessage(ctx context.Context, member, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.MoveMessage(ctx, member, id, true); err != nil {
			return err
		}
		return s.news.Answered(ctx, member, MessageNews, 0, id)
	})
}

// RestoreMessage moves the member's copy from the trash to where it came from.
func (s *Service) RestoreMessage(ctx context.Context, member, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.MoveMessage(ctx, member, id, false); err != nil {
			return err
		}
		if m, err := s.store.Message(ctx, member, id); err != nil || !m.Unread {
			return err
		} else {
			return s.news.PutNews(ctx, messageNews(m), news.MaxNews)
		}
	})
}

// DeleteMessage removes the member's copy from the trash for good.
func (s *Service) DeleteMessage(ctx context.Context, member, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		m, err := s.store.Message(ctx, member, id)
		if err != nil || m.Folder != Trash {
			return firstError(err, core.ErrNotFound)
		}
		return errors.Join(s.dropMessages(ctx, []Message{m}), s.AuditDelete(ctx, member, "message", id))
	})
}

// EmptyTrash removes for good what is in the member's trash, 5,000 messages at most.
func (s *Service) EmptyTrash(ctx context.Context, member core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		list, err := s.store.Messages(ctx, member, Trash, core.Page{Number: 1, Size: maxEmptied})
		if err != nil {
			return err
		}
		return errors.Join(s.dropMessages(ctx, list), s.AuditDelete(ctx, member, "trash", core.ID(len(list))))
	})
}

// dropMessages removes copies, and the photos of messages of which no copy is left.
func (s *Service) dropMessages(ctx context.Context, copies []Message) error {
	for i := range copies {
		m := &copies[i]
		if err := s.store.DeleteMessage(ctx, m.Member, m.ID); err != nil {
			return err
		}
		if err := s.news.DropNews(ctx, m.Member, MessageNews, 0, m.ID); err != nil {
			return err
		}
		if m.PhotoCount == 0 {
			continue
		}
		if _, err := s.store.Message(ctx, m.Other, m.ID); err == nil {
			continue
		} else if !errors.Is(err, core.ErrNotFound) {
			return err
		}
		if err := s.Detach(ctx, m.Author(), nil, m.photosOf()); err != nil {
			return err
		}
	}
	return nil
}

// SweepMessages removes messages that are older than messages become, in batches that leave the writer to others in between.
func (s *Service) SweepMessages(ctx context.Context, now time.Time) error {
	if s.messageAge <= 0 {
		return nil
	}
	const batch, batches = 500, 200
	_, end := core.IdsWithin(time.Time{}, now.Add(-s.messageAge))
	for range batches {
		var n int
		err := s.store.Atomic(ctx, func(ctx context.Context) error {
			list, err := s.store.MessagesBefore(ctx, end, batch)
			if err != nil {
				return err
			}
			n = len(list)
			return s.dropMessages(ctx, list)
		})
		if err != nil {
			return fmt.Errorf("core: sweep messages: %w", err)
		}
		if n < batch {
			return nil
		}
	}
	return nil
}
