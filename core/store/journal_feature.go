package store

import (
	"musubi/core"
	"musubi/core/journal"
)

var journalFeature = Feature{
	Name: "journal",
	Tables: []core.Table{
		{Name: "comment", Key: "owner diary id", Columns: "owner:member diary:id id:id author:author body:text created_at:time",
			Members: []core.Reference{{Column: "owner"},
				{Column: "author", Where: `author = $1 AND (owner, diary) IN (SELECT owner, diary FROM commented WHERE member = $1)`}},
			Cascade: []string{`UPDATE diary SET comments = comments - 1 WHERE member = $1 AND id = $2`,
				`DELETE FROM liked WHERE owner = $1 AND kind = 0 AND thing = $2 AND piece = 0 AND comment = $3`}, Export: "comments"},
		{Name: "commented", Key: "member owner diary", Columns: "member:self owner:member diary:id updated_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "owner", Foreign: true}}, NoExport: "entries of others with comments of the member, made of the comments"},
		{Name: "diary_read", Key: "member diary owner", Columns: "member:self diary:id owner:member comments:number",
			Members: []core.Reference{{Column: "member"}, {Column: "owner", Foreign: true}}, Export: "read_marks"},
		{Name: "diary_category", Key: "member id", Columns: "member:self id:id name:text", Members: []core.Reference{{Column: "member"}}, Export: "diary_categories"},
		{Name: "diary_draft", Key: "member id", Columns: "member:self id:id title:text body:text visibility:visibility comments_open:flag category:id saved_at:time",
			Members: []core.Reference{{Column: "member"}}, Export: "diary_drafts"},
		{Name: "newest_diary", Key: "diary owner", Columns: "diary:id owner:self",
			Members: []core.Reference{{Column: "owner", With: "diary.member"}}, NoExport: "entries for everyone, made of the entries"},
		{Name: "diary", Key: "member id",
			Columns: "member:self id:id title:text body:text visibility:visibility comments_open:flag comments:number photos:number created_at:time updated_at:time category:id",
			Members: []core.Reference{{Column: "member", Heavy: true}},
			Cascade: []string{`DELETE FROM newest_diary WHERE diary = $2 AND owner = $1`,
				`DELETE FROM friend_diary WHERE diary = $2 AND owner = $1 AND member IN (SELECT friend FROM friend WHERE member = $1)`}, Export: "diaries"},
		{Name: "friend_diary", Key: "member diary owner", Columns: "member:self diary:id owner:member",
			Members: []core.Reference{{Column: "member"}, {Column: "owner", With: "diary.member", Foreign: true}}, NoExport: "what friends wrote, made of their entries"},
	},
	Boards: []Board{{Kind: journal.OnDiary, Table: "comment", Thing: "diary", Count: countDiaryComment}},
	Finds:  []Find{diarySearch},
	Photos: []PhotoCount{diaryPhotos, {Kind: journal.DraftPhoto}},
}
