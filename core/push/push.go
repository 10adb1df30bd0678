// Package push tells members who are away that something waits for them, by Web Push: beside the notices of home and letters,
// never instead of them, and never more than kinds and numbers. Start reading at Wake and Run.
package push

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"net/url"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// Limits of push.
const (
	MaxBrowsers = 10 // of one member that are told; one more, and the oldest is told no longer
	maxEndpoint = 1024
	maxAgent    = 60              // characters of what a browser is called
	together    = 5 * time.Second // what happens within it is told at once
	apart       = time.Minute     // between two messages to one browser
	maxTries    = 5               // of one message
	firstRetry  = time.Minute     // four times as long each time
	maxRetry    = time.Hour       // whatever the push service asks for
	runEvery    = 2 * time.Second // how often it is looked who is to be told
	mostAtOnce  = 8               // messages on their way
	batch       = 200             // browsers of one look
	tryTime     = 5 * time.Second // for one message
	Lifetime    = 24 * time.Hour  // the push service keeps a message for so long
	MaxMessage  = 2048            // bytes of one
	keySize     = 65              // bytes of a browser's public key
	authSize    = 16              // bytes of what it shares with us
	lastHour    = 23              // of a day
	defaultFrom = 23              // quiet hours of who has chosen none
	defaultTo   = 7
)

// Refusals.
var (
	// ErrBrowser: what a browser gave is no place that we send to.
	ErrBrowser = &core.Error{Code: core.Wrong, Key: "error.push"}
	// ErrGone is what a Sender gives when the browser wants no more.
	ErrGone = errors.New("push: the browser is gone")
)

// A Later is what a Sender gives when the push service wants to be asked later.
type Later struct{ Wait time.Duration }

func (l Later) Error() string { return "push: asked too often, again in " + l.Wait.String() }

// A Browser is one that a member is told by, for as long as the session lives in which they asked for it.
type Browser struct {
	Member   core.ID
	Hash     string // of the endpoint: names it without opening it
	Session  string // its key; when that session ends, nothing is sent any more
	Endpoint string // of the browser's push service: who knows it can wake the browser
	Key      string // base64url: the browser's public key
	Auth     string // base64url: what the browser shares with us
	Agent    string // what it is called: "PC", …
	MadeAt   time.Time
	SentAt   time.Time // zero: never
	DueAt    time.Time // zero: nothing waits to be told
	Tries    int       // of what waits
}

// A Choice is what a member wants to be told and when. The zero value is all, at any hour.
type Choice struct {
	Off      uint64 // a bit for each kind of news of which they are told nothing
	From, To int    // quiet hours of their day: from From:00 to To:00; the same: none
}

// Wants says whether the member is told of a kind.
func (c Choice) Wants(k news.Kind) bool { return c.Off>>k&1 == 0 }

// Without leaves out a kind.
func (c Choice) Without(k news.Kind) Choice {
	c.Off |= 1 << k
	return c
}

// quietUntil is when the quiet hours around a time end; zero when it is none of them.
func (c Choice) quietUntil(now time.Time) time.Time {
	h := now.Hour()
	quiet := c.From <= h && h < c.To
	if c.From > c.To {
		quiet = h >= c.From || h < c.To
	}
	if !quiet {
		return time.Time{}
	}
	end := time.Date(now.Year(), now.Month(), now.Day(), c.To, 0, 0, 0, now.Location())
	if !end.After(now) {
		end = end.AddDate(0, 0, 1)
	}
	return end
}

// BrowserStore keeps who is told where.
type BrowserStore interface {
	// PutBrowser stores one in place of the one of the same endpoint.
	PutBrowser(ctx context.Context, b Browser) error
	// Browsers lists those of a member whose sessions live, newest first.
	Browsers(ctx context.Context, member core.ID) ([]Browser, error)
	DeleteBrowser(ctx context.Context, member core.ID, hash string) error
	// WakeBrowsers makes the member's browsers due: at a time, and none sooner after its last message than apart. Those that are due later stay so.
	WakeBrowsers(ctx context.Context, member core.ID, now, at time.Time, apart time.Duration) error
	// DueBrowsers lists those due by now whose sessions live, longest due first.
	DueBrowsers(ctx context.Context, now time.Time, limit int) ([]Browser, error)
	// SetDue stores SentAt, DueAt and Tries, unless the browser has been woken since it was due at was.
	SetDue(ctx context.Context, b Browser, was time.Time) error
	// DeleteOrphans forgets browsers whose sessions have ended.
	DeleteOrphans(ctx context.Context) error
	// PushChoice gives what a member has chosen; ErrNotFound when they have chosen nothing.
	PushChoice(ctx context.Context, member core.ID) (Choice, error)
	SetPushChoice(ctx context.Context, member core.ID, c Choice) error
}

// Subscribe has the member told by a browser, in place of what the same browser was told before.
func (s *Service) Subscribe(ctx context.Context, b Browser) error {
	if s.sender == nil {
		return core.ErrNotFound
	}
	if err := s.admits(b); err != nil {
		return err
	}
	if r := []rune(b.Agent); len(r) > maxAgent {
		b.Agent = string(r[:maxAgent])
	}
	b.Hash, b.MadeAt, b.SentAt, b.DueAt, b.Tries = s.hash(b.Endpoint), s.Now(), time.Time{}, time.Time{}, 0
	return s.store.AtomicOf(ctx, core.Of(b.Member), func(ctx context.Context) error {
		all, err := s.store.Browsers(ctx, b.Member)
		if err != nil {
			return err
		}
		for i, old := range all {
			if i >= MaxBrowsers-1 && old.Hash != b.Hash {
				if err := s.store.DeleteBrowser(ctx, b.Member, old.Hash); err != nil {
					return err
				}
			}
		}
		return errors.Join(s.store.PutBrowser(ctx, b), s.Audit(ctx, "push", b.Member, b.Agent, ""))
	})
}

// admits says whether what a browser gave is a place that we may send to, and keys that a message can be sealed with (SEC-85).
func (s *Service) admits(b Browser) error {
	u, err := url.Parse(b.Endpoint)
	if err != nil || len(b.Endpoint) > maxEndpoint || u.Scheme != "https" || u.User != nil || u.Fragment != "" || u.Hostname() == "" || s.sender.Admits(u) != nil {
		return ErrBrowser
	}
	key, err := base64.RawURLEncoding.DecodeString(b.Key)
	if err != nil || len(key) != keySize {
		return ErrBrowser
	}
	if _, err := ecdh.P256().NewPublicKey(key); err != nil {
		return ErrBrowser
	}
	if auth, err := base64.RawURLEncoding.DecodeString(b.Auth); err != nil || len(auth) != authSize {
		return ErrBrowser
	}
	return nil
}

func (s *Service) hash(endpoint string) string { return s.Keyed(s.Keys.Session, "push "+endpoint) }

// Browsers lists where a member is told, newest first.
func (s *Service) Browsers(ctx context.Context, member core.ID) ([]Browser, error) {
	return s.store.Browsers(ctx, member)
}

// End tells a member no more by one browser.
func (s *Service) End(ctx context.Context, member core.ID, hash string) error {
	return s.store.DeleteBrowser(ctx, member, hash)
}

// Choice gives what a member wants to be told; all but by night until they say otherwise.
func (s *Service) Choice(ctx context.Context, member core.ID) (Choice, error) {
	c, err := s.store.PushChoice(ctx, member)
	if errors.Is(err, core.ErrNotFound) {
		return Choice{From: defaultFrom, To: defaultTo}, nil
	}
	return c, err
}

// Choose stores it.
func (s *Service) Choose(ctx context.Context, member core.ID, c Choice) error {
	var check core.Check
	if c.From < 0 || c.From > lastHour {
		check.Fail("from", "field.choice", 0)
	}
	if c.To < 0 || c.To > lastHour {
		check.Fail("to", "field.choice", 0)
	}
	if err := check.Err(); err != nil {
		return err
	}
	return s.store.SetPushChoice(ctx, member, c)
}

// Wake notes that news is to be told, in the transaction that tells of it. What the message says is found out when it is sent.
func (s *Service) Wake(ctx context.Context, n news.News) error {
	if s.sender == nil {
		return nil
	}
	all, err := s.store.Browsers(ctx, n.Member)
	if err != nil || len(all) == 0 {
		return err
	}
	choice, err := s.Choice(ctx, n.Member)
	if err != nil || !choice.Wants(n.Kind) {
		return err
	}
	now := s.Now()
	return s.store.WakeBrowsers(ctx, n.Member, now, now.Add(together), apart)
}

// Sweep forgets browsers whose sessions have ended: they were told nothing since.
func (s *Service) Sweep(ctx context.Context) error { return s.store.DeleteOrphans(ctx) }
