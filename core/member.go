package core

import (
	"context"
	"strings"
	"time"
)

// A Status says whether a member takes part.
type Status uint8

// Statuses.
const (
	Active    Status = iota
	Held             // suspended by an operator or by policy
	Withdrawn        // has left the service
)

// String gives the word that operators read.
func (s Status) String() string {
	return [...]string{"active", "held", "withdrawn"}[s]
}

// A Member is a person as other members meet them: nothing here is hidden by a visibility.
type Member struct {
	ID              ID
	Name            string // nickname, 1…40 characters
	Status          Status
	Language        string // "ja", "en"; empty: the site's
	Zone            string // of time, "Europe/Paris"; empty: the site's
	SeenMarks       bool   // shows senders that their messages were read, when they show it too
	Photo           Photo  // the main photo; zero: none
	DiaryVisibility Visibility
	Friends         int // counted when friends are made, not when they are shown
	CreatedAt       time.Time
	LastLoginAt     time.Time // zero: never
	AloneSince      time.Time // without any friend since; zero: has friends
}

// Limits of what a member writes about themselves, in characters.
const (
	MaxName         = 40
	MaxMailAddress  = 254
	MaxProfileLine  = 100
	MaxProfileText  = 3000
	MinPasswordRune = 8
	MaxPasswordRune = 64
)

// MemberStore keeps members.
type MemberStore interface {
	// InsertMember stores the member with its mail address; ErrMailTaken when another member has the address.
	InsertMember(ctx context.Context, m Member, mail, passwordHash string) error
	Member(ctx context.Context, id ID) (Member, error)
	// Mails lists a member's addresses.
	Mails(ctx context.Context, member ID) ([]string, error)
	SetStatus(ctx context.Context, member ID, status Status) error
	SetName(ctx context.Context, member ID, name string) error
	SetMemberPhoto(ctx context.Context, member, photo ID) error
}

// NormalMail checks a mail address as loosely as carriers hand them out ("a..b.@docomo.ne.jp" is real) and gives the
// form under which it is stored: without spaces around it, the domain in lower case, and so the rest, since no carrier
// tells the cases apart.
func NormalMail(s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > MaxMailAddress {
		return "", false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7F || strings.IndexByte("<>(),;:\\\"[]", c) >= 0 || c == '@' && i != at {
			return "", false
		}
	}
	domain := s[at+1:]
	dot := strings.IndexByte(domain, '.')
	return s, dot > 0 && domain[len(domain)-1] != '.' && !strings.Contains(domain, "..")
}

// Member gives what the viewer may know of a member; ErrNotFound for one that is blocked, suspended or unknown.
func (s *Desk) Member(ctx context.Context, viewer Viewer, id ID) (Member, Relation, error) {
	r, err := s.Require(ctx, viewer, id, Everyone)
	if err != nil {
		return Member{}, r, err
	}
	m, err := s.store.Member(ctx, id)
	return m, r, err
}

// A ProfileValue is one field filled in.
type ProfileValue struct {
	Key        string
	Value      string
	Visibility Visibility
}
