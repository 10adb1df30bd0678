package policy

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"musubi/core"
)

// MaxBans is how many bans there may be: every request is compared with all of them.
const MaxBans = 2000

// A BanKind is a kind of ban. The numbers are stored.
type BanKind uint8

// Kinds of bans.
const (
	BannedAddress BanKind = iota // of the network: nobody comes in from there, unless it is a carrier's gateway, behind which are many
	BannedHandset                // a keyed hash of a subscriber ID
	BannedDomain                 // of mail addresses: nobody registers with one
)

// BanNames name the kinds, in forms and words.
var BanNames = [...]string{BannedAddress: "address", BannedHandset: "handset", BannedDomain: "domain"}

// A Ban keeps somebody out. It tells nothing of whom.
type Ban struct {
	ID     core.ID
	Kind   BanKind
	Value  string // a network as 192.0.2.0/24, the hash, or a domain
	Reason string
	Until  time.Time // zero: until it is ended
	At     time.Time
	By     string // the operator
}

// BanStore keeps bans.
type BanStore interface {
	InsertBan(ctx context.Context, b Ban) error
	DeleteBan(ctx context.Context, id core.ID) error
	Bans(ctx context.Context, limit int) ([]Ban, error)
	DeleteBansBefore(ctx context.Context, until time.Time) error
}

// Refusals of who is banned, and of one ban more than MaxBans.
var (
	ErrBanned   = &core.Error{Code: core.Refused, Key: "error.banned"}
	ErrBansFull = &core.Error{Code: core.Full, Key: "error.bansfull"}
)

// MaxBanReason is in characters.
const MaxBanReason = 500

// Ban stores a ban; Invalid for a value that is none of its kind.
func (s *Service) Ban(ctx context.Context, b Ban) (Ban, error) {
	var c core.Check
	c.Text("reason", &b.Reason, core.ManyLines, true, MaxBanReason)
	value, ok := b.Kind.normal(b.Value)
	if !ok {
		c.Fail("value", "field.ban", 0)
	}
	if !b.Until.IsZero() && !b.Until.After(s.Now()) {
		c.Fail("days", "field.future", 0)
	}
	if err := c.Err(); err != nil {
		return b, err
	}
	b.Value = value
	b.ID, b.At = s.Stamp(time.Time{})
	return b, s.change(ctx, func(ctx context.Context) error {
		if all, err := s.store.Bans(ctx, MaxBans); err != nil {
			return err
		} else if len(all) >= MaxBans {
			return ErrBansFull
		}
		return s.store.InsertBan(ctx, b)
	})
}

// normal writes a value as it is compared.
func (k BanKind) normal(value string) (string, bool) {
	value = strings.TrimSpace(value)
	switch k {
	case BannedAddress:
		if net, err := netip.ParsePrefix(value); err == nil {
			return net.Masked().String(), net.Bits() >= 8
		}
		a, err := netip.ParseAddr(value)
		if err != nil {
			return "", false
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()).String(), true
	case BannedHandset:
		return value, len(value) >= 16 && len(value) <= 100 && !strings.ContainsAny(value, " \t")
	case BannedDomain:
		value = strings.ToLower(strings.TrimPrefix(value, "@"))
		_, ok := core.NormalMail("a@" + value)
		return value, ok && strings.Contains(value, ".")
	}
	return "", false
}

// EndBan takes a ban away.
func (s *Service) EndBan(ctx context.Context, id core.ID) error {
	return s.change(ctx, func(ctx context.Context) error { return s.store.DeleteBan(ctx, id) })
}

// Bans lists all, newest first.
func (s *Service) Bans(ctx context.Context) ([]Ban, error) { return s.store.Bans(ctx, MaxBans) }

// find gives a ban of a kind that is in force and fits.
func (st *State) find(kind BanKind, now time.Time, fits func(value string) bool) (Ban, bool) {
	for _, b := range st.Bans {
		if b.Kind == kind && (b.Until.IsZero() || now.Before(b.Until)) && fits(b.Value) {
			return b, true
		}
	}
	return Ban{}, false
}

// MayEnter is ErrBanned for a request of somebody who is banned: by the address that it comes from, or by the hash of the subscriber ID.
func (s *Service) MayEnter(ctx context.Context, from core.Peer, handset string) error {
	st := s.State(ctx)
	if len(st.Bans) == 0 {
		return nil
	}
	now := s.Now()
	if handset != "" {
		if _, found := st.find(BannedHandset, now, func(v string) bool { return strings.HasPrefix(handset, v) }); found {
			return ErrBanned
		}
	}
	if from.Addr.IsValid() && !from.Carrier {
		addr := from.Addr.Unmap()
		if _, found := st.find(BannedAddress, now, func(v string) bool { net, err := netip.ParsePrefix(v); return err == nil && net.Contains(addr) }); found {
			return ErrBanned
		}
	}
	return nil
}

// MayJoin implements core.House.
func (s *Service) MayJoin(ctx context.Context, mail string) error {
	st := s.State(ctx)
	if st.Admission == core.NoAdmission || st.Mode != Open {
		return ErrClosed
	}
	_, domain, _ := strings.Cut(mail, "@")
	if _, found := st.find(BannedDomain, s.Now(), func(v string) bool { return domain == v || strings.HasSuffix(domain, "."+v) }); found {
		return ErrBanned
	}
	return nil
}

// Sweep forgets bans that are over.
func (s *Service) Sweep(ctx context.Context) error {
	return s.change(ctx, func(ctx context.Context) error { return s.store.DeleteBansBefore(ctx, s.Now()) })
}
