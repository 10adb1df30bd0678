package albums

import (
	"musubi/core"
	"musubi/core/album"
	"musubi/core/store/base"
)

// Feature is what albums bring to the database.
var Feature = base.Feature{
	Name: "album",
	Tables: []core.Table{
		{Name: "album_comment", Key: "owner album photo id", Columns: "owner:member album:id photo:id id:id author:author body:text created_at:time",
			Members: []core.Reference{{Column: "owner"}, {Column: "author"}},
			Cascade: []string{`UPDATE album SET all_comments = all_comments - 1, comments = comments - CASE WHEN $3 = 0 THEN 1 ELSE 0 END WHERE member = $1 AND id = $2`,
				`UPDATE photo SET comments = comments - 1 WHERE member = $1 AND id = $3`,
				`DELETE FROM liked WHERE owner = $1 AND kind = 1 AND thing = $2 AND piece = $3 AND comment = $4`}, Export: "album_comments"},
		{Name: "album_open", Key: "member session owner album", Columns: "member:self session:secret owner:member album:id",
			Members: []core.Reference{{Column: "member"}, {Column: "owner", Foreign: true}}, NoExport: "passwords of albums that were given in a session"},
		{Name: "album_room", Key: "member", Columns: "member:self albums:number photos:number bytes:number hour:inner uploads:number films:number film_bytes:number",
			Members: []core.Reference{{Column: "member"}}, NoExport: "what albums take up, counted of their photos"},
		{Name: "film_part", Key: "member photo way part", Columns: "member:self photo:id way:text part:number type:text hash:text bytes:number length:number",
			Members: []core.Reference{{Column: "member"}},
			Cascade: []string{`INSERT INTO spare_blob (hash, since) SELECT hash, $5 FROM film_part WHERE member = $1 AND photo = $2 AND way = $3 AND part = $4
				ON CONFLICT (hash) DO NOTHING`}, Export: "film_files", Exported: []string{`member = $1 AND way = '` + album.FilmShown + `'`}},
		{Name: "film_tag", Key: "member photo place", Columns: "member:self photo:id place:number tag:text folded:inner",
			Members: []core.Reference{{Column: "member"}}, Export: "film_tags"},
		{Name: "film", Key: "member photo",
			Columns: "member:self photo:id state:inner reason:inner source:secret bytes:number length:number created_at:time worker:inner claimed_until:inner tries:inner",
			Members: []core.Reference{{Column: "member"}},
			Cascade: []string{`INSERT INTO spare_blob (hash, since) SELECT source, $3 FROM film WHERE member = $1 AND photo = $2 AND source <> ''
				ON CONFLICT (hash) DO NOTHING`}, Export: "films"},
		{Name: "album", Key: "member id",
			Columns: "member:self id:id title:text note:text visibility:visibility password:secret protected:flag comments_open:flag cover:id photos:number comments:number all_comments:number created_at:time updated_at:time",
			Members: []core.Reference{{Column: "member", Heavy: true}},
			Cascade: []string{`DELETE FROM friend_album WHERE owner = $1 AND album = $2 AND member IN (SELECT friend FROM friend WHERE member = $1)`}, Export: "albums"},
		{Name: "friend_album", Key: "member owner album", Columns: "member:self owner:member album:id updated_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "owner", With: "album.member", Foreign: true}}, NoExport: "what friends put up, made of their albums"},
	},
	Boards: []base.Board{{Kind: album.OnAlbum, Table: "album_comment", Thing: "album", Piece: "photo", Count: countAlbumComment}},
	Finds:  []base.Find{albumSearch},
	Photos: []base.PhotoCount{albumPhotos, hiddenPhotos},
}
