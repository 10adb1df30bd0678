package push

import (
	"context"
	"crypto/ecdh"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"net/url"
	"sync"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// Service tells members who are away. Safe for concurrent use.
type Service struct {
	*core.Desk
	store  Store
	news   *news.Service
	sender Sender // nil: nobody is told
	words  Words
	key    *ecdh.PrivateKey
}

// Store is what the room needs of the database.
type Store struct {
	core.Store
	BrowserStore
}

// A Sender brings sealed messages to push services. Safe for concurrent use.
type Sender interface {
	// Admits says whether an endpoint is one that may be sent to, as far as its name says.
	Admits(endpoint *url.URL) error
	// Send gives ErrGone, a Later, or another error when the message has not arrived.
	Send(ctx context.Context, b Browser, message []byte) error
}

// A Count is how much news of a kind waits.
type Count struct {
	Kind news.Kind
	N    int
}

// Words has the words of a message: kinds and numbers, and nothing else of what they are about. core/web has them.
type Words interface {
	PushMessage(to core.Member, waits []Count) []byte
}

// New returns the service. seed is what the site's key for push services is made of.
func New(desk *core.Desk, store Store, told *news.Service, seed []byte) *Service {
	store.Store = desk.Store()
	s := &Service{Desk: desk, store: store, news: told, key: siteKey(seed)}
	told.UseWaker(s.Wake)
	return s
}

// UseSender says who sends; without it nobody is told, and no browser is taken. Call it before the service is used.
func (s *Service) UseSender(sender Sender) { s.sender = sender }

// UseWords says who has the words. Call it before the service is used.
func (s *Service) UseWords(w Words) { s.words = w }

// On says whether members can be told here.
func (s *Service) On() bool { return s.sender != nil }

// Key is what push services know the site by (VAPID, RFC 8292). It follows from the secret, so that it stays as long as that.
func (s *Service) Key() *ecdh.PrivateKey { return s.key }

// siteKey is the first number that a hash of the seed gives and that is a key: nearly every one is.
func siteKey(seed []byte) *ecdh.PrivateKey {
	for n := byte(0); ; n++ {
		m := hmac.New(sha256.New, seed)
		m.Write([]byte{'v', 'a', 'p', 'i', 'd', n})
		if key, err := ecdh.P256().NewPrivateKey(m.Sum(nil)); err == nil {
			return key
		}
	}
}

// Run sends what is due until ctx ends.
func (s *Service) Run(ctx context.Context, failed func(error)) {
	if s.sender == nil {
		return
	}
	tick := time.NewTicker(runEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := s.SendDue(ctx); err != nil && ctx.Err() == nil {
				failed(err)
			}
		}
	}
}

// SendDue sends what is due now, a batch of it, and waits for the answers.
func (s *Service) SendDue(ctx context.Context) error {
	due, err := s.store.DueBrowsers(ctx, s.Now(), batch)
	if err != nil {
		return err
	}
	var wait sync.WaitGroup
	errs := make([]error, len(due))
	places := make(chan struct{}, mostAtOnce)
	for i, b := range due {
		places <- struct{}{}
		wait.Go(func() {
			defer func() { <-places }()
			errs[i] = s.send(ctx, b)
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

// send tells a member by one browser what waits, unless they have looked meanwhile or it is night.
func (s *Service) send(ctx context.Context, b Browser) error {
	was := b.DueAt
	member, err := s.store.Member(ctx, b.Member)
	if err != nil {
		return err
	}
	choice, err := s.Choice(ctx, b.Member)
	if err != nil {
		return err
	}
	if end := choice.quietUntil(s.Now().In(zoneOf(member))); !end.IsZero() {
		b.DueAt = end
		return s.store.SetDue(ctx, b, was)
	}
	counts, err := s.waits(ctx, member, choice)
	if err != nil {
		return err
	}
	if len(counts) > 0 {
		trying, done := context.WithTimeout(ctx, tryTime)
		err = s.sender.Send(trying, b, s.words.PushMessage(member, counts))
		done()
		b.SentAt = s.Now()
	}
	return s.settle(ctx, b, was, err)
}

// settle stores what became of a message.
func (s *Service) settle(ctx context.Context, b Browser, was time.Time, err error) error {
	if ctx.Err() != nil { // we are stopping: it is sent again
		return nil
	}
	if errors.Is(err, ErrGone) {
		return s.store.DeleteBrowser(ctx, b.Member, b.Hash)
	}
	b.Tries++
	if err == nil || b.Tries >= maxTries {
		b.DueAt, b.Tries = time.Time{}, 0
		return s.store.SetDue(ctx, b, was)
	}
	wait := min(firstRetry<<(2*(b.Tries-1)), maxRetry)
	var later Later
	if errors.As(err, &later) {
		wait = min(max(wait, later.Wait), maxRetry)
	}
	b.DueAt = s.Now().Add(wait)
	return s.store.SetDue(ctx, b, was)
}

// waits counts what the member has not looked at and wants to be told, by kind. Who does not take part is told nothing.
func (s *Service) waits(ctx context.Context, member core.Member, choice Choice) (list []Count, err error) {
	if member.Status != core.Active {
		return nil, nil
	}
	all, err := s.news.WaitingByKind(ctx, member.ID)
	for kind, n := range all {
		if n > 0 && choice.Wants(news.Kind(kind)) {
			list = append(list, Count{news.Kind(kind), n})
		}
	}
	return list, err
}

// zoneOf is where the member's day is counted.
func zoneOf(m core.Member) *time.Location {
	if zone, err := time.LoadLocation(m.Zone); err == nil && m.Zone != "" {
		return zone
	}
	return time.FixedZone("JST", 9*60*60)
}
