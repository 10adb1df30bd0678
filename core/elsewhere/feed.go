package elsewhere

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"math/big"
	"slices"
	"strings"
	"time"

	"musubi/core"
)

// Bounds of addresses.
const (
	MaxFeeds   = 40                  // of one member
	feedEvery  = time.Minute         // an address answers once in so long
	feedUnused = 90 * 24 * time.Hour // it ends when nobody has asked for so long
	maxProgram = 120                 // characters of what a program says of itself
	tokenSize  = 22                  // letters and digits: 130 bits
)

// ErrFeedsFull is returned for one address more than MaxFeeds.
var ErrFeedsFull = &core.Error{Code: core.Full, Key: "error.feedsfull"}

// A FeedKind is what a feed has. The numbers are stored: a new kind comes last.
type FeedKind uint8

// Kinds of feeds.
const (
	Calendar       FeedKind = iota // events one attends, own dates, birthdays (ICS); all others are Atom
	Notices                        // what the member is told of
	FriendsDiaries                 // the newest entries of friends
	OwnDiary                       // the member's own entries
	Community                      // what stands in one community: Thing
	Events                         // events to come in the member's communities
)

// feedNames are the kinds as addresses have them.
var feedNames = [...]string{"calendar", "notices", "friends", "diary", "community", "events"}

// FeedKinds lists the kinds in the order of the page that has them.
var FeedKinds = [...]FeedKind{Notices, FriendsDiaries, OwnDiary, Events, Calendar, Community}

// String is the kind as addresses have it.
func (k FeedKind) String() string { return feedNames[k] }

// ParseFeedKind reads the kind of an address.
func ParseFeedKind(name string) (FeedKind, bool) {
	n := slices.Index(feedNames[:], name)
	return FeedKind(max(n, 0)), n >= 0
}

// A Feed is an address at which a program fetches one thing of a member's without a login. There is none until the member makes
// it, it opens no other, and it shows no more than the member may see at that moment.
type Feed struct {
	Member    core.ID
	Kind      FeedKind
	Thing     core.ID // which community; 0: there is one of the kind
	Full      bool    // texts too, not titles alone
	Token     string  // in the address; made anew of what is stored and the secret, so that the database alone opens nothing
	MadeAt    time.Time
	FetchedAt time.Time     // zero: never
	Program   string        // that fetched it last, as it calls itself
	Wait      time.Duration // of what Fetch gives: until then it may be said that nothing is new, and no more; 0: all of it

	Seed, Hash string // as they are stored
}

// A Share says what of a member's own words stands in the feeds of others who may read them.
type Share uint8

// What others' feeds may have of one's own.
const (
	ShareTitles Share = iota // titles and links, until the member says otherwise
	ShareNothing
	ShareTexts
)

// Shares lists all values, in the order of forms.
var Shares = [...]Share{ShareTitles, ShareTexts, ShareNothing}

// FeedStore keeps the addresses.
type FeedStore interface {
	// PutFeed stores the feed in place of the one of the same member, kind and thing.
	PutFeed(ctx context.Context, f Feed) error
	// Feeds lists the member's feeds in the order of their kinds.
	Feeds(ctx context.Context, member core.ID) ([]Feed, error)
	// FeedOf finds a feed by the hash of its token.
	FeedOf(ctx context.Context, hash string) (Feed, error)
	SetFetched(ctx context.Context, f Feed) error
	DeleteFeed(ctx context.Context, member core.ID, kind FeedKind, thing core.ID) error
	DeleteFeeds(ctx context.Context, member core.ID) error
	// DeleteFeedsUnused removes those made and last fetched before t.
	DeleteFeedsUnused(ctx context.Context, t time.Time) error
	// Share gives what a member has chosen; ShareTitles when they have chosen nothing.
	Share(ctx context.Context, member core.ID) (Share, error)
	SetShare(ctx context.Context, member core.ID, s Share) error
}

// token is what opens a feed with this seed.
func (s *Service) token(f Feed) string {
	const letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	n := new(big.Int).SetBytes([]byte(s.Keyed(s.Keys.Feed, f.Kind.String()+" "+f.Member.String()+" "+f.Seed)))
	var b strings.Builder
	for base, digit := big.NewInt(int64(len(letters))), new(big.Int); b.Len() < tokenSize; {
		n.DivMod(n, base, digit)
		b.WriteByte(letters[digit.Int64()])
	}
	return b.String()
}

// hash is how a token is stored.
func (s *Service) hash(token string) string { return s.Keyed(s.Keys.Feed, "token "+token) }

// MakeFeed gives the member a new address for a kind, and for a thing where the kind has several. The one they had, if any, ends.
func (s *Service) MakeFeed(ctx context.Context, member core.ID, kind FeedKind, thing core.ID, full bool) (Feed, error) {
	var b [16]byte
	rand.Read(b[:])
	f := Feed{Member: member, Kind: kind, Thing: thing, Full: full, Seed: hex.EncodeToString(b[:]), MadeAt: s.Now()}
	f.Token = s.token(f)
	f.Hash = s.hash(f.Token)
	return f, s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		all, err := s.store.Feeds(ctx, member)
		if err != nil {
			return err
		}
		if others := slices.DeleteFunc(all, func(o Feed) bool { return o.Kind == kind && o.Thing == thing }); len(others) >= MaxFeeds {
			return ErrFeedsFull
		}
		return s.store.PutFeed(ctx, f)
	})
}

// SetFull says whether a feed has texts too. Its address stays.
func (s *Service) SetFull(ctx context.Context, member core.ID, kind FeedKind, thing core.ID, full bool) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		f, ok, err := s.Feed(ctx, member, kind, thing)
		if err != nil || !ok {
			return errors.Join(err, core.ErrNotFound)
		}
		f.Full = full
		return s.store.PutFeed(ctx, f)
	})
}

// EndFeed ends an address of the member, if there is one.
func (s *Service) EndFeed(ctx context.Context, member core.ID, kind FeedKind, thing core.ID) error {
	return s.store.DeleteFeed(ctx, member, kind, thing)
}

// Feeds lists the member's addresses.
func (s *Service) Feeds(ctx context.Context, member core.ID) ([]Feed, error) {
	rows, err := s.store.Feeds(ctx, member)
	rows = slices.DeleteFunc(rows, s.unused)
	for i := range rows {
		rows[i].Token = s.token(rows[i])
	}
	return rows, err
}

// Feed gives one of the member's addresses; ok is false when there is none.
func (s *Service) Feed(ctx context.Context, member core.ID, kind FeedKind, thing core.ID) (f Feed, ok bool, err error) {
	all, err := s.Feeds(ctx, member)
	n := slices.IndexFunc(all, func(f Feed) bool { return f.Kind == kind && f.Thing == thing })
	if err != nil || n < 0 {
		return Feed{}, false, err
	}
	return all[n], true, nil
}

// unused says whether the address has ended because nobody asked for it.
func (s *Service) unused(f Feed) bool {
	last := f.MadeAt
	if f.FetchedAt.After(last) {
		last = f.FetchedAt
	}
	return s.Now().Sub(last) > feedUnused
}

// A Look is what a program asks of a feed.
type Look uint8

// Looks.
const (
	All  Look = iota
	Head      // of it: no bytes
	News      // all, unless it has that already
)

// Fetch finds out what a token opens and whose it is, and notes who asked. ErrNotFound for a token that is none, or whose member
// is not among us at this moment; TooSoon within a minute of the last time. A look at the head alone counts as no fetch: it goes by the
// pace of keys. So does the question within that minute whether anything is new, to which the answer may be no: Wait says so.
func (s *Service) Fetch(ctx context.Context, kind FeedKind, token, program string, look Look) (f Feed, member core.Member, err error) {
	if len(token) != tokenSize {
		return Feed{}, core.Member{}, core.ErrNotFound
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if f, err = s.store.FeedOf(ctx, s.hash(token)); err != nil {
			return err
		}
		if s.unused(f) || f.Kind != kind {
			return core.ErrNotFound
		}
		wait := feedEvery - s.Now().Sub(f.FetchedAt)
		if look == News && wait > 0 {
			f.Wait = wait
		}
		if look == Head || f.Wait > 0 {
			wait = s.pace.take(f.Member, s.Now())
		}
		if wait > 0 {
			return core.TooSoon{Wait: wait}
		}
		if member, err = s.store.Member(ctx, f.Member); err != nil {
			return err
		}
		if _, err = s.Require(ctx, core.Viewer{Member: f.Member}, f.Member, core.Private); err != nil { // held, or gone
			return err
		}
		if f.Token = token; look == Head || f.Wait > 0 {
			return nil
		}
		f.FetchedAt, f.Program = s.Now(), core.Clean(program, core.OneLine)
		if r := []rune(f.Program); len(r) > maxProgram {
			f.Program = string(r[:maxProgram])
		}
		return s.store.SetFetched(ctx, f)
	})
	return f, member, err
}

// Share gives what others' feeds may have of the member's own.
func (s *Service) Share(ctx context.Context, member core.ID) (Share, error) {
	return s.store.Share(ctx, member)
}

// SetShare says what others' feeds may have of the member's own.
func (s *Service) SetShare(ctx context.Context, member core.ID, share Share) error {
	if share > ShareTexts {
		return core.Invalid{{Field: "share", Key: "field.choice"}}
	}
	return s.store.SetShare(ctx, member, share)
}
