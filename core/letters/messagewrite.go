package letters

import (
	"context"
	"musubi/core"
	"musubi/core/news"
)

// SendMessage sends a message to a member whom the sender may see; ErrNotFound for every other one, whether blocked, gone
// or never there (SEC-113).
func (s *Service) SendMessage(ctx context.Context, from core.ID, n NewMessage) (m Message, err error) {
	if err := CheckMessage(&n); err != nil {
		return Message{}, err
	}
	err = s.store.AtomicOf(ctx, core.Of(from, n.To), func(ctx context.Context) error {
		if err := s.MayWrite(ctx, from); err != nil {
			return err
		}
		if m, err = s.newMessage(ctx, from, Sent, n); err != nil {
			return err
		}
		sender, err := s.store.Member(ctx, from)
		if err != nil {
			return err
		}
		if err := s.finishDraft(ctx, from, n); err != nil {
			return err
		}
		got := m
		got.Member, got.Kind, got.Folder, got.Other, got.OtherName, got.Unread = n.To, Inbox, Inbox, from, sender.Name, true
		for _, c := range [...]Message{m, got} {
			if err := s.store.InsertMessage(ctx, c); err != nil {
				return err
			}
		}
		if err := s.Attach(ctx, from, n.Photos, m.photosOf()); err != nil {
			return err
		}
		if err := s.news.Tell(ctx, messageNews(got), ""); err != nil || n.Answers == 0 {
			return err
		}
		return s.store.SetMessageReplied(ctx, from, n.Answers, n.To)
	})
	return m, err
}

// messageNews is what a member is told of a message they got.
func messageNews(got Message) news.News {
	return news.News{Member: got.Member, Kind: MessageNews, Actor: got.Other, Thing: got.ID, At: got.At}
}

// SaveDraft keeps a message that is not finished: a new draft, or n.Draft as it is now.
func (s *Service) SaveDraft(ctx context.Context, from core.ID, n NewMessage) (m Message, err error) {
	if err := CheckDraft(&n); err != nil {
		return Message{}, err
	}
	err = s.store.AtomicOf(ctx, core.Of(from), func(ctx context.Context) error {
		if m, err = s.newMessage(ctx, from, Drafts, n); err != nil {
			return err
		}
		if n.Draft != 0 {
			if _, err := s.draft(ctx, from, n.Draft); err != nil {
				return err
			}
			m.ID = n.Draft
			if err := s.store.UpdateDraft(ctx, m); err != nil {
				return err
			}
			return s.Reattach(ctx, from, n.Photos, m.photosOf())
		}
		if drafts, err := s.store.CountDrafts(ctx, from, MaxDrafts); err != nil || drafts >= MaxDrafts {
			return firstError(err, ErrDraftsFull)
		}
		if err := s.store.InsertMessage(ctx, m); err != nil {
			return err
		}
		return s.Attach(ctx, from, n.Photos, m.photosOf())
	})
	return m, err
}

// newMessage makes the writer's copy, for a receiver whom the writer may see.
func (s *Service) newMessage(ctx context.Context, from core.ID, kind Folder, n NewMessage) (Message, error) {
	if r, err := s.Require(ctx, core.Viewer{Member: from}, n.To, core.Everyone); err != nil || r == core.Self {
		return Message{}, firstError(err, core.ErrNotFound)
	}
	to, err := s.store.Member(ctx, n.To)
	if err != nil {
		return Message{}, err
	}
	m := Message{
		Member: from, Kind: kind, Folder: kind, Other: to.ID, OtherName: to.Name,
		Subject: n.Subject, Body: n.Body, Answers: n.Answers, PhotoCount: len(n.Photos),
	}
	m.ID, m.At = s.Stamp(n.At)
	return m, nil
}

// draft gives a draft of the member that is not in the trash.
func (s *Service) draft(ctx context.Context, member, id core.ID) (Message, error) {
	m, err := s.store.Message(ctx, member, id)
	if err == nil && m.Folder != Drafts {
		err = core.ErrNotFound
	}
	return m, err
}

// finishDraft removes the draft that a message was made from, if any, and sets free the photos that go with the message.
func (s *Service) finishDraft(ctx context.Context, from core.ID, n NewMessage) error {
	if n.Draft == 0 {
		return nil
	}
	d, err := s.draft(ctx, from, n.Draft)
	if err != nil {
		return err
	}
	if err := s.Detach(ctx, from, n.Photos, d.photosOf()); err != nil {
		return err
	}
	return s.store.DeleteMessage(ctx, from, d.ID)
}

// firstError is err, or otherwise when there is none.
func firstError(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
