package store

import (
	"musubi/core"
	"musubi/core/album"
	"musubi/core/chores"
	"musubi/core/store/engine"
)

func bulkAlbums(out *engine.Queue, b *chores.Batch) {
	albums := out.Rows("album", "member, id, title, note, visibility, protected, comments_open, cover, photos, comments, all_comments, created_at, updated_at")
	rooms := out.Rows("album_room", "member, albums, photos, bytes, hour, uploads")
	for i := 0; i < len(b.Albums); {
		room, owner := album.AlbumRoom{}, b.Albums[i].Owner
		for ; i < len(b.Albums) && b.Albums[i].Owner == owner; i++ {
			a := &b.Albums[i]
			cover := core.ID(0)
			for j := range a.Hung {
				if j == 0 {
					cover = a.Hung[j].ID
				}
				takeRoom(&room, &a.Hung[j].Photo)
			}
			room.Albums++
			albums.Add(int64(owner), int64(a.ID), a.Title, a.Note, int64(a.Visibility), a.Protected, a.CommentsOpen, int64(cover),
				int64(len(a.Hung)), int64(a.Comments), int64(a.AllComments), engine.Millis(a.CreatedAt), engine.Millis(a.UpdatedAt))
		}
		rooms.Add(int64(owner), int64(room.Albums), int64(room.Photos), room.Bytes, room.Hour, int64(room.Uploads))
	}
	albums.End()
	rooms.End()
	exhibited := out.Rows("friend_album", "member, owner, album, updated_at")
	for _, e := range b.Exhibited {
		exhibited.Add(int64(e.Member), int64(e.Owner), int64(e.Album), engine.Millis(e.At))
	}
	exhibited.End()
}

// takeRoom counts a photo in albums as PutAlbumPhoto does.
func takeRoom(room *album.AlbumRoom, p *core.Photo) {
	room.Photos++
	room.Bytes += int64(p.Bytes)
	switch hour := p.ID.Time().Unix() / 3600; {
	case hour > room.Hour:
		room.Hour, room.Uploads = hour, 1
	case hour == room.Hour:
		room.Uploads++
	}
}
