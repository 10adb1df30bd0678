// Package elsewheredb is the SQL of what members give to programs: what core/elsewhere asks of the database. core/store joins it.
package elsewheredb

import (
	"musubi/core"
	"musubi/core/store/base"
)

// Store keeps addresses and keys. Safe for concurrent use.
type Store struct{ base.Area }

// Feature is what the room brings to what the database does for all areas.
var Feature = base.Feature{
	Name: "elsewhere",
	Tables: []core.Table{
		{Name: "feed", Key: "member kind thing", Columns: "member:self kind:number thing:id texts:flag seed:secret hash:secret made_at:time fetched_at:time program:text",
			Members: []core.Reference{{Column: "member"}}, Export: "feeds"},
		{Name: "feed_share", Key: "member", Columns: "member:self share:number", Members: []core.Reference{{Column: "member"}}, Export: "feed_share"},
		{Name: "api_key", Key: "id", Columns: "id:id member:self purpose:number name:text made_at:time used_at:time", Members: []core.Reference{{Column: "member"}}, Export: "api_keys"},
		{Name: "wsse_nonce", Key: "hash", Columns: "hash:secret at:time", NoExport: "messages of programs, by a keyed hash, for a day"},
	},
}
