package phone

import (
	"bytes"

	"github.com/valyala/fasthttp"
)

// Request returns the bytes of the request that a link of the page on the display, a path or an absolute URL would make,
// for load generators: they send many of them without a phone for each.
func (p *Phone) Request(target string) ([]byte, error) { return p.bytesOf("GET", target, "", nil) }

// SubmitRequest returns the bytes of the request that Submit would make of a form whose method is POST.
func (p *Phone) SubmitRequest(form int, pairs ...string) ([]byte, error) {
	f, body, err := p.fill(form, pairs)
	if err != nil {
		return nil, err
	}
	return p.bytesOf("POST", f.Action, formType, body)
}

func (p *Phone) bytesOf(method, target, contentType string, body []byte) ([]byte, error) {
	u, err := p.resolve(target)
	if err != nil {
		return nil, err
	}
	req := fasthttp.AcquireRequest()
	defer fasthttp.ReleaseRequest(req)
	req.UseHostHeader = true
	req.Header.SetHost(u.Host)
	p.prepare(req, method, u, contentType, body)
	var b bytes.Buffer
	_, err = req.WriteTo(&b)
	return b.Bytes(), err
}
