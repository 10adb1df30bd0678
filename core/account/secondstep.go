package account

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"musubi/core"
)

// The second step (二段階認証): after the right password a code of the member's own device is asked for (RFC 6238), or one of the
// recovery codes that were shown once. Easy login is a device of its own and asks for none.

// Bounds of the second step.
const (
	codeStep      = 30 * time.Second
	ticketAge     = 5 * time.Minute // so long the code is asked for after the password
	RecoveryCodes = 10
)

// Refusals of a second step.
var (
	ErrCode   = core.Invalid{{Field: "code", Key: "field.code"}}
	ErrTicket = &core.Error{Code: core.Refused, Key: "error.codelate"}
)

// A SecondStepNeeded is a login whose password was right; Ticket is what [Service.EnterCode] asks for beside the code.
type SecondStepNeeded struct{ Ticket string }

func (*SecondStepNeeded) Error() string { return "account: a code is asked for" }

// A SecondStep is what is kept of a member's second step.
type SecondStep struct {
	Member core.ID
	Secret string // sealed
	Used   int64  // the step of the last code: each opens once
	Since  time.Time
}

// SecondStepStore keeps second steps.
type SecondStepStore interface {
	// SecondStep gives that of a member, or ErrNotFound.
	SecondStep(ctx context.Context, member core.ID) (SecondStep, error)
	// PutSecondStep stores it and replaces the recovery codes.
	PutSecondStep(ctx context.Context, s SecondStep, recovery []string) error
	// UseStep notes the step of a code; false when one of that step or a later one was used.
	UseStep(ctx context.Context, member core.ID, step int64) (bool, error)
	// UseRecovery takes a recovery code away; false when there is none such.
	UseRecovery(ctx context.Context, member core.ID, hash string) (bool, error)
	CountRecovery(ctx context.Context, member core.ID) (int, error)
	DeleteSecondStep(ctx context.Context, member core.ID) error
}

// codes is how the second step is done: tickets, codes, and what secrets are sealed with.
type codes struct{ *Service }

// NewSecondStep makes a secret for the member's device, and what the form that asks for its first code carries along: the secret
// is kept nowhere before that code has come.
func (s *Service) NewSecondStep() (secret, sealed string) {
	raw := make([]byte, 20)
	rand.Read(raw)
	secret = base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	return secret, codes{s}.seal(secret)
}

// SecondStepSecret opens what NewSecondStep sealed; "" when it is not of ours.
func (s *Service) SecondStepSecret(sealed string) string { return codes{s}.unseal(sealed) }

// SecondStepAddress is what a device reads from a picture or a link.
func SecondStepAddress(site, mail, secret string) string {
	return "otpauth://totp/" + url.PathEscape(site+":"+mail) + "?" + url.Values{"secret": {secret}, "issuer": {site}}.Encode()
}

// SecondStepOn says since when a member has a second step, and how many recovery codes are left; zero: there is none.
func (s *Service) SecondStepOn(ctx context.Context, member core.ID) (since time.Time, left int, err error) {
	step, err := s.store.SecondStep(ctx, member)
	if errors.Is(err, core.ErrNotFound) {
		return time.Time{}, 0, nil
	}
	if err != nil {
		return time.Time{}, 0, err
	}
	left, err = s.store.CountRecovery(ctx, member)
	return step.Since, left, err
}

// SetSecondStep switches it on, with the password (SEC-23) and the first code of the device, and gives the recovery codes, which
// are shown once.
func (s *Service) SetSecondStep(ctx context.Context, member core.ID, password, sealed, code string) (recovery []string, err error) {
	if err := s.CheckPassword(ctx, member, password); err != nil {
		return nil, err
	}
	secret := codes{s}.unseal(sealed)
	at, ok := codes{s}.stepOf(secret, code)
	if secret == "" || !ok {
		return nil, ErrCode
	}
	var hashes []string
	for range RecoveryCodes {
		raw := make([]byte, 10)
		rand.Read(raw)
		one := strings.ToLower(base32.StdEncoding.EncodeToString(raw))
		recovery, hashes = append(recovery, one), append(hashes, codes{s}.recoveryHash(member, one))
	}
	return recovery, s.store.Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(s.store.PutSecondStep(ctx, SecondStep{Member: member, Secret: codes{s}.seal(secret), Used: at, Since: s.Now()}, hashes),
			s.Audit(ctx, "secondstep", member, "", "on"))
	})
}

// EndSecondStep switches it off, with the password.
func (s *Service) EndSecondStep(ctx context.Context, member core.ID, password string) error {
	if err := s.CheckPassword(ctx, member, password); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(s.store.DeleteSecondStep(ctx, member), s.Audit(ctx, "secondstep", member, "", "off"))
	})
}

// askCode is a SecondStepNeeded for a member who has a second step.
func (s codes) askCode(ctx context.Context, member core.ID) error {
	if _, err := s.store.SecondStep(ctx, member); errors.Is(err, core.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	until := s.Now().Add(ticketAge).Unix()
	sign, err := s.signTicket(ctx, member, until)
	if err != nil {
		return err
	}
	return &SecondStepNeeded{member.String() + "." + strconv.FormatInt(until, 36) + "." + sign}
}

// signTicket binds a ticket to its member, its end and the password that was right.
func (s codes) signTicket(ctx context.Context, member core.ID, until int64) (string, error) {
	hash, err := s.store.PasswordHash(ctx, member)
	return s.Keyed(s.Keys.Session, "ticket "+member.String()+" "+strconv.FormatInt(until, 36)+" "+hash), err
}

// openTicket gives the member of a ticket; ErrTicket when it is not ours or too old.
func (s codes) openTicket(ctx context.Context, ticket string) (core.ID, error) {
	parts := strings.Split(ticket, ".")
	if len(parts) != 3 {
		return 0, ErrTicket
	}
	member, ok := core.ParseID(parts[0])
	until, err := strconv.ParseInt(parts[1], 36, 64)
	if !ok || err != nil || s.Now().After(time.Unix(until, 0)) {
		return 0, ErrTicket
	}
	sign, err := s.signTicket(ctx, member, until)
	if errors.Is(err, core.ErrNotFound) || err == nil && !hmac.Equal([]byte(sign), []byte(parts[2])) {
		return 0, ErrTicket
	}
	return member, err
}

// EnterCode opens the session that a right password has earned, with a code of the member's device or a recovery code. Wrong ones
// wait as wrong passwords do (SEC-102).
func (s *Service) EnterCode(ctx context.Context, ticket, code, client string) (token string, session Session, err error) {
	member, err := codes{s}.openTicket(ctx, ticket)
	if err != nil {
		return "", Session{}, err
	}
	tries := s.Keyed(s.Keys.Mail, "code "+member.String())
	if err := s.guard.CountTry(ctx, tries); err != nil {
		s.Refuse(ctx, "loginfail", "throttled", member, "")
		return "", Session{}, err
	}
	ok, err := codes{s}.rightCode(ctx, member, code)
	if err != nil {
		return "", Session{}, err
	}
	if !ok {
		s.Refuse(ctx, "loginfail", "code", member, "")
		return "", Session{}, ErrCode
	}
	m, err := s.store.Member(ctx, member)
	if err != nil || m.Status != core.Active {
		return "", Session{}, errors.Join(err, ErrTicket)
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := tellOfDevice(ctx, s, m, client); err != nil {
			return err
		}
		token, session, err = s.open(ctx, Session{Member: member, Client: client}, tries)
		return errors.Join(err, s.Audit(ctx, "login", member, client, "code"))
	})
	return token, session, err
}

// rightCode uses a code up: that of a device, or a recovery code.
func (s codes) rightCode(ctx context.Context, member core.ID, code string) (bool, error) {
	step, err := s.store.SecondStep(ctx, member)
	if errors.Is(err, core.ErrNotFound) { // switched off meanwhile: the password was right
		return true, nil
	}
	if err != nil {
		return false, err
	}
	if at, ok := s.stepOf(s.unseal(step.Secret), code); ok {
		return s.store.UseStep(ctx, member, at)
	}
	return s.store.UseRecovery(ctx, member, s.recoveryHash(member, strings.ToLower(bare(code))))
}

// stepOf finds the step whose code it is: now, or one before or after, for clocks that are not exact.
func (s codes) stepOf(secret, code string) (int64, bool) {
	code = bare(code)
	for _, off := range [...]time.Duration{0, -codeStep, codeStep} {
		at := s.Now().Add(off)
		want, err := totp.GenerateCode(secret, at)
		if err == nil && secret != "" && hmac.Equal([]byte(want), []byte(code)) {
			return at.Unix() / int64(codeStep/time.Second), true
		}
	}
	return 0, false
}

// bare is a code as it was typed, without what people put between its figures, full-width ones made plain.
func bare(code string) string {
	code = core.Fold(code)
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '　' {
			return -1
		}
		return r
	}, code)
}

func (s codes) recoveryHash(member core.ID, code string) string {
	return s.Keyed(s.Keys.Session, "recovery "+member.String()+" "+code)
}

// sealer is what secrets of second steps are sealed with: the database alone opens none.
func (s codes) sealer() cipher.AEAD {
	block, err := aes.NewCipher(core.DeriveKey(s.Keys.Session, "second step"))
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return gcm
}

func (s codes) seal(secret string) string {
	gcm := s.sealer()
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(gcm.Seal(nonce, nonce, []byte(secret), nil))
}

func (s codes) unseal(sealed string) string {
	raw, err := base64.RawURLEncoding.DecodeString(sealed)
	gcm := s.sealer()
	if err != nil || len(raw) < gcm.NonceSize() {
		return ""
	}
	secret, err := gcm.Open(nil, raw[:gcm.NonceSize()], raw[gcm.NonceSize():], nil)
	if err != nil {
		return ""
	}
	return string(secret)
}
