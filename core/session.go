package core

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
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
	Member    ID
	Client    string // what it was opened with, for the member's list of sessions: "PC", "docomo P903i"
	Easy      bool   // opened by easy login: may not do what asks for a password (SEC-23)
	CreatedAt time.Time
	SeenAt    time.Time
}

// SessionStore keeps sessions and failed logins.
type SessionStore interface {
	InsertSession(ctx context.Context, s Session) error
	// Session returns the session and its member's status, or ErrNotFound.
	Session(ctx context.Context, key string) (Session, error)
	SetSessionSeen(ctx context.Context, key string, at time.Time) error
	DeleteSession(ctx context.Context, key string) error
	DeleteSessions(ctx context.Context, member ID) error
	// Tries returns the failed logins under a key: how many, and the time until which further ones wait.
	Tries(ctx context.Context, key string) (failed int, until time.Time, err error)
	// SetTries stores them; zero failed forgets the key.
	SetTries(ctx context.Context, key string, failed int, until time.Time) error
}

// Login throttle (SEC-102): so many free tries, then waits that double up to the longest.
const (
	freeTries   = 5
	firstWait   = 30 * time.Second
	longestWait = 15 * time.Minute
)

// Login opens a session for a mail address and password and returns its token, which only the member's browser (or the
// gateway for it) keeps. Unknown address, wrong password and suspended member all give ErrLogin after the same time; too
// many tries for one address give ErrThrottled whether it exists or not. client describes the login in the member's list.
func (s *Services) Login(ctx context.Context, mail, password, client string) (token string, session Session, err error) {
	return s.LoginFrom(ctx, mail, password, client, "")
}

// LoginFrom is Login from a browser that shows the Device mark of an earlier login. A member's own devices have a throttle
// of their own, so that nobody can lock a member out by trying passwords from elsewhere (SEC-102).
func (s *Services) LoginFrom(ctx context.Context, mail, password, client, device string) (token string, session Session, err error) {
	mail, ok := NormalMail(mail)
	if !ok || length(password) > MaxPasswordRune {
		mail = "" // goes through the same motions and fails
	}
	member, hash, err := s.store.Credentials(ctx, mail)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", Session{}, err
	}
	account := s.keyed(s.keys.mail, mail)
	var stranger *guess // nil: a known device, which no crowd of others keeps out
	var end func()
	if member != 0 && hmac.Equal([]byte(device), []byte(s.deviceMark(member, hash))) {
		account = s.keyed(s.keys.mail, "device "+mail)
		end, err = s.tryPassword(ctx, account)
	} else {
		stranger, end, err = s.tryFrom(ctx, account)
	}
	if err != nil {
		return "", Session{}, err
	}
	defer end()
	ok, err = s.hasher.verify(ctx, hash, password)
	if err != nil {
		return "", Session{}, err
	}
	if !ok {
		return "", Session{}, errors.Join(ErrLogin, s.audit(ctx, "loginfail", member, client, ""))
	}
	if err := stranger.right(ctx); err != nil {
		return "", Session{}, err
	}
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return "", Session{}, err
	}
	if m.Status != Active {
		return "", Session{}, ErrLogin
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		token, session, err = s.open(ctx, Session{Member: member, Client: client}, account)
		return errors.Join(err, s.audit(ctx, "login", member, client, ""))
	})
	return token, session, err
}

// Device is the mark that a browser keeps after a login, for LoginFrom. It opens nothing; a new password makes it worthless.
func (s *Services) Device(ctx context.Context, member ID) (string, error) {
	hash, err := s.store.PasswordHash(ctx, member)
	return s.deviceMark(member, hash), err
}

func (s *Services) deviceMark(member ID, passwordHash string) string {
	return s.keyed(s.keys.session, "device "+member.String()+" "+passwordHash)
}

// tryPassword begins a try of a password for an account and counts it: in the line before the hashing, which is bounded (ErrBusy),
// and in the account's own turn. The caller has to call end after the hashing.
func (s *Services) tryPassword(ctx context.Context, account string) (end func(), err error) {
	leave, err := s.hasher.join()
	if err != nil {
		return nil, err
	}
	next, err := s.takeTurn(ctx, account)
	if err != nil {
		leave()
		return nil, err
	}
	return func() { next(); leave() }, nil
}

// tryFrom is tryPassword of a stranger: it is counted for where they come from, too.
func (s *Services) tryFrom(ctx context.Context, account string) (g *guess, end func(), err error) {
	leave, err := s.hasher.join()
	if err != nil {
		return nil, nil, err
	}
	g, err = s.guess(ctx)
	if err != nil {
		leave()
		return nil, nil, err
	}
	next, err := s.takeTurn(ctx, account)
	if err != nil {
		err = errors.Join(err, g.right(ctx)) // nothing was looked at
		g.end()
		leave()
		return nil, nil, err
	}
	return g, func() { next(); g.end(); leave() }, nil
}

// takeTurn waits for a turn at an account and counts the try.
func (s *Services) takeTurn(ctx context.Context, account string) (next func(), err error) {
	if next, err = s.turns.take(ctx, account, freeTries-1); err != nil {
		return nil, err
	}
	if err := s.countTry(ctx, account); err != nil {
		next()
		return nil, err
	}
	return next, nil
}

// countTry counts a login as failed before its password is looked at, so that parallel tries cannot slip past the
// limit; open forgets the count when the password was right.
func (s *Services) countTry(ctx context.Context, account string) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		failed, until, err := s.store.Tries(ctx, account)
		if err != nil {
			return err
		}
		now := s.now()
		if now.Before(until) {
			return TooSoon{until.Sub(now)}
		}
		if now.Sub(until) > longestWait {
			failed = 0 // a quiet quarter of an hour is forgiven
		}
		failed++
		return s.store.SetTries(ctx, account, failed, now.Add(waitAfter(failed)))
	})
}

// waitAfter is how long the next try has to wait after so many failed ones.
func waitAfter(failed int) time.Duration {
	if failed < freeTries {
		return 0
	}
	wait := firstWait
	for i := freeTries; i < failed && wait < longestWait; i++ {
		wait *= 2
	}
	return min(wait, longestWait)
}

// open stores a new session under a new token. The token has 192 random bits; the store sees its hash only (SEC-30).
func (s *Services) open(ctx context.Context, session Session, account string) (string, Session, error) {
	raw := make([]byte, 24)
	rand.Read(raw)
	token := base64.RawURLEncoding.EncodeToString(raw)
	session.Key = s.keyed(s.keys.session, token)
	session.CreatedAt = s.now()
	session.SeenAt = session.CreatedAt
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(
			s.store.InsertSession(ctx, session),
			s.store.SetLastLogin(ctx, session.Member, session.CreatedAt),
			s.store.SetTries(ctx, account, 0, time.Time{}),
		)
	})
	return token, session, err
}

// Session finds the session of a token and its member; ErrNotFound for a token that was never given out, has expired or
// belongs to a member who is no longer active.
func (s *Services) Session(ctx context.Context, token string) (Session, Member, error) {
	if len(token) != 32 {
		return Session{}, Member{}, ErrNotFound
	}
	session, err := s.store.Session(ctx, s.keyed(s.keys.session, token))
	if err != nil {
		return Session{}, Member{}, err
	}
	now := s.now()
	if now.Sub(session.SeenAt) > sessionTouch {
		session.SeenAt = s.lastTouch(session.Key, session.SeenAt)
	}
	if now.Sub(session.SeenAt) > SessionIdle || now.Sub(session.CreatedAt) > SessionAbsolute {
		return Session{}, Member{}, errors.Join(ErrNotFound, s.store.DeleteSession(ctx, session.Key))
	}
	m, err := s.store.Member(ctx, session.Member)
	if err != nil {
		return Session{}, Member{}, err
	}
	if m.Status != Active {
		return Session{}, Member{}, ErrNotFound
	}
	if now.Sub(session.SeenAt) > sessionTouch {
		session.SeenAt = now
		s.touches.note(session.Key, touch{session.Key, now})
	}
	return session, m, nil
}

// Logout ends one session; the member's others live on.
func (s *Services) Logout(ctx context.Context, key string) error {
	return s.store.DeleteSession(ctx, key)
}

func (s *Services) keyed(key []byte, value string) string {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(value))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}
