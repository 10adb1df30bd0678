package music

import (
	"context"
	"errors"
	"slices"
	"time"

	"musubi/core"
)

// A Genre is what kind of music an artist makes, as members or the operator say; no player tells it. The numbers are stored.
type Genre uint8

// Genres, of which 0 is none: not yet said, and in a chart all of them.
const (
	AnyGenre Genre = iota
	JPop
	Rock
	Western
	HipHop
	Electronic
	Jazz
	Classical
	Anime
	Enka
	Folk
	Reggae
	Soundtrack
	World
	OtherGenre
	genreCount
)

// Genres are those that can be chosen.
func Genres() (all []Genre) {
	for g := JPop; g < genreCount; g++ {
		all = append(all, g)
	}
	return all
}

func (g Genre) valid() bool { return g < genreCount }

// An Artist has a page from the first play on.
type Artist struct {
	ID         core.ID
	Name       string // as most members spell it
	Genre      Genre
	Listeners  int // members who publish their plays, of all time
	Plays      int
	Fact       Fact // what members wrote, as of now
	MergedInto core.ID
}

// A Track is by an artist.
type Track struct {
	ID         core.ID
	Title      string
	ArtistID   core.ID
	ArtistName string
	AlbumID    core.ID // 0: not known
	AlbumTitle string
	Length     time.Duration // 0: not known
	Listeners  int           // of all time
	Plays      int
	MergedInto core.ID
}

// An Album has tracks.
type Album struct {
	ID         core.ID
	Title      string
	ArtistID   core.ID
	ArtistName string
	Listeners  int // members who heard a track of it most of all its tracks
	Plays      int
}

// A Fact is what a member wrote about an artist: one of the versions of its page.
type Fact struct {
	Artist     core.ID
	ID         core.ID // 0: nothing has been written
	Member     core.ID // 0: who wrote it has left
	MemberName string
	Text       string
	Genre      Genre
	At         time.Time
}

// Limits of what members write about artists.
const (
	MaxFact      = 3000 // characters
	MaxFactsHour = 20   // versions of one member within an hour
)

// ErrFacts is returned for one version more than MaxFactsHour.
var ErrFacts = &core.Error{Code: core.Throttled, Key: "error.musicfacts"}

// ErrMerged: the page was changed by somebody else meanwhile.
var ErrFactStale = core.Invalid{{Field: "text", Key: "field.musicstale"}}

// A FeaturedAlbum is an album that the operator features.
type FeaturedAlbum struct {
	Place int
	Album Album
	Note  string
	Cover Picture // without its data and type; no Hash: none
}

// CatalogueStore keeps artists, tracks and albums.
type CatalogueStore interface {
	// Artist, Track and Album give one; of a merged one what it was merged into.
	Artist(ctx context.Context, id core.ID) (Artist, error)
	Track(ctx context.Context, id core.ID) (Track, error)
	Album(ctx context.Context, id core.ID) (Album, error)
	TrackNamed(ctx context.Context, artistKey, titleKey string) (core.ID, error)
	// ArtistTracks lists an artist's tracks, those that most members heard first.
	ArtistTracks(ctx context.Context, artist core.ID, p core.Page) ([]Track, error)
	ArtistAlbums(ctx context.Context, artist core.ID, p core.Page) ([]Album, error)
	AlbumTracks(ctx context.Context, album core.ID) ([]Track, error)
	// FindArtists and FindTracks look a folded start of a name up; the words are in the name, too.
	FindArtists(ctx context.Context, words []string, limit int) ([]Artist, error)
	FindTracks(ctx context.Context, words []string, limit int) ([]Track, error)

	InsertFact(ctx context.Context, f Fact) error
	Fact(ctx context.Context, artist, id core.ID) (Fact, error)
	Facts(ctx context.Context, artist core.ID, p core.Page) ([]Fact, error)
	// FactsSince counts what a member wrote since a time.
	FactsSince(ctx context.Context, member core.ID, since time.Time) (int, error)
	// Merge makes one artist a spelling of another.
	Merge(ctx context.Context, from, into core.ID, charts []Period) error
	SetFeatured(ctx context.Context, place int, album core.ID, note string) error
}

// heard lets a viewer see what fewer than MinListeners heard only when they may see the plays of one of them: the page would tell
// what somebody hears who publishes it to friends.
func (s *Service) heard(ctx context.Context, viewer core.Viewer, listeners int, artist, album, track core.ID) error {
	if listeners >= MinListeners {
		return nil
	}
	fans, err := s.store.Hearers(ctx, artist, album, track, hearers)
	if err == nil && len(s.seenFans(ctx, viewer, fans, 1)) == 0 {
		err = core.ErrNotFound
	}
	return err
}

// hearers bounds the listeners that are looked at: those who count are one at most, and most are who do not.
const hearers = 50

// Artist gives an artist.
func (s *Service) Artist(ctx context.Context, viewer core.Viewer, id core.ID) (Artist, error) {
	a, err := s.store.Artist(ctx, id)
	if err == nil {
		err = s.heard(ctx, viewer, a.Listeners, a.ID, 0, 0)
	}
	if err != nil {
		return Artist{}, err
	}
	return a, nil
}

// Track gives a track.
func (s *Service) Track(ctx context.Context, viewer core.Viewer, id core.ID) (Track, error) {
	t, err := s.store.Track(ctx, id)
	if err == nil {
		err = s.heard(ctx, viewer, t.Listeners, 0, 0, t.ID)
	}
	if err != nil {
		return Track{}, err
	}
	return t, nil
}

// Album gives an album with its tracks.
func (s *Service) Album(ctx context.Context, viewer core.Viewer, id core.ID) (Album, []Track, error) {
	a, err := s.store.Album(ctx, id)
	if err == nil {
		err = s.heard(ctx, viewer, a.Listeners, 0, a.ID, 0)
	}
	if err != nil {
		return Album{}, nil, err
	}
	tracks, err := s.store.AlbumTracks(ctx, a.ID)
	return a, named(tracks), err
}

// named leaves out tracks that would name their only listener.
func named(tracks []Track) []Track {
	return slices.DeleteFunc(tracks, func(t Track) bool { return t.Listeners < MinListeners })
}

// ArtistTracks lists an artist's tracks that more than one member heard.
func (s *Service) ArtistTracks(ctx context.Context, artist core.ID, p core.Page) (tracks []Track, more bool, err error) {
	tracks, err = s.store.ArtistTracks(ctx, artist, p)
	tracks, more = core.Cut(tracks, p)
	return tracks, more, err
}

// ArtistAlbums lists an artist's albums.
func (s *Service) ArtistAlbums(ctx context.Context, artist core.ID, p core.Page) ([]Album, error) {
	albums, err := s.store.ArtistAlbums(ctx, artist, p)
	albums, _ = core.Cut(albums, p)
	return albums, err
}

// Found is what a search found.
type Found struct {
	Artists []Artist
	Tracks  []Track
}

// foundRows bounds what a search shows of each.
const foundRows = 30

// Find looks for artists and tracks whose names have all the words.
func (s *Service) Find(ctx context.Context, query string) (f Found, err error) {
	words := core.SearchWords(query)
	if len(words) == 0 {
		return f, nil
	}
	if f.Artists, err = s.store.FindArtists(ctx, words, foundRows); err != nil {
		return f, err
	}
	f.Tracks, err = s.store.FindTracks(ctx, words, foundRows)
	return f, err
}

// Facts lists the versions of an artist's page, newest first.
func (s *Service) Facts(ctx context.Context, viewer core.Viewer, artist core.ID, p core.Page) (facts []Fact, more bool, err error) {
	rows, err := s.store.Facts(ctx, artist, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	g := s.Sight(viewer)
	for i := range rows {
		s.unnamed(ctx, g, &rows[i])
	}
	return rows, more, nil
}

// unnamed takes away who wrote a version, for a viewer who may not see them.
func (s *Service) unnamed(ctx context.Context, g *core.Sight, f *Fact) {
	if f.Member != 0 && !g.May(ctx, f.Member, core.Everyone) {
		f.Member, f.MemberName = 0, ""
	}
}

// FactOf gives one version.
func (s *Service) FactOf(ctx context.Context, viewer core.Viewer, artist, id core.ID) (Fact, error) {
	f, err := s.store.Fact(ctx, artist, id)
	if err == nil {
		s.unnamed(ctx, s.Sight(viewer), &f)
	}
	return f, err
}

// WriteFact stores a new version of what members know of an artist. base is the version that was edited: when another one has
// come since, nothing is stored and the member sees both.
func (s *Service) WriteFact(ctx context.Context, member, artist, base core.ID, text string, genre Genre) error {
	var c core.Check
	c.Text("text", &text, core.ManyLines, false, MaxFact)
	if !genre.valid() {
		c.Fail("genre", "field.choice", 0)
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		a, err := s.Artist(ctx, core.Viewer{Member: member}, artist)
		if err != nil {
			return err
		}
		if err := s.MayWrite(ctx, member); err != nil {
			return err
		}
		if a.Fact.ID != base {
			return ErrFactStale
		}
		n, err := s.store.FactsSince(ctx, member, s.Now().Add(-time.Hour))
		if err == nil && n >= MaxFactsHour {
			err = ErrFacts
		}
		if err != nil {
			return err
		}
		f := Fact{Artist: a.ID, Member: member, Text: text, Genre: genre}
		f.ID, f.At = s.Stamp(time.Time{})
		return s.store.InsertFact(ctx, f)
	})
}

// UndoFact brings an older version back, as a new one.
func (s *Service) UndoFact(ctx context.Context, member, artist, id core.ID) error {
	a, err := s.store.Artist(ctx, artist)
	if err != nil {
		return err
	}
	f, err := s.store.Fact(ctx, a.ID, id)
	if err != nil {
		return err
	}
	return s.WriteFact(ctx, member, a.ID, a.Fact.ID, f.Text, f.Genre)
}

// Merge makes one artist a spelling of another: their tracks, albums, plays, counters and the history of their page become those of the
// other, and what players call the first from now on is the second. The operator's to do; it does not come back.
func (s *Service) Merge(ctx context.Context, from, into core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if from == into {
			return core.ErrNotFound
		}
		return errors.Join(s.store.Merge(ctx, from, into, OpenCharts(s.Now())), s.Audit(ctx, "musicmerge", 0, "", from.String()+" "+into.String()))
	})
}

// Featured lists the albums that the operator features.
func (s *Service) Featured(ctx context.Context) ([]FeaturedAlbum, error) {
	return s.store.Featured(ctx)
}

// SetFeatured features an album at a place; album 0 clears it.
func (s *Service) SetFeatured(ctx context.Context, place int, album core.ID, note string) error {
	if album != 0 {
		a, err := s.store.Album(ctx, album)
		if err != nil {
			return err
		}
		album = a.ID
	}
	return s.store.SetFeatured(ctx, place, album, note)
}
