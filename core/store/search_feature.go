package store

import (
	"musubi/core"
)

var searchFeature = Feature{
	Name: "search",
	Tables: []core.Table{
		{Name: "search_note", Key: "member kind id", Columns: "member:self kind:number id:id n:inner",
			Members: []core.Reference{{Column: "member"}}, NoExport: "what the search index has yet to read"},
		{Name: "search_filling", Key: "one", Columns: "one:inner id:inner seals:number sealed:inner seen:time", NoExport: "which search index belongs to the database"},
	},
}
