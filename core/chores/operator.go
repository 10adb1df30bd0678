package chores

import (
	"context"
	"errors"

	"musubi/core"
	"musubi/core/outbox"
	"musubi/core/policy"
)

// removeDue lets members leave whom operators have removed and nobody has restored.
func (s *Service) removeDue(ctx context.Context) error {
	due, err := s.operator.DueRemovals(ctx)
	for _, r := range due {
		if gone := s.Remove(ctx, r.Member, "operator"); gone != nil && !errors.Is(gone, core.ErrNotFound) {
			err = errors.Join(err, gone)
			continue
		}
		err = errors.Join(err, s.operator.Removed(ctx, r))
	}
	return err
}

// A Writer has the words of what is written for members to keep; core/web has them, with those of its pages.
type Writer interface {
	AnnouncementLetter(to core.Member, a policy.Announcement, handset bool) outbox.Mail
	// ExportWord is a word of the pages in an export, in a language: title (with their name), lead (with a time), diaries, albums.
	ExportWord(language, key string, args ...any) string
}

// UseWriter says who writes; without it no letters of announcements are sent, and an export has names of files for words.
func (s *Service) UseWriter(w Writer) { s.writer = w }

// Announce writes the next letters of announcements.
func (s *Service) Announce(ctx context.Context) error {
	return s.policy.MailAnnouncements(ctx, s.postAnnouncement)
}

// postAnnouncement puts the letter of an announcement to a member into the outbox: to the address of the kind of screen it is for, or to
// the PC's, or to whatever they have.
func (s *Service) postAnnouncement(ctx context.Context, to core.Member, a policy.Announcement) error {
	if s.writer == nil {
		return nil
	}
	list, err := s.account.Addresses(ctx, to.ID)
	if err != nil {
		return err
	}
	for i, address := range list {
		if address.Handset != (a.For.Device == "handset") && (a.For.Device != "" || i > 0) {
			continue
		}
		return s.outbox.Write(ctx, to.ID, address.Mail, 0, s.writer.AnnouncementLetter(to, a, address.Handset))
	}
	return nil
}
