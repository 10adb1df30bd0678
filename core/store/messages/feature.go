package messages

import (
	"fmt"

	"musubi/core"
	"musubi/core/letters"
	"musubi/core/store/base"
)

// onlyRead are the photos of a message that the other side has deleted: they go with the copy whose key $1 and $2 are.
var onlyRead = fmt.Sprintf(`kind = %d AND thing = $2 AND owner = (SELECT other FROM message WHERE member = $1 AND id = $2 AND kind = 0)
	AND NOT EXISTS (SELECT 1 FROM message x WHERE x.member = photo.owner AND x.id = $2)`, letters.MessagePhoto)

// Feature is what messages bring to the database.
var Feature = base.Feature{
	Name: "letters",
	Tables: []core.Table{
		{Name: "message", Key: "member id",
			Columns: "member:self id:id kind:folder folder:folder other:member other_name:text subject:text body:text folded:inner answers:id unread:flag replied:flag photos:number created_at:time hidden:flag seen_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "other", Foreign: true, Keep: "the other member's copy, with the name as it was: what was sent to somebody is theirs"}},
			Cascade: []string{
				base.SparePhotos(3, `photo WHERE `+onlyRead),
				`DELETE FROM photo WHERE ` + onlyRead,
			}, Export: "messages"},
	},
}
