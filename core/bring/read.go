package bring

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/bring/mtformat"
	"musubi/core/journal"
)

// Bounds of what a ZIP may hold, whatever its own tables say of it (SEC-80).
const (
	maxFiles    = 5000      // in a ZIP
	maxPictures = 2000      // that come of one file
	maxUnpacked = 512 << 20 // bytes that are unpacked of one ZIP at most, each time it is read
	maxJSON     = 64 << 20  // bytes of one JSON file
	maxTitle    = album.MaxAlbumTitle
)

// A step is what comes in at once: an entry with its pictures, a picture of an album, an album, or what the profile has.
type step struct {
	entry  *entry
	album  *newAlbum
	photo  *picture // of album
	fields []core.ProfileValue
}

// An entry of a diary on its way.
type entry struct {
	title, body string
	category    string
	at          time.Time
	visibility  core.Visibility // no wider than this
	closed      bool
	said        string // by others, as text; at the end when the member wants it
	pictures    []picture
}

// A newAlbum is one on its way.
type newAlbum struct {
	title, note string
	visibility  core.Visibility
	protected   bool
	closed      bool
	at          time.Time
}

// A picture lies in the file.
type picture struct {
	file    *zip.File
	caption string
}

// loaded is a file as it was read: what it is, what it has, and the steps in which that comes, always in the same order.
type loaded struct {
	kind    Kind
	summary Summary
	steps   []step
}

// read reads a file that came at a time. Invalid when it is none that we know.
func read(file []byte, zone *time.Location, came time.Time) (l loaded, err error) {
	if l, err = readAny(file, zone); err != nil {
		return l, err
	}
	for _, t := range l.steps {
		if t.entry != nil && t.entry.at.After(came) {
			l.summary.Ahead++
		}
	}
	return l, nil
}

func readAny(file []byte, zone *time.Location) (l loaded, err error) {
	if bytes.HasPrefix(file, []byte("PK")) {
		z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
		if err != nil || len(z.File) > maxFiles {
			return l, ErrFile
		}
		if slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "diaries.json" }) {
			return readMusubi(z)
		}
		return readPictures(z)
	}
	return readBlog(file, zone)
}

func readBlog(file []byte, zone *time.Location) (l loaded, err error) {
	r, err := mtformat.Parse(file, zone)
	if err != nil {
		return l, ErrFile
	}
	l.kind = Blog
	s := &l.summary
	for _, from := range r.Entries {
		e := entry{title: from.Title, body: from.Body, category: from.Category, at: from.At}
		if from.Draft {
			e.visibility = core.Private
			s.Drafts++
		}
		var said strings.Builder
		for _, c := range from.Comments {
			if c.Body = core.Clean(c.Body, core.ManyLines); c.Body != "" {
				s.Comments++
				said.WriteString(saidBy(c.Author, c.At, zone, c.Body))
			}
		}
		e.said = said.String()
		s.leave("pictures", from.Pictures)
		s.leave("pings", from.Pings)
		l.addEntry(e)
	}
	s.leave("many", r.More)
	s.leave("undated", r.Undated)
	s.leave("misdated", r.Misread)
	s.leave("empty", r.Empty)
	return l, nil
}

// saidBy is a comment at the end of a text: who said it is a name, and nobody's address.
func saidBy(author string, at time.Time, zone *time.Location, body string) string {
	if author = core.Clean(author, core.OneLine); author == "" {
		author = "?"
	}
	when := ""
	if !at.IsZero() {
		when = " " + at.In(zone).Format("2006-01-02 15:04")
	}
	return "\n\n■ " + author + when + "\n" + body
}

// addEntry takes an entry in as it can be stored; one that is too long comes as several.
func (l *loaded) addEntry(e entry) {
	e.title, e.body = core.Clean(e.title, core.OneLine), core.Clean(e.body, core.ManyLines)
	if e.title == "" {
		e.title = first(e.body, 30)
	}
	if e.body == "" {
		e.body = e.title
	}
	s := &l.summary
	s.Entries++
	s.Photos += len(e.pictures)
	if s.From.IsZero() || e.at.Before(s.From) {
		s.From = e.at
	}
	if e.at.After(s.To) {
		s.To = e.at
	}
	if len(s.Titles) < shownMost {
		s.Titles = append(s.Titles, first(e.title, journal.MaxDiaryTitle))
	}
	if n := len(e.pictures); n > journal.MaxDiaryPhotos {
		s.leave("photosofentry", n-journal.MaxDiaryPhotos)
		s.Photos -= n - journal.MaxDiaryPhotos
		e.pictures = e.pictures[:journal.MaxDiaryPhotos]
	}
	l.steps = append(l.steps, step{entry: &e})
}

// first is the first n characters of a text's first line.
func first(s string, n int) string {
	s, _, _ = strings.Cut(s, "\n")
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// pictureKinds are the ends of names of pictures that we take.
var pictureKinds = []string{".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff"}

// readPictures reads a ZIP of pictures, with captions in captions.csv, by path or by name, or where a name says something in the names.
func readPictures(z *zip.Reader) (l loaded, err error) {
	l.kind = Pictures
	s, of := &l.summary, &newAlbum{}
	var found []*zip.File
	captions, unpacked := map[string]string{}, uint64(0)
	for _, f := range z.File {
		name := fileName(f)
		switch {
		case f.FileInfo().IsDir() || hidden(name):
		case strings.EqualFold(path.Base(name), "captions.csv"):
			captions = readCaptions(f)
		case !f.FileInfo().Mode().IsRegular() || !slices.Contains(pictureKinds, strings.ToLower(path.Ext(name))):
			s.leave("notpictures", 1)
		case f.UncompressedSize64 > core.MaxUpload:
			s.leave("large", 1)
		case unpacked+f.UncompressedSize64 > maxUnpacked || len(found) >= min(maxPictures, album.MaxAlbumPhotos):
			s.leave("manypictures", 1)
		default:
			unpacked += f.UncompressedSize64
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		return l, ErrFile
	}
	slices.SortStableFunc(found, func(a, b *zip.File) int { return strings.Compare(fileName(a), fileName(b)) })
	for _, f := range found {
		name := path.Base(fileName(f))
		caption, ok := captions[fileName(f)]
		if !ok {
			caption, ok = captions[name]
		}
		if stem := strings.TrimSuffix(name, path.Ext(name)); !ok && strings.ContainsFunc(stem, func(r rune) bool { return r >= utf8.RuneSelf }) {
			caption = stem // "IMG_0001" says nothing
		}
		l.steps = append(l.steps, step{album: of, photo: &picture{f, first(core.Clean(caption, core.OneLine), album.MaxCaption)}})
	}
	s.Albums, s.Photos = 1, len(found)
	return l, nil
}

// fileName is the name of a file in a ZIP; those without the mark of UTF-8 are often in Shift_JIS.
func fileName(f *zip.File) string {
	if utf8.ValidString(f.Name) {
		return f.Name
	}
	if name, err := japanese.ShiftJIS.NewDecoder().String(f.Name); err == nil {
		return name
	}
	return strings.ToValidUTF8(f.Name, "_")
}

// hidden says whether a file is one that systems leave beside others.
func hidden(name string) bool {
	return strings.HasPrefix(path.Base(name), ".") || strings.HasPrefix(name, "__MACOSX/") || strings.EqualFold(path.Base(name), "thumbs.db")
}

// errBomb: a file in a ZIP has more than its table says.
var errBomb = errors.New("bring: a file in the ZIP is larger than it says")

// unpack reads a file of a ZIP, most bytes at most, whatever its table says.
func unpack(f *zip.File, most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if int64(len(b)) > most {
		return nil, errBomb
	}
	return b, err
}
