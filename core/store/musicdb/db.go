// Package musicdb is the SQL of music: what core/music asks of the database. core/store joins it.
package musicdb

import (
	"context"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/store/base"
	"musubi/core/store/engine"
	"musubi/core/talk"
)

// Store keeps music. Safe for concurrent use.
type Store struct{ base.Area }

// Kinds of names.
const (
	artistName = iota
	trackName
	albumName
)

// changed is change of a row that has to be there.
func (db Store) changed(ctx context.Context, query string, args ...any) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, query, args...)
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		return err
	})
}

// Feature is what music brings to what the database does for all areas.
var Feature = base.Feature{
	Name:    "music",
	Tables:  tables,
	Boards:  []base.Board{{Kind: music.OnPlaylist, Table: "music_playlist_comment", Thing: "playlist", Count: countComment}},
	Present: present,
}

// countComment counts the comments under a playlist.
func countComment(ctx context.Context, q engine.Querier, c *talk.Comment, n int) error {
	_, err := q.Run(ctx, `UPDATE music_playlist SET comments = comments + $3 WHERE member = $1 AND id = $2`, c.Owner, c.Thing, n)
	return err
}

// tables say whose each row is. Counters are nobody's: who leaves is taken out of them at once (see present).
var tables = []core.Table{
	{Name: "music_playlist_comment", Key: "owner playlist id", Columns: "owner:member playlist:id id:id author:author body:text created_at:time",
		Members: []core.Reference{{Column: "owner"}, {Column: "author"}},
		Cascade: []string{`UPDATE music_playlist SET comments = comments - 1 WHERE member = $1 AND id = $2`}, Export: "playlist_comments"},
	{Name: "music_playlist_track", Key: "member playlist n", Columns: "member:self playlist:id n:number track:id",
		Members: []core.Reference{{Column: "member"}}, Export: "playlist_tracks"},
	{Name: "music_playlist", Key: "member id", Columns: "member:self id:id title:text note:text visibility:visibility closed:flag tracks:number comments:number created_at:time updated_at:time",
		Members: []core.Reference{{Column: "member"}}, Export: "playlists"},
	{Name: "music_key", Key: "member id", Columns: "member:self id:id player:text made_at:time used_at:time",
		Members: []core.Reference{{Column: "member"}}, Export: "music_keys"},
	{Name: "music_love", Key: "member track", Columns: "member:self track:id loved_at:time",
		Members: []core.Reference{{Column: "member"}}, Export: "music_loves"},
	{Name: "music_play", Key: "member at track", Columns: "member:self at:time track:id",
		Members: []core.Reference{{Column: "member"}}, Export: "music_plays"},
	{Name: "music_heard", Key: "member track", Columns: "member:self track:id artist:text title:text plays:number",
		Members: []core.Reference{{Column: "member"}}, Export: "music_tracks"},
	{Name: "music_member", Key: "member",
		Columns: "member:self visibility:visibility counted:inner plays:number day:inner today:inner now_artist:text now_title:text now_album:text now_until:time",
		Members: []core.Reference{{Column: "member"}}, Export: "music"},
	{Name: "music_listener", Key: "period track member", Columns: "period:inner track:id member:member",
		Members:  []core.Reference{{Column: "member", Keep: "rows of who leaves go at once with the plays they count; those of a closed chart go with its counters, within hours"}},
		NoExport: "what is counted in the charts of the day, made of the plays"},
	{Name: "music_fact", Key: "artist id", Columns: "artist:id id:id member:self text:text genre:number written_at:time",
		Members: []core.Reference{{Column: "member", Set: "member = 0"}}, Export: "music_facts"},
	{Name: "music_count", Key: "period track", Columns: "period:inner track:id listeners:number plays:number", NoExport: "counters of charts, which name nobody"},
	{Name: "music_chart", Key: "period genre n", Columns: "period:inner genre:number n:number track:id listeners:number plays:number", NoExport: "charts as they were published"},
	{Name: "music_kept", Key: "period", Columns: "period:inner cleared:inner", NoExport: "which charts were published"},
	{Name: "music_start", Key: "kind start thing", Columns: "kind:inner start:text thing:id", NoExport: "an index of names"},
	{Name: "music_spelling", Key: "kind thing spelling", Columns: "kind:inner thing:id spelling:text votes:number", NoExport: "names of artists and tracks"},
	{Name: "music_name", Key: "kind key", Columns: "kind:inner key:text thing:id", NoExport: "names of artists and tracks"},
	{Name: "music_album", Key: "id", Columns: "id:id artist:id title:text merged:id", NoExport: "albums that members hear"},
	{Name: "music_track", Key: "id", Columns: "id:id artist:id title:text album:id length:number mbid:text merged:id", NoExport: "tracks that members hear"},
	{Name: "music_artist", Key: "id", Columns: "id:id name:text genre:number fact:id merged:id", NoExport: "artists that members hear"},
	{Name: "music_featured", Key: "n", Columns: "n:number album:id note:text", NoExport: "what the operator features"},
	{Name: "music_link", Key: "community artist", Columns: "community:id artist:id linked_at:time", NoExport: "what communities are about"},
	{Name: "music_picture", Key: "artist", Columns: "artist:id type:text width:number height:number hash:text data:text", NoExport: "pictures that the operator set"},
	{Name: "music_cover", Key: "album", Columns: "album:id type:text width:number height:number hash:text data:text asked_at:time", NoExport: "covers that the operator has looked up"},
	{Name: "music_click", Key: "day shop track", Columns: "day:inner shop:text track:id clicks:number", NoExport: "clicks on links to shops, of nobody in particular"},
}
