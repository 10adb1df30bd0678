package premium

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"musubi/core"
)

// HookAge is how far the time of a call may be from now.
const HookAge = 300 * time.Second

// Refusals of a call.
var (
	ErrSignature = &core.Error{Code: core.Refused, Key: "error.hooksignature"}
	ErrHook      = &core.Error{Code: core.Refused, Key: "error.hook"}
)

// An Event is what a provider of payments tells: {"id","member","plan","until","event"}. The member is named by Reference, never by
// a mail address.
type Event struct {
	ID     string   `json:"id"`
	Member string   `json:"member"`
	Plan   string   `json:"plan"`
	Until  hookTime `json:"until"`
	Event  string   `json:"event"` // granted, renewed, ended, refunded
}

var tokyo = core.Tokyo

// hookTime is a time as RFC 3339, as a day (its end in Tokyo), or in Unix seconds.
type hookTime struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (t *hookTime) UnmarshalJSON(b []byte) (err error) {
	text := strings.Trim(string(b), `"`)
	if text == "" || text == "null" {
		return nil
	}
	if seconds, bad := strconv.ParseInt(text, 10, 64); bad == nil {
		t.Time = time.Unix(seconds, 0)
		return nil
	}
	if t.Time, err = time.ParseInLocation(time.DateOnly, text, tokyo); err == nil {
		t.Time = t.Time.AddDate(0, 0, 1).Add(-time.Second)
		return nil
	}
	t.Time, err = time.Parse(time.RFC3339, text)
	return err
}

// Hook carries out a call of the provider. signature is the field Musubi-Signature: "t=<unix>,v1=<hex HMAC-SHA256(secret, t + "." +
// body)>". The same event again does nothing. ErrSignature, ErrHook for a body that says nothing, core.ErrNotFound for a reference that
// nobody has.
func (s *Service) Hook(ctx context.Context, signature string, body []byte) error {
	if !s.signed(signature, body) {
		return ErrSignature
	}
	var e Event
	if err := json.Unmarshal(body, &e); err != nil || e.ID == "" || len(e.ID) > 200 {
		return ErrHook
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		member, err := s.store.MemberOf(ctx, e.Member)
		if err != nil {
			return err
		}
		fresh, err := s.store.TakeEvent(ctx, e.ID, s.Now())
		if err != nil || !fresh {
			return err
		}
		return errors.Join(s.carryOut(ctx, member, e), s.Audit(ctx, "premium", member, ByHook, e.Event+" "+e.ID))
	})
}

// signed says whether the body was signed with our secret a short time ago.
func (s *Service) signed(signature string, body []byte) bool {
	var stamp string
	var macs []string
	for part := range strings.SplitSeq(signature, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			stamp = value
		case "v1":
			macs = append(macs, value)
		}
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || s.secret == "" || s.Now().Sub(time.Unix(seconds, 0)).Abs() > HookAge {
		return false
	}
	m := hmac.New(sha256.New, []byte(s.secret))
	m.Write([]byte(stamp + "."))
	m.Write(body)
	want := hex.EncodeToString(m.Sum(nil))
	for _, mac := range macs {
		if hmac.Equal([]byte(strings.ToLower(mac)), []byte(want)) {
			return true
		}
	}
	return false
}

// carryOut brings the member's entitlement by the hook to what the event says. Events come in any order: the later end wins, but
// what a refund took back stays so until something is granted beyond it.
func (s *Service) carryOut(ctx context.Context, member core.ID, e Event) error {
	if _, ok := FindPlan(e.Plan); !ok || e.Plan == Free {
		return ErrHook
	}
	have, err := s.byHook(ctx, member, e.Plan)
	if err != nil {
		return err
	}
	have.Reference = e.ID
	switch e.Event {
	case "granted", "renewed", "ended":
		if e.Until.IsZero() {
			return ErrHook
		}
		if !e.Until.After(have.Until) {
			return nil
		}
		have.Until, have.Told = e.Until.Time, 0
	case "refunded":
		have.Refunded = later(have.Until, later(e.Until.Time, have.Refunded))
		if have.Until.IsZero() {
			have.Until = have.Refunded
		}
	default:
		return ErrHook
	}
	return s.store.PutEntitlement(ctx, have)
}

// byHook is the entitlement that the hook has granted, or a new one.
func (s *Service) byHook(ctx context.Context, member core.ID, plan string) (Entitlement, error) {
	list, err := s.store.Entitlements(ctx, member)
	for _, e := range list {
		if e.Source == ByHook && e.Plan == plan {
			return e, err
		}
	}
	e := Entitlement{Member: member, Plan: plan, Source: ByHook}
	e.ID, e.Since = s.Stamp(time.Time{})
	return e, err
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
