package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
)

// A verdict is what the gateway found out about the client. The zero value is a browser that came without a gateway.
type verdict struct {
	carrier, model, class string
	key, oldKey           string // login key, and the same under the previous secret; only there when easy login may believe it

	device  string     // what a browser says of itself, coarsely
	addr    netip.Addr // where the gateway has the request from
	refused string     // why it did not believe an ID that came along, and the keyed hash of that ID
	id      string
	turned  bool // it is another part of a page that was shown before
	handset bool // the gateway makes a handset's page of the answer: what is marked data-pc is thrown away
}

// client describes the visitor for the member's list of sessions.
func (k verdict) client() string {
	switch {
	case (k.carrier == "" || k.carrier == "pc") && k.device != "":
		return "PC (" + k.device + ")"
	case k.carrier == "" || k.carrier == "pc":
		return "PC"
	case k.carrier == "smartphone" && k.device != "":
		return k.device
	}
	if k.model == "" {
		return k.carrier
	}
	return k.carrier + " " + k.model
}

// signedFields follow version, time, method and request target in the signed text (docs/architecture.md, "The signed
// verdict").
var signedFields = [...]string{"X-Ktai-Carrier", "X-Ktai-Class", "X-Ktai-Model", "X-Ktai-Key", "X-Ktai-Key-Old"}

// ktaiSign is the value X-Ktai-Sign must have: base64url of HMAC-SHA-256 over the nine values, joined by line feeds (SEC-67).
func ktaiSign(key []byte, h *fasthttp.RequestHeader) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("musubi-1"))
	values := [][]byte{h.Peek("X-Ktai-Time"), h.Method(), h.RequestURI()}
	for _, name := range signedFields {
		values = append(values, h.Peek(name))
	}
	for _, value := range values {
		m.Write([]byte{'\n'})
		m.Write(value)
	}
	return base64.RawURLEncoding.AppendEncode(nil, m.Sum(nil))
}

// verdict reads the gateway's fields. Without a valid, recent signature they are as good as absent.
func (s *Site) verdict(ctx *fasthttp.RequestCtx) verdict {
	h := &ctx.Request.Header
	sign := h.Peek("X-Ktai-Sign")
	if len(s.gatewayKey) == 0 || len(sign) == 0 {
		return verdict{}
	}
	want := ktaiSign(s.gatewayKey, h)
	seconds, err := strconv.ParseInt(string(h.Peek("X-Ktai-Time")), 10, 64)
	age := s.core.Now().Sub(time.Unix(seconds, 0)).Abs()
	if err != nil || age > ktaiAge || !hmac.Equal(sign, want) {
		return verdict{}
	}
	return verdict{
		carrier: string(h.Peek("X-Ktai-Carrier")), model: string(h.Peek("X-Ktai-Model")),
		class: string(h.Peek("X-Ktai-Class")), key: string(h.Peek("X-Ktai-Key")), oldKey: string(h.Peek("X-Ktai-Key-Old")),
		addr:    lastAddr(string(h.Peek("X-Forwarded-For"))),
		refused: string(h.Peek("X-Ktai-Refused")), id: string(h.Peek("X-Ktai-Refused-Id")),
		handset: string(h.Peek("X-Ktai-Omit")) == "data-pc", turned: len(h.Peek("X-Ktai-Turned")) > 0,
	}
}

// lastAddr is the address at the end of a list, which who wrote last has seen itself; zero when it is none.
func lastAddr(list string) netip.Addr {
	a, _ := netip.ParseAddr(strings.TrimSpace(list[strings.LastIndexByte(list, ',')+1:]))
	return a.Unmap()
}

// peerOf is where the request comes from: as the gateway says, or who is at the other end (SEC-01).
func peerOf(v *visit) core.Peer {
	p := core.Peer{Addr: v.ktai.addr, Client: v.ktai.client(), Carrier: v.ktai.class == "handset", Refused: v.ktai.refused, ID: v.ktai.id}
	if v.ktai.class != "" {
		return p
	}
	if a, ok := v.ctx.RemoteAddr().(*net.TCPAddr); ok && !a.IP.IsUnspecified() {
		p.Addr = a.AddrPort().Addr().Unmap()
	}
	return p
}

// toHandset says whether a handset may be shown the page: all but what our gateway says is for a browser.
func toHandset(v *visit) bool { return v.ktai.carrier != "pc" }

// forPC says whether what only a PC shows (data-pc) is written. Where there is much of it, pages ask before they write what
// the gateway would throw away: half of home, and its signed addresses of pictures.
func (v *visit) forPC() bool { return !v.ktai.handset }
