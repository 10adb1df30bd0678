package guard

import (
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"musubi/core"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

// Cost of argon2id: 19 MiB, two passes, one lane (SEC-101); about 25 ms on one core of 2026.
const (
	argonMemoryKiB = 19 * 1024
	argonPasses    = 2
	argonKeyBytes  = 32
	argonSaltBytes = 16
)

// hashLine is how many may wait for their password to be hashed, which takes some 25 ms each. Behind a door (gateway/door)
// fewer get here at once, and they hold no place of a page.
const hashLine = 48

// hasher hashes passwords, a few at a time: without the bound, logins would exhaust the memory.
type hasher struct {
	slots chan struct{}
	line  chan struct{} // holds one for everybody who waits or is hashing
	// decoy is the hash that a password is compared with when there is no such member, so that both take the same time.
	decoy string
}

func newHasher(workers int) *hasher {
	h := &hasher{slots: make(chan struct{}, workers), line: make(chan struct{}, workers+hashLine)}
	h.decoy = encodeHash(make([]byte, argonSaltBytes), make([]byte, argonKeyBytes))
	return h
}

// join takes a place in the line before the hashing, or gives ErrBusy at once: in a rush the service goes on answering
// pages, and no try has been counted yet. The caller has to call leave.
func (h *hasher) join() (leave func(), err error) {
	select {
	case h.line <- struct{}{}:
		return func() { <-h.line }, nil
	default:
		return nil, core.ErrBusy
	}
}

// hash makes the PHC string of a password, in its turn; ErrBusy when the line is too long.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.join()
	if err != nil {
		return "", err
	}
	defer leave()
	salt := make([]byte, argonSaltBytes)
	rand.Read(salt)
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return encodeHash(salt, key), nil
}

// wrapped is what stands before the hash of an md5 sum: sites of 2007 kept passwords so, and nobody knows the password until its
// member logs in (see Outdated).
const wrapped = "md5:"

// Outdated says that a hash is one of an md5 sum: whoever has just logged in gets a hash of their password.
func Outdated(hash string) bool { return strings.HasPrefix(hash, wrapped) }

// verify says whether the password belongs to the hash; an empty hash takes as long and says no. The caller is in
// the line (Service.TryPassword).
func (h *hasher) verify(ctx context.Context, hash, password string) (bool, error) {
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	if rest, md5 := strings.CutPrefix(hash, wrapped); md5 {
		hash, password = rest, md5hex(password)
	}
	salt, want, err := decodeHash(hash)
	if err != nil {
		return false, err
	}
	got, err := h.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known, nil
}

// md5hex is the sum as sites of 2007 kept it, of the bytes that a browser sent them.
func md5hex(password string) string {
	sum := md5.Sum([]byte(password))
	return hex.EncodeToString(sum[:])
}

func (h *hasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, core.ErrThrottled
	}
	defer func() { <-h.slots }()
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, argonPasses, argonMemoryKiB, 1, argonKeyBytes), nil
}

var errHash = errors.New("core: stored password hash is not argon2id of our cost")

func hashPrefix() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$", argon2.Version, argonMemoryKiB, argonPasses)
}

func encodeHash(salt, key []byte) string {
	b := base64.RawStdEncoding
	return hashPrefix() + b.EncodeToString(salt) + "$" + b.EncodeToString(key)
}

func decodeHash(s string) (salt, key []byte, err error) {
	rest, ok := strings.CutPrefix(s, hashPrefix())
	if !ok {
		return nil, nil, errHash
	}
	a, b, _ := strings.Cut(rest, "$")
	salt, errSalt := base64.RawStdEncoding.DecodeString(a)
	key, errKey := base64.RawStdEncoding.DecodeString(b)
	return salt, key, errors.Join(errSalt, errKey)
}
