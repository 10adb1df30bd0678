package keep

import (
	"bytes"
	"compress/flate"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"sync"
)

// A Record is what the hidden field beside a field says.
type Record struct {
	Name     string // of the field it belongs to
	Original string // what the field was filled with
	OneLine  bool   // the handset was shown a [Mark] for each line end: its field has one line

	// Page is where the text can be read again, path and query: then the record has its sum only, and what is opened no Original.
	Page string
	sum  [macLen]byte
}

// Means says whether a text that was read again is the one that a record without it was made of.
func (r *Record) Means(key []byte, text string) bool {
	sum := sumOf(key, text)
	return hmac.Equal(r.sum[:], sum[:])
}

// Mark stands for a line end where a handset's field has only one line (HDML).
const Mark = '¶'

// maxOriginal bounds an opened record: a form is at most 256 KB.
const maxOriginal = 1 << 20

// macLen is how many bytes of the signature travel: a forger has one try per request.
const macLen = 8

var encoding = base64.RawURLEncoding

var deflaters = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(io.Discard, flate.BestCompression) // fails for unknown levels only
	return w
}}

// Seal appends a record, signed with the key, in letters, digits, - and _.
func Seal(dst, key []byte, r Record) []byte {
	var b bytes.Buffer
	b.Write(make([]byte, macLen))
	body := append(binary.AppendUvarint(nil, uint64(len(r.Name))), r.Name...)
	kind := byte(0)
	if r.OneLine {
		kind |= kindOneLine
	}
	if r.Page != "" {
		sum := sumOf(key, r.Original)
		kind, body = kind|kindElsewhere, append(append(body, sum[:]...), r.Page...)
	} else {
		body = append(body, r.Original...)
	}
	if packed := deflated(body); len(packed) < len(body) {
		kind, body = kind|kindDeflated, packed
	}
	b.WriteByte(kind)
	b.Write(body)
	copy(b.Bytes(), mac(key, b.Bytes()[macLen:]))
	return encoding.AppendEncode(dst, b.Bytes())
}

// What the byte behind a record's signature says.
const (
	kindOneLine byte = 1 << iota
	kindDeflated
	kindElsewhere // the text is on a page
)

func deflated(b []byte) []byte {
	var out bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&out)
	w.Write(b) // a bytes.Buffer takes everything
	w.Close()
	return out.Bytes()
}

// Open reads what Seal wrote with the same key. It says false of anything else.
func Open(key []byte, sealed string) (r Record, ok bool) {
	b, err := encoding.DecodeString(sealed)
	if err != nil || len(b) <= macLen || !hmac.Equal(b[:macLen], mac(key, b[macLen:])) {
		return Record{}, false
	}
	kind, body := b[macLen], b[macLen+1:]
	if kind&kindDeflated != 0 {
		if body, err = inflated(body); err != nil {
			return Record{}, false
		}
	}
	n, size := binary.Uvarint(body)
	if size <= 0 || n > uint64(len(body)-size) {
		return Record{}, false
	}
	r, body = Record{Name: string(body[size : size+int(n)]), OneLine: kind&kindOneLine != 0}, body[size+int(n):]
	if kind&kindElsewhere == 0 {
		r.Original = string(body)
		return r, true
	}
	if len(body) <= len(r.sum) {
		return Record{}, false
	}
	r.Page = string(body[copy(r.sum[:], body):])
	return r, true
}

func mac(key, b []byte) []byte { return keyed(key, "musubi kept text\x00", b) }

func sumOf(key []byte, text string) (sum [macLen]byte) {
	copy(sum[:], keyed(key, "musubi text elsewhere\x00", []byte(text)))
	return sum
}

func keyed(key []byte, purpose string, b []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(purpose))
	h.Write(b)
	return h.Sum(nil)[:macLen]
}

// Opaque appends a value or name that nobody sees in characters that every form returns. It begins with x, so that no value
// is empty.
func Opaque(dst, value []byte) []byte { return encoding.AppendEncode(append(dst, 'x'), value) }

// Small is Opaque where every byte counts: deflated, if that is shorter.
func Small(dst, value []byte) []byte {
	if packed := deflated(value); len(packed) < len(value) {
		return encoding.AppendEncode(append(dst, 'z'), packed)
	}
	return Opaque(dst, value)
}

// Clear reads what Opaque or Small wrote.
func Clear(s string) (value string, ok bool) {
	if len(s) == 0 || s[0] != 'x' && s[0] != 'z' {
		return "", false
	}
	b, err := encoding.DecodeString(s[1:])
	if err == nil && s[0] == 'z' {
		b, err = inflated(b)
	}
	return string(b), err == nil
}

// inflated is what deflated made its argument of, at most maxOriginal bytes of it.
func inflated(b []byte) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b)), maxOriginal+1))
	if len(out) > maxOriginal {
		return nil, errTooLong
	}
	return out, err
}

var errTooLong = errors.New("keep: a text of more than a megabyte")
