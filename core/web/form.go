package web

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
)

// tokenField is the hidden field that every form of a member carries.
const tokenField = "k"

// Refusals of a form before any handler sees it.
var (
	errForm    = &core.Error{Code: core.Refused, Key: "error.form"}
	errTooBig  = &core.Error{Code: core.Full, Key: "error.toobig"}
	errTooMany = &core.Error{Code: core.Full, Key: "error.toomany"}
	errStale   = &core.Error{Code: core.Refused, Key: "error.stale"}
	errForeign = &core.Error{Code: core.Refused, Key: "error.foreign"}
)

// A form is what was posted: decoded, bounded, and from a page that we gave this session.
type form struct {
	values map[string][]string
	files  map[string][][]byte // contents of uploads, without the fields in which no file was chosen
	names  map[string][]string // of those files
	shed   int                 // files that had no room: they are empty in files
	nonce  string              // of the page it came from
	kept   bool                // what it led to is stored under the nonce
}

// get is the first value of a field, "" when there is none. Unknown fields are simply never asked for (SEC-116).
func (f form) get(name string) string {
	if v := f.values[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// pressed says whether the form was sent with the button of this name. Buttons are told apart by name because a handset's
// button sends its label as the value.
func (f form) pressed(button string) bool { _, ok := f.values[button]; return ok }

// openForm reads the posted form and checks that it comes from our own page (SEC-38).
func (v *visit) openForm(r *route) error {
	if !v.sameSite() {
		return errForeign
	}
	f, err := readForm(v.ctx, v.site.mostBytes(r))
	if err != nil {
		return err
	}
	v.form = f
	if r.access != public {
		var ok bool
		if v.form.nonce, ok = v.site.checkToken(f.get(tokenField), v.session.Key, r.path); !ok {
			return errStale
		}
	}
	return nil
}

// sameSite refuses a form that a browser says comes from another site (SEC-38). Handsets say nothing, which is no refusal.
func (v *visit) sameSite() bool {
	h := &v.ctx.Request.Header
	if string(h.Peek("Sec-Fetch-Site")) == "cross-site" {
		return false
	}
	from := h.Peek("Origin")
	if len(from) == 0 {
		from = h.Peek("Referer") // older browsers send no Origin
	}
	if len(from) == 0 {
		return true
	}
	u, err := url.Parse(string(from))
	return err == nil && v.site.ownHost(v.ctx, u.Host)
}

// mostBytes is how large a form of a route may be.
func (s *Site) mostBytes(r *route) int {
	switch {
	case r.is(films):
		bytes, _ := s.core.Album.FilmLimits()
		return int(bytes) + 1<<20
	case r.is(pictures):
		return maxUpload
	}
	return maxForm
}

func readForm(ctx *fasthttp.RequestCtx, most int) (form, error) {
	body := ctx.Request.Body()
	kind := string(ctx.Request.Header.ContentType())
	if len(body) > most && !strings.HasPrefix(kind, "multipart/form-data") {
		return form{}, errTooBig
	}
	switch {
	case strings.HasPrefix(kind, "application/x-www-form-urlencoded"):
		args, values := ctx.PostArgs(), map[string][]string{}
		if args.Len() > maxFields {
			return form{}, errTooMany
		}
		for k, val := range args.All() {
			values[string(k)] = append(values[string(k)], string(val))
		}
		return form{values: values}, nil
	case strings.HasPrefix(kind, "multipart/form-data"):
		f, err := readMultipart(body, ctx.Request.Header.MultipartFormBoundary(), most)
		f.shed += max(headerNumber(ctx, "X-Ktai-Shed"), 0) // by the gateway
		return f, err
	}
	return form{}, errForm
}

// headerNumber is what a field of the request counts, 0 without one.
func headerNumber(ctx *fasthttp.RequestCtx, name string) int {
	n, _ := strconv.Atoi(string(ctx.Request.Header.Peek(name)))
	return n
}

// The fields of one form are bounded, so that a small body cannot make a large table (SEC-64): as many as the gateway takes from
// a handset, and fewer files, of which what is too much is let go.
const (
	maxFields = 200
	maxParts  = 40
)

// readMultipart reads a form with files. The body is in memory already and bounded, so no temporary files are needed. What was
// typed stays whatever comes with it: files beyond most bytes in all are let go, and the form knows how many.
func readMultipart(body, boundary []byte, most int) (form, error) {
	f := form{values: map[string][]string{}, files: map[string][][]byte{}, names: map[string][]string{}}
	parts, text, files := multipart.NewReader(bytes.NewReader(body), string(boundary)), most, 0
	for n := 0; ; n++ {
		p, err := parts.NextPart()
		if err == io.EOF {
			return f, nil
		}
		if err == nil && n == maxFields {
			return f, errTooMany
		}
		if err != nil {
			return f, errForm
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return f, errForm
		}
		name := p.FormName()
		if p.FileName() == "" && p.Header.Get("Content-Type") == "" {
			if text -= len(content); text < 0 {
				return f, errTooBig
			}
			f.values[name] = append(f.values[name], string(content))
			continue
		}
		if len(content) == 0 && p.FileName() == "" { // no file was chosen
			continue
		}
		if files++; len(content) > most || files > maxParts {
			content = nil
			f.shed++
		}
		most -= len(content)
		f.files[name] = append(f.files[name], content)
		f.names[name] = append(f.names[name], core.Clean(p.FileName(), core.OneLine))
	}
}

// letGo says whether a file of the form is one for which there was no room.
func (f form) letGo(file []byte) bool { return f.shed > 0 && len(file) == 0 }

// formID reads an ID from the posted form; the error is for an absent thing.
func (v *visit) formID(name string) (core.ID, error) {
	id, ok := core.ParseID(v.form.get(name))
	if !ok {
		return 0, core.ErrNotFound
	}
	return id, nil
}

// ids reads the IDs of a field, most of them at most, passing over what is none.
func (f form) ids(name string, most int) (ids []core.ID) {
	for _, s := range f.values[name] {
		if id, ok := core.ParseID(s); ok && len(ids) < most {
			ids = append(ids, id)
		}
	}
	return ids
}

// sureField says that a form that deletes was asked about: the page that asks has it.
const sureField = "sure"

// asks are the words of forms that end something and delete nothing, by their path and the button.
var asks = map[[2]string]string{
	{communityLeavePath, "leave"}:    "community.leave",
	{communityLeavePath, "withdraw"}: "asking.withdraw",
	{communityMemberPath, "delete"}:  "community.expel",
	{eventAttendPath, "cancel"}:      "event.cancel",
}

// ends says whether the form was sent with a button that is asked about by name.
func (f form) ends(r *route) bool {
	for name := range f.values {
		if asks[[2]string{r.path, name}] != "" {
			return true
		}
	}
	return false
}

// mayAsk refuses questions about what is not there to be ended, by their path; others are refused when they are answered.
var mayAsk = map[string]func(v *visit, id core.ID) error{
	communityLeavePath: func(v *visit, id core.ID) error {
		c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
		if err == nil && c.Role < core.RoleApplicant {
			err = core.ErrNotFound
		}
		return err
	},
}

// askFirst asks before something goes that does not come back: no single press deletes, wherever it stands. The form travels on
// as it was sent.
func (v keptForm) askFirst(r *route, values map[string][]string) error {
	if may := mayAsk[r.path]; may != nil {
		id, _ := core.ParseID(form{values: values}.get("id"))
		if err := may(v.visit, id); err != nil {
			return err
		}
	}
	p := &askPage{frame: frame(v), heading: v.t("form.sure"), question: v.t("form.sureask"), action: r.path, button: sureField, back: homePath}
	for name := range values {
		if word := asks[[2]string{r.path, name}]; word != "" {
			p.heading, p.question, p.word = v.t(word+"head"), v.t(word+"ask"), word
		}
	}
	if u, err := url.Parse(string(v.ctx.Request.Header.Peek("Referer"))); err == nil && u.Host != "" {
		p.back = safeNext(u.RequestURI())
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			if name != tokenField {
				p.fields = append(p.fields, hiddenValue{name, value})
			}
		}
	}
	return v.show(p)
}

// linked is what the address of a link to a form that deletes says, as the form would have said it.
func (v *visit) linked() map[string][]string {
	values := map[string][]string{}
	for k, value := range v.ctx.QueryArgs().All() {
		if len(values) == maxFields {
			break
		}
		values[string(k)] = append(values[string(k)], string(value))
	}
	return values
}

// once carries out the form and leads to the address that do gives; a form that comes twice is carried out once.
func (v *visit) once(do func(ctx context.Context) (to string, err error)) error {
	return v.onceOr(nil, do)
}

// onceOr shows the form again when the member can put right what is wrong.
func (v *visit) onceOr(again func(w wrong) error, do func(ctx context.Context) (to string, err error)) error {
	to, err := v.site.core.Once(v.ctx, v.member.ID, v.form.nonce, do)
	w, ok := invalid(err)
	if errors.Is(err, core.ErrNotStored) {
		w, ok = wrong{{Key: core.ErrNotStored.Key}}, true
	}
	if ok && again != nil {
		if errors.Is(err, core.ErrNotStored) { // the form with the words, which can be sent again as it is
			v.ctx.SetStatusCode(statuses[core.Unavailable])
			retryAfter(v, err)
			v.site.log.Error("a form was not stored", "path", string(v.ctx.Path()), "error", err)
		}
		return again(w)
	}
	if err != nil {
		return err
	}
	v.form.kept = true
	v.redirect(to)
	return nil
}

// A form token is base64url of: seconds of its making (4 bytes), a nonce (8), and a MAC (16) over these, the session and
// the path the form posts to. It is CSRF token and one-time nonce in one field, which handset pages are glad of.
const tokenHead, tokenMAC = 12, 16

func (s *Site) newToken(sessionKey, path string) string {
	var b [tokenHead + tokenMAC]byte
	binary.BigEndian.PutUint32(b[:4], uint32(s.core.Now().Unix()))
	rand.Read(b[4:tokenHead])
	copy(b[tokenHead:], s.tokenMAC(b[:tokenHead], sessionKey, path))
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// checkToken says whether we gave this token to this session for this path within formAge, and returns its nonce.
func (s *Site) checkToken(token, sessionKey, path string) (nonce string, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != tokenHead+tokenMAC || sessionKey == "" {
		return "", false
	}
	if !hmac.Equal(b[tokenHead:], s.tokenMAC(b[:tokenHead], sessionKey, path)) {
		return "", false
	}
	age := s.core.Now().Sub(time.Unix(int64(binary.BigEndian.Uint32(b)), 0))
	return base64.RawURLEncoding.EncodeToString(b[4:tokenHead]), age <= formAge && age > -clockSkew
}

func (s *Site) tokenMAC(head []byte, sessionKey, path string) []byte {
	m := hmac.New(sha256.New, s.formKey)
	m.Write(head)
	m.Write([]byte(sessionKey + "\n" + path))
	return m.Sum(nil)[:tokenMAC]
}
