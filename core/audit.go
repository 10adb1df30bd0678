package core

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// An Entry is one line of the audit log: who did what when, without content and without IDs of handsets (SEC-120).
type Entry struct {
	Seq    int64
	At     time.Time
	Kind   string // "login", "loginfail", "easylogin", "easyenrol", "easyrevoke", "password", "invite", "register", "block" …
	Member ID
	Client string
	Object string
	Chain  string // hash over this line and the chain before it
}

// AuditStore keeps the audit log, which only grows.
type AuditStore interface {
	// LastAudit returns the newest line, or ErrNotFound.
	LastAudit(ctx context.Context) (Entry, error)
	InsertAudit(ctx context.Context, e Entry) error
	// AuditAfter lists up to limit lines after a sequence number, oldest first.
	AuditAfter(ctx context.Context, seq int64, limit int) ([]Entry, error)
}

// audit adds a line, in the transaction of what it tells of when ctx carries one.
func (s *Desk) Audit(ctx context.Context, kind string, member ID, client, object string) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		last, err := s.store.LastAudit(ctx)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		e := Entry{Seq: last.Seq + 1, At: s.now().Truncate(time.Millisecond), Kind: kind, Member: member, Client: client, Object: object}
		e.Chain = e.Link(last.Chain)
		return s.store.InsertAudit(ctx, e)
	})
}

// link is the chain value of a line after the chain before it.
func (e Entry) Link(before string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%d\n%q\n%d\n%q\n%q", before, e.Seq, e.At.UnixMilli(), e.Kind, e.Member, e.Client, e.Object))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// VerifyAudit walks the whole log and returns an error that names the first line that was changed or is missing.
func (s *Desk) VerifyAudit(ctx context.Context) (lines int64, err error) {
	chain := ""
	for {
		entries, err := s.store.AuditAfter(ctx, lines, 1000)
		if err != nil || len(entries) == 0 {
			return lines, err
		}
		for _, e := range entries {
			if e.Seq != lines+1 || e.Chain != e.Link(chain) {
				return lines, fmt.Errorf("core: audit log: line %d does not follow line %d: the log was changed", e.Seq, lines)
			}
			lines, chain = e.Seq, e.Chain
		}
	}
}
