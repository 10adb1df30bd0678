package gateway

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"musubi/carriers"
	"musubi/gateway/door"
	"musubi/gateway/session"
	"musubi/gateway/wire"
	"musubi/transcode/imaging"

	"github.com/valyala/fasthttp"
	"golang.org/x/sync/semaphore"
)

// A Gateway turns requests of handsets into requests of ordinary HTTP and the answers into what each handset can read.
// It is safe for concurrent use.
type Gateway struct {
	cfg      Config
	hosts    *hostList
	ports    atomic.Pointer[[]int] // of the listeners
	sessions *session.Manager
	carriers atomic.Pointer[carriers.Registry]
	easyOn   atomic.Bool
	easyOff  sync.Map // carriers.Carrier → true: switched off alone
	clients  *rateTable
	guesses  *rateTable // of a World's password
	visits   *rateTable // of its visitors; nil: as many as they like
	pictures *pictureCache
	held     heldAnswers
	gate     imaging.Gate        // pictures being fitted, bounded by number and memory
	uploads  chan struct{}       // one token per large body held
	memory   *semaphore.Weighted // for their bytes
	tunnels  *semaphore.Weighted
	door     *door.Door // requests being answered, bounded
	refusals readyPages // their answers
	tooLarge *kind      // a file that does not pass
	metrics  *meters
	access   *accessLog // nil: none is kept
	via      string     // our own hop of an answer
	signers  sync.Pool  // of hash.Hash, keyed with the secret
	formKey  []byte     // signs the text that forms keep beside their fields

	crowdLogged atomic.Int64  // second of the last line about a crowd
	own         session.Store // made by New, closed by Close
}

// New checks the configuration and makes a gateway. Close it after the last request.
func New(cfg Config) (*Gateway, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	g := &Gateway{cfg: cfg, metrics: newMeters(), via: "1.1 " + cfg.Name}
	g.formKey = formKey(cfg.Secret)
	g.signers.New = func() any { return hmac.New(sha256.New, cfg.Secret) }
	if g.hosts, err = newHostList(cfg.Hosts); err != nil {
		return nil, err
	}
	g.pictures = openPictures(cfg.CacheDir, cfg.Limits.CacheBytes, cfg.Shared, cfg.Log)
	g.held.shared = cfg.Shared
	if cfg.Sessions == nil {
		g.own = session.OpenFile("", 0, cfg.Now)
		g.cfg.Sessions = g.own
	}
	g.sessions = session.NewManager(g.cfg.Sessions, cfg.Terms, cfg.Now)
	g.clients = newRateTable(cfg.Limits.ClientRate, float64(cfg.Limits.ClientBurst))
	g.guesses = newRateTable(0.2, 10)
	g.tooLarge = tooLarge(cfg.Limits.StreamBytes)
	if w := cfg.World; w != nil && w.Rate > 0 {
		g.visits = newRateTable(float64(w.Rate)/60, max(float64(w.Rate)/5, 10))
	}
	g.gate.Workers = cfg.Limits.Images
	g.uploads = make(chan struct{}, cfg.Limits.Uploads)
	g.memory = semaphore.NewWeighted(cfg.Limits.UploadMemory)
	g.tunnels = semaphore.NewWeighted(maxTunnels)
	g.door = door.New(cfg.Limits.Door)
	if cfg.Access != nil {
		g.access = newAccessLog(cfg.Access, cfg.AccessText)
	}
	g.easyOn.Store(cfg.EasyLogin)
	g.SetCarriers(cfg.Carriers)
	return g, nil
}

// Close releases what New opened.
func (g *Gateway) Close() error {
	if g.access != nil {
		g.access.close()
	}
	if g.own != nil {
		return g.own.Close()
	}
	return nil
}

// hostList is the host list with the ports the gateway listens on.
func (g *Gateway) hostList() hostList {
	l := *g.hosts
	if ports := g.ports.Load(); ports != nil {
		l.ports = *ports
	}
	return l
}

// listensOn notes a port.
func (g *Gateway) listensOn(port int) {
	for {
		old := g.ports.Load()
		ports := []int{port}
		if old != nil {
			ports = append(ports, *old...)
		}
		if g.ports.CompareAndSwap(old, &ports) {
			return
		}
	}
}

// Handler answers one request. It is the outermost handler: whatever goes wrong below ends here, as a small page in the
// handset's own markup (SEC-69).
func (g *Gateway) Handler(ctx *fasthttp.RequestCtx) {
	x := newExchange(g, ctx)
	defer x.finish()
	defer func() {
		if p := recover(); p != nil {
			g.cfg.Log.Error("panic while answering", "id", x.id(), "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			x.failSafe()
		}
	}()
	if r := g.serve(x); r != nil {
		x.writeRefusal(r)
	}
	for _, line := range x.cookieLines {
		ctx.Response.Header.Add("Set-Cookie", line)
	}
	if wire.Of(ctx.Conn()).Draining() {
		ctx.SetConnectionClose()
	}
	if x.plain != nil {
		x.sendPlain(x.plain)
	}
}

// serve is the life of a request.
func (g *Gateway) serve(x *exchange) *refusal {
	if r := x.readHead(); r != nil { // strictly, without the body
		return r
	}
	x.identifyHandset()
	if r := x.admit(); r != nil { // host, method, framing, rate
		return r
	}
	if x.method == "CONNECT" {
		return x.tunnel()
	}
	if x.ownPage() { // /_/…
		return nil
	}
	if r := x.receive(); r != nil { // the body
		return r
	}
	if r := x.enter(); r != nil { // or be told to come back, when too many are here
		return r
	}
	if r := x.decode(); r != nil { // query and form become UTF-8
		return r
	}
	if r := x.openSession(); r != nil || x.done { // its ID may have come in the form
		return r
	}
	if r := x.welcome(); r != nil || x.done { // where the gateway leads to any site
		return r
	}
	if r := x.readTexts(); r != nil { // of the page that a form had no room for
		return r
	}
	if x.piece { // a form cut over several pages goes on here
		return x.nextPiece()
	}
	return x.relay()
}

// relay asks the upstream and turns its answer into this handset's.
func (x *exchange) relay() *refusal {
	if x.heldAgain() {
		return x.answer()
	}
	for reposts := 0; ; reposts++ {
		if r := x.ask(); r != nil {
			return r
		}
		if r := x.keepCookies(); r != nil {
			return r
		}
		if x.wantsWhole() {
			reposts--
			continue
		}
		if reposts < maxReposts && x.postsAgain() {
			continue
		}
		if x.elsewhere {
			return x.answerElsewhere()
		}
		return x.answer()
	}
}

// storeRefusal maps an error of the session store: a lost store is a page that says so, not a lost gateway.
func (x *exchange) storeRefusal(err error) *refusal {
	if errors.Is(err, session.ErrUnknown) {
		return nil
	}
	return refuse(errBusy, "session store: "+err.Error())
}
