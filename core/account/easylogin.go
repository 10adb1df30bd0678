package account

import (
	"context"
	"errors"
	"musubi/core"
	"time"
)

// EasyLoginAge is how long an enrolment lives without use (SEC-22).
const EasyLoginAge = 90 * 24 * time.Hour

// MaxEasyLogins is how many handsets one member may enrol.
const MaxEasyLogins = 5

// A Handset is what the gateway vouches for: a login key (keyed hash of carrier, class and subscriber ID) and what it
// belongs to. Core never sees the ID itself. OldKey is the same under the previous secret, while keys rotate.
type Handset struct{ Key, OldKey, Carrier, Model string }

// An EasyLogin is a handset that a member may log in with by one tap.
type EasyLogin struct {
	Key        string
	Member     core.ID
	Carrier    string
	Model      string
	EnrolledAt time.Time
	UsedAt     time.Time
}

// EasyLoginStore keeps enrolments: one key belongs to at most one member.
type EasyLoginStore interface {
	// InsertEasyLogin stores an enrolment; it reports false when another member has the key.
	InsertEasyLogin(ctx context.Context, e EasyLogin) (bool, error)
	EasyLogin(ctx context.Context, key string) (EasyLogin, error)
	EasyLogins(ctx context.Context, member core.ID) ([]EasyLogin, error)
	SetEasyLoginUsed(ctx context.Context, key, model string, at time.Time) error
	// ReplaceEasyLoginKey moves an enrolment to the key of the new secret.
	ReplaceEasyLoginKey(ctx context.Context, old, key string) error
	DeleteEasyLogin(ctx context.Context, member core.ID, key string) error
}

// Refusals of easy login.
var (
	// ErrEasyLogin is the one answer to a key that is unknown, expired, of another model or not there: the page asks for
	// the password (SEC-26).
	ErrEasyLogin = &core.Error{Code: core.Wrong, Key: "error.easylogin"}
	// ErrHandset: enrolling needs a handset behind its carrier's gateway.
	ErrHandset = &core.Error{Code: core.Refused, Key: "error.handset"}
	// ErrEnrolled: another account has this handset.
	ErrEnrolled = &core.Error{Code: core.Conflict, Key: "error.enrolled"}
)

// EasyLoginOn says whether the operator has switched easy login on.
func (s *Service) EasyLoginOn() bool { return s.easyLogin.Load() }

// SwitchEasyLogin turns easy login on or off without a restart (SEC-27).
func (s *Service) SwitchEasyLogin(on bool) { s.easyLogin.Store(on) }

// EnterEasily opens a session for a handset that a member has enrolled. The session is marked Easy: it does not open what
// asks for a password. After a change of model the password is asked for once (SEC-22).
func (s *Service) EnterEasily(ctx context.Context, h Handset, client string) (token string, session Session, err error) {
	if !s.EasyLoginOn() || h.Key == "" {
		s.refuseHandset(ctx, "easyloginfail", h, 0, "")
		return "", Session{}, ErrEasyLogin
	}
	var of core.ID
	reason := ""
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		of, reason = 0, "unknown"
		e, err := enrolment(s, ctx, h)
		if err != nil {
			return err
		}
		of = e.Member
		m, err := s.store.Member(ctx, e.Member)
		if err != nil {
			return err
		}
		switch {
		case m.Status != core.Active:
			reason = m.Status.String()
		case e.Model != h.Model:
			reason = "model"
		case s.Now().Sub(e.UsedAt) > EasyLoginAge:
			reason = "expired"
		default:
			reason = ""
		}
		if reason != "" {
			return ErrEasyLogin
		}
		raw, opened, err := s.open(ctx, Session{Member: m.ID, Client: client, Easy: true}, "")
		token, session = raw, opened
		return errors.Join(err,
			s.store.SetEasyLoginUsed(ctx, h.Key, h.Model, s.Now()),
			s.Audit(ctx, "easylogin", m.ID, client, ""))
	})
	if errors.Is(err, ErrEasyLogin) {
		s.refuseHandset(ctx, "easyloginfail", h, of, reason)
	}
	return token, session, err
}

// refuseHandset logs that a handset was not believed, or not let in: why, and the keyed hash of the ID that it showed. The
// gateway's reason comes first, since it then gives no key.
func (s *Service) refuseHandset(ctx context.Context, kind string, h Handset, member core.ID, reason string) {
	p, subject := core.PeerOf(ctx), h.Key
	switch {
	case reason != "":
	case p.Refused != "":
		reason, subject = p.Refused, p.ID
	case !s.EasyLoginOn():
		reason = "off"
	default:
		reason = "no ID"
	}
	s.Refuse(ctx, kind, reason, member, subject)
}

// enrolment finds a handset by its key, or by the key of the previous secret, which it then leaves behind.
func enrolment(s *Service, ctx context.Context, h Handset) (EasyLogin, error) {
	e, err := s.store.EasyLogin(ctx, h.Key)
	if errors.Is(err, core.ErrNotFound) && h.OldKey != "" {
		if e, err = s.store.EasyLogin(ctx, h.OldKey); err == nil {
			err = s.store.ReplaceEasyLoginKey(ctx, h.OldKey, h.Key)
		}
	}
	if errors.Is(err, core.ErrNotFound) {
		err = ErrEasyLogin
	}
	return e, err
}

// Enrol lets the member log in with this handset, after their password. A handset that another account has is refused.
func (s *Service) Enrol(ctx context.Context, member core.ID, h Handset, password, client string) error {
	if !s.EasyLoginOn() || h.Key == "" {
		s.refuseHandset(ctx, "easyenrolfail", h, member, "")
		return ErrHandset
	}
	if err := s.CheckPassword(ctx, member, password); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		list, err := s.store.EasyLogins(ctx, member)
		if err != nil {
			return err
		}
		if len(list) >= MaxEasyLogins {
			return &core.Error{Code: core.Full, Key: "error.easylogins"}
		}
		now := s.Now()
		if old, err := s.store.EasyLogin(ctx, h.Key); err == nil && now.Sub(old.UsedAt) > EasyLoginAge {
			if err := s.store.DeleteEasyLogin(ctx, old.Member, h.Key); err != nil { // an expired one holds nobody up
				return err
			}
		}
		won, err := s.store.InsertEasyLogin(ctx, EasyLogin{Key: h.Key, Member: member, Carrier: h.Carrier, Model: h.Model, EnrolledAt: now, UsedAt: now})
		if err != nil {
			return err
		}
		if !won {
			s.Refuse(ctx, "easyenrolfail", "taken", member, h.Key)
			return ErrEnrolled
		}
		return s.Audit(ctx, "easyenrol", member, client, "")
	})
}

// EasyLogins lists the handsets a member has enrolled.
func (s *Service) EasyLogins(ctx context.Context, member core.ID) ([]EasyLogin, error) {
	return s.store.EasyLogins(ctx, member)
}

// Revoke ends one enrolment of the member, after their password.
func (s *Service) Revoke(ctx context.Context, member core.ID, key, password, client string) error {
	if err := s.CheckPassword(ctx, member, password); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(s.store.DeleteEasyLogin(ctx, member, key), s.Audit(ctx, "easyrevoke", member, client, ""))
	})
}
