package account

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"musubi/core"
)

// Passkeys (パスキー) are keys that a member's own devices keep: they open an account without a password, and nobody can fish one
// out of a member (W3C Web Authentication). What the library makes of them is kept as it is; a ceremony travels with its form,
// sealed, and each opens once.
type Passkeys struct{ *Service }

// Bounds of passkeys.
const (
	MaxPasskeys    = 20
	MaxPasskeyName = 40              // characters
	ceremonyAge    = 5 * time.Minute // from the page to its answer
)

const purposePasskey = "passkey"

// Refusals about passkeys.
var (
	ErrPasskey      = &core.Error{Code: core.Refused, Key: "error.passkey"}
	ErrPasskeysFull = &core.Error{Code: core.Refused, Key: "error.passkeysfull"}
)

// A Passkey is one of a member's keys.
type Passkey struct {
	Member     core.ID
	ID         core.ID
	Credential string // its ID, base64url
	Data       string // what the library knows of it, JSON: no secret
	Name       string
	MadeAt     time.Time
	UsedAt     time.Time // zero: never yet
}

// PasskeyStore keeps passkeys.
type PasskeyStore interface {
	// Passkeys lists a member's, oldest first.
	Passkeys(ctx context.Context, member core.ID) ([]Passkey, error)
	// PasskeyOf finds one by its credential, or ErrNotFound.
	PasskeyOf(ctx context.Context, credential string) (Passkey, error)
	InsertPasskey(ctx context.Context, p Passkey) error
	// UsePasskey stores its new Data and UsedAt.
	UsePasskey(ctx context.Context, p Passkey) error
	DeletePasskey(ctx context.Context, member, id core.ID) error
}

// A Ceremony is what a page needs for its part: Options for the browser, JSON, and what the form brings back beside its answer.
type Ceremony struct{ Options, Sealed string }

// A Relying says for which host a key is good, and from which page it may be used.
type Relying struct {
	Name   string // of the site, as devices show it
	Host   string // without port
	Origin string // scheme, host and port
}

// ByName says whether the host is a name: keys are good for names alone, never for an address of numbers.
func (r Relying) ByName() bool { return protocol.ValidateRPID(r.Host) == nil }

func (r Relying) party() (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{RPDisplayName: r.Name, RPID: r.Host, RPOrigins: []string{r.Origin}})
}

// owner is a member as the library sees them.
type owner struct {
	handle []byte // names the member to their devices, and to nobody else
	name   string
	keys   []webauthn.Credential
}

func (o owner) WebAuthnID() []byte                         { return o.handle }
func (o owner) WebAuthnName() string                       { return o.name }
func (o owner) WebAuthnDisplayName() string                { return o.name }
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.keys }

// owner reads a member with their keys.
func (s Passkeys) owner(ctx context.Context, member core.ID) (o owner, err error) {
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return o, err
	}
	h := hmac.New(sha256.New, s.Keys.Session)
	h.Write([]byte("passkey of " + member.String()))
	o.handle, o.name = h.Sum(nil), m.Name
	list, err := s.store.Passkeys(ctx, member)
	for _, p := range list {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(p.Data), &c); err != nil {
			return o, err
		}
		o.keys = append(o.keys, c)
	}
	return o, err
}

// List gives a member's passkeys, oldest first.
func (s Passkeys) List(ctx context.Context, member core.ID) ([]Passkey, error) {
	return s.store.Passkeys(ctx, member)
}

// BeginAdd is the ceremony that makes a key of the member's device.
func (s Passkeys) BeginAdd(ctx context.Context, r Relying, member core.ID) (c Ceremony, err error) {
	o, err := s.owner(ctx, member)
	if err != nil {
		return c, err
	}
	party, err := r.party()
	if err != nil {
		return c, err
	}
	have := webauthn.Credentials(o.keys).CredentialDescriptors()
	options, session, err := party.BeginRegistration(o, webauthn.WithExclusions(have), webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementRequired),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}))
	if err != nil {
		return c, err
	}
	return s.ceremony(options, session)
}

func (s Passkeys) ceremony(options any, session *webauthn.SessionData) (c Ceremony, err error) {
	session.Expires = s.Now().Add(ceremonyAge)
	asked, err := json.Marshal(options)
	if err != nil {
		return c, err
	}
	kept, err := json.Marshal(session)
	return Ceremony{Options: string(asked), Sealed: codes(s).seal(string(kept))}, err
}

// session opens what a form brought back, and uses it up; ErrPasskey when it is not ours, too old, or came before.
func (s Passkeys) session(ctx context.Context, sealed string) (d webauthn.SessionData, err error) {
	if json.Unmarshal([]byte(codes(s).unseal(sealed)), &d) != nil || s.Now().After(d.Expires) {
		return d, ErrPasskey
	}
	used := s.Keyed(s.Keys.Link, "ceremony "+d.Challenge)
	if _, _, err := s.store.Link(ctx, used, purposePasskey); !errors.Is(err, core.ErrNotFound) {
		return d, errors.Join(err, ErrPasskey)
	}
	err = s.store.InsertLink(ctx, used, purposePasskey, 0, d.Expires)
	d.Expires = time.Time{} // the library has a clock of its own
	return d, err
}

// Add keeps the key that the member's device made, under a name. It asks for the password, because a key opens the account
// (SEC-23).
func (s Passkeys) Add(ctx context.Context, r Relying, member core.ID, password, name, sealed, answer string) error {
	var check core.Check
	check.Text("name", &name, core.OneLine, false, MaxPasskeyName)
	if err := check.Err(); err != nil {
		return err
	}
	if err := s.CheckPassword(ctx, member, password); err != nil {
		return err
	}
	session, err := s.session(ctx, sealed)
	if err != nil {
		return err
	}
	o, err := s.owner(ctx, member)
	if err != nil {
		return err
	}
	if len(o.keys) >= MaxPasskeys {
		return ErrPasskeysFull
	}
	party, err := r.party()
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBody(bytes.NewReader([]byte(answer)))
	if err != nil {
		return ErrPasskey
	}
	credential, err := party.CreateCredential(o, session, parsed)
	if err != nil {
		return ErrPasskey
	}
	data, err := json.Marshal(credential)
	if err != nil {
		return err
	}
	p := Passkey{Member: member, Credential: base64.RawURLEncoding.EncodeToString(credential.ID), Data: string(data), Name: name}
	p.ID, p.MadeAt = s.Stamp(time.Time{})
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.store.PasskeyOf(ctx, p.Credential); !errors.Is(err, core.ErrNotFound) {
			return errors.Join(err, ErrPasskey)
		}
		return errors.Join(s.store.InsertPasskey(ctx, p), s.Audit(ctx, "passkey", member, "", "on"))
	})
}

// Remove takes a key away; it opens nothing from then on.
func (s Passkeys) Remove(ctx context.Context, member, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(s.store.DeletePasskey(ctx, member, id), s.Audit(ctx, "passkey", member, "", "off"))
	})
}

// BeginLogin is the ceremony that lets a device say whose it is.
func (s Passkeys) BeginLogin(r Relying) (c Ceremony, err error) {
	party, err := r.party()
	if err != nil {
		return c, err
	}
	options, session, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return c, err
	}
	return s.ceremony(options, session)
}

// Login opens a session for the owner of the key that answered. A key is held and unlocked: no second step is asked for.
func (s Passkeys) Login(ctx context.Context, r Relying, sealed, answer, client string) (token string, session Session, err error) {
	p, err := s.answered(ctx, r, sealed, answer)
	if err != nil {
		if errors.Is(err, ErrPasskey) {
			s.Refuse(ctx, "loginfail", "passkey", p.Member, "")
		}
		return "", Session{}, err
	}
	m, err := s.store.Member(ctx, p.Member)
	if err != nil {
		return "", Session{}, err
	}
	if m.Status != core.Active {
		if err := mayReturn(ctx, s.Service, m); err != nil { // who is held is told why, as after the right password
			s.Refuse(ctx, "loginfail", m.Status.String(), p.Member, "")
			return "", Session{}, err
		}
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := tellOfDevice(ctx, s.Service, m, client); err != nil {
			return err
		}
		token, session, err = s.open(ctx, Session{Member: p.Member, Client: client}, s.Keyed(s.Keys.Mail, "passkey "+p.Credential))
		return errors.Join(err, s.store.UsePasskey(ctx, p), s.Audit(ctx, "login", p.Member, client, "passkey"))
	})
	return token, session, err
}

// Prove says whether a member has answered a ceremony of BeginLogin with a passkey of theirs: ErrPasskey when not.
func (s Passkeys) Prove(ctx context.Context, r Relying, member core.ID, sealed, answer string) error {
	p, err := s.answered(ctx, r, sealed, answer)
	if err == nil && p.Member != member {
		err = ErrPasskey
	}
	if errors.Is(err, ErrPasskey) {
		s.Refuse(ctx, "stepupfail", "passkey", member, "")
	}
	if err != nil {
		return err
	}
	return s.store.UsePasskey(ctx, p)
}

// answered checks the answer of a device and gives the key as it is now.
func (s Passkeys) answered(ctx context.Context, r Relying, sealed, answer string) (p Passkey, err error) {
	session, err := s.session(ctx, sealed)
	if err != nil {
		return p, err
	}
	party, err := r.party()
	if err != nil {
		return p, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBody(bytes.NewReader([]byte(answer)))
	if err != nil {
		return p, ErrPasskey
	}
	var failed error // of the store: not the device's fault
	credential, err := party.ValidateDiscoverableLogin(func(raw, _ []byte) (webauthn.User, error) {
		if p, failed = s.store.PasskeyOf(ctx, base64.RawURLEncoding.EncodeToString(raw)); failed != nil {
			return nil, failed
		}
		var o owner
		o, failed = s.owner(ctx, p.Member)
		return o, failed
	}, session, parsed)
	if failed != nil && !errors.Is(failed, core.ErrNotFound) {
		return p, failed
	}
	if err != nil || credential.Authenticator.CloneWarning {
		return p, ErrPasskey
	}
	data, err := json.Marshal(credential)
	p.Data, p.UsedAt = string(data), s.Now()
	return p, err
}
