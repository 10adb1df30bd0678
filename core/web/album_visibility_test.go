package web

import (
	"net/url"
	"strings"
	"time"

	"musubi/core"
	albums "musubi/core/album"
)

// gallery is an album of each visibility, with a photo, a caption and comments; and the same with a password, which no
// watcher has given but those in opened.
type gallery struct {
	albums, locked, opened [4]albums.Album
}

const galleryPassword = "あいことば"

// exhibit hangs the owner's albums and lets every watcher give the password of those in opened, as far as they are let.
func (s *scene) exhibit() {
	for v := core.Everyone; v <= core.Private; v++ {
		s.albums[v] = s.hang(s.owner, albums.NewAlbum{Title: canary("冊", v), Note: canary("説", v), Visibility: v}, 2)
		s.locked[v] = s.hang(s.owner, albums.NewAlbum{Title: canary("鍵", v), Note: canary("秘", v), Visibility: v, Password: galleryPassword}, 2)
		s.opened[v] = s.hang(s.owner, albums.NewAlbum{Title: canary("開", v), Note: canary("明", v), Visibility: v, Password: galleryPassword}, 2)
		for _, a := range []albums.Album{s.albums[v], s.locked[v], s.opened[v]} {
			s.film(a.Owner, s.shots(a)[1], canary("札", v))
			for _, photo := range []core.ID{0, a.Cover.ID} {
				if _, err := s.core.Talk.WriteComment(s.t.Context(), core.Viewer{Member: s.owner.ID}, albums.AlbumThread(a.Owner, a.ID, photo), "言"+a.Title, s.clock.Now()); err != nil {
					s.t.Fatal(err)
				}
			}
		}
	}
}

// give sends an album's password as a watcher.
func (s *scene) give(b *browser, a albums.Album) reply {
	return s.press(b, albumOpenPath, url.Values{"owner": {a.Owner.String()}, "id": {a.ID.String()}, "password": {galleryPassword}})
}

func ownerOnly(name string, _ core.Visibility) bool { return name == "owner" }
func nobody(string, core.Visibility) bool           { return false }
func friendOnly(name string, _ core.Visibility) bool {
	return name == "friend"
}

// ways are the ways to what is in an album; album picks it of the gallery.
func ways(kind string, album func(s *scene, v core.Visibility) albums.Album, only func(string, core.Visibility) bool) []surface {
	comment := func(s *scene, b *browser, v core.Visibility, photo core.ID, button string) reply {
		a := album(s, v)
		form := url.Values{"owner": {a.Owner.String()}, "album": {a.ID.String()}, "body": {"見ました"}, button: {"1"}}
		if photo != 0 {
			form.Set("photo", photo.String())
		}
		return s.press(b, albumCommentPath, form)
	}
	second := func(s *scene, a albums.Album) core.ID { return s.shots(a)[1] }
	return []surface{
		{name: kind + ": note", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumIDPath(a.Owner, a.ID), `<div class="text">`+a.Note)
		}},
		{name: kind + ": caption on the page", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumIDPath(a.Owner, a.ID), a.Title+"の2")
		}},
		{name: kind + ": comment", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumIDPath(a.Owner, a.ID), "言"+a.Title)
		}},
		{name: kind + ": count of photos on the page", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumIDPath(a.Owner, a.ID), "2枚")
		}},
		{name: kind + ": page beyond the last", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumIDPath(a.Owner, a.ID)+"&page=9&c=1", a.Note)
		}},
		{name: kind + ": photo page", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumPhotoIDPath(a.Owner, a.ID, a.Cover.ID), a.Title+"の1")
		}},
		{name: kind + ": neighbour of the photo", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumPhotoIDPath(a.Owner, a.ID, a.Cover.ID), "photo="+second(s, a).String())
		}},
		{name: kind + ": comment on the photo", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumPhotoIDPath(a.Owner, a.ID, a.Cover.ID), "言"+a.Title)
		}},
		{name: kind + ": picture at the viewer's own address", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return b.get(s.addressOf(b, album(s, v).Cover)).status == 200
		}},
		{name: kind + ": film at the viewer's own address", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return b.get(s.filmAddress(b, second(s, album(s, v)), "mp4")).status == 200
		}},
		{name: kind + ": film by the viewer's address of a handset, without a session", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			seen, err := s.core.Album.Album(s.t.Context(), core.Viewer{Member: s.memberOf(b), Session: s.sessionKey(b)}, a.Owner, a.ID)
			if err != nil || seen.Locked {
				return false // such an address is on the page of the photo alone
			}
			return s.browser().get(s.filmAddress(b, second(s, a), "3gp-300")).status == 200
		}},
		{name: kind + ": film for browsers without a session", only: nobody, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return s.browser().get(s.filmAddress(b, second(s, album(s, v)), "mp4")).status == 200
		}},
		{name: kind + ": film at the owner's address", only: ownerOnly, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return b.get(s.filmAddress(s.browsers["owner"], second(s, album(s, v)), "mp4")).status == 200
		}},
		{name: kind + ": film in the owner's list", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return shows(b, filmsOfPath(s.owner.ID), album(s, v).Title+"の2")
		}},
		{name: kind + ": film by its tag", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return shows(b, taggedPath(canary("札", v)), album(s, v).Title+"の2")
		}},
		{name: kind + ": form of the film", only: ownerOnly, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, filmEditPath+"?id="+a.ID.String()+"&photo="+second(s, a).String(), a.Title+"の2")
		}},
		{name: kind + ": film changed by its form", only: ownerOnly, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			form := url.Values{"id": {a.ID.String()}, "photo": {second(s, a).String()}, "caption": {a.Title + "の2"}, "tags": {canary("札", v)}, "send": {"1"}}
			return s.press(b, filmEditPath, form).location == albumPhotoIDPath(a.Owner, a.ID, second(s, a))
		}},
		{name: kind + ": film among the friends' newest", only: func(name string, v core.Visibility) bool {
			return name == "friend" && (only == nil || only(name, v))
		}, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return shows(b, friendsFilmsPath, album(s, v).Title+"の2")
		}},
		{name: kind + ": film on home", only: func(name string, v core.Visibility) bool {
			return name == "friend" && v == core.Friends && (only == nil || only(name, v))
		}, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return v >= core.Friends && shows(b, homePath, album(s, v).Title+"の2")
		}},
		{name: kind + ": picture by If-None-Match", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			asking := &browser{s.world, b.cookies, map[string]string{"If-None-Match": `"` + a.Cover.Hash + `"`}}
			return asking.get(s.addressOf(b, a.Cover)).status == 304
		}},
		{name: kind + ": picture at the owner's address", only: ownerOnly, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return b.get(s.addressOf(s.browsers["owner"], album(s, v).Cover)).status == 200
		}},
		{name: kind + ": photo by its ID alone", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return b.get(albumIDPath(a.Owner, a.Cover.ID)).location == albumPhotoIDPath(a.Owner, a.ID, a.Cover.ID)
		}},
		{name: kind + ": photo as one of another album", only: nobody, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			path := albumPhotoIDPath(a.Owner, s.albums[(v+1)%4].ID, a.Cover.ID)
			return shows(b, path, a.Title+"の1") || b.get(path).status == 200 && shows(b, path, "言"+a.Title)
		}},
		{name: kind + ": cover and counts in the owner's list", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return albumInList(s, b, albumsOfPath(s.owner.ID), album(s, v))
		}},
		{name: kind + ": comment sent", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return comment(s, b, v, 0, "send").location == albumIDPath(a.Owner, a.ID)+"#comments"
		}},
		{name: kind + ": comment on the photo sent", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return comment(s, b, v, a.Cover.ID, "send").location == albumPhotoIDPath(a.Owner, a.ID, a.Cover.ID)+"#comments"
		}},
		{name: kind + ": comment preview", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			page := comment(s, b, v, 0, "confirm")
			return strings.Contains(page.body, "コメントの確認") && strings.Contains(page.body, album(s, v).Title)
		}},
		{name: kind + ": comment form again", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			return strings.Contains(comment(s, b, v, 0, "edit").body, album(s, v).Note)
		}},
		{name: kind + ": comment form on the photo again", only: only, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return strings.Contains(comment(s, b, v, a.Cover.ID, "edit").body, a.Title+"の1")
		}},
		{name: kind + ": comment by deleting it", only: nobody, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			r := s.press(b, "/album/comment/delete", url.Values{"owner": {a.Owner.String()}, "album": {a.ID.String()}, "id": {"1"}})
			return r.status != 404 && r.location != "/"
		}},
		{name: kind + ": edit form", only: ownerOnly, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumEditPath+"?id="+a.ID.String(), a.Note)
		}},
		{name: kind + ": forms of the owner", only: ownerOnly, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			found := false
			for _, path := range []string{albumUploadPath, albumArrangePath, albumDeletePath} {
				found = found || shows(b, path+"?id="+a.ID.String(), a.Title)
			}
			return found
		}},
		{name: kind + ": form of a photo", only: ownerOnly, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			return shows(b, albumArrangePath+"?id="+a.ID.String()+"&photo="+a.Cover.ID.String(), a.Title+"の1")
		}},
		{name: kind + ": changed by its form", only: ownerOnly, reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := album(s, v)
			form := url.Values{"id": {a.ID.String()}, "photo": {a.Cover.ID.String()}, "p": {a.Cover.ID.String()},
				"caption" + a.Cover.ID.String(): {a.Title + "の1"}, "number" + a.Cover.ID.String(): {"1"}, "save": {"1"}}
			return s.press(b, albumArrangePath, form).location == albumPhotoIDPath(a.Owner, a.ID, a.Cover.ID)
		}},
		{name: kind + ": upload into it", only: ownerOnly, reach: func(s *scene, b *browser, v core.Visibility) bool {
			r := b.upload(albumUploadPath, url.Values{"k": {s.site.newToken(s.sessionKey(b), albumUploadPath)}, "id": {album(s, v).ID.String()}}, []byte("no picture"))
			return r.status == 200 && strings.Contains(r.body, "0.png")
		}},
	}
}

// albumInList says whether a list shows what is in an album: its cover, or how many photos it has.
func albumInList(s *scene, b *browser, path string, a albums.Album) bool {
	_, row, ok := strings.Cut(b.get(path).body, `<a href="`+strings.ReplaceAll(albumIDPath(a.Owner, a.ID), "&", "&amp;")+`">`)
	row, _, _ = strings.Cut(row, "</li>")
	return ok && (strings.Contains(row, "2枚") || strings.Contains(row, "/photo/"+a.Cover.ID.String()))
}

var albumSurfaces = func() []surface {
	plain := func(s *scene, v core.Visibility) albums.Album { return s.albums[v] }
	list := []surface{
		{name: "album in the owner's list", reach: func(s *scene, b *browser, v core.Visibility) bool {
			return shows(b, albumsOfPath(s.owner.ID), canary("冊", v))
		}},
		{name: "album on the profile", reach: func(s *scene, b *browser, v core.Visibility) bool {
			return shows(b, memberPath(s.owner.ID), canary("冊", v))
		}, only: func(name string, v core.Visibility) bool { // the newest four that they see
			seen := map[string]core.Visibility{"stranger": core.Everyone, "over one who left": core.Everyone, "over one who is held": core.Everyone, "friend of a friend": core.FriendsOfFriends, "friend": core.Friends, "owner": core.Private}
			return 3*int(seen[name]-v)+2 < recentAlbums
		}},
		{name: "album among the friends' newest", reach: func(s *scene, b *browser, v core.Visibility) bool {
			return shows(b, friendsAlbumsPath, canary("冊", v))
		}, only: friendOnly},
		{name: "cover and counts among the friends' newest", reach: func(s *scene, b *browser, v core.Visibility) bool {
			return albumInList(s, b, friendsAlbumsPath, s.albums[v])
		}, only: friendOnly},
		{name: "album on home", reach: func(s *scene, b *browser, v core.Visibility) bool {
			return shows(b, "/home", canary("冊", v))
		}, only: func(name string, v core.Visibility) bool { return name == "friend" && v == core.Friends }},
		{name: "album on home as a stream", reach: func(s *scene, b *browser, v core.Visibility) bool {
			seen := shows(b, "/home?view=stream", canary("冊", v))
			b.get("/home?view=lists")
			return seen
		}, only: friendOnly},
		{name: "footprint left by looking at an album", reach: func(s *scene, b *browser, v core.Visibility) bool {
			before := s.total(s.owner)
			s.clock.advance(10 * time.Minute)
			b.get(albumIDPath(s.owner.ID, s.albums[v].ID))
			return s.total(s.owner) == before+1
		}, only: func(name string, _ core.Visibility) bool { return name != "owner" }},
		// Before its password an album is a title and no more, whoever looks but the owner.
		{name: "title of a locked album", reach: func(s *scene, b *browser, v core.Visibility) bool {
			a := s.locked[v]
			return shows(b, albumIDPath(a.Owner, a.ID), a.Title)
		}},
		{name: "title of a locked album in the list", reach: func(s *scene, b *browser, v core.Visibility) bool {
			return shows(b, albumsOfPath(s.owner.ID), s.locked[v].Title)
		}},
		{name: "locked album among the friends' newest", reach: func(s *scene, b *browser, v core.Visibility) bool {
			return albumInList(s, b, friendsAlbumsPath, s.locked[v]) || albumInList(s, b, "/home", s.locked[v])
		}, only: nobody},
	}
	list = append(list, ways("album", plain, nil)...)
	list = append(list, ways("locked album", func(s *scene, v core.Visibility) albums.Album { return s.locked[v] }, ownerOnly)...)
	list = append(list, surface{name: "password given", reach: func(s *scene, b *browser, v core.Visibility) bool {
		a := s.opened[v]
		return s.give(b, a).location == albumIDPath(a.Owner, a.ID)
	}})
	return append(list, ways("opened album", func(s *scene, v core.Visibility) albums.Album { return s.opened[v] }, nil)...)
}()
