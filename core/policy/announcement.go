package policy

import (
	"context"
	"errors"
	"time"

	"musubi/core"
)

// Limits of announcements (お知らせ of the operator).
const (
	MaxAnnouncement = 2000 // characters of the text
	MaxHeading      = 100  // of the title
	MaxShown        = 20   // that are shown at a time
)

// Whom an announcement is for; the zero value is everybody.
type Audience struct {
	Device     string // "pc", "handset"; "": both
	Premium    string // "yes", "no"; "": both
	Prefecture string // "": all
}

// Devices and Premiums are the choices of forms.
var (
	Devices  = []string{"", "pc", "handset"}
	Premiums = []string{"", "yes", "no"}
)

// An Announcement is something that the operator tells members: on home for some time and, if it is wanted, once by mail.
type Announcement struct {
	ID           core.ID
	Title, Text  string
	For          Audience
	Since, Until time.Time
	Mail         bool
	Mailed       core.ID   // members up to this ID have been written to
	MailedAt     time.Time // when all were; zero: not yet, or none are
	By           string
}

// AnnouncementStore keeps announcements.
type AnnouncementStore interface {
	InsertAnnouncement(ctx context.Context, a Announcement) error
	Announcement(ctx context.Context, id core.ID) (Announcement, error)
	Announcements(ctx context.Context, p core.Page) ([]Announcement, error)
	ShownAnnouncements(ctx context.Context, now time.Time, limit int) ([]Announcement, error)
	// EndAnnouncement takes one off home.
	EndAnnouncement(ctx context.Context, id core.ID, at time.Time) error
	// MailingAnnouncement gives one that is shown and has members to be written to, or ErrNotFound.
	MailingAnnouncement(ctx context.Context, now time.Time) (Announcement, error)
	// AudienceAfter lists active members with higher IDs that an announcement is for, as far as the database knows.
	AudienceAfter(ctx context.Context, a Audience, after core.ID, now time.Time, limit int) ([]core.Member, error)
	SetMailed(ctx context.Context, id, upTo core.ID, at time.Time) error
}

// Announce stores an announcement.
func (s *Service) Announce(ctx context.Context, a Announcement) (Announcement, error) {
	var c core.Check
	c.Text("title", &a.Title, core.OneLine, true, MaxHeading)
	c.Text("text", &a.Text, core.ManyLines, true, MaxAnnouncement)
	_, there := core.Prefectures.Find(a.For.Prefecture)
	if !among(Devices, a.For.Device) || !among(Premiums, a.For.Premium) || a.For.Prefecture != "" && !there {
		c.Fail("device", "field.choice", 0)
	}
	if !a.Until.After(s.Now()) {
		c.Fail("until", "field.future", 0)
	}
	if err := c.Err(); err != nil {
		return a, err
	}
	a.ID, _ = s.Stamp(time.Time{})
	if a.Since.IsZero() {
		a.Since = s.Now()
	}
	return a, s.change(ctx, func(ctx context.Context) error { return s.store.InsertAnnouncement(ctx, a) })
}

func among(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// EndAnnouncement takes an announcement off home; letters that are not written yet are not written any more.
func (s *Service) EndAnnouncement(ctx context.Context, id core.ID) error {
	return s.change(ctx, func(ctx context.Context) error { return s.store.EndAnnouncement(ctx, id, s.Now()) })
}

// Announcements lists all, newest first.
func (s *Service) Announcements(ctx context.Context, p core.Page) ([]Announcement, bool, error) {
	list, err := s.store.Announcements(ctx, p)
	list, more := core.Cut(list, p)
	return list, more, err
}

// ShownTo are the announcements for somebody who looks; is answers for each of what the audience asks, and is asked only then.
func (s *Service) ShownTo(ctx context.Context, handset bool, premium func() bool, prefecture func() string) (list []Announcement) {
	now := s.Now()
	for _, a := range s.State(ctx).Shown {
		switch {
		case now.Before(a.Since) || !now.Before(a.Until),
			a.For.Device == "pc" && handset, a.For.Device == "handset" && !handset,
			a.For.Premium != "" && premium() != (a.For.Premium == "yes"),
			a.For.Prefecture != "" && prefecture() != a.For.Prefecture:
			continue
		}
		list = append(list, a)
	}
	return list
}

// mailBite is how many members are written to in one transaction.
const mailBite = 50

// MailAnnouncements writes the letters of announcements, some in each transaction, each member once. post puts letters to a member into
// the outbox.
func (s *Service) MailAnnouncements(ctx context.Context, post func(ctx context.Context, to core.Member, a Announcement) error) error {
	a, err := s.store.MailingAnnouncement(ctx, s.Now())
	if err != nil {
		if errors.Is(err, core.ErrNotFound) {
			return nil
		}
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		list, err := s.store.AudienceAfter(ctx, a.For, a.Mailed, s.Now(), mailBite)
		if err != nil {
			return err
		}
		done, upTo := time.Time{}, a.Mailed
		for _, m := range list {
			if err := post(ctx, m, a); err != nil {
				return err
			}
			upTo = m.ID
		}
		if len(list) < mailBite {
			done = s.Now()
		}
		return s.store.SetMailed(ctx, a.ID, upTo, done)
	})
}
