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
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		if err := s.store.MoveMessage(ctx, member, id, true); err != nil {
			return err
		}
		return s.news.Answered(ctx, member, MessageNews, 0, id)
	})
}

// RestoreMessage moves the member's copy from the trash to where it came from.
func (s *Service) RestoreMessage(ctx context.Context, member, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
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
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		m, err := s.store.Message(ctx, member, id)
		if err != nil || m.Folder != Trash {
			return firstError(err, core.ErrNotFound)
		}
		return errors.Join(s.dropMessages(ctx, []Message{m}), s.AuditDelete(ctx, member, "message", id))
	})
}

// EmptyTrash removes for good what is in the member's trash, 5,000 messages at most.
func (s *Service) EmptyTrash(ctx context.Context, member core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
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
		if err := s.store.AtomicOf(ctx, core.Of(m.Other), func(ctx context.Context) error { // who may throw the other copy away now
			if _, err := s.store.Message(ctx, m.Other, m.ID); !errors.Is(err, core.ErrNotFound) {
				return err
			}
			return s.Detach(ctx, m.Author(), nil, m.photosOf())
		}); err != nil {
			return err
		}
	}
	return nil
}

// SweepMessages removes messages that are older than their members' plans keep them, in batches that leave the writer to others in
// between. What nobody has read yet stays. The plan of who has none keeps them for the shortest time: where that is for ever, nothing goes.
func (s *Service) SweepMessages(ctx context.Context, now time.Time) error {
	days, err := s.keptDays(ctx, 0)
	if err != nil || days == 0 {
		return err
	}
	const batch, batches = 500, 200
	longer := map[core.ID]bool{} // members whose plan keeps more
	_, end := core.IdsWithin(time.Time{}, now.AddDate(0, 0, -int(days)))
	for after, n := core.ID(0), 0; n < batches; n++ {
		list, err := s.store.MessagesBetween(ctx, after, end, batch)
		if err != nil || len(list) == 0 {
			return err
		}
		after = list[len(list)-1].ID - 1 // of two copies with one ID one may be in the next batch
		if len(list) < batch {
			after = end
		}
		if list, err = s.tooOld(ctx, list, days, longer); err != nil {
			return err
		}
		if err := s.store.Atomic(ctx, func(ctx context.Context) error { return s.dropMessages(ctx, list) }); err != nil {
			return fmt.Errorf("letters: sweep messages: %w", err)
		}
	}
	return nil
}

// keptDays is for how many days a member's messages are kept; 0: for ever.
func (s *Service) keptDays(ctx context.Context, member core.ID) (int64, error) {
	return s.Limit(ctx, member, core.LimitMessageDays, int64(s.messageAge/(24*time.Hour)))
}

// KeptDays tells a member for how many days their messages are kept; 0: for ever.
func (s *Service) KeptDays(ctx context.Context, member core.ID) (int64, error) {
	return s.keptDays(ctx, member)
}

// tooOld leaves of copies that are older than days those that go.
func (s *Service) tooOld(ctx context.Context, list []Message, days int64, longer map[core.ID]bool) (old []Message, err error) {
	for _, m := range list {
		keeps, known := longer[m.Member]
		if !known {
			has, err := s.keptDays(ctx, m.Member)
			if err != nil {
				return nil, err
			}
			keeps = has == 0 || has > days
			longer[m.Member] = keeps
		}
		if !keeps && !m.Unread {
			old = append(old, m)
		}
	}
	return old, nil
}
