package album

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/news"
	"musubi/core/search"
	"musubi/core/talk"
	"time"
)

// SearchAlbums finds albums; each may have hundreds of captions.
const SearchAlbums search.Kind = 2

// OnAlbum are threads under an album, or under one of its photos.
const OnAlbum talk.Kind = 1

// ErrAlbumClosed: the owner of an album wants no comments there.
var ErrAlbumClosed = &core.Error{Code: core.Refused, Key: "error.albumclosed"}

// AlbumThread is under an album, or (photo not 0) under one of its photos.
func AlbumThread(owner, album, photo core.ID) talk.Thread {
	return talk.Thread{Kind: OnAlbum, Owner: owner, Thing: album, Piece: photo}
}

// InAlbum is where a photo hangs that is in an album: seen by whoever sees what is in it.
const InAlbum core.Attachment = 4

// HiddenPhoto is where a photo hangs that an operator has taken out of its album: only its owner sees it.
const HiddenPhoto core.Attachment = 10

func (s *Service) hiddenGate(ctx context.Context, viewer core.Viewer, p core.Photo, _ core.Attached) (core.Photo, error) {
	_, err := s.Require(ctx, viewer, p.Owner, core.Private)
	return p, err
}

func (s *Service) albumGate(ctx context.Context, viewer core.Viewer, p core.Photo, to core.Attached) (core.Photo, error) {
	a, err := s.openAlbum(ctx, viewer, to.Owner, to.Thing)
	if errors.Is(err, ErrAlbumLocked) {
		err = core.ErrNotFound
	}
	if err != nil {
		return core.Photo{}, err
	}
	p.Protected = a.Protected && viewer.Member != a.Owner
	return p, nil
}

// AlbumNews is news: Actor commented on the member's album, or photo in an album, Thing.
const CommentNews news.Kind = 7

// MentionNews is news: a comment on Actor's album, or photo in an album, Thing names the member.
const MentionNews news.Kind = 24

// LikeNews is news: Actor likes the member's album, or photo in an album, Thing.
const LikeNews news.Kind = 22

// Limits of albums.
const (
	MaxAlbums        = 200  // of one member, unless a plan gives more
	MaxAlbumPhotos   = 500  // in one album
	MaxAlbumTitle    = 100  // characters
	MaxAlbumNote     = 1000 // characters
	MaxCaption       = core.MaxCaption
	MinAlbumPassword = 4 // characters: it is told to friends, and wrong tries wait
	// MaxHourlyUploads is how many photos a member may put into albums within an hour of the clock (SEC-86): enough for a
	// whole journey at once, too few to keep the image stage from everybody else.
	MaxHourlyUploads = 300
	// DefaultAlbumMB is Config.AlbumMB when that is 0, some 400 photos of a phone as they were sent, or 5,000 without that.
	DefaultAlbumMB = 2000
)

// Refusals of albums.
var (
	// ErrAlbumLocked: the viewer sees that there is the album and has yet to give its password.
	ErrAlbumLocked   = &core.Error{Code: core.Refused, Key: "error.albumlocked"}
	ErrAlbumPassword = core.Invalid{{Field: "password", Key: "field.albumpassword"}}
	ErrAlbumsFull    = &core.Error{Code: core.Full, Key: "error.albumsfull"}
	ErrAlbumFull     = &core.Error{Code: core.Full, Key: "error.albumfull"}
	ErrAlbumSpace    = &core.Error{Code: core.Full, Key: "error.albumspace"}
	ErrUploads       = &core.Error{Code: core.Throttled, Key: "error.uploads"}
)

// An Album is photos with a title. What may be seen of it is decided by seeAlbum and nowhere else.
type Album struct {
	Owner, ID    core.ID
	OwnerName    string
	Title, Note  string
	Visibility   core.Visibility
	HasPassword  bool // besides: whoever may see it has to give the password, once in a session
	Locked       bool // the viewer has not given it: what is not of this block is zero
	CreatedAt    time.Time
	UpdatedAt    time.Time // of the newest photo, or of the album
	Protected    bool      // handsets are asked not to pass its pictures on
	CommentsOpen bool
	Cover        core.Photo // zero: the album is empty
	Photos       int
	Comments     int // on the album itself
	AllComments  int // and on its photos
}

// lock leaves what a viewer may know who has not given the password: that there is an album of that title.
func (a *Album) lock() {
	*a = Album{Owner: a.Owner, ID: a.ID, OwnerName: a.OwnerName, Title: a.Title, Visibility: a.Visibility,
		HasPassword: true, Locked: true, CreatedAt: a.CreatedAt, UpdatedAt: a.CreatedAt}
}

// NewAlbum is what an album is made of, and changed to.
type NewAlbum struct {
	Title, Note    string
	Visibility     core.Visibility
	Password       string // to be asked for; empty: as it was, none at first
	NoPassword     bool   // ask for none any more
	Protected      bool
	CommentsClosed bool
	At             time.Time // of a new album; zero: now

	passwordHash string // of Password, by PrepareAlbum
}

// AlbumRoom is what a member's albums take up.
type AlbumRoom struct {
	Albums, Photos int
	MostAlbums     int // that the member's plan gives
	Bytes, Limit   int64
	Hour           int64 // of the newest upload, in hours since 1970
	Uploads        int   // within that hour

	Films                int
	FilmBytes, FilmLimit int64
}

// AlbumStore keeps albums; AlbumPhotoStore what is in them.
type AlbumStore interface {
	InsertAlbum(ctx context.Context, a Album, passwordHash string) error
	// Album returns an album with its cover; Locked is false.
	Album(ctx context.Context, owner, id core.ID) (Album, error)
	// UpdateAlbum replaces what the owner can change, but for the password, and takes the album into or out of the lists
	// its visibility names.
	UpdateAlbum(ctx context.Context, a Album) error
	// SetAlbumPassword stores the hash, "" for none, and forgets who gave the old one.
	SetAlbumPassword(ctx context.Context, owner, id core.ID, hash string) error
	AlbumPassword(ctx context.Context, owner, id core.ID) (hash string, err error)
	// DeleteAlbum removes the album, its photos and comments, and its rows in everybody's lists.
	DeleteAlbum(ctx context.Context, owner, id core.ID) error
	// Albums lists a member's albums up to a visibility, the last changed first.
	Albums(ctx context.Context, owner core.ID, reach core.Visibility, p core.Page) ([]Album, error)
	// FriendsAlbums lists the albums of friends that have photos, the last changed first.
	FriendsAlbums(ctx context.Context, member core.ID, p core.Page) ([]Album, error)
	// AlbumRoom counts; the limits are not set.
	AlbumRoom(ctx context.Context, member core.ID) (AlbumRoom, error)
	// OpenAlbum notes that a session has given an album's password; AlbumOpen asks.
	OpenAlbum(ctx context.Context, member core.ID, session string, owner, album core.ID) error
	AlbumOpen(ctx context.Context, member core.ID, session string, owner, album core.ID) (bool, error)
	AlbumPhotoStore
}

// seeAlbum says what the viewer may see of an album: all of it, nothing (ErrNotFound), or, before its password, that it is
// there; then it locks the album. Pages, lists, photos, captions, comments and counts all ask here (SEC-112).
func (s *Service) seeAlbum(ctx context.Context, g *core.Sight, a *Album) error {
	r, err := g.Sees(ctx, a.Owner, a.Visibility)
	switch {
	case err != nil:
		return err
	case !a.HasPassword || r == core.Self || r == core.Operator:
		return nil
	}
	open, err := s.store.AlbumOpen(ctx, g.Viewer.Member, g.Viewer.Session, a.Owner, a.ID)
	if err == nil && !open {
		a.lock()
	}
	return err
}

// Seen is an album that the viewer may look at, or whose password they are asked for: who has one has asked, and its photos and comments
// ask not again.
type Seen struct {
	Album
	viewer core.Viewer
}

// Talk is the thread under the album; before its password, one without anything.
func (a Seen) Talk() talk.Seen {
	if a.Locked {
		return talk.Seen{}
	}
	return talk.Show(a.viewer, AlbumThread(a.Owner, a.ID, 0), a.topic())
}

// TalkOf is the thread under one of its photos; before the password, one without anything.
func (a Seen) TalkOf(p AlbumPhoto) talk.Seen {
	if a.Locked {
		return talk.Seen{}
	}
	t := a.topic()
	t.Comments = p.Comments
	return talk.Show(a.viewer, AlbumThread(a.Owner, a.ID, p.ID), t)
}

// topic is what comments under an album and its photos are about.
func (a *Album) topic() talk.Topic {
	return talk.Topic{Title: a.Title, Open: a.CommentsOpen, Comments: a.Comments}
}

// openAlbum gives an album whose photos the viewer may see now; ErrAlbumLocked before its password, with what may be known
// of it.
func (s *Service) openAlbum(ctx context.Context, viewer core.Viewer, owner, id core.ID) (Album, error) {
	a, err := s.store.Album(ctx, owner, id)
	if err == nil {
		err = s.seeAlbum(ctx, s.Sight(viewer), &a)
	}
	if err != nil {
		return Album{}, err
	}
	if a.Locked {
		return a, ErrAlbumLocked
	}
	return a, nil
}

// Album gives an album. Before its password the album is Locked.
func (s *Service) Album(ctx context.Context, viewer core.Viewer, owner, id core.ID) (Seen, error) {
	a, err := s.openAlbum(ctx, viewer, owner, id)
	if a.Locked {
		err = nil
	}
	return Seen{a, viewer}, err
}

// Albums lists the albums of a member that the viewer may see, the last changed first.
func (s *Service) Albums(ctx context.Context, viewer core.Viewer, owner core.ID, p core.Page) (albums []Album, more bool, err error) {
	r, err := s.Require(ctx, viewer, owner, core.Everyone)
	if err != nil {
		return nil, false, err
	}
	reach, _ := core.Reach(r)
	rows, err := s.store.Albums(ctx, owner, reach, p)
	return s.seenAlbums(ctx, viewer, rows, p, err)
}

// FriendsAlbums lists the newest albums of the viewer's friends.
func (s *Service) FriendsAlbums(ctx context.Context, viewer core.Viewer, p core.Page) (albums []Album, more bool, err error) {
	rows, err := s.store.FriendsAlbums(ctx, viewer.Member, p)
	return s.seenAlbums(ctx, viewer, rows, p, err)
}

// seenAlbums keeps of a list what the viewer may see now, as seenLines does.
func (s *Service) seenAlbums(ctx context.Context, viewer core.Viewer, rows []Album, p core.Page, err error) ([]Album, bool, error) {
	if err != nil {
		return nil, false, err
	}
	rows, more := core.Cut(rows, p)
	g := s.Sight(viewer)
	albums := rows[:0]
	for _, a := range rows {
		if s.seeAlbum(ctx, g, &a) == nil {
			albums = append(albums, a)
		}
	}
	return albums, more, nil
}

// PrepareAlbum cleans what an album is to be made of, returns Invalid for fields that are wrong, and hashes the password. It
// takes time, so it comes before Once; WriteAlbum and EditAlbum take what went through it.
func (s *Service) PrepareAlbum(ctx context.Context, n *NewAlbum) error {
	var c core.Check
	c.Text("title", &n.Title, core.OneLine, true, MaxAlbumTitle)
	c.Text("note", &n.Note, core.ManyLines, false, MaxAlbumNote)
	if n.Visibility > core.Private {
		c.Fail("visibility", "field.choice", 0)
	}
	switch l := core.Length(n.Password); {
	case l > 0 && l < MinAlbumPassword:
		c.Fail("password", "field.passwordshort", MinAlbumPassword)
	case l > core.MaxPasswordRune:
		c.Fail("password", "field.toolong", core.MaxPasswordRune)
	}
	if err := c.Err(); err != nil || n.Password == "" {
		return err
	}
	var err error
	n.passwordHash, err = s.guard.HashPassword(ctx, n.Password)
	return err
}

// WriteAlbum stores a new album of the owner. ErrAlbumsFull for one more than MaxAlbums.
func (s *Service) WriteAlbum(ctx context.Context, owner core.ID, n NewAlbum) (Album, error) {
	a := Album{Owner: owner, Title: n.Title, Note: n.Note, Visibility: n.Visibility, Protected: n.Protected, CommentsOpen: !n.CommentsClosed}
	a.ID, a.CreatedAt = s.Stamp(n.At)
	a.UpdatedAt = a.CreatedAt
	return a, s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		room, err := s.AlbumRoom(ctx, owner)
		if err = errors.Join(err, s.MayWrite(ctx, owner)); err != nil {
			return err
		}
		if room.Albums >= room.MostAlbums {
			return ErrAlbumsFull
		}
		return errors.Join(s.store.InsertAlbum(ctx, a, n.passwordHash), s.search.Reindex(ctx, SearchAlbums, owner, a.ID), reviewAlbum(ctx, s, a))
	})
}

// EditAlbum replaces what the owner can change. A new password, or none, is asked for from the next request on.
func (s *Service) EditAlbum(ctx context.Context, owner, id core.ID, n NewAlbum) error {
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		a, err := s.store.Album(ctx, owner, id)
		if err = errors.Join(err, s.MayWrite(ctx, owner)); err != nil {
			return err
		}
		if n.Visibility, err = s.Shown(ctx, uint8(ReportedAlbum), owner, id, n.Visibility); err != nil {
			return err
		}
		a.Title, a.Note, a.Visibility, a.Protected, a.CommentsOpen = n.Title, n.Note, n.Visibility, n.Protected, !n.CommentsClosed
		if err := errors.Join(s.store.UpdateAlbum(ctx, a), s.search.Reindex(ctx, SearchAlbums, owner, id), reviewAlbum(ctx, s, a)); err != nil {
			return err
		}
		if n.NoPassword {
			return s.store.SetAlbumPassword(ctx, owner, id, "")
		}
		if n.passwordHash != "" {
			return s.store.SetAlbumPassword(ctx, owner, id, n.passwordHash)
		}
		return nil
	})
}

// DeleteAlbum removes an album of the owner with its photos and comments.
func (s *Service) DeleteAlbum(ctx context.Context, owner, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error {
		return errors.Join(s.store.DeleteAlbum(ctx, owner, id), s.search.Reindex(ctx, SearchAlbums, owner, id), s.AuditDelete(ctx, owner, "album", id))
	})
}

// OpenAlbum takes an album's password from a viewer who may see that it is there, for the rest of their session. Wrong tries
// of one member at one album wait as those of a login do: ErrAlbumPassword, then ErrThrottled.
func (s *Service) OpenAlbum(ctx context.Context, viewer core.Viewer, owner, id core.ID, password string) error {
	a, err := s.Album(ctx, viewer, owner, id)
	if err != nil || !a.Locked {
		return err
	}
	account := s.Keyed(s.Keys.Session, "album "+viewer.Member.String()+" "+owner.String()+" "+id.String())
	done, err := s.guard.TryPassword(ctx, account)
	if err != nil {
		return err
	}
	defer done()
	hash, err := s.store.AlbumPassword(ctx, owner, id)
	if err != nil {
		return err
	}
	if core.Length(password) > core.MaxPasswordRune {
		return ErrAlbumPassword
	}
	ok, err := s.guard.VerifyPassword(ctx, hash, password)
	if err != nil {
		return err
	}
	if !ok {
		return ErrAlbumPassword
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		// The owner may have changed the password while it was being looked at.
		if now, err := s.store.AlbumPassword(ctx, owner, id); err != nil || now != hash {
			return orElse(err, ErrAlbumPassword)
		}
		if err := s.guard.ForgetTries(ctx, account); err != nil {
			return err
		}
		return s.store.OpenAlbum(ctx, viewer.Member, viewer.Session, owner, id)
	})
}

// orElse is err, or other when there is none.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// AlbumRoom says how much of their albums' room a member has used.
func (s *Service) AlbumRoom(ctx context.Context, member core.ID) (AlbumRoom, error) {
	room, err := s.store.AlbumRoom(ctx, member)
	room.Limit, room.FilmLimit, room.MostAlbums = s.albumBytes, s.films.MemberBytes, MaxAlbums
	if err == nil && s.roomOf != nil {
		room.Limit, room.FilmLimit, room.MostAlbums, err = s.roomOf(ctx, member)
	}
	return room, err
}

// albumTopic is the Topic of a talk.Row.
func (s *Service) albumTopic(ctx context.Context, viewer core.Viewer, on talk.Thread) (talk.Topic, error) {
	a, err := s.openAlbum(ctx, viewer, on.Owner, on.Thing)
	return a.topic(), err
}

// photoComments is the Piece of a talk.Row.
func (s *Service) photoComments(ctx context.Context, on talk.Thread) (int, error) {
	p, err := s.store.AlbumPhoto(ctx, on.Owner, on.Thing, on.Piece)
	return p.Comments, err
}

// mentionTitle is that of somebody else's album, while the member may open it.
func (s *Service) mentionTitle(ctx context.Context, n news.News) (string, error) {
	album := n.Thing
	if _, to, err := s.store.Photo(ctx, n.Actor, n.Thing); err == nil && to.Kind == InAlbum {
		album = to.Thing
	} else if err != nil && !errors.Is(err, core.ErrNotFound) {
		return "", err
	}
	a, err := s.openAlbum(ctx, core.Viewer{Member: n.Member}, n.Actor, album)
	if errors.As(err, new(*core.Error)) { // a password came between, too
		err = core.ErrNotFound
	}
	return a.Title, err
}

// albumTitle is the title of an album, or of the one that a photo is in now.
func (s *Service) albumTitle(ctx context.Context, n news.News) (string, error) {
	owner, thing := n.Member, n.Thing
	a, err := s.store.Album(ctx, owner, thing)
	if !errors.Is(err, core.ErrNotFound) {
		return a.Title, err
	}
	_, to, err := s.store.Photo(ctx, owner, thing)
	if err != nil || to.Kind != InAlbum {
		return "", orElse(err, core.ErrNotFound)
	}
	a, err = s.store.Album(ctx, owner, to.Thing)
	return a.Title, err
}
