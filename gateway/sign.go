package gateway

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"strconv"
	"strings"
	"time"

	"musubi/carriers"

	"github.com/valyala/fasthttp"
)

// Fields that carry the gateway's verdict to the core (docs/architecture.md). Copies from outside never get through.
const (
	fieldCarrier = "X-Ktai-Carrier"
	fieldClass   = "X-Ktai-Class"
	fieldModel   = "X-Ktai-Model"
	fieldKey     = "X-Ktai-Key"
	fieldKeyOld  = "X-Ktai-Key-Old"
	fieldTime    = "X-Ktai-Time"
	fieldSign    = "X-Ktai-Sign"
	fieldOmit    = "X-Ktai-Omit"       // what the upstream need not write; not signed, nothing depends on it
	fieldTurned  = "X-Ktai-Turned"     // 1: another part of a page that was shown before; not signed, only counts of page views depend on it
	fieldShed    = "X-Ktai-Shed"       // how many files of the form had no room and are empty; not signed, only a sentence depends on it
	fieldWhy     = "X-Ktai-Refused"    // why an ID was not believed; not signed, only the audit log depends on it
	fieldWhose   = "X-Ktai-Refused-Id" // and its keyed hash
	fieldBox     = "X-Ktai-Box"        // of the answer: what to make of a picture
)

// signVerdict puts the verdict and its signature on an upstream request (SEC-67). method and target must be what the
// core receives.
func (g *Gateway) signVerdict(x *exchange, req *fasthttp.Request, now time.Time) {
	if len(g.cfg.Secret) == 0 {
		return
	}
	signed := [...]struct{ name, value string }{
		{fieldCarrier, string(x.hs.Carrier)}, {fieldClass, x.class()}, {fieldModel, oneLine(x.hs.Model)},
		{fieldKey, x.verdict.key}, {fieldKeyOld, x.verdict.keyOld},
	}
	if x.transforms() && !x.head.has("Cache-Control", "no-transform") {
		req.Header.Set(fieldOmit, "data-pc")
	}
	if x.turned || x.piece {
		req.Header.Set(fieldTurned, "1")
	}
	if x.shed > 0 {
		req.Header.Set(fieldShed, strconv.Itoa(x.shed))
	}
	if v := &x.verdict; v.refused != "" {
		req.Header.Set(fieldWhy, v.refused)
		if v.shown != "" {
			req.Header.Set(fieldWhose, v.shown)
		}
	}
	text := append(x.scratch[:0], "musubi-1\n"...)
	stamp := len(text)
	text = strconv.AppendInt(text, now.Unix(), 10)
	req.Header.SetBytesV(fieldTime, text[stamp:])
	text = append(append(text, '\n'), req.Header.Method()...)
	text = append(append(text, '\n'), req.Header.RequestURI()...)
	for _, f := range signed {
		text = append(append(text, '\n'), f.value...)
		if f.value != "" {
			req.Header.Set(f.name, f.value)
		}
	}
	m := g.signers.Get().(hash.Hash)
	m.Reset()
	m.Write(text)
	text = m.Sum(text)
	g.signers.Put(m)
	sum := len(text)
	text = base64.RawURLEncoding.AppendEncode(text, text[sum-sha256.Size:])
	req.Header.SetBytesV(fieldSign, text[sum:])
	x.scratch = text
}

// class is the word for the kind of client in the verdict.
func (x *exchange) class() string {
	switch {
	case x.hs.Trusted:
		return "handset"
	case x.hs.Carrier == carriers.PC || x.hs.Carrier == carriers.Smartphone || x.hs.FullBrowser:
		return "browser"
	}
	return "other"
}

// oneLine replaces control bytes, which a signed value must not have.
func oneLine(s string) string {
	if printable(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}

// printable says whether s is visible ASCII and spaces.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

// formKey is the key that signs what forms keep: the same in every gateway with this secret, and without one a new key, so
// that a form opened before a restart has to be opened again.
func formKey(secret []byte) []byte {
	if len(secret) == 0 {
		return []byte(rand.Text())
	}
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("musubi forms"))
	return h.Sum(nil)
}
