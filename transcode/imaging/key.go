package imaging

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// version is part of every Key: raise it when Convert makes other bytes of the same source and limits, so that caches
// forget what an older musubi made.
const version = 2

// Key names the result of Convert for a source and limits in a cache: 22 letters, digits, - and _. hash says which
// source it is: its content hash, as the store states it. Equal names mean equal results, in this version of musubi.
func (l *Limits) Key(hash string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %+v", version, hash, *l))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:22]
}
