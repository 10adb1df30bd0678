package archive

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"strings"

	"musubi/carriers"
	"musubi/transcode/markup"
	"musubi/transcode/text"

	"github.com/valyala/fasthttp"
)

// An Archive answers requests from stored pages. It implements gateway.Upstream and is safe for concurrent use.
type Archive struct {
	find    func(host, target string) (*page, error)
	main    string           // the host that stands for a name which the archive does not know, "" if there is none
	madeFor carriers.Carrier // where a page does not tell
	tell    *carriers.Registry
}

// A page is one stored answer.
type page struct {
	status  int
	header  http.Header
	body    []byte
	madeFor carriers.Carrier // whose handset asked for it, "" if that is not known
}

// Open opens a directory or a WARC file, which may be compressed with gzip. madeFor is the carrier (docomo, au, softbank) whose
// handsets the pages were made for, where the archive does not tell; "" finds it out from each page.
func Open(name, madeFor string) (*Archive, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	tell, err := carriers.New(carriers.Config{})
	if err != nil {
		return nil, err
	}
	a := &Archive{madeFor: carriers.Carrier(madeFor), tell: tell}
	if info.IsDir() {
		a.find, err = openDir(name)
	} else {
		var w *warc
		if w, err = openWARC(name, tell); err == nil {
			a.find, a.main = w.find, w.main
		}
	}
	return a, err
}

// Rewritten is a field of a request whose answer is rewritten, for whichever handset: it gets every page as others do, with standard emoji.
const Rewritten = "X-Ktai-Rewritten"

// Do implements gateway.Upstream.
func (a *Archive) Do(req *fasthttp.Request, resp *fasthttp.Response) error {
	resp.Reset()
	resp.Header.SetNoDefaultContentType(true)
	if m := string(req.Header.Method()); m != "GET" && m != "HEAD" {
		resp.SetStatusCode(fasthttp.StatusMethodNotAllowed)
		return nil
	}
	p, err := a.find(string(req.Header.Host()), string(req.Header.RequestURI()))
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	if p == nil {
		resp.SetStatusCode(fasthttp.StatusNotFound)
		resp.Header.SetContentType("text/html; charset=UTF-8")
		resp.SetBodyString(`<html lang="ja"><head><title>404</title></head><body><p>このページは保存されていません。</p></body></html>`)
		return nil
	}
	asks := a.tell.Identify(carriers.Request{UserAgent: string(req.Header.UserAgent())}).Carrier
	if len(req.Header.Peek(Rewritten)) > 0 {
		asks = ""
	}
	a.write(p, string(req.Header.Host()), asks, resp)
	return nil
}

// kept are fields of a stored answer that are still true.
var kept = []string{"Content-Type", "Location", "Content-Disposition", "Content-Language", "Last-Modified", "Etag", "X-Jphone-Copyright"}

// write answers with a page for a handset of a carrier, which knows the site as host.
func (a *Archive) write(p *page, host string, asks carriers.Carrier, resp *fasthttp.Response) {
	resp.SetStatusCode(p.status)
	for _, name := range kept {
		if v := p.header.Get(name); v != "" {
			resp.Header.Set(name, v)
		}
	}
	kind := p.header.Get("Content-Type")
	if !isPage(kind) {
		resp.SetBodyRaw(p.body)
		return
	}
	made := a.whose(p)
	if made != "" && made == asks {
		resp.Header.Set("Cache-Control", "no-transform") // it was made for this handset
		resp.SetBodyRaw(p.body)
		return
	}
	resp.Header.SetContentType("text/html; charset=UTF-8")
	resp.Header.Del("ETag")
	body := canonical(p.body, kind, made)
	if a.main != "" && host != a.main { // the site's own name would lead out of the archive
		body = bytes.ReplaceAll(body, []byte(`"http://`+a.main+`/`), []byte(`"/`))
	}
	resp.SetBodyRaw(body)
}

func isPage(kind string) bool {
	kind, _, _ = strings.Cut(strings.ToLower(kind), ";")
	kind = strings.TrimSpace(kind)
	return kind == "text/html" || kind == "application/xhtml+xml"
}

// whose is the carrier that a page was made for: what the archive says, else what its own bytes do.
func (a *Archive) whose(p *page) carriers.Carrier {
	if p.madeFor != "" {
		return p.madeFor
	}
	if a.madeFor != "" {
		return a.madeFor
	}
	return signs(p.body)
}

// canonical is a page in UTF-8 with standard emoji.
func canonical(src []byte, kind string, made carriers.Carrier) []byte {
	utf8, name := markup.CanonicalOf(src, kind)
	set := setOf(made)
	switch {
	case set == carriers.EmojiUnicode:
		return utf8
	case name == "utf-8":
		utf8 = text.For(made, set, carriers.UTF8).AppendDecode(nil, bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF")))
	case name == "euc-jp", name == "iso-2022-jp", strings.HasPrefix(name, "utf-16"):
	default: // what says nothing was Shift_JIS on these handsets, however it looks
		utf8 = text.For(made, set, carriers.ShiftJIS).AppendDecode(nil, src)
	}
	return replaceCodes(utf8, set)
}

func setOf(c carriers.Carrier) carriers.EmojiSet {
	switch c {
	case carriers.DoCoMo, carriers.Willcom:
		return carriers.EmojiDoCoMo
	case carriers.Au:
		return carriers.EmojiAu
	case carriers.SoftBank:
		return carriers.EmojiSoftBank
	}
	return carriers.EmojiUnicode
}
