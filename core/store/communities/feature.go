package communities

import (
	"musubi/core"
	"musubi/core/store/base"
)

// opened are the rows of what the member has opened.
var opened = []string{`(community, id) IN (SELECT community, id FROM community_thread WHERE author = $1)`}

// Feature is what communities bring to the database.
var Feature = base.Feature{
	Name: "community",
	Tables: []core.Table{
		{Name: "community_category", Key: "id", Columns: "id:id parent:id place:number name:text english:text", NoExport: "the operator's list"},
		{Name: "community_near", Key: "community place", Columns: "community:id place:number other:id", NoExport: "what communities have in common, computed"},
		{Name: "community_liked", Key: "community thread comment member", Columns: "community:id thread:id comment:id member:self at:time",
			Members: []core.Reference{{Column: "member"}}, Cascade: loseLike, Export: "community_likes"},
		{Name: "community_mailing", Key: "id", Columns: "id:id community:id thread:id author:member number:number after:id",
			Members: []core.Reference{{Column: "author"}}, NoExport: "posts of which letters go out"},
		{Name: "community_digest", Key: "member", Columns: "member:self sent_at:time", Members: []core.Reference{{Column: "member"}}, NoExport: "who has got today's letter"},
		{Name: "community_commented", Key: "member thread", Columns: "member:self thread:id community:id at:time",
			Members: []core.Reference{{Column: "member"}}, NoExport: "topics with comments of the member, made of the comments"},
		{Name: "community_read", Key: "member thread", Columns: "member:self thread:id comments:number", Members: []core.Reference{{Column: "member"}}, Export: "topic_read_marks"},
		{Name: "community_vacancy", Key: "community event", Columns: "community:id event:id", NoExport: "events at which somebody may move up"},
		{Name: "community_seat", Key: "community event member", Columns: "community:id event:id member:self place:inner waits:flag day:number joined_at:time",
			Members: []core.Reference{{Column: "member"}}, Cascade: leaveEvent, Export: "event_attendances"},
		{Name: "community_event_word", Key: "community event id",
			Columns: "community:id event:id id:id author:author kind:number body:text to_waiting:flag sent_at:time after:inner told:inner",
			Members: []core.Reference{{Column: "author"}}, Export: "event_messages"},
		{Name: "community_event", Key: "community id",
			Columns: "community:id id:id day:number time:number words:text prefecture:number place:text deadline:number capacity:number joined:number waiting:number edition:inner changed_at:time off_at:time",
			Export:  "events", Exported: opened},
		{Name: "community_vote", Key: "community poll member choice", Columns: "community:id poll:id member:self choice:number voted_at:time",
			Members: []core.Reference{{Column: "member"}}, Cascade: loseVote, Export: "poll_votes"},
		{Name: "community_choice", Key: "community poll number", Columns: "community:id poll:id number:number text:text votes:number",
			Export: "poll_choices", Exported: []string{`(community, poll) IN (SELECT community, id FROM community_thread WHERE author = $1)`}},
		{Name: "community_poll", Key: "community id", Columns: "community:id id:id several:flag named:flag result:number ends:number voters:number", Export: "polls", Exported: opened},
		{Name: "community_comment", Key: "community thread number",
			Columns: "community:id thread:id number:number id:id author:author body:text photos:number created_at:time hidden:flag likes:inner",
			Members: []core.Reference{{Column: "author"}}, Cascade: unlikeComment, Export: "topic_comments"},
		{Name: "community_thread", Key: "community id",
			Columns: "community:id id:id kind:number author:author title:text body:text comments:number photos:number pinned:flag previous:id next:id created_at:time last_at:time hidden:flag likes:inner",
			Members: []core.Reference{{Column: "author", Set: `author = 0, body = '', photos = 0`}}, Export: "topics"}, // what others said under it stays
		{Name: "community_bookmark", Key: "member community", Columns: "member:self community:id added_at:time looked_at:time",
			Members: []core.Reference{{Column: "member"}}, Export: "community_bookmarks"},
		{Name: "community_announcement", Key: "community id", Columns: "community:id id:id author:author body:text sent_at:time",
			Members: []core.Reference{{Column: "author"}}, Export: "community_announcements"},
		{Name: "community_invitation", Key: "member community inviter", Columns: "member:member community:id inviter:author sent_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "inviter"}}, Export: "community_invitations"},
		{Name: "community_member", Key: "community member",
			Columns: "community:id member:self role:number joined_at:time on_home:flag on_profile:flag letters:number message:text offered:number offered_by:member announced:time",
			Members: []core.Reference{{Column: "member"}, {Column: "offered_by", Where: `offered_by = $1 AND offered_by > 0`, Foreign: true, Set: `offered = 0, offered_by = 0`}},
			Cascade: leaveCommunity, Export: "community_memberships"},
		{Name: "community", Key: "id",
			Columns: "id:id name:text description:text category:id administrator:member approval:flag members_only:flag openers:flag hidden:flag members:number each_letters:number photo_member:member photo:id created_at:time touched:time vacant_since:time deleted_at:time announced_at:time near_at:inner",
			Members: []core.Reference{{Column: "administrator", With: "community_member.member"},
				{Column: "photo_member", Where: `photo_member = $1 AND photo_member > 0`, Foreign: true, Set: `photo_member = 0, photo = 0`}}, Export: "communities"},
	},
	Finds:  []base.Find{communitySearch, threadSearch},
	Photos: []base.PhotoCount{threadPhotos, numberedPhotos},
}
