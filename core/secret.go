package core

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"musubi/disk"
)

// OpenSecret reads the service's secret from a file that only its owner may read, making one of 32 random bytes on the
// first run (SEC-125). Losing the file ends all sessions and easy logins; leaking it means replacing it.
func OpenSecret(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return newSecret(path)
	}
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("core: %s can be read by others (mode %o); run chmod 600 on it", path, info.Mode().Perm())
	}
	secret, err := os.ReadFile(path)
	if err == nil && len(secret) < 32 {
		err = fmt.Errorf("core: %s has %d bytes, expected at least 32", path, len(secret))
	}
	return secret, err
}

func newSecret(path string) ([]byte, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails: crypto/rand ends the program instead
	return secret, disk.WriteNew(path, secret)
}

// keys are derived from the secret, one for each purpose, so that a value made for one is worthless for another.
type keys struct{ Session, Mail, Link, Cursor []byte }

func DeriveKeys(secret []byte) keys {
	return keys{Session: DeriveKey(secret, "session"), Mail: DeriveKey(secret, "mail"), Link: DeriveKey(secret, "link"), Cursor: DeriveKey(secret, "cursor")}
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
