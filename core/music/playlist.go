package music

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/talk"
)

// Limits of playlists.
const (
	MaxPlaylists      = 20
	MaxPlaylistTracks = 50
	MaxPlaylistTitle  = 100  // characters
	MaxPlaylistNote   = 1000 // characters
)

// Refusals of playlists.
var (
	ErrPlaylistsFull  = &core.Error{Code: core.Full, Key: "error.playlistsfull"}
	ErrPlaylistFull   = &core.Error{Code: core.Full, Key: "error.playlistfull"}
	ErrPlaylistClosed = &core.Error{Code: core.Refused, Key: "error.playlistclosed"}
)

// A Playlist is tracks that a member put together.
type Playlist struct {
	Owner, ID  core.ID
	OwnerName  string
	Title      string
	Note       string
	Visibility core.Visibility
	Closed     bool // the owner wants no comments there
	Tracks     int
	Comments   int
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// PlaylistStore keeps playlists.
type PlaylistStore interface {
	InsertPlaylist(ctx context.Context, l Playlist) error
	UpdatePlaylist(ctx context.Context, l Playlist) error
	Playlist(ctx context.Context, owner, id core.ID) (Playlist, error)
	// Playlists lists a member's up to a visibility, the last changed first.
	Playlists(ctx context.Context, owner core.ID, reach core.Visibility, limit int) ([]Playlist, error)
	// FriendsPlaylists lists those of friends, the last changed first.
	FriendsPlaylists(ctx context.Context, member core.ID, limit int) ([]Playlist, error)
	// DeletePlaylist removes it with its comments.
	DeletePlaylist(ctx context.Context, owner, id core.ID) error
	PlaylistTracks(ctx context.Context, owner, id core.ID) ([]Track, error)
	// SetPlaylistTracks replaces the tracks.
	SetPlaylistTracks(ctx context.Context, owner, id core.ID, tracks []core.ID, at time.Time) error
}

// NewPlaylist is what a playlist is made of.
type NewPlaylist struct {
	Title, Note string
	Visibility  core.Visibility
	Closed      bool // no comments
}

func (n *NewPlaylist) check() error {
	var c core.Check
	c.Text("title", &n.Title, core.OneLine, true, MaxPlaylistTitle)
	c.Text("note", &n.Note, core.ManyLines, false, MaxPlaylistNote)
	if n.Visibility > core.Private {
		c.Fail("visibility", "field.choice", 0)
	}
	return c.Err()
}

// PlaylistThread is under a playlist.
func PlaylistThread(owner, id core.ID) talk.Thread {
	return talk.Thread{Kind: OnPlaylist, Owner: owner, Thing: id}
}

// WritePlaylist makes a playlist, or (id not 0) changes one.
func (s *Service) WritePlaylist(ctx context.Context, owner, id core.ID, n NewPlaylist) (Playlist, error) {
	if err := n.check(); err != nil {
		return Playlist{}, err
	}
	l := Playlist{Owner: owner, ID: id, Title: n.Title, Note: n.Note, Visibility: n.Visibility, Closed: n.Closed, UpdatedAt: s.Now()}
	return l, s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		if err := s.MayWrite(ctx, owner); err != nil {
			return err
		}
		if id != 0 {
			var err error
			if l.Visibility, err = s.Shown(ctx, uint8(ReportedPlaylist), owner, id, n.Visibility); err != nil {
				return err
			}
			return errors.Join(s.store.UpdatePlaylist(ctx, l), reviewPlaylist(ctx, s, l))
		}
		has, err := s.store.Playlists(ctx, owner, core.Private, MaxPlaylists)
		if err == nil && len(has) >= MaxPlaylists {
			err = ErrPlaylistsFull
		}
		if err != nil {
			return err
		}
		l.ID, l.CreatedAt = s.Stamp(time.Time{})
		return errors.Join(s.store.InsertPlaylist(ctx, l), reviewPlaylist(ctx, s, l))
	})
}

// Playlist gives one that the viewer may see, with its tracks.
func (s *Service) Playlist(ctx context.Context, viewer core.Viewer, owner, id core.ID) (SeenPlaylist, []Track, error) {
	l, err := s.seePlaylist(ctx, viewer, owner, id)
	if err != nil {
		return SeenPlaylist{}, nil, err
	}
	tracks, err := s.store.PlaylistTracks(ctx, owner, id)
	return SeenPlaylist{l, viewer}, tracks, err
}

// SeenPlaylist is one that the viewer may look at: who has one has asked, and its comments ask not again.
type SeenPlaylist struct {
	Playlist
	viewer core.Viewer
}

// Talk is the thread under the playlist.
func (l *SeenPlaylist) Talk() talk.Seen {
	return talk.Show(l.viewer, PlaylistThread(l.Owner, l.ID), l.topic())
}

func (s *Service) seePlaylist(ctx context.Context, viewer core.Viewer, owner, id core.ID) (Playlist, error) {
	l, err := s.store.Playlist(ctx, owner, id)
	if err == nil {
		_, err = s.Require(ctx, viewer, owner, l.Visibility)
	}
	if err != nil {
		return Playlist{}, err
	}
	return l, nil
}

// Playlists lists a member's that the viewer may see.
func (s *Service) Playlists(ctx context.Context, viewer core.Viewer, owner core.ID) ([]Playlist, error) {
	r, err := s.Require(ctx, viewer, owner, core.Everyone)
	if err != nil {
		return nil, err
	}
	reach, _ := core.Reach(r)
	return s.store.Playlists(ctx, owner, reach, MaxPlaylists)
}

// FriendsPlaylists lists the newest of the viewer's friends.
func (s *Service) FriendsPlaylists(ctx context.Context, viewer core.Viewer, limit int) (lists []Playlist, err error) {
	rows, err := s.store.FriendsPlaylists(ctx, viewer.Member, limit)
	g := s.Sight(viewer)
	for _, l := range rows {
		if g.May(ctx, l.Owner, l.Visibility) {
			lists = append(lists, l)
		}
	}
	return lists, err
}

// DeletePlaylist removes one of the owner's.
func (s *Service) DeletePlaylist(ctx context.Context, owner, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		return errors.Join(s.store.DeletePlaylist(ctx, owner, id), s.news.DropNews(ctx, owner, PlaylistNews, 0, id), s.AuditDelete(ctx, owner, "playlist", id))
	})
}

// ChangeTracks changes the tracks of a playlist of the owner: change gets those there are and gives those there will be.
func (s *Service) ChangeTracks(ctx context.Context, owner, id core.ID, change func(tracks []core.ID) []core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		if _, err := s.store.Playlist(ctx, owner, id); err != nil {
			return err
		}
		has, err := s.store.PlaylistTracks(ctx, owner, id)
		if err != nil {
			return err
		}
		ids := make([]core.ID, len(has))
		for i := range has {
			ids[i] = has[i].ID
		}
		if ids = change(ids); len(ids) > MaxPlaylistTracks {
			return ErrPlaylistFull
		}
		return s.store.SetPlaylistTracks(ctx, owner, id, ids, s.Now())
	})
}

// AddTrack puts a track at the end of a playlist.
func (s *Service) AddTrack(ctx context.Context, owner, id, track core.ID) error {
	t, err := s.Track(ctx, core.Viewer{Member: owner}, track)
	if err != nil {
		return err
	}
	return s.ChangeTracks(ctx, owner, id, func(tracks []core.ID) []core.ID { return append(tracks, t.ID) })
}

func (s *Service) playlistTopic(ctx context.Context, viewer core.Viewer, on talk.Thread) (talk.Topic, error) {
	l, err := s.seePlaylist(ctx, viewer, on.Owner, on.Thing)
	return l.topic(), err
}

// topic is what the comments under a playlist are about.
func (l *Playlist) topic() talk.Topic {
	return talk.Topic{Title: l.Title, Open: !l.Closed && l.Visibility != core.Private, Comments: l.Comments}
}

func (s *Service) playlistTitle(ctx context.Context, n news.News) (string, error) {
	l, err := s.store.Playlist(ctx, n.Member, n.Thing)
	return l.Title, err
}
