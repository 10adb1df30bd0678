package policy

import (
	"context"
	"time"

	"musubi/core"
)

// State is what every page asks, as it was a few seconds ago at most. It is not changed after it is made.
type State struct {
	Settings
	Terms Terms // the newest; Version 0: there are none
	Bans  []Ban // in force or not
	Shown []Announcement
	at    time.Time
}

// State gives what holds now. When the database does not answer, it is what held last: pages go on.
func (s *Service) State(ctx context.Context) *State {
	have := s.state.Load()
	if have != nil && s.Now().Sub(have.at) < fresh && !s.Now().Before(have.at) {
		return have
	}
	if have != nil && !s.reading.TryLock() {
		return have
	}
	if have == nil {
		s.reading.Lock()
	}
	defer s.reading.Unlock()
	if again := s.state.Load(); again != have {
		return again
	}
	read, err := s.read(ctx)
	if err != nil {
		if have == nil {
			return &State{Settings: defaults}
		}
		return have
	}
	s.state.Store(read)
	return read
}

// read asks the database, outside of any transaction of ctx: what is not stored yet does not hold.
func (s *Service) read(ctx context.Context) (st *State, err error) {
	st = &State{at: s.Now()}
	if st.Settings, err = s.store.Settings(ctx); err != nil {
		return nil, err
	}
	if st.Terms, err = s.store.LastTerms(ctx); err != nil {
		return nil, err
	}
	if st.Bans, err = s.store.Bans(ctx, MaxBans); err != nil {
		return nil, err
	}
	st.Shown, err = s.store.ShownAnnouncements(ctx, s.Now(), MaxShown)
	return st, err
}

// changed makes the next page ask the database.
func (s *Service) changed() { s.state.Store(nil) }

// change carries out do, after which pages ask anew.
func (s *Service) change(ctx context.Context, do func(ctx context.Context) error) error {
	err := s.store.Atomic(ctx, do)
	s.changed()
	return err
}

var _ core.House = (*Service)(nil)
