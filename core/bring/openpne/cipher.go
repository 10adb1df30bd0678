package openpne

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/crypto/blowfish" //lint:ignore SA1019 what OpenPNE encrypts addresses with

	"musubi/core"
)

// cipher opens what OpenPNE 2 keeps encrypted: Blowfish, each block by itself, filled up with zeros, in base64.
type cipher struct{ *blowfish.Cipher }

func newCipher(key string) (*cipher, error) {
	c, err := blowfish.NewCipher([]byte(key))
	if err != nil {
		return nil, fmt.Errorf("openpne: the key has %d bytes, expected ENCRYPT_KEY of config.php, 1 to 56 bytes", len(key))
	}
	return &cipher{c}, nil
}

var errKey = errors.New("openpne: no mail address of the dump opens with this key: it is another site's, or the site had OPENPNE_USE_OLD_CRYPT_BLOWFISH, which is not read")

// open gives what was encrypted; "" for what does not open.
func (c *cipher) open(sealed []byte) string {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(sealed)))
	if err != nil || len(b)%c.BlockSize() != 0 {
		return ""
	}
	for i := 0; i < len(b); i += c.BlockSize() {
		c.Decrypt(b[i:], b[i:])
	}
	return string(bytes.TrimRight(b, " \t\n\r\x00\x0B"))
}

// mail gives an address that was encrypted.
func (c *cipher) mail(sealed []byte) (string, bool) { return core.NormalMail(c.open(sealed)) }

var keyLine = regexp.MustCompile(`(?m)^\s*define\(\s*['"]ENCRYPT_KEY['"]\s*,\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)`)

// KeyOf reads ENCRYPT_KEY from config.php, or from a file that has nothing but the key.
func KeyOf(file []byte) (string, error) {
	if m := keyLine.FindSubmatch(file); m != nil {
		return strings.NewReplacer(`\'`, `'`, `\"`, `"`, `\\`, `\`).Replace(string(m[1]) + string(m[2])), nil
	}
	key := strings.TrimSpace(string(file))
	if key == "" || len(key) > 56 || strings.ContainsAny(key, "\n<") {
		return "", errors.New("openpne: the key file has no ENCRYPT_KEY: expected config.php, or the key alone")
	}
	return key, nil
}
