package bring

import (
	"archive/zip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/bring/mtformat"
	"musubi/core/people"
)

// readCaptions reads lines of a name or path and a caption; whatever else is there is passed over.
func readCaptions(f *zip.File) map[string]string {
	captions := map[string]string{}
	b, err := unpack(f, 1<<20)
	if err != nil {
		return captions
	}
	lines := csv.NewReader(strings.NewReader(mtformat.Decode(b)))
	lines.FieldsPerRecord, lines.LazyQuotes = -1, true
	for {
		line, err := lines.Read()
		if err == io.EOF || len(captions) > maxFiles {
			return captions
		}
		if err == nil && len(line) >= 2 {
			captions[strings.TrimPrefix(strings.ReplaceAll(strings.TrimSpace(line[0]), `\`, "/"), "./")] = line[1]
		}
	}
}

// visibilities are the words of exports. One that we do not know is nobody's.
var visibilities = map[string]core.Visibility{"everyone": core.Everyone, "friends_of_friends": core.FriendsOfFriends, "friends": core.Friends}

func visibilityOf(word string) core.Visibility {
	if v, ok := visibilities[word]; ok {
		return v
	}
	return core.Private
}

// A nameOnly is a member of another musubi: here they are a name.
type nameOnly struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// export is what we read of an export (docs/export.md).
type export struct {
	diaries []struct {
		ID, Title, Body, Visibility, Category string
		Open                                  bool      `json:"comments_open"`
		At                                    time.Time `json:"created_at"`
	}
	categories []struct{ ID, Name string }
	comments   []struct {
		Diary, Body string
		Author      nameOnly
		At          time.Time `json:"created_at"`
	}
	albums []struct {
		ID, Title, Note, Visibility string
		Protected                   bool
		Open                        bool      `json:"comments_open"`
		At                          time.Time `json:"created_at"`
	}
	photos []struct {
		Kind, Thing, File, Caption string
		Place                      int
	}
	profile []struct{ Field, Value, Visibility string }
	films   []struct{ Photo string }
}

// readMusubi reads what another musubi gave its member to take along.
func readMusubi(z *zip.Reader) (l loaded, err error) {
	l.kind = Musubi
	files := make(map[string]*zip.File, len(z.File))
	for _, f := range z.File {
		files[f.Name] = f
	}
	var x export
	left := int64(2 * maxJSON)
	for name, to := range map[string]any{"diaries": &x.diaries, "diary_categories": &x.categories, "comments": &x.comments, "albums": &x.albums, "photos": &x.photos, "profile": &x.profile, "films": &x.films} {
		f := files[name+".json"]
		if f == nil {
			continue // an older musubi has less
		}
		b, err := unpack(f, min(maxJSON, left))
		if err != nil || json.Unmarshal(b, to) != nil {
			return l, ErrFile
		}
		left -= int64(len(b))
	}
	x.steps(&l, files)
	return l, nil
}

// steps puts what an export has into an order.
func (x *export) steps(l *loaded, files map[string]*zip.File) {
	s := &l.summary
	categories, said, pictures := map[string]string{}, map[string]string{}, map[[2]string][]picture{}
	for _, c := range x.categories {
		categories[c.ID] = c.Name
	}
	own := map[string]bool{}
	for _, d := range x.diaries {
		own[d.ID] = true
	}
	for _, c := range x.comments {
		if !own[c.Diary] {
			s.leave("elsewhere", 1) // what the member said under the entries of others
			continue
		}
		s.Comments++
		said[c.Diary] += saidBy(c.Author.Name, c.At, time.UTC, core.Clean(c.Body, core.ManyLines))
	}
	slices.SortStableFunc(x.photos, func(a, b struct {
		Kind, Thing, File, Caption string
		Place                      int
	}) int {
		return a.Place - b.Place
	})
	unpacked, number := uint64(0), 0
	for _, p := range x.photos {
		f := files[p.File]
		switch {
		case p.Kind != "diary" && p.Kind != "album":
			s.leave("otherphotos", 1)
		case f == nil:
			s.leave("lost", 1)
		case f.UncompressedSize64 > core.MaxUpload:
			s.leave("large", 1)
		case unpacked+f.UncompressedSize64 > maxUnpacked || number >= maxPictures:
			s.leave("manypictures", 1)
		default:
			unpacked += f.UncompressedSize64
			number++
			key := [2]string{p.Kind, p.Thing}
			pictures[key] = append(pictures[key], picture{f, first(core.Clean(p.Caption, core.OneLine), core.MaxCaption)})
		}
	}
	for i, d := range x.diaries {
		if i == mtformat.MaxEntries {
			s.leave("many", len(x.diaries)-i)
			break
		}
		if d.At.IsZero() {
			s.leave("undated", 1)
			continue
		}
		l.addEntry(entry{title: d.Title, body: d.Body, category: categories[d.Category], at: d.At, visibility: visibilityOf(d.Visibility), closed: !d.Open,
			said: said[d.ID], pictures: pictures[[2]string{"diary", d.ID}]})
	}
	for _, a := range x.albums {
		of := &newAlbum{title: first(core.Clean(a.Title, core.OneLine), maxTitle), note: core.Clean(a.Note, core.ManyLines), visibility: visibilityOf(a.Visibility), protected: a.Protected, closed: !a.Open, at: a.At}
		s.Albums++
		l.steps = append(l.steps, step{album: of})
		for _, p := range pictures[[2]string{"album", a.ID}] {
			s.Photos++
			l.steps = append(l.steps, step{album: of, photo: &p})
		}
	}
	s.leave("films", len(x.films))
	if fields := x.fields(); len(fields) > 0 {
		s.Fields = len(fields)
		l.steps = append(l.steps, step{fields: fields})
	}
}

// fields are those of the profile that can be stored here.
func (x *export) fields() (fields []core.ProfileValue) {
	for _, p := range x.profile {
		one := []core.ProfileValue{{Key: p.Field, Value: p.Value, Visibility: visibilityOf(p.Visibility)}}
		var c core.Check
		one = people.CleanProfile(&c, one)
		if c.Err() == nil && one[0].Value != "" && len(fields)+len(one) <= len(people.ProfileFields) {
			fields = append(fields, one...)
		}
	}
	return fields
}

// isFull says whether a refusal is one of a room that is full: what follows may still fit.
func isFull(err error) bool {
	var e *core.Error
	return errors.As(err, &e) && e.Code == core.Full
}
