package gateway

import (
	"context"
	"errors"
	"strings"
	"time"

	"musubi/carriers"
	"musubi/gateway/fetch"
	"musubi/transcode"
	"musubi/transcode/imaging"
	"musubi/transcode/markup"

	"github.com/valyala/fasthttp"
)

// isPicture says whether the answer is a picture to be fitted: every picture for a handset, and for browsers those that
// the core marks with a box. An answer 304 to our own question is one that the cache may already hold.
func (x *exchange) isPicture(kind string) bool {
	if x.permitted() {
		return true
	}
	if x.resp.StatusCode() != fasthttp.StatusOK {
		return false
	}
	return pictureType(kind) && !x.untouched() && (x.transforms() || len(x.resp.Header.Peek(fieldBox)) > 0)
}

// pictureType says whether a media type is a picture's. Those that cannot be read (SVG, AVIF …) are among them: no
// handset can use their bytes, and to a picture that fails it shows the alternative text. WBMP is the handsets' own.
func pictureType(kind string) bool {
	return strings.HasPrefix(kind, "image/") && kind != "image/vnd.wap.wbmp"
}

// addPictureCondition asks the upstream only for permission, where a picture's bytes may already be in the cache: the
// tag of what this URL gave last time goes along, and 304 means "may see it, unchanged".
func (x *exchange) addPictureCondition() {
	if x.method != "GET" && x.method != "HEAD" {
		return
	}
	if tag := x.g.pictures.hint(x.pictureName(), x.query); tag != "" {
		x.asked = tag
		x.req.Header.Set("If-None-Match", tag)
		for _, name := range []string{"If-Modified-Since", "If-Range", "Range"} {
			x.req.Header.Del(name)
		}
	} else if strings.Contains(x.head.joined("If-None-Match"), ownTag) {
		x.req.Header.Del("If-None-Match") // our tag means nothing upstream (H-06)
	}
}

// permitted says whether the upstream answered the gateway's own question about a picture: it may be seen, and is unchanged.
func (x *exchange) permitted() bool {
	return x.asked != "" && x.resp.StatusCode() == fasthttp.StatusNotModified
}

// askForPicture asks for the bytes of a picture that may be seen, unless they are here. What the first answer set counts,
// for the second question already.
func (x *exchange) askForPicture() *refusal {
	limits, box, r := x.pictureLimits()
	if r != nil {
		return r
	}
	if p, ok := x.g.pictures.get(x.pictureKey(x.asked, limits)); ok && !x.asItIs(box) {
		x.kept = &p
		return nil
	}
	if r := x.keepCookies(); r != nil {
		return r
	}
	if x.bridged {
		x.req.Header.Del("Cookie")
		x.req.Header.Del(fetch.CookieInClear)
		x.putCookies(&x.req.Header)
	} else {
		x.passed = setCookies(x.resp)
	}
	x.asked = ""
	x.req.Header.Del("If-None-Match")
	x.resp.Reset()
	return x.do()
}

// pictureLimits is what this client's picture must keep to, and the box that the upstream names.
func (x *exchange) pictureLimits() (imaging.Limits, string, *refusal) {
	box := string(x.resp.Header.Peek(fieldBox))
	limits, err := boxLimits(&x.hs, box)
	if err != nil {
		return limits, box, refuse(errBadUpstream, "picture: "+err.Error())
	}
	if x.site.Quality > 0 {
		limits.Quality = x.site.Quality
	}
	return limits, box, nil
}

// asItIs says whether a client gets a picture as the upstream has it: a browser does, where the core names no box.
func (x *exchange) asItIs(box string) bool { return box == "" && !x.transforms() }

// answerPicture sends the picture in the size and format that this client shows.
func (x *exchange) answerPicture() *refusal {
	x.stats.route = "image"
	limits, box, r := x.pictureLimits()
	if r != nil {
		return r
	}
	if x.kept != nil {
		return x.sendPicture(*x.kept, x.pictureKey(x.asked, limits))
	}
	key := x.pictureKey(string(x.resp.Header.Peek("ETag")), limits)
	if p, ok := x.g.pictures.get(key); ok && !x.asItIs(box) {
		return x.sendPicture(p, key)
	}
	return x.fitPicture(key, limits, box)
}

// boxLimits reads what the core wants made of a picture, "thumb;fill": a box and options.
func boxLimits(h *carriers.Handset, field string) (imaging.Limits, error) {
	var o transcode.ImageOption
	name, options, _ := strings.Cut(field, ";")
	if name != "" {
		box, err := imaging.ParseBox(name)
		if err != nil {
			return imaging.Limits{}, err
		}
		o.Box = box
	}
	o.Fill = listHasOption(options, "fill")
	o.NoCopy = listHasOption(options, "nocopy")
	return transcode.ImageLimits(h, o), nil
}

func listHasOption(options, name string) bool {
	for o := range strings.SplitSeq(options, ";") {
		if strings.TrimSpace(o) == name {
			return true
		}
	}
	return false
}

// ownTag begins every entity tag of a fitted picture.
const ownTag = `"musubi-`

// pictureKey names one picture in one form; "" if the upstream gave no strong tag, and then it is not kept.
func pictureKey(tag string, l imaging.Limits) string {
	if len(tag) < 3 || tag[0] != '"' {
		return ""
	}
	return l.Key(tag)
}

// pictureKey names it among those of all sites: another may give the same tag to another picture.
func (x *exchange) pictureKey(tag string, l imaging.Limits) string {
	if x.way != markup.WayOne && len(tag) > 2 && tag[0] == '"' {
		tag = `"` + x.target.host + " " + tag[1:]
	}
	return pictureKey(tag, l)
}

// pictureName is the path of a picture, with its site where there are many.
func (x *exchange) pictureName() string {
	if x.way != markup.WayOne {
		return "//" + x.target.host + x.target.path
	}
	return x.target.path
}

// A picture is one fitted picture.
type picture struct {
	format    imaging.Formats
	copyright string // x-jphone-copyright, or ""
	body      []byte
}

// fitPicture makes the picture, once even if many ask for it at the same time, and keeps it.
func (x *exchange) fitPicture(key string, l imaging.Limits, box string) *refusal {
	src, r := x.readAnswer(x.g.cfg.Limits.ImageBytes)
	if r != nil {
		return r
	}
	tag := string(x.resp.Header.Peek("ETag"))
	began := time.Now()
	p, err := x.g.pictures.once(key, func() (picture, error) {
		// Waiting has an end: a crowd of pictures must not hold every worker.
		ctx, cancel := context.WithTimeout(context.Background(), pictureWait)
		defer cancel()
		out, info, err := x.g.gate.Convert(ctx, nil, src, l)
		return picture{info.Format, info.Header, out}, err
	})
	x.stats.encodeTime += time.Since(began)
	switch {
	case errors.Is(err, imaging.ErrBusy):
		return refuse(errBusy, err.Error())
	case err != nil:
		return refuse(errBadUpstream, "picture: "+err.Error())
	}
	x.g.pictures.remember(x.pictureName(), x.query, box, tag)
	return x.sendPicture(p, key)
}

// pictureWait bounds waiting for a free place to fit a picture.
const pictureWait = 5 * time.Second

// sendPicture writes a fitted picture. Its tag is our own; a SoftBank handset never gets 304, which some of its models
// take for an error [carriers §8].
func (x *exchange) sendPicture(p picture, key string) *refusal {
	out := &x.ctx.Response
	h := &out.Header
	h.Set("Vary", "User-Agent")
	h.Set("X-Content-Type-Options", "nosniff")
	if listHas(string(x.resp.Header.Peek("Cache-Control")), "no-store") {
		setPrivate(h) // a member's: no browser keeps it (SEC-70); we do, and ask each time
	} else {
		h.Set("Cache-Control", "private, no-cache")
		h.Del("Pragma")
		h.Del("Expires")
	}
	h.Del("ETag")
	if p.copyright != "" {
		h.Set("x-jphone-copyright", p.copyright)
	}
	if key != "" {
		tag := ownTag + key + `"`
		h.Set("ETag", tag)
		if listHas(x.head.joined("If-None-Match"), tag) && x.hs.Carrier != carriers.SoftBank {
			out.SetStatusCode(fasthttp.StatusNotModified)
			return nil
		}
	}
	out.SetStatusCode(fasthttp.StatusOK)
	h.SetContentType(p.format.ContentType())
	h.Set("Content-Disposition", "inline; filename=picture."+p.format.String())
	out.SetBodyRaw(p.body)
	x.stats.bytes = len(p.body)
	return nil
}
