package elsewhere

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"regexp"
	"strings"
	"time"

	"musubi/core"
)

// Bounds of WSSE. Clients of 2008 write their local time and call it UTC, so any hour of the world is taken, each nonce once.
const (
	wsseDrift = 13 * time.Hour
	maxNonce  = 128 // bytes
)

// A Token is what a client says in the field X-WSSE.
type Token struct {
	Username, Digest string
	Nonce            []byte
	Created          string // as it was written: it is part of the digest
	At               time.Time
}

var wsseField = regexp.MustCompile(`([A-Za-z]+)\s*=\s*"([^"]*)"`)

// ParseToken reads the field. ok is false when it is none.
func ParseToken(field string) (t Token, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(field), "UsernameToken")
	if !ok || len(field) > 2048 {
		return Token{}, false
	}
	var err error
	for _, pair := range wsseField.FindAllStringSubmatch(rest, -1) {
		switch value := pair[2]; pair[1] {
		case "Username":
			t.Username = value
		case "PasswordDigest":
			t.Digest = value
		case "Nonce":
			t.Nonce, err = base64.StdEncoding.DecodeString(value)
		case "Created":
			t.Created = value
		}
	}
	at, dated := readCreated(t.Created)
	t.At = at
	return t, err == nil && dated && t.Username != "" && t.Digest != "" && len(t.Nonce) > 0 && len(t.Nonce) <= maxNonce
}

// readCreated reads a time with or without a fraction, a zone or the Z that clients put behind any time.
func readCreated(s string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04:05.999999999"} {
		if t, err := time.Parse(form, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// Digest is what a client makes of a key: the hash of nonce, time and key.
func Digest(nonce []byte, created, key string) string {
	h := sha1.New()
	h.Write(nonce)
	h.Write([]byte(created + key))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

// OpenToken gives the member whose key for AtomPub a client proves to know. ErrKey when it does not, when its clock is far from any
// hour of today, or when the message came before.
func (s *Service) OpenToken(ctx context.Context, t Token) (core.Member, error) {
	now := s.Now()
	if now.Sub(t.At).Abs() > wsseDrift {
		return core.Member{}, s.wrongKey(ctx, t.Digest)
	}
	k, err := s.keyOf(ctx, t)
	if err != nil {
		return core.Member{}, err
	}
	first, err := s.store.PutNonce(ctx, s.Keyed(s.Keys.Feed, "nonce "+k.ID.String()+" "+string(t.Nonce)), now)
	if err != nil {
		return core.Member{}, err
	}
	if !first {
		return core.Member{}, s.wrongKey(ctx, t.Digest)
	}
	return s.use(ctx, k)
}

// keyOf finds the key that a digest was made of.
func (s *Service) keyOf(ctx context.Context, t Token) (Key, error) {
	mail, _ := core.NormalMail(t.Username)
	member, err := s.store.MemberOfMail(ctx, mail)
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		return Key{}, err
	}
	keys, err := s.store.Keys(ctx, member)
	if err != nil {
		return Key{}, err
	}
	for _, k := range keys {
		if k.Purpose == ForAtomPub && hmac.Equal([]byte(Digest(t.Nonce, t.Created, s.KeyText(k))), []byte(t.Digest)) {
			return k, nil
		}
	}
	return Key{}, s.wrongKey(ctx, t.Digest)
}
