package gateway

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"musubi/transcode/markup"
	"musubi/transcode/own"
)

// What is held of a form: the answers that its pieces carry, as markup packs them, or the POSTDATA of a deck.
const (
	heldPieces = "pieces"
	heldDeck   = "deck"
)

// holdForm is the markup.Holder of this handset. The word is a MAC, so that it cannot be guessed, and of the same data the same, so that
// nothing is held twice.
func (x *exchange) holdForm() markup.Holder {
	return func(data []byte, deck bool) string {
		if len(data) > x.g.cfg.Limits.FormBytes {
			return ""
		}
		kind := heldPieces
		if deck {
			kind, data = heldDeck, bytes.ReplaceAll(data, []byte("&amp;"), []byte("&"))
		}
		mac := hmac.New(sha256.New, x.g.formKey)
		mac.Write([]byte("held\x00" + kind + "\x00" + x.owner() + "\x00"))
		mac.Write(data)
		word := base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
		x.g.held.put(&heldAnswer{key: word, contentType: kind, src: bytes.Clone(data), until: x.g.cfg.Now().Add(heldAge)})
		return word
	}
}

// heldWord is the word in a pair of a form, and false if it is no word: packed answers have a sign between name and value.
func heldWord(pair string) (word string, ok bool) {
	word, ok = strings.CutPrefix(pair, own.Answers+"=")
	return word, ok && word != "" && !strings.ContainsAny(word, "=%+;")
}

// unhold puts what was held of a form back in the place of its word, in a body or query as it came. What is not held any more is refused:
// nothing is sent of it.
func (x *exchange) unhold(pairs string) (string, *refusal) {
	if !strings.Contains(pairs, own.Answers+"=") {
		return pairs, nil
	}
	list := strings.Split(pairs, "&")
	for i, pair := range list {
		word, ok := heldWord(pair)
		if !ok {
			continue
		}
		a := x.g.held.get(word, "", "", x.g.cfg.Now())
		switch {
		case a == nil:
			return "", refuse(errKept, "a form's answers are not held any more")
		case a.contentType == heldPieces:
			list[i] = own.Answers + "=" + url.QueryEscape(inASCII(a.src))
		default: // of one deck
			return strings.Join(fillDeck(string(a.src), list, i), "&"), nil
		}
	}
	return strings.Join(list, "&"), nil
}

// inASCII writes packed answers so that they mean the same in the charset of every handset: what is not ASCII as its UTF-8, in percents.
func inASCII(packed []byte) string {
	var b strings.Builder
	for _, c := range packed {
		if c < 0x80 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// fillDeck puts what the variables of a deck hold into its POSTDATA, in the place of pair i; the pairs that brought them go.
func fillDeck(data string, sent []string, i int) []string {
	vars := make(map[string]string)
	for _, pair := range sent[i+1:] {
		if name, value, ok := strings.Cut(pair, "="); ok && len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
			vars[name] = value
		}
	}
	var out []string
	for pair := range strings.SplitSeq(data, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if v, ok := strings.CutPrefix(value, "$"); ok {
			value = vars[v]
		}
		out = append(out, name+"="+value)
	}
	for k, pair := range sent {
		if name, _, _ := strings.Cut(pair, "="); k != i && (k < i || vars[name] == "" && !strings.HasPrefix(name, "v")) {
			out = append(out, pair)
		}
	}
	return out
}
