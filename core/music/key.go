package music

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"musubi/core"
)

// Limits of keys.
const (
	MaxKeys   = 20 // of one member: one for each player
	MaxPlayer = 40 // characters of a player's name
	// clockDrift is how far a handshake's time may be from ours.
	clockDrift = 180 * time.Second
	// useEvery is how exact it is known when a key was used last: no write for every play.
	useEvery = time.Hour
)

// Refusals of keys.
var (
	// ErrKey: there is no such key, or it has been withdrawn.
	ErrKey      = &core.Error{Code: core.Wrong, Key: "error.musickey"}
	ErrTime     = &core.Error{Code: core.Wrong, Key: "error.musictime"} // the clock of a handshake is wrong
	ErrKeysFull = &core.Error{Code: core.Full, Key: "error.musickeys"}
)

// A PlayerKey lets one player of a member tell what they hear, and nothing else: it opens no page. It travels in plain http
// with old players. What the key itself is follows from the ID and our secret, so the database holds none (SEC-104).
type PlayerKey struct {
	Member core.ID
	ID     core.ID
	Player string // what the member calls it
	MadeAt time.Time
	UsedAt time.Time // about; zero: never
}

// KeyStore keeps which keys there are.
type KeyStore interface {
	InsertKey(ctx context.Context, k PlayerKey) error
	Key(ctx context.Context, id core.ID) (PlayerKey, error)
	// Keys lists a member's keys, newest first.
	Keys(ctx context.Context, member core.ID) ([]PlayerKey, error)
	DeleteKey(ctx context.Context, member, id core.ID) error
	SetKeyUsed(ctx context.Context, id core.ID, at time.Time) error
}

// Labels keep what is made of a key's ID apart: none of them opens what another one does.
const (
	labelKey     = "music key"
	labelSession = "music session" // of Audioscrobbler 1.2
	labelFM      = "music fm"      // the session key of Last.fm 2.0
)

// token is 18 bytes in base64url, 24 characters: the ID and ten bytes that only we can make.
func (s *Players) token(label string, id core.ID) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(id))
	m := hmac.New(sha256.New, s.Keys.Session)
	m.Write([]byte(label + "\n"))
	m.Write(b[:])
	return base64.RawURLEncoding.EncodeToString(append(b[:], m.Sum(nil)[:10]...))
}

// KeyText is the key as a member pastes it into a player.
func (s *Players) KeyText(k PlayerKey) string { return s.token(labelKey, k.ID) }

// find gives the key of a token that we made under the label. ErrKey, and a wait for whoever tries many.
func (s *Players) find(ctx context.Context, label, token string) (PlayerKey, error) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != 18 {
		return PlayerKey{}, s.wrong(ctx, token)
	}
	id := core.ID(binary.BigEndian.Uint64(b))
	if !hmac.Equal([]byte(s.token(label, id)), []byte(token)) {
		return PlayerKey{}, s.wrong(ctx, token)
	}
	k, err := s.store.Key(ctx, id)
	if errors.Is(err, core.ErrNotFound) { // withdrawn: its player knows no better
		return PlayerKey{}, ErrKey
	}
	if err != nil {
		return PlayerKey{}, err
	}
	return k, s.use(ctx, k)
}

// use lets in whose key it is, while they take part.
func (s *Players) use(ctx context.Context, k PlayerKey) error {
	m, err := s.store.Member(ctx, k.Member)
	if err != nil {
		return err
	}
	if m.Status != core.Active {
		return ErrKey
	}
	if now := s.Now(); now.Sub(k.UsedAt) > useEvery {
		return s.store.SetKeyUsed(ctx, k.ID, now)
	}
	return nil
}

// wrong counts a key that is none, and says how long to wait after too many of them.
func (s *Players) wrong(ctx context.Context, shown string) error {
	s.Refuse(ctx, "playerfail", "wrong key", 0, s.Keyed(s.Keys.Session, "player "+shown))
	if err := s.guard.WrongKey(ctx); err != nil {
		return err
	}
	return ErrKey
}

// UserName is what players call a member: it says nothing but who, and stays.
func UserName(member core.ID) string { return strconv.FormatInt(int64(member), 36) }

// memberNamed is whom a player means.
func memberNamed(name string) core.ID {
	n, err := strconv.ParseInt(strings.ToLower(strings.TrimSpace(name)), 36, 64)
	if err != nil || n <= 0 {
		return 0
	}
	return core.ID(n)
}

// ByKey gives whose key it is (ListenBrainz).
func (s *Players) ByKey(ctx context.Context, key string) (PlayerKey, error) {
	return s.find(ctx, labelKey, key)
}

// BySession gives whose session of Audioscrobbler 1.2 it is.
func (s *Players) BySession(ctx context.Context, session string) (PlayerKey, error) {
	return s.find(ctx, labelSession, session)
}

// ByFM gives whose session key of Last.fm 2.0 it is.
func (s *Players) ByFM(ctx context.Context, sk string) (PlayerKey, error) {
	return s.find(ctx, labelFM, sk)
}

// SessionFM is the session key of Last.fm 2.0 for a key.
func (s *Players) SessionFM(k PlayerKey) string { return s.token(labelFM, k.ID) }

func md5hex(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// match gives the key of a member for which proof says so; it is given the key's md5, as the protocols of 2005 do.
func (s *Players) match(ctx context.Context, user string, proof func(keyMD5 string) string, shown string) (PlayerKey, error) {
	keys, err := s.store.Keys(ctx, memberNamed(user))
	if err != nil {
		return PlayerKey{}, err
	}
	for _, k := range keys {
		if hmac.Equal([]byte(proof(md5hex(s.KeyText(k)))), []byte(strings.ToLower(shown))) {
			return k, s.use(ctx, k)
		}
	}
	return PlayerKey{}, s.wrong(ctx, shown)
}

// Login takes name and key of Last.fm's getMobileSession.
func (s *Players) Login(ctx context.Context, user, key string) (PlayerKey, error) {
	k, err := s.find(ctx, labelKey, key)
	if err == nil && k.Member != memberNamed(user) {
		err = s.wrong(ctx, key)
	}
	return k, err
}

// LoginToken takes the older form of it: md5( name + md5(key) ).
func (s *Players) LoginToken(ctx context.Context, user, authToken string) (PlayerKey, error) {
	return s.match(ctx, user, func(keyMD5 string) string { return md5hex(user + keyMD5) }, authToken)
}

// Handshake takes that of Audioscrobbler 1.2, token = md5( md5(key) + time ), and gives a session. A time that is far from
// ours is ErrTime; a token that came before, ErrKey. fm is the session key of 1.2.1, which stands for the key then: the token
// is made with a secret that we never gave out.
func (s *Players) Handshake(ctx context.Context, user, at, token, fm string) (session string, err error) {
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || s.Now().Sub(time.Unix(seconds, 0)).Abs() > clockDrift {
		return "", ErrTime
	}
	var k PlayerKey
	if fm != "" {
		if k, err = s.ByFM(ctx, fm); err == nil && k.Member != memberNamed(user) {
			err = s.wrong(ctx, fm)
		}
	} else {
		k, err = s.match(ctx, user, func(keyMD5 string) string { return md5hex(keyMD5 + at) }, token)
	}
	if err != nil {
		return "", err
	}
	if !s.firstTime(UserName(k.Member) + " " + token) {
		return "", ErrKey
	}
	return s.token(labelSession, k.ID), nil
}

// mostSeen bounds the handshakes that are remembered; beyond it the oldest are forgotten early.
const mostSeen = 50_000

// firstTime says whether a token is seen for the first time.
func (s *Players) firstTime(token string) bool {
	s.seen.Lock()
	defer s.seen.Unlock()
	now := s.Now()
	if len(s.seen.tokens) >= mostSeen {
		for t, at := range s.seen.tokens {
			if now.Sub(at) > 2*clockDrift {
				delete(s.seen.tokens, t)
			}
		}
		if len(s.seen.tokens) >= mostSeen {
			clear(s.seen.tokens)
		}
	}
	at, known := s.seen.tokens[token]
	s.seen.tokens[token] = now
	return !known || now.Sub(at) > 2*clockDrift
}

// MakeKey makes a key for a player.
func (s *Players) MakeKey(ctx context.Context, member core.ID, player string) (PlayerKey, error) {
	var c core.Check
	if c.Text("player", &player, core.OneLine, false, MaxPlayer); c.Err() != nil {
		return PlayerKey{}, c.Err()
	}
	k := PlayerKey{Member: member, Player: player}
	k.ID, k.MadeAt = s.Stamp(time.Time{})
	return k, s.store.Atomic(ctx, func(ctx context.Context) error {
		keys, err := s.store.Keys(ctx, member)
		if err != nil {
			return err
		}
		if len(keys) >= MaxKeys {
			return ErrKeysFull
		}
		return errors.Join(s.store.InsertKey(ctx, k), s.Audit(ctx, "playerkey", member, "", k.ID.String()))
	})
}

// PlayerKeys lists a member's own keys, newest first.
func (s *Players) PlayerKeys(ctx context.Context, member core.ID) ([]PlayerKey, error) {
	return s.store.Keys(ctx, member)
}

// WithdrawKey ends a key and every session made with it, at once.
func (s *Players) WithdrawKey(ctx context.Context, member, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(s.store.DeleteKey(ctx, member, id), s.AuditDelete(ctx, member, "playerkey", id))
	})
}
