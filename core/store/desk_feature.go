package store

import (
	"fmt"

	"musubi/core"
	"musubi/core/letters"
	"musubi/core/store/base"
)

// stillRead is true of a photo that stands in a message of which somebody else has a copy.
var stillRead = fmt.Sprintf(`(kind = %d AND EXISTS (SELECT 1 FROM message x WHERE x.id = photo.thing AND x.kind < 2 AND x.member <> photo.member))`, letters.MessagePhoto)

// received finds photos that others sent to the member: they are in the export with the messages, and stay the sender's.
var received = fmt.Sprintf(`kind = %d AND (owner, thing) IN (SELECT other, id FROM message WHERE member = $1 AND kind = 0 AND photos > 0)`, letters.MessagePhoto)

var deskFeature = Feature{
	Name: "desk",
	Tables: []core.Table{
		{Name: "form_once", Key: "member nonce", Columns: "member:self nonce:secret result:inner sent_at:time",
			Members: []core.Reference{{Column: "member"}}, NoExport: "forms of the last day, so that none is carried out twice"},
		{Name: "photo", Key: "member id",
			Columns: "member:member id:id hash:text type:text width:number height:number kind:attachment owner:member thing:id place:number created_at:time bytes:number caption:text comments:number wide:secret wide_width:inner wide_height:inner original:text original_type:text",
			Members: []core.Reference{{Column: "member", Where: `member = $1 AND NOT ` + stillRead},
				{Column: "owner", With: "photo.member", Foreign: true}},
			Cascade: []string{base.SparePhotos(3, `photo WHERE member = $1 AND id = $2`)},
			Export:  "photos", Exported: []string{`member = $1`, received}},
		{Name: "member", Key: "id",
			Columns: "id:self name:text status:inner language:text time_zone:text password:secret photo:id diary_visibility:visibility friends:number created_at:time last_login_at:time alone_since:time seen_marks:flag",
			Members: []core.Reference{{Column: "id"}}, Export: "member"},
		{Name: "audit", Key: "seq", Columns: "seq:inner at:time kind:text member:self client:text object:inner peer:text reason:text subject:inner times:number chain:inner",
			Members: []core.Reference{{Column: "member", Keep: "the audit log has no content and no names, and only grows (SEC-120)"}}, Export: "log"},
		{Name: "audit_anchor", Key: "id", Columns: "id:inner seq:inner chain:inner", NoExport: "where the log begins"},
		{Name: "task", Key: "member id", Columns: "member:self id:inner whose:member kind:inner body:inner due:inner tries:inner",
			Members: []core.Reference{{Column: "member"}, {Column: "whose", Foreign: true}}, NoExport: "what is to be done in the next moment, of what the export has"},
		{Name: "task_done", Key: "whose id", Columns: "whose:self id:inner at:inner",
			Members: []core.Reference{{Column: "whose"}}, NoExport: "that it was done, for some days, so that nothing is done twice"},
		{Name: "spare_blob", Key: "hash", Columns: "hash:secret since:time", NoExport: "pictures that nobody uses any more; swept"},
		{Name: "goose_db_version", Key: "id", Columns: "id:inner version_id:inner is_applied:inner tstamp:inner", NoExport: "which changes the schema has"},
	},
}
