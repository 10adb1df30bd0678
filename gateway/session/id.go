package session

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// idBytes is the size of an ID: 128 bits from the system's generator, 22 characters in a URL (SEC-30).
const idBytes = 16

// IDLen is the length of an ID in characters.
const IDLen = 22

// newID returns a fresh ID. crypto/rand never fails on the systems we run on; it ends the process if it does.
func newID() string {
	var b [idBytes]byte
	rand.Read(b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// ValidID says whether s has the form of an ID, so that other strings never reach the store.
func ValidID(s string) bool {
	if len(s) != IDLen {
		return false
	}
	var b [idBytes]byte
	n, err := spelling.Decode(b[:], []byte(s))
	return err == nil && n == idBytes
}

// spelling is how an ID is written, in one way only.
var spelling = base64.RawURLEncoding.Strict()

// A Key is a record's name in a store: a hash, so that a store never holds an ID.
type Key [sha256.Size]byte

// A Place is how an ID travels. An ID is good for one place and one host only.
type Place string

// Places.
const (
	InURL    Place = "url"
	InCookie Place = "cookie"     // of plain HTTP
	InTLS    Place = "tls-cookie" // of HTTPS: au keeps two jars, one in its server, one in the handset
)

// keyOf names the record of an ID, given where it was issued.
func keyOf(p Place, host, id string) Key { return derive("name", p, host, id) }

func derive(purpose string, p Place, host, id string) [sha256.Size]byte {
	text := append(make([]byte, 0, 256), "musubi session"...) // on the stack, but for very long names of hosts
	for _, part := range [...]string{purpose, string(p), host, id} {
		text = append(append(text, 0), part...)
	}
	return sha256.Sum256(text)
}

var errSealed = errors.New("session: record cannot be opened")

// seal encrypts a record under a key that only the ID gives.
func seal(p Place, host, id string, plain []byte) []byte {
	aead := aeadOf(p, host, id)
	nonce := make([]byte, aead.NonceSize(), aead.NonceSize()+len(plain)+aead.Overhead())
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, plain, nil)
}

// unseal is the reverse of seal.
func unseal(p Place, host, id string, sealed []byte) ([]byte, error) {
	aead := aeadOf(p, host, id)
	n := aead.NonceSize()
	if len(sealed) < n {
		return nil, errSealed
	}
	plain, err := aead.Open(nil, sealed[:n], sealed[n:], nil)
	if err != nil {
		return nil, errSealed
	}
	return plain, nil
}

func aeadOf(p Place, host, id string) cipher.AEAD {
	key := derive("seal", p, host, id)
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key always has 32 bytes
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES always has the right block size
	}
	return aead
}
