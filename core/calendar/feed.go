package calendar

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"math/big"
	"strings"
	"time"

	"musubi/core"
)

// Bounds of the address.
const (
	feedEvery  = time.Minute         // it answers once in so long
	feedUnused = 90 * 24 * time.Hour // it ends when nobody has asked for so long
	maxProgram = 120                 // characters of what a program says of itself
	tokenSize  = 22                  // letters and digits: 130 bits
)

// A Feed is the address at which a calendar program fetches a member's calendar without a login. There is none until the member
// makes one, and it shows no more than the member may see at that moment.
type Feed struct {
	Member    core.ID
	Token     string // in the address; made anew of what is stored and the secret, so that the database alone opens nothing
	MadeAt    time.Time
	FetchedAt time.Time // zero: never
	Program   string    // that fetched it last, as it calls itself

	Seed, Hash string // as they are stored
}

// FeedStore keeps the addresses.
type FeedStore interface {
	// PutFeed stores the member's feed in place of the one they had.
	PutFeed(ctx context.Context, f Feed) error
	Feed(ctx context.Context, member core.ID) (Feed, error)
	// FeedOf finds a feed by the hash of its token.
	FeedOf(ctx context.Context, hash string) (Feed, error)
	SetFetched(ctx context.Context, f Feed) error
	DeleteFeed(ctx context.Context, member core.ID) error
	// DeleteFeedsUnused removes those made and last fetched before t.
	DeleteFeedsUnused(ctx context.Context, t time.Time) error
}

// token is what opens a feed with this seed.
func (s *Service) token(member core.ID, seed string) string {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	n := new(big.Int).SetBytes([]byte(s.Keyed(s.Keys.Feed, "calendar "+member.String()+" "+seed)))
	var b strings.Builder
	for base, digit := big.NewInt(int64(len(letters))), new(big.Int); b.Len() < tokenSize; {
		n.DivMod(n, base, digit)
		b.WriteByte(letters[digit.Int64()])
	}
	return b.String()
}

// hash is how a token is stored.
func (s *Service) hash(token string) string { return s.Keyed(s.Keys.Feed, "token "+token) }

// MakeFeed gives the member a new address. The one they had, if any, ends.
func (s *Service) MakeFeed(ctx context.Context, member core.ID) (Feed, error) {
	var b [16]byte
	rand.Read(b[:])
	f := Feed{Member: member, Seed: hex.EncodeToString(b[:]), MadeAt: s.Now()}
	f.Token = s.token(member, f.Seed)
	f.Hash = s.hash(f.Token)
	return f, s.store.PutFeed(ctx, f)
}

// EndFeed ends the member's address, if there is one.
func (s *Service) EndFeed(ctx context.Context, member core.ID) error {
	return s.store.DeleteFeed(ctx, member)
}

// Feed gives the member's address; ok is false when there is none.
func (s *Service) Feed(ctx context.Context, member core.ID) (f Feed, ok bool, err error) {
	f, err = s.store.Feed(ctx, member)
	switch {
	case errors.Is(err, core.ErrNotFound):
		return Feed{}, false, nil
	case err != nil:
		return Feed{}, false, err
	case s.unused(f):
		return Feed{}, false, nil
	}
	f.Token = s.token(f.Member, f.Seed)
	return f, true, nil
}

// unused says whether the address has ended because nobody asked for it.
func (s *Service) unused(f Feed) bool {
	last := f.MadeAt
	if f.FetchedAt.After(last) {
		last = f.FetchedAt
	}
	return s.Now().Sub(last) > feedUnused
}

// Fetch finds out whose calendar a token opens and notes who asked. ErrNotFound for a token that is none, or whose member is not
// among us at this moment; TooSoon within a minute of the last time.
func (s *Service) Fetch(ctx context.Context, token, program string) (member core.Member, err error) {
	if len(token) != tokenSize {
		return core.Member{}, core.ErrNotFound
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		f, err := s.store.FeedOf(ctx, s.hash(token))
		if err != nil {
			return err
		}
		if s.unused(f) {
			return core.ErrNotFound
		}
		if wait := feedEvery - s.Now().Sub(f.FetchedAt); wait > 0 {
			return core.TooSoon{Wait: wait}
		}
		if member, err = s.store.Member(ctx, f.Member); err != nil {
			return err
		}
		if _, err = s.Require(ctx, core.Viewer{Member: f.Member}, f.Member, core.Private); err != nil { // held, or gone
			return err
		}
		f.FetchedAt, f.Program = s.Now(), core.Clean(program, core.OneLine)
		if r := []rune(f.Program); len(r) > maxProgram {
			f.Program = string(r[:maxProgram])
		}
		return s.store.SetFetched(ctx, f)
	})
	return member, err
}

// Sweep ends addresses that nobody asks for.
func (s *Service) Sweep(ctx context.Context, now time.Time) error {
	return s.store.DeleteFeedsUnused(ctx, now.Add(-feedUnused))
}
