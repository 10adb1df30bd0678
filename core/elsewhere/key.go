package elsewhere

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strconv"
	"time"

	"musubi/core"
)

// Limits of keys.
const (
	MaxKeys    = 20                  // of one member
	MaxKeyName = 40                  // characters of what the member calls it
	keyUnused  = 90 * 24 * time.Hour // a key ends when nobody has used it for so long
	useEvery   = time.Hour           // how exact it is known when a key was used last: no write for every request
	keyShown   = 10 * time.Minute    // after it was made, a page shows a key for so long
)

// Refusals of keys.
var (
	// ErrKey: there is no such key, it has ended, or it is for something else.
	ErrKey      = &core.Error{Code: core.Refused, Key: "error.apikey"}
	ErrKeysFull = &core.Error{Code: core.Full, Key: "error.apikeysfull"}
)

// OtherPurpose refuses a key that is one of ours, for something else.
type OtherPurpose struct{ Has, Wanted Purpose }

func (e OtherPurpose) Error() string { return ErrKey.Error() }

// Unwrap makes it an ErrKey for who asks no further.
func (e OtherPurpose) Unwrap() error { return ErrKey }

// A Purpose is what a key is for: this and nothing else. The numbers are stored: a new purpose comes last.
type Purpose uint8

// Purposes of keys.
const (
	ForAtomPub  Purpose = iota // clients that speak the Atom Publishing Protocol read and write what is the member's
	ReadNotices                // scripts read what the member is told of
	PostDiary                  // scripts write entries
	PostPhotos                 // scripts put photos into albums
)

// Purposes lists all, in the order of forms.
var Purposes = [...]Purpose{ForAtomPub, ReadNotices, PostDiary, PostPhotos}

// A Key lets one program of a member's do one kind of thing. It opens no page. What the key itself is follows from its ID and our
// secret, so the database holds none (SEC-104).
type Key struct {
	Member, ID core.ID
	Purpose    Purpose
	Name       string // what the member calls it
	MadeAt     time.Time
	UsedAt     time.Time // about; zero: never
}

// KeyStore keeps which keys there are, and which messages of WSSE came.
type KeyStore interface {
	InsertKey(ctx context.Context, k Key) error
	Key(ctx context.Context, id core.ID) (Key, error)
	// Keys lists a member's keys, newest first.
	Keys(ctx context.Context, member core.ID) ([]Key, error)
	DeleteKey(ctx context.Context, member, id core.ID) error
	DeleteKeys(ctx context.Context, member core.ID) error
	SetKeyUsed(ctx context.Context, id core.ID, at time.Time) error
	// DeleteKeysUnused removes those made and last used before t.
	DeleteKeysUnused(ctx context.Context, t time.Time) error
	// MemberOfMail finds whose address it is.
	MemberOfMail(ctx context.Context, mail string) (core.ID, error)
	// PutNonce notes that a message came; first is false when it came before.
	PutNonce(ctx context.Context, hash string, at time.Time) (first bool, err error)
	DeleteNoncesBefore(ctx context.Context, t time.Time) error
}

// KeyText is the key as a member copies it into a program: 24 bytes in base64url, the ID and sixteen that only we can make.
func (s *Service) KeyText(k Key) string {
	var id [8]byte
	binary.BigEndian.PutUint64(id[:], uint64(k.ID))
	m := hmac.New(sha256.New, s.Keys.Feed)
	m.Write([]byte("key " + strconv.Itoa(int(k.Purpose)) + "\n"))
	m.Write(id[:])
	return base64.RawURLEncoding.EncodeToString(append(id[:], m.Sum(nil)[:16]...))
}

// Shown says whether a page still shows a key to the member who made it.
func (s *Service) Shown(k Key) bool { return s.Now().Sub(k.MadeAt) < keyShown }

// MakeKey makes a key for one purpose. Who asks has given their password (SEC-23).
func (s *Service) MakeKey(ctx context.Context, member core.ID, purpose Purpose, name string) (Key, error) {
	var c core.Check
	c.Text("name", &name, core.OneLine, false, MaxKeyName)
	if !slices.Contains(Purposes[:], purpose) {
		c.Fail("purpose", "field.choice", 0)
	}
	if c.Err() != nil {
		return Key{}, c.Err()
	}
	k := Key{Member: member, Purpose: purpose, Name: name}
	k.ID, k.MadeAt = s.Stamp(time.Time{})
	return k, s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		keys, err := s.store.Keys(ctx, member)
		if err != nil {
			return err
		}
		if len(keys) >= MaxKeys {
			return ErrKeysFull
		}
		return errors.Join(s.store.InsertKey(ctx, k), s.Audit(ctx, "apikey", member, "", k.ID.String()))
	})
}

// MemberKeys lists a member's own keys, newest first.
func (s *Service) MemberKeys(ctx context.Context, member core.ID) ([]Key, error) {
	return s.store.Keys(ctx, member)
}

// EndKey ends a key at once.
func (s *Service) EndKey(ctx context.Context, member, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		return errors.Join(s.store.DeleteKey(ctx, member, id), s.AuditDelete(ctx, member, "apikey", id))
	})
}

// Open gives the member whose key a program shows. ErrKey when it is none, OtherPurpose when it is for something else; TooSoon for whoever tries
// many, and for a program that asks too often.
func (s *Service) Open(ctx context.Context, purpose Purpose, text string) (core.Member, error) {
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(b) != 24 {
		return core.Member{}, s.wrongKey(ctx, text)
	}
	k, err := s.store.Key(ctx, core.ID(binary.BigEndian.Uint64(b)))
	if errors.Is(err, core.ErrNotFound) || err == nil && !hmac.Equal([]byte(s.KeyText(k)), []byte(text)) {
		return core.Member{}, s.wrongKey(ctx, text)
	}
	if err != nil {
		return core.Member{}, err
	}
	if k.Purpose != purpose {
		return core.Member{}, OtherPurpose{Has: k.Purpose, Wanted: purpose}
	}
	return s.use(ctx, k)
}

// wrongKey counts a key that opened nothing, and says how long to wait after too many of them.
func (s *Service) wrongKey(ctx context.Context, shown string) error {
	s.Refuse(ctx, "apikeyfail", "wrong key", 0, s.Keyed(s.Keys.Feed, "shown "+shown))
	if err := s.guard.WrongKey(ctx); err != nil {
		return err
	}
	return ErrKey
}

// use lets in whose key it is, while they take part, and no more often than a key may be used.
func (s *Service) use(ctx context.Context, k Key) (core.Member, error) {
	now := s.Now()
	if last := latest(k.MadeAt, k.UsedAt); now.Sub(last) > keyUnused {
		return core.Member{}, ErrKey
	}
	if wait := s.paced(ctx, k.ID, now); wait > 0 {
		return core.Member{}, core.TooSoon{Wait: wait}
	}
	m, err := s.store.Member(ctx, k.Member)
	if err != nil {
		return core.Member{}, err
	}
	if m.Status != core.Active {
		return core.Member{}, ErrKey
	}
	if now.Sub(k.UsedAt) > useEvery {
		err = s.store.SetKeyUsed(ctx, k.ID, now)
	}
	return m, err
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
