package main

import (
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"musubi/carriers"
	"musubi/core"
	"musubi/gateway/wire"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttpadaptor"
	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// A tlsRoom is what a gateway that speaks TLS itself has beside its plain listener.
type tlsRoom struct {
	tls, oldTLS *wire.Listener // nil: there is none
	challenges  *autocert.Manager
	// tellsHandsets knows who may be answered without TLS, or over that of old.
	tellsHandsets atomic.Pointer[carriers.Registry]
}

// check refuses settings that do not fit together.
func (e *encryption) check(hosts []string) error {
	switch files := e.TLSCert != "" || e.TLSKey != ""; {
	case e.TLSListen == "" && (files || e.ACME || e.OldTLSListen != ""):
		return badUsage("--tls-cert, --acme and --old-tls-listen are for --tls-listen, the address for https")
	case e.ACMERoots != "" && !e.ACME:
		return badUsage("--acme-roots is for --acme")
	case e.TLSListen == "":
		return nil
	case files == e.ACME:
		return badUsage("--tls-listen needs --tls-cert and --tls-key, or --acme")
	case files && (e.TLSCert == "" || e.TLSKey == ""):
		return badUsage("--tls-cert and --tls-key belong together")
	case len(hosts) == 0:
		return badUsage("--tls-listen needs --hosts: the names that certificates are for")
	case e.ACME:
		_, err := e.acmeClient()
		return err
	}
	pair, err := tls.LoadX509KeyPair(e.TLSCert, e.TLSKey)
	if err != nil {
		return badUsage("--tls-cert, --tls-key: %v: name a certificate and its key, in PEM, that who runs musubi may read", err)
	}
	if _, ok := pair.PrivateKey.(*rsa.PrivateKey); !ok && e.OldTLSListen != "" {
		return badUsage("--old-tls-listen needs a certificate with an RSA key, and that of --tls-cert has another: no handset of 2007 could connect; get one with an RSA key, or use --acme")
	}
	return nil
}

// openTLS opens the listeners with TLS, if there are any.
func (r *gatewayRoom) openTLS(o *gatewayOptions) error {
	if err := o.encryption.check(o.Hosts); err != nil || o.TLSListen == "" {
		return err
	}
	config, err := r.certificates(o)
	if err != nil {
		return err
	}
	if r.tls, err = listenOver(config, "tls-listen", o.TLSListen, mostConnections, o.log); err != nil || o.OldTLSListen == "" {
		return err
	}
	r.oldTLS, err = listenOver(oldTLS(config), "old-tls-listen", o.OldTLSListen, mostConnections, o.log)
	return err
}

// certificates says how TLS is spoken: with a certificate of the operator's, or those that ACME brings.
func (r *gatewayRoom) certificates(o *gatewayOptions) (*tls.Config, error) {
	if !o.ACME {
		pair, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
		if err != nil {
			return nil, badUsage("--tls-cert, --tls-key: %v", err)
		}
		return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}, nil
	}
	client, err := o.acmeClient()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, host := range o.Hosts {
		name, _, _ := strings.Cut(host, ":")
		if _, err := netip.ParseAddr(name); err != nil && !strings.Contains(name, "*") {
			names = append(names, name)
		}
	}
	r.challenges = &autocert.Manager{Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(filepath.Join(o.Data, "certificates")),
		HostPolicy: autocert.HostWhitelist(names...), Email: o.ACMEMail, Client: client}
	return &tls.Config{GetCertificate: r.certificateFor, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1", acme.ALPNProto}}, nil
}

// certificateFor gets a certificate. Why there is none for a name of ours is for the operator to know; others are asked for by all
// the world.
func (r *gatewayRoom) certificateFor(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	c, err := r.challenges.GetCertificate(hello)
	if err != nil && r.named(hello.ServerName) {
		r.log.Error("no certificate", "name", hello.ServerName, "error", err.Error())
	}
	return c, err
}

// acmeClient is the way to the ACME server.
func (e *encryption) acmeClient() (*acme.Client, error) {
	if u, err := url.Parse(e.ACMEServer); err != nil || u.Scheme != "https" || u.Host == "" {
		return nil, badUsage("--acme-server %s: expected the https address of an ACME server's directory", e.ACMEServer)
	}
	if _, ok := core.NormalMail(e.ACMEMail); e.ACMEMail != "" && !ok {
		return nil, badUsage("--acme-mail %s: expected a mail address", e.ACMEMail)
	}
	client := &acme.Client{DirectoryURL: e.ACMEServer, UserAgent: "musubi/" + version()}
	if e.ACMERoots == "" {
		return client, nil
	}
	pem, err := os.ReadFile(e.ACMERoots)
	if err != nil {
		return nil, badUsage("--acme-roots: %v", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, badUsage("--acme-roots %s: no certificate in it", e.ACMERoots)
	}
	client.HTTPClient = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}}}
	return client, nil
}

// oldTLS is TLS as handsets of 2007 speak it: all that can still be spoken.
func oldTLS(c *tls.Config) *tls.Config {
	old := c.Clone()
	old.MinVersion, old.NextProtos = tls.VersionTLS10, nil
	for _, suites := range [][]*tls.CipherSuite{tls.CipherSuites(), tls.InsecureCipherSuites()} {
		for _, suite := range suites {
			old.CipherSuites = append(old.CipherSuites, suite.ID)
		}
	}
	return old
}

// posts are where members are answered.
func (r *gatewayRoom) posts() []post {
	plain := post{r.gateway.Server(), r.public, r.gateway.Serve}
	if r.tls == nil {
		return []post{plain}
	}
	if r.cfg.Plain != "all" {
		plain.server.Handler = r.toTLS(plain.server.Handler, r.cfg.Plain == "handsets")
	}
	plain.server.Handler = r.answerChallenges(plain.server.Handler)
	posts := []post{plain, {r.gateway.Server(), r.tls, r.gateway.Serve}}
	if r.oldTLS != nil {
		old := post{r.gateway.Server(), r.oldTLS, r.gateway.Serve}
		old.server.Handler = r.toTLS(old.server.Handler, true)
		posts = append(posts, old)
	}
	return posts
}

// answerChallenges answers the ACME server, which asks without TLS.
func (r *gatewayRoom) answerChallenges(next fasthttp.RequestHandler) fasthttp.RequestHandler {
	const path = "/.well-known/acme-challenge/"
	if r.challenges == nil {
		return next
	}
	answer := fasthttpadaptor.NewFastHTTPHandler(r.challenges.HTTPHandler(nil))
	return func(ctx *fasthttp.RequestCtx) {
		if strings.HasPrefix(string(ctx.Path()), path) {
			name, _, _ := strings.Cut(string(ctx.Host()), ":")
			ctx.Request.Header.SetHost(name) // the authority may have come by a port of its own
			answer(ctx)
			return
		}
		next(ctx)
	}
}

// toTLS sends everybody to https, but handsets if they may stay. A name that is not ours is for the gateway to refuse.
func (r *gatewayRoom) toTLS(next fasthttp.RequestHandler, handsetsStay bool) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		host := string(ctx.Request.Header.Host())
		name, _, _ := strings.Cut(host, ":")
		if wire.Of(ctx.Conn()).CheckHead() != nil || !r.named(name) || handsetsStay && r.isHandset(ctx) {
			next(ctx)
			return
		}
		status := fasthttp.StatusPermanentRedirect
		if ctx.IsGet() || ctx.IsHead() {
			status = fasthttp.StatusMovedPermanently
		}
		ctx.Response.Header.Set("Location", "https://"+r.tlsHost(host)+string(ctx.RequestURI()))
		ctx.SetStatusCode(status)
		ctx.SetConnectionClose() // what follows of a body is nobody's
	}
}

// named says whether a name is one of this site's.
func (r *gatewayRoom) named(name string) bool {
	for _, h := range r.cfg.Hosts {
		if own, _, _ := strings.Cut(h, ":"); strings.EqualFold(own, name) {
			return true
		}
	}
	return false
}

// tlsHost is where a name of this site answers with TLS: at the port that listens. Where the usual port was asked for, it is the usual one
// if a proxy stands in front, or if NAME:443 is one of --hosts, which says that the usual port is forwarded.
func (r *gatewayRoom) tlsHost(host string) string {
	name, _, direct := strings.Cut(host, ":")
	_, port, err := net.SplitHostPort(r.tls.Addr().String())
	forwarded := len(r.cfg.TrustProxy) > 0 || slices.ContainsFunc(r.cfg.Hosts, func(h string) bool { return strings.EqualFold(h, name+":443") })
	if err != nil || port == "443" || !direct && forwarded {
		return name
	}
	return name + ":" + port
}

// isHandset says whether a request is a handset's, by its name: whoever says so gets what was not encrypted, and nobody else's.
func (r *gatewayRoom) isHandset(ctx *fasthttp.RequestCtx) bool {
	h := r.tellsHandsets.Load().Identify(carriers.Request{UserAgent: string(ctx.UserAgent())})
	return h.Carrier != carriers.PC && h.Carrier != carriers.Smartphone
}

// tlsURLs are the addresses with TLS, for the line that says where this process listens.
func (r *gatewayRoom) tlsURLs() (urls string) {
	for _, ln := range []*wire.Listener{r.tls, r.oldTLS} {
		if ln != nil {
			urls += " and https://" + ln.Addr().String()
		}
	}
	return urls
}
