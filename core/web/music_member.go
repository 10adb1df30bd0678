package web

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/music"
)

// listener is a member's music page; without an id one's own, マイミュージック.
func (v musicPages) listener() error {
	id, err := v.idOrSelf("id")
	if err != nil {
		return err
	}
	p := &listenerPage{frame: frame(v)}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	v.leaveFootprint(id)
	s := v.site.core.Music
	if p.lists, err = s.Playlists(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	p.listener, err = s.Listener(v.ctx, v.viewer(), id)
	if errors.Is(err, core.ErrNotFound) {
		p.hidden = true
		return v.show(p)
	}
	if err != nil {
		return err
	}
	if span, err := strconv.ParseUint(v.query("span"), 10, 8); err == nil && span <= uint64(music.OfAll) {
		p.span = music.Span(span)
	}
	if p.tracks, err = s.TopTracks(v.ctx, v.viewer(), id, p.span, musicTopRows); err != nil {
		return err
	}
	if p.artists, err = s.TopArtists(v.ctx, v.viewer(), id, p.span, musicTopRows); err != nil {
		return err
	}
	if p.recent, _, err = s.Plays(v.ctx, v.viewer(), id, 0, core.Page{Size: musicTopRows}); err != nil {
		return err
	}
	if p.loves, err = s.Loves(v.ctx, v.viewer(), id, core.Page{Size: musicTopRows}); err != nil {
		return err
	}
	return v.show(p)
}

// plays lists what a member heard.
func (v musicPages) plays() error {
	id, err := v.idOrSelf("id")
	if err != nil {
		return err
	}
	p := &playsPage{frame: frame(v), page: v.page(playRows)}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.plays, p.more, err = v.site.core.Music.Plays(v.ctx, v.viewer(), id, 0, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// deletePlays takes back one play, all of a track, or all there are.
func (v musicPages) deletePlays() error {
	s := v.site.core.Music
	track, _ := core.ParseID(v.form.get("track"))
	if v.form.pressed("all") {
		if !v.form.pressed("everything") && track == 0 {
			return core.ErrNotFound
		}
		if err := s.DeleteTrackPlays(v.ctx, v.member.ID, track); err != nil {
			return err
		}
		v.redirect(playsPath)
		return nil
	}
	at, err := strconv.ParseInt(v.form.get("at"), 10, 64)
	if err != nil || track == 0 {
		return core.ErrNotFound
	}
	return v.once(func(ctx context.Context) (string, error) {
		return playsPath, s.DeletePlays(ctx, v.member.ID, []music.PlayKey{{At: time.Unix(at, 0), Track: track}})
	})
}

// friends ranks one's friends, and shows who hears the same.
func (v musicPages) friends() error {
	p := &musicFriendsView{frame: frame(v)}
	s := v.site.core.Music
	var err error
	if p.friends, err = s.FriendsPlays(v.ctx, v.viewer(), playRows); err != nil {
		return err
	}
	if p.alike, err = s.Alike(v.ctx, v.viewer(), fanRows); err != nil {
		return err
	}
	return v.show(p)
}

// lengthText writes a length.
func lengthText(d time.Duration) string {
	s := int(d.Round(time.Second).Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// block is what a profile or home shows of a member's music; nothing when there is none to see.
func (v musicPages) block(member core.ID) (plays []music.Heard, err error) {
	if !v.forPC() {
		return nil, nil
	}
	plays, _, err = v.site.core.Music.Plays(v.ctx, v.viewer(), member, 0, core.Page{Size: homeRows})
	if errors.Is(err, core.ErrNotFound) {
		return nil, nil
	}
	return plays, err
}

// settings are one's keys, whom one's plays are shown to, and what to set in players.
func (v musicPages) settings() error { return v.showSettings(musicSettingsView{}) }

// showSettings shows the page with what a form has done or what is wrong with it.
func (v musicPages) showSettings(with musicSettingsView) error {
	p := &with
	p.frame = frame(v)
	var err error
	if p.keys, err = v.site.core.Music.PlayerKeys(v.ctx, v.member.ID); err != nil {
		return err
	}
	if p.listener, err = v.site.core.Music.Listener(v.ctx, v.viewer(), v.member.ID); err != nil {
		return err
	}
	shown, _ := core.ParseID(v.query("key"))
	for _, k := range p.keys {
		if k.ID == shown {
			p.shown, p.keyText = k, v.site.core.Music.KeyText(k)
		}
	}
	p.user = music.UserName(v.member.ID)
	p.base = v.site.link("")
	if v.site.secure && v.site.plainPlayers {
		p.plain = "http://" + strings.TrimPrefix(p.base, "https://")
	}
	return v.show(p)
}

// setVisibility says who sees one's plays.
func (v musicPages) setVisibility() error {
	visibility, ok := core.ParseVisibility(v.form.get("visibility"))
	if !ok {
		visibility = core.Private + 1 // refused by name
	}
	return v.onceOr(func(w wrong) error { return v.showSettings(musicSettingsView{wrong: w}) }, func(ctx context.Context) (string, error) {
		return musicSettingsPath + "?saved=1", v.site.core.Music.SetVisibility(ctx, v.member.ID, visibility)
	})
}

// makeKey makes a key for a player, and shows it.
func (v musicPages) makeKey() error {
	player := v.form.get("player")
	return v.onceOr(func(w wrong) error { return v.showSettings(musicSettingsView{wrong: w, player: player}) }, func(ctx context.Context) (string, error) {
		k, err := v.site.core.Music.MakeKey(ctx, v.member.ID, player)
		return musicSettingsPath + "?key=" + k.ID.String(), err
	})
}

// withdrawKey ends a key.
func (v musicPages) withdrawKey() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return musicSettingsPath, v.site.core.Music.WithdrawKey(ctx, v.member.ID, id)
	})
}

// sendLog reads a .scrobbler.log.
func (v musicPages) sendLog() error {
	var with musicSettingsView
	files := v.form.files["file"]
	if len(files) == 0 {
		with.wrong = wrong{{Field: "file", Key: "player.logbad"}}
		return v.showSettings(with)
	}
	if v.form.letGo(files[0]) {
		with.wrong = v.form.shedWrong()
		return v.showSettings(with)
	}
	plays, bad, ok := music.ReadLog(files[0])
	if !ok {
		with.wrong = wrong{{Field: "file", Key: "player.logbad"}}
		return v.showSettings(with)
	}
	with.log = &logAnswer{other: bad}
	for len(plays) > 0 {
		n := min(len(plays), batchOfListens)
		verdicts, err := v.site.core.Music.Submit(v.ctx, v.member.ID, plays[:n])
		if err != nil {
			return err
		}
		for _, verdict := range verdicts {
			switch verdict {
			case music.Taken:
				with.log.taken++
			case music.TooLate:
				with.log.old++
			case music.Double:
				with.log.double++
			default:
				with.log.other++
			}
		}
		plays = plays[n:]
	}
	return v.showSettings(with)
}

// host is that of the site, with its port.
func (p *musicSettingsView) host() string {
	_, host, _ := strings.Cut(p.base, "://")
	return host
}

// homeMusic is what home shows of music: one's own plays, and the new playlists of friends.
func (v musicPages) homeMusic() (plays []music.Heard, lists []music.Playlist, err error) {
	if !v.forPC() {
		return nil, nil, nil
	}
	if plays, err = v.block(v.member.ID); err != nil {
		return nil, nil, err
	}
	lists, err = v.site.core.Music.FriendsPlaylists(v.ctx, v.viewer(), homeLists)
	return plays, lists, err
}

// homeLists is how many playlists of friends home shows.
const homeLists = 3
