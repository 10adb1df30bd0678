package store

import (
	"musubi/core"
)

var newsFeature = Feature{
	Name: "news",
	Tables: []core.Table{
		{Name: "news", Key: "member kind actor thing", Columns: "member:self kind:number actor:member thing:id n:number since:time at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "actor", Foreign: true}}, NoExport: "what home tells, made of requests, messages, comments and the like"},
		{Name: "news_seen", Key: "member kind actor thing", Columns: "member:self kind:number actor:member thing:id n:number at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "actor", Foreign: true}}, NoExport: "what notices told, made of requests, messages, comments and the like"},
		{Name: "news_letter", Key: "member kind", Columns: "member:self kind:news pc:flag handset:flag",
			Members: []core.Reference{{Column: "member"}}, Export: "news_letters"},
		{Name: "told", Key: "member kind about", Columns: "member:self kind:number about:member at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "about", Foreign: true}}, NoExport: "the letters of the last hour, so that nobody gets too many"},
	},
}
