package account

import (
	"context"
	"slices"

	"musubi/core"
	"musubi/core/outbox"
)

// tellOfDevice writes to a member that somebody has come in with something they are not known to use: they are logged in elsewhere, and
// no session of theirs was opened with it. client is as coarse as the list of sessions has it. Without any session, after the first
// login of all or a new password, nothing is known, and nothing is news.
func tellOfDevice(ctx context.Context, s *Service, m core.Member, client string) error {
	known, err := s.store.MemberSessions(ctx, m.ID)
	if err != nil || len(known) == 0 || slices.ContainsFunc(known, func(session Session) bool { return session.Client == client }) {
		return err
	}
	mails, err := s.store.Mails(ctx, m.ID)
	if err != nil {
		return err
	}
	for _, address := range mails {
		handset := s.outbox.HandsetMail(address)
		if err := s.writeAbout(ctx, m.ID, address, func(l Letters) outbox.Mail { return l.DeviceLetter(m, client, handset) }); err != nil {
			return err
		}
	}
	return nil
}
