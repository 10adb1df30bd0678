package gateway

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"musubi/core/disk"
)

// LoginKeys turn a subscriber ID into the opaque key that an upstream stores for easy login. Seven characters are
// quickly tried, so the hash is keyed, and the key lives outside the database (SEC-25).
type LoginKeys struct {
	current, old []byte // old is nil unless keys rotate
}

// keyBytes is the size of a key: as long as the hash.
const keyBytes = sha256.Size

// OpenLoginKeys reads a key file: hexadecimal keys of 32 bytes, one per line, the current one first and at most one old
// one below it while members' stored keys move over. A file that is not there is made, with mode 0600; one that others
// may read is refused. To rotate, put a new line on top; once most members have come by, delete the old line.
func OpenLoginKeys(name string) (*LoginKeys, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return makeLoginKeys(name)
	}
	if err != nil {
		return nil, fmt.Errorf("gateway: login keys: %w", err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("gateway: %s can be read by others; give it mode 0600", name)
	}
	var keys [][]byte
	for _, line := range strings.Fields(string(text)) {
		key, err := hex.DecodeString(line)
		if err != nil || len(key) != keyBytes {
			return nil, fmt.Errorf("gateway: %s: a key is 64 hexadecimal digits on a line of its own%s", name, keysCure)
		}
		keys = append(keys, key)
	}
	switch len(keys) {
	case 1:
		return &LoginKeys{current: keys[0]}, nil
	case 2:
		return &LoginKeys{keys[0], keys[1]}, nil
	}
	return nil, fmt.Errorf("gateway: %s holds %d keys; one, or two while they rotate, are expected%s", name, len(keys), keysCure)
}

// keysCure is what to do about a damaged file: a new key is no replacement by itself, since members' keys are made with it.
const keysCure = "; put the file back from a backup, or delete it, and everybody has to turn easy login on again"

func makeLoginKeys(name string) (*LoginKeys, error) {
	key := make([]byte, keyBytes)
	rand.Read(key)
	err := disk.WriteNew(name, []byte(hex.EncodeToString(key)+"\n"))
	if errors.Is(err, fs.ErrExist) { // another process was first
		return OpenLoginKeys(name)
	}
	if err != nil {
		return nil, fmt.Errorf("gateway: login keys: %w", err)
	}
	return &LoginKeys{current: key}, nil
}

// Of returns the login key of an ID and, while keys rotate, the one it had before ("" otherwise). The ID is taken byte
// for byte: i-mode IDs differ by the case of a letter (SEC-12).
func (k *LoginKeys) Of(carrier, class, id string) (current, old string) {
	current = loginKey(k.current, carrier, class, id)
	if k.old != nil {
		old = loginKey(k.old, carrier, class, id)
	}
	return current, old
}

func loginKey(key []byte, carrier, class, id string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(carrier + "\x00" + class + "\x00" + id))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
