package community

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/outbox"
)

// A Writer has the words of letters about what is new in communities; core/web has them.
type Writer interface {
	// BoardLetter tells of threads, each with its community, without what was written there. A thread without an ID is an announcement.
	BoardLetter(to core.Member, threads []Thread, handset bool) outbox.Mail
}

// A Mailing is a post of which letters go out: those up to After have got theirs.
type Mailing struct {
	ID, Community, Thread, Author, After core.ID
}

// MailingStore keeps of which posts letters go out, and who has got the day's.
type MailingStore interface {
	QueueLetters(ctx context.Context, t Thread, author core.ID, number int, id core.ID) error
	// NextMailing is the oldest one; ErrNotFound when there is none.
	NextMailing(ctx context.Context) (Mailing, error)
	MoveMailing(ctx context.Context, m Mailing) error
	DeleteMailing(ctx context.Context, id core.ID) error
	// EachMembers lists those after one who want a letter about each post of a community.
	EachMembers(ctx context.Context, community, after core.ID, limit int) ([]core.ID, error)
	// DigestMembers lists those who want a letter a day and have had none since t.
	DigestMembers(ctx context.Context, t time.Time, limit int) ([]core.ID, error)
	// DigestThreads lists what was written since t in the communities of which the member wants the day's letter.
	DigestThreads(ctx context.Context, member core.ID, t time.Time, limit int) ([]Thread, error)
	PutDigest(ctx context.Context, member core.ID, at time.Time) error
}

// Bounds of what one call of SendLetters does, and of a letter.
const (
	mailBite    = 50 // members in one transaction
	mailBites   = 20
	digestEvery = 24 * time.Hour
	digestLines = 20
)

// UseWriter says who writes the letters; without it none are sent.
func (s *common) UseWriter(w Writer) { s.writer = w }

// mail notes that letters are to go out about a thread, or a comment in it, to those who want one of each post. It is one row, however
// many they are; SendLetters writes them.
func (s *common) mail(ctx context.Context, c *Seen, t Thread, author core.ID, number int) error {
	if c.EachLetters == 0 || s.writer == nil {
		return nil
	}
	return s.store.QueueLetters(ctx, t, author, number, s.NextID())
}

// SendLetters puts letters about posts into the outbox, to those who want one of each: a bounded piece, in short transactions. Run of
// core/chores does so every few seconds.
func (s *common) SendLetters(ctx context.Context) error {
	for range mailBites {
		more := false
		err := s.store.Atomic(ctx, func(ctx context.Context) (err error) {
			more, err = s.sendSome(ctx)
			return err
		})
		if err != nil || !more {
			return err
		}
	}
	return nil
}

// sendSome writes the letters of some members about the oldest post, and says whether there may be more.
func (s *common) sendSome(ctx context.Context) (more bool, err error) {
	m, err := s.store.NextMailing(ctx)
	if errors.Is(err, core.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	t := Thread{Community: m.Community}
	if m.Thread != 0 {
		t, err = s.store.Thread(ctx, m.Community, m.Thread)
	} else if c, err := s.store.Community(ctx, m.Community); err == nil {
		t.CommunityName = c.Name
	}
	list, err2 := s.store.EachMembers(ctx, m.Community, m.After, mailBite)
	switch {
	case errors.Is(err, core.ErrNotFound) || err == nil && (len(list) == 0 || t.Hidden): // the thread is gone, or all have theirs
		return true, s.store.DeleteMailing(ctx, m.ID)
	case err != nil || err2 != nil:
		return false, errors.Join(err, err2)
	}
	for _, member := range list {
		if err := s.letter(ctx, member, m.Author, []Thread{t}); err != nil {
			return false, err
		}
		m.After = member
	}
	return true, s.store.MoveMailing(ctx, m)
}

// letter writes to a member, unless it is about a post of their own, or of somebody whom a block hides. It goes to their PC, or to their
// handset when they have no other address.
func (s *common) letter(ctx context.Context, member, author core.ID, threads []Thread) error {
	if member == author {
		return nil
	}
	if author != 0 {
		if _, err := s.Require(ctx, core.Viewer{Member: member}, author, core.Everyone); err != nil {
			return ignore(err, core.ErrNotFound)
		}
	}
	to, err := s.store.Member(ctx, member)
	if err != nil {
		return err
	}
	all, err := s.store.Mails(ctx, member)
	if err != nil || len(all) == 0 {
		return err
	}
	address := all[0]
	for _, a := range all {
		if !s.outbox.HandsetMail(a) {
			address = a
		}
	}
	return s.outbox.Write(ctx, member, address, author, s.writer.BoardLetter(to, threads, s.outbox.HandsetMail(address)))
}

// ignore is err, or nil when it is the one that says nothing.
func ignore(err, nothing error) error {
	if errors.Is(err, nothing) {
		return nil
	}
	return err
}

// sendDigests writes the day's letters, as far as something is new.
func (s *common) sendDigests(ctx context.Context) error {
	if s.writer == nil {
		return nil
	}
	for {
		now := s.Now()
		list, err := s.store.DigestMembers(ctx, now.Add(-digestEvery), mailBite)
		if err != nil || len(list) == 0 {
			return err
		}
		err = s.store.Atomic(ctx, func(ctx context.Context) error {
			for _, member := range list {
				threads, err := s.store.DigestThreads(ctx, member, now.Add(-digestEvery), digestLines)
				if err == nil && len(threads) > 0 {
					err = s.letter(ctx, member, 0, threads)
				}
				if err := errors.Join(err, s.store.PutDigest(ctx, member, now)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
