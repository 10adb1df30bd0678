package web

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
)

// statuses is the one table from core's codes to HTTP.
var statuses = map[core.Code]int{
	core.NotFound:  fasthttp.StatusNotFound,
	core.Wrong:     fasthttp.StatusOK, // the form again
	core.Throttled: fasthttp.StatusTooManyRequests,
	core.Refused:   fasthttp.StatusForbidden,
	core.Conflict:  fasthttp.StatusConflict,
	core.Full:      fasthttp.StatusRequestEntityTooLarge,

	core.Unavailable: fasthttp.StatusServiceUnavailable,
}

// fail answers with the page for an error. What is not a core.Error is internal: logged, never shown.
func (v *visit) fail(err error) {
	if forScript(pathOf(v.ctx)) && (apiPages{v}).refuse(err) == nil {
		return
	}
	v.ctx.Response.ResetBody()
	var e *core.Error
	if !errors.As(err, &e) {
		v.site.log.Error("request failed", "method", string(v.ctx.Method()), "path", string(v.ctx.Path()), "error", err)
		v.ctx.SetStatusCode(fasthttp.StatusInternalServerError)
		e = &core.Error{Key: "error.internal"}
	} else {
		v.ctx.SetStatusCode(statuses[e.Code])
	}
	if errors.Is(err, core.ErrNotStored) {
		v.site.log.Error("nothing can be stored", "method", string(v.ctx.Method()), "path", string(v.ctx.Path()), "error", err)
	}
	retryAfter(v, err)
	says := v.t(e.Key)
	if errors.Is(err, errMaintenance) {
		says = cmp.Or(housePages{v}.modeWords(), says)
	}
	if w, ok := invalid(err); ok {
		says = w.of(v, "")
	}
	if errors.Is(err, core.ErrNotStored) && len(v.form.values) > 0 {
		v.show(&notStoredPage{errorPage{frame{v}, e.Key, says}, v.form.typed()})
		return
	}
	v.show(&errorPage{frame{v}, e.Key, says})
}

// secretFields are fields of passwords by other names.
var secretFields = []string{"secret", "old", "new", "current", "code"}

// typed are the fields of the form that came, in the order of their names, without passwords, which no page shows again.
func (f form) typed() (fields []hiddenValue) {
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if !strings.Contains(name, "password") && !slices.Contains(secretFields, name) {
			for _, value := range f.values[name] {
				fields = append(fields, hiddenValue{name, value})
			}
		}
	}
	return fields
}

// storeAgain is after how many seconds to try again what could not be stored.
const storeAgain = "10"

// retryAfter says in the header how long to wait: whoever tries too often, and when nothing can be stored.
func retryAfter(v *visit, err error) {
	if errors.Is(err, core.ErrNotStored) {
		v.ctx.Response.Header.Set("Retry-After", storeAgain)
	}
	var soon core.TooSoon
	if errors.As(err, &soon) {
		v.ctx.Response.Header.Set("Retry-After", strconv.Itoa(int(math.Ceil(soon.Wait.Seconds()))))
	}
}

// wait is the sentence for it, in minutes when it is long.
func wait(soon core.TooSoon) core.FieldError {
	if soon.Wait > 2*time.Minute {
		return core.FieldError{Key: "error.waitminutes", N: int(math.Ceil(soon.Wait.Minutes()))}
	}
	return core.FieldError{Key: "error.waitseconds", N: max(int(math.Ceil(soon.Wait.Seconds())), 1)}
}

// wrong is what is wrong with a form, for the sentence beside each field.
type wrong core.Invalid

// of is the sentence for a field, "" when it is right.
func (w wrong) of(v *visit, field string) string {
	for _, f := range w {
		if f.Field != field {
			continue
		}
		if f.N != 0 {
			return v.t(f.Key, f.N)
		}
		return v.t(f.Key)
	}
	return ""
}

// invalid takes apart the error of a service: what is wrong with which field. Other refusals that a member can do
// something about stand at the head of the form, under the field "". ok is false for an error that is none of these.
func invalid(err error) (w wrong, ok bool) {
	var fields core.Invalid
	if errors.As(err, &fields) {
		return wrong(fields), true
	}
	var soon core.TooSoon
	if errors.As(err, &soon) {
		return wrong{wait(soon)}, true
	}
	var e *core.Error
	if errors.As(err, &e) && e.Code != core.NotFound && e.Code != core.Unavailable { // that is nothing of the form
		return wrong{{Key: e.Key}}, true
	}
	return nil, false
}

// Wrong says for an operator, in English, what a form would have said beside its fields.
func (s *Site) Wrong(err error) string {
	v := &visit{site: s, words: english}
	fields, ok := invalid(err)
	if !ok {
		return err.Error()
	}
	var said []string
	for _, f := range fields {
		sentence := fields.of(v, f.Field)
		if f.Field != "" {
			sentence = f.Field + ": " + sentence
		}
		said = append(said, sentence)
	}
	return strings.Join(said, " ")
}
