package files

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"musubi/core/disk"
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
		return nil, fmt.Errorf("secret: %s can be read by others (mode %o); run chmod 600 on it", path, info.Mode().Perm())
	}
	secret, err := os.ReadFile(path)
	if err == nil && len(secret) < 32 {
		err = fmt.Errorf("secret: %s has %d bytes, expected at least 32: put it back from a backup (musubi restore)", path, len(secret))
	}
	return secret, err
}

// ReadSecret is OpenSecret where nothing is to be made or changed, as on a medium that cannot be written, whatever modes its files have.
func ReadSecret(path string) ([]byte, error) {
	secret, err := os.ReadFile(path)
	if err == nil && len(secret) < 32 {
		err = fmt.Errorf("secret: %s has %d bytes, expected at least 32: put it back from a backup (musubi restore)", path, len(secret))
	}
	return secret, err
}

func newSecret(path string) ([]byte, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails: crypto/rand ends the program instead
	return secret, disk.WriteNew(path, secret)
}
