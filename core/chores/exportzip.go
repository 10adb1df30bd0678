package chores

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"os"
	"time"

	"musubi/core"
	"musubi/core/disk"
	"musubi/core/journal"
)

// writeExport makes the file of an export and returns its size. It appears under its name when it is whole.
func (s *Service) writeExport(ctx context.Context, e Export, j *job) (bytes int64, err error) {
	x := &s.exports
	if err := disk.MakeDir(x.dir); err != nil {
		return 0, err
	}
	to := &rationed{x: x}
	err = disk.WriteTo(x.path(e), func(f *os.File) error {
		to.f = f
		return s.ExportTo(ctx, e.Member, e.Language, to, func(done, total int) {
			j.total.Store(int64(total))
			j.done.Store(int64(done))
		})
	})
	if err != nil {
		x.used.Add(-to.n)
		return 0, err
	}
	return to.n, nil
}

// rationed writes as long as there is room for all exports together.
type rationed struct {
	f *os.File
	x *exports
	n int64
}

func (r *rationed) Write(b []byte) (int, error) {
	if r.x.used.Load()+int64(len(b)) > r.x.room {
		return 0, ErrNoRoom
	}
	n, err := r.f.Write(b)
	r.n += int64(n)
	r.x.used.Add(int64(n))
	return n, err
}

// ExportFor is an export by an operator whom the member has asked, for example one who is suspended and cannot log in.
func (s *Service) ExportFor(ctx context.Context, m core.Member, w io.Writer) error {
	if err := s.Audit(ctx, "export", m.ID, "operator", ""); err != nil {
		return err
	}
	return s.ExportTo(ctx, m.ID, m.Language, w, func(int, int) {})
}

// ExportTo writes a ZIP of everything that belongs to a member: a JSON file for each noun (docs/export.md), the pictures, and
// a page to read it by (language "ja" or "en"). It streams; progress is told how many rows and pictures are done, of about how
// many. Nothing is asked: the caller has asked for the password.
func (s *Service) ExportTo(ctx context.Context, member core.ID, language string, w io.Writer, progress func(done, total int)) error {
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return err
	}
	rows, err := s.store.CountBelongings(ctx, member)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(w, 64<<10)
	x := &exporting{s: s, member: m, zip: zip.NewWriter(buffered), at: s.Now(), total: 2 * rows, progress: progress,
		reading: s.reading(member), language: language, counts: map[string]int{}, pictures: map[string][]string{}, hanging: map[core.Attached][]keptPicture{}}
	x.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	for _, noun := range s.store.Nouns() {
		if err := x.rows(ctx, noun); err != nil {
			return err
		}
	}
	if err := x.photos(ctx); err != nil {
		return err
	}
	if err := x.films(ctx); err != nil {
		return err
	}
	if err := errors.Join(x.mt(ctx), x.pages(ctx), x.index(ctx)); err != nil {
		return err
	}
	return errors.Join(x.zip.Close(), buffered.Flush())
}

// exporting is one ZIP on its way.
type exporting struct {
	language    string // of the words of its pages
	s           *Service
	member      core.Member
	zip         *zip.Writer
	at          time.Time
	reading     *reading
	done, total int
	progress    func(done, total int)
	counts      map[string]int                  // rows by noun
	pictures    map[string][]string             // files by the entry they belong to
	hanging     map[core.Attached][]keptPicture // files by the member's own things, whose Owner is left out
}

func (x *exporting) create(name string, method uint16) (io.Writer, error) {
	return x.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: x.at})
}

func (x *exporting) step() {
	x.done++
	x.progress(x.done, max(x.total, x.done))
}

// rows writes the file of a noun: an array with an object for each row, one on a line.
func (x *exporting) rows(ctx context.Context, noun Noun) error {
	w, err := x.create(noun.Name+".json", zip.Deflate)
	if err != nil {
		return err
	}
	separator := "[\n"
	var line []byte
	err = x.s.store.Belongings(ctx, x.member.ID, noun.Name, func(row []core.Field) error {
		x.step()
		object, ok, err := x.reading.append(ctx, line[:0], row)
		if err != nil || !ok {
			return err
		}
		line = object
		if name := besides[noun.Name]; name != nil {
			object = fmt.Appendf(object[:len(object)-1], `, "file": %q}`, name(x.member.ID, row))
		}
		x.counts[noun.Name]++
		if _, err = io.WriteString(w, separator); err == nil {
			_, err = w.Write(object)
		}
		separator = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	end := "\n]\n"
	if x.counts[noun.Name] == 0 {
		end = "[]\n"
	}
	_, err = io.WriteString(w, end)
	return err
}

// photosNoun has pictures beside its rows, filmsNoun films.
const (
	photosNoun = "photos"
	filmsNoun  = "film_files"
)

// besides names the file that lies beside a row.
var besides = map[string]func(self core.ID, row []core.Field) string{photosNoun: photoFile, filmsNoun: filmFile}

func filmFile(_ core.ID, row []core.Field) string {
	return fmt.Sprintf("films/%v.mp4", field(row, "photo"))
}

var photoSuffixes = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif"}

// field gives a value of a row; nil when it has none of the name.
func field(row []core.Field, name string) any {
	for _, f := range row {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}

func photoFile(self core.ID, row []core.Field) string {
	_, kind := photoToKeep(self, row)
	return fmt.Sprintf("photos/%v%s", field(row, "id"), photoSuffixes[kind])
}

// photoToKeep is which file of a photo the export has: what the member themselves sent, where it is kept, else the picture that others see too.
func photoToKeep(self core.ID, row []core.Field) (hash, kind string) {
	hash, _ = field(row, "hash").(string)
	kind, _ = field(row, "type").(string)
	if original, _ := field(row, "original").(string); original != "" && field(row, "member") == int64(self) {
		hash = original
		kind, _ = field(row, "original_type").(string)
	}
	return hash, kind
}

// photos writes the pictures as they were sent, or, where that is not kept, as they are stored: no compression makes them smaller.
func (x *exporting) photos(ctx context.Context) error {
	return x.s.store.Belongings(ctx, x.member.ID, photosNoun, func(row []core.Field) error {
		hash, _ := photoToKeep(x.member.ID, row)
		b, err := x.s.Blobs.Get(ctx, hash)
		if errors.Is(err, core.ErrNotFound) {
			return nil // deleted a moment ago
		}
		if err != nil {
			return err
		}
		w, err := x.create(photoFile(x.member.ID, row), zip.Store)
		if err != nil {
			return err
		}
		if field(row, "kind") == int64(journal.DiaryPhoto) {
			entry := fmt.Sprint(field(row, "thing"))
			x.pictures[entry] = append(x.pictures[entry], photoFile(x.member.ID, row))
		}
		if number(row, "member") == int64(x.member.ID) {
			to := core.Attached{Kind: core.Attachment(number(row, "kind")), Thing: core.ID(number(row, "thing"))}
			x.hanging[to] = append(x.hanging[to], keptPicture{photoFile(x.member.ID, row), text(row, "caption")})
		}
		x.step()
		_, err = w.Write(b)
		return err
	})
}

// films writes the films as browsers play them.
func (x *exporting) films(ctx context.Context) error {
	return x.s.store.Belongings(ctx, x.member.ID, filmsNoun, func(row []core.Field) error {
		hash, _ := field(row, "hash").(string)
		film, _, err := x.s.Blobs.Open(ctx, hash)
		if errors.Is(err, core.ErrNotFound) {
			return nil // deleted a moment ago
		}
		if err != nil {
			return err
		}
		defer film.Close()
		w, err := x.create(filmFile(x.member.ID, row), zip.Store)
		if err != nil {
			return err
		}
		x.step()
		_, err = io.Copy(w, film)
		return err
	})
}

// word is one of the words of the pages.
func (x *exporting) word(key string, args ...any) string {
	if x.s.writer == nil {
		return key
	}
	return x.s.writer.ExportWord(x.language, key, args...)
}

// index writes a page that leads through the files and shows the entries with their pictures, without script.
func (x *exporting) index(ctx context.Context) error {
	file, err := x.create("index.html", zip.Deflate)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	title := html.EscapeString(x.word("title", x.member.Name))
	fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"%s\"><meta charset=\"UTF-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>%s</title>\n"+
		"<style>body{max-width:40em;margin:1em auto;padding:0 1em;line-height:1.7}img{max-width:100%%}article{border-top:1px solid;white-space:pre-wrap}</style>\n"+
		"<h1>%s</h1>\n<p>%s</p>\n<ul>\n", html.EscapeString(x.language), title, title, html.EscapeString(x.word("lead", x.at.UTC().Format("2006-01-02 15:04 UTC"))))
	fmt.Fprintf(w, "<li><a href=\"%sindex.html\">HTML</a></li>\n<li><a href=\"%s\">Movable Type</a></li>\n", pagesDir, mtFile)
	for _, noun := range x.s.store.Nouns() {
		fmt.Fprintf(w, "<li><a href=\"%s.json\">%s.json</a> (%d)</li>\n", noun.Name, noun.Name, x.counts[noun.Name])
	}
	fmt.Fprintf(w, "</ul>\n<h2>%s</h2>\n", html.EscapeString(x.word("diaries")))
	err = x.s.store.Belongings(ctx, x.member.ID, "diaries", func(row []core.Field) error {
		at, _ := field(row, "created_at").(int64)
		fmt.Fprintf(w, "<article><h3>%s</h3><small>%s</small>\n%s\n", html.EscapeString(fmt.Sprint(field(row, "title"))),
			time.UnixMilli(at).UTC().Format("2006-01-02 15:04 UTC"), html.EscapeString(fmt.Sprint(field(row, "body"))))
		for _, picture := range x.pictures[fmt.Sprint(field(row, "id"))] {
			fmt.Fprintf(w, "<img src=\"%s\" alt=\"\">\n", picture)
		}
		_, err := io.WriteString(w, "</article>\n")
		return err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "</html>\n")
	return errors.Join(err, w.Flush())
}
