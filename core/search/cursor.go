package search

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"musubi/core"
)

// A cursor says where the next page of a list goes on. It is encrypted, because a list may have stopped at a thing that the
// viewer may not know of.

// writeCursor makes the cursor of an ID.
func (s *Service) writeCursor(id core.ID) string {
	var b [aes.BlockSize]byte
	binary.BigEndian.PutUint64(b[:], uint64(id))
	s.cursorCipher().Encrypt(b[:], b[:])
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// readCursor gives the ID that a cursor was made of; newestSearched for what is not one.
func (s *Service) readCursor(cursor string) core.ID {
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || len(b) != aes.BlockSize {
		return newestSearched
	}
	s.cursorCipher().Decrypt(b, b)
	if binary.BigEndian.Uint64(b[8:]) != 0 { // somebody made it up
		return newestSearched
	}
	return core.ID(binary.BigEndian.Uint64(b))
}

func (s *Service) cursorCipher() cipher.Block {
	block, err := aes.NewCipher(s.Keys.Cursor)
	if err != nil {
		panic(err) // a key of 32 bytes is never wrong
	}
	return block
}
