package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
)

// boxes are the sizes a picture can be asked for, in pixels on a PC; what a handset gets is the gateway's business. The
// set is closed, so that nobody can fill a cache with sizes (SEC-84).
var boxes = map[string]struct{ width, height int }{
	"thumb": {76, 76}, "120x120": {120, 120}, "180x180": {180, 180},
	"screen": {240, 320}, "medium": {320, 320}, "large": {640, 640},
}

// pictureTypes are what a field for pictures asks a browser for. HEIC is not among them, so that phones that keep it send a JPEG of it.
const pictureTypes = "image/jpeg,image/png,image/gif,image/webp,image/avif"

// The boxes of files that are kept beside: for large displays, and as it was sent, which only its owner fetches.
const (
	wideBox     = "wide"
	originalBox = "original"
)

// photoPath is an address at which this member can fetch the picture until some hours from now. It changes twice a day, so
// that pages shown within that time share what the gateway remembers of it.
func (v *visit) photoPath(p core.Photo, box string) string {
	until := v.site.core.Now().Add(2 * photoAge).Truncate(photoAge).Unix()
	query := "o=" + p.Owner.String() + "&e=" + strconv.FormatInt(until, 36) + "&box=" + box
	return "/photo/" + p.ID.String() + "?" + query + "&s=" + v.site.signPhoto(v.member.ID, p.ID.String(), query)
}

// largestPath is the address of the largest picture there is of a photo.
func (v *visit) largestPath(p core.Photo) string {
	if p.Wide.Hash == "" {
		return v.photoPath(p, "large")
	}
	return v.photoPath(p, wideBox)
}

// signPhoto binds an address to its viewer: another member's address is worth nothing.
func (s *Site) signPhoto(viewer core.ID, id, query string) string {
	m := hmac.New(sha256.New, s.photoKey)
	m.Write([]byte(viewer.String() + "\n" + id + "\n" + query))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:12])
}

// photo serves a picture after asking, on every fetch, whether this viewer may see it now (SEC-83). No browser keeps it: it would
// still show it after a logout or a block (SEC-70). The gateway's cache
// asks with If-None-Match and gets 304 without the bytes moving.
func (v openPages) photo() error {
	id := strings.TrimPrefix(string(v.ctx.Path()), "/photo/")
	query, sign, _ := strings.Cut(string(v.ctx.QueryArgs().QueryString()), "&s=")
	if !hmac.Equal([]byte(sign), []byte(v.site.signPhoto(v.member.ID, id, query))) {
		return core.ErrNotFound
	}
	until, err := strconv.ParseInt(v.query("e"), 36, 64)
	if err != nil || v.site.core.Now().After(time.Unix(until, 0)) {
		return core.ErrNotFound
	}
	photo, ok := core.ParseID(id)
	if !ok {
		return core.ErrNotFound
	}
	owner, err := v.id("o")
	if err != nil {
		return err
	}
	p, err := v.site.core.Photo(v.ctx, v.viewer(), owner, photo)
	if err != nil {
		return err
	}
	switch v.query("box") {
	case wideBox:
		return v.sendWide(p)
	case originalBox:
		return v.sendOriginal(p)
	}
	return v.sendPhoto(p)
}

// sendWide sends the picture for large displays as it is; of one that is small already that is the one we have.
func (v openPages) sendWide(p core.Photo) error {
	if p.Wide.Hash != "" {
		p.Hash, p.Type = p.Wide.Hash, "image/jpeg"
	}
	return v.sendBytes(p)
}

// sendOriginal gives its owner a picture to keep, as they sent it.
func (v openPages) sendOriginal(p core.Photo) error {
	if p.Owner != v.member.ID {
		return core.ErrNotFound
	}
	if p.Original.Hash != "" {
		p.Hash, p.Type = p.Original.Hash, p.Original.Type
	}
	err := v.sendBytes(p)
	v.ctx.Response.Header.Set("Content-Disposition", "attachment; filename=photo"+extensions[p.Type])
	return err
}

func (v openPages) sendPhoto(p core.Photo) error {
	h := &v.ctx.Response.Header
	box := v.query("box")
	if p.Protected {
		box += ";nocopy"
	}
	h.Set("X-Ktai-Box", box)
	return v.sendBytes(p)
}

// sendBytes sends the picture of p.Hash, unless who asks has it.
func (v openPages) sendBytes(p core.Photo) error {
	h := &v.ctx.Response.Header
	tag := `"` + p.Hash + `"`
	h.Set("ETag", tag)
	if string(v.ctx.Request.Header.Peek("If-None-Match")) == tag {
		v.ctx.SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	b, err := v.site.core.PhotoBytes(v.ctx, p)
	if err != nil {
		return err
	}
	v.ctx.SetContentType(p.Type)
	h.Set("Content-Disposition", "inline; filename=photo"+extensions[p.Type])
	v.ctx.Response.SetBodyRaw(b)
	return nil
}

var extensions = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif"}

// fit is the size at which a picture stands in a box: shrunk in proportion, never enlarged.
func fit(p core.Photo, box string) (width, height int) {
	b := boxes[box]
	width, height = p.Width, p.Height
	if width > b.width {
		width, height = b.width, max(height*b.width/width, 1)
	}
	if height > b.height {
		width, height = max(width*b.height/height, 1), b.height
	}
	return width, height
}

// readPhotos gives the pictures of a form, up to limit: those it carries along, and its uploads, which are stored at once
// and belong to nothing yet.
func (v *visit) readPhotos(limit int) (ids []core.ID, w wrong, err error) {
	ids = v.form.ids("photo", limit)
	if v.form.shed > 0 {
		w = v.form.shedWrong()
	}
	for _, upload := range v.form.files["file"] {
		if v.form.letGo(upload) {
			continue
		}
		if len(ids) == limit {
			return ids, append(w, core.FieldError{Field: "file", Key: "field.photos", N: limit}), nil
		}
		p, err := v.site.core.AddPhoto(v.ctx, v.member.ID, upload, time.Time{})
		if bad, ok := invalid(photoProblem(err)); ok {
			w = append(w, bad...)
			continue
		}
		if err != nil {
			return ids, nil, err
		}
		ids = append(ids, p.ID)
	}
	return ids, w, nil
}

// shedWrong says of a form that files had no room.
func (f form) shedWrong() wrong {
	return wrong{{Field: "file", Key: "field.shed", N: f.shed}}
}

// photoProblem puts the refusal of a picture beside the field "file".
func photoProblem(err error) error {
	switch {
	case errors.Is(err, core.ErrPhotoLarge):
		return core.Invalid{{Field: "file", Key: core.ErrPhotoLarge.Key, N: core.MaxUpload >> 20}}
	case errors.Is(err, core.ErrPhotoKind):
		return core.Invalid{{Field: "file", Key: core.ErrPhotoKind.Key}}
	case errors.Is(err, core.ErrPhoto):
		return core.Invalid{{Field: "file", Key: core.ErrPhoto.Key}}
	}
	return err
}

// ownPhotos gives the member's pictures of these ids, for a form or a preview: new ones that belong to nothing yet, and
// those that the entry on its way has already. An id that is neither is ErrNotFound.
func (v *visit) ownPhotos(ids []core.ID) ([]core.Photo, error) {
	var photos []core.Photo
	for _, id := range ids {
		p, err := v.site.core.UnattachedPhoto(v.ctx, v.member.ID, id)
		if errors.Is(err, core.ErrNotFound) {
			p, err = v.site.core.Photo(v.ctx, v.viewer(), v.member.ID, id)
		}
		if err != nil {
			return nil, err
		}
		photos = append(photos, p)
	}
	return photos, nil
}
