package operator

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"musubi/core"
)

// Idle is how long an operator's session lives without a request, Absolute how long at most (SEC-105).
const (
	Idle     = 15 * time.Minute
	Absolute = 12 * time.Hour
)

// Limits of an operator's account.
const (
	MaxName     = 40
	MinPassword = 12 // characters (SEC-105)
)

// ticketAge is how long the code may be asked for after the password was right.
const ticketAge = 5 * time.Minute

// step is how long a code lives.
const step = 30 * time.Second

// A Role says what an operator may do. The numbers are stored.
type Role uint8

// Roles.
const (
	Everything Role = iota
	Reporter        // answers reports, and nothing else
	Analyst         // reads figures, and nothing else
)

// Roles are all values, in the order of forms; RoleNames name them.
var (
	Roles     = [...]Role{Everything, Reporter, Analyst}
	RoleNames = [...]string{Everything: "all", Reporter: "reports", Analyst: "figures"}
)

func (r Role) String() string { return RoleNames[r] }

// ParseRole reads the name of a role.
func ParseRole(s string) (Role, bool) {
	i := slices.Index(RoleNames[:], s)
	return Role(max(i, 0)), i >= 0
}

// A Right is a part of the console.
type Right uint8

// Rights.
const (
	Any     Right = iota // whoever has logged in
	Reports              // the queue, and measures that a report leads to
	Figures              // statistics
	All                  // members, the log, operators, settings
)

// May is the one rule of who may do what on the console.
func (r Role) May(what Right) bool {
	switch what {
	case Any:
		return true
	case Reports:
		return r != Analyst
	case Figures:
		return r != Reporter
	}
	return r == Everything
}

// An Operator is somebody who runs the service.
type Operator struct {
	ID        core.ID
	Name      string
	Role      Role
	CreatedAt time.Time
	EndedAt   time.Time // zero: may log in
	Member    core.ID   // who may work as this operator on the site itself; 0: nobody

	password string // hash
	totp     string // sealed
	used     int64  // the step of the last code
}

// Secrets gives an account what only a store keeps: the hash of the password, the sealed secret of the codes, the last step.
func (o *Operator) Secrets() (password, totp *string, used *int64) {
	return &o.password, &o.totp, &o.used
}

// AccountStore keeps the accounts and sessions of operators.
type AccountStore interface {
	// InsertOperator stores an account; core.ErrMailTaken when the name is taken.
	InsertOperator(ctx context.Context, o Operator) error
	Operator(ctx context.Context, name string) (Operator, error)
	Operators(ctx context.Context) ([]Operator, error)
	// OperatorOf gives the account that a member works with, or core.ErrNotFound; SetOperatorMember says who does.
	OperatorOf(ctx context.Context, member core.ID) (Operator, error)
	SetOperatorMember(ctx context.Context, id, member core.ID) error
	// SetCode notes the step of a code that opened; false when one of that step or a later one was used before.
	SetCode(ctx context.Context, id core.ID, step int64) (bool, error)
	// EndOperator closes an account with its sessions.
	EndOperator(ctx context.Context, id core.ID, at time.Time) error
	InsertOperatorSession(ctx context.Context, key string, operator core.ID, at time.Time) error
	// OperatorSession gives the operator of a session, and when it was made and last used.
	OperatorSession(ctx context.Context, key string) (o Operator, made, seen time.Time, err error)
	SeeOperatorSession(ctx context.Context, key string, at time.Time) error
	DeleteOperatorSession(ctx context.Context, key string) error
	DeleteOperatorSessionsBefore(ctx context.Context, seen time.Time) error
}

// Refusals of a login. Neither says which of name, password and code was wrong.
var (
	ErrLogin = &core.Error{Code: core.Wrong, Key: "error.operatorlogin"}
	ErrCode  = &core.Error{Code: core.Wrong, Key: "error.operatorcode"}
	ErrUsed  = &core.Error{Code: core.Wrong, Key: "error.operatorused"}
	ErrTaken = &core.Error{Code: core.Conflict, Key: "error.operatortaken"}
	ErrLast  = &core.Error{Code: core.Refused, Key: "error.operatorlast"}
)

// A Key is what a new operator logs in with: shown once, and kept nowhere in the clear.
type Key struct{ Password, TOTP string }

// NewKey makes a random password and a random secret for codes.
func NewKey() Key {
	return Key{strings.ToLower(word(15)), word(20)}
}

// word is so many random bytes in letters and digits.
func word(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b)
}

// Create makes an account. Hashing takes time: never inside a transaction.
func (s *Service) Create(ctx context.Context, by, name string, role Role, key Key) (Operator, error) {
	var c core.Check
	c.Text("name", &name, core.OneLine, true, MaxName)
	if core.Length(key.Password) < MinPassword {
		c.Fail("password", "field.passwordshort", MinPassword)
	}
	if err := c.Err(); err != nil {
		return Operator{}, err
	}
	hash, err := s.guard.HashPassword(ctx, key.Password)
	if err != nil {
		return Operator{}, err
	}
	o := Operator{Name: name, Role: role, password: hash}
	if o.totp, err = s.seal(key.TOTP); err != nil {
		return o, err
	}
	o.ID, o.CreatedAt = s.Stamp(time.Time{})
	return o, s.act(ctx, Act{By: by, Kind: "operator", Object: name, After: role.String()}, func(ctx context.Context) error {
		err := s.store.InsertOperator(ctx, o)
		if errors.Is(err, core.ErrMailTaken) {
			return ErrTaken
		}
		return err
	})
}

// Operators lists all accounts.
func (s *Service) Operators(ctx context.Context) ([]Operator, error) { return s.store.Operators(ctx) }

// End closes an account. The last one that may do everything stays.
func (s *Service) End(ctx context.Context, by Operator, name string) error {
	return s.act(ctx, Act{By: by.Name, Kind: "operatorend", Object: name, Before: "open", After: "ended"}, func(ctx context.Context) error {
		all, err := s.store.Operators(ctx)
		if err != nil {
			return err
		}
		rest := slices.ContainsFunc(all, func(o Operator) bool { return o.Role == Everything && o.Name != name && o.EndedAt.IsZero() })
		i := slices.IndexFunc(all, func(o Operator) bool { return o.Name == name })
		switch {
		case i < 0:
			return core.ErrNotFound
		case !rest:
			return ErrLast
		}
		return s.store.EndOperator(ctx, all[i].ID, s.Now())
	})
}

// CheckPassword is the first half of a login: it gives a ticket for the second. Unknown names take as long as wrong passwords, and
// tries wait as those of members do (SEC-102).
func (s *Service) CheckPassword(ctx context.Context, name, password string) (ticket string, err error) {
	guess, end, err := s.guard.TryFrom(ctx, s.Keyed(s.Keys.Mail, "operator "+name))
	if err != nil {
		return "", err
	}
	defer end()
	o, err := s.store.Operator(ctx, name)
	if err != nil && !errors.Is(err, core.ErrNotFound) {
		return "", err
	}
	ok, err := s.guard.VerifyPassword(ctx, o.password, password)
	if err != nil {
		return "", err
	}
	if !ok || !o.EndedAt.IsZero() {
		s.Refuse(ctx, "operatorfail", "password", 0, s.Keyed(s.Keys.Mail, name))
		return "", ErrLogin
	}
	return s.ticket(o.Name, s.Now()), guess.Right(ctx)
}

// ticket says that the password of a name was right at a time.
func (s *Service) ticket(name string, at time.Time) string {
	head := base64.RawURLEncoding.EncodeToString([]byte(name)) + "." + strconv.FormatInt(at.Unix(), 36)
	return head + "." + s.Keyed(s.Keys.Session, "operator ticket "+head)
}

// readTicket gives the name on a ticket that is good now.
func (s *Service) readTicket(ticket string) (name string, ok bool) {
	head, mac, _ := cutLast(ticket, ".")
	if !hmac.Equal([]byte(mac), []byte(s.Keyed(s.Keys.Session, "operator ticket "+head))) {
		return "", false
	}
	coded, at, _ := strings.Cut(head, ".")
	raw, err := base64.RawURLEncoding.DecodeString(coded)
	seconds, bad := strconv.ParseInt(at, 36, 64)
	return string(raw), err == nil && bad == nil && s.Now().Sub(time.Unix(seconds, 0)) <= ticketAge
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// CheckCode is the second half: it opens a session. A code opens once (RFC 6238 §5.2); clocks may differ by one step.
func (s *Service) CheckCode(ctx context.Context, ticket, code string) (token string, o Operator, err error) {
	name, ok := s.readTicket(ticket)
	if !ok {
		return "", o, ErrLogin
	}
	guess, end, err := s.guard.TryFrom(ctx, s.Keyed(s.Keys.Mail, "operator code "+name))
	if err != nil {
		return "", o, err
	}
	defer end()
	if o, err = s.store.Operator(ctx, name); err != nil || !o.EndedAt.IsZero() {
		return "", o, errors.Join(err, ErrLogin)
	}
	used, ok, err := s.codeStep(o, strings.ReplaceAll(code, " ", ""))
	if err != nil {
		return "", o, err
	}
	if !ok {
		s.Refuse(ctx, "operatorfail", "code", 0, s.Keyed(s.Keys.Mail, name))
		return "", o, ErrCode
	}
	if err := guess.Right(ctx); err != nil {
		return "", o, err
	}
	return s.openSession(ctx, o, used)
}

// openSession opens a session of an operator whose code, of a step, was right; step 0: they showed a passkey.
func (s *Service) openSession(ctx context.Context, o Operator, used int64) (token string, _ Operator, err error) {
	token = strings.ToLower(word(20))
	return token, o, s.act(ctx, Act{By: o.Name, Kind: "login", Object: o.Name}, func(ctx context.Context) error {
		if used > 0 {
			fresh, err := s.store.SetCode(ctx, o.ID, used)
			if err == nil && !fresh && !s.again {
				err = ErrUsed
			}
			if err != nil {
				return err
			}
		}
		return errors.Join(s.guard.ForgetTries(ctx, s.Keyed(s.Keys.Mail, "operator "+o.Name)), s.guard.ForgetTries(ctx, s.Keyed(s.Keys.Mail, "operator code "+o.Name)),
			s.store.InsertOperatorSession(ctx, s.sessionKey(token), o.ID, s.Now()))
	})
}

// codeStep says which of the steps around now a code is of.
func (s *Service) codeStep(o Operator, code string) (used int64, ok bool, err error) {
	secret, err := s.open(o.totp)
	if err != nil {
		return 0, false, err
	}
	for _, skew := range []time.Duration{0, -step, step} {
		at := s.Now().Add(skew)
		want, err := totp.GenerateCode(secret, at)
		if err != nil {
			return 0, false, err
		}
		if hmac.Equal([]byte(want), []byte(code)) {
			return at.Unix() / int64(step.Seconds()), true, nil
		}
	}
	return 0, false, nil
}

func (s *Service) sessionKey(token string) string {
	return s.Keyed(s.Keys.Session, "operator "+token)
}

// seenAgain is how old the last sign of life may be before a request notes a new one.
const seenAgain = time.Minute

// Session gives the operator of a token and the key of their session; core.ErrNotFound for one that has expired.
func (s *Service) Session(ctx context.Context, token string) (o Operator, key string, err error) {
	if token == "" {
		return o, "", core.ErrNotFound
	}
	key = s.sessionKey(token)
	o, made, seen, err := s.store.OperatorSession(ctx, key)
	if err != nil {
		return o, "", err
	}
	now := s.Now()
	if now.Sub(seen) > Idle || now.Sub(made) > Absolute || !o.EndedAt.IsZero() {
		return Operator{}, "", errors.Join(s.store.DeleteOperatorSession(ctx, key), core.ErrNotFound)
	}
	if now.Sub(seen) > seenAgain {
		err = s.store.SeeOperatorSession(ctx, key, now)
	}
	return o, key, err
}

// Logout ends a session.
func (s *Service) Logout(ctx context.Context, key string) error {
	return s.store.DeleteOperatorSession(ctx, key)
}

// Sweep lets in again whom nobody holds any longer, and forgets sessions that nobody uses any more and acts that are as old as the
// log.
func (s *Service) Sweep(ctx context.Context) error {
	return errors.Join(s.freeDue(ctx), s.store.DeleteOperatorSessionsBefore(ctx, s.Now().Add(-Idle)), s.store.DeleteActsBefore(ctx, s.Now().Add(-core.AuditAge)))
}

// seal keeps the secret of codes as the database holds it: a copy of the database makes no codes (SEC-125).
func (s *Service) seal(secret string) (string, error) {
	box, err := s.box()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	rand.Read(nonce)
	return base64.RawStdEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(secret), nil)), nil
}

func (s *Service) open(sealed string) (string, error) {
	box, err := s.box()
	if err != nil {
		return "", err
	}
	raw, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < box.NonceSize() {
		return "", fmt.Errorf("operator: the secret of the codes is damaged")
	}
	secret, err := box.Open(nil, raw[:box.NonceSize()], raw[box.NonceSize():], nil)
	return string(secret), err
}

func (s *Service) box() (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
