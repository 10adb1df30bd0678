package session

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Errors of Open. Any other error means that the store cannot be reached now.
var (
	ErrUnknown  = errors.New("session: no such session")
	ErrMismatch = errors.New("session: used from another handset than it was made for; it has been ended")
)

// A Binding is what a session belongs to (SEC-32). The address is not part of it: one handset's requests come from many
// addresses of its carrier's gateway.
type Binding struct {
	Carrier string
	Class   string // of the address range
	Model   string
	// Subscriber is a keyed hash of a believed subscriber ID, "" when the request has none. Handsets send their ID on
	// some requests only, so only two different values are a mismatch.
	Subscriber string `json:",omitempty"`
}

func (b Binding) matches(o Binding) bool {
	same := b.Subscriber == "" || o.Subscriber == "" || b.Subscriber == o.Subscriber
	return same && b.Carrier == o.Carrier && b.Class == o.Class && b.Model == o.Model
}

// A Session is the login state of one handset at one host. It is a value read from the store; changes go through the
// Manager.
type Session struct {
	ID      string `json:"-"`
	Place   Place  `json:"-"`
	Host    string `json:"-"`
	Binding Binding
	Created time.Time
	Used    time.Time
	// Superseded is when a login moved the state to another ID; zero while the ID is current.
	Superseded time.Time `json:",omitzero"`
	// Next is that ID, and NextPlace where it travels: what is deleted here is deleted there.
	Next      string `json:"-"`
	NextPlace Place  `json:"-"`
	Jar       Jar    `json:",omitempty"`
	// Of a session that goes along to every site (Anywhere): whether who has it may use the gateway, what they looked at, the
	// last first, and what they keep.
	Entered bool    `json:",omitempty"`
	Visited []Visit `json:",omitempty"`
	Marks   []Visit `json:",omitempty"`
}

// A Visit is a page by its address.
type Visit struct{ URL, Title string }

// Limits of what a session knows of visits.
const (
	maxVisits     = 20
	maxVisitBytes = 512
)

// Remember puts a page before the others of a list, and drops it where it stood.
func Remember(list []Visit, v Visit) []Visit {
	if len(v.URL) > maxVisitBytes {
		return list
	}
	v.Title = strings.ToValidUTF8(v.Title[:min(len(v.Title), maxVisitBytes/4)], "")
	rest := slices.DeleteFunc(slices.Clone(list), func(o Visit) bool { return o.URL == v.URL })
	rest = slices.Insert(rest, 0, v)
	return rest[:min(len(rest), maxVisits)]
}

// Terms say how long sessions live. Zero fields have the defaults named beside them (SEC-33).
type Terms struct {
	URLIdle, URLMax       time.Duration // 30 minutes, 12 hours
	CookieIdle, CookieMax time.Duration // 14 days, 60 days
	Grace                 time.Duration // 1 minute: how long an ID works after a login replaced it
}

func (t Terms) withDefaults() Terms {
	for _, d := range []struct {
		field *time.Duration
		def   time.Duration
	}{{&t.URLIdle, 30 * time.Minute}, {&t.URLMax, 12 * time.Hour}, {&t.CookieIdle, 14 * 24 * time.Hour},
		{&t.CookieMax, 60 * 24 * time.Hour}, {&t.Grace, time.Minute}} {
		if *d.field <= 0 {
			*d.field = d.def
		}
	}
	return t
}

// A Manager opens, makes and changes sessions in a store. It is safe for concurrent use.
type Manager struct {
	store Store
	terms Terms
	now   func() time.Time
}

// NewManager returns a manager over the store. now is the clock; nil means time.Now.
func NewManager(store Store, terms Terms, now func() time.Time) *Manager {
	if now == nil {
		now = time.Now
	}
	return &Manager{store, terms.withDefaults(), now}
}

// touchEvery is how exact Used is: a session in use is written at most this often, unless its jar changes.
const touchEvery = time.Minute

// Open finds the session with this ID and checks that b is what it is bound to. It returns ErrUnknown for an ID that was
// never issued for this place and host or has expired, and ErrMismatch after ending a session that came from elsewhere.
func (m *Manager) Open(ctx context.Context, p Place, host, id string, b Binding) (*Session, error) {
	if !ValidID(id) {
		return nil, ErrUnknown
	}
	key := keyOf(p, host, id)
	sealed, err := m.store.Load(ctx, key)
	if err != nil {
		return nil, err
	}
	s, err := decode(p, host, id, sealed)
	now := m.now()
	if err != nil || m.left(s, now) <= 0 {
		return nil, ErrUnknown
	}
	if !s.Binding.matches(b) {
		if err := m.store.Delete(ctx, key); err != nil {
			return nil, err
		}
		return nil, ErrMismatch
	}
	learned := s.Binding.Subscriber == "" && b.Subscriber != ""
	if learned || now.Sub(s.Used) >= touchEvery {
		return m.change(ctx, s, func(s *Session) {
			s.Used = now
			if s.Binding.Subscriber == "" {
				s.Binding.Subscriber = b.Subscriber
			}
		})
	}
	return s, nil
}

// Create makes a session with a new ID and the given jar, and stores it.
func (m *Manager) Create(ctx context.Context, p Place, host string, b Binding, jar Jar) (*Session, error) {
	s := &Session{Host: host, Binding: b, Jar: jar}
	return s, m.begin(ctx, s, p)
}

// begin gives a session a new ID at a place, and stores it.
func (m *Manager) begin(ctx context.Context, s *Session, p Place) error {
	now := m.now()
	s.ID, s.Place, s.Created, s.Used, s.Superseded = newID(), p, now, now, time.Time{}
	return m.store.Save(ctx, keyOf(p, s.Host, s.ID), s.encode(), m.left(s, now))
}

// Apply puts the Set-Cookie values of an answer from host for path into the session's jar. When the answer is a login (move), or
// the session is already superseded, the state continues in a new session at place to, which is returned; otherwise the
// same session is. A session whose jar became empty is ended and nil is returned.
func (m *Manager) Apply(ctx context.Context, s *Session, host, path string, values []string, move func(Change) bool, to Place) (*Session, error) {
	jar, change := s.Jar.Set(s.Host, host, path, values, m.now())
	if !change.Any() {
		return s, nil
	}
	if len(jar) > 0 && move(change) {
		return m.Move(ctx, s, jar, to)
	}
	if !s.Superseded.IsZero() { // an old ID never learns what came after the login
		if s, err := m.drop(ctx, s, s.Jar.without(jar)); err != nil || len(jar) > 0 || s.Host == Anywhere {
			return s, err
		}
	}
	if len(jar) == 0 && s.Host != Anywhere {
		return nil, m.End(ctx, s)
	}
	return m.change(ctx, s, func(s *Session) {
		// Two answers may arrive at once: each is applied to what the store has then.
		s.Jar, _ = s.Jar.Set(s.Host, host, path, values, m.now())
	})
}

// maxMoves is how many moves of a session a deletion goes along with.
const maxMoves = 8

// drop takes cookies out of a superseded session and out of what it goes on as: a logout on a page of before is one.
func (m *Manager) drop(ctx context.Context, s *Session, gone Jar) (*Session, error) {
	if len(gone) == 0 {
		return s, nil
	}
	take := func(s *Session) { s.Jar = s.Jar.without(gone) }
	for at, moves := s, 0; at.Next != "" && moves < maxMoves; moves++ {
		next, err := m.change(ctx, &Session{ID: at.Next, Place: at.NextPlace, Host: s.Host}, take)
		if errors.Is(err, ErrUnknown) {
			break
		}
		if err != nil {
			return nil, err
		}
		at = next
	}
	return m.change(ctx, s, take)
}

// Move continues the session with this jar under a new ID at place to. The old ID keeps its own jar for the grace.
func (m *Manager) Move(ctx context.Context, s *Session, jar Jar, to Place) (*Session, error) {
	next := *s
	next.Jar, next.Next = jar, ""
	if err := m.begin(ctx, &next, to); err != nil {
		return nil, err
	}
	_, err := m.change(ctx, s, func(s *Session) {
		if s.Superseded.IsZero() {
			s.Superseded = m.now()
		}
		s.Next, s.NextPlace = next.ID, next.Place
	})
	if err != nil && !errors.Is(err, ErrUnknown) {
		return nil, err
	}
	return &next, nil
}

// Edit changes what a session knows beside its jar.
func (m *Manager) Edit(ctx context.Context, s *Session, edit func(*Session)) (*Session, error) {
	return m.change(ctx, s, edit)
}

// End removes the session.
func (m *Manager) End(ctx context.Context, s *Session) error {
	return m.store.Delete(ctx, keyOf(s.Place, s.Host, s.ID))
}

// change rewrites the stored session under the store's own exclusion.
func (m *Manager) change(ctx context.Context, s *Session, edit func(*Session)) (*Session, error) {
	var result *Session
	err := m.store.Update(ctx, keyOf(s.Place, s.Host, s.ID), func(sealed []byte) ([]byte, time.Duration, error) {
		current, err := decode(s.Place, s.Host, s.ID, sealed)
		if err != nil {
			return nil, 0, ErrUnknown
		}
		edit(current)
		result = current
		return current.encode(), m.left(current, m.now()), nil
	})
	return result, err
}

// left returns how long the session may still live if it is not used again.
func (m *Manager) left(s *Session, now time.Time) time.Duration {
	idle, most := m.terms.URLIdle, m.terms.URLMax
	if s.Place != InURL {
		idle, most = m.terms.CookieIdle, m.terms.CookieMax
	}
	left := min(s.Used.Add(idle).Sub(now), s.Created.Add(most).Sub(now))
	if !s.Superseded.IsZero() {
		left = min(left, s.Superseded.Add(m.terms.Grace).Sub(now))
	}
	return left
}

// MaxAge returns how long a cookie that carries a session may stay in the handset.
func (m *Manager) MaxAge() time.Duration { return m.terms.CookieMax }

// Now returns the manager's clock.
func (m *Manager) Now() time.Time { return m.now() }
