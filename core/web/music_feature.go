package web

import (
	"musubi/core/music"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/talk"
)

// musicFeature is what there is of music.
var musicFeature = feature{
	name:  "music",
	words: musicWords,
	routes: []route{
		{get, handshakePath, public, program},
		{post, nowPlayingPath, public, program},
		{post, submissionPath, public, program},
		{get, lastFMPath, public, program},
		{post, lastFMPath, public, program},
		{get, listenBrainz + "validate-token", public, program},
		{post, listenBrainz + "submit-listens", public, program},
		{get, prefixedListens + "validate-token", public, program},
		{post, prefixedListens + "submit-listens", public, program},

		{get, musicPath, member, onPC},
		{get, musicChartPath, member, onPC},
		{get, musicArchivePath, member, onPC},
		{get, musicSearchPath, member, onPC},
		{get, artistPath, member, onPC},
		{get, artistEditPath, member, onPC},
		{post, artistEditPath, member, kept | onPC},
		{get, artistHistoryPath, member, onPC},
		{post, artistUndoPath, member, onPC},
		{get, trackPath, member, onPC},
		{get, musicAlbumPath, member, onPC},
		{post, trackLovePath, member, onPC},
		{get, artistPicturePath, member, onPC},
		{get, musicCoverPath, member, onPC},
		{post, artistLinkPath, member, onPC},
		{get, trackBuyPath, member, onPC | writes},
		{get, myMusicPath, member, onPC},
		{get, playsPath, member, onPC},
		{post, playDeletePath, owner, deletes | onPC},
		{get, musicFriendsPath, owner, onPC},
		{get, playlistPath, member, onPC},
		{get, playlistsPath, member, onPC},
		{get, playlistEditPath, owner, onPC},
		{post, playlistEditPath, owner, kept | onPC},
		{post, playlistTracksPath, owner, onPC},
		{get, playlistDeletePath, owner, onPC},
		{post, playlistDeletePath, owner, deletes | onPC},
		{post, playlistCommentPath, member, kept | onPC},
		{post, playlistCommentDeletePath, member, deletes | onPC},
		{get, musicSettingsPath, owner, onPC},
		{post, musicSettingsPath, owner, onPC},
		{post, musicKeyPath, owner, onPC},
		{post, musicKeyDeletePath, owner, deletes | onPC},
		{post, musicLogPath, owner, pictures | onPC},
	},
	menu: []menuItem{
		{16, "", musicPath, "music", ""},
	},
	settings: []setting{
		{"settings.more", 8, musicSettingsPath, "music.settings", ""},
	},
	threads: map[talk.Kind]threadNames{
		music.OnPlaylist: {write: playlistCommentPath, remove: playlistCommentDeletePath, thing: "id", of: "playlist", page: "c", report: music.ReportedComment,
			path: func(t talk.Thread) string { return playlistIDPath(t.Owner, t.Thing) }},
	},
	reports: map[report.Kind]func(on report.Thing) string{
		music.ReportedPlaylist: func(on report.Thing) string { return playlistIDPath(on.Owner, on.ID) },
	},
	news: map[news.Kind]newsLinks{
		music.PlaylistNews: {one: func(n news.News) string { return playlistIDPath(n.Member, n.Thing) }},
	},
}

func musicArea() area {
	return area{
		handlers: handlers{
			{get, handshakePath}:                       handle(playerPages.handshake),
			{post, nowPlayingPath}:                     handle(playerPages.nowPlaying),
			{post, submissionPath}:                     handle(playerPages.submission),
			{get, lastFMPath}:                          handle(playerPages.lastFM),
			{post, lastFMPath}:                         handle(playerPages.lastFM),
			{get, listenBrainz + "validate-token"}:     handle(playerPages.validateToken),
			{post, listenBrainz + "submit-listens"}:    handle(playerPages.submitListens),
			{get, prefixedListens + "validate-token"}:  handle(playerPages.validateToken),
			{post, prefixedListens + "submit-listens"}: handle(playerPages.submitListens),

			{get, musicPath}:         handle(musicPages.top),
			{get, musicChartPath}:    handle(musicPages.chart),
			{get, musicArchivePath}:  handle(musicPages.archive),
			{get, musicSearchPath}:   handle(musicPages.search),
			{get, artistPath}:        handle(musicPages.artist),
			{get, artistEditPath}:    handle(musicPages.factForm),
			{post, artistEditPath}:   handle(musicPages.editFact),
			{get, artistHistoryPath}: handle(musicPages.facts),
			{post, artistUndoPath}:   handle(musicPages.undoFact),
			{get, trackPath}:         handle(musicPages.track),
			{get, musicAlbumPath}:    handle(musicPages.album),
			{post, trackLovePath}:    handle(musicPages.love),
			{get, artistPicturePath}: handle(musicPages.picture),
			{get, musicCoverPath}:    handle(musicPages.cover),
			{post, artistLinkPath}:   handle(musicPages.link),
			{get, trackBuyPath}:      handle(musicPages.buy),
			{get, myMusicPath}:       handle(musicPages.listener),
			{get, playsPath}:         handle(musicPages.plays),
			{post, playDeletePath}:   handle(musicPages.deletePlays),
			{get, musicFriendsPath}:  handle(musicPages.friends),

			{get, playlistPath}:               handle(musicPages.playlist),
			{get, playlistsPath}:              handle(musicPages.playlists),
			{get, playlistEditPath}:           handle(musicPages.playlistForm),
			{post, playlistEditPath}:          handle(musicPages.editPlaylist),
			{post, playlistTracksPath}:        handle(musicPages.changeTracks),
			{get, playlistDeletePath}:         handle(musicPages.deletePlaylistForm),
			{post, playlistDeletePath}:        handle(musicPages.deletePlaylist),
			{post, playlistCommentPath}:       writeComment(music.OnPlaylist),
			{post, playlistCommentDeletePath}: deleteComment(music.OnPlaylist),
			{get, musicSettingsPath}:          handle(musicPages.settings),
			{post, musicSettingsPath}:         handle(musicPages.setVisibility),
			{post, musicKeyPath}:              handle(musicPages.makeKey),
			{post, musicKeyDeletePath}:        handle(musicPages.withdrawKey),
			{post, musicLogPath}:              handle(musicPages.sendLog),
		},
		threadPages: threadPages{music.OnPlaylist: func(v *visit, on talk.Thread, typed string, w wrong) error {
			return musicPages{v}.showPlaylist(on.Owner, on.Thing, typed, w)
		}},
	}
}
