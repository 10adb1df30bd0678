package album

import (
	"context"
	"io"
	"sync"
	"time"

	"musubi/core"
)

// MailFilms takes films that come by mail: mailpost.Films. What was kept is known to this process for some minutes: a letter that
// is not posted by then comes again.
type MailFilms struct {
	*Service
	mu   sync.Mutex
	kept map[core.ID]keptFilm
}

type keptFilm struct {
	NewFilm
	at time.Time
}

// NewMailFilms returns them.
func NewMailFilms(s *Service) *MailFilms {
	return &MailFilms{Service: s, kept: map[core.ID]keptFilm{}}
}

// keptFor is how long a film is remembered that is in no album yet: longer than a letter takes.
const keptFor = 15 * time.Minute

// DiaryFilms is the album for films that come with an entry.
const DiaryFilms = "日記の動画"

// KeepFilm implements mailpost.Films.
func (m *MailFilms) KeepFilm(ctx context.Context, owner core.ID, film io.ReadSeeker, _ string) (core.ID, error) {
	n, err := m.TakeFilm(ctx, owner, 0, film, NewFilm{})
	if err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.Now()
	for id, k := range m.kept {
		if now.Sub(k.at) > keptFor {
			delete(m.kept, id)
		}
	}
	m.kept[n.Photo] = keptFilm{n, now}
	return n.Photo, nil
}

// HangFilm implements mailpost.Films. Nothing is forgotten here: the write may be undone and made again.
func (m *MailFilms) HangFilm(ctx context.Context, owner, album, film core.ID, title string) (quote string, err error) {
	m.mu.Lock()
	k, ok := m.kept[film]
	m.mu.Unlock()
	if !ok {
		return "", core.ErrNotFound
	}
	if album == 0 {
		if album, err = m.diaryFilms(ctx, owner); err != nil {
			return "", err
		}
	}
	k.Caption = core.Clean(title, core.OneLine)
	if r := []rune(k.Caption); len(r) > MaxCaption {
		k.Caption = string(r[:MaxCaption])
	}
	return Quote(film), m.Service.HangFilm(ctx, owner, album, k.NewFilm, time.Time{})
}

// diaryFilms is the member's album for films of entries, which is made when it is not there: seen by those who see an entry when
// its author says nothing else.
func (m *MailFilms) diaryFilms(ctx context.Context, owner core.ID) (core.ID, error) {
	albums, err := m.store.Albums(ctx, owner, core.Private, core.Page{Size: MaxAlbums})
	if err != nil {
		return 0, err
	}
	for _, a := range albums {
		if a.Title == DiaryFilms && a.Photos < MaxAlbumPhotos {
			return a.ID, nil
		}
	}
	member, _, err := m.Member(ctx, core.Viewer{Member: owner}, owner)
	if err != nil {
		return 0, err
	}
	a, err := m.WriteAlbum(ctx, owner, NewAlbum{Title: DiaryFilms, Visibility: member.DiaryVisibility})
	return a.ID, err
}

// Quote is what an entry says to show a film of its author.
func Quote(photo core.ID) string { return "[動画:" + photo.String() + "]" }
