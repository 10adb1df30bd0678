package web

import (
	"strconv"
	"time"

	"musubi/core"
	"musubi/core/music"
)

// Addresses of music.
const (
	musicPath                 = "/music"
	musicChartPath            = "/music/chart"
	musicArchivePath          = "/music/archive"
	musicSearchPath           = "/music/search"
	artistPath                = "/music/artist"
	artistEditPath            = "/music/artist/edit"
	artistHistoryPath         = "/music/artist/history"
	artistUndoPath            = "/music/artist/undo"
	artistPicturePath         = "/music/artist/picture"
	musicCoverPath            = "/music/album/cover"
	artistLinkPath            = "/music/artist/community"
	trackPath                 = "/music/track"
	musicAlbumPath            = "/music/album"
	trackLovePath             = "/music/love"
	trackBuyPath              = "/music/buy"
	myMusicPath               = "/music/member"
	playsPath                 = "/music/plays"
	playDeletePath            = "/music/plays/delete"
	musicFriendsPath          = "/music/friends"
	playlistPath              = "/music/playlist"
	playlistsPath             = "/music/playlist/list"
	playlistEditPath          = "/music/playlist/edit"
	playlistTracksPath        = "/music/playlist/tracks"
	playlistDeletePath        = "/music/playlist/delete"
	playlistCommentPath       = "/music/playlist/comment"
	playlistCommentDeletePath = "/music/playlist/comment/delete"
	musicSettingsPath         = "/music/settings"
	musicKeyPath              = "/music/settings/key"
	musicKeyDeletePath        = "/music/settings/key/delete"
	musicLogPath              = "/music/settings/log"
)

func artistIDPath(id core.ID) string { return artistPath + "?id=" + id.String() }

func trackIDPath(id core.ID) string { return trackPath + "?id=" + id.String() }

func musicAlbumIDPath(id core.ID) string { return musicAlbumPath + "?id=" + id.String() }

func musicOfPath(member core.ID) string { return myMusicPath + "?id=" + member.String() }

func buyPath(shop string, track core.ID) string {
	return trackBuyPath + "?shop=" + escapeQuery(shop) + "&id=" + track.String()
}

// dayForm is how addresses name the first day of a period.
const dayForm = "2006-01-02"

// chartPath leads to the chart of a period.
func chartPath(p music.Period, g music.Genre) string {
	path := musicChartPath + "?day="
	if p.IsWeek() {
		path = musicChartPath + "?week="
	}
	path += p.Start().Format(dayForm)
	if g != music.AnyGenre {
		path += "&genre=" + strconv.Itoa(int(g))
	}
	return path
}

// Rows of charts on the top page, as the model had them, and of lists.
const (
	topDayRows   = 10
	topWeekRows  = 8
	popularRows  = 5
	musicTopRows = 10
	fanRows      = 12
	playRows     = 50
)

// top is the first page of music.
func (v musicPages) top() error {
	s := v.site.core.Music
	p := &musicTopPage{frame: frame(v), yesterday: s.Yesterday(), lastWeek: s.LastWeek(), today: s.Today(), thisWeek: s.ThisWeek(), shops: s.Shops()}
	var err error
	if p.dayChart, err = s.Chart(v.ctx, p.yesterday, music.AnyGenre); err != nil {
		return err
	}
	if p.weekChart, err = s.Chart(v.ctx, p.lastWeek, music.AnyGenre); err != nil {
		return err
	}
	if p.months, err = s.Months(v.ctx); err != nil {
		return err
	}
	if p.featured, err = s.Featured(v.ctx); err != nil {
		return err
	}
	p.popular = p.weekChart.Rows[:min(len(p.weekChart.Rows), popularRows)]
	p.dayChart.Rows = p.dayChart.Rows[:min(len(p.dayChart.Rows), topDayRows)]
	p.weekChart.Rows = p.weekChart.Rows[:min(len(p.weekChart.Rows), topWeekRows)]
	return v.show(p)
}

// chart is one chart: of a day or week, of all genres or one.
func (v musicPages) chart() error {
	period, err := v.period()
	if err != nil {
		return err
	}
	p := &musicChartPage{frame: frame(v), base: period}
	if p.chart, err = v.site.core.Music.Chart(v.ctx, period, v.genre(v.query("genre"))); err != nil {
		return err
	}
	return v.show(p)
}

// period reads which chart is asked for.
func (v musicPages) period() (music.Period, error) {
	if at, err := time.ParseInLocation(dayForm, v.query("week"), music.Tokyo); err == nil {
		return music.WeekOf(at), nil
	}
	at, err := time.ParseInLocation(dayForm, v.query("day"), music.Tokyo)
	if err != nil {
		return 0, core.ErrNotFound
	}
	return music.DayOf(at), nil
}

// genre reads a genre; what is none is all of them.
func (v musicPages) genre(s string) music.Genre {
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil || int(n) > len(music.Genres()) {
		return music.AnyGenre
	}
	return music.Genre(n)
}

// archive lists the charts of a month.
func (v musicPages) archive() error {
	month, err := time.ParseInLocation(monthForm, v.query("month"), music.Tokyo)
	if err != nil {
		return core.ErrNotFound
	}
	p := &musicArchivePage{frame: frame(v), month: month}
	if p.days, err = v.site.core.Music.Archive(v.ctx, month); err != nil {
		return err
	}
	if p.months, err = v.site.core.Music.Months(v.ctx); err != nil {
		return err
	}
	return v.show(p)
}

// search finds artists and tracks.
func (v musicPages) search() error {
	p := &musicSearchPage{frame: frame(v), query: core.Clean(v.query("q"), core.OneLine)}
	var err error
	if p.found, err = v.site.core.Music.Find(v.ctx, p.query); err != nil {
		return err
	}
	return v.show(p)
}

// chartName is what a chart is called: with its date.
func (v *visit) chartName(p music.Period) string {
	if p.IsWeek() {
		return v.t("music.weekchart", p.Start().Format(v.t("date.day")))
	}
	return v.t("music.daychart", p.Start().Format(v.t("date.day")))
}
