package gateway

import (
	"context"
	"errors"
	"strings"
	"time"

	"musubi/carriers"
	"musubi/transcode"
	"musubi/transcode/imaging"

	"github.com/valyala/fasthttp"
)

// isPicture says whether the answer is a picture to be fitted: every picture for a handset, and for browsers those that
// the core marks with a box. An answer 304 to our own question is one that the cache may already hold.
func (x *exchange) isPicture(kind string) bool {
	status := x.resp.StatusCode()
	if x.asked != "" && status == fasthttp.StatusNotModified {
		return true
	}
	if status != fasthttp.StatusOK {
		return false
	}
	switch kind {
	case "image/jpeg", "image/png", "image/gif", "image/jpg", "image/pjpeg", "image/x-png":
		return !x.untouched() && (x.transforms() || len(x.resp.Header.Peek(fieldBox)) > 0)
	}
	return false
}

// addPictureCondition asks the upstream only for permission, where a picture's bytes may already be in the cache: the
// tag of what this URL gave last time goes along, and 304 means "may see it, unchanged".
func (x *exchange) addPictureCondition() {
	if x.method != "GET" && x.method != "HEAD" {
		return
	}
	if tag := x.g.pictures.hint(x.target.path, x.query); tag != "" {
		x.asked = tag
		x.req.Header.Set("If-None-Match", tag)
		for _, name := range []string{"If-Modified-Since", "If-Range", "Range"} {
			x.req.Header.Del(name)
		}
	} else if strings.Contains(x.head.joined("If-None-Match"), ownTag) {
		x.req.Header.Del("If-None-Match") // our tag means nothing upstream (H-06)
	}
}

// answerPicture sends the picture in the size and format that this client shows.
func (x *exchange) answerPicture() *refusal {
	x.stats.route = "image"
	h := &x.resp.Header
	tag := string(h.Peek("ETag"))
	if x.resp.StatusCode() == fasthttp.StatusNotModified {
		tag = x.asked
	}
	box := string(h.Peek(fieldBox))
	limits, err := boxLimits(&x.hs, box)
	if err != nil {
		return refuse(errBadUpstream, "picture: "+err.Error())
	}
	key := pictureKey(tag, limits)
	asIs := box == "" && !x.transforms() // a browser gets what the core does not mark as it is
	if p, ok := x.g.pictures.get(key); ok && !asIs {
		return x.sendPicture(p, key)
	}
	if x.resp.StatusCode() == fasthttp.StatusNotModified { // permission, but not the bytes
		x.asked = ""
		x.req.Header.Del("If-None-Match")
		x.resp.Reset()
		if r := x.do(); r != nil {
			return r
		}
		x.ctx.Response.Reset()
		x.ctx.Response.SetStatusCode(x.resp.StatusCode())
		x.copyFields()
		if asIs || !x.isPicture(mediaType(x.resp.Header.ContentType())) {
			return x.passThrough()
		}
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
	x.g.pictures.remember(x.target.path, x.query, box, tag)
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
