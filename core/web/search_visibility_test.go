package web

import (
	"html"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/community"
	"musubi/core/journal"
	"musubi/core/search"
)

// findsAlbum says whether the search finds the album by some words.
func findsAlbum(b *browser, a album.Album, words string) bool {
	return strings.Contains(found(b, album.SearchAlbums, words), html.EscapeString(albumIDPath(a.Owner, a.ID)))
}

var searchSurfaces = []surface{
	{name: "album in the search by its title", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return findsAlbum(b, s.albums[v], s.albums[v].Title)
	}},
	{name: "album in the search by its note", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return findsAlbum(b, s.albums[v], canary("説", v))
	}},
	{name: "album in the search by a caption", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return findsAlbum(b, s.albums[v], s.albums[v].Title+"の2")
	}},
	{name: "locked album in the search by its title", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return findsAlbum(b, s.locked[v], s.locked[v].Title)
	}},
	{name: "locked album in the search by its note", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return findsAlbum(b, s.locked[v], canary("秘", v)) || strings.Contains(found(b, album.SearchAlbums, s.locked[v].Title), canary("秘", v))
	}, only: nobody},
	{name: "locked album in the search by a caption", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return findsAlbum(b, s.locked[v], s.locked[v].Title+"の2")
	}, only: nobody},
	{name: "opened album in the search by its note", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return findsAlbum(b, s.opened[v], canary("明", v))
	}, only: nobody},
	{name: "count of photos of a locked album in the search", reach: func(s *scene, b *browser, v core.Visibility) bool {
		return strings.Contains(found(b, album.SearchAlbums, s.locked[v].Title), "📷")
	}, only: nobody},
}

// What a friend finds is gone with the next search after a block, an ended friendship, another visibility, a password, a
// suspension or a deletion, although the index knows nothing of it yet; and what opens is found when it does.
func TestSEC112_SEC113_SearchChangesAtOnce(t *testing.T) {
	for name, change := range map[string]func(w *world, owner, friend core.Member, d journal.Diary, a album.Album) error{
		"block": func(w *world, o, f core.Member, d journal.Diary, a album.Album) error {
			return w.core.People.Block(t.Context(), o.ID, f.ID)
		},
		"blocked by": func(w *world, o, f core.Member, d journal.Diary, a album.Album) error {
			return w.core.People.Block(t.Context(), f.ID, o.ID)
		},
		"unfriend": func(w *world, o, f core.Member, d journal.Diary, a album.Album) error {
			return w.core.People.RemoveFriend(t.Context(), o.ID, f.ID)
		},
		"suspended": func(w *world, o, f core.Member, d journal.Diary, a album.Album) error {
			return w.store.Desk.SetStatus(t.Context(), o.ID, core.Held)
		},
		"owner has left": func(w *world, o, f core.Member, d journal.Diary, a album.Album) error {
			return w.core.Chores.Remove(t.Context(), o.ID, "test")
		},
		"made private": func(w *world, o, f core.Member, d journal.Diary, a album.Album) error {
			w.must(w.core.Album.EditAlbum(t.Context(), o.ID, a.ID, album.NewAlbum{Title: a.Title, Visibility: core.Private}))
			w.must(w.core.People.EditProfile(t.Context(), o.ID, o.Name, []core.ProfileValue{{Key: "work", Value: "カナリア職", Visibility: core.Private}}))
			return w.core.Journal.EditDiary(t.Context(), o.ID, d.ID, journal.NewDiary{Title: d.Title, Body: "文", Visibility: core.Private})
		},
		"deleted": func(w *world, o, f core.Member, d journal.Diary, a album.Album) error {
			w.must(w.core.Album.DeleteAlbum(t.Context(), o.ID, a.ID))
			w.must(w.core.People.EditProfile(t.Context(), o.ID, o.Name, []core.ProfileValue{{Key: "work"}}))
			return w.core.Journal.DeleteDiary(t.Context(), o.ID, d.ID)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			owner, friend := w.member("主"), w.member("友")
			w.friends(owner, friend)
			w.must(w.core.People.EditProfile(t.Context(), owner.ID, owner.Name, []core.ProfileValue{{Key: "work", Value: "カナリア職", Visibility: core.Friends}}))
			d := w.diary(owner, "カナリア日記", core.Friends)
			a := w.hang(owner, album.NewAlbum{Title: "カナリア帳", Visibility: core.Friends}, 1)
			w.must(w.core.Search.UpdateSearch(t.Context()))
			b := w.as(friend)
			sees := func() (n int) {
				for kind := range privateFinds {
					if found(b, search.Kind(kind), "ｶﾅﾘｱ") != "" {
						n++
					}
				}
				return n
			}
			if sees() != privateFinds {
				t.Fatalf("before: finds %d kinds", sees())
			}
			w.must(change(w, owner, friend, d, a))
			if sees() != 0 {
				t.Errorf("at once after: finds %d kinds", sees())
			}
			w.must(w.core.Search.UpdateSearch(t.Context()))
			if sees() != 0 {
				t.Errorf("when the index knows: finds %d kinds", sees())
			}
		})
	}
}

// privateFinds are the kinds of finds that belong to a member: those before communities.
const privateFinds = int(community.SearchCommunities)

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// Albums are found by title, note and captions, those that were moved in and changed too.
func TestSearchAlbums(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	a := w.hang(m, album.NewAlbum{Title: "沖縄の旅", Note: "青い海🏖", Visibility: core.Everyone}, 1)
	other := w.hang(m, album.NewAlbum{Title: "春", Visibility: core.Everyone}, 0)
	b := w.as(w.member("見る人"))
	finds := func(query string, want ...string) {
		t.Helper()
		var got []string
		for _, m := range strings.Split(b.finds("albums", query), `<a href="/album?`)[1:] {
			title, _, _ := strings.Cut(m, "</a>")
			_, title, _ = strings.Cut(title, ">")
			got = append(got, strings.NewReplacer("<strong>", "", "</strong>", "").Replace(title))
		}
		if strings.Join(got, "|") != strings.Join(want, "|") {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	finds("ｵｷﾅﾜ の旅") // kanji are not their reading
	finds("沖縄 🏖", "沖縄の旅")
	finds("旅の1", "沖縄の旅")
	w.must(w.core.Album.ChangePhotos(t.Context(), m.ID, a.ID, []album.PhotoChange{{Photo: a.Cover.ID, Caption: "首里城", MoveTo: other.ID}}))
	finds("首里", "春")
	finds("旅の1")
	n := album.NewAlbum{Title: "春", Visibility: core.Everyone, Password: "hirake"}
	w.must(w.core.Album.PrepareAlbum(t.Context(), &n))
	w.must(w.core.Album.EditAlbum(t.Context(), m.ID, other.ID, n))
	finds("首里")
	finds("春", "春")
	w.must(w.core.Album.DeleteAlbum(t.Context(), m.ID, other.ID))
	finds("春")
}
