package phone

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"musubi/carriers"
	"musubi/transcode/own"
	"musubi/transcode/text"

	"github.com/valyala/fasthttp"
)

// Config says which handset to be.
type Config struct {
	URL       string // of the site, "http://127.0.0.1:8080": where relative paths start
	UserAgent string
	ID        string   // subscriber ID, in the form of its carrier; "" keeps it to itself
	Header    []string // further lines of the header section, "Name: value"
	Dial      func(addr string) (net.Conn, error)
	Proxy     string // host:port of the proxy that the handset is set up with; "" means none
}

// A Phone is one handset with what it remembers: cookies and the page on its display. It is not safe for concurrent use.
type Phone struct {
	cfg     Config
	handset carriers.Handset
	codec   *text.Codec
	client  *fasthttp.Client
	cookies map[string]string // "name@host" → value
	vars    map[string]string // variables of HDML, which outlive the deck
	page    *Page
}

// New switches a phone on.
func New(cfg Config) (*Phone, error) {
	base, err := url.Parse(cfg.URL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, fmt.Errorf("phone: %q is no site; write it like http://127.0.0.1:8080", cfg.URL)
	}
	p := &Phone{cfg: cfg, cookies: map[string]string{}, vars: map[string]string{}}
	p.handset = carriers.Identify(carriers.Request{UserAgent: cfg.UserAgent})
	p.codec = text.ForHandset(&p.handset)
	p.client = &fasthttp.Client{
		Dial: cfg.Dial, ReadTimeout: 30 * time.Second, WriteTimeout: 10 * time.Second, MaxResponseBodySize: 8 << 20, ReadBufferSize: 16 << 10,
		NoDefaultUserAgentHeader: true, DisablePathNormalizing: true, DisableHeaderNamesNormalizing: true, MaxIdemponentCallAttempts: 1,
	}
	return p, nil
}

// Handset returns what the phone is.
func (p *Phone) Handset() carriers.Handset { return p.handset }

// UserAgent returns what the phone calls itself.
func (p *Phone) UserAgent() string { return p.cfg.UserAgent }

// Page returns what is on the display, nil before the first.
func (p *Phone) Page() *Page { return p.page }

// maxRedirects is how often a carrier's handsets let themselves be sent on [carriers §8].
var maxRedirects = map[carriers.Carrier]int{carriers.DoCoMo: 4, carriers.Au: 6, carriers.SoftBank: 3}

// Get asks for a path of the site, or an absolute URL, and shows the page. A path takes the session of the page on the
// display along, as if it had been a link there.
func (p *Phone) Get(target string) (*Page, error) {
	if id := p.session(); id != "" && strings.HasPrefix(target, "/") && !strings.Contains(target, own.Session+"=") {
		sep := "?"
		if strings.Contains(target, "?") {
			sep = "&"
		}
		target += sep + own.Session + "=" + id
	}
	return p.visit("GET", target, "", nil)
}

// session returns the session ID that the page on the display carries in its URL or links, "" if none.
func (p *Phone) session() string {
	if p.page == nil {
		return ""
	}
	places := []string{p.page.URL}
	for _, l := range p.page.Links {
		places = append(places, l.URL)
	}
	for _, f := range p.page.Forms {
		places = append(places, f.Action)
	}
	for _, place := range places {
		if u, err := url.Parse(place); err == nil && u.Query().Get(own.Session) != "" {
			return u.Query().Get(own.Session)
		}
	}
	return ""
}

// click asks for a URL of the page on the display, exactly as it stands there.
func (p *Phone) click(target string) (*Page, error) { return p.visit("GET", target, "", nil) }

// Key presses a key: it follows the link with that accesskey, or sends the form whose button has it.
func (p *Phone) Key(key string) (*Page, error) {
	if p.page == nil {
		return nil, errors.New("phone: there is no page yet")
	}
	for _, l := range p.page.Links {
		if l.Key == key {
			return p.click(l.URL)
		}
	}
	for i, f := range p.page.Forms {
		for _, b := range f.Buttons {
			if b.Key == key {
				return p.Submit(i, b.Name, b.Value)
			}
		}
	}
	return nil, fmt.Errorf("phone: nothing on %q has the key %s", p.page.Title, key)
}

// Follow follows the first link whose text contains s, or the link numbered s from 1.
func (p *Phone) Follow(s string) (*Page, error) {
	if p.page == nil {
		return nil, errors.New("phone: there is no page yet")
	}
	for i, l := range p.page.Links {
		if fmt.Sprint(i+1) == s {
			return p.click(l.URL)
		}
	}
	for _, l := range p.page.Links {
		if strings.Contains(l.Text, s) {
			return p.click(l.URL)
		}
	}
	return nil, fmt.Errorf("phone: no link with %q on %q", s, p.page.Title)
}

// Submit fills in the form with that index and sends it: pairs are names and values. Fields that are not named keep what
// they hold; a named button is pressed.
func (p *Phone) Submit(form int, pairs ...string) (*Page, error) {
	f, body, err := p.fill(form, pairs)
	if err != nil {
		return nil, err
	}
	if f.Method == "POST" {
		return p.visit("POST", f.Action, formType, body)
	}
	action, _, _ := strings.Cut(f.Action, "?")
	return p.visit("GET", action+"?"+string(body), "", nil)
}

// formType is how a form without files is sent.
const formType = "application/x-www-form-urlencoded"

// fill encodes a form as the handset sends it.
func (p *Phone) fill(form int, pairs []string) (f Form, body []byte, err error) {
	if p.page == nil || form < 0 || form >= len(p.page.Forms) {
		return f, nil, fmt.Errorf("phone: there is no form %d", form)
	}
	f = p.page.Forms[form]
	fields := append([]Field(nil), f.Fields...)
	for i := 0; i+1 < len(pairs); i += 2 {
		fields = set(fields, pairs[i], pairs[i+1])
	}
	for i, field := range fields {
		if i > 0 {
			body = append(body, '&')
		}
		body = p.appendEncoded(body, field.Name)
		body = p.appendEncoded(append(body, '='), field.Value)
	}
	return f, body, nil
}

// set gives a field another value, or adds it.
func set(fields []Field, name, value string) []Field {
	for i := range fields {
		if fields[i].Name == name {
			fields[i].Value = value
			return fields
		}
	}
	return append(fields, Field{Name: name, Value: value})
}

// appendEncoded writes text as the handset's forms do: its own bytes, percent-encoded.
func (p *Phone) appendEncoded(dst []byte, s string) []byte {
	b, _ := p.codec.AppendString(nil, strings.ReplaceAll(s, "\n", "\r\n"), 0)
	return append(dst, url.QueryEscape(string(b))...)
}

// visit sends one request and goes on until there is a page to show.
func (p *Phone) visit(method, target, contentType string, body []byte) (*Page, error) {
	u, err := p.resolve(target)
	if err != nil {
		return nil, err
	}
	most, ok := maxRedirects[p.handset.Carrier]
	if !ok {
		most = 10
	}
	for hops := 0; ; hops++ {
		resp, err := p.send(method, u, contentType, body)
		if err != nil {
			return nil, err
		}
		location := string(resp.Header.Peek("Location"))
		status := resp.StatusCode()
		if status < 300 || status > 399 || location == "" {
			return p.show(u, resp)
		}
		if hops == most {
			return nil, fmt.Errorf("phone: more than %d redirects, the last from %s", most, u)
		}
		if status != 301 && status != 302 && p.oldBrowser() {
			return nil, fmt.Errorf("phone: %s answers with a redirect %d, which this handset does not know", u.Path, status)
		}
		next, err := url.Parse(location)
		if err != nil || !next.IsAbs() && p.oldBrowser() {
			return nil, fmt.Errorf("phone: %s redirects to %q, which is not an absolute URL", u.Path, location)
		}
		u = u.ResolveReference(next)
		method, contentType, body = "GET", "", nil
	}
}

// oldBrowser says whether the phone has a handset's browser, with its narrow ideas about redirects.
func (p *Phone) oldBrowser() bool { return p.handset.Dialect.Family != carriers.HTML5 }

// resolve makes a target absolute: against the page on the display, or the site.
func (p *Phone) resolve(target string) (*url.URL, error) {
	base, err := url.Parse(p.cfg.URL)
	if p.page != nil && !strings.HasPrefix(target, "/") {
		base, err = url.Parse(p.page.URL)
	}
	if err != nil {
		return nil, err
	}
	u, err := base.Parse(target)
	if err != nil {
		return nil, fmt.Errorf("phone: %q is no URL", target)
	}
	u.Fragment = ""
	return u, nil
}

// send is the way through the carrier's gateway.
func (p *Phone) send(method string, u *url.URL, contentType string, body []byte) (*fasthttp.Response, error) {
	req, resp := fasthttp.AcquireRequest(), &fasthttp.Response{}
	defer fasthttp.ReleaseRequest(req)
	p.prepare(req, method, u, contentType, body)
	do := p.client.Do
	if p.cfg.Proxy != "" {
		do = p.throughProxy
	}
	if err := do(req, resp); err != nil {
		return nil, fmt.Errorf("phone: %s %s: %w", method, u.Path, err)
	}
	p.keepCookies(u.Hostname(), resp)
	return resp, nil
}

// throughProxy asks a proxy: the request names the whole address, and the connection is good for one.
func (p *Phone) throughProxy(req *fasthttp.Request, resp *fasthttp.Response) error {
	dial := p.cfg.Dial
	if dial == nil {
		dial = fasthttp.Dial
	}
	c, err := dial(p.cfg.Proxy)
	if err != nil {
		return err
	}
	defer c.Close()
	c.SetDeadline(time.Now().Add(30 * time.Second))
	whole := string(req.RequestURI())
	u, err := url.Parse(whole)
	if err != nil {
		return err
	}
	req.UseHostHeader = true // the address stays as it is written
	req.Header.SetHost(u.Host)
	req.Header.SetRequestURI(whole)
	req.SetConnectionClose()
	if _, err := req.WriteTo(c); err != nil {
		return err
	}
	return resp.ReadLimitBody(bufio.NewReaderSize(c, 16<<10), 8<<20)
}

// prepare makes a request as it leaves the carrier's gateway.
func (p *Phone) prepare(req *fasthttp.Request, method string, u *url.URL, contentType string, body []byte) {
	req.Header.SetMethod(method)
	req.SetRequestURI(u.String())
	req.Header.SetUserAgent(p.cfg.UserAgent)
	if name, value := p.gatewayField(u); name != "" {
		req.Header.Set(name, value)
	}
	for _, line := range p.cfg.Header {
		name, value, _ := strings.Cut(line, ":")
		req.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	if p.page != nil && p.saysReferer() {
		req.Header.Set("Referer", p.page.URL)
	}
	if c := p.cookieHeader(u.Hostname()); c != "" {
		req.Header.Set("Cookie", c)
	}
	if method == "POST" {
		req.Header.SetContentType(contentType)
		req.SetBody(body)
	}
}

// saysReferer says whether it tells where a link or form was: browsers of computers always did.
func (p *Phone) saysReferer() bool {
	f := p.handset.Dialect.Family
	return p.handset.Carrier == carriers.PC && (f == carriers.HTML32 || f == carriers.HTML5) || p.handset.Carrier == carriers.Smartphone
}

// gatewayField is the field in which the carrier's gateway tells the subscriber ID, on the requests where it does.
func (p *Phone) gatewayField(u *url.URL) (name, value string) {
	if p.cfg.ID == "" || u.Scheme != "http" || p.handset.FullBrowser {
		return "", ""
	}
	switch p.handset.Carrier {
	case carriers.DoCoMo:
		if own.Asks(u.RawQuery) {
			return "X-DCMGUID", p.cfg.ID
		}
	case carriers.Au:
		return "X-UP-SUBNO", p.cfg.ID
	case carriers.SoftBank:
		return "X-JPHONE-UID", p.cfg.ID
	case carriers.Emobile:
		return "X-EM-UID", p.cfg.ID
	}
	return "", ""
}

func (p *Phone) cookieHeader(host string) string {
	var all []string
	for k, v := range p.cookies {
		if name, ok := strings.CutSuffix(k, "@"+host); ok {
			all = append(all, name+"="+v)
		}
	}
	return strings.Join(all, "; ")
}

// keepCookies remembers cookies if the model does.
func (p *Phone) keepCookies(host string, resp *fasthttp.Response) {
	if !p.handset.Cookies {
		return
	}
	for _, line := range resp.Header.Cookies() {
		var c fasthttp.Cookie
		if c.ParseBytes(line) != nil {
			continue
		}
		key := string(c.Key()) + "@" + host
		if e := c.Expire(); !e.Equal(fasthttp.CookieExpireUnlimited) && e.Before(time.Now()) || c.MaxAge() < 0 || bytes.Contains(bytes.ToLower(line), []byte("max-age=0")) {
			delete(p.cookies, key)
			continue
		}
		p.cookies[key] = string(c.Value())
	}
}

// state is what a phone keeps between two calls of a program.
type state struct {
	Cookies map[string]string
	Vars    map[string]string `json:",omitempty"`
	Page    *Page
}

// MarshalState returns what the phone remembers, for UnmarshalState of the same handset.
func (p *Phone) MarshalState() ([]byte, error) {
	return json.MarshalIndent(state{p.cookies, p.vars, p.page}, "", " ")
}

// UnmarshalState brings back what MarshalState kept.
func (p *Phone) UnmarshalState(b []byte) error {
	var s state
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("phone: state: %w", err)
	}
	if s.Cookies != nil {
		p.cookies = s.Cookies
	}
	if s.Vars != nil {
		p.vars = s.Vars
	}
	p.page = s.Page
	return nil
}
