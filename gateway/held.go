package gateway

import (
	"container/list"
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// An answer to a form cannot be asked for again: whoever asks for its second part would get another page, or do once more what the form
// did. So an answer that a handset gets in parts is held for it, and links to its parts name it (own.Held). Nothing of it is written
// down; what is not held any more is asked for by GET, as the page of that address.

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
}

// heldAnswers are those of all handsets.
type heldAnswers struct {
	mu    sync.Mutex
	byKey map[string]*list.Element
	used  list.List // of *heldAnswer, most recent first
	bytes int
}

func (h *heldAnswers) put(a *heldAnswer) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.byKey == nil {
		h.byKey = map[string]*list.Element{}
	}
	h.byKey[a.key] = h.used.PushFront(a)
	h.bytes += len(a.src)
	for h.bytes > heldBytes && h.used.Len() > 0 {
		old := h.used.Remove(h.used.Back()).(*heldAnswer)
		delete(h.byKey, old.key)
		h.bytes -= len(old.src)
	}
}

// get finds an answer for the one who got it.
func (h *heldAnswers) get(key, site, owner string, now time.Time) *heldAnswer {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.byKey[key]
	if e == nil {
		return nil
	}
	a := e.Value.(*heldAnswer)
	if a.site != site || a.owner != owner || now.After(a.until) {
		return nil
	}
	h.used.MoveToFront(e)
	return a
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
	var b [16]byte
	rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// hold keeps the page that was answered.
func (x *exchange) hold(key string, src []byte, contentType string) {
	if key == x.held {
		return
	}
	x.g.held.put(&heldAnswer{key, x.target.host, x.owner(), contentType, append([]byte(nil), src...), x.g.cfg.Now().Add(heldAge)})
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
	x.resp.SetStatusCode(fasthttp.StatusOK)
	x.resp.Header.SetContentType(a.contentType)
	x.resp.SetBodyRaw(a.src)
	return true
}
