package web

import (
	"context"
	"strconv"

	"musubi/core"
	"musubi/core/music"
)

// Rows of an artist's page.
const (
	artistTrackRows = 30
	artistAlbumRows = 12
	factRows        = 20
)

// artist is an artist's page. One that is a spelling of another leads there.
func (v musicPages) artist() error {
	a, err := v.artistOf("id")
	if err != nil {
		return err
	}
	if id, _ := core.ParseID(v.query("id")); id != a.ID {
		v.redirect(artistIDPath(a.ID))
		return nil
	}
	p := &artistPageView{frame: frame(v), artist: a, page: v.page(artistTrackRows)}
	s := v.site.core.Music
	if p.tracks, p.more, err = s.ArtistTracks(v.ctx, a.ID, p.page); err != nil {
		return err
	}
	if p.albums, err = s.ArtistAlbums(v.ctx, a.ID, core.Page{Size: artistAlbumRows}); err != nil {
		return err
	}
	if p.fans, err = s.FriendsWhoHear(v.ctx, v.viewer(), a.ID, 0, fanRows); err != nil {
		return err
	}
	if p.picture, err = v.links().PictureOf(v.ctx, a.ID); err != nil {
		return err
	}
	if err := v.readLinks(p); err != nil {
		return err
	}
	if a.Fact.ID != 0 {
		if p.artist.Fact, err = s.FactOf(v.ctx, v.viewer(), a.ID, a.Fact.ID); err != nil {
			return err
		}
	}
	return v.show(p)
}

func (v musicPages) links() music.Links { return music.Links{Service: v.site.core.Music} }

// readLinks adds the communities about an artist, and those that the visitor looks after, which may become such.
func (v musicPages) readLinks(p *artistPageView) error {
	ids, err := v.links().LinkedCommunities(v.ctx, v.viewer(), p.artist.ID)
	if err != nil {
		return err
	}
	linked := map[core.ID]bool{}
	for _, id := range ids {
		c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
		if err != nil {
			return err
		}
		linked[id] = true
		p.links = append(p.links, c)
	}
	mine, _, err := v.site.core.Community.Mine(v.ctx, v.member.ID, core.Page{Size: pinChoices})
	for _, c := range mine {
		if c.Role >= core.RoleSubAdministrator && !linked[c.ID] {
			p.choices = append(p.choices, c)
		}
	}
	return err
}

// link says that a community is about an artist, or no more.
func (v musicPages) link() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	of, err := v.formID("community")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		if v.form.pressed("unlink") {
			return artistIDPath(id), v.links().Unlink(ctx, v.viewer(), of, id)
		}
		return artistIDPath(id), v.links().Link(ctx, v.viewer(), of, id)
	})
}

// picture sends the picture of an artist.
func (v musicPages) picture() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	p, err := v.links().ArtistPicture(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	return v.sendPicture(&p)
}

// cover sends the cover of an album.
func (v musicPages) cover() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	p, err := music.Covers{Service: v.site.core.Music}.AlbumCover(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	return v.sendPicture(&p)
}

func (v musicPages) sendPicture(p *music.Picture) error {
	bytes, err := p.Bytes()
	if err != nil {
		return err
	}
	v.ctx.SetContentType(p.Type)
	v.ctx.SetBody(bytes)
	return nil
}

// artistOf gives the artist that the address names.
func (v musicPages) artistOf(name string) (music.Artist, error) {
	id, err := v.id(name)
	if err != nil {
		return music.Artist{}, err
	}
	return v.site.core.Music.Artist(v.ctx, v.viewer(), id)
}

// track is a track's page.
func (v musicPages) track() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	p := &trackPageView{frame: frame(v), shops: v.site.core.Music.Shops()}
	if p.track, err = v.site.core.Music.Track(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if id != p.track.ID { // another spelling of it
		v.redirect(trackIDPath(p.track.ID))
		return nil
	}
	s := v.site.core.Music
	if p.fans, err = s.FriendsWhoHear(v.ctx, v.viewer(), 0, p.track.ID, fanRows); err != nil {
		return err
	}
	if p.loved, err = s.Loved(v.ctx, v.member.ID, p.track.ID); err != nil {
		return err
	}
	if p.lists, err = s.Playlists(v.ctx, v.viewer(), v.member.ID); err != nil {
		return err
	}
	return v.show(p)
}

// album is an album's page.
func (v musicPages) album() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	p := &musicAlbumView{frame: frame(v)}
	if p.album, p.tracks, err = v.site.core.Music.Album(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.cover, err = (music.Covers{Service: v.site.core.Music}).CoverOf(v.ctx, &p.album); err != nil {
		return err
	}
	return v.show(p)
}

// love notes that the visitor loves a track, or no more.
func (v musicPages) love() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return trackIDPath(id), v.site.core.Music.LoveTrack(ctx, v.member.ID, id, v.form.pressed("love"))
	})
}

// buy leads to a shop. The click is counted, and the shop is told nothing of the member.
func (v musicPages) buy() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	to, err := v.site.core.Music.Buy(v.ctx, v.viewer(), v.query("shop"), id)
	if err != nil {
		return err
	}
	v.site.core.Advert.ShopClick("music", v.query("shop"), v.ktai.handset)
	leaveTo(v.visit, to)
	return nil
}

// facts is the history of an artist's page.
func (v musicPages) facts() error {
	a, err := v.artistOf("id")
	if err != nil {
		return err
	}
	p := &factsPage{frame: frame(v), artist: a, page: v.page(factRows)}
	if p.facts, p.more, err = v.site.core.Music.Facts(v.ctx, v.viewer(), a.ID, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// factForm is the form for what members know of an artist.
func (v musicPages) factForm() error {
	a, err := v.artistOf("id")
	if err != nil {
		return err
	}
	return v.show(&factFormPage{frame: frame(v), artist: a, base: a.Fact.ID, text: a.Fact.Text, genre: a.Genre})
}

// editFact stores a version.
func (v musicPages) editFact() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	a, err := v.site.core.Music.Artist(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	base, _ := core.ParseID(v.form.get("base"))
	text, genre := v.form.get("text"), v.genre(v.form.get("genre"))
	again := func(w wrong) error {
		return v.show(&factFormPage{frame: frame(v), artist: a, base: base, text: text, genre: genre, wrong: w})
	}
	if v.form.pressed("edit") {
		return again(nil)
	}
	return v.onceOr(func(w wrong) error {
		if w.of(v.visit, "text") == v.t(music.ErrFactStale[0].Key) { // what is there now stands beside it
			base = a.Fact.ID
		}
		return again(w)
	}, func(ctx context.Context) (string, error) {
		return artistIDPath(a.ID), v.site.core.Music.WriteFact(ctx, v.member.ID, a.ID, base, text, genre)
	})
}

// undoFact brings an older version back.
func (v musicPages) undoFact() error {
	artist, err := v.formID("artist")
	if err != nil {
		return err
	}
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return artistIDPath(artist), v.site.core.Music.UndoFact(ctx, v.member.ID, artist, id)
	})
}

// genreWord is the name of an artist's genre.
func (v *visit) genreWord(g music.Genre) string {
	if g == music.AnyGenre {
		return v.t("genre.none")
	}
	return v.t("genre." + strconv.Itoa(int(g)))
}
