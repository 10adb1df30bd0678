package core

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// keys are derived from the secret, one for each purpose, so that a value made for one is worthless for another.
type keys struct{ Session, Mail, Link, Cursor, Feed []byte }

func DeriveKeys(secret []byte) keys {
	return keys{Session: DeriveKey(secret, "session"), Mail: DeriveKey(secret, "mail"), Link: DeriveKey(secret, "link"), Cursor: DeriveKey(secret, "cursor"), Feed: DeriveKey(secret, "feed")}
}

// DeriveKey makes the 32-byte key for one purpose from the service's secret.
func DeriveKey(secret []byte, purpose string) []byte {
	m := hmac.New(sha256.New, secret)
	m.Write([]byte("musubi " + purpose))
	return m.Sum(nil)
}

func (s *Desk) Keyed(key []byte, value string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(value))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
