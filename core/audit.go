package core

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// An Entry is one line of the audit log: who did what when and from where, or what was refused and why; without content,
// names, or IDs of handsets (SEC-120).
type Entry struct {
	Seq     int64
	At      time.Time
	Kind    string // "login", "loginfail", "easylogin", "easyenrol", "easyrevoke", "password", "invite", "register", "block" …
	Member  ID
	Client  string
	Object  string
	Peer    string // the address of who asked; "": unknown, or an operator's command
	Reason  string // of a refusal
	Subject string // keyed hash of the ID, or mail address, that a refusal is about
	Times   int    // how many the line stands for
	Chain   string // hash over this line and the chain before it
}

// AuditAge is how long the log is kept (SEC-120).
const AuditAge = 180 * 24 * time.Hour

// AuditStore keeps the audit log, which only grows at its end, and goes at its beginning when it is old.
type AuditStore interface {
	// LastAudit returns the newest line, of a kind or of any (""), or ErrNotFound.
	LastAudit(ctx context.Context, kind string) (Entry, error)
	InsertAudit(ctx context.Context, e Entry) error
	// AuditAfter lists up to limit lines after a sequence number, oldest first.
	AuditAfter(ctx context.Context, seq int64, limit int) ([]Entry, error)
	// AuditAnchor gives number and chain of the last line that went; zero when all are there.
	AuditAnchor(ctx context.Context) (seq int64, chain string, err error)
	// DeleteAuditBefore lets up to limit of the oldest lines go that are older than t, and says how many.
	DeleteAuditBefore(ctx context.Context, t time.Time, limit int) (int, error)
}

// Audit adds a line about what a member, or an operator, does, in the transaction of what it tells of when ctx carries one.
func (s *Desk) Audit(ctx context.Context, kind string, member ID, client, object string) error {
	p := PeerOf(ctx)
	if client == "" {
		client = p.Client
	}
	return s.auditAll(ctx, Entry{At: s.now(), Kind: kind, Member: member, Client: client, Object: object, Peer: p.address(), Times: 1})
}

// AuditDelete adds a line about what a member deletes.
func (s *Desk) AuditDelete(ctx context.Context, member ID, what string, id ID) error {
	return s.Audit(ctx, "delete", member, "", what+" "+id.String())
}

// auditAll adds lines to the end of the log.
func (s *Desk) auditAll(ctx context.Context, lines ...Entry) error {
	return s.store.AtomicOf(ctx, Of(TheLog), func(ctx context.Context) error {
		last, err := s.store.LastAudit(ctx, "")
		if errors.Is(err, ErrNotFound) {
			last.Seq, last.Chain, err = s.store.AuditAnchor(ctx)
		}
		for _, e := range lines {
			if err != nil {
				return err
			}
			e.Seq, e.At = last.Seq+1, e.At.Truncate(time.Millisecond)
			e.Chain = e.Link(last.Chain)
			err, last = s.store.InsertAudit(ctx, e), e
		}
		return err
	})
}

// Link is the chain value of a line after the chain before it. Lines from before refusals were logged have none of what tells
// about them.
func (e Entry) Link(before string) string {
	text := fmt.Appendf(nil, "%s\n%d\n%d\n%q\n%d\n%q\n%q", before, e.Seq, e.At.UnixMilli(), e.Kind, e.Member, e.Client, e.Object)
	if e.Peer != "" || e.Reason != "" || e.Subject != "" || e.Times != 1 {
		text = fmt.Appendf(text, "\n%q\n%q\n%q\n%d", e.Peer, e.Reason, e.Subject, e.Times)
	}
	sum := sha256.Sum256(text)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// auditBite is how many lines are read, or let go, in one go.
const auditBite = 1000

// ReadAudit calls line for each line of the log between two times, oldest first, until it returns an error.
func (s *Desk) ReadAudit(ctx context.Context, from, until time.Time, line func(e Entry) error) error {
	for seq := int64(0); ; {
		entries, err := s.store.AuditAfter(ctx, seq, auditBite)
		if err != nil || len(entries) == 0 {
			return err
		}
		for _, e := range entries {
			if seq = e.Seq; e.At.Before(from) || !e.At.Before(until) {
				continue
			}
			if err := line(e); err != nil {
				return err
			}
		}
	}
}

// VerifyAudit walks the whole log and returns an error that names the first line that was changed or is missing.
func (s *Desk) VerifyAudit(ctx context.Context) (lines int64, err error) {
	seq, chain, err := s.store.AuditAnchor(ctx)
	if err != nil {
		return 0, err
	}
	for {
		entries, err := s.store.AuditAfter(ctx, seq, auditBite)
		if err != nil || len(entries) == 0 {
			return lines, err
		}
		for _, e := range entries {
			if e.Seq != seq+1 || e.Chain != e.Link(chain) {
				return lines, fmt.Errorf("core: audit log: line %d does not follow line %d: the log was changed", e.Seq, seq)
			}
			lines, seq, chain = lines+1, e.Seq, e.Chain
		}
	}
}

// SweepAudit lets go what is older than AuditAge.
func (s *Desk) SweepAudit(ctx context.Context) error {
	for {
		if n, err := s.store.DeleteAuditBefore(ctx, s.now().Add(-AuditAge), auditBite); err != nil || n < auditBite {
			return err
		}
	}
}

// AuditSettings adds a line when the operator's settings are others than the last time; settings names them without secrets.
func (s *Desk) AuditSettings(ctx context.Context, settings string) error {
	return s.store.AtomicOf(ctx, Of(TheLog), func(ctx context.Context) error {
		last, err := s.store.LastAudit(ctx, "settings")
		if err != nil && !errors.Is(err, ErrNotFound) || last.Object == settings {
			return err
		}
		return s.Audit(ctx, "settings", 0, "operator", settings)
	})
}
