package gateway

import (
	"cmp"
	"container/list"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// An answer to a form cannot be asked for again: whoever asks for its second part would get another page, or do once more what the form
// did. So an answer that a handset gets in parts is held for it, and links to its parts name it (own.Held). Nothing of it is written
// down; what is not held any more is asked for by GET, as the page of that address.
//
// So is what a form sends when a handset has no room to carry it from part to part (markup.Holder): heldform.go. Several gateways hold
// in what they share (Config.Shared), where the word alone opens it.

// Bounds of what is held. A page is read within minutes; the oldest go first.
const (
	heldBytes = 16 << 20
	heldAge   = 30 * time.Minute
)

// A heldAnswer is the page that a form was answered with, as the application wrote it.
type heldAnswer struct {
	key, site, owner string
	contentType      string
	src              []byte
	until            time.Time

	// Of an answer of another site than the form was for: what else it had.
	status   int // 0: 200
	location string
	cookies  []string
}

// heldAnswers are those of all handsets.
type heldAnswers struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	used  list.List // of *heldAnswer, most recent first
	bytes int

	shared Shared // nil: every gateway has its own only
}

func (h *heldAnswers) put(a *heldAnswer) {
	if h.keep(a) && h.shared != nil {
		h.shared.Keep(context.Background(), sharedHeld(a.key), a.seal(), heldAge) // what it cannot take is held here alone
	}
}

// keep holds an answer here; it says false when it was held already.
func (h *heldAnswers) keep(a *heldAnswer) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.byKey == nil {
		h.byKey = map[string]*list.Element{}
	}
	if e := h.byKey[a.key]; e != nil {
		e.Value.(*heldAnswer).until = a.until
		h.used.MoveToFront(e)
		return false
	}
	h.byKey[a.key] = h.used.PushFront(a)
	h.bytes += len(a.src)
	for h.bytes > heldBytes && h.used.Len() > 0 {
		old := h.used.Remove(h.used.Back()).(*heldAnswer)
		delete(h.byKey, old.key)
		h.bytes -= len(old.src)
	}
	return true
}

// get finds an answer for the one who got it.
func (h *heldAnswers) get(key, site, owner string, now time.Time) *heldAnswer {
	a := h.find(key)
	if a == nil && h.shared != nil && key != "" {
		if b, err := h.shared.Get(context.Background(), sharedHeld(key)); err == nil {
			if a = openHeld(key, b); a != nil {
				h.keep(a)
			}
		}
	}
	if a == nil || a.site != site || a.owner != owner || now.After(a.until) {
		return nil
	}
	return a
}

func (h *heldAnswers) find(key string) *heldAnswer {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.byKey[key]
	if e == nil {
		return nil
	}
	h.used.MoveToFront(e)
	return e.Value.(*heldAnswer)
}

// sharedHeld is where gateways share an answer. Who reads what is there does not learn the key from it.
func sharedHeld(key string) string {
	sum := sha256.Sum256([]byte("musubi held\x00" + key))
	return "musubi:held:" + base64.RawURLEncoding.EncodeToString(sum[:16])
}

// sealer seals one answer with its key, which nothing else is sealed with.
func sealer(key string) cipher.AEAD {
	sum := sha256.Sum256([]byte("musubi seal\x00" + key))
	block, _ := aes.NewCipher(sum[:]) // 32 bytes never fail
	seal, _ := cipher.NewGCM(block)   // nor does this
	return seal
}

// seal writes an answer as gateways share it.
func (a *heldAnswer) seal() []byte {
	b, _ := json.Marshal(sharedAnswer{a.site, a.owner, a.contentType, a.src, a.until, a.status, a.location, a.cookies}) // of strings and bytes: never fails
	s := sealer(a.key)
	return s.Seal(nil, make([]byte, s.NonceSize()), b, nil)
}

// openHeld reads what seal wrote; nil if it is something else.
func openHeld(key string, sealed []byte) *heldAnswer {
	s := sealer(key)
	b, err := s.Open(nil, make([]byte, s.NonceSize()), sealed, nil)
	var a sharedAnswer
	if err != nil || json.Unmarshal(b, &a) != nil {
		return nil
	}
	return &heldAnswer{key, a.Site, a.Owner, a.Type, a.Src, a.Until, a.Status, a.Location, a.Cookies}
}

// A sharedAnswer is a heldAnswer as gateways share it.
type sharedAnswer struct {
	Site, Owner, Type string
	Src               []byte
	Until             time.Time
	Status            int      `json:",omitempty"`
	Location          string   `json:",omitempty"`
	Cookies           []string `json:",omitempty"`
}

// owner is whose answers are held here: those of a session, or of nobody known.
func (x *exchange) owner() string {
	if x.session == nil {
		return ""
	}
	return x.session.ID
}

// holdKey names the page that is answered, if it has to be held for its parts.
func (x *exchange) holdKey() string {
	if x.held != "" || x.upstreamMethod() == "GET" || !x.transforms() {
		return x.held
	}
	return newHeldKey()
}

func newHeldKey() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hold keeps the page that was answered.
func (x *exchange) hold(key string, src []byte, contentType string) {
	if key == x.held {
		return
	}
	x.g.held.put(&heldAnswer{key: key, site: x.target.host, owner: x.owner(), contentType: contentType, src: append([]byte(nil), src...), until: x.g.cfg.Now().Add(heldAge)})
}

// heldAgain makes the answer of a form whose further part is wanted the upstream's answer again.
func (x *exchange) heldAgain() bool {
	if x.held == "" {
		return false
	}
	if x.method != "GET" && !x.piece { // a form of its own
		x.held = ""
		return false
	}
	a := x.g.held.get(x.held, x.target.host, x.owner(), x.g.cfg.Now())
	if a == nil {
		x.held = ""
		return false
	}
	x.resp.SetStatusCode(cmp.Or(a.status, fasthttp.StatusOK))
	x.resp.Header.SetContentType(a.contentType)
	if a.location != "" {
		x.resp.Header.Set("Location", a.location)
	}
	for _, line := range a.cookies {
		x.resp.Header.Add("Set-Cookie", line)
	}
	x.resp.SetBodyRaw(a.src)
	return true
}
