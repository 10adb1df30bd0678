package outbox

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"musubi/core"
)

// A Refusal is an answer of a mail server that will not change: 5xx. Any other error of a MailSender means to try again.
type Refusal struct {
	Code   int
	AtData bool // at the end of the letter: the address is there, and a filter of its owner's does not want it
	Says   string
}

func (r *Refusal) Error() string { return strconv.Itoa(r.Code) + " " + r.Says }

// maxFailures in a row are as many as an address is written to in vain; failureAge ends a row.
const (
	maxFailures = 3
	failureAge  = 30 * 24 * time.Hour
)

// A Failure is what is known of an address that letters do not reach. Zero: nothing.
type Failure struct {
	Failed     int       // letters in a row that no such address was known for
	At         time.Time // of the last
	FilteredAt time.Time // when a letter was refused by a filter; zero: never
}

// Stopped says whether nothing is sent to the address any more.
func (f Failure) Stopped() bool { return f.Failed >= maxFailures }

// FailureStore remembers addresses that letters do not reach, by a keyed hash.
type FailureStore interface {
	// Failure gives the zero Failure for an address of which nothing is known.
	Failure(ctx context.Context, hash string) (Failure, error)
	PutFailure(ctx context.Context, hash string, f Failure) error
	DeleteFailure(ctx context.Context, hash string) error
	DeleteFailuresBefore(ctx context.Context, t time.Time) error
	// Letter gives one letter, or ErrNotFound.
	Letter(ctx context.Context, id core.ID) (Letter, error)
}

// A Report says what became of a letter after a mail server had taken it (RFC 3464).
type Report struct {
	Failed bool
	Status string // "5.1.1"; "": it does not say
}

func (s *Service) failureHash(address string) string { return s.Keyed(s.Keys.Mail, "failed "+address) }

// Failure says whether letters reach an address.
func (s *Service) Failure(ctx context.Context, address string) (Failure, error) {
	return s.store.Failure(ctx, s.failureHash(address))
}

// Retry sends to an address again.
func (s *Service) Retry(ctx context.Context, address string) error {
	return s.store.DeleteFailure(ctx, s.failureHash(address))
}

// failed counts a letter that did not reach its address: one that is not there, or one whose owner's filter does not want us.
// DoCoMo and au have one sentence for both, and tell them apart by when they say it.
func (s *Service) failed(ctx context.Context, address string, filtered bool) error {
	now := s.Now()
	return s.Store().Atomic(ctx, func(ctx context.Context) error {
		f, err := s.Failure(ctx, address)
		if err != nil {
			return err
		}
		switch {
		case filtered:
			f.FilteredAt = now
		case now.Sub(f.At) > failureAge:
			f.Failed, f.At = 1, now
		default:
			f.Failed, f.At = f.Failed+1, now
		}
		return s.store.PutFailure(ctx, s.failureHash(address), f)
	})
}

// Return addresses are b-<letter>-<10 hex>@domain: each letter has its own (VERP), so that a bounce says of which it is whatever its
// text looks like, and nobody can make one up (SEC-93).
const returnKind = "b"

// returnTo is where bounces of a letter go; "": to the sender that the mail server knows us by.
func (s *Service) returnTo(id core.ID) string {
	if s.domain == "" {
		return ""
	}
	return returnKind + "-" + strconv.FormatInt(int64(id), 36) + "-" + s.returnMark(id) + "@" + s.domain
}

func (s *Service) returnMark(id core.ID) string {
	raw, err := base64.RawURLEncoding.DecodeString(s.Keyed(s.Keys.Mail, "return "+id.String()))
	if err != nil {
		panic(err) // Keyed writes it so
	}
	return hex.EncodeToString(raw[:5])
}

// Returned gives the letter that a return address is of, by its local part; ErrNotFound for any other.
func (s *Service) Returned(ctx context.Context, local string) (Letter, error) {
	parts := strings.Split(strings.ToLower(local), "-")
	if len(parts) != 3 || parts[0] != returnKind {
		return Letter{}, core.ErrNotFound
	}
	n, err := strconv.ParseInt(parts[1], 36, 64)
	if err != nil || n <= 0 || parts[2] != s.returnMark(core.ID(n)) {
		return Letter{}, core.ErrNotFound
	}
	return s.store.Letter(ctx, core.ID(n))
}

// bounced begins the problem of a letter that came back.
const bounced = "bounced"

// Bounce takes a bounce that came to the return address of a letter. Without a report it counts as an address that is not there; a
// delay is none. Of each letter the first counts.
func (s *Service) Bounce(ctx context.Context, local string, reports []Report) error {
	l, err := s.Returned(ctx, local)
	if err != nil || strings.HasPrefix(l.Problem, bounced) {
		return err
	}
	status, fails := "5.1.1", len(reports) == 0
	for _, r := range reports {
		if r.Failed && !strings.HasPrefix(r.Status, "4") {
			status, fails = r.Status, true
		}
	}
	if !fails {
		return nil
	}
	filtered := status != "" && !strings.HasPrefix(status, "5.1.")
	l.Problem = fmt.Sprintf("%s: %s", bounced, status)
	return s.Store().Atomic(ctx, func(ctx context.Context) error {
		return errors.Join(s.failed(ctx, l.To, filtered), s.store.SetLetter(ctx, l))
	})
}
