package gateway

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/url"
	"strconv"
	"strings"

	"musubi/carriers"
	"musubi/gateway/wire"
	"musubi/transcode/form"
	"musubi/transcode/markup"
	"musubi/transcode/own"

	"github.com/valyala/fasthttp"
)

// decode takes query and body into UTF-8 and takes the gateway's own parameters out of them.
func (x *exchange) decode() *refusal {
	query, r := x.target.query, (*refusal)(nil)
	if x.reads() {
		if query, r = x.unhold(query); r != nil {
			return r
		}
	}
	rest, asIs := x.takeOwn(query)
	if x.reads() && !asIs && (!markup.PlainQuery(rest) || strings.HasPrefix(rest, "_") || strings.Contains(rest, "&_")) {
		x.inLatin(rest)
		fields, err := form.ParseQuery(&x.hs, []byte(rest), form.Limits{})
		if err != nil {
			return refuse(errMalformed, "query: "+err.Error())
		}
		if r := x.restore(fields, x.carryInQuery); r != nil {
			return r
		}
	} else {
		x.query = rest
	}
	if x.method == "GET" || x.method == "HEAD" {
		return nil
	}
	return x.decodeBody()
}

// reads says whether forms of this client are read: those of a screen that was given our page and not the application's, old
// browsers included, since a field in their charset keeps what it cannot show beside it.
func (x *exchange) reads() bool { return x.transforms() }

// receive reads the body within the limits of its type, as it came.
func (x *exchange) receive() (r *refusal) {
	if x.method == "GET" || x.method == "HEAD" {
		return nil
	}
	x.ctype = x.head.get("Content-Type")
	if x.body, r = x.readBody(x.g.bodyLimit(&x.ctx.Request.Header)); r != nil {
		return r
	}
	// The parser takes the end of a connection for the end of a chunked body: nobody is asked before the request is whole.
	if err := wire.Of(x.ctx.Conn()).Check(); err != nil {
		return hangUp(errMalformed, "body: "+err.Error())
	}
	return nil
}

// takeOwn splits our own parameters off a raw query: session ID, part number and what a carrier wanted for itself. A
// parameter that comes twice counts for nothing. The rest stays as it came, byte for byte. asIs says that we wrote it.
func (x *exchange) takeOwn(query string) (rest string, asIs bool) {
	if query == "" {
		return "", false
	}
	kept, tokens := make([]string, 0, 8), 0
	for pair := range strings.SplitSeq(query, "&") {
		_, value, _ := strings.Cut(pair, "=")
		switch use := own.Of(pair); {
		case use == own.ForSession:
			x.token = value
			tokens++
		case use == own.ForPart:
			x.turned = true
			if n, err := strconv.Atoi(value); err == nil && n > 0 && n <= 1000 {
				x.part = n
			}
		case use == own.ForHeld:
			x.held = value
		case x.hs.Carrier == carriers.DoCoMo && (use == own.ForTheID || use == own.ForNobodyID):
		case use == own.ForCharset:
			asIs = true
		case use == own.ForAcross && x.way != markup.WayOne:
			x.across = x.across || x.countsHere(value)
		case use == own.ForSecret && x.way != markup.WayOne:
			x.encrypted = x.encrypted || x.countsHere(value)
		default: // the application's, and pieces, of which page.Restore makes answers
			kept = append(kept, pair)
		}
	}
	if tokens > 1 {
		x.token = ""
	}
	return strings.Join(kept, "&"), asIs
}

// countsHere says whether a mark of our own is meant for the site that is asked: one that a button brings into a form names its site,
// for other buttons send it too.
func (x *exchange) countsHere(value string) bool {
	host, err := url.QueryUnescape(value)
	return value == "1" || err == nil && bareName(host) == x.target.host
}

// bodyLimit is how long the body of a request may be, in bytes: forms without files need little.
func (g *Gateway) bodyLimit(h *fasthttp.RequestHeader) int {
	path, query, _ := strings.Cut(string(h.RequestURI()), "?")
	if kind := mediaType(h.ContentType()); (kind == "application/x-www-form-urlencoded" || kind == "") && !g.cfg.Program(string(h.Method()), path, query) {
		return g.cfg.Limits.FormBytes
	}
	return g.cfg.Limits.UploadBytes
}

// decodeBody turns a handset's form into UTF-8 and cuts pasted sessions out.
func (x *exchange) decodeBody() *refusal {
	if x.program { // its names and values are its own
		return nil
	}
	r := x.decodeForm()
	x.body = cutPasted(x.body, x.ctype)
	return r
}

func (x *exchange) decodeForm() *refusal {
	if len(x.body) == 0 {
		return nil
	}
	if !x.reads() { // it goes on as it came, within the same limits
		return x.countFields()
	}
	switch body := x.body; mediaType([]byte(x.ctype)) {
	case "application/x-www-form-urlencoded", "":
		x.body = nil
		if bytes.Contains(body, []byte(own.Answers+"=")) {
			whole, r := x.unhold(string(body))
			if r != nil {
				return r
			}
			body = []byte(whole)
		}
		x.inLatin(string(body))
		return x.decodeFields(body)
	case "multipart/form-data":
		x.body = nil
		return x.decodeFiles(body)
	}
	return nil
}

// countFields bounds a browser's form, which is not read otherwise.
func (x *exchange) countFields() *refusal {
	n := 0
	switch kind, params, err := mime.ParseMediaType(x.ctype); {
	case kind == "application/x-www-form-urlencoded":
		n = bytes.Count(x.body, []byte("&")) + 1
	case kind == "multipart/form-data" && err == nil && params["boundary"] != "":
		n = bytes.Count(x.body, []byte("--"+params["boundary"]+"\r\n"))
	}
	if n > maxFormFields {
		return refuse(errTooLarge, "a form of "+strconv.Itoa(n)+" fields")
	}
	return nil
}

// decodeFields turns a form without files into UTF-8 and takes our own fields out.
func (x *exchange) decodeFields(body []byte) *refusal {
	fields, err := form.Parse(&x.hs, x.ctype, body, form.Limits{Bytes: x.g.cfg.Limits.FormBytes, Fields: maxFormFields})
	if err != nil {
		return formRefusal(err)
	}
	fields = x.takeOwnFields(fields)
	if r := x.pieceOf(fields); r != nil || x.piece {
		return r
	}
	return x.restore(fields, x.carryInBody)
}

// goTo makes a path and query of this host the target: the pressed button says so.
func (x *exchange) goTo(target string) *refusal {
	if target == "" {
		return nil
	}
	if x.way != markup.WayOne && len(target) > len(own.Secret+"=1") {
		if i := len(target) - len("?"+own.Secret+"=1"); i > 0 && target[i+1:] == own.Secret+"=1" && (target[i] == '?' || target[i] == '&') {
			target, x.encrypted = target[:i], true // the page said https of this button
		}
	}
	if rest, ok := cutScheme(target); ok && x.way != markup.WayOne && !x.home { // a button of this form leads to another site
		x.across = true
		r := x.aim(cutAuthority(rest))
		x.query = x.target.query
		return r
	}
	to, r := parseTarget(target, x.target.host, x.g.cfg.Foreign)
	if r != nil {
		return r
	}
	x.target.path, x.target.query, x.query = to.path, to.query, to.query
	return nil
}

// decodeFiles turns the text of a form with files into UTF-8; files stay byte for byte.
func (x *exchange) decodeFiles(body []byte) *refusal {
	l := form.Limits{Bytes: x.g.cfg.Limits.UploadBytes, Fields: maxFormFields}
	fields, err := form.Parse(&x.hs, x.ctype, body, l)
	if err != nil {
		return formRefusal(err)
	}
	x.takeOwnFields(fields)
	x.body, x.ctype, err = form.Recode(nil, &x.hs, x.ctype, body, l)
	if err != nil {
		return formRefusal(err)
	}
	if _, boundary, ok := strings.Cut(x.ctype, "boundary="); ok && x.token != "" {
		ours := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + own.Session + "\"\r\n\r\n" + x.token + "\r\n"
		x.body = bytes.Replace(x.body, []byte(ours), nil, 1)
	}
	return nil
}

// maxFormFields bounds a form, files included (SEC-64).
const maxFormFields = 200

// takeOwnFields reads the gateway's own fields of a form and returns the others. A session ID in the URL wins.
func (x *exchange) takeOwnFields(fields form.Fields) form.Fields {
	rest := fields[:0]
	for _, f := range fields {
		switch {
		case f.Name == own.Session:
			if x.token == "" {
				x.token = f.Value
			}
		case f.Name == own.Held:
			x.held = f.Value
		case f.Name == own.Across && x.way != markup.WayOne:
			x.across = true
		case f.Name == own.Secret && x.way != markup.WayOne:
			x.encrypted = true
		case x.hs.Carrier == carriers.DoCoMo && f.Value == own.NoID:
		default:
			rest = append(rest, f)
		}
	}
	return rest
}

func formRefusal(err error) *refusal {
	if errors.Is(err, form.ErrTooLarge) {
		return refuse(errTooLarge, err.Error())
	}
	return refuse(errMalformed, err.Error())
}

// errStop ends reading a body that is too long.
var errStop = errors.New("too long")

// readBody reads at most limit bytes of the body. Bodies larger than a form are held only as many at once as
// Limits.Uploads says.
func (x *exchange) readBody(limit int) ([]byte, *refusal) {
	declared := x.ctx.Request.Header.ContentLength()
	if declared > limit {
		if stream := x.ctx.RequestBodyStream(); stream != nil && declared <= x.g.mostBytes() && x.sheds() {
			return x.readLarge(stream, limit)
		}
		return nil, hangUp(errTooLarge, "declared body too large")
	}
	large := declared < 0 || declared > x.g.cfg.Limits.FormBytes
	if large {
		select {
		case x.g.uploads <- struct{}{}:
			defer func() { <-x.g.uploads }()
		default:
			return x.readTextOf(declared, "too many uploads at once")
		}
		held := int64(max(declared, 0))
		if declared < 0 {
			held = int64(limit)
		}
		if !x.g.memory.TryAcquire(held) {
			return x.readTextOf(declared, "uploads hold too much memory")
		}
		defer x.g.memory.Release(held)
	}
	stream := x.ctx.RequestBodyStream()
	if stream == nil {
		body := x.ctx.Request.Body() // already whole: a handler in front read it
		if len(body) > limit {
			return nil, hangUp(errTooLarge, "body too large")
		}
		return body, nil
	}
	body, err := readUpTo(stream, limit, max(declared, 0))
	switch {
	case err == errStop:
		return nil, hangUp(errTooLarge, "body too large")
	case err != nil:
		k := parseErrorKind(err)
		return nil, hangUp(k, "body: "+err.Error())
	case declared >= 0 && len(body) != declared:
		return nil, hangUp(errMalformed, "body ended early")
	}
	return body, nil
}

// readTextOf reads what was typed into a form whose files must wait; what is no such form is told to come back.
func (x *exchange) readTextOf(declared int, why string) ([]byte, *refusal) {
	stream := x.ctx.RequestBodyStream()
	if declared < 0 || stream == nil || !x.sheds() {
		return nil, hangUp(errBusy, why)
	}
	return x.readShedding(stream, 0)
}

// readLarge reads a form of which not all can be kept: its text, and files while there is memory for them.
func (x *exchange) readLarge(stream io.Reader, limit int) ([]byte, *refusal) {
	select {
	case x.g.uploads <- struct{}{}:
		defer func() { <-x.g.uploads }()
	default:
		return x.readShedding(stream, 0)
	}
	if !x.g.memory.TryAcquire(int64(limit)) {
		return x.readShedding(stream, 0)
	}
	defer x.g.memory.Release(int64(limit))
	return x.readShedding(stream, limit-x.g.cfg.Limits.FormBytes)
}

// readUpTo reads r to its end, or fails with errStop after limit bytes. size is what is expected.
func readUpTo(r io.Reader, limit, size int) ([]byte, error) {
	buf := make([]byte, 0, min(max(size, 512), limit)+1)
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > limit:
			return nil, errStop
		case err == io.EOF:
			return buf, nil
		case err != nil:
			return nil, err
		}
		if len(buf) == cap(buf) {
			buf = append(buf, 0)[:len(buf)]
		}
	}
}
