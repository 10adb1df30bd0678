package store

import "musubi/core"

// talkFeature is what comments bring beside the tables of each area.
var talkFeature = Feature{
	Name: "talk",
	Tables: []core.Table{
		{Name: "liked", Key: "owner kind thing piece comment member", Columns: "owner:member kind:inner thing:id piece:id comment:id member:self at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "owner", Foreign: true}}, Export: "likes"},
	},
}
