package music

import (
	"context"
	"slices"
	"time"

	"musubi/core"
)

// A Heard is a play on a member's music page.
type Heard struct {
	Track Track
	At    time.Time
}

// A Top is an artist or track that a member heard often.
type Top struct {
	Artist core.ID
	Name   string
	Track  Track // zero: of an artist
	Plays  int
}

// A Listener is what a member's music page has: whom it shows, and to whom.
type Listener struct {
	Member     core.ID
	Visibility core.Visibility // who sees their plays: everyone, friends or nobody
	Plays      int
	Now        Play      // what they hear at this moment; zero: nothing
	NowUntil   time.Time // of Now
	Counted    bool      // their plays are counted in the charts
}

// Choices are the visibilities of plays, widest first.
var Choices = [...]core.Visibility{core.Everyone, core.Friends, core.Private}

// ListenerStore reads what members heard.
type ListenerStore interface {
	// Listener gives a member's; one who has told of no play yet publishes to everyone.
	Listener(ctx context.Context, member core.ID) (Listener, error)
	SetVisibility(ctx context.Context, member core.ID, v core.Visibility) error
	// TopTracks and TopArtists count a member's plays between two times; zero times: all of them.
	TopTracks(ctx context.Context, member core.ID, from, to time.Time, limit int) ([]Top, error)
	TopArtists(ctx context.Context, member core.ID, from, to time.Time, limit int) ([]Top, error)
	// FriendsWhoHear lists friends of the member who heard an artist (track 0), or the track.
	FriendsWhoHear(ctx context.Context, member, artist, track core.ID, limit int) ([]Fan, error)
	// FriendsPlays counts the plays of friends since a time.
	FriendsPlays(ctx context.Context, member core.ID, since time.Time, limit int) ([]Fan, error)
	// Alike lists members who heard many of the tracks that the member heard most.
	Alike(ctx context.Context, member core.ID, limit int) ([]Fan, error)
	// Hearers lists members who heard an artist, a track of an album, or a track.
	Hearers(ctx context.Context, artist, album, track core.ID, limit int) ([]Fan, error)
	Loves(ctx context.Context, member core.ID, p core.Page) ([]Heard, error)
	Loved(ctx context.Context, member, track core.ID) (bool, error)
}

// A Fan is a member with how often they heard something.
type Fan struct {
	Member     core.Member
	Visibility core.Visibility
	Plays      int
	Same       int // tracks in common, of Alike
}

// Listener gives whose music page it is, as the viewer may see it: ErrNotFound when the member publishes nothing to them.
func (s *Service) Listener(ctx context.Context, viewer core.Viewer, member core.ID) (Listener, error) {
	l, err := s.store.Listener(ctx, member)
	if err != nil {
		return l, err
	}
	if _, err := s.Require(ctx, viewer, member, l.Visibility); err != nil {
		return Listener{}, err
	}
	if !l.NowUntil.After(s.Now()) {
		l.Now = Play{}
	}
	return l, nil
}

// SetVisibility says who sees a member's plays from now on. Plays that nobody sees are not counted in the charts that still
// move, and come back there when they are published again.
func (s *Service) SetVisibility(ctx context.Context, member core.ID, v core.Visibility) error {
	if !slices.Contains(Choices[:], v) {
		return core.Invalid{{Field: "visibility", Key: "field.choice"}}
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.store.SetVisibility(ctx, member, v); err != nil {
			return err
		}
		return s.store.Count(ctx, member, v != core.Private, OpenCharts(s.Now()))
	})
}

// Plays lists what a member heard, newest first, to who may see it.
func (s *Service) Plays(ctx context.Context, viewer core.Viewer, member, track core.ID, p core.Page) (plays []Heard, more bool, err error) {
	l, err := s.Listener(ctx, viewer, member)
	if err != nil || l.Plays == 0 {
		return nil, false, err
	}
	plays, err = s.store.Plays(ctx, member, track, p)
	plays, more = core.Cut(plays, p)
	return plays, more, err
}

// A Span is for what time a member's favourites are counted.
type Span uint8

// Spans.
const (
	OfWeek  Span = iota // the last 7 days
	OfMonth             // the last 30
	OfAll
)

func (s *Service) span(of Span) (from, to time.Time) {
	now := s.Now()
	switch of {
	case OfWeek:
		return now.Add(-7 * day), now.Add(MaxAhead)
	case OfMonth:
		return now.Add(-30 * day), now.Add(MaxAhead)
	}
	return from, to
}

// TopTracks lists the tracks that a member heard most.
func (s *Service) TopTracks(ctx context.Context, viewer core.Viewer, member core.ID, of Span, limit int) ([]Top, error) {
	if _, err := s.Listener(ctx, viewer, member); err != nil {
		return nil, err
	}
	from, to := s.span(of)
	return s.store.TopTracks(ctx, member, from, to, limit)
}

// TopArtists lists the artists that a member heard most.
func (s *Service) TopArtists(ctx context.Context, viewer core.Viewer, member core.ID, of Span, limit int) ([]Top, error) {
	if _, err := s.Listener(ctx, viewer, member); err != nil {
		return nil, err
	}
	from, to := s.span(of)
	return s.store.TopArtists(ctx, member, from, to, limit)
}

// seenFans keeps those whose plays the viewer may see.
func (s *Service) seenFans(ctx context.Context, viewer core.Viewer, fans []Fan, limit int) []Fan {
	g := s.Sight(viewer)
	fans = slices.DeleteFunc(fans, func(f Fan) bool { return !g.May(ctx, f.Member.ID, f.Visibility) })
	return fans[:min(len(fans), limit)]
}

// FriendsWhoHear lists friends of the viewer who heard an artist, or (track not 0) the track, most plays first.
func (s *Service) FriendsWhoHear(ctx context.Context, viewer core.Viewer, artist, track core.ID, limit int) ([]Fan, error) {
	fans, err := s.store.FriendsWhoHear(ctx, viewer.Member, artist, track, 4*limit)
	return s.seenFans(ctx, viewer, fans, limit), err
}

// FriendsPlays ranks the viewer's friends by their plays of the last week.
func (s *Service) FriendsPlays(ctx context.Context, viewer core.Viewer, limit int) ([]Fan, error) {
	fans, err := s.store.FriendsPlays(ctx, viewer.Member, s.Now().Add(-7*day), 4*limit)
	return s.seenFans(ctx, viewer, fans, limit), err
}

// Alike lists members who hear the same as the viewer, as far as they publish it to the viewer.
func (s *Service) Alike(ctx context.Context, viewer core.Viewer, limit int) ([]Fan, error) {
	fans, err := s.store.Alike(ctx, viewer.Member, 4*limit)
	return s.seenFans(ctx, viewer, fans, limit), err
}

// Loves lists the tracks that a member loves, newest first.
func (s *Service) Loves(ctx context.Context, viewer core.Viewer, member core.ID, p core.Page) ([]Heard, error) {
	if _, err := s.Listener(ctx, viewer, member); err != nil {
		return nil, err
	}
	rows, err := s.store.Loves(ctx, member, p)
	rows, _ = core.Cut(rows, p)
	return rows, err
}

// Loved says whether a member loves a track.
func (s *Service) Loved(ctx context.Context, member, track core.ID) (bool, error) {
	return s.store.Loved(ctx, member, track)
}
