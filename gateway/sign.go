package gateway

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
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
	fieldBox     = "X-Ktai-Box" // of the answer: what to make of a picture
)

// signVerdict puts the verdict and its signature on an upstream request (SEC-67). method and target must be what the
// core receives.
func (g *Gateway) signVerdict(x *exchange, req *fasthttp.Request, now time.Time) {
	if len(g.cfg.Secret) == 0 {
		return
	}
	stamp := strconv.FormatInt(now.Unix(), 10)
	signed := []struct{ name, value string }{
		{fieldCarrier, string(x.hs.Carrier)}, {fieldClass, x.class()}, {fieldModel, oneLine(x.hs.Model)},
		{fieldKey, x.verdict.key}, {fieldKeyOld, x.verdict.keyOld},
	}
	m := hmac.New(sha256.New, g.cfg.Secret)
	m.Write([]byte("musubi-1\n" + stamp + "\n"))
	m.Write(req.Header.Method())
	m.Write([]byte("\n"))
	m.Write(req.Header.RequestURI())
	for _, f := range signed {
		m.Write([]byte("\n" + f.value))
		if f.value != "" {
			req.Header.Set(f.name, f.value)
		}
	}
	req.Header.Set(fieldTime, stamp)
	req.Header.Set(fieldSign, base64.RawURLEncoding.EncodeToString(m.Sum(nil)))
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
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
}
