package account

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"musubi/core"
	"musubi/core/guard"
	"time"
)

// Session ages (SEC-33).
const (
	SessionIdle     = 14 * 24 * time.Hour
	SessionAbsolute = 60 * 24 * time.Hour
	// sessionTouch is how old the last sign of life may be before a request notes a new one.
	sessionTouch = 5 * time.Minute
)

// A Session is one login of a member; a member may have several at once, on PC and handset.
type Session struct {
	Key       string // hash of the token: names the session without opening it
	Member    core.ID
	Client    string // what it was opened with, for the member's list of sessions: "PC", "docomo P903i"
	Name      string // what the member calls it; empty: nothing
	Easy      bool   // opened by easy login: may not do what asks for a password (SEC-23)
	CreatedAt time.Time
	SeenAt    time.Time
}

// CredentialStore keeps what a member comes in with.
type CredentialStore interface {
	// Credentials finds the member that a mail address belongs to.
	Credentials(ctx context.Context, mail string) (member core.ID, passwordHash string, err error)
	PasswordHash(ctx context.Context, member core.ID) (string, error)
	SetPassword(ctx context.Context, member core.ID, hash string) error
	SetLastLogin(ctx context.Context, member core.ID, at time.Time) error
}

// SessionStore keeps sessions.
type SessionStore interface {
	InsertSession(ctx context.Context, s Session) error
	// Session returns the session and its member's status, or ErrNotFound.
	Session(ctx context.Context, key string) (Session, error)
	SetSessionSeen(ctx context.Context, key string, at time.Time) error
	// SetSessionName gives a session of the member a name; ErrNotFound for one that is not theirs.
	SetSessionName(ctx context.Context, member core.ID, key, name string) error
	DeleteSession(ctx context.Context, key string) error
	DeleteSessions(ctx context.Context, member core.ID) error
}

// Login opens a session for a mail address and password and returns its token, which only the member's browser (or the
// gateway for it) keeps. Unknown address and wrong password give ErrLogin after the same time;
// the right password of a member who is held gives core.HeldBack, and only that does; too
// many tries for one address give ErrThrottled whether it exists or not. client describes the login in the member's list.
func (s *Service) Login(ctx context.Context, mail, password, client string) (token string, session Session, err error) {
	return s.LoginFrom(ctx, mail, password, client, "")
}

// LoginFrom is Login from a browser that shows the Device mark of an earlier login. A member's own devices have a throttle
// of their own, so that nobody can lock a member out by trying passwords from elsewhere (SEC-102). The error is a
// [SecondStepNeeded] when the password is right and a code is asked for.
func (s *Service) LoginFrom(ctx context.Context, mail, password, client, device string) (token string, session Session, err error) {
	mail, ok := core.NormalMail(mail)
	if !ok || core.Length(password) > core.MaxPasswordRune {
		mail = "" // goes through the same motions and fails
	}
	member, hash, err := s.store.Credentials(ctx, mail)
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		return "", Session{}, err
	}
	account := s.Keyed(s.Keys.Mail, mail)
	subject := account
	var stranger *guard.Guess // nil: a known device, which no crowd of others keeps out
	var end func()
	if member != 0 && hmac.Equal([]byte(device), []byte(s.deviceMark(member, hash))) {
		account = s.Keyed(s.Keys.Mail, "device "+mail)
		end, err = s.guard.TryPassword(ctx, account)
	} else {
		stranger, end, err = s.guard.TryFrom(ctx, account)
	}
	if err != nil {
		if errors.Is(err, core.ErrThrottled) {
			s.Refuse(ctx, "loginfail", "throttled", member, subject)
		}
		return "", Session{}, err
	}
	defer end()
	ok, err = s.guard.VerifyPassword(ctx, hash, password)
	if err != nil {
		return "", Session{}, err
	}
	if !ok {
		reason := "password"
		if member == 0 {
			reason = "unknown"
		}
		s.Refuse(ctx, "loginfail", reason, member, subject)
		return "", Session{}, core.ErrLogin
	}
	if err := stranger.Right(ctx); err != nil {
		return "", Session{}, err
	}
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return "", Session{}, err
	}
	if m.Status != core.Active {
		if err := mayReturn(ctx, s, m); err != nil {
			s.Refuse(ctx, "loginfail", m.Status.String(), member, subject)
			return "", Session{}, err
		}
	}
	if guard.Outdated(hash) {
		if hash, err = s.guard.HashPassword(ctx, password); err == nil {
			err = s.store.SetPassword(ctx, member, hash)
		}
		if err != nil {
			return "", Session{}, err
		}
	}
	if err := (codes{s}).askCode(ctx, member); err != nil {
		return "", Session{}, errors.Join(err, s.guard.ForgetTries(ctx, account))
	}
	err = s.store.AtomicOf(ctx, core.Of(member).Named(account), func(ctx context.Context) error {
		if stranger != nil { // not one of the member's own devices
			if err := tellOfDevice(ctx, s, m, client); err != nil {
				return err
			}
		}
		token, session, err = s.open(ctx, Session{Member: member, Client: client}, account)
		return errors.Join(err, s.Audit(ctx, "login", member, client, ""))
	})
	return token, session, err
}

// Device is the mark that a browser keeps after a login, for LoginFrom. It opens nothing; a new password makes it worthless.
func (s *Service) Device(ctx context.Context, member core.ID) (string, error) {
	hash, err := s.store.PasswordHash(ctx, member)
	return s.deviceMark(member, hash), err
}

func (s *Service) deviceMark(member core.ID, passwordHash string) string {
	return s.Keyed(s.Keys.Session, "device "+member.String()+" "+passwordHash)
}

// open stores a new session under a new token. The token has 192 random bits; the store sees its hash only (SEC-30).
func (s *Service) open(ctx context.Context, session Session, account string) (string, Session, error) {
	raw := make([]byte, 24)
	rand.Read(raw)
	token := base64.RawURLEncoding.EncodeToString(raw)
	session.Key = s.Keyed(s.Keys.Session, token)
	session.CreatedAt = s.Now()
	session.SeenAt = session.CreatedAt
	err := s.store.AtomicOf(ctx, core.Of(session.Member).Named(account), func(ctx context.Context) error {
		return errors.Join(
			s.store.InsertSession(ctx, session),
			s.store.SetLastLogin(ctx, session.Member, session.CreatedAt),
			s.guard.ForgetTries(ctx, account),
		)
	})
	return token, session, err
}

// Session finds the session of a token and its member; ErrNotFound for a token that was never given out, has expired or
// belongs to a member who is no longer active.
func (s *Service) Session(ctx context.Context, token string) (Session, core.Member, error) {
	if len(token) != 32 {
		return Session{}, core.Member{}, core.ErrNotFound
	}
	session, err := s.store.Session(ctx, s.Keyed(s.Keys.Session, token))
	if err != nil {
		return Session{}, core.Member{}, err
	}
	now := s.Now()
	if now.Sub(session.SeenAt) > sessionTouch {
		session.SeenAt = lastTouch(s, session.Key, session.SeenAt)
	}
	if now.Sub(session.SeenAt) > SessionIdle || now.Sub(session.CreatedAt) > SessionAbsolute {
		return Session{}, core.Member{}, errors.Join(core.ErrNotFound, s.store.DeleteSession(ctx, session.Key))
	}
	m, err := s.store.Member(ctx, session.Member)
	if err != nil {
		return Session{}, core.Member{}, err
	}
	if m.Status != core.Active {
		return Session{}, core.Member{}, core.ErrNotFound
	}
	if now.Sub(session.SeenAt) > sessionTouch {
		session.SeenAt = now
		s.touches.Put(session.Key, touch{session.Key, now})
	}
	return session, m, nil
}

// Logout ends one session; the member's others live on.
func (s *Service) Logout(ctx context.Context, key string) error {
	return s.store.DeleteSession(ctx, key)
}
