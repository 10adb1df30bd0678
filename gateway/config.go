package gateway

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"time"

	"musubi/carriers"
	"musubi/gateway/door"
	"musubi/gateway/session"
	"musubi/transcode/markup"

	"github.com/valyala/fasthttp"
)

// Config sets up a Gateway. Zero fields mean the default named beside them.
type Config struct {
	// Upstream answers what handsets and browsers ask for. Required.
	Upstream Upstream
	// UpstreamHost is the Host field sent upstream. Default: the host the client asked for.
	UpstreamHost string
	// UpstreamNames are hosts, with ports, that the upstream may call itself by in redirects: its own addresses, which nobody
	// else can reach. They mean this site. Default: UpstreamHost.
	UpstreamNames []string
	// UpstreamTLS says that the way to the upstream is encrypted: cookies that it marks Secure are sent back to it for
	// handsets that know no TLS. Default: only for clients that use TLS themselves.
	UpstreamTLS bool
	// PlainHandsets sends cookies that the upstream marks Secure back to it for handsets without TLS: they never leave the
	// gateway, but the session of the handset does, in plain text. Default: such a handset has no session there.
	PlainHandsets bool
	// Foreign says that the upstream is some other web application, not musubi's core: pages are then transcoded under
	// the rules for transforming proxies (docs/ics.md): no-transform, Warning, mobile pages left alone.
	Foreign bool
	// World says that Upstream leads to any site, and who may go there. Default: there is one application.
	World *World
	// Name is this gateway's pseudonym in Via. Default: "musubi".
	Name string

	// Hosts are the host names the gateway answers to; every other Host gets 421. Default: every host, and no easy login.
	Hosts []string
	// Methods are the request methods that are let through. Default: GET, HEAD and POST.
	Methods []string
	// TrustProxies are the front proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: none.
	TrustProxies carriers.Proxies

	// Carriers tells handsets and believes address ranges; it may be replaced later (SetCarriers). Default: the shipped
	// tables, and no address is believed.
	Carriers *carriers.Registry
	// Sessions is the store of handset sessions. Default: in memory, lost at exit. The gateway does not close it.
	Sessions session.Store
	// Terms says how long sessions live.
	Terms session.Terms

	// EasyLogin starts with easy login on. It works only with Hosts, Keys and a believable address. Default: off.
	EasyLogin bool
	// Serials lets the FOMA card's number or the handset's serial log in where there is no subscriber ID. Default: off.
	Serials bool
	// Keys make login keys out of subscriber IDs. Default: none, so no easy login.
	Keys *LoginKeys
	// Secret signs the X-Ktai- fields for the core. Default: they are not sent.
	Secret []byte

	// Pages answer paths of their own under /_/, for example the handset viewer. Default: none.
	Pages map[string]fasthttp.RequestHandler

	// Rules say what of the upstream's pages a handset is spared (markup.ParseRules). Default: nothing.
	Rules *markup.Rules

	// Whole names paths whose answers are never changed, such as films: of them a handset may ask for a range. Default: none.
	Whole func(path string) bool

	// Kind says what a request with a body of so many bytes waits for once it is let in, and so which places it takes. What
	// costs the upstream next to nothing is door.Free, so that pages keep their style sheet when too many requests are
	// under way. Default: GET and HEAD are door.Page, everything else is door.Form.
	Kind func(method, path string, body int) door.Kind

	// Route names the pattern of a request's address in metrics, "/photo/" for all photos. Default: "/" stands for all.
	Route func(method, path string) string

	// Program says that an address is asked for by programs which speak a protocol of their own, with this query: their requests
	// go on as they came and the answers come back so, whatever the User-Agent looks like, and a body has the bound of a file
	// and not that of a handset's form. Default: no address is.
	Program func(method, path, query string) bool

	// CacheDir keeps fitted pictures between requests. Default: pictures are made anew each time.
	CacheDir string
	// Shared keeps for several gateways what each keeps for itself otherwise: fitted pictures beside CacheDir, and what is held for handsets.
	Shared Shared
	Limits Limits
	// Log gets one line per request that failed in the gateway, and what operators should know. Default: discarded.
	Log *slog.Logger
	// Access gets one line per request, several at a time, some moments later, of JSON, or with AccessText of text as log/slog's
	// TextHandler writes it. Default: none is written.
	Access     io.Writer
	AccessText bool
	// Passed is told of each request that was answered. Default: nobody is.
	Passed func(Passage)
	// Now is the clock. Default: time.Now.
	Now func() time.Time
}

// Limits bound what one request may cost. Zero fields mean the default named beside them.
type Limits struct {
	HeaderBytes  int           // request header section, bytes. 8192
	HeaderTime   time.Duration // to receive it. 5 s
	BodyTime     time.Duration // to receive a body, plus a second for every 16 KiB of a declared upload. 30 s
	WriteTime    time.Duration // to send an answer. 30 s
	IdleTime     time.Duration // between requests of a connection. 60 s
	FormBytes    int           // body of a form without files. 256 KiB
	UploadBytes  int           // body of a form with files. 5 MiB
	ShedBytes    int           // body of a form with files for the core that is read to save its text: files without room are let go. 512 MiB
	UploadMemory int64         // bytes of them held at once while they come in. 256 MiB, or two of UploadBytes
	Uploads      int           // bodies larger than FormBytes held at once. 32
	AnswerTime   time.Duration // until the answer of an Interruptible upstream has been read, unless it is passed through. 1 min
	PageBytes    int           // HTML page of the upstream, after decompression. 2 MiB
	ImageBytes   int           // picture of the upstream. 8 MiB
	StreamBytes  int64         // anything passed through. 1 GiB
	Images       int           // pictures being fitted at once. 2 per processor
	CacheBytes   int64         // of CacheDir. 256 MiB
	Connections  int           // open at once. 20,000
	ClientRate   float64       // requests per second of one client, in the long run. 100; carrier gateways and loopback are exempt
	ClientBurst  int           // requests a client may save up. 1,000
	ConnRequests int           // requests on one connection. 10,000
	Door         door.Limits   // requests answered at once, and those that wait. See there; 256 pages inside for each processor before a foreign upstream
}

// withDefaults fills in what is zero and says what is wrong with the rest.
func (c Config) withDefaults() (Config, error) {
	if c.Upstream == nil {
		return c, errors.New("gateway: Config.Upstream is required: the core's handler (InProcess) or other servers (NewPool)")
	}
	c.Foreign = c.Foreign || c.World != nil
	if c.Name == "" {
		c.Name = "musubi"
	}
	if !isToken(c.Name) {
		return c, fmt.Errorf("gateway: Config.Name %q must be one word for the Via field", c.Name)
	}
	if len(c.Methods) == 0 {
		c.Methods = []string{"GET", "HEAD", "POST"}
	}
	if c.Carriers == nil {
		shipped, err := carriers.New(carriers.Config{})
		if err != nil {
			return c, err
		}
		c.Carriers = shipped
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Whole == nil {
		c.Whole = func(string) bool { return false }
	}
	if c.Program == nil {
		c.Program = func(string, string, string) bool { return false }
	}
	if c.Kind == nil {
		c.Kind = kindOf
	}
	c.Limits = c.Limits.withDefaults()
	if c.Foreign { // it may take its time without using this machine's processors
		def(&c.Limits.Door.Inside, 256*runtime.GOMAXPROCS(0))
	}
	return c, nil
}
