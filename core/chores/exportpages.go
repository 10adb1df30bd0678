package chores

import (
	"archive/zip"
	"bufio"
	"context"
	"fmt"
	"html"
	"io"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/bring/mtformat"
	"musubi/core/journal"
)

// mostSaid bounds the comments that stand under the entries of mtFile and of the pages; comments.json has all of them.
const mostSaid = 100_000

// Besides what only we read, an export has the diary as other blogs take it in, and pages for the shelf.
const (
	mtFile   = "diary.mt.txt"
	pagesDir = "html/"
)

// A keptPicture is a picture as pages show it.
type keptPicture struct{ file, caption string }

// zone is where the member's day begins.
func (x *exporting) zone() *time.Location {
	if zone, err := time.LoadLocation(x.member.Zone); err == nil && x.member.Zone != "" {
		return zone
	}
	return time.FixedZone("JST", 9*60*60)
}

// text is a value of a row as text, "" for one that it has not.
func text(row []core.Field, name string) string {
	s, _ := field(row, name).(string)
	return s
}

func number(row []core.Field, name string) int64 {
	n, _ := field(row, name).(int64)
	return n
}

// entries calls each with every entry of the member and what was said under it, oldest first, as far as the member may read it.
func (x *exporting) entries(ctx context.Context, each func(id core.ID, v core.Visibility, e mtformat.Entry) error) error {
	zone, categories, said, kept := x.zone(), map[int64]string{}, map[int64][]mtformat.Comment{}, 0
	err := x.s.store.Belongings(ctx, x.member.ID, "diary_categories", func(row []core.Field) error {
		categories[number(row, "id")] = text(row, "name")
		return nil
	})
	if err != nil {
		return err
	}
	err = x.s.store.Belongings(ctx, x.member.ID, "comments", func(row []core.Field) error {
		if number(row, "owner") != int64(x.member.ID) || kept == mostSaid {
			return nil
		}
		name, ok, err := x.reading.name(ctx, core.ID(number(row, "author")))
		if core.ID(number(row, "author")) == x.member.ID {
			name, ok = x.member.Name, true
		}
		if err != nil || !ok {
			return err
		}
		kept++
		said[number(row, "diary")] = append(said[number(row, "diary")], mtformat.Comment{Author: name, Body: text(row, "body"), At: time.UnixMilli(number(row, "created_at")).In(zone)})
		return nil
	})
	if err != nil {
		return err
	}
	return x.s.store.Belongings(ctx, x.member.ID, "diaries", func(row []core.Field) error {
		v := core.Visibility(number(row, "visibility"))
		return each(core.ID(number(row, "id")), v, mtformat.Entry{Title: text(row, "title"), Body: text(row, "body"), Category: categories[number(row, "category")],
			At: time.UnixMilli(number(row, "created_at")).In(zone), Draft: v != core.Everyone, Comments: said[number(row, "id")]})
	})
}

// mt writes the diary in the import format of Movable Type. What not everybody here could see is a draft: no blog publishes it unasked.
func (x *exporting) mt(ctx context.Context) error {
	file, err := x.create(mtFile, zip.Deflate)
	if err != nil {
		return err
	}
	return x.entries(ctx, func(_ core.ID, _ core.Visibility, e mtformat.Entry) error {
		return mtformat.Write(file, x.member.Name, e)
	})
}

// pageHead and pageEnd are around each of the pages.
func pageHead(w io.Writer, language, title, up string) {
	fmt.Fprintf(w, "<!DOCTYPE html>\n<html lang=\"%s\"><meta charset=\"UTF-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><title>%s</title>\n"+
		"<style>body{max-width:40em;margin:1em auto;padding:0 1em;line-height:1.7}img{max-width:100%%}.text{white-space:pre-wrap;overflow-wrap:anywhere}</style>\n", language, html.EscapeString(title))
	if up != "" {
		fmt.Fprintf(w, "<p><a href=\"%s\">↑</a></p>\n", up)
	}
	fmt.Fprintf(w, "<h1>%s</h1>\n", html.EscapeString(title))
}

// pages writes a page for each entry and each album, and one that leads to them: without script, and for no network.
func (x *exporting) pages(ctx context.Context) error {
	var diaries, albums strings.Builder
	err := x.entries(ctx, func(id core.ID, _ core.Visibility, e mtformat.Entry) error {
		name := "diary/" + id.String() + ".html"
		fmt.Fprintf(&diaries, "<li>%s <a href=\"%s\">%s</a></li>\n", e.At.Format("2006-01-02"), name, html.EscapeString(e.Title))
		return x.page(name, func(w io.Writer) {
			pageHead(w, x.language, e.Title, "../index.html")
			fmt.Fprintf(w, "<p><small>%s %s</small></p>\n<div class=\"text\">%s</div>\n", e.At.Format("2006-01-02 15:04"), html.EscapeString(e.Category), html.EscapeString(e.Body))
			x.showPictures(w, journal.DiaryPhoto, id)
			for _, c := range e.Comments {
				fmt.Fprintf(w, "<hr>\n<p><b>%s</b> <small>%s</small></p>\n<div class=\"text\">%s</div>\n", html.EscapeString(c.Author), c.At.Format("2006-01-02 15:04"), html.EscapeString(c.Body))
			}
		})
	})
	if err != nil {
		return err
	}
	err = x.s.store.Belongings(ctx, x.member.ID, "albums", func(row []core.Field) error {
		id := core.ID(number(row, "id"))
		name := "album/" + id.String() + ".html"
		fmt.Fprintf(&albums, "<li><a href=\"%s\">%s</a></li>\n", name, html.EscapeString(text(row, "title")))
		title, note := text(row, "title"), text(row, "note")
		return x.page(name, func(w io.Writer) {
			pageHead(w, x.language, title, "../index.html")
			fmt.Fprintf(w, "<div class=\"text\">%s</div>\n", html.EscapeString(note))
			x.showPictures(w, album.InAlbum, id)
		})
	})
	if err != nil {
		return err
	}
	return x.page("index.html", func(w io.Writer) {
		pageHead(w, x.language, x.word("title", x.member.Name), "../index.html")
		fmt.Fprintf(w, "<h2>%s</h2>\n<ul>\n%s</ul>\n<h2>%s</h2>\n<ul>\n%s</ul>\n", html.EscapeString(x.word("diaries")), diaries.String(), html.EscapeString(x.word("albums")), albums.String())
	})
}

// page writes one page.
func (x *exporting) page(name string, write func(w io.Writer)) error {
	file, err := x.create(pagesDir+name, zip.Deflate)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(file)
	write(w)
	io.WriteString(w, "</html>\n")
	return w.Flush()
}

// showPictures shows what hangs on a thing, as it lies in the ZIP two folders up.
func (x *exporting) showPictures(w io.Writer, kind core.Attachment, thing core.ID) {
	for _, p := range x.hanging[core.Attached{Kind: kind, Thing: thing}] {
		fmt.Fprintf(w, "<figure><img src=\"../../%s\" alt=\"\"><figcaption>%s</figcaption></figure>\n", p.file, html.EscapeString(p.caption))
	}
}
