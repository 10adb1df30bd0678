package main

import (
	"errors"
	"net"
	"strings"

	"github.com/valyala/fasthttp"
	"github.com/valyala/fasthttp/fasthttputil"

	"musubi/gateway"
	"musubi/gateway/viewer"
)

// A coreViewer shows the operators of a core alone its pages as handsets do: through a gateway of their own, in memory, that nobody
// else reaches. Handsets on its desks know no subscriber IDs: log in by password.
type coreViewer struct {
	gateway *gateway.Gateway
	server  *fasthttp.Server
	way     *fasthttputil.InmemoryListener
	name    string // that handsets call the site by
}

// openViewer starts the gateway of a core whose names are hosts, or else its address.
func (r *coreRoom) openViewer(hosts []string, address string) (*coreViewer, error) {
	v := &coreViewer{way: fasthttputil.NewInmemoryListener(), name: strings.TrimPrefix(address, "http://")}
	for _, h := range hosts {
		if !strings.Contains(h, "*") {
			v.name = h
			break
		}
	}
	var err error
	if v.gateway, err = gateway.New(gateway.Config{Upstream: gateway.InProcess(r.site.Handler), Hosts: []string{v.name}, Secret: r.gatewayKey}); err != nil {
		return nil, err
	}
	v.server = v.gateway.Server()
	go v.server.Serve(v.way) // ends with Close
	return v, nil
}

// pages are what the operators' listener shows of it.
func (v *coreViewer) pages() map[string]fasthttp.RequestHandler {
	dial := func(string) (net.Conn, error) { return v.way.Dial() }
	return map[string]fasthttp.RequestHandler{viewer.Path: viewer.Of("http://"+v.name, dial).Handler}
}

// Close ends the gateway.
func (v *coreViewer) Close() error { return errors.Join(v.server.Shutdown(), v.gateway.Close()) }
