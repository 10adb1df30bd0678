package bring

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/disk"
	"musubi/core/journal"
)

const (
	batch     = 25          // entries of one transaction, things taken back in one
	lookEvery = time.Minute // for what waits for its next hour, or for room
)

// Run brings in and takes back what waits until ctx ends. What a process left half done goes on where it was: how far an import is
// and what it brought are stored together.
func (s *Service) Run(ctx context.Context, problem func(error)) {
	if s.dir == "" {
		return
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := s.Work(ctx); err != nil && ctx.Err() == nil {
			problem(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-s.more:
		}
	}
}

// Work does once all that can be done now.
func (s *Service) Work(ctx context.Context) (problems error) {
	for _, state := range []State{Undoing, Working} {
		list, err := s.store.ImportsIn(ctx, state)
		problems = errors.Join(problems, err)
		for _, i := range list {
			if state == Undoing {
				err = s.takeBack(ctx, i)
			} else {
				err = s.bringIn(ctx, i)
			}
			var refusal *core.Error
			if errors.As(err, &refusal) && (refusal.Code == core.Throttled || refusal.Code == core.Unavailable) {
				err = nil // a full hour, a full disk: it goes on later
			}
			problems = errors.Join(problems, err)
			if ctx.Err() != nil {
				return problems
			}
		}
	}
	return problems
}

// bringIn brings in one import until its end, or until it has to wait.
func (s *Service) bringIn(ctx context.Context, i Import) error {
	file, err := os.ReadFile(s.path(i))
	if errors.Is(err, fs.ErrNotExist) {
		return s.end(ctx, i, Stopped)
	}
	if err != nil {
		return err
	}
	zone, err := s.zone(ctx, i.Member)
	if err != nil {
		return err
	}
	l, err := read(file, zone, i.At)
	if err != nil {
		return s.end(ctx, i, Stopped)
	}
	for i.Done < len(l.steps) {
		if err := s.MayWrite(ctx, i.Member); refused(err) {
			return s.end(ctx, i, Stopped)
		} else if err != nil {
			return err // the site is read only for a while: it goes on later
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if i, err = s.advance(ctx, i, l.steps[i.Done:]); errors.Is(err, errChanged) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return s.end(ctx, i, Brought)
}

// errChanged: the import is not at work any more.
var errChanged = errors.New("bring: the import has been changed meanwhile")

// end stores that an import is over, and throws its file away.
func (s *Service) end(ctx context.Context, i Import, state State) error {
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		now, err := s.store.Import(ctx, i.Member, i.ID)
		if err != nil {
			return err
		}
		now.State, now.EndedAt = state, s.Now()
		return s.store.PutImport(ctx, now)
	})
	if err == nil || errors.Is(err, core.ErrNotFound) {
		err = ifThere(os.Remove(s.path(i)))
	}
	return err
}

func ifThere(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// advance takes the next steps in one transaction: some entries, or one picture. A step that is refused is counted, and passed over.
func (s *Service) advance(ctx context.Context, i Import, steps []step) (Import, error) {
	n := 1
	for n < min(batch, len(steps)) && steps[n-1].plain() && steps[n].plain() {
		n++
	}
	next, err := s.take(ctx, i, steps[:n])
	if n > 1 && refused(err) { // one of them: each on its own
		next, err = s.take(ctx, i, steps[:1])
	}
	if refused(err) {
		return s.step(ctx, i, 1, func(_ context.Context, i *Import) error {
			i.Failed++
			return nil
		})
	}
	return next, err
}

// plain says whether a step is an entry without pictures.
func (t step) plain() bool { return t.entry != nil && len(t.entry.pictures) == 0 }

// refused says whether an error is of what was to be stored, and would be the same again.
func refused(err error) bool {
	var e *core.Error
	return errors.As(err, new(core.Invalid)) || errors.Is(err, errBomb) || errors.As(err, &e) && e.Code != core.Throttled && e.Code != core.Unavailable
}

// step stores what do stores, and that the import is so many steps further, together.
func (s *Service) step(ctx context.Context, i Import, steps int, do func(ctx context.Context, i *Import) error) (next Import, err error) {
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if next, err = s.store.Import(ctx, i.Member, i.ID); err != nil {
			return err
		}
		if next.State != Working || next.Done != i.Done {
			return errChanged
		}
		if err = do(ctx, &next); err != nil {
			return err
		}
		next.Done += steps
		return s.store.PutImport(ctx, next)
	})
	if err != nil {
		return i, err
	}
	return next, nil
}

// take makes the pictures that steps need, and stores what they are.
func (s *Service) take(ctx context.Context, i Import, steps []step) (Import, error) {
	first := steps[0]
	switch {
	case first.fields != nil:
		return s.step(ctx, i, 1, func(ctx context.Context, i *Import) error { return s.putFields(ctx, i, first.fields) })
	case first.album != nil:
		return s.takeAlbum(ctx, i, first)
	}
	var pictures []core.ID
	said, lost := core.Captions{}, 0
	for _, p := range first.entry.pictures {
		photo, _, err := s.makePicture(ctx, i.Member, p, "")
		if refused(err) {
			lost++
			continue
		}
		if err != nil {
			return i, err
		}
		pictures = append(pictures, photo)
		said[photo] = p.caption
	}
	return s.step(ctx, i, len(steps), func(ctx context.Context, i *Import) error {
		i.Failed += lost
		for _, t := range steps {
			if err := s.putEntry(ctx, i, t.entry, pictures, said); err != nil {
				return err
			}
		}
		return nil
	})
}

// makePicture makes a stored picture of one that lies in the file. place is what it is for, if that is no entry: where it was brought
// before, nothing is made.
func (s *Service) makePicture(ctx context.Context, member core.ID, p picture, place string) (photo core.ID, hash string, err error) {
	b, err := unpack(p.file, core.MaxUpload)
	if err != nil {
		return 0, "", errBomb
	}
	if place != "" {
		hash = hashOf("photo", place, string(b))
		if same, err := s.same(ctx, member, hash); err != nil || same {
			return 0, hash, err
		}
	}
	made, err := s.AddPhoto(ctx, member, b, time.Time{})
	return made.ID, hash, err
}

func hashOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// same says whether a thing was brought before and is still there.
func (s *Service) same(ctx context.Context, member core.ID, hash string) (bool, error) {
	m, err := s.store.Marked(ctx, member, hash)
	if err == nil {
		self := core.Viewer{Member: member}
		switch m.Kind {
		case AnEntry:
			_, err = s.areas.Journal.Diary(ctx, self, member, m.Thing)
		case APhoto:
			_, err = s.areas.Album.AlbumOfPhoto(ctx, self, member, m.Piece)
		case AnAlbum:
			_, err = s.areas.Album.Album(ctx, self, member, m.Thing)
		}
	}
	if errors.Is(err, core.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// putEntry stores an entry, in several where it is too long for one.
func (s *Service) putEntry(ctx context.Context, i *Import, e *entry, pictures []core.ID, said core.Captions) error {
	hash := hashOf("entry", strconv.FormatInt(e.at.UnixMilli(), 10), e.title, e.body)
	there, err := s.same(ctx, i.Member, hash)
	if err == nil && !there {
		there, err = s.written(ctx, i.Member, e)
	}
	if err != nil {
		return err
	}
	if there {
		i.Same++ // its pictures are swept away with those of forms that were never sent
		return nil
	}
	category, err := s.category(ctx, i, e.category)
	if err != nil {
		return err
	}
	text := e.body
	if i.Comments {
		text += e.said
	}
	for n, part := range split(text, journal.MaxDiaryBody) {
		d := journal.NewDiary{Title: titleOf(e.title, n), Body: part, Visibility: max(e.visibility, i.Visibility), CommentsClosed: e.closed, Category: category, At: i.dated(e.at).Add(time.Duration(n) * time.Millisecond)}
		if n == 0 {
			d.Photos, d.Captions = pictures, said
		} else {
			hash = hashOf("part", hash)
		}
		made, err := s.areas.Journal.WriteDiary(ctx, i.Member, d)
		if err != nil {
			return err
		}
		if err := s.store.PutMark(ctx, Mark{Member: i.Member, Import: i.ID, Hash: hash, Kind: AnEntry, Thing: made.ID}); err != nil {
			return err
		}
		i.New++
	}
	return nil
}

// titleOf is the title of a part of an entry.
func titleOf(title string, part int) string {
	suffix := ""
	if part > 0 {
		suffix = " (" + strconv.Itoa(part+1) + ")"
	}
	return first(title, journal.MaxDiaryTitle-len(suffix)) + suffix
}

// written says whether the member has an entry of that second with that title already, whoever wrote it: an export that is read back
// where it was made doubles nothing.
func (s *Service) written(ctx context.Context, member core.ID, e *entry) (bool, error) {
	from := e.at.Truncate(time.Second)
	lines, _, err := s.areas.Journal.Diaries(ctx, core.Viewer{Member: member}, member, journal.DiaryFilter{From: from, To: from.Add(time.Second)}, core.Page{Number: 1, Size: 20})
	for _, l := range lines {
		if l.Title == titleOf(e.title, 0) && l.CreatedAt.Truncate(time.Second).Equal(from) {
			return true, err
		}
	}
	return false, err
}

// split cuts a text into parts of at most n characters, between lines where it can.
func split(text string, n int) (parts []string) {
	r := []rune(text)
	for len(r) > n {
		cut := n
		for at := n - 1; at > n/2; at-- {
			if r[at] == '\n' {
				cut = at
				break
			}
		}
		parts = append(parts, string(r[:cut]))
		r = r[cut:]
	}
	if last := core.Clean(string(r), core.ManyLines); last != "" || len(parts) == 0 {
		parts = append(parts, last)
	}
	return parts
}

// category finds or makes a category of the member; 0 when there is no room for another.
func (s *Service) category(ctx context.Context, i *Import, name string) (core.ID, error) {
	if name = first(core.Clean(name, core.OneLine), journal.MaxCategoryName); name == "" {
		return 0, nil
	}
	find := func() (core.ID, error) {
		list, err := s.areas.Journal.DiaryCategories(ctx, core.Viewer{Member: i.Member}, i.Member)
		for _, c := range list {
			if c.Name == name {
				return c.ID, err
			}
		}
		return 0, err
	}
	id, err := find()
	if err != nil || id != 0 {
		return id, err
	}
	if err := s.areas.Journal.AddCategory(ctx, i.Member, name); isFull(err) {
		return 0, nil
	} else if err != nil {
		return 0, err
	}
	if id, err = find(); err != nil {
		return 0, err
	}
	return id, s.store.PutMark(ctx, Mark{Member: i.Member, Import: i.ID, Hash: hashOf("category", id.String()), Kind: ACategory, Thing: id})
}

// takeAlbum makes an album that is not there yet, or puts a picture into it.
func (s *Service) takeAlbum(ctx context.Context, i Import, t step) (Import, error) {
	if t.photo == nil {
		return s.step(ctx, i, 1, func(ctx context.Context, i *Import) error {
			_, err := s.albumOf(ctx, i, t.album)
			return err
		})
	}
	next, err := s.step(ctx, i, 0, func(ctx context.Context, i *Import) error {
		_, err := s.albumOf(ctx, i, t.album)
		return err
	})
	if err != nil {
		return i, err
	}
	into, err := s.albumOf(ctx, &next, t.album)
	if err == nil {
		err = s.areas.Album.MayUpload(ctx, i.Member, into)
	}
	if err != nil {
		return i, err
	}
	photo, hash, err := s.makePicture(ctx, i.Member, *t.photo, into.String())
	if err != nil {
		return i, err
	}
	return s.step(ctx, next, 1, func(ctx context.Context, i *Import) error {
		if photo == 0 {
			i.Same++
			return nil
		}
		switch err := s.areas.Album.HangPhoto(ctx, i.Member, into, photo, time.Time{}); {
		case isFull(err):
			i.Failed++
			return nil
		case err != nil:
			return err
		}
		i.New++
		err := s.store.PutMark(ctx, Mark{Member: i.Member, Import: i.ID, Hash: hash, Kind: APhoto, Thing: into, Piece: photo})
		if err == nil && t.photo.caption != "" {
			err = s.areas.Album.ChangePhotos(ctx, i.Member, into, []album.PhotoChange{{Photo: photo, Caption: t.photo.caption}})
		}
		return err
	})
}

// albumOf gives the album that a step is for, and makes it when it is not there.
func (s *Service) albumOf(ctx context.Context, i *Import, a *newAlbum) (core.ID, error) {
	title := a.title
	if i.Kind == Pictures || title == "" {
		title = i.Title
	}
	if title == "" {
		title = i.Name
	}
	hash := hashOf("album", title, strconv.FormatInt(a.at.UnixMilli(), 10))
	there, err := s.same(ctx, i.Member, hash)
	if err != nil {
		return 0, err
	}
	if there {
		m, err := s.store.Marked(ctx, i.Member, hash)
		return m.Thing, err
	}
	n := album.NewAlbum{Title: first(title, maxTitle), Note: cut(a.note, album.MaxAlbumNote), Visibility: max(a.visibility, i.Visibility), Protected: a.protected, CommentsClosed: a.closed}
	if !a.at.IsZero() {
		n.At = i.dated(a.at)
	}
	made, err := s.areas.Album.WriteAlbum(ctx, i.Member, n)
	if err != nil {
		return 0, err
	}
	i.New++
	return made.ID, s.store.PutMark(ctx, Mark{Member: i.Member, Import: i.ID, Hash: hash, Kind: AnAlbum, Thing: made.ID})
}

// cut is the first n characters of a text.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// putFields fills in what the profile says nothing of.
func (s *Service) putFields(ctx context.Context, i *Import, fields []core.ProfileValue) error {
	m, err := s.store.Member(ctx, i.Member)
	if err != nil {
		return err
	}
	has, err := s.areas.People.Profile(ctx, core.Viewer{Member: i.Member}, i.Member)
	if err != nil {
		return err
	}
	said := map[string]bool{}
	for _, v := range has {
		said[v.Key] = true
	}
	var come []core.ProfileValue
	for _, v := range fields {
		if said[v.Key] {
			i.Same++
			continue
		}
		v.Visibility = max(v.Visibility, i.Visibility)
		come = append(come, v)
		i.New++
		if err := s.store.PutMark(ctx, Mark{Member: i.Member, Import: i.ID, Hash: fieldHash(v), Kind: AField}); err != nil {
			return err
		}
	}
	if len(come) == 0 {
		return nil
	}
	return s.areas.People.EditProfile(ctx, i.Member, m.Name, come)
}

func fieldHash(v core.ProfileValue) string { return hashOf("field", v.Key, v.Value) }

// takeBack deletes what an import brought, some things at a time.
func (s *Service) takeBack(ctx context.Context, i Import) error {
	for {
		left := 0
		err := s.store.Atomic(ctx, func(ctx context.Context) error {
			marks, err := s.store.Marks(ctx, i.Member, i.ID, batch)
			if err != nil {
				return err
			}
			left = len(marks)
			for _, m := range marks {
				if err := s.remove(ctx, m); err != nil && !errors.Is(err, core.ErrNotFound) {
					return err
				}
				if err := s.store.DeleteMark(ctx, m.Member, m.Hash); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if left == 0 {
			return s.end(ctx, i, Undone)
		}
	}
}

// remove deletes one thing. An album or a category in which the member has put more since stays, and so does a field that they
// have changed.
func (s *Service) remove(ctx context.Context, m Mark) error {
	self := core.Viewer{Member: m.Member}
	switch m.Kind {
	case AnEntry:
		return s.areas.Journal.DeleteDiary(ctx, m.Member, m.Thing)
	case APhoto:
		in, err := s.areas.Album.AlbumOfPhoto(ctx, self, m.Member, m.Piece)
		if err != nil {
			return err
		}
		return s.areas.Album.DeleteAlbumPhotos(ctx, m.Member, in, []core.ID{m.Piece})
	case AnAlbum:
		a, err := s.areas.Album.Album(ctx, self, m.Member, m.Thing)
		if err != nil || a.Photos > 0 {
			return err
		}
		return s.areas.Album.DeleteAlbum(ctx, m.Member, m.Thing)
	case ACategory:
		lines, _, err := s.areas.Journal.Diaries(ctx, self, m.Member, journal.DiaryFilter{Category: m.Thing}, core.Page{Number: 1, Size: 1})
		if err != nil || len(lines) > 0 {
			return err
		}
		return s.areas.Journal.DeleteCategory(ctx, m.Member, m.Thing)
	case AField:
		has, err := s.areas.People.Profile(ctx, self, m.Member)
		if err != nil {
			return err
		}
		member, err := s.store.Member(ctx, m.Member)
		if err != nil {
			return err
		}
		for _, v := range has {
			if fieldHash(v) == m.Hash {
				v.Value = ""
				return s.areas.People.EditProfile(ctx, m.Member, member.Name, []core.ProfileValue{v})
			}
		}
	}
	return nil
}

// Sweep throws away what nobody said yes to within a day, forgets imports that cannot be taken back any more, and deletes files that belong
// to none.
func (s *Service) Sweep(ctx context.Context) (err error) {
	if s.dir == "" {
		return nil
	}
	now := s.Now()
	for _, state := range []State{Shown, Brought, Stopped, Undone} {
		list, listErr := s.store.ImportsIn(ctx, state)
		err = errors.Join(err, listErr)
		for _, i := range list {
			if state == Shown && now.Sub(i.At) > shownAge || state != Shown && !now.Before(i.Until()) {
				err = errors.Join(err, s.store.DeleteImport(ctx, i.Member, i.ID))
			}
		}
	}
	files, listErr := os.ReadDir(s.dir)
	if listErr != nil {
		return errors.Join(err, ifThere(listErr))
	}
	for _, f := range files {
		info, gone := f.Info()
		if gone != nil || time.Since(info.ModTime()) < time.Hour {
			continue
		}
		member, id, _ := strings.Cut(strings.TrimSuffix(f.Name(), ".import"), "-")
		m, _ := core.ParseID(member)
		n, _ := core.ParseID(id)
		i, known := s.store.Import(ctx, m, n)
		if errors.Is(known, core.ErrNotFound) || known == nil && i.State != Shown && i.State != Working || disk.Unfinished(f.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(s.dir, f.Name())))
		}
	}
	return err
}
