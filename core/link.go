package core

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"time"
)

// LinkStore keeps the one-time links that mails carry.
type LinkStore interface {
	InsertLink(ctx context.Context, hash, purpose string, member ID, expires time.Time) error
	// Link returns the member of a link, or ErrNotFound.
	Link(ctx context.Context, hash, purpose string) (member ID, expires time.Time, err error)
	DeleteLink(ctx context.Context, hash string) error
	// DeleteLinks ends all links of a member for a purpose.
	DeleteLinks(ctx context.Context, member ID, purpose string) error
}

// newSeed makes what stands for a token of 192 random bits in a letter until it is sent, and the hash under which the link is
// stored. The token itself is made of seed and secret when somebody is to read it: it lies in no file, and what lies in the
// outbox opens nothing (SEC-104).
func (s *Services) newSeed() (seed, hash string) {
	raw := make([]byte, 24)
	rand.Read(raw)
	seed = base64.RawURLEncoding.EncodeToString(raw)
	return seed, s.keyed(s.keys.link, s.token(seed))
}

// token is the token of a seed, as long as the seed is.
func (s *Services) token(seed string) string { return s.keyed(s.keys.link, "token "+seed)[:len(seed)] }

// openLink finds the member of a link that is still good.
func (s *Services) openLink(ctx context.Context, token, purpose string) (member ID, hash string, err error) {
	hash = s.keyed(s.keys.link, token)
	member, expires, err := s.store.Link(ctx, hash, purpose)
	if err == nil && (member == 0 || s.now().After(expires)) {
		err = ErrLink
	}
	if err != nil {
		return 0, hash, notLink(err)
	}
	return member, hash, nil
}
