package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/elsewhere"
)

// A programError is a refusal that a program's own protocol has a status for.
type programError struct {
	status int
	says   string
}

func (e programError) Error() string { return e.says }

// purposeKey is the key of what a key is for.
func purposeKey(p elsewhere.Purpose) string { return "apikey.purpose" + strconv.Itoa(int(p)) }

// programSays is what a program is told of an error: in English, as the protocols are.
func programSays(v *visit, err error) (status int, says string) {
	var p programError
	var soon core.TooSoon
	var other elsewhere.OtherPurpose
	var e *core.Error
	retryAfter(v, err)
	switch {
	case errors.As(err, &p):
		return p.status, p.says
	case errors.As(err, &soon):
		return http.StatusTooManyRequests, "Too many requests. Retry-After says when to come again."
	case errors.As(err, &other):
		return http.StatusForbidden, "This key is for something else (" + english.t(purposeKey(other.Has)) + "). Here it takes one for: " + english.t(purposeKey(other.Wanted)) + "."
	case errors.Is(err, elsewhere.ErrKey):
		return http.StatusUnauthorized, "No key that is good for this: make one in the settings of the site, under API keys."
	case errors.Is(err, core.ErrPhotoLarge):
		return http.StatusRequestEntityTooLarge, english.t(core.ErrPhotoLarge.Key)
	case errors.Is(err, core.ErrPhoto):
		return http.StatusUnsupportedMediaType, english.t(core.ErrPhoto.Key)
	case errors.As(err, new(core.Invalid)):
		return http.StatusBadRequest, v.site.Wrong(err)
	case errors.As(err, &e) && e.Code == core.Wrong:
		return http.StatusBadRequest, english.t(e.Key)
	case errors.As(err, &e):
		return statuses[e.Code], english.t(e.Key)
	}
	v.site.log.Error("a program was not answered", "path", string(v.ctx.Path()), "error", err.Error())
	return http.StatusInternalServerError, english.t("error.internal")
}

// authorization is what the field says, and the word before it.
func authorization(v *visit) (scheme, value string) {
	scheme, value, _ = strings.Cut(strings.TrimSpace(string(v.ctx.Request.Header.Peek("Authorization"))), " ")
	return strings.ToLower(scheme), strings.TrimSpace(value)
}

// byKey is who shows a key for the purpose, as "Bearer", or where a program knows nothing else as the password of "Basic".
func byKey(v *visit, purpose elsewhere.Purpose) (core.Member, error) {
	scheme, value := authorization(v)
	switch scheme {
	case "bearer":
	case "basic":
		pair, err := base64.StdEncoding.DecodeString(value)
		if err != nil {
			return core.Member{}, elsewhere.ErrKey
		}
		_, value, _ = strings.Cut(string(pair), ":")
	default:
		return core.Member{}, elsewhere.ErrKey
	}
	return v.site.core.Elsewhere.Open(v.ctx, purpose, value)
}

// sendJSON answers a script.
func sendJSON(v *visit, status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	v.ctx.SetStatusCode(status)
	v.ctx.SetContentType("application/json; charset=utf-8")
	v.ctx.SetBody(append(body, '\n'))
	return nil
}
