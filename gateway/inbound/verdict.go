package inbound

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/authres"
	"github.com/emersion/go-msgauth/dkim"

	"musubi/transcode/mail"
)

// A Result is what a check found (RFC 8601 §2.7).
type Result string

// The results. None also means: not checked.
const (
	None      Result = "none"
	Pass      Result = "pass"
	Fail      Result = "fail"
	SoftFail  Result = "softfail"
	Neutral   Result = "neutral"
	TempError Result = "temperror" // could not be looked up
	PermError Result = "permerror" // what was published makes no sense
)

// A Verdict says who may have sent a message, as far as that can be known. It decides nothing: it raises trust or asks for
// confirmation (SEC-90), because forwarding breaks SPF, and carriers of 2007 signed nothing.
type Verdict struct {
	SPF       Result
	SPFDomain string // of the envelope's sender, or the name of the peer's greeting
	DKIM      []Signature
	By        string // "": looked up here; else the mail server of ours whose word it is
}

// A Signature is one DKIM signature.
type Signature struct {
	Domain string
	Result Result
}

// Vouches says whether SPF or DKIM shows that a domain sent the message.
func (v Verdict) Vouches(domain string) bool {
	if v.SPF == Pass && covers(v.SPFDomain, domain) {
		return true
	}
	for _, s := range v.DKIM {
		if s.Result == Pass && covers(s.Domain, domain) {
			return true
		}
	}
	return false
}

// Denies says whether a domain itself says that the message is not its own, and no signature says otherwise.
func (v Verdict) Denies(domain string) bool {
	return v.SPF == Fail && covers(v.SPFDomain, domain) && !v.Vouches(domain)
}

// covers says whether who speaks for a domain speaks for another: the same, or one above it.
func covers(above, domain string) bool {
	return above != "" && (above == domain || strings.HasSuffix(domain, "."+above))
}

// maxSignatures is how many DKIM signatures are looked at: each is a question to a server that the sender names.
const maxSignatures = 3

// judge finds out what can be known of a message.
func (s *Server) judge(ctx context.Context, e *Envelope, m *mail.Message, raw []byte) Verdict {
	if s.c.AuthServID != "" {
		return trustedResults(m.Header, s.c.AuthServID)
	}
	ctx, cancel := context.WithTimeout(ctx, s.c.DeliverTime/4) // a slow name server must leave time to store
	defer cancel()
	v := Verdict{SPF: None}
	if public(e) && !s.c.LMTP {
		v.SPF, v.SPFDomain = s.checkSPF(ctx, e)
	}
	if m.Header.Get("DKIM-Signature") != "" {
		v.DKIM = s.checkDKIM(ctx, raw)
	}
	return v
}

// public says whether SPF can know the peer: not this machine, nor one beside it.
func public(e *Envelope) bool {
	return e.Peer.IsGlobalUnicast() && !e.Peer.IsPrivate()
}

func (s *Server) checkSPF(ctx context.Context, e *Envelope) (Result, string) {
	domain := e.From.Domain
	if domain == "" {
		domain = strings.ToLower(e.Hello)
	}
	result, _ := spf.CheckHostWithSender(net.IP(e.Peer.AsSlice()), e.Hello, e.From.Wire(), spf.WithContext(ctx), spf.WithResolver(s.c.Resolver))
	return Result(result), domain
}

func (s *Server) checkDKIM(ctx context.Context, raw []byte) (all []Signature) {
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{
		MaxVerifications: maxSignatures,
		LookupTXT:        func(name string) ([]string, error) { return s.c.Resolver.LookupTXT(ctx, name) },
	})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return nil
	}
	for _, f := range found {
		result := Pass
		switch {
		case dkim.IsTempFail(f.Err):
			result = TempError
		case f.Err != nil:
			result = Fail
		}
		all = append(all, Signature{strings.ToLower(f.Domain), result})
	}
	return all
}

// trustedResults reads what the mail server of ours that has this name found out. Only fields above the Received field of the hop
// before that server count, and of each method the first: what came with the message lies below.
func trustedResults(h mail.Header, id string) Verdict {
	v := Verdict{SPF: None, By: id}
	received, sawSPF, sawDKIM := 0, false, false
	for _, f := range h {
		if strings.EqualFold(f.Name, "Received") {
			if received++; received > 1 {
				break
			}
		}
		if !strings.EqualFold(f.Name, "Authentication-Results") {
			continue
		}
		name, results, err := authres.Parse(f.Value)
		if err != nil || !strings.EqualFold(name, id) {
			continue
		}
		spfNow, dkimNow := false, false
		for _, r := range results {
			switch r := r.(type) {
			case *authres.SPFResult:
				if !sawSPF && !spfNow {
					v.SPF, v.SPFDomain, spfNow = Result(r.Value), spfDomain(r), true
				}
			case *authres.DKIMResult:
				if !sawDKIM && len(v.DKIM) < maxSignatures {
					v.DKIM, dkimNow = append(v.DKIM, Signature{signer(r), Result(r.Value)}), true
				}
			}
		}
		sawSPF, sawDKIM = sawSPF || spfNow, sawDKIM || dkimNow
	}
	return v
}

// spfDomain is whose SPF record it was.
func spfDomain(r *authres.SPFResult) string {
	if a, ok := mail.ParseAddress(strings.Trim(r.From, "<>")); ok {
		return a.Domain
	}
	if r.From != "" {
		return strings.ToLower(strings.Trim(r.From, "<>@"))
	}
	return strings.ToLower(r.Helo)
}

// signer is the domain of a signature: header.d, or what is after the @ of header.i.
func signer(r *authres.DKIMResult) string {
	if r.Domain != "" {
		return strings.ToLower(r.Domain)
	}
	_, domain, _ := strings.Cut(r.Identifier, "@")
	return strings.ToLower(domain)
}
