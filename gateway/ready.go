package gateway

import (
	"strings"
	"sync"
	"time"

	"musubi/carriers"
	"musubi/transcode/page"

	"github.com/valyala/fasthttp"
)

// The pages of refusals are made once for each kind of handset and kept: when too many come, most of the work is telling
// them so. Nothing of a request is in them but its language, and no field of theirs is one that the client chose.

const (
	// readyBytes is more than any of these pages has (TestReadyPagesAreThoseOfEveryHandset): a larger page budget is as
	// good as none. Handsets say their budget themselves, and are not to choose how many pages are kept.
	readyBytes = 1000
	// maxReady bounds the pages kept, some 2 kB each. Further ones are made anew each time. The shipped tables need less
	// than half of it; an operator's own may describe other kinds of handsets.
	maxReady = 2048
)

// A readyKey is all that the page of a refusal depends on.
type readyKey struct {
	kind    *kind
	english bool

	carrier carriers.Carrier
	dialect carriers.Dialect
	charset carriers.Charset
	emoji   carriers.EmojiSet
	webcode bool
	budget  int // 0: readyBytes or more
}

func readyKeyOf(k *kind, english bool, h *carriers.Handset) readyKey {
	key := readyKey{kind: k, english: english, dialect: h.Dialect}
	if h.Dialect.Family != carriers.HTML5 {
		key.carrier, key.charset, key.emoji, key.webcode = h.Carrier, h.Charset, h.Emoji, h.Webcode
		if h.PageBudget < readyBytes {
			key.budget = h.PageBudget
		}
	}
	return key
}

// handset is one that the page is made for. It has no field that the key has not, so that the page is right for every
// handset with this key, or the page stage would have to look at another field (TestReadyPagesAreThoseOfEveryHandset).
func (k *readyKey) handset() carriers.Handset {
	return carriers.Handset{Carrier: k.carrier, Dialect: k.dialect, Charset: k.charset, Emoji: k.emoji, Webcode: k.webcode, PageBudget: k.budget}
}

// A readyPage is an answer as it goes out. It is not changed any more.
type readyPage struct {
	header fasthttp.ResponseHeader
	body   []byte
	lost   int
}

// readyPages keeps them. It is safe for concurrent use.
type readyPages struct {
	mu    sync.RWMutex
	pages map[readyKey]*readyPage
}

func (r *readyPages) of(key readyKey, methods []string) *readyPage {
	r.mu.RLock()
	p := r.pages[key]
	r.mu.RUnlock()
	if p != nil {
		return p
	}
	p = makeReady(key, methods)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pages == nil {
		r.pages = make(map[readyKey]*readyPage)
	}
	if len(r.pages) < maxReady {
		r.pages[key] = p
	}
	return p
}

// makeReady makes the page in the way of every other page.
func makeReady(key readyKey, methods []string) *readyPage {
	p := new(readyPage)
	h, canonical := key.handset(), errorPage(nil, key.kind, key.english)
	body, info, err := page.Render(nil, &h, canonical, page.Options{ContentType: canonicalType})
	p.body, p.lost = body, info.Lost
	p.header.SetContentType(info.ContentType)
	if err != nil {
		p.body = canonical
		p.header.SetContentType(canonicalType)
	}
	p.header.SetStatusCode(key.kind.status)
	setPrivate(&p.header)
	if key.dialect.Family == carriers.HTML5 {
		p.header.Set("Content-Security-Policy", ownPagePolicy)
	}
	switch key.kind {
	case errTooMany, errBusy, errCrowded, errCrowdedForm:
		p.header.Set("Retry-After", "5")
	case errMethod:
		p.header.Set("Allow", strings.Join(methods, ", "))
	}
	return p
}

// writeReady answers with the page of a refusal.
func (x *exchange) writeReady(k *kind) {
	began := time.Now()
	accept, _ := x.head.Header("Accept-Language")
	p := x.g.refusals.of(readyKeyOf(k, wantsEnglish(accept), &x.hs), x.g.cfg.Methods)
	out := &x.ctx.Response
	out.Reset()
	p.header.CopyTo(&out.Header)
	out.SetBodyRaw(p.body)
	x.stats.encodeTime += time.Since(began)
	x.stats.lost, x.stats.bytes, x.stats.budget = p.lost, len(p.body), x.hs.PageBudget
}
