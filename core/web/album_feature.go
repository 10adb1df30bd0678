package web

import (
	"musubi/core/album"
	"musubi/core/news"
	"musubi/core/report"
	"musubi/core/search"
	"musubi/core/talk"
)

// albumFeature is what there is of photo albums.
var albumFeature = feature{
	name:  "album",
	words: albumWords,
	routes: []route{
		{get, albumsPath, member, 0},
		{get, friendsAlbumsPath, owner, 0},
		{get, albumPath, member, 0},
		{get, albumPhotoPath, member, 0},
		{post, albumOpenPath, member, hashes},
		{post, albumCommentPath, member, kept},
		{post, albumCommentDeletePath, member, deletes},
		{get, albumEditPath, owner, 0},
		{post, albumEditPath, owner, kept | hashes},
		{get, albumDeletePath, owner, 0},
		{post, albumDeletePath, owner, deletes},
		{get, albumUploadPath, owner, 0},
		{post, albumUploadPath, owner, pictures},
		{get, filmUploadPath, owner, 0},
		{post, filmUploadPath, owner, films},
		{get, filmEditPath, owner, 0},
		{post, filmEditPath, owner, kept},
		{get, filmsPath, member, 0},
		{get, friendsFilmsPath, owner, 0},
		{get, tagPath, member, 0},
		{get, filmPath, public, 0},
		{get, albumArrangePath, owner, 0},
		{post, albumArrangePath, owner, 0},
	},
	menu: []menuItem{
		{12, "", albumsPath, "albums", "📷"},
	},
	threads: map[talk.Kind]threadNames{
		album.OnAlbum: {write: albumCommentPath, remove: albumCommentDeletePath, thing: "album", of: "album", piece: "photo", page: "c", report: album.ReportedComment,
			path: func(t talk.Thread) string { return albumThingPath(t.Owner, t.Thing, t.Piece) }},
	},
	finds: map[search.Kind]find{
		album.SearchAlbums: {name: "albums", word: "search.albums", path: albumIDPath},
	},
	reports: map[report.Kind]func(on report.Thing) string{
		album.ReportedAlbum: func(on report.Thing) string { return albumThingPath(on.Owner, on.ID, on.Piece) },
	},
	news: map[news.Kind]newsLinks{
		album.LikeNews:    {one: func(n news.News) string { return albumIDPath(n.Member, n.Thing) }},
		album.MentionNews: {one: func(n news.News) string { return albumIDPath(n.Actor, n.Thing) }},
		album.CommentNews: {one: func(n news.News) string { return albumIDPath(n.Member, n.Thing) }},
	},
}

func albumArea() area {
	return area{
		handlers: handlers{
			{get, albumsPath}:              handle(albumPages.albums),
			{get, friendsAlbumsPath}:       handle(albumPages.friendsAlbums),
			{get, albumPath}:               handle(albumPages.album),
			{get, albumPhotoPath}:          handle(albumPages.albumPhoto),
			{post, albumOpenPath}:          handle(albumPages.openAlbum),
			{post, albumCommentPath}:       writeComment(album.OnAlbum),
			{post, albumCommentDeletePath}: deleteComment(album.OnAlbum),
			{get, albumEditPath}:           handle(albumPages.albumForm),
			{post, albumEditPath}:          handle(albumPages.editAlbum),
			{get, albumDeletePath}:         handle(albumPages.deleteAlbumForm),
			{post, albumDeletePath}:        handle(albumPages.deleteAlbum),
			{get, albumUploadPath}:         handle(uploadPages.uploadForm),
			{post, albumUploadPath}:        handle(uploadPages.upload),
			{get, filmUploadPath}:          handle(uploadPages.uploadForm),
			{post, filmUploadPath}:         handle(uploadPages.uploadFilm),
			{get, filmEditPath}:            handle(filmPages.editForm),
			{post, filmEditPath}:           handle(filmPages.edit),
			{get, filmsPath}:               handle(filmPages.films),
			{get, friendsFilmsPath}:        handle(filmPages.friendsFilms),
			{get, tagPath}:                 handle(filmPages.taggedFilms),
			{get, filmPath}:                handle(openPages.film),
			{get, albumArrangePath}:        handle(albumPages.arrangeForm),
			{post, albumArrangePath}:       handle(albumPages.arrange),
		},
		threadPages: threadPages{album.OnAlbum: func(v *visit, on talk.Thread, typed string, w wrong) error {
			if on.Piece != 0 {
				return albumPages{v}.showAlbumPhoto(on.Owner, on.Thing, on.Piece, typed, w)
			}
			return albumPages{v}.showAlbum(on.Owner, on.Thing, typed, w)
		}},
	}
}
