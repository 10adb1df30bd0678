package web

import (
	"context"
	"slices"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/report"
)

func playlistIDPath(owner, id core.ID) string {
	return playlistPath + "?owner=" + owner.String() + "&id=" + id.String()
}

// playlistReport is what is reported on a playlist's page.
func playlistReport(l *music.Playlist) report.Thing {
	return report.Thing{Kind: music.ReportedPlaylist, Owner: l.Owner, ID: l.ID}
}

// friendLists is how many new playlists of friends are shown.
const friendLists = 20

// playlists lists a member's playlists; without an owner one's own, and those of friends.
func (v musicPages) playlists() error {
	owner, err := v.idOrSelf("owner")
	if err != nil {
		return err
	}
	p := &playlistsPage{frame: frame(v)}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	if p.lists, err = v.site.core.Music.Playlists(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	if owner == v.member.ID {
		if p.friends, err = v.site.core.Music.FriendsPlaylists(v.ctx, v.viewer(), friendLists); err != nil {
			return err
		}
	}
	return v.show(p)
}

// playlist is the page of one, with the comments under it.
func (v musicPages) playlist() error {
	owner, id, err := v.ownedID()
	if err != nil {
		return err
	}
	return v.showPlaylist(owner, id, "", nil)
}

func (v musicPages) showPlaylist(owner, id core.ID, typed string, w wrong) error {
	p := &playlistView{frame: frame(v)}
	l, tracks, err := v.site.core.Music.Playlist(v.ctx, v.viewer(), owner, id)
	if err != nil {
		return err
	}
	p.list, p.tracks = l.Playlist, tracks
	v.leaveFootprint(owner)
	if owner == v.member.ID {
		if err := v.looked(music.PlaylistNews, 0, id); err != nil {
			return err
		}
	}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	if p.hidden, err = v.concealed(playlistReport(&p.list), p.list.Visibility); err != nil {
		return err
	}
	if p.talk, err = v.talk(l.Talk(), typed, w); err != nil {
		return err
	}
	return v.show(p)
}

// ownPlaylist gives one of one's own.
func (v musicPages) ownPlaylist(id core.ID) (music.Playlist, error) {
	l, _, err := v.site.core.Music.Playlist(v.ctx, v.viewer(), v.member.ID, id)
	return l.Playlist, err
}

// playlistForm is the form for a new one, or (id) one of one's own.
func (v musicPages) playlistForm() error {
	p := &playlistFormPage{frame: frame(v)}
	if v.query("id") != "" {
		id, err := v.id("id")
		if err != nil {
			return err
		}
		if p.list, err = v.ownPlaylist(id); err != nil {
			return err
		}
	}
	return v.show(p)
}

// editPlaylist makes one, or changes it.
func (v musicPages) editPlaylist() error {
	id, _ := core.ParseID(v.form.get("id"))
	n := music.NewPlaylist{Title: v.form.get("title"), Note: v.form.get("note"), Closed: v.form.pressed("closed")}
	n.Visibility, _ = core.ParseVisibility(v.form.get("visibility"))
	if id != 0 {
		if _, err := v.ownPlaylist(id); err != nil {
			return err
		}
	}
	again := func(w wrong) error {
		return v.show(&playlistFormPage{frame: frame(v), wrong: w, list: music.Playlist{Owner: v.member.ID, ID: id, Title: n.Title, Note: n.Note, Visibility: n.Visibility, Closed: n.Closed}})
	}
	if v.form.pressed("edit") {
		return again(nil)
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		l, err := v.site.core.Music.WritePlaylist(ctx, v.member.ID, id, n)
		return playlistIDPath(l.Owner, l.ID), err
	})
}

// changeTracks adds a track to one of one's own, takes one out or up.
func (v musicPages) changeTracks() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	track, err := v.formID("track")
	if err != nil {
		return err
	}
	s := v.site.core.Music
	return v.once(func(ctx context.Context) (string, error) {
		to := playlistIDPath(v.member.ID, id)
		if v.form.pressed("add") {
			return to, s.AddTrack(ctx, v.member.ID, id, track)
		}
		return to, s.ChangeTracks(ctx, v.member.ID, id, func(tracks []core.ID) []core.ID {
			i := slices.Index(tracks, track)
			switch {
			case i < 0:
			case v.form.pressed("remove"):
				tracks = slices.Delete(tracks, i, i+1)
			case v.form.pressed("up") && i > 0:
				tracks[i-1], tracks[i] = tracks[i], tracks[i-1]
			}
			return tracks
		})
	})
}

// deletePlaylistForm asks before one goes.
func (v musicPages) deletePlaylistForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	l, err := v.ownPlaylist(id)
	if err != nil {
		return err
	}
	return v.show(&askPage{frame: frame(v), heading: v.t("playlist.delete"), question: v.t("form.sureask"),
		action: playlistDeletePath, fields: []hiddenValue{{"id", l.ID.String()}}, button: "delete", back: playlistIDPath(l.Owner, l.ID)})
}

// deletePlaylist removes one of one's own.
func (v musicPages) deletePlaylist() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return playlistsPath, v.site.core.Music.DeletePlaylist(ctx, v.member.ID, id)
	})
}
