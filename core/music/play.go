package music

import (
	"context"
	"time"

	"musubi/core"
)

// Limits of plays.
const (
	MaxLate   = 14 * 24 * time.Hour // before now: a portable player is connected some day
	MaxAhead  = 10 * time.Minute    // after now: clocks differ
	MaxDaily  = 2800                // of one member, taken on one day: half a minute each
	MaxLength = 24 * time.Hour      // of a track; what says it is longer has no length
)

// A Play is one track that a member heard, as a player tells it.
type Play struct {
	Artist, Title, Album, AlbumArtist string
	At                                time.Time // when it began; some players send its end
	Length                            time.Duration
	Number                            int    // on the album; 0: not known
	MBID                              string // of the recording; "": not known
}

// A Verdict is what became of a play.
type Verdict uint8

// Verdicts. The numbers up to TooMany are those of Last.fm's ignoredMessage.
const (
	Taken    Verdict = iota
	NoArtist         // the artist has no name
	NoTrack          // the track has none
	TooLate          // older than MaxLate
	Ahead            // further in the future than MaxAhead
	TooMany          // more than MaxDaily
	Double           // has been told before
)

// A NewPlay is a play on its way into the database.
type NewPlay struct {
	Play
	ArtistKey, TitleKey, AlbumKey, AlbumArtistKey string
	Counts                                        []Period // charts that it moves, day before week
}

// PlayStore keeps plays and counts them.
type PlayStore interface {
	// PutPlays stores the plays of a member that came in on a day, makes artists, tracks and albums that are not known yet, and
	// moves the counters when the member counts: a listener is counted when the member's row for track and period is new. It
	// gives for each play whether it was taken, a Double or TooMany. id makes IDs.
	PutPlays(ctx context.Context, member core.ID, received time.Time, plays []NewPlay, id func() core.ID) ([]Verdict, error)
	// DeletePlays removes plays of a member from the database and from the counters of all time and of the charts named.
	DeletePlays(ctx context.Context, member core.ID, plays []PlayKey, charts []Period) (int, error)
	// Plays lists a member's plays, newest first, of one track unless it is 0.
	Plays(ctx context.Context, member, track core.ID, p core.Page) ([]Heard, error)
	// Count makes a member's plays count, or not, in all time and the charts named.
	Count(ctx context.Context, member core.ID, count bool, charts []Period) error
	// SetNow keeps what a member hears now, until then.
	SetNow(ctx context.Context, member core.ID, p Play, until time.Time) error
	// SetLove keeps that a member loves a track, or takes it back.
	SetLove(ctx context.Context, member, track core.ID, love bool, at time.Time) error
}

// A PlayKey names a play of a member.
type PlayKey struct {
	At    time.Time
	Track core.ID
}

// Submit takes plays that a member's player tells of and says what became of each. What is wrong with one keeps no other out.
func (s *Service) Submit(ctx context.Context, member core.ID, plays []Play) ([]Verdict, error) {
	return s.SubmitAt(ctx, member, plays, s.Now())
}

// SubmitAt is Submit as of a moment gone by, for seeds and imports.
func (s *Service) SubmitAt(ctx context.Context, member core.ID, plays []Play, received time.Time) ([]Verdict, error) {
	verdicts := make([]Verdict, len(plays))
	prepared, places := make([]NewPlay, 0, len(plays)), make([]int, 0, len(plays))
	for i := range plays {
		n, v := prepare(plays[i], received)
		if verdicts[i] = v; v == Taken {
			prepared, places = append(prepared, n), append(places, i)
		}
	}
	if len(prepared) == 0 {
		return verdicts, nil
	}
	taken, err := s.store.PutPlays(ctx, member, received, prepared, s.NextID)
	if err != nil {
		return nil, err
	}
	for i, v := range taken {
		verdicts[places[i]] = v
	}
	return verdicts, nil
}

// prepare cleans a play and says what is wrong with it.
func prepare(p Play, received time.Time) (NewPlay, Verdict) {
	p.clean()
	switch {
	case core.Blank(p.Artist) || unreadable(p.Artist):
		return NewPlay{}, NoArtist
	case core.Blank(p.Title) || unreadable(p.Title):
		return NewPlay{}, NoTrack
	case p.At.Before(received.Add(-MaxLate)):
		return NewPlay{}, TooLate
	case p.At.After(received.Add(MaxAhead)):
		return NewPlay{}, Ahead
	}
	n := NewPlay{Play: p, ArtistKey: Key(p.Artist), TitleKey: Key(p.Title), Counts: counted(p.At, received)}
	if p.Album != "" {
		n.AlbumKey, n.AlbumArtistKey = Key(p.Album), Key(p.AlbumArtist)
	}
	if n.ArtistKey == "" || n.TitleKey == "" { // of characters that say nothing
		return NewPlay{}, NoArtist
	}
	return n, Taken
}

// clean makes what a player says fit to be stored.
func (p *Play) clean() {
	p.Artist, p.Title, p.Album, p.AlbumArtist = cleanName(p.Artist), cleanName(p.Title), cleanName(p.Album), cleanName(p.AlbumArtist)
	if p.AlbumArtist == "" {
		p.AlbumArtist = p.Artist
	}
	if p.Length < 0 || p.Length > MaxLength {
		p.Length = 0
	}
	if p.Number < 0 || p.Number > 9999 {
		p.Number = 0
	}
	if !isMBID(p.MBID) {
		p.MBID = ""
	}
	p.At = p.At.Truncate(time.Second)
}

// isMBID says whether s has the form of a MusicBrainz ID.
func isMBID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if dash := i == 8 || i == 13 || i == 18 || i == 23; dash != (c == '-') || !dash && !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}

// nowTime is how long a track without a length is taken to be heard.
const nowTime = 10 * time.Minute

// Now notes what a member hears now. It counts nothing and makes no artist.
func (s *Service) NowPlaying(ctx context.Context, member core.ID, p Play) (Verdict, error) {
	p.clean()
	switch {
	case core.Blank(p.Artist):
		return NoArtist, nil
	case core.Blank(p.Title):
		return NoTrack, nil
	}
	length := p.Length
	if length == 0 {
		length = nowTime
	}
	return Taken, s.store.SetNow(ctx, member, p, s.Now().Add(length))
}

// Love notes that a member loves a track that is known by these names, or takes it back. ErrNotFound when none is.
func (s *Service) Love(ctx context.Context, member core.ID, artist, title string, love bool) error {
	track, err := s.store.TrackNamed(ctx, Key(cleanName(artist)), Key(cleanName(title)))
	if err != nil {
		return err
	}
	return s.store.SetLove(ctx, member, track, love, s.Now())
}

// LoveTrack is Love of a track of a page.
func (s *Service) LoveTrack(ctx context.Context, member, track core.ID, love bool) error {
	if _, err := s.Track(ctx, core.Viewer{Member: member}, track); err != nil {
		return err
	}
	return s.store.SetLove(ctx, member, track, love, s.Now())
}

// DeletePlays takes plays of one's own back, out of the charts that still move, too.
func (s *Service) DeletePlays(ctx context.Context, member core.ID, plays []PlayKey) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		n, err := s.store.DeletePlays(ctx, member, plays, OpenCharts(s.Now()))
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		return err
	})
}

// deletedAtOnce is how many plays go in one transaction.
const deletedAtOnce = 500

// DeleteTrackPlays takes all plays of one track back; track 0: all plays of all tracks. It may take several transactions; one
// that is interrupted goes on when it is asked for again.
func (s *Service) DeleteTrackPlays(ctx context.Context, member, track core.ID) error {
	for {
		rows, err := s.store.Plays(ctx, member, track, core.Page{Number: 1, Size: deletedAtOnce})
		if err != nil || len(rows) == 0 {
			return err
		}
		keys := make([]PlayKey, len(rows))
		for i := range rows {
			keys[i] = PlayKey{rows[i].At, rows[i].Track.ID}
		}
		if err := s.DeletePlays(ctx, member, keys); err != nil {
			return err
		}
	}
}
