package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"
)

// A verdict is what the gateway found out about the client. The zero value is a browser that came without a gateway.
type verdict struct {
	carrier, model, class string
	key                   string // login key; only there when easy login may believe it
}

// client describes the visitor for the member's list of sessions.
func (k verdict) client() string {
	if k.carrier == "" || k.carrier == "pc" {
		return "PC"
	}
	if k.model == "" {
		return k.carrier
	}
	return k.carrier + " " + k.model
}

// ktaiFields are signed in this order, each followed by a line feed, after method and path.
var ktaiFields = [...]string{"X-Ktai-Carrier", "X-Ktai-Model", "X-Ktai-Class", "X-Ktai-Key", "X-Ktai-Time"}

// SignKtai is the value of X-Ktai-Sign: base64url of HMAC-SHA-256 over method, path and the fields (SEC-67). path is the
// request target as sent, query included.
func SignKtai(key []byte, method, path []byte, h *fasthttp.RequestHeader) string {
	m := hmac.New(sha256.New, key)
	m.Write(append(method, '\n'))
	m.Write(append(path, '\n'))
	for _, name := range ktaiFields {
		m.Write(h.Peek(name))
		m.Write([]byte{'\n'})
	}
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// verdict reads the gateway's fields. Without a valid, recent signature they are as good as absent.
func (s *Site) verdict(ctx *fasthttp.RequestCtx) verdict {
	h := &ctx.Request.Header
	sign := h.Peek("X-Ktai-Sign")
	if len(s.gatewayKey) == 0 || len(sign) == 0 {
		return verdict{}
	}
	want := SignKtai(s.gatewayKey, []byte(string(h.Method())), []byte(string(h.RequestURI())), h)
	seconds, err := strconv.ParseInt(string(h.Peek("X-Ktai-Time")), 10, 64)
	age := s.core.Now().Sub(time.Unix(seconds, 0)).Abs()
	if err != nil || age > clockSkew || !hmac.Equal(sign, []byte(want)) {
		return verdict{}
	}
	return verdict{
		carrier: string(h.Peek("X-Ktai-Carrier")), model: string(h.Peek("X-Ktai-Model")),
		class: string(h.Peek("X-Ktai-Class")), key: string(h.Peek("X-Ktai-Key")),
	}
}
