package store

import (
	"musubi/core"
)

var peopleFeature = Feature{
	Name: "people",
	Tables: []core.Table{
		{Name: "friend_request", Key: "member incoming other", Columns: "member:self incoming:flag other:author message:text sent_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "other", With: "friend_request.member", Foreign: true}},
			Cascade: []string{`DELETE FROM friend_request WHERE member = $3 AND incoming = 1 - $2 AND other = $1`}, Export: "friend_requests"},
		{Name: "introduction", Key: "member introduced introducer", Columns: "member:member introduced:member introducer:author message:text sent_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "introduced", Foreign: true}, {Column: "introducer"}},
			Cascade: []string{`DELETE FROM news WHERE member = $1 AND actor = $3 AND thing = $2`}, Export: "introductions"},
		{Name: "endorsement", Key: "member author", Columns: "member:member author:author relationship:text body:text written_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "author", Where: `author = $1 AND member IN (SELECT about FROM endorsed WHERE member = $1)`}},
			Cascade: []string{`DELETE FROM endorsed WHERE member = $2 AND about = $1`}, Export: "endorsements"},
		{Name: "endorsed", Key: "member about", Columns: "member:self about:member written_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "about", With: "endorsement.member"}}, NoExport: "endorsements from their author's side"},
		{Name: "bookmark", Key: "member other", Columns: "member:self other:member added_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "other", Foreign: true}}, Export: "bookmarks"},
		{Name: "block", Key: "member blocked", Columns: "member:self blocked:member blocked_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "blocked", Foreign: true}}, Export: "blocks"},
		{Name: "footprint", Key: "member visitor day", Columns: "member:self visitor:author day:number visited_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "visitor", Foreign: true}}, Export: "footprints"},
		{Name: "footprint_book", Key: "member",
			Columns: "member:self total:number round:number reached:number reached_by:member reached_at:time stealth:flag",
			Members: []core.Reference{{Column: "member"}, {Column: "reached_by", Where: `reached_by = $1 AND reached_by > 0`, Foreign: true,
				Set: `reached = 0, reached_by = 0, reached_at = 0`}}, Export: "footprint_book"},
		{Name: "friend_birthday", Key: "member day friend", Columns: "member:self day:number friend:member",
			Members: []core.Reference{{Column: "member"}, {Column: "friend", With: "friend.member", Foreign: true}}, NoExport: "friends' birthdays, made of their profiles"},
		{Name: "friend", Key: "member friend", Columns: "member:self friend:member since:time locked_until:time on_home:flag",
			Members: []core.Reference{{Column: "member"}, {Column: "friend", With: "friend.member", Foreign: true}},
			Cascade: []string{`DELETE FROM friend_birthday WHERE member = $2 AND friend = $1`,
				`DELETE FROM friend WHERE member = $2 AND friend = $1`,
				`UPDATE member SET friends = friends - 1 WHERE id IN ($1, $2)`}, Export: "friends"},
		{Name: "profile", Key: "member field", Columns: "member:self field:text value:text visibility:visibility",
			Members: []core.Reference{{Column: "member"}}, Export: "profile"},
	},
	Finds: []Find{memberSearch},
}
